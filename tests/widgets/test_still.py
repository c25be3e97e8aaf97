"""The picture that stands where a widget is not alive: on a web page, before the first run, in a notebook reopened."""

import base64

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

import bpcourse as bp
from bpcourse.pictures import charts
from bpcourse.pictures.picture import Picture, inventory_of
from bpcourse.widgets.beside import INVITATION
from tests.widgets.drawn import birds, flow, net, trace, x, y

history = bp.train(net, birds.x, birds.y, epochs=2)
WIDGETS = {
    "DeltaFlow": flow,
    "Stepper": lambda: bp.Stepper(bp.BP2, net, x, y),
    "WeightMatrix": lambda: bp.WeightMatrix(flow(), l=3),
    "Predict": lambda: bp.Predict(bp.questions.BP2, net, x, y),
    "Replay": lambda: bp.Replay(history, birds.x, birds.y),
}


def png(data):
    """The bytes of the picture in an output, as text in a notebook or not."""
    return base64.b64decode(data["image/png"]) if isinstance(data["image/png"], str) else data["image/png"]


def lines_below(data):
    return [text for name, text, _, _ in inventory_of(png(data)) if name == "line-below"]


@pytest.mark.parametrize("widget", WIDGETS)
def test_a_still_says_how_it_comes_alive_and_its_text_does_not(widget):
    data, metadata = WIDGETS[widget]()._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in data
    assert lines_below(data) == [INVITATION]
    assert metadata["image/png"]["alt"] == f"{data['text/plain']}\n{INVITATION}"
    assert INVITATION not in data["text/plain"]  # which nbval compares


def test_a_printed_picture_does_not_say_it():
    for picture in bp.draw(trace), bp.formula_sheet(), flow()._still():
        data, metadata = picture._repr_mimebundle_()
        assert lines_below(data) == []
        assert metadata["image/png"]["alt"] == data["text/plain"]


@pytest.fixture
def kept(monkeypatch):
    """The figure of a still is not taken apart when it has been painted."""
    clear = Picture.clear  # by which a figure also begins, without a description
    monkeypatch.setattr(Picture, "clear", lambda figure: None if figure.description else clear(figure))


@pytest.mark.parametrize("widget", WIDGETS)
def test_the_line_has_room_of_its_own(monkeypatch, kept, widget):
    figures = []
    drawn = Picture.png
    monkeypatch.setattr(Picture, "png", lambda figure, **dpi: figures.append(figure) or drawn(figure, **dpi))
    WIDGETS[widget]()._repr_mimebundle_()
    figure = figures[-1]
    FigureCanvasAgg(figure).draw()
    (line,) = figure.texts
    box = line.get_window_extent()
    assert 0 <= box.x0 < box.x1 <= figure.bbox.width
    assert box.y0 >= 0
    for axes in figure.axes:
        assert axes.get_tightbbox().y0 >= box.y1, f"{axes} lies on the line"


def test_what_was_drawn_keeps_its_size_and_place(kept):
    before, after = flow()._still(), flow()._still()
    after.say_below(INVITATION)
    (old,), (new,) = before.axes, after.axes
    assert new.bbox.width == pytest.approx(old.bbox.width)
    assert new.bbox.height == pytest.approx(old.bbox.height)
    assert new.bbox.y1 == pytest.approx(after.bbox.height)
    assert {row[0]: row for row in after.inventory()} == {row[0]: row for row in before.inventory()} | {
        "line-below": ["line-below", INVITATION, 0.5, pytest.approx(0.03, abs=0.02)]
    }


def test_the_network_lies_on_top_of_an_epoch_pixel_for_pixel(kept):
    replay = WIDGETS["Replay"]()
    network = replay.flow._still()
    figure = charts.replay(network, history, 0, birds.x, birds.y, (1, 2), (), birds.species)
    figure.say_below("a line")
    whole = figure.pixels(120)
    alone = network.pixels(120 * figure.get_figwidth() / network.get_figwidth())
    assert alone.width == whole.width
    assert whole.crop((0, 0, *alone.size)).tobytes() == alone.tobytes()
    figure.above = None
    assert whole.tobytes() != figure.pixels(120).tobytes()
    boxes = [axes.get_tightbbox() for axes in figure.axes]
    assert max(box.y1 for box in boxes) <= figure.bbox.height * (1 - alone.height / whole.height)
