"""On a small laptop, 1280 x 800, a picture, its equation, its sliders and what plays it are seen without scrolling."""

import pytest

from tests.browser.lab import HIDE_FILES, LIVE, RUN, SETUP, new_page

REPLAY = """\
history = bp.train(net, birds.x, birds.y, eta=3, epochs=20)
bp.Replay(history, birds.x, birds.y, sample=128, select='delta-2-3')"""
CELLS = {**LIVE, "cost": "bp.DeltaFlow(net, birds.x, birds.y, sample=128, select='C')", "replay": REPLAY}
CELLS["descent"] = "bp.DeltaFlow(net, x, y, show='descent', select='w-3-1-3')"
CELLS["deep"] = "bp.DeltaFlow(bp.Network([3, 4, 4, 4, 2], seed=1), x, y, select='delta-3-2')"
HOSTS = {
    "stepper": ["stepper"],
    "predict": ["predict"],
    "matrix": ["matrix"],
    "replay": ["replay"],
}  # what stands beside it
TO_THE_END = "e => { for (let n = 0; n < 20; n++) e.shadowRoot.querySelector('.next').click(); }"
PARTS = ".picture, .controls, .panel, .told, [aria-current], table, .map, .curve, .answers, .formulas"
# How high the parts of a cell's widgets are together, and how high what is seen of the notebook.
HEIGHTS = """([index, parts]) => {
    const { content } = window.jupyterapp.shell.currentWidget;
    const hosts = [...content.widgets[index].outputArea.node.querySelectorAll('[class^=bpcourse-]')];
    const boxes = hosts.flatMap((host) => [...host.shadowRoot.querySelectorAll(parts)])
        .filter((node) => node.checkVisibility({ contentVisibilityAuto: true }))
        .map((node) => node.getBoundingClientRect());
    const top = Math.min(...boxes.map((box) => box.top)), bottom = Math.max(...boxes.map((box) => box.bottom));
    return [boxes.length, bottom - top, content.node.clientHeight];
}"""


@pytest.fixture(scope="module", params=["files hidden", "files shown"])
def opened(request, browser, lab):
    with new_page(browser, viewport={"width": 1280, "height": 800}) as page:
        lab.open(page, "screen.ipynb", [SETUP, *CELLS.values()])
        if request.param == "files shown":
            page.evaluate(HIDE_FILES)  # it was a switch
        for index in range(len(CELLS) + 1):
            page.evaluate(RUN, index)
        yield page


@pytest.mark.parametrize("name", CELLS)
def test_all_of_it_fits(opened, name):
    index = 1 + list(CELLS).index(name)
    cell = opened.locator(".jp-Cell").nth(index)
    for host in HOSTS.get(name, ()):
        cell.locator(f".bpcourse-{host} :is(button, table)").first.wait_for()
    cell.locator(".picture svg").first.wait_for()
    if name == "stepper":
        cell.locator(".bpcourse-stepper").evaluate(TO_THE_END)
    count, tall, room = opened.evaluate(HEIGHTS, [index, PARTS])
    assert count > 1
    assert tall <= room
