"""The classic mistakes of the forward pass and of the cost, and those of any answer that is a table."""

from dataclasses import replace

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


UPRIGHT = (  # rows for neurons, columns for samples
    lambda table: table,
    Mistake("row for column", lambda table: np.asarray(table).T).told(
        "The numbers lie on their side: in this course a row belongs to a neuron and a column to a sample. "
        "Compare the shapes in the table of symbols."
    ),
    Mistake("row for column", lambda table: flat(np.atleast_2d(table))).told(
        "The answer is a flat vector, which numpy treats as a row as soon as it meets a column. "
        "Keep it a table with one column."
    ),
)


# The forward pass of a layer -----------------------------------------------------------------------------------------

COLLECT = (
    lambda w, a: w @ a,
    Mistake("needless transpose", lambda w, a: w.T @ a).told(
        "Your sum runs down a column of w. A neuron collects along the wires that arrive at it: read line 2 of the "
        "forward pass, and which index of w stays the same."
    ),
    Mistake("⊙ for the matrix product", lambda w, a: w * a.T).told(
        "The products are there, but they are not added up: see the sum in line 1 of the forward pass."
    ),
    Mistake("⊙ for the matrix product", lambda w, a: w * a).told(
        "You multiply entry by entry. Line 1 of the forward pass multiplies along the wires of one neuron and adds up."
    ),
    Mistake("row for column", lambda w, a: a.T @ w.T).told(
        "Your sums lie in a row, and a row plus the column of biases becomes a table. Print the shape of each part."
    ),
    Mistake("σ twice", lambda w, a: w @ sigmoid(a)).told(
        "You put the activations that arrive through σ. They have been through it already, in the layer before: see "
        "line 4 of the forward pass."
    ),
    Mistake("= for +=", lambda w, a: w[:, [-1]] * a[[-1]]).told(
        "Only the last wire of each neuron counts: every turn of the loop forgets the one before. Line 1 of the "
        "forward pass adds up."
    ),
)
ADD_BIAS = (
    lambda collected, b: collected + b,
    Mistake("bias forgotten", lambda collected, b: collected).told(
        "Something that does not come along a wire is missing: compare the last term in line 1 of the forward pass."
    ),
    Mistake("bias subtracted", lambda collected, b: collected - b).told(
        "Look at the sign in front of the last term of line 1 of the forward pass."
    ),
    Mistake("accidental broadcasting", lambda collected, b: collected + b.ravel()).told(
        "The bias became a flat vector, and numpy made a square table of it and your column. Print both shapes."
    ),
)
_OF_Z = (
    Mistake("σ forgotten", lambda z: z).told(
        "This is the weighted input z. What does the neuron send on? See line 3 of the forward pass."
    ),
    Mistake("σ′ for σ", sigmoid_prime).told("You return the slope of σ. Line 3 of the forward pass uses σ itself."),
    Mistake("sign in the exponent", lambda z: sigmoid(-z)).told(
        "Your σ falls where it should rise. Look at the sign of z in e to the power: notebook 01, below line 3."
    ),
    Mistake("σ twice", lambda z: sigmoid(sigmoid(z))).told(
        "You send z through σ, and the result through σ once more. Line 3 of the forward pass does it once."
    ),
)


def _after(of_z):
    return lambda bias, collected, b: of_z(bias(collected, b))


SQUASH = (  # the bias is added to what was collected, and σ comes after
    _after(sigmoid),
    *(replace(mistake, way=_after(mistake.way)) for mistake in _OF_Z),
    Mistake("bias after σ", lambda bias, collected, b: bias(sigmoid(collected), b)).told(
        "You add the bias to what σ gives. In line 1 of the forward pass it is a part of z, and σ comes after."
    ),
)

# The cost ------------------------------------------------------------------------------------------------------------

MISS = (
    lambda a, y: (a - y) ** 2,
    Mistake("square forgotten", lambda a, y: abs(a - y)).told(
        "You add the distances up as they are. What does line 1 of the quadratic cost do to each of them first?"
    ),
    Mistake("square forgotten", lambda a, y: a - y).told(
        "Too low and too high cancel in your sum. What does line 1 of the quadratic cost do to each difference first?"
    ),
    Mistake("accidental broadcasting", lambda a, y: (a - flat(y)) ** 2).told(
        "A column met a flat vector, and numpy made a square table of them without a word. Print the shape of a and y."
    ),
)
HALF = (
    0.5,
    Mistake("factor 2", 1.0).told(
        "Your cost is twice that of this course: what stands before the sum in line 1 of the quadratic cost?"
    ),
    Mistake("half twice", 0.25).told(
        "Your cost is half of this course's: how often does the ½ stand in line 1 of the quadratic cost?"
    ),
)
OVER_OUTPUTS = (
    lambda squares: squares.sum(axis=0, keepdims=True),
    Mistake("mean for sum", lambda squares: squares.mean(axis=0, keepdims=True)).told(
        "You take a mean over the outputs too. Line 1 of the quadratic cost adds them up, down a column (axis 0). Only "
        "the samples are averaged, in line 6."
    ),
    Mistake("outputs not added up", lambda squares: squares).told(
        "You average over the samples, and each output still has a number of its own. C is one number: line 1 of the "
        "quadratic cost says what becomes of the outputs."
    ),
)
AXES = (  # first the outputs of each sample, then the samples
    lambda outputs, samples, squares: samples(outputs(squares)),
    *(
        Mistake("axes swapped", way).told(
            "You add up along axis 1, the row of one output over all samples. The outputs of one sample stand in a "
            "column, axis 0: line 1 of the quadratic cost adds these up, and line 6 takes the mean of the samples."
        )
        for way in (
            lambda outputs, samples, squares: samples(outputs(squares.T)),
            lambda outputs, samples, squares: samples(outputs(squares.T)).T,
            lambda outputs, samples, squares: flat(samples(outputs(squares.T)).T),
        )
    ),
)
OVER_SAMPLES = (
    lambda cost_x: cost_x.mean(axis=1, keepdims=True),
    Mistake("sum for mean", lambda cost_x: cost_x.sum(axis=1, keepdims=True)).told(
        "Your cost grows with the number of samples. What does line 6 of the quadratic cost do with them?"
    ),
    *(
        Mistake("mean forgotten", way).told(
            "This is the cost of each sample by itself. C is one number for all: see line 6 of the quadratic cost."
        )
        for way in (lambda cost_x: cost_x, lambda cost_x: cost_x.ravel())
    ),
)
