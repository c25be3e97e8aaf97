"""JupyterLab on a copy of the notebooks, and a page of the system's browser that remembers its errors."""

import pathlib
import shutil

import pytest

from tests.browser.notebook_03 import FLOW, STEPS, net, wait_for_numbers
from tools.browser import jupyterlab, open_notebook, run_all

NOTEBOOKS = pathlib.Path(__file__).parents[2] / "notebooks"


@pytest.fixture(scope="session")
def lab(tmp_path_factory):
    """The address of a JupyterLab on a copy of the notebooks."""
    folder = tmp_path_factory.mktemp("notebooks")
    for notebook in NOTEBOOKS.glob("*.ipynb"):
        shutil.copy(notebook, folder)
    with jupyterlab(folder) as address:
        yield address


@pytest.fixture(scope="module")
def page(browser):
    """A page whose `.errors` are what the console and the scripts complained about."""
    page = browser.new_page(viewport={"width": 1280, "height": 1000})
    page.errors = []
    page.on("console", lambda message: page.errors.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: page.errors.append(str(error)))
    yield page
    page.close()


@pytest.fixture(scope="module")
def opened(lab, page):
    open_notebook(page, lab, "03_bp2_hidden_error.ipynb")
    run_all(page)
    page.evaluate("window.jupyterapp.commands.execute('application:toggle-left-area')")
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
