"""The network as one matplotlib figure, every part with a name.

Printed figures, the PNG that a static page shows and the live picture are this one drawing. Coordinates are inches.
Names (matplotlib's `gid`): `neuron-2-3` the circle, `symbol-delta-2-3` the symbol in it, `value-2-3` its number,
`edge-3-1-3` the line of w³₁₃, `arrow-3-1-3` its head, `label-3-1-3` its label, `layer-2` a heading,
`name-1-2` what a neuron stands for.
"""

import io
import json
import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterable, Mapping

import matplotlib
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Circle, Polygon
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from bpcourse.label_places import label_places
from bpcourse.network import Network, Trace
from bpcourse.tables import shown, written

INK, RIM, PAPER = "#1f2328", "#1f2328", "#ffffff"
NEURON, EDGE, ACCENT = "#dcebfa", "#c96a00", "#007a5a"  # pale blue, orange, green; told apart by colour-blind readers

RADIUS, COLUMN, ROW, MARGIN, HEADING = 0.46, 3.0, 1.35, 0.14, 0.45
SYMBOL_SIZE, NUMBER_SIZE, LABEL_SIZE, SMALL_SIZE = 19, 13.5, 13.5, 10.5
ACCENT_WIDTH, SYMBOL_RISE, NAME_INSET = 3.5, 0.14, 0.28  # names keep clear of the wires
STYLE = {"mathtext.fontset": "stix", "font.family": "DejaVu Sans", "svg.fonttype": "path", "svg.hashsalt": "bpcourse"}


INVENTORY = "bpcourse-inventory"  # by which a test sees that a committed PNG is not what is drawn today


class Picture(Figure):
    """A figure that shows itself in a notebook as a PNG with a description, without pyplot."""

    description = ""

    def png(self, dpi: int = 120) -> bytes:
        """The picture as PNG, which carries its inventory; the same drawing gives the same bytes."""
        with matplotlib.rc_context(STYLE):
            buffer = io.BytesIO()
            self.savefig(buffer, format="png", dpi=dpi, metadata={"Software": None})
        small = io.BytesIO()  # a drawing has few colours: a palette makes it a quarter of the size
        colours = Image.open(buffer).convert("RGB").quantize(128, dither=Image.Dither.NONE)
        information = PngInfo()
        information.add_itxt(INVENTORY, json.dumps(self.inventory(), ensure_ascii=False), zip=True)
        colours.save(small, "png", optimize=True, pnginfo=information)
        return small.getvalue()

    def _repr_mimebundle_(self, include=None, exclude=None):
        data = {"image/png": self.png(), "text/plain": self.description}
        return data, {"image/png": {"alt": self.description, "width": int(self.get_figwidth() * 72)}}

    def inventory(self) -> list[list]:
        """Every named part: name, text or "", x and y in inches to two decimals. Two equal drawings have equal ones."""
        rows = []
        for artist in self.findobj(lambda artist: artist.get_gid()):
            text = getattr(artist, "get_text", str)()
            if isinstance(artist, Circle):
                x, y = artist.center
            elif hasattr(artist, "get_position"):
                x, y = artist.get_position()
            else:
                x, y = artist.get_xydata().mean(axis=0) if isinstance(artist, Line2D) else artist.get_xy().mean(axis=0)
            rows.append([artist.get_gid(), text, round(float(x), 2), round(float(y), 2)])
        return sorted(rows)


def inventory_of(png: bytes) -> list[list]:
    """The inventory that a PNG of a `Picture` carries."""
    return json.loads(Image.open(io.BytesIO(png)).text[INVENTORY])


def positions(sizes: tuple[int, ...]) -> dict[tuple[int, int], tuple[float, float]]:
    """Where each neuron (l, j) stands, in inches from the lower left corner."""
    span = ROW * (max(*sizes, 3) - 1)
    places = {}
    for l, n in enumerate(sizes, start=1):
        row = min(span / (n - 1), 1.5 * ROW) if n > 1 else 0
        for j in range(1, n + 1):
            y = MARGIN + RADIUS + span / 2 + row * ((n + 1) / 2 - j)
            places[l, j] = (MARGIN + RADIUS + 0.22 + COLUMN * (l - 1), y + SMALL_SIZE / 72)
    return places


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
    `"delta"` and `""`, not computed yet, for each layer: `{2: "a", 3: "delta"}`. `accent` names edges to draw in the
    accent colour, such as `["w-3-1-3", "w-3-2-3"]`; `inputs` and `outputs` say what the first and the last layer stand
    for. Raises ValueError for more than one sample, an unknown `show` or an unknown edge.
    """
    if not isinstance(source, Network | Trace):
        raise TypeError(f"a drawing is made of a Network or a Trace; it is {source!r:.60}")
    net = source if isinstance(source, Network) else source.net
    trace = source if isinstance(source, Trace) and show != "symbols" else None
    if trace is not None and trace.x.shape[1] != 1:
        raise ValueError(f"a drawing shows one sample: x must have 1 column; it has {trace.x.shape[1]}")
    shows = _shows(net, show)
    accent = {name.replace("w-", "edge-", 1) for name in accent}
    figure = draw_parts(net, {l: (symbol or "a",) for l, symbol in shows.items()}, tuple(inputs), tuple(outputs))
    parts = {artist.get_gid(): artist for artist in figure.findobj(lambda artist: artist.get_gid())}
    unknown = sorted(accent - {name for name in parts if name.startswith("edge-")})
    if unknown:
        raise ValueError(f"accent must name edges such as 'w-3-1-3'; this network has no {', '.join(unknown)}")

    for edge in accent:
        parts[edge].set_linewidth(ACCENT_WIDTH)
        for name in (edge, edge.replace("edge", "arrow"), edge.replace("edge", "label")):
            if name in parts:
                parts[name].set(color=ACCENT, zorder=parts[name].get_zorder() + 0.5)
    for l, j in positions(net.sizes):
        symbol = "x" if l == 1 else shows[l]
        glyphs, number = parts[f"symbol-{symbol or 'a'}-{l}-{j}"], parts[f"value-{l}-{j}"]
        if trace is None:
            number.set_text("")
            glyphs.set_y(glyphs.get_position()[1] - SYMBOL_RISE)  # no number below it: back to the middle
        elif symbol:
            values = trace.x if l == 1 else (trace.a if symbol == "a" else trace.delta)[l]
            number.set_text(shown(values[j - 1, 0], digits))
        else:
            number.set_text("")
            glyphs.set_alpha(0.45)
            parts[f"neuron-{l}-{j}"].set(facecolor=PAPER, linestyle=(0, (3, 4)))
    figure.description = describe(trace or net, shows, digits)
    return figure


def _shows(net: Network, show: str | Mapping[int, str]) -> dict[int, str]:
    """The symbol that each layer from 2 on shows."""
    layers = range(2, net.L + 1)
    if isinstance(show, Mapping):
        if any(show.get(l) not in ("a", "delta", "") for l in layers):
            raise ValueError(
                f"show must name 'a', 'delta' or '' for each of the layers 2 to {net.L}; it is {dict(show)}"
            )
        return {l: show[l] for l in layers}
    if show not in ("a", "delta", "symbols"):
        raise ValueError(f"show must be one of symbols, a, delta; it is {show!r}")
    return dict.fromkeys(layers, "a" if show == "a" else "delta")


def describe(source: Network | Trace, shows: Mapping[int, str], digits: int = 3) -> str:
    """What the picture shows, in words and numbers: its description for those who do not see it."""
    if isinstance(source, Network):
        return f"{source}, with every weight's edge."

    def column(values):
        return "(" + ", ".join(shown(v, digits) for v in values[:, 0]) + ")"

    trace = source
    lines = [f"{trace.net}", f"x  = {column(trace.x)}"]
    lines += [f"{written('a', l)} = {column(trace.a[l])}" for l in shows if shows[l]]
    if trace.y is not None and shows[trace.net.L]:
        lines += [f"y  = {column(trace.y)}", f"C  = {shown(trace.cost, digits)}"]
    lines += [f"{written('δ', l)} = {column(trace.delta[l])}" for l in reversed(list(shows)) if shows[l] == "delta"]
    return "\n".join(lines)


def draw_parts(
    net: Network, symbols: Mapping[int, tuple[str, ...]], inputs: tuple[str, ...], outputs: tuple[str, ...]
) -> Picture:
    """All parts in their places, nothing chosen yet. Several `symbols` for a layer lie upon each other."""
    places, sizes, L = positions(net.sizes), net.sizes, net.L
    width = max(x for x, _ in places.values()) + RADIUS + 0.22 + MARGIN
    top = max(y for _, y in places.values()) + RADIUS
    with matplotlib.rc_context(STYLE):
        figure = Picture(figsize=(width, top + HEADING), facecolor=PAPER)
        FigureCanvasAgg(figure)
        axes = figure.add_axes((0, 0, 1, 1), xlim=(0, width), ylim=(0, top + HEADING))
        axes.set_axis_off()

        def text(gid, x, y, string, size, **kw):
            kw = {"ha": "center", "va": "center", "color": INK, **kw}
            axes.text(x, y, string, fontsize=size, gid=gid, zorder=4, **kw)

        edges = {
            (l, j, k): (places[l - 1, k], places[l, j])
            for l in range(2, L + 1)
            for j in range(1, sizes[l - 1] + 1)
            for k in range(1, sizes[l - 2] + 1)
        }
        for (l, j, k), (p, q) in edges.items():
            start, tip, (ux, uy) = _touching(p, q, RADIUS, RADIUS + 0.01)
            neck = (tip[0] - 0.13 * ux, tip[1] - 0.13 * uy)
            name = f"{l}-{j}-{k}"
            axes.add_line(
                Line2D(
                    *zip(start, neck, strict=True),
                    color=EDGE,
                    linewidth=1.3,
                    solid_capstyle="butt",
                    zorder=1,
                    gid=f"edge-{name}",
                )
            )
            wings = [(neck[0] - s * 0.05 * uy, neck[1] + s * 0.05 * ux) for s in (1, -1)]
            axes.add_patch(Polygon([tip, *wings], color=EDGE, linewidth=0, zorder=2, gid=f"arrow-{name}"))
        for (l, j, k), (x, y) in label_places(edges, places.values(), RADIUS).items():
            text(f"label-{l}-{j}-{k}", x, y, f"$w^{{{l}}}_{{{j}{k}}}$", LABEL_SIZE)

        for (l, j), (x, y) in places.items():
            axes.add_patch(
                Circle((x, y), RADIUS, facecolor=NEURON, edgecolor=RIM, linewidth=0.8, zorder=3, gid=f"neuron-{l}-{j}")
            )
            for symbol in symbols[l] if l > 1 else ("x",):
                glyphs = {"x": f"x_{{{j}}}", "a": f"a^{{{l}}}_{{{j}}}", "delta": rf"\delta^{{{l}}}_{{{j}}}"}[symbol]
                text(f"symbol-{symbol}-{l}-{j}", x, y + SYMBOL_RISE, f"${glyphs}$", SYMBOL_SIZE)
            text(f"value-{l}-{j}", x, y - 0.17, "0.000", NUMBER_SIZE)
        for l, names in ((1, inputs), (L, outputs)):
            for j, name in zip(range(1, sizes[l - 1] + 1), names, strict=False):
                x, y = places[l, j]
                side = {"ha": "right", "x": x + NAME_INSET} if l == 1 else {"ha": "left", "x": x - NAME_INSET}
                text(f"name-{l}-{j}", y=y - RADIUS - 0.03, string=name, size=SMALL_SIZE, va="top", **side)
        for l in range(1, L + 1):
            text(f"layer-{l}", places[l, 1][0], top + HEADING * 0.55, f"Layer {l}", NUMBER_SIZE)
    return figure


def svg(figure: Picture) -> str:
    """The figure as SVG: symbols are glyph paths, each changing number is a `<text>` of its own, names are ids."""
    buffer = io.StringIO()
    with matplotlib.rc_context(STYLE):
        figure.savefig(
            buffer,
            format="svg",
            transparent=True,
            metadata={"Date": None, "Creator": None, "Format": None, "Type": None},
        )
    for prefix, uri in (("", "http://www.w3.org/2000/svg"), ("xlink", "http://www.w3.org/1999/xlink")):
        ElementTree.register_namespace(prefix, uri)
    root = ElementTree.fromstring(buffer.getvalue())
    name = "{http://www.w3.org/2000/svg}"
    height = figure.get_figheight() * 72
    numbers = {
        artist.get_gid(): artist for artist in figure.findobj(lambda a: (a.get_gid() or "").startswith("value-"))
    }
    for group in root.iter(f"{name}g"):
        artist = numbers.get(group.get("id"))
        if artist is None:
            continue
        for child in list(group):
            group.remove(child)
        x, y = artist.get_position()
        place = {"x": f"{x * 72:.1f}", "y": f"{height - y * 72 + NUMBER_SIZE * 0.36:.1f}"}
        ElementTree.SubElement(group, f"{name}text", place | {"text-anchor": "middle", "font-size": str(NUMBER_SIZE)})
    del root.attrib["width"], root.attrib["height"]  # the page decides
    return re.sub(r">\s+<", "><", ElementTree.tostring(root, encoding="unicode"))
