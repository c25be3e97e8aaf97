"""Odd but legal uses of the notation, and the sentences that meet what is not legal."""

from dataclasses import replace

import numpy as np
import pytest

import bpcourse as bp
from bpcourse.notation import C_x, Mean, Sum, a, b, delta, j, k, l, partial, sigma_prime, w, y, z
from bpcourse.proofs import BP1, BP2, BP3, BP4, QUADRATIC
from bpcourse.proofs.derivation import FalseLine, Line

birds = bp.penguins()
net = bp.Network([3, 4, 2], seed=38)
x1, y1 = birds.x[:, [128]], birds.y[:, [128]]
trace = bp.backprop(net, x1, y1)


@pytest.mark.parametrize(
    ("expression", "latex"),
    [
        (a[2, 1] - (b[2, 1] + z[2, 1]), "a^{2}_{1} - (b^{2}_{1} + z^{2}_{1})"),
        (a[2, 1] - (b[2, 1] - z[2, 1]), "a^{2}_{1} - (b^{2}_{1} - z^{2}_{1})"),
        ((a[2, 1] - Sum(k, 3)(delta[3, k])).at(net), r"a^{2}_{1} - (\delta^{3}_{1} + \delta^{3}_{2})"),
        (Sum(k, 3)(a[3, k] - y[3, k]), r"\sum_{k} (a^{3}_{k} - y_{k})"),
        (a[l] - (b[l] - z[l]), "a^{l} - (b^{l} - z^{l})"),
        (a[l] - b[l] - z[l], "a^{l} - b^{l} - z^{l}"),
        (Mean(a[l] - b[l]), r"\frac{1}{m} \, \sum_{x} (a^{l} - b^{l})"),
        (
            Mean(delta[l]) * sigma_prime(z[l]),
            r"\left(\frac{1}{m} \, \sum_{x} \delta^{l}\right) \odot \sigma' (z^{l})",
        ),
        (w[2, 1, 12], "w^{2}_{1,12}"),
        (w[l, j, k - 1], "w^{l}_{j,k-1}"),
    ],
)
def test_parentheses_and_commas(expression, latex):
    assert expression.latex() == latex


def test_a_line_with_sigma_prime_of_a_cannot_be_written_as_if_it_were_of_z():
    for argument in (a[l, j], a[l], delta[2, 3], a[2, 1] + b[2, 1]):
        with pytest.raises(TypeError, match="σ is applied to a weighted input"):
            sigma_prime(argument)


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


def test_a_missing_transpose_is_said_and_never_stretched():
    for wrong in (delta[2] @ a[1], w[3] @ delta[3]):
        with pytest.raises(ValueError, match=r"is a \.T missing\?"):
            wrong.value(trace)


def test_a_false_line_about_columns_names_a_neuron_and_one_about_matrices_two():
    with pytest.raises(FalseLine, match=r"neuron 1, sample 1\)"):
        replace(BP2, lines=(Line(delta[l] == delta[l] * delta[l], ""),)).verify(trace)
    with pytest.raises(FalseLine, match=r"neuron 1, 1, sample 1\)"):
        replace(BP4, lines=(Line(partial(C_x, w[l]) == w[l], ""),)).verify(trace)


@pytest.mark.parametrize(
    ("call", "error", "sentence"),
    [
        (lambda: y[2, 1].value(trace), IndexError, "there is no y²₁: y exists in layer 3 alone"),
        (lambda: w[2, 1], IndexError, "w takes a layer and 2 of its neurons"),
        (lambda: z[2, 1, 3], IndexError, "z takes a layer and 1 of its neurons"),
        (lambda: list(z), TypeError, "not iterable"),
        (lambda: a[2, 1] != a[2, 2], TypeError, "an equation is written with =="),
        (lambda: a[2, 1] == a[2, 2] == a[2, 3], TypeError, "an equation is not true or false by itself"),
        (lambda: a[2, 1] * "2", TypeError, "an expression such as z"),
        (lambda: BP4.line(5).equation.at(net).latex(), ValueError, "can be computed once l has a value"),
        (lambda: BP4.line(5).equation.at(net, l=1).latex(), IndexError, "there is no layer 1 here"),
        (lambda: BP1.line(3).on(trace, l=3), ValueError, "can be computed once"),
        (lambda: QUADRATIC.verify(bp.forward(net, x1)), ValueError, "a trace of forward alone has no"),
        (lambda: BP2.verify(net), TypeError, "a trace of backprop"),
    ],
)
def test_odd_but_likely_uses_get_a_sentence(call, error, sentence):
    with pytest.raises(error, match=sentence):
        call()


def test_small_things():
    assert partial(z[2, 1], a[1, 2]).parts(net) == ("neuron-2-1", "neuron-1-2", "edge-2-1-2")
    assert BP2.line(7).equation.value(trace, l=2, j=3) == pytest.approx(trace.delta[2][2, 0])
    assert BP2.line(7).equation.at(trace, l=2, j=3).latex() == BP2.line(7).equation.at(net, l=2, j=3).latex()
    flow, stepper = bp.DeltaFlow(net, x1, y1), bp.Stepper(BP2, net, x1, y1, digits=np.int64(2))
    assert type(stepper.lines.story["digits"]) is int
    for line in (99, -1):
        with pytest.raises(ValueError, match="line must be between 0 and 8"):
            stepper.lines.line = line
    with pytest.raises(ValueError, match="select"):
        flow.select = "w-02-1-1"
    with pytest.raises(ValueError, match="this derivation is shown on"):
        stepper.flow.net = bp.Network([3, 4, 2], cost="cross_entropy")


def test_a_number_may_stand_in_front():
    assert (1 - a[2, 1]).latex() == "1 - a^{2}_{1}"
    assert (2 * a[2, 1] + 1).latex() == r"2 \, a^{2}_{1} + 1"
    assert (1 + 2 * a[2, 1]).value(trace) == pytest.approx(1 + 2 * trace.a[2][0])
    for refused in (lambda: 1 - a[l], lambda: 2 * a[l], lambda: 1 + a[l], lambda: 0.5 * a[2, 1]):
        with pytest.raises(TypeError):
            refused()
