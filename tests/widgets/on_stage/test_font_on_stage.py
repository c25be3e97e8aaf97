"""Formulas as they are set where the system has no mathematical font: by the font that the live pictures bring."""

import os
import sys

import pytest
from fontTools.ttLib import TTFont

import bpcourse as bp
from bpcourse.widgets.font import FILE, Font
from tests.browser.lab import fonts
from tests.browser.notebook_03 import net, x, y
from tests.widgets.on_stage.stage import staged
from tools.browser import FLAGS, find_browser
from tools.font import italic

FONTS = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><include ignore_missing="yes">/etc/fonts/fonts.conf</include><cachedir>{folder}</cachedir>
<selectfont><rejectfont><glob>*Math*</glob></rejectfont></selectfont></fontconfig>"""

# Of each sign of the first formulas of a picture and a proof: what it is, where it stands, and the size of its type.
SIGNS = """() => [...document.querySelectorAll("[class^=bpcourse-]")].map(({ shadowRoot }) =>
    [...shadowRoot.querySelectorAll(".row math")].map((math) => [...math.querySelectorAll("mi, mn, mo")].map((sign) => {
      const { left, right, top, bottom, width, height } = sign.getBoundingClientRect();
      const isIndex = Boolean(sign.closest("msub > :not(:first-child), msup > :not(:first-child), " +
        "msubsup > :not(:first-child)"));
      return { text: sign.textContent, left, right, top, bottom, width, height, isIndex,
        type: parseFloat(getComputedStyle(sign).fontSize) };
    })))"""
GONE = """() => { const { get } = site.StandIn.prototype;
    const gone = (name) => name === "font" && "IPY_MODEL_gone";
    site.StandIn.prototype.get = function (name) { return gone(name) || get.call(this, name); }; }"""


@pytest.fixture(scope="module")
def bare(browser, tmp_path_factory):
    """A browser that finds no mathematical font of the system."""
    folder = tmp_path_factory.mktemp("fonts")
    (folder / "fonts.conf").write_text(FONTS.format(folder=folder))
    environment = os.environ | {"FONTCONFIG_FILE": str(folder / "fonts.conf")}
    bare = browser.browser_type.launch(executable_path=find_browser(), args=FLAGS, env=environment)
    yield bare
    bare.close()


@pytest.fixture(scope="module")
def stage(bare):
    with staged(bare) as stage:
        yield stage


@pytest.fixture(scope="module")
def opened(stage):
    stage.show(bp.DeltaFlow(net, x, y, select="delta-2-3"))
    stepper = bp.Stepper(bp.BP2, net, x, y, select="delta-2-3")
    stepper.lines.line = 7
    stage.show(stepper)
    fonts(stage.page)
    return stage.page


def formulas(page):
    """The signs of each formula of the live network, and of the proof."""
    flow, _, stepper = page.evaluate(SIGNS)
    return flow, stepper


def test_the_font_is_there_once_for_all_pictures(opened):
    assert fonts(opened) == ["loaded"]


def test_every_sign_is_set_in_it(opened):
    with TTFont(FILE) as font:
        glyphs, advances, unit = font.getBestCmap(), font["hmtx"], font["head"].unitsPerEm
    seen = [sign for formula in formulas(opened)[0] for sign in formula if sign["text"].isalnum()]
    assert len(seen) > 30
    for sign in seen:
        shown = italic(sign["text"]) if sign["text"].isalpha() and len(sign["text"]) == 1 else sign["text"]
        wide = sum(advances[glyphs[ord(character)]][0] for character in shown) * sign["type"] / unit
        assert sign["width"] == pytest.approx(wide, abs=0.5), sign["text"]


def test_indices_are_smaller_than_letters(opened):
    for formula in [*formulas(opened)[0], *formulas(opened)[1]]:
        letters = {sign["type"] for sign in formula if not sign["isIndex"]}
        indices = {sign["type"] for sign in formula if sign["isIndex"]}
        assert all(index < 0.75 * letter for index in indices for letter in letters if letter == max(letters))


def test_primes_stand_at_their_letters(opened):
    found = 0
    for formula in [*formulas(opened)[0], *formulas(opened)[1]]:
        for letter, prime, after in zip(formula, formula[1:], formula[2:], strict=False):
            if prime["text"] == "′":
                found += 1
                assert abs(prime["left"] - letter["right"]) < 0.1 * letter["type"]
                assert after["top"] - 1 <= prime["top"] < letter["top"], "as high as the bracket, above the letter"
                assert letter["top"] < prime["bottom"] < letter["bottom"], "and not in the air"
    assert found >= 3


def test_brackets_are_as_high_as_what_they_hold(opened):
    (general, *others), _ = formulas(opened)
    texts = [sign["text"] for sign in general]
    opening, closing = texts.index("("), texts.index(")")
    inside, bracket = general[opening + 1 : closing], general[opening]
    top, bottom = min(sign["top"] for sign in inside), max(sign["bottom"] for sign in inside)
    assert any(sign["text"] == "∑" for sign in inside)
    assert bracket["top"] <= top + 1
    assert bracket["bottom"] >= bottom - 1
    assert bracket["height"] < 1.6 * (bottom - top)
    plain = [sign for formula in [general[closing + 1 :], *others] for sign in formula if sign["text"] in "()"]
    assert len(plain) >= 4
    assert all(sign["height"] < 1.2 * sign["type"] for sign in plain), "indices do not make brackets grow"


def test_the_brackets_of_a_column_are_as_high_as_it(opened):
    column = opened.locator(".bpcourse-stepper .matrix").first
    assert column.locator("mtr").count() == 4
    box = column.bounding_box()
    rows = [column.locator("mtr").nth(n).bounding_box() for n in range(4)]
    assert rows[0]["y"] - box["y"] < 4
    assert box["y"] + box["height"] - rows[3]["y"] - rows[3]["height"] < 4


def test_a_second_kernel_brings_no_second_one(stage, opened, monkeypatch):
    first = Font.here()
    monkeypatch.setattr(Font, "_here", None)
    other = bp.DeltaFlow(net, x, y)
    assert other.font is not first
    place = stage.show(other)
    stage.settle()
    assert fonts(opened) == ["loaded"]
    stage.clear(place)


def test_without_it_formulas_are_set_as_well_as_the_page_can(bare):
    """Also the proof that the system has no such font: there an index has another size."""
    with staged(bare) as stage:
        stage.page.evaluate(GONE)
        stage.show(bp.DeltaFlow(net, x, y, select="delta-2-3"))
        ((general, *_),) = stage.page.evaluate(SIGNS)
        assert stage.page.evaluate("document.fonts.size") == 0
        assert stage.page.errors == []
        letter, index = general[0], general[1]
        assert letter["text"] == "δ"
        assert index["type"] > 0.75 * letter["type"] or sys.platform != "linux", "elsewhere the system's fonts stay"
