"""The classic mistakes of the forward pass and of the cost, and those of any answer that is a table."""

from __future__ import annotations

import numpy as np

from bpcourse.exercises.judging import Mistake
from bpcourse.network.functions import sigmoid, sigmoid_prime

# Any table -----------------------------------------------------------------------------------------------------------


def flat(column):
    """A column as a flat vector, which numpy treats as a row."""
    return column.ravel() if column.shape[1] == 1 else column


def first(table):
    """The first sample alone, which numpy stretches over all the others."""
    return table[:, [0]]


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


# The forward pass of a layer -----------------------------------------------------------------------------------------

COLLECT = (
    lambda w, a: w @ a,
    Mistake(
        "needless transpose",
        "Your sum runs down a column of w. A neuron collects along the wires that arrive at it: read line 2 of the "
        "forward pass, and which index of w stays the same.",
        lambda w, a: w.T @ a,
    ),
    Mistake(
        "⊙ for the matrix product",
        "The products are there, but they are not added up: see the sum in line 1 of the forward pass.",
        lambda w, a: w * a.T,
    ),
    Mistake(
        "⊙ for the matrix product",
        "You multiply entry by entry. Line 1 of the forward pass multiplies along the wires of one neuron and adds up.",
        lambda w, a: w * a,
    ),
    Mistake(
        "row for column",
        "Your sums lie in a row, and a row plus the column of biases becomes a table. Print the shape of each part.",
        lambda w, a: a.T @ w.T,
    ),
    Mistake(
        "σ twice",
        "You put the activations that arrive through σ. They have been through it already, in the layer before: see "
        "line 4 of the forward pass.",
        lambda w, a: w @ sigmoid(a),
    ),
    Mistake(
        "= for +=",
        "Only the last wire of each neuron counts: every turn of the loop forgets the one before. Line 1 of the "
        "forward pass adds up.",
        lambda w, a: w[:, [-1]] * a[[-1]],
    ),
)
ADD_BIAS = (
    lambda collected, b: collected + b,
    Mistake(
        "bias forgotten",
        "Something that does not come along a wire is missing: compare the last term in line 1 of the forward pass.",
        lambda collected, b: collected,
    ),
    Mistake(
        "bias subtracted",
        "Look at the sign in front of the last term of line 1 of the forward pass.",
        lambda collected, b: collected - b,
    ),
    Mistake(
        "accidental broadcasting",
        "The bias became a flat vector, and numpy made a square table of it and your column. Print both shapes.",
        lambda collected, b: collected + b.ravel(),
    ),
)
_OF_Z = (
    sigmoid,
    Mistake(
        "σ forgotten",
        "This is the weighted input z. What does the neuron send on? See line 3 of the forward pass.",
        lambda z: z,
    ),
    Mistake("σ′ for σ", "You return the slope of σ. Line 3 of the forward pass uses σ itself.", sigmoid_prime),
    Mistake(
        "sign in the exponent",
        "Your σ falls where it should rise. Look at the sign of z in e to the power: notebook 01, below line 3.",
        lambda z: sigmoid(-z),
    ),
    Mistake(
        "σ twice",
        "You send z through σ, and the result through σ once more. Line 3 of the forward pass does it once.",
        lambda z: sigmoid(sigmoid(z)),
    ),
)


def _after(of_z):
    return lambda bias, collected, b: of_z(bias(collected, b))


SQUASH = (  # the bias is added to what was collected, and σ comes after
    _after(_OF_Z[0]),
    *(Mistake(mistake.name, mistake.sentence, _after(mistake.way)) for mistake in _OF_Z[1:]),
    Mistake(
        "bias after σ",
        "You add the bias to what σ gives. In line 1 of the forward pass it is a part of z, and σ comes after.",
        lambda bias, collected, b: bias(sigmoid(collected), b),
    ),
)

# The cost ------------------------------------------------------------------------------------------------------------

MISS = (
    lambda a, y: (a - y) ** 2,
    Mistake(
        "square forgotten",
        "You add the distances up as they are. What does line 1 of the quadratic cost do to each of them first?",
        lambda a, y: abs(a - y),
    ),
    Mistake(
        "square forgotten",
        "Too low and too high cancel in your sum. What does line 1 of the quadratic cost do to each difference first?",
        lambda a, y: a - y,
    ),
    Mistake(
        "accidental broadcasting",
        "A column met a flat vector, and numpy made a square table of them without a word. Print the shape of a and y.",
        lambda a, y: (a - flat(y)) ** 2,
    ),
)
HALF = (
    0.5,
    Mistake(
        "factor 2",
        "Your cost is twice that of this course: what stands before the sum in line 1 of the quadratic cost?",
        1.0,
    ),
    Mistake(
        "half twice",
        "Your cost is half of this course's: how often does the ½ stand in line 1 of the quadratic cost?",
        0.25,
    ),
)
OVER_OUTPUTS = (
    lambda squares: squares.sum(axis=0, keepdims=True),
    Mistake(
        "mean for sum",
        "You take a mean over the outputs too. Only the samples are averaged: compare the two signs in front of "
        "line 1 and line 6 of the quadratic cost.",
        lambda squares: squares.mean(axis=0, keepdims=True),
    ),
    Mistake(
        "outputs not added up",
        "You average over the samples, and each output still has a number of its own. C is one number: line 1 of the "
        "quadratic cost says what becomes of the outputs.",
        lambda squares: squares,
    ),
)


def _each_output(cost_x):
    return cost_x.mean(axis=1, keepdims=True) if len(cost_x) > 1 else cost_x.mean()


OVER_SAMPLES = (
    _each_output,
    Mistake(
        "sum for mean",
        "Your cost grows with the number of samples. What does line 6 of the quadratic cost do with them?",
        lambda cost_x: cost_x.sum(axis=1, keepdims=True),
    ),
    Mistake(
        "mean forgotten",
        "This is the cost of each sample by itself. C is one number for all: see line 6 of the quadratic cost.",
        lambda cost_x: cost_x,
    ),
)
