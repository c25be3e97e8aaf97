"""The system's browser, for all tests that look at a page."""

import os

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
