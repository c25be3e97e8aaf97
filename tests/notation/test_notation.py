"""The expressions: what is written, what it comes to, what it reads, and what they say when they cannot."""

import re
import sys
from xml.etree import ElementTree

import numpy as np
import pytest

import bpcourse as bp
from bpcourse.notation import C, C_x, Exp, L, Ln, Number, Same, Square, Sum, a, b, delta, i, j, k, l, partial, w, y, z
from bpcourse.notation.layers import Mean
from bpcourse.notation.names import sigma, sigma_prime
from bpcourse.notation.typeset import MathML
from bpcourse.proofs import BP1, BP2, BP4, HIDDEN_ERROR, QUADRATIC, QUADRATIC_OUTPUT_ERROR
from bpcourse.text import shown
from tests.fitting import LINES, birds, fitting, net, trace, x1, y1

indicator = a[3, k] * (Same(k, j) - a[3, j])


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


# guards: parentheses of columns and matrices, xᵀ, ∇ for a alone, tall fences
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
        ((Number(1, 2) + C_x) * C_x, r"\left(\frac{1}{2} + C_{x}\right) \, C_{x}"),
        (w[l + 1].T @ delta[l + 1], r"(w^{l+1})^{T} \, \delta^{l+1}"),
        ((w[l + 1].T @ delta[l + 1]) * sigma_prime(z[l]), r"((w^{l+1})^{T} \, \delta^{l+1}) \odot \sigma' (z^{l})"),
        (w[l] @ (delta[l] * a[l]), r"w^{l} \, (\delta^{l} \odot a^{l})"),
        (w[l] @ (a[l] - b[l]), r"w^{l} \, (a^{l} - b^{l})"),
        (partial(C_x, a[l]) * sigma_prime(z[l]), r"\nabla_{a} C_{x} \odot \sigma' (z^{l})"),
        (partial(C_x, z[l]), r"\frac{\partial C_{x}}{\partial z^{l}}"),
        (partial(C, w[l]), r"\frac{\partial C}{\partial w^{l}}"),
        (Mean(delta[l] @ a[l - 1].T), r"\frac{1}{m} \, \sum_{x} \delta^{l} \, (a^{l-1})^{T}"),
        (sigma(z[l]), r"\sigma (z^{l})"),
        (a[3, 1] - (b[3, 1] + y[3, 1]), "a^{3}_{1} - (b^{3}_{1} + y_{1})"),
        (a[3, 1] - (b[3, 1] - y[3, 1]), "a^{3}_{1} - (b^{3}_{1} - y_{1})"),
        ((a[2, 1] - Sum(k, 3)(delta[3, k])).at(net), r"a^{2}_{1} - (\delta^{3}_{1} + \delta^{3}_{2})"),
        (Sum(k, 3)(a[3, k] - y[3, k]), r"\sum_{k} (a^{3}_{k} - y_{k})"),
        (a[3] - (b[3] + y[3]), "a^{3} - (b^{3} + y)"),
        (a[l] - (b[l] - z[l]), "a^{l} - (b^{l} - z^{l})"),
        (a[l] - b[l] - z[l], "a^{l} - b^{l} - z^{l}"),
        (Mean(a[3] - y[3]), r"\frac{1}{m} \, \sum_{x} (a^{3} - y)"),
        (Mean(delta[l]) * sigma_prime(z[l]), r"\left(\frac{1}{m} \, \sum_{x} \delta^{l}\right) \odot \sigma' (z^{l})"),
        ((a[3, 1] - y[3, 1]) / a[3, 1] * w[3, 1, 2], r"\frac{a^{3}_{1} - y_{1}}{a^{3}_{1}} \, w^{3}_{12}"),
        (Exp(z[3, k]) / Sum(j, 3)(Exp(z[3, j])), r"\frac{e^{z^{3}_{k}}}{\sum_{j} e^{z^{3}_{j}}}"),
        (Exp(-z[3, j]), "e^{- z^{3}_{j}}"),
        (Ln(1 - a[3, j]), r"\ln (1 - a^{3}_{j})"),
        (Square(a[3, j] - y[3, j]), "(a^{3}_{j} - y_{j})^{2}"),
        (indicator, r"a^{3}_{k} \, (1_{k=j} - a^{3}_{j})"),
        (indicator.at(net, k=2, j=2), r"a^{3}_{2} \, (1 - a^{3}_{2})"),
        (indicator.at(net, k=2, j=1), r"a^{3}_{2} \, (0 - a^{3}_{1})"),
        (1 - a[2, 1], "1 - a^{2}_{1}"),
        (2 * a[2, 1] + 1, r"2 \, a^{2}_{1} + 1"),
        (w[2, 1, 12], "w^{2}_{1,12}"),
        (w[l, j, k - 1], "w^{l}_{j,k-1}"),
        (a[1, 2].at(net), "x_{2}"),
        (a[2, 2].at(net), "a^{2}_{2}"),
        ((w[2] @ a[1]).at(net), r"w^{2} \, x"),
        ((delta[2] @ a[1].T).at(net), r"\delta^{2} \, x^{T}"),
    ],
)
def test_parentheses_and_commas_stand_where_mathematics_wants_them(expression, general):
    assert expression.latex() == general


# guards: two minus signs, a mean in numbers
@pytest.mark.parametrize(
    ("expression", "numbers"),
    [
        (QUADRATIC_OUTPUT_ERROR.at(net, j=1), r"(0.468 - 1.000) \cdot 0.249 = -0.133"),
        (w[3, 2, 3] * delta[3, 1], r"-0.709 \cdot (-0.133)"),
        (a[3, 1] - delta[3, 1], "0.468 - (-0.133)"),
        (Mean(C_x) == C, f"{trace.cost:.3f} = {trace.cost:.3f}"),
        (delta[3], r"\begin{bmatrix} -0.133 \\ 0.148 \end{bmatrix}"),
    ],
)
def test_numbers_are_fenced_when_they_are_negative_and_not_first(expression, numbers):
    assert expression.substituted(trace) == numbers


def test_a_sum_of_one_term_is_the_term():
    narrow = bp.Network([2, 3, 1], seed=1)
    written = HIDDEN_ERROR.at(narrow, l=2, j=2).latex()
    assert written == r"\delta^{2}_{2} = w^{3}_{12} \, \delta^{3}_{1} \, \sigma' (z^{2}_{2})"


def test_a_column_is_dotted_in_general_and_written_out_on_a_network():
    column = BP1.lines[6].equation
    for equation, rows, dotted in ((column, 4, True), (column.at(net), 2, False)):
        assert equation.latex().count(r"\\") == rows - 1
        assert (r"\vdots" in equation.latex()) == dotted
    assert r"\ddots" in BP4.lines[4].latex


def test_a_broken_line_says_the_same_as_an_unbroken_one():
    here = HIDDEN_ERROR.at(net, l=2, j=3)
    for numbers, out in ((False, MathML(False)), (True, MathML(True))):
        whole, pieces = here.mathml(numbers), "".join(here.pieces(out))
        whole = out.operator("=") + whole if numbers else whole  # a broken line of numbers goes on from one above
        assert re.sub("</?mrow>", "", whole) == re.sub("</?mrow>", "", pieces)


def test_a_partial_derivative_knows_nothing_of_the_equations(monkeypatch):
    for equation in ("bp1", "bp2", "bp3", "bp4"):
        monkeypatch.setattr(sys.modules["bpcourse.network.backprop"], equation, None)
    np.testing.assert_allclose(partial(C_x, z[2, 3]).value(trace), trace.delta[2][2], rtol=1e-12)


def test_a_wrong_index_does_not_agree():
    wrong = Sum(k, l + 1)(w[l + 1, k, j] * delta[l + 1, k]) * sigma_prime(z[l, j - 1])
    assert abs(wrong.value(trace, l=2, j=3) - trace.delta[2][2]) > 1e-3


def test_the_value_of_a_square_of_a_mean_and_of_a_number_in_front():
    flock = bp.backprop(net, birds.x[:, :7], birds.y[:, :7])
    np.testing.assert_allclose(((a[3, 1] - y[3, 1]) ** 2).value(flock), (flock.a[3][0] - flock.y[0]) ** 2)
    mean = Mean(delta[2]).at(net).compute(flock)
    np.testing.assert_allclose(mean[:, 0, 0], flock.delta[2].mean(axis=1))
    assert (1 + 2 * a[2, 1]).value(trace) == pytest.approx(1 + 2 * trace.a[2][0])


def test_the_same_at_a_trace_as_at_its_network():
    line = BP2.line(7).equation
    assert line.value(trace, l=2, j=3) == pytest.approx(trace.delta[2][2, 0])
    assert line.at(trace, l=2, j=3).latex() == line.at(net, l=2, j=3).latex()


def test_what_is_the_same_writing():
    difference, nested = a[L, j] - y[L, j], Sum(k, L)(a[L, k] * Sum(i, L)(w[L, i, k]))
    for one, other in (
        (difference**2, Square(difference)),
        (-difference, y[L, j] - a[L, j]),
        (Square(difference), a[L, j] * a[L, j] - 2 * a[L, j] * y[L, j] + y[L, j] * y[L, j]),
        (Sum(k, L)(a[L, k] + 2 * y[L, k]), 2 * Sum(i, L)(y[L, i]) + Sum(k, L)(a[L, k])),
        (nested, Sum(i, L)(Sum(k, L)(w[L, k, i]) * a[L, i])),
    ):
        assert one.canonical() == other.canonical()
    for one, other in (
        (Sum(k, L)(a[L, k] * a[L, j]), Sum(k, L)(a[L, k]) * a[L, j]),  # that is a step
        (Sum(k, L)(w[L, k, j]), Sum(k, L)(w[L, j, k])),
        (nested, Sum(k, L)(a[L, k] * Sum(i, L)(w[L, k, i]))),
    ):
        assert one.canonical() != other.canonical()


TEX = {"δ": r"\delta", "σ": r"\sigma", "∂": r"\partial", "−": "-", "⊙": r"\odot", "∑": r"\sum", "′": "'", "·": r"\cdot",
       "∇": r"\nabla", "⋮": r"\vdots", "⋯": r"\cdots", "⋱": r"\ddots", "ln": r"\ln"}  # fmt: skip


def as_latex(node, numbers):
    """MathML read back as LaTeX, white space aside: what the browser shows, in the words of what is held."""
    parts = [as_latex(child, numbers) for child in node]
    match node.tag:
        case "mi" | "mo":
            return TEX.get(node.text, node.text)
        case "mn" if "data-slot" in node.attrib:
            text = shown(numbers[node.get("data-slot")]).replace("−", "-")
            return f"({text})" if "data-fence" in node.attrib and text.startswith("-") else text
        case "mn":
            return node.text
        case "msup":
            return parts[0] + (parts[1] if parts[1] == "'" else f"^{{{parts[1]}}}")
        case "msub" | "munder":
            return f"{parts[0]}_{{{parts[1]}}}"
        case "msubsup":
            return f"{parts[0]}^{{{parts[2]}}}_{{{parts[1]}}}"
        case "mfrac":
            return rf"\frac{{{parts[0]}}}{{{parts[1]}}}"
        case "mtable":
            return r"\begin{bmatrix}" + r"\\".join(parts) + r"\end{bmatrix}"
        case "mtr":
            return "&".join(parts)
    assert node.tag in ("math", "mrow", "mtd", "mspace"), node.tag
    bare = [node.text or "", *(child.tail or "" for child in node)]
    assert "".join(bare).strip() == "", "bare text"
    return "".join(parts)


# guards: sub/sup swapped, fraction upside down, data-fence lost/inverted, fence missing, prime lost, operator +, power
# lost, sum index lost, no dot, nabla index lost, dots swapped, bare ∂ (13 mutants of MathML)
@pytest.mark.parametrize(("derivation", "line"), LINES)
def test_mathml_says_what_latex_says_with_a_slot_for_every_number(derivation, line):
    def read(mathml, numbers=None):
        text = mathml.replace(" data-fence", ' data-fence=""')
        return as_latex(ElementTree.fromstring(f"<math>{text}</math>"), numbers)

    def bare(latex):
        return re.sub(r"\s|\\,|\\left|\\right(?!a)", "", latex)

    net = fitting(derivation)
    trace = bp.backprop(net, x1, y1)
    assert read(line.equation.mathml()) == bare(line.equation.latex())
    for indices in derivation.places(line, net):
        here = line.equation.at(net, **indices)
        numbers = {atom.slot(): atom.compute(trace)[0] for atom in here.atoms()}
        assert read(here.mathml()) == bare(here.latex())
        assert read(here.mathml(True), numbers) == bare(here.substituted(trace))
        assert {*re.findall(r'data-slot="([^"]+)"', here.mathml(numbers=True))} == {*numbers}
        assert "data-slot" not in here.mathml()
        assert all(read(piece, numbers) for piece in here.pieces(MathML(True)))


# guards: Product/Total/MatrixProduct/Hadamard/LayerTotal.magnitude, magnitude + 1
def test_magnitude_is_the_size_of_the_largest_term():
    big, small = abs(trace.a[3][0, 0]), abs(trace.delta[3][0, 0])
    for expression, size in (
        (a[3, 1], big),
        (a[3, 1] - a[3, 1] + delta[3, 1], big),
        ((a[3, 1] - a[3, 1]) * delta[3, 1], big * small),
        (delta[3, 1] * delta[3, 1], small**2),
    ):
        assert expression.at(net).magnitude(trace) == pytest.approx(size, rel=1e-12)
    w3, d3 = net.w[3], trace.delta[3]
    product = (w[3].T @ delta[3]).at(net)
    np.testing.assert_allclose(product.magnitude(trace)[..., 0], np.abs(w3.T) @ np.abs(d3))
    other = (product * (a[2] - a[2])).at(net)
    np.testing.assert_allclose(other.magnitude(trace)[..., 0], np.abs(w3.T) @ np.abs(d3) * trace.a[2])


# guards: a partial that lights no edge, or a wrong one; softmax's diagonal; the sum's own index; a Grid bound twice
def test_parts_and_indices():
    assert partial(z[2, 1], a[1, 2]).parts(net) == ("neuron-2-1", "neuron-1-2", "edge-2-1-2")
    assert partial(z[3, 1], z[2, 2]).parts(net) == ("neuron-3-1", "neuron-2-2", "edge-3-1-2")
    assert partial(a[3, 2], z[3, 1]).parts(net) == ("neuron-3-2", "neuron-3-1")
    soft = bp.Network([3, 4, 2], "sigmoid", "softmax", "log_likelihood", 1)
    t = bp.backprop(soft, x1, y1)
    p = t.a[3][1]
    assert sigma_prime(z[3, 2]).value(t) == pytest.approx(p * (1 - p))
    inner = Sum(k, l + 1)(delta[l + 1, k])
    assert inner.at(net, k=2).value(trace, l=2) == pytest.approx(trace.delta[3].sum())
    grid = BP4.line(5).equation.members[1]
    np.testing.assert_allclose(grid.at(net, l=2).value(trace)[..., 0], trace.grad_w[2])


# What cannot be ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("expression", "error", "sentence"),
    [
        (sigma_prime(z[3, 3]), IndexError, "there is no z³₃: layer 3 has the neurons 1 to 2"),
        (delta[1, 2], IndexError, "there is no δ¹₂: δ exists in the layers 2 to 3"),
        (delta[4, 1], IndexError, "there is no δ⁴₁: δ exists in the layers 2 to 3"),
        (w[3, 1, 5], IndexError, "there is no w³₁₅: layer 2 has the neurons 1 to 4"),
        (w[1, 1, 1], IndexError, "there is no w¹₁₁: w exists in the layers 2 to 3"),
        (partial(C_x, z[2, 9]), IndexError, "there is no z²₉: layer 2 has the neurons 1 to 4"),
        (y[2, 1], IndexError, "there is no y²₁: y exists in layer 3 alone"),
        (Same(k, 1), ValueError, "whether k = 1 is known once both have a value"),
        (delta[2, j], ValueError, "δ²ⱼ can be computed once j has a value"),
        (delta[l, 3], ValueError, "δˡ₃ can be computed once l has a value"),
        (delta[l], ValueError, "δ of a layer can be computed once l has a value"),
        (delta[5], IndexError, "there is no δ⁵: δ exists in the layers 2 to 3"),
        (Sum(k, l + 1)(delta[l + 1, k]), ValueError, "the sum over k can be computed once l has a value"),
        (Sum(k, 4)(delta[4, k]), IndexError, "a sum runs over the neurons of layer 4; the layers are 1 to 3"),
        (delta[2] @ a[1], ValueError, "rows times columns: (4, 1) does not fit (3, 1); is a .T missing?"),
        (w[3] @ delta[3], ValueError, "rows times columns: (2, 4) does not fit (2, 1); is a .T missing?"),
    ],
)
def test_what_cannot_be_computed_is_named_as_a_reader_writes_it(expression, error, sentence):
    with pytest.raises(error, match=f"^{re.escape(sentence)}"):
        expression.value(trace)


@pytest.mark.parametrize(
    ("call", "error", "sentence"),
    [
        (lambda: w[2, 1], IndexError, "w takes a layer and 2 of its neurons"),
        (lambda: z[2, 1, 3], IndexError, "z takes a layer and 1 of its neurons"),
        (lambda: list(z), TypeError, "not iterable"),
        (lambda: a[2, 1] != a[2, 2], TypeError, "an equation is written with =="),
        (lambda: a[2, 1] == a[2, 2] == a[2, 3], TypeError, "an equation is not true or false by itself"),
        (lambda: a[2, 1] * "2", TypeError, "an expression such as z"),
        (lambda: BP4.line(5).equation.at(net).latex(), ValueError, "can be computed once l has a value"),
        (lambda: BP4.line(5).equation.at(net, l=1).latex(), IndexError, "there is no layer 1 here"),
        (lambda: BP1.line(3).on(trace, l=3), ValueError, "can be computed once"),
        (lambda: QUADRATIC.verify(bp.forward(net, x1)), ValueError, "a trace of forward alone has no"),
        (lambda: BP2.verify(net), TypeError, "a trace of backprop"),
        (lambda: 1 - a[l], TypeError, "a whole layer takes no number"),
        (lambda: 2 * a[l], TypeError, "a whole layer takes no number"),
        (lambda: 1 + a[l], TypeError, "a whole layer takes no number"),
        (lambda: 0.5 * a[2, 1], TypeError, "an expression such as z"),
        (lambda: sigma_prime(a[l, j]), TypeError, "σ is applied to a weighted input"),
        (lambda: sigma_prime(a[l]), TypeError, "σ is applied to a weighted input"),
        (lambda: sigma_prime(delta[2, 3]), TypeError, "σ is applied to a weighted input"),
        (lambda: sigma_prime(a[2, 1] + b[2, 1]), TypeError, "σ is applied to a weighted input"),
    ],
)
def test_odd_but_likely_uses_get_a_sentence(call, error, sentence):
    with pytest.raises(error, match=sentence):
        call()


@pytest.mark.parametrize(("wrong", "said"), [((z[3, 1],), "it is \\(Leaf"), ("z", "it is 'z'"), (None, "it is None")])
def test_what_is_no_expression_gets_a_sentence(wrong, said):
    for made in (Exp, Ln, Mean, Square):
        with pytest.raises(TypeError, match=f"an expression such as z\\[2, 3\\] is expected; {said}"):
            made(wrong)


def test_what_a_live_derivation_refuses():
    flow, stepper = bp.DeltaFlow(net, x1, y1), bp.Stepper(BP2, net, x1, y1, digits=np.int64(2))
    assert type(stepper.lines.story["digits"]) is int
    for line in (99, -1):
        with pytest.raises(ValueError, match="line must be between 0 and 8"):
            stepper.lines.line = line
    with pytest.raises(ValueError, match="select"):
        flow.select = "w-02-1-1"
    with pytest.raises(ValueError, match="this derivation is shown on"):
        stepper.flow.net = bp.Network([3, 4, 2], cost="cross_entropy")
