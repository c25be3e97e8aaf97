"""DeltaFlow for everyone: axe-core and contrast at each step and in both themes, words for each state, fingers."""

import pytest

import bpcourse as bp
from bpcourse.text import shown
from tests.browser.eyes import axe_faults, contrast
from tests.browser.notebook_03 import STEPS, birds, net, x, y
from tests.widgets.on_stage.stage import staged

FLOW = ".bpcourse-flow"


def drawn(stage):
    """All birds, at the first step; and the place where it is shown."""
    named = {"inputs": birds.measurements, "outputs": birds.species, "show": "input", "select": "delta-2-3"}
    return stage.show(bp.DeltaFlow(net, birds.x, birds.y, sample=128, **named))


@pytest.fixture(scope="module")
def opened(stage):
    return stage.page


@pytest.fixture(scope="module")
def themed(stage, theme):
    """The network, drawn in this theme."""
    place = drawn(stage)
    yield stage.page.locator(FLOW)
    stage.clear(place)


def test_axe_finds_nothing_at_any_step(themed):
    themed.locator("summary").click()
    for step in STEPS.values():
        themed.locator(".step").fill(step)
        for part in ("#neuron-2-3", "#cost"):
            themed.locator(part).click()
            assert axe_faults(themed.page, FLOW) == [], (step, part)


def test_every_text_has_contrast(themed):
    texts = {
        "input": [
            ".faint",
            ".title",
            ".play",
            "#value-1-1 text",
            "#label-2-1-1 g",
            "#symbol-a-2-1 g",
            "#symbol-cost g",
        ],
        "BP2": [".panel math", ".cost", "#symbol-delta-2-3 g", "#name-1-1 g", "#value-y-3-1 text", "#label-3-1-3 g"],
        "BP4": ["#label-2-1-1 text", "#label-3-1-3 text"],
        "descent": [".descend", ".rate output", "summary"],
    }
    themed.locator("#neuron-2-3").click()
    for step, selectors in texts.items():
        themed.locator(".step").fill(STEPS[step])
        for selector in selectors:
            ratio = contrast(themed.locator(selector).first)
            assert ratio >= 4.5, (step, selector, ratio)
    themed.locator("summary").evaluate("summary => { summary.parentNode.open = true }")
    themed.locator("input.sample").fill("500")
    themed.locator("input.sample").press("Tab")
    problem = themed.locator(".problem", has_text="sample must be between 0 and 218")
    problem.wait_for()
    assert contrast(problem) >= 4.5
    assert themed.locator("input.sample").input_value() == "128"
    themed.locator(".step").fill(STEPS["BP1"])
    themed.locator(".next").click()
    themed.locator(".caption").first.wait_for(state="attached")
    assert contrast(themed.locator(".caption").first) >= 4.5
    themed.locator(".reset").click()


def test_every_state_has_its_words(themed):
    trace, heard = bp.backprop(net, x, y), {}
    for name, step in STEPS.items():
        themed.locator(".step").fill(step)
        for part in ("neuron-2-3", "edge-3-1-3 .hit", "cost"):
            themed.locator(f"#{part}").click(force=True)
            heard[name, part] = themed.locator(".description").text_content()
    assert len(set(heard.values())) == len(heard), "two states are told with the same words"
    assert "The cost. Cost Cₓ = 0.372. the cost, Cₓ = 0.372" in heard["cost", "cost"]
    assert heard["input", "neuron-2-3"].endswith("Input. . neuron 3 of layer 2, not computed yet")
    wire = f"wire from neuron 3 of layer 2 to neuron 1 of layer 3, ∂Cₓ/∂w³₁₃ = {shown(trace.grad_w[3][0, 2])}"
    assert heard["BP4", "edge-3-1-3 .hit"].endswith(wire)
    bias = f"neuron 3 of layer 2, ∂Cₓ/∂b²₃ = {shown(trace.grad_b[2][2, 0])}"
    assert heard["BP3", "neuron-2-3"].endswith(bias)


def test_fingers_and_no_motion(browser):
    hand = {"viewport": {"width": 400, "height": 900}, "has_touch": True, "is_mobile": True, "reduced_motion": "reduce"}
    with staged(browser, **hand) as stage:
        drawn(stage)
        page, flow = stage.page, stage.page.locator(FLOW)
        page.wait_for_function("document.querySelector('.bpcourse-flow').clientWidth > 250")
        for target in [*flow.locator("button, input, select, summary").all(), *flow.locator("[id^=neuron-]").all()]:
            if target.is_visible():
                box = target.bounding_box()
                assert min(box["width"], box["height"]) >= 24, target.evaluate("node => node.outerHTML.slice(0, 80)")
        width = "hit => parseFloat(getComputedStyle(hit).strokeWidth)"
        assert flow.locator("#edge-3-1-3 .hit").evaluate(width) >= 24
        box = flow.locator("#edge-2-1-1 .hit").bounding_box()
        page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2 + 9)
        flow.locator("#edge-2-1-1.chosen").wait_for(state="attached")
        for _ in STEPS:
            assert flow.locator(".pulse").count() == flow.locator(".caption").count() == 0
            flow.locator(".next").tap()
        flow.locator(".title", has_text="A gradient step").first.wait_for()
        assert flow.evaluate("e => e.shadowRoot.querySelector('svg').getAnimations({ subtree: true }).length") == 0
