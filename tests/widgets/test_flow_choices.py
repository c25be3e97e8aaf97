"""What can be chosen in DeltaFlow: the sample, the functions, a gradient step, the cost, a larger network."""

import numpy as np
import pytest

import bpcourse as bp
from bpcourse.parts import Part
from bpcourse.widgets import flow as flow_module
from bpcourse.widgets import story
from tests.widgets.drawn import birds, flow, net, numbers, tell, x, y


def test_a_sample_is_chosen_and_reset_goes_back_to_the_first():
    widget = bp.DeltaFlow(net, birds.x, birds.y, sample=128, eta=0.5)
    assert widget.samples == 219
    assert numbers(widget) == {**numbers(flow()), "eta": 0.5}
    tell(widget, change=["w-3-1-3", 2])
    tell(widget, sample=7)
    expected = bp.backprop(net.with_weight(3, 1, 3, 2), birds.x[:, [7]], birds.y[:, [7]])
    assert (widget.sample, numbers(widget)["delta-2-3"]) == (7, expected.delta[2][2, 0])
    widget.sample = 3
    assert numbers(widget)["x-1-1"] == birds.x[0, 3]
    tell(widget, change=["x-1-1", 0])
    frame = widget.frame
    tell(widget, sample=3)
    assert numbers(widget)["x-1-1"] == birds.x[0, 3], "the same sample again: its own numbers are back"
    assert widget.frame != frame
    for wrong in (219, -1, 0.5, "7", None):
        tell(widget, sample=wrong)
        assert widget.problem.startswith("Not changed: ")
        assert widget.sample == 3
    tell(widget, change=["eta", 2])
    tell(widget, reset=True)
    assert (widget.sample, widget.net, numbers(widget)["eta"], widget.problem) == (128, net, 0.5, "")


def test_a_gradient_step_uses_the_gradients_from_before_it_and_the_cost_falls():
    widget = flow()
    old = widget.trace
    tell(widget, change=["eta", 0.5])
    tell(widget, descend=True)
    for l in net.w:
        np.testing.assert_array_equal(widget.net.w[l], net.w[l] - 0.5 * old.grad_w[l])
        np.testing.assert_array_equal(widget.net.b[l], net.b[l] - 0.5 * old.grad_b[l])
    assert widget.trace.cost < old.cost
    for eta in (0, -1, float("nan"), None):
        tell(widget, change=["eta", eta])
        assert widget.problem.startswith("Not changed: eta must be")
    assert numbers(widget)["eta"] == 0.5


def test_functions_are_chosen_and_their_equations_are_told():
    widget = flow()
    assert list(widget.story["choices"]) == ["activation", "closing"]
    tell(widget, change=["w-3-1-3", 2])
    before = widget.story
    tell(widget, choose=["activation", "tanh"])
    tell(widget, choose=["closing", "softmax, log_likelihood"])
    asked = bp.Network.from_parameters(net.w, net.b, "tanh", "softmax", "log_likelihood").with_weight(3, 1, 3, 2)
    assert numbers(widget)["delta-2-3"] == bp.backprop(asked, x, y).delta[2][2, 0]
    assert widget.story["choices"]["activation"]["now"] == "tanh"
    assert widget.story["equations"]["C"] != before["equations"]["C"]
    assert widget.story["slots"] == before["slots"]
    outside = (["closing", "softmax, quadratic"], ["cost", "quadratic"], ["activation", "softmax"])
    for wrong in (*outside, ["activation"], 5):
        tell(widget, choose=wrong)
        assert widget.problem.startswith("Not changed: ")
        assert widget.net.cost == "log_likelihood"
    tell(widget, reset=True)
    assert widget.net is net
    assert widget.story["equations"] == before["equations"]
    widget.net = bp.Network([3, 4, 2], "relu", "identity")
    assert widget.story["choices"]["closing"]["now"] == "identity, quadratic"
    assert list(bp.DeltaFlow(bp.Network([3, 2]), x, y, show="BP1").story["choices"]) == ["closing"]


def test_the_cost_can_be_chosen_and_its_equation_is_that_of_the_network():
    widget = flow(select="C", show="cost")
    assert "cost" in widget.story["equations"]["C"]["parts"]
    for cost, words in (("quadratic", "½"), ("cross_entropy", "ln"), ("log_likelihood", "ln")):
        output = "softmax" if cost == "log_likelihood" else "sigmoid"
        shown = bp.Network([3, 4, 2], "sigmoid", output, cost, seed=2)
        many = bp.backprop(shown, birds.x[:, :9], birds.y[:, :9])
        equation = bp.derivations.COST_OF[cost]
        np.testing.assert_allclose(equation.members[1].value(many), many.cost_x[0], rtol=1e-12)
        told = story.equations(shown)["C"]["general"]
        assert told == equation.mathml()
        assert ("<mi>ln</mi>" in told) == (words == "ln")


def test_eight_neurons_and_five_layers_have_room():
    wide = bp.Network([8] * 5, seed=1)
    widget = bp.DeltaFlow(wide, np.ones((8, 1)), np.ones((8, 1)), select="delta-2-8")
    assert numbers(widget)["delta-2-8"] == widget.trace.delta[2][7, 0]
    assert story.parts_of(widget.story["equations"], Part("delta", 2, 8))[:2] == ["neuron-2-8", "edge-3-1-8"]


def test_another_sample_is_one_pass_and_one_frame(monkeypatch):
    picture, seen = bp.DeltaFlow(net, birds.x, birds.y), []
    passes = flow_module.backprop
    monkeypatch.setattr(flow_module, "backprop", lambda *arguments: seen.append("pass") or passes(*arguments))
    picture.observe(lambda _: seen.append("frame"), "frame")
    tell(picture, sample=7)
    assert seen == ["pass", "frame"]
    picture.sample = 8
    assert seen == ["pass", "frame"] * 2
    tell(picture, sample=8)  # the one that is shown: its numbers come again, whatever the hand had made of them
    assert seen == ["pass", "frame"] * 3


@pytest.mark.parametrize("seed", range(20))
def test_reset_leads_back_from_wherever_the_hand_has_been(seed):
    """Also where the first sample suits the first functions alone."""
    rng = np.random.default_rng(seed)
    samples, targets = birds.x[:, :3], np.array([[-1.0, 0, 1], [0, 1, 0]])
    widget = bp.DeltaFlow(net, samples, targets, eta=0.5)
    first, story_of_it = numbers(widget), widget.story
    tell(widget, sample=1)
    tell(widget, choose=["closing", "sigmoid, cross_entropy"])
    for _ in range(rng.integers(12)):
        options = widget.story["choices"]["closing"]["options"]
        moves = [{"sample": int(rng.integers(3))}, {"choose": ["closing", str(rng.choice(options))]}, {"descend": True}]
        moves += [{"change": [name, float(rng.normal())]} for name in ("w-3-1-3", "b-2-1", "x-1-2", "y-3-1")]
        tell(widget, **moves[rng.integers(len(moves))])
    tell(widget, reset=True)
    assert (widget.problem, widget.sample, widget.net) == ("", 0, net)
    assert numbers(widget) == first
    assert widget.story == story_of_it
