"""A whole backpropagation and a step: which of the four equations goes wrong first, and how.

The learner's gradients of one sample give back their errors: of the biases as they are, of the weights where each table
is a column times the row of activations. Each equation is then judged by what the learner put into it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from bpcourse.exercises.kinds import errors
from bpcourse.exercises.kinds.learner import Learner, Story, Unclear, near, shaped, story, told
from bpcourse.exercises.kinds.one_layer import another_table
from bpcourse.exercises.mistake import Mistake
from bpcourse.network import Network, backprop
from bpcourse.network.equations import bp2
from bpcourse.network.functions import sigmoid, sigmoid_prime
from bpcourse.network.trace import Trace

_SIZES = ([3, 4, 2], [2, 5, 3, 4], [3, 2, 4, 5, 2])
_ORDER = ("the forward pass", "BP1", "BP2", "BP3", "BP4")


def of_backprop(ask: Learner) -> Story:
    """The first of the four that goes wrong, with what stands there."""
    yield from _first_of_four(ask.tables)


@dataclass(frozen=True, eq=False)
class _Read:
    """The learner's gradients of one sample, and the errors that they show."""

    trace: Trace
    of_b: dict
    grad_w: dict
    of_w: dict  # None where a table is no column times the right activations
    rows: dict  # the row that stands for a^{l−1}, where a table of weights is the error of the biases times one

    @property
    def errors(self) -> dict:
        """Those that both agree on, or those that come nearest to being right."""
        if any(column is None for column in self.of_w.values()):
            return self.of_b
        right_b, right_w = (sum(near(of[l], self.trace.delta[l]) for l in of) for of in (self.of_b, self.of_w))
        return self.of_b if right_b > right_w else self.of_w

    def wrong(self) -> dict[str, list[int]]:
        """The layers in which each equation goes wrong, given what was put into it."""
        trace, delta, L = self.trace, self.errors, self.trace.net.L
        found: dict[str, list[int]] = {name: [] for name in _ORDER}
        for l in range(L, 1, -1):
            if l == L and not near(delta[L], trace.delta[L]):
                found["BP1"].append(L)
            if l < L and not near(delta[l], bp2(trace.net.w[l + 1], delta[l + 1], trace.sigma_prime(l))):
                found["BP2"].append(l)
            if not near(self.of_b[l], delta[l]):
                found["BP3"].append(l)
            if self.of_w[l] is None or not near(self.of_w[l], delta[l]):
                found["BP4"].append(l)
        if found["BP1"] and any(l > 2 for l in found["BP4"]) and 2 not in found["BP4"] and self.rows[L] is not None:
            hidden = [l - 1 for l in found["BP4"]][::-1]  # x is right, and no activation after; δ cannot be judged
            return {name: hidden if name == _ORDER[0] else [] for name in _ORDER}
        return found


def _read(tables, net: Network, x: np.ndarray, y: np.ndarray) -> _Read:
    trace, found = backprop(net, x, y), tables(net, x, y)
    of_b, tables_w, of_w, rows = {}, {}, {}, {}
    for l in net.w:
        try:
            of_b[l] = shaped(found[f"grad_b[{l}]"], net.b[l].shape)
            tables_w[l] = grad_w = shaped(found[f"grad_w[{l}]"], net.w[l].shape)
        except KeyError:
            raise Unclear from None
        with np.errstate(all="ignore"):
            columns, row = grad_w / trace.a[l - 1].T, grad_w / of_b[l]
        of_w[l] = columns[:, [0]] if near(columns, np.repeat(columns[:, [0]], columns.shape[1], axis=1)) else None
        rows[l] = row[0] if near(row, np.repeat(row[[0]], len(row), axis=0)) else None
    return _Read(trace, of_b, tables_w, of_w, rows)


def _sample(sizes: list[int], seed: int) -> tuple[Network, np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    return Network(sizes, seed=seed), random.normal(size=(sizes[0], 1)), random.uniform(size=(sizes[-1], 1))


def _first_of_four(tables) -> Story:
    seen = [_read(tables, *_sample(sizes, seed)) for seed, sizes in enumerate(_SIZES)]
    wrong = [read.wrong() for read in seen]
    names = [name for name in _ORDER if any(layers[name] for layers in wrong)]
    names = names[:1] if names[:1] == [_ORDER[0]] else names  # after that nothing can be judged
    if not names:
        yield from _of_many(tables)
        return
    first, told = names[0], set()
    for name in names:
        goes = f"{name} {'is the first that goes wrong' if name == first else 'goes wrong too'}"
        goes += _in_layers(seen[-1], wrong[-1][name], name)
        goes = "Already the forward pass goes wrong" if name == _ORDER[0] else goes
        for detail in list(_DETAILS[name](tables, seen, wrong)) or [story(f"{name} goes wrong", _LINES[name])]:
            same = f"It is the same there: {detail.name}."
            yield replace(detail, sentence=f"{goes}. {same if detail.name in told else detail.sentence}")
            told.add(detail.name)


def _in_layers(read: _Read, wrong: list[int], name: str) -> str:
    """In which layers of the deepest network, unless in all."""
    sizes = read.trace.net.sizes
    every = {"BP1": 1, "BP2": len(sizes) - 2}.get(name, len(sizes) - 1)
    if not 0 < len(wrong) < every:
        return ""
    layers = " and ".join(map(str, sorted(wrong)))
    return f", in layer{'s' * (len(wrong) > 1)} {layers} of a network {'-'.join(map(str, sizes))}"


_LINES = {
    "the forward pass": "Print a of every layer and compare: lines 1 and 3 of the forward pass.",
    "BP1": "Print δ of the last layer and compare line 6 of BP1.",
    "BP2": "Print δ of each hidden layer and compare line 7 of BP2.",
    "BP3": "For one sample the gradient of a bias is its neuron's δ: line 5 of BP3.",
    "BP4": "For one sample it is δ at the end of the wire times a at its start: line 4 of BP4.",
}


# The forward pass ----------------------------------------------------------------------------------------------------


def _forward(tables, seen, wrong) -> Story:
    read = next(read for read, layers in zip(seen, wrong, strict=True) if layers[_ORDER[0]])
    a, mine = read.trace.a[2][:, 0], read.rows[3]
    yield story(
        "other activations",
        f"In a network {'-'.join(map(str, read.trace.net.sizes))} the first neuron of layer 2 has "
        f"z = {told(read.trace.z[2][0, 0])} and sends on "
        f"{told(a[0])}; yours sends on {told(mine[0])}. "
        "The errors are off too, so it is no slip of BP4 alone. Compare a with lines 1 and 3 of the forward pass.",
    )


# BP1 -----------------------------------------------------------------------------------------------------------------


def _bp1(tables, seen, wrong) -> Story:
    ratios = [read.errors[read.trace.net.L] / read.trace.delta[read.trace.net.L] for read in seen]
    scales = [ratio[0, 0] for ratio in ratios]
    if all(near(ratio, np.full_like(ratio, ratio[0, 0])) for ratio in ratios):
        sizes = np.array([len(ratio) for ratio in ratios])
        with_sizes = f" with {sizes[0]} outputs, and {told(scales[1])} times with {sizes[1]}"
        yield story(
            "another scale",
            f"δ of the last layer is {told(scales[0])} times what it should be"
            f"{'' if near(scales, np.full(3, scales[0])) else with_sizes}. See line 6 of BP1.",
        )
        return

    def of_last(a, y, z):
        n = len(z)
        net = Network.from_parameters({2: np.ones((2, 2)), 3: np.zeros((n, 2))}, {2: np.zeros((2, 1)), 3: z})
        return _read(tables, net, np.array([[0.3], [-0.8]]), y).errors[3]

    yield from errors.output_error_of(of_last)


# BP2 -----------------------------------------------------------------------------------------------------------------


def _bp2(tables, seen, wrong) -> Story:
    if _slope_left_out(seen, wrong):
        yield story(
            "σ′ left out on the way back",
            "What you carry back has not been through σ′ of the layer that it comes from. Line 7 of BP2 carries δ of "
            "the next layer, with the slope of that layer in it, and not what stood there before the slope.",
        )
        return
    if all(len(read.trace.net.sizes) == 3 or read.trace.net.L - 1 not in layers["BP2"]
           for read, layers in zip(seen, wrong, strict=True)) and not wrong[0]["BP2"]:  # fmt: skip
        yield story(
            "BP2 in deeper layers",
            "The layer before the last has the right errors, and those further back have not: what does your loop "
            "take from the layer before the last each time? Line 7 of BP2 uses l + 1 for every l.",
        )
        return

    def hidden(w, delta, z):
        out = np.linspace(-0.4, 0.5, len(w))[:, None]  # z of the last layer, whatever z is in this one
        net = Network.from_parameters({2: np.zeros((len(z), 2)), 3: w}, {2: z, 3: out - w @ sigmoid(z)})
        errors = _read(tables, net, np.array([[0.3], [-0.8]]), sigmoid(out) - delta / sigmoid_prime(out)).errors
        return errors[2], w.T @ errors[3]

    yield from errors.hidden_error_of(hidden)


def _slope_left_out(seen, wrong) -> bool:
    """Whether each wrong δ is right for what stood before the slope in the next layer."""
    for read, layers in zip(seen, wrong, strict=True):
        net, delta = read.trace.net, read.errors
        e = {l: delta[l] / sigmoid_prime(read.trace.z[l]) for l in net.w}
        with np.errstate(all="ignore"):
            ratios = [e[l] / (net.w[l + 1].T @ e[l + 1]) for l in layers["BP2"]]
        if not all(near(ratio, np.full_like(ratio, ratio[0, 0])) for ratio in ratios):
            return False
    return True


# BP3 and BP4 ---------------------------------------------------------------------------------------------------------


def _bp3(tables, seen, wrong) -> Story:
    read, l = seen[0], wrong[0]["BP3"][0] if wrong[0]["BP3"] else 2
    yield story(
        "another table for δ^l in BP3",
        f"The gradients of the weights have δ in them, and those of the biases are something else: where δ is "
        f"{told(read.errors[l][0, 0])} you return {told(read.of_b[l][0, 0])}. See line 5 of BP3.",
    )


def _bp4(tables, seen, wrong) -> Story:
    read, l = next((read, layers["BP4"][-1]) for read, layers in zip(seen, wrong, strict=True) if layers["BP4"])
    with np.errstate(all="ignore"):
        instead = read.grad_w[l] / read.errors[l]
    if near(instead, read.trace.net.w[l]):
        yield story(
            "another table for a^{l−1}",
            "δ^l is in its place, and multiplied by the weight itself. Line 4 of BP4 has something else beside δ: what "
            "the weight multiplies.",
        )
    elif read.rows[l] is not None:
        yield another_table(read.rows[l], read.trace.a[l - 1][:, 0])
    elif read.of_w[l] is not None:
        yield story(
            "another table for δ^l in BP4",
            f"a^{{l−1}} is right, and in the place of δ^l stands another table: where it is "
            f"{told(read.errors[l][0, 0])} you have {told(read.of_w[l][0, 0])}. See line 4 of BP4.",
        )


_DETAILS = {"the forward pass": _forward, "BP1": _bp1, "BP2": _bp2, "BP3": _bp3, "BP4": _bp4}


def _of_many(tables) -> Story:
    """With one sample all is right: what becomes of many."""
    net, x, y = _sample(_SIZES[0], 7)
    x, y = np.hstack([x, -x, 0.5 * x]), np.hstack([y, 1 - y, y**2])
    right, found = backprop(net, x, y), tables(net, x, y)
    wrong = [kind for kind, wanted in (("grad_b", right.grad_b), ("grad_w", right.grad_w))
             if not all(near(found.get(f"{kind}[{l}]", np.nan), wanted[l]) for l in net.w)]  # fmt: skip
    of = {"grad_b": "line 6 of BP3", "grad_w": "line 7 of BP4"}
    if wrong:
        good = {"grad_b", "grad_w"} - set(wrong)
        which = f" The {'biases' if 'grad_b' in good else 'weights'} are right with many, too." if good else ""
        yield story(
            "samples put together otherwise",
            f"With one sample all four are right, with many they are not: {' and '.join(of[kind] for kind in wrong)} "
            f"goes wrong first.{which} Each sample keeps a column of its own until the mean there.",
        )


# A step --------------------------------------------------------------------------------------------------------------

_SMALL = 1e-6  # so small that what moves on the way does not disturb the rest


def of_step(ask: Learner) -> Story:
    """How far the step goes with η, whether something moves too early, and then the gradients that it shows."""

    def moved(net, x, y, eta):
        found = ask.tables(net, x, y, eta)
        try:
            return {f"grad_{kind}[{l}]": old[l] - shaped(found[f"{kind}[{l}]"], old[l].shape)
                    for kind, old in (("w", net.w), ("b", net.b)) for l in net.w}  # fmt: skip
        except KeyError:
            raise Unclear from None

    net, x, y = _sample(_SIZES[1], 3)
    one, two = (moved(net, x, y, eta) for eta in (0.7, 1.4))
    power, eta = _power(one, two), 0.7
    if np.isnan(power):
        if not all(near(two[f"grad_{kind}[{net.L}]"], 2 * one[f"grad_{kind}[{net.L}]"]) for kind in "wb"):
            return
        yield story(
            "moved too early",
            "The last layer moves in proportion to η and the others do not: they use weights that have moved already. "
            "All gradients belong to the network before the step.",
        )
        power, eta = 1, _SMALL
    elif power != 1:
        yield _LENGTH.get(power) or story("another power of η", f"Your step grows as η to the power of {told(power)}. "
                                          "In 'One gradient step' it is η itself.")  # fmt: skip

    def gradients(net, x, y):
        return {name: table / eta**power for name, table in moved(net, x, y, eta).items()}

    right = backprop(net, x, y)
    wanted = {f"grad_{kind}[{l}]": table[l] for kind, table in (("w", right.grad_w), ("b", right.grad_b))
              for l in net.w}  # fmt: skip
    shown = gradients(net, x, y)
    decay = {name: shown[name] - wanted[name] for name in shown}
    with np.errstate(all="ignore"):
        shares = np.concatenate([(decay[f"grad_w[{l}]"] / net.w[l]).ravel() for l in net.w])
    if np.abs(shares).max() > 1e-3 and np.ptp(shares) < 1e-3 * np.abs(shares).max():
        yield story(
            "weights shrunk",
            f"Besides its gradient each weight loses {told(shares[0])} η times itself. That is weight decay, which "
            "belongs to another cost.",
        )
        return
    yield from _first_of_four(gradients)


def _power(one: dict, two: dict) -> float:
    """The power of η with which a step grows that is twice as long in η; nan if that is none."""
    with np.errstate(all="ignore"):
        ratios = np.concatenate([(two[name] / one[name]).ravel() for name in one])
        power = np.log2(np.abs(ratios).max())
    return round(float(power), 4) if near(ratios, np.full_like(ratios, 2.0**power)) else np.nan


_LENGTH: dict[float, Mistake] = {
    0: story("η forgotten", "Your step is as long for η = 1.4 as for 0.7. What makes a step longer or shorter?"),
    2: story(
        "η twice",
        "With twice the η your step is four times as long: η stands in it twice. It stands once in 'One gradient "
        "step'.",
    ),
}
