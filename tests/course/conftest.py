"""The slides as `make slides` serves them, and a page of the system's browser that may ask nobody else."""

import json
import re

import pytest

from tools.browser import SLIDES_READY, SlidesServer, new_page


@pytest.fixture(scope="module")
def server():
    server = SlidesServer()
    yield server
    server.end()


def open_page(browser, address, size=(1280, 720)):
    """A page of its own, `.errors` what it complained of, `.asked` what it asked of other machines, in vain."""
    page = new_page(browser, viewport=dict(zip(("width", "height"), size, strict=True)))
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
    page.wait_for_function(SLIDES_READY)


def kernel_of(page):
    return json.loads(page.locator("#jupyter-config-data").text_content())["kernelId"]
