"""One stage for each file of tests, with the live network of notebook 03 unless the file shows something else."""

import pytest

import bpcourse as bp
from tests.browser.notebook_03 import as_it_opens, birds, net, x, y
from tests.widgets.on_stage.stage import staged
from tools.browser import resize


@pytest.fixture(scope="module")
def stage(browser):
    with staged(browser) as stage:
        yield stage


@pytest.fixture(autouse=True)
def no_complaints(stage):
    """No test leaves an error in the console."""
    yield
    assert stage.page.errors == []


@pytest.fixture(scope="module")
def opened(stage):
    """The page; a file with widgets of its own has an `opened` of its own."""
    names = {"inputs": birds.measurements, "outputs": birds.species}
    stage.flow = bp.DeltaFlow(net, x, y, select="delta-2-3", **names)
    stage.show(stage.flow)
    return stage.page


@pytest.fixture(scope="module", params=["Light", "Dark"])
def theme(request, stage, opened):
    """The page in each of JupyterLab's themes."""
    stage.change_theme(request.param)
    yield request.param
    stage.change_theme("Light")


@pytest.fixture
def width(request, opened):
    """The page so many pixels wide, for a test that names its widths; the file's `WIDGET` has followed."""
    resize(opened, request.param, request.module.WIDGET)
    yield request.param
    resize(opened, 1280, request.module.WIDGET)


@pytest.fixture
def still(opened):
    """The page of someone who wants no motion: what would move is there at once."""
    opened.emulate_media(reduced_motion="reduce")
    yield opened
    opened.emulate_media(reduced_motion="no-preference")


@pytest.fixture
def flow(opened):
    return as_it_opens(opened)
