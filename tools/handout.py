"""The notebooks without their solutions, for a teacher to give out: `make handout` writes them to `handout/`.

What goes are the cells with the tag `solution`. Outputs stay: they are those of the course, and the checks in them say
"Not attempted yet". The hints and the checks stay too.
"""

import pathlib
import sys

import nbformat

ROOT = pathlib.Path(__file__).resolve().parents[1]


def without_solutions(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """A copy of a notebook without the cells that are tagged as solutions."""
    cells = [cell for cell in notebook.cells if "solution" not in cell.metadata.get("tags", [])]
    return nbformat.from_dict({**notebook, "cells": cells})


def write(source: pathlib.Path, target: pathlib.Path) -> list[pathlib.Path]:
    """Writes the handout of every notebook in `source` to `target`, over what an earlier run left there."""
    target.mkdir(exist_ok=True)
    written = []
    for path in sorted(source.glob("*.ipynb")):
        notebook = without_solutions(nbformat.read(path, as_version=4))
        nbformat.validate(notebook)
        nbformat.write(notebook, target / path.name)
        written.append(target / path.name)
    return written


if __name__ == "__main__":
    for path in write(ROOT / "notebooks", pathlib.Path(*sys.argv[1:2] or [ROOT / "handout"])):
        print(path)
