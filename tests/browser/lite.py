"""JupyterLite in the place of JupyterLab: `pytest -p tests.browser.lite` runs a test of the notebooks in it, unchanged.

BPCOURSE_LITE names the folder that `make lite` wrote.
"""

import contextlib
import os
import pathlib
import tempfile

from tests.browser import lab
from tests.browser.engines_pages import file_server
from tools import browser
from tools.browser import wait_for_kernel


@contextlib.contextmanager
def served(site):
    """A plain file server with the folder in it, as `lite/`; yields the address of that."""
    with tempfile.TemporaryDirectory() as host:
        pathlib.Path(host, "favicon.ico").touch()  # which browsers ask of every host
        pathlib.Path(host, "lite").symlink_to(pathlib.Path(site).resolve())
        with file_server(host) as address:
            yield f"{address}/lite"


def open_notebook(page, address, name, at=""):
    """Opens a notebook of the course in JupyterLite and waits until its kernel is ready."""
    page.goto(f"{address}/lab/index.html?reset&path={name}")
    wait_for_kernel(page)


if "BPCOURSE_LITE" in os.environ:  # before a test asks for them by these names
    browser.jupyterlab = lambda folder: served(os.environ["BPCOURSE_LITE"])
    browser.open_notebook = lab.open_notebook = open_notebook
