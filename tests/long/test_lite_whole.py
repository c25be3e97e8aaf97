"""Every notebook in a browser's own Python: each cell, each exercise right and wrong, each widget by the hand."""

import os
import subprocess
import sys
from itertools import pairwise

import pytest

from tests.browser.engines_pages import KERNEL_READY
from tests.browser.lab import RUN, listening
from tests.browser.lite import served
from tests.browser.notebook_03 import FLOW
from tests.course.test_lite_in_browser import MODEL, PRINTED, WRITE
from tests.notebooks.cells import PYTHON, read
from tests.notebooks.test_exercises import CHANGES, verdict
from tests.places import NOTEBOOKS, ROOT
from tools.browser import SHOW_ALL_CELLS, new_page, run_all, wait_for_kernel
from tools.decks import tagged

RUN_ALL = "window.jupyterapp.commands.execute('notebook:run-all-cells')"


def exercises(notebook):
    """Where the stub of each exercise stands, its check, and what is put into it: right, and wrong in known ways."""
    for n, (stub, check) in enumerate(pairwise(notebook.cells)):
        if tagged(stub, "exercise") and check.source.startswith("bp.check."):
            (right,) = PYTHON.findall(notebook.cells[n + 2].source)
            changes = [change for name, *change in CHANGES if check.source.startswith(f"bp.check.{name}(")]
            yield n, check, [right, *(right.replace(old, new) for old, new, _ in changes)]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_every_cell_prints_what_is_committed_and_every_check_knows_right_from_wrong(path, lite, browser):
    notebook = read(path)
    with served(lite) as address:
        page = listening(new_page(browser), address.removesuffix("/lite"))
        page.goto(f"{address}/index.html?path={path.name}")
        wait_for_kernel(page)
        run_all(page)
        code = [cell for cell in notebook.cells if cell.cell_type == "code"]
        told = ["".join(one.get("text") or one.data["text/plain"] for one in cell.outputs) for cell in code]
        there = page.evaluate(PRINTED)
        stable = [n for n, cell in enumerate(code) if not tagged(cell, "nbval-ignore-output")]
        assert [there[n] for n in stable] == [told[n] for n in stable]
        assert len(stable) > len(code) - 4

        for at, check, answers in exercises(notebook):
            for answer in answers:
                page.evaluate(WRITE, [at, answer])
                page.evaluate(RUN, at)
                page.evaluate(RUN, at + 1)
                (output,) = page.evaluate(f"(index) => {MODEL}.cells[index].getOutputs()", at + 1)
                assert output["data"]["text/plain"] == repr(verdict(answer, check)), answer
        assert page.asked == []
        assert page.errors == []
        page.context.close()


def test_the_tests_of_the_notebooks_in_jupyterlab_pass_in_it(lite):
    command = [sys.executable, "-m", "pytest", "-q", "-p", "tests.browser.lite", "-p", "no:cacheprovider"]
    files = ["tests/browser/test_03_in_jupyterlab.py", "tests/course/test_every_notebook.py"]
    environment = os.environ | {"BPCOURSE_LITE": str(lite)}
    done = subprocess.run([*command, *files], cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-4000:]


def test_03_runs_in_every_engine(engine, lite):
    path = next(path for path in NOTEBOOKS if path.name.startswith("03"))
    with served(lite) as address:
        engine.resize(1280, 1000)
        engine.goto(f"{address}/index.html?path={path.name}")
        engine.wait_for("() => Boolean(window.jupyterapp?.shell?.currentWidget?.context?.isReady)")
        engine.evaluate(KERNEL_READY)
        engine.evaluate(SHOW_ALL_CELLS)
        engine.evaluate(f"() => {{ {RUN_ALL}.then(() => {{ window.ended = true; }}); return true; }}")
        engine.wait_for("() => Boolean(window.ended)")
        code = [cell for cell in read(path).cells if cell.cell_type == "code"]
        assert engine.evaluate(PRINTED) == ["".join(one.get("text") or one.data["text/plain"] for one in cell.outputs)
                                            for cell in code]  # fmt: skip
        number = f"() => document.querySelector('{FLOW}')?.shadowRoot?.querySelector('#value-2-3 text')?.textContent"
        assert engine.wait_for(number) == "−0.032"
