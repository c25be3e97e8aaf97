"""The system's browser, for all tests that look at a page."""

import os
from concurrent.futures import ThreadPoolExecutor

import pytest
from playwright.sync_api import sync_playwright

from tools.browser import find_browser, launch


@pytest.fixture(scope="session")
def browser():
    if find_browser() is None:
        missing = "no Chromium, Chrome or Edge on this machine: nothing was tested in a browser"
        if os.environ.get("CI"):
            pytest.fail(missing)
        pytest.skip(missing)
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def aside():
    """Calls a function in another thread, `aside(function, …)`: while a browser is open, this one has an event loop."""
    with ThreadPoolExecutor(1) as thread:
        yield lambda function, *arguments: thread.submit(function, *arguments).result()
