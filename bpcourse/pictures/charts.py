"""The other pictures of the course: cost curves, and what a network says of each bird."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import matplotlib
import numpy as np
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from bpcourse.network import History, Network, forward
from bpcourse.network.training import classes
from bpcourse.pictures.look import CLASSES, INK, LINE, WRONG, of_classes
from bpcourse.pictures.picture import STYLE, Picture, as_typed
from bpcourse.tables import names
from bpcourse.text import readable

# What was learned ----------------------------------------------------------------------------------------------------

GRID, REACH = 24, 0.25  # fields a side, and how far the map reaches beyond the outermost sample


def predicted(net: Network, x: ArrayLike) -> np.ndarray:
    """The class that a network gives each sample, counted from 0: its largest output. Shape (m,)."""
    return classes(forward(net, x).a[net.L])


def reach(x: np.ndarray, axis: int) -> tuple[float, float]:
    """From where to where a map shows input `axis`, counted from 1."""
    return float(x[axis - 1].min()) - REACH, float(x[axis - 1].max()) + REACH


def predicted_on_map(net: Network, x: np.ndarray, axes: tuple[int, int]) -> np.ndarray:
    """The class of each field of the map, row by row from the top; the other inputs are at their means."""
    across, up = (np.linspace(*reach(x, axis), GRID) for axis in axes)
    points = np.repeat(x.mean(axis=1, keepdims=True), GRID * GRID, axis=1)
    points[axes[0] - 1], points[axes[1] - 1] = np.tile(across, GRID), np.repeat(up[::-1], GRID)
    return predicted(net, points)


def _axes(figure: Figure, place: tuple, x_name: str, y_name: str):
    axes = figure.add_axes(place)
    axes.set_xlabel("", color=INK).set(**as_typed(x_name))
    axes.set_ylabel("", color=INK).set(**as_typed(y_name))
    axes.patch.set_alpha(0)
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[["bottom", "left"]].set_color(LINE)
    axes.tick_params(color=LINE, labelcolor=INK)
    return axes


def _legend(axes, lines: list) -> None:
    """Names the lines above the axes, also with a name that begins with _, which matplotlib would leave out."""
    places: Any = {"loc": "lower left", "bbox_to_anchor": (0, 0.98)}
    legend = axes.legend(lines, [*map(str, range(len(lines)))], frameon=False, ncols=len(lines), **places)
    for text, line in zip(legend.get_texts(), lines, strict=True):
        text.set(**as_typed(line.get_label()))


def _curves(axes, curves: Mapping[str, np.ndarray]) -> None:
    for n, (name, values) in enumerate(curves.items()):
        style = {"color": CLASSES[n % len(CLASSES)], "linestyle": ("-", "--", "-.", ":")[n % 4]}
        axes.plot(range(len(values)), values, linewidth=2, label=name, gid=readable(f"curve-{name}"), **style)


def learning_curves(histories: Mapping[str, History], what: str = "cost") -> Picture:
    """`cost` or `right` of several histories by epoch, each under its name: `{"η = 3": history}`."""
    if what not in ["cost", "right"]:
        raise ValueError(f"what must be 'cost' or 'right'; it is {what!r:.60}")
    if not isinstance(histories, Mapping) or not histories:
        raise TypeError(f"histories must have a name each, such as {{'η = 3': history}}; it is {histories!r:.60}")
    names("the names of histories", histories, len(histories))
    for history in histories.values():
        if not isinstance(history, History):
            raise TypeError(f"a history of bp.train is expected; it is {history!r:.60}")
    title = {"cost": "cost C", "right": "share of birds right"}[what]
    with matplotlib.rc_context(STYLE):
        figure = Picture(7, 3.4)
        axes = _axes(figure, (0.1, 0.16, 0.86, 0.7), "epoch", title)
        _curves(axes, {name: getattr(history, what) for name, history in histories.items()})
        axes.set_ylim(bottom=0)
        _legend(axes, axes.lines[:])
    lines = [f"{title[0].upper()}{title[1:]} by epoch"]
    for name, history in histories.items():
        values, last = getattr(history, what), len(history.cost) - 1
        at = sorted({0, min(1, last), last})
        lines.append(f"{name}: " + ", ".join(f"{values[n]:.3f} (epoch {n})" for n in at))
    figure.description = "\n".join(lines)
    return figure


def _map(axes, net: Network, x: np.ndarray, y: np.ndarray, shown: tuple[int, int], called: Iterable[str]) -> None:
    truth, found = classes(y), predicted(net, x)
    extent = (*reach(x, shown[0]), *reach(x, shown[1]))
    looks = of_classes(len(y))
    colours, most = ListedColormap([colour for colour, _, _ in looks]), max(len(y) - 1, 1)
    fields = predicted_on_map(net, x, shown).reshape(GRID, GRID)
    axes.imshow(fields, cmap=colours, vmin=0, vmax=most, alpha=0.14, extent=extent, aspect="auto")
    across, up, named = x[shown[0] - 1], x[shown[1] - 1], []
    for n, name in enumerate(map(readable, called)):
        colour, marker, _ = looks[n]
        style: dict[str, Any] = {"marker": marker, "linestyle": "", "color": colour}
        right, wrong = (truth == n) & (found == n), (truth == n) & (found != n)
        named += axes.plot([], [], markersize=4.5, label=name, **style)  # for the legend, also where none is right
        if right.any():
            axes.plot(across[right], up[right], markersize=4.5, alpha=0.8, gid=f"right-{name}", **style)
        if wrong.any():
            style |= {"color": "none", "markeredgecolor": WRONG, "markeredgewidth": 1.6, "gid": f"wrong-{name}"}
            axes.plot(across[wrong], up[wrong], markersize=10, **style)
            axes.plot(across[wrong], up[wrong], "x", markersize=7, color=WRONG, gid=f"crosses-{name}")
    _legend(axes, named)


def replay(
    network: Picture,
    history: History,
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
        figure = Picture(9, height + 3.4)
        figure.above, whole = network, height + 3.4
        low, high = 0.5 / whole, 2.6 / whole
        left = _axes(figure, (0.07, low, 0.36, high), "epoch", "cost C")
        _curves(left, {"cost": history.cost})
        left.set_ylim(bottom=0)
        left.plot([epoch], [history.cost[epoch]], "o", color=CLASSES[0], markersize=8, gid="epoch", clip_on=False)
        called = [*inputs, *(f"input {n}" for n in range(len(inputs) + 1, len(x) + 1))]
        right = _axes(figure, (0.53, low, 0.44, high), *(called[axis - 1] for axis in axes))
        _map(right, history.nets[epoch], x, y, axes, outputs)
    return figure
