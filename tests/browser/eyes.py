"""What is looked at in every picture: faults that axe-core finds, contrast, and what sticks out."""

import pathlib

from axe_playwright_python.base import AXE_SCRIPT
from axe_playwright_python.sync_playwright import Axe

from bpcourse.pictures.look import LEGIBLE

CUT = pathlib.Path(__file__).with_name("cut.js").read_text(encoding="utf-8")
LOOK = pathlib.Path(__file__).with_name("look.js").read_text(encoding="utf-8").replace("POINTS", str(LEGIBLE))
TARGETS = pathlib.Path(__file__).with_name("targets.js").read_text(encoding="utf-8")
OPEN_ALL = """() => {
    const roots = [document, ...[...document.querySelectorAll('*')].flatMap((node) => node.shadowRoot ?? [])];
    for (const root of roots) for (const box of root.querySelectorAll('details')) box.open = true;
}"""
CONTRAST = """(node) => {
    const rgba = (colour, below) => {
        const canvas = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
        canvas.fillStyle = below;
        canvas.fillRect(0, 0, 1, 1);
        canvas.fillStyle = colour;
        canvas.fillRect(0, 0, 1, 1);
        return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
    };
    const page = getComputedStyle(document.documentElement).getPropertyValue('--jp-layout-color0').trim();
    const style = getComputedStyle(node), isPicture = node instanceof SVGElement;
    let colour = isPicture ? style.fill : style.color, opacity = 1;
    for (let at = node; at; at = at.parentElement) opacity *= getComputedStyle(at).opacity;
    const behind = rgba(page, 'white'), over = rgba(colour, `rgb(${behind})`);
    const seen = over.map((value, n) => opacity * value + (1 - opacity) * behind[n]);
    const light = (rgb) => {
        const [r, g, b] = rgb.map((v) => v / 255).map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const [high, low] = [light(seen), light(behind)].sort((a, b) => b - a);
    return (high + 0.05) / (low + 0.05);
}"""


def axe_faults(page, context=None):
    """What axe-core has to say of a page, or of what the selector `context` names: each rule with its places."""
    axe = Axe("" if page.evaluate("Boolean(window.axe)") else AXE_SCRIPT)  # half a megabyte to read, once a page
    response = axe.run(page, context=context).response
    return [(fault["id"], [node["target"] for node in fault["nodes"]]) for fault in response["violations"]]


def cut(page):
    """What cannot be seen of a page, its details open: what it is, and by how many pixels it is cut."""
    page.evaluate(OPEN_ALL)
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")  # it is measured
    return page.evaluate(CUT)


def contrast(node):
    """The contrast of what a node is painted with, over the page behind it, as WCAG defines it."""
    return node.evaluate(CONTRAST)


def spill(widget):
    """By how many pixels a widget is wider than the room it has."""
    return widget.evaluate(
        "e => { const r = e.shadowRoot.querySelector('.root'); return r.scrollWidth - r.clientWidth; }"
    )
