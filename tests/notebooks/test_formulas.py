"""Every display formula in a markdown cell is an expression of the course: the line you read is the line that runs.

A formula is held as it stands, white space aside, against the LaTeX of the lines of all derivations: in general form,
and with indices on the drawn 3-4-2 network. Asides use inline `$`, which is not held.
"""

import re

import bpcourse as bp
from bpcourse.proofs import DERIVATIONS
from tests.notebooks.cells import EACH_NOTEBOOK, markdown, numbered, read

DISPLAY = re.compile(r"\$\$(.+?)\$\$", re.S)


def bare(latex):
    return re.sub(r"\s|\\,", "", latex)


def known():
    """The LaTeX of every line, in general and for all indices on the 3-4-2 network, without white space."""
    net = bp.Network([3, 4, 2])
    for derivation in DERIVATIONS:
        for line in derivation.lines:
            places = [line.equation.at(net, **indices) for indices in derivation.places(line, net)]
            yield from (bare(equation.latex()) for equation in [line.equation, *places])


KNOWN = set(known())


def strangers(notebook):
    """The display formulas of a notebook that no derivation knows, each with its cell."""
    for n, cell in enumerate(notebook.cells):
        words = [cell.source] if cell.cell_type == "markdown" else []
        for text in [*words, cell.metadata.get("bpcourse", {}).get("slide", "")]:
            for formula in DISPLAY.findall(text):
                if bare(formula) not in KNOWN:
                    yield f"cell {n} ({cell.source.splitlines()[0]}): {formula.strip()}"


@EACH_NOTEBOOK
def test_every_display_formula_is_a_line_of_a_derivation(path):
    notebook = read(path)
    assert [*strangers(notebook)] == []
    assert sum(len(DISPLAY.findall(words)) for words in markdown(notebook)) >= 2, "there are formulas to hold"


def test_one_changed_index_is_noticed_and_the_cell_is_named():
    notebook = numbered("03")
    for n, cell in enumerate(notebook.cells):
        for formula in DISPLAY.findall(cell.source) if cell.cell_type == "markdown" else []:
            for place in re.finditer(r"(?<=[_{^])[jkl](?=[}k])", formula):
                right = cell.source
                wrong = formula[: place.start()] + "q" + formula[place.end() :]
                cell.source = right.replace(formula, wrong, 1)
                assert any(sentence.startswith(f"cell {n} (") for sentence in strangers(notebook))
                cell.source = right
