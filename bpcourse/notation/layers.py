"""Expressions of whole layers: columns, matrices, transpose, matrix product, ⊙, written like the numpy code.

    delta[l] == (w[l + 1].T @ delta[l + 1]) * sigma_prime(z[l])     is BP2 for a layer; `*` is ⊙, as it is in numpy.

A value has the shape (rows, columns, m): one column or matrix for each of the m samples.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from bpcourse.notation.canonical import alone
from bpcourse.notation.expressions import Expression, Group, OfOne
from bpcourse.notation.symbols import Cost, Index, Leaf, Partial, Sigma, bind
from bpcourse.text import GREEK, written


class Layerwide(Expression):
    """What stands for a whole layer."""

    def canonical(self, running=()):
        return alone("layer", self.latex())

    def _no_number(self, *_):
        raise TypeError("a whole layer takes no number, no minus in front and no **; write the line for one neuron")

    __rmul__ = __radd__ = __rsub__ = __neg__ = __pow__ = _no_number

    def __matmul__(self, other: Any) -> MatrixProduct:
        return MatrixProduct(self, other)

    def __mul__(self, other: Any) -> Hadamard:
        return Hadamard(self, other)

    def __add__(self, other: Any) -> LayerTotal:
        return LayerTotal(self, other)

    def __sub__(self, other: Any) -> LayerDifference:
        return LayerDifference(self, other)


class Table(Layerwide):
    """What has entries, row by row, each an expression of its own. Its value is the table of their values."""

    def entries(self) -> list[list[Expression]]:
        raise NotImplementedError

    def _flat(self) -> Iterator[Expression]:
        return (entry for row in self.entries() for entry in row)

    def reads(self):
        for entry in self._flat():
            yield from entry.reads()

    def atoms(self):
        for entry in self._flat():
            yield from entry.atoms()

    def compute(self, trace):
        return np.array([[entry.compute(trace) for entry in row] for row in self.entries()])

    def magnitude(self, trace):
        return np.array([[entry.magnitude(trace) for entry in row] for row in self.entries()])

    def write(self, out, first):
        if out.numbers:
            return out.grid([[entry.write(out, True) for entry in row] for row in self.entries()])
        return self.glyphs(out)


@dataclass(frozen=True, eq=False)
class Whole(Table):
    """w^l, b^l, z^l, a^l, δ^l or y: all numbers of a layer."""

    name: str
    layer: Index | int
    sizes: tuple[int, ...] = ()

    @property
    def T(self) -> Transpose:
        return Transpose(self)

    def bound(self, sizes, indices):
        return replace(self, layer=bind(self.layer, indices), sizes=sizes)

    def entries(self):
        symbol = GREEK.get(self.name, self.name)
        if isinstance(self.layer, Index):
            raise ValueError(f"{symbol} of a layer can be computed once {self.layer.name} has a value")
        first = 1 if self.name in ("a", "y") else 2
        if not first <= self.layer <= len(self.sizes):
            exists = f"{symbol} exists in the layers {first} to {len(self.sizes)}"
            raise IndexError(f"there is no {written(symbol, self.layer)}: {exists}")
        columns = range(1, self.sizes[self.layer - 2] + 1) if self.name == "w" else (None,)
        rows = range(1, self.sizes[self.layer - 1] + 1)
        leaves = [[Leaf(self.name, self.layer, (j, k) if k else (j,)) for k in columns] for j in rows]
        return [[leaf.bound(self.sizes, {}) for leaf in row] for row in leaves]

    def glyphs(self, out):
        name = "x" if (self.name, self.layer) == ("a", 1) else self.name
        return out.symbol(name, "" if name in ("x", "y") else str(self.layer), "")


@dataclass(frozen=True, eq=False)
class SigmaLayer(Table):
    """σ(z^l) or σ′(z^l), neuron by neuron."""

    argument: Whole
    prime: bool = False

    def bound(self, sizes, indices):
        return replace(self, argument=self.argument.bound(sizes, indices))

    def entries(self):
        return [[Sigma(entry, self.prime) for entry in row] for row in self.argument.entries()]

    def glyphs(self, out):
        return out.row(out.sigma(self.prime), out.fence(self.argument.glyphs(out)))


@dataclass(frozen=True, eq=False)
class LayerPartial(Table):
    """∂C_x/∂ all numbers of a layer at once; by a^l it is written ∇_a C_x."""

    of: Cost
    by: Whole

    def bound(self, sizes, indices):
        return replace(self, by=self.by.bound(sizes, indices))

    def entries(self):
        return [[Partial(self.of, entry) for entry in row] for row in self.by.entries()]

    def glyphs(self, out):
        if self.by.name == "a":
            return out.row(out.nabla("a"), self.of.glyphs(out))
        return out.fraction(out.partial(self.of.glyphs(out)), out.partial(self.by.glyphs(out)))


@dataclass(frozen=True, eq=False)
class Grid(Table):
    """A column of terms, one a neuron `row` of `layer`, or a matrix, one for each `row` and each `column` of the layer
    before. In general it is written 1, 2, ⋮, n."""

    term: Expression
    row: Index
    layer: Index | int
    column: Index | None = None
    sizes: tuple[int, ...] = ()
    indices: tuple[tuple[str, int], ...] = ()

    def bound(self, sizes, indices):
        return replace(self, layer=bind(self.layer, indices), sizes=sizes, indices=(*self.indices, *indices.items()))

    def entries(self):
        rows = columns = (1, 2, Index("n"))
        if self.sizes:
            if isinstance(self.layer, Index):
                raise ValueError(f"a column of a layer can be computed once {self.layer.name} has a value")
            if not 2 <= self.layer <= len(self.sizes):
                raise IndexError(f"there is no layer {self.layer} here: the layers are 2 to {len(self.sizes)}")
            rows = range(1, self.sizes[self.layer - 1] + 1)
            columns = range(1, self.sizes[self.layer - 2] + 1)
        if self.column is None:
            columns = (None,)
        table = []
        for row in rows:
            here = [{**dict(self.indices), self.row.name: row} for _ in columns]
            if self.column:
                here = [{**put, self.column.name: column} for put, column in zip(here, columns, strict=True)]
            table.append([self.term.bound(self.sizes, put) for put in here])
        return table

    def glyphs(self, out):
        cells = [[entry.write(out, True) for entry in row] for row in self.entries()]
        return out.grid(cells, dotted=not self.sizes)


class Transpose(Layerwide, OfOne):
    """(w^l)ᵀ."""

    def compute(self, trace):
        return self.members[0].compute(trace).swapaxes(0, 1)

    def write(self, out, first):
        inner = self.members[0].write(out, True)
        bare = out.numbers or (self.members[0].name, self.members[0].layer) == ("a", 1)  # a table or x
        return out.power(inner if bare else out.fence(inner), out.letter("T"))


class MatrixProduct(Layerwide, Group):
    """Rows times columns."""

    def compute(self, trace):
        left, right = (member.compute(trace) for member in self.members)
        if left.shape[1] != right.shape[0]:  # einsum would stretch a single row or column
            raise ValueError(f"rows times columns: {left.shape[:2]} does not fit {right.shape[:2]}; is a .T missing?")
        return np.einsum("ijm,jkm->ikm", left, right)

    def magnitude(self, trace):
        return np.einsum("ijm,jkm->ikm", *(member.magnitude(trace) for member in self.members))

    def write(self, out, first):
        return out.product([_fenced(member, out, Hadamard | LayerTotal | Mean) for member in self.members])


class Hadamard(Layerwide, Group):
    """Entry by entry: ⊙."""

    def compute(self, trace):
        left, right = (member.compute(trace) for member in self.members)
        return left * right

    def magnitude(self, trace):
        left, right = (member.magnitude(trace) for member in self.members)
        return left * right

    def write(self, out, first):
        return out.row(*self.pieces(out))

    def pieces(self, out):
        left, right = (_fenced(member, out, MatrixProduct | LayerTotal | Mean) for member in self.members)
        return [left, out.row(out.operator("⊙"), right)]


class LayerTotal(Layerwide, Group):
    """The sum of two columns."""

    sign = "+"

    def compute(self, trace):
        left, right = (member.compute(trace) for member in self.members)
        return left + right if self.sign == "+" else left - right

    def magnitude(self, trace):
        return np.max([member.magnitude(trace) for member in self.members], axis=0)

    def write(self, out, first):
        left, right = self.members
        right = right.write(out, True) if self.sign == "+" else _fenced(right, out, LayerTotal)
        return out.row(left.write(out, True), out.operator(self.sign), right)


class LayerDifference(LayerTotal):
    """The difference of two columns."""

    sign = "−"


class Mean(Layerwide, OfOne):
    """(1/m) Σ_x: the mean over the samples x."""

    def compute(self, trace):
        return self.members[0].compute(trace).mean(axis=-1, keepdims=True)

    def magnitude(self, trace):
        return self.members[0].magnitude(trace).mean(axis=-1, keepdims=True)

    def write(self, out, first):
        if out.numbers:  # one sample is its own mean
            return self.members[0].write(out, first)
        inner = out.row(out.sum("x"), _fenced(self.members[0], out, LayerTotal))
        return out.product([out.fraction(out.digits_of(1), out.letter("m")), inner])


def _fenced(member: Expression, out, kinds) -> str:
    text = member.write(out, True)
    return out.fence(text) if isinstance(member, kinds) else text
