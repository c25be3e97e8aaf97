"""The drawing: every part named and in its place, no label in anybody's way."""

import gc
import io
from itertools import pairwise

import matplotlib
import numpy as np
import pytest
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.patches import Polygon
from matplotlib.text import Text
from PIL import Image

import bpcourse as bp
from bpcourse.pictures import drawing, look, picture
from bpcourse.pictures.labels import crosses_box

birds = bp.penguins()
net = bp.Network([3, 4, 2], seed=38)
trace = bp.backprop(net, birds.x[:, [128]], birds.y[:, [128]])
PARTS = {f"neuron-{l}-{j}" for l, n in ((1, 3), (2, 4), (3, 2)) for j in range(1, n + 1)}
EDGES = {f"{l}-{j}-{k}" for l, n, m in ((2, 4, 3), (3, 2, 4)) for j in range(1, n + 1) for k in range(1, m + 1)}
# Before 3.11 matplotlib counted so much above and below a formula as its own, in inches, though nothing is drawn there.
EMPTY = 0.018 if matplotlib.__version_info__ < (3, 11) else 0


def boxes(figure, prefix):
    """The drawn extents of the parts whose name starts with `prefix`, in inches: name -> (x0, y0, x1, y1)."""
    renderer = figure.canvas.get_renderer()
    found = {}
    for artist in figure.findobj(lambda artist: (artist.get_gid() or "").startswith(prefix)):
        box, empty = artist.get_window_extent(renderer), EMPTY * figure.dpi if prefix == "label" else 0
        sides = box.x0, box.y0 + empty, box.x1, box.y1 - empty
        found[artist.get_gid()] = tuple(side / figure.dpi for side in sides)
    return found


def apart(a, b):
    return a[2] < b[0] or b[2] < a[0] or a[3] < b[1] or b[3] < a[1]


def collisions(figure):
    """Every label that lies on an edge, on a neuron or on another text."""
    texts = {name: box for prefix in ("label", "name", "layer") for name, box in boxes(figure, prefix).items()}
    labels = {name: box for name, box in texts.items() if name.startswith("label")}
    hits = [(a, b) for a in labels for b in texts if a < b and not apart(texts[a], texts[b])]
    hits += [(a, b) for a in labels for b, box in boxes(figure, "neuron").items() if not apart(labels[a], box)]
    for edge in figure.findobj(lambda artist: (artist.get_gid() or "").startswith("edge")):
        (px, py), (qx, qy) = edge.get_xydata()
        half = edge.get_linewidth() / 144
        for name, (x0, y0, x1, y1) in texts.items():
            centre = ((x0 + x1) / 2, (y0 + y1) / 2)
            if crosses_box((px, py), (qx, qy), centre, (x1 - x0) / 2 + half, (y1 - y0) / 2 + half):
                hits.append((name, edge.get_gid()))
    return hits


def test_every_part_has_a_name():
    names = {row[0] for row in bp.draw(trace, inputs=birds.measurements, outputs=birds.species).inventory()}
    assert names >= PARTS
    for kind in ("edge", "arrow", "label"):
        assert names >= {f"{kind}-{edge}" for edge in EDGES}
    assert names >= {"layer-1", "layer-2", "layer-3", "name-1-3", "name-3-2", "value-2-3", "symbol-delta-2-3"}


@pytest.mark.parametrize("accent", [[], ["w-3-1-3", "w-3-2-3"], [f"w-{edge}" for edge in sorted(EDGES)]])
def test_no_label_lies_on_anything(accent):
    assert collisions(bp.draw(trace, accent=accent, inputs=birds.measurements, outputs=birds.species)) == []


def test_a_label_is_drawn_where_its_box_is():
    figure = bp.draw(trace)
    pixels = []
    label = next(iter(figure.findobj(lambda artist: artist.get_gid() == "label-2-1-2")))
    for seen in (True, False):
        label.set_visible(seen)
        figure.canvas.draw()
        pixels.append(np.array(figure.canvas.buffer_rgba(), int)[::-1])
    label.set_visible(True)
    rows, columns, _ = np.nonzero(pixels[0] - pixels[1])
    drawn = columns.min(), rows.min(), columns.max() + 1, rows.max() + 1
    x0, y0, x1, y1 = (side * figure.dpi for side in boxes(figure, "label")["label-2-1-2"])
    assert (x0 - 1 < drawn[0], y0 - 1 < drawn[1], drawn[2] < x1 + 1, drawn[3] < y1 + 1) == (True,) * 4


def test_a_moved_label_is_noticed():
    figure = bp.draw(trace)
    label = next(iter(figure.findobj(lambda artist: artist.get_gid() == "label-3-1-3")))
    edge = next(iter(figure.findobj(lambda artist: artist.get_gid() == "edge-3-1-3")))
    label.set_position(edge.get_xydata().mean(axis=0))
    assert ("label-3-1-3", "edge-3-1-3") in collisions(figure)


@pytest.mark.parametrize("sizes", [[1, 1], [2, 2], [5, 1, 6], [3, 4, 4, 2], [8, 8, 8, 8, 8], [2, 11, 2], [11, 12]])
def test_other_sizes_have_all_edges_and_no_collisions(sizes):
    other = bp.draw(bp.Network(sizes))
    edges = [row for row in other.inventory() if row[0].startswith("edge")]
    assert len(edges) == sum(a * b for a, b in pairwise(sizes))
    assert collisions(other) == []


def texts(figure):
    return {name: text for name, text, _, _ in figure.inventory()}


def test_numbers_in_the_neurons():
    assert texts(bp.draw(trace))["value-2-3"] == "−0.032"
    assert texts(bp.draw(trace))["value-1-3"] == "2.522"
    assert texts(bp.draw(trace, digits=5))["value-2-3"] == "−0.03184"
    assert texts(bp.draw(trace, show="a"))["value-2-3"] == "0.470"
    assert "symbol-a-2-3" in texts(bp.draw(trace, show="a"))
    half = texts(bp.draw(trace, show={2: "", 3: "delta"}))
    assert (half["value-2-3"], half["value-3-1"]) == ("", "−0.133")
    assert texts(bp.draw(trace, show="symbols"))["value-2-3"] == ""
    assert texts(bp.draw(net))["value-2-3"] == ""


def test_numbers_fit_into_their_neurons():
    figure = bp.draw(trace)
    circles = boxes(figure, "neuron")
    for name, (x0, _, x1, _) in boxes(figure, "value").items():
        circle = circles[name.replace("value", "neuron")]
        assert circle[0] < x0 < x1 < circle[2], name


def test_accent_colours_the_edge_its_head_and_its_label():
    figure = bp.draw(trace, accent=["w-3-1-3"])
    colours = {}
    for artist in figure.findobj(lambda artist: artist.get_gid()):
        colour = artist.get_color() if hasattr(artist, "get_color") else artist.get_facecolor()
        colours[artist.get_gid()] = colour
    assert colours["edge-3-1-3"] == colours["label-3-1-3"] == look.ACCENT
    assert colours["edge-3-2-3"] == look.WIRE
    assert colours["arrow-3-1-3"] != colours["arrow-3-2-3"]


def test_the_description_carries_the_numbers():
    assert bp.draw(trace).description.splitlines()[-1] == "δ² = (0.025, 0.011, −0.032, 0.008)"
    assert "δ" not in bp.draw(trace, show="a").description
    assert bp.draw(net).description == "Network 3-4-2: sigmoid, quadratic cost, with every weight's edge."
    data, metadata = bp.draw(trace)._repr_mimebundle_()
    assert metadata["image/png"]["alt"] == data["text/plain"] == bp.draw(trace).description


def test_png_is_small_and_repeats():
    png = bp.draw(trace).png()
    assert png == bp.draw(trace).png()
    assert len(png) < 100_000
    assert Image.open(io.BytesIO(png)).size == tuple(int(inches * 120) for inches in bp.draw(trace).get_size_inches())


def test_a_picture_that_is_kept_does_not_keep_its_pixels():
    def renderers():
        return sum(isinstance(thing, RendererAgg) for thing in gc.get_objects())

    gc.collect()
    before, drawn = renderers(), bp.draw(trace)
    drawn.png()
    assert renderers() == before
    drawn.canvas.draw()
    assert renderers() == before + 1  # so it would have been seen


def test_symbols_are_read_once_for_all_pictures_of_one_size(monkeypatch):
    monkeypatch.setattr(picture, "_first", {})
    deep = bp.Network([3, 4, 4, 4, 2])  # with more symbols than matplotlib's own reader remembers
    bp.draw(deep).pixels(120)
    read = picture._first["reader"]._read.cache_info().misses
    assert read > 50
    bp.draw(deep).pixels(120)
    assert picture._first["reader"]._read.cache_info().misses == read
    bp.draw(bp.Network([3, 12, 2])).pixels(120)  # other symbols are read, with indices of two digits
    assert picture._first["reader"]._read.cache_info().misses > read


def test_indices_of_two_digits_stay_together():
    texts = {artist.get_gid(): artist.get_text() for artist in bp.draw(bp.Network([1, 12, 1])).findobj(Text)}
    assert texts["symbol-delta-2-3"] == r"$\delta^2_3$"
    assert texts["symbol-delta-2-12"] == r"$\delta^2_{12}$"
    assert texts["label-2-3-1"] == "$w^2_{31}$"
    texts = {artist.get_gid(): artist.get_text() for artist in bp.draw(bp.Network([2, 11, 2])).findobj(Text)}
    assert texts["label-2-11-2"] == "$w^2_{11,2}$", "not w²₁₁₂, which could be another weight"


def test_svg_keeps_names_and_gives_each_number_a_text():
    svg = drawing.svg(
        drawing.draw_parts(net.sizes, dict.fromkeys(net.w, ("a", "delta")), birds.measurements, birds.species)
    )
    for name in PARTS | {f"edge-{edge}" for edge in EDGES} | {"symbol-a-2-3", "symbol-delta-2-3", "symbol-x-1-2"}:
        assert f'id="{name}"' in svg
    assert svg.count("<text") == len(PARTS) + len(EDGES), "a number for each neuron, and one for each wire's label"
    assert svg == drawing.svg(
        drawing.draw_parts(net.sizes, dict.fromkeys(net.w, ("a", "delta")), birds.measurements, birds.species)
    )
    assert len(svg) < 60_000


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: bp.draw(trace, show="z"), "show must be one of symbols, a, delta; it is 'z'"),
        (lambda: bp.draw(trace, accent=["w-3-1-9"]), "this network has no edge-3-1-9"),
        (lambda: bp.draw(bp.backprop(net, birds.x, birds.y)), "x must have 1 column; it has 219"),
        (lambda: bp.draw("net"), "a Network or a Trace"),
        (lambda: bp.draw(bp.forward(net, birds.x[:, [0]])), "forward computes no errors"),
    ],
)
def test_bad_input_gets_a_sentence(call, sentence):
    with pytest.raises((ValueError, TypeError, IndexError), match=sentence):
        call()


@pytest.mark.parametrize("sizes", [(3, 4, 2), (5, 1, 3)])
def test_heads_touch_their_neuron_and_layers_are_in_the_middle(sizes):
    places = drawing.positions(sizes)
    figure = bp.draw(bp.Network(list(sizes)))
    heads = {artist.get_gid(): artist for artist in figure.findobj(Polygon)}
    for (l, j, k), (start, end) in drawing._edges(sizes).items():
        tip = heads[f"arrow-{l}-{j}-{k}"].get_xy()[0]
        assert np.hypot(*(np.array(end) - tip)) == pytest.approx(drawing.RADIUS + 0.01)
        along, whole = tip - start, np.array(end) - start
        assert along[0] * whole[1] == pytest.approx(along[1] * whole[0]), "on the line between the middles"
    middles = [np.mean([y for (l, _), (_, y) in places.items() if l == layer]) for layer in range(1, len(sizes) + 1)]
    assert middles == pytest.approx([middles[0]] * len(sizes))
    low, high = min(y for _, y in places.values()), max(y for _, y in places.values())
    assert middles[0] == pytest.approx((low + high) / 2)
    assert low - drawing.RADIUS > 0
