"""What the widgets are told in detail: every line at every place, the story of deeper and of softmax networks."""

import functools
import operator
import re

import numpy as np
import pytest

import bpcourse as bp
from bpcourse import proofs as derivations
from bpcourse.notation import a, delta, j, w
from bpcourse.notation.typeset import MathML
from bpcourse.parts import Part
from bpcourse.proofs import BP4, DERIVATIONS
from bpcourse.text import shown
from bpcourse.widgets import story
from tests.fitting import fitting

birds = bp.penguins()
net = bp.Network([3, 4, 2], seed=38)
x1, y1 = birds.x[:, [128]], birds.y[:, [128]]
trace = bp.backprop(net, x1, y1)


# ---- widgets
def read(pieces):
    return re.sub(r"<[^>]+>", "", "".join(pieces))


def numbers(widget):
    slots = widget.story["slots"]
    return dict(zip(slots, np.frombuffer(widget.frame, "<f8")[1:], strict=True))


# guards: forms mixed up, side inverted/lost, the left number sent
# twice, parts of the right side only, wire → first wire
@pytest.mark.parametrize("derivation", DERIVATIONS, ids=lambda d: d.name)
def test_what_a_line_sends_is_its_expression(derivation):
    net = fitting(derivation)
    stepper = bp.Stepper(derivation, net, x1, y1, digits=5, inputs=birds.measurements, outputs=birds.species)
    assert stepper.lines.story["digits"] == stepper.flow.digits == 5
    names = [row[1] for row in stepper.flow._still().inventory() if row[0].startswith("name-")]
    assert names == [*birds.measurements, *birds.species]
    assert stepper.flow.select == stepper.lines.select
    assert stepper.flow.lit == stepper.lines.lit
    assert [(link.source[1], link.target[1]) for link in stepper._links] == [("lit", "lit"), ("select", "select")]
    for line, told in zip(derivation.lines, stepper.lines.story["lines"], strict=True):
        assert (told["side"], told["general"]) == (line.side, line.equation.mathml())
        for indices in derivation.places(line, net):
            entry = told["at"]["-".join(map(str, indices.values()))]
            here = line.equation.at(net, **indices)
            left, _right = here.members
            assert read(entry["indexed"]) == read([here.mathml()])
            assert "".join(entry["numbers"]) == left.mathml() + "".join(here.pieces(MathML(True))[:-1])
            assert entry["parts"] == here.parts(net)


def test_a_wire_its_neuron_and_its_layer_find_their_place():
    from bpcourse.widgets.stepper import _place

    told = bp.Stepper(BP4, net, x1, y1).lines.story["lines"][0]
    assert _place("w-2-3-2", told) == told["at"]["2-3-2"] != _place("delta-2-3", told) == told["at"]["2-3-1"]
    layer = bp.Stepper(BP4, net, x1, y1).lines.story["lines"][4]
    assert _place("w-2-3-2", layer) == layer["at"]["2"]
    data, _ = bp.Stepper(BP4, net, x1, y1, "w-2-3-2")._repr_mimebundle_()
    assert data["text/plain"].splitlines()[1].startswith(f"1. {shown(trace.grad_w[2][2, 1], 6)}")


# guards: titles, `said`, symbols, products, the back and forth flows, the order of the steps
def test_the_story_of_a_deeper_network():
    deep = bp.Network([3, 4, 3, 2], seed=1)
    t = bp.backprop(deep, x1, y1)
    told, said = story.equations(deep), story.sliders(deep)
    sent = dict(zip(story.slot_names(t), story.slot_values(t, 2.0), strict=True))
    assert sent["eta"] == 2

    def parts(name):
        return tuple(story.parts_of(told, Part.named(name)))

    for l_, j_, k_ in ((3, 2, 4), (4, 1, 3), (2, 4, 1)):
        assert sent[f"forth-{l_}-{j_}-{k_}"] == deep.w[l_][j_ - 1, k_ - 1] * t.a[l_ - 1][k_ - 1, 0]
        assert sent[f"grad_w-{l_}-{j_}-{k_}"] == t.grad_w[l_][j_ - 1, k_ - 1]
        assert parts(f"forth-{l_}-{j_}-{k_}") == (w[l_, j_, k_] * a[l_ - 1, k_]).parts(deep)
        assert parts(f"grad_w-{l_}-{j_}-{k_}") == derivations.WEIGHT_GRADIENT.parts(deep, l=l_, j=j_, k=k_)
        if l_ > 2:
            assert sent[f"back-{l_}-{j_}-{k_}"] == deep.w[l_][j_ - 1, k_ - 1] * t.delta[l_][j_ - 1, 0]
            assert parts(f"back-{l_}-{j_}-{k_}") == (w[l_, j_, k_] * delta[l_, j_]).parts(deep)
    for l_, j_ in ((2, 4), (3, 1), (4, 2)):
        for name, values in (("z", t.z), ("a", t.a), ("delta", t.delta), ("b", deep.b)):
            assert sent[f"{name}-{l_}-{j_}"] == values[l_][j_ - 1, 0]
        if l_ < 4:
            assert sent[f"sum-{l_}-{j_}"] == (deep.w[l_ + 1].T @ t.delta[l_ + 1])[j_ - 1, 0]
        assert told[f"delta-{l_}"]["title"] == f"{'BP1' if l_ == 4 else 'BP2'}, neuron {{j}} of layer {l_}"
        assert told[f"delta-{l_}"]["said"] == f"δ{'⁰¹²³⁴'[l_]}{{j}}"
        assert len(told[f"delta-{l_}"]["rows"]) == 3
        equation = derivations.output_error_of(deep) if l_ == 4 else derivations.HIDDEN_ERROR
        assert parts(f"delta-{l_}-{j_}") == equation.parts(deep, l=l_, j=j_)
    assert told["x-1"]["said"] == "x{j}"
    weight = said["w-3"]
    title = "The weight from neuron {k} of layer 2 to neuron {j} of layer 3"
    assert (weight["title"], weight["said"]) == (title, "w³{j}{k}")
    assert (
        weight["symbol"].replace("<mi>j</mi>", "<mn>2</mn>").replace("<mi>k</mi>", "<mn>4</mn>") == w[3, 2, 4].mathml()
    )
    steps = story.steps(deep)
    assert [step["title"] for step in steps[:-3]] == [
        "Input",
        *(f"Forward to layer {n}" for n in (2, 3, 4)),
        "The cost",
        *(f"BP{1 + (n < 4)}: errors of layer {n}" for n in (4, 3, 2)),
    ]
    flows = [
        [
            {pulse[0].split("-")[0] + pulse[0].split("-")[1] for pulse in phase.get("pulses", ())}
            for phase in s["phases"]
        ]
        for s in steps
    ]
    assert flows[:4] == [[], [{"forth2"}, set()], [{"forth3"}, set()], [{"forth4"}, set()]]
    assert flows[4:8] == [[{"a4"}], [{"delta4"}], [{"back4"}, set(), set()], [{"back3"}, set(), set()]]
    assert flows[8:] == [[], [{"a3", "delta4"}, {"a2", "delta3"}, {"x1", "delta2"}], []]


# guards: what the browser puts in for the letters is what Python writes for that neuron
@pytest.mark.parametrize("sizes", [[3, 4, 2], [3, 4, 3, 2]])
def test_an_equation_told_for_a_layer_is_that_of_each_neuron(sizes):
    here = bp.Network(sizes, seed=1)
    told = story.equations(here)
    for l_, j_ in ((2, 4), (len(sizes) - 1, 3), (len(sizes), 1)):
        general = derivations.output_error_of(here) if l_ == here.L else derivations.HIDDEN_ERROR
        rows = "".join(told[f"delta-{l_}"]["rows"][0]).replace("<mi>j</mi>", f"<mn>{j_}</mn>")
        assert rows == "".join(general.at(here, l=l_, j=j_).pieces(MathML(False)))
        numbers_ = "".join(told[f"delta-{l_}"]["rows"][1]).replace('-j"', f'-{j_}"')
        assert numbers_ == "".join(general.at(here, l=l_, j=j_).pieces(MathML(True)))


# guards: softmax's σ(z) of one neuron shown, its `a` row missing, its slope in the frame, σ′ shown where it cancels
def test_what_is_told_of_softmax_and_of_cancelled_pairs():
    def text(entry):
        return read(functools.reduce(operator.iadd, entry["rows"], []))

    soft = bp.Network([3, 4, 2], "sigmoid", "softmax", "log_likelihood", 1)
    t = bp.backprop(soft, x1, y1)
    told = story.equations(soft)
    sent = dict(zip(story.slot_names(t), story.slot_values(t, 1.0), strict=True))
    assert read(told["a-3"]["rows"][-1]) == read([a[3, j].mathml(), "="])
    assert "σ" not in text(told["a-3"])
    assert len(told["delta-3"]["rows"]) == 2
    assert np.isnan(sent["sigma_prime-3-1"])
    cross = story.equations(bp.Network([3, 4, 2], cost="cross_entropy"))
    assert len(cross["delta-3"]["rows"]) == 2
    assert "σ" not in text(cross["delta-3"])
    assert len(cross["a-3"]["rows"]) == 3


# guards: digits, names, the step it opens on, the still picture's choice, w's bounds, x in any layer, digits 13
def test_the_live_network_s_choices():
    def flow(**kw):
        return bp.DeltaFlow(net, x1, y1, **kw)

    def green(widget):
        still = widget._still().findobj(lambda artist: artist.get_gid())
        return {artist.get_gid() for artist in still if getattr(artist, "_color", "") == "#007a5a"} & {
            f"edge-{l_}-{j_}-{k_}" for l_ in net.w for _, j_, k_ in story.edges(net, l_)
        }

    widget = flow(inputs=birds.measurements, outputs=birds.species, digits=5)
    assert widget.digits == 5
    assert all(f"name-{n}" in widget.picture for n in ("1-1", "1-3", "3-1", "3-2"))
    texts = {row[0]: row[1] for row in widget._still().inventory()}
    assert (texts["name-1-2"], texts["value-1-1"]) == (birds.measurements[1], "0.40084")
    assert flow(show="forward", select="a-2-3")._still()
    assert green(flow(show="forward", select="a-2-3")) == {f"edge-2-3-{n}" for n in (1, 2, 3)}
    assert green(flow(select="w-2-4-1")) == {"edge-2-4-1"}
    lit = flow(select="delta-2-3")
    lit.lit = ["neuron-2-1", "edge-2-1-2"]
    assert green(lit) == {"edge-2-1-2"}
    for select in ("x-2-1", "a-1-1", "w-2-3-4", "x-1-4"):
        with pytest.raises(ValueError, match="select"):
            flow(select=select)
    assert flow(select="w-2-4-3").select == "w-2-4-3"
    with pytest.raises(ValueError, match="digits must be between 0 and 12"):
        flow(digits=13)
    deep = bp.DeltaFlow(bp.Network([3, 4, 3, 2]), x1, y1)
    assert deep.story["steps"][deep.step]["title"] == "BP2: errors of layer 2"


def test_an_answer_is_one_of_those_offered_or_none():
    ask = bp.Predict(bp.questions.BP2, bp.Network([3, 4, 2], seed=38), [[0.1], [0.2], [0.3]], [[1], [0]]).ask
    for answer in ("neuron 1", ""):
        ask.answer = answer
        assert ask.answer == answer
    with pytest.raises(ValueError, match="answer must be one of '', "):
        ask.answer = "neuron 9"
