"""A training and a real kernel: busy, followed while it trains, and stopped. All else is in `tests/widgets`."""

import re

import pytest

import bpcourse as bp
from bpcourse.text import shown
from tests.browser.lab import RUN, SETUP
from tests.widgets.on_stage.replay_page import first_film, holds, net, x, y

CELLS = (
    f"import pathlib, time\n{SETUP}\nhistory = bp.train(net, birds.x, birds.y, epochs=20)",
    "names = {'inputs': birds.measurements, 'outputs': birds.species}",
    "replay = bp.Replay(history, birds.x, birds.y, sample=128, select='delta-2-3', **names); replay",
    "print(replay.epoch, replay.flow.sample, replay.flow.net is history.nets[replay.epoch])",
    "live = bp.Replay(net, birds.x, birds.y, **names); live",
    "_ = bp.train(net, birds.x, birds.y, epochs=60, eta=0.3, on_epoch=lambda h: (live.follow(h), time.sleep(0.05)))",
    "while not pathlib.Path('enough').exists(): time.sleep(0.05)",
    "long = bp.train(net, birds.x, birds.y, epochs=100_000, on_epoch=live.follow); print(long.stopped, long.cost[-1])",
)
REPLAY, ASK, LIVE, TRAIN, BUSY, LONG = range(2, 8)


@pytest.fixture(scope="module")
def opened(lab, page):
    lab.open(page, "replay.ipynb", CELLS)
    for cell in range(LIVE + 1):
        page.evaluate(RUN, cell)
    page.locator(".bpcourse-replay .title").first.wait_for()
    return page


@pytest.fixture
def film(opened):
    return first_film(opened)


def test_no_kernel_is_needed_to_move_through_the_epochs(film, opened, lab):
    opened.evaluate("() => { window.done = false; }")
    opened.evaluate(f"() => {{ ({RUN})({BUSY}).then(() => {{ window.done = true; }}); }}")
    opened.wait_for_function("window.jupyterapp.shell.currentWidget.sessionContext.kernelDisplayStatus === 'busy'")
    for epoch in (1, 7, 3):
        film.locator(".epoch").fill(str(epoch))
        holds(opened, epoch, 128)
    assert not opened.evaluate("window.done"), "the kernel was busy all the time"
    (lab.folder / "enough").touch()
    opened.wait_for_function("window.done")
    assert opened.evaluate(RUN, ASK) == "3 128 True\n", "when it has time, the kernel follows"


def test_a_training_is_followed_while_it_runs(opened):
    live = opened.locator(".bpcourse-replay").nth(1)
    assert live.locator(".title").text_content() == "Epoch 0 of 0"
    seen = live.evaluate_handle("""e => {
        const seen = [], title = e.shadowRoot.querySelector('.title');
        new MutationObserver(() => seen.push(title.textContent)).observe(title, { childList: true });
        return seen;
    }""")
    opened.evaluate(RUN, TRAIN)
    live.locator(".title", has_text="Epoch 60 of 60").wait_for()
    steps = [int(title.split()[1]) for title in seen.evaluate("seen => [...new Set(seen)]")]
    assert steps == sorted(steps)
    assert len(steps) > 2, "it was seen on its way"
    run = bp.train(net, x, y, epochs=60, eta=0.3)
    assert live.locator(".numbers").text_content().startswith(f"cost {shown(run.cost[60], 4)}, ")
    live.locator(".epoch").fill("30")
    live.locator(".title", has_text="Epoch 30 of 60").wait_for()
    here = bp.backprop(run.nets[30], x[:, [0]], y[:, [0]])
    flow = opened.locator(".bpcourse-flow").nth(1)
    flow.locator("#value-cost text", has_text=shown(here.cost)).wait_for()
    assert opened.errors == []


def test_the_stop_button_keeps_what_was_learned_and_the_picture_shows_it(opened):
    live = opened.locator(".bpcourse-replay").nth(1)
    opened.evaluate(f"() => {{ window.printed = ({RUN})({LONG}); }}")
    # What stands there from before would match too, and an interruption before the cell has begun interrupts nothing.
    live.locator(".title", has_text=re.compile(r"Epoch (\d\d+) of (?!60$)\1$")).wait_for()
    opened.evaluate("window.jupyterapp.commands.execute('notebook:interrupt-kernel')")
    printed = opened.evaluate("window.printed")
    found = re.fullmatch(r"interrupted after (\d+) of 100000 epochs (\S+)\n", printed)
    assert found, printed
    live.locator(".title", has_text=f"Epoch {found[1]} of {found[1]}").wait_for()
    live.locator(".stopped", has_text=f"interrupted after {found[1]} of 100000 epochs.").wait_for()
    assert live.locator(".numbers").text_content().startswith(f"cost {shown(float(found[2]), 4)}, ")
    assert opened.errors == []
