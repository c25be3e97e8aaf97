"""The stepper without a browser: what it sends for each line, and that its numbers follow the network."""

import json
import re

import numpy as np
import pytest

import bpcourse as bp
from bpcourse.notation import Number
from bpcourse.proofs import DERIVATIONS
from tests.fitting import fitting

birds = bp.penguins()
net = bp.Network([3, 4, 2], seed=38)
x, y = birds.x[:, [128]], birds.y[:, [128]]
trace = bp.backprop(net, x, y)


def numbers(stepper):
    """The numbers of a frame by their names, without its counter."""
    slots = stepper.lines.story["slots"]
    return dict(zip(slots, np.frombuffer(stepper.lines.frame, "<f8")[1:], strict=True))


def places(told):
    return {key: entry for key, entry in told["at"].items() if not isinstance(entry, str)}


@pytest.mark.parametrize("derivation", DERIVATIONS, ids=lambda derivation: derivation.name)
def test_every_line_has_every_place_and_every_number(derivation):
    net = fitting(derivation)
    stepper = bp.Stepper(derivation, net, x, y)
    assert len(json.dumps(stepper.lines.story)) < 150_000
    sent = numbers(stepper)
    for line, told in zip(derivation.lines, stepper.lines.story["lines"], strict=True):
        assert told["reason"] == line.reason
        indices = [list(place.values()) for place in derivation.places(line, net)]
        assert set(places(told)) == {"-".join(map(str, place)) for place in indices}
        for entry in places(told).values():
            slots = re.findall(r'data-slot="([^"]+)"', "".join(entry["numbers"]))
            assert slots or isinstance(line.equation.members[1], Number)
            assert set(slots) <= set(sent)


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


@pytest.mark.parametrize(
    ("call", "error", "sentence"),
    [
        (lambda: bp.Stepper("BP2", net, x, y), TypeError, "a derivation such as bp.BP2 is expected; it is 'BP2'"),
        (lambda: bp.Stepper(bp.BP2, net, x, y, "delta-3-1"), ValueError, "BP2 is about the layers 2 to 2; select is"),
        (lambda: bp.Stepper(bp.BP2, bp.Network([3, 2]), x, y), ValueError, "BP2 needs a layer that a network with 2"),
        (
            lambda: setattr(bp.Stepper(bp.BP2, net, x, y).lines, "line", 99),
            ValueError,
            "line must be between 0 and 8; it is 99",
        ),
        (lambda: bp.Stepper(bp.BP2, "net", x, y), TypeError, "net must be a Network; it is 'net'"),
        (lambda: bp.Stepper(bp.BP2, net, birds.x, birds.y), ValueError, "x must have 1 column; it has 219"),
        (lambda: bp.Stepper(bp.BP2, net, x, y, "delta-2-9"), ValueError, "select must be"),
        (
            lambda: bp.Stepper(
                bp.derivations.QUADRATIC, bp.Network([3, 4, 2], output="sigmoid", cost="cross_entropy"), x, y
            ),
            ValueError,
            "Quadratic cost is about the quadratic cost; this network has cross_entropy",
        ),
    ],
)
def test_bad_input_gets_a_sentence(call, error, sentence):
    with pytest.raises(error, match=sentence):
        call()
