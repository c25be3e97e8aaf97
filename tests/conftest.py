"""The order of the files; the system's browser and one JupyterLab a worker, for all tests that look at a page."""

import os
import shutil
import signal
import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from playwright.sync_api import sync_playwright

from tests.browser import engines
from tests.browser.lab import NOTEBOOKS, Lab, new_page
from tests.places import ROOT
from tools.browser import jupyterlab, launch
from tools.patience import patience

# Minutes of work, a file: a worker that gets one of these last works on alone. The longest comes first.
LONG = ("07_learning", "test_teaching", "test_notebooks", "test_leaks", "test_every_notebook", "test_everywhere")


def pytest_configure(config):
    """Servers that the tests start end on Ctrl-C and with their terminal, also in the background and under nohup.

    A notebook's cell and its kernel get the time that this machine needs.
    """
    config.option.nbval_cell_timeout = config.option.nbval_kernel_startup_timeout = patience()
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    if hasattr(signal, "SIGHUP") and signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:
        signal.signal(signal.SIGHUP, signal.SIG_DFL)


def pytest_collection_modifyitems(items):
    """Long files first, short ones last, so that the workers of `make test`, which hands out files, end together."""
    long = {name: n for n, name in enumerate(LONG)}

    def place(item):
        in_browser = item.path.parent.name in ("browser", "on_stage")
        return long.get(item.path.stem, len(long)), not in_browser, item.path.suffix == ".py"

    items.sort(key=place)
    for item in items:
        if hasattr(item, "output_timeout"):  # nbval's own: 5 seconds for each output
            item.output_timeout = patience()


def pytest_terminal_summary(terminalreporter):
    """Where the seconds went, file by file."""
    seconds = Counter()
    for report in [report for reports in terminalreporter.stats.values() for report in reports]:
        if isinstance(report, pytest.TestReport):
            seconds[report.nodeid.partition("::")[0]] += report.duration
    terminalreporter.section(f"the ten longest of {len(seconds)} files, {sum(seconds.values()):.0f} s in all")
    for name, taken in seconds.most_common(10):
        terminalreporter.line(f"{taken:6.1f} s  {name}")


def demand(engine):
    """Without an engine its tests are left out, in a sentence; where CI is set they fail."""
    if what := engines.lacks(engine):
        missing = f"no {what} on this machine: nothing was tested in {engine}"
        if os.environ.get("CI"):
            pytest.fail(missing)
        pytest.skip(missing)


@pytest.fixture(scope="session")
def browser():
    demand("chromium")
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()


@pytest.fixture(scope="module", params=engines.ENGINES)
def engine(request):
    """A window of each engine in turn; one is open at a time."""
    demand(request.param)
    playwrights = request.getfixturevalue("browser") if request.param == "chromium" else None
    with engines.opened(request.param, playwrights) as engine:
        yield engine


@pytest.fixture(scope="session")
def lab(tmp_path_factory):
    """JupyterLab on a copy of the notebooks."""
    folder = tmp_path_factory.mktemp("notebooks")
    for notebook in NOTEBOOKS.glob("*.ipynb"):
        shutil.copy(notebook, folder)
    with jupyterlab(folder) as address:
        yield Lab(folder, address)


@pytest.fixture(scope="session")
def lite(tmp_path_factory):
    """The folder that `make lite` writes."""
    if shutil.which("node") is None:
        missing = "no node on this machine: the course with a Python in the page was not built"
        pytest.fail(missing) if os.environ.get("CI") else pytest.skip(missing)
    site = tmp_path_factory.mktemp("site")
    subprocess.run([sys.executable, "-m", "tools.lite", site], cwd=ROOT, check=True)
    return site / "lite"


@pytest.fixture(scope="module")
def page(browser):
    """A page of JupyterLab, with its own cookies, workspace and kernel, which end with the file."""
    with new_page(browser) as page:
        yield page


@pytest.fixture(scope="session")
def aside():
    """Calls a function in another thread, `aside(function, …)`: while a browser is open, this one has an event loop."""
    with ThreadPoolExecutor(1) as thread:
        yield lambda function, *arguments: thread.submit(function, *arguments).result()
