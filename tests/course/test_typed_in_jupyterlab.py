"""What a learner types does not run in JupyterLab, which trusts the outputs of a running notebook, and can be read."""

import pytest

from tests.as_typed import HOSTILE, as_read
from tests.browser.lab import RUN, SETUP

CELLS = [
    f"""\
{SETUP}
text = {HOSTILE!a}
def line(z):
    raise ValueError(text)
def function(w_next, delta_next, sigma_prime_z):
    raise ValueError(text)""",
    "bp.next_line.bp1(line)",
    "bp.check.bp2(function)",
    "bp.charts.learning_curves({text: bp.train(net, birds.x, birds.y, epochs=1)})",
]
MADE = "output => [...output.querySelectorAll('script, svg, mjx-container, code, a, em, h1, ol, [onerror]')].length"


@pytest.fixture(scope="module")
def opened(lab, page):
    lab.open(page, "typed.ipynb", CELLS)
    page.asked, page.dialogs = [], []
    page.on("request", lambda request: page.asked.append(request.url))
    page.on("dialog", lambda dialog: (page.dialogs.append(dialog.message), dialog.dismiss()))
    for n in range(len(CELLS)):
        page.evaluate(RUN, n)
    page.locator(".jp-OutputArea-output img").wait_for()
    return page


def test_nothing_typed_runs_is_asked_for_or_becomes_a_part_of_the_page(opened):
    outputs = opened.locator(".jp-OutputArea-output")
    assert outputs.count() == 3
    assert [output.evaluate(MADE) for output in outputs.all()] == [0, 0, 0]
    opened.wait_for_function("() => new Promise((done) => setTimeout(() => done(true), 200))")  # an error comes late
    assert opened.evaluate("window.ran ?? null") is None
    assert [url for url in opened.asked if url.endswith(("/x", ".b", ".b/"))] == []
    assert opened.dialogs == []


def test_all_of_it_can_be_read(opened):
    line, check, picture = opened.locator(".jp-OutputArea-output").all()
    words = as_read(HOSTILE).split()
    assert line.inner_text().split()[-len(words) :] == words, "also the line breaks, each of which parts two words"
    assert "1. i\n# k" in line.inner_text()
    assert HOSTILE[:100] in check.inner_text().replace("\n", " ").replace("   ", " ")
    assert picture.locator("img").is_visible()


def test_the_page_would_see_it_run(opened):
    opened.evaluate("text => { document.body.appendChild(document.createElement('p')).innerHTML = text; }", HOSTILE)
    opened.wait_for_function("window.ran")
