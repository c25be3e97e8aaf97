"""The network and what happens in it: forward, and backprop, the four equations put to work.

The index in the code is the index in the equation: `net.w[2]` is w², `trace.delta[3]` is δ³, layer 1 is the input.
Everything here is immutable. Numbers are validated where they enter (`Network`, `forward`, `backprop`); below that door
`onward` is plain arithmetic, which also carries the complex numbers of `numeric`.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike

from bpcourse.equations import bp1, bp2, bp3, bp4
from bpcourse.functions import ACTIVATIONS, COSTS, COSTS_FROM_Z, OUTPUTS_OF_COST, WITH_PRIME
from bpcourse.tables import Layers, finite_number, finite_table, held, is_finite, written
from bpcourse.trace import Trace

_SCALE, _SCALE_ALL = "x or the weights", "x, y or the weights"  # what to scale down where a number grows too large
_NO_INPUT = "layer 1 is the input, which is a¹ and comes from no weighted sum"
_NO_PARAMETERS = "layer 1 is the input and has no weights or biases"
_NO_ERROR = "layer 1 is the input, no z¹ is computed there, so it can have no error"


def _chosen(what: str, name: str, table: Mapping) -> str:
    if not isinstance(name, str) or name not in table:
        raise ValueError(f"{what} must be one of {', '.join(table)}; it is {name!r}")
    return name


class Network:
    """A feed-forward network: its sizes, its parameters, its activation functions and its cost.

    `Network([3, 4, 2])` draws w^l from a normal distribution divided by √n_{l−1} and b^l from a normal distribution,
    from `seed`. `output` is the activation of the last layer, None for the same as `activation`. Cross-entropy needs
    a sigmoid output and log-likelihood a softmax output; the quadratic cost takes every output but softmax.
    `w[l]` has shape (n_l, n_{l−1}), `b[l]` has (n_l, 1), l from 2 to L. Source: notebook 01.
    """

    def __init__(
        self,
        sizes: list[int],
        activation: str = "sigmoid",
        output: str | None = None,
        cost: str = "quadratic",
        seed: int = 0,
    ):
        try:
            sizes = [operator.index(n) for n in sizes]
        except TypeError:
            raise TypeError(f"sizes must be whole numbers, one a layer, such as [3, 4, 2]; it is {sizes!r}") from None
        if len(sizes) < 2 or min(sizes) < 1:
            raise ValueError(f"sizes must name at least 2 layers of at least 1 neuron; it is {sizes}")
        random = np.random.default_rng(seed)
        w, b = {}, {}
        for l, (before, here) in enumerate(pairwise(sizes), start=2):
            w[l] = random.normal(size=(here, before)) / np.sqrt(before)
            b[l] = random.normal(size=(here, 1))
        self._set(w, b, activation, output, cost)

    @classmethod
    def from_parameters(
        cls,
        w: Mapping[int, ArrayLike],
        b: Mapping[int, ArrayLike],
        activation: str = "sigmoid",
        output: str | None = None,
        cost: str = "quadratic",
    ) -> Network:
        """A network with given parameters, `{2: w2, 3: w3}` and `{2: b2, 3: b3}`; copied, unless they are frozen."""
        net = cls.__new__(cls)
        net._set(w, b, activation, output, cost)
        return net

    def _set(self, w, b, activation, output, cost) -> None:
        if not isinstance(w, Mapping) or not isinstance(b, Mapping):
            raise TypeError(f"w and b must name the layer of each table, such as {{2: …, 3: …}}; w is {w!r:.60}")
        L = 1 + len(w)
        if L < 2 or set(w) != set(range(2, L + 1)) or set(b) != set(w):
            raise ValueError(
                "w and b must have one entry for each of the layers 2 to L, such as {2: …, 3: …}; "
                f"w has {list(w)} and b has {list(b)}"
            )
        w = {l: finite_table(f"w[{l}]", w[l], f"(n_{l}, n_{l - 1})") for l in sorted(w)}
        b = {l: finite_table(f"b[{l}]", b[l], f"(n_{l}, 1)") for l in sorted(b)}
        for l in w:
            if b[l].shape != (len(w[l]), 1):
                raise ValueError(
                    f"w[{l}] has shape {w[l].shape}, so b[{l}] must be {(len(w[l]), 1)}; it is {b[l].shape}"
                )
            if l > 2 and w[l].shape[1] != len(w[l - 1]):
                raise ValueError(
                    f"w[{l - 1}] has shape {w[l - 1].shape}, so w[{l}] must have {len(w[l - 1])} columns; "
                    f"its shape is {w[l].shape}"
                )
        self.sizes = (w[2].shape[1], *(len(w[l]) for l in w))
        self.L = L
        self.activation = _chosen("activation", activation, ACTIVATIONS)
        self.cost = _chosen("cost", cost, COSTS)
        self.output = self.activation if output is None else _chosen("output", output, ACTIVATIONS)
        fitting = OUTPUTS_OF_COST[cost]
        if self.output not in fitting:
            raise ValueError(f"cost {cost!r} goes with output {' or '.join(map(repr, fitting))}, not {self.output!r}")
        if self.activation == "softmax" and L > 2:
            raise ValueError("softmax is for the output layer: choose another activation and output='softmax'")
        self.w, self.b = Layers("w", w, _NO_PARAMETERS), Layers("b", b, _NO_PARAMETERS)

    def __setattr__(self, name, value):
        if hasattr(self, "b"):  # the last thing that is set
            raise AttributeError(f"a Network does not change; with_weight and with_bias give a new one (not {name})")
        super().__setattr__(name, value)

    def __delattr__(self, name):
        self.__setattr__(name, None)

    def __repr__(self) -> str:
        output = "" if self.output == self.activation else f", {self.output} output"
        return f"Network {'-'.join(map(str, self.sizes))}: {self.activation}{output}, {self.cost} cost"

    def with_weight(self, l: int, j: int, k: int, value: float) -> Network:
        """A new network in which w^l_{jk}, from neuron k of layer l−1 to neuron j of layer l, is `value`."""
        w_l = self.w[l].copy()
        self._check_neuron(l, j)
        self._check_neuron(l - 1, k)
        w_l[j - 1, k - 1] = finite_number(f"w[{l}] at row {j}, column {k}", value)
        return self.from_parameters({**self.w, l: w_l}, self.b, self.activation, self.output, self.cost)

    def with_bias(self, l: int, j: int, value: float) -> Network:
        """A new network in which b^l_j, the bias of neuron j of layer l, is `value`."""
        b_l = self.b[l].copy()
        self._check_neuron(l, j)
        b_l[j - 1, 0] = finite_number(f"b[{l}] at row {j}", value)
        return self.from_parameters(self.w, {**self.b, l: b_l}, self.activation, self.output, self.cost)

    def stepped(self, w: dict[int, np.ndarray], b: dict[int, np.ndarray]) -> Network:
        """The same network with tables of the same shapes, which were checked where they were computed."""
        net = object.__new__(Network)
        tables = {"w": Layers("w", w, _NO_PARAMETERS), "b": Layers("b", b, _NO_PARAMETERS)}
        net.__dict__.update(self.__dict__ | tables)
        return net

    def _check_neuron(self, l: int, j: int) -> None:
        n = self.sizes[l - 1]
        if not 1 <= operator.index(j) <= n:
            raise IndexError(f"layer {l} has the neurons 1 to {n}; there is no neuron {j}")

    # Below the validated door: which functions this network is made of --------------------------------------------

    def sigma(self, l: int) -> Callable:
        """The activation function of layer l."""
        return ACTIVATIONS[self.output if l == self.L else self.activation][0]

    def sigma_prime(self, l: int) -> Callable:
        """Its derivative."""
        return ACTIVATIONS[self.output if l == self.L else self.activation][1]

    def sigma_with_prime(self, l: int) -> Callable:
        """Both, as a pair."""
        sigma, sigma_prime = self.sigma(l), self.sigma_prime(l)
        return WITH_PRIME.get(sigma, lambda z: (sigma(z), sigma_prime(z)))

    @property
    def sigma_prime_cancels(self) -> bool:
        """Whether output and cost are a pair in which BP1 closes to δ^L = a^L − y."""
        return (self.output, self.cost) in COSTS_FROM_Z

    def nabla_a_C(self, a_L: np.ndarray, y: np.ndarray) -> np.ndarray:
        """∇_a C_x of each sample, shape (n_L, m)."""
        return COSTS[self.cost][1](a_L, y)

    def cost_x(self, z_L: np.ndarray, a_L: np.ndarray, y: np.ndarray) -> np.ndarray:
        """C_x, the cost of each sample, shape (1, m); for the two pairs above from z, where it stays exact."""
        if self.sigma_prime_cancels:
            return COSTS_FROM_Z[self.output, self.cost](z_L, y)
        return COSTS[self.cost][0](a_L, y)


def onward(net: Network, l: int, z: dict[int, np.ndarray], a: dict[int, np.ndarray]) -> None:
    """The forward pass from layer l to the output, written into z and a: z^l = w^l a^{l−1} + b^l, a^l = σ(z^l)."""
    while l < net.L:
        l += 1
        z[l] = net.w[l] @ a[l - 1] + net.b[l]
        a[l] = net.sigma(l)(z[l])


def inputs(net: Network, x: ArrayLike) -> np.ndarray:
    """x as a table that fits the network and that nobody writes to, or one sentence why it does not fit."""
    if not isinstance(net, Network):
        raise TypeError(f"net must be a Network; it is {net!r:.60}")
    n = net.sizes[0]
    x = finite_table("x", x, f"({n}, m), one sample a column")
    if len(x) != n:
        raise ValueError(f"the input layer has {n} neurons, so x must have {n} rows; it has {len(x)}")
    return x


def forward(net: Network, x: ArrayLike) -> Trace:
    """The forward pass: z^l and a^l of every layer for x of shape (n_1, m). Source: notebook 01.

    Raises ValueError if x has another number of rows, is empty or is not finite.
    """
    z, a = {}, {1: inputs(net, x)}
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
            z[l] = net.w[l] @ a[l - 1] + net.b[l]
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
    return Trace(
        net,
        x,
        Layers("z", z, _NO_INPUT),
        Layers("a", a),
        y,
        cost_x,
        float(cost),
        Layers("δ", delta, _NO_ERROR),
        Layers("∂C/∂b", grad_b, _NO_PARAMETERS),
        Layers("∂C/∂w", grad_w, _NO_PARAMETERS),
    )


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
        raise ValueError(f"cross_entropy needs targets between 0 and 1; y reaches from {y.min():g} to {y.max():g}")
    if net.cost == "log_likelihood" and (y.min() < 0 or np.abs(y.sum(axis=0) - 1).max() > 1e-9):
        raise ValueError("log_likelihood needs columns of y that are not negative and sum to 1, such as one-hot labels")
    return y
