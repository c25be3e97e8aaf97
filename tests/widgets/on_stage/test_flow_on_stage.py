"""The live network of notebook 03 on a stage: clicked, typed, moved, played, every number compared with bpcourse."""

import numpy as np
import pytest

import bpcourse as bp
from bpcourse.text import shown
from bpcourse.widgets.story import steps
from tests.browser.eyes import axe_faults, spill
from tests.browser.notebook_03 import FLOW, STEPS, expected, lit, net, numbers, panel, wait_for_numbers, x, y

WIDGET = FLOW
trace = bp.backprop(net, x, y)


def test_clicking_delta_2_3_lights_its_two_edges_and_shows_its_equation(flow):
    flow.locator("#neuron-1-1").click()
    assert lit(flow, "edge") == set()
    flow.locator("#neuron-2-3").click()
    assert lit(flow, "edge") == {"edge-3-1-3", "edge-3-2-3"}
    assert lit(flow, "neuron") == {"neuron-2-3", "neuron-3-1", "neuron-3-2"}
    for also in ("label", "arrow"):
        assert lit(flow, also) == {f"{also}-3-1-3", f"{also}-3-2-3"}
    colours = flow.evaluate("""e => Object.fromEntries([...e.shadowRoot.querySelectorAll('[id^=edge-] path:not(.hit)')]
        .map(path => [path.parentNode.id, getComputedStyle(path).stroke]))""")
    green = {name for name, colour in colours.items() if colour == colours["edge-3-1-3"]}
    assert green == {"edge-3-1-3", "edge-3-2-3"}
    assert flow.locator(".panel .row").count() == 4
    w, d = (net.w[3][:, 2], trace.delta[3][:, 0])
    first, second = (
        f"{shown(a)}·({shown(b)})" if b < 0 else f"({shown(a)})·{shown(b)}" for a, b in zip(w, d, strict=True)
    )
    slope = shown(trace.sigma_prime(2)[2, 0])
    assert f"=({first}+{second})·{slope}={shown(trace.delta[2][2, 0])}" in panel(flow)


def test_formulas_are_typeset(flow):
    """The browser lays MathML out itself: an index stands higher than its base, not behind it."""
    general = flow.locator(".panel math").first
    assert general.evaluate("e => e.namespaceURI") == "http://www.w3.org/1998/Math/MathML"
    base, _, above = (general.locator("msubsup").first.locator("> *").nth(n).bounding_box() for n in range(3))
    assert above["y"] < base["y"]
    assert 12 <= general.bounding_box()["height"] <= 80


def test_a_weight_moved_by_keyboard(flow, opened):
    flow.locator("#neuron-2-3").focus()
    for _ in range(20):
        if flow.evaluate("e => e.shadowRoot.activeElement.id") == "edge-3-1-3":
            break
        opened.keyboard.press("ArrowDown")
    opened.keyboard.press("Enter")
    slider = flow.locator(".weight input")
    assert slider.evaluate("e => e.getRootNode().activeElement === e")
    for key in ["ArrowRight"] * 7 + ["ArrowLeft"] * 2 + ["PageUp"]:
        opened.keyboard.press(key)
    moved = net.with_weight(3, 1, 3, float(slider.input_value()))
    assert moved.w[3][0, 2] != net.w[3][0, 2]
    wait_for_numbers(flow, moved)
    assert flow.locator(".cost").text_content() == f"Cost Cₓ = {shown(bp.backprop(moved, x, y).cost)}"
    assert flow.locator(".weight output").text_content() == shown(moved.w[3][0, 2])
    assert flow.locator(".problem").text_content() == ""


def test_a_weight_moved_by_mouse_and_reset(flow):
    flow.locator("#edge-3-2-3 .hit").click(force=True)
    slider = flow.locator(".weight input")
    box = slider.bounding_box()
    slider.click(position={"x": box["width"] * 0.8, "y": box["height"] / 2})
    wait_for_numbers(flow, net.with_weight(3, 2, 3, float(slider.input_value())))
    flow.locator(".reset").click()
    wait_for_numbers(flow, net)


def test_a_bias_an_input_and_a_target_can_be_moved(flow):
    bias = flow.locator(".weight input")
    bias.fill("0.5")
    wait_for_numbers(flow, net.with_bias(2, 3, 0.5))
    flow.locator(".reset").click()
    wait_for_numbers(flow, net)
    flow.locator("#neuron-3-1").click()
    assert [slider.get_attribute("data-name") for slider in flow.locator(".weight input").all()] == ["b-3-1", "y-3-1"]
    flow.locator("input[data-name=y-3-1]").fill("0.5")
    moved = bp.backprop(net, x, [[0.5], [0.0]])
    flow.locator("#value-2-3 text", has_text=shown(moved.delta[2][2, 0])).wait_for()
    flow.locator("#neuron-1-2").click()
    flow.locator("input[data-name=x-1-2]").fill("1")
    flow.locator("#value-1-2 text", has_text="1.000").wait_for()
    flow.locator(".reset").click()
    wait_for_numbers(flow, net)


def test_steps_by_keyboard_show_only_what_is_computed(flow, opened):
    flow.locator("#neuron-2-3").focus()
    for key, neuron in (("ArrowUp", 2), ("ArrowDown", 3), ("ArrowDown", 4), ("ArrowUp", 3)):
        opened.keyboard.press(key)
        assert flow.evaluate("e => e.shadowRoot.activeElement.id") == f"neuron-2-{neuron}"
    for _ in range(5):
        opened.keyboard.press("ArrowLeft")
    assert flow.locator(".title").first.text_content() == "Input"
    assert numbers(flow) == [expected(net)[0], [""] * 4, [""] * 2]
    assert flow.locator(".cost").text_content() == ""
    assert flow.locator("#value-cost text").text_content() == ""
    assert "unknown" in flow.locator("#cost").get_attribute("class")
    assert "unknown" in flow.locator("#neuron-2-3").get_attribute("class")
    assert "Not computed yet" in flow.locator(".panel").inner_text()
    flow.locator(".step").focus()
    opened.keyboard.press("ArrowRight")
    assert numbers(flow)[1:] == [[shown(v) for v in trace.a[2][:, 0]], ["", ""]]
    opened.keyboard.press("End")
    assert flow.locator(".title").first.text_content() == "A gradient step"
    assert numbers(flow)[1] == [shown(v) for v in net.b[2][:, 0]]


def test_a_screen_reader_is_told(flow):
    value = shown(trace.delta[2][2, 0])
    assert flow.locator("#neuron-2-3").get_attribute("aria-label") == f"neuron 3 of layer 2, δ²₃ = {value}"
    assert f"δ²₃ = {value}" in flow.locator(".description").text_content()
    assert axe_faults(flow.page, FLOW) == []


@pytest.mark.parametrize("width", [400, 800, 1280, 1920], indirect=True)
def test_nothing_sticks_out(flow, width):
    assert spill(flow) <= 1
    place = flow.bounding_box()
    for name in ("layer-1", "layer-3", "neuron-3-1", "name-1-3"):
        box = flow.locator(f"#{name}").bounding_box()
        assert place["x"] <= box["x"]
        assert box["x"] + box["width"] <= place["x"] + place["width"] + 1


def test_two_copies_do_not_disturb_each_other(stage, flow, opened):
    place = stage.show(bp.DeltaFlow(net, x, y, select="delta-2-3"))
    first, second = opened.locator(FLOW).all()
    second.locator("#neuron-2-1").click()
    assert lit(second, "edge") == {"edge-3-1-1", "edge-3-2-1"}
    assert lit(first, "edge") == {"edge-3-1-3", "edge-3-2-3"}
    second.locator("#edge-3-1-1 .hit").click(force=True)
    second.locator(".weight input").fill("2")
    wait_for_numbers(second, net.with_weight(3, 1, 1, 2))
    wait_for_numbers(first, net)
    stage.clear(place)
    second.wait_for(state="detached")


def test_a_slider_reaches_to_a_number_that_lies_beyond_its_ends(stage, flow):
    flow.locator("#edge-3-1-3 .hit").click(force=True)
    slider = flow.locator(".weight input")
    usual = float(slider.get_attribute("min"))
    for value in (usual - 1.5, -usual + 1.5):
        stage.flow.net = net.with_weight(3, 1, 3, value)
        wait_for_numbers(flow, stage.flow.net)
        assert float(slider.input_value()) == value
        assert float(slider.get_attribute("min")) <= value <= float(slider.get_attribute("max"))


def test_what_python_changes_is_shown(stage, flow):
    """A cell that sets a trait: one message, and the picture follows."""
    stage.flow.net = net.with_weight(3, 2, 3, -1)
    wait_for_numbers(flow, net.with_weight(3, 2, 3, -1))
    stage.flow.select = "delta-2-1"
    flow.locator("#neuron-2-1.chosen").wait_for()
    stage.flow.digits = 5
    flow.locator("#value-1-1 text", has_text=shown(x[0, 0], 5)).wait_for()
    stage.flow.digits = 3
    flow.locator(".reset").click()
    wait_for_numbers(flow, net)


def test_a_python_that_does_not_answer_is_reported_and_the_picture_stays(stage, flow):
    stage.deaf = True
    try:
        flow.locator("#edge-3-1-3 .hit").click(force=True)
        flow.locator(".weight input").fill("1.5")
        flow.locator(".problem", has_text="The kernel does not answer").wait_for()
        assert numbers(flow) == expected(net)
    finally:
        stage.deaf = False
    flow.locator(".weight input").fill("2")
    wait_for_numbers(flow, net.with_weight(3, 1, 3, 2))
    assert flow.locator(".problem").text_content() == ""


# Through all its steps -----------------------------------------------------------------------------------------------


def test_playing_reaches_the_last_step_and_stops(flow):
    flow.locator(".step").fill(STEPS["BP1"])
    flow.locator(".play").click()
    assert flow.locator(".play").text_content() == "Pause"
    flow.locator(".pulse").first.wait_for(state="attached")
    flow.locator(".caption", has_text="Σ w δ").first.wait_for(state="attached")
    sums = net.w[3].T @ trace.delta[3]
    assert numbers(flow)[1] == [shown(v) for v in sums[:, 0]]
    flow.locator(".caption", has_text="σ′(z)").first.wait_for(state="attached")
    flow.locator('.play:text-is("Play")').wait_for()
    assert flow.locator(".step").input_value() == STEPS["descent"]
    assert flow.locator(".pulse").count() == flow.locator(".caption").count() == 0
    flow.locator(".play").click()  # from the last step it starts again
    assert flow.locator(".step").input_value() == STEPS["input"]
    flow.locator(".step").fill(STEPS["BP2"])


def test_playing_pauses_at_any_moment_and_goes_on(flow, opened):
    flow.locator(".step").fill(STEPS["BP1"])
    flow.locator("#neuron-2-3").focus()
    opened.keyboard.press("ArrowRight")
    flow.locator(".pulse").first.wait_for(state="attached")
    opened.keyboard.press("p")
    frames = "e => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
    flow.evaluate(frames)  # a browser pauses at its next frame
    places = "e => [...e.shadowRoot.querySelectorAll('.pulse')].map(p => p.getBoundingClientRect().x)"
    before = flow.evaluate(places)
    assert len(before) == 8
    flow.evaluate(frames)
    assert flow.evaluate(places) == before
    assert flow.locator(".play").text_content() == "Play"
    opened.keyboard.press("p")
    wait_for_numbers(flow, net)
    assert flow.locator(".step").input_value() == STEPS["BP2"]


def test_a_second_press_does_not_wait_for_the_first(flow):
    for n in (n for n, step in enumerate(steps(net)) if step["phases"]):
        flow.locator(".step").fill(str(n - 1))
        for _ in range(2):  # one starts, the next lands
            flow.locator(".next").click()
        assert flow.locator(".step").input_value() == str(n)
        assert flow.locator(".pulse").count() == flow.locator(".caption").count() == 0


def test_gradients_on_the_wires_and_a_step_along_them(flow):
    flow.locator(".step").fill(STEPS["BP3"])
    assert numbers(flow)[1] == [shown(v) for v in trace.grad_b[2][:, 0]]
    assert "BP3" in flow.locator(".panel .title").text_content()
    flow.locator(".step").fill(STEPS["BP4"])
    for l, j, k in ((3, 1, 3), (2, 4, 1), (3, 2, 4)):
        assert flow.locator(f"#label-{l}-{j}-{k} text").text_content() == shown(trace.grad_w[l][j - 1, k - 1])
    widths = flow.evaluate("e => [...e.shadowRoot.querySelectorAll('[id^=edge-]')].map(edge => "
                           "[edge.id, parseFloat(edge.style.getPropertyValue('--width'))])")  # fmt: skip
    largest = max(widths, key=lambda row: row[1])[0]
    sizes = {f"edge-{l}-{j + 1}-{k + 1}": abs(v) for l in net.w for (j, k), v in np.ndenumerate(trace.grad_w[l])}
    assert largest == max(sizes, key=sizes.get)
    negative = {f"edge-{l}-{j + 1}-{k + 1}" for l in net.w for (j, k), v in np.ndenumerate(trace.grad_w[l]) if v < 0}
    marked = flow.locator("[id^=edge-].negative")
    assert set(marked.evaluate_all("edges => edges.map(edge => edge.id)")) == negative
    flow.locator("#edge-3-1-3 .hit").click(force=True)
    assert f"={shown(trace.grad_w[3][0, 2])}" in panel(flow)
    flow.locator(".step").fill(STEPS["descent"])
    assert panel(flow).endswith(f"={shown(net.w[3][0, 2])}−1.000·({shown(trace.grad_w[3][0, 2])})")
    flow.locator(".descend").click()
    stepped = bp.gradient_step(trace, 1)
    after = bp.backprop(stepped, x, y)
    said = f"Cost Cₓ = {shown(after.cost)}, before the step {shown(trace.cost)}"
    flow.locator(".cost", has_text=said).wait_for()
    assert after.cost < trace.cost
    assert panel(flow).endswith(f"({shown(trace.grad_w[3][0, 2])})={shown(stepped.w[3][0, 2])}")
    flow.locator("input[data-name=eta]").fill("0.5")
    flow.locator(".cost", has_text=f"Cost Cₓ = {shown(after.cost)}").wait_for()
    flow.locator(".descend").click()
    again = bp.backprop(bp.gradient_step(after, 0.5), x, y)
    flow.locator(".cost", has_text=f"Cost Cₓ = {shown(again.cost)}, before").wait_for()


def test_the_cost_shows_its_equation_and_the_functions_can_be_chosen(flow):
    flow.locator("#cost").click()
    assert lit(flow, "neuron") == {"neuron-3-1", "neuron-3-2"}
    assert panel(flow).startswith("Thecostofthissample")
    assert f"={shown(trace.cost)}" in panel(flow)
    assert flow.locator(".panel input").count() == 2
    flow.locator("summary").click()
    flow.locator("select.closing").select_option("softmax, log_likelihood")
    soft = bp.Network.from_parameters(net.w, net.b, "sigmoid", "softmax", "log_likelihood")
    flow.locator("#value-cost text", has_text=shown(bp.backprop(soft, x, y).cost)).wait_for()
    assert "ln" in panel(flow)
    flow.locator("select.activation").select_option("tanh")
    soft = bp.Network.from_parameters(net.w, net.b, "tanh", "softmax", "log_likelihood")
    flow.locator("#value-cost text", has_text=shown(bp.backprop(soft, x, y).cost)).wait_for()
    flow.locator("#neuron-3-1").click()
    flow.locator("input[data-name=y-3-1]").fill("0.5")
    flow.locator(".problem", has_text="Not changed: log_likelihood needs columns of y").wait_for()
    flow.locator(".reset").click()
    wait_for_numbers(flow, net)
    assert flow.locator("select.closing").input_value() == "sigmoid, quadratic"
    assert flow.locator(".problem").text_content() == ""


def test_more_digits_are_shown_everywhere(flow, opened):
    digits = flow.locator("input.digits")
    if not digits.is_visible():
        flow.locator("summary").click()
    digits.fill("6")
    digits.press("Tab")
    flow.locator("#value-2-3 text", has_text=shown(trace.delta[2][2, 0], 6)).wait_for()
    assert f"={shown(trace.delta[2][2, 0], 6)}" in panel(flow)
    digits.fill("3")
    digits.press("Tab")
    wait_for_numbers(flow, net)
