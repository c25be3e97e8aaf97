"""A training on the live network: scrubbed by keyboard and by mouse, its numbers against bpcourse."""

import numpy as np
import pytest

import bpcourse as bp
from bpcourse.text import shown
from tests.browser.eyes import axe_faults, contrast
from tests.widgets.on_stage.replay_page import birds, first_film, history, holds, x, y

WIDGET = ".bpcourse-replay"


@pytest.fixture(scope="module")
def opened(stage):
    names = {"inputs": birds.measurements, "outputs": birds.species}
    stage.replay = bp.Replay(history, x, y, sample=128, select="delta-2-3", **names)
    stage.show(stage.replay)
    return stage.page


@pytest.fixture
def film(opened):
    return first_film(opened)


def test_the_epochs_by_keyboard_and_python_follows(stage, film, opened):
    slider = film.locator(".epoch")
    slider.focus()
    for key, epoch in (("Home", 0), ("ArrowRight", 1), ("ArrowRight", 2), ("End", 20), ("ArrowLeft", 19)):
        slider.press(key)
        holds(opened, epoch, 128)
    stage.settle()
    assert (stage.replay.epoch, stage.replay.flow.sample) == (19, 128)
    assert stage.replay.flow.net is history.nets[19]
    assert slider.get_attribute("aria-valuetext") == "epoch 19 of 20"
    words = film.locator(".description").text_content()
    assert words.startswith("Epoch 19 of 20: cost ")
    assert words.endswith("Sample 128, Adelie: it says Adelie, right.")
    slider.press("p")
    film.locator(".play", has_text="Play training").wait_for()  # it has come to the end
    holds(opened, 20, 128)


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
    opened.wait_for_timeout(400)  # the time of three epochs, in which nothing must happen
    assert film.locator(".title").text_content() == paused


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


@pytest.mark.parametrize("width", [400], indirect=True)
def test_a_narrow_page_cuts_nothing_off(film, width):
    assert film.evaluate("e => e.shadowRoot.querySelector('.root').scrollWidth <= e.clientWidth")
    for target in film.locator("button:visible, input:visible").all():
        box = target.bounding_box()
        assert min(box["width"], box["height"]) >= 24


def test_axe_and_contrast(film, opened, theme):
    for epoch in ("0", "1", "20"):
        film.locator(".epoch").fill(epoch)
        assert axe_faults(opened, WIDGET) == []
    for selector in (".title", ".numbers", ".legend", ".sample", ".map svg text", ".curve text"):
        assert contrast(film.locator(selector).first) >= 4.5, selector


def test_an_epoch_between_those_that_were_sent(stage, opened):
    long = bp.train(history.nets[0], x, y, epochs=400)
    replay = bp.Replay(long, x, y, sample=128)
    place = stage.show(replay)
    film = opened.locator(".bpcourse-replay").last
    for epoch in (1, 398, 2):
        replay.epoch = epoch
        film.locator(".title", has_text=f"Epoch {epoch} of 400").wait_for()
        assert film.locator(".note").text_content() == ""
        assert film.locator(".numbers").text_content().startswith(f"cost {shown(long.cost[epoch], 4)}, ")
    film.locator(".epoch").press("End")
    film.locator(".title", has_text="Epoch 400 of 400").wait_for()
    stage.clear(place)


def test_a_wrong_bird_looks_hollow(theme, film):
    film.locator(".epoch").fill("0")
    look = """(node) => { const style = getComputedStyle(node), box = node.getBoundingClientRect();
        return [style.fill, style.stroke, style.getPropertyValue('--colour'), box.width]; }"""
    page = film.page.evaluate("getComputedStyle(document.body).backgroundColor")
    right = film.locator(".bird:not(.wrong) path").first.evaluate(look)
    wrong = film.locator(".map .bird.wrong path:not(.cross)").first.evaluate(look)
    cross = film.locator(".map .bird.wrong .cross").first.evaluate(look)
    assert (right[0], right[1]) == (rgb(right[2]), page), "full"
    assert (wrong[0], wrong[1]) == (page, rgb(wrong[2])), "hollow"
    assert wrong[3] > 1.5 * right[3], "with room for its cross"
    assert cross[3] < wrong[3], "which is inside"


def rgb(colour):
    """A colour as a style tells it."""
    return f"rgb({', '.join(str(int(colour[at : at + 2], 16)) for at in (1, 3, 5))})"


def test_all_samples_lie_between_the_axes_and_fill_them(film):
    """The lowest and the highest lie near the ends, and so does the curve of the cost."""
    inside = """e => [
        ['.map .axis', '.map .bird path:first-child'], ['.curve .axis', '.curve .cost']
    ].map(([axis, marks]) => {
        const box = e.shadowRoot.querySelector(axis).getBoundingClientRect();
        const drawn = [...e.shadowRoot.querySelectorAll(marks)].map((mark) => mark.getBoundingClientRect());
        const tops = drawn.map((mark) => mark.top), ends = drawn.map((mark) => mark.bottom);
        return [(Math.min(...tops) - box.top) / box.height, (box.bottom - Math.max(...ends)) / box.height];
    })"""
    for above, below in film.evaluate(inside):
        assert -0.1 <= above <= 0.15
        assert -0.1 <= below <= 0.15
