"""What a derivation is: lines of expressions with their reasons, each of which can be verified on any network.

A line says `left = right`. In the main lines `left` is what is sought, and `verify` holds `right` to its definition;
side lines, which a derivation needs on its way, have a left side of their own. Everything is checked on every neuron
and every sample, and every partial derivative in a line comes from a perturbed forward pass.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from itertools import product

import numpy as np

from bpcourse.network import Network
from bpcourse.network.trace import Trace, must_be_trace
from bpcourse.notation.expressions import Equation, Expression
from bpcourse.notation.layers import Layerwide
from bpcourse.notation.symbols import Index, bind
from bpcourse.notation.typeset import Latex
from bpcourse.proofs.judge import Judged, judge
from bpcourse.tables import whole_number


class FalseLine(ValueError):
    """A line of a derivation does not hold on a network."""


@dataclass(frozen=True)
class Worked:
    """A line with its numbers, which a notebook shows typeset."""

    latex: str
    text: str

    def _repr_latex_(self) -> str:
        return f"$$ {self.latex} $$"

    def __repr__(self) -> str:
        return self.text


@dataclass(frozen=True, eq=False)
class Line:
    """One line: an equation and the reason why it holds.

    `side` marks a step beside the main chain, `also` names further free indices and the layers they count, `unequal`
    two indices that must differ.
    """

    equation: Equation
    reason: str
    side: bool = False
    also: Mapping[str, Index] = field(default_factory=dict)
    unequal: tuple[str, str] | None = None

    @property
    def latex(self) -> str:
        """The line in general form, as LaTeX."""
        return self.equation.latex()

    def on(self, trace: Trace, digits: int = 3, **indices: int) -> Worked:
        """The line on a trace, for given indices: with its symbols, with its numbers, and what it comes to.

        If its two sides do not come to the same there, the last sign is ≠. A line about a mean over many samples is
        shown without the numbers in between. ValueError for indices it is not about, and for many samples otherwise.
        """
        must_be_trace(trace)
        whole_number("digits", digits, 0, 12)
        pair = [indices[name] for name in self.unequal or () if name in indices]
        if len(pair) == 2 and pair[0] == pair[1]:
            raise ValueError(f"this line is about {' ≠ '.join(self.unequal or ())}; both are {pair[0]}")
        left, right = (member.at(trace.net, **indices) for member in self.equation.members)
        symbols = numbers = _broken(right.pieces(Latex()))
        result = left.substituted(trace, digits)
        if trace.x.shape[1] == 1:
            numbers = _broken(right.pieces(Latex(trace, digits)))
        sign = {"=": "=", "≠": r"\neq", "≟": r"\overset{?}{=}"}[next(judge([left], right, trace)).sign]
        rows = [f"{left.latex()} &= {symbols}"]
        rows += [f"&= {numbers}"] if numbers not in (symbols, result) else []
        rows.append(f"&{sign} {result}")
        value = np.round(right.compute(trace)[..., 0], 6) + 0.0  # no −0
        return Worked(r"\begin{aligned} " + r" \\ ".join(rows) + r" \end{aligned}", str(value.tolist()))


main = Line  # about what is sought
side = partial(Line, side=True)  # which the main ones need on their way


def _broken(pieces: list[str], most: int = 3) -> str:
    """Pieces of a formula, a new row of an alignment after every few."""
    rows = [" ".join(pieces[start : start + most]) for start in range(0, len(pieces), most)]
    return r" \\ &\quad {} ".join(rows)


class Verified(int):
    """How many checks of a derivation hold on a network.

    `lost` are the places of the others, where double precision keeps fewer than 4 digits of a number: nobody can say
    there whether the line holds.
    """

    lost: tuple[str, ...]

    def __new__(cls, holding: int, lost: tuple[str, ...] = ()):
        number = super().__new__(cls, holding)
        number.lost = lost
        return number

    def __repr__(self) -> str:
        if not self.lost:
            return int.__repr__(self)
        total = self + len(self.lost)
        return (
            f"{int(self)} of {total} checks hold; {len(self.lost)} ({len(self.lost) / total:.1%}) cannot be judged: "
            f"double precision keeps fewer than 4 digits there. The first is {self.lost[0]}"
        )


@dataclass(frozen=True, eq=False)
class Derivation:
    """A chain of lines about the layers `first` to `last`, for each value of its free `indices`.

    `definition` is what is sought, for one neuron and for a whole layer. `cost` names the only cost it is about,
    `step` the step of a pass at which the live network shows what it speaks of.
    """

    name: str
    title: str
    definition: tuple[Expression, Expression]
    indices: Mapping[str, Index]
    first: Index | int
    last: Index | int
    lines: tuple[Line, ...]
    cost: str | None = None
    step: str = "BP2"

    def line(self, number: int) -> Line:
        """The line with this number, counted from 1, as a proof is."""
        number = whole_number("the number of a line", number, -math.inf)
        if not 1 <= number <= len(self.lines):
            raise IndexError(f"{self.name} has the lines 1 to {len(self.lines)}; there is no line {number}")
        return self.lines[number - 1]

    def layers(self, net: Network) -> range:
        """The layers of a network that it is about."""
        first, last = (bind(index, {"L": net.L}) for index in (self.first, self.last))
        return range(first, last + 1)

    def places(self, line: Line, net: Network) -> Iterator[dict[str, int]]:
        """All values of the free indices of a line on a network."""
        free = {} if isinstance(line.equation.members[0], Layerwide) else {**self.indices, **line.also}
        for layer in self.layers(net):
            at = {"l": layer, "L": net.L}
            for neurons in product(*(range(1, net.sizes[bind(of, at) - 1] + 1) for of in free.values())):
                indices = dict(zip(free, neurons, strict=True))
                if line.unequal is None or indices[line.unequal[0]] != indices[line.unequal[1]]:
                    yield {"l": layer, **indices}

    def verify(self, trace: Trace) -> Verified:
        """Checks every line on a trace of `backprop`; returns the number of checks, with the `lost` ones beside it.

        A false line raises FalseLine, which says which line, on which neuron, with both numbers. ValueError if the
        derivation is about another cost.
        """
        must_be_trace(trace)
        if self.cost not in (None, trace.net.cost):
            raise ValueError(f"{self.name} is about the {self.cost} cost; this network has {trace.net.cost}")
        lost: list[str] = []
        memory: dict = {}
        checks = 0
        for number, line in enumerate(self.lines, start=1):
            for indices in self.places(line, trace.net):
                lost += self._check(number, line, trace, indices, memory)
                checks += 1
        return Verified(checks - len(lost), tuple(lost))

    def _check(self, number: int, line: Line, trace: Trace, indices: dict[str, int], memory: dict) -> list[str]:
        """Raises FalseLine if the line is false here; names the place, if it cannot be judged."""
        left, right = (member.at(trace.net, **indices) for member in line.equation.members)
        lefts = [left]
        if not line.side:
            lefts.append(self.definition[isinstance(left, Layerwide)].at(trace.net, **indices))
        lost = []
        for judged in judge(lefts, right, trace, memory):
            if judged.false.any():
                place, (sought, found) = _place(judged, judged.false, indices)
                raise FalseLine(
                    f"{self.name}, line {number} is false ({place}): it gives {found:.9g}, not {sought:.9g}"
                )
            if judged.lost.any():
                lost.append(f"line {number} ({_place(judged, judged.lost, indices)[0]})")
        return lost[:1]


def _place(judged: Judged, where: np.ndarray, indices: Mapping[str, int]) -> tuple[str, tuple[float, float]]:
    """The first number of those marked in `where`: its place in words, and both sides there."""
    at = tuple(np.argwhere(where)[0])
    shape = where.shape[:-1]  # of a column or a matrix; () for one number
    neurons = [n + 1 for n, size in zip(at, shape, strict=False) if size > 1 or len(shape) == 1]
    neurons = neurons or [n for name, n in indices.items() if name != "l"] or [1]
    sides = tuple(np.broadcast_to(value, where.shape)[at] for value in (judged.sought, judged.found))
    return f"l = {indices['l']}, neuron {', '.join(map(str, neurons))}, sample {at[-1] + 1}", sides


def derived(name, title, definition, indices, layers, *lines: Line, **more) -> Derivation:
    """The derivation of these lines; `layers` are the first and the last that they are about."""
    return Derivation(name, title, definition, indices, layers[0], layers[1], lines, **more)
