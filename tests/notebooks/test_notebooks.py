"""What nbval does not see: the form of the committed notebooks, and that every cell can be run twice.

nbval itself runs them and compares each text output (`--nbval` in pyproject.toml). It never compares a PNG, and a cell
without committed outputs passes whatever it prints; so the form is checked here.
"""

import base64
import re
import subprocess
import sys

import nbformat
import pytest
from nbconvert.exporters import ScriptExporter

from bpcourse.pictures.picture import inventory_of
from tests.notebooks import plain_runs
from tests.notebooks.cells import EACH_NOTEBOOK, code_cells, markdown, numbered, read
from tests.places import NOTEBOOKS
from tools.decks import tagged
from tools.notebooks import normalise

IGNORED = "nbval-ignore-output"
MAY_DIFFER = [("06_backpropagation.ipynb", "back-40")]  # (notebook, id of the cell): the cells with this tag
FORBIDDEN = ("image/svg+xml", "application/vnd.jupyter.widget-view+json")
OPENING = "import bpcourse as bp"
NOT_HERE = re.compile(r"from bpcourse\S* import|import matplotlib|%|interact\(|Output\(|;\s*$")
SHOWS = re.compile(r"print\(|^(?!.* = )[\w.]+\(.*\)$")  # a last line that puts something out


def faults(notebook, size=0):
    """Everything in a notebook that must not be committed, a sentence each."""
    code = code_cells(notebook)
    words = sum(len(source.split()) for source in markdown(notebook))
    lines = sum(len(cell.source.splitlines()) for cell in code)
    found = {
        "the kernelspec is missing": notebook.metadata.get("kernelspec", {}).get("name") != "python3",
        "metadata.widgets is there": "widgets" in notebook.metadata,
        f"{size} bytes": size > 1_500_000,
        "the execution counts are not 1, 2, 3, …": [c.execution_count for c in code] != [*range(1, len(code) + 1)],
        f"{words} words for {lines} lines of code": words < 10 * lines,
        "the first code cell does not import bpcourse": OPENING not in code[0].source,
        "the first code cell is not a short one": len(code[0].source.splitlines()) > 6,
    }
    for n, cell in enumerate(code, start=1):
        last = cell.source.splitlines()[-1]
        found |= {
            f"code cell {n} has more than 12 lines": len(cell.source.splitlines()) > 12,
            f"code cell {n} uses more than the public names, or what nbval cannot follow": NOT_HERE.search(cell.source),
            f"code cell {n} has no outputs": SHOWS.search(last) and not cell.outputs,
        }
        for m, output in enumerate(cell.outputs, start=1):
            where = f"code cell {n}, output {m}"
            data = output.get("data", {"text/plain": output.get("text", "")})
            undescribed = "image/png" in data and not output.metadata.get("image/png", {}).get("alt")
            found |= {
                f"{where} is an error": output.output_type == "error",
                f"{where} must not be committed": any(mime in data for mime in FORBIDDEN),
                f"{where} is a picture without a description": undescribed,
                f"{where} is above 200 kB": sum(len(str(value)) for value in data.values()) > 200_000,
                f"{where} is a bare numpy scalar": "np.float64(" in str(data.get("text/plain", "")),
            }
    return [fault for fault, there in found.items() if there]


@EACH_NOTEBOOK
def test_form(path):
    assert faults(read(path), path.stat().st_size) == []


def test_cells_that_may_differ_are_these():
    assert [(path.name, c.id) for path in NOTEBOOKS for c in read(path).cells if tagged(c, IGNORED)] == MAY_DIFFER


@EACH_NOTEBOOK
def test_each_cell_run_twice_gives_the_same(path):
    with plain_runs.fresh() as names:
        for n, cell in enumerate(code_cells(read(path)), start=1):
            first, second = (plain_runs.run(cell.source, names) for _ in range(2))
            assert tagged(cell, IGNORED) or readable(first) == readable(second), f"code cell {n}"
            pngs = [first[1]["image/png"]] if "image/png" in first[1] else []
            drawn = [inventory_of(png) for png in pngs]
            assert drawn == committed_drawings(cell), f"code cell {n} draws something else now: run `make notebooks`"


def test_the_recap_is_the_same_wherever_it_stands():
    recaps = {path.name[:2]: cell.source for path in NOTEBOOKS for cell in read(path).cells if cell.id == "recap"}
    assert recaps.keys() >= {"04", "05"}
    assert len(set(recaps.values())) == 1


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
        (lambda nb, code, picture: code[0].outputs.append(nbformat.v4.new_output("error")), "is an error"),
        (lambda nb, code, picture: [c.update(source="") for c in nb.cells if c.cell_type == "markdown"], "0 words"),
    ],
)
def test_each_fault_is_noticed(change, fault):
    notebook = numbered("03")
    code = code_cells(notebook)
    pictures = (output for cell in code for output in cell.outputs if "image/png" in output.get("data", {}))
    change(notebook, code, next(pictures))
    assert any(fault in sentence for sentence in faults(notebook))


def test_nbval_compares(tmp_path):
    """A changed committed number fails nbval; the untouched notebook is run by nbval in this very session."""

    def run(path):
        """Runs nbval on one file as `make test` does; returns pytest's exit code."""
        options = ["--nbval", "--nbval-current-env", "-p", "no:cacheprovider", "--rootdir", str(path.parent)]
        command = [sys.executable, "-m", "pytest", "-q", *options, str(path)]
        return subprocess.run(command, cwd=path.parent, capture_output=True, check=False).returncode

    notebook = numbered("03")
    small = nbformat.v4.new_notebook(metadata=notebook.metadata, cells=notebook.cells[:5])
    assert "[0.468 0.678]" in small.cells[4].outputs[0].text
    nbformat.write(small, tmp_path / "right.ipynb")
    small.cells[4].outputs[0].text = small.cells[4].outputs[0].text.replace("0.468", "0.469")
    nbformat.write(small, tmp_path / "wrong.ipynb")
    assert run(tmp_path / "right.ipynb") == 0
    assert run(tmp_path / "wrong.ipynb") == 1


# The metadata say what language a notebook is in, as fully as what reads it needs ------------------------------------


def as_script(notebook):
    """What `jupyter nbconvert --to script` writes: the ending of its name, and the text."""
    text, resources = ScriptExporter().from_notebook_node(notebook)
    return resources["output_extension"], text


@EACH_NOTEBOOK
def test_as_a_script_it_is_a_python_file(path):
    ending, text = as_script(read(path))
    assert ending == ".py"
    compile(text, path.name, "exec")
    assert "# coding: utf-8" in text  # the prose is there too, as comments


def test_without_that_metadata_it_is_a_text_file_and_normalising_mends_it():
    notebook = numbered("00")
    notebook.metadata.language_info = {"name": "python"}
    assert as_script(notebook)[0] == ".txt"
    normalise(notebook)
    assert as_script(notebook)[0] == ".py"


@EACH_NOTEBOOK
def test_normalising_again_changes_no_metadata(path):
    notebook, again = read(path), read(path)
    normalise(again)
    assert again == notebook


def test_normalising_keeps_png_and_text_of_an_output_alone():
    notebook = numbered("03")
    picture = next(
        output for cell in code_cells(notebook) for output in cell.outputs if "image/png" in output.get("data", {})
    )
    kept = dict(picture.data)
    for mime in ("image/svg+xml", "application/vnd.jupyter.widget-view+json"):
        picture.data[mime] = picture.metadata[mime] = {}
    normalise(notebook)
    assert dict(picture.data) == kept
    assert set(picture.metadata) <= set(kept)


# `with_bias` counts neurons from 1, an array its rows from 0: one line does not do both ------------------------------

COUNTS_TWICE = re.compile(r"with_(?:bias|weight)\([^)\n]*\bnet\.[wb]\[")


@pytest.mark.parametrize("number", ["00", "01"])
def test_no_line_counts_from_1_and_from_0(number):
    assert [cell.id for cell in numbered(number).cells if COUNTS_TWICE.search(cell.source)] == []


def test_a_line_that_counts_twice_is_noticed():
    assert COUNTS_TWICE.search("pushed = net.with_bias(2, 3, net.b[2][2, 0] + 0.01)")
    assert not COUNTS_TWICE.search("bias = net.b[2][2, 0]\npushed = net.with_bias(2, 3, bias + 0.01)")
