"""The course with a Python in the page: built, opened from a plain file server with every other place refused, used."""

import json
import re
import zipfile

import pytest

import bpcourse as bp
from tests.browser.eyes import axe_faults
from tests.browser.lab import RUN, listening
from tests.browser.lite import served
from tests.browser.notebook_03 import FLOW, net, wait_for_numbers
from tests.notebooks.cells import PYTHON, read
from tests.places import NOTEBOOKS, ROOT
from tools.browser import SHOW_ALL_CELLS, new_page, run_all, wait_for_kernel
from tools.lite import packages, parts
from tools.lite.__main__ import fingerprint

THIRD, MINE = "03_bp2_hidden_error.ipynb", "03_bp2_hidden_error-mine.ipynb"
PRINTED = """() => window.jupyterapp.shell.currentWidget.content.model.sharedModel.cells
    .filter((cell) => cell.cell_type === 'code').map((cell) => cell.getOutputs()
        .map((output) => output.text ?? output.data?.['text/plain'] ?? output.evalue ?? '').join(''))"""
MODEL = "window.jupyterapp.shell.currentWidget.content.model.sharedModel"
WRITE = f"([index, source]) => {MODEL}.cells[index].setSource(source)"
SAVE = "window.jupyterapp.commands.execute('docmanager:save')"
WRITTEN = f"{MODEL}.cells[0].source"
READY = "window.jupyterapp?.shell?.currentWidget?.context?.isReady"


@pytest.fixture(scope="module")
def address(lite):
    with served(lite) as address:
        yield address


@pytest.fixture
def page(browser, address):
    page = listening(new_page(browser, accept_downloads=True), address.removesuffix("/lite"))
    yield page
    assert page.asked == []
    page.context.close()


@pytest.fixture(scope="module")
def opened(browser, address):
    """03, through the door, run."""
    page = listening(new_page(browser), address.removesuffix("/lite"))
    page.goto(f"{address}/index.html?path={THIRD}")
    wait_for_kernel(page)
    page.evaluate(SHOW_ALL_CELLS)
    run_all(page)
    yield page
    assert page.asked == []
    assert page.errors == []
    page.context.close()


def test_the_notebook_prints_what_is_committed(opened):
    cells = [cell for cell in read(ROOT / "notebooks" / THIRD).cells if cell.cell_type == "code"]
    told = ["".join(one.get("text") or one.data["text/plain"] for one in cell.outputs) for cell in cells]
    assert opened.evaluate(PRINTED) == told


def test_the_live_picture_answers(opened):
    flow = opened.locator(FLOW).last
    flow.scroll_into_view_if_needed()
    flow.locator("#edge-3-2-3 .hit").click(force=True)
    slider = flow.locator(".weight input")
    slider.fill("1.5")
    wait_for_numbers(flow, net.with_weight(3, 2, 3, float(slider.input_value())))
    flow.locator(".reset").click()
    wait_for_numbers(flow, net)


def test_a_check_knows_right_from_wrong(opened):
    cells = read(ROOT / "notebooks" / THIRD).cells
    at = next(n for n, cell in enumerate(cells) if cell.source.startswith("bp.check.bp2("))
    (solution,) = PYTHON.findall(cells[at + 1].source)

    def verdict(source):
        opened.evaluate(WRITE, [at - 1, source])
        opened.evaluate(RUN, at - 1)
        opened.evaluate(RUN, at)
        (output,) = opened.evaluate("index => window.jupyterapp.shell.currentWidget.content.model.sharedModel"
                                    ".cells[index].getOutputs().map((o) => o.data['text/plain'])", at)  # fmt: skip
        return output

    names = {"bp": bp, "np": __import__("numpy")}
    for source in solution, solution.replace(".T", ""):
        exec(source, names)
        assert verdict(source) == repr(eval(cells[at].source, names))


def test_what_is_left_out_is_not_missed(opened):
    code = (
        "import matplotlib.pyplot as plt; plt.plot([1, 2], label='$x^2$'); plt.title('a', style='italic'); plt.legend()"
    )
    printed = opened.evaluate(
        """async (code) => {
            const { kernel } = window.jupyterapp.shell.currentWidget.context.sessionContext.session, said = [];
            const asked = kernel.requestExecute({ code });
            asked.onIOPub = ({ header, content }) => said.push(header.msg_type + (content.text ?? content.evalue));
            await asked.done;
            const { content } = await kernel.requestComplete({ code: 'bp.backpr', cursor_pos: 9 });
            return [said.filter((one) => /^(error|stream)/.test(one)), content.matches];
        }""",
        code,
    )
    assert printed == [[], ["bp.backprop"]]


# What is kept, and what follows the course ----------------------------------------------------------------------------


def rewritten(lite, address, change):
    """The course with another 03: the file, and what the door knows of it."""
    file = lite / "files" / THIRD
    notebook = json.loads(file.read_text("utf-8"))
    change(notebook["cells"])
    file.write_text(json.dumps(notebook, ensure_ascii=False), "utf-8")
    course = json.loads((lite / "course.json").read_text())
    (lite / "course.json").write_text(json.dumps(course | {THIRD: course[THIRD] | {"written": fingerprint(file)}}))


def opened_again(page, address):
    page.goto(f"{address}/index.html?path={THIRD}")
    page.wait_for_function(READY)
    return page.evaluate(WRITTEN)


def test_what_was_only_run_follows_the_course_and_what_was_edited_stays(lite, address, page):
    kept = {name: (lite / name).read_bytes() for name in (f"files/{THIRD}", "course.json")}
    try:
        first = opened_again(page, address)
        page.evaluate(SAVE)  # as JupyterLab does by itself every two minutes
        rewritten(lite, address, lambda cells: cells[0].update(source="# Newer"))
        assert opened_again(page, address) == "# Newer"

        page.evaluate(WRITE, [0, "# Mine"])
        page.evaluate(SAVE)
        assert opened_again(page, address) == "# Mine"

        rewritten(lite, address, lambda cells: cells[0].update(source="# Newest"))
        page.goto(f"{address}/index.html?path={THIRD}")
        page.locator("#said", has_text="has your edits and stays. The course has a newer one.").wait_for()
        assert axe_faults(page) == []
        page.get_by_role("link", name="Open yours").click()
        page.wait_for_function(READY)
        assert page.evaluate(WRITTEN) == "# Mine"

        page.goto(f"{address}/index.html")
        page.get_by_role("button", name="Take the newer one").click()
        page.wait_for_function(READY)
        assert page.evaluate(WRITTEN) == "# Newest"
        assert first not in ("# Mine", "# Newer", "# Newest")

        page.goto(f"{address}/index.html")
        page.locator("#notebooks li", has_text=f"{MINE} (yours)").wait_for()
        with page.expect_download() as download:
            page.get_by_role("button", name="Download all notebooks").click()
        with zipfile.ZipFile(download.value.path()) as archive:
            assert sorted(archive.namelist()) == sorted([*(path.name for path in NOTEBOOKS), MINE])
            assert json.loads(archive.read(MINE))["cells"][0]["source"] == "# Mine"
            assert json.loads(archive.read(THIRD))["cells"][0]["source"] == "# Newest"
    finally:
        for name, content in kept.items():
            (lite / name).write_bytes(content)


# What bad input gets --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("script", "words"),
    [
        ("delete window.WebAssembly", "no WebAssembly"),
        ("indexedDB.open = () => { throw new Error('denied'); }", "keeps nothing of what you write"),
    ],
)
def test_a_browser_that_cannot_is_told_so_and_shown_the_way(script, words, address, page):
    page.add_init_script(script)
    page.goto(f"{address}/index.html?path={THIRD}")
    page.locator("#said", has_text=words).wait_for()
    assert (
        page.get_by_role("link", name="read and play its page").get_attribute("href") == "../03_bp2_hidden_error.html"
    )
    assert page.errors == []


def test_opened_as_a_file_it_says_what_is_needed(lite, page):
    page.goto((lite / "index.html").as_uri() + f"?path={THIRD}")
    page.locator("#said", has_text="put the folder on a web server").wait_for()
    assert page.errors == []


def test_a_notebook_that_is_not_there_is_named_and_the_others_are_shown(address, page):
    page.goto(f"{address}/index.html?path=99.ipynb")
    page.locator("#said", has_text="There is no notebook 99.ipynb here.").wait_for()
    titles = [re.search("^# (.+)$", read(path).cells[0].source, re.MULTILINE)[1] for path in NOTEBOOKS]
    assert page.locator("#notebooks li").all_inner_texts() == [f"{n:02} · {words}" for n, words in enumerate(titles)]


# What is shipped ------------------------------------------------------------------------------------------------------


def test_every_part_has_its_licence(lite):
    text = (lite / "LICENCES.txt").read_text("utf-8")
    wheels = [file.name.split("-")[0].replace("_", "-") for file in (lite / "static/pyodide").glob("*.whl")]
    named = {line.split(" ")[0].lower().replace("_", "-") for line in re.findall(r"^=+\n(.+)\n=+$", text, re.MULTILINE)}
    assert {name.lower() for name in wheels} <= named
    assert {"pyodide", "python", "jupyterlite-core"} <= named


def test_it_is_no_heavier_than_was_measured(lite):
    sizes = [file.stat().st_size for file in (lite / "static/pyodide").glob("*.whl")]
    assert sum(sizes) < 14_500_000


def test_without_node_the_build_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr(packages.shutil, "which", lambda name: None)
    with pytest.raises(parts.Fault, match="node"):
        packages._compile(tmp_path, tmp_path)
