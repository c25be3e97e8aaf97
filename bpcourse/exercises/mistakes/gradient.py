"""The classic mistakes of BP3 and BP4, the gradients: see `error`."""

from __future__ import annotations

import numpy as np

from bpcourse.exercises.judging import Mistake
from bpcourse.exercises.mistakes.forward import first

TWICE = (
    "You divide by the number of samples twice. C is one mean over the samples, so its gradient is one mean of theirs."
)


def mean_of_errors(line: str) -> tuple:
    """The mean over the samples, one number a neuron."""
    return (
        lambda delta: delta.mean(axis=1, keepdims=True),
        Mistake("sum for mean", lambda delta: delta.sum(axis=1, keepdims=True)).told(
            f"You add the samples up. Is C in {line} the sum of their costs or the mean?"
        ),
        Mistake("mean forgotten", lambda delta: delta).told(
            f"Each sample still has its own column, but all samples share one bias. What does {line} make of the "
            "columns?"
        ),
        Mistake("mean over the neurons", lambda delta: delta.mean(axis=0, keepdims=True)).told(
            "You average over the neurons, down the columns. One number for each neuron is wanted: the mean runs over "
            "the samples."
        ),
        Mistake("accidental broadcasting", lambda delta: delta.mean()).told(
            "You take one mean of everything, a single number that numpy would stretch over all biases. Every neuron "
            "has a mean of its own: see `axis` in 'The code'."
        ),
        Mistake("bias gradient forgotten", lambda delta: np.zeros((len(delta), 1))).told(
            "All your numbers are 0, as if nobody had computed them. For one sample line 5 of BP3 says what they are."
        ),
        Mistake("mean twice", lambda delta: delta.mean(axis=1, keepdims=True) / delta.shape[1]).told(TWICE),
        Mistake("one sample for all", first).told(
            f"Only the first sample counts in your answer. What does {line} do with all of them?"
        ),
        Mistake("= for +=", lambda delta: delta[:, [-1]] / delta.shape[1]).told(
            f"Only the last sample counts: every turn of the loop forgets the one before. {line[0].upper()}{line[1:]} "
            "adds them up."
        ),
        Mistake("one sample for all", lambda delta: delta[:, [-1]]).told(
            f"Only the last sample counts in your answer. What does {line} do with all of them?"
        ),
        Mistake("divided by the neurons", lambda delta: delta.sum(axis=1, keepdims=True) / len(delta)).told(
            f"You divide by the number of neurons. Over what does the mean in {line} run?"
        ),
    )


def _for_one_sample(name: str, sentence: str, way) -> list[Mistake]:
    """A mistake of someone who thinks of one sample: the division that follows is made, or left out with it."""
    return [
        Mistake(name, way).told(sentence),
        Mistake(name, lambda a, delta: way(a, delta) * delta.shape[1]).told(sentence),
    ]


def products(line: str, last: str) -> tuple:
    """δ^l (a^{l−1})ᵀ, added up over the samples."""
    round_ = (
        "The products are right, but the table lies on its side. A gradient has the shape of what it belongs to: "
        f"in {line}, which index counts the rows, and which the columns?"
    )
    entries = (
        f"You multiply entry by entry. {line[0].upper()}{line[1:]} pairs every error with every activation, and a "
        "matrix product does that for many samples too."
    )
    return (
        lambda a, delta: delta @ a.T,
        Mistake("outer product the wrong way round", lambda a, delta: a @ delta.T).told(round_),
        *_for_one_sample("⊙ for the matrix product", entries, lambda a, delta: delta * a.T),
        *_for_one_sample("⊙ for the matrix product", entries, lambda a, delta: delta * a),
        Mistake("missing transpose", lambda a, delta: delta @ a).told(
            "The second factor has to lie down before the product: which one carries the T in line 6 of BP4, and why?"
        ),
        Mistake("inner product for outer product", lambda a, delta: delta.T @ a).told(
            f"A row times a column adds up and gives one number. {line[0].upper()}{line[1:]} is a table with a place "
            "for every weight."
        ),
        *_for_one_sample(
            "outer product across samples",
            "The function np.outer is for one sample. With many it multiplies every sample with every other one: "
            f"look at {last}.",
            lambda a, delta: np.outer(delta, a),
        ),
        Mistake("mean forgotten", lambda a, delta: np.einsum("jm,km->jkm", delta, a) * delta.shape[1]).told(
            f"Each sample still has a table of its own, but all samples share the weights. What does {last} make of "
            "the tables?"
        ),
        Mistake(
            "product of the means",
            lambda a, delta: delta.mean(axis=1, keepdims=True) @ a.mean(axis=1, keepdims=True).T * delta.shape[1],
        ).told(
            f"You average first and multiply then. In {last} each sample makes its own table, and the tables are "
            "averaged."
        ),
        *_for_one_sample(
            "= for +=",
            f"Only the last sample counts: every turn of the loop forgets the one before. {last[0].upper()}{last[1:]} "
            "adds them up.",
            lambda a, delta: np.outer(delta[:, -1], a[:, -1]),
        ),
    )


def shares(last: str) -> tuple:
    """By what a sum over the samples is divided: `before` and n neurons, m samples."""
    return (
        lambda before, n, m: m,
        Mistake("sum for mean", lambda before, n, m: 1).told(
            f"The product has added the samples up. Is C in {last} the sum of their costs or the mean?"
        ),
        Mistake("mean twice", lambda before, n, m: m**2).told(TWICE),
        Mistake("divided by the neurons", lambda before, n, m: n).told(
            f"You divide by the number of neurons. Over what does the mean in {last} run?"
        ),
        Mistake("divided by the neurons", lambda before, n, m: before).told(
            f"You divide by the number of neurons of the layer before. Over what does the mean in {last} run?"
        ),
    )


def sign(what: str) -> tuple:
    """The gradient itself, not the direction of the step."""
    return (
        1,
        Mistake("sign turned round", -1).told(
            f"All signs are turned round. The gradient points to where the cost grows; the minus comes when {what}."
        ),
    )
