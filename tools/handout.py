"""The notebooks without their answers, for a teacher to give out: `make handout` writes them to `handout/`.

What goes are the cells with the tag `solution`, what is folded away in a cell with the tag `questions`, the teacher's
notes and all else that slides are made from, and all outputs: the numbers and pictures of a cell answer the question
before it. A learner gets them by running the cell. The hints, the checks and the recap stay.
"""

import pathlib
import re
import sys

import nbformat

ROOT = pathlib.Path(__file__).resolve().parents[1]
FOR_SLIDES = ("bpcourse", "slideshow")  # keys of a cell's metadata
FOLDED = re.compile(r"\s*<details>.*?</details>", re.DOTALL)


def without_answers(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """A copy of a notebook without its solutions, its outputs and the teacher's notes."""
    cells = []
    for cell in notebook.cells:
        tags = cell.metadata.get("tags", [])
        if "solution" in tags:
            continue
        kept = {key: value for key, value in cell.metadata.items() if key not in (*FOR_SLIDES, "tags")}
        if tags := [tag for tag in tags if not tag.startswith("slide-")]:
            kept["tags"] = tags
        ran = {"outputs": [], "execution_count": None} if cell.cell_type == "code" else {}
        asked = {"source": FOLDED.sub("", cell.source)} if "questions" in tags else {}
        cells.append({**cell, "metadata": kept, **ran, **asked})
    return nbformat.from_dict({**notebook, "cells": cells})


def write(source: pathlib.Path, target: pathlib.Path) -> list[pathlib.Path]:
    """Writes the handout of every notebook in `source` to `target`, over what an earlier run left there."""
    target.mkdir(exist_ok=True)
    written = []
    for path in sorted(source.glob("*.ipynb")):
        notebook = without_answers(nbformat.read(path, as_version=4))
        nbformat.validate(notebook)
        nbformat.write(notebook, target / path.name)
        written.append(target / path.name)
    return written


if __name__ == "__main__":
    for path in write(ROOT / "notebooks", pathlib.Path(*sys.argv[1:2] or [ROOT / "handout"])):
        print(path)
