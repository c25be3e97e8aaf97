"""DeltaFlow without a browser: what it sends, what it answers, what it refuses."""

import json
import re
from itertools import product

import numpy as np
import pytest

import bpcourse as bp
from bpcourse.widgets import story
from tests.places import ROOT
from tests.widgets.drawn import birds, flow, green, net, numbers, tell, x, y


def places(net, name):
    """The neurons j and k that an entry of the story stands for."""
    layer = int(name.split("-")[1]) if "-" in name else net.L
    return range(1, net.sizes[layer - 1] + 1), range(1, net.sizes[max(layer - 2, 0)] + 1)


@pytest.mark.parametrize(
    ("output", "cost"), [(None, "quadratic"), ("sigmoid", "cross_entropy"), ("softmax", "log_likelihood")]
)
@pytest.mark.parametrize("sizes", [[3, 4, 2], [3, 2], [3, 1, 2], [3, 5, 4, 3, 2]])
def test_every_slot_of_every_equation_is_in_the_frame(sizes, output, cost):
    shown = bp.Network(sizes, "tanh", output, cost)
    widget = bp.DeltaFlow(shown, x, y, show="BP1")
    sent, told = numbers(widget), widget.story
    slots = {"C", "eta"}
    for name, entry in [*told["equations"].items(), *told["sliders"].items()]:
        for j, k in product(*places(shown, name)):
            here = json.dumps(entry).replace('\\"', '"').replace("-j", f"-{j}").replace("-k", f"-{k}")
            slots |= {*re.findall(r'data-(?:slot|before)="([^"]+)"', here)}
    for step in told["steps"]:
        for phase in step["phases"]:
            slots |= {pulse[0] for pulse in phase.get("pulses", [])}
            slots |= {f"{phase['slot']}-{phase['layer']}-1"} if "slot" in phase else set()
    assert len(slots) > 30
    assert slots <= set(told["slots"])
    assert not np.isnan([sent[slot] for slot in slots if not slot.startswith(f"sigma_prime-{shown.L}")]).any()


def test_steps_tell_what_is_computed_and_what_is_not():
    steps = story.steps(net)
    names = ["input", "forward", "forward", "cost", "BP1", "BP2", "BP3", "BP4", "descent"]
    assert [step["name"] for step in steps] == names
    assert steps[0]["shows"] == {1: "x", 2: "", 3: "", "C": "", "w": ""}
    assert steps[4]["shows"] == {1: "x", 2: "a", 3: "delta", "C": "C", "w": ""}
    assert steps[0]["wires"] == {2: "", 3: ""}
    assert steps[5]["wires"] == {2: "forth", 3: "back"}
    assert steps[7]["wires"] == {2: "grad_w", 3: "grad_w"}
    gather, scale = {"caption": "Σ w δ", "slot": "sum"}, {"caption": "· σ′(z)", "slot": "sigma_prime"}
    back = [[f"back-3-{j}-{k}", f"edge-3-{j}-{k}", 1, 0] for j in (1, 2) for k in (1, 2, 3, 4)]
    assert steps[5]["phases"] == ({"pulses": back}, {**gather, "layer": 2}, {**scale, "layer": 2})
    for show, step in (("input", 0), ("forward", 2), ("cost", 3), ("BP1", 4), ("BP2", 5), ("BP4", 7), ("descent", 8)):
        assert flow(show=show).step == step


def test_a_moved_weight_changes_net_trace_and_frame():
    widget = flow()
    seen = []
    widget.observe(lambda change: seen.append(change.new), "trace")
    tell(widget, change=["w-3-1-3", 0.5])
    assert widget.net.w[3][0, 2] == 0.5
    assert seen == [widget.trace]
    expected = bp.backprop(net.with_weight(3, 1, 3, 0.5), x, y)
    assert numbers(widget)["delta-2-3"] == expected.delta[2][2, 0]
    assert net.w[3][0, 2] != 0.5
    tell(widget, reset=True)
    assert widget.net is net


def test_biases_inputs_and_targets_can_be_changed_too():
    widget = flow()
    assert {name.split("-")[0] for name in widget.story["sliders"]} == {"w", "b", "x", "y", "eta"}
    tell(widget, change=["b-2-3", 0.5])
    tell(widget, change=["x-1-2", -1.5])
    tell(widget, change=["y-3-1", 0.25])
    moved = [x[0, 0], -1.5, x[2, 0]]
    expected = bp.backprop(net.with_bias(2, 3, 0.5), [[v] for v in moved], [[0.25], [0.0]])
    assert numbers(widget)["delta-2-3"] == expected.delta[2][2, 0]
    assert numbers(widget)["x-1-2"] == -1.5
    tell(widget, reset=True)
    assert numbers(widget) == numbers(flow())


def test_a_target_that_the_cost_does_not_know_is_refused():
    certain = bp.Network([3, 4, 2], output="softmax", cost="log_likelihood")
    widget = bp.DeltaFlow(certain, x, y)
    tell(widget, change=["y-3-1", 0.25])
    assert widget.problem.startswith("Not changed: log_likelihood needs columns of y")
    assert numbers(widget)["y-3-1"] == 1.0


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ({"change": ["w-3-1-9", 1]}, "nothing is called 'w-3-1-9' here"),
        ({"change": ["w-3-1-3", None]}, "must be a number"),
        ({"change": ["w-3-1-3", float("nan")]}, "must be finite"),
        ({"change": ["z-3-1", 1]}, "nothing is called 'z-3-1' here"),
        ({"change": ["y-3-1", float("inf")]}, "must be finite"),
        ({"change": [["w"], 1]}, "Not changed"),
        ({"change": 5}, "Not changed"),
        ({}, "Not changed"),
    ],
)
def test_a_change_that_cannot_be_made_leaves_the_picture_and_says_why(content, sentence):
    widget = flow()
    before, frame, old = numbers(widget), widget.frame, widget.trace
    tell(widget, **content)
    assert sentence in widget.problem
    assert widget.trace is old
    assert numbers(widget) == before
    assert widget.frame != frame, "the browser waits for an answer"
    tell(widget, change=["w-3-1-3", 0.5])
    assert widget.problem == ""


def test_a_change_that_changes_nothing_is_answered_too():
    widget = flow()
    frame = widget.frame
    tell(widget, change=["w-3-1-3", net.w[3][0, 2]])
    assert widget.frame != frame


def test_the_initial_message_is_small():
    widget = flow(inputs=birds.measurements, outputs=birds.species)
    assert len(json.dumps(widget.story)) + len(widget.picture) + len(str(widget._esm)) < 150_000
    assert len(widget.frame) < 900
    told = " ".join((ROOT / "docs" / "inside.md").read_text(encoding="utf-8").split())
    assert f"{1 + len(widget.story['slots'])} numbers as {len(widget.frame)} bytes for 3-4-2" in told
    assert f"{101 * len(widget.frame) / 1000:.0f} kB of frames for 3-4-2 and 100 epochs" in told


def test_what_is_shown_without_a_browser():
    data, _ = flow(select="delta-2-3")._repr_mimebundle_()
    assert set(data) == {"text/plain", "image/png", "application/vnd.jupyter.widget-view+json"}
    assert data["text/plain"].splitlines()[0] == "BP2: errors of layer 2"
    assert data["text/plain"].splitlines()[-1] == "δ² = (0.025, 0.011, −0.032, 0.008)"
    assert {"edge-3-1-3", "edge-3-2-3"} <= green(flow(select="delta-2-3")._still())
    early = flow(show="forward", select="w-3-1-3")._still()
    assert "symbol-a-2-3" in {row[0] for row in early.inventory()}


def test_before_the_forward_pass_nothing_but_the_input_has_a_number():
    still = flow(show="input")._still()
    texts = {row[0]: row[1] for row in still.inventory()}
    assert texts["value-1-1"] == "0.401"
    assert texts["value-2-1"] == texts["value-3-1"] == ""
    assert "a²" not in still.description


def test_setting_a_network_shows_it():
    widget = flow()
    widget.net = net.with_bias(2, 1, 0.5)
    assert widget.trace.net.b[2][0, 0] == 0.5
    with pytest.raises(ValueError, match="this picture has the sizes"):
        widget.net = bp.Network([3, 5, 2])


every = bp.DeltaFlow(net, birds.x, birds.y)


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (
            lambda: flow(show="BP9"),
            "show must be one of input, forward, cost, BP1, BP2, BP3, BP4, descent; it is 'BP9'",
        ),
        (lambda: flow(sample=1), "sample must be between 0 and 0; it is 1"),
        (lambda: flow(sample="first"), "sample must be a whole number between 0 and 0; it is 'first'"),
        (lambda: setattr(every, "sample", 219), "sample must be between 0 and 218; it is 219"),
        (lambda: flow(eta=0), "eta must be above 0, or the cost does not fall; it is 0"),
        (lambda: bp.DeltaFlow(bp.Network([3, 9, 2]), x, y), "this network is 3-9-2: draw a smaller one"),
        (lambda: bp.DeltaFlow(bp.Network([3, 4, 4, 4, 4, 2]), x, y), "room for 5 layers of up to 8 neurons"),
        *(
            (lambda select=select: flow(select=select), "select must be")
            for select in ("delta-1-1", "w-2-5-1", "x-2-1", "a-1-1", "w-2-3-4", "x-1-4")
        ),
        (lambda: flow(select="neuron"), "select must be '' or a part of this"),
        (lambda: flow(digits=13), "digits must be between 0 and 12; it is 13"),
        (lambda: flow(digits="three"), "digits must be a whole number between 0 and 12; it is 'three'"),
        (lambda: setattr(flow(), "select", "delta-9-9"), "select must be"),
        (lambda: setattr(flow(), "step", 9), "step must be between 0 and 8; it is 9"),
        (lambda: bp.DeltaFlow("net", x, y), "net must be a Network"),
        (lambda: bp.DeltaFlow(net, x[:2], y), "x must have 3 rows; it has 2"),
    ],
)
def test_bad_input_gets_a_sentence(call, sentence):
    with pytest.raises((ValueError, TypeError, IndexError), match=sentence):
        call()
