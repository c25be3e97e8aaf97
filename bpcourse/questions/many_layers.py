"""The answers to the questions about several layers, of notebooks 06 to 08."""

import numpy as np

from bpcourse.network.equations import bp2, bp3, bp4
from bpcourse.network.trace import Trace
from bpcourse.parts import Part
from bpcourse.questions.question import (
    Answers,
    carried,
    judged,
    largest,
    last_hidden,
    neurons,
    said,
    times,
    wires_out,
)
from bpcourse.text import listed, shown, written


def _carried_back(trace: Trace, l: int, delta: np.ndarray) -> dict[int, np.ndarray]:
    """The errors of layer l and before if those of layer l were these."""
    found = {l: delta}
    for i in range(l - 1, 1, -1):
        found[i] = bp2(trace.net.w[i + 1], found[i + 1], trace.sigma_prime(i))
    return found


def what_a_gradient_needs(trace: Trace) -> Answers:
    net, _ = trace.net, last_hidden(trace)
    if net.sizes[1] < 2:
        raise ValueError(f"this question is about neuron 2 of layer 2; the network has the layers {net.sizes}")

    def matters(l: int, j: int) -> bool:
        other = trace.delta[l].copy()
        other[j - 1] += 1
        return bp4(trace.x, _carried_back(trace, l, other)[2])[1, 0] != trace.grad_w[2][1, 0]

    every, after, own = neurons(trace, 2), neurons(trace, 3), written("δ", 2, 2)
    later = "both δ³" if net.sizes[2:] == (2,) else f"the {len(after)} errors after it"
    if len(after) == 1:
        later = written("δ", 3, 1)
    product = f"{own} x₁ = {said(trace.delta[2][1, 0])} · {said(trace.x[0, 0])} = {said(trace.grad_w[2][1, 0])}"
    _, arrives, slope = carried(trace, 2, 2)
    made = f"BP2 makes it from the errors of layer 3. They bring {said(arrives)}, times the slope {said(slope)}."
    told = {
        "none": (
            [],
            f"From the forward pass alone you know the left end of the wire. BP4 also needs the right end: {product}.",
        ),
        f"{own} alone": (
            [(2, 2)],
            "It is the only error in BP4, that is true. But it has to be made first, and BP2 makes it from others.",
        ),
        f"{own} and {later}": ([(2, 2), *after], f"BP4 reads {own}: {product}. {made}"),
        f"all {len(every)}": (
            every,
            f"Layer 2 has errors that this gradient does not need: the wire ends in neuron 2, so BP4 has only {own}.",
        ),
    }
    needed = [neuron for neuron in every if matters(*neuron)]
    wires = {Part("edge", l, j, k) for l, j in after for i, k in needed if i == l - 1}
    lit = Part("edge", 2, 2, 1), *(Part("neuron", *at) for at in needed), *sorted(wires)
    needs = "sample whose x₁ is not 0, and no weight or slope that is 0"
    how = (
        f"Go back from the weight. BP4 has two factors, x₁ and {own}. BP2 makes {own} of two more: its slope, "
        f"{said(slope)}, and what its wires bring. They are {wires_out(trace, 2, 2)}, each times the error at its end, "
        f"and none of them is 0. No wire leads from neuron 2 to another neuron of layer 2."
    )
    if net.L > 3:
        how += " Each error of layer 3 needs those after it in the same way."
    found = needed if set(after) < set(needed) else []
    return judged(told, found, needs, "w-2-2-1", *lit, how=how)


BIGNESS = {"bigger": 10**0.5, "about as big": 10**-0.5, "about a tenth": 10**-1.5, "a hundredth, or less": 0.0}


def _answer(shrunk: float) -> str:
    return next(label for label, least in BIGNESS.items() if shrunk > least or not least)


def kept(ratio: float) -> str:
    return times(ratio, least=0.34)


def how_small(trace: Trace) -> Answers:
    """The errors of layer 2 beside those of the last: what the weights do to them on the way, and what the slopes.

    What arrives, (w^{l+1})ᵀ δ^{l+1}, is compared with δ^{l+1}, and then δ^l with what arrives: mean sizes.
    """
    L, layers = trace.net.L, range(last_hidden(trace), 1, -1)
    size = {l: float(np.abs(delta).mean()) for l, delta in trace.delta.items()}
    if 0 in size.values():
        raise ValueError("this question compares errors; this network has a layer in which all are 0")
    arrived = {l: float(np.abs(trace.net.w[l + 1].T @ trace.delta[l + 1]).mean()) for l in layers}
    weights = [arrived[l] / size[l + 1] for l in layers]
    slopes = [size[l] / arrived[l] for l in layers]
    by_weights, by_slopes, shrunk = float(np.prod(weights)), float(np.prod(slopes)), size[2] / size[L]

    def step_by_step(factors: list[float]) -> str:
        product = kept(float(np.prod(factors)))
        return f"{' · '.join(map(shown, factors))} = {product}" if len(factors) > 1 else product

    both = f"Slopes and weights together: {kept(by_slopes)} · {kept(by_weights)} = {kept(shrunk)}."
    means = ", ".join(f"{said_small(size[l])} in layer {l}" for l in (L, *layers))
    reasons = {}
    for label in BIGNESS:
        if label == _answer(shrunk):
            reasons[label] = f"The mean size is {means}: {kept(shrunk)} is left. {both}"
        elif label == _answer(by_slopes):
            reasons[label] = f"The slopes alone do that: {kept(by_slopes)}. The weights are a factor, too. {both}"
        elif label == _answer(by_weights):
            reasons[label] = f"The weights alone do that: {kept(by_weights)}. The slopes are a factor, too. {both}"
        else:
            reasons[label] = f"Neither factor makes them so. {both}"
    typical = [float(trace.sigma_prime(l).mean()) for l in layers]
    whole = {l: float((np.abs(trace.net.w[l + 1]).T @ np.abs(trace.delta[l + 1])).mean()) for l in layers}
    cancel = " In these sums products of both signs partly cancel." * any(arrived[l] < 0.999 * whole[l] for l in layers)
    how = (
        "BP2 multiplies by two factors at each layer. The slope: going back, its mean is "
        f"{listed(map(shown, typical))}. Counted by what arrives at each neuron, the slopes leave "
        f"{step_by_step(slopes)} of the size. The weights, in sums over the wires, leave {step_by_step(weights)}."
        f"{cancel} "
    )
    how += "An estimate from the slopes alone " + (
        "leads to the same answer here."
        if _answer(by_slopes) == _answer(shrunk)
        else f"is off by the factor {kept(by_weights)} of the weights."
    )
    return Answers(reasons, _answer(shrunk), Part("delta", 2, largest(trace.delta[2])[0] + 1), how=how)


def said_small(size: float) -> str:
    return shown(size, 5) if size >= 5e-6 else said(size)


def what_is_spoiled(trace: Trace) -> Answers:
    net, L, last = trace.net, trace.net.L, last_hidden(trace)
    if net.sizes[-1] < 2:
        raise ValueError("this question compares outputs; this network has 1")
    turned = trace.delta[L].copy()
    turned[0] *= -1
    delta = _carried_back(trace, L, turned)
    right = [Part("neuron", l, j) for l, j in neurons(trace, 2) if bp3(delta[l])[j - 1] == trace.grad_b[l][j - 1]]
    for l in net.w:
        same = np.argwhere(bp4(trace.a[l - 1], delta[l]) == trace.grad_w[l])
        right += [Part("edge", l, j, k) for j, k in (same + 1).tolist()]
    own, every = 1 + net.sizes[last - 1], sum(net.w[l].size + net.b[l].size for l in net.w)
    wrong = every - len(right)
    layer = net.w[L].size + net.b[L].size
    most = own + every - layer
    first, other = written("δ", L, 1), written("δ", L, 2)
    reads = f"BP3 and BP4 read {first}"
    spoiled = ", and ".join(
        f"{written('δ', last, j)} becomes {said(new)} and should be {said(old)}"
        for j, (new, old) in enumerate(zip(delta[last][:2, 0], trace.delta[last][:2, 0], strict=True), start=1)
    )
    through = f"BP2 reads {first} for every error of layer {last}: {spoiled}."
    stays = (
        f"{other} = {said(trace.delta[L][1, 0])} comes from output 2 alone. It is right, and so are the gradients of "
        "the bias and of the weights there."
    )
    hidden = "layer 2" if last == 2 else f"the layers 2 to {last}"
    told = {
        f"{own}: the bias and the weights of output 1": (own, f"{reads} for these. But BP2 reads it, too."),
        f"{layer}: all of layer {L}": (layer, f"{stays} Others are wrong: BP2 reads {first} too."),
        f"{most}: those of output 1, and all of {hidden}": (most, f"{reads} there. {through}"),
        f"{every}: all of them": (every, f"Almost. {stays}"),
    }
    weights = listed(map(said, net.w[L][0]))
    slopes = listed(map(said, trace.sigma_prime(last)[:, 0]))
    how = (
        f"Follow {first}. BP3 and BP4 read it in layer {L}, for 1 bias and {own - 1} weight{'s' * (own > 2)}. BP2 "
        f"takes it back to layer {last}, with two factors: the weights {weights} and the slopes {slopes}. None of them "
        f"is 0, so every error there is wrong, and with it every gradient of {hidden}: {most - own} more."
    )
    needs = "sample and a network in which no input, weight or slope is 0"
    return judged(told, wrong if wrong == most else 0, needs, Part("delta", L, 2), *right, how=how)
