"""The font of the formulas, which the live pictures bring along: a system without one sets formulas poorly.

`tools/font.py` cuts it from STIX Two Math. It is sent once, whatever a notebook shows, and each picture refers to it.
"""

from __future__ import annotations

import pathlib
from typing import ClassVar

import ipywidgets
import traitlets
from anywidget import AnyWidget

FILE = pathlib.Path(__file__).with_name("course-math.woff")


class Font(ipywidgets.Widget):
    """The font as the browser gets it. There is one, and no cell closes it."""

    file = traitlets.Bytes().tag(sync=True)
    _here: ClassVar[Font | None] = None

    @classmethod
    def here(cls) -> Font:
        """The one of this kernel; another one if somebody closed it."""
        if cls._here is None or cls._here.comm is None:
            cls._here = cls(file=FILE.read_bytes())
        return cls._here


class Typeset(AnyWidget):
    """A live picture with formulas, which `common.js` sets in the font."""

    font = traitlets.Instance(Font).tag(sync=True, **ipywidgets.widget_serialization)

    @traitlets.default("font")
    def _font(self) -> Font:
        return Font.here()
