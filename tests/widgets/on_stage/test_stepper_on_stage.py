"""The stepper of notebook 03: lines, reasons, values, forms and lit parts, by mouse and by keyboard."""

import pytest

import bpcourse as bp
from bpcourse.text import shown
from tests.browser.eyes import axe_faults, spill
from tests.browser.notebook_03 import birds, net, x, y

WIDGET = ".bpcourse-stepper"
trace = bp.backprop(net, x, y)


@pytest.fixture(scope="module")
def opened(stage):
    names = {"inputs": birds.measurements, "outputs": birds.species}
    stage.show(bp.Stepper(bp.BP2, net, x, y, select="delta-2-3", **names))
    return stage.page


@pytest.fixture
def stepper(opened):
    """The stepper on its first line, on neuron 3 of layer 2, with indices."""
    stepper = opened.locator(WIDGET)
    stepper.scroll_into_view_if_needed()
    picture(opened).locator("#neuron-2-3").click()
    stepper.locator("ol").focus()
    opened.keyboard.press("Home")
    opened.keyboard.press("i")
    stepper.locator(".where", has_text="line 1 of 9").wait_for()
    return stepper


def picture(page):
    """The live network that stands beside the lines."""
    return page.locator(".jp-OutputArea-output", has=page.locator(WIDGET)).locator(".bpcourse-flow")


def wait_until_lit(page, n, **indices):
    parts = set(bp.BP2.lines[n].equation.parts(net, **indices)) | {f"neuron-{indices['l']}-{indices['j']}"}
    for part in parts:
        picture(page).locator(f".part.lit[id='{part}']").wait_for(state="attached")
    labels = {part.replace("edge", "label") for part in parts if part.startswith("edge")}
    found = "e => [...e.shadowRoot.querySelectorAll('.part.lit')].map(node => node.id)"
    assert set(picture(page).evaluate(found)) == parts | labels


def current(stepper):
    return stepper.locator("li[aria-current]")


def test_each_line_has_its_reason_and_value_and_lights_what_it_reads(stepper, opened):
    for n, line in enumerate(bp.BP2.lines):
        assert current(stepper).locator(".reason").text_content() == line.reason
        if n < 7:
            extra = {"k": 1} if line.also else {}
            value = shown(line.equation.members[1].value(trace, l=2, j=3, **extra)[0])
            assert current(stepper).locator(".value").text_content() == value
        if not line.also and n < 7:
            wait_until_lit(opened, n, l=2, j=3)
        assert stepper.locator("li").count() == n + 1
        if n < len(bp.BP2.lines) - 1:
            stepper.locator(".next").click()
    assert stepper.locator(".next").is_disabled()


def test_forms_are_one_key_away(stepper, opened):
    for _ in range(6):
        opened.keyboard.press("ArrowRight")
    first = current(stepper).locator(".row").text_content
    opened.keyboard.press("g")
    assert "∑" in first()
    opened.keyboard.press("i")
    assert "∑" not in first()
    opened.keyboard.press("n")
    w, d, slope = net.w[3][:, 2], trace.delta[3][:, 0], trace.sigma_prime(2)[2, 0]
    wanted = f"({shown(w[0])}·({shown(d[0])})+({shown(w[1])})·{shown(d[1])})·{shown(slope)}"
    assert wanted in first().replace(" ", "")
    assert stepper.locator("input[value=numbers]").is_checked()
    stepper.locator("input[value=general]").check()
    assert "∑" in first()


def test_choosing_another_neuron_in_the_picture_makes_the_lines_about_it(stepper, opened):
    picture(opened).locator("#neuron-2-1").click()
    current(stepper).locator(".value", has_text=shown(trace.delta[2][0, 0])).wait_for()
    wait_until_lit(opened, 0, l=2, j=1)
    picture(opened).locator("#neuron-1-1").click()
    stepper.locator(".hint", has_text="BP2 is not about that part").wait_for()
    assert current(stepper).locator(".value").text_content() == shown(trace.delta[2][0, 0])


def test_a_screen_reader_is_told_and_axe_finds_nothing(stepper, opened):
    stepper.locator(".next").click()
    told = stepper.locator(".description").text_content()
    assert told.startswith("Line 2 of 9. The chain rule")
    assert told.endswith(f"Its value is {shown(trace.delta[2][2, 0])}.")
    opened.keyboard.press("End")
    assert axe_faults(opened, WIDGET) == []


@pytest.mark.parametrize("width", [400, 800, 1280], indirect=True)
def test_nothing_sticks_out(stepper, width):
    assert spill(stepper) <= 1
    assert stepper.bounding_box()["width"] <= width


def test_a_formula_wider_than_its_place_is_scrolled_by_the_arrow_keys(stepper, opened):
    stepper.evaluate("host => { host.style.width = '100px'; }")
    opened.keyboard.press("n")
    opened.keyboard.press("ArrowRight")
    opened.keyboard.press("ArrowRight")
    try:
        opened.keyboard.press("Tab")  # from the list to its first formula that scrolls
        wide = stepper.locator(".body:focus")
        assert wide.evaluate("body => body.scrollWidth > body.clientWidth")
        opened.keyboard.press("ArrowRight")
        opened.wait_for_function("body => body.scrollLeft > 0", arg=wide.element_handle())
        assert stepper.locator(".where").text_content() == "line 3 of 9"
        opened.keyboard.press("ArrowDown")
        stepper.locator(".where", has_text="line 4 of 9").wait_for()
        stepper.locator("ol:focus").wait_for()
    finally:
        stepper.evaluate("host => { host.style.width = ''; }")


def test_a_line_that_does_not_hold_has_another_sign_in_every_form(stage):
    soft = bp.Network([3, 4, 2], seed=38, output="softmax", cost="log_likelihood")
    stage.show(bp.Stepper(bp.BP1, soft, x, [[1], [0]], select="delta-3-2"))
    stepper = stage.page.locator(WIDGET).last
    stepper.locator("ol").focus()
    stage.page.keyboard.press("End")
    for form, key in (("general", "g"), ("with indices", "i"), ("in numbers", "n")):
        stage.page.keyboard.press(key)
        rows = stepper.locator("li .row").all_text_contents()
        assert [n for n, row in enumerate(rows, start=1) if "≠" in row] == [3, 4, 6, 7, 8], form
        assert all(row.count("≠") <= 1 for row in rows)
    assert stepper.locator("li", has_text="Its slope is σ′.").locator(".doubt").text_content().strip() == (
        "It does not hold on this network."
    )
    assert "does not hold on this network" in stepper.locator(".description").text_content()
