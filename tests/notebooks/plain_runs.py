"""Notebooks run in this process, without a kernel: what their cells print and show as text. Nothing is painted."""

import ast
import contextlib
import io
import json
import linecache
import re
import zlib
from unittest import mock

import numpy as np
from IPython.core.formatters import DisplayFormatter
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from bpcourse.pictures.picture import INVENTORY, Picture

TEXTS = ("text/plain", "text/latex", "text/markdown", "text/html")


def unpainted(picture, dpi=120, smallest=0):
    """In the place of `Picture.png`: a single pixel, with the inventory of what would have been painted."""
    png, information = io.BytesIO(), PngInfo()
    information.add_itxt(INVENTORY, json.dumps(picture.inventory()))
    Image.new("1", (1, 1)).save(png, "png", pnginfo=information)
    return png.getvalue()


@contextlib.contextmanager
def fresh():
    """A namespace for the cells of a notebook; what they switch in numpy is switched back."""
    names = {"__name__": "__main__"}
    with np.printoptions(), mock.patch.object(Picture, "png", unpainted):
        yield names


def as_cell(source):
    """A name for this cell by which Python finds its lines again, as a notebook gives one."""
    name = f"<cell {zlib.crc32(source.encode())}>"
    linecache.cache[name] = len(source), None, source.splitlines(keepends=True), name
    return name


def run(source, names):
    """Runs a cell; returns what it printed, and all that its last line gives: {MIME type: data}."""
    body, last = ast.parse(source).body, None
    if body and isinstance(body[-1], ast.Expr) and not re.search(r";\s*$", source):
        last = ast.Expression(body.pop().value)
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        exec(compile(ast.Module(body, []), as_cell(source), "exec"), names)
        value = eval(compile(last, "<cell>", "eval"), names) if last else None
        shown = {} if value is None else DisplayFormatter().format(value)[0]
    return printed.getvalue(), shown


def texts(printed, shown):
    """What a reader of a cell's output reads, as a list: what was printed, then each form of the result as text."""
    return [printed, *(shown.get(mime, "") for mime in TEXTS)]


def committed(cell):
    """The same of a cell's committed outputs."""
    printed, shown = "", {}
    for output in cell.outputs:
        printed += output.get("text", "")
        shown |= output.get("data", {})
    return texts(printed, shown)
