"""One stage for each file of tests, with the live network of notebook 03 unless the file shows something else."""

import pytest

import bpcourse as bp
from tests.browser.notebook_03 import as_it_opens, birds, net, x, y
from tests.widgets.on_stage.matrix_page import first_table
from tests.widgets.on_stage.stage import staged


@pytest.fixture(scope="module")
def stage(browser):
    with staged(browser) as stage:
        yield stage


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
def flow(opened):
    return as_it_opens(opened)


@pytest.fixture
def table(opened):
    return first_table(opened)
