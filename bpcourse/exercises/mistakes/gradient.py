"""The classic mistakes of BP3 and BP4, the gradients: see `error`."""

import numpy as np

from bpcourse.exercises.judging import Mistake
from bpcourse.exercises.mistakes.forward import first

TWICE = (
    "You divide by the number of samples twice. C is one mean over the samples, so its gradient is one mean of theirs."
)


MEAN = (  # over the samples, one number a neuron
    lambda delta: delta.mean(axis=1, keepdims=True),
    Mistake("sum for mean", lambda delta: delta.sum(axis=1, keepdims=True)).told(
        "You add the samples up. Is C in line 6 of BP3 the sum of their costs or the mean?"
    ),
    Mistake("mean forgotten", lambda delta: delta).told(
        "Each sample still has its own column, but all samples share one bias. What does line 6 of BP3 make of the "
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
        "Only the first sample counts in your answer. What does line 6 of BP3 do with all of them?"
    ),
    Mistake("= for +=", lambda delta: delta[:, [-1]] / delta.shape[1]).told(
        "Only the last sample counts: every turn of the loop forgets the one before. Line 6 of BP3 adds them up."
    ),
    Mistake("one sample for all", lambda delta: delta[:, [-1]]).told(
        "Only the last sample counts in your answer. What does line 6 of BP3 do with all of them?"
    ),
    Mistake("divided by the neurons", lambda delta: delta.sum(axis=1, keepdims=True) / len(delta)).told(
        "You divide by the number of neurons. Over what does the mean in line 6 of BP3 run?"
    ),
)


def _for_one_sample(name: str, sentence: str, way) -> list[Mistake]:
    """A mistake of someone who thinks of one sample: the division that follows is made, or left out with it."""
    return [
        Mistake(name, way).told(sentence),
        Mistake(name, lambda a, delta: way(a, delta) * delta.shape[1]).told(sentence),
    ]


_ENTRIES = (
    "You multiply entry by entry. Line 5 of BP4 pairs every error with every activation, and a matrix product does "
    "that for many samples too."
)
PRODUCTS = (  # δ^l (a^{l−1})ᵀ, added up over the samples
    lambda a, delta: delta @ a.T,
    Mistake("outer product the wrong way round", lambda a, delta: a @ delta.T).told(
        "The products are right, but the table lies on its side. A gradient has the shape of what it belongs to: "
        "in line 5 of BP4, which index counts the rows, and which the columns?"
    ),
    *_for_one_sample("⊙ for the matrix product", _ENTRIES, lambda a, delta: delta * a.T),
    *_for_one_sample("⊙ for the matrix product", _ENTRIES, lambda a, delta: delta * a),
    Mistake("missing transpose", lambda a, delta: delta @ a).told(
        "The second factor has to lie down before the product: which one carries the T in line 6 of BP4, and why?"
    ),
    Mistake("inner product for outer product", lambda a, delta: delta.T @ a).told(
        "A row times a column adds up and gives one number. Line 5 of BP4 is a table with a place for every weight."
    ),
    *_for_one_sample(
        "outer product across samples",
        "The function np.outer is for one sample. With many it multiplies every sample with every other one: "
        "look at line 7 of BP4.",
        lambda a, delta: np.outer(delta, a),
    ),
    Mistake("mean forgotten", lambda a, delta: np.einsum("jm,km->jkm", delta, a) * delta.shape[1]).told(
        "Each sample still has a table of its own, but all samples share the weights. What does line 7 of BP4 make of "
        "the tables?"
    ),
    Mistake(
        "product of the means",
        lambda a, delta: delta.mean(axis=1, keepdims=True) @ a.mean(axis=1, keepdims=True).T * delta.shape[1],
    ).told(
        "You average first and multiply then. In line 7 of BP4 each sample makes its own table, and the tables are "
        "averaged."
    ),
    *_for_one_sample(
        "= for +=",
        "Only the last sample counts: every turn of the loop forgets the one before. Line 7 of BP4 adds them up.",
        lambda a, delta: np.outer(delta[:, -1], a[:, -1]),
    ),
)


DIVISOR = (  # of a sum over the samples: there are `before` and n neurons, m samples
    lambda before, n, m: m,
    Mistake("sum for mean", lambda before, n, m: 1).told(
        "The product has added the samples up. Is C in line 7 of BP4 the sum of their costs or the mean?"
    ),
    Mistake("mean twice", lambda before, n, m: m**2).told(TWICE),
    Mistake("divided by the neurons", lambda before, n, m: n).told(
        "You divide by the number of neurons. Over what does the mean in line 7 of BP4 run?"
    ),
    Mistake("divided by the neurons", lambda before, n, m: before).told(
        "You divide by the number of neurons of the layer before. Over what does the mean in line 7 of BP4 run?"
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
