"""A network of five layers: its numbers can be read on a wide page and on a phone."""

import pytest

import bpcourse as bp
from tests.browser.eyes import axe_faults, spill
from tests.browser.notebook_03 import x, y

WIDGET = ".bpcourse-flow"
IN_SIGHT = """([flow, id]) => {
    const [part, sight] = [`#${id}`, ".picture"].map((of) => flow.shadowRoot.querySelector(of).getBoundingClientRect());
    return sight.left <= part.left && part.right <= sight.right;
}"""


@pytest.fixture(scope="module")
def opened(stage):
    deep = bp.Network([3, 4, 4, 4, 2], seed=1)
    stage.show(bp.DeltaFlow(deep, x, y, show="BP2", select="delta-2-1", digits=5))
    stage.show(bp.Predict(bp.questions.DEEP, deep, x, y, digits=5))
    return stage.page


WIDTHS = pytest.mark.parametrize("width", [400, 800, 1050, 1280, 1800], indirect=True)


@WIDTHS
def test_numbers_can_be_read(opened, width):
    for flow in opened.locator(WIDGET).all():
        heights = flow.evaluate(
            "e => [...e.shadowRoot.querySelectorAll('[id^=value-] text')].map((t) => t.getBoundingClientRect().height)"
        )
        assert len(heights) == 20  # 3 + 4 + 4 + 4 + 2 neurons, 2 targets, the cost
        assert min(heights) >= 11
        assert spill(flow) <= 1


@WIDTHS
def test_what_is_chosen_is_in_sight(opened, width):
    flow = opened.locator(WIDGET).first
    for part in ("neuron-5-2", "neuron-2-1", "neuron-4-3"):
        flow.locator(f"#{part}").dispatch_event("click")
        opened.wait_for_function(IN_SIGHT, arg=[flow.element_handle(), part])


@pytest.mark.parametrize("width", [400], indirect=True)
def test_a_picture_that_is_scrolled_is_no_obstacle(opened, width):
    assert axe_faults(opened, WIDGET) == []
