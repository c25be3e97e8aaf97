"""The expressions of the course: one tree gives the formula, its value, the formula with numbers, and what to light up.

    delta[l, j] == Sum(k, l + 1)(w[l + 1, k, j] * delta[l + 1, k]) * sigma_prime(z[l, j])     is BP2, written in Python.

`at(sizes, l=2, j=3)` puts in the indices and writes the sums out; `latex()` and `mathml()` show an expression;
`value(trace)` computes it; `parts()` names the neurons and edges it reads. A partial derivative is computed from its
definition, by `numeric`, never by the equations of the course. With `numbers=True` each symbol is shown as its number:
in MathML as an empty slot, `<mn data-slot="w-3-1-3">`, so that afterwards only numbers need to travel.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np

from bpcourse import numeric
from bpcourse.network import Trace
from bpcourse.tables import written
from bpcourse.typeset import GREEK, Latex, MathML


@dataclass(frozen=True)
class Index:
    """An index that is not a number yet: l, j, k, or shifted, l + 1."""

    name: str
    shift: int = 0

    def __add__(self, shift: int) -> Index:
        return Index(self.name, self.shift + shift)

    def __sub__(self, shift: int) -> Index:
        return self + -shift

    def __str__(self) -> str:
        return self.name + (f"{self.shift:+d}" if self.shift else "")

    def at(self, indices: Mapping[str, int]) -> Index | int:
        return indices[self.name] + self.shift if self.name in indices else self


def _at(index: Index | int, indices: Mapping[str, int]) -> Index | int:
    return index.at(indices) if isinstance(index, Index) else index


class Expression:
    """What all expressions can do. A subclass says how it is bound (`at`), written (`write`) and computed (`value`)."""

    def __mul__(self, other: Expression) -> Product:
        return Product((*self.factors(), *other.factors()))

    def __add__(self, other: Expression) -> Total:
        return Total((*self.terms(), *other.terms()))

    def __sub__(self, other: Expression) -> Total:
        return Total((*self.terms(), Negative((other,))))

    def __eq__(self, other: Expression) -> Equation:
        return Equation((self, other))

    __hash__ = None

    def factors(self) -> tuple[Expression, ...]:
        return (self,)

    def terms(self) -> tuple[Expression, ...]:
        return (self,)

    def at(self, sizes: tuple[int, ...], **indices: int) -> Expression:
        """This expression with its indices put in, sums written out neuron by neuron."""
        return self

    def leaves(self) -> Iterator[Leaf]:
        """The symbols it reads, from left to right."""
        yield from ()

    def parts(self) -> tuple[str, ...]:
        """The neurons and edges it reads, by their names in the drawing."""
        return tuple(dict.fromkeys(leaf.part() for leaf in self.leaves()))

    def latex(self, trace: Trace | None = None, digits: int = 3) -> str:
        """As LaTeX; with a trace of one sample, its numbers instead of its symbols."""
        return self.write(Latex(trace, digits), True)

    def mathml(self, numbers: bool = False) -> str:
        """As MathML; with `numbers`, empty slots instead of symbols."""
        return self.write(MathML(numbers), True)


@dataclass(frozen=True, eq=False)
class Leaf(Expression):
    """One symbol with its layer and neurons, such as w^{l+1}_{kj}."""

    name: str
    layer: Index | int
    neurons: tuple[Index | int, ...]

    def at(self, sizes, **indices):
        layer, neurons = _at(self.layer, indices), tuple(_at(neuron, indices) for neuron in self.neurons)
        return Leaf("x" if (self.name, layer) == ("a", 1) else self.name, layer, neurons)

    def leaves(self):
        yield self

    def slot(self) -> str:
        return "-".join([self.name, str(self.layer), *map(str, self.neurons)])

    def part(self) -> str:
        kind = "edge" if self.name == "w" else "neuron"
        return "-".join([kind, str(self.layer), *map(str, self.neurons)])

    def value(self, trace: Trace) -> np.ndarray:
        """Its value for each sample of the trace, shape (m,). IndexError if the network has no such symbol."""
        self.check(trace.net.sizes)
        l, (j, *k) = self.layer, self.neurons
        if self.name == "w":
            return np.full(trace.x.shape[1], trace.net.w[l][j - 1, k[0] - 1])
        if self.name == "b":
            return np.full(trace.x.shape[1], trace.net.b[l][j - 1, 0])
        if self.name in ("x", "y"):
            return getattr(trace, self.name)[j - 1]
        return getattr(trace, self.name)[l][j - 1]

    def check(self, sizes: tuple[int, ...]) -> None:
        """Says so if an index has no value yet or the network has no such neuron."""
        symbol = written(GREEK.get(self.name, self.name), self.layer, *self.neurons)
        for index in (self.layer, *self.neurons):
            if isinstance(index, Index):
                raise ValueError(f"{symbol} can be computed once {index.name} has a value")
        first = 1 if self.name in ("a", "x", "y") else 2
        if not first <= self.layer <= len(sizes):
            raise IndexError(f"there is no {symbol}: {self.name} exists in the layers {first} to {len(sizes)}")
        for layer, neuron in zip((self.layer, self.layer - 1), self.neurons, strict=False):
            if not 1 <= neuron <= sizes[layer - 1]:
                raise IndexError(f"there is no {symbol}: layer {layer} has the neurons 1 to {sizes[layer - 1]}")

    def write(self, out, first):
        if out.numbers:
            return out.number(self, first)
        indices = "".join(map(str, self.neurons))
        return out.symbol(self.name, "" if self.name in ("x", "y") else str(self.layer), indices)


class Symbol:
    """A family of leaves, written like the equation: `w[l + 1, k, j]` is w^{l+1}_{kj}."""

    def __init__(self, name: str):
        self.name = name

    def __getitem__(self, indices: tuple) -> Leaf:
        layer, *neurons = indices
        return Leaf(self.name, layer, tuple(neurons))


z, a, w, b, y, delta = map(Symbol, ("z", "a", "w", "b", "y", "delta"))
l, j, k, L = map(Index, "ljkL")


@dataclass(frozen=True, eq=False)
class Group(Expression):
    """An expression made of others."""

    members: tuple[Expression, ...]

    def at(self, sizes, **indices):
        return replace(self, members=tuple(member.at(sizes, **indices) for member in self.members))

    def leaves(self):
        for member in self.members:
            yield from member.leaves()


class Product(Group):
    """Factors side by side."""

    def factors(self):
        return self.members

    def value(self, trace):
        return np.prod([member.value(trace) for member in self.members], axis=0)

    def write(self, out, first):
        written = []
        for n, member in enumerate(self.members):
            fenced = isinstance(member, Total | Sum)
            text = member.write(out, fenced or (first and n == 0))
            written.append(out.fence(text) if fenced else text)
        return out.product(written)


class Negative(Group):
    """−(one expression), a term of a Total."""

    def value(self, trace):
        return -self.members[0].value(trace)

    def write(self, out, first):
        return out.row(out.operator("−"), self.members[0].write(out, False))


class Total(Group):
    """Terms added up: a + b − c."""

    def terms(self):
        return self.members

    def value(self, trace):
        return sum(member.value(trace) for member in self.members)

    def write(self, out, first):
        written = [self.members[0].write(out, first)]
        for member in self.members[1:]:
            written += [] if isinstance(member, Negative) else [out.operator("+")]
            written.append(member.write(out, False))
        return out.row(*written)


class Equation(Group):
    """left = right. With numbers the left side comes last: it is what the right side comes to."""

    def write(self, out, first):
        left, right = (member.write(out, True) for member in self.members)
        return out.row(*((right, out.operator("="), left) if out.numbers else (left, out.operator("="), right)))


@dataclass(frozen=True, eq=False)
class Sigma(Group):
    """σ(z^l_j) or σ′(z^l_j). With numbers it is one number, or, `opened`, the function of a number: σ′(−0.122)."""

    prime: bool = False
    opened: bool = False

    def slot(self) -> str:
        return self.members[0].slot().replace("z", "sigma_prime" if self.prime else "a", 1)

    def value(self, trace):
        z_lj = self.members[0]
        z_lj.check(trace.net.sizes)
        function = trace.net.sigma_prime if self.prime else trace.net.sigma
        return function(z_lj.layer)(trace.z[z_lj.layer])[z_lj.neurons[0] - 1]

    def write(self, out, first):
        if out.numbers and not self.opened:
            return out.number(self, first)
        return out.row(out.sigma(self.prime), out.fence(self.members[0].write(out, True)))


def sigma(argument: Leaf, opened: bool = False) -> Sigma:
    """σ of a weighted input."""
    return Sigma((argument,), False, opened)


def sigma_prime(argument: Leaf, opened: bool = False) -> Sigma:
    """σ′ of a weighted input."""
    return Sigma((argument,), True, opened)


class Partial(Group):
    """∂C_x/∂(a symbol), computed by perturbing the symbol and running the network forward."""

    def value(self, trace):
        by = self.members[0]
        return numeric.partial(trace, ("C",), (by.name, by.layer, *by.neurons))[0]

    def write(self, out, first):
        return out.fraction(out.row("∂", out.symbol("C", "", "x")), out.row("∂", self.members[0].write(out, True)))


@dataclass(frozen=True, eq=False)
class Sum(Expression):
    """Σ over the neurons `index` of a layer: `Sum(k, l + 1)(term)`."""

    index: Index
    layer: Index | int
    term: Expression | None = None

    def __call__(self, term: Expression) -> Sum:
        return Sum(self.index, self.layer, term)

    def at(self, sizes, **indices):
        layer = _at(self.layer, indices)
        if isinstance(layer, Index):
            return Sum(self.index, layer, self.term.at(sizes, **indices))
        if not 1 <= layer <= len(sizes):
            raise IndexError(f"a sum runs over the neurons of layer {layer}; the layers are 1 to {len(sizes)}")
        written_out = [self.term.at(sizes, **{**indices, self.index.name: n}) for n in range(1, sizes[layer - 1] + 1)]
        return Total(tuple(written_out)) if len(written_out) > 1 else written_out[0]

    def leaves(self):
        yield from self.term.leaves()

    def write(self, out, first):
        return out.row(out.sum(str(self.index)), self.term.write(out, first))
