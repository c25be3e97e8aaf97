"""What nbval does not see: the form of the committed notebooks, and that every cell can be run twice.

nbval itself runs them and compares each text output (`--nbval` in pyproject.toml). It never compares a PNG, and a cell
without committed outputs passes whatever it prints; so the form is checked here.
"""

import base64
import pathlib
import re

import nbformat
import pytest

from bpcourse.pictures.picture import inventory_of
from tests.places import NOTEBOOKS
from tests.notebooks import plain_runs

BP2 = next(path for path in NOTEBOOKS if path.name == "03_bp2_hidden_error.ipynb")
MAY_DIFFER = [
    ("06_backpropagation.ipynb", "back-40")
]  # (notebook, id of the cell): the cells with the tag nbval-ignore-output
FORBIDDEN = ("image/svg+xml", "application/vnd.jupyter.widget-view+json")
OPENING = "import bpcourse as bp"


def faults(notebook, size=0):
    """Everything in a notebook that must not be committed, a sentence each."""
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    prose = [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]
    words = sum(len(source.split()) for source in prose)
    lines = sum(len(cell.source.splitlines()) for cell in code)
    if notebook.metadata.get("kernelspec", {}).get("name") != "python3":
        yield "the kernelspec is missing"
    if "widgets" in notebook.metadata:
        yield "metadata.widgets is there"
    if size > 1_500_000:
        yield f"{size} bytes"
    if [cell.execution_count for cell in code] != list(range(1, len(code) + 1)):
        yield "the execution counts are not 1, 2, 3, …"
    if words < 10 * lines:
        yield f"{words} words for {lines} lines of code"
    if OPENING not in code[0].source or len(code[0].source.splitlines()) > 6:
        yield "the first code cell is not a short one that imports bpcourse"
    for n, cell in enumerate(code, start=1):
        where = f"code cell {n}"
        if len(cell.source.splitlines()) > 12:
            yield f"{where} has more than 12 lines"
        if re.search(r"from bpcourse\S* import|import matplotlib|%|interact\(|Output\(|;\s*$", cell.source):
            yield f"{where} uses more than the public names, or what nbval cannot follow"
        if re.search(r"print\(|^(?!.* = )[\w.]+\(.*\)$", cell.source.splitlines()[-1]) and not cell.outputs:
            yield f"{where} has no outputs"
        for output in cell.outputs:
            data = output.get("data", {"text/plain": output.get("text", "")})
            if output.output_type == "error":
                yield f"{where} ends in an error"
            if any(mime in data for mime in FORBIDDEN):
                yield f"{where} has an output that must not be committed"
            if "image/png" in data and not output.metadata.get("image/png", {}).get("alt"):
                yield f"{where} has a picture without a description"
            if sum(len(str(value)) for value in data.values()) > 200_000:
                yield f"{where} has an output above 200 kB"
            if "np.float64(" in str(data.get("text/plain", "")):
                yield f"{where} prints a bare numpy scalar"


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_form(path):
    assert list(faults(nbformat.read(path, as_version=4), path.stat().st_size)) == []


def test_cells_that_may_differ_are_these():
    tagged = []
    for path in NOTEBOOKS:
        cells = nbformat.read(path, as_version=4).cells
        tagged += [(path.name, cell.id) for cell in cells if "nbval-ignore-output" in cell.metadata.get("tags", [])]
    assert tagged == MAY_DIFFER


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_each_cell_run_twice_gives_the_same(path):
    with plain_runs.fresh() as names:
        for n, cell in enumerate(plain_runs.code_cells(path), start=1):
            first, second = (plain_runs.run(cell.source, names) for _ in range(2))
            assert plain_runs.may_differ(cell) or readable(first) == readable(second), f"code cell {n}"
            pngs = [first[1]["image/png"]] if "image/png" in first[1] else []
            drawn = [inventory_of(png) for png in pngs]
            assert drawn == committed_drawings(cell), f"code cell {n} draws something else now: run `make notebooks`"


def test_what_gives_something_else_the_second_time_is_noticed():
    with plain_runs.fresh() as names:
        names["seen"] = []
        first, second = (plain_runs.run("seen.append(1)\nprint(len(seen))", names) for _ in range(2))
    assert readable(first) != readable(second)


def committed_drawings(cell):
    """The inventories of the pictures in a cell's outputs; nbval never looks at a PNG."""
    pngs = [output.get("data", {}).get("image/png") for output in cell.outputs]
    return [inventory_of(base64.b64decode(png)) for png in pngs if png]


def readable(output):
    """What a cell put out, without the live view, whose id is new each time."""
    printed, shown = output
    return printed, {mime: value for mime, value in shown.items() if mime not in FORBIDDEN}


def spoil(change):
    notebook = nbformat.read(BP2, as_version=4)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    change(
        notebook,
        code,
        next(output for cell in code for output in cell.outputs if "image/png" in output.get("data", {})),
    )
    return list(faults(notebook))


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda nb, code, picture: nb.metadata.pop("kernelspec"), "kernelspec"),
        (lambda nb, code, picture: nb.metadata.update(widgets={}), "metadata.widgets"),
        (lambda nb, code, picture: code[3].update(execution_count=9), "execution counts"),
        (lambda nb, code, picture: code[1].update(outputs=[]), "code cell 2 has no outputs"),
        (lambda nb, code, picture: code[2].update(source="x = 1\n" * 13), "more than 12 lines"),
        (lambda nb, code, picture: code[2].update(source="from bpcourse.numeric import partial"), "public names"),
        (lambda nb, code, picture: picture.metadata.clear(), "without a description"),
        (lambda nb, code, picture: picture.data.update({"image/svg+xml": "<svg/>"}), "must not be committed"),
        (lambda nb, code, picture: picture.data.update({FORBIDDEN[1]: {}}), "must not be committed"),
        (lambda nb, code, picture: picture.data.update({"image/png": "x" * 200_001}), "above 200 kB"),
        (lambda nb, code, picture: picture.data.update({"text/plain": "np.float64(1.0)"}), "bare numpy scalar"),
        (lambda nb, code, picture: code[0].outputs.append(nbformat.v4.new_output("error")), "ends in an error"),
        (lambda nb, code, picture: [c.update(source="") for c in nb.cells if c.cell_type == "markdown"], "0 words"),
    ],
)
def test_each_fault_is_noticed(change, fault):
    assert any(fault in sentence for sentence in spoil(change))


def test_nbval_compares(tmp_path, pytester_run):
    """A changed committed number fails nbval; the untouched notebook is run by nbval in this very session."""
    notebook = nbformat.read(BP2, as_version=4)
    small = nbformat.v4.new_notebook(metadata=notebook.metadata, cells=notebook.cells[:5])
    assert "[0.468 0.678]" in small.cells[4].outputs[0].text
    nbformat.write(small, tmp_path / "right.ipynb")
    small.cells[4].outputs[0].text = small.cells[4].outputs[0].text.replace("0.468", "0.469")
    nbformat.write(small, tmp_path / "wrong.ipynb")
    assert pytester_run(tmp_path / "right.ipynb") == 0
    assert pytester_run(tmp_path / "wrong.ipynb") == 1


@pytest.fixture
def pytester_run():
    """Runs nbval on one file as `make test` does, and returns pytest's exit code."""
    import subprocess
    import sys

    def run(path):
        options = ["--nbval", "--nbval-current-env", "-p", "no:cacheprovider"]
        command = [sys.executable, "-m", "pytest", "-q", *options, "--rootdir", str(path.parent), str(path)]
        return subprocess.run(command, cwd=path.parent, capture_output=True, check=False).returncode

    return run
