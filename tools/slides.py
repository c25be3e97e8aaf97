"""Serves every notebook as a deck of slides with live widgets: `make slides`, or `python -m tools.slides [03]`.

Voila runs a deck's cells in a kernel of its own and brings the widgets to life; the template in `tools/slides/` and
reveal.js in `vendor/` make slides of them. Nothing is asked of another machine, and a policy in every answer forbids
it. The server listens on this machine alone and lets in who has its token, which is new each time it starts. A URL
chooses a deck and a slide and nothing else: Voila's kernels take no code from the browser, only a widget's messages.
"""

import argparse
import asyncio
import os
import pathlib
import secrets
import signal
import sys
import webbrowser
from urllib.parse import quote

import nbformat
import tornado.ioloop
import tornado.web
from jupyter_server.base.handlers import JupyterHandler
from traitlets.config import Config, PyFileConfigLoader
from voila.app import Voila

from bpcourse.pictures.look import LEGIBLE, SMALLEST_TEXT
from bpcourse.widgets.font import FILE
from tools.decks import deck, plain, slides
from tools.formulas import mathml
from tools.typed import typed

ROOT = pathlib.Path(__file__).resolve().parents[1]
POLICY = "default-src 'self' blob: data: 'unsafe-inline' 'unsafe-eval'; frame-ancestors 'self'"
KEYS = (
    ("→ or Space", "next: a line, then a slide"),
    ("←", "back"),
    ("Home, End", "first and last slide"),
    ("g", "go to the slide with a number"),
    ("s", "speaker window: notes, next slide, clock"),
    ("f", "full screen"),
    ("b", "black screen"),
    ("Esc", "out of a live network, back to the slides"),
    ("Page ↑ ↓", "the keys of a presenter; they turn slides inside a live network too"),
)


def index(paths: list[pathlib.Path], base_url: str) -> str:
    """The page of all decks."""
    rows = []
    for path in paths:
        found = slides(nbformat.read(path, as_version=4))
        if found:
            title = f"{path.name[:2]} {plain(found[0].title)}"
            minutes = sum(slide.minutes for slide in found)
            rows.append(
                f'<li><a href="{base_url}voila/render/{quote(path.name)}">{typed(title)}</a> '
                f"<span>{len(found)} slides, {minutes:.0f} minutes</span></li>"
            )
    keys = "".join(f"<dt>{key}</dt><dd>{meaning}</dd>" for key, meaning in KEYS)
    page = (ROOT / "tools" / "slides" / "index.html").read_text(encoding="utf-8")
    return page.replace("{{ keys }}", keys).replace("{{ decks }}", "".join(rows))


class Index(JupyterHandler):
    """Answers with the page of all decks."""

    @tornado.web.authenticated
    def get(self):
        self.finish(index(sorted(ROOT.glob("notebooks/*.ipynb")), self.base_url))


class Alive(JupyterHandler):
    """Says whether a deck's kernel still runs; a deck asks every two seconds."""

    @tornado.web.authenticated
    async def get(self, kernel_id):
        _ = self.xsrf_token  # sets the cookie without which Voila could not end the kernel of a deck that is left
        kernels = self.settings["kernel_manager"]
        self.finish({"alive": kernel_id in kernels and await kernels.get_kernel(kernel_id).is_alive()})


class Slides(Voila):
    """Voila with the course's template, an index, a locked door, and no other machine."""

    opens = "/"  # the page that is opened at the start
    quiet = False

    def init_handlers(self):
        at = self.base_url
        own = [
            (at, Index),
            (rf"{at}alive/([\w-]+)", Alive),
            (rf"{at}vendor/(.*)", tornado.web.StaticFileHandler, {"path": str(ROOT / "vendor")}),
            (rf"{at}({FILE.name})", tornado.web.StaticFileHandler, {"path": str(FILE.parent)}),
        ]
        return own + super().init_handlers()

    def launch_browser(self):
        """Has it said where the slides are once the server runs: from then on Ctrl-C ends it in order."""
        tornado.ioloop.IOLoop.current().add_callback(self.announce)

    def announce(self):
        """Says where the slides are and opens them.

        From now on Ctrl-C stops the loop between two callbacks: inside one, Python may swallow the interruption.
        """
        loop = asyncio.get_running_loop()
        signal.signal(signal.SIGINT, lambda *_: loop.call_soon_threadsafe(loop.stop))
        address = f"http://{self.ip}:{self.port}{self.opens}?token={self.token}"
        print(f"The slides are at\n\n    {address}\n\nCtrl-C ends them.", flush=True)
        if not self.quiet:
            webbrowser.open(address)


def configuration(token: str, port: int) -> Config:
    lab = PyFileConfigLoader("jupyter_server_config.py", str(ROOT / "tools")).load_config()
    c = Config()
    c.Voila.update(root_dir=str(ROOT / "notebooks"), ip="127.0.0.1", port=port, token=token, open_browser=True)
    c.Voila.tornado_settings = {"headers": {"Content-Security-Policy": POLICY}}
    c.Voila.kernel_websocket_connection_class = lab.ServerApp.kernel_websocket_connection_class
    c.Voila.log_level = "WARN"
    c.VoilaConfiguration.update(template="deck", allow_template_override="NO", allow_theme_override="NO")
    c.VoilaConfiguration.prelaunch_hook = lambda handler, notebook, cwd: deck(notebook)
    c.VoilaConfiguration.update(file_allowlist=[], show_tracebacks=True)
    c.VoilaConfiguration.extension_allowlist = [
        "@jupyter-widgets/jupyterlab-manager",
        "@voila-dashboards/widgets-manager8",
        "anywidget",
    ]
    c.VoilaExecutor.allow_errors = True  # a cell that fails shows its error, and the other slides live
    c.TemplateExporter.filters = {"formulas": formulas, "typed": typed}
    c.KernelManager.autorestart = False  # a new kernel would know nothing of the widgets: the deck says so instead
    return c


def formulas(latex: str) -> str:
    """A `text/latex` output, `$…$` or `$$…$$`, as MathML."""
    return mathml(latex.strip().strip("$"), display=True)


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="slides", description="Serves the notebooks as slides with live widgets.")
    parser.add_argument("notebook", nargs="?", default="", help="the number of the notebook to open, such as 03")
    parser.add_argument("--port", type=int, default=8866, help="where to listen; the next free port is taken")
    parser.add_argument("--no-browser", action="store_true", help="print the address and open nothing")
    asked = parser.parse_args(arguments)
    Slides.quiet = asked.no_browser
    if asked.notebook:
        found = sorted(ROOT.glob(f"notebooks/{asked.notebook}*.ipynb"))
        if not found:
            parser.error(f"no notebook in notebooks/ begins with {asked.notebook}")
        Slides.opens = f"/voila/render/{found[0].name}"
    places = [str(ROOT / "tools" / "slides"), os.environ.get("JUPYTER_PATH", "")]
    os.environ[SMALLEST_TEXT] = str(LEGIBLE)  # a wall is seen from afar
    os.environ["JUPYTER_PATH"] = os.pathsep.join(filter(None, places))  # where Voila finds the template
    Slides.launch_instance(argv=[], config=configuration(secrets.token_urlsafe(24), asked.port))


if __name__ == "__main__":
    main(sys.argv[1:])
