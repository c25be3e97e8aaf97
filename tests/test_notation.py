"""The expressions: what is written, what it comes to, and what it reads."""

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import bpcourse as bp
from bpcourse import derivations
from bpcourse.derivations import BP1, BP2
from bpcourse.notation import Partial, Sum, Symbol, a, delta, j, k, l, sigma_prime, w, y, z

birds = bp.penguins()
net = bp.Network([3, 4, 2], seed=38)
trace = bp.backprop(net, birds.x[:, [128]], birds.y[:, [128]])


def test_bp2_is_the_source_page_s_example():
    here = BP2.at(net.sizes, l=2, j=3)
    assert BP2.latex() == (
        r"\delta^{l}_{j} = \left(\sum_{k} w^{l+1}_{kj} \, \delta^{l+1}_{k}\right) \, \sigma' (z^{l}_{j})"
    )
    assert here.latex() == (
        r"\delta^{2}_{3} = (w^{3}_{13} \, \delta^{3}_{1} + w^{3}_{23} \, \delta^{3}_{2}) \, \sigma' (z^{2}_{3})"
    )
    assert here.latex(trace) == r"(0.173 \cdot (-0.133) + (-0.709) \cdot 0.148) \cdot 0.249 = -0.032"
    assert here.parts() == ("neuron-2-3", "edge-3-1-3", "neuron-3-1", "edge-3-2-3", "neuron-3-2")


def test_signs_and_fences_are_where_mathematics_wants_them():
    error = derivations.BP1_QUADRATIC.at(net.sizes, L=3, j=1)
    assert error.latex() == r"\delta^{3}_{1} = (a^{3}_{1} - y_{1}) \, \sigma' (z^{3}_{1})"
    assert error.latex(trace) == r"(0.468 - 1.000) \cdot 0.249 = -0.133"
    assert (a[3, 1] + b_term()).latex() == r"a^{3}_{1} + b^{3}_{1}"
    assert (a[3, 1] - y[3, 1]).latex(trace) == "0.468 - 1.000"
    assert BP1.latex() == r"\delta^{L}_{j} = \frac{\partial C_{x}}{\partial a^{L}_{j}} \, \sigma' (z^{L}_{j})"


def b_term():
    return Symbol("b")[3, 1]


def test_a_sum_of_one_term_is_the_term():
    narrow = bp.Network([2, 3, 1], seed=1)
    written = BP2.at(narrow.sizes, l=2, j=2).latex()
    assert written == r"\delta^{2}_{2} = w^{3}_{12} \, \delta^{3}_{1} \, \sigma' (z^{2}_{2})"


SIZES = st.lists(st.integers(1, 5), min_size=2, max_size=5)


@settings(deadline=None, derandomize=True, max_examples=60)
@given(SIZES, st.integers(0, 1000), st.integers(1, 3), st.sampled_from(["sigmoid", "tanh", "identity"]))
def test_each_equation_s_two_sides_agree_on_any_network(sizes, seed, samples, activation):
    any_net = bp.Network(sizes, activation, seed=seed)
    random = np.random.default_rng(seed)
    any_trace = bp.backprop(any_net, random.normal(size=(sizes[0], samples)), random.normal(size=(sizes[-1], samples)))
    for layer in any_net.w:
        for neuron in range(1, sizes[layer - 1] + 1):
            equations = [derivations.WEIGHTED_INPUT, derivations.ACTIVATION, derivations.SLOPE]
            equations += [BP1, derivations.BP1_QUADRATIC] if layer == any_net.L else [BP2]
            for equation in equations:
                left, right = equation.at(sizes, l=layer, L=any_net.L, j=neuron).members
                np.testing.assert_allclose(left.value(any_trace), right.value(any_trace), rtol=1e-9, atol=1e-12)


def test_a_wrong_index_does_not_agree():
    wrong = delta[l, j] == Sum(k, l + 1)(w[l + 1, k, j] * delta[l + 1, k]) * sigma_prime(z[l, j - 1])
    left, right = wrong.at(net.sizes, l=2, j=3).members
    assert abs(left.value(trace) - right.value(trace)) > 1e-3


def test_a_partial_derivative_knows_nothing_of_the_equations(monkeypatch):
    monkeypatch.setattr(bp.network, "hidden_error", None)
    monkeypatch.setattr(bp.network, "output_error", None)
    by_definition = Partial((z[2, 3],)).value(trace)
    np.testing.assert_allclose(by_definition, trace.delta[2][2], rtol=1e-12)


def test_mathml_has_a_slot_for_every_number_and_is_well_formed():
    from xml.etree import ElementTree

    here = BP2.at(net.sizes, l=2, j=3)
    slots = re.findall(r'data-slot="([^"]+)"', here.mathml(numbers=True))
    assert slots == ["w-3-1-3", "delta-3-1", "w-3-2-3", "delta-3-2", "sigma_prime-2-3", "delta-2-3"]
    for text in (BP1.mathml(), BP2.mathml(), here.mathml(), here.mathml(numbers=True).replace(" data-fence", "")):
        ElementTree.fromstring(f"<math>{text}</math>")
    assert "data-slot" not in here.mathml()


def test_the_first_layer_s_activation_is_written_x():
    assert a[1, 2].at(net.sizes).latex() == "x_{2}"
    assert a[2, 2].at(net.sizes).latex() == "a^{2}_{2}"


def test_a_sum_over_a_layer_that_is_not_there():
    with pytest.raises(IndexError, match="neurons of layer 4; the layers are 1 to 3"):
        BP2.at(net.sizes, l=3, j=1)


def test_an_index_that_is_not_put_in_yet_is_named():
    with pytest.raises(ValueError, match="δlj can be computed once l has a value"):
        BP2.members[0].value(trace)
    with pytest.raises(IndexError, match="δ³₃"):
        delta[3, 3].value(trace)
    with pytest.raises(IndexError, match="δ¹₁"):
        delta[1, 1].value(trace)
