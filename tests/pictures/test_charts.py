"""The formula sheet: one page, nothing cut off, nothing on top of anything, every formula a line of a derivation."""

import inspect
import re
from itertools import combinations

import pytest

import bpcourse as bp
from bpcourse.pictures.formula_sheet import sections
from bpcourse.proofs import DERIVATIONS
from images.draw import FOLDER


def faults(figure):
    """Texts that leave the margins, and pairs of texts that touch."""
    renderer, page = figure.canvas.get_renderer(), figure.transFigure.inverted()
    found = [text.get_window_extent(renderer).transformed(page) for text in figure.texts]
    outside = [box for box in found if box.x0 < 0.05 or box.x1 > 0.95 or box.y0 < 0.03 or box.y1 > 0.98]
    return outside + [(a, b) for a, b in combinations(found, 2) if a.overlaps(b)]


def test_nothing_is_cut_off_and_nothing_touches_and_a_longer_heading_is_noticed():
    figure = bp.formula_sheet()
    assert faults(figure) == []
    heading = next(text for text in figure.texts if text.get_text().startswith("BP2"))
    heading.set_text("BP2, the error of a hidden layer from the error of the next layer")
    assert faults(figure)


def test_every_formula_is_a_line_of_a_derivation():
    known = {line.latex for derivation in DERIVATIONS for line in derivation.lines}
    shown = [latex for _, _, rows in sections() for row in rows for latex in row]
    assert len(shown) >= 15
    assert set(shown) <= known


@pytest.mark.parametrize("call", [code for _, code, _ in sections()])
def test_every_name_in_the_code_is_there(call):
    name, arguments = re.fullmatch(r"(\w+)\((.*)\)", call).groups()
    assert [*inspect.signature(getattr(bp, name)).parameters] == arguments.split(", ")


def test_the_printable_file_has_one_page():
    pdf = (FOLDER / "formula-sheet.pdf").read_bytes()
    assert len(re.findall(rb"/Type\s*/Page\b(?!s)", pdf)) == 1


def test_learning_curves_show_the_numbers_of_the_histories():
    birds, net = bp.penguins(), bp.Network([3, 4, 2], seed=38)
    runs = {f"η = {eta}": bp.train(net, birds.x, birds.y, eta=eta, epochs=4) for eta in (0.3, 3)}
    for what in ("cost", "right"):
        figure = bp.charts.learning_curves(runs, what)
        lines = {line.get_label(): line for line in figure.axes[0].lines}
        for name, run in runs.items():
            assert lines[name].get_ydata().tolist() == getattr(run, what).tolist()
            assert f"{name}: {getattr(run, what)[0]:.3f} (epoch 0), " in figure.description
        assert len({line.get_linestyle() for line in lines.values()}) == 2, "told apart without colour"
    with pytest.raises(ValueError, match="what must be 'cost' or 'right'; it is 'loss'"):
        bp.charts.learning_curves(runs, "loss")
