"""A notebook that was run and saved, opened again: still pictures without its kernel, the live ones if it runs."""

import base64

import nbformat
import pytest

from bpcourse.pictures.picture import inventory_of
from bpcourse.widgets.beside import INVITATION
from tests.browser.lab import LIVE, PRINTED, SETUP, SHUT_DOWN, fonts, new_page, write_notebook
from tests.browser.notebook_03 import FLOW, lit, net, wait_for_numbers
from tools.browser import open_notebook, run_all, wait_for_kernel
from tools.reopened import VIEW

NAME = "reopened.ipynb"
SAVE = "window.jupyterapp.commands.execute('docmanager:save')"
RESTART = "window.jupyterapp.shell.currentWidget.context.sessionContext.session.kernel.restart()"
PICTURE = ".jp-OutputArea-output.jp-RenderedImage img, .jp-OutputArea-output:has([class*=bpcourse-])"
# What the page has of each output with a picture: its live view or not, its PNG, and the description.
OUTPUTS = """() => window.jupyterapp.shell.currentWidget.content.model.sharedModel.cells
    .flatMap(cell => cell.cell_type === 'code' ? cell.getOutputs() : [])
    .filter(output => output.data?.['image/png'])
    .map(({ data, metadata }) => [VIEW in data, data['image/png'], metadata['image/png'].alt])"""
OUTPUTS = OUTPUTS.replace("VIEW", repr(VIEW))
CELLS = [SETUP, *LIVE.values(), PRINTED]


@pytest.fixture
def page(browser, lab):
    """A notebook that was run and saved; so high a page that all of it is in view. Each test has its own kernel."""
    write_notebook(lab.folder / NAME, CELLS)
    with new_page(browser, viewport={"width": 1280, "height": 6000}) as page:
        open_notebook(page, lab.address, NAME)
        run_all(page)
        page.locator(FLOW).wait_for()
        page.evaluate(SAVE)
        saved = nbformat.read(lab.folder / NAME, as_version=4)
        assert [VIEW in cell.outputs[0].data for cell in saved.cells if cell.outputs] == [True] * 4 + [False]
        yield page


def all_shown(page):
    """Waits until the notebook and all its pictures are there; returns how many of them are still."""
    wait_for_kernel(page)
    there = "([selector, count]) => document.querySelectorAll(selector).length === count"
    page.wait_for_function(there, arg=[PICTURE, len(CELLS) - 1])
    return page.locator(".jp-OutputArea-output.jp-RenderedImage img").count()


def texts(page):
    return "\n".join(page.locator(".jp-OutputArea-output").all_inner_texts())


def is_still(page):
    """Every picture stands there with its numbers, those of widgets with the line; nothing is an error."""
    assert all_shown(page) == len(CELLS) - 1
    outputs = page.evaluate(OUTPUTS)
    assert [alive for alive, _, _ in outputs] == [False] * (len(CELLS) - 1)
    for n, (_, png, alt) in enumerate(outputs):
        lines = [text for name, text, _, _ in inventory_of(base64.b64decode(png)) if name == "line-below"]
        assert lines == [INVITATION] * (n < 4)
        assert alt.endswith(INVITATION) == (n < 4)
    assert "δ² = (0.025, 0.011, −0.032, 0.008)" in outputs[0][2]
    assert "Error displaying widget" not in texts(page)
    assert page.locator(FLOW).count() == 0
    return True


def test_without_its_kernel_the_still_pictures_stand_there(page, lab):
    page.evaluate(SHUT_DOWN)
    before = (lab.folder / NAME).read_bytes()
    open_notebook(page, lab.address, NAME)  # which starts a new kernel
    assert is_still(page)
    assert not page.evaluate("window.jupyterapp.shell.currentWidget.context.model.dirty")
    page.reload()  # now there is a kernel, but none that has the widgets
    assert is_still(page)
    assert (lab.folder / NAME).read_bytes() == before
    run_all(page)  # what the line advises
    page.locator(FLOW).scroll_into_view_if_needed()
    wait_for_numbers(page.locator(FLOW), net)
    page.evaluate(SAVE)


def test_a_kernel_that_was_restarted_is_without_them_too(page):
    page.evaluate(RESTART)
    page.reload()
    assert is_still(page)


def test_while_the_kernel_lives_the_live_picture_comes_back(page):
    page.reload()
    all_shown(page)
    flow = page.locator(FLOW)
    flow.scroll_into_view_if_needed()
    wait_for_numbers(flow, net)
    assert fonts(page) == ["loaded"]
    flow.locator("#neuron-2-1").click()
    assert lit(flow, "edge") == {"edge-3-1-1", "edge-3-2-1"}
    flow.locator("#edge-3-1-1 .hit").click(force=True)  # and the kernel answers
    flow.locator(".weight input").fill("2")
    wait_for_numbers(flow, net.with_weight(3, 1, 1, 2))
    assert "Error displaying widget" not in texts(page)
    page.evaluate(SAVE)
