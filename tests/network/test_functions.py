"""Every activation and every cost beside its derivative, judged by the complex step and by HIPS autograd.

The formulas below are written down a second time, from the textbook, in autograd's numpy: autograd differentiates them,
so neither the value nor the derivative of `bpcourse.network.functions` judges itself.
"""

import pickle

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import elementwise_grad, jacobian

import bpcourse as bp
from bpcourse.network import functions
from bpcourse.network.functions import ACTIVATIONS, COSTS, COSTS_FROM_Z, OUTPUTS_OF_COST

STEP = 1e-20
close, same = np.testing.assert_allclose, np.testing.assert_array_equal

ACTIVATION_FORMULAS = {
    "sigmoid": lambda z: 1 / (1 + anp.exp(-z)),
    "tanh": lambda z: 1 - 2 / (1 + anp.exp(2 * z)),
    "relu": lambda z: anp.maximum(z, 0),
    "identity": lambda z: 1 * z,
    "softmax": lambda z: anp.exp(z) / anp.sum(anp.exp(z), axis=0, keepdims=True),
}
COST_FORMULAS = {
    "quadratic": lambda a, y: anp.sum((a - y) ** 2, axis=0, keepdims=True) / 2,
    "cross_entropy": lambda a, y: anp.sum(-y * anp.log(a) - (1 - y) * anp.log(1 - a), axis=0, keepdims=True),
    "log_likelihood": lambda a, y: anp.sum(-y * anp.log(a), axis=0, keepdims=True),
}
NEURON_BY_NEURON = ["sigmoid", "tanh", "relu", "identity"]

# No z of 0: that is ReLU's kink, which has a test of its own. Three neurons, four samples.
Z = np.array([[-7.5, -2.0, -0.3, 4.0], [1e-3, 0.7, 2.5, 8.0], [-1e-3, 5.0, -4.0, 0.2]])
FAR = np.array([[1000.0, -1000.0, 1000.0], [-1000.0, -1000.0, 1000.0]])
# Outputs strictly between 0 and 1; targets with the two ends in them, each column summing to 1.
A = np.array([[0.05, 0.3, 0.5, 0.9], [0.95, 0.2, 0.4, 0.07], [0.6, 0.5, 0.1, 0.03]])
Y = np.array([[0.0, 1.0, 0.2, 0.5], [1.0, 0.0, 0.3, 0.25], [0.0, 0.0, 0.5, 0.25]])


def by_each_row(function, at):
    """∂(function)/∂(row j), one row after the other, by the complex step: the list over j."""
    rows = []
    for j in range(len(at)):
        pushed = at.astype(complex)
        pushed[j] += 1j * STEP
        rows.append(np.imag(function(pushed)) / STEP)
    return rows


def test_the_formulas_cover_everything_a_network_can_be_made_of():
    assert set(ACTIVATION_FORMULAS) == set(ACTIVATIONS) == {*NEURON_BY_NEURON, "softmax"}
    assert set(COST_FORMULAS) == set(COSTS) == set(OUTPUTS_OF_COST)
    for output, cost in COSTS_FROM_Z:
        assert OUTPUTS_OF_COST[cost] == (output,)
    for name, pair in {**ACTIVATIONS, **COSTS}.items():
        assert [function.__name__ for function in pair] == [name, f"{name}_prime"]


# Each function, its derivative, its formula, and where they are compared.
EVERY = {name: (*ACTIVATIONS[name], formula, (Z,)) for name, formula in ACTIVATION_FORMULAS.items()}
EVERY |= {name: (*COSTS[name], formula, (A, Y)) for name, formula in COST_FORMULAS.items()}


@pytest.mark.parametrize("name", EVERY)
def test_each_function_is_its_formula(name):
    function, _, formula, at = EVERY[name]
    assert function(*at).shape == formula(*at).shape
    close(function(*at), formula(*at), rtol=1e-12 if name in ACTIVATIONS else 1e-13)


@pytest.mark.parametrize("name", [name for name in EVERY if name != "softmax"])
def test_each_derivative_is_what_autograd_and_the_complex_step_find(name):
    function, prime, formula, (at, *y) = EVERY[name]
    rtol = 1e-11 if name in ACTIVATIONS else 1e-12
    pushed = [row.sum(axis=0) for row in by_each_row(lambda at: function(at, *y), at)]
    close(prime(at, *y), elementwise_grad(formula)(at, *y), rtol=rtol)
    close(prime(at, *y), pushed, rtol=rtol)


# Activations ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "expected"), [("sigmoid", 0.25), ("tanh", 1.0), ("identity", 1.0)])
def test_smooth_activations_at_zero(name, expected):
    # A function written in two branches can lose its derivative exactly where they meet.
    sigma, sigma_prime = ACTIVATIONS[name]
    assert sigma_prime(0.0) == expected
    assert np.imag(sigma(np.array([[1j * STEP]]))) / STEP == pytest.approx(expected)


@pytest.mark.parametrize("z", [0.0, -0.0, 1e-17, -1e-17])
def test_a_push_downwards_is_seen_near_zero_too(z):
    # There e^(−|z|) rounds to 1, and which of the two branches is the larger cannot be told from the real part.
    for sign in (1, -1):
        pushed = np.array([complex(z, sign * STEP)])
        assert np.imag(functions.sigmoid(pushed)) / STEP == pytest.approx(sign * 0.25)
        assert np.imag(functions.sigmoid_cross_entropy(pushed[None], 1)) / STEP == pytest.approx(-sign * 0.5)


def test_sigmoid_at_the_end_of_the_floats_and_relu_at_its_kink_where_its_derivative_is_0_by_convention():
    ends, kink = [-np.inf, -1.7e308, 1.7e308, np.inf], np.array([[-1.0, -0.0, 0.0, 1e-300]])
    same(functions.sigmoid(ends), [0, 0, 1, 1])
    same(functions.sigmoid_prime(ends), 0)
    same(functions.relu(kink), [[0, 0, 0, 1e-300]])
    same(functions.relu_prime(kink), [[0, 0, 0, 1]])


@pytest.mark.parametrize("name", NEURON_BY_NEURON)
@pytest.mark.parametrize("shape", [(), (3,), (3, 4), (2, 3, 4)])
def test_neuron_by_neuron_means_any_shape(name, shape):
    for function in ACTIVATIONS[name]:
        assert np.shape(function(np.full(shape, 0.5))) == shape


# At ±1000 a warning would be an error here (see pyproject.toml), so the exact limits say everything.
FAR_OUT = {
    "sigmoid": ([0, 1], [0, 0]),
    "tanh": ([-1, 1], [0, 0]),
    "relu": ([0, 1000], [0, 1]),
    "identity": ([-1000, 1000], [1, 1]),
}


@pytest.mark.parametrize("name", NEURON_BY_NEURON)
def test_activations_far_out(name):
    (sigma, sigma_prime), (values, primes) = ACTIVATIONS[name], FAR_OUT[name]
    z = np.array([[-1000.0, 1000.0]])
    same(sigma(z), [values])
    same(sigma_prime(z), [primes])
    same(np.imag(sigma(z + 1j * STEP)) / STEP, [primes])


def test_sigmoid_and_tanh_prime_keep_their_digits_where_saturated():
    # σ(z)(1 − σ(z)) and 1 − tanh²(z) are 0 from z = 37 and z = 19 on. The truth, with t = e^(−|z|): the series
    # t/(1 + t)² = t − 2t² + … and 1 − tanh²(z) = 4t²/(1 + t²)² = 4t² − 8t⁴ + …, two terms of which are exact here.
    z = np.array([[-700.0, -300, -40, -20, 20, 40, 300, 700]])
    t = np.exp(-np.abs(z))
    close(functions.sigmoid_prime(z), t - 2 * t**2, rtol=1e-15)
    z = z / 2
    t = np.exp(-np.abs(z))
    close(functions.tanh_prime(z), 4 * t**2 - 8 * t**4, rtol=1e-13)
    assert functions.sigmoid_prime(z).min() > 0
    assert functions.tanh_prime(z).min() > 0


def test_the_sentinel_trap_a_sigmoid_written_with_abs_has_no_complex_step():
    def sigmoid_with_abs(z):
        t = np.exp(-np.abs(z))  # |z + ih| is a real number: the push is lost without a word
        return np.where(np.real(z) >= 0, 1, t) / (1 + t)

    z = np.array([[-2.0, 0.0, 1.3]])
    close(sigmoid_with_abs(z), functions.sigmoid(z))  # the same values …
    same(np.imag(sigmoid_with_abs(z + 1j * STEP)), 0)  # … and the derivative 0
    close(np.imag(functions.sigmoid(z + 1j * STEP)) / STEP, functions.sigmoid_prime(z))


# Softmax: its derivative is a table, [k, j, sample] -------------------------------------------------------------------


def test_softmax_columns_are_probabilities():
    for z in (Z, FAR, np.zeros((5, 2))):
        a = functions.softmax(z)
        close(a.sum(axis=0), 1, rtol=1e-15)
        assert a.min() >= 0
    same(functions.softmax(FAR), [[1, 0.5, 0.5], [0, 0.5, 0.5]])


def test_softmax_prime_is_what_the_complex_step_and_autograd_find():
    table = functions.softmax_prime(Z)
    assert table.shape == (3, 3, 4)
    close(table, np.stack(by_each_row(functions.softmax, Z), axis=1), rtol=1e-12)
    for sample in range(Z.shape[1]):
        found = jacobian(ACTIVATION_FORMULAS["softmax"])(Z[:, sample])
        close(table[:, :, sample], found, rtol=1e-12)
    same(functions.softmax_prime(FAR)[:, :, 0], 0)
    same(functions.softmax_prime(FAR)[:, :, 1], [[0.25, -0.25], [-0.25, 0.25]])


# Costs ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("a", "cost", "by_cross_entropy", "by_log_likelihood"),
    [
        ([[1], [0]], 0, [[-1], [1]], [[-1], [0]]),  # 0 ln 0 is 0
        ([[0], [1]], np.inf, [[-np.inf], [np.inf]], [[-np.inf], [0]]),  # a target that is given no chance, no warning
    ],
)
def test_the_logarithm_of_zero(a, cost, by_cross_entropy, by_log_likelihood):
    a, y = np.array(a, float), np.array([[1.0], [0.0]])
    for name, prime in (("cross_entropy", by_cross_entropy), ("log_likelihood", by_log_likelihood)):
        same(COSTS[name][0](a, y), [[cost]])
        same(COSTS[name][1](a, y), prime)


# The two costs computed from z ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("output", "cost"), COSTS_FROM_Z)
@pytest.mark.parametrize("z", [Z, FAR, np.zeros((2, 1))], ids=["ordinary", "far out", "zero"])
def test_cost_from_z_is_cost_from_a_where_both_are_accurate_and_has_the_derivative_a_minus_y(output, cost, z):
    close(COSTS_FROM_Z[output, cost](Z, Y), COSTS[cost][0](ACTIVATIONS[output][0](Z), Y), rtol=1e-11)
    # ∂C_x/∂z = a − y for both pairs. Zero is where the two branches of a stable formula meet, and where every network
    # with parameters of 0 begins.
    y = np.zeros_like(z)
    y[0] = 1
    found = np.vstack(by_each_row(lambda z: COSTS_FROM_Z[output, cost](z, y), z))
    close(found, ACTIVATIONS[output][0](z) - y, rtol=1e-12, atol=1e-15)


def test_cost_from_z_far_out():
    y = np.array([[1.0, 1, 0], [0, 0, 1]])
    close(functions.sigmoid_cross_entropy(FAR, y), [[0, 1000, 1000]])
    close(functions.softmax_log_likelihood(FAR, y), [[0, np.log(2), np.log(2)]])
    close(functions.softmax_log_likelihood(FAR, 1 - y), [[2000, np.log(2), np.log(2)]])
    # The wrong answer costs |z|, where the detour through a has long become infinite.
    assert functions.cross_entropy(functions.sigmoid(FAR), 1 - y)[0, 0] == np.inf


# Behind the door: anyone's numbers -----------------------------------------------------------------------------------

SMALL = np.array([[1, 0], [0, 1], [1, 1]])
DTYPES = ["bool", "uint8", "int8", "uint64", "float16", "float32", "list"]


def of(dtype, table):
    return table.tolist() if dtype == "list" else table.astype(dtype)


# guards: integers that wrap around, as −uint8 does, and squares in eight bits
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("name", EVERY)
def test_numbers_of_every_kind_give_what_floats_give(name, dtype):
    for prime, inner in zip(("", "_prime"), (ACTIVATIONS | COSTS)[name], strict=True):
        given = [SMALL] if name in ACTIVATIONS else [SMALL, 1 - SMALL]
        door = getattr(bp, name + prime)
        same(door(*(of(dtype, table) for table in given)), inner(*(table.astype(float) for table in given)))


def test_uint8_is_not_squared_in_eight_bits_and_complex_numbers_pass():
    same(bp.quadratic(np.array([[20]], np.uint8), np.array([[0]], np.uint8)), [[200]])
    for name in NEURON_BY_NEURON:
        found = np.imag(getattr(bp, name)(Z + 1j * STEP)) / STEP
        close(found, getattr(bp, f"{name}_prime")(Z), rtol=1e-11)
    close(
        np.imag(bp.quadratic(A + 1j * STEP, Y)) / STEP, bp.quadratic_prime(A, Y).sum(axis=0, keepdims=True), atol=1e-15
    )


def test_what_is_no_number_stays_none():
    for name in NEURON_BY_NEURON[:3]:
        assert np.isnan(getattr(bp, name)(np.nan))
        assert np.isnan(getattr(bp, f"{name}_prime")(np.nan))
    assert pickle.loads(pickle.dumps(bp.sigmoid)) is bp.sigmoid
