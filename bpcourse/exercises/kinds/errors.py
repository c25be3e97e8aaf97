"""BP1, BP2 and the error of softmax: which of the two factors is another one, and what it is at a place one can check.

A factor that stays the same while only the other one's inputs change is a function of its own inputs.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from bpcourse.exercises.kinds.learner import Learner, Story, all_same, near, shaped, story, told, told_all
from bpcourse.exercises.mistake import Mistake
from bpcourse.network.functions import sigmoid, sigmoid_prime, softmax

Z = np.array([[-1.7], [-0.6], [0.0], [0.9], [2.0]])
Y = np.array([[0.9], [0.2], [1.0], [0.35], [0.1]])
ZERO, TWO = 2, 4  # where they stand in Z
ORDER, HOME = [2, 0, 4, 1, 3], [1, 3, 0, 4, 2]  # the neurons in another order, and back


def of_bp1(ask: Learner) -> Story:
    """The kind of a wrong output error."""
    yield from output_error_of(ask.table)


def of_bp2(ask: Learner) -> Story:
    """The kind of a wrong hidden error."""
    yield from hidden_error_of(lambda w, delta, z: (ask.table(w, delta, z), w.T @ delta))


# The slope -----------------------------------------------------------------------------------------------------------


_OR = " Or σ′ is right, and a − y has one more factor, made of a."


def _of_z(factor: np.ndarray, first: str, where: str, other: str = "") -> Story:
    """What is said of another function in the place of σ′; `factor` holds its values at Z."""
    if near(factor, sigmoid_prime(Z)):
        return
    known = next((f" {said}" for way, said in KNOWN_SLOPES if near(factor, way(Z))), "")
    same = " At z = 0 the two agree by chance." if abs(factor[ZERO, 0] - 0.25) < 1e-6 else ""
    yield story(
        "another function for σ′",
        f"{first} is right. What stands for σ′ in {where} is another function of z: it is {told(factor[ZERO, 0])} at "
        f"z = 0 and {told(factor[TWO, 0])} at z = 2, where σ′ is 0.250 and {told(sigmoid_prime(2.0))}."
        f"{known or other}{same}",
    )


KNOWN_SLOPES: tuple[tuple[Callable, str], ...] = (
    (lambda z: sigmoid_prime(z) ** 2, "It is σ′ twice: once is enough."),
    (lambda z: sigmoid(z) ** 2, "It is σ(z) times itself."),
    (lambda z: sigmoid(z) * sigmoid_prime(z), "It is a σ′(z): a factor a too many."),
    (lambda z: sigmoid(-z) * sigmoid_prime(z), "It is (1 − a) σ′(z): a factor 1 − a too many."),
    (lambda z: z * sigmoid_prime(z), "It is z σ′(z): a factor z too many."),
    (lambda z: sigmoid(z) * (1 + sigmoid(z)), "It is σ (1 + σ): look at the sign in the brackets."),
    (lambda z: sigmoid(z) - 1, "It is σ − 1: a factor is missing, and the order is turned round."),
    (lambda z: np.exp(-z), "It is e to the power of −z: what is below the fraction is missing."),
    (lambda z: np.tanh(z), "It is tanh itself, of another activation, and no slope."),
    (lambda z: z, "It is z itself."),
    (lambda z: 1 - z**2, "It is 1 − z²: tanh's short formula, with z in the place of a."),
    (lambda z: np.where(z > 0, 1, 0.01), "It is the slope of a leaky ReLU."),
    (lambda z: sigmoid_prime(z) * (1 - 2 * sigmoid(z)), "It is the slope of σ′, a derivative too many."),
)


# BP1 -----------------------------------------------------------------------------------------------------------------


def output_error_of(ask: Callable, where: str = "line 6 of BP1") -> Story:
    """Of an ask(a, y, z) that gives δ: the slope, or what stands for a − y, is another function."""

    def error(z, y):
        return shaped(ask(sigmoid(z), y, z), z.shape)

    turned = np.roll(Y, 2, axis=0)
    one, two = error(Z, Y), error(Z, turned)
    others = error(Z, np.vstack([Y[:1], turned[1:]]))
    for again in (error(Z[ORDER], Y[ORDER])[HOME], np.vstack([others[:1], one[1:]])):
        if not near(again, one):
            yield _neurons_mixed(one, again)
            return
    with np.errstate(all="ignore"):
        slopes = [one / (sigmoid(Z) - Y), two / (sigmoid(Z) - turned)]
    if all_same(slopes):
        yield from _of_z(slopes[0], "Your first factor, a − y,", where, _OR)
        return
    known = next((said for way, said in KNOWN_COSTS if near(one, way(sigmoid(Z), Y) * sigmoid_prime(Z))), "")
    exact = error(Z, sigmoid(Z))
    off = exact[ZERO, 0]
    if not known and abs(off) > 1e-9 and (near(exact, np.full_like(exact, off)) or near(exact, sigmoid_prime(Z))):
        yield story(
            "something added",
            f"Where an output is right, a = y, its error is 0. Yours is {told(off)} at z = 0: something is added that "
            f"is no factor. In {where} the two are multiplied.",
        )
        return
    half = error(np.zeros((1, 1)), np.ones((1, 1)))[0, 0]
    yield story(
        "another slope of the cost",
        f"If σ′ is right, what stands for a − y is {told(4 * half)} where a = 0.5 and y = 1; wanted is −0.500. {known}"
        "If a − y is right, what stands for σ′ depends on y, and must not. See line 2 of the quadratic cost.",
    )


KNOWN_COSTS: tuple[tuple[Callable, str], ...] = (
    (lambda a, y: np.sign(a - y), "It is the slope of |a − y|, a cost without squares. "),
    (lambda a, y: a + y, "It is a + y: look at the sign. "),
    (lambda a, y: (a - y) ** 2, "It is the square itself, and not its slope. "),
    (lambda a, y: (a - y) ** 3, "It is the slope of a fourth power. "),
    (lambda a, y: -y / a, "It is the slope of −y ln a, another cost. "),
    (lambda a, y: y / a, "It is that of y ln a, another cost. "),
    (lambda a, y: y * (a - y), "It is (a − y) y: a factor too many. "),
    (lambda a, y: (1 - y) * (a - y), "It is (a − y) (1 − y): a factor too many. "),
    (lambda a, y: np.abs(a - y), "It is the distance |a − y|, without its sign. "),
)


def _neurons_mixed(one: np.ndarray, again: np.ndarray) -> Mistake:
    n = int(np.abs(one - again).argmax())
    return story(
        "neurons mixed",
        f"An output neuron's error changes with the others around it: {told(one[n, 0])} and {told(again[n, 0])} for "
        "the same a, y and z. In line 6 of BP1 a neuron uses its own three numbers alone.",
    )


# BP2 -----------------------------------------------------------------------------------------------------------------

W = np.array([[1.2, -0.7, 0.4, 2.1, 0.9], [0.3, 1.1, -1.6, 0.5, -0.8], [-0.9, 0.6, 1.3, -0.2, 1.7]])
DELTA = np.array([[0.11], [-0.07], [0.19]])


def hidden_error_of(ask: Callable, where: str = "line 7 of BP2") -> Story:
    """Of an ask(w, delta, z) that gives δ^l and the sum of line 7: the slope, or what stands for the sum, is another.

    The sum is given because in a whole backpropagation the errors that come back are the learner's own.
    """
    factors = []
    home = range(len(Z))
    for w, delta, order, back in (
        (W, DELTA, home, home),
        (0.73 - W[::-1], DELTA * [[-1.5], [1], [0.4]], home, home),
        (W, DELTA, ORDER, HOME),
    ):
        found, collected = ask(w[:, order], delta, Z[order])
        with np.errstate(all="ignore"):
            factors.append((shaped(found, Z.shape) / shaped(collected, Z.shape))[back])
    if all_same(factors):
        yield from _of_z(factors[0], "What comes back along the wires", where)
        return
    (one, sum_one), (two, _) = ask(W, DELTA, Z), ask(W, DELTA, Z[::-1])
    with np.errstate(all="ignore"):
        brought = [one / sigmoid_prime(Z), two / sigmoid_prime(Z[::-1])]
    if not all_same(brought):
        nothing, collected = ask(W, 0 * DELTA, Z)
        if near(collected, 0 * Z) and not near(nothing, 0 * Z):
            n = int(np.abs(nothing).argmax())
            yield story(
                "something added",
                f"Where all errors that come back are 0, so is δ. Yours is {told(nothing[n, 0])} at "
                f"z = {told(Z[n, 0])}: something is added that is no factor. In {where} the sum meets σ′ by a product.",
            )
            return
        yield story(
            "both factors of BP2",
            f"Neither factor of {where} stands alone as it should. At z = 0 the sum of the first neuron is "
            f"{told((W.T @ DELTA)[0, 0])} for the weights {told_all(W[:, 0])} and errors {told_all(DELTA)}: print "
            "yours before σ′ meets it, then σ′.",
        )
        return
    n = int(np.abs(brought[0] - sum_one).argmax())
    yield story(
        "another sum",
        f"The slope σ′ is right. What meets it is another sum: for the wires {told_all(W[:, n])} and the errors "
        f"{told_all(DELTA)} at their ends it is {told(brought[0][n, 0])}, and in {where} {told(sum_one[n, 0])}.",
    )


# Softmax -------------------------------------------------------------------------------------------------------------

_SHARED = np.array([[0.0], [1.0], [2.0]])
_TARGETS = (np.array([[0.0], [1.0], [0.0]]), np.array([[0.2], [0.3], [0.5]]))


def of_softmax(ask: Learner) -> Story:
    """The kind of a wrong error of softmax: other shares, another use of the target, or a factor too many."""
    a = softmax(_SHARED)
    one, two = (shaped(ask.table(_SHARED, y), a.shape) for y in _TARGETS)
    shares = [one + _TARGETS[0], two + _TARGETS[1]]
    if all_same(shares):
        if not near(shares[0], a):
            yield story(
                "other shares",
                f"'− y' is right. What stands for the outputs is not softmax: for z = 0, 1 and 2 they are "
                f"{told_all(shares[0])}, with the sum {told(shares[0].sum())}; wanted are {told_all(a)}, as in line 5.",
            )
        return
    with np.errstate(all="ignore"):
        factors = [one / (a - _TARGETS[0]), two / (a - _TARGETS[1])]
    if all_same(factors):
        yield story(
            "a factor too many",
            f"a − y is there, and something multiplies it: for z = 0, 1 and 2 it is {told_all(factors[0])}. "
            "In line 12 nothing does.",
        )
        return
    exact = shaped(ask.table(_SHARED, a), a.shape)
    yield story(
        "target used otherwise",
        f"Where y is exactly what the outputs are, line 12 gives 0 for each. Yours are {told_all(exact)}. "
        "Look at how y comes in: it is subtracted, as it is.",
    )
