"""The costs of the course, each derived: its slope, and what BP1 comes to with it."""

from bpcourse.network import Network
from bpcourse.notation import C, C_x, Exp, L, Ln, Mean, Number, Same, Sum, a, delta, i, j, k, partial, sigma_prime, y, z
from bpcourse.notation.expressions import Equation
from bpcourse.notation.names import Symbol
from bpcourse.proofs.derivation import Derivation, Line, derived, main, side

__all__ = ["CANCELLED_OUTPUT_ERROR", "COST_OF", "CROSS_ENTROPY", "LOG_LIKELIHOOD", "QUADRATIC"]
__all__ += ["QUADRATIC_OUTPUT_ERROR", "output_error_of"]

COST_OF = {  # of one sample, by the name of the cost
    "quadratic": C_x == Number(1, 2) * Sum(j, L)((a[L, j] - y[L, j]) ** 2),
    "cross_entropy": C_x == -Sum(j, L)(y[L, j] * Ln(a[L, j]) + (1 - y[L, j]) * Ln(1 - a[L, j])),
    "log_likelihood": C_x == -Sum(j, L)(y[L, j] * Ln(a[L, j])),
}

QUADRATIC_OUTPUT_ERROR = delta[L, j] == (a[L, j] - y[L, j]) * sigma_prime(z[L, j])
CANCELLED_OUTPUT_ERROR = delta[L, j] == a[L, j] - y[L, j]


def _of_output(name: str, title: str, by: Symbol, cost: str, *lines: Line) -> Derivation:
    """A derivation about an output neuron j and one cost: what is sought is the slope of that cost `by` a symbol."""
    sought = (partial(C_x, by[L, j]), partial(C_x, by[L]))
    return derived(name, title, sought, {"j": L}, (L, L), *lines, cost=cost, step="BP1")


QUADRATIC = _of_output(
    "Quadratic cost",
    "The quadratic cost and its derivative",
    a,
    "quadratic",
    side(COST_OF["quadratic"], "Half the squared distance to the target."),
    main(partial(C_x, a[L, j]) == a[L, j] - y[L, j], "Only the j-th term of the sum contains the j-th activation."),
    main(partial(C_x, a[L]) == a[L] - y[L], "One below the other."),
    side(QUADRATIC_OUTPUT_ERROR, "BP1 with this cost put in."),
    side(delta[L] == (a[L] - y[L]) * sigma_prime(z[L]), "The same for the layer."),
    side(C == Mean(C_x), "The cost of many samples is the mean of theirs."),
)

CROSS_ENTROPY = _of_output(
    "Cross-entropy",
    "Why σ′ cancels: cross-entropy behind a sigmoid output",
    z,
    "cross_entropy",
    side(COST_OF["cross_entropy"], "The cost of one sample."),
    side(
        partial(C_x, a[L, j]) == -(y[L, j] / a[L, j]) + (1 - y[L, j]) / (1 - a[L, j]),
        "Only the j-th term of the sum contains the j-th activation, and the slope of ln(a) is 1/a.",
    ),
    side(
        partial(C_x, a[L, j]) == (a[L, j] - y[L, j]) / (a[L, j] * (1 - a[L, j])),
        "Over one denominator; above it, the products of a and y cancel.",
    ),
    side(sigma_prime(z[L, j]) == a[L, j] * (1 - a[L, j]), "The slope of the sigmoid is σ(1 − σ)."),
    main(delta[L, j] == partial(C_x, a[L, j]) * sigma_prime(z[L, j]), "BP1 for one output."),
    main(delta[L, j] == (a[L, j] - y[L, j]) / (a[L, j] * (1 - a[L, j])) * (a[L, j] * (1 - a[L, j])), "Put both in."),
    main(CANCELLED_OUTPUT_ERROR, "The slope of the sigmoid stands below and beside the fraction: it cancels."),
    main(delta[L] == a[L] - y[L], "One below the other."),
)

_E_SUM = Sum(i, L)(Exp(z[L, i]))

LOG_LIKELIHOOD = _of_output(
    "Log-likelihood",
    "A softmax output, whose neurons listen to each other, with log-likelihood",
    z,
    "log_likelihood",
    main(delta[L, j] == partial(C_x, z[L, j]), "This is what an error is."),
    main(
        delta[L, j] == Sum(k, L)(partial(C_x, a[L, k]) * partial(a[L, k], z[L, j])),
        "The chain rule, as in BP1. The sum does not collapse: a push on one z moves every output.",
    ),
    side(COST_OF["log_likelihood"], "The cost of one sample."),
    side(
        partial(C_x, a[L, k]) == -(y[L, k] / a[L, k]),
        "Only the k-th term of the sum contains the k-th activation, and the slope of ln(a) is 1/a.",
        also={"k": L},
    ),
    side(a[L, k] == Exp(z[L, k]) / _E_SUM, "The k-th output is its share of the sum of all.", also={"k": L}),
    side(
        partial(a[L, j], z[L, j]) == a[L, j] - a[L, j] * a[L, j],
        "The quotient rule for k = j: the push is felt above the fraction and below it.",
    ),
    side(
        partial(a[L, k], z[L, j]) == -(a[L, k] * a[L, j]),
        "The quotient rule for k ≠ j: the push is felt below the fraction only.",
        also={"k": L},
        unequal=("j", "k"),
    ),
    side(
        partial(a[L, k], z[L, j]) == a[L, k] * (Same(k, j) - a[L, j]),
        "Both in one: the 1 with k = j below it is 1 where k is j, and 0 elsewhere.",
        also={"k": L},
    ),
    main(delta[L, j] == Sum(k, L)(-(y[L, k] / a[L, k]) * a[L, k] * (Same(k, j) - a[L, j])), "Put both factors in."),
    main(
        delta[L, j] == Sum(k, L)(y[L, k] * (a[L, j] - Same(k, j))),
        "The k-th activation cancels, and the minus sign turns the parenthesis round.",
    ),
    main(
        delta[L, j] == Sum(k, L)(y[L, k]) * a[L, j] - y[L, j],
        "The j-th activation is in every term; of the ones only that of k = j is left.",
    ),
    main(CANCELLED_OUTPUT_ERROR, "The targets sum to 1."),
    main(delta[L] == a[L] - y[L], "One below the other."),
)


def output_error_of(net: Network) -> Equation:
    """BP1 for one neuron, with ∂C/∂a put in for this network's cost."""
    return CANCELLED_OUTPUT_ERROR if net.sigma_prime_cancels else QUADRATIC_OUTPUT_ERROR
