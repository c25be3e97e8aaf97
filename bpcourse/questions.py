"""The predictions, for `bp.Predict`: a question, its answers, a reason for each, and which is right.

Which answer is right, and every number in a reason, is computed from the trace that the question is asked of, so a
question fits any network. Those of notebooks 00 to 05 are about one step or one equation, those of 06 to 08 about
several layers. Someone who adds a question writes here.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from bpcourse.network import backprop
from bpcourse.network.equations import bp2, bp3, bp4
from bpcourse.network.trace import Trace
from bpcourse.parts import Part
from bpcourse.text import shown, written


@dataclass(frozen=True)
class Answers:
    """The reason for each answer, by its label; which label is right; and the parts of the network that show it."""

    reasons: Mapping[str, str]
    right: str
    select: str
    lit: tuple[str, ...] = ()


@dataclass(frozen=True)
class Question:
    """A question about a network: `answers(trace)` says what may be chosen and what is right.

    The live network waits at the step `opens`, such as `"BP1"`, where the answer is not to be seen yet, and then plays
    the step `shows`, the first of that name or, with `last`, the last; `look` says what is to be seen there.
    """

    text: str
    opens: str
    shows: str
    look: str
    answers: Callable[[Trace], Answers]
    last: bool = False


def _last_hidden(trace: Trace) -> int:
    if trace.net.L < 3:
        raise ValueError(f"this question needs a hidden layer; the network has the layers {trace.net.sizes}")
    return trace.net.L - 1


def _neurons(trace: Trace, first: int) -> list[tuple[int, int]]:
    """The neurons from layer `first` on."""
    return [(l, j) for l in range(first, trace.net.L + 1) for j in range(1, trace.net.sizes[l - 1] + 1)]


def _largest(table: np.ndarray) -> tuple[int, ...]:
    """Where the largest number stands, counting size and not sign, from 0."""
    return tuple(map(int, np.unravel_index(np.abs(table).argmax(), table.shape)))


def _judged(told: Mapping[str, tuple], found: object, needs: str, select: str, *lit: str) -> Answers:
    """The answers, of which each claims something and has a reason: right is the one that claims what was `found`."""
    right = [label for label, (claimed, _) in told.items() if claimed == found]
    if not found or not right:
        raise ValueError(f"this question needs a {needs}")
    return Answers({label: reason for label, (_, reason) in told.items()}, right[0], select, (*lit, "cost"))


# The questions about one step ----------------------------------------------------------------------------------------


def _what_follows(trace: Trace) -> Answers:
    net, _ = trace.net, _last_hidden(trace)
    moved = backprop(net.with_weight(2, 1, 1, net.w[2][0, 0] + 1), trace.x, trace.y)
    every, after = _neurons(trace, 2), _neurons(trace, 3)
    first, rest = written("a", 2, 1), "both outputs" if net.sizes[2:] == (2,) else "all that comes after"
    told = {
        f"{first} alone": ([(2, 1)], f"{first} changes, and it is sent on. What adds it up changes too."),
        f"{first} and {rest}": (
            [(2, 1), *after],
            f"The wire ends in neuron 1, so {first} changes, and everything after it follows. The other neurons of "
            "layer 2 receive what they received before.",
        ),
        f"all of layer 2, and {rest}": (
            every,
            "The wire ends in neuron 1 of layer 2. What it brings does not reach the others of that layer, and they "
            "stay as they were.",
        ),
        f"only {rest}": (after, f"They do change, but only because {first} changes before them: the wire ends there."),
    }
    changed = [(l, j) for l, j in every if moved.a[l][j - 1, 0] != trace.a[l][j - 1, 0]]
    lit = Part("edge", 2, 1, 1), *(Part("neuron", *at) for at in changed)
    return _judged(told, changed, "sample whose x₁ is not 0, and no neuron that is saturated", "w-2-1-1", *lit)


def _largest_sum(trace: Trace) -> Answers:
    reasons, z = {}, trace.z[2][:, 0]
    for j, weights in enumerate(trace.net.w[2], start=1):
        products = weights * trace.x[:, 0]
        (k,) = _largest(products)
        biggest = f"{written('w', 2, j, k + 1)} {written('x', '', k + 1)} = {shown(products[k])}"
        below = " That is below 0." if z[j - 1] < 0 else ""
        sums = f"With the other inputs and the bias the sum is {shown(z[j - 1])}.{below}"
        reasons[f"neuron {j}"] = f"Its biggest product is {biggest}. {sums}"
    j = int(z.argmax()) + 1
    return Answers(reasons, f"neuron {j}", Part("a", 2, j))


def _bigger_output_error(trace: Trace) -> Answers:
    L, reasons = trace.net.L, {}
    if trace.net.cost != "quadratic":
        raise ValueError(f"this question is about the quadratic cost; this network has {trace.net.cost}")
    if trace.net.sizes[-1] < 2:
        raise ValueError("this question compares outputs; this network has 1")
    misses, slopes, errors = (trace.a[L] - trace.y)[:, 0], trace.sigma_prime(L)[:, 0], trace.delta[L][:, 0]
    (most,), (j,) = _largest(misses), _largest(errors)
    for n, (miss, slope, error) in enumerate(zip(misses, slopes, errors, strict=True)):
        reason = f"a − y = {shown(miss)}, and times the slope {shown(slope, 4)} that is {shown(error, 4)}."
        if slope < 0.05:
            reason += " There σ is almost flat: a push hardly moves the output, so it hardly moves the cost."
        if n == j != most:
            reason += f" Output {most + 1} misses by more, but its slope is only {shown(slopes[most], 4)}."
        reasons[f"output {n + 1}, which misses by {shown(abs(miss))}"] = reason
    labels, same = list(reasons), "both the same, within a tenth"
    small, big = np.sort(np.abs(errors))[-2:]
    if not small:
        raise ValueError("this question compares errors; on this network an output has none, it is 0")
    reasons[same] = f"The bigger one is {shown(big / small, 1)} times as big: the slopes decide, too."
    return Answers(reasons, same if big < 1.1 * small else labels[j], Part("delta", L, j + 1))


def _biggest_hidden_error(trace: Trace) -> Answers:
    l, reasons = _last_hidden(trace), {}
    for j, weights in enumerate(trace.net.w[l + 1].T):
        products = weights * trace.delta[l + 1][:, 0]
        helping = abs(products.sum()) == np.abs(products).sum()
        signs = "the same sign and help each other" if helping else "different signs and partly cancel"
        together = f"They have {signs}: {shown(products.sum())}"
        slope = f"times the slope {shown(trace.sigma_prime(l)[j, 0])} that is {shown(trace.delta[l][j, 0])}"
        wires = f"Its wires bring it {' and '.join(map(shown, products))}"
        reasons[f"neuron {j + 1}"] = f"{wires}. {together}, and {slope}."
    j = _largest(trace.delta[l])[0] + 1
    return Answers(reasons, f"neuron {j}", Part("delta", l, j))


def _best_bias(trace: Trace) -> Answers:
    net, last, changes, reasons = trace.net, _last_hidden(trace), {}, {}
    for l, j in _neurons(trace, 2):
        for way in (1, -1):
            moved = backprop(net.with_bias(l, j, net.b[l][j - 1, 0] + way * 0.1), trace.x, trace.y)
            changes[l, j, way] = moved.cost - trace.cost
    best = min(changes, key=changes.__getitem__)
    # Of the hidden biases the biggest, and the best.
    hidden = {_largest(table[last])[0] for table in (net.b, trace.delta)}
    named = {(last, j + 1, -1 if trace.delta[last][j, 0] > 0 else 1) for j in hidden}
    offered = {best, *named, *(key for key in changes if key[0] == net.L)}
    labels = {(l, j, way): f"{written('b', l, j)} {'up' if way > 0 else 'down'}" for l, j, way in offered}
    for l, j, way in sorted(offered, key=lambda key: (key[:2], -key[2])):
        error = trace.delta[l][j - 1, 0]
        sign = "below 0: a push up lowers the cost" if error < 0 else "above 0: a push down lowers the cost"
        largest = l < net.L and abs(net.b[l][j - 1, 0]) == np.abs(net.b[l]).max()
        size = f" That the bias is the largest of layer {l}, counting size, does not help it." if largest else ""
        follows = f"This move changes the cost by {shown(changes[l, j, way], 4)}."
        reasons[labels[l, j, way]] = f"{written('δ', l, j)} = {shown(error)} is {sign}. {follows}{size}"
    return Answers(reasons, labels[best], Part("delta", *best[:2]))


def _biggest_weight_gradient(trace: Trace) -> Answers:
    l = trace.net.L
    w, gradient, reasons = trace.net.w[l], trace.grad_w[l], {}
    for j, k in np.ndindex(w.shape):
        weight, slope = float(w[j, k]), float(gradient[j, k])
        begins = f"{written('a', l - 1, k + 1)} = {shown(trace.a[l - 1][k, 0])}"
        ends = f"{written('δ', l, j + 1)} = {shown(trace.delta[l][j, 0])}"
        extreme = {np.abs(w).max(): "strongest", np.abs(w).min(): "weakest"}.get(abs(weight))
        note = f" It is the {extreme} wire, with {shown(weight)}, but its weight is no factor." if extreme else ""
        product = f"The wire begins at {begins} and ends at {ends}: their product is {shown(slope)}."
        reasons[written("w", l, j + 1, k + 1)] = product + note
    j, k = _largest(gradient)
    return Answers(reasons, written("w", l, j + 1, k + 1), Part("w", l, j + 1, k + 1))


# The questions about several layers ----------------------------------------------------------------------------------


def _carried_back(trace: Trace, l: int, delta: np.ndarray) -> dict[int, np.ndarray]:
    """The errors of layer l and before if those of layer l were these."""
    found = {l: delta}
    for i in range(l - 1, 1, -1):
        found[i] = bp2(trace.net.w[i + 1], found[i + 1], trace.sigma_prime(i))
    return found


def _what_a_gradient_needs(trace: Trace) -> Answers:
    net, _ = trace.net, _last_hidden(trace)
    if net.sizes[1] < 2:
        raise ValueError(f"this question is about neuron 2 of layer 2; the network has the layers {net.sizes}")

    def matters(l: int, j: int) -> bool:
        other = trace.delta[l].copy()
        other[j - 1] += 1
        return bp4(trace.x, _carried_back(trace, l, other)[2])[1, 0] != trace.grad_w[2][1, 0]

    every, after, own = _neurons(trace, 2), _neurons(trace, 3), written("δ", 2, 2)
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
    wires = {Part("edge", l, j, k) for l, j in after for i, k in needed if i == l - 1}
    lit = Part("edge", 2, 2, 1), *(Part("neuron", *at) for at in needed), *sorted(wires)
    needs = "sample whose x₁ is not 0, and no weight or slope that is 0"
    return _judged(told, needed, needs, "w-2-2-1", *lit)


def _percent(part: float) -> str:
    return f"{100 * part:.0f}\N{NO-BREAK SPACE}%"


def _how_small(trace: Trace) -> Answers:
    L, layers = trace.net.L, range(_last_hidden(trace), 1, -1)
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
    right = list(reasons)[sum(shrunk < 10 ** -(power - 0.5) for power in (1, 2, 3))]
    means = ", ".join(f"{shown(size[l], 5)} in layer {l}" for l in (L, *layers))
    slopes = ", ".join(shown(trace.sigma_prime(l).mean()) for l in layers)
    reasons[right] = (
        f"The mean size is {means}. {keeps} At each layer a slope is a factor: on average {slopes}, going back."
    )
    return Answers(reasons, right, Part("delta", 2, _largest(trace.delta[2])[0] + 1))


def _what_is_spoiled(trace: Trace) -> Answers:
    net, L, last = trace.net, trace.net.L, _last_hidden(trace)
    if net.sizes[-1] < 2:
        raise ValueError("this question compares outputs; this network has 1")
    turned = trace.delta[L].copy()
    turned[0] *= -1
    delta = _carried_back(trace, L, turned)
    wrong = [Part("neuron", l, j) for l, j in _neurons(trace, 2) if bp3(delta[l])[j - 1] != trace.grad_b[l][j - 1]]
    for l in net.w:
        differ = np.argwhere(bp4(trace.a[l - 1], delta[l]) != trace.grad_w[l])
        wrong += [Part("edge", l, j, k) for j, k in (differ + 1).tolist()]
    own, every = 1 + net.sizes[last - 1], sum(net.w[l].size + net.b[l].size for l in net.w)
    layer = net.w[L].size + net.b[L].size
    most = own + every - layer
    first, other = written("δ", L, 1), written("δ", L, 2)
    reads = f"BP3 and BP4 read {first}"
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
        f"{own}: the bias and the weights of output 1": (own, f"{reads} for these. But BP2 reads it, too."),
        f"{layer}: all of layer {L}": (layer, f"{stays} Others are wrong: BP2 reads {first} too."),
        f"{most}: those of output 1, and all of {hidden}": (most, f"{reads} there. {through}"),
        f"{every}: all of them": (every, f"Almost. {stays}"),
    }
    needs = "sample and a network in which no input, weight or slope is 0"
    return _judged(told, len(wrong), needs, Part("delta", last, 1), *wrong)


START = Question(
    "You move one weight: w²₁₁, on the wire from x₁ to neuron 1 of layer 2. Which activations change?",
    "input",
    "cost",
    "Green in the network: the wire, and all that follows it, the cost included. Move the slider of the wire.",
    _what_follows,
)
FORWARD = Question(
    "Which neuron of layer 2 collects the largest sum?",
    "input",
    "forward",
    "Each neuron of layer 2 now has its sum z, and shows its activation σ(z). Below: how the largest sum comes about.",
    _largest_sum,
)
BP1 = Question(
    "Which output has the bigger error δ, counting size and not sign?",
    "cost",
    "BP1",
    "Both errors now stand in the network. Click an output to see its two factors.",
    _bigger_output_error,
)
BP2 = Question(
    "Which hidden neuron gets the biggest error, counting size and not sign?",
    "BP1",
    "BP2",
    "The errors have travelled back. Click a neuron to see what arrived along its wires.",
    _biggest_hidden_error,
)
BP3 = Question(
    "You may move one bias by 0.1. Which move lowers the cost most?",
    "BP2",
    "BP3",
    "Each neuron now shows the gradient of its bias. Its slider moves the bias: watch the cost.",
    _best_bias,
)
BP4 = Question(
    "Which of these weights has the biggest gradient, counting size and not sign?",
    "BP1",
    "BP4",
    "Each wire now shows its gradient, the wider the bigger.",
    _biggest_weight_gradient,
)
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
