"""The next line of a proof: which slip was made in a false line is named, and what people type is taken or answered."""

import numpy as np
import pytest

import bpcourse as bp
from tests.exercises.test_next_line import SYMBOLS, TYPED, one_wrong, typed

CHECKS = vars(bp.next_line)
D3 = "Sum(k, l + 1)(w[l + 1, k, j] * delta[l + 1, k])"
SLIPS = [
    # check, the name of the slip, what must be said, the right side
    ("bp1", "lost factor", "A factor is lost: a slope of the cost.", "a[L, j] * (1 - a[L, j])"),
    ("bp1", "lost factor", "A factor is lost: an activation a.", "partial(C_x, a[L, j]) * (1 - a[L, j])"),
    ("bp1", "lost factor", "A factor is lost: a difference in brackets.", "(a[L, j] - y[L, j]) * a[L, j]"),
    ("bp1", "lost factor, sign", "And a sign is turned round.", "(y[L, j] - a[L, j]) * a[L, j]"),
    ("bp1", "extra factor", "a factor too many: a[L, j].", "partial(C_x, a[L, j]) * a[L, j] * a[L, j] * (1 - a[L, j])"),
    ("bp1", "extra factor", "There is a factor 2 too many.", "2 * (a[L, j] - y[L, j]) * a[L, j] * (1 - a[L, j])"),
    ("bp1", "extra factor", "There is a factor ½ too many.", "(a[L, j] - y[L, j]) * a[L, j] * (1 - a[L, j]) / 2"),
    ("bp1", "extra factor", "squared that stands there once", "(a[L, j] - y[L, j]) ** 2 * a[L, j] * (1 - a[L, j])"),
    ("bp1", "sign", "A sign is turned round", "(y[L, j] - a[L, j]) * a[L, j] * (1 - a[L, j])"),
    ("bp1", "sign", "the one in front of a[L, j].", "partial(C_x, a[L, j]) * a[L, j] * (1 + a[L, j])"),
    ("bp1", "sign", "A sign is turned round", "partial(C_x, a[L, j]) * a[L, j] * (a[L, j] - 1)"),
    ("bp1", "brackets", "Python multiplies before", "partial(C_x, a[L, j]) * a[L, j] * 1 - a[L, j]"),
    ("bp1", "brackets", "Python multiplies before", "a[L, j] - y[L, j] * a[L, j] * (1 - a[L, j])"),
    ("bp1", "wrong layer", "The layer of a[L-1, j] is wrong", "partial(C_x, a[L, j]) * a[L - 1, j] * (1 - a[L, j])"),
    ("bp1", "wrong layer", "l has no value here", "partial(C_x, a[L, j]) * a[l, j] * (1 - a[L, j])"),
    ("bp1", "wrong neuron", "The neuron of a[L, k] is wrong", "partial(C_x, a[L, j]) * a[L, k] * (1 - a[L, j])"),
    ("bp1", "another symbol", "z[L, j] stands where another symbol", "partial(C_x, a[L, j]) * z[L, j] * (1 - a[L, j])"),
    ("bp1", "another symbol", "y[L, j] stands where another", "partial(C_x, a[L, j]) * y[L, j] * (1 - a[L, j])"),
    ("bp1", "extra term", "a term too many: b[L, j]", "partial(C_x, a[L, j]) * a[L, j] * (1 - a[L, j]) + b[L, j]"),
    ("bp1", "σ for σ′", "sigma(z[L, j]) is σ, where its slope σ′", "partial(C_x, a[L, j]) * sigma(z[L, j])"),
    ("bp2", "swapped index", "first the neuron where the wire ends, then the one where it begins",
     "Sum(k, L)(w[L, j, k] * partial(C_x, a[L, k]) * sigma_prime(z[L, k])) * sigma_prime(z[L - 1, j])"),
    ("bp2", "lost factor", "A factor is lost: a slope σ′.",
     "Sum(k, L)(w[L, k, j] * partial(C_x, a[L, k])) * sigma_prime(z[L - 1, j])"),
    ("bp2", "lost factor", "A factor is lost: a weight w.",
     "Sum(k, L)(partial(C_x, a[L, k]) * sigma_prime(z[L, k])) * sigma_prime(z[L - 1, j])"),
    ("bp2", "lost sum", "A Sum is missing: k stands on the right without one",
     "w[L, k, j] * partial(C_x, a[L, k]) * sigma_prime(z[L, k]) * sigma_prime(z[L - 1, j])"),
    ("bp2", "wrong layer", "The Sum over k runs over the neurons of another layer",
     "Sum(k, L - 1)(w[L, k, j] * partial(C_x, a[L, k]) * sigma_prime(z[L, k])) * sigma_prime(z[L - 1, j])"),
    ("bp2", "wrong index of the Sum", "The Sum runs over j, and k is left without a value",
     "Sum(j, L)(w[L, k, j] * partial(C_x, a[L, k]) * sigma_prime(z[L, k])) * sigma_prime(z[L - 1, j])"),
    ("bp2", "wrong layer", "The layer of z[L, j] is wrong",
     "Sum(k, L)(w[L, k, j] * partial(C_x, a[L, k]) * sigma_prime(z[L, k])) * sigma_prime(z[L, j])"),
    ("bp2", "wrong layer", "The layer and neuron of z[L, k] is wrong",
     "Sum(k, L)(w[L, k, j] * (a[L, k] - y[L, k]) * sigma_prime(z[L, k]) * sigma_prime(z[L, k]))"),
    ("bp2", "σ for σ′", "everywhere in your line",
     "Sum(k, L)(w[L, k, j] * partial(C_x, a[L, k]) * sigma(z[L, k])) * sigma(z[L - 1, j])"),
    ("bp3", "swapped index", "w[l+1, j, k] has its two neurons swapped",
     "Sum(k, l + 1)(w[l + 1, j, k] * delta[l + 1, k]) * sigma_prime(z[l, j])"),
    ("bp3", "swapped index, sign", "Two things: w[l+1, j, k] has",
     "-Sum(k, l + 1)(w[l + 1, j, k] * delta[l + 1, k]) * sigma_prime(z[l, j])"),
    ("bp3", "lost factor", "A factor is lost: a slope σ′.", D3),
    ("bp3", "σ for σ′", "sigma(z[l, j]) is σ", f"{D3} * sigma(z[l, j])"),
    ("bp3", "wrong layer", "The layer of delta[L, k] is wrong",
     "Sum(k, l + 1)(w[l + 1, k, j] * delta[L, k]) * sigma_prime(z[l, j])"),
    ("bp3", "extra factor", "a factor too many: a[l-1, j].", f"{D3} * sigma_prime(z[l, j]) * a[l - 1, j]"),
    ("bp3", "lost sum", "A Sum is missing", "w[l + 1, k, j] * delta[l + 1, k] * sigma_prime(z[l, j])"),
    ("bp3", "another symbol", "stands where another symbol belongs: an error δ",
     "Sum(k, l + 1)(w[l + 1, k, j] * z[l + 1, k]) * sigma_prime(z[l, j])"),
    ("bp4", "wrong layer", "The layer of a[l, k] is wrong", "partial(C_x, b[l, j]) * a[l, k]"),
    ("bp4", "wrong neuron", "The neuron of a[l-1, j] is wrong", "partial(C_x, b[l, j]) * a[l - 1, j]"),
    ("bp4", "neurons exchanged", "j is where the wire ends, k where it begins", "partial(C_x, b[l, k]) * a[l - 1, j]"),
    ("bp4", "lost factor", "A factor is lost: an activation a.", "partial(C_x, b[l, j])"),
    ("bp4", "another symbol", "z[l-1, k] stands where", "partial(C_x, b[l, j]) * z[l - 1, k]"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "slip", "said", "right"), SLIPS)
def test_the_slip_in_a_line_is_named_with_a_hint(name, slip, said, right):
    verdict = CHECKS[name](typed(name, right))
    assert not verdict
    assert verdict.mistakes == (slip,), verdict
    assert said in verdict.text
    assert verdict.text.endswith(f"Hint: {CHECKS[name].hints[0]}")


@pytest.mark.parametrize("name", CHECKS)
def test_every_line_with_one_thing_changed_has_its_slip_named(name):
    """Also where the line cannot be computed, as with a wire that is not there."""
    answer, unnamed, judged = TYPED[name][1], [], 0
    for right in sorted(set(one_wrong(answer)) - {answer}):
        try:
            line = typed(name, right)
        except (SyntaxError, TypeError, IndexError):
            continue  # it cannot even be written
        verdict = CHECKS[name](line)
        judged += 1
        if not verdict and not verdict.mistakes:
            unnamed.append((right, verdict.text))
    assert judged >= 8
    assert unnamed == []


def test_what_no_one_change_mends_is_false_and_gets_the_hint():
    verdict = bp.next_line.bp4(typed("bp4", "3 * b[l, j] * a[l - 1, k]"))
    assert verdict.mistakes == ()
    assert verdict.text.startswith("False. On the drawn 3-4-2 network, ")
    assert verdict.text.endswith(f". Hint: {bp.next_line.bp4.hints[0]}")


# What people type ----------------------------------------------------------------------------------------------------

y = np.ones((2, 1))  # as in the notebooks, where it is the target of a bird


def of_the_notebook(delta, partial, C_x, a, L, j):
    return delta[L, j] == (a[L, j] - y[L, j]) * a[L, j] * (1 - a[L, j])


def without_a_layer(delta, a, y, L, j):
    return delta[L, j] == (a[L, j] - y[j]) * a[L, j] * (1 - a[L, j])


def other_names():
    return delta[L, j] == partial(c_x, A[L, j]) * A[L, j] * (1 - A[L, j])  # noqa: F821


def slopes_by_the_name_of_the_library(delta, L, j, k, w, a):
    return delta[L - 1, j] == Sum(k, L)(  # noqa: F821
        w[L, k, j] * (a[L, k] - y[L, k]) * sigmoid_prime(z[L, k])  # noqa: F821
    ) * sigmoid_prime(z[L - 1, j])  # noqa: F821


def lower_case(delta, W, B, c_x, partial, l, j, k, a):
    return partial(c_x, W[l, j, k]) == partial(c_x, B[l, j]) * a[l - 1, k]


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("bp1", of_the_notebook),
        ("bp1", without_a_layer),
        ("bp1", other_names),
        ("bp2", slopes_by_the_name_of_the_library),
        ("bp4", lower_case),
    ],
)
def test_what_is_clear_is_taken(name, line):
    verdict = CHECKS[name](line)
    assert verdict, verdict.text
    assert isinstance(y, np.ndarray), "and what is called so elsewhere is left alone"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("delta[L, j] == (a - y) * a * (1 - a)", "A letter alone, such as a, stands for all activations at once."),
        ("delta[L, j] == partial(a[L, j], C_x) * a[L, j]", "In partial the cost stands first: partial(C_x, a[L, j])"),
        ("delta[L, j] == partial(C_x, a) * a[L, j]", "partial takes two symbols, each with its layer and neuron"),
        (
            "delta[L, j] == Sum(k)(w[L, k, j])",
            "This Sum does not say over which neurons it runs.",
        ),
        ("delta[L, j] == sum(k, L)(w[L, k, j])", "Python's own sum has a small s"),
        ("delta[L, j] == Sum(k, L) + 1", "What is summed up stands behind the Sum in round brackets"),
        ("delta[L, j] == w[L, j]", "A weight has three indices"),
        ("delta[L, j] == a[L, j, k]", "In the brackets of a stand two indices, its layer and its neuron: a[L, j]."),
        ("delta(L, j) == a[L, j]", "Layer and neuron stand in square brackets: delta[L, j]."),
        ("delta[L][j] == a[L, j]", "in one pair of square brackets, with a comma"),
        ("delta[L, j] == a[L, j] @ a[L, j]", "A line about one neuron has plain products: type * and not @."),
        ("delta[j, L] == a[j, L] * 1", "In the brackets stands the layer first: delta[L, j], not delta[j, L]."),
        ("delta[L, j] == sigma_prime(a[L, j])", "Yours is taken at a[L, j]."),
        ("delta[L, j] == slope(z[L, j])", "No symbol of the course is called slope. There are: C, C_x,"),
        ("delta[L, j] == a", "a alone is no number of the network."),
        ("delta[L, j] == a[L, j] == y[L, j]", "A line has one ==."),
    ],
)
def test_what_is_unclear_is_answered_in_words_for_students(line, said):
    verdict = bp.next_line.bp1(lambda: eval(line, dict(SYMBOLS)))
    assert not verdict
    assert said in verdict.text
    assert "Error" not in verdict.text
    assert "object" not in verdict.text


def swapped_partial(delta, partial, C_x, a, L, j):
    return delta[L, j] == partial(a, C_x) * a[L, j] * (1 - a[L, j])


def test_the_two_symbols_of_a_partial_the_wrong_way_round():
    assert bp.next_line.bp1(swapped_partial).text.startswith("In partial the cost stands first")
