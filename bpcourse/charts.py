"""The other pictures of the course: the formula sheet, cost curves, and what a network says of each bird."""

from collections.abc import Iterable, Mapping

import matplotlib
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from numpy.typing import ArrayLike

from bpcourse import derivations
from bpcourse.drawing import ACCENT, INK, PAPER, draw
from bpcourse.network import Network, forward
from bpcourse.picture import STYLE, Picture

A4 = (8.27, 11.69)  # inches

SYMBOLS = (
    ("$l$, $L$", "a layer, the last layer; layer 1 is the input"),
    ("$j$, $k$, $i$", "neurons of a layer, counted from 1"),
    ("$w^{l}_{jk}$", "weight of the wire to neuron $j$ of layer $l$ from neuron $k$"),
    ("$b^{l}_{j}$, $z^{l}_{j}$", "bias, weighted input"),
    ("$a^{l}_{j}$, $x_{j}$, $y_{j}$", "activation, input, target"),
    (r"$\sigma$, $\sigma'$", "activation function, its slope"),
    ("$C_{x}$, $C$", "cost of one sample, mean over $m$ samples"),
    (r"$\delta^{l}_{j}$", "error: how much the cost changes per unit of a push on $z^{l}_{j}$"),
    (r"$\odot$, $T$", "entry by entry, transpose"),
)


COLUMNS = {2: (0.09, 0.54), 3: (0.09, 0.37, 0.65)}  # where the formulas of a row begin
LOGARITHMS = (0.09, 0.5, 0.75)  # the cost of cross-entropy is long


def sections() -> list[tuple[str, str, list[list[str]]]]:
    """The formulas of the sheet: a heading, the name in the code, and rows of lines from the course's derivations."""
    forward, quadratic, bp1, bp2, bp3, bp4, cross_entropy, log_likelihood = derivations.DERIVATIONS[:8]

    def row(derivation, *numbers):
        return [derivation.line(number).latex for number in numbers]

    return [
        ("Forward", "forward(net, x)", [row(forward, 1, 3), row(forward, 2, 4)]),
        ("Quadratic cost", "quadratic(a, y)", [row(quadratic, 1, 3, 5)]),
        ("BP1, error of the output", "output_error(nabla_a_C, sigma_prime_z)", [row(bp1, 1, 6, 8)]),
        (
            "Cross-entropy (sigmoid), log-likelihood (softmax)",
            "cross_entropy(a, y)",
            [[*row(cross_entropy, 1), *row(log_likelihood, 3, 13)]],
        ),
        ("BP2, error of a hidden layer", "hidden_error(w_next, delta_next, sigma_prime_z)", [row(bp2, 7, 9)]),
        ("BP3, gradient of the biases", "bias_gradient(delta)", [row(bp3, 4, 5, 6)]),
        ("BP4, gradient of the weights", "weight_gradient(a_previous, delta)", [row(bp4, 4, 6, 7)]),
    ]


def formula_sheet() -> Picture:
    """The formulas of the course on one A4 page; `.savefig("formula_sheet.pdf")` makes it a file to print."""
    with matplotlib.rc_context(STYLE):
        figure = Picture(figsize=A4, facecolor=PAPER)
        FigureCanvasAgg(figure)

        def text(x, y, string, size, **kw):
            figure.text(x, y, string, fontsize=size, va="center", gid=f"text-{x:.2f}-{y:.3f}", color=INK, **kw)

        text(0.07, 0.96, "Backpropagation on one page", 19, weight="bold")
        for n, (symbol, meaning) in enumerate(SYMBOLS):
            text(0.07, 0.922 - 0.0215 * n, symbol, 11.5)
            text(0.17, 0.922 - 0.0215 * n, meaning, 9)
        axes = figure.add_axes((0.64, 0.745, 0.31, 0.2))
        axes.imshow(draw(Network([3, 4, 2])).pixels(dpi=220), aspect="equal")
        axes.set_axis_off()
        y = 0.705
        for heading, code, rows in sections():
            text(0.07, y, heading, 13, weight="bold")
            text(0.93, y, f"bp.{code}", 9, family="DejaVu Sans Mono", ha="right")
            figure.add_artist(Line2D((0.07, 0.93), (y - 0.014, y - 0.014), color=ACCENT, linewidth=1))
            for row in rows:
                y -= 0.046
                columns = LOGARITHMS if r"\ln" in row[0] else COLUMNS[len(row)]
                for x, latex in zip(columns, row, strict=True):
                    text(x, y, f"${latex.replace('frac', 'dfrac')}$", 13.5)
            y -= 0.047
    figure.description = "Formula sheet: " + "; ".join(heading for heading, _, _ in sections())
    return figure


# What was learned ----------------------------------------------------------------------------------------------------

CLASSES = ("#2f6fd0", "#c96a00", "#7a4fb5", "#007a5a")  # told apart by colour-blind readers, and by these shapes:
SHAPES = "o^sDvP*X"
WRONG = "#c2255c"
GRID, REACH = 24, 0.25  # fields a side, and how far the map reaches beyond the outermost sample


def said(net: Network, x: ArrayLike) -> np.ndarray:
    """The class that a network gives each sample, counted from 0: its largest output. Shape (m,)."""
    return forward(net, x).a[net.L].argmax(axis=0)


def reach(x: np.ndarray, axis: int) -> tuple[float, float]:
    """From where to where a map shows input `axis`, counted from 1."""
    return float(x[axis - 1].min()) - REACH, float(x[axis - 1].max()) + REACH


def said_on_map(net: Network, x: np.ndarray, axes: tuple[int, int]) -> np.ndarray:
    """The class of each field of the map, row by row from the top; the other inputs are at their means."""
    across, up = (np.linspace(*reach(x, axis), GRID) for axis in axes)
    points = np.repeat(x.mean(axis=1, keepdims=True), GRID * GRID, axis=1)
    points[axes[0] - 1], points[axes[1] - 1] = np.tile(across, GRID), np.repeat(up[::-1], GRID)
    return said(net, points)


def _axes(figure: Figure, place: tuple, x_name: str, y_name: str):
    axes = figure.add_axes(place)
    axes.set_xlabel(x_name, color=INK)
    axes.set_ylabel(y_name, color=INK)
    axes.spines[["top", "right"]].set_visible(False)
    axes.tick_params(colors=INK)
    return axes


def _curves(axes, curves: Mapping[str, np.ndarray]) -> None:
    for n, (name, values) in enumerate(curves.items()):
        style = {"color": CLASSES[n % len(CLASSES)], "linestyle": ("-", "--", "-.", ":")[n % 4]}
        axes.plot(range(len(values)), values, linewidth=2, label=name, gid=f"curve-{name}", **style)


def learning_curves(histories: Mapping[str, object], what: str = "cost") -> Picture:
    """`cost` or `right` of several histories by epoch, each under its name: `{"η = 3": history}`."""
    if what not in ("cost", "right"):
        raise ValueError(f"what must be 'cost' or 'right'; it is {what!r}")
    title = {"cost": "cost C", "right": "share of birds right"}[what]
    with matplotlib.rc_context(STYLE):
        figure = Picture(figsize=(7, 3.4), facecolor=PAPER)
        FigureCanvasAgg(figure)
        axes = _axes(figure, (0.1, 0.16, 0.86, 0.7), "epoch", title)
        _curves(axes, {name: getattr(history, what) for name, history in histories.items()})
        axes.set_ylim(bottom=0)
        axes.legend(frameon=False, ncols=len(histories), loc="lower left", bbox_to_anchor=(0, 0.98))
    lines = [f"{title[0].upper()}{title[1:]} by epoch"]
    for name, history in histories.items():
        values, last = getattr(history, what), len(history.cost) - 1
        at = sorted({0, min(1, last), last})
        lines.append(f"{name}: " + ", ".join(f"{values[n]:.3f} (epoch {n})" for n in at))
    figure.description = "\n".join(lines)
    return figure


def _map(axes, net: Network, x: np.ndarray, y: np.ndarray, shown: tuple[int, int], names: Iterable[str]) -> None:
    truth, found = y.argmax(axis=0), said(net, x)
    extent = (*reach(x, shown[0]), *reach(x, shown[1]))
    colours, most = ListedColormap([CLASSES[n % len(CLASSES)] for n in range(len(y))]), max(len(y) - 1, 1)
    fields = said_on_map(net, x, shown).reshape(GRID, GRID)
    axes.imshow(fields, cmap=colours, vmin=0, vmax=most, alpha=0.14, extent=extent, aspect="auto")
    for n, name in enumerate(names):
        style = {"marker": SHAPES[n % len(SHAPES)], "linestyle": "", "color": CLASSES[n % len(CLASSES)]}
        right, wrong = (truth == n) & (found == n), (truth == n) & (found != n)
        across, up = x[shown[0] - 1], x[shown[1] - 1]
        axes.plot([], [], markersize=4.5, label=name, **style)  # for the legend, also where none is right
        if right.any():
            axes.plot(across[right], up[right], markersize=4.5, alpha=0.8, gid=f"right-{name}", **style)
        if wrong.any():
            style |= {"color": "none", "markeredgecolor": WRONG, "markeredgewidth": 1.6, "gid": f"wrong-{name}"}
            axes.plot(across[wrong], up[wrong], markersize=10, **style)
            crosses = {"marker": "x", "linestyle": "", "color": WRONG, "gid": f"crosses-{name}"}
            axes.plot(across[wrong], up[wrong], markersize=7, **crosses)
    axes.legend(frameon=False, ncols=len(y), loc="lower left", bbox_to_anchor=(0, 0.98))


def replay(
    network: Picture,
    history: object,
    epoch: int,
    x: np.ndarray,
    y: np.ndarray,
    axes: tuple[int, int],
    inputs: tuple[str, ...],
    outputs: tuple[str, ...],
) -> Picture:
    """One epoch of a history on one picture: the network as drawn, the cost curve, and the decision on every sample."""
    height = network.get_figheight() * 9 / network.get_figwidth()
    with matplotlib.rc_context(STYLE):
        figure = Picture(figsize=(9, height + 3.4), facecolor=PAPER)
        FigureCanvasAgg(figure)
        figure.above, whole = network, height + 3.4
        low, high = 0.5 / whole, 2.6 / whole
        left = _axes(figure, (0.07, low, 0.36, high), "epoch", "cost C")
        _curves(left, {"cost": history.cost})
        left.set_ylim(bottom=0)
        left.plot([epoch], [history.cost[epoch]], "o", color=INK, markersize=8, gid="epoch", clip_on=False)
        names = [*inputs, *(f"input {n}" for n in range(len(inputs) + 1, len(x) + 1))]
        right = _axes(figure, (0.53, low, 0.44, high), *(names[axis - 1] for axis in axes))
        _map(right, history.nets[epoch], x, y, axes, outputs)
    return figure
