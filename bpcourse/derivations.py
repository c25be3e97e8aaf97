"""The equations of the course as expressions, neuron by neuron: forward, BP1 and BP2."""

from bpcourse.network import Network
from bpcourse.notation import Equation, L, Partial, Sum, a, b, delta, j, k, l, sigma, sigma_prime, w, y, z

WEIGHTED_INPUT = z[l, j] == Sum(k, l - 1)(w[l, j, k] * a[l - 1, k]) + b[l, j]
ACTIVATION = a[l, j] == sigma(z[l, j], opened=True)
SLOPE = sigma_prime(z[l, j]) == sigma_prime(z[l, j], opened=True)
BP1 = delta[L, j] == Partial((a[L, j],)) * sigma_prime(z[L, j])
BP1_QUADRATIC = delta[L, j] == (a[L, j] - y[L, j]) * sigma_prime(z[L, j])
BP1_CANCELLED = delta[L, j] == a[L, j] - y[L, j]
BP2 = delta[l, j] == Sum(k, l + 1)(w[l + 1, k, j] * delta[l + 1, k]) * sigma_prime(z[l, j])


def output_error_of(net: Network) -> Equation:
    """BP1 with ∂C/∂a put in for this network's cost."""
    return BP1_CANCELLED if net.sigma_prime_cancels else BP1_QUADRATIC
