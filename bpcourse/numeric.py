"""Derivatives by perturbation: push one number, run the network forward again, see what changed.

This module knows nothing of backpropagation. It only uses the forward pass and the definition of a derivative, which
makes it the judge of everything else. A quantity is named by its symbol and indices: `("z", 2, 3)` is z²₃,
`("w", 3, 1, 2)` is w³₁₂, `("C",)` is the cost C_x.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from bpcourse.exact import KEPT, exactly, imaginary, rounded
from bpcourse.network import Network, forward
from bpcourse.network.backprop import onward, targets, weighted_input
from bpcourse.network.trace import Trace, must_be_trace
from bpcourse.tables import Layers, finite_table, positive_number
from bpcourse.text import written

COMPLEX_STEP, CENTRAL = "complex step", "central"
METHODS = (COMPLEX_STEP, CENTRAL)
RUNS = range(3)  # passes whose numbers are off, to see what rounding can cost


def _rerun(trace: Trace, by: tuple, push: complex) -> tuple[dict, dict]:
    """z and a after the quantity `by` was pushed in every sample; what comes before it stays as it was."""
    symbol, l, *index = by
    net, place = trace.net, tuple(n - 1 for n in index)
    tables = {"z": dict(trace.z), "a": dict(trace.a), "w": dict(net.w), "b": dict(net.b)}
    z, a, w, b = tables.values()
    values = tables[symbol][l].astype(np.result_type(tables[symbol][l], np.asarray(push)))
    values[place] += push
    tables[symbol][l] = values
    if symbol in "wb":
        z[l] = weighted_input(w[l], a[l - 1], b[l])
    if symbol != "a":
        a[l] = net.sigma(l)(z[l])
    onward(net, l, z, a)
    return z, a


def _check(trace: Trace, of: tuple, by: tuple) -> None:
    must_be_trace(trace)
    for what, quantity, symbols in (("of", of, ("C", "z", "a")), ("by", by, ("z", "a", "w", "b"))):
        if not isinstance(quantity, tuple | list) or not quantity:
            raise TypeError(f"`{what}` must be a symbol with its indices, such as ('z', 2, 3); it is {quantity!r:.60}")
        symbol, *index = quantity
        if symbol not in symbols or len(index) != {"C": 0, "w": 3}.get(symbol, 2):
            raise ValueError(f"`{what}` must be one of {', '.join(symbols)} with its indices; it is {quantity}")
        if index:
            trace.net.must_have(symbol, *index)


def partial(trace: Trace, of: tuple, by: tuple, method: str = COMPLEX_STEP, step: float | None = None) -> np.ndarray:
    """∂of/∂by of each sample, shape (1, m): `partial(trace, ("C",), ("z", 2, 3))` is δ²₃ by its definition.

    `"complex step"` pushes by i·10⁻²⁰ and reads the imaginary part: nothing is subtracted, so all 16 digits hold.
    `"central"` pushes by ±10⁻⁵ and divides the difference. At a kink of ReLU neither means anything.
    Raises IndexError for a neuron or layer that is not there, ValueError for an unknown method.
    """
    _check(trace, of, by)
    of, by = tuple(of), tuple(by)
    if method not in METHODS:
        raise ValueError(f"method must be one of {', '.join(METHODS)}; it is {method!r:.60}")
    if step is not None:
        step = positive_number("step", step)
    if of[0] == "C" and trace.y is None:
        raise ValueError("a trace of forward alone has no cost; take one of backprop(net, x, y)")

    def value(push):
        z, a = _rerun(trace, by, push)
        if of[0] != "C":
            _, l, j = of
            return (z if of[0] == "z" else a)[l][j - 1 : j]
        if by[:2] == ("a", trace.net.L):
            return trace.net.cost_of(a[trace.net.L], trace.y)
        return trace.net.cost_x(z[trace.net.L], a[trace.net.L], trace.y)

    if method == COMPLEX_STEP:
        push: Any = step or getattr(trace.net, "step", 1e-20)
        return imaginary(value(push * 1j)) / push
    step = step or 1e-5
    return (value(step) - value(-step)) / (2 * step)


def delta(trace: Trace, l: int, method: str = COMPLEX_STEP) -> np.ndarray:
    """δ^l = ∂C_x/∂z^l by its definition, one perturbed forward pass a neuron; shape (n_l, m)."""
    must_be_trace(trace)
    trace.z[l]  # says so if there is no such layer
    return np.vstack([partial(trace, ("C",), ("z", l, j), method) for j in range(1, trace.net.sizes[l - 1] + 1)])


def gradient(net: Network, x: ArrayLike, y: ArrayLike, method: str = COMPLEX_STEP) -> tuple[dict, dict]:
    """∂C/∂b `{l: (n_l, 1)}` and ∂C/∂w `{l: (n_l, n_{l−1})}` of the mean cost, one perturbed pass a parameter."""
    return _gradient(_start(net, x, y), method)


def _start(net: Network, x: ArrayLike, y: ArrayLike) -> Trace:
    start = forward(net, x)
    return Trace(net, start.x, start.z, start.a, targets(net, y, start.a[net.L].shape))


def _gradient(trace: Trace, method: str = COMPLEX_STEP) -> tuple[dict, dict]:
    net = trace.net
    grad_b = {l: np.zeros(net.b[l].shape) for l in net.b}
    grad_w = {l: np.zeros(net.w[l].shape) for l in net.w}
    for tables, symbol in ((grad_b, "b"), (grad_w, "w")):
        for l in tables:
            for place in np.ndindex(tables[l].shape):
                tables[l][place] = _of_parameter(trace, symbol, l, place, method)
    return grad_b, grad_w


def _of_parameter(trace: Trace, symbol: str, l: int, place: tuple[int, ...], method: str = COMPLEX_STEP):
    neurons = [int(n) + 1 for n in place[: 2 if symbol == "w" else 1]]
    return partial(trace, ("C",), (symbol, l, *neurons), method).mean()


# The judge's verdict on gradients, whoever computed them -------------------------------------------------------------


@dataclass(frozen=True, eq=False, repr=False)
class GradientCheck:
    """What `gradient_check` found: true if every gradient agrees, false if one differs. Read-only.

    `errors_b[l]` and `errors_w[l]` are the relative errors, in the shapes of b^l and w^l; NaN where double precision
    keeps fewer than 4 digits of the gradient, so that nobody can tell. If nothing differs but something cannot be told,
    it is neither true nor false: as a condition it raises ValueError. `worst` names the place of the largest error,
    such as ("w", 3, 1, 2), where `yours` is what was given and `perturbed` what perturbation says.
    """

    errors_b: Layers
    errors_w: Layers
    worst: tuple
    yours: float
    perturbed: float
    tolerance: float

    @property
    def error(self) -> float:
        """The largest relative error."""
        return float(max(np.nan_to_num(table).max() for table in self._tables()))

    @property
    def lost(self) -> int:
        """How many gradients cannot be judged."""
        return sum(int(np.isnan(table).sum()) for table in self._tables())

    def _tables(self) -> list[np.ndarray]:
        return [table for errors in (self.errors_b, self.errors_w) for table in errors.values()]

    def __bool__(self) -> bool:
        if self.error > self.tolerance:
            return False
        if self.lost:
            raise ValueError(f"neither true nor false: {self._cannot()}")
        return True

    def _cannot(self) -> str:
        total = sum(table.size for table in self._tables())
        return (
            f"{self.lost} of {total} gradients ({self.lost / total:.1%}) cannot be judged, because double precision "
            f"keeps fewer than 4 digits of them"
        )

    def __repr__(self) -> str:
        tables = [
            (s, l, e[l]) for l in reversed([*self.errors_b]) for s, e in (("b", self.errors_b), ("w", self.errors_w))
        ]
        wrong = [(written(s, l), int((errors > self.tolerance).sum()), errors.size) for s, l, errors in tables]
        differ, total = sum(n for _, n, _ in wrong), sum(size for *_, size in wrong)
        lost = f"\n{self._cannot()}." if self.lost else ""
        if not differ:
            agree = f"{total - self.lost} of {total}" if self.lost else f"All {total}"
            below = f"no relative error is above {_digits(self.tolerance)}"
            return f"{agree} gradients agree with perturbation: {below}.{lost}"
        by = f"by more than {_digits(self.tolerance)} of their size"
        return (
            f"{differ} of {total} gradients differ from perturbation {by}.\n"
            + ", ".join(f"{name}: {n} of {size} differ" if n else f"{name} agrees" for name, n, size in wrong)
            + f".\nThe worst is {written(*self.worst)}: yours {_digits(self.yours)}, "
            f"by perturbation {_digits(self.perturbed)}, relative error {_digits(self.error, 3)}.{lost}"
        )


def _digits(number: float, digits: int = 6) -> str:
    return f"{number:.{digits}g}".replace("e-0", "e-").replace("-", "−")


def gradient_check(
    net: Network,
    x: ArrayLike,
    y: ArrayLike,
    grad_b: Mapping[int, ArrayLike],
    grad_w: Mapping[int, ArrayLike],
    tolerance: float = 1e-9,
) -> GradientCheck:
    """Compares gradients of C with the ones by perturbation, each weight and each bias. Source: notebook 06.

    grad_b is `{l: (n_l, 1)}`, grad_w `{l: (n_l, n_{l−1})}` for l = 2 … L. The relative error is the difference over the
    larger of the two. Needs one forward pass a parameter: for small networks. Raises ValueError or TypeError if a layer
    is missing, too many, of another shape or not finite.
    """
    tolerance = positive_number("tolerance", tolerance)
    given = {"b": _gradients("grad_b", grad_b, net, "b"), "w": _gradients("grad_w", grad_w, net, "w")}
    start = _start(net, x, y)
    perturbed = dict(zip("bw", _gradient(start), strict=True))
    judge = _judge(start, perturbed, tolerance)
    errors: dict[str, dict[int, np.ndarray]] = {"b": {}, "w": {}}
    largest, worst, numbers = -1.0, (), (0.0, 0.0)
    for l in reversed([*net.w]):
        for symbol in "bw":
            yours, ours = given[symbol][l], perturbed[symbol][l]
            error = errors[symbol][l] = judge(symbol, l, yours)
            # Among errors that are as good as equal, the first: from the output back, as an error spreads.
            if np.nan_to_num(error).max() > 1.001 * largest:
                largest = np.nan_to_num(error).max()
                place = np.unravel_index(np.argmax(error >= largest / 1.001), error.shape)
                indices = [int(index) + 1 for index in place[: 2 if symbol == "w" else 1]]
                worst, numbers = (symbol, l, *indices), (float(yours[place]), float(ours[place]))
    errors_b, errors_w = Layers("error of ∂C/∂b", errors["b"]), Layers("error of ∂C/∂w", errors["w"])
    return GradientCheck(errors_b, errors_w, worst, *numbers, tolerance)


def _judge(start: Trace, perturbed: Mapping, tolerance: float) -> Callable[..., np.ndarray]:
    """A function for the relative errors of a table of gradients; NaN where double precision cannot tell.

    Where an error is above the tolerance, it may be that the gradient's terms have cancelled. How much that can cost is
    found by passes whose numbers are off on purpose, and the gradient itself by a pass with fifty digits.
    """
    share, eps = 1e-9, np.finfo(float).eps * (start.net.L + max(start.net.sizes))
    off = functools.cache(
        lambda: [dict(zip("bw", _gradient(rounded(start, share, seed)), strict=True)) for seed in RUNS]
    )
    exact: Callable[[], Any] = functools.cache(lambda: exactly(start))

    def of_one(symbol: str, l: int, place: tuple, yours: float, ours: float) -> float:
        size = max(abs(yours), abs(ours))
        can_lose = max(abs(run[symbol][l][place] - ours) for run in off()) * eps / share
        error = abs(yours - ours) / max(size, can_lose / tolerance)
        if can_lose <= KEPT * size:
            return error
        try:
            truth = _of_parameter(exact(), symbol, l, place)
        except OverflowError:
            return np.nan
        if abs(truth) <= exact().net.nothing:  # 0 has no digits to keep
            return error
        last_digit = np.finfo(float).eps / 2
        passes = [_of_parameter(rounded(exact(), last_digit, seed), symbol, l, place) for seed in RUNS]
        if max(abs(number / truth - 1) for number in passes) > KEPT:
            return np.nan
        far = float(abs(yours / truth - 1))
        return far if far > 5 * KEPT else error

    def relative_errors(symbol: str, l: int, yours: np.ndarray) -> np.ndarray:
        ours = perturbed[symbol][l]
        size = np.maximum(np.abs(yours), np.abs(ours))
        error = np.abs(yours - ours) / np.where(size == 0, 1, size)
        for place in zip(*np.nonzero(error > tolerance), strict=True):
            error[place] = of_one(symbol, l, place, yours[place], ours[place])
        return error

    return relative_errors


def _gradients(name: str, tables: Mapping[int, ArrayLike], net: Network, symbol: str) -> dict[int, np.ndarray]:
    """One finite table a layer, each in the shape of its parameters, or one sentence why not."""
    if not isinstance(net, Network):
        raise TypeError(f"net must be a Network; it is {net!r:.60}")
    if not isinstance(tables, Mapping):
        raise TypeError(f"{name} must name the layer of each table, such as {{2: …, 3: …}}; it is {tables!r:.60}")
    parameters = getattr(net, symbol)
    if set(tables) != set(parameters):
        raise ValueError(f"{name} must have the layers {[*parameters]}; it has {[*tables]}")
    found = {l: finite_table(f"{name}[{l}]", tables[l], str(parameters[l].shape)) for l in parameters}
    for l, values in found.items():
        if values.shape != parameters[l].shape:
            raise ValueError(
                f"{symbol}[{l}] has shape {parameters[l].shape}, so {name}[{l}] must have it too; it has {values.shape}"
            )
    return found
