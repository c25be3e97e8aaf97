"""Where the labels of the edges go: beside their own edge, on no other edge, neuron or label."""

from collections.abc import Iterable, Mapping

import numpy as np

HALF_WIDTH, HALF_HEIGHT = 0.135, 0.115  # of a label such as w³₁₃, in inches; a test measures the drawn ones
HALF_DIGIT, HALF_COMMA = 0.04, 0.022  # what w³₁₁,₃ has more
OWN_GAP, OTHER_GAP, NEURON_GAP = 0.042, 0.042, 0.05  # room for a line in the accent colour, which is thick
ALONG = sorted((t / 100 for t in range(14, 87)), key=lambda t: abs(t - 0.5))  # of an edge, from its middle
ROUNDS = 20

Point = tuple[float, float]
Edge = tuple[int, int, int]


def crosses_box(p: Point, q: Point, centre: Point, half_width: float, half_height: float) -> np.ndarray:
    """Whether the segment from p to q meets the box, by clipping it against the box's sides; of arrays, each with each.

    A segment along an axis lies between two sides for all of its length (from −∞ to ∞) or for none.
    """
    enter, leave = np.array(0.0), np.array(1.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        for a, b, c, half in ((p[0], q[0], centre[0], half_width), (p[1], q[1], centre[1], half_height)):
            low, high, along = c - half - a, c + half - a, np.subtract(b, a)
            between = np.where((low <= 0) & (high >= 0), -np.inf, np.inf)
            enter = np.maximum(enter, np.where(along == 0, between, np.minimum(low / along, high / along)))
            leave = np.minimum(leave, np.where(along == 0, -between, np.maximum(low / along, high / along)))
    return enter <= leave


def half_width(name: Edge) -> float:
    """Of the label of this edge."""
    _, j, k = name
    more = len(f"{j}{k}") - 2
    return HALF_WIDTH + HALF_DIGIT * more + HALF_COMMA * (more > 0)


def _candidates(name, edges, neurons, radius) -> list[Point]:
    """Places beside an edge, the nearest to its middle first, that are on no wire of this layer and on no neuron."""
    (px, py), (qx, qy) = edges[name]
    length = ((qx - px) ** 2 + (qy - py) ** 2) ** 0.5
    nx, ny = -(qy - py) / length, (qx - px) / length
    half = half_width(name)
    away = half * abs(nx) + HALF_HEIGHT * abs(ny) + OWN_GAP
    near = [ends for other, ends in edges.items() if other != name and other[0] == name[0]]
    p, q = np.reshape(near, (-1, 2, 2)).transpose(1, 2, 0)
    t, side = np.repeat(ALONG, 2), np.tile((1, -1) if qy >= py else (-1, 1), len(ALONG))
    x, y = px + (qx - px) * t + side * nx * away, py + (qy - py) * t + side * ny * away
    free = ~crosses_box(p, q, (x[:, None], y[:, None]), half + OTHER_GAP, HALF_HEIGHT + OTHER_GAP).any(axis=1)
    a, b = np.transpose(neurons)
    dx = np.maximum(abs(x[:, None] - a) - half, 0)
    dy = np.maximum(abs(y[:, None] - b) - HALF_HEIGHT, 0)
    free &= (dx * dx + dy * dy > (radius + NEURON_GAP) ** 2).all(axis=1)
    return list(zip(x[free].tolist(), y[free].tolist(), strict=True))


def label_places(
    edges: Mapping[Edge, tuple[Point, Point]], neurons: Iterable[Point], radius: float
) -> dict[Edge, Point]:
    """A free place for each edge's label, as near to the middle of its edge as there is one.

    Edges with few free places choose first. An edge that finds nothing left chooses first in the next round; after a
    few rounds, in a crowded network, it gets no label: a reader asks for its number by choosing the edge.
    """
    neurons = list(neurons)
    free = {name: _candidates(name, edges, neurons, radius) for name in edges}
    order = sorted((name for name in free if free[name]), key=lambda name: (len(free[name]), name))
    best: dict[Edge, Point] = {}
    for _ in range(ROUNDS):
        places: dict[Edge, Point] = {}
        for name in order:
            choice = next((place for place in free[name] if _clear(name, place, places)), None)
            if choice:
                places[name] = choice
        best = max(best, places, key=len)
        if len(places) == len(order):
            break
        order.sort(key=lambda name: name in places)  # those that found nothing left come first
    return dict(sorted(best.items()))


def _clear(name: Edge, place: Point, taken: Mapping[Edge, Point]) -> bool:
    (x, y), half = place, half_width(name) + 0.02
    return all(
        abs(x - a) > half + half_width(other) or abs(y - b) > 2 * HALF_HEIGHT + 0.02 for other, (a, b) in taken.items()
    )
