"""What is opened in every engine: pages of the site, notebooks in JupyterLab, decks of slides."""

import contextlib
import functools
import http.server
import threading
from collections.abc import Iterator

from tests.browser.lab import HIDE_FILES, RUN, SHUT_DOWN, write_notebook
from tools.browser import SHOW_ALL_CELLS, SLIDES_READY, TOKEN

KERNEL_READY = """async () => {
    const { sessionContext } = window.jupyterapp.shell.currentWidget.context;
    await sessionContext.ready;
    await sessionContext.session.kernel.info;
    return true;
}"""
DRAWN = "(path) => findAll(path).some((host) => host.shadowRoot.querySelector('.root *'))"


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@contextlib.contextmanager
def file_server(folder) -> Iterator[str]:
    """The address of a plain file server."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=folder)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def open_page(engine, address):
    """Opens a page of the site; returns when all its live pictures are there."""
    engine.resize(1280, 1000)
    engine.goto(address)
    engine.wait_for("() => findAll('.live').every((live) => live.classList.contains('plays'))")


@contextlib.contextmanager
def notebook(engine, lab, name, cells=None) -> Iterator[None]:
    """A notebook in JupyterLab, of these cells, or as it is, with all its cells run; its kernel ends with it."""
    if cells:
        write_notebook(lab.folder / name, cells)
    engine.resize(1280, 1000)
    engine.goto(f"{lab.address}/lab/tree/{name}?reset&token={TOKEN}")
    engine.wait_for("() => Boolean(window.jupyterapp?.shell.currentWidget?.context?.isReady)")
    engine.evaluate(KERNEL_READY)
    engine.evaluate(f"() => {HIDE_FILES}.then(() => true)")
    engine.evaluate(SHOW_ALL_CELLS)
    try:
        for n in range(len(cells or ())):
            engine.evaluate(RUN, n)
        if not cells:
            engine.evaluate("() => window.jupyterapp.commands.execute('notebook:run-all-cells').then(() => true)")
        yield
    finally:
        engine.evaluate(f"async () => {{ await {SHUT_DOWN}; }}")


def open_deck(engine, server, name):
    """Opens a deck; returns when its first slide shows and all its widgets are alive."""
    engine.resize(1280, 720)
    engine.goto(server.url(f"/voila/render/{name}"))
    engine.wait_for("(name) => location.pathname.endsWith(name)", name)  # Firefox may show the deck before for a moment
    engine.wait_for(SLIDES_READY)


def turn_to(engine, slide):
    """Shows a slide, with all its pieces."""
    engine.evaluate(
        "(h) => { setTimeout(() => Reveal.slide(h, 0, 99)); }", slide
    )  # within the call WebKit's driver hangs
    engine.wait_for("(h) => Reveal.getIndices().h === h", slide)
