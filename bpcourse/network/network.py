"""The network: its sizes, its parameters, and which functions it is made of."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike

from bpcourse.network.functions import ACTIVATIONS, COSTS, COSTS_FROM_Z, OUTPUTS_OF_COST, WITH_PRIME
from bpcourse.tables import Layers, finite_number, finite_table, random_from, whole_number
from bpcourse.text import GREEK, written

MOST_WEIGHTS = 10**8  # that the memory of a laptop holds
NO_PARAMETERS = "layer 1 is the input and has no weights or biases"


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
        given = sizes
        try:
            sizes = [whole_number("a size", n, 1) for n in sizes]
        except TypeError:
            raise TypeError(
                f"sizes must be whole numbers, one a layer, such as [3, 4, 2]; it is {sizes!r:.60}"
            ) from None
        except ValueError:
            sizes = []
        if len(sizes) < 2:
            raise ValueError(f"sizes must name at least 2 layers of at least 1 neuron; it is {given!r:.60}")
        if max(n * m for n, m in pairwise(sizes)) > MOST_WEIGHTS:
            raise ValueError(f"sizes must give at most {MOST_WEIGHTS} weights a layer; it is {given!r:.60}")
        random = random_from(seed)
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
        for name, given in (("w", w), ("b", b)):
            if not isinstance(given, Mapping):
                raise TypeError(
                    f"w and b must name the layer of each table, such as {{2: …, 3: …}}; {name} is {given!r:.60}"
                )
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
        self.w, self.b = Layers("w", w, NO_PARAMETERS), Layers("b", b, NO_PARAMETERS)

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
        self.must_have("w", l, j, k)
        w_l[j - 1, k - 1] = finite_number(f"w[{l}] at row {j}, column {k}", value)
        return self.from_parameters({**self.w, l: w_l}, self.b, self.activation, self.output, self.cost)

    def with_bias(self, l: int, j: int, value: float) -> Network:
        """A new network in which b^l_j, the bias of neuron j of layer l, is `value`."""
        b_l = self.b[l].copy()
        self.must_have("b", l, j)
        b_l[j - 1, 0] = finite_number(f"b[{l}] at row {j}", value)
        return self.from_parameters(self.w, {**self.b, l: b_l}, self.activation, self.output, self.cost)

    def stepped(self, w: dict[int, np.ndarray], b: dict[int, np.ndarray]) -> Network:
        """The same network with tables of the same shapes, which were checked where they were computed."""
        net = object.__new__(Network)
        tables = {"w": Layers("w", w, NO_PARAMETERS), "b": Layers("b", b, NO_PARAMETERS)}
        net.__dict__.update(self.__dict__ | tables)
        return net

    def must_have(self, symbol: str, l: int, *neurons: int) -> None:
        """Raises IndexError, with a sentence, for a symbol that this network does not have, such as ("w", 3, 1, 9)."""
        name, first = GREEK.get(symbol, symbol), 1 if symbol in "axy" else 2
        for what, number in zip(("the layer", *("a neuron" for _ in neurons)), (l, *neurons), strict=True):
            whole_number(f"{what} of {name}", number, -math.inf)
        missing = f"there is no {written(name, '' if symbol == 'x' else l, *neurons)}"
        if not first <= l <= self.L:
            raise IndexError(f"{missing}: {name} exists in the layers {first} to {self.L}")
        if symbol == "y" and l != self.L:
            raise IndexError(f"{missing}: y exists in layer {self.L} alone")
        for layer, neuron in zip((l, l - 1), neurons, strict=False):
            if not 1 <= neuron <= self.sizes[layer - 1]:
                raise IndexError(f"{missing}: layer {layer} has the neurons 1 to {self.sizes[layer - 1]}")

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
        return self.cost_of(a_L, y)

    def cost_of(self, a_L: np.ndarray, y: np.ndarray) -> np.ndarray:
        """C_x as a function of the output alone."""
        return COSTS[self.cost][0](a_L, y)
