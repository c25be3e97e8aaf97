"""One JupyterLab for all files of a worker, and pages that remember what was complained of. A file opens its own
notebook on a page of its own, with its own cookies, workspace and kernel; page and kernel end with the file."""

import contextlib
import pathlib
import shutil
from typing import NamedTuple

import nbformat
import pytest

from tests.browser.matrix_page import first_table
from tests.browser.notebook_03 import FLOW, STEPS, net, wait_for_numbers
from tools.browser import jupyterlab, open_notebook, run_all

NOTEBOOKS = pathlib.Path(__file__).parents[2] / "notebooks"
SHUT_DOWN = "window.jupyterapp?.shell.currentWidget?.context?.sessionContext.shutdown()"
HIDE_FILES = "window.jupyterapp.commands.execute('application:toggle-left-area')"
SHOW_ALL_CELLS = """() => {
    const { content } = window.jupyterapp.shell.currentWidget;
    content.notebookConfig = { ...content.notebookConfig, windowingMode: 'none' };
}"""


def write_notebook(file, cells):
    """A notebook of these code cells, none run."""
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    cells = [nbformat.v4.new_code_cell(source) for source in cells]
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel}), file)


@contextlib.contextmanager
def new_page(browser, **context):
    """A page whose `.errors` are what the console and the scripts complained about; its kernel ends with it."""
    page = browser.new_page(**{"viewport": {"width": 1280, "height": 1000}} | context)
    page.errors = []
    page.on("console", lambda message: page.errors.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: page.errors.append(str(error)))
    try:
        yield page
    finally:
        page.evaluate(SHUT_DOWN)
        page.context.close()


def change_theme(page, theme):
    name = f"JupyterLab {theme}"
    page.evaluate("(theme) => window.jupyterapp.commands.execute('apputils:change-theme', { theme })", name)
    page.wait_for_function("theme => document.body.dataset.jpThemeName === theme", arg=name)


class Lab(NamedTuple):
    """A running JupyterLab: the folder that it shows, and its address."""

    folder: pathlib.Path
    address: str

    def open(self, page, name, cells):
        """Opens a notebook of these code cells, none run, all on the page, also those far below."""
        write_notebook(self.folder / name, cells)
        open_notebook(page, self.address, name)
        page.evaluate(HIDE_FILES)
        page.evaluate(SHOW_ALL_CELLS)


@pytest.fixture(scope="session")
def lab(tmp_path_factory):
    """JupyterLab on a copy of the notebooks."""
    folder = tmp_path_factory.mktemp("notebooks")
    for notebook in NOTEBOOKS.glob("*.ipynb"):
        shutil.copy(notebook, folder)
    with jupyterlab(folder) as address:
        yield Lab(folder, address)


@pytest.fixture(scope="module")
def page(browser):
    with new_page(browser) as page:
        yield page


@pytest.fixture(scope="module", params=["Light", "Dark"])
def theme(request, opened):
    """The file's page in each of JupyterLab's themes; afterwards light again, for JupyterLab remembers it."""
    change_theme(opened, request.param)
    yield request.param
    change_theme(opened, "Light")


@pytest.fixture(scope="module")
def opened(lab, page):
    """Notebook 03, run; a file with cells of its own has an `opened` of its own."""
    open_notebook(page, lab.address, "03_bp2_hidden_error.ipynb")
    page.evaluate(HIDE_FILES)
    run_all(page)
    page.locator(FLOW).scroll_into_view_if_needed()
    return page


@pytest.fixture
def flow(opened):
    """The live network as the notebook opens it: at BP2, δ²₃ chosen, the first weights."""
    flow = opened.locator(FLOW)
    flow.locator(".reset").click()
    flow.locator(".step").fill(STEPS["BP2"])
    flow.locator("#neuron-2-3").click()
    wait_for_numbers(flow, net)
    return flow


@pytest.fixture
def table(opened):
    return first_table(opened)
