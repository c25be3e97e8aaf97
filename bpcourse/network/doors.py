"""The activations and costs for whoever calls them: `bp.sigmoid` is the sigmoid of `functions` behind a door.

Numbers may come as arrays, lists or integers, and are computed as floats; complex ones pass, for the complex step. What
would give no number, or one of something else, is a sentence: nothing is broadcast, no mask is lost, nothing overflows.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import numpy as np

from bpcourse.network.functions import ACTIVATIONS, COSTS
from bpcourse.tables import finite, held, numbers, table

KINDS = "biufc"


def _of_z(function: Callable, given: Callable) -> Any:
    """An activation or its derivative that takes anyone's z, and looks at it as `given` does."""

    @functools.wraps(function)
    def door(z):
        with np.errstate(over="ignore"):  # e^(−∞) is 0
            return function(given("z", z))

    door.__module__ = __name__  # where a copy from a file finds it
    return door


def _finite_columns(name: str, value: object) -> np.ndarray:
    return finite(name, table(name, value, kinds=KINDS))  # type: ignore[arg-type]


def _of_a(function: Callable, cost: str) -> Any:
    """A cost or its derivative that takes anyone's a and y."""

    @functools.wraps(function)
    def door(a, y):
        a, y = _finite_columns("a", a), _finite_columns("y", y)
        if a.shape != y.shape:
            raise ValueError(f"a has shape {a.shape} and y has {y.shape}; they must be the same")
        if cost != "quadratic":
            _between("a", a)
            _between("y", y)
        with np.errstate(over="ignore"):
            result = function(a, y)
        return held("the result", result, "a or y") if cost == "quadratic" else result

    door.__module__ = __name__  # where a copy from a file finds it
    return door


def _between(name: str, value: np.ndarray) -> None:
    """Says so if not all of it is between 0 and 1, where its logarithm is a cost."""
    wrong = value[(value.real < 0) | (value.real > 1)]
    if wrong.size:
        raise ValueError(f"{name} must be between 0 and 1 for this cost; {wrong[0]} is not")


def _activation(name: str, given: Callable = numbers) -> tuple[Any, Any]:
    function, prime = ACTIVATIONS[name]
    return _of_z(function, given), _of_z(prime, given)


def _cost(name: str) -> tuple[Any, Any]:
    function, prime = COSTS[name]
    return _of_a(function, name), _of_a(prime, name)


sigmoid, sigmoid_prime = _activation("sigmoid")
tanh, tanh_prime = _activation("tanh")
relu, relu_prime = _activation("relu")
identity, identity_prime = _activation("identity")
softmax, softmax_prime = _activation("softmax", _finite_columns)
quadratic, quadratic_prime = _cost("quadratic")
cross_entropy, cross_entropy_prime = _cost("cross_entropy")
log_likelihood, log_likelihood_prime = _cost("log_likelihood")

__all__ = [function.__name__ for pair in (*ACTIVATIONS.values(), *COSTS.values()) for function in pair]
