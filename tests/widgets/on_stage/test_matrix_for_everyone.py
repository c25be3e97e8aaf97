"""The table of weights for everyone: by keyboard alone, in words, in both themes, at every width, and two on a page."""

import pytest

from tests.browser.eyes import axe_faults, contrast, spill
from tests.browser.notebook_03 import STEPS, net
from tests.widgets.on_stage.matrix_page import (
    AFTER,
    BEFORE,
    MOVING,
    SECOND,
    SHARED,
    SMALL,
    as_shown,
    focused,
    grid,
    lit,
    opened_at,
    picture,
    shone,
    wait_for,
)
from tools.browser import resize


@pytest.fixture(scope="module")
def shown(stage):
    return opened_at(stage)


@pytest.fixture(scope="module")
def opened(shown):
    return shown[0]


def test_by_keyboard_alone(table, opened):
    table.locator("[aria-label=w³]").focus()
    press = opened.keyboard.press
    press("ArrowLeft")
    wait_for(table, "Row 3 of w²")
    press("ArrowRight")
    wait_for(table, "Column 3 of w³")
    press("Tab")
    press("Tab")
    assert focused(table) == "to-1"
    press("ArrowRight")
    press("ArrowRight")
    press("ArrowDown")
    press("ArrowDown")
    assert focused(table) == "w-3-2-2", "the edge of the table is a wall"
    outline = "e => getComputedStyle(e.shadowRoot.activeElement).outlineStyle"
    assert table.evaluate(outline) == "solid"
    press("Enter")
    picture(opened).locator("#edge-3-2-2.chosen").wait_for(state="attached")
    press("t")
    wait_for(table, "Row 2, column 2 of (w³)ᵀ is w³₂₂")
    assert focused(table) == "w-3-2-2", "the focus turns with the table"
    press("ArrowLeft")
    press("ArrowLeft")
    assert focused(table) == "from-2"
    press("Space")
    wait_for(table, "Row 2 of (w³)ᵀ")
    press("ArrowUp")
    press("ArrowUp")
    assert focused(table) == "from-1", "the corner is no place"
    press("t")
    wait_for(table, "Column 2 of w³")
    assert table.locator("table [tabindex='0']").count() == 1
    assert opened.errors == []


def test_every_state_has_its_words(table, opened):
    heard = []
    for turned in (False, True):
        table.locator(".turn").set_checked(turned)
        for part in ("#neuron-2-3", "#neuron-3-1", "#edge-3-1-3 .hit"):
            picture(opened).locator(part).click(force=True)
            heard.append(table.locator(".description").text_content())
    assert len(set(heard)) == len(heard)
    w = as_shown(net.w[3])
    assert heard[1] == f"Row 1 of w³ lit: {', '.join(w[0])}."
    assert heard[4] == f"Column 1 of (w³)ᵀ lit: {', '.join(w[0])}."
    assert heard[5] == f"Row 3, column 1 of (w³)ᵀ lit: {w[0][2]}."


def test_two_copies_do_not_disturb_each_other(table, opened):
    second = grid(opened, SECOND)
    table.locator(".turn").check()
    second.locator("[data-name=to-3]").click()
    wait_for(second, "Row 3 of w²")
    picture(opened, SECOND).locator(".step").fill(STEPS["input"])
    assert second.locator("caption").text_content() == "w2: 4 rows, 3 columns"
    assert lit(second) == {"to-3", "w-2-3-1", "w-2-3-2", "w-2-3-3"}
    assert table.locator(".sentence b").text_content() == "Row 3 of (w³)ᵀ"
    assert shone(opened) == {"edge-3-1-3", "edge-3-2-3", "neuron-2-3"}
    assert table.locator(".missing").is_hidden()


def test_two_tables_of_one_picture_light_it_together_and_leave_one_by_one(stage, opened):
    flow, after, before = picture(opened, SHARED), grid(opened, AFTER), grid(opened, BEFORE)
    leaving, arriving = {f"edge-3-{j}-3" for j in range(1, 9)}, {f"edge-2-3-{k}" for k in range(1, 4)}
    assert lit(after) == {"from-3", *(f"w-3-{j}-3" for j in range(1, 9))}
    assert lit(before) == {"to-3", *(f"w-2-3-{k}" for k in range(1, 4))}
    assert shone(opened, SHARED) == leaving | arriving | {"neuron-2-3"}
    flow.locator("#neuron-3-2").click()
    wait_for(before, "Choose a neuron of layer 2")
    assert shone(opened, SHARED) == {"neuron-3-2", *(f"edge-3-2-{k}" for k in range(1, 9))}
    flow.locator("#neuron-2-3").click()
    wait_for(before, "Row 3 of w²")
    assert shone(opened, SHARED) == leaving | arriving | {"neuron-2-3"}
    stage.clear(AFTER)
    after.wait_for(state="detached")
    flow.locator("#edge-3-1-3:not(.lit)").wait_for(state="attached")
    assert shone(opened, SHARED) == arriving | {"neuron-2-3"}, "the other table's stay"
    stage.clear(BEFORE)
    before.wait_for(state="detached")
    flow.locator("#edge-2-3-1:not(.lit)").wait_for(state="attached")
    assert shone(opened, SHARED) == {"neuron-2-3"}, "at the first step, the picture itself lights no wire"
    flow.locator("#neuron-2-4").click()  # a listener left behind would miss its page
    flow.locator(".step").fill("3")
    assert shone(opened, SHARED) >= {"neuron-2-4", "edge-2-4-1"}
    assert opened.errors == []


def test_a_picture_that_is_gone_is_missed_in_a_sentence(stage, shown, opened):
    table = grid(opened, SMALL)
    assert table.locator(".layers").is_hidden(), "there is one matrix"
    table.locator("[data-name=to-1]").click()
    shown[1].close()
    table.locator(".told", has_text="The picture that this table belongs to is gone.").wait_for()
    assert table.locator("input").count() == 0
    stage.clear(SMALL)
    table.wait_for(state="detached")
    assert opened.errors == []


@pytest.mark.parametrize("width", [400, 800, 1280, 1920])
def test_nothing_sticks_out_and_what_is_lit_is_seen(table, opened, width):
    resize(opened, width, ".bpcourse-matrix")
    try:
        picture(opened).locator("#neuron-2-1").click()
        picture(opened).locator("#neuron-2-4").click()
        table.locator("[data-name=from-4]").wait_for()
        assert spill(table) <= 1
        place, cell = table.locator(".scroll").bounding_box(), table.locator("[data-name=w-3-1-4]").bounding_box()
        assert place["x"] < cell["x"]
        assert cell["x"] + cell["width"] <= place["x"] + place["width"]
        for button in table.locator("table button, input").all():
            box = button.locator("xpath=ancestor-or-self::*[self::label or self::button]").bounding_box()
            assert min(box["width"], box["height"]) >= 24
        flow, side = picture(opened).bounding_box(), table.bounding_box()
        assert (side["y"] == pytest.approx(flow["y"], abs=20)) == (width >= 1280), "beside or below"
    finally:
        resize(opened, 1280, ".bpcourse-matrix")


FIRST_MATRIX = ".jp-Cell:first-child .bpcourse-matrix"


@pytest.fixture
def still(opened, theme):
    """The page in each theme, for someone who wants no motion."""
    opened.emulate_media(reduced_motion="reduce")
    yield opened
    opened.emulate_media(reduced_motion="no-preference")


def test_axe_and_the_eye_find_nothing(table, still):
    for turned in (False, True):
        table.locator(".turn").set_checked(turned)
        assert table.evaluate(MOVING) == [], "who asks for no motion gets none"
        for step in (STEPS["input"], STEPS["BP2"]):
            picture(still).locator(".step").fill(step)
            for part in ("#neuron-2-3", "#neuron-3-1", "#edge-3-1-3 .hit", "#cost"):
                picture(still).locator(part).click(force=True)
                assert axe_faults(still, FIRST_MATRIX) == [], (step, part)
        picture(still).locator("#neuron-2-3").click()
        for selector in (".corner", ".factor", ".lit button", ".lit .factor", ".sentence", "caption", ".row math"):
            for text in table.locator(selector).all():
                assert contrast(text) >= 4.5, selector


def test_the_turning_is_seen_unless_motion_is_not_wanted(table):
    table.locator(".turn").check()
    assert {animation["duration"] for animation in table.evaluate(MOVING)} == {400}
