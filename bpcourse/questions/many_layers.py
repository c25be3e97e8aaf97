"""The questions of notebooks 06, 07 and 08, each about several layers.

Which answer is right, and every number in a reason, is computed from the trace that the question is asked of.
"""

import numpy as np

from bpcourse.network.equations import bp2, bp3, bp4
from bpcourse.network.trace import Trace
from bpcourse.parts import Part
from bpcourse.questions.one_equation import Answers, Question, last_hidden
from bpcourse.text import shown, written


def _neurons(trace: Trace, first: int) -> list[tuple[int, int]]:
    """The neurons from layer `first` on."""
    return [(l, j) for l in range(first, trace.net.L + 1) for j in range(1, trace.net.sizes[l - 1] + 1)]


def _carried_back(trace: Trace, l: int, delta: np.ndarray) -> dict[int, np.ndarray]:
    """The errors of layer l and before if those of layer l were these."""
    found = {l: delta}
    for i in range(l - 1, 1, -1):
        found[i] = bp2(trace.net.w[i + 1], found[i + 1], trace.sigma_prime(i))
    return found


def _what_a_gradient_needs(trace: Trace) -> Answers:
    net, _ = trace.net, last_hidden(trace)

    def matters(l: int, j: int) -> bool:
        other = trace.delta[l].copy()
        other[j - 1] += 1
        return bp4(trace.x, _carried_back(trace, l, other)[2])[1, 0] != trace.grad_w[2][1, 0]

    every, after = _neurons(trace, 2), _neurons(trace, 3)
    own = written("δ", 2, 2)
    later = "both δ³" if net.sizes[2:] == (2,) else f"the {len(after)} errors after it"
    product = f"{own} x₁ = {shown(trace.delta[2][1, 0])} · {shown(trace.x[0, 0])} = {shown(trace.grad_w[2][1, 0])}"
    arrives, slope = (net.w[3].T @ trace.delta[3])[1, 0], trace.sigma_prime(2)[1, 0]
    made = f"BP2 makes it from the errors of layer 3. They bring {shown(arrives)}, times the slope {shown(slope)}."
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
    right = next((label for label, (which, _) in told.items() if which == needed), None)
    if right is None or not needed:
        raise ValueError("this question needs a sample whose x₁ is not 0, and no weight or slope that is 0")
    wires = {Part("edge", l, j, k) for l, j in after for i, k in needed if i == l - 1}
    lit = (Part("edge", 2, 2, 1), *(Part("neuron", l, j) for l, j in needed), *sorted(wires), "cost")
    return Answers({label: reason for label, (_, reason) in told.items()}, right, "w-2-2-1", lit)


def _percent(part: float) -> str:
    return f"{100 * part:.0f}\N{NO-BREAK SPACE}%"


def _how_small(trace: Trace) -> Answers:
    L, layers = trace.net.L, range(last_hidden(trace), 1, -1)
    size = {l: float(np.abs(delta).mean()) for l, delta in trace.delta.items()}
    if 0 in size.values():
        raise ValueError("this question compares errors; this network has a layer in which all are 0")
    kept = [size[l] / size[l + 1] for l in layers]
    keeps = f"Here it keeps {', then '.join(map(_percent, kept))}."
    back = f"going back {len(kept)} layer{'s' * (len(kept) > 1)}"
    reasons = {
        "about as big, or bigger": f"Then an error would have to keep most of its size, {back}. {keeps} Several wires "
        "bring errors, but products of both signs partly cancel, and the neuron's slope is a factor below 1."
    }
    for power, label in ((1, "about a tenth"), (2, "about a hundredth"), (3, "a thousandth, or less")):
        wanted = 0.1 ** (power / len(kept))
        reasons[label] = f"Then it would have to keep about {_percent(wanted)} at each layer, {back}. {keeps}"
    shrunk = size[2] / size[L]
    n = sum(shrunk < 10 ** -(power - 0.5) for power in (1, 2, 3))
    right = list(reasons)[n]
    means = ", ".join(f"{shown(size[l], 5)} in layer {l}" for l in (L, *layers))
    slopes = ", ".join(shown(trace.sigma_prime(l).mean()) for l in layers)
    reasons[right] = (
        f"The mean size is {means}. {keeps} At each layer a slope is a factor: on average {slopes}, going back."
    )
    return Answers(reasons, right, Part("delta", 2, int(np.abs(trace.delta[2]).argmax()) + 1))


def _what_is_spoiled(trace: Trace) -> Answers:
    net, L, last = trace.net, trace.net.L, last_hidden(trace)
    if net.sizes[-1] < 2:
        raise ValueError("this question compares outputs; this network has 1")
    turned = trace.delta[L].copy()
    turned[0] *= -1
    delta = _carried_back(trace, L, turned)
    moved = [(l, j) for l, j in _neurons(trace, 2) if bp3(delta[l])[j - 1, 0] != trace.grad_b[l][j - 1, 0]]
    wrong = [Part("neuron", l, j) for l, j in moved]
    for l in net.w:
        differ = bp4(trace.a[l - 1], delta[l]) != trace.grad_w[l]
        wrong += [Part("edge", l, int(j) + 1, int(k) + 1) for j, k in np.argwhere(differ)]
    own, layer = 1 + net.sizes[last - 1], net.w[L].size + net.b[L].size
    every = sum(table.size for table in (*net.w.values(), *net.b.values()))
    before = every - layer
    first, other = written("δ", L, 1), written("δ", L, 2)
    spoiled = ", and ".join(
        f"{written('δ', last, j)} becomes {shown(new)} and should be {shown(old)}"
        for j, (new, old) in enumerate(zip(delta[last][:2, 0], trace.delta[last][:2, 0], strict=True), start=1)
    )
    through = f"BP2 reads {first} for every error of layer {last}: {spoiled}."
    stays = (
        f"{other} = {shown(trace.delta[L][1, 0])} comes from output 2 alone. It is right, and so are the gradients of "
        "the bias and of the weights there."
    )
    hidden = "layer 2" if last == 2 else f"the layers 2 to {last}"
    told = {
        f"{own}: the bias and the weights of output 1": f"BP3 and BP4 read {first} for these. But BP2 reads it, too.",
        f"{layer}: all of layer {L}": f"{stays} Others are wrong: BP2 reads {first} too.",
        f"{own + before}: those of output 1, and all of {hidden}": f"BP3 and BP4 read {first} there. {through}",
        f"{every}: all of them": f"Almost. {stays}",
    }
    right = next((label for label in told if label.startswith(f"{len(wrong)}:")), None)
    if right is None:
        raise ValueError("this question needs a sample and a network in which no input, weight or slope is 0")
    return Answers(told, right, Part("delta", last, 1), (*wrong, "cost"))


NEEDED = Question(
    "The gradient of w²₂₁, on the wire from x₁ to neuron 2 of layer 2, is wanted and no other. Which errors δ must be "
    "computed for it?",
    "cost",
    "BP4",
    "Green in the network: the wire, and the way from the cost back to it. ◀ goes back to BP1 and BP2.",
    _what_a_gradient_needs,
)
DEEP = Question(
    "The errors of the last layer are there. How big are those of layer 2, compared with them?",
    "BP1",
    "BP2",
    "Press ◀ until only the last layer has errors, then ▶: they get smaller at each layer.",
    _how_small,
    last=True,
)
SPOILED = Question(
    "In a program the error of output 1 comes out with the wrong sign. All else in the program is right. How many "
    "gradients are wrong?",
    "BP1",
    "BP4",
    "Green in the network: each wire and each neuron whose gradient would be wrong. The numbers are the right ones.",
    _what_is_spoiled,
)
