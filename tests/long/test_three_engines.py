"""The site, JupyterLab with 03 and every deck in three engines; what is asked stands in `browser/engines_hold.py`."""

import pytest

from tests.browser import engines_hold as holds
from tests.browser.engines_pages import file_server, notebook, open_deck, open_page, turn_to
from tests.course.test_engines import IN_LAB, ON_SITE, THIRD
from tests.places import NOTEBOOKS
from tools.browser import SlidesServer
from tools.site import build

PAGES = ["index.html", *(f"{path.stem}.html" for path in NOTEBOOKS)]


@pytest.fixture
def seen(proved, engine):
    """Adds a line of what was looked at in this engine."""
    return lambda what: proved(
        "Three engines",
        "The site's pages, notebook 03 in JupyterLab and the decks: they play, answer to hand and keys, and are quiet.",
        {"engine": engine.version, "looked at": what},
    )


@pytest.fixture(scope="module")
def address(tmp_path_factory, aside):
    site = tmp_path_factory.mktemp("site") / "site"
    aside(build, NOTEBOOKS, site)
    with file_server(site) as address:
        yield address


@pytest.fixture(scope="module")
def server():
    server = SlidesServer()
    yield server
    server.end()


def test_every_page_of_the_site(engine, address, seen):
    for name in PAGES:
        open_page(engine, f"{address}/{name}")
        holds.nothing_is_cut(engine)
        holds.formulas_stay_together(engine)
        holds.brackets_are_as_high_as_their_columns(engine)
        holds.networks_keep_their_numbers(engine)
        holds.axe_finds_nothing(engine)
        holds.quiet(engine)
    seen(f"{len(PAGES)} pages of the site, {', '.join(map(str, holds.WIDTHS))} px wide")


def test_the_third_page(engine, address, seen):
    open_page(engine, f"{address}/{THIRD.stem}.html")
    holds.without_a_kernel_the_slider_is_off(engine, ON_SITE)
    holds.a_live_network_holds(engine, ON_SITE)
    holds.quiet(engine)
    seen("the third page, all that its network does")


def test_notebook_03_in_jupyterlab(engine, lab, seen):
    with notebook(engine, lab, THIRD.name):
        engine.wait_for("(path) => findAll(path).length === 1", IN_LAB)
        holds.a_dragged_slider_is_answered(engine, IN_LAB)
        holds.a_live_network_holds(engine, IN_LAB)
        holds.quiet(engine, "error")
    seen("notebook 03 in JupyterLab")


def test_every_slide_of_every_deck(engine, server, seen):
    total = 0
    for path in NOTEBOOKS:
        open_deck(engine, server, path.name)
        slides = engine.evaluate("() => Reveal.getSlides().length")
        for slide in range(slides):
            turn_to(engine, slide)
            (holds.a_slide_holds if path == THIRD else holds.a_slide_is_whole)(engine)
        holds.quiet(engine, "error")
        total += slides
    seen(f"{total} slides of {len(NOTEBOOKS)} decks")
