"""The grammar of an expression: sums, products, functions, equations, and what every expression can do.

What a symbol is, and where its number comes from, is said in `symbols`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from copy import copy
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from typing import Any

import numpy as np

from bpcourse.network import Network
from bpcourse.network.trace import Trace, must_be_trace
from bpcourse.notation.bounds import MOST, whole
from bpcourse.notation.canonical import Terms, added, alone, in_order, multiplied
from bpcourse.notation.typeset import Latex, MathML
from bpcourse.tables import whole_number


def _term(value: Any) -> Expression:
    if isinstance(value, int | np.integer):
        return Number(value)  # type: ignore[arg-type]
    if isinstance(value, float):
        raise TypeError(f"an expression such as z[2, 3] is expected; it is {value!r}. A half is Number(1, 2)")
    if not isinstance(value, Expression):
        raise TypeError(f"an expression such as z[2, 3] is expected; it is {value!r:.60}")
    if isinstance(value, Equation):
        raise TypeError("an equation has one ==, and what stands on its sides are expressions such as z[2, 3]")
    return value


class Expression:
    """What all expressions can do. A subclass says how it is `bound`, written (`write`) and computed (`compute`)."""

    members: tuple[Expression, ...] = ()
    __array_ufunc__ = None  # numpy leaves +, *, == with an array or a number of its own to what is said here
    open_ended = False  # a sum: what is written behind it would belong to it

    def __mul__(self, other: Any) -> Any:
        return Product(*self.factors(), *_term(other).factors())

    def __add__(self, other: Any) -> Any:
        return Total(*self.terms(), *_term(other).terms())

    def __sub__(self, other: Any) -> Any:
        return Total(*self.terms(), Negative(other))

    def __truediv__(self, other: Any) -> Quotient:
        return Quotient(self, other)

    def __rtruediv__(self, number: int) -> Any:
        return Quotient(number, self)

    def __rmul__(self, number: int) -> Any:
        return _term(number) * self

    def __radd__(self, number: int) -> Any:
        return _term(number) + self

    def __rsub__(self, number: int) -> Any:
        return _term(number) - self

    def __neg__(self) -> Any:
        return Negative(self)

    def __pow__(self, exponent: int) -> Any:
        if not isinstance(exponent, int) or exponent != 2:
            raise TypeError(f"only a square can be written, ** 2; the exponent is {exponent!r}")
        return Square(self)

    def __eq__(self, other: Any) -> Any:  # an Equation, and no truth value
        return Equation(self, other)

    def __ne__(self, other: object) -> bool:
        raise TypeError("an equation is written with ==")

    __hash__ = None  # type: ignore[assignment]

    # What a subclass says

    def bound(self, sizes: tuple[int, ...], indices: Mapping[str, int]) -> Expression:
        """With these indices put in, and its sums written out."""
        return self

    def compute(self, trace: Trace) -> np.ndarray:
        """Its value for each sample, once its indices are numbers."""
        raise NotImplementedError

    def write(self, out: Latex | MathML, first: bool) -> str:
        """It as `out` writes it; `first` if nothing stands in front of it."""
        raise NotImplementedError

    # What all can do

    def factors(self) -> tuple[Expression, ...]:
        return (self,)

    def terms(self) -> tuple[Expression, ...]:
        return (self,)

    def at(self, net: Network | Trace | tuple[int, ...], **indices: int) -> Any:
        """This expression on a network, with its indices put in and its sums written out; L is the network's."""
        sizes: Any = getattr(getattr(net, "net", net), "sizes", net)  # a trace brings its network along
        if not isinstance(sizes, tuple):
            raise TypeError(f"a Network, a Trace or the sizes of one are expected; it is {net!r:.60}")
        for name, number in indices.items():
            whole_number(f"the index {name}", number, -math.inf)
        return self.bound(sizes, {"L": len(sizes), **indices})

    def value(self, trace: Trace, **indices: int) -> np.ndarray:
        """Its value for each sample, shape (m,). Raises IndexError or ValueError for a symbol that is not there."""
        must_be_trace(trace)
        return self.at(trace, **indices).compute(trace)

    def magnitude(self, trace: Trace) -> np.ndarray:
        """The size of the largest term in it, by which a rounding error is judged."""
        return np.abs(self.compute(trace))

    def parts(self, net: Network | tuple[int, ...], **indices: int) -> tuple[str, ...]:
        """The neurons and edges it reads, by their names in the drawing."""
        return tuple(dict.fromkeys(self.at(net, **indices).reads()))

    def latex(self) -> str:
        """As LaTeX."""
        return self.write(Latex(), True)

    def substituted(self, trace: Trace, digits: int = 3, **indices: int) -> str:
        """As LaTeX with the numbers of a trace of one sample put in."""
        must_be_trace(trace)
        return self.at(trace, **indices).write(Latex(trace, whole_number("digits", digits)), True)

    def mathml(self, numbers: bool = False) -> str:
        """As MathML; with `numbers`, a slot for each number, `<mn data-slot="w-3-1-3">`, which only needs filling."""
        return self.write(MathML(numbers), True)

    def fenced(self, out: Latex | MathML, needed: bool, first: bool = True) -> str:
        """It as `out` writes it, in parentheses if they are needed."""
        text = self.write(out, needed or first)
        return out.fence(text) if needed else text

    def pieces(self, out: Latex | MathML) -> list[str]:
        """It written in pieces, between which a narrow page may break the line."""
        return [self.write(out, True)]

    def walk(self) -> Iterator[Expression]:
        """It and all that it is made of."""
        yield self
        for member in self.members:
            yield from member.walk()

    def canonical(self, running: tuple[str, ...] = ()) -> Terms:
        """The same for what differs in its writing alone; `running` are the indices of the Sums that it stands in."""
        return alone("other", self.latex())

    def loose(self) -> set[str]:
        """The names of the indices that have no value in it: those that no Sum lets run."""
        return set().union(*(member.loose() for member in self.members))

    def inside(self) -> Iterable[Expression]:
        """Those that read and show a number for it."""
        return self.members

    def reads(self) -> Iterator[str]:
        for member in self.inside():
            yield from member.reads()

    def atoms(self) -> Iterator[Any]:
        """What is shown as one number each; every atom has a `slot`, the name of that number."""
        for member in self.inside():
            yield from member.atoms()


class Atom(Expression):
    """What is one number once its indices are."""

    def atoms(self):
        yield self

    def write(self, out, first):
        return out.number(self, first) if out.numbers else self.glyphs(out)


@dataclass(frozen=True, eq=False)
class Number(Expression):
    """A number that is part of the formula: 0, 1, ½."""

    above: int
    below: int = 1

    def __post_init__(self):
        for name in ("above", "below"):
            number = whole("Number takes whole numbers, Number(1, 2) for ½", getattr(self, name))
            object.__setattr__(self, name, number)
        if self.below == 0:
            raise ValueError("Number(above, below) is a fraction: nothing can be divided by 0")

    def compute(self, trace):
        return np.full(trace.x.shape[1], self.above / self.below)

    def canonical(self, running=()):
        return added([((), Fraction(self.above, self.below))])

    def write(self, out, first):
        digits = out.digits_of(self.above)
        return digits if self.below == 1 else out.fraction(digits, out.digits_of(self.below))


@dataclass(frozen=True, eq=False, init=False)
class Group(Expression):
    """An expression made of others."""

    members: tuple[Expression, ...]

    def __init__(self, *members: Expression | int, **more: object):
        if len(members) > MOST:
            raise ValueError(f"a formula of more than {MOST:,} parts is too long to be read or computed")
        for name, value in {"members": tuple(map(_term, members)), **more}.items():
            object.__setattr__(self, name, value)

    def with_members(self, members: Iterable[Expression]) -> Group:
        """The same, made of others."""
        other = copy(self)
        object.__setattr__(other, "members", tuple(members))
        return other

    def bound(self, sizes: tuple[int, ...], indices: Mapping[str, int]) -> Expression:
        return self.with_members(member.bound(sizes, indices) for member in self.members)

    def combine(self, *values: Any) -> np.ndarray:
        """Its value, from those of its members."""
        raise NotImplementedError

    def compute(self, trace: Trace) -> np.ndarray:
        return self.combine(*(member.compute(trace) for member in self.members))

    def canonical(self, running=()):
        return alone(type(self).__name__, *(in_order(member.canonical(running)) for member in self.members))


class OfOne(Group):
    """An expression made of one other."""

    def __init__(self, member: Expression | int):
        super().__init__(member)


class Proportional(Group):
    """An expression whose largest term comes from those of its members as its value from theirs."""

    def magnitude(self, trace):
        return np.abs(self.combine(*(member.magnitude(trace) for member in self.members)))


class Product(Proportional):
    """Factors side by side."""

    def factors(self):
        return self.members

    def combine(self, *values):
        return np.prod(values, axis=0)

    def canonical(self, running=()):
        return reduce(multiplied, (member.canonical(running) for member in self.members))

    def write(self, out, first):
        written = []
        for n, member in enumerate(self.members):
            open_end = member.open_ended and n < len(self.members) - 1
            fenced = isinstance(member, Total | Negative) or open_end
            written.append(member.fenced(out, fenced, first and n == 0))
        return out.product(written)

    def pieces(self, out):
        totals = [n for n, member in enumerate(self.members) if isinstance(member, Total)]
        if not out.breaks_sums or len(totals) != 1:
            return super().pieces(out)
        (n,) = totals
        first, *others, last = self.members[n].pieces(out)
        before = [Product(*self.members[:n]).write(out, True)] if n else []
        after = [Product(*self.members[n + 1 :]).write(out, False)] if n + 1 < len(self.members) else []
        opened, *others, closed = out.broken_fence([first, *others, last])
        return [out.product([*before, opened]), *others, out.product([closed, *after])]


class Negative(OfOne, Proportional):
    """−(one expression), a term of a Total."""

    def combine(self, value):
        return -value

    def canonical(self, running=()):
        return {factors: -number for factors, number in self.members[0].canonical(running).items()}

    def write(self, out, first):
        return out.row(out.sign("−"), self._without_sign(out))

    def subtracted(self, out: Latex | MathML) -> str:
        """It behind another term."""
        return out.row(out.operator("−"), self._without_sign(out))

    def _without_sign(self, out):
        (member,) = self.members
        return member.fenced(out, isinstance(member, Total | Negative), False)

    def pieces(self, out):
        (member,) = self.members
        if not out.breaks_sums or not isinstance(member, Total):
            return super().pieces(out)
        opened, *others = out.broken_fence(member.pieces(out))
        return [out.row(out.sign("−"), opened), *others]


class Total(Group):
    """Terms added up: a + b − c."""

    def terms(self):
        return self.members

    def bound(self, sizes, indices):
        bound = (member.bound(sizes, indices) for member in self.members)
        return Total(*(term for member in bound for term in member.terms()))  # a sum written out joins its terms

    def combine(self, *values):
        return sum(values)

    def canonical(self, running=()):
        return added(term for member in self.members for term in member.canonical(running).items())

    def magnitude(self, trace):
        return np.max([member.magnitude(trace) for member in self.members], axis=0)

    def pieces(self, out, first=True):
        written = [self.members[0].write(out, first)]
        for member in self.members[1:]:
            minus = isinstance(member, Negative)
            written.append(member.subtracted(out) if minus else out.row(out.operator("+"), member.write(out, False)))
        return written

    def write(self, out, first):
        return out.row(*self.pieces(out, first))


class Quotient(Group):
    """One expression over another."""

    def combine(self, above, below):
        with np.errstate(divide="ignore", invalid="ignore"):
            return above / below

    def magnitude(self, trace):
        above, below = self.members
        with np.errstate(divide="ignore", invalid="ignore"):  # terms that nearly cancel below pass on their rounding
            return above.magnitude(trace) * below.magnitude(trace) / below.compute(trace) ** 2

    def write(self, out, first):
        return out.fraction(*(member.write(out, True) for member in self.members))


class Square(OfOne):
    """(an expression)²."""

    def combine(self, value):
        return value**2

    def canonical(self, running=()):
        member = self.members[0].canonical(running)
        return multiplied(member, member)

    def write(self, out, first):
        return out.power(out.fence(self.members[0].write(out, True)), out.digits_of(2))


class Equation(Group):
    """left = right. With numbers the left side comes last: it is what the right side comes to."""

    def __bool__(self):
        raise TypeError("an equation is not true or false by itself; a derivation's verify(trace) tests its lines")

    def compute(self, trace):
        return self.members[1].compute(trace)

    def pieces(self, out):
        left, right = self.members
        first, *others = right.pieces(out)
        equals = out.operator("=")
        if out.numbers:
            return [out.row(equals, first), *others, out.row(equals, left.write(out, True))]
        return [left.write(out, True), out.row(equals, first), *others]

    def write(self, out, first):
        left, right = (member.write(out, True) for member in self.members)
        return out.row(*((right, out.operator("="), left) if out.numbers else (left, out.operator("="), right)))
