"""One pass in two views: the graph of operations that a library such as micrograd or PyTorch keeps, and our layers."""

import matplotlib
from matplotlib.patches import Circle, FancyArrowPatch, FancyBboxPatch

from bpcourse.network import Network
from bpcourse.parts import Part
from bpcourse.pictures import look
from bpcourse.pictures.look import ACCENT, INK, LINE, NEURON, PAPER, RIM
from bpcourse.pictures.picture import STYLE, Picture

APART, BETWEEN, RADIUS, EDGE = 1.05, 1.75, 0.18, 0.45  # inches: operations, layers; a circle, and what is around it
WIRE, PARAMETER, NAME, TOP = 0.62, 1.62, 2.1, 2.42  # how high the wire, a parameter, a layer's name and the frame are
MOST_LAYERS = 4


def draw_operations(net: Network) -> Picture:
    """The operations of one pass in a row, with a frame around those of each layer. Source: notebook 06.

    Black is what goes forward, green what comes back to the same place: ∂C_x by it. Raises ValueError for more than 4
    layers, and for softmax, whose outputs do not work one by one.
    """
    if not isinstance(net, Network):
        raise TypeError(f"net must be a Network; it is {net!r:.60}")
    if net.L > MOST_LAYERS or net.output == "softmax":
        raise ValueError(f"at most {MOST_LAYERS} layers can be drawn, and no softmax; the network is {net!r}")
    width = 0.05 + BETWEEN + (net.L - 1) * (2 * APART + BETWEEN) + 0.7
    with matplotlib.rc_context(STYLE):
        figure = Picture(width, TOP + 0.08)
        axes = figure.add_axes((0, 0, 1, 1), xlim=(0, width), ylim=(0, TOP + 0.08))
        axes.set_axis_off()

        def text(name, x, y, string, color=INK, size=12.5):
            axes.text(x, y, string, fontsize=size, color=color, gid=name, ha="center", va="center", zorder=4)

        def arrow(*ends):
            style = {"arrowstyle": "-|>", "mutation_scale": 10, "shrinkA": 0, "shrinkB": 0, "color": LINE, "zorder": 2}
            axes.add_artist(FancyArrowPatch(*ends, **style))

        def wire(name, start, end, forward, back):
            """What goes forward stands above it, what comes back below."""
            arrow((start, WIRE), (end, WIRE))
            text(f"forward-{name}", (start + end) / 2, WIRE + 0.19, f"${forward}$")
            text(f"back-{name}", (start + end) / 2, WIRE - 0.22, f"${back}$", ACCENT)

        def operation(name, x, sign):
            axes.add_artist(
                Circle((x, WIRE), RADIUS, facecolor=PAPER, edgecolor=RIM, linewidth=0.9, zorder=3, gid=name)
            )
            text(f"sign-{name}", x, WIRE, sign)
            figure.inside.add(f"sign-{name}")

        def parameter(x, symbol, back):
            arrow((x, PARAMETER - 0.42), (x, WIRE + RADIUS))
            text(f"forward-{symbol}", x, PARAMETER, f"${symbol}$")
            text(f"back-{symbol}", x, PARAMETER - 0.28, f"${back}$", ACCENT)
            figure.inside |= {f"forward-{symbol}", f"back-{symbol}"}

        x, before = 0.05, "x"
        for l in range(2, net.L + 1):
            dot, plus, sigma = (x + BETWEEN + n * APART for n in range(3))
            size = 2 * (APART + EDGE), TOP - 0.1
            frame = FancyBboxPatch((dot - EDGE, 0.1), *size, "round,pad=0,rounding_size=0.15")
            axes.add_artist(frame)
            frame.set(facecolor=NEURON, edgecolor="none", zorder=0)
            text(Part("layer", l), plus, NAME, f"Layer {l}", size=look.NUMBER_SIZE)
            wire(f"{l - 1}", x + (RADIUS if l > 2 else 0.2), dot - RADIUS, before, rf"(w^{l})^T \delta^{l}")
            wire(Part("sum", l), dot + RADIUS, plus - RADIUS, f"w^{l} {before}", rf"\delta^{l}")
            wire(Part("z", l), plus + RADIUS, sigma - RADIUS, f"z^{l}", rf"\delta^{l}")
            parameter(dot, f"w^{l}", rf"\delta^{l} ({before})^T" if l > 2 else r"\delta^2 x^T")
            parameter(plus, f"b^{l}", rf"\delta^{l}")
            for place, name, sign in ((dot, "times", r"$\times$"), (plus, "plus", "+"), (sigma, "sigma", r"$\sigma$")):
                operation(Part(name, l), place, sign)
            figure.inside.add(Part("layer", l))
            figure.inside |= {f"{way}-{Part(of, l)}" for way in ("forward", "back") for of in ("sum", "z")}
            x, before = sigma, f"a^{l}"
        cost = x + BETWEEN - 0.25
        wire(f"{net.L}", x + RADIUS, cost - RADIUS, before, r"\nabla_a C_x")
        operation("cost", cost, "$C$")
        arrow((cost + RADIUS, WIRE), (cost + 0.62, WIRE))
        text("forward-cost", cost + 0.74, WIRE, "$C_x$")
    signs = "times w, plus b, then σ"
    figure.description = (
        f"The operations of one pass, in a row: for each of the layers 2 to {net.L} {signs}, in the end the cost. "
        "Above each wire what goes forward, below it what comes back: δ from σ and from plus, wᵀδ from times."
    )
    return figure
