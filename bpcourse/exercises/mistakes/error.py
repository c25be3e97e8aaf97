"""The classic mistakes of BP1 and BP2, the errors.

Each table is one place of an exercise, the right way first. A sentence points to a line of a derivation and says what
to look for there, not what to write. Where another exercise points to another line, a function makes the table.
"""

import numpy as np

from bpcourse.exercises.judging import Mistake
from bpcourse.exercises.mistakes.forward import first, flat
from bpcourse.network.functions import sigmoid, sigmoid_prime, softmax


def difference(line: str) -> tuple:
    """a − y, from a and y."""
    return (
        lambda a, y: a - y,
        Mistake("y − a for a − y", lambda a, y: y - a).told(
            f"All signs are turned round. An output that is too low has a negative slope, because more of it lowers "
            f"the cost: look at the order in {line}."
        ),
        Mistake("factor 2", lambda a, y: 2 * (a - y)).told(
            f"A factor 2 too much: it belongs to a cost without the one half. Take the derivative in {line} again, "
            "starting from the cost of this course."
        ),
        Mistake("cost for its slope", lambda a, y: (a - y) ** 2 / 2).told(
            f"You use the cost itself. {line[0].upper()}{line[1:]} asks how fast it changes with a."
        ),
        Mistake("accidental broadcasting", lambda a, y: a - flat(y)).told(
            "A column met a flat vector, and numpy made a square table of them without a word. Print the shape of each "
            "of the two and keep both columns."
        ),
        Mistake("difference forgotten", lambda a, y: np.ones_like(a)).told(
            f"This is the slope of σ alone. A factor is missing: how the cost follows the output, {line}."
        ),
    )


def slope(line: str) -> tuple:
    """σ′(z), from z."""
    return (
        sigmoid_prime,
        Mistake("σ for σ′", sigmoid).told(
            f"You multiply by σ, what the neuron sends on. Wanted is a slope, how fast that follows a push: see {line}."
        ),
        Mistake("σ′ at a", lambda z: sigmoid_prime(sigmoid(z))).told(
            f"You take the slope at the activation. Which number stands in the brackets of σ′? See {line}."
        ),
        Mistake("z (1 − z) for σ′", lambda z: z * (1 - z)).told(
            "You put z into the short formula for σ′. Of what is it made? See notebook 01, below line 3."
        ),
        Mistake("σ′ forgotten", np.ones_like).told(
            f"A factor is missing: a push has to get through the neuron before it reaches anything else. Compare your "
            f"factors with those of {line}."
        ),
        Mistake("accidental broadcasting", lambda z: sigmoid_prime(first(z))).told(
            "All samples get the slopes of the first one: a single column was stretched over the others. Each sample "
            "needs its own."
        ),
        Mistake("accidental broadcasting", lambda z: flat(sigmoid_prime(z))).told(
            "The slopes came as a flat vector, and numpy made a table of them and your column. Print their shapes."
        ),
    )


def by_entry(line: str) -> tuple:
    """⊙, of two tables of the same shape."""
    sentence = (
        f"You use a matrix product or a sum, which adds products up or crosses every neuron with every other. What "
        f"does ⊙ in {line} do with two columns?"
    )
    ways = (
        lambda u, v: u @ v,
        lambda u, v: u @ v.T,
        lambda u, v: u.T @ v,
        lambda u, v: v @ u.T,
        lambda u, v: np.sum(u * v),
    )
    return (lambda u, v: u * v, *(Mistake("matrix product for ⊙", way).told(sentence) for way in ways))


def per_sample(line: str) -> tuple:
    """Errors stay apart, one column a sample."""
    return (
        lambda delta: delta,
        Mistake("mean too early", lambda delta: delta.mean(axis=1, keepdims=True)).told(
            f"You average over the samples already. {line} holds for each sample by itself; the mean comes with the "
            "gradients, in BP3 and BP4."
        ),
        Mistake("mean too early", lambda delta: delta / delta.shape[1]).told(
            f"You divide by the number of samples already. {line} holds for each sample by itself; the mean comes "
            "with the gradients, in BP3 and BP4."
        ),
        Mistake("samples added up", lambda delta: delta.sum(axis=1, keepdims=True)).told(
            f"You add the samples up. {line} holds for each sample by itself and keeps one column for each."
        ),
    )


_INVERSE = (
    "You invert w. Nothing is undone on the way back: every wire is used with the weight it has, read from its "
    "other end. Compare line 7 of BP2."
)
_ENTRIES = "You multiply entry by entry, where the sum in line 7 of BP2 adds up what comes along all wires of a neuron."
BACKWARD = (  # (w^{l+1})ᵀ δ^{l+1}, from w and δ
    lambda w, delta: w.T @ delta,
    Mistake("missing transpose", lambda w, delta: w @ delta).told(
        "You collect along the wires that arrive, the rows of w. Along which wires does an error come back to a "
        "neuron? In line 7 of BP2, see which index of w the sum runs over."
    ),
    Mistake("inverse for transpose", lambda w, delta: np.linalg.inv(w) @ delta).told(_INVERSE),
    Mistake("inverse for transpose", lambda w, delta: np.linalg.pinv(w) @ delta).told(_INVERSE),
    Mistake("inverse for transpose", lambda w, delta: np.linalg.inv(w).T @ delta).told(_INVERSE),
    Mistake("⊙ for the matrix product", lambda w, delta: w.T * delta).told(_ENTRIES),
    Mistake("⊙ for the matrix product", lambda w, delta: w * delta).told(_ENTRIES),
    Mistake("mean for sum", lambda w, delta: w.T @ delta / len(w)).told(
        "You take a mean over the wires. The effects of several paths add up, as in line 7 of BP2."
    ),
    Mistake("row for column", lambda w, delta: delta.T @ w).told(
        "The errors were collected into a row, and a row times a column of slopes becomes a table. "
        "Print the shape of each factor."
    ),
    Mistake("= for +=", lambda w, delta: w[[-1]].T * delta[[-1]]).told(
        "Only the last wire counts: every turn of the loop forgets the one before. The sum in line 7 of BP2 adds up."
    ),
    Mistake("errors forgotten", lambda w, delta: np.ones((w.shape[1], delta.shape[1]))).told(
        "This is the slope of σ alone. Missing is what comes back along the wires, the sum in line 7 of BP2."
    ),
)
MOMENT = (  # first the errors are collected, then the slopes of this layer meet them
    lambda collect, product, w, delta, slopes: product(collect(w, delta), slopes),
    Mistake("σ′ of the wrong layer", lambda collect, product, w, d, slopes: collect(w, product(d, slopes))).told(
        "The slopes of this layer meet the errors of the next one. In line 7 of BP2, does σ′ stand inside the sum over "
        "the next layer or outside, and to which layer does it belong?"
    ),
)
SHARES = (  # the outputs of a softmax, from z
    softmax,
    Mistake("softmax over the wrong axis", lambda z: softmax(z.T).T).told(
        "Your shares of one neuron over all samples sum to 1. Wanted is the other direction: in line 5 the sum runs "
        "over the outputs of one sample, which stand in one column."
    ),
    Mistake("softmax over the whole table", lambda z: np.exp(z) / np.exp(z).sum()).told(
        "All numbers of your table of activations sum to 1. Each sample has shares of its own: in line 5 the sum runs "
        "over the outputs of one sample, which stand in one column."
    ),
    Mistake("σ for softmax", sigmoid).told(
        "You send each z through σ by itself, so the outputs of a sample do not sum to 1. In line 5 each output is a "
        "share of the sum over all."
    ),
    Mistake("e forgotten", lambda z: z / z.sum(axis=0)).told(
        "You divide z itself by a sum. What does line 5 do with each z first, so that no share is below 0?"
    ),
    Mistake("sum forgotten", np.exp).told(
        "You take e to the power of z and do not divide. A share is a part of something: see below the fraction in "
        "line 5."
    ),
    Mistake("z for a", lambda z: z).told("You compare z with the target. Which symbol stands in line 12, z or a?"),
)
SLOPE_KEPT = (
    lambda a, error: error,
    Mistake("σ′ kept", lambda a, error: error * a * (1 - a)).told(
        "You still multiply by a (1 − a). In line 10 it is gone: the slope of the logarithm has cancelled it."
    ),
    Mistake("slope of the cost for the error", lambda a, error: error / a).told(
        "You divide by a. That is how fast the cost follows an output, as in line 4. The push on z is still to come."
    ),
)
