"""06: what its box says of PyTorch is what another library finds, and its table of errors has no gap."""

import re

import autograd.numpy as np
import pytest
from autograd import grad

import bpcourse as bp
from tests.notebooks.cells import PYTHON, markdown, numbered

birds = bp.penguins()
net = bp.Network([3, 4, 2], seed=38)
BOX = next(words for words in markdown(numbered("06")) if words.startswith("### For those who go on to PyTorch"))
ROW = re.compile(r"^\| `([^`]+)` \| `([^`]+)` \| ([^|]+) \|$", re.M)


def cost(tables, given, wanted):
    """The box's lines in autograd's numpy; what is added to z2 and z3 is 0, and their errors are the slopes by it."""
    z2 = tables["w2"] @ given + tables["b2"] + tables["z2"]
    z3 = tables["w3"] @ (1 / (1 + np.exp(-z2))) + tables["b3"] + tables["z3"]
    return ((1 / (1 + np.exp(-z3)) - wanted) ** 2).sum() / 2


def found(n=128):
    """What a library for derivatives has after one walk back: the cost, a table for each name, and for the input."""
    given, wanted = birds.x[:, [n]], birds.y[:, [n]]
    tables = {"w2": net.w[2], "b2": net.b[2], "w3": net.w[3], "b3": net.b[3]}
    tables |= {"z2": np.zeros((4, 1)), "z3": np.zeros((2, 1))}
    by_name = grad(cost)(tables, given, wanted)
    return {**by_name, "given": grad(cost, 1)(tables, given, wanted), "C": cost(tables, given, wanted)}


def rows(text):
    """Of each row of the box's table: our name, theirs, and the numbers."""
    for ours, theirs, told in ROW.findall(text):
        yield ours, theirs, [float(number) for number in re.findall(r"-?\d+\.\d+", told)]


def faults(text, tables):
    """Rows whose numbers are not what is found under their name, or not ours under our name."""
    trace = bp.backprop(net, birds.x[:, [128]], birds.y[:, [128]])
    for ours, theirs, told in rows(text):
        name, _, place = theirs.partition(".grad")
        by_library = eval(f"table{place}", {"table": tables[name]})
        for value in (by_library, eval(ours, {"trace": trace})):
            yield from [] if np.array_equal(np.ravel(value).round(3), told) else [ours]


def test_the_box_shows_what_another_library_finds():
    tables = found()
    assert [*faults(BOX, tables)] == []
    assert len([*rows(BOX)]) == 5
    assert f"`w3.grad[0, 2]` is ${2 * tables['w3'][0, 2]:.3f}$" in BOX  # one walk added to another
    assert f"$({', '.join(f'{slope:.3f}' for slope in tables['given'].ravel())})$" in BOX


def test_a_wrong_row_is_noticed():
    assert [*faults(BOX.replace("$-0.062$ |", "$-0.063$ |"), found())] == ["trace.grad_w[3][0, 2]"] * 2


def test_its_mean_is_our_cost_for_two_outputs_and_a_fifth_for_ten():
    for outputs, share in ((2, 1), (10, 1 / 5)):
        some = bp.backprop(bp.Network([3, 4, outputs]), birds.x, np.zeros((outputs, 219)))
        assert ((some.a[3] - some.y) ** 2).mean() == pytest.approx(share * some.cost)
    assert "With ten outputs it is a fifth" in BOX


def test_its_code_names_what_the_table_reads():
    (code,) = PYTHON.findall(BOX)
    compile(code, "<box>", "exec")
    for _, theirs, _ in rows(BOX):
        assert theirs.partition(".grad")[0] in re.findall(r"\w+", code)


def ranges(text):
    """From where to where each row of the table of relative errors reaches, the largest first."""
    numbers = re.compile(r"\$10\^\{(-\d+)\}\$|(\d[\d.]*)")
    for begins, told in re.findall(r"^\| ((?:above|from|up to)\b)([^|]*)\|", text, re.M):
        ends = [10.0 ** int(power) if power else float(number) for power, number in numbers.findall(told)]
        yield ([0.0, *ends] if begins == "up to" else ends)


def test_the_table_of_relative_errors_has_no_gap():
    (text,) = (words for words in markdown(numbered("06")) if "| relative error |" in words)
    spans = [*ranges(text)]
    assert (spans[0][1], spans[-1][0]) == (2.0, 0.0)  # no relative error is above 2
    assert [low for low, _ in spans[:-1]] == [high for _, high in spans[1:]]
    gap = [*ranges(text.replace("from $10^{-5}$ to 0.1", "from $10^{-4}$ to 0.1"))]
    assert [low for low, _ in gap[:-1]] != [high for _, high in gap[1:]]
