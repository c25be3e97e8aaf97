"""The forward pass of a layer, the cost, BP3 and BP4: which step is the first that is another one."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from bpcourse.exercises.kinds.learner import Learner, Story, Unclear, all_same, near, shaped, story, told, told_all
from bpcourse.network.functions import sigmoid

# The forward pass ----------------------------------------------------------------------------------------------------

_Z = np.array([[-1.5], [0.0], [2.0]])
_W = np.array([[0.5, -1.0], [2.0, 1.0], [-0.3, 0.8]])
_A = np.array([[0.4], [0.7]])


def of_forward(ask: Learner) -> Story:
    """σ is another function, or z is another sum."""
    outputs = []
    for w, a in ((_W, _A), (1.7 * _W[::-1], _A[::-1]), (0 * _W, _A)):
        outputs.append(shaped(ask.table(w, _Z - w @ a, a), _Z.shape))
    if all_same(outputs):
        if not near(outputs[0], sigmoid(_Z)):
            yield story(
                "another function for σ",
                f"Your z is right. What stands for σ in line 3 of the forward pass is another function: for z = −1.5, "
                f"0 and 2 it is {told_all(outputs[0])}, where σ is {told_all(sigmoid(_Z))}.",
            )
        return
    bias, none = np.array([[1.0], [1.0], [1.0]]), np.zeros((3, 1))
    alone = shaped(ask.table(0 * _W, bias, _A), _Z.shape)
    if not near(alone, sigmoid(bias)):
        yield story(
            "bias used otherwise",
            f"With all weights 0 and a bias of 1, z is 1 and the neuron sends on {told(sigmoid(1.0))}. Yours sends on "
            f"{told(alone[0, 0])}: how does the bias come into line 1 of the forward pass?",
        )
        return
    wires = shaped(ask.table(_W, none, _A), _Z.shape)
    if not near(wires, sigmoid(_W @ _A)):
        yield story(
            "another sum",
            f"The bias alone is right; what comes along the wires is not. With the weights {told_all(_W[1])}, the "
            f"activations {told_all(_A)} and no bias, the neuron sends on {told(wires[1, 0])}; line 1 of the forward "
            f"pass gives z = {told((_W @ _A)[1, 0])} and so {told(sigmoid(_W @ _A)[1, 0])}.",
        )


# The cost ------------------------------------------------------------------------------------------------------------

_PAIRS = ((0.8, 0.2), (0.3, 1.0), (0.6, 0.1))


def of_cost(ask: Learner) -> Story:
    """One output of one sample first, then two outputs, then two samples: which of the three goes wrong first."""

    def cost(a: list, y: list) -> float:
        return float(shaped(ask.table(np.array(a), np.array(y)), ()))

    ones = [cost([[a]], [[y]]) for a, y in _PAIRS]
    squares = np.array([(a - y) ** 2 / 2 for a, y in _PAIRS])
    (a, y), (b, t) = _PAIRS[:2]
    with np.errstate(all="ignore"):
        ratio = np.array(ones) / squares
    if not all_same(list(ratio)):
        entropy = [-t * np.log(a) - (1 - t) * np.log(1 - a) for a, t in _PAIRS]
        known = " That is cross-entropy, another cost." if near(np.array(ones), np.array(entropy)) else ""
        yield story(
            "another cost of one output",
            f"One output of one sample, a = 0.8 and y = 0.2, costs {told(ones[0])} with you. Line 1 of the quadratic "
            f"cost gives ½ (0.8 − 0.2)² = 0.180.{known}",
        )
        return
    if abs(ratio[0] - 1) > 1e-5:
        yield story(
            "another scale",
            f"One output of one sample costs {told(ratio[0])} times ½ (a − y)² with you: see what stands before the "
            "sum in line 1 of the quadratic cost.",
        )
    two = cost([[a], [b]], [[y], [t]])
    if abs(two - ones[0] - ones[1]) > 1e-5:
        yield story(
            "outputs put together otherwise",
            f"Two outputs that cost {told(ones[0])} and {told(ones[1])} alone cost {told(two)} together with you. "
            "Line 1 of the quadratic cost adds the outputs of a sample up, down a column (axis 0).",
        )
        return
    many = cost([[a, b]], [[y, t]])
    if abs(many - (ones[0] + ones[1]) / 2) > 1e-5:
        yield story(
            "samples put together otherwise",
            f"Two samples that cost {told(ones[0])} and {told(ones[1])} alone cost {told(many)} together with you. "
            "Line 6 of the quadratic cost takes the mean of the samples, along a row (axis 1).",
        )


# BP3 and BP4 ---------------------------------------------------------------------------------------------------------


def of_bp3(ask: Learner) -> Story:
    """What is made of the errors of one neuron, and whether the neurons are kept apart."""
    errors = np.array([[1.0, 3.0, 8.0]])
    alone = shaped(ask.table(errors), (1, 1))
    among = shaped(ask.table(np.vstack([errors, [[2.0, -1.0, 0.5]]])), (2, 1))
    if abs(among[0, 0] - alone[0, 0]) > 1e-6:
        yield story(
            "neurons mixed",
            f"The gradient of a bias changes with the errors of other neurons: {told(alone[0, 0])} and then "
            f"{told(among[0, 0])} for the same errors. In line 6 of BP3 each neuron has its own row.",
        )
    elif abs(alone[0, 0] - 4) > 1e-6:
        yield story(
            "another mean",
            f"Of one neuron's errors 1, 3 and 8 you make {told(alone[0, 0])}. Line 6 of BP3 takes their mean, 4.",
        )


_ERRORS = np.array([[0.2], [-0.5], [0.7]])
_SENT = np.array([[0.1], [0.5], [0.8], [0.3]])


def of_bp4(ask: Learner) -> Story:
    """Of one sample: δ or a^{l−1} is another table."""

    def product(a, delta):
        return shaped(ask.table(a, delta), (len(delta), len(a)))

    yield from weight_gradient_of(product)


def weight_gradient_of(product: Callable) -> Story:
    """Of a product(a, delta) for one sample: one of its factors is another table, or it is no product."""
    one, two = product(_SENT, _ERRORS), product(_SENT, 1.3 * _ERRORS[::-1])
    if near(one, _ERRORS @ _SENT.T):
        yield from _of_samples(product)
        return
    with np.errstate(all="ignore"):
        rows = [*(one / _ERRORS), *(two / (1.3 * _ERRORS[::-1]))]
        columns = [*(one / _SENT.T).T, *(product(_SENT[::-1] / 2, _ERRORS) / (_SENT[::-1] / 2).T).T]
    if all_same(rows):
        yield another_table(rows[0], _SENT[:, 0])
    elif all_same(columns):
        yield story(
            "another table for δ^l",
            f"a^{{l−1}} is right. In the place of δ^l stands another table: where δ is {told_all(_ERRORS)} it is "
            f"{told_all(columns[0])}. See line 4 of BP4.",
        )
    else:
        yield story(
            "not this product",
            f"For one sample, δ = {told(_ERRORS[2, 0])} at the end of a wire and a = {told(_SENT[1, 0])} at its start, "
            f"you get {told(one[2, 1])}. Line 4 of BP4 gives {told(_ERRORS[2, 0] * _SENT[1, 0])}, their product and "
            "nothing else.",
        )


def _of_samples(product: Callable) -> Story:
    a, delta = np.array([[0.5, 1.0]]), np.array([[2.0, 6.0]])
    found = product(a, delta)[0, 0]
    if abs(found - 3.5) > 1e-6:
        yield story(
            "samples put together otherwise",
            f"One sample is right. Two that give 1 and 6 alone give {told(found)} together with you. Line 7 of BP4 "
            "takes the mean, 3.5.",
        )


_TABLES = (
    (lambda a: a * (1 - a), "It is the slope a (1 − a)."),
    (lambda a: np.log(a / (1 - a)), "It is z, before σ."),
    (lambda a: sigmoid(a), "It has been through σ once more."),
    (lambda a: 1 - a, "It is 1 − a."),
    (lambda a: a**2, "It is a²."),
    (lambda a: np.ones_like(a), "It is 1 everywhere: the activation is missing."),
)


def another_table(row: np.ndarray, a: np.ndarray, which: str = "a^{l−1}"):
    """What is said of a row that stands for these activations."""
    if row.shape != a.shape:
        raise Unclear
    if near(row / a, np.full_like(a, row[0] / a[0])):
        return story(
            "another scale",
            f"Yours is {told(row[0] / a[0])} times the product of δ^l and {which}. Line 4 of BP4 has no other factor.",
        )
    with np.errstate(all="ignore"):
        known = next((f" {said}" for way, said in _TABLES if near(row, way(a))), "")
    return story(
        f"another table for {which}",
        f"δ^l is in its place. In the place of {which} stands another table: where a is {told_all(a)} it is "
        f"{told_all(row)}.{known} See line 4 of BP4.",
    )
