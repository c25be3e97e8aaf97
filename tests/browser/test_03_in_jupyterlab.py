"""Notebook 03 in JupyterLab: what only a real one can show. All else of its widgets is tested in `tests/widgets`."""

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
    return page


@pytest.fixture
def flow(opened):
    return as_it_opens(opened)


def test_no_cell_and_no_console_has_an_error(opened):
    outputs = opened.evaluate("""() => window.jupyterapp.shell.currentWidget.content.model.sharedModel.cells
        .filter(cell => cell.cell_type === 'code').map(cell => cell.getOutputs().map(output => output.output_type))""")
    assert len(outputs) >= 20
    assert "error" not in {kind for cell in outputs for kind in cell}
    assert opened.errors == []


def test_a_weight_moved_by_keyboard(flow, opened):
    flow.locator("#neuron-2-3").focus()
    for _ in range(20):
        if flow.evaluate("e => e.shadowRoot.activeElement.id") == "edge-3-1-3":
            break
        opened.keyboard.press("ArrowDown")
    opened.keyboard.press("Enter")
    slider = flow.locator(".weight input")
    assert slider.evaluate("e => e.getRootNode().activeElement === e")
    for key in ["ArrowRight"] * 7 + ["ArrowLeft"] * 2 + ["PageUp"]:
        opened.keyboard.press(key)
    moved = net.with_weight(3, 1, 3, float(slider.input_value()))
    assert moved.w[3][0, 2] != net.w[3][0, 2]
    wait_for_numbers(flow, moved)
    assert flow.locator(".cost").text_content() == f"Cost Cₓ = {shown(bp.backprop(moved, x, y).cost)}"
    assert flow.locator(".weight output").text_content() == shown(moved.w[3][0, 2])
    assert flow.locator(".problem").text_content() == ""


def test_keys_for_the_network_do_not_reach_jupyterlab(flow, opened):
    cells = opened.locator(".jp-Cell").count()
    active = opened.evaluate("window.jupyterapp.shell.currentWidget.content.activeCellIndex")
    flow.locator("#neuron-2-3").focus()
    for key in ("ArrowDown", "ArrowUp", "a", "b", "d", "d", "x", "m", "Enter"):
        opened.keyboard.press(key)
    assert opened.locator(".jp-Cell").count() == cells
    assert opened.evaluate("window.jupyterapp.shell.currentWidget.content.activeCellIndex") == active


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


def test_two_copies_do_not_disturb_each_other(flow, opened):
    opened.evaluate("""async () => {
        const { content, context } = window.jupyterapp.shell.currentWidget;
        const cells = content.model.sharedModel.cells;
        const index = cells.findIndex(cell => cell.source.startsWith('bp.DeltaFlow'));
        content.activeCellIndex = index;
        await window.jupyterapp.commands.execute('notebook:copy-cell');
        await window.jupyterapp.commands.execute('notebook:paste-cell-below');
        await window.jupyterapp.commands.execute('notebook:run-cell');
    }""")
    second = opened.locator(FLOW).nth(1)
    second.wait_for()
    first = opened.locator(FLOW).first
    second.locator("#neuron-2-1").click()
    assert lit(second, "edge") == {"edge-3-1-1", "edge-3-2-1"}
    assert lit(first, "edge") == {"edge-3-1-3", "edge-3-2-3"}
    second.locator("#edge-3-1-1 .hit").click(force=True)
    second.locator(".weight input").fill("2")
    wait_for_numbers(second, net.with_weight(3, 1, 1, 2))
    wait_for_numbers(first, net)
    opened.evaluate("window.jupyterapp.commands.execute('notebook:delete-cell')")
    second.wait_for(state="detached")


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
