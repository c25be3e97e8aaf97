"""The symbols of the course, written with Python operators so that a line of code looks like the line of the proof.

    delta[l, j] == Sum(k, l + 1)(w[l + 1, k, j] * delta[l + 1, k]) * sigma_prime(z[l, j])     is BP2.

`latex()` and `mathml()` show an expression; `at(net, l=2, j=3)` puts in the indices and writes the sums out;
`value(trace, l=2, j=3)` computes it, one number a sample; `substituted(trace, l=2, j=3)` is its LaTeX with the numbers
put in; `parts(net, l=2, j=3)` names the neurons and edges it reads. A partial derivative is computed from its
definition, by `numeric`, never by the equations of the course. Whole layers, `w[l + 1].T @ delta[l + 1]`: `layers`.
"""

from typing import overload

from bpcourse.notation.expressions import Expression, Negative, Number, Square
from bpcourse.notation.layers import Grid, LayerPartial, Mean, SigmaLayer, Whole
from bpcourse.notation.symbols import (
    Cost,
    Exp,
    Index,
    Leaf,
    LearningRate,
    Ln,
    Partial,
    Same,
    Sigma,
    SumOver,
    place,
)  # fmt: skip

__all__ = ["C", "C_x", "Exp", "Grid", "L", "Ln", "Mean", "Negative", "Number", "Same", "Square", "Sum", "a", "b"]
__all__ += ["delta", "eta", "i", "j", "k", "l", "partial", "sigma", "sigma_prime", "w", "y", "z"]


class Symbol:
    """A family of symbols, indexed like the equation: `w[l + 1, k, j]` is w^{l+1}_{kj}, `w[l + 1]` the whole matrix."""

    def __init__(self, name: str):
        self.name = name

    __iter__ = None  # a loop over its layers would never end

    def __repr__(self) -> str:
        return self.name

    @overload
    def __getitem__(self, indices: Index | int) -> Whole: ...
    @overload
    def __getitem__(self, indices: tuple[Index | int, ...]) -> Leaf: ...
    def __getitem__(self, indices):
        if not isinstance(indices, tuple):
            return Whole(self.name, place(indices))
        layer, *neurons = indices or [""]
        if len(neurons) != (wanted := 2 if self.name == "w" else 1):
            given = f"{self.name}[{', '.join(map(str, indices))}]"
            raise IndexError(f"{self.name} takes a layer and {wanted} of its neurons; it is {given}")
        return Leaf(self.name, place(layer), tuple(map(place, neurons)))


z, a, w, b, y, delta = map(Symbol, ("z", "a", "w", "b", "y", "delta"))
l, j, k, i, L = map(Index, "ljkiL")
C, C_x, eta = Cost(of_sample=False), Cost(), LearningRate()


class Sum:
    """Σ over the neurons of a layer: `Sum(k, l + 1)(w[l + 1, k, j] * delta[l + 1, k])`."""

    def __init__(self, index: Index, layer: Index | int):
        if not isinstance(index, Index):
            raise TypeError(f"a Sum needs an index that runs, as k does in Sum(k, l + 1)(…); it is {index!r:.60}")
        self.index, self.layer = index, place(layer)

    def __call__(self, term: Expression) -> SumOver:
        return SumOver(term, self.index, self.layer)

    def _no_term_yet(self, *_):
        raise TypeError("the term of a Sum stands behind it in round brackets: Sum(k, l + 1)(…)")

    __getitem__ = __mul__ = __rmul__ = _no_term_yet
    __iter__ = None


def _typed(value) -> str:
    """A symbol as it is typed, anything else as Python shows it."""
    if isinstance(value, Leaf | Whole):
        neurons = getattr(value, "neurons", ())
        return f"{value.name}[{', '.join(map(str, (value.layer, *neurons)))}]"
    return value.latex() if isinstance(value, Expression) else f"{value!r:.60}"


def _sigma(argument, prime, opened):
    if getattr(argument, "name", "") != "z":
        raise TypeError(f"σ is applied to a weighted input, such as z[2, 3] or z[2]; it is {_typed(argument)}")
    return SigmaLayer(argument, prime) if isinstance(argument, Whole) else Sigma(argument, prime, opened)


def sigma(argument: Leaf | Whole, opened: bool = False) -> Expression:
    """σ of a weighted input, or of a layer's."""
    return _sigma(argument, False, opened)


def sigma_prime(argument: Leaf | Whole, opened: bool = False) -> Expression:
    """σ′ of a weighted input, or of a layer's."""
    return _sigma(argument, True, opened)


def partial(of: Leaf | Cost, by: Leaf | Whole) -> Expression:
    """∂of/∂by, by definition; by a whole layer's b or w it is the column or the matrix of all of them."""
    if not isinstance(of, Leaf | Cost) or not isinstance(by, Leaf | Cost | Whole):
        raise TypeError("partial takes two symbols, such as partial(C_x, z[l, j]); a sum or a product is none")
    return LayerPartial(of, by) if isinstance(by, Whole) else Partial(of, by)  # type: ignore[arg-type]
