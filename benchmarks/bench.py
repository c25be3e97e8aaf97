"""What is fast, against what, measured in one run on one machine: `make bench`. Prints ratios, asserts nothing."""

import pathlib
import re
import statistics
import subprocess
import sys
import tempfile
import time

import nbformat
from playwright.sync_api import Page, sync_playwright

import bpcourse as bp
from benchmarks import backprop
from benchmarks.checks import answers
from benchmarks.classroom import classroom
from benchmarks.notebooks import notebooks
from benchmarks.slides import slides
from benchmarks.trainings import trainings
from tools.browser import jupyterlab, launch, new_page, open_notebook, run_all

CHANGES, SLOW_CHANGES, IMPORTS = 100, 25, 15
NETWORK = """\
import bpcourse as bp
birds = bp.penguins()
net = bp.Network([3, 4, 2], seed=38)
x, y = birds.x[:, [128]], birds.y[:, [128]]"""
MATPLOTLIB = "matplotlib.backends.backend_agg, matplotlib.backends.backend_svg"  # what pictures load of it
LIVE = "bp.DeltaFlow(net, birds.x, birds.y, sample=128, select='w-3-1-3')"
STEPS = "bp.Stepper(bp.BP2, net, x, y, select='delta-2-3')"
REDRAWN = """\
import io
from IPython.display import Image, display
from ipywidgets import FloatSlider, interact
def picture(value):
    trace = bp.backprop(net.with_weight(3, 1, 3, value), x, y)
    png = io.BytesIO()
    bp.draw(trace, accent=['w-3-1-3']).savefig(png, format='png', dpi=100)
    display(Image(png.getvalue()))
_ = interact(picture, value=FloatSlider(0, min=-3, max=3, step=0.01))"""

# In the page: one change of a slider, and the milliseconds until the picture has changed and until it is painted.
TIME_LIVE = """(value) => new Promise((done) => {
    const root = document.querySelector('.bpcourse-flow').shadowRoot;
    const slider = root.querySelector('.panel .weight input'), number = root.querySelector('#value-2-3 text');
    let start;
    const watch = new MutationObserver(() => {
        const changed = performance.now() - start;
        watch.disconnect();
        requestAnimationFrame(() => setTimeout(() => done([changed, performance.now() - start])));
    });
    watch.observe(number, { childList: true, characterData: true, subtree: true });
    start = performance.now();
    slider.value = value;
    slider.dispatchEvent(new Event('input'));
})"""
# From the command that runs the active cell until its picture is painted.
TIME_FIRST = """() => new Promise((done) => {
    const start = performance.now();
    window.jupyterapp.commands.execute('notebook:run-cell');
    const look = () => {
        const number = document.querySelector('.bpcourse-flow')?.shadowRoot.querySelector('#value-2-3 text');
        if (!number?.textContent) return requestAnimationFrame(look);
        requestAnimationFrame(() => setTimeout(() => done(performance.now() - start)));
    };
    look();
})"""
# Frames while the whole pass plays, and for as long while nothing moves; tasks of more than 50 ms.
PLAYING = """async () => {
    const root = document.querySelector('.bpcourse-flow').shadowRoot, play = root.querySelector('.play');
    const long = [];
    const watch = new PerformanceObserver((list) => long.push(...list.getEntries().map((entry) => entry.duration)));
    watch.observe({ type: 'longtask' });
    const frames = async (goesOn) => {
        const times = [await new Promise(requestAnimationFrame)];
        while (goesOn(times.at(-1) - times[0])) times.push(await new Promise(requestAnimationFrame));
        return times.slice(1).map((time, n) => time - times[n]);
    };
    const idle = await frames((spent) => spent < 3000), before = long.length;
    root.querySelector('.step').value = 0;
    root.querySelector('.step').dispatchEvent(new Event('input'));
    play.click();
    const playing = await frames(() => play.textContent === 'Pause');
    return { idle, playing, long: long.slice(before) };
}"""
TIME_STEP = """(key) => new Promise((done) => {
    const root = document.querySelector('.bpcourse-stepper').shadowRoot, lines = root.querySelector('ol');
    const start = performance.now();
    lines.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
    const height = lines.lastElementChild.getBoundingClientRect().height; // asks for the layout, formula included
    const typeset = performance.now() - start;
    requestAnimationFrame(() => setTimeout(() => done([height && typeset, performance.now() - start])));
})"""
TIME_REDRAWN = """(key) => new Promise((done) => {
    const output = document.querySelector('.widget-interact');
    const old = output.querySelector('img');
    let start;
    const watch = new MutationObserver(async () => {
        const image = output.querySelector('img');
        if (!image || image === old) return;
        watch.disconnect();
        await image.decode();
        const changed = performance.now() - start;
        requestAnimationFrame(() => setTimeout(() => done([changed, performance.now() - start])));
    });
    watch.observe(output, { childList: true, subtree: true });
    start = performance.now();
    const options = { key, code: key, bubbles: true, cancelable: true };
    output.querySelector('.noUi-handle').dispatchEvent(new KeyboardEvent('keydown', options));
})"""


def percentile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, round(share * (len(values) - 1)))]


def import_seconds(module: str) -> float:
    program = f"import time; start = time.perf_counter(); import {module}; print(time.perf_counter() - start)"
    return float(subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout)


def imports() -> list[str]:
    """`import bpcourse` against `import numpy`, each in a fresh process, taking turns."""
    pairs = [(import_seconds("numpy"), import_seconds("bpcourse")) for _ in range(IMPORTS)]
    ratio = statistics.median(ours for _, ours in pairs) / statistics.median(numpy for numpy, _ in pairs)
    drawing = statistics.median(import_seconds(MATPLOTLIB) for _ in range(IMPORTS))
    return [
        f"import bpcourse / import numpy, median of {IMPORTS}: {ratio:.2f} (aim: at most 1.5)",
        f"import of matplotlib, median of {IMPORTS}: {drawing * 1000:.0f} ms",
    ]


def kernel_work() -> list[str]:
    """What one change costs in the kernel, without any wire."""
    birds = bp.penguins()
    flow = bp.DeltaFlow(bp.Network([3, 4, 2], seed=38), birds.x[:, [128]], birds.y[:, [128]])
    times = []
    for n in range(CHANGES):
        start = time.perf_counter()
        flow._handle_custom_msg({"change": ["w-3-1-3", n / CHANGES]}, [])
        times.append(time.perf_counter() - start)
    return [f"kernel-side work per change: median {statistics.median(times) * 1000:.2f} ms (aim: at most 1)"]


class Wire:
    """The frames on a page's websockets since the last `clear`, as (type of message, bytes)."""

    def __init__(self, page: Page):
        self.frames = []
        page.on("websocket", lambda socket: [socket.on(way, self._keep) for way in ("framesent", "framereceived")])

    def _keep(self, payload):
        payload = payload.encode() if isinstance(payload, str) else payload
        kind = re.search(rb'"msg_type": ?"(\w+)"', payload)  # the first is the message's own, the second its parent's
        self.frames.append((kind[1].decode() if kind else "", len(payload)))

    def clear(self) -> None:
        self.frames.clear()

    def sizes(self) -> tuple[int, int]:
        """Bytes of all messages but the kernel's busy and idle, and of those."""
        status = sum(size for kind, size in self.frames if kind == "status")
        return sum(size for _, size in self.frames) - status, status


def in_the_browser() -> list[str]:
    """Slider to picture in Chromium on JupyterLab: DeltaFlow, and the same picture by interact + matplotlib."""
    with tempfile.TemporaryDirectory() as folder:
        cells = [
            nbformat.v4.new_code_cell(source) for source in (f"{NETWORK}\nimport {MATPLOTLIB}", LIVE, STEPS, REDRAWN)
        ]
        kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
        nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel}), f"{folder}/bench.ipynb")
        with jupyterlab(pathlib.Path(folder)) as address, sync_playwright() as playwright:
            browser = launch(playwright)
            page = new_page(browser, viewport={"width": 1280, "height": 1800})
            wire = Wire(page)
            open_notebook(page, address, "bench.ipynb")
            page.evaluate("""async () => {
                const { content, context } = window.jupyterapp.shell.currentWidget;
                content.activeCellIndex = 0;
                await window.jupyterapp.commands.execute('notebook:run-cell');
                content.activeCellIndex = 1;
            }""")
            wire.clear()
            first = page.evaluate(TIME_FIRST)
            opening = max(size for kind, size in wire.frames if kind == "comm_open")
            played = page.evaluate(PLAYING)
            run_all(page)
            page.locator(".bpcourse-flow #value-2-3 text").first.wait_for()
            page.locator(".bpcourse-stepper li").wait_for()
            page.locator(".widget-interact img").wait_for()
            live, redrawn, sizes = [], [], {"live": [], "redrawn": []}
            for n in range(CHANGES):
                wire.clear()
                live.append(page.evaluate(TIME_LIVE, round(-2.9 + 5.8 * (n * 37 % CHANGES) / CHANGES, 2)))
                page.wait_for_timeout(30)
                sizes["live"].append(wire.sizes())
                if n % (CHANGES // SLOW_CHANGES) == 0:  # taking turns: both see the same machine
                    wire.clear()
                    redrawn.append(page.evaluate(TIME_REDRAWN, "ArrowRight" if n % 8 else "ArrowLeft"))
                    page.wait_for_timeout(60)
                    sizes["redrawn"].append(wire.sizes())
            stepped = [page.evaluate(TIME_STEP, "ArrowLeft" if n % 16 > 7 else "ArrowRight") for n in range(64)]
            browser.close()
    rate, idle = (1000 * len(times) / sum(times) for times in (played["playing"], played["idle"]))
    rows = [
        f"first picture after its cell is run, matplotlib loaded, ipywidgets not: {first:.0f} ms (aim: at most 600)",
        f"initial message: {opening:,} bytes (aim: at most 120,000)",
        f"playing: {rate:.1f} frames a second, {idle:.1f} when nothing moves (aim: at least 55); slowest frame "
        f"{max(played['playing']):.0f} ms, tasks over 50 ms: {len(played['long'])} (aim: 0)",
    ]
    for column, name in enumerate(("until the picture has changed", "until it is painted")):
        ours, theirs = [row[column] for row in live], [row[column] for row in redrawn]
        ratio = statistics.median(theirs) / statistics.median(ours)
        rows.append(
            f"slider to picture, {name}: DeltaFlow median {statistics.median(ours):.1f} ms, "
            f"95 % {percentile(ours, 0.95):.1f} ms; interact + matplotlib median {statistics.median(theirs):.0f} ms; "
            f"{ratio:.1f} times faster"
        )
    rows[3] += " (aim: median at most 16.7 ms, 95 % at most 33 ms, at least 15 times faster)"
    for index, name in enumerate(("both ways", "and the kernel's own busy and idle")):
        ours = statistics.median(size[index] for size in sizes["live"])
        theirs = statistics.median(size[index] for size in sizes["redrawn"])
        rows.append(f"bytes per change, {name}: DeltaFlow {ours:.0f}, interact + matplotlib {theirs:.0f}")
    rows[5] += " (aim: at most 2,000)"
    typeset, painted = (statistics.median(row[column] for row in stepped) for column in (0, 1))
    slowest = max(row[1] for row in stepped)
    rows.append(
        f"one step of a derivation: median {typeset:.1f} ms until the line is laid out, {painted:.1f} ms until it is "
        f"painted, slowest {slowest:.1f} ms (aim: at most 50 ms to the typeset line)"
    )
    return rows


if __name__ == "__main__":
    rows = [*imports(), *kernel_work(), *answers(), *trainings(), *in_the_browser(), *notebooks(), *slides()]
    rows += [*backprop.report(), *classroom()]
    for row in rows:
        print(row)
