"""The names of the parts of the picture and of the numbers of a frame: here they are made, and here taken apart.

`edge-3-1-3` is the line of w³₁₃, `neuron-2-3` a circle, `delta-2-3` the number δ²₃; `cost`, `C` and `eta` stand alone.
"""

from __future__ import annotations

import re
from typing import Any


class Part(str):
    """A part of the picture, or a number: its kind, its layer and neurons, and so its name. `Part("w", 3, 1, 3)`.

    In what is told for a whole layer, the letters j and k stand for the neurons.
    """

    kind: str
    place: tuple[Any, ...]  # numbers, or letters that stand for them

    def __new__(cls, kind: str, *index: object) -> Part:
        part = super().__new__(cls, "-".join(map(str, (kind, *index))))
        part.kind, part.place = kind, index
        return part

    @classmethod
    def named(cls, name: str) -> Part:
        """The part of this name; what is no number or letter at its end belongs to its kind."""
        kind, index = re.findall(r"\A(.*?)((?:-(?:\d+|[jk]))*)\Z", name, re.DOTALL)[0]
        return cls(kind, *(int(text) if text.isdigit() else text for text in index.split("-")[1:]))

    def of_kind(self, kind: str) -> Part:
        """What is called so at the same place: the label of an edge."""
        return Part(kind, *self.place)

    def key(self, length: int = 3) -> str:
        """Its layer and neurons alone, or the first so many of them."""
        return "-".join(map(str, self.place[:length]))

    def at(self, **neurons: int) -> Part:
        """With neurons in the place of the letters j and k."""
        return Part(self.kind, *(neurons.get(str(n), n) for n in self.place))
