"""Nothing is used before it is explained: symbols, `bp.` names and numpy's signs, in the order of the course.

What counts as used and as explained stands in `first_use.py`.
"""

import copy

import nbformat
import pytest

from tests.notebooks.cells import NOTEBOOKS, read
from tests.notebooks.first_use import explains, in_order, rows, sentences

COURSE = [(path.name[:2], read(path)) for path in NOTEBOOKS]


def markdown_cell(text):
    return nbformat.v4.new_markdown_cell(text)


def code_cell(text):
    return nbformat.v4.new_code_cell(text)


def faults_of(*cells):
    """What a course of these cells uses before it explains it."""
    _, faults = in_order([("01", nbformat.v4.new_notebook(cells=[*cells]))])
    return [fault.what for fault in faults]


def test_nothing_is_used_before_it_is_explained():
    first, faults = in_order(COURSE)
    assert [str(fault) for fault in faults] == [], "first use in the course, unexplained"
    names = [use.what for use in first]
    assert len(names) == len(set(names)) > 60
    assert names.index("z") < names.index("σ′") < names.index("∇") < names.index("η")


EXPLAINED = {
    "table": "| symbol | meaning |\n| --- | --- |\n| $\\delta^l_j$ | how much the cost follows |\n\n$\\delta^2_3$",
    "bold beside": "This is the **error** $\\delta$. And $\\delta^2_3$?",
    "bold around": "**The error $\\delta$ is a slope.** Then $\\delta^2_3$.",
    "its word": "One number for each neuron, $\\delta$ (delta).",
    "word before": "The neuron sends on its activation $a$.",
    "two words for it": "The slope $\\sigma'(z)$ at the weighted input $z$, and the sigmoid $\\sigma$.",
    "set": "Take $u = (2, -1)$.",
    "code for it": "`y` is the target. It is $y = 1$.",
    "glossary": "| English | symbol | other |\n| --- | --- | --- |\n| bias | $b$ | 偏置 |\n\n$b^2$",
    "names": "`bp.draw` draws the network and its numbers.",
    "sign": "`.ravel()` writes a column in one line.",
}
NOT_EXPLAINED = {
    "not at all": ("It is $\\delta^2_3$ here.", ["δ"]),
    "in the text": ("The next δ is bigger.", ["δ"]),
    "a question": ("**Which $\\delta$ will change?**", ["δ"]),
    "a label": ("**Line 2: $\\delta^l$ again.**", ["δ", "l"]),
    "its word far away": ("The delta of a river lies far away from here, and there is $\\delta$.", ["δ"]),
    "its word in another sentence": ("A delta. It is $\\delta$.", ["δ"]),
    "the head of a table": ("| $\\delta$ | what it is |\n| --- | --- |\n| 1 | a number |", ["δ"]),
    "formulas alone": ("| symbol | code |\n| --- | --- |\n| $\\delta^l$ | $z^l$ |", ["δ", "l", "z"]),
    "the slope is no σ": ("Its slope $\\sigma'(0)$, and $\\sigma$.", ["σ"]),
    "C is no C_x": ("The cost $C$. Then $C_x$.", ["C_x"]),
    "a name alone": ("Run `bp.draw` now.", ["bp.draw"]),
    "a sign in passing": ("When all is done, write `w.T` here and read.", [".T"]),
    "the formula beside is no word": ("It is $\\delta^2$, then $\\delta^3$.", ["δ"]),
    "a letter": ("Now $u$ comes.", ["u"]),
}


@pytest.mark.parametrize("text", EXPLAINED.values(), ids=EXPLAINED)
def test_what_counts_as_explained(text):
    assert faults_of(markdown_cell(text)) == []
    assert explains(markdown_cell(text))


@pytest.mark.parametrize(("text", "missed"), NOT_EXPLAINED.values(), ids=NOT_EXPLAINED)
def test_what_does_not_count(text, missed):
    assert faults_of(markdown_cell(text)) == missed


def test_before_or_in_the_same_cell_and_not_after():
    told, used = markdown_cell("`bp.draw` draws the network with its numbers."), code_cell("bp.draw(net)")
    assert faults_of(told, used) == []
    assert faults_of(used, told) == ["bp.draw"]
    assert faults_of(code_cell("bp.draw(net)  # draws the network")) == []
    assert faults_of(code_cell("# draws the network\nbp.draw(net)")) == []
    assert faults_of(code_cell("# next\nbp.draw(net)")) == ["bp.draw"]
    assert faults_of(code_cell('print("δ³:", 1)')) == ["δ"]


def test_a_cell_may_promise_and_the_promise_must_be_kept():
    opening = markdown_cell("$$\\delta$$\n\nEach symbol above is explained below.")
    assert faults_of(opening, markdown_cell("The **error** $\\delta$ is a slope.")) == []
    assert faults_of(opening, markdown_cell("Now we begin.")) == ["δ"]
    assert faults_of(opening, markdown_cell("Now $\\delta$ is 3.")) == ["δ", "δ"]


def without(course, what):
    """The course with every sentence and every row of a table left out that explains this."""
    course = copy.deepcopy(course)
    for _, notebook in course:
        for cell in notebook.cells:
            if what not in explains(cell):
                continue
            if cell.cell_type == "code":
                cell.source = "\n".join(line.partition("#")[0] for line in cell.source.splitlines())
                continue
            head = "| symbol | meaning |\n| --- | --- |\n"
            for line in cell.source.splitlines():
                if line.startswith("|") and [*rows(head + line)] and what in explains(markdown_cell(head + line)):
                    cell.source = cell.source.replace(line, "")
            for sentence in sentences(cell.source):
                if what in explains(markdown_cell(sentence)):
                    cell.source = cell.source.replace(sentence, "")
    return course


@pytest.mark.parametrize("what", ["δ", "z", "σ′", "∂", "⊙", "m", "η", "bp.forward", "bp.train", "@"])
def test_an_explanation_that_goes_is_missed(what):
    _, faults = in_order(without(COURSE, what))
    assert what in [fault.what for fault in faults]
