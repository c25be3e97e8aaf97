"""A gradient step: what it changes, and what it refuses."""

import numpy as np
import pytest

import bpcourse as bp

birds = bp.penguins()
net = bp.Network([3, 4, 2], "tanh", "softmax", "log_likelihood", seed=38)
trace = bp.backprop(net, birds.x, birds.y)


def test_every_parameter_moves_against_its_gradient_and_the_cost_falls_as_predicted():
    eta = 1e-6
    stepped = bp.gradient_step(trace, eta)
    for l in net.w:
        np.testing.assert_array_equal(stepped.w[l], net.w[l] - eta * trace.grad_w[l])
        np.testing.assert_array_equal(stepped.b[l], net.b[l] - eta * trace.grad_b[l])
    fall = trace.cost - bp.backprop(stepped, birds.x, birds.y).cost
    squares = sum((g[l] ** 2).sum() for g in (trace.grad_w, trace.grad_b) for l in net.w)
    assert fall == pytest.approx(eta * squares, rel=1e-3)
    assert (stepped.activation, stepped.output, stepped.cost) == (net.activation, net.output, net.cost)


@pytest.mark.parametrize(
    ("eta", "sentence"),
    [
        (0, "eta must be above 0"),
        (-1, "eta must be above 0"),
        (float("nan"), "eta must be finite"),
        ("fast", "eta must be a number"),
        (None, "eta must be a number"),
    ],
)
def test_a_learning_rate_that_is_none_is_refused(eta, sentence):
    with pytest.raises((ValueError, TypeError), match=sentence):
        bp.gradient_step(trace, eta)


def test_a_trace_of_forward_alone_has_no_gradients():
    with pytest.raises(IndexError, match="forward computes no errors and no gradients"):
        bp.gradient_step(bp.forward(net, birds.x), 1)
