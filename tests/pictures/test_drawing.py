"""The drawing: every part named and in its place, no label in anybody's way."""

import gc
import io
from itertools import pairwise

import matplotlib
import numpy as np
import pytest
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.font_manager import FontProperties
from matplotlib.mathtext import MathTextParser
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
    renderer, empty, found = figure.canvas.get_renderer(), EMPTY if prefix == "label" else 0, {}
    for name, artist in figure.parts().items():
        if name.startswith(prefix):
            x0, y0, x1, y1 = (side / figure.dpi for side in artist.get_window_extent(renderer).extents.tolist())
            found[name] = x0, y0 + empty, x1, y1 - empty
    return found


def apart(a, b):
    return a[2] < b[0] or b[2] < a[0] or a[3] < b[1] or b[3] < a[1]


def collisions(figure):
    """Every label that lies on an edge, on a neuron or on another text."""
    texts = {name: box for prefix in ("label", "name", "layer") for name, box in boxes(figure, prefix).items()}
    labels = {name: box for name, box in texts.items() if name.startswith("label")}
    hits = [(a, b) for a in labels for b in texts if a < b and not apart(texts[a], texts[b])]
    hits += [(a, b) for a in labels for b, box in boxes(figure, "neuron").items() if not apart(labels[a], box)]
    for edge in [part for name, part in figure.parts().items() if name.startswith("edge")]:
        ends, half = edge.get_xydata().tolist(), edge.get_linewidth() / 144
        for name, (x0, y0, x1, y1) in texts.items():
            centre = ((x0 + x1) / 2, (y0 + y1) / 2)
            if crosses_box(*ends, centre, (x1 - x0) / 2 + half, (y1 - y0) / 2 + half):
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
    for seen in (False, True):
        figure.parts()["label-2-1-2"].set_visible(seen)
        figure.canvas.draw()
        pixels.append(np.array(figure.canvas.buffer_rgba(), int)[::-1])
    rows, columns, _ = np.nonzero(pixels[0] - pixels[1])
    drawn = columns.min(), rows.min(), columns.max() + 1, rows.max() + 1
    x0, y0, x1, y1 = (side * figure.dpi for side in boxes(figure, "label")["label-2-1-2"])
    assert (x0 - 1 < drawn[0], y0 - 1 < drawn[1], drawn[2] < x1 + 1, drawn[3] < y1 + 1) == (True,) * 4


def test_a_moved_label_is_noticed():
    figure = bp.draw(trace)
    parts = figure.parts()
    parts["label-3-1-3"].set_position(parts["edge-3-1-3"].get_xydata().mean(axis=0))
    assert ("label-3-1-3", "edge-3-1-3") in collisions(figure)


@pytest.mark.parametrize("sizes", [[1, 1], [2, 2], [5, 1, 6], [3, 4, 4, 2], [8, 8, 8, 8, 8], [2, 11, 2], [11, 12]])
def test_other_sizes_have_all_edges_and_no_collisions(sizes):
    other = bp.draw(bp.Network(sizes))
    edges = [row for row in other.inventory() if row[0].startswith("edge")]
    assert len(edges) == sum(a * b for a, b in pairwise(sizes))
    assert collisions(other) == []


@pytest.mark.parametrize(
    ("source", "how", "expected"),
    [
        (trace, {}, {"value-2-3": "−0.032", "value-1-3": "2.522"}),
        (trace, {"digits": 5}, {"value-2-3": "−0.03184"}),
        (trace, {"show": "a"}, {"value-2-3": "0.470", "symbol-a-2-3": "$a^2_3$"}),
        (trace, {"show": {2: "", 3: "delta"}}, {"value-2-3": "", "value-3-1": "−0.133"}),
        (trace, {"show": "symbols"}, {"value-2-3": ""}),
        (net, {}, {"value-2-3": ""}),
        # Indices of two digits stay together, and with a comma: w²₁₁₂ could be another weight.
        (bp.Network([1, 12, 1]), {}, {"symbol-delta-2-3": r"$\delta^2_3$", "symbol-delta-2-12": r"$\delta^2_{12}$"}),
        (bp.Network([1, 12, 1]), {}, {"label-2-3-1": "$w^2_{31}$"}),
        (bp.Network([2, 11, 2]), {}, {"label-2-11-2": "$w^2_{11,2}$"}),
    ],
)
def test_numbers_and_symbols(source, how, expected):
    texts = {name: text for name, text, _, _ in bp.draw(source, **how).inventory()}
    assert expected.items() <= texts.items()


def test_numbers_fit_into_their_neurons():
    figure = bp.draw(trace)
    circles = boxes(figure, "neuron")
    for name, (x0, _, x1, _) in boxes(figure, "value").items():
        circle = circles[name.replace("value", "neuron")]
        assert circle[0] < x0 < x1 < circle[2], name


def test_accent_colours_the_edge_its_head_and_its_label():
    parts = bp.draw(trace, accent=["w-3-1-3"]).parts()
    assert parts["edge-3-1-3"].get_color() == parts["label-3-1-3"].get_color() == look.ACCENT
    assert parts["edge-3-2-3"].get_color() == look.WIRE
    assert parts["arrow-3-1-3"].get_facecolor() != parts["arrow-3-2-3"].get_facecolor()


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
    assert Image.open(io.BytesIO(png)).size == tuple(
        int(inches * picture.DPI) for inches in bp.draw(trace).get_size_inches()
    )


def test_a_picture_that_is_kept_does_not_keep_its_pixels():
    def renderers():
        return sum(isinstance(thing, RendererAgg) for thing in gc.get_objects())

    gc.collect()
    before, drawn = renderers(), bp.draw(trace)
    drawn.png()
    assert renderers() == before
    drawn.canvas.draw()
    assert renderers() == before + 1  # so it would have been seen


@pytest.fixture
def read(monkeypatch):
    """The symbols that matplotlib has read."""
    symbols, parse = [], MathTextParser.parse
    monkeypatch.setattr(
        MathTextParser, "parse", lambda own, s, *how, **more: symbols.append(s) or parse(own, s, *how, **more)
    )
    monkeypatch.setattr(picture, "_readers", {})
    drawing.live_svg.cache_clear()
    return symbols


def test_symbols_are_read_once_for_all_pictures_and_indices(read):
    deep = (3, 4, 4, 4, 2)  # with more symbols than matplotlib's own reader remembers
    drawing.live_svg(deep, (), ())
    assert 0 < len(read) < 12
    drawing.live_svg((3, 4, 2), (), ())
    assert len(read) < 12
    bp.draw(bp.Network(deep)).pixels(120)
    before = len(read)
    bp.draw(bp.Network(deep)).pixels(120)
    assert len(read) == before
    drawing.live_svg((3, 12, 2), (), ())  # other symbols are read, with indices of two digits
    assert len(read) > before


SYMBOLS = [
    r"$w^2_{31}$",
    r"$w^4_{10,2}$",
    r"$a^3_7$",
    r"$\delta^{2}_{4}$",
    r"$\partial C_x/\partial b^2_8$",
    "$C_x$",
    "$x_5$",
]


@pytest.mark.parametrize("symbol", [*SYMBOLS, r"$\frac{1}{2}\sum_j (a^3_j - y_j)^2$", r"$-\ln a_1 x_2^3$"])
@pytest.mark.parametrize(("points", "dpi"), [(100, 72), (19, 720)])  # large: matplotlib rounds heights to pixels
def test_a_symbol_is_drawn_as_matplotlib_reads_it(symbol, points, dpi):
    font = FontProperties(size=points)
    with matplotlib.rc_context(picture.STYLE):
        own = MathTextParser("path").parse(symbol, dpi, font)
        ours = picture.Reader(MathTextParser("path")).parse(symbol, dpi, font)
    little = 0.03 * points * dpi / 72  # digits are not equally high, by a hundredth
    for mine, its in zip(ours.glyphs, own.glyphs, strict=True):
        assert (mine[0].postscript_name, mine[2:-2]) == (its[0].postscript_name, its[2:-2]), "the glyph"
        assert [mine[1], *mine[-2:]] == pytest.approx([its[1], *its[-2:]], abs=little), "its size and place"
    assert ours[:3] == pytest.approx(own[:3], abs=little)


def test_svg_keeps_names_and_gives_each_number_a_text():
    shown = net.sizes, birds.measurements, birds.species
    drawing.live_svg.cache_clear()
    svg = drawing.live_svg(*shown)
    for name in PARTS | {f"edge-{edge}" for edge in EDGES} | {"symbol-a-2-3", "symbol-delta-2-3", "symbol-x-1-2"}:
        assert f'id="{name}"' in svg
    targets = {"cost", "y-3-1", "y-3-2"}
    assert svg.count("<text") == len(PARTS | EDGES | targets), "a number for each of them, and for each wire's label"
    drawing.live_svg.cache_clear()
    assert svg == drawing.live_svg(*shown)
    assert len(svg) < 64_000


def test_numbers_stand_upon_their_own_wire_and_not_on_each_other():
    for sizes in [(3, 4, 2), (2, 2, 1), (8, 8, 8), (3, 4, 4, 2), (3, 4, 4, 4, 2)]:
        trace = bp.backprop(bp.Network(sizes, seed=1), np.full((sizes[0], 1), -30.0), np.zeros((sizes[-1], 1)))
        shows = {l: "delta" for l in trace.net.w} | {"C": "C", "w": "w"}
        figure = bp.draw(trace, shows)
        labels, neurons = boxes(figure, "label"), boxes(figure, "neuron")
        assert labels
        assert [(a, b) for a in labels for b in labels if a < b and not apart(labels[a], labels[b])] == []
        assert [(a, b) for a in labels for b in neurons if not apart(labels[a], neurons[b])] == []
        for name, (x0, y0, x1, y1) in labels.items():
            wire = figure.parts()[name.replace("label", "edge")].get_xydata()
            assert crosses_box(*wire.tolist(), ((x0 + x1) / 2, (y0 + y1) / 2), 0.01, 0.03), name


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
    places, parts = drawing.positions(sizes), bp.draw(bp.Network(list(sizes))).parts()
    for (l, j, k), (start, end) in drawing._edges(sizes).items():
        tip = parts[f"arrow-{l}-{j}-{k}"].get_xy()[0]
        assert np.hypot(*(np.array(end) - tip)) == pytest.approx(drawing.RADIUS + 0.01)
        along, whole = tip - start, np.array(end) - start
        assert along[0] * whole[1] == pytest.approx(along[1] * whole[0]), "on the line between the middles"
    middles = [np.mean([y for (l, _), (_, y) in places.items() if l == layer]) for layer in range(1, len(sizes) + 1)]
    assert middles == pytest.approx([middles[0]] * len(sizes))
    low, high = min(y for _, y in places.values()), max(y for _, y in places.values())
    assert middles[0] == pytest.approx((low + high) / 2)
    assert low - drawing.RADIUS > 0
