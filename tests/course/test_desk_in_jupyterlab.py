"""JupyterLab as `make lab` opens it: network and equation beside each other, no pop-up, in the system's colours."""

import contextlib
import json
import os
import re
import sys

import pytest
from jupyterlab_server.workspaces_handler import WorkspacesManager, slugify

from tests.browser.lab import new_page
from tests.browser.notebook_03 import FLOW
from tests.tools.test_lab import copy_project
from tools.browser import run_all, running, wait_for_kernel
from tools.lab import LAYOUT

FIRST = "00_start_here.ipynb"
THEMES = "@jupyterlab/apputils-extension/themes.jupyterlab-settings"


@contextlib.contextmanager
def lab_of(home, project):
    """The address that `python tools/lab.py` in a copy of the project says, with a home of its own."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("JUPYTER")}
    command = [sys.executable, "tools/lab.py", "--no-browser", "--expose-app-in-browser"]
    log = home / "log"

    def says_where():
        return re.search(r"http://127\.0\.0\.1:\S+token=\w+", log.read_text())

    with running(command, log, says_where, cwd=project, env=environment | {"HOME": str(home)}) as found:
        yield found[0]


@pytest.fixture(scope="module")
def places(tmp_path_factory):
    project = tmp_path_factory.mktemp("project")
    copy_project(project)
    return tmp_path_factory.mktemp("home"), project


@pytest.fixture(scope="module")
def address(places):
    """Of a JupyterLab that a learner opens for the first time."""
    with lab_of(*places) as address:
        yield address


@contextlib.contextmanager
def opened(browser, address, **context):
    """The page that the learner sees, as soon as its notebook has a kernel."""
    with new_page(browser, viewport={"width": 1280, "height": 900}, **context) as page:
        page.goto(address)
        wait_for_kernel(page)
        page.evaluate("window.jupyterapp.restored")
        yield page


def has_files(page):
    return page.locator("#filebrowser").is_visible()


def theme(page):
    page.wait_for_function("document.body.dataset.jpThemeName")
    return page.evaluate("document.body.dataset.jpThemeName")


def test_network_and_equation_stand_beside_each_other(browser, address, places):
    with opened(browser, address) as page:
        assert f"/lab/tree/{FIRST}" in page.url
        assert not has_files(page)
        assert theme(page) == "JupyterLab Light"
        assert page.locator(".Toastify__toast, .jp-Dialog").count() == 0
        assert page.locator("#jp-main-statusbar").get_by_text("0", exact=True).count() >= 1  # no notification waits
        assert "Jupyter news" not in page.locator("body").inner_text()
        run_all(page)
        flow = page.locator(FLOW).first
        flow.scroll_into_view_if_needed()
        flow.locator("#neuron-2-3").click()
        picture, panel = flow.locator("svg").first.bounding_box(), flow.locator(".panel").bounding_box()
        assert picture["x"] + picture["width"] <= panel["x"] + 1
        assert picture["y"] < panel["y"] + panel["height"]
        assert panel["y"] < picture["y"] + picture["height"]
        assert panel["x"] + panel["width"] <= 1280
    home, project = places
    assert not [*(home / ".jupyter").rglob("*.jupyterlab-workspace")], "the reader's own workspaces stay as they are"
    assert (project / "my" / ".workspaces" / LAYOUT.name).exists()


def test_it_is_dark_where_the_system_is(browser, address):
    with opened(browser, address, color_scheme="dark") as page:
        page.wait_for_function("document.body.dataset.jpThemeName === 'JupyterLab Dark'")
        page.emulate_media(color_scheme="light")
        page.wait_for_function("document.body.dataset.jpThemeName === 'JupyterLab Light'")


def test_what_the_reader_chose_wins(browser, places):
    home, project = places
    chosen = home / ".jupyter" / "lab" / "user-settings" / THEMES
    chosen.parent.mkdir(parents=True, exist_ok=True)
    chosen.write_text(json.dumps({"theme": "JupyterLab Light"}))
    manager = WorkspacesManager(str(project / "my" / ".workspaces"))
    layout = {"left": {"collapsed": False, "visible": True, "current": "filebrowser", "widgets": ["filebrowser"]}}
    data = {"layout-restorer:data": layout, "file-browser-filebrowser:cwd": {"path": ""}}
    manager.save("default", json.dumps({"data": data, "metadata": {"id": "default"}}))
    with lab_of(home, project) as address:
        address = address.replace("/lab?", f"/lab/tree/{FIRST}?")
        with opened(browser, address, color_scheme="dark") as page:
            assert theme(page) == "JupyterLab Light"
            page.locator("#filebrowser").wait_for()  # as it was left


def test_the_layout_is_the_one_that_jupyterlab_opens_first():
    name = WorkspacesManager(str(LAYOUT.parent)).load("default")["metadata"]["id"]
    assert (name, LAYOUT.stem) == ("default", slugify("default"))
