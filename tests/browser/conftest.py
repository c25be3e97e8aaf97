"""One JupyterLab for all files of a worker; each file opens its own notebook on a page of its own, with its own
cookies, workspace and kernel; page and kernel end with the file."""

import shutil

import pytest

from tests.browser.lab import HIDE_FILES, NOTEBOOKS, Lab, new_page
from tests.browser.notebook_03 import FLOW, STEPS, net, wait_for_numbers
from tools.browser import jupyterlab, open_notebook, run_all


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
