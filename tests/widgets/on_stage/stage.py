"""A stage for the widgets: their JavaScript in a page of the system's browser, their Python in this process.

There is no Jupyter, no kernel and no server in between, so a widget is there at once. What only a real JupyterLab can
show is tested in `tests/browser` and `tests/course`.
"""

import base64
import contextlib
import pathlib
import sys

import comm
from comm.base_comm import BaseComm
from ipywidgets.embed import dependency_state
from ipywidgets.widgets.widget import _instances

from tests.places import ROOT
from tests.widgets.schema import SCHEMAS
from tools.browser import new_page
from tools.site_models import Models

THEMES = pathlib.Path(sys.prefix, "share", "jupyter", "lab", "themes", "@jupyterlab")
PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Stage</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style id="theme"></style><style>
    body { margin: 0 16px; background: var(--jp-layout-color0); color: var(--jp-content-font-color1); }
    .widget-box { display: flex; } .jp-Cell { min-height: 300px; }
</style></head><body></body></html>"""


class Wire(BaseComm):
    """A widget's connection, which ends on a stage."""

    def __init__(self, stage, **described):
        self.stage = stage  # first, since a wire says at once that it is open
        super().__init__(**described)

    def publish_msg(self, msg_type, data=None, metadata=None, buffers=None, **keys):
        self.stage.say(self.comm_id, msg_type, data or {}, buffers or [])


class Stage:
    """A page with widgets; `.page` is playwright's, `.page.errors` what it complained about."""

    def __init__(self, page):
        self.page, self.wires = page, {}
        self.deaf = False  # Python hears nothing, as a kernel that is gone or busy
        self.answer = None  # while Python is asked: what it says meanwhile
        self.models, self.taken = Models({}), set()
        page.expose_function("toPython", self.hear)
        page.set_content(PAGE)
        self.change_theme("Light")
        for script in (ROOT / "tools" / "site" / "site.js", pathlib.Path(__file__).with_name("stage.js")):
            page.add_script_tag(content=script.read_text(encoding="utf-8"))

    def open_wire(self, **described):
        """In the place of `comm.create_comm`."""
        wire = Wire(self, **described)
        self.wires[wire.comm_id] = wire
        return wire

    def say(self, key, kind, data, buffers):
        """What a widget says to its models, now or as a part of the answer."""
        number = self.models.numbers.get(key)
        if number not in self.taken:
            return
        if kind == "comm_close":
            message = {"id": number, "method": "close"}
        elif kind == "comm_msg" and data["method"] == "update":
            places = [place for (place,) in data["buffer_paths"]]
            texts = [base64.b64encode(buffer).decode() for buffer in buffers]
            state = {name: value for name, value in data["state"].items() if name not in places}
            message = {"id": number, "method": "update", "state": state}
            message["bytes"] = dict(zip(places, texts, strict=True))
        else:
            return
        if self.answer is not None:
            self.answer.append(message)
        else:
            self.page.evaluate("messages => stage.hear(messages)", [message])

    def hear(self, number, message):
        """What a model saves or sends; returns what Python says to it."""
        if self.deaf:
            return []
        key = next(key for key, known in self.models.numbers.items() if known == number)
        data = {"method": message["method"], "buffer_paths": []}
        if message["method"] == "update":
            views = {name: memoryview(base64.b64decode(text)) for name, text in message["bytes"].items()}
            data["state"] = message["state"] | views
        else:
            data["content"] = message["content"]
        self.answer = []
        try:
            self.wires[key].handle_msg({"content": {"data": data}, "buffers": []})
        except Exception as error:
            self.page.errors.append(repr(error))
        answer, self.answer = self.answer, None
        return answer

    def show(self, widget):
        """Shows a widget below those that are there; returns the number of its place."""
        self.models.states |= dependency_state([widget], drop_defaults=False)
        number = self.models.take(widget.model_id)
        new = {name: model for name, model in self.models.described().items() if name not in self.taken}
        self.taken |= set(new)
        schemas = {number: SCHEMAS.get(type(_instances[key]).__name__) for key, number in self.models.numbers.items()}
        self.page.evaluate("all => stage.take(...all)", [self.models.codes, new, schemas])
        return self.page.evaluate("id => stage.show(id)", number)

    def clear(self, place):
        """Takes away what is shown at a place, as when a cell's output is cleared."""
        self.page.evaluate("place => stage.clear(place)", place)

    def settle(self):
        """Waits until Python has heard and answered all that was said."""
        self.page.evaluate("stage.settled()")

    def change_theme(self, theme):
        style = (THEMES / f"theme-{theme.lower()}-extension" / "index.css").read_text(encoding="utf-8")
        self.page.evaluate("style => { document.querySelector('#theme').textContent = style; }", style)


@contextlib.contextmanager
def staged(browser, **context):
    """A stage on a page of its own; while it stands, the widgets that are made can be shown on it."""
    page = new_page(browser, **{"viewport": {"width": 1280, "height": 1000}} | context)
    page.errors = []
    page.on("console", lambda message: page.errors.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: page.errors.append(str(error)))
    usual, stage = comm.create_comm, Stage(page)
    comm.create_comm = stage.open_wire
    try:
        yield stage
    finally:
        comm.create_comm = usual
        stage.taken.clear()  # what ends from now on tells nobody
        for key in stage.wires:  # ipywidgets keeps each widget, and a test may list them all
            if key in _instances:
                _instances[key].close()
        page.context.close()
