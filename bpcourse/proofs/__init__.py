"""The proofs: a teacher who adds an equation or a line of a proof writes here.

`four` has the forward pass and BP1 to BP4, `costs` the three costs and what BP1 comes to with each; both are data,
lines in the notation with their reasons. `derivation` says what such a proof is: `verify`, and a line on a network
(`on`). It stands on `notation` and `network`; exercises, pictures and widgets read it, readers as `bp.derivations`.
"""

from bpcourse.proofs import costs, four
from bpcourse.proofs.costs import *  # noqa: F403, the names that costs and four offer
from bpcourse.proofs.derivation import Derivation, FalseLine, Line
from bpcourse.proofs.four import *  # noqa: F403

__all__ = ["Derivation", "FalseLine", "Line", *costs.__all__, *four.__all__]
