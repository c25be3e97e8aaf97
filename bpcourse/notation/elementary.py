"""The functions of any expression: ln and e to the power of it."""

import numpy as np

from bpcourse.notation.expressions import OfOne


class Ln(OfOne):
    """ln(an expression), the natural logarithm; −∞ at 0, without a warning."""

    def combine(self, value):
        with np.errstate(divide="ignore"):
            return np.log(value)

    def write(self, out, first):
        return out.row(out.ln, out.fence(self.members[0].write(out, True)))


class Exp(OfOne):
    """e to the power of an expression."""

    def combine(self, value):
        with np.errstate(over="ignore"):
            return np.exp(value)

    def write(self, out, first):
        return out.power(out.letter("e"), self.members[0].write(out, True))
