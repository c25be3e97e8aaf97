"""The course as pages without a kernel, in Chromium with the network off: text, formulas, live pictures, links."""

import pathlib
import re
import subprocess
import sys
import urllib.parse

import nbformat
import pytest

import bpcourse as bp
from bpcourse.text import shown
from tests.browser.engines_pages import file_server
from tests.browser.eyes import OPEN_ALL, TARGETS, axe_faults, cut
from tests.browser.lab import listening
from tests.browser.notebook_03 import STEPS, birds, expected, net, numbers, panel, x, y
from tests.places import NOTEBOOKS
from tools.browser import new_page
from tools.decks import slides
from tools.site import ROOT

PAGES = ["index.html", *(f"{path.stem}.html" for path in NOTEBOOKS)]
THIRD = "03_bp2_hidden_error.html"
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
DECK_PLAYS = """() => document.querySelector(".reveal.ready") && !document.querySelector(".waiting") &&
    [...document.querySelectorAll(".live")].every((live) => live.classList.contains("plays"))"""
FLOW = ".live > div > .bpcourse-flow"  # one by itself, not in a box with others


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    site = tmp_path_factory.mktemp("site") / "site"
    subprocess.run([sys.executable, "-m", "tools.site", site], cwd=ROOT, check=True)
    return site


@pytest.fixture(scope="module")
def address(site):
    with file_server(site) as address:
        yield address


@pytest.fixture
def page(browser, address):
    """A page that reaches the file server and nothing else."""
    page = listening(new_page(browser), address, also_warnings=True)
    yield page
    assert page.errors == []
    assert page.asked == []
    page.close()


def opened(page, address, name):
    page.goto(f"{address}/{name}")
    page.wait_for_function("[...document.querySelectorAll('.live')].every(e => e.classList.contains('plays'))")
    return page


@pytest.mark.parametrize("name", PAGES)
def test_text_and_formulas_are_there_and_nothing_is_fetched_from_elsewhere(page, address, name):
    opened(page, address, name)
    assert page.locator("h1").count() == 1
    text = page.locator("main").inner_text()
    assert len(text.split()) > 150
    assert "$" not in re.sub(r"\$ .*", "", text)
    formulas = page.locator("main .prose math")
    assert formulas.count() > 5
    assert page.locator("main .prose math merror").count() == 0
    for box in page.locator(".formula math").all():
        assert 15 <= box.bounding_box()["height"] <= 300


@pytest.mark.parametrize("name", PAGES)
def test_every_link_and_picture_leads_somewhere(page, site, address, name):
    opened(page, address, name)
    for link in page.locator("a[href]").all():
        target = urllib.parse.urlsplit(link.get_attribute("href"))
        if target.scheme:
            continue
        file = site / (target.path or name)
        assert file.exists(), target.path
        if target.fragment:
            assert f'id="{urllib.parse.unquote(target.fragment)}"' in file.read_text(encoding="utf-8"), target
    for picture in page.locator("main img").all():
        assert picture.get_attribute("alt")
        assert (site / picture.get_attribute("src")).exists()
        if not picture.is_visible():  # it is printed in the place of a live one
            continue
        picture.scroll_into_view_if_needed()
        page.wait_for_function("e => e.complete && e.naturalWidth > 0", arg=picture.element_handle())


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing(browser, address, name, scheme):
    page = new_page(browser, color_scheme=scheme)
    opened(page, address, name)
    assert axe_faults(page) == []
    page.close()


@pytest.mark.parametrize("width", [390, 768, 1280, 1920])
def test_nothing_is_cut(page, address, width):
    page.set_viewport_size({"width": width, "height": 1000})
    found = {}
    for name in PAGES:
        opened(page, address, name)
        found |= {name: cut(page)}
    assert {name: places for name, places in found.items() if places} == {}


def test_code_in_a_table_stands_in_one_line_where_there_is_room(page, address):
    """A name is not broken; <wbr> lets it break on a phone alone."""
    page.set_viewport_size({"width": 640, "height": 1000})
    lines = "code => new Set([...code.getClientRects()].filter(r => r.width).map(r => Math.round(r.top))).size"
    broken = f"[...document.querySelectorAll('td code')].filter(code => ({lines})(code) > 1).map(c => c.textContent)"
    for name in PAGES:
        opened(page, address, name).evaluate(OPEN_ALL)
        page.wait_for_function(f"{broken}.length === 0")
    opened(page, address, THIRD).evaluate(OPEN_ALL)
    page.add_style_tag(content="td code wbr { display: inline !important }")
    page.wait_for_function(f"{broken}.length > 0")


def test_a_wide_picture_keeps_its_size_on_a_phone(page, address):
    page.set_viewport_size({"width": 390, "height": 844})
    picture = opened(page, address, "06_backpropagation.html").locator("figure.wide img")
    assert picture.evaluate("img => img.offsetWidth === Number(img.getAttribute('width'))")


@pytest.mark.parametrize("name", PAGES)
def test_on_a_phone_all_can_be_hit_and_the_page_stays_as_wide_as_the_screen(browser, address, name):
    page = new_page(browser, **PHONE)
    opened(page, address, name)
    page.evaluate(OPEN_ALL)
    assert page.evaluate(TARGETS) == []
    assert page.evaluate("[visualViewport.width, document.documentElement.scrollWidth]") == [390, 390]
    assert page.evaluate("getComputedStyle(document.body).webkitTextSizeAdjust") == "100%"
    page.context.close()


def test_what_is_cut_is_found(page, address):
    """What the test before would say of a page that is not made to fit, and of one that hides what is too wide."""
    page.set_viewport_size({"width": 390, "height": 1000})
    opened(page, address, THIRD)
    for rule, what in (("* { mask: none !important }", "pre"), ("table { width: 900px }", "the page")):
        style = page.add_style_tag(content=rule + " .wide { overflow: visible !important }")
        assert [place for place, by in cut(page) if place.startswith(what) and by > 10], rule
        style.evaluate("style => style.remove()")
    numbers = "[...document.querySelectorAll('pre.output, .formula')].every(box => box.scrollWidth <= box.clientWidth)"
    assert page.evaluate(numbers), "a number need not be scrolled to"


@pytest.mark.parametrize("place", ["from a file server", "from a folder, offline"])
def test_all_pages_are_searched_by_keyboard(browser, site, address, place):
    offline = place != "from a file server"
    page = listening(new_page(browser, offline=offline), address, also_warnings=True)
    opened(page, site.as_uri() if offline else address, "index.html")
    page.keyboard.press("/")
    page.keyboard.type("transpose comes")
    first = page.locator(".results a").first
    assert first.locator("b").text_content() == "Where the transpose comes from"
    assert first.locator("mark").count()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/{THIRD}#Where-the-transpose-comes-from")
    page.locator(".search input").fill("qqqq")
    page.locator(".results", has_text="Nothing found").wait_for()
    page.keyboard.press("Escape")
    page.locator(".results").wait_for(state="hidden")
    page.locator(".search input").fill("delta")  # the word for the letter
    page.locator(".results mark", has_text="δ").first.wait_for()
    for typed, marked in (("partial", "∂"), ("grad_w", "grad_w"), ("(x", "(x")):  # no sign of a pattern
        page.locator(".search input").fill(typed)
        page.locator(".results mark", has_text=marked).first.wait_for()
    assert page.errors == []
    page.context.close()


def test_the_theme_is_kept_and_a_page_never_flashes(page, address):
    paper = "getComputedStyle(document.body).backgroundColor"
    opened(page, address, "index.html")
    seen = {}
    for name in ("light", "dark"):
        page.get_by_label("Theme").select_option(name)
        seen[name] = page.evaluate(paper)
    assert seen["light"] != seen["dark"]
    page.add_init_script(
        f"addEventListener('DOMContentLoaded', () => (window.first = {paper}))"  # before what is deferred
    )
    opened(page, address, THIRD)
    assert page.evaluate("window.first") == seen["dark"]
    text = "getComputedStyle(document.querySelector('.live .bpcourse-flow').shadowRoot.querySelector('.title')).color"
    assert page.evaluate(text) == page.evaluate("getComputedStyle(document.body).color"), "live pictures follow"
    page.get_by_label("Theme").select_option("")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert page.evaluate(paper) == seen[scheme]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_the_slides_of_a_page_play_from_a_folder(browser, site, address, path):
    page = listening(new_page(browser, offline=True, viewport={"width": 1280, "height": 720}), address, True)
    opened(page, site.as_uri(), f"{path.stem}.html")
    page.get_by_role("link", name="Slides").click()
    page.wait_for_function(DECK_PLAYS)
    wanted = slides(nbformat.read(path, as_version=4))
    assert page.evaluate("Reveal.getTotalSlides()") == len(wanted)
    for n in range(len(wanted)):
        page.evaluate("n => Reveal.slide(n)", n)
        for control in page.locator("section.present .bpcourse-flow .play").all():
            if control.is_visible():
                assert control.bounding_box()["y"] + control.bounding_box()["height"] <= 720, n
    assert page.errors == []
    page.context.close()


PRINTED = "([...document.querySelectorAll(%r)].filter((box) => box.checkVisibility({ visibilityProperty: true })))"
PAPER = 980  # px: the height of A4 between its margins


@pytest.mark.parametrize("name", PAGES)
def test_a_page_prints_as_a_handout(page, address, name):
    opened(page, address, name)
    page.evaluate("window.print = () => (dispatchEvent(new Event('beforeprint')), (window.asked = true))")
    page.emulate_media(media="print")
    for controls in ("button, input, select, nav, .needs", ".live > .printed ~ *, .live > :not(.printed)"):
        assert page.evaluate(f"{PRINTED % controls}.length") == 0, controls
    pictures = page.evaluate(f"{PRINTED % 'figure'}.map((box) => box.offsetHeight)")
    assert len(pictures) == page.locator("figure").count()
    assert max([*pictures, 0]) < PAPER / 2, "else a page is left half empty"
    answers = page.locator(".prose details")
    if name == "index.html":
        return
    for how in ("with", "without"):
        page.evaluate("how => document.querySelector(`button[data-print=${how}]`).click()", how)
        page.wait_for_function("window.asked")
        shown = page.evaluate(f"{PRINTED % '.told details > :not(summary)'}.length")
        assert (shown > 0) == (how == "with")
        assert (page.evaluate(f"{PRINTED % '.recap table'}.length") > 0) == (page.locator(".recap").count() > 0)
        assert page.evaluate(f"{PRINTED % '.solution'}.length > 0") == (how == "with")
        page.evaluate("dispatchEvent(new Event('afterprint')), (window.asked = false)")
        assert not answers.evaluate_all("boxes => boxes.some((box) => box.open)"), "the page is as it was"


@pytest.fixture(params=["from a file server", "from a folder, offline"])
def flow(request, browser, site, address):
    """The live network of notebook 03's page, at BP2."""
    offline = request.param != "from a file server"
    page = listening(new_page(browser, offline=offline), address, also_warnings=True)
    opened(page, site.as_uri() if offline else address, THIRD)
    yield page.locator(FLOW)
    assert page.errors == []
    assert page.asked == []
    page.context.close()


def test_the_network_steps_and_answers_clicks(flow):
    assert numbers(flow) == expected(net)
    flow.locator("#neuron-2-1").click()
    trace = bp.backprop(net, x, y)
    assert panel(flow).startswith("BP2,neuron1oflayer2")
    assert f"={shown(trace.delta[2][0, 0])}" in panel(flow)
    flow.locator("#edge-3-1-3 .hit").click(force=True)
    back = shown(net.w[3][0, 2] * trace.delta[3][0, 0])
    assert panel(flow).endswith(f"={back}")
    flow.locator(".step").fill(STEPS["input"])
    assert numbers(flow)[1:] == [[""] * 4, [""] * 2]
    flow.locator("#neuron-2-1").focus()
    flow.page.keyboard.press("ArrowRight")  # plays the step
    flow.locator("#value-2-1 text", has_text=shown(trace.a[2][0, 0])).wait_for()
    digits = flow.locator("input.digits")
    flow.locator("summary").click()
    digits.fill("6")
    digits.press("Tab")
    assert numbers(flow)[1][0] == shown(trace.a[2][0, 0], 6)


def test_the_network_plays_to_the_end(flow):
    flow.page.emulate_media(reduced_motion="reduce")  # the same steps, without the waiting for what travels
    flow.locator(".step").fill(STEPS["BP1"])
    flow.locator(".play").click()
    flow.locator(".title", has_text="A gradient step").first.wait_for()
    flow.locator(".play", has_text="Play").wait_for()


def test_what_needs_a_kernel_says_so_and_is_off(flow):
    assert "This page has no kernel" in flow.locator(".root").inner_text()
    flow.locator("#edge-3-1-3 .hit").click(force=True)
    for control in (".weight input", ".reset", "select.activation"):
        assert flow.locator(control).first.is_disabled()
    flow.locator(".step").fill(STEPS["descent"])
    assert flow.locator(".descend").is_disabled()


def test_the_derivation_and_the_table_follow_the_picture(page, address):
    opened(page, address, THIRD)
    stepper = page.locator(".box", has=page.locator(".bpcourse-stepper"))
    stepper.locator("#neuron-2-1").click()
    for _ in range(6):
        stepper.locator(".bpcourse-stepper .next").click()
    value = shown(bp.backprop(net, x, y).delta[2][0, 0])
    stepper.locator("li[aria-current] .value", has_text=value).wait_for()
    assert stepper.locator("#edge-3-1-1.lit").count() == 1
    table = page.locator(".box", has=page.locator(".bpcourse-matrix"))
    table.locator(".bpcourse-matrix [data-name=from-2]").click()
    table.locator("#neuron-2-2.chosen").wait_for()
    table.locator("#edge-3-1-2.lit").wait_for(state="attached")


def test_a_training_plays_without_a_kernel(page, address):
    opened(page, address, "07_learning.html")
    box = page.locator(".box", has=page.locator(".bpcourse-replay")).first
    replay, flow = box.locator(".bpcourse-replay"), box.locator(".bpcourse-flow")
    slider, history = replay.locator(".epoch"), bp.train(net, birds.x, birds.y, eta=3, epochs=100)
    for key, epoch in (("Home", 0), ("ArrowRight", 1), ("End", 100)):
        slider.press(key)
        cost, right = shown(history.cost[epoch], 4), shown(100 * history.right[epoch], 1)
        assert replay.locator(".title").text_content() == f"Epoch {epoch} of 100"
        assert replay.locator(".numbers").text_content().startswith(f"cost {cost}, {right} % right")
        assert numbers(flow) == expected(history.nets[epoch])
    slider.press("Home")
    replay.locator(".play").click()
    page.wait_for_function("slider => Number(slider.value) >= 12", arg=slider.element_handle())
    replay.locator(".play").click()
    assert not replay.locator(".mistake").is_visible()  # another sample is for the kernel to compute
    replay.locator(".map").click(position={"x": 100, "y": 100})
    assert replay.locator(".sample").text_content().startswith("Sample 128, ")
    flow.locator("#edge-3-1-3 .hit").click(force=True)
    assert flow.locator(".weight input").is_disabled()
    assert "This page has no kernel" in flow.locator(".root").inner_text()


def test_a_prediction_is_answered_without_a_kernel(page, address):
    opened(page, address, THIRD)
    box = page.locator(".box", has=page.locator(".bpcourse-predict"))
    error = shown(bp.backprop(net, x, y).delta[2][2, 0])
    assert box.locator("#value-2-3 text").text_content() != error
    box.get_by_role("button", name="neuron 1", exact=True).click()
    assert box.locator(".told p").nth(1).text_content().startswith("It is neuron 3.")
    box.locator("#value-2-3 text", has_text=error).wait_for()


def test_a_page_without_scripts_shows_the_still_picture(browser, address):
    page = new_page(browser, java_script_enabled=False)
    page.goto(f"{address}/{THIRD}")
    picture = page.locator(".live img").last
    assert "δ²" in picture.get_attribute("alt")
    assert pathlib.PurePosixPath(picture.get_attribute("src")).suffix == ".png"
    page.context.close()


def test_a_page_can_be_run_where_a_python_lies_beside_it(page, address, site):
    opened(page, address, THIRD)
    assert not page.locator(".run").is_visible()
    told = (site / "lite.js").read_text()
    try:
        (site / "lite.js").write_text('const lite = { "megabytes": 21, "seconds": [17, 13] };\n')
        opened(page, address, THIRD)
        link = page.get_by_role("link", name="Run this page")
        assert link.get_attribute("href") == "lite/index.html?path=03_bp2_hidden_error.ipynb"
        assert "21 MB" in page.locator(".run").text_content()
        kept = page.get_by_role("link", name="What you write stays in this browser")
        assert kept.get_attribute("href") == "lite/index.html"
        needs = page.locator("a.needs").first
        assert needs.get_attribute("href") == link.get_attribute("href")
        assert needs.text_content() == "(this needs Python: run it here)"
    finally:
        (site / "lite.js").write_text(told)
