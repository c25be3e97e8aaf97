"""The expressions: what is written, what it comes to, what it reads, and what they say when they cannot."""

import re
import sys
from xml.etree import ElementTree

import numpy as np
import pytest

import bpcourse as bp
from bpcourse import proofs as derivations
from bpcourse.notation import (
    C,
    C_x,
    Exp,
    Mean,
    Number,
    Same,
    Sum,
    a,
    b,
    delta,
    j,
    k,
    l,
    partial,
    sigma,
    sigma_prime,
    w,
    y,
    z,
)
from bpcourse.notation.typeset import MathML
from bpcourse.proofs import BP1, DERIVATIONS, HIDDEN_ERROR, QUADRATIC_OUTPUT_ERROR
from tests.fitting import fitting

birds = bp.penguins()
net = bp.Network([3, 4, 2], seed=38)
trace = bp.backprop(net, birds.x[:, [128]], birds.y[:, [128]])
LINES = [(d, line) for d in DERIVATIONS for line in d.lines]


def test_bp2_is_the_source_page_s_example():
    assert HIDDEN_ERROR.latex() == (
        r"\delta^{l}_{j} = \left(\sum_{k} w^{l+1}_{kj} \, \delta^{l+1}_{k}\right) \, \sigma' (z^{l}_{j})"
    )
    assert HIDDEN_ERROR.at(net, l=2, j=3).latex() == (
        r"\delta^{2}_{3} = (w^{3}_{13} \, \delta^{3}_{1} + w^{3}_{23} \, \delta^{3}_{2}) \, \sigma' (z^{2}_{3})"
    )
    numbers = r"(0.173 \cdot (-0.133) + (-0.709) \cdot 0.148) \cdot 0.249 = -0.032"
    assert HIDDEN_ERROR.substituted(trace, l=2, j=3) == numbers
    parts = ("neuron-2-3", "edge-3-1-3", "neuron-3-1", "edge-3-2-3", "neuron-3-2")
    assert HIDDEN_ERROR.parts(net, l=2, j=3) == parts


def test_value_is_one_number_a_sample():
    many = bp.backprop(net, birds.x[:, :5], birds.y[:, :5])
    right = HIDDEN_ERROR.members[1]
    np.testing.assert_allclose(right.value(many, l=2, j=3), many.delta[2][2], rtol=1e-12)
    assert right.value(trace, l=2, j=3).shape == (1,)


@pytest.mark.parametrize(
    ("expression", "general"),
    [
        (a[3, 1] - y[3, 1], "a^{3}_{1} - y_{1}"),
        ((a[3, 1] + b[3, 1]) * w[3, 1, 2], r"(a^{3}_{1} + b^{3}_{1}) \, w^{3}_{12}"),
        (w[3, 1, 2] * Sum(k, 3)(delta[3, k]), r"w^{3}_{12} \, \sum_{k} \delta^{3}_{k}"),
        (Sum(k, 3)(delta[3, k]) * w[3, 1, 2], r"\left(\sum_{k} \delta^{3}_{k}\right) \, w^{3}_{12}"),
        (sigma_prime(z[2, 3]), r"\sigma' (z^{2}_{3})"),
        (partial(C_x, a[l, j]), r"\frac{\partial C_{x}}{\partial a^{l}_{j}}"),
        (partial(z[l + 1, k], z[l, j]), r"\frac{\partial z^{l+1}_{k}}{\partial z^{l}_{j}}"),
        (Number(1, 2) * C_x, r"\frac{1}{2} \, C_{x}"),
        (w[l + 1].T @ delta[l + 1], r"(w^{l+1})^{T} \, \delta^{l+1}"),
        ((w[l + 1].T @ delta[l + 1]) * sigma_prime(z[l]), r"((w^{l+1})^{T} \, \delta^{l+1}) \odot \sigma' (z^{l})"),
        (w[l] @ (delta[l] * a[l]), r"w^{l} \, (\delta^{l} \odot a^{l})"),
        (partial(C_x, a[l]) * sigma_prime(z[l]), r"\nabla_{a} C_{x} \odot \sigma' (z^{l})"),
        (partial(C, w[l]), r"\frac{\partial C}{\partial w^{l}}"),
        (Mean(delta[l] @ a[l - 1].T), r"\frac{1}{m} \, \sum_{x} \delta^{l} \, (a^{l-1})^{T}"),
        (sigma(z[l]), r"\sigma (z^{l})"),
        (a[3, 1] - (b[3, 1] + y[3, 1]), "a^{3}_{1} - (b^{3}_{1} + y_{1})"),
        (a[3, 1] - (b[3, 1] - y[3, 1]), "a^{3}_{1} - (b^{3}_{1} - y_{1})"),
        (Sum(k, 3)(a[3, k] - y[3, k]), r"\sum_{k} (a^{3}_{k} - y_{k})"),
        (a[3] - (b[3] + y[3]), "a^{3} - (b^{3} + y)"),
        (Mean(a[3] - y[3]), r"\frac{1}{m} \, \sum_{x} (a^{3} - y)"),
        ((a[3, 1] - y[3, 1]) / a[3, 1] * w[3, 1, 2], r"\frac{a^{3}_{1} - y_{1}}{a^{3}_{1}} \, w^{3}_{12}"),
        (Exp(z[3, k]) / Sum(j, 3)(Exp(z[3, j])), r"\frac{e^{z^{3}_{k}}}{\sum_{j} e^{z^{3}_{j}}}"),
        (a[3, k] * (Same(k, j) - a[3, j]), r"a^{3}_{k} \, (1_{k=j} - a^{3}_{j})"),
        ((a[3, k] * (Same(k, j) - a[3, j])).at(net, k=2, j=2), r"a^{3}_{2} \, (1 - a^{3}_{2})"),
        ((a[3, k] * (Same(k, j) - a[3, j])).at(net, k=2, j=1), r"a^{3}_{2} \, (0 - a^{3}_{1})"),
    ],
)
def test_parentheses_stand_where_mathematics_wants_them(expression, general):
    assert expression.latex() == general


def test_numbers_are_fenced_when_they_are_negative_and_not_first():
    assert QUADRATIC_OUTPUT_ERROR.substituted(trace, j=1) == r"(0.468 - 1.000) \cdot 0.249 = -0.133"
    assert (w[3, 2, 3] * delta[3, 1]).substituted(trace) == r"-0.709 \cdot (-0.133)"


def test_a_sum_of_one_term_is_the_term():
    narrow = bp.Network([2, 3, 1], seed=1)
    written = HIDDEN_ERROR.at(narrow, l=2, j=2).latex()
    assert written == r"\delta^{2}_{2} = w^{3}_{12} \, \delta^{3}_{1} \, \sigma' (z^{2}_{2})"


def test_a_column_is_dotted_in_general_and_written_out_on_a_network():
    column = BP1.lines[6].equation
    assert column.latex().count(r"\\") == 3
    assert r"\vdots" in column.latex()
    assert column.at(net).latex().count(r"\\") == 1
    assert r"\vdots" not in column.at(net).latex()
    assert r"\ddots" in derivations.BP4.lines[4].latex


@pytest.mark.parametrize(("derivation", "line"), LINES)
def test_every_line_is_well_formed_mathml_with_a_slot_for_every_number(derivation, line):
    net = fitting(derivation)
    indices = next(derivation.places(line, net))
    here = line.equation.at(net, **indices)
    for text in (line.equation.mathml(), here.mathml(), here.mathml(numbers=True), *here.pieces(MathML(True))):
        ElementTree.fromstring(f"<math>{text.replace(' data-fence', '')}</math>")
    slots = re.findall(r'data-slot="([^"]+)"', here.mathml(numbers=True))
    assert set(slots) == {atom.slot() for atom in here.atoms()}
    assert "data-slot" not in here.mathml()


def test_a_broken_line_says_the_same_as_an_unbroken_one():
    here = HIDDEN_ERROR.at(net, l=2, j=3)
    for numbers, out in ((False, MathML(False)), (True, MathML(True))):
        whole, pieces = here.mathml(numbers), "".join(here.pieces(out))
        whole = out.operator("=") + whole if numbers else whole  # a broken line of numbers goes on from one above
        rows = r'</?mrow>| form="(prefix|postfix)"'  # a bracket that lost its row says on which side it stands
        assert re.sub(rows, "", whole) == re.sub(rows, "", pieces)


def test_a_partial_derivative_knows_nothing_of_the_equations(monkeypatch):
    for equation in ("bp1", "bp2", "bp3", "bp4"):
        monkeypatch.setattr(sys.modules["bpcourse.network.backprop"], equation, None)
    np.testing.assert_allclose(partial(C_x, z[2, 3]).value(trace), trace.delta[2][2], rtol=1e-12)


def test_a_wrong_index_does_not_agree():
    wrong = Sum(k, l + 1)(w[l + 1, k, j] * delta[l + 1, k]) * sigma_prime(z[l, j - 1])
    assert abs(wrong.value(trace, l=2, j=3) - trace.delta[2][2]) > 1e-3


def test_the_first_layer_s_activation_is_written_x():
    assert a[1, 2].at(net).latex() == "x_{2}"
    assert a[2, 2].at(net).latex() == "a^{2}_{2}"
    assert (w[2] @ a[1]).at(net).latex() == r"w^{2} \, x"


@pytest.mark.parametrize(
    ("expression", "error", "sentence"),
    [
        (sigma_prime(z[3, 3]), IndexError, "there is no z³₃: layer 3 has the neurons 1 to 2"),
        (delta[1, 2], IndexError, "there is no δ¹₂: δ exists in the layers 2 to 3"),
        (delta[4, 1], IndexError, "there is no δ⁴₁: δ exists in the layers 2 to 3"),
        (w[3, 1, 5], IndexError, "there is no w³₁₅: layer 2 has the neurons 1 to 4"),
        (w[1, 1, 1], IndexError, "there is no w¹₁₁: w exists in the layers 2 to 3"),
        (partial(C_x, z[2, 9]), IndexError, "there is no z²₉: layer 2 has the neurons 1 to 4"),
        (Same(k, 1), ValueError, "whether k = 1 is known once both have a value"),
        (delta[2, j], ValueError, "δ²ⱼ can be computed once j has a value"),
        (delta[l, 3], ValueError, "δˡ₃ can be computed once l has a value"),
        (delta[l], ValueError, "δ of a layer can be computed once l has a value"),
        (delta[5], IndexError, "there is no δ⁵: δ exists in the layers 2 to 3"),
        (Sum(k, l + 1)(delta[l + 1, k]), ValueError, "the sum over k can be computed once l has a value"),
        (Sum(k, 4)(delta[4, k]), IndexError, "a sum runs over the neurons of layer 4; the layers are 1 to 3"),
    ],
)
def test_what_cannot_be_computed_is_named_as_a_reader_writes_it(expression, error, sentence):
    with pytest.raises(error, match=f"^{re.escape(sentence)}"):
        expression.value(trace)


def test_the_value_of_a_square_and_of_a_mean():
    flock = bp.backprop(net, birds.x[:, :7], birds.y[:, :7])
    np.testing.assert_allclose(((a[3, 1] - y[3, 1]) ** 2).value(flock), (flock.a[3][0] - flock.y[0]) ** 2)
    mean = Mean(delta[2]).at(net).compute(flock)
    np.testing.assert_allclose(mean[:, 0, 0], flock.delta[2].mean(axis=1))


@pytest.mark.parametrize(("wrong", "said"), [((z[3, 1],), "it is \\(Leaf"), ("z", "it is 'z'"), (None, "it is None")])
def test_what_is_no_expression_gets_a_sentence(wrong, said):
    for made in (Exp, bp.notation.Ln, Mean, bp.notation.Square):
        with pytest.raises(TypeError, match=f"an expression such as z\\[2, 3\\] is expected; {said}"):
            made(wrong)


def test_functions_take_what_one_writes():
    assert Exp(-z[3, j]).latex() == "e^{- z^{3}_{j}}"
    assert bp.notation.Ln(1 - a[3, j]).latex() == r"\ln (1 - a^{3}_{j})"
    assert bp.notation.Square(a[3, j] - y[3, j]).latex() == "(a^{3}_{j} - y_{j})^{2}"
