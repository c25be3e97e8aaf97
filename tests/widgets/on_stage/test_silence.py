"""A Python that does not answer, and one that cannot be reached: the sentence, the hand put back, nothing uncaught.

What a real kernel does when it is killed, restarted or cut off is in `tests/course/test_faults.py`.
"""

import pytest

import bpcourse as bp
from tests.browser.eyes import axe_faults, contrast
from tests.browser.notebook_03 import birds, expected, net, numbers, wait_for_numbers, x, y
from tests.widgets.on_stage.replay_page import history

SAID = "The kernel does not answer: wait if it is busy, or run the cell again (all cells after a restart)."
# What JupyterLab's models do when their kernel was shut down.
OUT_OF_REACH = """() => {
    const { prototype } = site.StandIn, { get, send, save_changes } = prototype;
    const layout = { comm: { jsServicesComm: { isDisposed: true } } };
    prototype.get = function (name) { return name === 'layout' ? layout : get.call(this, name); };
    prototype.send = () => { throw new Error('Cannot send'); };
    prototype.save_changes = () => console.error('Could not send widget sync message');
    window.inReach = () => Object.assign(prototype, { get, send, save_changes });
}"""
THIRTY = """input => {
    const began = performance.now();
    for (let n = 1; n <= 30; n++) {
        input.value = n / 10;
        input.dispatchEvent(new Event('input', { bubbles: true }));
    }
    return performance.now() - began;
}"""
PUT_BACK = ".querySelector('select.activation').value === 'sigmoid'"


@pytest.fixture(scope="module")
def opened(stage):
    stage.flow = bp.DeltaFlow(net, birds.x, birds.y, select="w-3-1-3", sample=128)
    stage.predict = bp.Predict(bp.questions.BP2, net, x, y)
    stage.replay = bp.Replay(history, birds.x, birds.y, sample=128)
    for widget in (stage.flow, stage.predict, stage.replay):
        stage.show(widget)
    stage.page.locator(".choices").first.evaluate("details => { details.open = true }")
    return stage.page


@pytest.fixture(params=["deaf", "out of reach"])
def silent(request, stage, opened):
    """A Python of which nothing is heard, while the test runs."""
    stage.predict.flow.net = net.with_weight(3, 1, 1, 1)  # so that to ask again is to reset
    opened.locator(".bpcourse-predict .answers button").first.click()
    stage.settle()
    stage.deaf = request.param == "deaf"
    if not stage.deaf:
        opened.evaluate(OUT_OF_REACH)
    yield
    stage.deaf = False
    opened.evaluate("window.inReach?.()")
    opened.evaluate("delete window.inReach")
    stage.flow.net, stage.predict.flow.net, stage.replay.epoch = net, net, 20  # it speaks again, and the sentence goes
    assert opened.locator(".problem").all_text_contents() == [""] * 5


@pytest.mark.usefixtures("silent")
def test_whoever_asks_is_told_what_to_do_and_the_hand_is_put_back(opened):
    flow, replay = opened.locator(".bpcourse-flow").first, opened.locator(".bpcourse-replay")
    predict = opened.locator(".bpcourse-predict")
    bird = replay.locator(".sample").text_content()
    before = flow.locator(".weight input").first.input_value()
    assert before != "2.5"
    flow.locator(".weight input").first.fill("2.5")
    replay.locator(".epoch").fill("1")
    replay.locator(".mistake").click()
    predict.locator(".again").click()
    for widget in (flow, replay, predict):
        widget.locator(".problem", has_text=SAID).wait_for()
    assert flow.locator(".weight input").first.input_value() == before
    assert numbers(flow) == expected(net)
    assert replay.locator(".title").text_content() == "Epoch 1 of 20", "what needs no kernel goes on"
    assert replay.locator(".sample").text_content().split(":")[0] == bird.split(":")[0]
    flow.locator("select.activation").select_option("tanh")
    put_back = (
        "() => document.querySelector('.bpcourse-flow').shadowRoot.querySelector('.activation').value === 'sigmoid'"
    )
    opened.wait_for_function(put_back)
    assert axe_faults(opened, ".bpcourse-replay") == []


def test_when_it_answers_again_the_sentence_goes(stage, opened):
    flow = opened.locator(".bpcourse-flow").first
    slider = flow.locator(".weight input").first
    stage.deaf = True
    slider.fill("1.5")
    flow.locator(".problem", has_text=SAID).wait_for()
    stage.deaf = False
    slider.fill("2")
    wait_for_numbers(flow, net.with_weight(3, 1, 3, 2))
    assert flow.locator(".problem").text_content() == ""
    flow.locator(".reset").click()
    wait_for_numbers(flow, net)


def test_thirty_moves_in_a_moment_end_where_the_hand_is(stage, opened):
    flow, asked = opened.locator(".bpcourse-flow").first, []
    stage.flow.on_msg(lambda _, content, buffers: asked.append(content))
    took = flow.locator(".weight input").first.evaluate(THIRTY)
    assert took < 100, "milliseconds"
    wait_for_numbers(flow, net.with_weight(3, 1, 3, 3))
    stage.settle()
    assert asked == [{"change": ["w-3-1-3", 0.1]}, {"change": ["w-3-1-3", 3]}]
    assert stage.flow.net.w[3][0, 2] == 3
    assert flow.locator(".weight input").first.input_value() == "3"
    flow.locator(".reset").click()
    wait_for_numbers(flow, net)


@pytest.mark.usefixtures("theme")
def test_the_sentence_can_be_read(opened):
    for problem in opened.locator(".problem").all():
        problem.evaluate("(node, text) => { node.textContent = text; }", SAID)
        assert contrast(problem) >= 4.5
        problem.evaluate("node => { node.textContent = ''; }")
