"""What the widgets share: their files, a picture for where they are not alive, a box with the live network in it."""

import json
import pathlib
import re
from collections.abc import Sequence

import ipywidgets
import traitlets

from bpcourse.pictures import look
from bpcourse.text import readable
from bpcourse.widgets.lifetime import close_with_its_cell

INVITATION = "In Jupyter: run all cells from the top to this one, and it comes alive."

# What only a reader needs: in JavaScript comments on lines of their own or behind the code, in styles all, and indents.
_FOR_READERS = re.compile(
    r"""^ *//.*\n|^ */\*\*(?:[^*]|\*(?!/))*\*/\n| +// [^"'`\n]*$|^ +""",
    re.MULTILINE,
)
_IN_STYLES = re.compile(r" */\*.*?\*/|^ +", re.MULTILINE | re.DOTALL)


def javascript(name: str) -> str:
    """A widget's JavaScript and style, "flow" for flow.js and flow.css, behind what all share, without comments."""
    folder, told = pathlib.Path(__file__).parent, []
    for const, part, colours in (("BASE_STYLE", "common", look.style()), ("STYLE", name, "")):
        style = _IN_STYLES.sub("", colours + (folder / f"{part}.css").read_text("utf-8"))
        script = _FOR_READERS.sub("", (folder / f"{part}.js").read_text("utf-8"))
        told += [f"const {const} = {json.dumps(style, ensure_ascii=False)};", script]
    return "\n".join(told)


class Whole(traitlets.Int):
    """A whole number; what is none gets a sentence."""

    def error(self, obj, value, error=None, info=None):
        raise TypeError(f"{self.name} must be a whole number; it is {value!r:.60}")


class Text(traitlets.Unicode):
    """A text; what is none gets a sentence."""

    def error(self, obj, value, error=None, info=None):
        raise TypeError(f"{self.name} must be a text; it is {value!r:.60}")


def _readable(told):
    if isinstance(told, str):
        return readable(told)
    if isinstance(told, dict):
        return {name: _readable(value) for name, value in told.items()}
    return type(told)(map(_readable, told)) if isinstance(told, list | tuple) else told


class Told(traitlets.Dict):
    """A story for the browser, of which all texts can be read: names, questions and reasons are what somebody typed.

    JavaScript never takes one for HTML: that is for formulas alone.
    """

    def validate(self, obj, value):
        return _readable(super().validate(obj, value))


class Said(Text):
    """One such text for the browser, beside the story."""

    def validate(self, obj, value):
        return readable(super().validate(obj, value))


class Still:
    """A widget that brings a picture along, from its `_still`, for where it is not alive, which the picture says.

    The description as text does not say it: it is what the figure shows, and nothing about where it is read.
    """

    def _repr_mimebundle_(self, **kwargs):
        live, figure = super()._repr_mimebundle_(**kwargs), self._still()
        live, live_metadata = live if isinstance(live, tuple) else (live, {})
        figure.say_below(INVITATION)
        still, still_metadata = figure._repr_mimebundle_()
        figure.clear()  # nobody keeps it
        still_metadata["image/png"]["alt"] += f"\n{INVITATION}"
        return {**live, **still}, {**live_metadata, **still_metadata}


class Beside(Still, ipywidgets.Box):
    """A live network, `flow`, and what belongs to it, side by side where there is room for both; the first comes first.

    `rooms` is what the two need, in pixels, the network first; the picture of five layers needs a row of its own. What
    is given `also` is closed with it. `_told_with` says in words what is shown, from what is said of the network.
    """

    def __init__(self, flow, other, rooms: tuple[int, int], gap: str, other_first: bool = False, also: Sequence = ()):
        self.flow, wide = flow, flow.net.L > 4
        for side, room, most in ((flow, 1000 if wide else rooms[0], 1100 if wide else 760), (other, rooms[1], 760)):
            side.layout.flex, side.layout.min_width, side.layout.max_width = f"1 1 {room}px", "0", f"{most}px"
        layout = {"flex_flow": "row wrap", "grid_gap": gap}
        super().__init__(children=[other, flow] if other_first else [flow, other], layout=layout)
        close_with_its_cell(other)
        close_with_its_cell(self, *also)

    def _still(self):
        figure = self.flow._still()
        figure.description = self._told_with(figure.description)
        return figure
