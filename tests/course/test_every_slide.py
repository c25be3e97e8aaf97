"""Every slide and fragment of every deck, by the key that a teacher presses, at three sizes of a projector.

Nothing leaves the slide or is cut off, nothing is smaller than 24 px on a slide 1280 wide, formulas are typeset, every
widget answers, nothing complains and nothing is asked of another machine. `pictures/slides/index.html` then has a
picture of each slide, to leaf through.
"""

import shutil

import nbformat
import pytest

from tests.browser.eyes import LOOK
from tests.course.conftest import open_deck, open_page
from tests.places import NOTEBOOKS, ROOT
from tools.decks import slides

SIZES = [(1280, 720), (1920, 1080), (1024, 768)]
PICTURES = ROOT / "pictures" / "slides"


@pytest.fixture(scope="module", params=NOTEBOOKS, ids=lambda path: path.name[:2])
def deck(request, browser, server):
    page = open_page(browser, server.address)
    open_deck(page, server, request.param.name)
    page.notebook = request.param
    yield page
    page.close()


def look(page):
    """What is wrong with the slide, once what moves has come to rest."""
    page.wait_for_function("document.fonts.status === 'loaded'")
    return page.evaluate(LOOK)


def walk(page):
    """From the first slide to the last, a key press at a time: (slide, piece) as they show."""
    page.evaluate("Reveal.slide(0, 0, -1)")
    seen = []
    while True:
        now = page.evaluate("[Reveal.getIndices().h, Reveal.getIndices().f ?? -1]")
        if seen and now == seen[-1]:
            return
        seen.append(now)
        yield now
        page.keyboard.press("ArrowRight")


@pytest.mark.parametrize("size", SIZES, ids=lambda size: "x".join(map(str, size)))
def test_every_slide_is_whole_and_legible(deck, size):
    deck.set_viewport_size(dict(zip(("width", "height"), size, strict=True)))
    deck.evaluate("Reveal.layout()")
    folder = PICTURES / deck.notebook.stem / "x".join(map(str, size))
    shutil.rmtree(folder, ignore_errors=True)
    faults, visited = [], set()
    for h, piece in walk(deck):
        visited.add(h)
        faults += [f"slide {h + 1}, piece {piece + 1}: {fault}" for fault in look(deck)]
        deck.screenshot(path=folder / f"{h + 1:02}.png")  # the last piece's picture stays
    write_index()
    assert not faults, "\n".join(faults)
    assert visited == set(range(len(slides(nbformat.read(deck.notebook, as_version=4)))))


def write_index():
    """One page with the pictures of all decks, in three sizes."""
    page = '<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>Every slide</title>'
    page += "<style>body { font: 18px system-ui; margin: 24px; } img { width: 47%; margin: 6px; border: 1px solid; }"
    page += "</style>"
    for folder in sorted(path for path in PICTURES.glob("*/*") if path.is_dir()):
        name = folder.relative_to(PICTURES).as_posix()
        page += f"<h2>{name}</h2>"
        for picture in sorted(folder.glob("*.png")):
            page += f'<img loading="lazy" src="{name}/{picture.name}" alt="{name}, slide {int(picture.stem)}">'
    (PICTURES / "index.html").write_text(page + "</html>", encoding="utf-8")


NUMBERS = """(node) => [...node.shadowRoot.querySelectorAll("[id^=value-] text, .weight output")]
    .map((text) => text.textContent).join()"""


def lives(deck):
    """The live pictures of a deck, one after the other, each with its slide on the screen."""
    for live in deck.locator(".live").all():
        live.evaluate("node => Reveal.slide(Reveal.getSlides().indexOf(node.closest('section')), 0, 99)")
        yield live


def test_every_widget_answers(deck):
    for live in lives(deck):
        if live.locator(".bpcourse-stepper").count():
            live.locator(".bpcourse-stepper .next").click()
            live.locator(".bpcourse-stepper .where", has_text="line 2 of").wait_for()
            live.locator(".bpcourse-stepper .back").click()
        elif live.locator(".bpcourse-matrix").count():
            button = live.locator(".bpcourse-matrix tbody td button").last
            button.click()
            live.locator(".bpcourse-matrix td.lit button").wait_for()
            wire = button.get_attribute("data-name").replace("w-", "edge-")
            live.locator(f".bpcourse-flow #{wire}.lit").wait_for(state="attached")
        elif live.locator(".bpcourse-predict").count():
            answers_a_prediction(live)
        elif live.locator(".bpcourse-replay").count():
            replays(live)
        else:
            moves_a_weight(live.locator(".bpcourse-flow"))


def answers_a_prediction(live):
    """What is chosen is told, and the network goes on to what shows it; Try again hides it."""
    told, step = live.locator(".bpcourse-predict .told"), live.locator(".bpcourse-flow .step")
    before = step.input_value()
    assert told.locator("p").count() == 0
    for answer in (0, -1):
        live.locator(".bpcourse-predict .answers button").nth(answer).press("Enter")
        told.locator("p").first.wait_for()
        changed = "([node, before]) => node.value !== before"
        live.page.wait_for_function(changed, arg=[step.element_handle(), before])
        live.locator(".bpcourse-predict .again").click()
        live.page.wait_for_function(changed.replace("!==", "==="), arg=[step.element_handle(), before])
        assert told.locator("p").count() == 0


def replays(live):
    """The slider of epochs, by the keyboard, changes the network's numbers without waiting for the kernel."""
    flow, slider = live.locator(".bpcourse-flow"), live.locator(".bpcourse-replay .epoch")
    slider.press("End")
    last, before = slider.input_value(), flow.evaluate(NUMBERS)
    slider.press("Home")
    assert live.locator(".bpcourse-replay .title").text_content().startswith("Epoch 0 of ")
    first = flow.evaluate(NUMBERS)
    slider.press("ArrowRight")
    assert slider.input_value() == "1"
    assert len({before, first, flow.evaluate(NUMBERS)}) == 3
    slider.press("End")
    assert (slider.input_value(), flow.evaluate(NUMBERS)) == (last, before)


def moves_a_weight(flow):
    """The kernel computes what a moved slider means, and computes the old numbers again after Reset."""
    chosen = flow.locator(".part.chosen")
    part = chosen.get_attribute("id") if chosen.count() else None
    flow.locator(".reset").click()
    flow.locator("#edge-2-1-1").dispatch_event("click")
    slider, before = flow.locator(".weight input"), flow.evaluate(NUMBERS)
    slider.fill("2.5")
    changed = f"([node, before]) => ({NUMBERS})(node) !== before"
    flow.page.wait_for_function(changed, arg=[flow.element_handle(), before])
    flow.locator(".reset").click()
    flow.page.wait_for_function(changed.replace("!==", "==="), arg=[flow.element_handle(), before])
    if part:
        flow.locator(f"#{part}").dispatch_event("click")


def test_whatever_a_live_picture_tells_has_room(deck):
    deck.set_viewport_size({"width": 1280, "height": 720})
    faults = []
    for live in lives(deck):
        where = f"slide {deck.evaluate('Reveal.getIndices().h') + 1}"
        for state in states(live):
            faults += [f"{where}, {state}: {fault}" for fault in look(deck)]
    assert not faults, "\n".join(faults)


def states(live):
    """Brings a live picture to all that it can tell, one state after the other, and names each."""
    stepper, step = live.locator(".bpcourse-stepper"), live.locator(".bpcourse-flow .step")
    if stepper.count():
        while True:
            for form in "gin":
                stepper.locator("ol").press(form)
                yield f"{stepper.locator('.where').text_content()}, {form}"
            if stepper.locator(".next").is_disabled():
                break
            stepper.locator(".next").click()
    elif live.locator(".bpcourse-matrix").count():
        for button in live.locator(".bpcourse-matrix table button").all():
            button.click()
            yield button.get_attribute("data-name")
    elif live.locator(".bpcourse-predict").count():
        for answer in live.locator(".bpcourse-predict .answers button").all():
            answer.click()
            for _ in range(3):  # while it plays, too
                yield answer.text_content()
                live.page.wait_for_timeout(700)
            live.locator(".bpcourse-predict .again").click()
    elif live.locator(".bpcourse-replay").count():
        for n in range(8):
            live.locator(".bpcourse-replay .epoch").fill(str(n**2))
            live.locator(".bpcourse-replay .mistake").click()
            yield f"epoch {n**2}"
        live.locator(".bpcourse-replay .epoch").press("End")
    else:
        start = step.input_value()
        for n in range(int(step.get_attribute("max")) + 1):
            step.fill(str(n))
            for part in ("neuron-1-1", "neuron-2-3", "edge-3-1-3", "neuron-3-2", "cost"):
                live.locator(f".bpcourse-flow #{part}").dispatch_event("click")
                yield f"step {n}, {part}"
        step.fill(start)


def test_nothing_has_complained_and_nothing_has_left_the_machine(deck):
    assert deck.errors == []
    assert deck.asked == []


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ("slide.querySelector('h1, h2').style.fontSize = '23px'", "is 23.0 px"),
        ("slide.querySelector('.slide').style.translate = '0 -60px'", "leaves the slide"),
        ("slide.querySelector('.slide').style.translate = '900px'", "leaves the slide"),
        ("slide.querySelector('.body').append('$x$')", "is not typeset"),
        (
            "slide.querySelector('.body').innerHTML += '<pre class=\"error\">NameError: x</pre>'",
            "its cell ends in NameError",
        ),
        ("slide.querySelector('.words').style.padding = '250px 0'", "has no room below the heading"),
        ("slide.querySelector('.body').style = 'overflow: hidden; flex: none; height: 30px'", "is cut off"),
        (
            "slide.querySelector('.body').innerHTML += "
            '\'<div class="controls" style="display: block"><i class="play">a</i><br><i>b\'',
            "is in two rows",
        ),
        (
            "slide.querySelector('.body').innerHTML += '<pre style=\"white-space: pre-wrap; font-size: 25px\">so'",
            "is wrapped and small all the same",
        ),
        ("slide.querySelector('.body').innerHTML += '<math style=\"font-size: 12px\"><mi>x</mi></math>'", '"x" is 1'),
        (
            "slide.querySelector('.body').innerHTML += '<img data-points=\"550\" style=\"width: 500px\">'",
            "the smallest letter of the picture is",
        ),
    ],
)
def test_each_fault_is_noticed(deck, change, fault):
    deck.set_viewport_size({"width": 1920, "height": 1080})
    deck.evaluate("Reveal.slide(0, 0, 99)")
    deck.evaluate("window.kept = Reveal.getCurrentSlide().innerHTML")
    deck.evaluate(f"() => {{ const slide = Reveal.getCurrentSlide(); {change}; }}")
    assert any(fault in sentence for sentence in look(deck)), look(deck)
    deck.evaluate("Reveal.getCurrentSlide().innerHTML = window.kept")
    assert look(deck) == []
