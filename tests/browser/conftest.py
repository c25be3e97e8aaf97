"""JupyterLab on a copy of the notebooks, and a page of the system's browser that remembers its errors."""

import os
import pathlib
import shutil

import pytest
from playwright.sync_api import sync_playwright

from tools.browser import find_browser, jupyterlab, launch

NOTEBOOKS = pathlib.Path(__file__).parents[2] / "notebooks"


@pytest.fixture(scope="session")
def browser():
    if find_browser() is None:
        missing = "no Chromium, Chrome or Edge on this machine: the notebooks were not tested in a browser"
        if os.environ.get("CI"):
            pytest.fail(missing)
        pytest.skip(missing)
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()


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
