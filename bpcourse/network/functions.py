"""Activations and costs, each beside its derivative.

Shapes: z, a and y are columns (n, 1) or mini-batches (n, m), one sample a column. Nothing here checks its input:
that happens once, where data enters a `Network`, and in `doors` for whoever calls `bp.sigmoid`. Every function but ReLU
is analytic as written, so that the complex step of `numeric` can look through it, and none warns or overflows at
z = ±1000.
"""

import numpy as np


def _powers(z):
    """e^(−|z|) and e^(min(z, 0)): never above 1, so nothing built on them overflows.

    Of complex numbers not by `abs` and `maximum`, in which the complex step sees no derivative.
    """
    negative = np.signbit(z.real)
    if z.dtype.kind == "c":
        t = np.exp(np.where(negative, z, -z))
        return t, np.where(negative, t, 1)
    t = np.exp(-np.abs(z))
    return t, np.maximum(t, ~negative)


# Activations: a = σ(z), neuron by neuron, and σ′(z) ------------------------------------------------------------------


def sigmoid(z):
    """σ(z) = 1 / (1 + e^(−z)), between 0 and 1; any shape. Source: notebook 01."""
    z = np.asarray(z)
    t, top = _powers(z)
    return top / (1 + t)  # 1 / (1 + e^(−z)), or e^z / (1 + e^z) where z is negative: neither overflows


def sigmoid_prime(z):
    """σ′(z) = σ(z)(1 − σ(z)), at most ¼, correct to the last digits where σ saturates; any shape."""
    return sigmoid_with_prime(z)[1]


def sigmoid_with_prime(z):
    """σ(z) and σ′(z), which share the exponential: it is half of what either costs."""
    z = np.asarray(z)
    t, top = _powers(z)
    s = 1 + t
    top /= s
    s *= s
    t /= s
    return top, t


def tanh(z):
    """tanh(z), between −1 and 1; any shape."""
    return np.tanh(z)


def tanh_prime(z):
    """tanh′(z) = 1 − tanh²(z), at most 1; any shape."""
    return 4 * sigmoid_prime(2 * np.asarray(z))  # the same number, without subtracting two that are nearly equal


def relu(z):
    """ReLU(z) = max(z, 0); any shape."""
    return np.where(np.real(z) <= 0, 0, z)  # NaN stays NaN


def relu_prime(z):
    """ReLU′(z): 1 where z > 0, else 0. At z = 0 there is no derivative; by convention it is 0 here."""
    return np.heaviside(np.real(z), 0.0)


def identity(z):
    """The linear neuron: a = z; any shape."""
    return np.asarray(z)


def identity_prime(z):
    """1 everywhere; the shape of z."""
    return np.ones_like(z)


def softmax(z):
    """a_k = e^(z_k) / Σ_j e^(z_j) in each column: positive, and each column sums to 1. Shape (n, m) to (n, m)."""
    z = np.asarray(z)
    e = np.exp(z - z.real.max(axis=0))  # the shift cancels in the quotient and keeps e from overflowing
    return e / e.sum(axis=0)


def softmax_prime(z):
    """All of ∂a_k/∂z_j = a_k (1[j = k] − a_j), shape (n, n, m), indexed [k, j, sample].

    A softmax neuron listens to its whole layer, so its derivative is a table and not a column: notebook 07.
    """
    a = softmax(z)
    return a[:, None] * (np.eye(len(a))[:, :, None] - a[None, :])


# Costs: C_x of one sample, shape (1, m), and ∂C_x/∂a, shape (n, m) ---------------------------------------------------


def quadratic(a, y):
    """C_x = ½ Σ_j (a_j − y_j)², shape (1, m)."""
    return ((a - y) ** 2).sum(axis=0, keepdims=True) / 2


def quadratic_prime(a, y):
    """∂C_x/∂a = a − y, shape (n, m)."""
    return a - y


def _y_log(y, a):
    """y ln a with 0 ln 0 = 0, and −∞ without a warning where a target is given no chance at all."""
    with np.errstate(divide="ignore"):
        return y * np.log(np.where(y == 0, 1, a))


def _y_over(y, a):
    """y / a with 0 / 0 = 0, and ∞ without a warning."""
    with np.errstate(divide="ignore"):
        return y / np.where(y == 0, 1, a)


def cross_entropy(a, y):
    """C_x = −Σ_j (y_j ln a_j + (1 − y_j) ln(1 − a_j)), shape (1, m). Fits a sigmoid output."""
    return -(_y_log(y, a) + _y_log(1 - y, 1 - a)).sum(axis=0, keepdims=True)


def cross_entropy_prime(a, y):
    """∂C_x/∂a = (1 − y)/(1 − a) − y/a = (a − y) / (a (1 − a)), shape (n, m)."""
    return _y_over(1 - y, 1 - a) - _y_over(y, a)


def log_likelihood(a, y):
    """C_x = −Σ_j y_j ln a_j, shape (1, m). Fits a softmax output."""
    return -_y_log(y, a).sum(axis=0, keepdims=True)


def log_likelihood_prime(a, y):
    """∂C_x/∂a = −y / a, shape (n, m)."""
    return -_y_over(y, a)


# The two pairs whose cost is best computed from z: a rounds to 0 or 1 long before its logarithm stops mattering -------


def sigmoid_cross_entropy(z, y):
    """`cross_entropy(sigmoid(z), y)` without the detour through a; finite for every finite z, shape (1, m)."""
    z = np.asarray(z)
    positive = np.where(np.signbit(z.real), 0, z)  # max(z, 0), on the side of 0 on which _powers is too
    return (positive - y * z + np.log1p(_powers(z)[0])).sum(axis=0, keepdims=True)


def softmax_log_likelihood(z, y):
    """`log_likelihood(softmax(z), y)` without the detour through a; finite for every finite z, shape (1, m)."""
    z = z - z.real.max(axis=0)
    return (y * (np.log(np.exp(z).sum(axis=0)) - z)).sum(axis=0, keepdims=True)


# What a Network can be made of ---------------------------------------------------------------------------------------

ACTIVATIONS = {
    "sigmoid": (sigmoid, sigmoid_prime),
    "tanh": (tanh, tanh_prime),
    "relu": (relu, relu_prime),
    "identity": (identity, identity_prime),
    "softmax": (softmax, softmax_prime),
}
WITH_PRIME = {sigmoid: sigmoid_with_prime}  # where computing both at once is cheaper
COSTS = {
    "quadratic": (quadratic, quadratic_prime),
    "cross_entropy": (cross_entropy, cross_entropy_prime),
    "log_likelihood": (log_likelihood, log_likelihood_prime),
}
COSTS_FROM_Z = {
    ("sigmoid", "cross_entropy"): sigmoid_cross_entropy,
    ("softmax", "log_likelihood"): softmax_log_likelihood,
}
OUTPUTS_OF_COST = {
    "quadratic": ("sigmoid", "tanh", "relu", "identity"),
    "cross_entropy": ("sigmoid",),
    "log_likelihood": ("softmax",),
}
