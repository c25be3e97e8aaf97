"""What a question is, and those of notebooks 00 to 05, each about one step or one equation.

Which answer is right, and every number in a reason, is computed from the trace that the question is asked of.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

from bpcourse.network import backprop
from bpcourse.network.trace import Trace
from bpcourse.parts import Part
from bpcourse.text import shown, written


@dataclass(frozen=True)
class Answers:
    """The reason for each answer, by its label; which label is right; and the parts of the network that show it."""

    reasons: Mapping[str, str]
    right: str
    select: str
    lit: tuple[str, ...] = field(default=())


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


def last_hidden(trace: Trace) -> int:
    """The last hidden layer."""
    if trace.net.L < 3:
        raise ValueError(f"this question needs a hidden layer; the network has the layers {trace.net.sizes}")
    return trace.net.L - 1


# The questions -------------------------------------------------------------------------------------------------------


def _what_follows(trace: Trace) -> Answers:
    net, _ = trace.net, last_hidden(trace)
    moved = backprop(net.with_weight(2, 1, 1, net.w[2][0, 0] + 1), trace.x, trace.y)
    after = [(l, j) for l in range(3, net.L + 1) for j in range(1, net.sizes[l - 1] + 1)]
    beside = [(2, j) for j in range(1, net.sizes[1] + 1)]
    first, rest = written("a", 2, 1), "both outputs" if net.sizes[2:] == (2,) else "all that comes after"
    told = {
        f"{first} alone": ([(2, 1)], f"{first} changes, and it is sent on. What adds it up changes too."),
        f"{first} and {rest}": (
            [(2, 1), *after],
            f"The wire ends in neuron 1, so {first} changes, and everything after it follows. The other neurons of "
            "layer 2 receive what they received before.",
        ),
        f"all of layer 2, and {rest}": (
            [*beside, *after],
            "The wire ends in neuron 1 of layer 2. What it brings does not reach the others of that layer, and they "
            "stay as they were.",
        ),
        f"only {rest}": (after, f"They do change, but only because {first} changes before them: the wire ends there."),
    }
    changed = [(l, j) for l, j in [*beside, *after] if moved.a[l][j - 1, 0] != trace.a[l][j - 1, 0]]
    right = next((label for label, (which, _) in told.items() if which == changed), None)
    if right is None:
        raise ValueError("this question needs a sample whose x₁ is not 0, and no neuron that is saturated")
    lit = (Part("edge", 2, 1, 1), *(Part("neuron", l, j) for l, j in changed), "cost")
    return Answers({label: reason for label, (_, reason) in told.items()}, right, "w-2-1-1", lit)


def _largest_sum(trace: Trace) -> Answers:
    reasons, z = {}, trace.z[2][:, 0]
    for j, weights in enumerate(trace.net.w[2], start=1):
        products = weights * trace.x[:, 0]
        k = int(np.abs(products).argmax())
        biggest = f"{written('w', 2, j, k + 1)} {written('x', '', k + 1)} = {shown(products[k])}"
        below = " That is below 0." if z[j - 1] < 0 else ""
        sums = f"With the other inputs and the bias the sum is {shown(z[j - 1])}.{below}"
        reasons[f"neuron {j}"] = f"Its biggest product is {biggest}. {sums}"
    j = int(z.argmax()) + 1
    return Answers(reasons, f"neuron {j}", Part("a", 2, j))


def _bigger_output_error(trace: Trace) -> Answers:
    L = trace.net.L
    if trace.net.cost != "quadratic":
        raise ValueError(f"this question is about the quadratic cost; this network has {trace.net.cost}")
    if trace.net.sizes[-1] < 2:
        raise ValueError("this question compares outputs; this network has 1")
    misses, slopes, errors = (trace.a[L] - trace.y)[:, 0], trace.sigma_prime(L)[:, 0], trace.delta[L][:, 0]
    labels, reasons, most = [], {}, int(np.abs(misses).argmax())
    j = int(np.abs(errors).argmax())
    for n, (miss, slope, error) in enumerate(zip(misses, slopes, errors, strict=True)):
        labels.append(f"output {n + 1}, which misses by {shown(abs(miss))}")
        more = " There σ is almost flat: a push hardly moves the output, so it hardly moves the cost." * int(
            slope < 0.05
        )
        if n == j != most:
            more += f" Output {most + 1} misses by more, but its slope is only {shown(slopes[most], 4)}."
        product = f"a − y = {shown(miss)}, and times the slope {shown(slope, 4)} that is {shown(error, 4)}."
        reasons[labels[-1]] = product + more
    small, big = np.sort(np.abs(errors))[-2:]
    same = "both the same, within a tenth"
    reasons[same] = f"The bigger one is {shown(big / small, 1)} times as big: the slopes decide, too."
    return Answers(reasons, same if big < 1.1 * small else labels[j], Part("delta", L, j + 1))


def _biggest_hidden_error(trace: Trace) -> Answers:
    l = last_hidden(trace)
    reasons, errors = {}, trace.delta[l][:, 0]
    for j, weights in enumerate(trace.net.w[l + 1].T, start=1):
        products = weights * trace.delta[l + 1][:, 0]
        helping = abs(products.sum()) == np.abs(products).sum()
        together = (
            "They have the same sign and help each other" if helping else "They have different signs and partly cancel"
        )
        slope = f"times the slope {shown(trace.sigma_prime(l)[j - 1, 0])} that is {shown(errors[j - 1])}"
        wires = f"Its wires bring it {' and '.join(map(shown, products))}. {together}: {shown(products.sum())}"
        reasons[f"neuron {j}"] = f"{wires}, and {slope}."
    j = int(np.abs(errors).argmax()) + 1
    return Answers(reasons, f"neuron {j}", Part("delta", l, j))


def _best_bias(trace: Trace, move: float = 0.1) -> Answers:
    net, changes = trace.net, {}
    for l in net.b:
        for j, b in enumerate(net.b[l][:, 0], start=1):
            for way in (1, -1):
                moved = backprop(net.with_bias(l, j, b + way * move), trace.x, trace.y)
                changes[l, j, way] = moved.cost - trace.cost
    best = min(changes, key=changes.__getitem__)
    l, named = last_hidden(trace), {}
    for j in {int(np.abs(table[l]).argmax()) + 1: 0 for table in (net.b, trace.delta)}:
        named[l, j, -1 if trace.delta[l][j - 1, 0] > 0 else 1] = 0  # of the hidden biases the biggest, and the best
    offered = sorted({best, *named, *(key for key in changes if key[0] == net.L)}, key=lambda key: (key[:2], -key[2]))
    reasons, labels = {}, {}
    for l, j, way in offered:
        labels[l, j, way] = f"{written('b', l, j)} {'up' if way > 0 else 'down'}"
        error, change = trace.delta[l][j - 1, 0], changes[l, j, way]
        sign = "below 0: a push up lowers the cost" if error < 0 else "above 0: a push down lowers the cost"
        bias = abs(net.b[l][j - 1, 0])
        largest = l < net.L and bias == np.abs(net.b[l]).max()
        size = f" That the bias is the largest of layer {l}, counting size, does not help it." if largest else ""
        follows = f"This move changes the cost by {shown(change, 4)}."
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
    j, k = np.unravel_index(np.abs(gradient).argmax(), w.shape)
    return Answers(reasons, written("w", l, j + 1, k + 1), Part("w", l, j + 1, k + 1))


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
