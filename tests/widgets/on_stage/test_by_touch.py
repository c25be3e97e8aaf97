"""On a phone, 390 x 844: every part can be hit, a slider is dragged without the page, and nothing is wider than it."""

import pytest

import bpcourse as bp
from tests.browser.notebook_03 import net, x, y
from tests.widgets.on_stage.replay_page import birds
from tests.widgets.on_stage.stage import staged

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True, "device_scale_factor": 2}
DEEP = bp.Network([3, 4, 4, 4, 2], seed=1)
MADE = {
    "flow": lambda: bp.DeltaFlow(net, birds.x, birds.y, sample=128, select="w-3-1-3"),
    "descent": lambda: bp.DeltaFlow(net, x, y, show="descent", select="delta-3-1"),
    "five layers": lambda: bp.DeltaFlow(DEEP, x, y, select="delta-3-2"),
    "stepper": lambda: bp.Stepper(bp.BP2, net, x, y),
    "predict": lambda: bp.Predict(bp.questions.BP2, net, x, y),
    "replay": lambda: bp.Replay(bp.train(net, birds.x, birds.y, epochs=5), birds.x, birds.y, select="b-2-3"),
    "matrix": lambda: bp.WeightMatrix(bp.DeltaFlow(net, x, y, select="delta-2-3")),
}
# What a finger aims at, and is smaller than 24 pixels. A box to tick is as large as its label, which ticks it too.
SMALL = """() => [...document.querySelectorAll('[class^=bpcourse-]')].flatMap((host) =>
    [...host.shadowRoot.querySelectorAll('button, select, summary, label, input, [id^=neuron-], #cost')]
        .filter((node) => node.checkVisibility() && !node.matches('label input:is([type=radio], [type=checkbox])'))
        .map((node) => [node, node.getBoundingClientRect()])
        .filter(([, box]) => Math.min(box.width, box.height) < 24)
        .map(([node, box]) => `${node.outerHTML.slice(0, 80)} ${box.width} x ${box.height}`))"""
# The size of each number in a neuron, in pixels of the page.
SIZES = """() => [...document.querySelectorAll('.bpcourse-flow')].flatMap((host) =>
    [...host.shadowRoot.querySelectorAll('[id^=value-] text')].filter((text) => text.textContent)
        .map((text) => parseFloat(getComputedStyle(text).fontSize) * text.getScreenCTM().a))"""


@pytest.fixture(scope="module", params=MADE)
def phone(request, browser):
    with staged(browser, **PHONE) as stage:
        stage.show(MADE[request.param]())
        stage.page.wait_for_function("document.querySelector('[class^=bpcourse-]').clientWidth > 250")
        yield stage.page


def test_every_part_can_be_hit(phone):
    phone.evaluate("""() => document.querySelectorAll('[class^=bpcourse-]').forEach((host) =>
        host.shadowRoot.querySelectorAll('details').forEach((box) => (box.open = true)))""")
    assert phone.evaluate(SMALL) == []


def test_the_page_is_as_wide_as_the_phone_and_its_numbers_can_be_read(phone):
    assert phone.evaluate("document.documentElement.scrollWidth") <= PHONE["viewport"]["width"]
    assert min(phone.evaluate(SIZES)) >= 9


def test_a_slider_is_dragged_and_the_page_stays(phone):
    phone.evaluate("document.body.style.paddingBlock = '900px'")
    fingers = phone.context.new_cdp_session(phone)
    dragged = 0
    for slider in phone.locator("input[type=range]").element_handles():
        if not slider.is_visible() or slider.is_disabled():  # some leave with the step of another
            continue
        slider.scroll_into_view_if_needed()
        box, before = slider.bounding_box(), phone.evaluate("scrollY")
        start = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}
        was = slider.input_value()
        fingers.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [start]})
        for step in range(1, 9):  # aslant: a finger does not move along a line
            at = {"x": start["x"] - 8 * step, "y": start["y"] + 9 * step}
            fingers.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [at]})
        fingers.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
        phone.wait_for_function("([node, was]) => node.value !== was", arg=[slider, was])
        assert phone.evaluate("scrollY") == before
        dragged += 1
    assert dragged or phone.locator("input[type=range]:visible").count() == 0
    phone.evaluate("document.body.style.paddingBlock = ''")
