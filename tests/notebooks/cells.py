"""The notebooks as they are committed, and what is in their cells."""

import functools
import re

import nbformat
import pytest

from tests.places import NOTEBOOKS

EACH_NOTEBOOK = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
PYTHON = re.compile(r"```python\n(.+?)```", re.S)  # in the words of a cell


def read(path):
    return nbformat.read(path, as_version=4)


def numbered(number):
    """The notebook whose name begins with this number, a copy to be changed."""
    return read(next(path for path in NOTEBOOKS if path.name.startswith(number)))


def code_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def markdown(notebook):
    """The words of its Markdown cells, cell by cell."""
    return [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]


def told(notebook):
    """All that it says in words: its Markdown, and what is on its slides and in their notes alone."""
    for cell in notebook.cells:
        yield from [cell.source] if cell.cell_type == "markdown" else []
        yield from map(str, cell.metadata.get("bpcourse", {}).values())


@functools.cache
def prose(number):
    """The words of a notebook in one line, its formulas without dollar signs."""
    return " ".join(" ".join(markdown(numbered(number))).replace("$", "").split())


@functools.cache
def on_slides(number):
    """The words that are on its slides alone, or in a speaker's notes, in the same way."""
    told = " ".join(str(cell.metadata.get("bpcourse", "")) for cell in numbered(number).cells)
    return " ".join(told.replace("$", "").split())
