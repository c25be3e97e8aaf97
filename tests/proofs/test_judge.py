"""The judges are strict at every scale: no wrong sign is too small to be seen, and no true line is called false."""

import re
from dataclasses import replace
from decimal import Decimal, localcontext

import numpy as np
import pytest

import bpcourse as bp
from bpcourse.exact import exactly
from bpcourse.network.backprop import both_passes
from bpcourse.notation import L, a, delta, j, y
from bpcourse.numeric import gradient_check, partial
from bpcourse.proofs import BP1, BP2, CROSS_ENTROPY
from bpcourse.proofs.derivation import FalseLine, side
from bpcourse.tables import Layers
from tests.proofs.any_network import any_trace, of_gradients, of_lines, of_many


@pytest.mark.parametrize("judged", [of_lines, of_gradients])
def test_no_wrong_sign_is_accepted_and_nothing_true_called_false_on_any_network(judged):
    found = of_many(judged, range(50))
    assert found["spoiled"] > 60
    assert found["found"] + found["not judged"] == found["spoiled"]
    assert (found["accepted"], found["false alarms"]) == (0, 0)
    assert found["lost"] < 0.05 * found["checks"]


def small() -> bp.network.Trace:
    net = bp.Network([3, 4, 4, 2], seed=1)
    w = {2: net.w[2], 3: net.w[3] * 1e-8, 4: net.w[4] * 1e-8}
    return bp.backprop(bp.Network.from_parameters(w, net.b), [[0.1], [0.2], [0.3]], [[1], [0]])


def test_a_wrong_sign_of_numbers_of_1e_minus_20_is_seen():
    trace = small()
    assert BP2.verify(trace).lost == ()
    turned = replace(trace, delta=Layers("δ", {**trace.delta, 2: -trace.delta[2]}))
    with pytest.raises(FalseLine, match=r"^BP2, line 1 is false \(l = 2, neuron 1, sample 1\): it gives -?6\.7"):
        BP2.verify(turned)
    grad_w = {**trace.grad_w, 2: -trace.grad_w[2]}
    check = gradient_check(trace.net, trace.x, trace.y, trace.grad_b, grad_w)
    assert not check
    assert "w²: 12 of 12 differ" in repr(check)


def one_neuron(w: float, target: float) -> bp.network.Trace:
    net = bp.Network.from_parameters({2: [[w]]}, {2: [[0.0]]}, cost="cross_entropy")
    return bp.backprop(net, [[1.0]], [[target]])


def share_lost_of_a_minus_1(w: float) -> Decimal:
    """How far a − 1 of a sigmoid at z = w is off in double precision: of itself, by 250 digits."""
    with localcontext(prec=250):
        exact = 1 / (1 + (-Decimal(w)).exp()) - 1
        return abs(Decimal(float(bp.sigmoid(w)) - 1) / exact - 1)


@pytest.mark.parametrize("w", [1, 17, 20, 25, 28, 30, 31, 32, 34, 36, 38, 40, 400])
def test_the_third_answer_where_fewer_than_4_digits_are_kept_and_only_there(w):
    trace = one_neuron(w, 1)
    told = BP1.verify(trace).lost, CROSS_ENTROPY.verify(trace).lost
    lost = share_lost_of_a_minus_1(w) > 1e-4
    assert [bool(places) for places in told] == [lost, lost]
    if not 28 <= w <= 32:  # of a gradient the judge knows what rounding can do, which may be less than what it did
        assert gradient_check(trace.net, trace.x, trace.y, trace.grad_b, trace.grad_w).lost == 2 * lost


def test_what_is_lost_is_said_with_its_share():
    trace = one_neuron(40, 1)
    assert re.fullmatch(
        r"1 of 7 checks hold; 6 \(85\.7%\) cannot be judged: double precision keeps fewer than 4 digits there\. "
        r"The first is line 1 \(l = 2, neuron 1, sample 1\)",
        str(BP1.verify(trace)),
    )
    assert r"\overset{?}{=}" in BP1.line(6).on(trace, l=2, j=1).latex
    check = gradient_check(trace.net, trace.x, trace.y, trace.grad_b, trace.grad_w)
    sentence = "2 of 2 gradients (100.0%) cannot be judged, because double precision keeps fewer than 4 digits of them"
    assert repr(check).endswith(f"\n{sentence}.")
    with pytest.raises(ValueError, match=re.escape(f"neither true nor false: {sentence}")):
        bool(check)


def test_a_false_line_is_false_where_double_precision_has_lost_everything():
    wrong = replace(CROSS_ENTROPY, lines=(side(delta[L, j] == y[L, j] - a[L, j], ""),))
    with pytest.raises(FalseLine):
        wrong.verify(one_neuron(40, 0))
    with pytest.raises(FalseLine):
        wrong.verify(one_neuron(25, 1))


@pytest.mark.parametrize("seed", range(8))
def test_with_many_digits_errors_are_what_perturbation_says(seed):
    trace = any_trace(np.random.default_rng(seed))
    many = exactly(trace)
    many = both_passes(many.net, many.x, many.y)
    for l in many.delta:
        for n in range(trace.net.sizes[l - 1]):
            by_definition = partial(many, ("C",), ("z", l, n + 1))[0]
            for one, other in zip(many.delta[l][n], by_definition, strict=True):
                assert abs(one - other) <= abs(other) * 1e-40
