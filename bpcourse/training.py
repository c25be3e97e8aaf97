"""Gradient descent. So far: one step of it."""

from bpcourse.network import Network, Trace
from bpcourse.tables import finite_number


def learning_rate(eta: float) -> float:
    """η as a float above 0, or one sentence why it is none."""
    eta = finite_number("eta", eta)
    if eta <= 0:
        raise ValueError(f"eta must be above 0, or the cost does not fall; it is {eta:g}")
    return eta


def gradient_step(trace: Trace, eta: float) -> Network:
    """The network with w^l − η ∂C/∂w^l and b^l − η ∂C/∂b^l, all gradients taken from one trace of `backprop`.

    Source: notebook 07. Raises ValueError if η is not above 0.
    """
    net, eta = trace.net, learning_rate(eta)
    w = {l: net.w[l] - eta * trace.grad_w[l] for l in net.w}
    b = {l: net.b[l] - eta * trace.grad_b[l] for l in net.b}
    return Network.from_parameters(w, b, net.activation, net.output, net.cost)
