"""The two passes: forward, and backprop, the four equations put to work.

The index in the code is the index in the equation: `trace.delta[3]` is δ³, layer 1 is the input. Numbers are validated
where they enter (`forward`, `backprop`); below that door `onward` is plain arithmetic, which also carries the complex
numbers of `numeric`.
"""

from __future__ import annotations

import functools
import math

import numpy as np
from numpy.typing import ArrayLike

from bpcourse.network.equations import bp1, bp2, bp3, bp4
from bpcourse.network.network import NO_PARAMETERS, Network
from bpcourse.network.trace import Trace
from bpcourse.tables import Layers, finite_table, held, is_finite
from bpcourse.text import in_full, written

_SCALE, _SCALE_ALL = "x or the weights", "x, y or the weights"  # what to scale down where a number grows too large
_NO_INPUT = "layer 1 is the input, which is a¹ and comes from no weighted sum"
_NO_ERROR = "layer 1 is the input, no z¹ is computed there, so it can have no error"
LARGE = 1 << 17  # bytes of a table, from which on glibc gives its memory back


def weighted_input(w: np.ndarray, a_previous: np.ndarray, b: np.ndarray) -> np.ndarray:
    """z^l = w^l a^{l−1} + b^l, shape (n_l, m). Source: notebook 01."""
    return w @ a_previous + b


def onward(net: Network, l: int, z: dict[int, np.ndarray], a: dict[int, np.ndarray]) -> None:
    """The forward pass from layer l to the output, written into z and a: z^l = w^l a^{l−1} + b^l, a^l = σ(z^l)."""
    while l < net.L:
        l += 1
        z[l] = weighted_input(net.w[l], a[l - 1], net.b[l])
        a[l] = net.sigma(l)(z[l])


@functools.cache
def keep_memory() -> None:
    """Allocates once what is never written to, so that glibc keeps what is freed, for tables of up to 31 MB.

    Without it, memory of more than 128 kB goes back to the system at once and comes again page by page: a pass of
    784-30-10 with 128 columns takes 2.7 times as long. On other systems it changes nothing.
    """
    np.empty(31 << 20, np.uint8)


def inputs(net: Network, x: ArrayLike) -> np.ndarray:
    """x as a table that fits the network and that nobody writes to, or one sentence why it does not fit."""
    if not isinstance(net, Network):
        raise TypeError(f"net must be a Network; it is {net!r:.60}")
    n = net.sizes[0]
    x = finite_table("x", x, f"({n}, m), one sample a column")
    if len(x) != n:
        raise ValueError(f"the input layer has {n} neurons, so x must have {n} rows; it has {len(x)}")
    if x.nbytes > LARGE or net.w[2].nbytes > LARGE:
        keep_memory()
    return x


def forward(net: Network, x: ArrayLike) -> Trace:
    """The forward pass: z^l and a^l of every layer for x of shape (n_1, m). Source: notebook 01.

    Raises ValueError if x has another number of rows, is empty or is not finite.
    """
    z: dict[int, np.ndarray] = {}
    a = {1: inputs(net, x)}
    with np.errstate(over="ignore", invalid="ignore"):
        onward(net, 1, z, a)
    for l in z:
        held(f"z[{l}]", z[l], _SCALE)
    return Trace(net, a[1], Layers("z", z, _NO_INPUT), Layers("a", a))


def backprop(net: Network, x: ArrayLike, y: ArrayLike) -> Trace:
    """Forward, then the four equations: the errors δ^l and the gradients of C. Source: notebooks 02 to 06.

    x has shape (n_1, m), y (n_L, m); copied, unless frozen (`x.flags.writeable = False`). Raises ValueError for other
    shapes, for numbers that are not finite, and for targets that the cost does not know: outside [0, 1] for
    cross-entropy, columns that do not sum to 1 for log-likelihood.
    """
    x = inputs(net, x)
    return both_passes(net, x, targets(net, y, (net.sizes[-1], x.shape[1])))


def both_passes(net: Network, x: np.ndarray, y: np.ndarray) -> Trace:
    """What `backprop` does below its door, with tables that were checked there."""
    L, z, a, slope, delta, grad_b, grad_w = net.L, {}, {1: x}, {}, {}, {}, {}
    with np.errstate(over="ignore", invalid="ignore"):
        for l in range(2, L + 1):
            z[l] = weighted_input(net.w[l], a[l - 1], net.b[l])
            a[l], slope[l] = net.sigma_with_prime(l)(z[l])  # σ(z) and σ′(z)
        cost_x = net.cost_x(z[L], a[L], y)
        cost = cost_x.sum() / cost_x.size
        if net.sigma_prime_cancels:
            delta[L] = a[L] - y  # BP1, with σ′ cancelled: notebook 07
        else:
            delta[L] = bp1(net.nabla_a_C(a[L], y), slope[L])  # BP1
        for l in range(L - 1, 1, -1):
            delta[l] = bp2(net.w[l + 1], delta[l + 1], slope[l])  # BP2
        for l in delta:
            grad_b[l] = bp3(delta[l])  # BP3
            grad_w[l] = bp4(a[l - 1], delta[l])  # BP4
    computed = *z.values(), *grad_b.values(), *grad_w.values()  # δ shows in its mean, grad_b
    if not (math.isfinite(cost) and all(map(is_finite, computed))):
        _say_what_grew(z, cost, delta, grad_b, grad_w)
    cost_x.flags.writeable = False
    there = Layers("z", z, _NO_INPUT), Layers("a", a)
    back = Layers("δ", delta, _NO_ERROR), Layers("∂C/∂b", grad_b, NO_PARAMETERS), Layers("∂C/∂w", grad_w, NO_PARAMETERS)
    return Trace(net, x, *there, y, cost_x, float(cost), *back)


def _say_what_grew(z, cost, delta, grad_b, grad_w) -> None:
    """One sentence on the first number that is not finite, in the order in which they were computed."""
    for l in z:
        held(f"z[{l}]", z[l], _SCALE)
    held("the cost", cost, _SCALE_ALL)
    for symbol, tables in (("δ", delta), ("∂C/∂b", grad_b), ("∂C/∂w", grad_w)):
        for l in tables:
            held(written(symbol, l), tables[l], _SCALE_ALL)


def targets(net: Network, y: ArrayLike, shape: tuple[int, int]) -> np.ndarray:
    """y as a table of `shape` with targets that the cost of `net` knows, or one sentence why not."""
    y = finite_table("y", y, f"{shape}, one sample a column")
    if y.shape != shape:
        raise ValueError(f"the output has shape {shape}, so y must have it too; it has {y.shape}")
    if net.cost == "cross_entropy" and (y.min() < 0 or y.max() > 1):
        reaches = f"y reaches from {in_full(y.min())} to {in_full(y.max())}"
        raise ValueError(f"cross_entropy needs targets between 0 and 1; {reaches}")
    if net.cost == "log_likelihood" and (y.min() < 0 or np.abs(y.sum(axis=0) - 1).max() > 1e-9):
        raise ValueError("log_likelihood needs columns of y that are not negative and sum to 1, such as one-hot labels")
    return y
