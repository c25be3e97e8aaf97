"""Where the labels of the edges go: beside their own edge, on no other edge, neuron or label."""

from collections.abc import Iterable, Mapping

HALF_WIDTH, HALF_HEIGHT = 0.135, 0.115  # of a label such as w³₁₃, in inches; a test measures the drawn ones
OWN_GAP, OTHER_GAP, NEURON_GAP = 0.042, 0.042, 0.05  # room for a line in the accent colour, which is thick
ALONG = [t / 100 for t in range(14, 87)]
ROUNDS = 20

Point = tuple[float, float]


def crosses_box(p: Point, q: Point, centre: Point, half_width: float, half_height: float) -> bool:
    """Whether the segment from p to q meets the box, by clipping the segment against the box's four sides."""
    enter, leave = 0.0, 1.0
    for a, b, c, half in ((p[0], q[0], centre[0], half_width), (p[1], q[1], centre[1], half_height)):
        low, high = c - half - a, c + half - a
        if a == b:
            if low > 0 or high < 0:
                return False
            continue
        low, high = sorted((low / (b - a), high / (b - a)))
        enter, leave = max(enter, low), min(leave, high)
    return enter <= leave


def _candidates(name, edges, neurons, radius) -> list[Point]:
    (px, py), (qx, qy) = edges[name]
    length = ((qx - px) ** 2 + (qy - py) ** 2) ** 0.5
    nx, ny = -(qy - py) / length, (qx - px) / length
    away = HALF_WIDTH * abs(nx) + HALF_HEIGHT * abs(ny) + OWN_GAP
    near = [ends for other, ends in edges.items() if other != name and other[0] == name[0]]
    free = []
    for t in sorted(ALONG, key=lambda t: abs(t - 0.5)):
        for side in (1, -1) if qy >= py else (-1, 1):
            x, y = px + (qx - px) * t + side * nx * away, py + (qy - py) * t + side * ny * away
            boxed = HALF_WIDTH + OTHER_GAP, HALF_HEIGHT + OTHER_GAP
            if any(crosses_box(*ends, (x, y), *boxed) for ends in near):
                continue
            corner = ((max(abs(x - a) - HALF_WIDTH, 0), max(abs(y - b) - HALF_HEIGHT, 0)) for a, b in neurons)
            if all(dx * dx + dy * dy > (radius + NEURON_GAP) ** 2 for dx, dy in corner):
                free.append((x, y))
    return free


def label_places(
    edges: Mapping[tuple[int, int, int], tuple[Point, Point]], neurons: Iterable[Point], radius: float
) -> dict[tuple[int, int, int], Point]:
    """A free place for each edge's label, as near to the middle of its edge as there is one.

    Edges with few free places choose first. An edge that finds nothing left chooses first in the next round; after a
    few rounds, in a crowded network, it gets no label: a reader asks for its number by choosing the edge.
    """
    neurons = list(neurons)
    free = {name: _candidates(name, edges, neurons, radius) for name in edges}
    order = sorted((name for name in free if free[name]), key=lambda name: (len(free[name]), name))
    best = {}
    for _ in range(ROUNDS):
        places = {}
        for name in order:
            choice = next((place for place in free[name] if _clear(place, places.values())), None)
            if choice:
                places[name] = choice
        if len(places) > len(best):
            best = places
        losers = [name for name in order if name not in places]
        if not losers:
            break
        order = losers + [name for name in order if name in places]
    return dict(sorted(best.items()))


def _clear(place: Point, taken: Iterable[Point]) -> bool:
    x, y = place
    return all(abs(x - a) > 2 * HALF_WIDTH + 0.02 or abs(y - b) > 2 * HALF_HEIGHT + 0.02 for a, b in taken)
