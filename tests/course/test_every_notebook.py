"""Every notebook in JupyterLab: run all, no error in a cell or the console, formulas typeset, each widget answers."""

import pytest

from tests.browser.lab import new_page
from tests.browser.notebook_03 import FLOW
from tests.places import NOTEBOOKS
from tools.browser import SHOW_ALL_CELLS, open_notebook, run_all


@pytest.fixture
def page(browser):
    """One for each notebook."""
    with new_page(browser) as page:
        yield page


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.name)
def test_notebook(lab, page, notebook):
    open_notebook(page, lab.address, notebook.name)
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

    assert page.locator(".bpcourse-flow").count() >= 1
    for flow in page.locator(FLOW).all():
        flow.locator("#neuron-1-1").click()
        flow.locator(".panel .title", has_text="Input 1").wait_for()
        flow.locator("#edge-2-1-2 .hit").click(force=True)  # its own number may lie upon it
        before = flow.locator("#value-2-1 text").text_content()
        flow.locator(".step").fill("1")
        flow.locator(".weight input").fill("2.5")
        flow.locator(".weight output", has_text="2.500").wait_for()
        assert flow.locator("#value-2-1 text").text_content() != before
    for stepper in page.locator(".bpcourse-stepper").all():
        stepper.locator(".next").click()
        stepper.locator(".where", has_text="line 2 of").wait_for()
    for matrix in page.locator(".bpcourse-matrix").all():
        matrix.locator(".turn").check()
        matrix.locator("caption", has_text=")").wait_for()
        matrix.locator("[data-name=to-1]").click()
        matrix.locator(".sentence", has_text="Column 1 of").wait_for()
    (asked,) = page.locator(".bpcourse-predict").all()
    asked.locator(".answers button").first.click()
    asked.locator(".right").wait_for()
    for replay in page.locator(".bpcourse-replay").all():
        replay.locator(".epoch").fill("0")
        replay.locator(".title", has_text="Epoch 0 of").wait_for()
        replay.locator(".next").click()
        replay.locator(".title", has_text="Epoch 1 of").wait_for()
    assert page.errors == []
