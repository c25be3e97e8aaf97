"""The four equations against their sums over indices, and the sentences they answer a wrong shape with."""

import re
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bpcourse import Network, backprop, bias_gradient, hidden_error, output_error, tables, weight_gradient
from bpcourse.network import equations

repeatable = settings(deadline=None, derandomize=True)
SIZE, BATCH, SEED = st.integers(1, 6), st.integers(1, 5), st.integers(0, 2**32 - 1)


# The equations, neuron by neuron as they stand in the book -----------------------------------------------------------

INDEX_BY_INDEX = {  # a letter for each index, s for the sample: what is on the left only is summed over
    output_error: "js,js->js",
    hidden_error: "kj,ks,js->js",
    bias_gradient: "js->j",
    weight_gradient: "ks,js->jk",
}


@pytest.mark.parametrize("equation", INDEX_BY_INDEX)
@settings(deadline=None, derandomize=True)
@given(st.integers(1, 6), st.integers(1, 6), st.integers(1, 5), st.integers(0, 2**32 - 1))
def test_each_equation_is_its_sum_over_the_indices_and_leaves_its_arguments_alone(equation, j, k, s, seed):
    random, indices, sizes = np.random.default_rng(seed), INDEX_BY_INDEX[equation], {"j": j, "k": k, "s": s}
    given, _, result = indices.partition("->")
    tables = [random.normal(size=[sizes[index] for index in table]) for table in given.split(",")]
    before = [table.copy() for table in tables]
    expected = np.einsum(indices, *tables).reshape(j, -1) / (1 if "s" in result else s)  # of a gradient, the mean
    found = equation(*tables)
    assert found.shape == expected.shape
    # The absolute part allows for the rounding of a sum whose terms cancel.
    np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-14)
    np.testing.assert_equal(tables, before)


# Lists and integers --------------------------------------------------------------------------------------------------


def test_lists_and_integers_are_numbers_too():
    np.testing.assert_array_equal(output_error([[1], [2]], [[3], [4]]), [[3], [8]])
    np.testing.assert_array_equal(hidden_error([[1, 2]], [[3]], [[1], [5]]), [[3], [30]])
    np.testing.assert_array_equal(bias_gradient([[1, 2], [3, 5]]), [[1.5], [4]])
    np.testing.assert_array_equal(weight_gradient([[1], [2], [3]], [[4], [5]]), [[4, 8, 12], [5, 10, 15]])
    for dtype in (np.uint8, np.int16, np.float32, bool):
        # In uint8, 16 · 16 would be 0: every table becomes one of floats first.
        big = np.array([[16]]).astype(dtype)
        assert output_error(big, big)[0, 0] == float(big[0, 0]) ** 2


# backprop uses the lines behind these doors: see also test_network ----------------------------------------------------


def test_what_comes_in_is_checked_once_and_what_backprop_made_itself_is_not(monkeypatch):
    net, checked = Network([3, 4, 2]), []
    monkeypatch.setattr(tables, "table", lambda name, value, *shape: checked.append(name) or np.asarray(value))
    monkeypatch.setattr(equations, "table", lambda name, value: pytest.fail(f"{name} was checked again"))
    backprop(net, np.ones((3, 5)), np.ones((2, 5)))
    assert checked == ["x", "y"]


# Wrong shapes: the message names both --------------------------------------------------------------------------------

WRONG_SHAPES = [
    (output_error, [(2, 1), (3, 1)], "nabla_a_C has shape (2, 1) and sigma_prime_z has (3, 1); they must be the same"),
    (output_error, [(2, 1), (2, 5)], "nabla_a_C has shape (2, 1) and sigma_prime_z has (2, 5); they must be the same"),
    (hidden_error, [(2, 4), (3, 1), (4, 1)], "w_next has 2 rows, so delta_next must have 2 rows; it has 3"),
    (hidden_error, [(2, 4), (2, 1), (3, 1)], "w_next has 4 columns, so z must have 4 rows; it has 3"),
    (hidden_error, [(2, 4), (2, 1), (4, 5)], "delta_next has 1 columns (samples) and z has 5"),
    (weight_gradient, [(3, 1), (4, 5)], "a_previous has 1 columns (samples) and delta has 5"),
    (
        weight_gradient,
        [(2, 5), (5, 4)],
        "a_previous has 5 columns (samples) and delta has 4; give a_previous first, then delta, neither transposed",
    ),
]


@pytest.mark.parametrize(("equation", "shapes", "sentence"), WRONG_SHAPES)
def test_a_wrong_shape_is_named_with_the_one_it_should_fit(equation, shapes, sentence):
    with pytest.raises(ValueError, match=f"^{re.escape(sentence)}$"):
        equation(*map(np.ones, shapes))


def test_swapped_arguments_give_the_transpose_and_named_ones_may_stand_in_any_order():
    """As the docstring and notebook 05 say: the shapes of the two cannot tell which is which."""
    a, delta = np.arange(12.0).reshape(4, 3), np.arange(6.0).reshape(2, 3)
    np.testing.assert_allclose(weight_gradient(delta, a), weight_gradient(a, delta).T)
    np.testing.assert_array_equal(weight_gradient(delta=delta, a_previous=a), weight_gradient(a, delta))


def is_refused(equation, *shapes):
    """Whether the equation raises a ValueError; anything else it raises is raised here too."""
    try:
        equation(*map(np.ones, shapes))
    except ValueError:
        return True
    return False


SHAPES = list(product((1, 2, 3), repeat=2))


def test_nothing_is_ever_broadcast():
    # Every combination of small shapes, the 1s that numpy would stretch among them: only those that fit may pass.
    for a, b in product(SHAPES, SHAPES):
        assert is_refused(output_error, a, b) == (a != b), (a, b)
        assert is_refused(weight_gradient, a, b) == (a[1] != b[1]), (a, b)
    for w, delta, z in product(SHAPES, SHAPES, SHAPES):
        fits = w[0] == delta[0] and w[1] == z[0] and delta[1] == z[1]
        assert is_refused(hidden_error, w, delta, z) != fits, (w, delta, z)


# What is no table at all ---------------------------------------------------------------------------------------------

# Each equation with arguments that fit, so that a bad one can be put in each place in turn.
GOOD = [
    (output_error, {"nabla_a_C": np.ones((2, 1)), "sigma_prime_z": np.ones((2, 1))}),
    (hidden_error, {"w_next": np.ones((2, 2)), "delta_next": np.ones((2, 1)), "sigma_prime_z": np.ones((2, 1))}),
    (bias_gradient, {"delta": np.ones((2, 1))}),
    (weight_gradient, {"a_previous": np.ones((2, 1)), "delta": np.ones((2, 1))}),
]
PLACES = [pytest.param(f, good, name, id=f"{f.__name__}-{name}") for f, good in GOOD for name in good]


WITHOUT_ROWS = dict.fromkeys([(), (2,), (2, 1, 1)], r"must have shape \(n, 1\).*it has")
EMPTY = dict.fromkeys([(0, 1), (2, 0), (0, 0)], "is empty: its shape is")


@pytest.mark.parametrize(("equation", "good", "name"), PLACES)
@pytest.mark.parametrize(("shape", "sentence"), (WITHOUT_ROWS | EMPTY).items(), ids=str)
def test_a_table_without_rows_and_columns_or_numbers_is_refused(equation, good, name, shape, sentence):
    with pytest.raises(ValueError, match=rf"^{name} {sentence} {re.escape(str(shape))}$"):
        equation(**{**good, name: np.ones(shape)})


NOT_NUMBERS = {
    "word": "abc",
    "words": [["a"], ["b"]],
    "digits in quotes": [["1"], ["2"]],  # numpy would read them as numbers
    "None": None,
    "Nones": [[None], [None]],  # numpy would read them as nan
    "ragged": [[1], [2, 3]],
    "complex list": [[1j], [2]],
    "complex array": np.array([[1j], [2]]),  # numpy would drop the imaginary part
    "dictionary": {"a": 1},
}


@pytest.mark.parametrize(("equation", "good", "name"), PLACES)
@pytest.mark.parametrize("value", NOT_NUMBERS.values(), ids=NOT_NUMBERS)
def test_what_is_not_made_of_numbers_is_refused(equation, good, name, value):
    with pytest.raises((TypeError, ValueError), match=f"^{name} must "):
        equation(**{**good, name: value})
