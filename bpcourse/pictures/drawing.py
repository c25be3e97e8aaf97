"""The network as one matplotlib figure, every part with a name.

Printed figures, the PNG that a static page shows and the live picture are this one drawing. Coordinates are inches.
Names (matplotlib's `gid`): `neuron-2-3` the circle, `symbol-delta-2-3` the symbol in it, `value-2-3` its number,
`edge-3-1-3` the line of w³₁₃, `arrow-3-1-3` its head, `label-3-1-3` its label, `layer-2` a heading,
`name-1-2` what a neuron stands for; with the cost, `cost` its square, `link-3-1` the line to it from an output,
`symbol-y-3-1` and `value-y-3-1` that output's target.
"""

import functools
import io
import math
import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterable, Mapping
from typing import Any

import matplotlib
from matplotlib.backends.backend_svg import RendererSVG
from matplotlib.lines import Line2D
from matplotlib.patches import Circle, Polygon

from bpcourse.network import Network
from bpcourse.network.trace import Trace
from bpcourse.parts import Part
from bpcourse.pictures import look
from bpcourse.pictures.labels import label_places, number_places
from bpcourse.pictures.look import ACCENT, INK, LINE, NEURON, RIM, WIRE
from bpcourse.pictures.picture import LABEL, STYLE, Picture, as_typed, reads_once, tidy
from bpcourse.tables import names, whole_number
from bpcourse.text import shown, written

RADIUS, COLUMN, ROW, MARGIN, HEADING = 0.46, 3.0, 1.35, 0.14, 0.45
ACCENT_WIDTH, SYMBOL_RISE, NAME_INSET = 3.5, 0.14, 0.28  # names keep clear of the wires
COST_AWAY, COST_HALF = 1.6, 0.4  # the cost's square: its distance from the outputs, half its side
SHAPE: dict[str, Any] = {"facecolor": NEURON, "edgecolor": RIM, "linewidth": 0.8, "zorder": 3}  # a neuron, the cost
ARROW: dict[str, Any] = {"color": WIRE, "linewidth": 1.3, "solid_capstyle": "butt", "zorder": 1}

OTHERS: dict[str, list[str]] = {"C": ["", "C"], "w": ["", "w", "grad_w"]}  # what else can be shown
SYMBOLS = {  # what a neuron can show: its glyphs, and where its number is in a trace
    "a": ("a", lambda trace: trace.a),
    "delta": (r"\delta", lambda trace: trace.delta),
    "grad_b": (r"\partial C_x/\partial b", lambda trace: trace.grad_b),
    "b": ("b", lambda trace: trace.net.b),
}


def positions(sizes: tuple[int, ...]) -> dict[tuple[int, int], tuple[float, float]]:
    """Where each neuron (l, j) stands, in inches from the lower left corner."""
    span = ROW * (max(*sizes, 3) - 1)
    places = {}
    for l, n in enumerate(sizes, start=1):
        row = min(span / (n - 1), 1.5 * ROW) if n > 1 else 0
        for j in range(1, n + 1):
            y = MARGIN + RADIUS + span / 2 + row * ((n + 1) / 2 - j)
            places[l, j] = (MARGIN + RADIUS + 0.22 + COLUMN * (l - 1), y + look.SMALL_SIZE / 72)
    return places


def _edges(sizes: tuple[int, ...]) -> dict[tuple[int, int, int], tuple]:
    """From where to where each edge (l, j, k) leads, from middle to middle."""
    places = positions(sizes)
    return {
        (l, j, k): (places[l - 1, k], places[l, j])
        for l in range(2, len(sizes) + 1)
        for j in range(1, sizes[l - 1] + 1)
        for k in range(1, sizes[l - 2] + 1)
    }


@functools.lru_cache(64)
def _labels(sizes: tuple[int, ...]) -> dict[tuple[int, int, int], tuple]:
    """Where the label of each edge goes, if it finds room: looked for once for networks of the same sizes."""
    return label_places(_edges(sizes), positions(sizes).values(), RADIUS)


def number_size(sizes: tuple[int, ...]) -> float:
    """The type of a number upon a wire, in points: no smaller than `look.LABEL_PIXELS` on a page."""
    right = MARGIN + RADIUS + 0.22 + COLUMN * (len(sizes) - 1) + COST_AWAY + COST_HALF + MARGIN
    page = look.PAGE if len(sizes) < 5 else look.WIDE_PAGE
    return max(look.SMALL_SIZE, math.ceil(look.LABEL_PIXELS * right * 72 / page * 10) / 10)


@functools.lru_cache(64)
def _numbers(sizes: tuple[int, ...]) -> dict[tuple[int, int, int], tuple[float, float]]:
    """Where the number upon each edge that has a label goes."""
    return number_places(_edges(sizes), positions(sizes).values(), RADIUS, number_size(sizes), _labels(sizes))


def _touching(p, q, inset_p, inset_q):
    """The segment from p to q, shortened at both ends."""
    (px, py), (qx, qy) = p, q
    length = ((qx - px) ** 2 + (qy - py) ** 2) ** 0.5
    ux, uy = (qx - px) / length, (qy - py) / length
    return (px + ux * inset_p, py + uy * inset_p), (qx - ux * inset_q, qy - uy * inset_q), (ux, uy)


def draw(
    source: Network | Trace,
    show: str | Mapping[int, str] = "delta",
    accent: Iterable[str] = (),
    inputs: Iterable[str] = (),
    outputs: Iterable[str] = (),
    digits: int = 3,
) -> Picture:
    """The network as a figure: circles for neurons, arrows for weights, numbers if `source` is a trace of one sample.

    `show` chooses what stands in the neurons: `"a"`, `"delta"`, `"symbols"` for δ without numbers, or one of `"a"`,
    `"delta"`, `"grad_b"`, `"b"` and `""`, not computed yet, for each layer: `{2: "a", 3: "delta"}`. There `"C"` adds
    the targets and the cost, `"C"` or not computed yet, and `"w"` a number to each wire, `"grad_w"` or `"w"`.
    `accent` names edges to draw in the accent colour, such as `["w-3-1-3", "w-3-2-3"]`; `inputs` and `outputs` say what
    the first and the last layer stand for. Raises ValueError for more than one sample, an unknown `show` or edge.
    """
    if not isinstance(source, Network | Trace):
        raise TypeError(f"a drawing is made of a Network or a Trace; it is {source!r:.60}")
    net = source if isinstance(source, Network) else source.net
    trace = source if isinstance(source, Trace) and show != "symbols" else None
    digits = whole_number("digits", digits, 0, 12)
    inputs, outputs = names("inputs", inputs, net.sizes[0]), names("outputs", outputs, net.sizes[-1])
    accent = names("accent", accent, len(_edges(net.sizes)))
    if trace is not None and trace.x.shape[1] != 1:
        raise ValueError(f"a drawing shows one sample: x must have 1 column; it has {trace.x.shape[1]}")
    shows = _shows(net, show)
    wires = {Part.named(name).of_kind("edge") for name in accent}
    symbols = {l: (symbol or "a",) for l, symbol in shows.items() if l in net.w}
    figure = draw_parts(net.sizes, symbols, inputs, outputs, "C" in shows)
    parts = figure.parts()
    if unknown := sorted(wires - parts.keys()):
        raise ValueError(f"accent must name edges such as 'w-3-1-3'; this network has no {', '.join(unknown)}")

    for edge in wires:
        parts[edge].set_linewidth(ACCENT_WIDTH)
        for name in map(edge.of_kind, ("edge", "arrow", "label")):
            if name in parts:
                parts[name].set(color=ACCENT, zorder=parts[name].get_zorder() + 0.5)
    for l, j in positions(net.sizes):
        symbol = "x" if l == 1 else shows[l]
        glyphs, number = parts[Part(f"symbol-{symbol or 'a'}", l, j)], parts[Part("value", l, j)]
        number.set_text("")
        if trace is None:
            glyphs.set_y(glyphs.get_position()[1] - SYMBOL_RISE)  # no number below it: back to the middle
        elif symbol:
            values = trace.x if l == 1 else SYMBOLS[symbol][1](trace)[l]
            number.set_text(shown(values[j - 1, 0], digits))
        else:
            _fade(figure, glyphs, parts[Part("neuron", l, j)])
    if trace and "C" in shows:
        parts["value-cost"].set_text(shown(trace.cost, digits) if shows["C"] else "")
        for j, target in enumerate(trace.y[:, 0], start=1):
            parts[Part("value-y", net.L, j)].set_text(f"= {shown(target, digits)}")
        if not shows["C"]:
            _fade(figure, parts["symbol-cost"], parts["cost"])
    if trace and shows.get("w"):
        for l, j, k in _labels(net.sizes):
            label, place = parts[Part("label", l, j, k)], _numbers(net.sizes).get((l, j, k))
            value = (trace.grad_w if shows["w"] == "grad_w" else net.w)[l][j - 1, k - 1]
            label.set(text=shown(value, digits) if place else "", fontsize=number_size(net.sizes), bbox=LABEL)
            label.set_position(place or label.get_position())
    figure.description = describe(trace or net, shows, digits)
    return figure


def _fade(figure: Picture, glyphs, shape) -> None:
    """Not computed yet, which looks different from 0."""
    glyphs.set_alpha(0.65)
    figure.inside.remove(glyphs.get_gid())
    shape.set(facecolor="none", edgecolor=LINE, linestyle=(0, (3, 4)))


def _shows(net: Network, show: str | Mapping) -> dict:
    """The symbol that each layer from 2 on shows; the cost's and the wires', if they are asked for."""
    layers = range(2, net.L + 1)
    if isinstance(show, Mapping):
        if any(show.get(l) not in ["", *SYMBOLS] for l in layers):
            symbols = ", ".join(map(repr, SYMBOLS))
            raise ValueError(f"show must name {symbols} or '' for each of the layers 2 to {net.L}; it is {dict(show)}")
        for key, may in OTHERS.items():
            if show.get(key, "") not in may:
                raise ValueError(f"show[{key!r}] must be one of {', '.join(map(repr, may))}; it is {show[key]!r:.60}")
        if unknown := [key for key in show if key not in (1, *layers, *OTHERS)]:
            raise ValueError(f"show must name the layers 2 to {net.L}, 'C' or 'w'; it has {unknown[0]!r:.60}")
        return {key: show[key] for key in (*layers, *OTHERS) if key in show}
    if not isinstance(show, str) or show not in ("a", "delta", "symbols"):
        raise ValueError(f"show must be one of symbols, a, delta; it is {show!r:.60}")
    return dict.fromkeys(layers, "a" if show == "a" else "delta")


def describe(source: Network | Trace, shows: Mapping[Any, str], digits: int = 3) -> str:
    """What the picture shows, in words and numbers: its description for those who do not see it."""
    if isinstance(source, Network):
        return f"{source}, with every weight's edge."

    def column(values):
        return "(" + ", ".join(shown(v, digits) for v in values[:, 0]) + ")"

    trace, net = source, source.net
    layers = [l for l in net.w if shows[l]]
    lines = [f"{net}", f"x  = {column(trace.x)}"]
    lines += [f"{written('a', l)} = {column(trace.a[l])}" for l in layers]
    if trace.y is not None and shows[net.L]:
        lines.append(f"y  = {column(trace.y)}")
        if shows.get("C", "C"):
            lines.append(f"C  = {shown(trace.cost, digits)}")
    errors = [l for l in reversed(layers) if shows[l] != "a"]
    lines += [f"{written('δ', l)} = {column(trace.delta[l])}" for l in errors]
    return "\n".join(lines)


def _index(sign: str, *numbers: int) -> str:
    """An upper or lower index; of one character without braces, which matplotlib reads in half the time."""
    index = ("," if max(numbers) > 9 else "").join(map(str, numbers))
    return sign + (index if len(index) == 1 else f"{{{index}}}")


def draw_parts(
    sizes: tuple[int, ...],
    symbols: Mapping[int, tuple[str, ...]],
    inputs: tuple[str, ...],
    outputs: tuple[str, ...],
    cost: bool = False,
) -> Picture:
    """All parts in their places, nothing chosen yet. Several `symbols` for a layer lie upon each other."""
    places, L = positions(sizes), len(sizes)
    right = max(x for x, _ in places.values())
    width = right + (COST_AWAY + COST_HALF if cost else RADIUS + 0.22) + MARGIN
    top = max(y for _, y in places.values()) + RADIUS
    with matplotlib.rc_context(STYLE):
        figure = Picture(width, top + HEADING)
        axes = figure.add_axes((0, 0, 1, 1), xlim=(0, width), ylim=(0, top + HEADING))
        axes.set(xticks=[], yticks=[])  # which matplotlib would make, and not show
        axes.set_axis_off()

        def text(gid, x, y, string, size, **kw):
            kw = {"ha": "center", "va": "center", "color": INK, **kw}
            return axes.text(x, y, string, fontsize=size, gid=gid, zorder=4, **kw)

        def inside(gid, *how):
            figure.inside.add(gid)
            return text(gid, *how)

        for (l, j, k), (p, q) in _edges(sizes).items():
            start, tip, (ux, uy) = _touching(p, q, RADIUS, RADIUS + 0.01)
            neck = (tip[0] - 0.13 * ux, tip[1] - 0.13 * uy)
            axes.add_artist(Line2D(*zip(start, neck, strict=True), gid=Part("edge", l, j, k), **ARROW))
            wings = [(neck[0] - s * 0.05 * uy, neck[1] + s * 0.05 * ux) for s in (1, -1)]
            axes.add_artist(Polygon([tip, *wings], color=WIRE, linewidth=0, zorder=2, gid=Part("arrow", l, j, k)))
        for (l, j, k), (x, y) in _labels(sizes).items():
            text(Part("label", l, j, k), x, y, "$w" + _index("^", l) + _index("_", j, k) + "$", look.LABEL_SIZE)

        for (l, j), (x, y) in places.items():
            axes.add_artist(Circle((x, y), RADIUS, gid=Part("neuron", l, j), **SHAPE))
            for symbol in symbols[l] if l > 1 else ("x",):
                glyphs = "x" if symbol == "x" else SYMBOLS[symbol][0] + _index("^", l)
                size = look.GRADIENT_SIZE if symbol == "grad_b" else look.SYMBOL_SIZE
                inside(Part(f"symbol-{symbol}", l, j), x, y + SYMBOL_RISE, f"${glyphs}{_index('_', j)}$", size)
            inside(Part("value", l, j), x, y - 0.17, "0.000", look.NUMBER_SIZE)
        for l, its in ((1, inputs), (L, outputs)):
            for j, name in enumerate(its, start=1):
                x, y = places[l, j]
                side = {"ha": "right", "x": x + NAME_INSET} if l == 1 else {"ha": "left", "x": x - NAME_INSET}
                label = text(Part("name", l, j), y=y - RADIUS - 0.03, string="", size=look.SMALL_SIZE, va="top", **side)
                label.set(**as_typed(name))
        if cost:
            x, y = right + COST_AWAY, (places[L, 1][1] + places[L, sizes[-1]][1]) / 2
            for j in range(1, sizes[-1] + 1):
                (px, py), above = places[L, j], places[L, j][1] >= y
                ends = [px + RADIUS, x - COST_HALF], [py, y]
                axes.add_artist(Line2D(*ends, color=LINE, linewidth=0.8, linestyle=(0, (2, 3)), gid=Part("link", L, j)))
                away = 0.34 if abs(py - y) > 2 * COST_HALF else COST_HALF + 0.14  # clear of the square
                target = {"y": py + (away if above else -away), "size": look.TARGET_SIZE, "ha": "left"}
                text(Part("symbol-y", L, j), px + RADIUS + 0.08, string=f"$y{_index('_', j)}$", **target)
                text(Part("value-y", L, j), px + RADIUS + 0.28, string="= 0.000", **target)
            corners = [(x + s * COST_HALF, y + t * COST_HALF) for s, t in ((-1, -1), (1, -1), (1, 1), (-1, 1))]
            axes.add_artist(Polygon(corners, gid="cost", **SHAPE))
            inside("symbol-cost", x, y + SYMBOL_RISE, "$C_x$", look.SYMBOL_SIZE)
            inside("value-cost", x, y - 0.17, "0.000", look.NUMBER_SIZE)
        for l in range(1, L + 1):
            text(Part("layer", l), places[l, 1][0], top + HEADING * 0.55, f"Layer {l}", look.NUMBER_SIZE)
    return figure


@functools.lru_cache(16)
def live_svg(sizes: tuple[int, ...], inputs: tuple[str, ...], outputs: tuple[str, ...]) -> str:
    """The drawing of a live network, whose neurons can show everything: made once for the same sizes and names."""
    symbols = dict.fromkeys(range(2, len(sizes) + 1), tuple(SYMBOLS))
    upon = {str(Part("label", *edge)): place for edge, place in _numbers(sizes).items()}
    return svg(draw_parts(sizes, symbols, inputs, outputs, cost=True), upon, number_size(sizes))


def svg(figure: Picture, upon: Mapping[str, tuple[float, float]], size: float) -> str:
    """The figure as SVG: symbols are glyph paths, each changing number is a `<text>` of its own, names are ids.

    `upon` is where a label's number stands, in type of so many points, while its symbol is not shown.
    """
    buffer = io.StringIO()
    with tidy(), matplotlib.rc_context(STYLE):
        unsaid = dict.fromkeys(("Date", "Creator", "Format", "Type"))
        figure.set_dpi(72)
        renderer: Any = RendererSVG(*figure.bbox.size, buffer, metadata=unsaid)  # as savefig, but for the reader
        renderer._text2path.mathtext_parser = reads_once(renderer._text2path.mathtext_parser)
        figure.draw(renderer)
        renderer.finalize()
    svg_names = "http://www.w3.org/2000/svg"
    for prefix, uri in (("", svg_names), ("xlink", "http://www.w3.org/1999/xlink")):
        ElementTree.register_namespace(prefix, uri)
    root = ElementTree.fromstring(buffer.getvalue())
    parts, height = figure.parts(), figure.get_figheight() * 72
    for group in root.iter(f"{{{svg_names}}}g"):
        name = group.get("id", "")
        if name.startswith("value-"):
            group[:] = [*group.iter(f"{{{svg_names}}}defs")]  # glyphs, also of others; a label keeps its symbol too
        if name.startswith("value-") or name in upon:
            (x, y), points = (
                upon.get(name, parts[name].get_position()),
                size if name in upon else parts[name].get_fontsize(),
            )
            place = {"x": f"{x * 72:.1f}", "y": f"{height - y * 72 + points * 0.36:.1f}", "font-size": f"{points:g}"}
            anchor = {"left": "start", "center": "middle"}[parts[name].get_ha()]
            ElementTree.SubElement(group, f"{{{svg_names}}}text", place | {"text-anchor": anchor})
    del root.attrib["width"], root.attrib["height"]  # the page decides
    return _shortened(re.sub(r">\s+<", "><", ElementTree.tostring(root, encoding="unicode")))


def _shortened(text: str) -> str:
    """The same SVG in fewer letters: it travels."""
    text = re.sub(r"(?<!\(0)(?<!-0)(\.\d\d)\d+", r"\1", text)  # a hundredth of a point is enough; a scale is not cut
    text = re.sub(r' clip-path=".+?"', "", text)  # nothing is drawn beyond the edge
    text = re.sub("  +", " ", text).replace("xlink:href", "href")
    glyphs = {name: f"g{n}" for n, name in enumerate(dict.fromkeys(re.findall('href="#(.+?)"', text)))}
    return re.sub('( id="| href="#)(.+?)"', lambda found: f'{found[1]}{glyphs.get(found[2], found[2])}"', text)
