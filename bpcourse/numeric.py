"""Derivatives by perturbation: push one number, run the network forward again, see what changed.

This module knows nothing of backpropagation. It only uses the forward pass and the definition of a derivative, which
makes it the judge of everything else. A quantity is named by its symbol and indices: `("z", 2, 3)` is z²₃,
`("w", 3, 1, 2)` is w³₁₂, `("C",)` is the cost C_x.
"""

import numpy as np
from numpy.typing import ArrayLike

from bpcourse.functions import COSTS
from bpcourse.network import Network, Trace, forward, onward, targets

COMPLEX_STEP, CENTRAL = "complex step", "central"
METHODS = (COMPLEX_STEP, CENTRAL)


def _rerun(trace: Trace, by: tuple, push: complex) -> tuple[dict, dict]:
    """z and a after the quantity `by` was pushed in every sample; what comes before it stays as it was."""
    symbol, l, *index = by
    net, z, a = trace.net, dict(trace.z), dict(trace.a)
    place = index[0] - 1 if symbol in "az" else (index[0] - 1, index[1] - 1 if symbol == "w" else 0)

    def pushed(values):
        values = values.astype(np.result_type(values, push))
        values[place] += push
        return values

    if symbol == "a":
        a[l] = pushed(a[l])
    else:
        w, b = (pushed(net.w[l]), net.b[l]) if symbol == "w" else (net.w[l], net.b[l])
        if symbol == "b":
            b = pushed(b)
        z[l] = pushed(z[l]) if symbol == "z" else w @ a[l - 1] + b
        a[l] = net.sigma(l)(z[l])
    onward(net, l, z, a)
    return z, a


def _check(trace: Trace, of: tuple, by: tuple) -> None:
    sizes, L = trace.net.sizes, trace.net.L
    for what, quantity, symbols in (("of", of, ("C", "z", "a")), ("by", by, ("z", "a", "w", "b"))):
        symbol, *index = quantity
        wanted = {"C": 0, "w": 3}.get(symbol, 2)
        if symbol not in symbols or len(index) != wanted:
            raise ValueError(f"`{what}` must be one of {', '.join(symbols)} with its indices; it is {quantity}")
        if symbol == "C":
            continue
        l, first = index[0], 1 if symbol == "a" else 2
        if not first <= l <= L:
            raise IndexError(f"{symbol} exists in the layers {first} to {L}; there is none in layer {l}")
        for neuron, layer in zip(index[1:], (l, l - 1), strict=False):
            if not 1 <= neuron <= sizes[layer - 1]:
                raise IndexError(f"layer {layer} has the neurons 1 to {sizes[layer - 1]}; there is no neuron {neuron}")


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
