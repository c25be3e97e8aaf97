"""With the system's few colours, as Windows' contrast themes have them: all that colour told is still told apart."""

import pytest

import bpcourse as bp
from tests.browser.notebook_03 import STEPS, birds, net, x, y
from tests.widgets.on_stage.stage import staged

NAMES = {"inputs": birds.measurements, "outputs": birds.species}
# How a node looks.
LOOK = """(node, names) => { const style = getComputedStyle(node); return names.map((name) => style[name]); }"""


@pytest.fixture(scope="module", params=["light", "dark"])
def page(request, browser):
    """All five widgets, in the system's light and dark colours."""
    with staged(browser, forced_colors="active", color_scheme=request.param) as stage:
        stage.change_theme(request.param.title())
        flow = bp.DeltaFlow(net, x, y, select="delta-2-3", **NAMES)
        history = bp.train(net, birds.x, birds.y, epochs=2)
        stage.show(bp.WeightMatrix(flow, l=3))
        stage.show(bp.Stepper(bp.BP2, net, x, y, select="delta-2-3"))
        stage.show(bp.Predict(bp.questions.BP2, net, x, y))
        stage.show(bp.Replay(history, birds.x, birds.y, **NAMES))
        yield stage.page
        assert stage.page.errors == []


def look(widget, selector, names):
    """What the style of the first such node says."""
    node = widget.locator(selector).first
    node.wait_for(state="attached")
    return node.evaluate(LOOK, names)


def differ(widget, one, other, names):
    """Whether the first nodes of two selectors look different."""
    return look(widget, one, names) != look(widget, other, names)


def system(page, *names):
    """What the system's colours are."""
    return page.evaluate(
        """names => names.map((name) => {
        const node = document.body.appendChild(document.createElement('i'));
        node.style.color = name;
        const colour = getComputedStyle(node).color;
        node.remove();
        return colour;
    })""",
        names,
    )


def test_wires_and_neurons(page):
    flow = page.locator(".bpcourse-flow").first
    flow.locator(".step").fill(STEPS["BP2"])
    assert differ(flow, "#edge-3-1-3 path", "#edge-3-1-2 path", ["stroke"])
    assert differ(flow, "#neuron-2-3 path", "#neuron-2-1 path", ["stroke"])
    text, page_colour, lit = system(page, "CanvasText", "Canvas", "Highlight")
    assert len({text, page_colour, lit}) == 3
    assert flow.locator("#edge-3-1-2 path").first.evaluate(LOOK, ["stroke"]) == [text]
    assert flow.locator("#edge-3-1-3 path").first.evaluate(LOOK, ["stroke"]) == [lit]
    assert flow.locator("#neuron-2-1 path").evaluate(LOOK, ["fill", "stroke"]) == [page_colour, text]
    flow.locator(".step").fill(STEPS["input"])
    assert differ(flow, "#neuron-1-1 path", "#neuron-2-1 path", ["strokeDasharray"]), "not computed yet"


def test_numbers_below_and_above_zero(page):
    flow = page.locator(".bpcourse-flow").first
    flow.locator(".step").fill(STEPS["BP4"])
    below, above = "[id^=edge-].negative:not(.lit) path:not(.hit)", "[id^=edge-]:not(.negative, .lit) path:not(.hit)"
    assert differ(flow, below, above, ["strokeDasharray"])


def test_numbers_under_way(page):
    flow = page.locator(".bpcourse-flow").first
    flow.locator(".step").fill(STEPS["cost"])
    flow.evaluate("e => { for (const name of ['.next', '.play']) e.shadowRoot.querySelector(name).click(); }")
    assert differ(flow, ".pulse.negative circle", ".pulse:not(.negative) circle", ["fill", "stroke"])
    flow.locator(".next").click()


def test_lit_cells(page):
    table = page.locator(".bpcourse-matrix")
    table.locator("[data-name=from-3]").click()
    table.locator(".lit [data-name=w-3-1-3]").wait_for()
    canvas, lit, on_lit = system(page, "Canvas", "Highlight", "HighlightText")
    assert look(table, ".lit [data-name=w-3-1-3]", ["backgroundColor", "color"]) == [lit, on_lit]
    assert look(table, "[data-name=w-3-1-2]", ["borderTopColor"]) == [canvas]


def test_the_line_that_is_read(page):
    steps = page.locator(".bpcourse-stepper")
    steps.locator(".next").click()
    canvas, lit = system(page, "Canvas", "Highlight")
    assert look(steps, "li[aria-current]", ["borderLeftColor"]) == [lit]
    assert look(steps, "li:not([aria-current])", ["borderLeftColor"]) == [canvas]


def test_the_answer(page):
    predict = page.locator(".bpcourse-predict")
    predict.locator(".answers button").first.click()
    (lit,) = system(page, "Highlight")
    assert look(predict, ".answers .right", ["borderTopStyle"]) == ["double"]
    assert look(predict, ".answers [aria-pressed=true]", ["borderTopStyle", "borderTopColor"]) == ["solid", lit]
    others = look(predict, ".answers button:not(.right, [aria-pressed=true])", ["borderTopStyle", "borderTopColor"])
    assert others[0] == "solid"
    assert others[1] != lit


def test_the_map(page):
    film = page.locator(".bpcourse-replay")
    film.locator(".epoch").fill("0")
    right, wrong = ".bird:not(.wrong) path", ".map .bird.wrong path:not(.cross)"
    assert differ(film, wrong, right, ["fill", "stroke"])
    canvas, text = system(page, "Canvas", "CanvasText")
    assert film.locator(wrong).first.evaluate(LOOK, ["fill", "stroke"]) == [canvas, text], "hollow"
    assert film.locator(".map .bird.wrong .cross").first.evaluate(LOOK, ["stroke"]) == [text]
