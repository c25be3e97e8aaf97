"""Every notebook in JupyterLab: run all, no error in a cell or the console, formulas typeset, each widget answers."""

import pytest

from tests.browser.lab import NOTEBOOKS, SHOW_ALL_CELLS, new_page
from tools.browser import open_notebook, run_all

NAMES = sorted(path.name for path in NOTEBOOKS.glob("*.ipynb"))


@pytest.fixture
def page(browser):
    """One for each notebook."""
    with new_page(browser) as page:
        yield page


@pytest.mark.parametrize("name", NAMES)
def test_notebook(lab, page, name):
    open_notebook(page, lab.address, name)
    page.evaluate(SHOW_ALL_CELLS)
    run_all(page)
    outputs = page.evaluate("""() => window.jupyterapp.shell.currentWidget.content.model.sharedModel.cells
        .filter(cell => cell.cell_type === 'code')
        .flatMap(cell => cell.getOutputs().map(output => output.output_type))""")
    assert outputs
    assert "error" not in outputs

    page.wait_for_function("document.querySelectorAll('.jp-RenderedMarkdown mjx-container').length > 5")
    raw = page.locator(".jp-RenderedMarkdown", has_text="$$").count()
    assert raw == 0, "a display formula is not typeset"
    assert page.locator("mjx-merror").count() == 0

    flows = page.locator(".jp-OutputArea-output > div > .bpcourse-flow")
    steppers = page.locator(".bpcourse-stepper")
    asked, replays = page.locator(".bpcourse-predict"), page.locator(".bpcourse-replay")
    assert page.locator(".bpcourse-flow").count() >= 1
    assert asked.count() == 1
    for n in range(flows.count()):
        flow = flows.nth(n)
        flow.locator("#neuron-1-1").click()
        flow.locator(".panel .title", has_text="Input 1").wait_for()
        flow.locator("#edge-2-1-2 .hit").click()
        before = flow.locator("#value-2-1 text").text_content()
        flow.locator(".step").fill("1")
        flow.locator(".weight input").fill("2.5")
        flow.locator(".weight output", has_text="2.500").wait_for()
        assert flow.locator("#value-2-1 text").text_content() != before
    for n in range(steppers.count()):
        steppers.nth(n).locator(".next").click()
        steppers.nth(n).locator(".where", has_text="line 2 of").wait_for()
    matrices = page.locator(".bpcourse-matrix")
    for n in range(matrices.count()):
        matrices.nth(n).locator(".turn").check()
        matrices.nth(n).locator("caption", has_text=")").wait_for()
        matrices.nth(n).locator("[data-name=to-1]").click()
        matrices.nth(n).locator(".sentence", has_text="Column 1 of").wait_for()
    asked.locator(".answers button").first.click()
    asked.locator(".right").wait_for()
    for n in range(replays.count()):
        replays.nth(n).locator(".epoch").fill("0")
        replays.nth(n).locator(".title", has_text="Epoch 0 of").wait_for()
        replays.nth(n).locator(".next").click()
        replays.nth(n).locator(".title", has_text="Epoch 1 of").wait_for()
    assert page.errors == []
