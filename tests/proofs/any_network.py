"""Networks of any depth and any scale of weights, and what the judges say of them, right and spoiled."""

from collections import Counter
from dataclasses import replace

import numpy as np

import bpcourse as bp
from bpcourse.network.functions import OUTPUTS_OF_COST
from bpcourse.network.trace import Trace
from bpcourse.numeric import gradient_check
from bpcourse.proofs import BP1, BP2, BP3, BP4, CROSS_ENTROPY, FORWARD, LOG_LIKELIHOOD, QUADRATIC
from bpcourse.proofs.derivation import FalseLine
from bpcourse.tables import Layers

OF_COST = {derivation.cost: derivation for derivation in (QUADRATIC, CROSS_ENTROPY, LOG_LIKELIHOOD)}
HIDDEN = ("sigmoid", "tanh", "relu", "identity")


def any_trace(random: np.random.Generator) -> Trace:
    """A pass through 2 to 10 layers; weights of a scale from 1e-8 to 1e2, one for all layers or one for each."""
    sizes = [int(n) for n in random.integers(1, 4, size=random.integers(2, 11))]
    cost = str(random.choice([*OF_COST]))
    sizes[-1] = max(sizes[-1], 2) if cost == "log_likelihood" else sizes[-1]
    layers = range(2, len(sizes) + 1)
    scales = 10 ** random.uniform(-8, 2, size=random.choice([1, len(sizes)]))
    w = {l: random.normal(size=(sizes[l - 1], sizes[l - 2])) * scales[l % len(scales)] for l in layers}
    b = {l: random.normal(size=(sizes[l - 1], 1)) for l in layers}
    output = str(random.choice(OUTPUTS_OF_COST[cost]))
    net = bp.Network.from_parameters(w, b, str(random.choice(HIDDEN)), output, cost)
    m = int(random.integers(1, 3))
    y = {"quadratic": random.random((sizes[-1], m)), "cross_entropy": random.integers(0, 2, size=(sizes[-1], m))}
    y["log_likelihood"] = np.eye(sizes[-1])[:, random.integers(0, sizes[-1], size=m)]
    return bp.backprop(net, random.normal(size=(sizes[0], m)), y[cost])


def derivations(net: bp.Network) -> list:
    general = [FORWARD, BP2, BP3, BP4] if net.cost == "log_likelihood" else [FORWARD, BP1, BP2, BP3, BP4]
    return [*general, OF_COST[net.cost]]


def spoiled(tables, l: int, place, factor: float) -> dict:
    """The tables of all layers, one number of them, or all in its layer, times a factor."""
    table = tables[l].copy()
    table[place] *= factor
    return {**tables, l: table}


def of_lines(random: np.random.Generator) -> Counter:
    """What `verify` says of a network's errors δ, and of them with a wrong sign and a factor 1.001 in a layer."""
    trace, found = any_trace(random), Counter()
    for derivation in derivations(trace.net):
        try:
            verified = derivation.verify(trace)
        except FalseLine:
            found["false alarms"] += 1
        else:
            found.update(checks=verified + len(verified.lost), lost=len(verified.lost))
    l = int(random.integers(2, trace.net.L + 1))
    for factor in (-1, 1.001):
        delta = spoiled(trace.delta, l, ..., factor)
        if (delta[l] != trace.delta[l]).any():  # δ is 0 behind a ReLU that is off, and far behind saturated neurons
            found["spoiled"] += 1
            found[_accepts(trace, replace(trace, delta=Layers("δ", delta)), l)] += 1
    return found


def _accepts(right: Trace, wrong: Trace, l: int) -> str:
    """Whether every derivation takes the wrong errors of layer l for true, or does not judge what it says of them."""
    lost = []
    for derivation in derivations(wrong.net):
        try:
            lost += derivation.verify(wrong).lost
        except FalseLine:
            return "found"
    return "not judged" if any(f"l = {l}," in place for place in lost) else "accepted"


def of_gradients(random: np.random.Generator) -> Counter:
    """What `gradient_check` says of a network's gradients, and of them with one of the wrong sign or off by 1.001."""
    trace, found = any_trace(random), Counter()
    net, x, y, grad_b, grad_w = trace.net, trace.x, trace.y, trace.grad_b, trace.grad_w
    check = gradient_check(net, x, y, grad_b, grad_w)
    found["false alarms"] += check.error > check.tolerance
    found.update(checks=sum(w.size + len(w) for w in grad_w.values()), lost=check.lost)
    l = int(random.integers(2, net.L + 1))
    place = tuple(int(random.integers(n)) for n in grad_w[l].shape)
    for factor in (-1, 1.001):
        wrong = spoiled(grad_w, l, place, factor)
        if wrong[l][place] != grad_w[l][place]:
            check = gradient_check(net, x, y, grad_b, wrong)
            found["spoiled"] += 1
            differs = check.errors_w[l][place] > check.tolerance
            lost = np.isnan(check.errors_w[l][place])
            found["not judged" if lost else "found" if differs else "accepted"] += 1
    return found


def of_many(judged, seeds) -> Counter:
    """The sum of what is found on the network of each seed."""
    return sum((judged(np.random.default_rng(seed)) for seed in seeds), Counter())
