"""Pages of a running JupyterLab, as a test opens them: their kernel ends with them, and they remember their errors."""

import contextlib
import pathlib
from typing import NamedTuple

import nbformat

from tests.places import ROOT
from tools import browser as system
from tools.browser import open_notebook

NOTEBOOKS = ROOT / "notebooks"
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
    page = system.new_page(browser, **{"viewport": {"width": 1280, "height": 1000}} | context)
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
