"""Three engines behind one small interface: Chromium by Playwright, Firefox by WebDriver BiDi, WebKitGTK by WebDriver.

Playwright's own way to an unchanged Firefox asks for a command that Debian's does not know yet (1.65 and 153 esr).
"""

import base64
import contextlib
import itertools
import json
import os
import pathlib
import re
import shutil
import tempfile
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from typing import Any

import websocket

from tools.browser import answers, find_browser, free_ports, new_page, running
from tools.patience import patience

ENGINES = ("chromium", "firefox", "webkit")
# As WebDriver writes the keys that have no letter.
KEYS = {"Enter": "\ue007", "Tab": "\ue004", "Escape": "\ue00c", "Space": " ", "End": "\ue010", "Home": "\ue011"}
KEYS |= {"ArrowLeft": "\ue012", "ArrowUp": "\ue013", "ArrowRight": "\ue014", "ArrowDown": "\ue015"}
# What a function in the page finds ready: `find("a >>> b")` is the last b in the shadow root of the last a.
CALL = """async (text) => {
    const findAll = (path) => path.split(" >>> ").reduce((at, selector) =>
        [...((at.at(-1).shadowRoot ?? at.at(-1)).querySelectorAll(selector))], [document]);
    const find = (path) => findAll(path).at(-1);
    const answer = await (FUNCTION)(...JSON.parse(text));
    return JSON.stringify(answer === undefined ? null : answer);
}"""
PLACE = """async (path) => {
    find(path).scrollIntoView({ block: "center", inline: "nearest", behavior: "instant" });
    const { x, y, width, height } = find(path).getBoundingClientRect();
    return { x, y, width, height };
}"""


class Engine:
    """A window of a browser. JavaScript is a function as text; `find("a >>> b")` in it is b in a's shadow root."""

    name = version = ""
    console: list[str]  # "warn: …" and "error: …" so far

    def goto(self, address: str) -> None:
        """Opens a page; returns when it is loaded."""
        raise NotImplementedError

    def call(self, function: str, text: str) -> str:
        """What an async function, given a text, returns as a text."""
        raise NotImplementedError

    def resize(self, width: int, height: int) -> None:
        """Makes the page, not its window, so large."""
        raise NotImplementedError

    def screenshot(self, file: pathlib.Path) -> None:
        raise NotImplementedError

    def perform(self, kind: str, actions: list[dict]) -> None:
        """What a hand does, as WebDriver's actions of a "pointer" or a "key"."""
        raise NotImplementedError

    def evaluate(self, function: str, *arguments) -> Any:
        """What a function in the page returns, once that is there, for these arguments."""
        return json.loads(self.call(CALL.replace("FUNCTION", function), json.dumps(arguments)))

    def wait_for(self, function: str, *arguments) -> Any:
        """What a function returns as soon as that is something."""
        deadline = time.monotonic() + patience()
        while not (found := self.evaluate(function, *arguments)):
            if time.monotonic() > deadline:
                raise TimeoutError(f"{self.name} waited in vain for {function} of {arguments}")
            time.sleep(0.05)
        return found

    def box(self, path: str) -> dict[str, float]:
        """Where a node is, once it has been brought into sight."""
        return self.evaluate(PLACE, path)

    def click(self, path: str) -> None:
        """Clicks the middle of a node."""
        box = self.box(path)
        to = move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        self.perform("pointer", [to, {"type": "pointerDown", "button": 0}, {"type": "pointerUp", "button": 0}])

    def drag(self, path: str, start: float, end: float) -> None:
        """Drags over a node, from one share of its width to another."""
        box = self.box(path)
        begin, middle, last = (
            move(box["x"] + share * box["width"], box["y"] + box["height"] / 2)
            for share in (start, (start + end) / 2, end)
        )
        self.perform(
            "pointer",
            [begin, {"type": "pointerDown", "button": 0}, middle, last, {"type": "pointerUp", "button": 0}],
        )

    def key(self, name: str) -> None:
        """Presses a key, such as "a" or "ArrowRight"."""
        value = KEYS.get(name, name)
        self.perform("key", [{"type": "keyDown", "value": value}, {"type": "keyUp", "value": value}])


def move(x: float, y: float) -> dict:
    return {"type": "pointerMove", "origin": "viewport", "x": round(x), "y": round(y), "duration": 50}


class Chromium(Engine):
    name = "chromium"

    def __init__(self, browser, dark=False):
        self.page, self.console = new_page(browser, color_scheme="dark" if dark else "light"), []
        self.version = f"Chromium {browser.version}"
        self.page.on("console", self.hear)
        self.page.on("pageerror", lambda error: self.console.append(f"error: {error.stack}"))

    def hear(self, message):
        if message.type in ("warning", "error"):
            place = message.location["url"]
            self.console.append(f"{message.type.replace('warning', 'warn')}: {message.text} {place}")

    def goto(self, address):
        self.page.goto(address)

    def call(self, function, text):
        return self.page.evaluate(function, text)

    def resize(self, width, height):
        self.page.set_viewport_size({"width": width, "height": height})

    def screenshot(self, file):
        self.page.screenshot(path=file)

    def perform(self, kind, actions):
        mouse, keyboard = self.page.mouse, self.page.keyboard
        names = {value: name for name, value in KEYS.items()}
        does = {
            "pointerMove": lambda action: mouse.move(action["x"], action["y"]),
            "pointerDown": lambda action: mouse.down(),
            "pointerUp": lambda action: mouse.up(),
            "keyDown": lambda action: keyboard.down(names.get(action["value"], action["value"])),
            "keyUp": lambda action: keyboard.up(names.get(action["value"], action["value"])),
        }
        for action in actions:
            does[action["type"]](action)


class Firefox(Engine):
    name = "firefox"

    def __init__(self, address):
        self.socket = websocket.create_connection(f"{address}/session", timeout=patience(), suppress_origin=True)
        self.numbers, self.console = itertools.count(1), []
        self.version = f"Firefox {self.send('session.new', capabilities={})['capabilities']['browserVersion']}"
        self.send("session.subscribe", events=["log.entryAdded"])
        # In the tab that it begins with, no page ever has the focus.
        self.context = self.send("browsingContext.create", type="tab")["context"]

    def send(self, method, **parameters):
        """The result of a command; what the console says meanwhile is kept."""
        number = next(self.numbers)
        self.socket.send(json.dumps({"id": number, "method": method, "params": parameters}))
        while True:
            message = json.loads(self.socket.recv())
            if message.get("method") == "log.entryAdded" and message["params"]["level"] in ("warn", "error"):
                self.console.append(f"{message['params']['level']}: {message['params']['text']}")
            if message.get("id") == number:
                if message["type"] == "error":
                    raise RuntimeError(f"{method}: {message['message']}")
                return message["result"]

    def goto(self, address):
        self.send("browsingContext.navigate", context=self.context, url=address, wait="complete")

    def call(self, function, text):
        answer = self.send(
            "script.callFunction",
            functionDeclaration=function,
            arguments=[{"type": "string", "value": text}],
            target={"context": self.context},
            awaitPromise=True,
        )
        if answer["type"] == "exception":
            raise RuntimeError(answer["exceptionDetails"]["text"])
        return answer["result"]["value"]

    def resize(self, width, height):
        self.send("browsingContext.setViewport", context=self.context, viewport={"width": width, "height": height})

    def screenshot(self, file):
        picture = self.send("browsingContext.captureScreenshot", context=self.context)["data"]
        pathlib.Path(file).write_bytes(base64.b64decode(picture))

    def perform(self, kind, actions):
        self.send(
            "input.performActions", context=self.context, actions=[{"type": kind, "id": kind, "actions": actions}]
        )


# WebKit's driver tells nothing of the console, and its windows with a toolbar are at least 447 wide. So each page is
# opened, in a window without one, by a page of the same origin, which puts its ears in as soon as the new page begins.
OPEN = """const [address, width, height] = arguments;
const page = open("", "", `toolbar=no,menubar=no,location=no,width=${width},height=${height}`);
function listen() {
    const heard = (page.heard = []);
    page.addEventListener("error", ({ message, target }) => heard.push(`error: ${message ?? target.src}`), true);
    page.addEventListener("unhandledrejection", (event) => heard.push(`error: ${event.reason}`));
    for (const level of ["warn", "error"]) page.console[level] = (...what) => heard.push(`${level}: ${what.join(" ")}`);
}
const { port1, port2 } = new MessageChannel();
port1.onmessage = () => {
    const isNew = page.location.href !== "about:blank";
    if (isNew && !page.heard) listen();
    if (!isNew || page.document.readyState !== "complete") port2.postMessage("");
};
port2.postMessage("");
page.location = address;"""


class WebKit(Engine):
    name = "webkit"

    def __init__(self, driver):
        self.driver, self.session = driver, ""
        self.size, self.heard, self.opened = (1280, 1000), [], False
        options = {"args": ["--automation", "--javascript-can-open-windows-automatically=true"]}
        wanted = {"browserName": "MiniBrowser", "webkitgtk:browserOptions": options}
        begun = self.send("POST", "/session", capabilities={"alwaysMatch": wanted})
        self.session = f"/session/{begun['sessionId']}"
        self.version = f"WebKitGTK {begun['capabilities']['browserVersion']}"
        try:
            self.send("POST", "/timeouts", script=1000 * patience(), pageLoad=1000 * patience())
            self.first = self.send("GET", "/window")
        except Exception:
            self.send("DELETE", "")  # or its window stays
            raise

    def send(self, method, path, **parameters):
        data = json.dumps(parameters).encode() if method == "POST" else None
        request = urllib.request.Request(self.driver + self.session + path, data, method=method)
        try:
            with urllib.request.urlopen(request, timeout=2 * patience()) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            raise RuntimeError(f"{path}: {error.read().decode()}") from None

    @property
    def console(self):
        return self.heard + (self.evaluate("() => window.heard ?? ['error: the console is not heard']"))

    def goto(self, address):
        if self.opened:
            self.heard = self.console
            self.send("DELETE", "/window")
        self.send("POST", "/window", handle=self.first)
        self.send("POST", "/url", url=urllib.parse.urljoin(address, "/nothing-is-here"))
        self.send("POST", "/execute/sync", script=OPEN, args=[address, *self.size])
        (handle,) = set(self.send("GET", "/window/handles")) - {self.first}
        self.send("POST", "/window", handle=handle)
        self.opened = True
        self.resize(*self.size)
        self.wait_for("() => location.href !== 'about:blank' && document.readyState === 'complete'")

    def call(self, function, text):
        script = f"""const done = arguments[1];
            ({function})(arguments[0]).then((answer) => done([answer]), (error) => done([null, String(error)]));"""
        answer, *error = self.send("POST", "/execute/async", script=script, args=[text])
        if error:
            raise RuntimeError(error[0])
        return answer

    def resize(self, width, height):
        self.size = (width, height)
        if self.opened:
            self.send("POST", "/window/rect", x=0, y=0, width=width, height=height)
            self.wait_for("(width, height) => innerWidth === width && innerHeight === height", width, height)

    def screenshot(self, file):
        pathlib.Path(file).write_bytes(base64.b64decode(self.send("GET", "/screenshot")))

    def perform(self, kind, actions):
        self.send("POST", "/actions", actions=[{"type": kind, "id": kind, "actions": actions}])


@contextlib.contextmanager
def firefox(dark: bool = False) -> Iterator[Firefox]:
    """An unchanged Firefox, headless, with a profile of its own."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
        theme = f'user_pref("layout.css.prefers-color-scheme.content-override", {0 if dark else 1});'
        pathlib.Path(home, "user.js").write_text(theme)
        log = pathlib.Path(home, "log")

        def address():
            found = re.search(r"WebDriver BiDi listening on (ws://\S+)", log.read_text(errors="replace"))
            return found and found[1]

        command = [find_firefox(), "--headless", "--remote-debugging-port=0", "--profile", home, "--no-remote"]
        with running(command, log, address) as listening_at:
            engine = Firefox(listening_at)
            engine.resize(1280, 1000)
            yield engine
            engine.send("browser.close")
            engine.socket.close()


@contextlib.contextmanager
def webkit(dark: bool = False) -> Iterator[WebKit]:
    """WebKitGTK's small browser, on a screen of its own that nobody sees."""
    with tempfile.TemporaryDirectory() as home, contextlib.ExitStack() as stack:
        number = pathlib.Path(home, "display")
        door = os.open(number, os.O_WRONLY | os.O_CREAT)
        screen = ["Xvfb", "-displayfd", str(door), "-screen", "0", "2000x1400x24", "-nolisten", "tcp"]
        shown = running(screen, pathlib.Path(home, "screen"), lambda: number.read_text().strip(), pass_fds=[door])
        display = stack.enter_context(shown)
        os.close(door)
        (port,) = free_ports(1)
        driver = f"http://127.0.0.1:{port}"
        place = {"DISPLAY": f":{display}", "GTK_THEME": "Adwaita:dark" if dark else "Adwaita"}
        command, there = ["WebKitWebDriver", f"--port={port}"], lambda: answers(f"{driver}/status")
        stack.enter_context(running(command, pathlib.Path(home, "driver"), there, env=os.environ | place))
        engine = WebKit(driver)
        try:
            yield engine
        finally:  # a session that is left behind keeps its browser running
            engine.send("DELETE", "")


def find_firefox() -> str | None:
    """The path of the system's Firefox, or None."""
    return shutil.which("firefox-esr") or shutil.which("firefox")


def lacks(name: str) -> str | None:
    """What an engine needs and this machine does not have, or None."""
    needs = {
        "chromium": {"Chromium, Chrome or Edge": find_browser()},
        "firefox": {"Firefox": find_firefox()},
        "webkit": {program: shutil.which(program) for program in ("WebKitWebDriver", "Xvfb")},
    }
    return " and no ".join(what for what, path in needs[name].items() if path is None) or None


@contextlib.contextmanager
def opened(name: str, browser, dark: bool = False) -> Iterator[Engine]:
    """An engine by its name; `browser` is Playwright's, for Chromium."""
    if name == "chromium":
        engine = Chromium(browser, dark)
        yield engine
        engine.page.context.close()
    else:
        with {"firefox": firefox, "webkit": webkit}[name](dark) as engine:
            yield engine
