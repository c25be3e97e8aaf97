"""Functions inside an expression: ln, a power of e, and the 1 that stands where two indices are the same."""

from dataclasses import dataclass

import numpy as np

from bpcourse.expressions import Expression, Group, Number
from bpcourse.indices import Index, bind


class Ln(Group):
    """ln(an expression), the natural logarithm; −∞ at 0, without a warning."""

    def compute(self, trace):
        with np.errstate(divide="ignore"):
            return np.log(self.members[0].compute(trace))

    def write(self, out, first):
        return out.row(out.ln(), out.fence(self.members[0].write(out, True)))


class Exp(Group):
    """e to the power of an expression."""

    def compute(self, trace):
        with np.errstate(over="ignore"):
            return np.exp(self.members[0].compute(trace))

    def write(self, out, first):
        return out.power(out.letter("e"), self.members[0].write(out, True))


@dataclass(frozen=True, eq=False)
class Same(Expression):
    """1 if two indices are the same, else 0; written as that number as soon as both are known."""

    one: Index | int
    other: Index | int

    def bound(self, sizes, indices):
        one, other = bind(self.one, indices), bind(self.other, indices)
        return Same(one, other) if isinstance(one, Index) or isinstance(other, Index) else Number(int(one == other))

    def compute(self, trace):
        raise ValueError(f"whether {self.one} = {self.other} is known once both have a value")

    def write(self, out, first):
        return out.indicator(f"{self.one}={self.other}")
