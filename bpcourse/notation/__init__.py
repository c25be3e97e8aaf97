"""The algebra of expressions: a line of a proof is a tree that writes itself, computes itself and names what it reads.

`names` is what a reader types, and this folder's face: `z[l, j]`, `Sum(k, l + 1)(…)`, `w[l + 1].T @ delta[l + 1]`.
It is made of `symbols` (one neuron, one wire), `layers` (whole layers) and `expressions` (the grammar); `typeset`
writes LaTeX and MathML, `canonical` says when two expressions are the same. It stands on `network` and `numeric`;
proofs, exercises and widgets use it, pictures through the proofs.
"""

from bpcourse.notation.names import *  # noqa: F403, every name that a reader types
from bpcourse.notation.names import __all__ as __all__
