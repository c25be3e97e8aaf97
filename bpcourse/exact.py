"""A pass with fifty digits: what a number is where double precision has lost it.

The judges ask here when two numbers that should be the same are not. The functions are written as in the notebooks:
with so many digits a difference of nearly equal numbers still has fifty of them, and nothing overflows.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from bpcourse.network import Network
from bpcourse.network.backprop import onward
from bpcourse.network.trace import Trace
from bpcourse.tables import Layers

DIGITS = 50
KEPT = 1e-4  # a number that is off by more than this share of itself has kept fewer than 4 digits
MOST = 4000  # digits; a network whose numbers need more is beyond a float anyway

# Functions and costs as the notebooks write them, on arrays of objects ------------------------------------------------


def _sigmoid(z):
    return 1 / (1 + np.exp(-z))


def _each(function, table):
    return np.vectorize(function, otypes=[object])(table)


def _softmax(z):
    e = np.exp(z)
    return e / e.sum(axis=0)


def _softmax_prime(z):
    a = _softmax(z)
    return a[:, None] * (np.eye(len(a), dtype=int)[:, :, None] - a[None, :])


def _relu_prime(z):
    return _each(lambda number: int(number.real > 0), z)


_ACTIVATIONS = {
    "sigmoid": (_sigmoid, lambda z: _sigmoid(z) * _sigmoid(-z)),
    "tanh": (np.tanh, lambda z: 4 * _sigmoid(2 * z) * _sigmoid(-2 * z)),
    "relu": (lambda z: z * _relu_prime(z), _relu_prime),
    "identity": (lambda z: z, lambda z: z**0),
    "softmax": (_softmax, _softmax_prime),
}
_COSTS = {  # of each output, and by each activation
    "quadratic": (lambda a, y: (a - y) ** 2 / 2, lambda a, y: a - y),
    "cross_entropy": (
        lambda a, y: -y * np.log(a) - (1 - y) * np.log(1 - a),
        lambda a, y: (a - y) / (a * (1 - a)),
    ),
    "log_likelihood": (lambda a, y: -y * np.log(a), lambda a, y: -y / a),
}


class Exact(Network):
    """A network of numbers with many digits; next to them `nothing` is as good as 0, and `step` a complex step."""

    step: Any
    nothing: Any

    def sigma(self, l):
        return _ACTIVATIONS[self.output if l == self.L else self.activation][0]

    def sigma_prime(self, l):
        return _ACTIVATIONS[self.output if l == self.L else self.activation][1]

    def cost_of(self, a_L, y):
        return _COSTS[self.cost][0](a_L, y).sum(axis=0, keepdims=True)

    def cost_x(self, z_L, a_L, y):
        return self.cost_of(a_L, y)

    def nabla_a_C(self, a_L, y):
        return _COSTS[self.cost][1](a_L, y)


def digits_needed(trace: Trace) -> float:
    """Fifty, and as many as lie between the largest and the smallest number that a pass through this network makes."""
    net, digits = trace.net, float(DIGITS)
    for l in trace.z:
        weights = np.abs(net.w[l][net.w[l] != 0])
        if weights.size:
            digits += max(0, math.log10(weights.max() * net.sizes[l - 2])) - min(0, math.log10(weights.min()))
        if (net.output if l == net.L else net.activation) not in ("relu", "identity"):
            digits += 2 * float(np.abs(trace.z[l]).max()) / math.log(10)  # 1 − a is as small as e^(−|z|)
    return digits


def exactly(trace: Trace, samples: np.ndarray | slice = slice(None)) -> Trace:
    """The forward pass of a trace, of some of its samples, with at least fifty digits: the same arrays, of objects.

    OverflowError if it would take more than 4,000 digits.
    """
    import mpmath  # needed where digits are in doubt, and nowhere else

    digits = digits_needed(trace)
    if not digits <= MOST:
        raise OverflowError(f"it would take {digits:.0f} digits")
    context = mpmath.MPContext()
    context.dps = math.ceil(digits)
    for kind in (context.mpf, context.mpc):  # the methods that numpy calls for objects
        for name, function in (("exp", context.exp), ("log", context.ln), ("tanh", context.tanh)):
            setattr(kind, name, lambda z, function=function: function(z))
    net = object.__new__(Exact)
    tables = {s: Layers(s, {l: _each(context.mpf, table) for l, table in getattr(trace.net, s).items()}) for s in "wb"}
    ten = context.mpf(10)
    net.__dict__.update(trace.net.__dict__ | tables, step=ten**-context.dps, nothing=ten ** (25 - context.dps))
    y = None if trace.y is None else _each(context.mpf, trace.y[:, samples])
    return passed(net, _each(context.mpf, trace.x[:, samples]), y)


def passed(net: Network, x: np.ndarray, y: np.ndarray | None) -> Trace:
    """A forward pass of any numbers, which are not validated."""
    z: dict[int, np.ndarray] = {}
    a = {1: x}
    onward(net, 1, z, a)
    return Trace(net, x, Layers("z", z), Layers("a", a), y)


# What double precision can lose --------------------------------------------------------------------------------------


class Rounded(Network):
    """A network whose numbers are all off by a share of themselves, anew each time: what rounding does, on purpose."""

    of: Network
    off: Callable[[np.ndarray], np.ndarray]

    def sigma(self, l):
        sigma, off = self.of.sigma(l), self.off

        def rounded(z):  # also in its slope, which is computed as a difference where it is σ(1 − σ)
            a = sigma(z)
            return off(a) + (off(real(a)) - real(a)) * (z - real(z))

        return rounded

    def cost_of(self, a_L, y):
        return self.of.cost_of(a_L, y)

    def cost_x(self, z_L, a_L, y):
        cost = self.of.cost_x(z_L, a_L, y)
        if not self.sigma_prime_cancels:
            return cost
        lost = self.off(real(a_L)) - real(a_L) + self.off(y) - y  # of a − y, the slope by z
        return cost + (lost * (z_L - real(z_L))).sum(axis=0, keepdims=True)


def rounded(trace: Trace, share: float, seed: int) -> Trace:
    """The forward pass of a trace in which every number is off by up to `share` of itself."""
    random = np.random.default_rng(seed)

    def off(table):
        return table + table * (share * random.uniform(-1, 1, size=table.shape))  # 1 + 1e-17 would be 1

    net = object.__new__(Rounded)
    tables = {s: Layers(s, {l: off(table) for l, table in getattr(trace.net, s).items()}) for s in "wb"}
    net.__dict__.update(trace.net.__dict__ | tables, of=trace.net, off=off)
    return passed(net, off(trace.x), off(trace.y))


def real(values: np.ndarray) -> np.ndarray:
    """The real parts, of numbers of any kind."""
    return _each(lambda number: number.real, values) if values.dtype == object else values.real


def imaginary(values: np.ndarray) -> np.ndarray:
    """The imaginary parts, of numbers of any kind."""
    return _each(lambda number: number.imag, values) if values.dtype == object else values.imag
