"""The proofs: a teacher who adds an equation or a line of a proof writes here.

`four` has the forward pass and BP1 to BP4, `costs` the three costs and what BP1 comes to with each; both are data,
lines in the notation with their reasons. `derivation` says what such a proof is: `verify`, and a line on a network
(`on`). It stands on `notation` and `network`; exercises, pictures and widgets read it, readers as `bp.derivations`.
"""

from bpcourse.proofs.costs import (
    CANCELLED_OUTPUT_ERROR,
    COST_OF,
    CROSS_ENTROPY,
    LOG_LIKELIHOOD,
    QUADRATIC,
    QUADRATIC_OUTPUT_ERROR,
    output_error_of,
)
from bpcourse.proofs.derivation import Derivation, FalseLine, Line
from bpcourse.proofs.four import (
    ACTIVATION,
    BIAS_GRADIENT,
    BP1,
    BP2,
    BP2_TWICE,
    BP3,
    BP4,
    FORWARD,
    HIDDEN_ERROR,
    NEXT_BIAS,
    NEXT_WEIGHT,
    SLOPE,
    WEIGHT_GRADIENT,
    WEIGHTED_INPUT,
)

DERIVATIONS = (FORWARD, QUADRATIC, BP1, BP2, BP3, BP4, CROSS_ENTROPY, LOG_LIKELIHOOD, BP2_TWICE)

__all__ = ["ACTIVATION", "BIAS_GRADIENT", "BP1", "BP2", "BP2_TWICE", "BP3", "BP4", "CANCELLED_OUTPUT_ERROR", "COST_OF"]
__all__ += ["CROSS_ENTROPY", "DERIVATIONS", "FORWARD", "HIDDEN_ERROR", "LOG_LIKELIHOOD", "Derivation", "FalseLine"]
__all__ += ["NEXT_BIAS", "NEXT_WEIGHT", "QUADRATIC", "QUADRATIC_OUTPUT_ERROR", "SLOPE", "WEIGHTED_INPUT", "Line"]
__all__ += ["WEIGHT_GRADIENT", "output_error_of"]
