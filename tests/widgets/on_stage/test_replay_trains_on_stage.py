"""The button of a training that goes on in slices: by keyboard, to a screen reader, and when Python does not answer.

The event loop is the test's hand here, which lets one slice after the other run.
"""

from types import SimpleNamespace

import pytest

import bpcourse as bp
from bpcourse.widgets import replay as module
from bpcourse.widgets import sliced
from tests.browser.eyes import axe_faults, contrast
from tests.browser.notebook_03 import birds, net
from tests.widgets.on_stage.test_silence import SAID

WIDGET = ".bpcourse-replay"
FOCUSED = "e => e.shadowRoot.activeElement?.className"
NARROW = "e => e.shadowRoot.querySelector('.root').scrollWidth <= e.clientWidth"


@pytest.fixture(scope="module")
def opened(stage):
    loop = SimpleNamespace(is_running=lambda: True, call_soon_threadsafe=lambda call: None)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sliced, "asyncio", SimpleNamespace(get_running_loop=lambda: loop))
        patch.setattr(module, "PAUSE", 0)
        stage.replay = bp.Replay(net, birds.x, birds.y, sample=128)
        stage.show(stage.replay)
        assert stage.page.locator(WIDGET).locator(".training").is_hidden()
        yield stage.page


@pytest.fixture
def film(stage, opened):
    """A training under way that has seven epochs more to go."""
    stage.replay.train(epochs=stage.replay.history.epochs + 7, batch=219)
    film = opened.locator(WIDGET)
    film.locator(".train", has_text="Stop").wait_for()
    yield film
    stage.settle()
    stage.replay.stop()
    film.locator(".train", has_text="Go on").wait_for()


def slices(replay, epochs):
    """What the event loop does: slices of an epoch each, until it is stopped."""
    for _ in range(epochs):
        if replay._work.runs:
            replay._work._work(0)
    if not replay._work.runs:
        replay._work._tell()


def test_stop_and_go_on_by_keyboard(stage, film, opened):
    last = stage.replay.history.epochs
    film.locator(".train").focus()
    slices(stage.replay, 3)
    film.locator(".title", has_text=f"Epoch {last + 3} of {last + 3}").wait_for()
    film.locator(".progress", has_text=f"Training: {last + 3} of {last + 7} epochs.").wait_for()
    opened.keyboard.press("Enter")
    stage.settle()
    slices(stage.replay, 1)
    film.locator(".train", has_text="Go on").wait_for()
    said = f"Stopped after {last + 3} of {last + 7} epochs."
    assert film.locator(".progress").text_content() == said
    assert film.locator(".description").text_content().startswith(f"{said} Epoch {last + 3} of {last + 3}: cost 0.")
    assert film.locator(".stopped").text_content() == "", "it can go on"
    assert film.evaluate(FOCUSED) == "train"
    opened.keyboard.press("Space")
    film.locator(".train", has_text="Stop").wait_for()
    slices(stage.replay, 9)
    film.locator(".progress", has_text=f"{last + 7} of {last + 7} epochs.").wait_for()
    assert film.locator(".train").is_disabled()
    assert film.evaluate(FOCUSED) == "epoch", "the focus is not lost with the button"
    assert (
        film.locator(".description").text_content().startswith(f"{last + 7} of {last + 7} epochs. Epoch {last + 7} of ")
    )


def test_a_screen_reader_hears_the_beginning_and_the_end_and_not_every_epoch(stage, film):
    last = stage.replay.history.epochs
    heard = film.evaluate_handle("""e => {
        const heard = [], node = e.shadowRoot.querySelector('.description');
        new MutationObserver(() => heard.push(node.textContent)).observe(node, { childList: true });
        return heard;
    }""")
    slices(stage.replay, 5)
    stage.replay.stop()
    film.locator(".train", has_text="Go on").wait_for()
    words = heard.evaluate("heard => heard")
    assert all(f"Epoch {last + 5} of {last + 5}: " in each for each in words)
    assert words[-1].startswith("Stopped after ")


def test_the_slider_stays_where_the_hand_is_until_it_is_at_the_end(stage, film):
    last = stage.replay.history.epochs
    slices(stage.replay, 2)
    film.locator(".title", has_text=f"Epoch {last + 2} of {last + 2}").wait_for()
    film.locator(".epoch").press("Home")
    stage.settle()
    slices(stage.replay, 2)
    film.locator(".title", has_text=f"Epoch 0 of {last + 4}").wait_for()
    film.locator(".epoch").press("End")
    film.locator(".title", has_text=f"Epoch {last + 4} of {last + 4}").wait_for()
    stage.settle()
    slices(stage.replay, 1)
    film.locator(".title", has_text=f"Epoch {last + 5} of {last + 5}").wait_for()


def test_a_python_that_does_not_hear_the_button_is_told_of(stage, film, opened):
    stage.deaf = True
    film.locator(".train").click()
    film.locator(".problem", has_text=SAID).wait_for()
    stage.deaf = False
    film.locator(".train").click()
    stage.settle()
    slices(stage.replay, 1)
    film.locator(".train", has_text="Go on").wait_for()
    assert film.locator(".problem").text_content() == ""


@pytest.mark.usefixtures("film", "theme")
def test_axe_and_contrast(stage, opened):
    film = opened.locator(WIDGET)
    assert axe_faults(opened, WIDGET) == []
    assert contrast(film.locator(".progress")) >= 4.5


@pytest.mark.parametrize("width", [390], indirect=True)
def test_on_a_phone_nothing_is_cut_and_the_button_can_be_hit(width, film):
    assert film.evaluate(NARROW)
    box = film.locator(".train").bounding_box()
    assert min(box["width"], box["height"]) >= 24


def test_a_page_without_a_kernel_shows_no_button_and_tells_of_each_epoch(stage, film, opened):
    box, number = (stage.models.numbers[widget.model_id] for widget in (stage.replay, stage.replay.film))
    has_kernel = "([id, is]) => { site.models[id].noKernel = !is; }"
    opened.evaluate(has_kernel, [number, False])
    place = opened.evaluate("id => stage.show(id)", box)
    silent = opened.locator(WIDGET).last
    assert silent.locator(".training").is_hidden()
    silent.locator(".epoch").press("Home")
    silent.locator(".description", has_text="Epoch 0 of ").wait_for(state="attached")
    stage.clear(place)
    opened.evaluate(has_kernel, [number, True])
