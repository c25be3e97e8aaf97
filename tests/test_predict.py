"""Predictions without a browser: what is right and every reason come from the trace, and nothing is told before."""

import re

import numpy as np
import pytest

import bpcourse as bp
from bpcourse.questions import Question
from bpcourse.tables import shown, written

birds = bp.penguins()
net = bp.Network([3, 4, 2], seed=38)
x, y = birds.x[:, [128]], birds.y[:, [128]]
trace = bp.backprop(net, x, y)
QUESTIONS = {name: question for name, question in vars(bp.questions).items() if isinstance(question, Question)}


def some_trace(seed):
    random = np.random.default_rng(seed)
    sizes = [int(n) for n in random.integers(2, 6, size=3)]
    return bp.backprop(
        bp.Network(sizes, seed=seed), random.normal(size=(sizes[0], 1)), random.uniform(size=(sizes[2], 1))
    )


def right_by_pushing(name, trace):
    """What the right answer begins with, found by moving things and running forward, or None where it is close."""
    net, L = trace.net, trace.net.L
    pushed_b, pushed_w = bp.numeric.gradient(net, trace.x, trace.y)

    def largest(table):
        first, second = np.sort(np.abs(table).ravel())[:-3:-1]
        return None if first < 1.1 * second else np.unravel_index(np.abs(table).argmax(), table.shape)

    if name == "START":
        return written("a", 2, 1) + " and "
    if name == "FORWARD":
        return f"neuron {(net.w[2] @ trace.x + net.b[2]).argmax() + 1}"
    if name == "BP3":
        l = max(net.w, key=lambda l: np.abs(pushed_b[l]).max())
        if (found := largest(np.concatenate([pushed_b[l] for l in net.w]))) is None:
            return None
        j = int(np.abs(pushed_b[l]).argmax())
        return f"{written('b', l, j + 1)} {'down' if pushed_b[l][j, 0] > 0 else 'up'}"
    found = largest({"BP1": pushed_b[L], "BP2": pushed_b[L - 1], "BP4": pushed_w[L]}[name])
    if found is None:
        return None
    j, k = (int(n) + 1 for n in found)
    return {"BP1": f"output {j},", "BP2": f"neuron {j}", "BP4": written("w", L, j, k)}[name]


@pytest.mark.parametrize("name", QUESTIONS)
def test_what_is_right_is_what_a_push_says(name):
    judged = 0
    for seed in range(40):
        trace = some_trace(seed)
        told, wanted = QUESTIONS[name].answers(trace), right_by_pushing(name, trace)
        assert told.right in told.reasons
        if wanted:
            judged += 1
            assert told.right.startswith(wanted), seed
    assert judged > 20


@pytest.mark.parametrize("name", QUESTIONS)
def test_the_numbers_of_a_reason_are_those_of_the_network(name):
    """Nearly every number that is told for one network is another one for another network."""
    one, other = (QUESTIONS[name].answers(bp.backprop(bp.Network([3, 4, 2], seed=seed), x, y)) for seed in (38, 39))
    texts = [" ".join([*told.reasons, *told.reasons.values()]) for told in (one, other)]
    numbers = [set(re.findall(r"\d\.\d{2,}", text)) for text in texts]
    assert name == "START" or len(numbers[0]) > 2
    assert len(numbers[0] & numbers[1]) <= len(numbers[0]) / 4


def test_the_network_shows_only_what_is_known_before():
    for name, (symbol, layer) in {
        "START": ("", 2),
        "FORWARD": ("", 2),
        "BP1": ("a", 3),
        "BP2": ("a", 2),
        "BP3": ("delta", 2),
        "BP4": ("a", 2),
    }.items():
        predict = bp.Predict(QUESTIONS[name], net, x, y)
        flow, shows = predict.flow, predict.ask.story["shows"]
        assert flow.quiet
        assert (flow.select, flow.lit) == ("", [])
        assert flow.story["steps"][flow.step]["shows"][layer] == symbol
        assert shows["step"] > flow.step == predict.ask.story["opens"]
        flow.select, flow.step, flow.lit = shows["select"], shows["step"], list(shows["lit"])  # all of it is there
        assert predict.ask.answer == ""


def test_the_03_question():
    ask = bp.Predict(bp.questions.BP2, net, x, y).ask
    assert ask.story["right"] == "neuron 3"
    assert ask.story["shows"] == {"step": 5, "select": "delta-2-3", "lit": ()}
    reason = dict(ask.story["answers"])["neuron 3"]
    products = net.w[3][:, 2] * trace.delta[3][:, 0]
    assert f"bring it {shown(products[0])} and {shown(products[1])}. They have the same sign" in reason
    assert reason.endswith(f"that is {shown(trace.delta[2][2, 0])}.")
    ask.answer = "neuron 1"
    with pytest.raises(ValueError, match=r"answer must be one of '', 'neuron 1', .*; it is 'neuron 9'"):
        ask.answer = "neuron 9"
    assert ask.answer == "neuron 1"


def test_without_a_browser_the_question_is_asked_and_not_answered():
    data, metadata = bp.Predict(bp.questions.BP2, net, x, y)._repr_mimebundle_()
    lines = data["text/plain"].splitlines()
    assert lines[:3] == [bp.questions.BP2.text, "( ) neuron 1", "( ) neuron 2"]
    assert "δ³ = (−0.133, 0.148)" in lines
    assert "δ²" not in data["text/plain"]
    assert metadata["image/png"]["alt"] == data["text/plain"]
    assert "image/png" in data


def test_a_question_of_one_s_own():
    def answers(trace):
        return bp.questions.Answers({"yes": "It is.", "no": "It is not."}, "yes" if trace.cost > 0.3 else "no", "C")

    question = Question("Is the cost above 0.3?", "forward", "cost", "The cost stands in the square.", answers)
    assert bp.Predict(question, net, x, y).ask.story["right"] == "yes"


@pytest.mark.parametrize(
    ("call", "error", "sentence"),
    [
        (
            lambda: bp.Predict("BP2", net, x, y),
            TypeError,
            "a question such as bp.questions.BP2 is expected",
        ),
        (lambda: bp.Predict(bp.questions.BP2, "net", x, y), TypeError, "net must be a Network"),
        (lambda: bp.Predict(bp.questions.BP2, net, birds.x, birds.y), ValueError, "x must have 1 column; it has 219"),
        (
            lambda: bp.Predict(bp.questions.BP2, bp.Network([3, 2]), x, y),
            ValueError,
            "this question needs a hidden layer",
        ),
        (
            lambda: bp.Predict(bp.questions.START, net, x * 0, y),
            ValueError,
            "this question needs a sample whose x₁ is not 0",
        ),
        (
            lambda: bp.Predict(bp.questions.BP1, bp.Network([3, 4, 1]), x, y[:1]),
            ValueError,
            "this question compares outputs; this network has 1",
        ),
        (
            lambda: bp.Predict(bp.questions.BP1, bp.Network([3, 4, 2], cost="cross_entropy"), x, y),
            ValueError,
            "this question is about the quadratic cost; this network has cross_entropy",
        ),
    ],
)
def test_bad_input_gets_a_sentence(call, error, sentence):
    with pytest.raises(error, match=sentence):
        call()
