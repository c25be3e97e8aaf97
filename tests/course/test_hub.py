"""A real JupyterHub with its proxy on this machine: two users, each with a server of their own, move a weight."""

import functools
import json
import os
import shutil
import subprocess
import sys
import urllib.parse

import pytest

from tests.browser.lab import HIDE_FILES, listening
from tests.browser.notebook_03 import FLOW, STEPS, expected, net, numbers, wait_for_numbers
from tests.places import ROOT
from tools.browser import answers, free_ports, new_page, run_all, running, wait_for_kernel
from tools.classroom.links import pull_link

PROXY = ROOT / "tools" / "classroom" / "node_modules"
PASSWORD = "four-hidden-neurons"
NOTEBOOK = "03_bp2_hidden_error.ipynb"
USERS = {"ada": 2.0, "grace": -1.5}  # and where each moves w³₁₃

# The project's configuration, on free ports, and with JupyterLab's own state open to the test.
CONFIGURATION = """
load_subconfig({file!r})
c.JupyterHub.bind_url = "http://127.0.0.1:{0}"
c.JupyterHub.hub_port, c.ConfigurableHTTPProxy.api_url = {1}, "http://127.0.0.1:{2}"
c.Spawner.args.append("--LabApp.expose_app_in_browser=True")
"""


@pytest.fixture(scope="module")
def room(tmp_path_factory):
    return tmp_path_factory.mktemp("room")


@pytest.fixture(scope="module")
def hub(room):
    """The address of the hub; its servers end with it."""
    if not PROXY.exists() or shutil.which("node") is None:
        missing = "no node with JupyterHub's proxy on this machine (`make proxy`): the hub was not tested"
        pytest.fail(missing) if os.environ.get("CI") else pytest.skip(missing)
    ports = free_ports(3)
    file = room / "jupyterhub_config.py"
    file.write_text(CONFIGURATION.format(*ports, file=str(ROOT / "tools" / "classroom" / "jupyterhub_config.py")))
    environment = {**os.environ, "BPCOURSE_ROOM": str(room), "BPCOURSE_HUB_PASSWORD": PASSWORD}
    address = f"http://127.0.0.1:{ports[0]}"
    command = [sys.executable, "-m", "jupyterhub", "--config", str(file)]
    there = functools.partial(answers, f"{address}/hub/login")
    with running(command, room / "log", there, env=environment, cwd=ROOT):
        yield address


def come_in(browser, hub, name, password=PASSWORD):
    """A page of someone who logs in under a name."""
    page = listening(new_page(browser), hub)
    page.goto(f"{hub}/hub/login")
    page.get_by_label("Username").fill(name)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()
    return page


def wait_for_notebook(page):
    """Waits until the notebook that the page opens has a kernel."""
    page.wait_for_function(f"window.jupyterapp?.shell.currentWidget?.context?.path.endsWith('{NOTEBOOK}')")
    wait_for_kernel(page)


@pytest.fixture(scope="module")
def desks(browser, hub):
    """Each user's page, with 03 run on a server of their own."""
    pages = {}
    for name in USERS:
        page = pages[name] = come_in(browser, hub, name)
        page.wait_for_url(f"{hub}/user/{name}/lab**")
        page.goto(f"{hub}/hub/user-redirect/lab/tree/{NOTEBOOK}?reset")
        wait_for_notebook(page)
        run_all(page)
        page.locator(FLOW).last.locator("#value-1-1 text").wait_for()
        page.evaluate(HIDE_FILES)
    yield pages
    for page in pages.values():
        page.context.close()


def test_each_user_moves_a_weight_and_disturbs_nobody(desks):
    flows = {name: page.locator(FLOW).last for name, page in desks.items()}
    for flow in flows.values():
        flow.scroll_into_view_if_needed()
        flow.locator(".step").fill(STEPS["BP2"])
        wait_for_numbers(flow, net)
    moved = {}
    for name, value in USERS.items():
        flows[name].locator("#edge-3-1-3 .hit").click(force=True)
        flows[name].locator(".weight input").fill(str(value))
        moved[name] = net.with_weight(3, 1, 3, value)
        wait_for_numbers(flows[name], moved[name])
        assert numbers(flows[name]) != expected(net.with_weight(3, 1, 3, value + 0.05)), "too coarse to tell"
        for other, flow in flows.items():  # who has not moved yet, and who moved before
            assert numbers(flow) == expected(moved.get(other, net))
    assert len({str(numbers(flow)) for flow in flows.values()}) == len(USERS)
    slider = flows["ada"].locator(".weight input")
    slider.focus()
    desks["ada"].keyboard.press("ArrowLeft")
    wait_for_numbers(flows["ada"], net.with_weight(3, 1, 3, float(slider.input_value())))
    assert numbers(flows["grace"]) == expected(moved["grace"])


def test_each_user_has_a_server_and_a_folder_of_their_own(desks, hub, room):
    kernels = {}
    for name, page in desks.items():
        assert page.url.startswith(f"{hub}/user/{name}/")
        answer = page.context.request.get(f"{hub}/user/{name}/api/kernels")
        kernels[name] = {kernel["id"] for kernel in answer.json()}
        assert len(kernels[name]) >= 1
        copied = {path.name for path in (room / "students" / name).glob("*.ipynb")}
        assert copied == {path.name for path in (ROOT / "notebooks").glob("*.ipynb")}
    assert kernels["ada"].isdisjoint(kernels["grace"])
    answer = desks["ada"].context.request.get(f"{hub}/user/grace/api/kernels")
    assert answer.status in (403, 404)


def test_a_pull_link_brings_the_notebooks(browser, hub, room, tmp_path):
    """The link of docs/classroom.md, with a repository on this machine in the place of the course's."""
    course = tmp_path / "bpcourse"
    (course / "notebooks").mkdir(parents=True)
    shutil.copy(ROOT / "notebooks" / NOTEBOOK, course / "notebooks")
    identity = ["-c", "user.name=a teacher", "-c", "user.email=teacher@localhost"]
    for command in (["init", "-q", "-b", "main"], ["add", "."], [*identity, "commit", "-qm", "A course"]):
        subprocess.run(["git", *command], cwd=course, check=True)
    page = come_in(browser, hub, "ada")
    page.wait_for_url(f"{hub}/user/ada/lab**")
    page.goto(pull_link(hub, str(course), NOTEBOOK))
    wait_for_notebook(page)
    assert urllib.parse.unquote(page.url).split("?")[0].endswith(f"/tree/bpcourse/notebooks/{NOTEBOOK}")
    pulled = room / "students" / "ada" / "bpcourse" / "notebooks" / NOTEBOOK
    assert pulled.read_bytes() == (course / "notebooks" / NOTEBOOK).read_bytes()
    page.close()


@pytest.mark.parametrize(
    ("name", "password"), [("ada", "a wrong one"), ("ada", ""), ("../ada", PASSWORD), ("Ada Lovelace", PASSWORD)]
)
def test_the_door_is_closed(browser, hub, room, name, password):
    page = come_in(browser, hub, name, password)
    page.get_by_text("Invalid username or password").wait_for()
    assert "/hub/login" in page.url
    assert {path.name for path in (room / "students").iterdir()} <= set(USERS)
    page.context.close()


def test_nothing_has_complained_and_nothing_has_left_the_machine(desks):
    assert {name: (page.errors, page.asked) for name, page in desks.items()} == dict.fromkeys(USERS, ([], []))


def test_a_student_comes_in_for_the_first_time(browser, hub):
    """Ready to read, too: the first notebook, its files closed, no news, the system's theme."""
    page = come_in(browser, hub, "emmy")
    page.wait_for_url(f"{hub}/user/emmy/lab**")
    page.wait_for_function("window.jupyterapp?.shell.currentWidget?.context?.isReady")
    page.evaluate("window.jupyterapp.restored")
    assert page.url.endswith("/lab/tree/00_start_here.ipynb")
    assert not page.locator("#filebrowser").is_visible()
    page.emulate_media(color_scheme="dark")
    page.wait_for_function("document.body.dataset.jpThemeName === 'JupyterLab Dark'")
    assert page.locator(".Toastify__toast, .jp-Dialog").count() == 0
    assert page.locator("#jp-main-statusbar").get_by_text("0", exact=True).count() >= 1  # no notification waits
    config = json.loads(page.locator("#jupyter-config-data").text_content())
    assert config["news"] == {"disabled": True}
    page.close()
