"""The classic mistakes of backpropagation: what each computes, and what a teacher says to it.

Each function gives one place of an exercise, the right way first. A sentence points to a line of a derivation, which
the exercise names, and says what to look for there, not what to write.
"""

from __future__ import annotations

import numpy as np

from bpcourse.exercises.judging import Mistake
from bpcourse.functions import sigmoid, sigmoid_prime


def flat(column):
    """A column as a flat vector, which numpy treats as a row."""
    return column.ravel() if column.shape[1] == 1 else column


def first(table):
    """The first sample alone, which numpy stretches over all the others."""
    return table[:, [0]]


def difference(line: str) -> tuple:
    """a − y, from a and y."""
    return (
        lambda a, y: a - y,
        Mistake(
            "y − a for a − y",
            f"All signs are turned round. An output that is too low has a negative slope, because more of it lowers "
            f"the cost: look at the order in {line}.",
            lambda a, y: y - a,
        ),
        Mistake(
            "factor 2",
            f"A factor 2 too much: it belongs to a cost without the one half. Take the derivative in {line} again, "
            "starting from the cost of this course.",
            lambda a, y: 2 * (a - y),
        ),
        Mistake(
            "cost for its slope",
            f"You use the cost itself. {line[0].upper()}{line[1:]} asks how fast it changes with a.",
            lambda a, y: (a - y) ** 2 / 2,
        ),
        Mistake(
            "accidental broadcasting",
            "A column met a flat vector, and numpy made a square table of them without a word. Print the shape of each "
            "of the two and keep both columns.",
            lambda a, y: a - flat(y),
        ),
    )


def slope(line: str) -> tuple:
    """σ′(z), from z."""
    return (
        sigmoid_prime,
        Mistake(
            "σ for σ′",
            f"You multiply by σ, what the neuron sends on. {line} needs how fast that follows a push: a slope.",
            sigmoid,
        ),
        Mistake(
            "σ′ at a",
            f"You take the slope at the activation. Which number stands in the brackets of σ′ in {line}?",
            lambda z: sigmoid_prime(sigmoid(z)),
        ),
        Mistake(
            "z (1 − z) for σ′",
            "The short formula for σ′ is made of σ(z). You put z itself into it; look up notebook 01, line 3.",
            lambda z: z * (1 - z),
        ),
        Mistake(
            "σ′ forgotten",
            f"A factor is missing: a push has to get through the neuron before it reaches anything else. Compare your "
            f"factors with those of {line}.",
            np.ones_like,
        ),
        Mistake(
            "accidental broadcasting",
            "All samples get the slopes of the first one: a single column was stretched over the others. Each sample "
            "needs its own.",
            lambda z: sigmoid_prime(first(z)),
        ),
        Mistake(
            "accidental broadcasting",
            "The slopes came as a flat vector, and numpy made a table of them and your column. Print their shapes.",
            lambda z: flat(sigmoid_prime(z)),
        ),
    )


def by_entry(line: str) -> tuple:
    """⊙, of two tables of the same shape."""
    sentence = (
        f"You use a matrix product, which adds products up or crosses every neuron with every other. What does ⊙ in "
        f"{line} do with two columns?"
    )
    ways = (
        lambda u, v: u @ v,
        lambda u, v: u @ v.T,
        lambda u, v: u.T @ v,
        lambda u, v: v @ u.T,
        lambda u, v: np.sum(u * v),
    )
    return (lambda u, v: u * v, *(Mistake("matrix product for ⊙", sentence, way) for way in ways))


def per_sample(line: str) -> tuple:
    """Errors stay apart, one column a sample."""
    return (
        lambda delta: delta,
        Mistake(
            "mean too early",
            f"You average over the samples already. {line} holds for each sample by itself; the mean comes with the "
            "gradients, in BP3 and BP4.",
            lambda delta: delta.mean(axis=1, keepdims=True),
        ),
        Mistake(
            "mean too early",
            f"You divide by the number of samples already. {line} holds for each sample by itself; the mean comes "
            "with the gradients, in BP3 and BP4.",
            lambda delta: delta / delta.shape[1],
        ),
        Mistake(
            "samples added up",
            f"You add the samples up. {line} holds for each sample by itself and keeps one column for each.",
            lambda delta: delta.sum(axis=1, keepdims=True),
        ),
    )


def column() -> tuple:
    """The answer stands upright: rows for neurons, columns for samples."""
    return (
        lambda table: table,
        Mistake(
            "row for column",
            "The numbers lie on their side: in this course a row belongs to a neuron and a column to a sample. "
            "Compare the shapes in the table of symbols.",
            lambda table: np.asarray(table).T,
        ),
        Mistake(
            "row for column",
            "The answer is a flat vector, which numpy treats as a row as soon as it meets a column. "
            "Keep it a table with one column.",
            lambda table: flat(np.atleast_2d(table)),
        ),
    )


def backward(line: str) -> tuple:
    """(w^{l+1})ᵀ δ^{l+1}, from w and δ."""
    transpose = (
        f"You collect along the wires that arrive, the rows of w. Along which wires does an error come back to a "
        f"neuron? In {line}, see which index of w the sum runs over."
    )
    inverse = (
        f"You invert w. Nothing is undone on the way back: every wire is used with the weight it has, read from its "
        f"other end. Compare {line}."
    )
    entries = f"You multiply entry by entry, where the sum in {line} adds up what comes along all wires of a neuron."
    return (
        lambda w, delta: w.T @ delta,
        Mistake("missing transpose", transpose, lambda w, delta: w @ delta),
        Mistake("inverse for transpose", inverse, lambda w, delta: np.linalg.inv(w) @ delta),
        Mistake("inverse for transpose", inverse, lambda w, delta: np.linalg.pinv(w) @ delta),
        Mistake("inverse for transpose", inverse, lambda w, delta: np.linalg.inv(w).T @ delta),
        Mistake("⊙ for the matrix product", entries, lambda w, delta: w.T * delta),
        Mistake("⊙ for the matrix product", entries, lambda w, delta: w * delta),
        Mistake(
            "mean for sum",
            f"You take a mean over the wires. The effects of several paths add up, as in {line}.",
            lambda w, delta: w.T @ delta / len(w),
        ),
        Mistake(
            "row for column",
            "The errors were collected into a row, and a row times a column of slopes becomes a table. "
            "Print the shape of each factor.",
            lambda w, delta: delta.T @ w,
        ),
    )


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
            "has a mean of its own: see `axis` in *The code*.",
            lambda delta: delta.mean(),
        ),
        Mistake("mean twice", TWICE, lambda delta: delta.mean(axis=1, keepdims=True) / delta.shape[1]),
        Mistake(
            "one sample for all",
            f"Only the first sample counts in your answer. {line} takes all of them.",
            first,
        ),
    )


def mean_of_products(line: str, last: str) -> tuple:
    """δ^l (a^{l−1})ᵀ, averaged over the samples."""
    round_ = (
        "The products are right, but the table lies on its side. A gradient has the shape of what it belongs to: "
        f"in {line}, which index counts the rows, and which the columns?"
    )
    entries = (
        f"You multiply entry by entry. {line} multiplies every error with every activation, and the matrix product "
        "does that for many samples too."
    )
    m = lambda delta: delta.shape[1]  # noqa: E731
    return (
        lambda a, delta: delta @ a.T / m(delta),
        Mistake("outer product the wrong way round", round_, lambda a, delta: a @ delta.T / m(delta)),
        Mistake("⊙ for the matrix product", entries, lambda a, delta: delta * a.T),
        Mistake("⊙ for the matrix product", entries, lambda a, delta: delta * a.T / m(delta)),
        Mistake("⊙ for the matrix product", entries, lambda a, delta: delta * a),
        Mistake(
            "missing transpose",
            f"The second factor has to lie down before the product: which one carries the T in {line}, and why?",
            lambda a, delta: delta @ a / m(delta),
        ),
        Mistake(
            "inner product for outer product",
            f"A row times a column adds up and gives one number a pair of samples. {line} needs a table with a place "
            "for every weight.",
            lambda a, delta: delta.T @ a / m(delta),
        ),
        Mistake(
            "outer product across samples",
            "np.outer takes two columns of one sample. With many samples it multiplies every sample with every other: "
            f"look at {last}.",
            lambda a, delta: np.outer(delta, a),
        ),
        Mistake(
            "outer product across samples",
            "np.outer takes two columns of one sample. With many samples it multiplies every sample with every other: "
            f"look at {last}.",
            lambda a, delta: np.outer(delta, a) / m(delta),
        ),
        Mistake(
            "sum for mean",
            f"The matrix product has added the samples up. Is C in {last} the sum of their costs or the mean?",
            lambda a, delta: delta @ a.T,
        ),
        Mistake("mean twice", TWICE, lambda a, delta: delta @ a.T / m(delta) ** 2),
        Mistake(
            "divided by the neurons",
            f"You divide by the number of neurons. Over what does the mean in {last} run?",
            lambda a, delta: delta @ a.T / len(delta),
        ),
        Mistake(
            "product of the means",
            f"You average first and multiply then. In {last} each sample makes its own table, and the tables are "
            "averaged.",
            lambda a, delta: delta.mean(axis=1, keepdims=True) @ a.mean(axis=1, keepdims=True).T,
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
