"""What the live network is told in detail, also a deeper one and one with softmax."""

import itertools

import numpy as np
import pytest

import bpcourse as bp
from bpcourse import proofs as derivations
from bpcourse.notation import a, delta, j, w
from bpcourse.notation.typeset import MathML
from bpcourse.parts import Part
from bpcourse.widgets import story
from tests.widgets.drawn import birds, flow, green, net, numbers, read, x, y


# guards: titles, `said`, symbols, products, the back and forth flows, the order of the steps
def test_the_story_of_a_deeper_network():
    deep = bp.Network([3, 4, 3, 2], seed=1)
    widget = bp.DeltaFlow(deep, x, y, eta=2.0)
    t, told, said, sent = widget.trace, widget.story["equations"], widget.story["sliders"], numbers(widget)
    assert (sent["x-1-3"], sent["y-4-1"], sent["C"], sent["eta"]) == (x[2, 0], 1.0, t.cost, 2.0)
    assert not np.isnan(list(sent.values())).any()
    slope = {l: t.sigma_prime(l) for l in deep.w}

    def parts(name):
        return tuple(story.parts_of(told, Part.named(name)))

    for l_, j_, k_ in ((3, 2, 4), (4, 1, 3), (2, 4, 1)):
        assert sent[f"forth-{l_}-{j_}-{k_}"] == deep.w[l_][j_ - 1, k_ - 1] * t.a[l_ - 1][k_ - 1, 0]
        assert sent[f"w-{l_}-{j_}-{k_}"] == deep.w[l_][j_ - 1, k_ - 1]
        assert sent[f"grad_w-{l_}-{j_}-{k_}"] == t.grad_w[l_][j_ - 1, k_ - 1]
        assert parts(f"forth-{l_}-{j_}-{k_}") == (w[l_, j_, k_] * a[l_ - 1, k_]).parts(deep)
        assert parts(f"grad_w-{l_}-{j_}-{k_}") == derivations.WEIGHT_GRADIENT.parts(deep, l=l_, j=j_, k=k_)
        if l_ > 2:
            assert sent[f"back-{l_}-{j_}-{k_}"] == deep.w[l_][j_ - 1, k_ - 1] * t.delta[l_][j_ - 1, 0]
            assert parts(f"back-{l_}-{j_}-{k_}") == (w[l_, j_, k_] * delta[l_, j_]).parts(deep)
    for l_, j_ in ((2, 4), (3, 1), (4, 2)):
        for name, values in (("z", t.z), ("a", t.a), ("delta", t.delta), ("b", deep.b), ("sigma_prime", slope)):
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
    symbol = weight["symbol"].replace("<mi>j</mi>", "<mn>2</mn>").replace("<mi>k</mi>", "<mn>4</mn>")
    assert symbol == w[3, 2, 4].mathml()
    steps = story.steps(deep)
    assert [step["title"] for step in steps[:-3]] == [
        "Input",
        *(f"Forward to layer {n}" for n in (2, 3, 4)),
        "The cost",
        *(f"BP{1 + (n < 4)}: errors of layer {n}" for n in (4, 3, 2)),
    ]
    flows = [
        [{"".join(pulse[0].split("-")[:2]) for pulse in phase.get("pulses", ())} for phase in step["phases"]]
        for step in steps
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
        return read(itertools.chain(*entry["rows"]))

    soft = bp.Network([3, 4, 2], "sigmoid", "softmax", "log_likelihood", 1)
    told, sent = story.equations(soft), numbers(bp.DeltaFlow(soft, x, y))
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
    def lit_edges(widget):
        return {name for name in green(widget._still()) if name.startswith("edge-")}

    widget = flow(inputs=birds.measurements, outputs=birds.species, digits=5)
    assert widget.digits == 5
    assert all(f"name-{n}" in widget.picture for n in ("1-1", "1-3", "3-1", "3-2"))
    texts = {row[0]: row[1] for row in widget._still().inventory()}
    assert (texts["name-1-2"], texts["value-1-1"]) == (birds.measurements[1], "0.40084")
    assert lit_edges(flow(show="forward", select="a-2-3")) == {f"edge-2-3-{n}" for n in (1, 2, 3)}
    assert lit_edges(flow(select="w-2-4-1")) == {"edge-2-4-1"}
    lit = flow(select="delta-2-3")
    lit.lit = ["neuron-2-1", "edge-2-1-2"]
    assert lit_edges(lit) == {"edge-2-1-2"}
    assert flow(select="w-2-4-3").select == "w-2-4-3"
    deep = bp.DeltaFlow(bp.Network([3, 4, 3, 2]), x, y)
    assert deep.story["steps"][deep.step]["title"] == "BP2: errors of layer 2"


def test_an_answer_is_one_of_those_offered_or_none():
    ask = bp.Predict(bp.questions.BP2, net, x, y).ask
    for answer in ("neuron 1", ""):
        ask.answer = answer
        assert ask.answer == answer
    with pytest.raises(ValueError, match="answer must be one of '', "):
        ask.answer = "neuron 9"
