"""The next lines that the notebooks ask for: stub, check and solution as they stand there."""

import pathlib
import re

import nbformat
import pytest

import bpcourse as bp
from tests.places import ROOT
from bpcourse import notation

NOTEBOOKS = sorted((ROOT / "notebooks").glob("0[2-5]_*.ipynb"))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_the_solution_in_the_notebook_is_right_and_the_stub_is_not_attempted(path):
    cells = nbformat.read(path, as_version=4).cells
    at = next(n for n, cell in enumerate(cells) if cell.source.startswith("bp.next_line."))
    stub, check, solution = cells[at - 1], cells[at], cells[at + 1]
    assert (stub.metadata.tags, solution.metadata.tags) == (["exercise"], ["solution"])
    assert check.outputs[0].data["text/plain"].startswith("Not attempted yet.")
    written = re.search(r"```python\n(.+?)```", solution.source, re.S)[1]
    for source, right in ((stub.source, False), (written, True)):
        names = {"bp": bp}
        exec(source, names)
        verdict = eval(check.source, names)
        assert verdict.right is right, verdict
    assert verdict.text == "True and new. This is the next line."
    assert source.splitlines()[0] == stub.source.splitlines()[0]
    judge = vars(bp.next_line)[check.source.split(".")[2].split("(")[0]]
    typed = re.search(r"^    (.+==.+)$", cells[at - 2].source, re.M)[1]  # the line before, as the text types it
    assert "this is line" in judge(eval(typed, vars(notation))).text
