"""Where the labels of the edges go: symbols beside their own edge and on nothing else, numbers upon it."""

from collections.abc import Iterable, Mapping

import numpy as np

HALF_WIDTH, HALF_HEIGHT = 0.135, 0.115  # of a label such as w³₁₃, in inches; a test measures the drawn ones
HALF_DIGIT, HALF_COMMA = 0.04, 0.022  # what w³₁₁,₃ has more
OWN_GAP, OTHER_GAP, NEURON_GAP = 0.042, 0.03, 0.12  # room for what is lit: a thick line, a thick rim
NUMBER_WIDTH, NUMBER_HEIGHT, BETWEEN = 4.7, 1.0, 0.05  # of −12.345 in bold, in heights of its type; between two labels
ALONG = sorted((t / 100 for t in range(14, 87)), key=lambda t: abs(t - 0.5))  # of an edge, from its middle
ROUNDS = 20

Point = tuple[float, float]
Edge = tuple[int, int, int]
Candidate = tuple[Point, float, float]  # a place, and half the width and height of what stands there


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


def _off_neurons(x, y, half_width: float, half_height: float, neurons, room: float) -> np.ndarray:
    """Which boxes about the points keep so far from the middle of every neuron."""
    a, b = np.transpose(neurons)
    dx = np.maximum(abs(x[:, None] - a) - half_width, 0)
    dy = np.maximum(abs(y[:, None] - b) - half_height, 0)
    return (dx * dx + dy * dy > room**2).all(axis=1)


def _others(name: Edge, edges: Mapping[Edge, tuple[Point, Point]]) -> np.ndarray:
    """The ends of the other edges of this layer."""
    near = [ends for other, ends in edges.items() if other != name and other[0] == name[0]]
    return np.reshape(near, (-1, 2, 2)).transpose(1, 2, 0)


def _beside(name: Edge, edges, neurons, radius: float) -> list[Candidate]:
    """Places beside an edge, the nearest to its middle first, that are on no wire of this layer and on no neuron."""
    (px, py), (qx, qy) = edges[name]
    length = ((qx - px) ** 2 + (qy - py) ** 2) ** 0.5
    nx, ny = -(qy - py) / length, (qx - px) / length
    half = half_width(name)
    away = half * abs(nx) + HALF_HEIGHT * abs(ny) + OWN_GAP
    p, q = _others(name, edges)
    t, side = np.repeat(ALONG, 2), np.tile((1, -1) if qy >= py else (-1, 1), len(ALONG))
    x, y = px + (qx - px) * t + side * nx * away, py + (qy - py) * t + side * ny * away
    free = ~crosses_box(p, q, (x[:, None], y[:, None]), half + OTHER_GAP, HALF_HEIGHT + OTHER_GAP).any(axis=1)
    free &= _off_neurons(x, y, half, HALF_HEIGHT, neurons, radius + NEURON_GAP)
    return [(place, half, HALF_HEIGHT) for place in zip(x[free].tolist(), y[free].tolist(), strict=True)]


def _upon(name: Edge, edges, neurons, radius: float, size: float) -> list[Candidate]:
    """Places for a number upon its own edge, on no neuron: first where the fewest other wires pass behind it."""
    (px, py), (qx, qy) = edges[name]
    half, high = size / 72 * NUMBER_WIDTH / 2, size / 72 * NUMBER_HEIGHT / 2
    p, q = _others(name, edges)
    t = np.array(ALONG)
    x, y = px + (qx - px) * t, py + (qy - py) * t
    behind = crosses_box(p, q, (x[:, None], y[:, None]), half, high).sum(axis=1)
    free = _off_neurons(x, y, half, high, neurons, radius + BETWEEN)
    order = [n for n in np.argsort(behind, kind="stable") if free[n]]
    return [((float(x[n]), float(y[n])), half, high) for n in order]


def label_places(
    edges: Mapping[Edge, tuple[Point, Point]], neurons: Iterable[Point], radius: float
) -> dict[Edge, Point]:
    """A free place for each edge's symbol, as near to the middle of its edge as there is one.

    In a crowded network some edges get none: a reader asks for their number by choosing the edge.
    """
    neurons = list(neurons)
    return _settled({name: _beside(name, edges, neurons, radius) for name in edges})


def number_places(
    edges: Mapping[Edge, tuple[Point, Point]],
    neurons: Iterable[Point],
    radius: float,
    size: float,
    names: Iterable[Edge],
) -> dict[Edge, Point]:
    """A place upon each named edge for a number in type of `size` points, on no neuron and on no other number."""
    neurons = list(neurons)
    return _settled({name: _upon(name, edges, neurons, radius, size) for name in names})


def _settled(free: Mapping[Edge, list[Candidate]]) -> dict[Edge, Point]:
    """One of its places for each edge, so that no two boxes meet.

    Edges with few free places choose first. An edge that finds nothing left chooses first in the next round; after a
    few rounds, in a crowded network, it gets none.
    """
    order = sorted((name for name in free if free[name]), key=lambda name: (len(free[name]), name))
    best: dict[Edge, Candidate] = {}
    for _ in range(ROUNDS):
        taken: dict[Edge, Candidate] = {}
        for name in order:
            if (choice := next((place for place in free[name] if _clear(place, taken.values())), None)) is not None:
                taken[name] = choice
        best = max(best, taken, key=len)
        if len(taken) == len(order):
            break
        order.sort(key=lambda name: name in taken)  # those that found nothing left come first
    return {name: place for name, (place, _, _) in sorted(best.items())}


def _clear(candidate: Candidate, taken: Iterable[Candidate]) -> bool:
    (x, y), half, high = candidate
    return all(
        abs(x - a) > half + other + BETWEEN or abs(y - b) > high + tall + BETWEEN for (a, b), other, tall in taken
    )
