"""A training in JupyterLab: scrubbed by keyboard and by mouse, followed live, its numbers against bpcourse."""

import re

import numpy as np
import pytest

import bpcourse as bp
from bpcourse.tables import shown
from tests.browser.eyes import axe_faults, contrast
from tools.browser import resize

SETUP = """\
import pathlib, time
import bpcourse as bp
birds = bp.penguins()
net = bp.Network([3, 4, 2], seed=38)
history = bp.train(net, birds.x, birds.y, epochs=20)
names = {"inputs": birds.measurements, "outputs": birds.species}"""
CELLS = (
    SETUP,
    "replay = bp.Replay(history, birds.x, birds.y, sample=128, select='delta-2-3', **names); replay",
    "print(replay.epoch, replay.flow.sample, replay.flow.net is history.nets[replay.epoch])",
    "live = bp.Replay(net, birds.x, birds.y, **names); live",
    "_ = bp.train(net, birds.x, birds.y, epochs=60, eta=0.3, on_epoch=lambda h: (live.follow(h), time.sleep(0.05)))",
    "while not pathlib.Path('enough').exists(): time.sleep(0.05)",
    "long = bp.train(net, birds.x, birds.y, epochs=100_000, on_epoch=live.follow); print(long.stopped, long.cost[-1])",
)
REPLAY, ASK, LIVE, TRAIN, BUSY, LONG = range(1, 7)
RUN = """async (index) => {
    const { content } = window.jupyterapp.shell.currentWidget;
    content.activeCellIndex = index;
    await window.jupyterapp.commands.execute('notebook:run-cell');
    return content.model.sharedModel.cells[index].getOutputs().map((output) => String(output.text ?? '')).join('');
}"""

birds = bp.penguins()
x, y = birds.x, birds.y
net = bp.Network([3, 4, 2], seed=38)
history = bp.train(net, x, y, epochs=20)


@pytest.fixture(scope="module")
def opened(lab, page):
    lab.open(page, "replay.ipynb", CELLS)
    for cell in range(LIVE + 1):
        page.evaluate(RUN, cell)
    page.locator(".bpcourse-replay .title").first.wait_for()
    return page


@pytest.fixture
def film(opened):
    """The training of the second cell, at its last epoch, bird 128 chosen."""
    flow = opened.locator(".bpcourse-flow").first
    flow.locator("summary").evaluate("summary => { summary.parentNode.open = true }")
    flow.locator("input.sample").fill("128")
    flow.locator("input.sample").press("Tab")
    film = opened.locator(".bpcourse-replay").first
    film.locator(".sample", has_text="Sample 128, ").wait_for()
    film.locator(".epoch").fill("0")
    film.locator(".epoch").fill("20")
    flow.locator(".step").fill("5")
    holds(opened, 20, 128)
    return film


def holds(page, epoch, sample):
    """The whole page shows this epoch and this bird, and nothing else."""
    film, flow = page.locator(".bpcourse-replay").first, page.locator(".bpcourse-flow").first
    film.locator(".title", has_text=f"Epoch {epoch} of 20").wait_for()
    trace = bp.backprop(history.nets[epoch], x[:, [sample]], y[:, [sample]])
    flow.locator("#value-cost text", has_text=shown(trace.cost)).wait_for()
    for l in (2, 3):
        for j, number in enumerate(trace.delta[l][:, 0], start=1):
            assert flow.locator(f"#value-{l}-{j} text").text_content() == shown(number)
    found = bp.forward(history.nets[epoch], x).a[3].argmax(axis=0)
    wrong = np.flatnonzero(found != y.argmax(axis=0))
    cost, right = shown(history.cost[epoch], 4), shown(100 * history.right[epoch], 1)
    assert film.locator(".numbers").text_content() == f"cost {cost}, {right} % right, {len(wrong)} of 219 wrong"
    crossed = film.evaluate(
        "e => [...e.shadowRoot.querySelectorAll('.map .bird:has(.cross)')].map((bird) => Number(bird.dataset.sample))"
    )
    assert sorted(crossed) == wrong.tolist()
    names = birds.species[y[:, sample].argmax()], birds.species[found[sample]]
    verdict = "wrong" if sample in wrong else "right"
    assert film.locator(".sample").text_content() == f"Sample {sample}, {names[0]}: it says {names[1]}, {verdict}."
    assert film.locator(".note").text_content() == ""


def test_the_epochs_by_keyboard_and_the_kernel_follows(film, opened):
    slider = film.locator(".epoch")
    slider.focus()
    for key, epoch in (("Home", 0), ("ArrowRight", 1), ("ArrowRight", 2), ("End", 20), ("ArrowLeft", 19)):
        slider.press(key)
        holds(opened, epoch, 128)
    assert opened.evaluate(RUN, ASK) == "19 128 True\n"
    assert slider.get_attribute("aria-valuetext") == "epoch 19 of 20"
    words = film.locator(".description").text_content()
    assert words.startswith("Epoch 19 of 20: cost ")
    assert words.endswith("Sample 128, Adelie: it says Adelie, right.")
    slider.press("p")
    film.locator(".play", has_text="Play training").wait_for()  # it has come to the end
    holds(opened, 20, 128)
    assert opened.errors == []


def test_the_epochs_by_mouse(film, opened):
    box = film.locator(".curve").bounding_box()
    at = lambda share: box["x"] + box["width"] * (44 + share * (372 - 44)) / 380  # noqa: E731
    opened.mouse.move(at(0.1), box["y"] + 60)
    opened.mouse.down()
    holds(opened, 2, 128)
    opened.mouse.move(at(0.5), box["y"] + 60)
    opened.mouse.up()
    holds(opened, 10, 128)
    opened.mouse.move(at(0.9), box["y"] + 60)
    holds(opened, 10, 128)
    film.locator(".next").click()
    holds(opened, 11, 128)
    film.locator(".back").click()
    holds(opened, 10, 128)
    film.locator(".play").click()
    slider = film.locator(".epoch").element_handle()
    opened.wait_for_function("slider => Number(slider.value) >= 12", arg=slider)
    film.locator(".play", has_text="Pause").click()
    film.locator(".play", has_text="Play training").wait_for()
    paused = film.locator(".title").text_content()
    opened.wait_for_timeout(400)
    assert film.locator(".title").text_content() == paused
    assert opened.errors == []


def test_a_bird_by_mouse_and_the_mistakes_by_keyboard(film, opened):
    film.locator(".map [data-sample='200']").click(force=True)
    film.locator(".sample:not(:has-text('Sample 128,'))").wait_for()
    near = int(film.locator(".sample").text_content().split(",")[0].split()[1])
    where = [film.locator(f".map [data-sample='{n}']").get_attribute("transform") for n in (near, 200)]
    assert where[0] == where[1], "that bird, or one that stands in the same place"
    holds(opened, 20, near)
    film.locator(".epoch").fill("1")
    wrong = np.flatnonzero(bp.forward(history.nets[1], x).a[3].argmax(axis=0) != y.argmax(axis=0))
    for n in [*wrong[wrong > near], *wrong[:2]]:
        film.locator(".mistake").press("Enter")
        film.locator(".sample", has_text=f"Sample {n}, ").wait_for()
        holds(opened, 1, n)
    assert opened.errors == []


def test_a_hand_on_a_weight_starts_from_the_epoch(film, opened):
    flow = opened.locator(".bpcourse-flow").first
    film.locator(".epoch").fill("3")
    flow.locator("#edge-3-1-3 .hit").click(force=True)
    flow.locator(".weight input").fill("-1.5")
    moved = bp.backprop(history.nets[3].with_weight(3, 1, 3, -1.5), x[:, [128]], y[:, [128]])
    flow.locator("#value-cost text", has_text=shown(moved.cost)).wait_for()
    assert flow.locator("#value-2-3 text").text_content() == shown(moved.delta[2][2, 0])
    film.locator(".note", has_text="was changed by hand").wait_for()
    flow.locator(".reset").click()
    holds(opened, 3, 128)
    assert opened.errors == []


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
    live.locator(".title", has_text="Epoch 1").wait_for()
    opened.wait_for_timeout(1000)
    opened.evaluate("window.jupyterapp.commands.execute('notebook:interrupt-kernel')")
    printed = opened.evaluate("window.printed")
    found = re.fullmatch(r"interrupted after (\d+) of 100000 epochs (\S+)\n", printed)
    assert found, printed
    live.locator(".title", has_text=f"Epoch {found[1]} of {found[1]}").wait_for()
    live.locator(".stopped", has_text=f"interrupted after {found[1]} of 100000 epochs.").wait_for()
    assert live.locator(".numbers").text_content().startswith(f"cost {shown(float(found[2]), 4)}, ")
    assert opened.errors == []


def test_a_narrow_page_cuts_nothing_off(film, opened):
    resize(opened, 400, ".bpcourse-replay")
    try:
        assert film.evaluate("e => e.shadowRoot.querySelector('.root').scrollWidth <= e.clientWidth")
        for target in film.locator("button, input").all():
            box = target.bounding_box()
            assert min(box["width"], box["height"]) >= 24
    finally:
        resize(opened, 1280, ".bpcourse-replay")


def test_axe_and_contrast(film, opened, theme):
    for epoch in ("0", "1", "20"):
        film.locator(".epoch").fill(epoch)
        assert axe_faults(opened, ".bpcourse-replay") == []
    for selector in (".title", ".numbers", ".legend", ".sample", ".map svg text", ".curve text"):
        assert contrast(film.locator(selector).first) >= 4.5, selector
