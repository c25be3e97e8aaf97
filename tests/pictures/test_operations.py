"""The graph of operations of notebook 06: its labels stand clear of each other, and what it cannot draw it says."""

from itertools import combinations

import pytest
from matplotlib.text import Text

import bpcourse as bp


def labels(figure):
    """The label of each name, and its box in inches."""
    figure.canvas.draw()
    texts = [text for text in figure.findobj(Text) if text.get_text()]
    return {text.get_gid(): text.get_window_extent().transformed(figure.dpi_scale_trans.inverted()) for text in texts}


def crossing(figure):
    """Pairs of labels that touch, and labels that leave the picture."""
    boxes, (width, height) = labels(figure), figure.get_size_inches()
    for (name, box), (other, its) in combinations(boxes.items(), 2):
        yield from [(name, other)] if box.overlaps(its) else []
    for name, box in boxes.items():
        yield from [] if 0 <= box.x0 < box.x1 <= width and 0 <= box.y0 < box.y1 <= height else [(name,)]


@pytest.mark.parametrize("layers", [2, 3, 4])
def test_labels_stand_clear_and_each_way_has_its_own(layers):
    figure = bp.draw_operations(bp.Network([3, 4, 5, 2][:layers]))
    assert [*crossing(figure)] == []
    for way in ("forward", "back"):
        assert sum(name.startswith(f"{way}-") for name in labels(figure)) == 5 * (layers - 1) + 1 + (way == "forward")


def test_labels_that_touch_are_noticed():
    figure = bp.draw_operations(bp.Network([3, 4, 2]))
    parts = figure.parts()
    parts["back-z-2"].set_position(parts["back-sum-2"].get_position())
    parts["forward-cost"].set_x(99)
    assert set(crossing(figure)) == {("back-sum-2", "back-z-2"), ("forward-cost",)}


@pytest.mark.parametrize(
    ("net", "kind", "sentence"),
    [
        ("net", TypeError, "net must be a Network; it is 'net'"),
        (bp.Network([3, 4, 4, 4, 2]), ValueError, "at most 4 layers can be drawn"),
        (bp.Network([3, 2], output="softmax", cost="log_likelihood"), ValueError, "no softmax"),
    ],
)
def test_what_cannot_be_drawn_gets_a_sentence(net, kind, sentence):
    with pytest.raises(kind, match=sentence):
        bp.draw_operations(net)
