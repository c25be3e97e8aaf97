"""The judge, judged: each kind of partial derivative against its formula written by hand."""

import ast
import inspect
import re
from contextlib import suppress
from itertools import product

import numpy as np
import pytest

import bpcourse as bp
from bpcourse import numeric
from bpcourse.numeric import CENTRAL, COMPLEX_STEP, METHODS, partial

NET = bp.Network([3, 4, 2], seed=1)
X = np.array([[0.5, -1.0], [0.3, 2.0], [-0.7, 0.1]])
TRACE = bp.backprop(NET, X, [[1.0, 0.0], [0.0, 0.5]])


def close(found, expected, rtol=1e-12):
    np.testing.assert_allclose(found, expected, rtol=rtol, atol=1e-15)


# By hand: one neuron of the output, one of the hidden layer, one of the input, at two samples -------------------------

k, j, i = 2, 3, 1  # as the book counts
(W2, W3), (X_I,) = (NET.w[2], NET.w[3]), X[[i - 1]]
A2, A3 = TRACE.a[2], TRACE.a[3]
S2, S3 = A2 * (1 - A2), A3 * (1 - A3)  # σ′ of the sigmoid, from a
A2_J, S2_J, S3_K = A2[j - 1], S2[j - 1], S3[k - 1]
W3_KJ, W2_JI = W3[k - 1, j - 1], W2[j - 1, i - 1]
E = A3 - TRACE.y  # ∂C/∂a³
E_K = E[k - 1]
# ∂C/∂a²_j: down every road from neuron j to the cost, that is, through both output neurons.
ROADS = sum(E[q] * S3[q] * W3[q, j - 1] for q in range(2))

BY_HAND = {
    # every symbol by the weighted input
    (("z", 3, k), ("z", 2, j)): W3_KJ * S2_J,
    (("a", 2, j), ("z", 2, j)): S2_J,
    (("a", 3, k), ("z", 2, j)): S3_K * W3_KJ * S2_J,
    (("C",), ("z", 2, j)): ROADS * S2_J,
    (("C",), ("z", 3, k)): E_K * S3_K,
    # by the activation
    (("z", 3, k), ("a", 2, j)): W3_KJ,
    (("z", 2, j), ("a", 1, i)): W2_JI,
    (("a", 3, k), ("a", 2, j)): S3_K * W3_KJ,
    (("C",), ("a", 2, j)): ROADS,
    (("C",), ("a", 3, k)): E_K,
    # by a weight
    (("z", 2, j), ("w", 2, j, i)): X_I,
    (("z", 3, k), ("w", 3, k, j)): A2_J,
    (("z", 3, k), ("w", 2, j, i)): W3_KJ * S2_J * X_I,
    (("a", 2, j), ("w", 2, j, i)): S2_J * X_I,
    (("C",), ("w", 2, j, i)): ROADS * S2_J * X_I,
    (("C",), ("w", 3, k, j)): E_K * S3_K * A2_J,
    # by a bias
    (("z", 2, j), ("b", 2, j)): 1,
    (("z", 3, k), ("b", 2, j)): W3_KJ * S2_J,
    (("a", 3, k), ("b", 3, k)): S3_K,
    (("C",), ("b", 2, j)): ROADS * S2_J,
    (("C",), ("b", 3, k)): E_K * S3_K,
    # a quantity by itself
    (("z", 2, j), ("z", 2, j)): 1,
    (("a", 2, j), ("a", 2, j)): 1,
    # what does not listen: another neuron of the layer, another neuron's weight, an earlier layer
    (("a", 3, 1), ("z", 3, k)): 0,
    (("z", 2, 1), ("z", 2, j)): 0,
    (("z", 3, 1), ("w", 3, k, j)): 0,
    (("z", 3, 1), ("b", 3, k)): 0,
    (("z", 2, j), ("a", 2, j)): 0,
    (("z", 2, j), ("z", 3, k)): 0,
    (("a", 1, i), ("w", 2, j, i)): 0,
}


@pytest.mark.parametrize(("of", "by"), BY_HAND, ids=str)
def test_partial_by_hand_and_by_both_methods(of, by):
    found = partial(TRACE, of, by)
    assert found.shape == (1, 2)
    close(found[0], BY_HAND[of, by])
    np.testing.assert_allclose(partial(TRACE, of, by, CENTRAL), found, atol=1e-9)


def test_by_hand_covers_each_symbol_by_each_symbol():
    assert {(of[0], by[0]) for of, by in BY_HAND} == set(product("Cza", "zawb"))


# Other networks ------------------------------------------------------------------------------------------------------


def test_softmax_neurons_listen_to_each_other():
    net = bp.Network([3, 4, 2], "tanh", "softmax", "log_likelihood")
    trace = bp.backprop(net, X, [[1, 0], [0, 1]])
    a = trace.a[3]
    close(partial(trace, ("a", 3, 1), ("z", 3, 2)), [-a[0] * a[1]])
    close(partial(trace, ("a", 3, 1), ("z", 3, 1)), [a[0] * (1 - a[0])])
    close(partial(trace, ("C",), ("a", 3, 1)), [-trace.y[0] / a[0]])
    close(numeric.delta(trace, 3), a - trace.y)


def test_cross_entropy_by_an_output_is_not_by_its_z():
    # This cost is computed from z; asked for ∂C/∂a, numeric must push a.
    trace = bp.backprop(bp.Network([3, 4, 2], cost="cross_entropy"), X, [[1, 0], [0, 1]])
    a, y = trace.a[3], trace.y
    close(partial(trace, ("C",), ("a", 3, 2)), [(a[1] - y[1]) / (a[1] * (1 - a[1]))])
    close(partial(trace, ("C",), ("z", 3, 2)), [a[1] - y[1]])
    with suppress(TypeError, ValueError):  # a quantity named by a list may be refused, but not misread
        close(partial(trace, ("C",), ["a", 3, 2]), partial(trace, ("C",), ("a", 3, 2)))


def test_a_network_of_zeros():
    # z = 0 exactly is where the branches of a stable sigmoid meet: a − y = 0.5 − y there, whatever the method.
    zeros = bp.Network.from_parameters({2: [[0, 0]]}, {2: [[0]]}, cost="cross_entropy")
    trace = bp.backprop(zeros, [[1], [2]], [[1]])
    for method in METHODS:
        close(numeric.delta(trace, 2, method), [[-0.5]], rtol=1e-8)


@pytest.mark.parametrize("method", METHODS)
def test_delta_and_gradient_collect_the_partials(method):
    grad_b, grad_w = numeric.gradient(NET, X, TRACE.y, method)
    assert list(grad_b) == list(grad_w) == [2, 3]
    for l in (2, 3):
        delta = numeric.delta(TRACE, l, method)
        assert (delta.shape, grad_b[l].shape, grad_w[l].shape) == (TRACE.z[l].shape, NET.b[l].shape, NET.w[l].shape)
        for row, column in np.ndindex(NET.w[l].shape):
            by_w = partial(TRACE, ("C",), ("w", l, row + 1, column + 1), method)
            assert grad_w[l][row, column] == by_w.mean()
        for row in range(len(delta)):
            assert grad_b[l][row, 0] == partial(TRACE, ("C",), ("b", l, row + 1), method).mean()
            np.testing.assert_array_equal(delta[[row]], partial(TRACE, ("C",), ("z", l, row + 1), method))


def test_the_step_is_the_one_that_is_asked_for():
    # Central differences with a step of 0.5 are visibly wrong; the complex step has no such trade-off down to 1e-300.
    of, by = ("a", 2, j), ("z", 2, j)
    z = TRACE.z[2][j - 1]
    close(partial(TRACE, of, by, CENTRAL, step=0.5)[0], bp.sigmoid(z + 0.5) - bp.sigmoid(z - 0.5))
    close(partial(TRACE, of, by, COMPLEX_STEP, step=1e-300)[0], S2_J)


# Refusals ------------------------------------------------------------------------------------------------------------

C, Z = ("C",), ("z", 2, 1)
UNKNOWN_OF = [("y", 3, 1), ("w", 2, 1, 1), ("C", 1), ("za", 2, 1)]  # two letters at once are a symbol of nothing
UNKNOWN_BY = [("C",), ("w", 2, 1), ("z", 2), ("za", 2, 1), ("", 2, 1)]
REFUSED = [
    *((of, Z, ValueError, f"`of` must be one of C, z, a with its indices; it is {of}") for of in UNKNOWN_OF),
    *((C, by, ValueError, f"`by` must be one of z, a, w, b with its indices; it is {by}") for by in UNKNOWN_BY),
    (C, ("z", 1, 1), IndexError, "there is no z¹₁: z exists in the layers 2 to 3"),
    (C, ("b", 1, 1), IndexError, "there is no b¹₁: b exists in the layers 2 to 3"),
    (("a", 4, 1), Z, IndexError, "there is no a⁴₁: a exists in the layers 1 to 3"),
    (C, ("a", 0, 1), IndexError, "there is no a⁰₁: a exists in the layers 1 to 3"),
    (("z", 3, 3), Z, IndexError, "there is no z³₃: layer 3 has the neurons 1 to 2"),
    (C, ("z", 2, 0), IndexError, "there is no z²₀: layer 2 has the neurons 1 to 4"),
    (C, ("w", 2, 5, 1), IndexError, "there is no w²₅₁: layer 2 has the neurons 1 to 4"),
    (C, ("w", 2, 4, 4), IndexError, "there is no w²₄₄: layer 1 has the neurons 1 to 3"),
]


@pytest.mark.parametrize(("of", "by", "error", "sentence"), REFUSED)
def test_what_is_not_there_is_refused_with_a_sentence(of, by, error, sentence):
    with pytest.raises(error, match=f"^{re.escape(sentence)}$"):
        partial(TRACE, of, by, CENTRAL)


def test_an_unknown_method_and_the_cost_of_a_trace_of_forward_alone_are_refused():
    with pytest.raises(ValueError, match=r"^method must be one of complex step, central; it is 'forward'$"):
        partial(TRACE, C, Z, "forward")
    with pytest.raises(ValueError, match=r"^a trace of forward alone has no cost; take one of backprop\(net, x, y\)$"):
        partial(bp.forward(NET, X), C, Z)
    close(partial(bp.forward(NET, X), ("z", 3, k), ("z", 2, j))[0], BY_HAND[("z", 3, k), ("z", 2, j)])
    with pytest.raises(IndexError, match=r"^there is no z¹: "):
        numeric.delta(TRACE, 1)


# A judge who asks the accused is no judge ----------------------------------------------------------------------------


def what_it_knows_of_backprop(source):
    """The names in `source` that belong to backpropagation: equations, σ′, errors, and anything from other modules."""
    nodes = [*ast.walk(ast.parse(source))]
    names = {node.attr for node in nodes if isinstance(node, ast.Attribute)}
    names |= {node.name for node in nodes if isinstance(node, ast.alias)}
    names |= {node.module for node in nodes if isinstance(node, ast.ImportFrom)}
    forbidden = {"backprop", "delta", "grad_b", "grad_w", "equations", "bpcourse", "bpcourse.network.equations"}
    forbidden |= {"output_error", "hidden_error", "bias_gradient", "weight_gradient"}
    return {name for name in names if name in forbidden or name.endswith("_prime")}


def test_numeric_knows_nothing_of_backprop():
    assert not what_it_knows_of_backprop(inspect.getsource(numeric))


@pytest.mark.parametrize(
    "line",
    [
        "from bpcourse.network.equations import hidden_error",
        "from bpcourse.network import backprop",
        "import bpcourse",
        "from bpcourse import equations",
        "from bpcourse.network.functions import sigmoid_prime as s",
        "trace.delta[2]",
        "net.sigma_prime(2)",
    ],
)
def test_a_judge_who_asks_is_found_out(line):
    assert what_it_knows_of_backprop(f"{inspect.getsource(numeric)}\n{line}\n")
