"""The live network on a stage, through all its steps: playing, gradients, a gradient step, what can be chosen."""

import numpy as np

import bpcourse as bp
from bpcourse.text import shown
from bpcourse.widgets.story import steps
from tests.browser.notebook_03 import STEPS, lit, net, numbers, panel, wait_for_numbers, x, y

trace = bp.backprop(net, x, y)


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
    flow.locator(".step").fill(STEPS["input"])
    for _ in range(2 * (len(steps(net)) - 1)):  # one starts, the next lands
        flow.locator(".next").click()
    assert flow.locator(".step").input_value() == STEPS["descent"]
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
