"""What is told belongs to the step that plays from its first frame on, and wherever it is paused all parts agree."""

import pytest

from bpcourse.widgets.story import steps
from tests.browser.notebook_03 import STEPS, expected, lit, net, numbers

TOLD = steps(net)
PLAYED = [n for n, step in enumerate(TOLD) if step["phases"]]
# The step as every part of the picture tells it.
PARTS = """e => {
    const one = (selector) => e.shadowRoot.querySelector(selector);
    const symbols = [...e.shadowRoot.querySelectorAll('[id^=symbol-]')].filter((node) => node.style.display !== 'none');
    return {
        title: one('.title').textContent, text: one('.text').textContent, slider: one('.step').value,
        spoken: one('.step').getAttribute('aria-valuetext'), heard: one('.description').textContent,
        panel: one('.panel .title').textContent, symbols: symbols.map((node) => node.id).sort(),
        playing: one('.play').textContent,
    };
}"""
ON_THE_WAY = ".pulse, .caption"
# Pauses as soon as something new is on its way; on a slow machine a test would come too late.
PAUSED = """e => {
    let last = null;
    window.pauser = new MutationObserver(() => {
        const now = e.shadowRoot.querySelector('.pulse, .caption');
        if (now && now !== last) e.shadowRoot.querySelector('.play').click();
        last = now ?? last;
    });
    window.pauser.observe(e.shadowRoot, { childList: true, subtree: true });
}"""


@pytest.fixture
def paused(flow, opened):
    """The network, which pauses at the beginning of every phase."""
    flow.evaluate(PAUSED)
    yield flow
    opened.evaluate("window.pauser.disconnect()")


def at(flow, n):
    """Each part at rest at a step, reached by the slider."""
    flow.locator(".step").fill(str(n))
    return flow.evaluate(PARTS), lit(flow, "edge")


@pytest.mark.parametrize("n", PLAYED, ids=lambda n: TOLD[n]["title"])
def test_from_the_first_frame_and_in_every_phase(paused, opened, n):
    flow = paused
    rest, wires = at(flow, n)
    flow.locator(".step").fill(str(n - 1))
    flow.locator("#neuron-2-3").focus()
    opened.keyboard.press("ArrowRight")
    for _ in TOLD[n]["phases"]:
        flow.locator(ON_THE_WAY).first.wait_for(state="attached")
        flow.locator('.play:text-is("Play")').wait_for()
        now = flow.evaluate(PARTS)
        assert now.pop("playing") == "Play"
        heard, said = now.pop("heard"), rest["heard"]
        assert heard.split(". ")[0] == said.split(". ")[0]
        assert now == {name: rest[name] for name in now}
        assert lit(flow, "edge") == wires
        marked = flow.locator(ON_THE_WAY).first.element_handle()
        opened.keyboard.press("p")
        opened.wait_for_function("node => !node.isConnected", arg=marked)
    flow.locator('.play:text-is("Play")').wait_for()
    assert flow.evaluate(PARTS) == rest


def test_a_number_is_there_when_it_has_arrived(paused):
    flow = paused
    flow.locator(".step").fill(str(int(STEPS["BP2"]) - 1))
    flow.locator(".next").click()
    flow.locator(".pulse").first.wait_for(state="attached")
    inputs, _, outputs = expected(net)
    assert numbers(flow) == [inputs, [""] * 4, outputs]
    assert "unknown" in flow.locator("#neuron-2-3").get_attribute("class")
    flow.locator(".next").click()
    assert numbers(flow) == expected(net)
    assert "unknown" not in flow.locator("#neuron-2-3").get_attribute("class")


def test_the_slider_goes_where_it_is_moved_while_a_step_plays(paused):
    flow = paused
    flow.locator(".step").fill(STEPS["BP1"])
    flow.locator(".next").click()
    flow.locator(".pulse").first.wait_for(state="attached")
    flow.locator(".step").fill(STEPS["cost"])
    assert flow.locator(".step").input_value() == STEPS["cost"]
    assert flow.locator(".title").first.text_content() == "The cost"
    assert flow.locator(ON_THE_WAY).count() == 0


def test_python_goes_elsewhere_while_a_step_plays(stage, paused):
    flow = paused
    flow.locator(".step").fill(STEPS["BP1"])
    flow.locator(".next").click()
    flow.locator(".pulse").first.wait_for(state="attached")
    stage.flow.step = int(STEPS["input"])
    flow.locator(".title", has_text="Input").first.wait_for()
    assert flow.locator(ON_THE_WAY).count() == 0
    assert numbers(flow)[1:] == [[""] * 4, [""] * 2]


def test_python_goes_elsewhere_while_the_next_step_waits(stage, flow):
    flow.locator(".step").fill(STEPS["BP1"])
    flow.locator(".play").click()  # it rests first
    stage.flow.step = int(STEPS["input"])
    flow.locator('.play:text-is("Play")').wait_for()
    assert flow.locator(".step").input_value() == STEPS["input"]
