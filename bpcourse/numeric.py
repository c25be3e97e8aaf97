"""Derivatives by perturbation: push one number, run the network forward again, see what changed.

This module knows nothing of backpropagation. It only uses the forward pass and the definition of a derivative, which
makes it the judge of everything else. A quantity is named by its symbol and indices: `("z", 2, 3)` is z²₃,
`("w", 3, 1, 2)` is w³₁₂, `("C",)` is the cost C_x.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from bpcourse.network import Network, forward
from bpcourse.network.backprop import onward, targets, weighted_input
from bpcourse.network.functions import COSTS
from bpcourse.network.trace import Trace
from bpcourse.tables import Layers, finite_table
from bpcourse.text import written

COMPLEX_STEP, CENTRAL = "complex step", "central"
METHODS = (COMPLEX_STEP, CENTRAL)


def _rerun(trace: Trace, by: tuple, push: complex) -> tuple[dict, dict]:
    """z and a after the quantity `by` was pushed in every sample; what comes before it stays as it was."""
    symbol, l, *index = by
    net, place = trace.net, tuple(n - 1 for n in index)
    tables = {"z": dict(trace.z), "a": dict(trace.a), "w": dict(net.w), "b": dict(net.b)}
    z, a, w, b = tables.values()
    values = tables[symbol][l].astype(np.result_type(tables[symbol][l], push))
    values[place] += push
    tables[symbol][l] = values
    if symbol in "wb":
        z[l] = weighted_input(w[l], a[l - 1], b[l])
    if symbol != "a":
        a[l] = net.sigma(l)(z[l])
    onward(net, l, z, a)
    return z, a


def _check(trace: Trace, of: tuple, by: tuple) -> None:
    for what, quantity, symbols in (("of", of, ("C", "z", "a")), ("by", by, ("z", "a", "w", "b"))):
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
    of, by = tuple(of), tuple(by)
    _check(trace, of, by)
    if of[0] == "C" and trace.y is None:
        raise ValueError("a trace of forward alone has no cost; take one of backprop(net, x, y)")

    def value(push):
        z, a = _rerun(trace, by, push)
        if of[0] != "C":
            _, l, j = of
            return (z if of[0] == "z" else a)[l][j - 1 : j]
        if by[:2] == ("a", trace.net.L):
            return COSTS[trace.net.cost][0](a[trace.net.L], trace.y)
        return trace.net.cost_x(z[trace.net.L], a[trace.net.L], trace.y)

    if method == COMPLEX_STEP:
        step = step or 1e-20
        return np.imag(value(step * 1j)) / step
    if method == CENTRAL:
        step = step or 1e-5
        return (value(step) - value(-step)) / (2 * step)
    raise ValueError(f"method must be one of {', '.join(METHODS)}; it is {method!r}")


def delta(trace: Trace, l: int, method: str = COMPLEX_STEP) -> np.ndarray:
    """δ^l = ∂C_x/∂z^l by its definition, one perturbed forward pass a neuron; shape (n_l, m)."""
    trace.z[l]  # says so if there is no such layer
    return np.vstack([partial(trace, ("C",), ("z", l, j), method) for j in range(1, trace.net.sizes[l - 1] + 1)])


def gradient(net: Network, x: ArrayLike, y: ArrayLike, method: str = COMPLEX_STEP) -> tuple[dict, dict]:
    """∂C/∂b `{l: (n_l, 1)}` and ∂C/∂w `{l: (n_l, n_{l−1})}` of the mean cost, one perturbed pass a parameter."""
    start = forward(net, x)
    trace = Trace(net, start.x, start.z, start.a, targets(net, y, start.a[net.L].shape))
    grad_b = {l: np.zeros(net.b[l].shape) for l in net.b}
    grad_w = {l: np.zeros(net.w[l].shape) for l in net.w}
    for l in net.w:
        for j, k in np.ndindex(net.w[l].shape):
            grad_w[l][j, k] = partial(trace, ("C",), ("w", l, j + 1, k + 1), method).mean()
        for j in range(len(net.b[l])):
            grad_b[l][j, 0] = partial(trace, ("C",), ("b", l, j + 1), method).mean()
    return grad_b, grad_w


# The judge's verdict on gradients, whoever computed them -------------------------------------------------------------

# A gradient this much smaller than the largest one is measured against this share of the largest: below it, a
# difference of 10⁻⁹ is the rounding of the sums that it comes from.
SMALL = 1e-6


@dataclass(frozen=True, eq=False, repr=False)
class GradientCheck:
    """What `gradient_check` found: true if every gradient agrees. Read-only.

    `errors_b[l]` and `errors_w[l]` are the relative errors, in the shapes of b^l and w^l. `worst` names the place of
    the largest, such as ("w", 3, 1, 2), where `yours` is what was given and `perturbed` what perturbation says.
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
        return max(errors[l].max() for errors in (self.errors_b, self.errors_w) for l in errors)

    def __bool__(self) -> bool:
        return bool(self.error <= self.tolerance)

    def __repr__(self) -> str:
        tables = [
            (s, l, e[l]) for l in reversed([*self.errors_b]) for s, e in (("b", self.errors_b), ("w", self.errors_w))
        ]
        wrong = [(written(s, l), int((errors > self.tolerance).sum()), errors.size) for s, l, errors in tables]
        differ, total = sum(n for _, n, _ in wrong), sum(size for *_, size in wrong)
        if not differ:
            return (
                f"All {total} gradients agree with perturbation: no relative error is above {_digits(self.tolerance)}."
            )
        by = f"by more than {_digits(self.tolerance)} of their size"
        return (
            f"{differ} of {total} gradients differ from perturbation {by}.\n"
            + ", ".join(f"{name}: {n} of {size} differ" if n else f"{name} agrees" for name, n, size in wrong)
            + f".\nThe worst is {written(*self.worst)}: yours {_digits(self.yours)}, "
            f"by perturbation {_digits(self.perturbed)}, relative error {_digits(self.error, 3)}."
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
    given = {"b": _gradients("grad_b", grad_b, net, "b"), "w": _gradients("grad_w", grad_w, net, "w")}
    perturbed = dict(zip("bw", gradient(net, x, y), strict=True))
    small = SMALL * max(np.abs(values).max() for tables in perturbed.values() for values in tables.values())
    errors: dict[str, dict[int, np.ndarray]] = {"b": {}, "w": {}}
    largest, worst, numbers = -1.0, (), (0.0, 0.0)
    for l in reversed([*net.w]):
        for symbol in "bw":
            yours, ours = given[symbol][l], perturbed[symbol][l]
            size = np.maximum(np.maximum(np.abs(yours), np.abs(ours)), small)
            error = errors[symbol][l] = np.abs(yours - ours) / np.where(size == 0, 1, size)
            # Among errors that are as good as equal, the first: from the output back, as an error spreads.
            if error.max() > 1.001 * largest:
                place = np.unravel_index(np.argmax(error >= error.max() / 1.001), error.shape)
                indices = [int(index) + 1 for index in place[: 2 if symbol == "w" else 1]]
                largest, worst, numbers = error.max(), (symbol, l, *indices), (float(yours[place]), float(ours[place]))
    errors_b, errors_w = Layers("error of ∂C/∂b", errors["b"]), Layers("error of ∂C/∂w", errors["w"])
    return GradientCheck(errors_b, errors_w, worst, *numbers, tolerance)


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
