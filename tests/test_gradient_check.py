"""The verdict on gradients: right ones pass on every kind of network, each mistake is seen, and the worst is named."""

import re
from itertools import product

import numpy as np
import pytest

import bpcourse as bp
from bpcourse.numeric import gradient_check
from tests.network.test_network import KINDS, nearest_kink, one_pass, sample_of

NET = bp.Network([3, 4, 2], seed=38)
BIRDS = bp.penguins()
X, Y = BIRDS.x[:, [128]], BIRDS.y[:, [128]]
TRACE = bp.backprop(NET, X, Y)


@pytest.mark.parametrize("kind", KINDS, ids="-".join)
@pytest.mark.parametrize(
    ("sizes", "m", "seed"), [([3, 4, 2], 1, 1), ([3, 4, 2], 7, 2), ([2, 5, 4, 3], 4, 3), ([1, 1], 2, 4)]
)
def test_right_gradients_pass(kind, sizes, m, seed):
    trace = one_pass(kind, sizes, m, seed)
    assert nearest_kink(trace) > 1e-9
    check = gradient_check(trace.net, trace.x, trace.y, trace.grad_b, trace.grad_w)
    assert check, check
    assert check.error < 1e-10


def spoilt(symbol, l, j, k, factor):
    """TRACE's gradients with one of them multiplied."""
    tables = {"b": {**TRACE.grad_b}, "w": {**TRACE.grad_w}}
    tables[symbol][l] = tables[symbol][l].copy()
    tables[symbol][l][j - 1, k - 1] *= factor
    return tables["b"], tables["w"]


@pytest.mark.parametrize("factor", [-1, 0, 0.5, 1 + 1e-8])
def test_one_wrong_gradient_is_named_whichever_it_is(factor):
    for symbol, l in product("bw", (2, 3)):
        for j, k in np.ndindex(getattr(NET, symbol)[l].shape):
            check = gradient_check(NET, X, Y, *spoilt(symbol, l, j + 1, k + 1, factor))
            assert not check
            assert check.worst == ((symbol, l, j + 1, k + 1) if symbol == "w" else (symbol, l, j + 1))
            assert check.error == pytest.approx(abs(1 - factor) / max(1, abs(factor)), rel=1e-5)
            assert np.argwhere(getattr(check, f"errors_{symbol}")[l] > 1e-9).tolist() == [[j, k]]


def test_what_it_says():
    right = gradient_check(NET, X, Y, TRACE.grad_b, TRACE.grad_w)
    assert repr(right) == "All 26 gradients agree with perturbation: no relative error is above 1e−9."
    assert TRACE.grad_w[3][0, 1] == pytest.approx(-0.114242, abs=1e-6)
    assert repr(gradient_check(NET, X, Y, *spoilt("w", 3, 1, 2, -1))) == (
        "1 of 26 gradients differ from perturbation by more than 1e−9 of their size.\n"
        "b³ agrees, w³: 1 of 8 differ, b² agrees, w² agrees.\n"
        "The worst is w³₁₂: yours 0.114242, by perturbation −0.114242, relative error 2."
    )


def test_of_equally_wrong_gradients_the_one_nearest_to_the_output_is_named():
    # y − a for a − y turns every sign; rounding must not decide which one is called the worst.
    check = gradient_check(NET, X, Y, *({l: -g[l] for l in g} for g in (TRACE.grad_b, TRACE.grad_w)))
    assert (check.worst, check.error) == (("b", 3, 1), pytest.approx(2))


def test_neurons_above_nine_can_be_told_apart():
    net = bp.Network([12, 11, 1])
    trace = bp.backprop(net, *sample_of(net, 3, 0))
    wrong = trace.grad_w[2].copy()
    wrong[0, 10] += 1
    assert "w²₁,₁₁: yours" in repr(gradient_check(net, trace.x, trace.y, trace.grad_b, {**trace.grad_w, 2: wrong}))


def test_gradients_of_zero_agree_and_anything_else_there_does_not():
    dead = bp.Network.from_parameters({2: [[-1]], 3: [[1]]}, {2: [[0]], 3: [[0]]}, "relu")
    zero, nothing = {2: [[0]], 3: [[0]]}, bp.backprop(dead, [[1]], [[0]])
    assert gradient_check(dead, [[1]], [[0]], nothing.grad_b, nothing.grad_w)
    check = gradient_check(dead, [[1]], [[0]], {2: [[1e-30]], 3: [[0]]}, zero)
    assert (bool(check), check.worst, check.error) == (False, ("b", 2, 1), 1)


def test_vanishing_gradients_are_judged_too():
    net = bp.Network([2, 3, 3, 3, 3, 3, 2], seed=4)
    trace = bp.backprop(net, *sample_of(net, 5, 0))
    assert np.abs(trace.grad_w[2]).max() < 1e-3 * np.abs(trace.grad_w[7]).max()
    assert gradient_check(net, trace.x, trace.y, trace.grad_b, trace.grad_w)
    for factor in (-1, 1.001):
        wrong = {**trace.grad_w, 2: factor * trace.grad_w[2]}
        assert gradient_check(net, trace.x, trace.y, trace.grad_b, wrong).worst[:2] == ("w", 2)


def test_the_tolerance_is_the_readers():
    single = [{l: g[l].astype(np.float32) for l in g} for g in (TRACE.grad_b, TRACE.grad_w)]
    assert not gradient_check(NET, X, Y, *single)
    assert gradient_check(NET, X, Y, *single, tolerance=1e-6)


B, W = TRACE.grad_b, TRACE.grad_w
REFUSED = [
    ((B, [W[2], W[3]]), "grad_w must name the layer of each table, such as {2: …, 3: …}; it is [array("),
    (({3: B[3]}, W), "grad_b must have the layers [2, 3]; it has [3]"),
    (({1: B[2], **B}, W), "grad_b must have the layers [2, 3]; it has [1, 2, 3]"),
    ((B, {2: W[2].T, 3: W[3]}), "w[2] has shape (4, 3), so grad_w[2] must have it too; it has (3, 4)"),
    (({2: B[2].ravel(), 3: B[3]}, W), "grad_b[2] must have shape (4, 1); it has (4,)"),
    (({2: B[2], 3: [[np.nan], [0]]}, W), "grad_b[3] must be finite; in row 1, column 1 it is nan"),
    ((B, {2: None, 3: W[3]}), "grad_w[2] must be real numbers in rows and columns; it is None"),
]


@pytest.mark.parametrize(("gradients", "sentence"), REFUSED)
def test_what_cannot_be_compared_is_refused_with_a_sentence(gradients, sentence):
    with pytest.raises((TypeError, ValueError), match=f"^{re.escape(sentence)}"):
        gradient_check(NET, X, Y, *gradients)
    with pytest.raises(TypeError, match=r"^net must be a Network; it is 'net'$"):
        gradient_check("net", X, Y, B, W)


def test_what_double_precision_has_lost_is_not_judged():
    net = bp.Network.from_parameters({2: [[40.0]]}, {2: [[0.0]]}, cost="cross_entropy")
    trace = bp.backprop(net, [[1.0]], [[1.0]])  # a − 1 is 0 in double precision, and −4e-18
    assert gradient_check(net, trace.x, trace.y, trace.grad_b, trace.grad_w).lost == 2
