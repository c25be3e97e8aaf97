"""The slides as `make slides` serves them, and a page of the system's browser that may ask nobody else."""

import json
import pathlib
import re
import signal
import socket
import subprocess
import sys

import pytest

ROOT = pathlib.Path(__file__).parents[2]
READY = """() => document.querySelector(".reveal.ready") && [...document.querySelectorAll(".live")]
    .every((live) => live.querySelector("[class^=bpcourse-]")?.shadowRoot?.querySelector(".root *"))"""


class Server:
    """A running `make slides`: where it is, its token, and how it ends."""

    def __init__(self, *arguments):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
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
            return self.process.wait(timeout=60)


@pytest.fixture(scope="module")
def server():
    server = Server()
    yield server
    server.end()


def open_page(browser, address, size=(1280, 720)):
    """A page of its own, `.errors` what it complained of, `.asked` what it asked of other machines, in vain."""
    page = browser.new_page(viewport=dict(zip(("width", "height"), size, strict=True)))
    page.set_default_timeout(90_000)  # a machine may have much else to do
    page.errors, page.asked = [], []
    here = re.compile(rf"(http|ws)://{re.escape(address.removeprefix('http://'))}/|data:|blob:")

    def refuse(route):
        page.asked.append(route.request.url)
        route.abort()

    page.on("console", lambda message: page.errors.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: page.errors.append(str(error)))
    page.on("websocket", lambda socket: None if here.match(socket.url) else page.asked.append(socket.url))
    page.route(lambda url: not here.match(url), refuse)
    return page


def open_deck(page, server, name):
    """Opens a deck; returns when its first slide shows and all its widgets are alive."""
    page.goto(server.url(f"/voila/render/{name}"))
    page.wait_for_function(READY, timeout=90_000)


def kernel_of(page):
    return json.loads(page.locator("#jupyter-config-data").text_content())["kernelId"]
