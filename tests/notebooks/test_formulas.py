"""Every display formula in a markdown cell is an expression of the course: the line you read is the line that runs.

A formula is held as it stands, white space aside, against the LaTeX of the lines of all derivations: in general form,
and with indices on the drawn 3-4-2 network. Asides use inline `$`, which is not held.
"""

import pathlib
import re

import nbformat
import pytest

import bpcourse as bp
from tests.places import NOTEBOOKS, ROOT
from bpcourse.proofs import DERIVATIONS

DISPLAY = re.compile(r"\$\$(.+?)\$\$", re.S)


def bare(latex):
    return re.sub(r"\s|\\,", "", latex)


def known():
    """The LaTeX of every line, in general and for all indices on the 3-4-2 network, without white space."""
    net = bp.Network([3, 4, 2])
    lines = [(derivation, line) for derivation in DERIVATIONS for line in derivation.lines]
    equations = [line.equation for _, line in lines]
    equations += [
        line.equation.at(net, **indices) for derivation, line in lines for indices in derivation.places(line, net)
    ]
    return {bare(equation.latex()) for equation in equations}


KNOWN = known()


def strangers(notebook):
    """The display formulas of a notebook that no derivation knows, each with its cell."""
    return [
        f"cell {n} ({cell.source.splitlines()[0]}): {formula.strip()}"
        for n, cell in enumerate(notebook.cells)
        if cell.cell_type == "markdown"
        for formula in DISPLAY.findall(cell.source)
        if bare(formula) not in KNOWN
    ]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_every_display_formula_is_a_line_of_a_derivation(path):
    assert strangers(nbformat.read(path, as_version=4)) == []


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_there_are_formulas_to_hold(path):
    cells = nbformat.read(path, as_version=4).cells
    assert sum(len(DISPLAY.findall(cell.source)) for cell in cells if cell.cell_type == "markdown") >= 2


def test_one_changed_index_is_noticed_and_the_cell_is_named():
    notebook = nbformat.read(ROOT / "notebooks" / "03_bp2_hidden_error.ipynb", as_version=4)
    for n, cell in enumerate(notebook.cells):
        for formula in DISPLAY.findall(cell.source) if cell.cell_type == "markdown" else []:
            for place in re.finditer(r"(?<=[_{^])[jkl](?=[}k])", formula):
                right = cell.source
                wrong = formula[: place.start()] + "q" + formula[place.end() :]
                cell.source = right.replace(formula, wrong, 1)
                assert any(sentence.startswith(f"cell {n} (") for sentence in strangers(notebook))
                cell.source = right
