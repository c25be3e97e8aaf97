"""The live networks in JupyterLab, Notebook 7 and Voila: one notebook, driven the same way in each."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe

import bpcourse as bp
from bpcourse.text import shown
from tests.browser.lab import LIVE, SETUP, fonts, listening, write_notebook
from tests.browser.notebook_03 import FLOW, at_bp2, birds, expected, lit, net, numbers, panel, wait_for_numbers, x, y
from tools.browser import new_page, open_and_run, serve

REPLAYED = """\
history = bp.train(net, birds.x, birds.y, epochs=5)
bp.Replay(history, birds.x, birds.y, sample=128, select='delta-2-3')"""
CELLS = [SETUP, LIVE["flow"], LIVE["flow"], LIVE["stepper"], LIVE["predict"], REPLAYED, LIVE["matrix"]]
STEPPER, PREDICT, REPLAY, MATRIX = (f".bpcourse-{name}" for name in ("stepper", "predict", "replay", "matrix"))

# Voila's templates take their icons from another machine, see its lab/index.html.j2. No picture of ours needs them.
ICONS = r"https://cdn\.jsdelivr\.net/npm/@fortawesome/fontawesome-free@%5E5/css/(all|v4-shims)\.min\.css"

# What an application itself complains of, on a page without a widget too. Nothing else is overlooked.
OWN = {
    "jupyterlab": [],
    "notebook": [
        # The shortcuts of Notebook 7.6 hear of a plugin's settings before their own are there.
        r"TypeError: Cannot read properties of undefined \(reading 'schema'\)\n +at http\S+/notebook/notebook_core\.",
    ],
    "voila": [
        f"Failed to load resource: net::ERR_FAILED {ICONS}",  # refused by this test
        # Voila 0.5 loads every JupyterLab extension, and is too old for Notebook 7's (its open issue 1514).
        r'Error: The getter for the shared module is not a function\..*"shareKey":"@jupyterlab/docregistry"',
    ],
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("everywhere")
    write_notebook(folder / "network.ipynb", CELLS)
    return folder


@pytest.fixture(scope="module", params=OWN)
def opened(request, browser, folder):
    """A page with the notebook, run; `.errors` is what complained, `.asked` what was asked of another machine."""
    with serve(request.param, folder) as address:
        page = listening(new_page(browser), address)
        page.application = request.param
        open_and_run(page, request.param, address, "network.ipynb")
        page.locator(FLOW).nth(1).locator("#value-1-1 text").wait_for()
        page.locator(f"{STEPPER} li").first.wait_for()
        page.locator(f"{REPLAY} .bird").first.wait_for()
        page.locator(f"{MATRIX} td button").first.wait_for()
        yield page
        page.close()


@pytest.fixture
def flows(opened):
    """The two live networks at BP2, δ²₃ chosen, the first weights."""
    return [at_bp2(flow) for flow in opened.locator(FLOW).all()]


def at(flow):
    return int(flow.locator(".step").input_value())


def title(flow):
    return flow.locator(".title").first.text_content()


def test_each_copy_shows_the_numbers_of_bpcourse(flows):
    assert len(flows) == 2
    assert [numbers(flow) for flow in flows] == [expected(net)] * 2
    cost = f"Cost Cₓ = {shown(bp.backprop(net, x, y).cost)}"
    assert [flow.locator(".cost").text_content() for flow in flows] == [cost] * 2


def test_the_font_of_the_formulas_is_there_once(opened):
    assert fonts(opened) == ["loaded"]


def test_steps_by_button_and_by_keyboard(flows, opened):
    first, second = flows
    here, name = at(first), title(first)
    first.locator(".back").click()
    assert (at(first), numbers(first)[0]) == (here - 1, expected(net)[0])
    assert title(first) != name
    assert numbers(first)[1] != expected(net)[1]
    for _ in range(2):  # one starts, the next lands
        first.locator(".next").click()
    assert (at(first), title(first), numbers(first)) == (here, name, expected(net))
    first.locator("#neuron-2-3").focus()
    opened.keyboard.press("ArrowLeft")
    assert (at(first), at(second)) == (here - 1, here)
    for _ in range(2):
        opened.keyboard.press("ArrowRight")
    assert (at(first), title(first), numbers(first)) == (here, name, expected(net))
    assert (at(second), numbers(second)) == (here, expected(net))


def test_keys_for_the_network_do_not_reach_the_application(flows, opened):
    cells = opened.locator(".jp-Cell").count()
    flows[0].locator("#neuron-2-3").focus()
    for key in ("a", "b"):  # a new cell above, a new cell below
        opened.keyboard.press(key)
    opened.keyboard.press("Enter")
    assert flows[0].evaluate("e => e.shadowRoot.activeElement.type") == "range", "Enter is for the sliders"
    assert opened.locator(".jp-Cell").count() == cells >= len(CELLS) - 1  # Voila has none for a cell without output


def test_a_neuron_shows_its_equation_and_the_other_copy_keeps_its_own(flows):
    first, second = flows
    kept = panel(second)
    first.locator("#neuron-2-1").click()
    trace = bp.backprop(net, x, y)
    assert f"·{shown(trace.sigma_prime(2)[0, 0])}={shown(trace.delta[2][0, 0])}" in panel(first)
    formula = first.locator(".panel .row math").first
    assert formula.evaluate("node => node.namespaceURI") == "http://www.w3.org/1998/Math/MathML"
    base, _, above = (formula.locator("msubsup").first.locator("> *").nth(n).bounding_box() for n in range(3))
    assert above["y"] < base["y"], "not laid out as a formula"
    assert lit(first, "edge") == {"edge-3-1-1", "edge-3-2-1"}
    assert lit(second, "edge") == {"edge-3-1-3", "edge-3-2-3"}
    assert panel(second) == kept


def test_a_moved_weight_comes_back_from_the_kernel_to_its_own_copy_alone(flows, opened):
    first, second = flows
    first.locator("#edge-3-1-3 .hit").click(force=True)
    slider = first.locator(".weight input")
    slider.fill("2")
    wait_for_numbers(first, net.with_weight(3, 1, 3, 2))
    slider.focus()
    opened.keyboard.press("ArrowLeft")
    moved = net.with_weight(3, 1, 3, float(slider.input_value()))
    assert moved.w[3][0, 2] < 2
    wait_for_numbers(first, moved)
    assert numbers(second) == expected(net)

    second.locator("#edge-3-2-1 .hit").click(force=True)
    second.locator(".weight input").fill("-1")
    wait_for_numbers(second, net.with_weight(3, 2, 1, -1))
    assert numbers(first) == expected(moved)

    first.locator(".reset").click()
    wait_for_numbers(first, net)
    assert numbers(second) == expected(net.with_weight(3, 2, 1, -1))


def test_the_stepper_lights_its_own_picture(flows, opened):
    stepper = opened.locator(STEPPER)
    picture = opened.locator(".jp-OutputArea-output", has=stepper).locator(".bpcourse-flow")
    picture.locator("#neuron-2-1").click()
    stepper.locator("ol").focus()
    opened.keyboard.press("Home")
    stepper.locator(".next").click()
    opened.keyboard.press("ArrowRight")
    stepper.locator(".where", has_text="line 3 of").wait_for()
    line, current = bp.BP2.lines[2], stepper.locator("li[aria-current]")
    assert current.locator(".reason").text_content() == line.reason
    edges = {part for part in line.equation.parts(net, l=2, j=1) if part.startswith("edge-")}
    for edge in edges:
        picture.locator(f".part.lit[id='{edge}']").wait_for(state="attached")
    assert lit(picture, "edge") == edges
    before = current.locator(".value").text_content()
    picture.locator("#neuron-2-4").click()
    value = shown(line.equation.members[1].value(bp.backprop(net, x, y), l=2, j=4)[0])
    current.locator(".value", has_text=value).wait_for()
    assert value != before
    assert [lit(flow, "edge") for flow in flows] == [{"edge-3-1-3", "edge-3-2-3"}] * 2


def test_a_prediction_is_answered_by_the_network_beside_it(opened):
    ask = opened.locator(PREDICT)
    beside = opened.locator(".widget-box", has=ask).locator(".bpcourse-flow")
    error = shown(bp.backprop(net, x, y).delta[2][2, 0])
    assert beside.locator("#value-2-3 text").text_content() != error
    ask.get_by_role("button", name="neuron 2").click()
    assert ask.locator(".told p").first.text_content().startswith("Not neuron 2. Its wires bring it")
    beside.locator("#value-2-3 text", has_text=error).wait_for()
    assert beside.locator(".panel").is_visible()
    ask.locator(".again").click()
    beside.locator("#value-2-3 text", has_text=shown(bp.backprop(net, x, y).a[2][2, 0])).wait_for()
    assert not beside.locator(".panel").is_visible()


def test_a_training_is_wound_back_and_a_hand_starts_from_its_epoch(opened):
    replay = opened.locator(REPLAY)
    beside = opened.locator(".widget-box", has=replay).locator(".bpcourse-flow")
    slider, nets = replay.locator(".epoch"), bp.train(net, birds.x, birds.y, epochs=5).nets
    for key, epoch in (("Home", 0), ("ArrowRight", 1), ("End", 5), ("ArrowLeft", 4)):
        slider.press(key)
        assert replay.locator(".title").text_content() == f"Epoch {epoch} of 5"
        wait_for_numbers(beside, nets[epoch])
    replay.locator(".next").click()
    wait_for_numbers(beside, nets[5])
    beside.locator("#edge-3-1-3 .hit").click(force=True)
    beside.locator(".weight input").fill("2")  # the kernel's turn
    wait_for_numbers(beside, nets[5].with_weight(3, 1, 3, 2))
    replay.locator(".note", has_text="changed by hand").wait_for()


def test_a_number_of_the_matrix_and_its_wire_are_one(opened):
    table = opened.locator(MATRIX)
    beside = opened.locator(".widget-box", has=table).locator(".bpcourse-flow")
    beside.locator("#edge-3-2-4 .hit").click(force=True)
    table.locator(".sentence", has_text="Row 2, column 4 of w³ is w³₂₄").wait_for()
    assert table.locator("[data-name=w-3-2-4]").text_content() == shown(net.w[3][1, 3])
    beside.locator(".weight input").fill("2")  # the kernel's turn
    table.locator("[data-name=w-3-2-4]", has_text=shown(2)).wait_for()
    table.locator("[data-name=from-1]").click()
    beside.locator("#neuron-2-1.chosen").wait_for()


def test_axe_finds_nothing(opened):
    ours, options = (
        {"include": [[".bpcourse-flow"], [STEPPER], [PREDICT], [REPLAY], [MATRIX]]},
        {"resultTypes": ["violations", "passes"]},
    )
    response = Axe().run(opened, context=ours, options=options).response
    assert [(fault["id"], [node["target"] for node in fault["nodes"]]) for fault in response["violations"]] == []
    targets = [node["target"][0] for passed in response["passes"] for node in passed["nodes"]]
    looked_into = {target[0] for target in targets if isinstance(target, list)}  # what has a shadow root
    assert len(looked_into) == 10  # two networks, and stepper, prediction, training and matrix, each with its own


def test_the_door_is_closed_to_who_has_no_token(browser, opened):
    stranger = browser.new_context()
    assert "/login" in stranger.request.get(opened.url.partition("?")[0]).url
    stranger.close()


def test_nothing_has_complained_and_nothing_has_left_the_machine(opened):
    known = OWN[opened.application]
    assert [error for error in opened.errors if not any(re.match(own, error, re.DOTALL) for own in known)] == []
    left = [url for url in opened.asked if opened.application != "voila" or not re.fullmatch(ICONS, url)]
    assert left == []
