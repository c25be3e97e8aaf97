"""The notebooks without their answers, for a teacher to give out: `make handout` writes them to `handout/`.

What goes are the cells with the tag `solution`, the answers to the end questions, the teacher's notes and all else that
slides are made from, and all outputs: the numbers and pictures of a cell answer the question before it. A learner gets
them by running the cell. The hints and the checks stay.

With them comes `questions.html`, the end questions on paper. The key to it, `questions_key.html`, is written to a
folder of its own, `handout_key/`, so that the first one can be given out as it is.
"""

import pathlib
import sys

import nbformat

from tools import end_questions, question_sheet

ROOT = pathlib.Path(__file__).resolve().parents[1]
FOR_SLIDES = ("bpcourse", "slideshow")  # keys of a cell's metadata


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
        told = {"source": end_questions.without_answers(cell.source)} if end_questions.TAG in tags else {}
        ran = {"outputs": [], "execution_count": None} if cell.cell_type == "code" else {}
        cells.append({**cell, "metadata": kept, **ran, **told})
    return nbformat.from_dict({**notebook, "cells": cells})


def write(source: pathlib.Path, target: pathlib.Path) -> list[pathlib.Path]:
    """Writes the handout of every notebook in `source` to `target`, the questions on paper, and their key beside it.

    It writes over what an earlier run left there; returns the files, the key last.
    """
    target.mkdir(exist_ok=True)
    key = target.with_name(f"{target.name}_key")
    key.mkdir(exist_ok=True)
    read = [(path, nbformat.read(path, as_version=4)) for path in sorted(source.glob("*.ipynb"))]
    written = []
    for path, notebook in read:
        handout = without_answers(notebook)
        nbformat.validate(handout)
        nbformat.write(handout, target / path.name)
        written.append(target / path.name)
    for file in (target / "questions.html", key / "questions_key.html"):
        file.write_text(question_sheet.page(read, key=file.parent == key), encoding="utf-8")
        written.append(file)
    return written


if __name__ == "__main__":
    for path in write(ROOT / "notebooks", pathlib.Path(*sys.argv[1:2] or [ROOT / "handout"])):
        print(path)
