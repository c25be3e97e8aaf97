"""What 00 and 06 say will be on the screen after a move, computed."""

from pathlib import Path

import nbformat
import pytest

import bpcourse as bp
from tests.places import ROOT
from bpcourse.text import shown

FOLDER = ROOT / "notebooks"
birds = bp.penguins()
x, y = birds.x, birds.y
net = bp.Network([3, 4, 2], seed=38)


def prose(number):
    """The words of a notebook, its slides' too."""
    (path,) = FOLDER.glob(f"{number}_*.ipynb")
    cells = nbformat.read(path, as_version=4).cells
    told = [cell.source for cell in cells if cell.cell_type == "markdown"]
    told += [str(cell.metadata.get("bpcourse", "")) for cell in cells]
    return " ".join("\n".join(told).replace("$", "").split())


def bird(network, n=128):
    return bp.backprop(network, x[:, [n]], y[:, [n]])


def said():
    start, moved = shown(bird(net).cost), shown(bird(net.with_weight(2, 1, 1, -3)).cost)
    yield "00", f"goes back to the activations. The cost falls from {start} to {moved}."
    yield "00", f"compare with the guesses. The cost falls from {start} to {moved}."  # a speaker's note
    yield "00", f"the cost falls from {start} to {shown(bird(bp.gradient_step(bird(net), 1)).cost)}."
    first, second = (f"{error:.3f}" for error in bird(net, 200).delta[3][:, 0])
    yield "06", rf"its \delta^3 is ({first}, {second})"
    moved = bird(net.with_weight(3, 1, 3, 0.27)).cost
    yield "06", f"It goes from {start} to {shown(moved)}."


@pytest.mark.parametrize(("number", "piece"), list(said()))
def test_it_is_said_and_true(number, piece):
    assert piece in prose(number)


def test_a_number_that_has_changed_is_missed():
    assert "The cost falls from 0.372 to 0.325" not in prose("00")
