"""Bad calls on what a reader types, each with the sentence that it gets: `bad_calls.txt` has one a line.

An error is one of four kinds, and a `raise` of the course's own, not of numpy, matplotlib or Python. A warning is an
error here (pyproject.toml), and nothing has changed afterwards: no trait of any widget that a call could have touched.
"""

import traceback
from pathlib import Path

import numpy as np
import pytest

import bpcourse as bp
from bpcourse import notation as n  # noqa: F401 - the table types it

TABLE = Path(__file__).with_name("bad_calls.txt").read_text("utf-8").splitlines()
ROWS = [line.split("  →  ") for line in TABLE]
KINDS = {kind.__name__: kind for kind in (TypeError, ValueError, IndexError, AttributeError)}

# What the table calls by a name
MASKED = np.ma.array([[1.0], [2.0], [3.0]], mask=[[0], [1], [0]])
birds = bp.penguins()
net = bp.Network([3, 4, 2], seed=38)
x, y = birds.x[:, [128]], birds.y[:, [128]]
trace = bp.backprop(net, x, y)
entropy = bp.Network([3, 4, 2], cost="cross_entropy")
soft = bp.Network([3, 4, 2], output="softmax", cost="log_likelihood")
w, b = {2: -np.ones((4, 3)), 3: -np.ones((2, 4))}, {2: -np.full((4, 1), 9), 3: -np.full((2, 1), 9)}
dead = bp.Network.from_parameters(w, b, activation="relu")
history = bp.train(net, birds.x, birds.y, epochs=2)
flow, stepper = bp.DeltaFlow(net, x, y), bp.Stepper(bp.BP2, net, x, y)
predict, replay = bp.Predict(bp.questions.BP1, net, x, y), bp.Replay(history, birds.x, birds.y)
WIDGETS = [flow, stepper.flow, stepper.lines, predict.flow, predict.ask, replay.flow, replay.film]


def ask(question, network):
    first, *_, last = network.sizes
    return question.answers(bp.backprop(network, np.ones((first, 1)), np.eye(last)[:, [0]]))


def check_gradients(net=net, tolerance=1e-9, **given):
    tables = {"grad_b": trace.grad_b, "grad_w": trace.grad_w} | given
    return bp.numeric.gradient_check(net, x, y, **tables, tolerance=tolerance)


def state():
    return [(widget.get_state(), getattr(widget, "trace", None)) for widget in WIDGETS]


# guards: texts of numpy, matplotlib and traitlets, KeyError, RecursionError, a half-made change, a warning
@pytest.mark.parametrize(("call", "said"), ROWS, ids=[call for call, _ in ROWS])
def test_a_bad_call_gets_a_sentence_and_changes_nothing(call, said):
    kind, _, sentence = said.partition(": ")
    before = state()
    with pytest.raises(KINDS[kind]) as caught:
        eval(call)
    assert str(caught.value).startswith(sentence)
    last = traceback.extract_tb(caught.value.__traceback__)[-1]
    assert "bpcourse" in Path(last.filename).parts
    assert last.line.startswith("raise ")
    assert state() == before


def test_there_are_many_and_each_stands_once():
    assert len({call for call, _ in ROWS}) == len(ROWS) >= 150
