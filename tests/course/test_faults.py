"""What goes wrong around a live picture in JupyterLab: a kernel killed, restarted, deaf or busy, a socket that is cut,
two tabs, a tab that is reloaded. The picture shows what the kernel has, or says that it does not answer.

Thirty moves in a moment, and a Python that is silent, are in `tests/widgets/on_stage/test_silence.py`.
"""

import os
import signal

import pytest

from tests.browser.lab import LIVE, RUN, SETUP, SHUT_DOWN, listening, new_page
from tests.browser.notebook_03 import FLOW, net, numbers, wait_for_numbers
from tests.widgets.on_stage.test_silence import SAID
from tools import browser as system
from tools.browser import SHOW_ALL_CELLS, open_notebook, wait_for_kernel

CELLS = (
    f"{SETUP}\nimport os, pathlib, time; print(os.getpid())",
    f"flow = {LIVE['flow']}; flow",
    "replay = bp.Replay(bp.train(net, birds.x, birds.y, epochs=60), birds.x, birds.y, sample=128, select='delta-2-3')\n"
    "replay",
    "print(flow.net.w[3][0, 2], replay.epoch)",
    "while not pathlib.Path('free').exists(): time.sleep(0.05)",
)
FIRST, FLOW_CELL, REPLAY, ASK, BUSY = range(5)
KERNEL = "window.jupyterapp.shell.currentWidget.context.sessionContext.session.kernel"
SAVE = "window.jupyterapp.commands.execute('docmanager:save')"
WITHIN = 4000  # milliseconds until something is said
# The page's sockets, which can be closed, and new ones kept from opening, by a port that no browser asks.
SOCKETS = """(() => {
    const Socket = window.WebSocket, all = [];
    let isCut = false;
    window.WebSocket = class extends Socket {
        constructor(url, ...more) {
            super(isCut ? String(url).replace(/:\\d+\\//, ':9/') : url, ...more);
            all.push(this);
        }
    };
    window.cut = () => { isCut = true; for (const socket of all) socket.close(); return performance.now(); };
    window.mend = () => { isCut = false; };
})()"""
# Moves a slider by hand; returns after how many milliseconds the sentence is there.
MOVE = """([node, value, said]) => new Promise((done) => {
    const root = node.shadowRoot, input = root.querySelector('.weight input'), problem = root.querySelector('.problem');
    const began = performance.now();
    const look = () => problem.textContent === said && done(performance.now() - began);
    new MutationObserver(look).observe(problem, { childList: true });
    input.value = value;
    input.dispatchEvent(new Event('input', { bubbles: true }));
    look();
})"""


@pytest.fixture
def page(browser, lab):
    """A live network with w³₁₃ in reach and a training, in a notebook with a kernel of their own, `page.kernel`."""
    with new_page(browser, viewport={"width": 1280, "height": 3000}) as page:
        page.add_init_script(SOCKETS)
        lab.open(page, "faults.ipynb", CELLS)
        page.kernel = int(page.evaluate(RUN, FIRST))
        for cell in (FLOW_CELL, REPLAY):
            page.evaluate(RUN, cell)
        choose(page)
        page.locator(".bpcourse-replay .title", has_text="Epoch 60 of 60").wait_for()
        yield page
        assert complaints(page) == []


def choose(page):
    page.locator(FLOW).locator("#edge-3-1-3 .hit").click(force=True)


def complaints(page):
    """What the page complains of, but for the sockets that a test has cut."""
    return [error for error in page.errors if not error.startswith("WebSocket connection to ")]


def move(page, value):
    """A hand on w³₁₃."""
    page.locator(FLOW).locator(".weight input").first.fill(str(value))


def says_so(page):
    """A hand moves a weight: it is told what to do, and the slider is where the number is."""
    flow = page.locator(FLOW)
    stood, before = flow.locator(".weight input").first.input_value(), numbers(flow)
    assert stood != "1.5"
    assert page.evaluate(MOVE, [flow.element_handle(), "1.5", SAID]) < WITHIN
    assert flow.locator(".weight input").first.input_value() == stood
    assert float(flow.locator(".weight output").first.text_content().replace("−", "-")) == pytest.approx(
        float(stood), abs=0.006
    )
    assert numbers(flow) == before


def goes_on_without(page):
    """What needs no kernel still answers, and what needs one says so."""
    replay = page.locator(".bpcourse-replay")
    bird = replay.locator(".sample").text_content().split(",")[0]
    replay.locator(".epoch").fill("1")
    replay.locator(".title", has_text="Epoch 1 of 60").wait_for()
    replay.locator(".mistake").click()
    replay.locator(".problem", has_text=SAID).wait_for()
    assert replay.locator(".sample").text_content().split(",")[0] == bird


def comes_back(page):
    """What the sentence advises, all cells again, helps."""
    for cell in (FIRST, FLOW_CELL, REPLAY):
        page.evaluate(RUN, cell)
    choose(page)
    move(page, 2)
    wait_for_numbers(page.locator(FLOW), net.with_weight(3, 1, 3, 2))


def test_the_kernel_is_killed_while_a_picture_plays(page):
    replay = page.locator(".bpcourse-replay")
    replay.locator(".epoch").fill("0")
    replay.locator(".play").click()
    os.kill(page.kernel, signal.SIGKILL)
    page.locator(".jp-Dialog", has_text="appears to have died").get_by_role("button").click()
    page.wait_for_function(f"{KERNEL}.connectionStatus === 'connected'")
    replay.locator(".title", has_text="Epoch 60 of 60").wait_for()  # it plays to its end
    says_so(page)
    goes_on_without(page)
    comes_back(page)


@pytest.mark.parametrize("how", [f"{KERNEL}.restart()", SHUT_DOWN], ids=["restarted", "shut down"])
def test_the_kernel_is_restarted_or_shut_down(page, how):
    page.evaluate(how)
    says_so(page)
    goes_on_without(page)
    if how != SHUT_DOWN:
        wait_for_kernel(page)
        comes_back(page)


def test_the_socket_is_cut_for_ten_seconds(page):
    flow, replay = page.locator(FLOW), page.locator(".bpcourse-replay")
    since = page.evaluate("window.cut()")
    says_so(page)
    for epoch in ("7", "9"):
        replay.locator(".epoch").fill(epoch)
        replay.locator(".title", has_text=f"Epoch {epoch} of 60").wait_for()
    page.wait_for_function("since => performance.now() > since + 10_000", arg=since)
    page.evaluate("window.mend()")
    wait_for_numbers(flow, net.with_weight(3, 1, 3, 1.5))  # the change has arrived, and is shown
    assert flow.locator(".problem").text_content() == ""
    assert flow.locator(".weight input").first.input_value() == "1.5"
    move(page, 2)
    wait_for_numbers(flow, net.with_weight(3, 1, 3, 2))
    assert page.evaluate(RUN, ASK) == "2.0 9\n"


def test_a_kernel_that_does_nothing_for_a_while_answers_later(page):
    os.kill(page.kernel, signal.SIGSTOP)
    try:
        says_so(page)
    finally:
        os.kill(page.kernel, signal.SIGCONT)
    flow = page.locator(FLOW)
    wait_for_numbers(flow, net.with_weight(3, 1, 3, 1.5))
    assert flow.locator(".problem").text_content() == ""
    assert page.evaluate(RUN, ASK) == "1.5 60\n"


def test_the_kernel_is_busy_for_five_seconds(page, lab):
    """While a cell runs the picture answers, or says that it does not; then it shows what the kernel has."""
    (lab.folder / "free").unlink(missing_ok=True)
    page.evaluate(f"() => {{ window.done = ({RUN})({BUSY}); }}")
    page.wait_for_function("window.jupyterapp.shell.currentWidget.sessionContext.kernelDisplayStatus === 'busy'")
    since = page.evaluate("performance.now()")
    move(page, 1.5)
    flow = page.locator(FLOW)
    answer = flow.locator(".weight output", has_text="1.500").first.or_(flow.locator(".problem", has_text=SAID)).first
    answer.wait_for()
    page.wait_for_function("since => performance.now() > since + 5_000", arg=since)
    (lab.folder / "free").touch()
    page.evaluate("window.done")
    wait_for_numbers(flow, net.with_weight(3, 1, 3, 1.5))
    assert flow.locator(".weight input").first.input_value() == "1.5"
    assert flow.locator(".problem").text_content() == ""


def test_two_tabs_show_the_same(page, browser, lab):
    page.evaluate(SAVE)
    other = listening(system.new_page(browser, viewport={"width": 1280, "height": 3000}))
    try:
        open_notebook(other, lab.address, "faults.ipynb")
        other.evaluate(SHOW_ALL_CELLS)
        choose(other)
        for tab, value in ((page, 1.5), (other, -1), (page, 0.5), (other, 2)):
            move(tab, value)
            for each in (page, other):
                flow = each.locator(FLOW)
                wait_for_numbers(flow, net.with_weight(3, 1, 3, value))
                assert float(flow.locator(".weight input").first.input_value()) == value
        assert complaints(other) == []
    finally:
        other.context.close()


def test_a_tab_is_reloaded_while_it_plays(page):
    move(page, 1.5)
    wait_for_numbers(page.locator(FLOW), net.with_weight(3, 1, 3, 1.5))
    page.locator(".bpcourse-replay .epoch").fill("3")
    page.locator(FLOW).locator(".play").click()
    page.evaluate(SAVE)
    page.reload()
    wait_for_kernel(page)
    page.evaluate(SHOW_ALL_CELLS)
    flow = page.locator(FLOW)
    flow.locator(".step").fill("5")
    wait_for_numbers(flow, net.with_weight(3, 1, 3, 1.5))
    page.locator(".bpcourse-replay .title", has_text="Epoch 3 of 60").wait_for()
    choose(page)
    move(page, 2)
    wait_for_numbers(flow, net.with_weight(3, 1, 3, 2))
