"""The equations of the course, each derived: the forward pass, BP1 to BP4, and BP2 through two layers.

Exercises, the formula sheet, notebooks and docs/teaching.md cite lines by their number: a new one goes to the end, or
the tests say which numbers to move.
"""

from bpcourse.notation import C, C_x, L, Mean, Sum, a, b, delta, eta, i, j, k, l, partial, sigma, sigma_prime, w, z
from bpcourse.notation.layers import Grid
from bpcourse.proofs.costs import CROSS_ENTROPY, LOG_LIKELIHOOD, QUADRATIC
from bpcourse.proofs.derivation import derived, main, side

__all__ = ["ACTIVATION", "BIAS_GRADIENT", "BP1", "BP2", "BP2_TWICE", "BP3", "BP4", "DERIVATIONS", "FORWARD"]
__all__ += ["HIDDEN_ERROR", "NEXT_BIAS", "NEXT_WEIGHT", "SLOPE", "WEIGHTED_INPUT", "WEIGHT_GRADIENT"]

# The forward pass -----------------------------------------------------------------------------------------------------

WEIGHTED_INPUT = z[l, j] == Sum(k, l - 1)(w[l, j, k] * a[l - 1, k]) + b[l, j]
ACTIVATION = a[l, j] == sigma(z[l, j], opened=True)
SLOPE = sigma_prime(z[l, j]) == sigma_prime(z[l, j], opened=True)

BIAS_GRADIENT = partial(C_x, b[l, j]) == delta[l, j]
WEIGHT_GRADIENT = partial(C_x, w[l, j, k]) == delta[l, j] * a[l - 1, k]
HIDDEN_ERROR = delta[l, j] == Sum(k, l + 1)(w[l + 1, k, j] * delta[l + 1, k]) * sigma_prime(z[l, j])

# What a gradient step puts in the place of a bias and of a weight. Source: notebook 07.
NEXT_BIAS = b[l, j] - eta * partial(C_x, b[l, j])
NEXT_WEIGHT = w[l, j, k] - eta * partial(C_x, w[l, j, k])

FORWARD = derived(
    "Forward",
    "Weighted inputs and activations",
    (z[l, j], z[l]),
    {"j": l},
    (2, L),
    side(WEIGHTED_INPUT, "What arrives along the wires is added up, and the bias is added."),
    side(z[l] == (w[l] @ a[l - 1]) + b[l], "The sums of all neurons of a layer are one product with a matrix."),
    side(ACTIVATION, "The neuron sends on what σ makes of its weighted input."),
    side(a[l] == sigma(z[l]), "σ works on each neuron by itself."),
    step="forward",
)

# The four equations --------------------------------------------------------------------------------------------------

BP1 = derived(
    "BP1",
    "The error of the output layer",
    (partial(C_x, z[L, j]), partial(C_x, z[L])),
    {"j": L},
    (L, L),
    main(delta[L, j] == partial(C_x, z[L, j]), "This is what an error is."),
    main(
        delta[L, j] == Sum(k, L)(partial(C_x, a[L, k]) * partial(a[L, k], z[L, j])),
        "The chain rule: a push can reach the cost through every output activation, and the paths add up.",
    ),
    side(
        partial(a[L, k], z[L, j]) == 0,
        "An activation depends on its own weighted input alone, so for k ≠ j nothing moves.",
        also={"k": L},
        unequal=("j", "k"),
    ),
    main(delta[L, j] == partial(C_x, a[L, j]) * partial(a[L, j], z[L, j]), "So only the term k = j is left."),
    side(a[L, j] == sigma(z[L, j]), "This is how the activation comes from the weighted input."),
    main(delta[L, j] == partial(C_x, a[L, j]) * sigma_prime(z[L, j]), "Its slope is σ′."),
    main(
        delta[L] == Grid(partial(C_x, a[L, j]) * sigma_prime(z[L, j]), j, L),
        "The errors of all output neurons, one below the other.",
    ),
    main(delta[L] == partial(C_x, a[L]) * sigma_prime(z[L]), "A column times a column, entry by entry, is ⊙."),
    step="BP1",
)

BP2 = derived(
    "BP2",
    "The error of a layer from the error of the next",
    (partial(C_x, z[l, j]), partial(C_x, z[l])),
    {"j": l},
    (2, L - 1),
    main(delta[l, j] == partial(C_x, z[l, j]), "This is what an error is."),
    main(
        delta[l, j] == Sum(k, l + 1)(partial(C_x, z[l + 1, k]) * partial(z[l + 1, k], z[l, j])),
        "The chain rule: a push reaches the cost through the next layer's weighted inputs, and the paths add up.",
    ),
    main(
        delta[l, j] == Sum(k, l + 1)(partial(z[l + 1, k], z[l, j]) * delta[l + 1, k]),
        "The first factor is an error of the next layer, which is known. We write it last.",
    ),
    side(
        z[l + 1, k] == Sum(i, l)(w[l + 1, k, i] * sigma(z[l, i])) + b[l + 1, k],
        "This is the forward rule for the next layer.",
        also={"k": l + 1},
    ),
    side(
        partial(z[l + 1, k], z[l, j]) == w[l + 1, k, j] * sigma_prime(z[l, j]),
        "Only the term i = j of the sum follows the push, with the slope σ′ and then the weight.",
        also={"k": l + 1},
    ),
    main(delta[l, j] == Sum(k, l + 1)(w[l + 1, k, j] * sigma_prime(z[l, j]) * delta[l + 1, k]), "Put this in."),
    main(HIDDEN_ERROR, "The slope is the same in every term, so it moves out of the sum."),
    main(
        delta[l] == Grid(Sum(k, l + 1)(w[l + 1, k, j] * delta[l + 1, k]) * sigma_prime(z[l, j]), j, l),
        "The errors of all neurons of the layer, one below the other.",
    ),
    main(
        delta[l] == (w[l + 1].T @ delta[l + 1]) * sigma_prime(z[l]),
        "The sum over k runs down column j of the matrix, which is row j of its transpose.",
    ),
)

BP3 = derived(
    "BP3",
    "The gradient of the biases",
    (partial(C_x, b[l, j]), partial(C_x, b[l])),
    {"j": l},
    (2, L),
    main(
        partial(C_x, b[l, j]) == partial(C_x, z[l, j]) * partial(z[l, j], b[l, j]),
        "The chain rule: a bias reaches the cost through one weighted input alone, its own.",
    ),
    side(WEIGHTED_INPUT, "This is the forward rule."),
    side(partial(z[l, j], b[l, j]) == 1, "The bias is added, so the weighted input follows it one to one."),
    main(BIAS_GRADIENT, "The other factor is the error of the neuron."),
    main(partial(C_x, b[l]) == delta[l], "One below the other."),
    side(partial(C, b[l]) == Mean(delta[l]), "The cost is the mean over the samples, and so is its gradient."),
)

BP4 = derived(
    "BP4",
    "The gradient of the weights",
    (partial(C_x, w[l, j, k]), partial(C_x, w[l])),
    {"j": l, "k": l - 1},
    (2, L),
    main(
        partial(C_x, w[l, j, k]) == partial(C_x, z[l, j]) * partial(z[l, j], w[l, j, k]),
        "The chain rule: a weight reaches the cost only through the weighted input of the neuron it leads to.",
    ),
    side(
        z[l, j] == Sum(i, l - 1)(w[l, j, i] * a[l - 1, i]) + b[l, j],
        "This is the forward rule, with i in the sum because k is taken.",
    ),
    side(partial(z[l, j], w[l, j, k]) == a[l - 1, k], "Only the term i = k contains the weight, times an activation."),
    main(WEIGHT_GRADIENT, "The other factor is the error of the neuron."),
    main(
        partial(C_x, w[l]) == Grid(delta[l, j] * a[l - 1, k], j, l, k),
        "One row for each neuron j, one column for each neuron k of the layer before.",
    ),
    main(partial(C_x, w[l]) == delta[l] @ a[l - 1].T, "A column times a row is such a table of products."),
    side(partial(C, w[l]) == Mean(delta[l] @ a[l - 1].T), "The mean over the samples again."),
)

BP2_TWICE = derived(
    "BP2 twice",
    "The error of a layer from the error two layers on",
    (partial(C_x, z[l, j]), partial(C_x, z[l])),
    {"j": l},
    (2, L - 2),
    main(delta[l, j] == partial(C_x, z[l, j]), "This is what an error is."),
    main(delta[l] == (w[l + 1].T @ delta[l + 1]) * sigma_prime(z[l]), "BP2 for this layer."),
    side(delta[l + 1] == (w[l + 2].T @ delta[l + 2]) * sigma_prime(z[l + 1]), "BP2 for the next layer."),
    main(
        delta[l] == (w[l + 1].T @ ((w[l + 2].T @ delta[l + 2]) * sigma_prime(z[l + 1]))) * sigma_prime(z[l]),
        "Put it in: on its way through two layers an error is multiplied by two slopes.",
    ),
)

DERIVATIONS = (FORWARD, QUADRATIC, BP1, BP2, BP3, BP4, CROSS_ENTROPY, LOG_LIKELIHOOD, BP2_TWICE)
