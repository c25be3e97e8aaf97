"""One page of the site, one cell in JupyterLab and a few slides in each engine; `make long` has the rest."""

import pytest

from tests.browser import engines_hold as holds
from tests.browser.engines_pages import file_server, notebook, open_deck, open_page, turn_to
from tests.browser.lab import LIVE, SETUP
from tests.places import NOTEBOOKS
from tools.browser import SlidesServer
from tools.site import build

(THIRD,) = (path for path in NOTEBOOKS if path.stem.startswith("03"))
ON_SITE, IN_LAB = ".live > div > .bpcourse-flow", ".jp-OutputArea-output > div > .bpcourse-flow"
SLIDES = (1, 10, 12, 16)  # a wide printed line; a network and its table; a high formula; a network by itself


@pytest.fixture(scope="module")
def address(tmp_path_factory, aside):
    site = tmp_path_factory.mktemp("site") / "site"
    aside(build, [THIRD], site)
    with file_server(site) as address:
        yield address


@pytest.fixture(scope="module")
def server():
    server = SlidesServer("03")
    yield server
    server.end()


def test_a_page_of_the_site(engine, address):
    open_page(engine, f"{address}/{THIRD.stem}.html")
    holds.without_a_kernel_the_slider_is_off(engine, ON_SITE)
    holds.a_live_network_holds(engine, ON_SITE)
    holds.nothing_is_cut(engine)
    holds.formulas_stay_together(engine)
    holds.quiet(engine)


def test_a_cell_in_jupyterlab(engine, lab):
    with notebook(engine, lab, f"{engine.name}.ipynb", [SETUP, LIVE["flow"]]):
        engine.wait_for("(path) => findAll(path).length === 1", IN_LAB)
        holds.a_dragged_slider_is_answered(engine, IN_LAB)
        holds.a_live_network_holds(engine, IN_LAB)
        holds.quiet(engine, "error")  # JupyterLab warns of itself


def test_a_few_slides(engine, server):
    open_deck(engine, server, THIRD.name)
    for slide in SLIDES:
        turn_to(engine, slide)
        holds.a_slide_holds(engine)
    holds.quiet(engine, "error")  # Voila warns of itself
