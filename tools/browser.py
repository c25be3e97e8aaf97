"""Jupyter's applications and a browser, for tests and benchmark: fresh, on a free port, ended by their process id."""

import contextlib
import functools
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from typing import Any

from playwright.sync_api import Browser, Page, Playwright

from tools.lab import ROOT, jupyter_environment
from tools.patience import patience

BROWSERS = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "msedge",
    "microsoft-edge",
)
PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
)
FLAGS = ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
FLAGS += ["--disable-component-update", "--disable-sync"]
if hasattr(os, "geteuid") and os.geteuid() == 0:
    FLAGS.append("--no-sandbox")  # Chromium's sandbox does not work for root, as in a container
TOKEN = "a-token-for-tests"
# JupyterLab keeps only the cells in sight on the page.
SHOW_ALL_CELLS = """() => {
    const { content } = window.jupyterapp.shell.currentWidget;
    content.notebookConfig = { ...content.notebookConfig, windowingMode: 'none' };
}"""


def find_browser() -> str | None:
    """The path of the system's Chromium, Chrome or Edge, or None."""
    found = [shutil.which(name) for name in BROWSERS] + [place for place in PLACES if pathlib.Path(place).exists()]
    return next(filter(None, found), None)


def launch(playwright: Playwright) -> Browser:
    """The system's browser, headless."""
    return playwright.chromium.launch(executable_path=find_browser(), args=FLAGS)


def new_page(browser: Browser, **context) -> Page:
    """A page with its own cookies, 1280 wide unless told otherwise, that waits as long as this machine needs."""
    page = browser.new_page(**{"viewport": {"width": 1280, "height": 1000}} | context)
    page.context.set_default_timeout(1000 * patience())
    return page


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens on."""
    with contextlib.ExitStack() as doors:
        sockets = [doors.enter_context(socket.socket()) for _ in range(count)]
        for door in sockets:
            door.bind(("127.0.0.1", 0))
        return [door.getsockname()[1] for door in sockets]


def wait_for(found: Callable[[], Any], server: subprocess.Popen, log: pathlib.Path) -> Any:
    """What `found` returns, as soon as that is something; raises RuntimeError if it comes too late or never."""
    deadline, ended = time.monotonic() + patience(), False
    while time.monotonic() < deadline and not ended:
        ended = server.poll() is not None
        if something := found():
            return something
        time.sleep(0.05)
    raise RuntimeError(f"waited in vain; the log:\n{log.read_text(errors='replace')[-2000:]}")


def answers(address: str) -> bool:
    """Whether a server gives a page there."""
    with contextlib.suppress(OSError), urllib.request.urlopen(address, timeout=patience()):
        return True
    return False


@contextlib.contextmanager
def running(command: list[str], log: pathlib.Path, found: Callable[[], Any], **options) -> Iterator[Any]:
    """A server that writes to `log`, until the end of the block; yields what `found` returns once it runs."""
    with log.open("w") as output:
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT, **options)
    try:
        yield wait_for(found, process, log)
    finally:
        process.terminate()
        process.wait(timeout=patience())


@contextlib.contextmanager
def serve(application: str, folder: pathlib.Path) -> Iterator[str]:
    """`"jupyterlab"`, `"notebook"` or `"voila"` on `folder`, its settings fresh; yields its address."""
    (port,) = free_ports(1)
    with tempfile.TemporaryDirectory() as home:
        settings = pathlib.Path(home, "settings")
        quiet = settings / "@jupyterlab" / "apputils-extension" / "notification.jupyterlab-settings"
        quiet.parent.mkdir(parents=True)
        quiet.write_text(json.dumps({"fetchNews": "false", "checkForUpdates": False}))
        environment = jupyter_environment() | {
            "JUPYTER_CONFIG_DIR": f"{home}/config",
            "JUPYTER_RUNTIME_DIR": f"{home}/runtime",
            "JUPYTERLAB_SETTINGS_DIR": str(settings),
            "JUPYTERLAB_WORKSPACES_DIR": f"{home}/workspaces",
            "IPYTHONDIR": f"{home}/ipython",
        }
        # Voila is a server of its own, and open to all who reach it unless it is given a token.
        server, door = ("Voila", "Voila") if application == "voila" else ("ServerApp", "IdentityProvider")
        command = [sys.executable, "-m", application, "--no-browser", f"--{server}.root_dir={folder}"]
        command += [f"--{server}.ip=127.0.0.1", f"--{server}.port={port}", f"--{server}.port_retries=0"]
        command.append(f"--{door}.token={TOKEN}")
        if application != "voila":  # --expose…: window.jupyterapp, to wait for what it waits for
            command += ["--allow-root", "--expose-app-in-browser"]
        address = f"http://127.0.0.1:{port}"
        there = functools.partial(answers, f"{address}/?token={TOKEN}")
        with running(command, pathlib.Path(home, "log"), there, env=environment):
            yield address


jupyterlab = functools.partial(serve, "jupyterlab")


def open_and_run(page: Page, application: str, address: str, name: str) -> None:
    """Opens a notebook in one of the applications; returns when its last cell is done."""
    if application == "voila":
        page.goto(f"{address}/voila/render/{name}?token={TOKEN}")  # the page is complete when the cells are
    else:
        open_notebook(page, address, name, {"jupyterlab": "lab/tree", "notebook": "notebooks"}[application])
        run_all(page)


def open_notebook(page: Page, address: str, name: str, at: str = "lab/tree") -> None:
    """Opens a notebook, in JupyterLab in a fresh workspace, and waits until its kernel is ready."""
    page.goto(f"{address}/{at}/{name}?reset&token={TOKEN}")
    wait_for_kernel(page)


def wait_for_kernel(page: Page) -> None:
    """Waits until the notebook on the page is there and its kernel ready."""
    page.wait_for_function("window.jupyterapp?.shell.currentWidget?.context?.isReady")
    page.evaluate("""async () => {
        const { sessionContext } = window.jupyterapp.shell.currentWidget.context;
        await sessionContext.ready;
        await sessionContext.session.kernel.info;
    }""")


def run_all(page: Page) -> None:
    """Runs all cells; returns when the last one is done."""
    page.evaluate("window.jupyterapp.commands.execute('notebook:run-all-cells')")


def resize(page: Page, width: int, selector: str) -> None:
    """Makes the page `width` wide and waits until what `selector` names has followed; JupyterLab takes its time."""
    page.set_viewport_size({"width": width, "height": 1000})
    fits = "([selector, width]) => document.querySelector(selector).getBoundingClientRect().right <= width"
    page.wait_for_function(fits, arg=[selector, width])


# In a deck: its first slide shows, and every live picture on any slide is drawn.
SLIDES_READY = """() => document.querySelector(".reveal.ready") && !document.querySelector(".waiting") &&
    [...document.querySelectorAll(".live")]
        .every((live) => live.querySelector("[class^=bpcourse-]")?.shadowRoot?.querySelector(".root *"))"""


class SlidesServer:
    """A running `make slides`: where it is, its token, and how it ends."""

    def __init__(self, *arguments):
        (port,) = free_ports(1)
        command = [sys.executable, "-m", "tools.slides", "--no-browser", "--port", str(port), *arguments]
        self.process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        for line in self.process.stdout:
            if found := re.search(r"(http://127\.0\.0\.1:\d+)(/\S*)\?token=(\S+)", line):
                self.address, self.opens, self.token = found.groups()
                break
        else:
            self.process.stdout.close()
            raise RuntimeError(f"make slides ended with {self.process.wait()} and did not say where the slides are")

    def url(self, path):
        return f"{self.address}{path}?token={self.token}"

    def end(self):
        """Ctrl-C; returns the exit code."""
        self.process.send_signal(signal.SIGINT)
        with self.process.stdout:
            return self.process.wait(timeout=patience())
