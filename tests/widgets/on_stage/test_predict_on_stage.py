"""A prediction: what is hidden before, what the network shows after, by mouse, by keyboard, narrow and dark."""

import pytest

import bpcourse as bp
from bpcourse.questions import Question
from bpcourse.text import shown
from tests.browser.eyes import axe_faults, contrast, spill
from tests.browser.notebook_03 import STEPS, lit, net, numbers, panel, x, y

QUESTIONS = [name for name, question in vars(bp.questions).items() if isinstance(question, Question)]
BP2 = QUESTIONS.index("BP2")
WIDGET = ".bpcourse-predict"
trace = bp.backprop(net, x, y)


@pytest.fixture(scope="module")
def opened(stage):
    for name in QUESTIONS:
        stage.show(bp.Predict(getattr(bp.questions, name), net, x, y))
    return stage.page


def ask(page, n=BP2):
    return page.locator(WIDGET).nth(n)


def flow(page, n=BP2):
    return page.locator(".bpcourse-flow").nth(n)


@pytest.fixture
def asked(opened):
    """The question of BP2, nothing answered, the network as it was made."""
    again = ask(opened).locator(".again")
    if again.is_visible():
        again.click()
    ask(opened).locator(".told:empty").wait_for(state="attached")
    flow(opened).locator("#value-2-3 text", has_text="0.470").wait_for()
    return ask(opened)


def told(asked):
    return asked.locator(".told p").all_text_contents()


def wait_for_errors(page, n=BP2):
    flow(page, n).locator("#value-2-3 text", has_text="−0.032").wait_for()
    flow(page, n).locator(".play", has_text="Play").wait_for()
    assert numbers(flow(page, n))[1] == [shown(v) for v in trace.delta[2][:, 0]]


def test_before_the_answer_nothing_of_it_is_on_the_page(asked, opened):
    assert numbers(flow(opened))[1:] == [[shown(v) for v in t[:, 0]] for t in (trace.a[2], trace.delta[3])]
    assert told(asked) == []
    assert asked.locator(".right, [aria-pressed=true]").count() == 0
    for hidden in (".play", ".step", ".panel", ".reset", ".cost"):
        assert not flow(opened).locator(hidden).is_visible()
    watch = """(at) => {
        window.peeked = [];
        const page = document.querySelectorAll('.bpcourse-flow')[at].shadowRoot;
        const look = () => page.querySelector('.pulse, .caption') &&
            window.peeked.push(page.querySelector('.title').textContent);
        new MutationObserver(look).observe(page, { childList: true, subtree: true });
    }"""
    opened.evaluate(watch, BP2)
    flow(opened).locator("#neuron-2-1").press("ArrowRight")  # the step does not begin
    assert (
        opened.evaluate("new Promise(done => requestAnimationFrame(() => setTimeout(() => done(window.peeked))))") == []
    )
    assert flow(opened).locator(".play").text_content() == "Play"
    assert numbers(flow(opened))[1] == [shown(v) for v in trace.a[2][:, 0]]


def test_a_wrong_guess_gets_its_reason_and_the_network_shows_the_answer(asked, opened):
    asked.get_by_role("button", name="neuron 1").click()
    reasons, how = bp.questions.BP2.answers(trace).reasons, bp.questions.BP2.answers(trace).how
    assert told(asked) == [
        f"Not neuron 1. {reasons['neuron 1']}",
        f"It is neuron 3. {reasons['neuron 3']}",
        f"How to know it. {how}",
        f"Look. {bp.questions.BP2.look}",
    ]
    assert asked.locator("[aria-pressed=true]").text_content() == "neuron 1"
    assert asked.locator(".right").text_content() == "neuron 3"
    wait_for_errors(opened)
    assert lit(flow(opened), "neuron") == {"neuron-2-3", "neuron-3-1", "neuron-3-2"}
    assert "BP2,neuron3oflayer2" in panel(flow(opened))
    asked.get_by_role("button", name="neuron 2").click(force=True)  # the commitment stands
    assert asked.locator("[aria-pressed=true]").text_content() == "neuron 1"


def test_by_keyboard_and_again_after_a_weight_was_moved(asked, opened):
    asked.get_by_role("button", name="neuron 1").focus()
    opened.keyboard.press("Tab")
    opened.keyboard.press("Tab")
    assert asked.evaluate("e => getComputedStyle(e.shadowRoot.activeElement).outlineStyle") == "solid"
    opened.keyboard.press("Enter")
    assert told(asked)[0].startswith("Yes, neuron 3. Its wires bring it")
    assert len(told(asked)) == 3
    assert asked.locator(".told").get_attribute("aria-live") == "polite"
    wait_for_errors(opened)
    flow(opened).locator("#edge-3-1-3 .hit").click(force=True)
    flow(opened).locator("input[data-name=w-3-1-3]").fill("2.5")
    flow(opened).locator(".weight output", has_text="2.500").wait_for()
    opened.evaluate("() => document.activeElement.blur()")
    asked.locator(".again").focus()
    opened.keyboard.press("Space")
    assert asked.evaluate("e => e.shadowRoot.activeElement.textContent") == "neuron 1"
    flow(opened).locator("#value-3-1 text", has_text="−0.133").wait_for()
    assert not flow(opened).locator(".panel").is_visible()
    assert told(asked) == []
    opened.keyboard.press("Space")
    assert told(asked)[0].startswith("Not neuron 1.")
    wait_for_errors(opened)


def test_each_question_leads_to_the_part_that_shows_it(opened, still):
    for n, name in enumerate(QUESTIONS):
        question = getattr(bp.questions, name)
        answers = question.answers(trace)
        if ask(opened, n).locator(".again").is_visible():
            ask(opened, n).locator(".again").click()
        ask(opened, n).get_by_role("button", name=answers.right, exact=True).click()
        assert told(ask(opened, n))[0] == f"Yes, {answers.right}. {answers.reasons[answers.right]}"
        chosen = answers.select.replace("w-", "edge-").replace("delta-", "neuron-").replace("a-", "neuron-")
        flow(opened, n).locator(f"#{chosen}.chosen").wait_for(state="attached")
        step = {"forward": "1"}.get(question.shows, STEPS[question.shows])
        opened.wait_for_function(
            "([node, step]) => node.shadowRoot.querySelector('.step').value === step",
            arg=[flow(opened, n).element_handle(), step],
        )
        if answers.lit:
            shone = lit(flow(opened, n), "neuron") | lit(flow(opened, n), "edge")
            assert shone | {"cost"} == set(answers.lit)
            assert flow(opened, n).locator("#cost.lit").count() == 1
            flow(opened, n).locator("#neuron-2-4").click()
            assert lit(flow(opened, n), "neuron") != {part for part in answers.lit if "neuron" in part}


def test_axe_finds_nothing_and_words_can_be_read(asked, opened):
    assert axe_faults(opened, WIDGET) == []
    asked.get_by_role("button", name="neuron 2").click()
    wait_for_errors(opened)
    assert axe_faults(opened, WIDGET) == []


@pytest.mark.parametrize("width", [400, 800, 1280], indirect=True)
def test_nothing_sticks_out(asked, opened, width):
    asked.get_by_role("button", name="neuron 2").click()
    for n in range(len(QUESTIONS)):
        assert spill(ask(opened, n)) <= 1
        assert spill(flow(opened, n)) <= 1
        assert ask(opened, n).bounding_box()["width"] <= width
        for button in ask(opened, n).locator("button:visible").all():
            assert min(button.bounding_box()["width"], button.bounding_box()["height"]) >= 24


def test_contrast(asked, theme):
    asked.get_by_role("button", name="neuron 2").click()
    for words in asked.locator("legend, .answers button, .told p, .again").all():
        assert contrast(words) >= 4.5, words.text_content()
