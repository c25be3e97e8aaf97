"""Stepper, a derivation on the drawn network: the next line, its reason, its value, and the parts it reads lit up.

All lines, for all neurons, go to the browser once; stepping, choosing a neuron and changing the form ask nobody.
"""

from __future__ import annotations

from typing import Any

import ipywidgets
import numpy as np
import traitlets
from numpy.typing import ArrayLike

from bpcourse.network import Network
from bpcourse.network.trace import Trace
from bpcourse.notation.layers import Layerwide
from bpcourse.notation.typeset import MathML
from bpcourse.parts import Part
from bpcourse.proofs.derivation import Derivation, Line
from bpcourse.proofs.judge import FALSE, LOST, SIGNS, judge
from bpcourse.tables import whole_number
from bpcourse.text import shown
from bpcourse.widgets.beside import Beside, Text, Told, Whole, javascript
from bpcourse.widgets.contract import LineTold, Place
from bpcourse.widgets.flow import DeltaFlow
from bpcourse.widgets.font import Typeset

FORMS = ("general", "indexed", "numbers")
DOUBTS = {  # what is said of a line whose two sides are not the same
    FALSE: " It does not hold on this network.",
    LOST: " Whether it holds on this network cannot be told: double precision keeps too few digits.",
}


class Lines(Typeset):
    """The lines of a derivation. `line` is the current one, counted from 0; `form` is one of `FORMS`."""

    _esm = javascript("stepper")
    story = Told().tag(sync=True)
    frame = traitlets.Bytes().tag(sync=True)
    line = Whole().tag(sync=True)
    form = Text("indexed").tag(sync=True)
    select = traitlets.Unicode().tag(sync=True)
    lit = traitlets.List(traitlets.Unicode()).tag(sync=True)

    @traitlets.validate("form")
    def _valid_form(self, proposal) -> str:
        if proposal["value"] not in FORMS:
            raise ValueError(f"form must be one of {', '.join(FORMS)}; it is {proposal['value']!r:.60}")
        return proposal["value"]

    @traitlets.validate("line")
    def _valid_line(self, proposal) -> int:
        return whole_number("line", proposal["value"], 0, len(self.story.get("lines", [None])) - 1)


class Stepper(Beside):
    """A derivation, such as `bp.BP2`, line by line on the drawn network for one sample. Source: notebooks 01 to 05.

    `select` is the neuron or wire it opens on, such as `"delta-2-3"` or `"w-2-3-1"`; `inputs`, `outputs` and `digits`
    are those of `DeltaFlow`. `.flow` is the picture, `.lines` the lines. Raises TypeError for what is no derivation and
    ValueError for a part that it is not about, a cost that it is not about, or more than one sample.
    """

    def __init__(
        self,
        derivation: Derivation,
        net: Network,
        x: ArrayLike,
        y: ArrayLike,
        select: str = "",
        inputs: tuple[str, ...] = (),
        outputs: tuple[str, ...] = (),
        digits: int = 3,
    ):
        if not isinstance(derivation, Derivation):
            raise TypeError(f"a derivation such as bp.BP2 is expected; it is {derivation!r:.60}")
        shallow = isinstance(net, Network) and net.L == 2  # which has no BP2
        show = "BP1" if shallow and derivation.step == "BP2" else derivation.step
        self.derivation, self.flow = derivation, DeltaFlow(net, x, y, show, select, inputs, outputs, digits)
        if self.flow.samples > 1:
            raise ValueError(f"a derivation is shown on one sample: x must have 1 column; it has {self.flow.samples}")
        if derivation.cost not in (None, net.cost):
            raise ValueError(f"{derivation.name} is about the {derivation.cost} cost; this network has {net.cost}")
        self.flow.quiet = True
        self._atoms: dict[str, Any] = {}
        self._sides: dict[Part, tuple] = {}  # of each line at each place, by the name of its value
        told = [self._told(n, line) for n, line in enumerate(derivation.lines)]
        if not told[0]["at"]:
            raise ValueError(f"{derivation.name} needs a layer that a network with {net.L} layers does not have")
        first = Part.named(f"place-{next(iter(told[0]['at']))}")
        start = select or first.of_kind("w" if len(first.place) == 3 else "delta")
        if not any(_place(start, line) for line in told):
            layers = derivation.layers(net)
            raise ValueError(f"{derivation.name} is about the layers {layers[0]} to {layers[-1]}; select is {select!r}")
        self.flow.select = start
        self._ticks = 0
        self.lines = Lines(
            story={
                "name": derivation.name,
                "title": derivation.title,
                "lines": told,
                "slots": [*self._atoms, *(slot.of_kind(kind) for slot in self._sides for kind in ("value", "sign"))],
                "signs": list(SIGNS),
                "doubts": DOUBTS,
                "digits": self.flow.digits,
            },
            frame=self._frame(self.flow.trace),
            select=start,
            lit=list(_place(start, told[0]).get("parts", ())),
        )
        self.flow.lit = self.lines.lit
        links = self._links = [ipywidgets.jslink((self.lines, name), (self.flow, name)) for name in ("lit", "select")]
        super().__init__(self.flow, self.lines, (420, 420), gap="0", also=links)
        self.flow.observe(self._follow, "trace")

    def _told(self, n: int, line: Line) -> LineTold:
        """A line for the browser: its reason, its general form, and its forms at each place, some by another's name."""
        net = self.flow.net
        at: dict[str, Place | str] = {}
        for indices in self.derivation.places(line, net):
            here = Part("value", *indices.values())
            key = here.key()
            slot = Part("value", n, *here.place)
            bound = line.equation.at(net, **indices)
            left, right = bound.members
            self._atoms |= {atom.slot(): atom for atom in bound.atoms()}
            entry: Place = {
                "indexed": bound.pieces(MathML(False)),
                "numbers": [left.mathml(), *bound.pieces(MathML(True))[:-1]],
                "parts": line.equation.parts(net, **indices),
                "sign": slot.of_kind("sign"),
            }
            self._sides[slot] = left, right
            if not isinstance(left, Layerwide):
                entry["value"] = slot
            at[key] = entry
            for length in (2, 1):  # a neuron stands for its first wire
                at.setdefault(here.key(length), key)
        for part in map(Part.named, sorted(self.flow.known)):  # and any part for its neuron or its layer
            shorter = next((key for length in (3, 2, 1) if (key := part.key(length)) in at), None)
            if shorter:
                found = at[shorter]
                at.setdefault(part.key(), found if isinstance(found, str) else shorter)
        return {"reason": line.reason, "side": line.side, "general": line.equation.mathml(), "at": at}

    def _frame(self, trace: Trace) -> bytes:
        self._ticks += 1
        numbers = [float(atom.compute(trace)[0]) for atom in self._atoms.values()]
        memory: dict = {}
        for left, right in self._sides.values():
            judged = next(judge([left], right, trace, memory))
            numbers += [float(judged.found[0]) if judged.found.ndim == 1 else np.nan, SIGNS.index(judged.sign)]
        return np.array([self._ticks, *numbers], dtype="<f8").tobytes()

    def _follow(self, change) -> None:
        self.lines.frame = self._frame(change.new)

    def _told_with(self, network: str) -> str:
        text = [f"{self.lines.story['name']}: {self.lines.story['title']}"]
        numbers = dict(zip(self.lines.story["slots"], np.frombuffer(self.lines.frame)[1:].tolist(), strict=True))
        for n, told in enumerate(self.lines.story["lines"], start=1):
            here = _place(self.lines.select, told)
            number = f" {shown(numbers[here['value']], 6)}" if "value" in here else ""
            sign = SIGNS[int(numbers[here["sign"]])] if here else SIGNS[0]
            text.append(f"{n}.{number} {told['reason']}{DOUBTS.get(sign, '')}")
        return "\n".join(text)


def _place(select: str, told: LineTold) -> Any:
    """A line at the place that a chosen part stands for, its own, its neuron's, or its layer's; {} if there is none."""
    found: Any = told["at"].get(Part.named(select).key(), {})
    return told["at"][found] if isinstance(found, str) else found
