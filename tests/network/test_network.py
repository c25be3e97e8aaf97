"""The network: what it is made of, what it refuses, and backprop against every judge there is."""

import re

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import grad
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import bpcourse as bp
from bpcourse import numeric
from bpcourse.network.functions import OUTPUTS_OF_COST, relu
from tests.network.test_functions import ACTIVATION_FORMULAS, COST_FORMULAS

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


NET = bp.Network([3, 4, 2])
TRACE = bp.backprop(NET, *sample_of(NET, 2, 0))


def test_sizes_and_shapes():
    assert (NET.sizes, NET.L) == ((3, 4, 2), 3)
    assert (repr(NET.w), repr(NET.b)) == ("{2: (4, 3), 3: (2, 4)}", "{2: (4, 1), 3: (2, 1)}")
    assert repr(NET) == "Network 3-4-2: sigmoid, quadratic cost"
    assert repr(bp.Network([1, 2, 3], "relu", "identity")) == "Network 1-2-3: relu, identity output, quadratic cost"


def test_the_seed_says_it_all():
    one, same, other = (bp.Network([3, 4, 2], seed=seed) for seed in (7, 7, 8))
    np.testing.assert_equal([*one.w.values(), *one.b.values()], [*same.w.values(), *same.b.values()])
    assert not any(np.any(one.w[l] == other.w[l]) for l in (2, 3))


def test_the_weights_are_scaled_by_the_layer_they_come_from():
    net = bp.Network([400, 100, 1])
    for l, before in ((2, 400), (3, 100)):
        assert net.w[l].std() * np.sqrt(before) == pytest.approx(1, rel=0.2)
    assert net.b[2].std() == pytest.approx(1, rel=0.2)


def test_lists_and_integers_are_numbers_too():
    trace = bp.backprop(bp.Network.from_parameters({2: [[1, 2]]}, {2: [[3]]}, "identity"), [[1], [2]], [[9]])
    assert (trace.z[2][0, 0], trace.cost, trace.delta[2][0, 0]) == (8, 0.5, -1)


# Forward and backprop ------------------------------------------------------------------------------------------------


def one_pass(kind, sizes, m, seed):
    """Backprop through a random network of that kind, on random samples."""
    net = bp.Network(sizes, *kind, seed=seed)
    return bp.backprop(net, *sample_of(net, m, seed))


def nearest_kink(trace):
    """How near any z comes to 0 in a layer of ReLU, where no derivative means anything."""
    return min((np.abs(trace.z[l]).min() for l in trace.z if trace.net.sigma(l) is relu), default=np.inf)


@pytest.mark.parametrize("kind", KINDS, ids="-".join)
@repeatable
@given(sizes=st.lists(st.integers(1, 6), min_size=2, max_size=5), m=st.integers(1, 4), seed=st.integers(0, 10**6))
def test_backprop_is_what_perturbation_and_autograd_find(kind, sizes, m, seed):
    trace = one_pass(kind, sizes, m, seed)
    assume(nearest_kink(trace) > 1e-3)
    net, (activation, output, cost) = trace.net, kind

    def passed(w, b, shift):
        z, a = {}, {1: trace.x}
        for l in w:
            z[l] = anp.dot(w[l], a[l - 1]) + b[l] + shift[l]  # δ^l is the derivative by something added to z^l
            a[l] = ACTIVATION_FORMULAS[output if l == net.L else activation](z[l])
        return z, a, COST_FORMULAS[cost](a[net.L], trace.y)

    def mean_cost(*at):
        return anp.mean(passed(*at)[2])

    at = dict(net.w), dict(net.b), {l: np.zeros_like(trace.z[l]) for l in trace.z}
    only_forward, (z, a, cost_x) = bp.forward(net, trace.x), passed(*at)
    close(trace.cost_x, cost_x)
    close(trace.cost, cost_x.mean())
    for l in net.w:
        close(trace.z[l], z[l])
        close(trace.a[l], a[l])
        np.testing.assert_array_equal(only_forward.a[l], trace.a[l])
    assert (only_forward.y, only_forward.cost, len(only_forward.delta)) == (None, None, 0)
    by_autograd = [grad(mean_cost, place)(*at) for place in range(3)]
    numeric_b, numeric_w = numeric.gradient(net, trace.x, trace.y)
    by_perturbation = numeric_w, numeric_b, {l: numeric.delta(trace, l) / m for l in net.w}
    for l in net.w:
        for grad_w, grad_b, grad_z in (by_autograd, by_perturbation):
            close(trace.delta[l], m * grad_z[l])  # δ belongs to C_x, and C is the mean of m of them
            close(trace.grad_b[l], grad_b[l])
            close(trace.grad_w[l], grad_w[l])


def test_sigma_prime_is_that_of_its_layer():
    for l in (2, 3):
        close(TRACE.sigma_prime(l), TRACE.a[l] * (1 - TRACE.a[l]))


@pytest.mark.parametrize(("output", "cost"), [("sigmoid", "cross_entropy"), ("softmax", "log_likelihood")])
def test_a_saturated_output_still_knows_its_error(output, cost):
    net = bp.Network.from_parameters({2: [[1000], [-1000]]}, {2: [[0], [0]]}, output, cost=cost)
    trace = bp.backprop(net, [[1]], [[0], [1]])  # as wrong as can be: ∇_a C ⊙ σ′ would be ∞ · 0
    assert (trace.cost, trace.delta[2].tolist()) == (2000, [[1], [-1]])


def test_the_published_worked_example():
    # Matt Mazur, "A Step by Step Backpropagation Example", recomputed to twelve digits; its biases stay as they are.
    w, b = {2: [[0.15, 0.20], [0.25, 0.30]], 3: [[0.40, 0.45], [0.50, 0.55]]}, {2: [[0.35]] * 2, 3: [[0.60]] * 2}
    net = bp.Network.from_parameters(w, b)
    trace = bp.backprop(net, [[0.05], [0.10]], [[0.01], [0.99]])
    after = {l: net.w[l] - 0.5 * trace.grad_w[l] for l in net.w}
    stepped = bp.backprop(bp.Network.from_parameters(after, b), trace.x, trace.y)
    for found, expected in [
        (trace.a[3], [[0.751365069552], [0.772928465321]]),
        (trace.cost, 0.298371108760),
        (trace.delta[3], [[0.138498561629], [-0.038098236517]]),
        (trace.delta[2], [[0.008771354689], [0.009954254705]]),
        (after[3], [[0.358916479718, 0.408666186076], [0.511301270239, 0.561370121108]]),
        # The page says .291027924: that comes out when δ² is computed with weights that were already updated.
        (stepped.cost, 0.291027773694),
    ]:
        np.testing.assert_allclose(found, expected, rtol=0, atol=1e-12)


# Refusals ------------------------------------------------------------------------------------------------------------

HAVE = "the layers that have one are"
NO_LAYER = [
    (lambda: TRACE.delta[1], "there is no δ¹: layer 1 is the input, no z¹ is computed there, so it can have no error"),
    (lambda: TRACE.z[1], "there is no z¹: layer 1 is the input, which is a¹ and comes from no weighted sum"),
    (lambda: NET.w[1], "there is no w¹: layer 1 is the input and has no weights or biases"),
    (lambda: TRACE.grad_w[1], "there is no ∂C/∂w¹: layer 1 is the input and has no weights or biases"),
    (lambda: TRACE.delta[-1], f"there is no δ⁻¹: {HAVE} 2 to 3"),
    (lambda: TRACE.z[10], f"there is no z¹⁰: {HAVE} 2 to 3"),
    (lambda: TRACE.a[0], f"there is no a⁰: {HAVE} 1 to 3"),
    (lambda: NET.with_weight(4, 1, 1, 0), f"there is no w⁴: {HAVE} 2 to 3"),
    (lambda: NET.with_weight(3, 3, 1, 0), "there is no w³₃₁: layer 3 has the neurons 1 to 2"),
    (lambda: NET.with_weight(3, 1, 5, 0), "there is no w³₁₅: layer 2 has the neurons 1 to 4"),
    (lambda: NET.with_bias(2, 0, 0), "there is no b²₀: layer 2 has the neurons 1 to 4"),
    (lambda: bp.forward(NET, TRACE.x).delta[2], "there is no δ²: forward computes no errors and no gradients;"),
]


def test_layers_are_a_mapping():
    assert (list(TRACE.delta), list(TRACE.a), 1 in TRACE.delta, len(TRACE.a)) == ([2, 3], [1, 2, 3], False, 3)


ONE, make = [[1]], bp.Network.from_parameters
LINEAR = bp.Network([1, 1], "identity")
LOGISTIC = bp.Network([1, 2], "sigmoid", cost="cross_entropy")
SOFTMAX = bp.Network([1, 2], "softmax", cost="log_likelihood")
CHOICES = "must be one of sigmoid, tanh, relu, identity, softmax; it is"
ENTRIES = "w and b must have one entry for each of the layers 2 to L, such as {2: …, 3: …}; "
ONE_HOT = "log_likelihood needs columns of y that are not negative and sum to 1"
NUMBER = "a layer number is expected after δ, such as 2; it is"
REFUSED = [
    (lambda: TRACE.delta["2"], f"{NUMBER} '2'"),
    (lambda: TRACE.delta[2.0], f"{NUMBER} 2.0"),
    (lambda: TRACE.delta[None], f"{NUMBER} None"),
    (lambda: bp.Network([3]), "sizes must name at least 2 layers of at least 1 neuron; it is [3]"),
    (lambda: bp.Network([3, 0]), "sizes must name at least 2 layers of at least 1 neuron; it is [3, 0]"),
    (lambda: bp.Network([3.5, 2]), "sizes must be whole numbers, one a layer, such as [3, 4, 2]; it is [3.5, 2]"),
    (lambda: bp.Network([1, 1], "sigmoyd"), f"activation {CHOICES} 'sigmoyd'"),
    (lambda: bp.Network([1, 1], output=np.tanh), f"output {CHOICES} <ufunc 'tanh'>"),
    (lambda: bp.Network([1, 1], cost=""), "cost must be one of quadratic, cross_entropy, log_likelihood; it is ''"),
    (lambda: bp.Network([1, 2, 1], "softmax", "sigmoid"), "softmax is for the output layer"),
    (lambda: make({}, {}), ENTRIES + "w has [] and b has []"),
    (lambda: make({2: ONE}, {2: ONE, 3: ONE}), ENTRIES + "w has [2] and b has [2, 3]"),
    (lambda: make({2: ONE, 4: ONE}, {2: ONE, 4: ONE}), ENTRIES + "w has [2, 4] and b has [2, 4]"),
    (lambda: make({2: [1]}, {2: ONE}), "w[2] must have shape (n_2, n_1); it has (1,)"),
    (lambda: make({2: ONE}, {2: [[1, 1]]}), "w[2] has shape (1, 1), so b[2] must be (1, 1); it is (1, 2)"),
    (lambda: make({2: ONE, 3: [[1, 1]]}, {2: ONE, 3: ONE}), "w[2] has shape (1, 1), so w[3] must have 1 columns; its"),
    (lambda: make({2: [[1, np.nan]]}, {2: ONE}), "w[2] must be finite; in row 1, column 2 it is nan"),
    (lambda: LINEAR.with_weight(2, 1, 1, np.nan), "w[2] at row 1, column 1 must be finite; it is nan"),
    (lambda: LINEAR.with_bias(2, 1, None), "b[2] at row 1 must be a number; it is None"),
    (lambda: bp.forward("net", ONE), "net must be a Network; it is 'net'"),
    (lambda: bp.forward(LINEAR, [[1], [2]]), "the input layer has 1 neurons, so x must have 1 rows; it has 2"),
    (lambda: bp.forward(LINEAR, [[]]), "x is empty: its shape is (1, 0)"),
    (lambda: bp.forward(LINEAR, [[1, np.inf]]), "x must be finite; in row 1, column 2 it is inf"),
    (lambda: bp.forward(LINEAR.with_weight(2, 1, 1, 1e200), [[1e200]]), "z[2] grew beyond what a float can hold;"),
    (lambda: bp.backprop(LINEAR, [[1e200]], ONE), "the cost grew beyond what a float can hold;"),
    (lambda: bp.backprop(make({2: ONE, 3: [[1e308]]}, {2: [[0]], 3: [[0]]}, "tanh"), [[0]], [[1e9]]), "δ² grew"),
    (lambda: bp.backprop(LINEAR.with_weight(2, 1, 1, 0), [[1e200]], [[1e150]]), "∂C/∂w² grew beyond"),
    (lambda: bp.backprop(LINEAR, ONE, [[1, 1]]), "the output has shape (1, 1), so y must have it too; it has (1, 2)"),
    (lambda: bp.backprop(LINEAR, ONE, [[np.nan]]), "y must be finite; in row 1, column 1 it is nan"),
    (lambda: bp.backprop(LOGISTIC, ONE, [[0], [1.5]]), "cross_entropy needs targets between 0 and 1; y reaches from 0"),
    (lambda: bp.backprop(LOGISTIC, ONE, [[-1], [1]]), "cross_entropy needs targets between 0 and 1; y reaches from -1"),
    (lambda: bp.backprop(SOFTMAX, ONE, [[0.5], [0.6]]), ONE_HOT),
    (lambda: bp.backprop(SOFTMAX, ONE, [[-0.5], [1.5]]), ONE_HOT),
]


@pytest.mark.parametrize(
    ("act", "sentence", "error"),
    [(*one, IndexError) for one in NO_LAYER] + [(*one, (TypeError, ValueError)) for one in REFUSED],
)
def test_what_is_wrong_is_refused_with_a_sentence(act, sentence, error):
    with pytest.raises(error, match=f"^{re.escape(sentence)}"):
        act()


@pytest.mark.parametrize("cost", OUTPUTS_OF_COST)
def test_a_cost_that_does_not_fit_the_output_is_refused(cost):
    for output in set(ACTIVATION_FORMULAS) - set(OUTPUTS_OF_COST[cost]):
        with pytest.raises(ValueError, match=f"^cost '{cost}' goes with output '.*, not '{output}'$"):
            bp.Network([3, 4, 2], "tanh", output, cost)
