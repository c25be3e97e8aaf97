"""The exercises in the notebooks: a solution in the place of its stub is accepted, a changed one is not."""

import re
import subprocess
import sys
from itertools import pairwise

import pytest

import bpcourse as bp
from bpcourse import notation
from bpcourse.exercises.answers import NOT_YET
from tests.notebooks.cells import PYTHON, numbered, read
from tests.notebooks.plain_runs import as_cell
from tests.places import NOTEBOOKS, ROOT
from tools.decks import tagged

READ = {path.name: read(path) for path in NOTEBOOKS}


def exercises():
    """Each exercise that bp.check judges: its text, its stub, its check and its solution."""
    for name, notebook in READ.items():
        for n, cell in enumerate(notebook.cells):
            if tagged(cell, "exercise") and notebook.cells[n + 1].source.startswith("bp.check."):
                yield pytest.param(*notebook.cells[n - 1 : n + 3], id=f"{name[:2]}-{n}")


EACH = pytest.mark.parametrize(("text", "stub", "check", "solution"), list(exercises()))


def verdict(source, check):
    """What the check cell shows when `source` stands in the stub's place."""
    names = {"bp": bp, "np": __import__("numpy")}
    exec(compile(source, as_cell(source), "exec"), names)
    return eval(check.source, names)


def test_they_are_where_they_belong():
    checked = {name[:2]: re.findall(r"^bp\.check\.(\w+)\(", "\n".join(c.source for c in notebook.cells), re.M)
               for name, notebook in READ.items()}  # fmt: skip
    belong = {"01": {"forward", "cost"}, "02": {"bp1"}, "03": {"bp2"}, "04": {"bp3"}, "05": {"bp4", "step"},
              "06": {"backprop"}, "07": {"softmax_error"}}  # fmt: skip
    assert [number for number, names in belong.items() if not names <= set(checked[number])] == []


def test_which_stubs_check_themselves():
    """What the cell behind each of the others does: it compares, in the open, with what the course computes."""
    alone = {
        name[:2]: [
            re.match(r"def (\w+)", cell.source)[1]
            for cell, after in pairwise(notebook.cells)
            if tagged(cell, "exercise") and not after.source.startswith(("bp.check.", "bp.next_line."))
        ]
        for name, notebook in READ.items()
    }
    assert {name: stubs for name, stubs in alone.items() if stubs} == {
        "07": ["descend", "my_error_by_table"],  # test_numbers_in_prose.py runs the solutions
        "08": ["loop_a", "loop_b", "loop_d"],  # test_bug_hunt.py does
    }


@EACH
def test_the_solution_is_accepted_in_the_place_of_the_stub(text, stub, check, solution):
    (code,) = PYTHON.findall(solution.source)
    assert code.splitlines()[:2] == stub.source.splitlines()[:2], "the same function, the same docstring"
    assert len(code.splitlines()) <= 12
    assert tagged(solution, "solution")
    assert solution.source.startswith("<details><summary>Solution</summary>\n\n")
    assert verdict(code, check), verdict(code, check)


@EACH
def test_as_committed_nothing_is_attempted(text, stub, check, solution):
    assert repr(verdict(stub.source, check)) == NOT_YET
    assert [output.data["text/plain"] for output in check.outputs] == [NOT_YET]


@EACH
def test_the_text_tells_of_the_hints_and_of_the_functions_own_names(text, stub, check, solution):
    name = re.match(r"bp\.check\.(\w+)\(", check.source)[1]
    call = re.match(r"def (\w+\(.+\)):", stub.source)[1]
    assert f"`bp.check.{name}.hint(1)`" in text.source
    assert f"`{call}`" in text.source
    assert call.endswith(getattr(bp.check, name).call)


CHANGES = [  # in a solution, and what the check then says
    ("forward", "w @", "w.T @", "needless transpose"),
    ("forward", " + b", "", "bias forgotten"),
    ("forward", "bp.sigmoid(z)", "z", "σ forgotten"),
    ("cost", " / 2", "", "factor 2"),
    ("cost", ".mean()", ".sum()", "sum for mean"),
    ("cost", ".sum(axis=0)", ".mean(axis=0)", "mean for sum"),
    ("bp1", "a - y", "y - a", "y − a for a − y or −σ′ for σ′"),
    ("bp1", "prime(z)", "prime(a)", "σ′ at a"),
    ("bp1", "_prime(z)", "(z)", "σ for σ′"),
    ("softmax_error", "axis=0", "axis=1, keepdims=True", "softmax over the wrong axis"),
    ("softmax_error", "a - y", "y - a", "y − a for a − y"),
    ("bp2", ".T", "", "missing transpose"),
    ("bp2", "_prime(z)", "(z)", "σ for σ′"),
    ("bp2", " *", " @", "matrix product for ⊙"),
    ("bp3", ".mean", ".sum", "sum for mean"),
    ("bp3", ", keepdims=True", "", "row for column"),
    ("bp3", "axis=1", "axis=0", "mean over the neurons"),
    ("bp4", " / m", "", "sum for mean"),
    ("bp4", "delta @ a_previous.T", "a_previous @ delta.T", "outer product the wrong way round"),
    ("backprop", "bp.bias_gradient(delta[l])", "net.b[l]", "bias gradient taken for the bias"),
    ("backprop", "net.w[l + 1]", "net.w[l + 1].T", "missing transpose"),
    ("step", "- eta", "+ eta", "gradient added"),
    ("step", " - eta * trace.grad_b[l]", "", "not updated"),
    ("step", "eta * ", "", "η forgotten"),
]


@EACH
def test_a_changed_solution_is_refused_by_name(text, stub, check, solution):
    (code,) = PYTHON.findall(solution.source)
    changes = [change for name, *change in CHANGES if check.source.startswith(f"bp.check.{name}(")]
    assert len(changes) >= 2
    for old, new, mistake in changes:
        assert old in code
        found = verdict(code.replace(old, new), check)
        assert not found
        assert found.mistakes == (mistake,)


@pytest.mark.parametrize("check", list(bp.check), ids=lambda check: check.name)
def test_hints_and_what_a_check_says_of_itself(check):
    assert [" ".join(repr(check.hint(n)).split()) for n in (1, 2, 3)] == list(check.hints)
    assert len(set(check.hints)) == 3
    assert f"bp.check.{check.name}(my_function) judges a function of {check.call}" in " ".join(repr(check).split())
    assert getattr(bp.check, check.name) is check
    assert repr(check) in repr(bp.check)
    with pytest.raises(ValueError, match="hints 1, 2 and 3; it is 4"):
        check.hint(4)


@pytest.mark.parametrize("number", ["02", "03", "04", "05"])
def test_the_next_line_in_the_notebook_is_right_and_the_stub_is_not_attempted(number):
    cells = numbered(number).cells
    at = next(n for n, cell in enumerate(cells) if cell.source.startswith("bp.next_line."))
    before, stub, check, solution = cells[at - 2 : at + 2]
    assert (stub.metadata.tags, solution.metadata.tags) == (["exercise"], ["solution"])
    assert check.outputs[0].data["text/plain"].startswith("Not attempted yet.")
    (written,) = PYTHON.findall(solution.source)
    assert verdict(stub.source, check).right is False
    assert verdict(written, check).right is True
    assert verdict(written, check).text == "True and new. This is the next line."
    assert written.splitlines()[0] == stub.source.splitlines()[0]
    judge = vars(bp.next_line)[check.source.split(".")[2].split("(")[0]]
    typed = re.search(r"^    (.+==.+)$", before.source, re.M)[1]  # the line before, as the text types it
    assert "this is line" in judge(eval(typed, vars(notation))).text


# The handout ---------------------------------------------------------------------------------------------------------


def folded(notebook):
    """The cells of the exercises that fold something away, other than a hint."""
    titles = [n for n, cell in enumerate(notebook.cells) if re.search(r"^## Exercises", cell.source, re.M)]
    after = notebook.cells[titles[0] :] if titles else []
    return [
        cell
        for cell in after
        if re.search("<details>(?!<summary>Hint</summary>)", cell.source) and not tagged(cell, "questions")
    ]


@pytest.mark.parametrize("name", READ)
def test_what_is_folded_in_the_exercises_is_a_solution_of_its_own_cell(name):
    for cell in folded(READ[name]):
        assert tagged(cell, "solution"), cell.source
        assert cell.source.startswith("<details>")
        assert cell.source.endswith("</details>")


def test_the_command_of_the_handout(tmp_path):
    command = [sys.executable, "-m", "tools.handout", str(tmp_path / "for my class")]
    printed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\n")
    written = [str(tmp_path / "for my class" / name) for name in [*READ, "questions.html"]]
    assert printed[:-1] == [*written, str(tmp_path / "for my class_key" / "questions_key.html")]
