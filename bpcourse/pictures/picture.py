"""A matplotlib figure that shows itself in a notebook, with a description and an inventory of its parts."""

from __future__ import annotations

import contextlib
import functools
import gc
import io
import json
import os
import re
from typing import Any

import matplotlib
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.lines import Line2D
from matplotlib.mathtext import MathTextParser, VectorParse
from matplotlib.patches import Circle
from matplotlib.text import Text
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from bpcourse.pictures.look import GREY, PAPER, SMALLEST_TEXT
from bpcourse.text import readable

STYLE: dict[Any, Any] = {
    "mathtext.fontset": "stix",
    "font.family": "DejaVu Sans",
    "svg.fonttype": "path",
    "svg.hashsalt": "bpcourse",
}
DPI = 144  # two pixels for each of a page's, which is 72 to the inch
# What stands behind a text: the page shows through a picture, and may be dark.
LABEL: dict[str, Any] = {"boxstyle": "round,pad=0.12,rounding_size=0.3", "facecolor": PAPER, "edgecolor": "none"}
BELOW, BELOW_SIZE = 0.32, 11  # a line below a picture: inches, points
EDGE = 4  # pixels that an enlarged text keeps from the edge
_readers: dict[str, Reader] = {}
PAINTS_OUTLINES = matplotlib.__version_info__ >= (3, 11)
UNIT = 100  # points: the size in which symbols are read
INDEXED = re.compile(
    r"\$[^0-9^]*(\^[0-9])?(_[0-9{},]+)?\$"
)  # a symbol with its digits at its end: an upper, a lower index
INVENTORY = "bpcourse-inventory"  # by which a test sees that a committed PNG is not what is drawn today


def as_typed(name: object) -> dict[str, Any]:
    """What a matplotlib text is set to for a name to be drawn as it was typed, with no formula in it."""
    return {"text": readable(name).replace("\t", " "), "parse_math": False}  # the font has no tab


@contextlib.contextmanager
def tidy():
    """Collects what drawing leaves in cycles, megabytes that Python would not look at for long.

    Only what is made meanwhile is searched: to search all that a training keeps takes longer than a drawing.
    """
    gc.freeze()
    try:
        yield
    finally:
        gc.collect()
        gc.unfreeze()


class Reader:
    """matplotlib's reader of symbols, which takes most of a first picture's time; here each is read once.

    One reading serves all sizes, and all indices: w²₃₁ is read as w²₀₀ and gets its digits, which are equally wide,
    afterwards. Before 3.11 matplotlib painted symbols as pixels, which serve one size and one text.
    """

    def __init__(self, own: MathTextParser):
        self._read = functools.lru_cache(1000)(own.parse)

    def parse(self, s: str, dpi: float = 72, prop: FontProperties | None = None, **how):
        """What is drawn for a symbol, as `MathTextParser.parse` gives it."""
        prop = FontProperties() if prop is None else prop.copy()  # a copy: it is a key, and may change
        size = prop.get_size_in_points() / UNIT
        digits = re.findall("[0-9]", s) if INDEXED.fullmatch(s) else []
        unit = prop.copy()
        unit.set_size(UNIT)
        read = self._read(re.sub("[0-9]", "0", s) if digits else s, 72, unit)
        if not isinstance(read, VectorParse):
            return self._read(s, dpi, prop, **how)
        scale, left = size * dpi / 72, iter(digits)
        glyphs: list[Any] = []
        for font, points, char, *index, x, y in read.glyphs:
            if char == ord("0") and digits:
                char = ord(next(left))
                index = [font.get_char_index(char) for _ in index]  # which glyphs have since 3.11
            glyphs.append((font, points * size, char, *index, x * scale, y * scale))
        lines: Any = [tuple(side * scale for side in line) for line in read.rects]
        return VectorParse(read.width * scale, read.height * scale, read.depth * scale, glyphs, lines)


def reads_once(own: MathTextParser) -> Reader:
    """The reader that takes the place of matplotlib's own: one for all pictures, with pixels one for each kind."""
    return _readers.setdefault("" if PAINTS_OUTLINES else own._output_type, Reader(own))  # type: ignore[attr-defined]


class Picture(Figure):
    """A figure, so many inches wide and high, that shows itself in a notebook as a PNG with a description.

    Without `paper` the page shows through. `inside` names the texts that stand in a shape, which is behind them.
    """

    description = ""
    above: Picture | None = None  # another picture, laid upon its top at its full width

    def __init__(self, width: float, height: float, paper: str = "none"):
        super().__init__(figsize=(width, height), facecolor=paper)
        self.inside: set[str] = set()
        FigureCanvasAgg(self)  # without pyplot

    def png(self, dpi: int = DPI, smallest: float = 0) -> bytes:
        """The picture as PNG, which carries its inventory; the same drawing gives the same bytes.

        No text in it is smaller than `smallest` points.
        """
        pixels = self.pixels(dpi, smallest)
        colours = pixels.quantize(128, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)  # a quarter of the size
        small = io.BytesIO()
        information = PngInfo()
        information.add_itxt(INVENTORY, json.dumps(self.inventory(), ensure_ascii=False), zip=True)
        colours.save(small, "png", pnginfo=information)  # optimize: ten times as long for 5 %
        return small.getvalue()

    def pixels(self, dpi: float, smallest: float = 0) -> Image.Image:
        """The picture in pixels, which are not kept with it: megabytes, of a figure that a notebook may keep."""
        usual, see_through = self.dpi, self.get_facecolor() == (0, 0, 0, 0)
        with tidy(), matplotlib.rc_context(STYLE):
            self.set_dpi(dpi)
            canvas = FigureCanvasAgg(self)
            renderer = canvas.get_renderer()
            renderer.mathtext_parser = reads_once(renderer.mathtext_parser)
            if smallest:
                self._enlarge(smallest)
            if see_through:
                self._put_paper()
            canvas.draw()  # not savefig, which draws twice
            pixels = Image.frombuffer("RGBA", canvas.get_width_height(), canvas.buffer_rgba(), "raw", "RGBA", 0, 1)
            self.set_dpi(usual)
            FigureCanvasAgg(self)
            for text in self.findobj(Text):
                text._renderer = None  # type: ignore[attr-defined]
        pixels = pixels if see_through else pixels.convert("RGB")
        if self.above:
            pixels.paste(self.above.pixels(dpi * self.get_figwidth() / self.above.get_figwidth(), smallest))
        return pixels

    def _put_paper(self) -> None:
        """Puts paper behind every text that stands on the page."""
        for axes in self.axes:
            axes.get_xticklabels(), axes.get_yticklabels()  # makes them
        for text in self.findobj(Text):
            if text.get_gid() not in self.inside:
                text.set_bbox(LABEL)

    def _enlarge(self, points: float) -> None:
        """Makes no text smaller than so many points; what would leave the picture, at its left or below, moves in."""
        for text in self.findobj(Text):
            text.set_fontsize(max(text.get_fontsize(), points))
        for axes in self.axes:
            if axes.axison:  # a chart: the numbers and the name of its axis need room
                left, low, width, height = axes.get_position().bounds
                box: Any = axes.get_tightbbox()
                right, up = max(0, EDGE - box.x0) / self.bbox.width, max(0, EDGE - box.y0) / self.bbox.height
                axes.set_position((left + right, low + up, width - right, height - up))
            for text in () if axes.axison else axes.texts:  # a drawing, whose places are in inches
                text.set_x(text.get_position()[0] + max(0, EDGE - text.get_window_extent().x0) / self.dpi)

    def say_below(self, line: str) -> None:
        """Makes room for a line of small grey type below everything that is drawn."""
        low, high = self.get_figheight(), self.get_figheight() + BELOW
        self.set_figheight(high)
        for axes in self.axes:
            left, bottom, width, height = axes.get_position().bounds
            axes.set_position((left, (bottom * low + BELOW) / high, width, height * low / high))
        style: Any = {"ha": "center", "va": "center", "fontsize": BELOW_SIZE, "color": GREY, "gid": "line-below"}
        with matplotlib.rc_context(STYLE):
            self.text(0.5, 0.5 * BELOW / high, line, **style)

    def _repr_mimebundle_(self, include=None, exclude=None):
        smallest = float(os.environ.get(SMALLEST_TEXT, 0))
        said = readable(self.description)
        data = {"image/png": self.png(smallest=smallest), "text/plain": said}
        return data, {"image/png": {"alt": said, "width": int(self.get_figwidth() * 72)}}

    def parts(self) -> dict[str, Any]:
        """Its named parts, by their names."""
        return {str(part.get_gid()): part for part in self.findobj(lambda part: part.get_gid() is not None)}

    def inventory(self) -> list[list]:
        """Every named part: name, text or "", x and y in inches to two decimals. Two equal drawings have equal ones."""
        rows = []
        for name, artist in self.parts().items():
            text = getattr(artist, "get_text", str)()
            if isinstance(artist, Circle):
                x, y = artist.center
            elif hasattr(artist, "get_position"):
                x, y = artist.get_position()
            else:
                points: Any = artist.get_xydata() if isinstance(artist, Line2D) else artist.get_xy()
                x, y = np.mean(points, axis=0)
            rows.append([name, text, round(float(x), 2), round(float(y), 2)])
        return sorted(rows)


def inventory_of(png: bytes) -> list[list]:
    """The inventory that a PNG of a `Picture` carries."""
    picture: Any = Image.open(io.BytesIO(png))
    return json.loads(picture.text[INVENTORY])
