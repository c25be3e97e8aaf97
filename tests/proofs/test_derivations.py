"""Every line of every derivation holds on every network, except the one that must not; and a false line is found."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import bpcourse as bp
from bpcourse import proofs
from bpcourse.network.functions import OUTPUTS_OF_COST
from bpcourse.notation import C_x, Exp, L, Number, Same, Sum, a, delta, i, j, k, l, partial, sigma_prime, w, y, z
from bpcourse.proofs import BP1, BP2, BP2_TWICE, BP3, BP4, CROSS_ENTROPY, DERIVATIONS, LOG_LIKELIHOOD, QUADRATIC
from bpcourse.proofs.derivation import FalseLine, Line
from bpcourse.tables import Layers
from tests.fitting import fitting

PAIRS = [(output, cost) for cost, outputs in OUTPUTS_OF_COST.items() for output in outputs]
birds = bp.penguins()
net = bp.Network([3, 4, 2], seed=38)
trace = bp.backprop(net, birds.x[:, [128]], birds.y[:, [128]])


def random_trace(sizes, activation, output, cost, seed, samples):
    any_net = bp.Network(sizes, activation, output, cost, seed)
    random = np.random.default_rng(seed)
    targets = random.uniform(0.05, 0.95, size=(sizes[-1], samples))
    targets = targets / targets.sum(axis=0) if cost == "log_likelihood" else targets
    return bp.backprop(any_net, random.normal(size=(sizes[0], samples)), targets)


@settings(deadline=None, derandomize=True, max_examples=40)
@given(
    st.lists(st.integers(1, 6), min_size=2, max_size=5),
    st.sampled_from(["sigmoid", "tanh", "relu", "identity"]),
    st.sampled_from(PAIRS),
    st.integers(0, 1000),
    st.integers(1, 2),
)
def test_every_line_holds_on_any_network(sizes, activation, pair, seed, samples):
    output, cost = pair
    some = random_trace(sizes, activation, output, cost, seed, samples)
    for derivation in DERIVATIONS:
        if derivation.cost not in (None, cost):
            with pytest.raises(ValueError, match=f"is about the {derivation.cost} cost"):
                derivation.verify(some)
        elif derivation is BP1 and output == "softmax" and sizes[-1] > 1:
            with pytest.raises(FalseLine, match=r"^BP1, line 3 is false"):
                derivation.verify(some)
        else:
            derivation.verify(some)


def test_bp1_s_collapsing_line_is_false_for_softmax_and_the_line_before_it_true():
    soft = random_trace([3, 4, 3], "sigmoid", "softmax", "log_likelihood", 1, 2)
    replace(BP1, lines=BP1.lines[:2]).verify(soft)
    for n in (2, 3, 5, 6, 7):
        with pytest.raises(FalseLine, match=r"^BP1, line 1 is false \(l = 3, neuron"):
            replace(BP1, lines=(BP1.lines[n],)).verify(soft)


def test_how_many_checks():
    assert BP1.verify(trace) == 14
    assert BP2.verify(trace) == 6 * 4 + 1 * 8 - 4 + 8 + 2
    assert BP3.verify(trace) == 4 * 6 + 2 * 2
    assert BP4.verify(trace) == 4 * 20 + 3 * 2
    assert QUADRATIC.verify(trace) > 0


def spoiled(derivation, number, equation):
    """The derivation with one line's equation replaced."""
    lines = list(derivation.lines)
    lines[number - 1] = replace(lines[number - 1], equation=equation)
    return replace(derivation, lines=tuple(lines))


sum_of_wires = Sum(k, l + 1)(w[l + 1, k, j] * delta[l + 1, k])


@pytest.mark.parametrize(
    ("derivation", "number", "equation"),
    [
        (BP2, 7, delta[l, j] == sum_of_wires),
        (BP2, 7, delta[l, j] == sum_of_wires * sigma_prime(z[l + 1, 1])),
        (BP2, 7, delta[l, j] == Sum(k, l + 1)(w[l + 1, k, 1] * delta[l + 1, k]) * sigma_prime(z[l, j])),
        (BP2, 9, delta[l] == (w[l + 1].T @ delta[l + 1]) * (sigma_prime(z[l]) * sigma_prime(z[l]))),
        (BP2, 5, partial(z[l + 1, k], z[l, j]) == w[l + 1, k, j] * a[l, j]),
        (BP3, 4, partial(C_x, bp.notation.b[l, j]) == delta[l, j] * sigma_prime(z[l, j])),
        (BP4, 4, partial(C_x, w[l, j, k]) == delta[l, j] * a[l - 1, 1]),
        (QUADRATIC, 3, partial(C_x, a[L, j]) == a[L, j] + a[L, j]),
    ],
)
def test_a_false_line_is_named_with_both_numbers(derivation, number, equation):
    with pytest.raises(FalseLine) as found:
        spoiled(derivation, number, equation).verify(trace)
    sentence = str(found.value)
    assert sentence.startswith(f"{derivation.name}, line {number} is false (l = ")
    given, truth = (float(part) for part in sentence.split("it gives ")[1].split(", not "))
    assert given != truth


@pytest.mark.parametrize(
    ("derivation", "number", "equation"),
    [
        (
            CROSS_ENTROPY,
            2,
            partial(C_x, a[L, j]) == (y[L, j] / a[L, j]) + (Number(1) - y[L, j]) / (Number(1) - a[L, j]),
        ),
        (CROSS_ENTROPY, 3, partial(C_x, a[L, j]) == a[L, j] - y[L, j]),
        (CROSS_ENTROPY, 4, sigma_prime(z[L, j]) == a[L, j] * (Number(1) + a[L, j])),
        (CROSS_ENTROPY, 7, delta[L, j] == y[L, j] - a[L, j]),
        (CROSS_ENTROPY, 7, delta[L, j] == (a[L, j] - y[L, j]) * sigma_prime(z[L, j])),
        (LOG_LIKELIHOOD, 4, partial(C_x, a[L, k]) == y[L, k] / a[L, k]),
        (LOG_LIKELIHOOD, 5, a[L, k] == Exp(z[L, j]) / Sum(i, L)(Exp(z[L, i]))),
        (LOG_LIKELIHOOD, 8, partial(a[L, k], z[L, j]) == a[L, k] * (Same(k, j) - a[L, k])),
        (LOG_LIKELIHOOD, 10, delta[L, j] == Sum(k, L)(y[L, k] * (Same(k, j) - a[L, j]))),
        (LOG_LIKELIHOOD, 11, delta[L, j] == Sum(k, L)(a[L, k]) * y[L, j] - a[L, j]),
        (BP2_TWICE, 4, delta[l] == (w[l + 1].T @ (w[l + 2].T @ delta[l + 2])) * sigma_prime(z[l])),
    ],
)
def test_a_false_line_about_learning_is_found_where_it_stands(derivation, number, equation):
    this = fitting(derivation)
    some = bp.backprop(this, birds.x[:, :5], birds.y[:, :5])
    derivation.verify(some)
    with pytest.raises(FalseLine, match=rf"^{derivation.name}, line {number} is false"):
        spoiled(derivation, number, equation).verify(some)


def test_the_missing_transpose_does_not_even_fit():
    wrong = spoiled(BP2, 9, delta[l] == (w[l + 1] @ delta[l + 1]) * sigma_prime(z[l]))
    with pytest.raises(ValueError):  # noqa: PT011 - numpy's own words about shapes
        wrong.verify(trace)


def test_a_backprop_with_a_mistake_is_found_by_the_lines():
    """The lines read δ from the trace, so they judge the code as well as the formulas."""
    wrong = Layers("δ", {2: trace.delta[2].copy(), 3: trace.delta[3] * 1.001}, "")
    with pytest.raises(FalseLine, match="BP1, line 1"):
        BP1.verify(replace(trace, delta=wrong))


def test_a_line_on_a_network_where_it_is_false_says_so():
    soft = random_trace([3, 4, 3], "sigmoid", "softmax", "log_likelihood", 1, 1)
    assert r"\neq" in BP1.line(4).on(soft, l=3, j=2).latex
    assert r"\neq" not in BP1.line(2).on(soft, l=3, j=2).latex
    with pytest.raises(ValueError, match="this line is about j ≠ k; both are 1"):
        BP1.line(3).on(trace, l=3, j=1, k=1)
    with pytest.raises(IndexError, match="BP1 has the lines 1 to 8; there is no line 9"):
        BP1.line(9)


def test_a_line_about_a_mean_on_many_samples():
    flock = bp.backprop(net, birds.x, birds.y)
    for line, layer in ((BP3.line(6), 2), (BP4.line(7), 3)):
        worked = line.on(flock, l=layer)
        mean = (flock.grad_b if line is BP3.line(6) else flock.grad_w)[layer]
        assert worked.text == str((mean.round(6) + 0.0).tolist())
        assert f"{mean[0, 0]:.3f}" in worked.latex
        assert r"\neq" not in worked.latex
    cost = QUADRATIC.line(6).on(flock)
    assert cost.latex.endswith(rf"&= {flock.cost:.3f} \end{{aligned}}")
    with pytest.raises(ValueError, match="numbers are shown for one sample; the trace has 219"):
        BP2.line(7).on(flock, l=2, j=3)


def test_a_line_on_a_network():
    assert BP1.line(3).on(trace, l=3, j=1, k=2).latex.count("0.000") == 1
    assert BP2.line(4).on(trace, l=2, j=3, k=1).latex.count(r"&\quad") == 2, "five terms take two rows"
    assert BP2.line(9).on(trace, l=2).latex.endswith(r"0.008 \end{bmatrix} \end{aligned}")
    worked = BP2.lines[6].on(trace, l=2, j=3)
    assert repr(worked) == "-0.031839"
    assert worked.latex.count(r"\\") == 2
    assert r"&= (0.173 \cdot (-0.133) + (-0.709) \cdot 0.148) \cdot 0.249" in worked.latex
    assert worked._repr_latex_().startswith("$$")
    assert isinstance(BP2.lines[0], Line)
    assert BP2.lines[0].latex == r"\delta^{l}_{j} = \frac{\partial C_{x}}{\partial z^{l}_{j}}"


def test_the_next_parameters_are_those_of_a_gradient_step():
    step = bp.gradient_step(trace, 1)
    for text, table, at in ((proofs.NEXT_BIAS, step.b, {"j": 2}), (proofs.NEXT_WEIGHT, step.w, {"j": 2, "k": 3})):
        here = text.at(net, l=3, **at)
        assert [atom.slot() for atom in here.atoms()][1] == "eta"
        kept, slope = here.members[0], here.members[1].members[0].members[1]
        assert kept.compute(trace)[0] - slope.compute(trace)[0] == pytest.approx(table[3][1, at.get("k", 1) - 1])
        assert text.latex().count("-") == 1, text
