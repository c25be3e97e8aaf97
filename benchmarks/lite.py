"""The course with Python in the page: bytes and seconds, `python -m benchmarks.lite [site/lite]`.

Notebook 03 is opened through the door twice, the second time with what the browser kept. Files are sent as most hosts
do it: those that are not compressed, with gzip. What it prints first belongs in `tools/lite/measured.json`.
"""

import functools
import gzip
import http.server
import json
import pathlib
import sys
import threading
import time
from typing import ClassVar

from playwright.sync_api import Page, sync_playwright

from tools.browser import launch, wait_for_kernel
from tools.lab import ROOT

NAME = "03_bp2_hidden_error.ipynb"
PACKED = (".whl", ".zip", ".png", ".woff", ".woff2")  # which gzip would not make smaller
FIRST = "document.querySelector('.bpcourse-flow')?.shadowRoot?.querySelector('#value-2-3 text')"
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


def visit(page: Page, address: str) -> dict:
    """Seconds since the click and megabytes until the page, the kernel and the first live picture."""
    told, start = {}, time.monotonic()
    Host.sent.clear()

    def reached(what: str) -> None:
        told[what] = (round(time.monotonic() - start, 1), round(sum(Host.sent) / 1e6, 2))

    page.goto(f"{address}/index.html?path={NAME}")
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


def main(site: pathlib.Path) -> None:
    for path in site.rglob("*.*"):
        packed(path) if path.is_file() else None  # not while somebody waits
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Host, directory=str(site)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with sync_playwright() as playwright:
        browser = launch(playwright)
        context = browser.new_context(viewport={"width": 1280, "height": 1000})
        context.set_default_timeout(600_000)
        visits = []
        for _ in range(2):
            page = context.new_page()
            visits.append(visit(page, f"http://127.0.0.1:{server.server_port}"))
            page.close()
        browser.close()
    seconds = [round(told["first live picture"][0]) for told in visits]
    print(json.dumps({"megabytes": round(visits[0]["first live picture"][1]), "seconds": seconds}))
    for name, told in zip(("first visit", "second visit"), visits, strict=True):
        print(name, "; ".join(f"{what}: {after} s, {sent} MB" for what, (after, sent) in told.items()))


if __name__ == "__main__":
    main(pathlib.Path(*sys.argv[1:] or [ROOT / "site" / "lite"]).resolve())
