"""The slides as `make slides` serves them, and a page of the system's browser that may ask nobody else."""

import json

import pytest

from tests.browser.lab import listening
from tools.browser import SLIDES_READY, SlidesServer, new_page


@pytest.fixture(scope="module")
def server():
    server = SlidesServer()
    yield server
    server.end()


def open_page(browser, address, size=(1280, 720)):
    """A page of its own that may ask nobody else."""
    return listening(new_page(browser, viewport=dict(zip(("width", "height"), size, strict=True))), address)


def open_deck(page, server, name):
    """Opens a deck; returns when its first slide shows and all its widgets are alive."""
    page.goto(server.url(f"/voila/render/{name}"))
    page.wait_for_function(SLIDES_READY)


def kernel_of(page):
    return json.loads(page.locator("#jupyter-config-data").text_content())["kernelId"]
