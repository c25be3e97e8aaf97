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
        Mistake(
            "sum for mean",
            f"You add the samples up. Is C in {line} the sum of their costs or the mean?",
            lambda delta: delta.sum(axis=1, keepdims=True),
        ),
        Mistake(
            "mean forgotten",
            f"Each sample still has its own column, but all samples share one bias. What does {line} make of the "
            "columns?",
            lambda delta: delta,
        ),
        Mistake(
            "mean over the neurons",
            "You average over the neurons, down the columns. One number for each neuron is wanted: the mean runs over "
            "the samples.",
            lambda delta: delta.mean(axis=0, keepdims=True),
        ),
        Mistake(
            "accidental broadcasting",
            "You take one mean of everything, a single number that numpy would stretch over all biases. Every neuron "
            "has a mean of its own: see `axis` in 'The code'.",
            lambda delta: delta.mean(),
        ),
        Mistake(
            "bias gradient forgotten",
            "All your numbers are 0, as if nobody had computed them. For one sample line 5 of BP3 says what they are.",
            lambda delta: np.zeros((len(delta), 1)),
        ),
        Mistake("mean twice", TWICE, lambda delta: delta.mean(axis=1, keepdims=True) / delta.shape[1]),
        Mistake(
            "one sample for all",
            f"Only the first sample counts in your answer. What does {line} do with all of them?",
            first,
        ),
        Mistake(
            "= for +=",
            f"Only the last sample counts: every turn of the loop forgets the one before. {line[0].upper()}{line[1:]} "
            "adds them up.",
            lambda delta: delta[:, [-1]] / delta.shape[1],
        ),
        Mistake(
            "one sample for all",
            f"Only the last sample counts in your answer. What does {line} do with all of them?",
            lambda delta: delta[:, [-1]],
        ),
        Mistake(
            "divided by the neurons",
            f"You divide by the number of neurons. Over what does the mean in {line} run?",
            lambda delta: delta.sum(axis=1, keepdims=True) / len(delta),
        ),
    )


def _for_one_sample(name: str, sentence: str, way) -> list[Mistake]:
    """A mistake of someone who thinks of one sample: the division that follows is made, or left out with it."""
    return [Mistake(name, sentence, way), Mistake(name, sentence, lambda a, delta: way(a, delta) * delta.shape[1])]


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
        Mistake("outer product the wrong way round", round_, lambda a, delta: a @ delta.T),
        *_for_one_sample("⊙ for the matrix product", entries, lambda a, delta: delta * a.T),
        *_for_one_sample("⊙ for the matrix product", entries, lambda a, delta: delta * a),
        Mistake(
            "missing transpose",
            "The second factor has to lie down before the product: which one carries the T in line 6 of BP4, and why?",
            lambda a, delta: delta @ a,
        ),
        Mistake(
            "inner product for outer product",
            f"A row times a column adds up and gives one number. {line[0].upper()}{line[1:]} is a table with a place "
            "for every weight.",
            lambda a, delta: delta.T @ a,
        ),
        *_for_one_sample(
            "outer product across samples",
            "The function np.outer is for one sample. With many it multiplies every sample with every other one: "
            f"look at {last}.",
            lambda a, delta: np.outer(delta, a),
        ),
        Mistake(
            "mean forgotten",
            f"Each sample still has a table of its own, but all samples share the weights. What does {last} make of "
            "the tables?",
            lambda a, delta: np.einsum("jm,km->jkm", delta, a) * delta.shape[1],
        ),
        Mistake(
            "product of the means",
            f"You average first and multiply then. In {last} each sample makes its own table, and the tables are "
            "averaged.",
            lambda a, delta: delta.mean(axis=1, keepdims=True) @ a.mean(axis=1, keepdims=True).T * delta.shape[1],
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
        Mistake(
            "sum for mean",
            f"The product has added the samples up. Is C in {last} the sum of their costs or the mean?",
            lambda before, n, m: 1,
        ),
        Mistake("mean twice", TWICE, lambda before, n, m: m**2),
        Mistake(
            "divided by the neurons",
            f"You divide by the number of neurons. Over what does the mean in {last} run?",
            lambda before, n, m: n,
        ),
        Mistake(
            "divided by the neurons",
            f"You divide by the number of neurons of the layer before. Over what does the mean in {last} run?",
            lambda before, n, m: before,
        ),
    )


def sign(what: str) -> tuple:
    """The gradient itself, not the direction of the step."""
    return (
        1,
        Mistake(
            "sign turned round",
            f"All signs are turned round. The gradient points to where the cost grows; the minus comes when {what}.",
            -1,
        ),
    )
