"""The stepper without a browser: what it sends for each line, and that its numbers follow the network."""

import json
import re

import pytest

import bpcourse as bp
from bpcourse.notation import Number
from bpcourse.notation.typeset import MathML
from bpcourse.parts import Part
from bpcourse.proofs import DERIVATIONS
from bpcourse.proofs.judge import SIGNS, judge
from bpcourse.text import shown
from bpcourse.widgets.stepper import _place
from tests.fitting import fitting
from tests.widgets import drawn
from tests.widgets.drawn import birds, net, read, trace, x, y


def numbers(stepper):
    return drawn.numbers(stepper.lines)


# guards: forms mixed up, side inverted or lost, the left number sent twice, parts of the right side only
@pytest.mark.parametrize("derivation", DERIVATIONS, ids=lambda derivation: derivation.name)
def test_every_line_tells_its_expression_at_every_place(derivation):
    net = fitting(derivation)
    stepper = bp.Stepper(derivation, net, x, y, digits=5, inputs=birds.measurements, outputs=birds.species)
    story, sent = stepper.lines.story, numbers(stepper)
    assert len(json.dumps(story)) < 150_000
    assert story["digits"] == stepper.flow.digits == 5
    names = [row[1] for row in stepper.flow._still().inventory() if row[0].startswith("name-")]
    assert names == [*birds.measurements, *birds.species]
    assert (stepper.flow.select, stepper.flow.lit) == (stepper.lines.select, stepper.lines.lit)
    assert [(link.source[1], link.target[1]) for link in stepper._links] == [("lit", "lit"), ("select", "select")]
    for line, told in zip(derivation.lines, story["lines"], strict=True):
        assert (told["reason"], told["side"], told["general"]) == (line.reason, line.side, line.equation.mathml())
        places = {"-".join(map(str, place.values())): place for place in derivation.places(line, net)}
        assert {key for key, entry in told["at"].items() if not isinstance(entry, str)} == places.keys()
        for key, place in places.items():
            entry, here = told["at"][key], line.equation.at(net, **place)
            slots = re.findall(r'data-slot="([^"]+)"', "".join(entry["numbers"]))
            assert slots or isinstance(line.equation.members[1], Number)
            assert set(slots) <= set(sent)
            assert read(entry["indexed"]) == read([here.mathml()])
            left, _right = here.members
            assert "".join(entry["numbers"]) == left.mathml() + "".join(here.pieces(MathML(True))[:-1])
            assert entry["parts"] == here.parts(net)


def test_a_line_s_value_is_its_own():
    stepper = bp.Stepper(bp.BP2, net, x, y, select="delta-2-3")
    sent = numbers(stepper)
    for n in (0, 1, 2, 5, 6):
        entry = stepper.lines.story["lines"][n]["at"]["2-3"]
        right = bp.BP2.lines[n].equation.members[1]
        assert entry["value"] == f"value-{n}-2-3"
        assert sent[entry["value"]] == right.value(trace, l=2, j=3)[0]
        assert abs(sent[entry["value"]] - trace.delta[2][2, 0]) < 1e-12
    assert stepper.lines.story["lines"][6]["at"]["2-3"]["parts"] == bp.BP2.lines[6].equation.parts(net, l=2, j=3)


def test_a_wire_its_neuron_and_its_layer_find_their_place():
    told = bp.Stepper(bp.BP4, net, x, y).lines.story["lines"][0]
    assert _place("w-2-3-2", told) == told["at"]["2-3-2"] != _place("delta-2-3", told) == told["at"]["2-3-1"]
    layer = bp.Stepper(bp.BP4, net, x, y).lines.story["lines"][4]
    assert _place("w-2-3-2", layer) == layer["at"]["2"]
    data, _ = bp.Stepper(bp.BP4, net, x, y, "w-2-3-2")._repr_mimebundle_()
    assert data["text/plain"].splitlines()[1].startswith(f"1. {shown(trace.grad_w[2][2, 1], 6)}")


def test_numbers_follow_the_network():
    stepper = bp.Stepper(bp.BP2, net, x, y)
    moved = net.with_weight(3, 1, 3, 1.5)
    stepper.flow.net = moved
    assert numbers(stepper)["value-6-2-3"] == pytest.approx(bp.backprop(moved, x, y).delta[2][2, 0], rel=1e-12)


def test_the_picture_shows_everything_and_is_the_live_network_s():
    stepper = bp.Stepper(bp.BP1, net, x, y, select="delta-3-1")
    assert stepper.children == (stepper.flow, stepper.lines)
    assert isinstance(stepper.flow, bp.DeltaFlow)
    assert stepper.flow.quiet
    assert stepper.flow.step == 4, "δ² is not computed yet when BP1 is derived"
    assert bp.Stepper(bp.BP2, net, x, y).flow.step == 5
    assert bp.Stepper(bp.derivations.FORWARD, net, x, y).flow.step == 2
    assert bp.Stepper(bp.BP4, bp.Network([3, 2]), x, y).flow.step == 3
    assert stepper.flow.lit == list(bp.BP1.lines[0].equation.parts(net, l=3, j=1))


def test_what_is_shown_without_a_browser():
    data, _ = bp.Stepper(bp.BP2, net, x, y, select="delta-2-3")._repr_mimebundle_()
    lines = data["text/plain"].splitlines()
    assert lines[0] == "BP2: The error of a layer from the error of the next"
    assert lines[1] == "1. −0.031839 This is what an error is."
    assert len(lines) == 1 + len(bp.BP2.lines)
    assert "image/png" in data


entropy = bp.Network([3, 4, 2], cost="cross_entropy")


@pytest.mark.parametrize(
    ("given", "error", "sentence"),
    [
        (("BP2", net, x, y), TypeError, "a derivation such as bp.BP2 is expected; it is 'BP2'"),
        ((bp.BP2, net, x, y, "delta-3-1"), ValueError, "BP2 is about the layers 2 to 2; select is"),
        ((bp.BP2, bp.Network([3, 2]), x, y), ValueError, "BP2 needs a layer that a network with 2"),
        ((bp.BP2, "net", x, y), TypeError, "net must be a Network; it is 'net'"),
        ((bp.BP2, net, birds.x, birds.y), ValueError, "x must have 1 column; it has 219"),
        ((bp.BP2, net, [[0, 1], [1, 2], [2, 3]], [[0, 1], [1, 0]]), ValueError, "x must have 1 column; it has 2"),
        ((bp.BP2, net, x, y, "delta-2-9"), ValueError, "select must be"),
        (
            (bp.derivations.QUADRATIC, entropy, x, y),
            ValueError,
            "Quadratic cost is about the quadratic cost; this network has cross_entropy",
        ),
    ],
)
def test_bad_input_gets_a_sentence(given, error, sentence):
    with pytest.raises(error, match=sentence):
        bp.Stepper(*given)


def test_a_line_that_is_not_there_gets_a_sentence():
    with pytest.raises(ValueError, match="line must be between 0 and 8; it is 99"):
        bp.Stepper(bp.BP2, net, x, y).lines.line = 99


# What stands between the two sides of a line --------------------------------------------------------------------------


def signs(stepper):
    sent = numbers(stepper)
    return {name: SIGNS[int(number)] for name, number in sent.items() if name.startswith("sign-")}


def judged(derivation, trace):
    return {
        Part("sign", n, *at.values()): next(judge([left], right, trace)).sign
        for n, line in enumerate(derivation.lines)
        for at in derivation.places(line, trace.net)
        for left, right in [line.equation.at(trace.net, **at).members]
    }


# guards: a false line with =, a sign of another line or place, one that stays when the network changes
def test_a_line_that_does_not_hold_says_so_where_the_judge_does():
    soft = bp.Network([3, 4, 3], seed=38, output="softmax", cost="log_likelihood")
    stepper = bp.Stepper(bp.BP1, soft, x, [[0], [1], [0]], select="delta-3-1")
    found, told = signs(stepper), stepper._told_with("").splitlines()
    assert found == judged(bp.BP1, stepper.flow.trace)
    assert [found[f"sign-{n}-3-1"] for n in (0, 1, 3, 4, 5)] == ["=", "=", "≠", "=", "≠"]
    assert found["sign-2-3-1-2"] == "≠", "∂a/∂z of two neurons is not 0"
    assert [found["sign-6-3"], found["sign-7-3"]] == ["≠", "≠"]
    value = shown(numbers(stepper)["value-5-3-1"], 6)
    assert told[6] == f"6. {value} Its slope is σ′. It does not hold on this network."
    assert told[1].endswith("This is what an error is.")


def test_the_signs_follow_the_network():
    one = bp.Network.from_parameters({2: [[1.0]]}, {2: [[0.0]]}, cost="cross_entropy")
    stepper = bp.Stepper(bp.derivations.CROSS_ENTROPY, one, [[1.0]], [[1.0]])
    assert {*signs(stepper).values()} == {"="}
    stepper.flow.net = one.with_weight(2, 1, 1, 40.0)
    assert signs(stepper) == judged(stepper.derivation, stepper.flow.trace)
    assert {*signs(stepper).values()} == {"=", "≟"}
    assert "cannot be told" in stepper._told_with("")


@pytest.mark.parametrize("derivation", DERIVATIONS, ids=lambda derivation: derivation.name)
def test_the_first_equals_sign_of_a_line_is_that_between_its_sides(derivation):
    for line in derivation.lines:  # stepper.js puts the sign there
        assert ">=<" in line.equation.mathml()
        assert ">=<" not in line.equation.members[0].mathml()
