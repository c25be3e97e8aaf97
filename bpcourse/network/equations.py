"""The four equations: four plain lines, and for each a function that takes anyone's tables.

Columns (n, 1) and mini-batches (n, m), one sample a column, go through the same lines. Numbers may come as arrays,
lists or integers. A wrong shape is a `ValueError` that names both shapes; nothing is ever broadcast.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from bpcourse.tables import table

# The lines themselves. They check nothing: `backprop` gives them tables that it made, which fit.


def bp1(nabla_a_C, sigma_prime_z):
    return nabla_a_C * sigma_prime_z  # BP1


def bp2(w_next, delta_next, sigma_prime_z):
    return (w_next.T @ delta_next) * sigma_prime_z  # BP2


def bp3(delta):
    return delta.sum(axis=1, keepdims=True) / delta.shape[1]  # BP3


def bp4(a_previous, delta):
    return (delta / delta.shape[1]) @ a_previous.T  # BP4


# The doors: the same lines for whoever calls them, with a sentence for what does not fit ------------------------------


def output_error(nabla_a_C: ArrayLike, sigma_prime_z: ArrayLike) -> np.ndarray:
    """BP1, the error of the output layer: δ^L = ∇_a C ⊙ σ′(z^L).

    Both arguments and the result have shape (n_L, m). Source: notebook 02.
    """
    nabla_a_C, sigma_prime_z = table("nabla_a_C", nabla_a_C), table("sigma_prime_z", sigma_prime_z)
    if nabla_a_C.shape != sigma_prime_z.shape:
        raise ValueError(
            f"nabla_a_C has shape {nabla_a_C.shape} and sigma_prime_z has {sigma_prime_z.shape}; they must be the same"
        )
    return bp1(nabla_a_C, sigma_prime_z)


def hidden_error(w_next: ArrayLike, delta_next: ArrayLike, sigma_prime_z: ArrayLike) -> np.ndarray:
    """BP2, the error of a layer from the error of the next: δ^l = ((w^{l+1})ᵀ δ^{l+1}) ⊙ σ′(z^l).

    Shapes: w_next (n_{l+1}, n_l), delta_next (n_{l+1}, m), sigma_prime_z and the result (n_l, m). Source: notebook 03.
    """
    w_next, delta_next = table("w_next", w_next), table("delta_next", delta_next)
    sigma_prime_z = table("sigma_prime_z", sigma_prime_z)
    rows, columns = w_next.shape
    if len(delta_next) != rows:
        raise ValueError(f"w_next has {rows} rows, so delta_next must have {rows} rows; it has {len(delta_next)}")
    if len(sigma_prime_z) != columns:
        raise ValueError(f"w_next has {columns} columns, so z must have {columns} rows; it has {len(sigma_prime_z)}")
    samples = delta_next.shape[1]
    if sigma_prime_z.shape[1] != samples:
        raise ValueError(f"delta_next has {samples} columns (samples) and z has {sigma_prime_z.shape[1]}")
    return bp2(w_next, delta_next, sigma_prime_z)


def bias_gradient(delta: ArrayLike) -> np.ndarray:
    """BP3, the gradient of a layer's biases: ∂C/∂b^l = δ^l, averaged over the samples.

    delta has shape (n_l, m), the result (n_l, 1). Source: notebook 04.
    """
    return bp3(table("delta", delta))


def weight_gradient(a_previous: ArrayLike, delta: ArrayLike) -> np.ndarray:
    """BP4, the gradient of a layer's weights: ∂C/∂w^l = δ^l (a^{l−1})ᵀ, averaged over the samples.

    Shapes: a_previous (n_{l−1}, m), delta (n_l, m), the result (n_l, n_{l−1}) like w^l. Source: notebook 05.
    The arguments stand as a wire runs, from where it begins to where it ends. Swapped, they give the transpose, and no
    shape tells; named, as in `weight_gradient(a_previous=a, delta=d)`, they may stand in any order.
    """
    a_previous, delta = table("a_previous", a_previous), table("delta", delta)
    if a_previous.shape[1] != delta.shape[1]:
        as_in_the_equation = a_previous.shape[1] == len(delta)  # δ^l first, then the transposed a^{l−1}
        hint = "; give a_previous first, then delta, neither transposed" if as_in_the_equation else ""
        raise ValueError(f"a_previous has {a_previous.shape[1]} columns (samples) and delta has {delta.shape[1]}{hint}")
    return bp4(a_previous, delta)
