"""The network: what it is made of, what it refuses, and backprop against every judge there is."""

import dataclasses
import re
from collections.abc import Mapping

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import grad
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from test_functions import ACTIVATION_FORMULAS, COST_FORMULAS

import bpcourse as bp
from bpcourse import numeric
from bpcourse.functions import OUTPUTS_OF_COST

repeatable = settings(deadline=None, derandomize=True, max_examples=15)

# Every network the course allows: hidden activation, output activation, cost.
KINDS = [
    (activation, output, cost)
    for cost, outputs in OUTPUTS_OF_COST.items()
    for output in outputs
    for activation in ("sigmoid", "tanh", "relu", "identity")
]


def sample_of(net, m, seed):
    """m random inputs, and targets that the cost of `net` knows."""
    random = np.random.default_rng(seed)
    y = random.uniform(size=(net.sizes[-1], m))
    return random.normal(size=(net.sizes[0], m)), y / y.sum(axis=0) if net.cost == "log_likelihood" else y


def close(found, expected):
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-12)


@pytest.fixture
def net():
    return bp.Network([3, 4, 2])


@pytest.fixture
def trace(net):
    return bp.backprop(net, *sample_of(net, 2, 0))


# Making one ----------------------------------------------------------------------------------------------------------


def test_sizes_and_shapes(net):
    assert (net.sizes, net.L) == ((3, 4, 2), 3)
    assert {l: net.w[l].shape for l in net.w} == {2: (4, 3), 3: (2, 4)}
    assert {l: net.b[l].shape for l in net.b} == {2: (4, 1), 3: (2, 1)}
    assert repr(net) == "Network 3-4-2: sigmoid, quadratic cost"
    assert repr(bp.Network([3, 4, 2], "relu", "softmax", "log_likelihood")) == (
        "Network 3-4-2: relu, softmax output, log_likelihood cost"
    )


def test_the_seed_says_it_all():
    one, same, other = (bp.Network([3, 4, 2], seed=seed) for seed in (7, 7, 8))
    for l in (2, 3):
        np.testing.assert_array_equal(one.w[l], same.w[l])
        np.testing.assert_array_equal(one.b[l], same.b[l])
        assert not np.any(one.w[l] == other.w[l])


def test_the_weights_are_scaled_by_the_layer_they_come_from():
    net = bp.Network([400, 100, 1])
    for l, before in ((2, 400), (3, 100)):
        assert net.w[l].std() * np.sqrt(before) == pytest.approx(1, rel=0.2)
    assert net.b[2].std() == pytest.approx(1, rel=0.2)


def test_from_parameters_keeps_copies():
    w, b = {2: np.ones((1, 2))}, {2: np.ones((1, 1))}
    net = bp.Network.from_parameters(w, b)
    w[2][0, 0] = b[2][0, 0] = 99
    w[3] = b[3] = np.ones((1, 1))
    assert (net.w[2][0, 0], net.b[2][0, 0], net.L) == (1, 1, 2)


def test_lists_and_integers_are_numbers_too():
    trace = bp.backprop(bp.Network.from_parameters({2: [[1, 2]]}, {2: [[3]]}, "identity"), [[1], [2]], [[9]])
    assert (trace.z[2][0, 0], trace.cost, trace.delta[2][0, 0]) == (8, 0.5, -1)


# Nothing changes -----------------------------------------------------------------------------------------------------


def test_every_array_is_read_only(net, trace):
    arrays = [trace.x, trace.y, trace.cost_x]
    for layers in (net.w, net.b, trace.z, trace.a, trace.delta, trace.grad_b, trace.grad_w):
        arrays += layers.values()
        with pytest.raises(TypeError, match="does not support item assignment"):
            layers[2] = 0
    for array in arrays:
        with pytest.raises(ValueError, match="read-only"):
            array[0, 0] = 5


def test_network_and_trace_refuse_attributes(net, trace):
    for name in ("w", "cost", "anything"):
        with pytest.raises(AttributeError, match=f"with_weight and with_bias give a new one \\(not {name}\\)"):
            setattr(net, name, 5)
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(trace, name, 5)
    with pytest.raises(AttributeError):
        del net.w


def test_x_and_y_are_copied(net):
    x, y = sample_of(net, 2, 0)
    trace = bp.backprop(net, x, y)
    x[0, 0] = y[0, 0] = 99
    assert 99 not in trace.x
    assert 99 not in trace.y


def test_with_weight_and_with_bias_give_a_new_network():
    old = bp.Network([3, 4, 2], "tanh", "sigmoid", "cross_entropy")
    w, b = {l: old.w[l].copy() for l in old.w}, {l: old.b[l].copy() for l in old.b}
    new = old.with_weight(3, 2, 4, 5).with_bias(2, 3, -7)
    assert repr(new) == repr(old)
    for l in (2, 3):
        np.testing.assert_array_equal(old.w[l], w[l])
        np.testing.assert_array_equal(old.b[l], b[l])
    w[3][1, 3], b[2][2, 0] = 5, -7
    for l in (2, 3):
        np.testing.assert_array_equal(new.w[l], w[l])
        np.testing.assert_array_equal(new.b[l], b[l])


# Layers --------------------------------------------------------------------------------------------------------------

HAVE = "the layers that have one are"
NO_LAYER = [
    (lambda t: t.delta[1], "there is no δ¹: layer 1 is the input, no z¹ is computed there, so it can have no error"),
    (lambda t: t.z[1], "there is no z¹: layer 1 is the input, which is a¹ and comes from no weighted sum"),
    (lambda t: t.sigma_prime(1), "there is no z¹: layer 1 is the input, which is a¹ and comes from no weighted sum"),
    (lambda t: t.net.w[1], "there is no w¹: layer 1 is the input and has no weights or biases"),
    (lambda t: t.net.b[1], "there is no b¹: layer 1 is the input and has no weights or biases"),
    (lambda t: t.grad_w[1], "there is no ∂C/∂w¹: layer 1 is the input and has no weights or biases"),
    (lambda t: t.grad_b[1], "there is no ∂C/∂b¹: layer 1 is the input and has no weights or biases"),
    (lambda t: t.delta[4], f"there is no δ⁴: {HAVE} 2 to 3"),
    (lambda t: t.delta[-1], f"there is no δ⁻¹: {HAVE} 2 to 3"),
    (lambda t: t.z[10], f"there is no z¹⁰: {HAVE} 2 to 3"),
    (lambda t: t.a[0], f"there is no a⁰: {HAVE} 1 to 3"),
    (lambda t: t.net.with_weight(4, 1, 1, 0), f"there is no w⁴: {HAVE} 2 to 3"),
    (lambda t: t.net.with_weight(3, 3, 1, 0), "layer 3 has the neurons 1 to 2; there is no neuron 3"),
    (lambda t: t.net.with_weight(3, 1, 5, 0), "layer 2 has the neurons 1 to 4; there is no neuron 5"),
    (lambda t: t.net.with_bias(2, 0, 0), "layer 2 has the neurons 1 to 4; there is no neuron 0"),
    (lambda t: bp.forward(t.net, t.x).delta[2], "there is no δ²: forward computes no errors and no gradients;"),
    (lambda t: bp.forward(t.net, t.x).grad_w[3], "there is no ∂C/∂w³: forward computes no errors and no gradients;"),
]


@pytest.mark.parametrize(("ask", "sentence"), NO_LAYER)
def test_what_is_not_there_says_why(trace, ask, sentence):
    with pytest.raises(IndexError, match=f"^{re.escape(sentence)}"):
        ask(trace)


@pytest.mark.parametrize("l", ["2", 2.0, None, slice(2, 3)])
def test_a_layer_is_a_whole_number(trace, l):
    with pytest.raises(TypeError, match=f"^a layer number is expected after δ, such as 2; it is {re.escape(repr(l))}$"):
        trace.delta[l]


def test_layers_are_a_mapping(trace):
    assert isinstance(trace.delta, Mapping)
    assert (list(trace.delta), list(trace.a), 1 in trace.delta, len(trace.a)) == ([2, 3], [1, 2, 3], False, 3)
    assert repr(trace.grad_w) == "{2: (4, 3), 3: (2, 4)}"
    assert trace.delta[np.int64(3)] is trace.delta[3]


# Forward and backprop ------------------------------------------------------------------------------------------------


def test_forward_against_loops(trace):
    net = trace.net
    for l in (2, 3):
        for x in range(2):
            for j in range(net.sizes[l - 1]):
                z = net.b[l][j, 0]
                for k in range(net.sizes[l - 2]):
                    z += net.w[l][j, k] * trace.a[l - 1][k, x]
                close(trace.z[l][j, x], z)
                close(trace.a[l][j, x], 1 / (1 + np.exp(-z)))
    only_forward = bp.forward(net, trace.x)
    for l in (2, 3):
        np.testing.assert_array_equal(only_forward.a[l], trace.a[l])
    assert (only_forward.y, only_forward.cost, len(only_forward.delta)) == (None, None, 0)


networks = given(
    sizes=st.lists(st.integers(1, 6), min_size=2, max_size=5), m=st.integers(1, 4), seed=st.integers(0, 10**6)
)


def one_pass(kind, sizes, m, seed):
    """A random network of that kind, trained on nothing, with all its traces; no z within reach of a kink of ReLU."""
    activation, output, cost = kind
    net = bp.Network(sizes, activation, output, cost, seed)
    trace = bp.backprop(net, *sample_of(net, m, seed))
    for l in trace.z:
        assume((output if l == net.L else activation) != "relu" or np.abs(trace.z[l]).min() > 1e-3)
    return trace


@pytest.mark.parametrize("kind", KINDS, ids="-".join)
@repeatable
@networks
def test_backprop_is_what_perturbation_finds(kind, sizes, m, seed):
    trace = one_pass(kind, sizes, m, seed)
    grad_b, grad_w = numeric.gradient(trace.net, trace.x, trace.y)
    for l in range(2, trace.net.L + 1):
        close(trace.delta[l], numeric.delta(trace, l))
        close(trace.grad_b[l], grad_b[l])
        close(trace.grad_w[l], grad_w[l])


@pytest.mark.parametrize("kind", KINDS, ids="-".join)
@repeatable
@networks
def test_backprop_is_what_autograd_finds(kind, sizes, m, seed):
    trace = one_pass(kind, sizes, m, seed)
    net, (activation, output, cost) = trace.net, kind

    def mean_cost(w, b, shift):
        a = trace.x
        for l in range(2, net.L + 1):
            # δ^l is the derivative with respect to something added to z^l.
            z = anp.dot(w[l], a) + b[l] + shift[l]
            a = ACTIVATION_FORMULAS[output if l == net.L else activation](z)
        return anp.mean(COST_FORMULAS[cost](a, trace.y))

    at = dict(net.w), dict(net.b), {l: np.zeros_like(trace.z[l]) for l in trace.z}
    close(trace.cost, mean_cost(*at))
    grad_w, grad_b, grad_z = (grad(mean_cost, place)(*at) for place in range(3))
    for l in range(2, net.L + 1):
        close(trace.grad_w[l], grad_w[l])
        close(trace.grad_b[l], grad_b[l])
        close(trace.delta[l], m * grad_z[l])  # δ belongs to C_x, and C is the mean of m of them


@pytest.mark.parametrize("kind", KINDS, ids="-".join)
def test_a_batch_is_its_samples_side_by_side(kind):
    batch = one_pass(kind, [3, 4, 4, 2], 5, seed=1)
    net = batch.net
    singles = [bp.backprop(net, batch.x[:, [i]], batch.y[:, [i]]) for i in range(5)]
    close(batch.cost_x, np.hstack([one.cost_x for one in singles]))
    close(batch.cost, np.mean([one.cost for one in singles]))
    for l in range(2, net.L + 1):
        close(batch.delta[l], np.hstack([one.delta[l] for one in singles]))
        close(
            batch.sigma_prime(l) if l < net.L else 0,
            np.hstack([one.sigma_prime(l) for one in singles]) if l < net.L else 0,
        )
        close(batch.grad_b[l], np.mean([one.grad_b[l] for one in singles], axis=0))
        close(batch.grad_w[l], np.mean([one.grad_w[l] for one in singles], axis=0))
