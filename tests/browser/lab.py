"""Pages as a test opens them, which remember what went wrong; in JupyterLab, their kernel ends with them."""

import contextlib
import pathlib
import re
from typing import NamedTuple

import nbformat

from tests.places import ROOT
from tools import browser as system
from tools.browser import SHOW_ALL_CELLS, open_notebook

NOTEBOOKS = ROOT / "notebooks"
SHUT_DOWN = "window.jupyterapp?.shell.currentWidget?.context?.sessionContext.shutdown()"
HIDE_FILES = "window.jupyterapp.commands.execute('application:toggle-left-area')"
# Cells of a notebook: the third's network and bird, what shows them live, and what prints them.
SETUP = """\
import bpcourse as bp
birds = bp.penguins()
net = bp.Network([3, 4, 2], seed=38)
x, y = birds.x[:, [128]], birds.y[:, [128]]"""
LIVE = {
    "flow": "bp.DeltaFlow(net, x, y, select='delta-2-3')",
    "matrix": "bp.WeightMatrix(bp.DeltaFlow(net, x, y, select='delta-2-3'), l=3)",
    "stepper": "bp.Stepper(bp.BP2, net, x, y)",
    "predict": "bp.Predict(bp.questions.BP2, net, x, y)",
}
PRINTED = "bp.draw(bp.backprop(net, x, y))"
# Runs a cell, and waits until all it does to the page is done; returns what it prints.
RUN = """async (index) => {
    const { content, context } = window.jupyterapp.shell.currentWidget;
    content.activeCellIndex = index;
    await window.jupyterapp.commands.execute('notebook:run-cell');
    await context.sessionContext.session.kernel.requestKernelInfo();
    return content.model.sharedModel.cells[index].getOutputs().map((output) => String(output.text ?? '')).join('');
}"""


def write_notebook(file, cells):
    """A notebook of these code cells, none run."""
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    cells = [nbformat.v4.new_code_cell(source) for source in cells]
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel}), file)


# The font of the formulas, as often as the page has it: what became of it.
FONT = """[...document.fonts].filter(({ family }) => family.replaceAll('"', '') === 'Course Math')
    .map(({ status }) => status)"""


def fonts(page):
    """How the font of the formulas is there, as often as the page has it; waits until it has once been loaded."""
    page.wait_for_function(f"({FONT}).includes('loaded')")
    return page.evaluate(FONT)


def listening(page, home=None, also_warnings=False):
    """The page: `.errors` are what it complains of, `.asked` what it asks of any place but `home`, in vain."""
    page.errors, page.asked = [], []

    def hear(message):
        if message.type == "error" or (also_warnings and message.type != "log"):
            page.errors.append(f"{message.text} {message.location['url']}")

    def refuse(route):
        page.asked.append(route.request.url)
        route.abort()

    page.on("console", hear)
    page.on("pageerror", lambda error: page.errors.append(error.stack))
    if home:
        here = re.compile(rf"(http|ws)://{re.escape(home.removeprefix('http://'))}/|data:|blob:|file:")
        page.on("websocket", lambda socket: None if here.match(socket.url) else page.asked.append(socket.url))
        page.route(lambda url: not here.match(url), refuse)
    return page


@contextlib.contextmanager
def new_page(browser, **context):
    """A page that is listened to; its kernel ends with it."""
    page = listening(system.new_page(browser, **context))
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
