"""Expressions of whole layers: columns, matrices, transpose, matrix product, ⊙, written like the numpy code.

    delta[l] == (w[l + 1].T @ delta[l + 1]) * sigma_prime(z[l])     is BP2 for a layer; `*` is ⊙, as it is in numpy.

A value has the shape (rows, columns, m): one column or matrix for each of the m samples.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import chain
from typing import Any

import numpy as np

from bpcourse.notation.expressions import Expression, Group, OfOne, Proportional, Total
from bpcourse.notation.symbols import Cost, Index, Leaf, Partial, Sigma, bind, place
from bpcourse.text import GREEK, written


class Layerwide(Expression):
    """What stands for a whole layer."""

    canonical = Expression.canonical  # also of what is a Group

    def _no_number(self, *_):
        raise TypeError("a whole layer takes no number, no minus in front and no **; write the line for one neuron")

    __rmul__ = __rtruediv__ = __radd__ = __rsub__ = __neg__ = __pow__ = _no_number

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

    def inside(self):
        return chain.from_iterable(self.entries())

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

    def __post_init__(self):
        if not isinstance(self.term, Expression) or not isinstance(self.row, Index):
            raise TypeError("a Grid has a term and the index of its rows, as in Grid(delta[l, j], j, l)")
        if not isinstance(self.column, Index | None):
            raise TypeError(f"the columns of a Grid are counted by an index such as k; it is {self.column!r:.60}")
        place(self.layer)

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
        columns = columns if self.column else (None,)

        def entry(row, column):
            place = {self.row.name: row, **({self.column.name: column} if self.column else {})}
            return self.term.bound(self.sizes, {**dict(self.indices), **place})

        return [[entry(row, column) for column in columns] for row in rows]

    def glyphs(self, out):
        cells = [[entry.write(out, True) for entry in row] for row in self.entries()]
        return out.grid(cells if self.sizes else _with_dots(cells, *out.dots))


def _with_dots(rows, down, across, diagonal):
    """A general table: dots before its last row and, if it has more than one column, before its last column."""
    if len(rows[0]) > 1:
        rows = [[*row[:-1], across, row[-1]] for row in rows]
    dots = [diagonal if cell == across else down for cell in rows[0]]
    return [*rows[:-1], dots, rows[-1]]


class Transpose(Layerwide, OfOne):
    """(w^l)ᵀ."""

    def combine(self, table):
        return table.swapaxes(0, 1)

    def write(self, out, first):
        (member,) = self.members
        bare = out.numbers or (member.name, member.layer) == ("a", 1)  # a table or x
        return out.power(member.fenced(out, not bare), out.letter("T"))


class MatrixProduct(Layerwide, Proportional):
    """Rows times columns."""

    def combine(self, left, right):
        if left.shape[1] != right.shape[0]:  # einsum would stretch a single row or column
            raise ValueError(f"rows times columns: {left.shape[:2]} does not fit {right.shape[:2]}; is a .T missing?")
        return np.einsum("ijm,jkm->ikm", left, right)

    def write(self, out, first):
        return out.product(
            [member.fenced(out, isinstance(member, Hadamard | LayerTotal | Mean)) for member in self.members]
        )


class Hadamard(Layerwide, Proportional):
    """Entry by entry: ⊙."""

    def combine(self, left, right):
        return left * right

    def write(self, out, first):
        return out.row(*self.pieces(out))

    def pieces(self, out):
        fenced = MatrixProduct | LayerTotal | Mean
        left, right = (member.fenced(out, isinstance(member, fenced)) for member in self.members)
        return [left, out.row(out.operator("⊙"), right)]


class LayerTotal(Layerwide, Group):
    """The sum of two columns."""

    sign = "+"
    magnitude = Total.magnitude

    def combine(self, left, right):
        return left + right if self.sign == "+" else left - right

    def write(self, out, first):
        left, right = self.members
        right = right.fenced(out, self.sign == "−" and isinstance(right, LayerTotal))
        return out.row(left.write(out, True), out.operator(self.sign), right)


class LayerDifference(LayerTotal):
    """The difference of two columns."""

    sign = "−"


class Mean(Layerwide, OfOne, Proportional):
    """(1/m) Σ_x: the mean over the samples x."""

    def combine(self, value):
        return value.mean(axis=-1, keepdims=True)

    def write(self, out, first):
        (member,) = self.members
        if out.numbers:  # one sample is its own mean
            return member.write(out, first)
        inner = out.row(out.sum("x"), member.fenced(out, isinstance(member, LayerTotal)))
        return out.product([out.fraction(out.digits_of(1), out.letter("m")), inner])
