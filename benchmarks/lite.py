"""The course with Python in the page: bytes, seconds and the slider, `python -m benchmarks.lite [site/lite] [OTHER]`.

Notebook 03 is opened through the door, in a new profile of a browser and then in the same one started anew, with what
it kept. Files are sent as most hosts do it: those that are not compressed, with gzip. What it prints first belongs in
`tools/lite/measured.json`. Of another folder with JupyterLite and the notebooks the seconds are printed too, as ratios.
"""

import contextlib
import functools
import gzip
import http.server
import json
import pathlib
import shutil
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from typing import ClassVar

from playwright.sync_api import BrowserContext, Page, Playwright, sync_playwright

from tools.browser import (
    FLAGS,
    SHOW_ALL_CELLS,
    find_browser,
    jupyterlab,
    launch,
    new_page,
    open_notebook,
    run_all,
    wait_for_kernel,
)
from tools.lab import ROOT

NAME = "03_bp2_hidden_error.ipynb"
CHANGES = 50
PACKED = (".whl", ".zip", ".png", ".woff", ".woff2")  # which gzip would not make smaller
FIRST = "document.querySelector('.bpcourse-flow')?.shadowRoot?.querySelector('#value-2-3 text')"
FLOW = ".jp-OutputArea-output > div > .bpcourse-flow"  # the live picture alone, not that of the derivation
# In the page: one change of the chosen weight, and the milliseconds until what it changes is painted.
CHANGE = """(value) => new Promise((done) => {
    const live = document.querySelector('FLOW').shadowRoot;
    const slider = live.querySelector('.weight input'), number = live.querySelector('#value-2-3 text');
    const watch = new MutationObserver(() => {
        watch.disconnect();
        requestAnimationFrame(() => setTimeout(() => done(performance.now() - start)));
    });
    watch.observe(number, { childList: true, characterData: true, subtree: true });
    const start = performance.now();
    slider.value = value;
    slider.dispatchEvent(new Event('input'));
})""".replace("FLOW", FLOW)
START = "() => { window.jupyterapp.commands.execute('notebook:run-all-cells').then(() => { window.ended = true; }); }"


@functools.cache
def packed(path: pathlib.Path) -> bytes:
    """What is sent of a file."""
    return path.read_bytes() if path.suffix in PACKED else gzip.compress(path.read_bytes(), 6)


class Host(http.server.SimpleHTTPRequestHandler):
    """A file server that compresses and lets browsers keep what they got."""

    protocol_version = "HTTP/1.1"
    extensions_map = http.server.SimpleHTTPRequestHandler.extensions_map | {".wasm": "application/wasm"}
    sent: ClassVar[list[int]] = []

    def log_message(self, *args) -> None:
        pass

    def do_GET(self) -> None:
        path = pathlib.Path(self.translate_path(self.path))
        path = path / "index.html" if path.is_dir() else path
        if not path.is_file():
            return self.send_error(404)
        data = packed(path)
        self.send_response(200)
        if path.suffix not in PACKED:
            self.send_header("Content-Encoding", "gzip")
        for name, value in {
            "Content-Type": self.guess_type(str(path)),
            "Content-Length": str(len(data)),
            "Cache-Control": "max-age=600",
        }.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)
        Host.sent.append(len(data))


@contextlib.contextmanager
def hosted(site: pathlib.Path) -> Iterator[str]:
    """The address of a server with the folder."""
    for path in site.rglob("*.*"):
        packed(path) if path.is_file() else None  # not while somebody waits
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Host, directory=str(site)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()


def visit(page: Page, address: str) -> dict[str, tuple[float, float]]:
    """Seconds since the click and megabytes until the kernel is ready, the first live picture, and the last cell."""
    told, start = {}, time.monotonic()
    Host.sent.clear()

    def reached(what: str) -> None:
        told[what] = (round(time.monotonic() - start, 1), round(sum(Host.sent) / 1e6, 2))

    page.goto(address)
    wait_for_kernel(page)
    reached("kernel ready")
    page.evaluate("() => { for (const { model } of window.jupyterapp.shell.currentWidget.content.widgets) "
                  "if (model.type === 'code') model.clearExecution(); }")  # fmt: skip
    page.evaluate(START)
    page.wait_for_function(FIRST)
    reached("first live picture")
    page.wait_for_function("window.ended")
    reached("all cells run")
    return told


def visits(playwright: Playwright, site: pathlib.Path) -> list[dict[str, tuple[float, float]]]:
    """A first visit and a second, each with the browser started anew."""
    told = []
    with tempfile.TemporaryDirectory() as profile, hosted(site) as address:
        door = f"{address}/{'index.html' if (site / 'course.json').exists() else 'lab/index.html'}?path={NAME}"
        for _ in range(2):
            options = {"executable_path": find_browser(), "args": FLAGS, "viewport": {"width": 1280, "height": 1000}}
            context: BrowserContext = playwright.chromium.launch_persistent_context(profile, **options)
            context.set_default_timeout(600_000)
            told.append(visit(context.new_page(), door))
            context.close()
    return told


def sliders(playwright: Playwright, site: pathlib.Path) -> str:
    """Slider to picture in the browser's Python and in JupyterLab, the same notebook in two pages, taking turns."""
    with tempfile.TemporaryDirectory() as folder, hosted(site) as lite:
        shutil.copy(ROOT / "notebooks" / NAME, folder)
        with jupyterlab(pathlib.Path(folder)) as lab:
            browser, times = launch(playwright), {"JupyterLite": [], "JupyterLab": []}
            pages = {name: new_page(browser) for name in times}
            pages["JupyterLite"].goto(f"{lite}/index.html?path={NAME}")
            wait_for_kernel(pages["JupyterLite"])
            open_notebook(pages["JupyterLab"], lab, NAME)
            for page in pages.values():
                page.bring_to_front()
                page.evaluate(SHOW_ALL_CELLS)
                run_all(page)
                flow = page.locator(FLOW)
                flow.locator("#edge-3-2-3 .hit").click(force=True)
                flow.locator(".panel", has_text="from neuron 3 of layer 2 to neuron 2 of layer 3").wait_for()
            for n in range(CHANGES):
                for name, page in pages.items():
                    page.bring_to_front()
                    times[name].append(page.evaluate(CHANGE, round(-2.9 + 5.8 * (n * 37 % CHANGES) / CHANGES, 2)))
            browser.close()
    ours, theirs = (statistics.median(of) for of in times.values())
    return f"slider until painted: {ours:.0f} ms here, {theirs:.0f} ms in JupyterLab, {ours / theirs:.2f} times (2)"


def main(site: pathlib.Path, *others: pathlib.Path) -> None:
    with sync_playwright() as playwright:
        ours = visits(playwright, site)
        seconds = [round(told["first live picture"][0]) for told in ours]
        print(json.dumps({"megabytes": round(ours[0]["first live picture"][1]), "seconds": seconds}))
        for name, told in zip(("first visit", "second visit"), ours, strict=True):
            print(name, "; ".join(f"{what}: {after} s, {sent} MB" for what, (after, sent) in told.items()))
        for other in others:
            for mine, told in zip(ours, visits(playwright, other), strict=True):
                ratios = (f"{what}: {after} s, {mine[what][0] / after:.2f} times" for what, (after, _) in told.items())
                print(other.name, "; ".join(ratios))
        print(sliders(playwright, site))


if __name__ == "__main__":
    main(*(pathlib.Path(place).resolve() for place in sys.argv[1:] or [ROOT / "site" / "lite"]))
