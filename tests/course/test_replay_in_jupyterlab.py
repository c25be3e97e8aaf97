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
    "own = bp.Replay(net, birds.x, birds.y, select='w-3-1-3', **names); own",
    "own.train(eta=0.3, epochs=100_000); print(own.history)",
    "print(own.history.epochs, own._work.runs, own.flow.net.w[3][0, 2])",
    "own.stop(); print(own.history.epochs, own.history.cost[-1])",
    "own.close()",
)
REPLAY, ASK, LIVE, TRAIN, BUSY, LONG, OWN, OWN_TRAINS, HOW_FAR, OWN_STOPS, OWN_CLOSES = range(2, 13)


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


def test_a_training_of_its_own_leaves_its_cell_and_everything_answers_while_it_runs(opened):
    opened.evaluate(RUN, OWN)
    own, flow = opened.locator(".bpcourse-replay").last, opened.locator(".bpcourse-flow").last
    own.locator(".title", has_text="Epoch 0 of 0").wait_for()
    assert own.locator(".train").is_hidden()
    assert opened.evaluate(RUN, OWN_TRAINS) == "0 epochs: cost 0.2530, right 72.1 %\n", "it is done before it begins"

    def reached(more=0):
        words = own.locator(".title", has_text=re.compile(r"Epoch \d+ of [1-9]")).text_content()
        last = int(words.split()[-1])
        number = own.locator(".title").element_handle()
        opened.wait_for_function(
            "([node, least]) => Number(node.textContent.split(' ')[3]) >= least", arg=[number, last + more]
        )
        return last

    reached(20)
    flow.locator(".weight input").fill("2.5")
    flow.locator("#value-cost").wait_for()
    own.locator(".note", has_text="was changed by hand").wait_for()
    reached(5)
    epochs, runs, weight = opened.evaluate(RUN, HOW_FAR).split()
    assert (runs, weight) == ("True", "2.5"), "another cell runs, the hand's weight is kept, and it trains on"
    own.locator(".epoch").press("End")
    own.locator(".train", has_text="Stop").press("Enter")
    own.locator(".train", has_text="Go on").wait_for()
    stopped = own.locator(".progress").text_content()
    said = re.fullmatch(r"Stopped after (\d+) of 100000 epochs\.", stopped)
    assert said, stopped
    assert int(said[1]) >= int(epochs)
    assert opened.evaluate(RUN, HOW_FAR).split()[:2] == [said[1], "False"]
    assert own.locator(".description").text_content().startswith(stopped)
    own.locator(".train").press("Enter")
    own.locator(".train", has_text="Stop").wait_for()
    reached(10)
    finished, cost = opened.evaluate(RUN, OWN_STOPS).split()
    own.locator(".progress", has_text=f"Stopped after {finished} of").wait_for()
    assert float(cost) == bp.train(net, x, y, eta=0.3, epochs=int(finished)).cost[-1], "as if it never was stopped"
    opened.evaluate(RUN, OWN_TRAINS)
    own.locator(".train", has_text="Stop").wait_for()
    opened.evaluate(RUN, OWN_CLOSES)
    opened.wait_for_function("document.querySelectorAll('.bpcourse-replay').length === 2")
    epochs = opened.evaluate(RUN, HOW_FAR).split()[0]
    assert opened.evaluate(RUN, HOW_FAR).split()[:2] == [epochs, "False"]
    assert opened.errors == []
