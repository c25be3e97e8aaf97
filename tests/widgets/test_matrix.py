"""The weights as a table, without a browser: what is told of rows, columns and wires, and what is refused."""

import json
import re

import numpy as np
import pytest

import bpcourse as bp
from bpcourse.notation.typeset import MathML
from bpcourse.proofs import WEIGHTED_INPUT
from bpcourse.text import shown
from bpcourse.widgets.story import slot_names
from tests.widgets.drawn import numbers, read

SIZES = [(3, 4, 2), (2, 3, 1), (3, 5, 4, 2), (2, 1, 2), (8, 8, 8), (3, 2)]


def live(sizes, seed=38, select="", digits=3, **functions):
    net, random = bp.Network(sizes, seed=seed, **functions), np.random.default_rng(seed)
    y = np.eye(sizes[-1])[:, [0]]
    return bp.DeltaFlow(net, random.normal(size=(sizes[0], 1)), y, select=select, show="input", digits=digits)


def put(text, letter, n):
    """What the browser does with the letter of a neuron."""
    return re.sub(rf"-{letter}\b", f"-{n}", text.replace(f"<mi>{letter}</mi>", f"<mn>{n}</mn>"))


def slots(pieces):
    return re.findall(r'data-slot="([^"]+)"', "".join(pieces))


@pytest.mark.parametrize(
    ("sizes", "functions"),
    [
        *((sizes, {}) for sizes in SIZES),
        ((3, 4, 3), {"output": "softmax", "cost": "log_likelihood"}),
        ((2, 3, 4, 2), {"activation": "tanh", "output": "softmax", "cost": "log_likelihood"}),
    ],
)
def test_every_slot_is_in_the_frame_and_the_numbers_are_the_sums(sizes, functions):
    flow = live(sizes, **functions)
    net, sent = flow.net, numbers(flow)
    told = bp.WeightMatrix(flow, l=net.L).grid.story
    assert list(told) == [str(l) for l in net.w]
    assert len(json.dumps(told)) < 30_000
    for l in net.w:
        row, column = told[str(l)]["row"], told[str(l)]["column"]
        for j in range(1, net.sizes[l - 1] + 1):
            here = [put(piece, "j", j) for piece in row["numbers"]]
            assert here == WEIGHTED_INPUT.at(net, l=l, j=j).pieces(MathML(True))
            *factors, bias, result = (sent[slot] for slot in slots(here))
            assert result == pytest.approx(np.dot(factors[::2], factors[1::2]) + bias, rel=1e-12)
            assert result == flow.trace.z[l][j - 1, 0]
            assert put(told[str(l)]["to"]["slot"], "j", j) == f"delta-{l}-{j}"
            assert not slots(row["general"])
        for k in range(1, net.sizes[l - 2] + 1):
            assert put(told[str(l)]["from"]["slot"], "k", k) in sent
            if l == 2:
                assert "numbers" not in column
                continue
            *factors, result = (sent[slot] for slot in slots([put(piece, "j", k) for piece in column["numbers"]]))
            assert factors[::2] == list(net.w[l][:, k - 1])
            assert factors[1::2] == list(flow.trace.delta[l][:, 0])
            assert result == pytest.approx((net.w[l].T @ flow.trace.delta[l])[k - 1, 0], rel=1e-12)


def test_what_is_said_of_a_row_a_column_and_a_wire():
    told = bp.WeightMatrix(live((3, 4, 2))).grid.story["3"]
    assert (told["said"], told["shape"]) == (["w³", "(w³)ᵀ"], ["2 rows, 4 columns", "4 rows, 2 columns"])
    assert [read([symbol]) for symbol in told["symbol"]] == ["w3", "(w3)T"]
    row, column, wire = told["row"], told["column"], told["wire"]
    arrive = "the wires that arrive at neuron {j} of layer 3. Forward multiplies it with a² and adds the bias:"
    assert row["title"][0] + row["text"][0] == f"Row {{j}} of w³: {arrive}"
    assert row["title"][1] + row["text"][1] == f"Column {{j}} of (w³)ᵀ is row {{j}} of w³: {arrive}"
    leave, back = "the wires that leave neuron {j} of layer 2. ", "Backward multiplies it with δ³:"
    assert column["title"][0] + column["text"][0] == f"Column {{j}} of w³: {leave}In (w³)ᵀ it is row {{j}}. {back}"
    assert column["title"][1] + column["text"][1] == f"Row {{j}} of (w³)ᵀ is column {{j}} of w³: {leave}{back}"
    assert wire["title"] == ["Row {j}, column {k} of w³", "Row {k}, column {j} of (w³)ᵀ"]
    assert "is w³ⱼₖ, the wire from neuron {k} of layer 2 to neuron {j} of layer 3. Forward it" in wire["text"][0]
    assert read(row["general"]).replace(" ", "") == "zj3=∑kwjk3ak2+bj3", "the sum over k stays closed"
    assert read(column["general"]) == "∑kwkj3δk3"
    assert (row["missing"], column["missing"]) == (["a² is", "z³ⱼ is"], ["δ³ is", "Their sum is"])


def test_what_a_column_adds_up_has_the_letters_of_bp2_in_the_panel_beside_it():
    """j is the neuron that is chosen, and k runs."""
    view = bp.WeightMatrix(live((3, 4, 2)))
    panel = read([view.flow.story["equations"]["delta-2"]["general"]]).replace("l+1", "3")
    assert f"({read(view.grid.story['3']['column']['general'])})" in panel


def test_nothing_is_sent_back_to_the_inputs():
    told = bp.WeightMatrix(live((3, 4, 2)), l=2).grid.story["2"]
    for text in told["column"]["text"]:
        assert text.endswith("Backward does not use it: there is no δ¹, so nothing is sent back to the inputs.")
    assert "general" not in told["column"]
    assert told["from"] == {"said": "xₖ", "slot": "x-1-k"}
    assert "Forward multiplies it with x and adds" in told["row"]["text"][0]
    assert read(told["row"]["general"]) == "zj2=∑kwjk2xk+bj2"
    assert bp.WeightMatrix(live((2, 1, 2)), l=2).grid.story["2"]["shape"] == ["1 row, 2 columns", "2 rows, 1 column"]


def test_the_picture_and_the_table_are_one_widget():
    flow = live((3, 4, 2))
    view = bp.WeightMatrix(flow, l=2, transposed=True)
    assert view.children == (flow, view.grid)
    assert (view.flow, view.grid.flow, view.grid.layer, view.grid.transposed) == (flow, flow, 2, True)
    assert view.grid.get_state(["flow"]) == {"flow": f"IPY_MODEL_{flow.model_id}"}
    assert not flow.quiet
    assert bp.WeightMatrix(flow).grid.layer == 3
    assert "sum-2-4" in slot_names(flow.trace), "the sum of a column has its number in the picture's frame"


def test_a_change_costs_the_table_no_message(monkeypatch):
    view, sent = bp.WeightMatrix(live((3, 4, 2))), []
    for side in (view.flow, view.grid):
        monkeypatch.setattr(side, "_send", lambda content, buffers=None, side=side: sent.append(side))
    view.flow.net = view.flow.net.with_weight(3, 1, 3, 1.5)
    assert sent
    assert view.grid not in sent
    assert "1.500" in view._text(), "the text follows the network"


@pytest.mark.parametrize("turned", [False, True])
def test_what_is_shown_without_a_browser(turned):
    flow = live((3, 4, 2), select="delta-2-3", digits=4)
    data, _ = bp.WeightMatrix(flow, transposed=turned)._repr_mimebundle_()
    picture, text = data["text/plain"].split("\nw³: " if not turned else "\n(w³)ᵀ: ")
    assert picture == flow._repr_mimebundle_()[0]["text/plain"]
    shape, head, *rows = text.splitlines()
    table = flow.net.w[3].T if turned else flow.net.w[3]
    assert shape == ("4 rows, 2 columns" if turned else "2 rows, 4 columns")
    names = [f"from {k}" for k in range(1, 5)], [f"to {j}" for j in (1, 2)]
    across, down = names[::-1] if turned else names
    assert re.split(r"\s{2,}", head.strip()) == ["(w³)ᵀ" if turned else "w³", *across]
    assert [re.split(r"\s{2,}", row.strip()) for row in rows] == [
        [name, *(shown(number, 4) for number in numbers)] for name, numbers in zip(down, table, strict=True)
    ]
    assert len({len(row) for row in [head, *rows]}) == 1, "the columns stand below each other"
    assert "image/png" in data
    assert "application/vnd.jupyter.widget-view+json" in data


@pytest.mark.parametrize(
    ("call", "error", "sentence"),
    [
        (
            lambda: bp.WeightMatrix("flow"),
            TypeError,
            r"must be a live network, bp.DeltaFlow\(net, x, y\); it is 'flow'",
        ),
        (lambda: bp.WeightMatrix(live((3, 4, 2)), 4), ValueError, "a 3-4-2 network has w², w³; it is 4"),
        (lambda: bp.WeightMatrix(live((3, 4, 2)), 1), ValueError, "has w², w³; it is 1"),
        (lambda: bp.WeightMatrix(live((3, 4, 2)), "3"), ValueError, "it is '3'"),
        (lambda: bp.WeightMatrix(live((3, 2))), ValueError, "a 3-2 network has w²; it is 3"),
        (lambda: bp.WeightMatrix(live((3, 4, 4, 2)), 9), ValueError, "has w², w³, w⁴; it is 9"),
        (lambda: setattr(bp.WeightMatrix(live((3, 4, 2))).grid, "layer", 4), ValueError, "has w², w³; it is 4"),
        (
            lambda: bp.WeightMatrix(live((3, 4, 2)), transposed="no"),
            TypeError,
            "transposed must be True or False; it is 'no'",
        ),
    ],
)
def test_bad_input_gets_a_sentence(call, error, sentence):
    with pytest.raises(error, match=sentence):
        call()
