"""Indices, and the symbols of one neuron or one wire: where their numbers come from, a trace or a perturbed pass."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from bpcourse import numeric
from bpcourse.network import Network
from bpcourse.notation.bounds import whole
from bpcourse.notation.canonical import added, alone, in_order
from bpcourse.notation.expressions import Atom, Expression, Group, Number, OfOne, Total
from bpcourse.parts import Part
from bpcourse.text import GREEK, written

# Indices -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Index:
    """An index that is not a number yet: l, j, k, or shifted, l + 1."""

    name: str
    shift: int = 0

    def __add__(self, shift: int) -> Index:
        return Index(self.name, whole("an index is shifted by a whole number, as in l + 1", self.shift + shift))

    def __sub__(self, shift: int) -> Index:
        return self + -shift

    def __str__(self) -> str:
        return self.name + (f"{self.shift:+d}" if self.shift else "")

    __repr__ = __str__


def place(index: Index | int) -> Index | int:
    """What may stand for a layer or a neuron, or one sentence why it may not."""
    return index if isinstance(index, Index) else whole("a layer or a neuron is j, l + 1 or a whole number", index)


def bind(index: Index | int, indices: Mapping[str, int]) -> Any:
    """The index with its value put in, if it has one."""
    return indices[index.name] + index.shift if isinstance(index, Index) and index.name in indices else index


def free(*indices: Index | int) -> set[str]:
    """The names of those that are no numbers yet."""
    return {index.name for index in indices if isinstance(index, Index)}


def named(index: Index | int, running: tuple[str, ...]) -> tuple:
    """An index without its name if it runs in a Sum: which Sum, from the outside, and its shift."""
    if not isinstance(index, Index):
        return (index,)
    which = [n for n, name in enumerate(running) if name == index.name]
    return (which[-1] if which else index.name, index.shift)


@dataclass(frozen=True, eq=False)
class Same(Expression):
    """1 if two indices are the same, else 0; written as that number as soon as both are known."""

    one: Index | int
    other: Index | int

    def __post_init__(self):
        place(self.one), place(self.other)

    def bound(self, sizes, indices):
        one, other = bind(self.one, indices), bind(self.other, indices)
        return Same(one, other) if isinstance(one, Index) or isinstance(other, Index) else Number(int(one == other))

    def compute(self, trace):
        raise ValueError(f"whether {self.one} = {self.other} is known once both have a value")

    def canonical(self, running=()):
        return alone("same", *sorted((named(self.one, running), named(self.other, running)), key=repr))

    def loose(self):
        return free(self.one, self.other)

    def write(self, out, first):
        return out.indicator(f"{self.one}={self.other}")


# Symbols -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Leaf(Atom):
    """One symbol with its layer and neurons, such as w^{l+1}_{kj}."""

    name: str
    layer: Index | int
    neurons: tuple[Index | int, ...]

    def bound(self, sizes, indices):
        layer, neurons = bind(self.layer, indices), tuple(bind(neuron, indices) for neuron in self.neurons)
        return Leaf("x" if (self.name, layer) == ("a", 1) else self.name, layer, neurons)

    def canonical(self, running=()):
        return alone(self.name, *(named(index, running) for index in (self.layer, *self.neurons)))

    def loose(self):
        return free(self.layer, *self.neurons)

    def key(self) -> tuple:
        """The name by which `numeric` knows it."""
        return ("a" if self.name == "x" else self.name, self.layer, *self.neurons)

    def slot(self) -> Part:
        return Part(self.name, self.layer, *self.neurons)

    def reads(self):
        yield self.slot().of_kind("edge" if self.name == "w" else "neuron")

    def compute(self, trace):
        self.check(trace.net)
        if self.name == "y" and trace.y is None:
            raise ValueError("a trace of forward alone has no target; take one of backprop(net, x, y)")
        l, (j, *k) = self.layer, self.neurons
        if self.name == "w":
            return np.full(trace.x.shape[1], trace.net.w[l][j - 1, k[0] - 1])
        if self.name == "b":
            return np.full(trace.x.shape[1], trace.net.b[l][j - 1, 0])
        if self.name in ("x", "y"):
            return getattr(trace, self.name)[j - 1]
        return getattr(trace, self.name)[l][j - 1]

    def check(self, net: Network) -> None:
        """Says so if an index has no value yet or the network has no such neuron."""
        for index in (self.layer, *self.neurons):
            if isinstance(index, Index):
                layer = "" if self.name == "x" else self.layer  # that of x is not written
                symbol = written(GREEK.get(self.name, self.name), layer, *self.neurons)
                raise ValueError(f"{symbol} can be computed once {index.name} has a value")
        net.must_have(self.name, self.layer, *self.neurons)  # type: ignore[arg-type]

    def glyphs(self, out):
        return out.symbol(
            self.name,
            "" if self.name in ("x", "y") else str(self.layer),
            ("," if any(len(str(n)) > 1 for n in self.neurons) else "").join(map(str, self.neurons)),
        )


@dataclass(frozen=True, eq=False)
class Cost(Atom):
    """C_x, the cost of one sample, or C, the mean over the samples."""

    of_sample: bool = True

    def key(self) -> tuple:
        return ("C",)

    def slot(self) -> str:
        return "C"

    def compute(self, trace):
        if trace.cost_x is None:
            raise ValueError("a trace of forward alone has no cost; take one of backprop(net, x, y)")
        return trace.cost_x[0] if self.of_sample else np.array([trace.cost])

    def glyphs(self, out):
        return out.symbol("C", "", "x" if self.of_sample else "")

    def reads(self):
        yield "cost"


class LearningRate(Atom):
    """η, the length of a gradient step. No pass computes it; it is chosen."""

    def slot(self) -> str:
        return "eta"

    def compute(self, trace):
        raise ValueError("η is not in a trace: it is chosen for a gradient step")

    def glyphs(self, out):
        return out.symbol("eta", "", "")


# Functions and sums ------------------------------------------------------------------------------------------------


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


@dataclass(frozen=True, eq=False, init=False)
class Sigma(Group):
    """σ(z^l_j) or σ′(z^l_j). With numbers it is one number, or, `opened`, the function of a number: σ′(−0.122)."""

    members: tuple[Leaf]
    prime: bool
    opened: bool

    def __init__(self, argument: Leaf, prime: bool = False, opened: bool = False):
        super().__init__(argument, prime=prime, opened=opened)

    def canonical(self, running=()):
        return alone("sigma", self.prime, in_order(self.members[0].canonical(running)))

    def slot(self) -> Part:
        return self.members[0].slot().of_kind("sigma_prime" if self.prime else "a")

    def atoms(self):
        yield from self.members if self.opened else (self,)

    def compute(self, trace):
        z_lj = self.members[0]
        z_lj.check(trace.net)
        function = trace.net.sigma_prime if self.prime else trace.net.sigma
        result = function(z_lj.layer)(trace.z[z_lj.layer])
        j = z_lj.neurons[0] - 1
        return result[j, j] if result.ndim == 3 else result[j]  # softmax has no slope of one neuron: the diagonal

    def write(self, out, first):
        if out.numbers and not self.opened:
            return out.number(self, first)
        return out.row(out.sigma(self.prime), out.fence(self.members[0].write(out, True)))


class Partial(Atom, Group):
    """∂(one symbol)/∂(another), computed by perturbing the second and running the network forward."""

    members: tuple[Any, ...]

    def slot(self) -> str:
        return "d-" + "-by-".join(member.slot() for member in self.members)

    def compute(self, trace):
        of, by = self.members
        for member in self.members:
            if isinstance(member, Leaf):
                member.check(trace.net)
        values = numeric.partial(trace, of.key(), by.key())[0]
        return values if getattr(of, "of_sample", True) else values.mean(keepdims=True)

    def reads(self):
        of, by = self.members
        yield from super().reads()
        if isinstance(of, Leaf) and by.name in ("x", "a", "z") and of.layer == by.layer + 1:
            yield Part("edge", of.layer, *of.neurons, *by.neurons)

    def glyphs(self, out):
        return out.fraction(*(out.partial(member.glyphs(out)) for member in self.members))


@dataclass(frozen=True, eq=False, init=False)
class SumOver(Group):
    """Σ over the neurons `index` of a layer: `Sum(k, l + 1)(term)`."""

    index: Index
    layer: Index | int
    open_ended = True

    def __init__(self, term: Expression, index: Index, layer: Index | int):
        super().__init__(term, index=index, layer=place(layer))

    def bound(self, sizes, indices):
        layer, others = bind(self.layer, indices), {name: n for name, n in indices.items() if name != self.index.name}
        (term,) = self.members
        if isinstance(layer, Index) or not sizes:  # as it is written in general
            return SumOver(term.bound(sizes, others), self.index, layer)
        if not 1 <= layer <= len(sizes):
            raise IndexError(f"a sum runs over the neurons of layer {layer}; the layers are 1 to {len(sizes)}")
        terms = [term.bound(sizes, {**others, self.index.name: n}) for n in range(1, sizes[layer - 1] + 1)]
        return Total(*terms) if len(terms) > 1 else terms[0]

    def canonical(self, running=()):
        (term,), layer = self.members, named(self.layer, running)
        terms = term.canonical((*running, self.index.name)).items()
        return added(((("sum", layer, factors),), number) for factors, number in terms)

    def loose(self):
        return super().loose() - {self.index.name} | free(self.layer)

    def compute(self, trace):
        raise ValueError(f"the sum over {self.index} can be computed once {self.layer.name} has a value")

    def write(self, out, first):
        (term,) = self.members
        return out.row(out.sum(str(self.index)), term.fenced(out, isinstance(term, Total), first))
