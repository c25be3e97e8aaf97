"""What holds in every engine: all that is asked of a page in Chromium, Firefox and WebKit stands here, once.

Each function gets an engine (`engines.py`) with a page open, and most a path to one live network on it.
"""

from axe_playwright_python.base import AXE_SCRIPT

import bpcourse as bp
from bpcourse.text import shown
from tests.browser.eyes import CUT, LOOK, OPEN_ALL
from tests.browser.notebook_03 import STEPS, net, x, y

WIDTHS = (390, 768, 1280, 1920)
SHOWN = "section.present .bpcourse-flow"  # the network on the slide that shows
# What sticks out of its neuron, by name: the number and the symbol that show.
OUTSIDE = """(path) => {
    const faults = [];
    for (const { shadowRoot: root } of findAll(path)) for (const neuron of root.querySelectorAll("[id^=neuron-]")) {
        const circle = neuron.querySelector("path:not(.hit)").getBoundingClientRect();
        const place = neuron.id.replace("neuron", ""), middle = (box) => box.x + box.width / 2;
        const shown = [...root.querySelectorAll(`[id^=value-], [id^=symbol-]`)]
            .filter(({ id }) => id.endsWith(place) && !/-(y|cost)/.test(id));
        for (const node of shown) {
            const box = (node.querySelector("text") ?? node).getBoundingClientRect();
            if (!box.width) continue;
            const [left, top] = [circle.left - box.left, circle.top - box.top];
            const out = Math.max(left, box.right - circle.right, top, box.bottom - circle.bottom);
            const off = Math.abs(middle(box) - middle(circle));
            if (out > 0.06 * circle.width || off > 0.1 * circle.width)
                faults.push(`${node.id}: ${out.toFixed(1)} px out, ${off.toFixed(1)} px off ${circle.width.toFixed()}`);
        }
    }
    return faults;
}"""
# Columns and tables of numbers in formulas whose brackets are shorter than they are, in shadow roots too.
SHORT = """() => {
    const faults = [], roots = [document];
    for (const root of roots) for (const node of root.querySelectorAll("*")) {
        if (node.shadowRoot) roots.push(node.shadowRoot);
        if (node.localName !== "mtable" || !node.getBoundingClientRect().height) continue;
        const cells = [...node.querySelectorAll("mtd")].map((cell) => cell.getBoundingClientRect());
        const high = Math.max(...cells.map((box) => box.bottom)) - Math.min(...cells.map((box) => box.top));
        const brackets = node.closest(".matrix") ? [node.closest(".matrix")]
            : [node.previousElementSibling, node.nextElementSibling]
                .filter((near) => /^[[\\]()|]$/.test(near?.textContent.trim()));
        for (const bracket of brackets) {
            const is = bracket.getBoundingClientRect().height;
            if (is < 0.9 * high) faults.push(`${bracket.textContent} is ${is.toFixed()} px beside ${high.toFixed()}`);
        }
    }
    return faults;
}"""
# Formulas that a line's end parts from the sign behind them, or that are themselves on two lines.
PARTED = """() => {
    const rectangle = (node, from, to) => {
        const range = document.createRange();
        range.setStart(node, from);
        range.setEnd(node, to);
        return range.getBoundingClientRect();
    };
    return [...document.querySelectorAll("math")].filter((math) => {
        const box = math.getBoundingClientRect(), next = math.nextSibling;
        if (!box.width) return false;
        if (math.getClientRects().length > 1) return true;
        const sign = next?.nodeType === Node.TEXT_NODE && /^[^\\s]/.test(next.data) && rectangle(next, 0, 1);
        return sign && sign.width && sign.left < box.right - 2;
    }).map((math) => `${math.textContent}${math.nextSibling?.data?.slice(0, 8) ?? ""}`);
}"""
# Lines of a formula whose brackets touch those of the line below.
TOUCHING = """() => [...document.querySelectorAll(".lines")].filter((lines) => {
    const columns = Number(lines.style.getPropertyValue("--columns")), cells = [...lines.children];
    const ends = cells.filter((_, n) => n % columns === 0).map((_, row) => {
        const line = cells.slice(row * columns, (row + 1) * columns);
        const tables = line.flatMap((cell) => [...cell.querySelectorAll("mtable")]);
        const boxes = tables.map((table) => table.parentNode.getBoundingClientRect());
        return [Math.min(...boxes.map(({ top }) => top)), Math.max(...boxes.map(({ bottom }) => bottom))];
    });
    return ends.some(([top], n) => n && top - ends[n - 1][1] < 4);
}).map((lines) => lines.textContent)"""
# Parts of live pictures that are higher than their place, and tables whose words are broken; in a wide window no name.
SPILLING = """() => [...document.querySelectorAll("*")].flatMap(({ shadowRoot }) => shadowRoot ?? [])
    .flatMap((root) => [...root.querySelectorAll(".root > div")])
    .filter((part) => part.scrollHeight > part.offsetHeight + 3 && getComputedStyle(part).overflowY === "visible")
    .concat(...document.querySelectorAll(".broken:not(.formula)"))
    .concat([...document.querySelectorAll("td code")].filter((code) => innerWidth >= 640
        && new Set([...code.getClientRects()].map(({ top }) => Math.round(top))).size > 1))
    .map((part) => `${part.className}: ${part.textContent.trim().slice(0, 40)}`)"""
# Patches of another colour than the page: names of rows that stay in their place, and the bars of what scrolls.
PATCHES = """() => {
    const paper = getComputedStyle(document.body).backgroundColor;
    const shown = [...document.querySelectorAll("*")].flatMap(({ shadowRoot }) => shadowRoot ?? [])
        .flatMap((root) => [...root.querySelectorAll("*")]).map((node) => [node, getComputedStyle(node)])
        .filter(([, { position }]) => position === "sticky")
        .filter(([, { backgroundColor: colour }]) => colour !== paper && !/, 0\\)$/.test(colour));
    const bars = [...document.querySelectorAll("pre")].filter((box) => getComputedStyle(box).scrollbarColor === "auto");
    return [...shown.map(([node]) => node), ...bars].map((node) => node.textContent.trim().slice(0, 40));
}"""
STEP_ALL = """() => {
    for (const { shadowRoot } of findAll(".live .bpcourse-flow")) {
        const input = shadowRoot.querySelector(".step");
        input.value = Number(input.value) + (input.value === "0" ? 1 : -1);
        input.dispatchEvent(new Event("input", { bubbles: true }));
    }
}"""
SET = """(path, value) => {
    const input = find(path);
    input.value = value;
    input.dispatchEvent(new Event("input", { bubbles: true }));
}"""
FITS = "(path) => find(path).getBoundingClientRect().right <= innerWidth"  # JupyterLab takes its time
TEXT = "(path) => find(path).textContent"
PAINTED = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))"


def steps(engine, flow):
    """All steps of a live network, and from the last one back to the first and there again."""
    last = engine.evaluate("(path) => Number(find(path).max)", f"{flow} >>> .step")
    return [*range(last + 1), 0, last]


def go_to(engine, flow, step):
    engine.evaluate(SET, f"{flow} >>> .step", step)


def numbers(engine, flow):
    """What stands in the neurons, from the first to the last."""
    return engine.evaluate("(path) => findAll(path).map((node) => node.textContent)", f"{flow} >>> [id^=value-] text")


def quiet(engine, levels=("error", "warn")):
    assert [said for said in engine.console if said.startswith(levels)] == [], engine.name


def nothing_is_cut(engine, widths=WIDTHS):
    """No page scrolls sideways, and what is wider than its place on it shows that it scrolls; details are open."""
    for width in widths:
        engine.resize(width, 844)
        engine.evaluate(OPEN_ALL)
        for _ in range(3):  # a size is told, a box is measured, and set
            engine.evaluate(PAINTED)
        assert engine.evaluate(CUT) == [], f"{engine.name} at {width} px, {engine.evaluate('() => document.title')}"
        assert engine.evaluate(SPILLING) == [], f"{engine.name} at {width} px"
        assert engine.evaluate(PATCHES) == [], f"{engine.name} at {width} px"


def axe_finds_nothing(engine):
    engine.evaluate(f"() => {{ {AXE_SCRIPT}\nreturn true; }}")
    faults = "async () => (await axe.run()).violations.map(({ id, nodes }) => [id, nodes.map(({ target }) => target)])"
    assert engine.evaluate(faults) == [], f"{engine.name}, {engine.evaluate('() => document.title')}"


def numbers_stay_in_their_neurons(engine, flow, widths=(390, 1280)):
    """Whatever the step before was."""
    for width in widths:
        engine.resize(width, 844)
        engine.wait_for(FITS, flow)
        for step in steps(engine, flow):
            go_to(engine, flow, step)
            engine.evaluate(PAINTED)
            assert engine.evaluate(OUTSIDE, flow) == [], f"{engine.name}, {width} px, step {step}"


def formulas_stay_together(engine, widths=WIDTHS):
    """No line begins with a full stop, none ends inside a formula; the lines of a proof keep their distance."""
    for width in widths:
        engine.resize(width, 844)
        engine.evaluate(OPEN_ALL)
        engine.evaluate(PAINTED)
        assert engine.evaluate(PARTED) == [], f"{engine.name} at {width} px"
        assert engine.evaluate(TOUCHING) == [], f"{engine.name} at {width} px"


def networks_keep_their_numbers(engine, widths=(390, 1280)):
    """Every live network of a page, at the step it shows and at one before or after it."""
    for width in widths:
        engine.resize(width, 844)
        for _ in range(2):
            engine.evaluate(PAINTED)
            assert engine.evaluate(OUTSIDE, ".live .bpcourse-flow") == [], f"{engine.name}, {width} px"
            engine.evaluate(STEP_ALL)


def brackets_are_as_high_as_their_columns(engine):
    assert engine.evaluate(SHORT) == [], engine.name


def a_click_chooses(engine, flow):
    """A neuron tells its equation, with the numbers of this sample."""
    go_to(engine, flow, STEPS["BP2"])
    engine.click(f"{flow} >>> #neuron-2-1 path")
    error = shown(bp.backprop(net, x, y).delta[2][0, 0])
    assert engine.evaluate(TEXT, f"{flow} >>> .panel .title") == "BP2, neuron 1 of layer 2"
    panel = engine.evaluate(TEXT, f"{flow} >>> .panel").replace(" ", "").replace("\n", "")
    assert f"={error}" in panel
    assert engine.evaluate("(path) => findAll(path).length", f"{flow} >>> .chosen") == 1


def buttons_step(engine, flow):
    go_to(engine, flow, 0)
    engine.click(f"{flow} >>> .next")  # plays on to the next step
    value = "(path, value) => find(path).value === value"
    engine.wait_for(value, f"{flow} >>> .step", "1")
    engine.click(f"{flow} >>> .back")
    engine.wait_for(value, f"{flow} >>> .step", "0")


def keys_choose_and_step(engine, flow):
    """Arrows, on the neuron that was chosen; Enter leads to what can be moved."""
    a_click_chooses(engine, flow)
    chosen = "(path) => find(path).id"
    engine.key("ArrowDown")
    assert engine.evaluate(chosen, f"{flow} >>> .chosen") == "neuron-2-2"
    engine.key("ArrowUp")
    assert engine.evaluate(chosen, f"{flow} >>> .chosen") == "neuron-2-1"
    engine.key("ArrowLeft")
    assert engine.evaluate("(path) => Number(find(path).value)", f"{flow} >>> .step") == int(STEPS["BP2"]) - 1
    engine.key("ArrowRight")
    engine.wait_for("(path, value) => find(path).value === value", f"{flow} >>> .step", STEPS["BP2"])


def it_plays_to_the_end(engine, flow):
    last = engine.evaluate("(path) => find(path).max", f"{flow} >>> .step")
    go_to(engine, flow, int(last))
    at_rest = numbers(engine, flow)
    go_to(engine, flow, int(last) - 1)
    engine.click(f"{flow} >>> .play")
    engine.wait_for("(path, last) => find(path).value === last", f"{flow} >>> .step", last)
    engine.wait_for("(path) => find(path).textContent === 'Play'", f"{flow} >>> .play")
    assert numbers(engine, flow) == at_rest


def without_a_kernel_the_slider_is_off(engine, flow):
    a_click_chooses(engine, flow)
    sliders = engine.evaluate(
        "(path) => findAll(path).map((input) => input.disabled)", f"{flow} >>> .panel input[type=range]"
    )
    assert sliders
    assert all(sliders)


def a_dragged_slider_is_answered(engine, flow):
    """Python computes the network with the bias that the hand has moved, and again after Reset."""
    a_click_chooses(engine, flow)
    slider = f"{flow} >>> .panel input[type=range]"
    engine.drag(slider, 0.5, 0.8)
    bias = float(engine.evaluate("(path) => find(path).value", slider))
    assert bias != net.b[2][0, 0]
    for network in (net.with_bias(2, 1, bias), net):
        error = shown(bp.backprop(network, x, y).delta[2][0, 0])
        engine.wait_for("(path, text) => find(path).textContent === text", f"{flow} >>> #value-2-1 text", error)
        engine.click(f"{flow} >>> .reset")


def a_live_network_holds(engine, flow):
    """All that is asked of the live network of notebook 03, but its slider."""
    buttons_step(engine, flow)
    keys_choose_and_step(engine, flow)
    it_plays_to_the_end(engine, flow)
    brackets_are_as_high_as_their_columns(engine)
    numbers_stay_in_their_neurons(engine, flow)


def a_slide_is_whole(engine):
    """Whatever is on the slide that shows, as it shows."""
    engine.evaluate(PAINTED)
    where = f"{engine.name}, {engine.evaluate('() => document.title')}, {engine.evaluate('() => location.hash')}"
    assert engine.evaluate(LOOK) == [], where
    brackets_are_as_high_as_their_columns(engine)
    return where


def a_slide_holds(engine):
    """Whatever is on the slide that shows; in its live networks, at each step."""
    where = a_slide_is_whole(engine)
    if engine.evaluate("(path) => findAll(path).length", SHOWN):
        for step in steps(engine, SHOWN):
            go_to(engine, SHOWN, step)
            engine.evaluate(PAINTED)
            assert engine.evaluate(OUTSIDE, SHOWN) == [], f"{where}, step {step}"
