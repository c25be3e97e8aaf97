"""Notebook 03 in JupyterLab: what only a real one can show. All else is in `tests/widgets` and `tests/course`."""

import pytest

import bpcourse as bp
from bpcourse.text import shown
from tests.browser.eyes import spill
from tests.browser.lab import HIDE_FILES
from tests.browser.notebook_03 import FLOW, as_it_opens, expected, lit, net, numbers, wait_for_numbers, x, y
from tools.browser import open_notebook, resize, run_all


@pytest.fixture(scope="module")
def opened(lab, page):
    """Notebook 03, run."""
    open_notebook(page, lab.address, "03_bp2_hidden_error.ipynb")
    page.evaluate(HIDE_FILES)
    run_all(page)
    page.locator(FLOW).scroll_into_view_if_needed()
    assert page.errors == []
    return page


@pytest.fixture
def flow(opened):
    return as_it_opens(opened)


def test_keys_for_the_network_do_not_reach_jupyterlab_and_move_its_bias(flow, opened):
    cells = opened.locator(".jp-Cell").count()
    active = opened.evaluate("window.jupyterapp.shell.currentWidget.content.activeCellIndex")
    flow.locator("#neuron-2-3").focus()
    for key in ("ArrowDown", "ArrowUp", "a", "b", "d", "d", "x", "m", "Enter"):
        opened.keyboard.press(key)
    assert opened.locator(".jp-Cell").count() == cells
    assert opened.evaluate("window.jupyterapp.shell.currentWidget.content.activeCellIndex") == active
    slider = flow.locator(".weight input")
    assert slider.evaluate("e => e.getRootNode().activeElement === e")
    for key in ["ArrowRight"] * 7 + ["ArrowLeft"] * 2 + ["PageUp"]:
        opened.keyboard.press(key)
    moved = net.with_bias(2, 3, float(slider.input_value()))
    assert moved.b[2][2] != net.b[2][2]
    wait_for_numbers(flow, moved)
    assert flow.locator(".problem").text_content() == ""


@pytest.mark.parametrize("width", [400, 1280])
def test_nothing_sticks_out(flow, opened, width):
    resize(opened, width, FLOW)
    try:
        assert spill(flow) <= 1
        right = flow.bounding_box()["x"] + flow.bounding_box()["width"]
        for name in ("layer-1", "layer-3", "neuron-3-1", "name-1-3"):
            box = flow.locator(f"#{name}").bounding_box()
            assert flow.bounding_box()["x"] <= box["x"]
            assert box["x"] + box["width"] <= right + 1
    finally:
        resize(opened, 1280, FLOW)


def test_a_kernel_that_is_gone_is_reported_and_the_picture_stays(flow, opened):
    opened.evaluate("window.jupyterapp.shell.currentWidget.context.sessionContext.shutdown()")
    flow.locator("#edge-3-1-3 .hit").click(force=True)
    flow.locator(".weight input").fill("1.5")
    flow.locator(".problem", has_text="The kernel does not answer").wait_for()
    assert numbers(flow) == expected(net)
    flow.locator("#neuron-2-1").click()
    assert lit(flow, "edge") == {"edge-3-1-1", "edge-3-2-1"}
    asked = opened.locator(".bpcourse-predict")
    beside = opened.locator(".widget-box", has=asked).locator(".bpcourse-flow")
    asked.get_by_role("button", name="neuron 4").click()
    assert asked.locator(".told p").first.text_content().startswith("Not neuron 4.")
    beside.locator("#value-2-3 text", has_text=expected(net)[1][2]).wait_for()
    asked.locator(".again").click()
    beside.locator("#value-2-3 text", has_text=shown(bp.backprop(net, x, y).a[2][2, 0])).wait_for()
