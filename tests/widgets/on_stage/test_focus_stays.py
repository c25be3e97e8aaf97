"""Whoever goes on by the same key never loses the focus, at the last step, line or epoch, and back at the first."""

import pytest

import bpcourse as bp
from tests.browser.notebook_03 import net, x, y
from tests.widgets.on_stage.replay_page import birds

FOCUSED = "e => e.shadowRoot.activeElement?.matches('button:disabled') ? 'dead' : e.shadowRoot.activeElement?.tagName"
MADE = {
    ".bpcourse-flow": lambda: bp.DeltaFlow(net, x, y),
    ".bpcourse-stepper": lambda: bp.Stepper(bp.BP2, net, x, y),
    ".bpcourse-replay": lambda: bp.Replay(bp.train(net, birds.x, birds.y, epochs=3), birds.x, birds.y),
}


@pytest.fixture(scope="module", params=MADE)
def widget(request, stage):
    place = stage.show(MADE[request.param]())
    yield stage.page.locator(request.param).last
    stage.clear(place)


@pytest.mark.parametrize(("forth", "back"), [(".next", ".back"), (".back", ".next")])
def test_to_both_ends_and_back(widget, stage, forth, back):
    stage.page.emulate_media(reduced_motion="reduce")
    for button in (forth, back):
        if not widget.locator(button).is_enabled():
            continue
        widget.locator(button).focus()
        for _ in range(12):  # more than there are
            stage.page.keyboard.press("Enter")
            assert widget.evaluate(FOCUSED) not in (None, "dead")
    stage.page.emulate_media(reduced_motion="no-preference")


def test_the_keys_of_a_derivation_work_after_its_last_line(stage):
    place = stage.show(bp.Stepper(bp.BP2, net, x, y))
    lines, where = stage.page.locator(".bpcourse-stepper").last, "line {} of 9"
    lines.locator(".next").focus()
    for _ in range(9):
        stage.page.keyboard.press("Enter")
    lines.locator(".where", has_text=where.format(9)).wait_for()
    stage.page.keyboard.press("ArrowLeft")
    lines.locator(".where", has_text=where.format(8)).wait_for()
    stage.page.keyboard.press("n")
    assert lines.locator("[value=numbers]").is_checked()
    stage.clear(place)


def test_a_list_that_is_longer_than_its_place_keeps_the_current_line_in_sight(stage):
    stage.page.set_viewport_size({"width": 1280, "height": 600})
    place = stage.show(bp.Stepper(bp.BP2, net, x, y))
    lines = stage.page.locator(".bpcourse-stepper").last
    inside = """e => { const list = e.shadowRoot.querySelector('ol'), line = list.querySelector('[aria-current]');
        const [a, b] = [list, line].map((node) => node.getBoundingClientRect());
        return [b.top >= a.top - 1 && (b.bottom <= a.bottom + 1 || b.height > a.height), list.dataset.more ?? '']; }"""
    seen = []
    for key in ["ArrowRight"] * 8 + ["ArrowLeft"] * 8:
        lines.locator("ol").press(key)
        is_inside, more = lines.evaluate(inside)
        assert is_inside
        seen.append(more)
    assert any("top" in more for more in seen)
    assert "top" not in seen[-1]
    stage.clear(place)
    stage.page.set_viewport_size({"width": 1280, "height": 1000})
