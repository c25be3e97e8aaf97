"""Every line of every derivation holds on every network, except the one that must not; and a false line is found."""

import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import bpcourse as bp
from bpcourse import proofs
from bpcourse.network.functions import OUTPUTS_OF_COST
from bpcourse.notation import C_x, Exp, L, Number, Same, Sum, a, b, delta, i, j, k, l, partial, sigma_prime, w, y, z
from bpcourse.proofs import BP1, BP2, BP2_TWICE, BP3, BP4, CROSS_ENTROPY, DERIVATIONS, LOG_LIKELIHOOD, QUADRATIC
from bpcourse.proofs.derivation import FalseLine, Line
from bpcourse.tables import Layers
from tests.fitting import birds, fitting, net, trace, x1, y1

PAIRS = [(output, cost) for cost, outputs in OUTPUTS_OF_COST.items() for output in outputs]
many = bp.backprop(net, birds.x[:, :5], birds.y[:, :5])


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
        (BP3, 4, partial(C_x, b[l, j]) == delta[l, j] * sigma_prime(z[l, j])),
        (BP4, 4, partial(C_x, w[l, j, k]) == delta[l, j] * a[l - 1, 1]),
        (QUADRATIC, 3, partial(C_x, a[L, j]) == a[L, j] + a[L, j]),
        (CROSS_ENTROPY, 2, partial(C_x, a[L, j]) == (y[L, j] / a[L, j]) + (1 - y[L, j]) / (1 - a[L, j])),
        (CROSS_ENTROPY, 3, partial(C_x, a[L, j]) == a[L, j] - y[L, j]),
        (CROSS_ENTROPY, 4, sigma_prime(z[L, j]) == a[L, j] * (1 + a[L, j])),
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
def test_a_false_line_is_found_where_it_stands_and_named_with_both_numbers(derivation, number, equation):
    for samples in (birds.x[:, :5], birds.y[:, :5]), (x1, y1):
        some = bp.backprop(fitting(derivation), *samples)
        derivation.verify(some)
        with pytest.raises(FalseLine, match=rf"^{derivation.name}, line {number} is false \(l = ") as found:
            spoiled(derivation, number, equation).verify(some)
        given, truth = map(float, str(found.value).split("it gives ")[1].split(", not "))
        assert given != truth


def test_the_missing_transpose_does_not_even_fit():
    wrong = spoiled(BP2, 9, delta[l] == (w[l + 1] @ delta[l + 1]) * sigma_prime(z[l]))
    with pytest.raises(ValueError, match=r"is a \.T missing\?"):
        wrong.verify(trace)


def test_a_line_on_a_network_where_it_is_false_says_so():
    soft = random_trace([3, 4, 3], "sigmoid", "softmax", "log_likelihood", 1, 1)
    assert r"\neq" in BP1.line(4).on(soft, l=3, j=2).latex
    assert r"\neq" not in BP1.line(2).on(soft, l=3, j=2).latex
    with pytest.raises(ValueError, match="this line is about j ≠ k; both are 1"):
        BP1.line(3).on(trace, l=3, j=1, k=1)
    for number in (0, 9):
        with pytest.raises(IndexError, match=f"BP1 has the lines 1 to 8; there is no line {number}"):
            BP1.line(number)


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


# guards: a broken line losing pieces, the row of numbers twice
def test_a_line_on_a_network():
    assert BP1.line(3).on(trace, l=3, j=1, k=2).latex.count("0.000") == 1
    long = BP2.line(4).on(trace, l=2, j=3, k=1).latex
    assert long.count(r"&\quad") == 2, "five terms take two rows"
    assert all(f"w^{{3}}_{{1{n}}}" in long for n in (1, 2, 3, 4))
    assert "b^{3}_{1}" in long
    assert BP1.line(1).on(trace, l=3, j=1).latex.count(r"\\") == 1, "its number is its result"
    assert repr(Line(delta[3, 1] == Number(0) * delta[3, 1], "").on(trace)) == "0.0", "no minus before a zero"
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


def spoilt(trace, factor, l, j, x):
    """A trace with one error of one sample wrong by a factor."""
    wrong = {n: trace.delta[n].copy() for n in (2, 3)}
    wrong[l][j, x] *= factor
    return replace(trace, delta=Layers("δ", wrong, ""))


# guards: tolerance 1e-5, `wrong.all()`, sample/neuron off by one, last instead of first place, numbers swapped
def test_one_wrong_number_of_one_sample_is_found_and_named():
    wrong = spoilt(many, 1 + 1e-8, 3, 1, 3)
    with pytest.raises(FalseLine, match=r"^BP1, line 1 is false \(l = 3, neuron 2, sample 4\)"):
        BP1.verify(wrong)
    with pytest.raises(FalseLine, match=r"\(l = 3, neuron 2(, 1)?, sample 4\)"):
        replace(BP1, lines=BP1.lines[7:]).verify(wrong)
    twice = spoilt(spoilt(many, 2, 2, 1, 2), 2, 2, 2, 4)
    with pytest.raises(FalseLine, match=r"neuron 2(, 1)?, sample 3\)") as found:
        replace(BP2, lines=BP2.lines[8:]).verify(twice)
    given, truth = re.search(r"it gives (\S+), not (\S+)$", str(found.value)).groups()
    assert (float(given), float(truth)) == pytest.approx((many.delta[2][1, 2], 2 * many.delta[2][1, 2]), rel=1e-8)


# guards: the definition never checked; a main line marked as a side line
def test_a_main_line_must_be_about_what_is_sought():
    for line in (Line(z[l, j] == z[l, j], ""), Line(z[l] == z[l], "")):
        with pytest.raises(FalseLine, match=r"^BP2, line 1"):
            replace(BP2, lines=(line,)).verify(trace)
    sides = {d.name: [n for n, line in enumerate(d.lines, 1) if line.side] for d in DERIVATIONS}
    assert sides == {
        "Forward": [1, 2, 3, 4],
        "Quadratic cost": [1, 4, 5, 6],
        "BP1": [3, 5],
        "BP2": [4, 5],
        "BP3": [2, 3, 6],
        "BP4": [2, 3, 7],
        "Cross-entropy": [1, 2, 3, 4],
        "Log-likelihood": [3, 4, 5, 6, 7, 8],
        "BP2 twice": [3],
    }
    for d in DERIVATIONS:  # guards BP3's definition by z^l, which has the same value
        if not all(line.side for line in d.lines):
            one, whole = (d.definition[n].latex() for n in (0, 1))
            assert whole == re.sub(r"_\{[jk]+\}", "", one) or (d.name, whole) == ("Quadratic cost", r"\nabla_{a} C_{x}")


# guards: SLOPE lost its prime, the cancelled BP1 with its sign turned
@pytest.mark.parametrize(
    ("output", "cost"), [("sigmoid", "quadratic"), ("sigmoid", "cross_entropy"), ("softmax", "log_likelihood")]
)
def test_the_equations_of_the_live_network_are_true(output, cost):
    some = bp.Network([3, 4, 2], "tanh", output, cost, seed=5)
    t = bp.backprop(some, x1, y1)
    said = [(proofs.output_error_of(some), 3), (proofs.HIDDEN_ERROR, 2), (proofs.SLOPE, 2)]
    for equation, layer in said:
        left, right = (side.value(t, l=layer, j=2) for side in equation.members)
        assert right == pytest.approx(left, rel=1e-12)
    assert proofs.SLOPE.members[1].value(t, l=2, j=2) == pytest.approx(t.sigma_prime(2)[1, 0])
    assert proofs.SLOPE.latex() == r"\sigma' (z^{l}_{j}) = \sigma' (z^{l}_{j})"


def test_terms_that_cancel_do_not_make_a_true_line_false():
    some = net
    for _ in range(60):
        d = bp.backprop(some, x1, y1).delta[3][:, 0]
        some = net.with_weight(3, 1, 3, -net.w[3][1, 2] * d[1] / d[0])
    t = bp.backprop(some, x1, y1)
    assert abs(t.delta[2][2, 0]) < 1e-16
    for d in (BP1, BP2, BP3, BP4):
        d.verify(t)
    for output, cost in (("sigmoid", "cross_entropy"), ("softmax", "log_likelihood")):
        t = bp.backprop(bp.Network([3, 4, 2], "sigmoid", output, cost, 1).with_bias(3, 1, 60.0), x1, y1)
        for d in (BP2, BP3, BP4):
            d.verify(t)


def test_a_false_line_about_columns_names_a_neuron_and_one_about_matrices_two():
    with pytest.raises(FalseLine, match=r"neuron 1, sample 1\)"):
        replace(BP2, lines=(Line(delta[l] == delta[l] * delta[l], ""),)).verify(trace)
    with pytest.raises(FalseLine, match=r"neuron 1, 1, sample 1\)"):
        replace(BP4, lines=(Line(partial(C_x, w[l]) == w[l], ""),)).verify(trace)
