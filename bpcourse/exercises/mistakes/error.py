"""The classic mistakes of BP1 and BP2, the errors.

Each table is one place of an exercise, the right way first. A sentence points to a line of a derivation and says what
to look for there, not what to write. Where another exercise points to another line, a function makes the table.
"""

import numpy as np

from bpcourse.exercises.judging import Mistake
from bpcourse.exercises.mistakes.forward import first, flat
from bpcourse.network.functions import sigmoid, sigmoid_prime, softmax

_MEAN = (
    "This is the slope of a mean over the outputs, as np.mean takes it. In line 1 of the quadratic cost the squares "
    "of a sample are added up and halved: take the derivative of that."
)
_MEAN_OF_ALL = (
    "This is the slope of a mean over the whole table, as np.mean takes it. In line 1 of the quadratic cost the "
    "squares of a sample are added up and halved; the mean over the samples comes with the gradients."
)
DIFFERENCE = (  # a − y, from a and y
    lambda a, y: a - y,
    Mistake("y − a for a − y or −σ′ for σ′", lambda a, y: y - a).told(
        "All signs are turned round. Is it the order in line 2 of the quadratic cost? An output that is too low has a "
        "negative slope, because more of it lowers the cost. Or a minus in σ′? σ rises everywhere, so σ′ is never "
        "negative."
    ),
    Mistake("factor 2", lambda a, y: 2 * (a - y)).told(
        "A factor 2 too much: it belongs to a cost without the one half. Take the derivative in line 2 of the "
        "quadratic cost again, starting from the cost of this course."
    ),
    Mistake("mean for sum", lambda a, y: 2 * (a - y) / len(a)).told(_MEAN),
    Mistake("mean for sum", lambda a, y: (a - y) / len(a)).told(_MEAN),
    Mistake("mean for sum", lambda a, y: 2 * (a - y) / a.size).told(_MEAN_OF_ALL),
    Mistake("mean for sum", lambda a, y: (a - y) / a.size).told(_MEAN_OF_ALL),
    Mistake("cost for its slope", lambda a, y: (a - y) ** 2 / 2).told(
        "You use the cost itself. Line 2 of the quadratic cost asks how fast it changes with a."
    ),
    Mistake("z for a", lambda a, y: np.log(a / (1 - a)) - y).told(  # z is what σ has made a of
        "You compare z with the target. Which symbol stands in line 2 of the quadratic cost, z or a?"
    ),
    Mistake("brackets forgotten", lambda a, y: a / (a * (1 - a)) - y).told(  # the slope that comes is a (1 − a)
        "Python multiplies before it subtracts, so σ′ meets y alone. What do the brackets in line 4 of the quadratic "
        "cost hold together?"
    ),
    Mistake("target forgotten", lambda a, y: a).told(
        "The target is missing. How the cost follows an output depends on both: line 2 of the quadratic cost."
    ),
    Mistake("accidental broadcasting", lambda a, y: a - flat(y)).told(
        "A column met a flat vector, and numpy made a square table of them without a word. Print the shape of each "
        "of the two and keep both columns."
    ),
    Mistake("difference forgotten", lambda a, y: np.ones_like(a)).told(
        "This is the slope of σ alone. A factor is missing: how the cost follows the output, line 2 of the quadratic "
        "cost."
    ),
)

CANCELLED = "it cancels, as with the a (1 − a) below the slope of cross-entropy, another cost"
ALWAYS_1 = "it is 1 everywhere, like the slope of ReLU where its input is above 0"
MINUS = "−σ′ for σ′"
_TANH = "One minus a square is the slope of tanh. Of what is that of a sigmoid made? See notebook 01, below line 3."


def slope(line: str, gone: str) -> tuple:
    """σ′(z), from z; `gone` says how σ′ may stand there and still leave no trace in the numbers."""
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
        Mistake("σ′ forgotten or 1", np.ones_like).told(
            f"There is no σ′ in your numbers: the factor is missing, or {gone}. Compare your factors with those of "
            f"{line}."
        ),
        Mistake(MINUS, lambda z: -sigmoid_prime(z)).told(
            "Your numbers are those of a slope with a minus. σ rises everywhere, so σ′ is never negative: see notebook "
            "01, below line 3. Or does a minus come in elsewhere?"
        ),
        Mistake("tanh's slope for σ′", lambda z: 1 - sigmoid(z) ** 2).told(_TANH),
        Mistake("tanh's slope for σ′", lambda z: 1 - np.tanh(z) ** 2).told(_TANH),
        Mistake("ReLU's slope for σ′", lambda z: (z > 0) * 1.0).told(
            "Your slopes are 0 and 1, those of ReLU. A sigmoid has others: see notebook 01, below line 3."
        ),
        Mistake("1 − σ for σ′", lambda z: sigmoid(-z)).told(
            "Your slope is 1 − σ(z), which is only one factor of the short formula, or a fraction without its square: "
            "see notebook 01, below line 3."
        ),
        Mistake("accidental broadcasting", lambda z: sigmoid_prime(first(z))).told(
            "All samples get the slopes of the first one: a single column was stretched over the others. Each sample "
            "needs its own."
        ),
        Mistake("accidental broadcasting", lambda z: flat(sigmoid_prime(z))).told(
            "The slopes came as a flat vector, and numpy made a table of them and your column. Print their shapes."
        ),
    )


OUTPUT_SLOPE = tuple(  # a minus in σ′ gives what y − a gives
    way for way in slope("line 6 of BP1", CANCELLED) if getattr(way, "name", "") != MINUS
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
_INSIDE = (
    "The slopes of this layer meet the errors of the next one. In line 7 of BP2, does σ′ stand inside the sum over "
    "the next layer or outside, and to which layer does it belong?"
)


def _in_every_turn(collect, product, w, delta, slopes):
    total = 0
    for k in range(len(w)):
        total = product(total + collect(w[[k]], delta[[k]]), slopes)
    return total


MOMENT = (  # first the errors are collected, then the slopes of this layer meet them
    lambda collect, product, w, delta, slopes: product(collect(w, delta), slopes),
    Mistake("σ′ of the wrong layer", lambda collect, product, w, d, slopes: collect(w, product(d, slopes))).told(
        _INSIDE
    ),
    Mistake(  # a loop with σ′ of neuron k does not miss the slopes that are too many
        "σ′ of the wrong layer", lambda collect, product, w, d, slopes: collect(w, product(d, slopes[: len(d)]))
    ).told(_INSIDE),
    Mistake("σ′ in every turn of the loop", _in_every_turn).told(
        "Your loop multiplies all that it has so far by σ′ in every turn, so the first terms get it many times. In "
        "line 7 of BP2 the sum is ready before σ′ meets it, once."
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
AGAINST_TARGET = (  # a − y, from a and y, for softmax
    lambda a, y: a - y,
    Mistake("y − a for a − y", lambda a, y: y - a).told(
        "All signs are turned round. An output that is too low has a negative slope, because more of it lowers the "
        "cost: look at the order in line 12 of the proof for softmax."
    ),
    Mistake("slope of the cost for the error", lambda a, y: -y / a).told(
        "This is how fast the cost follows an output, as in line 4. The push on z is still to come: it moves every "
        "output, and line 2 adds the paths up."
    ),
    Mistake("BP1's product for softmax", lambda a, y: -y * (1 - a)).told(
        "You multiply by a (1 − a), which is line 6 and the path of the output itself. A push on one z moves the other "
        "outputs too, so line 9 keeps the sum of line 2."
    ),
    Mistake("target forgotten", lambda a, y: a).told(
        "These are the outputs themselves. With what does line 12 compare them, so that nothing is left where an "
        "output is right?"
    ),
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
