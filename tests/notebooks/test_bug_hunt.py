"""The bug hunt: three of four programs are wrong in one way each, all learn, and each solution mends its program."""

import re

import numpy as np
import pytest

import bpcourse as bp
from tests.notebooks.cells import PYTHON, code_cells, numbered, prose
from tools.decks import tagged

CELLS = numbered("08").cells
PROGRAM = re.compile(r"def loop_(\w)")
# By letter: the program as it stands there, and in the folded solution.
LOOPS = {found[1]: cell for cell in code_cells(numbered("08")) if (found := PROGRAM.match(cell.source))}
SOLUTIONS = {
    PROGRAM.match(code)[1]: code for cell in CELLS if tagged(cell, "solution") for code in PYTHON.findall(cell.source)
}
TOOL = next(cell.source for cell in CELLS if cell.source.startswith("def used_by"))
birds = bp.penguins()
net = bp.Network([3, 4, 2], seed=38)


def check(source, net=net, x=birds.x, y=birds.y, eta=1.0):
    """The gradient check of one step of a program, by the notebook's own tool."""
    names = {"bp": bp, "np": np, "net": net, "x": x, "y": y}
    exec(source, names)
    exec(TOOL, names)
    loop = next(value for name, value in names.items() if name.startswith("loop_"))
    return bp.numeric.gradient_check(net, x, y, *names["used_by"](loop, eta))


def differ(report):
    """Which tables differ."""
    tables = {"b": report.errors_b, "w": report.errors_w}
    return {f"{symbol}{l}" for symbol, errors in tables.items() for l in errors if errors[l].max() > 1e-9}


def test_the_programs_and_their_solutions_are_all_there():
    assert list(LOOPS) == ["a", "b", "c", "d"]
    assert sorted(SOLUTIONS) == ["a", "b", "d"]
    assert {name for name, cell in LOOPS.items() if tagged(cell, "exercise")} == set(SOLUTIONS)
    for source in [*SOLUTIONS.values(), *(cell.source for cell in LOOPS.values())]:
        assert len(source.splitlines()) <= 12


@pytest.mark.parametrize(
    ("letter", "marks"),
    [("a", {"b2", "b3"}), ("b", {"b2", "w2"}), ("c", set()), ("d", {"b2", "w2"})],
)
def test_a_check_finds_each_mistake_where_the_notebook_says(letter, marks):
    for seed in (38, 1, 2):
        assert differ(check(LOOPS[letter].source, bp.Network([3, 4, 2], seed=seed))) == marks


def test_the_learning_rate_tells_b_and_d_apart():
    errors = {name: [check(LOOPS[name].source, eta=eta).error for eta in (1, 0.1, 0.01)] for name in "bd"}
    assert errors["b"] == pytest.approx([errors["b"][0]] * 3, rel=1e-6)
    first, second, third = errors["d"]
    assert 5 < first / second < 15
    assert 5 < second / third < 15


@pytest.mark.parametrize("letter", sorted(SOLUTIONS))
def test_each_solution_mends_its_program(letter):
    assert not check(LOOPS[letter].source)
    for seed in (38, 1, 2):
        assert check(SOLUTIONS[letter], bp.Network([3, 4, 2], seed=seed))


def trained(letter, steps, start=net):
    """The network after some steps of a program as it stands there, with η = 1."""
    names = {"bp": bp}
    exec(LOOPS[letter].source, names)
    return names[f"loop_{letter}"](start, birds.x, birds.y, 1.0, steps)


@pytest.mark.parametrize("letter", LOOPS)
def test_every_program_learns(letter):
    costs = [bp.backprop(trained(letter, steps), birds.x, birds.y).cost for steps in (0, 10, 100, 300)]
    assert costs == sorted(costs, reverse=True)
    assert costs[-1] < 0.2 * costs[0]
    assert net.w[2][0, 0] == bp.Network([3, 4, 2], seed=38).w[2][0, 0], "the network itself is left alone"


def test_the_published_numbers_are_those_of_the_early_update():
    printed = next(c.outputs[0].text for c in CELLS if c.source.startswith("for early in"))
    right, early = printed.split("early update: True")
    assert "cost after 1 step: 0.29102777369" in right
    assert f"{float(re.search('step: (.+)', early)[1]):.9f}" == "0.291027924"
    assert "0.015912196, 0.984065734" in early


def test_the_numbers_in_the_answers_hold():
    one = bp.Network([3, 1, 1], seed=3)
    assert check(LOOPS["a"].source, one, birds.x, birds.y[:1]), "answer 1"
    summed = LOOPS["c"].source.replace("net.w[2] - eta / m", "net.w[2] - eta")
    report = check(summed)
    assert differ(report) == {"w2"}
    np.testing.assert_allclose(report.errors_w[2], 218 / 219, rtol=1e-9, err_msg="answer 2")


def test_a_never_moves_the_biases_of_a_layer_apart():
    for l in (2, 3):
        np.testing.assert_allclose(np.diff(trained("a", 50).b[l], axis=0), np.diff(net.b[l], axis=0), rtol=1e-9)
        assert not np.allclose(np.diff(trained("c", 50).b[l], axis=0), np.diff(net.b[l], axis=0), rtol=1e-2)


def test_b_does_not_come_to_rest_where_it_should():
    early = {letter: trained(letter, 5_000) for letter in "bc"}
    late = {letter: trained(letter, 15_000, early[letter]) for letter in "bc"}
    cost = {name: [bp.backprop(nets[name], birds.x, birds.y).cost for nets in (early, late)] for name in "bc"}
    rises = f"between its steps 5,000 and 20,000 its cost rises from {cost['b'][0]:.4f} to {cost['b'][1]:.4f}"
    assert f"{rises}, while that of C falls to {cost['c'][1]:.4f}." in prose("08")
    assert cost["b"][0] < cost["b"][1]
    assert cost["c"][1] < cost["c"][0]


def test_the_example_is_right_where_it_calculates_by_hand():
    w = {2: [[0.15, 0.20], [0.25, 0.30]], 3: [[0.40, 0.45], [0.50, 0.55]]}
    small = bp.Network.from_parameters(w, {2: [[0.35], [0.35]], 3: [[0.60], [0.60]]})
    gradient = bp.backprop(small, [[0.05], [0.10]], [[0.01], [0.99]]).grad_w[2][0, 0]
    cell = next(cell.source for cell in CELLS if "The calculation by hand in the example is right" in cell.source)
    assert f"gets ${gradient:.9f}$" in cell
