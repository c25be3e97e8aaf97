"""What a line says in detail: MathML read back as LaTeX, one wrong number found, the size of its largest term."""

import re
from dataclasses import replace
from xml.etree import ElementTree

import numpy as np
import pytest

import bpcourse as bp
from bpcourse import proofs as derivations
from bpcourse.notation import C, C_x, Mean, Number, Sum, a, b, delta, j, k, l, partial, sigma_prime, w, z
from bpcourse.proofs import BP1, BP2, BP4, DERIVATIONS
from bpcourse.proofs.derivation import FalseLine, Line
from bpcourse.tables import Layers
from bpcourse.text import shown

birds = bp.penguins()
net = bp.Network([3, 4, 2], seed=38)
x1, y1 = birds.x[:, [128]], birds.y[:, [128]]
trace = bp.backprop(net, x1, y1)
many = bp.backprop(net, birds.x[:, :5], birds.y[:, :5])
LINES = [(d, line) for d in DERIVATIONS for line in d.lines]
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
def test_mathml_says_what_latex_says(derivation, line):
    def read(mathml, numbers=None):
        text = mathml.replace(" data-fence", ' data-fence=""')
        return as_latex(ElementTree.fromstring(f"<math>{text}</math>"), numbers)

    def bare(latex):
        return re.sub(r"\s|\\,|\\left|\\right(?!a)", "", latex)

    assert read(line.equation.mathml()) == bare(line.equation.latex())
    for indices in derivation.places(line, net):
        here = line.equation.at(net, **indices)
        numbers = {atom.slot(): atom.compute(trace)[0] for atom in here.atoms()}
        assert read(here.mathml()) == bare(here.latex())
        assert read(here.mathml(True), numbers) == bare(here.substituted(trace))


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


def spoilt(trace, factor, l, j, x):
    """A trace with one error of one sample wrong by a factor."""
    wrong = {n: trace.delta[n].copy() for n in (2, 3)}
    wrong[l][j, x] *= factor
    return replace(trace, delta=Layers("δ", wrong, ""))


# guards: tolerance 1e-5, `wrong.all()`, sample/neuron off by one, last instead of first place, numbers swapped
def test_one_wrong_number_of_one_sample_is_found_and_named():
    wrong = spoilt(many, 1 + 1e-8, 3, 1, 3)
    with pytest.raises(FalseLine, match=r"^BP1, line 1 is false \(l = 3, neuron 2, sample 4\)"):
        BP1.verify(wrong)
    with pytest.raises(FalseLine, match=r"\(l = 3, neuron 2(, 1)?, sample 4\)"):
        replace(BP1, lines=BP1.lines[7:]).verify(wrong)
    twice = spoilt(spoilt(many, 2, 2, 1, 2), 2, 2, 2, 4)
    with pytest.raises(FalseLine, match=r"neuron 2(, 1)?, sample 3\)") as found:
        replace(BP2, lines=BP2.lines[8:]).verify(twice)
    given, truth = re.search(r"it gives (\S+), not (\S+)$", str(found.value)).groups()
    assert (float(given), float(truth)) == pytest.approx((many.delta[2][1, 2], 2 * many.delta[2][1, 2]), rel=1e-8)


# guards: the definition never checked; a main line marked as a side line
def test_a_main_line_must_be_about_what_is_sought():
    for line in (Line(z[l, j] == z[l, j], ""), Line(z[l] == z[l], "")):
        with pytest.raises(FalseLine, match=r"^BP2, line 1"):
            replace(BP2, lines=(line,)).verify(trace)
    sides = {d.name: [n for n, line in enumerate(d.lines, 1) if line.side] for d in DERIVATIONS}
    assert sides == {
        "Forward": [1, 2, 3, 4],
        "Quadratic cost": [1, 4, 5, 6],
        "BP1": [3, 5],
        "BP2": [4, 5],
        "BP3": [2, 3, 6],
        "BP4": [2, 3, 7],
        "Cross-entropy": [1, 2, 3, 4],
        "Log-likelihood": [3, 4, 5, 6, 7, 8],
        "BP2 twice": [3],
    }
    for d in DERIVATIONS:  # guards BP3's definition by z^l, which has the same value
        if not all(line.side for line in d.lines):
            one, whole = (d.definition[n].latex() for n in (0, 1))
            assert whole == re.sub(r"_\{[jk]+\}", "", one) or (d.name, whole) == ("Quadratic cost", r"\nabla_{a} C_{x}")


# guards: SLOPE lost its prime, the cancelled BP1 with its sign turned
@pytest.mark.parametrize(
    ("output", "cost"), [("sigmoid", "quadratic"), ("sigmoid", "cross_entropy"), ("softmax", "log_likelihood")]
)
def test_the_equations_of_the_live_network_are_true(output, cost):
    some = bp.Network([3, 4, 2], "tanh", output, cost, seed=5)
    t = bp.backprop(some, x1, y1)
    said = [(derivations.output_error_of(some), 3), (derivations.HIDDEN_ERROR, 2), (derivations.SLOPE, 2)]
    for equation, layer in said:
        left, right = (side.value(t, l=layer, j=2) for side in equation.members)
        assert right == pytest.approx(left, rel=1e-12)
    assert derivations.SLOPE.members[1].value(t, l=2, j=2) == pytest.approx(t.sigma_prime(2)[1, 0])
    assert derivations.SLOPE.latex() == r"\sigma' (z^{l}_{j}) = \sigma' (z^{l}_{j})"


# guards: two minus signs, a mean in numbers, parentheses of columns and matrices, xᵀ, ∇ for a alone, tall fences
@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (lambda: (a[3, 1] - delta[3, 1]).substituted(trace), "0.468 - (-0.133)"),
        (lambda: (Mean(C_x) == C).substituted(trace), f"{trace.cost:.3f} = {trace.cost:.3f}"),
        (lambda: delta[3].substituted(trace), r"\begin{bmatrix} -0.133 \\ 0.148 \end{bmatrix}"),
        (lambda: (delta[2] @ a[1].T).at(net).latex(), r"\delta^{2} \, x^{T}"),
        (lambda: (w[l] @ (a[l] - b[l])).latex(), r"w^{l} \, (a^{l} - b^{l})"),
        (lambda: partial(C_x, z[l]).latex(), r"\frac{\partial C_{x}}{\partial z^{l}}"),
        (lambda: ((Number(1, 2) + C_x) * C_x).latex(), r"\left(\frac{1}{2} + C_{x}\right) \, C_{x}"),
        (lambda: repr(Line(delta[3, 1] == Number(0) * delta[3, 1], "").on(trace)), "0.0"),
    ],
)
def test_how_it_is_written(written, expected):
    assert written() == expected


# guards: line(0), a broken line losing pieces, the row of numbers twice
def test_a_line_on_a_network_loses_nothing():
    with pytest.raises(IndexError, match="there is no line 0"):
        BP1.line(0)
    long = BP2.line(4).on(trace, l=2, j=3, k=1).latex
    assert all(f"w^{{3}}_{{1{n}}}" in long for n in (1, 2, 3, 4))
    assert "b^{3}_{1}" in long
    assert BP1.line(1).on(trace, l=3, j=1).latex.count(r"\\") == 1, "its number is its result"


# guards: a partial that lights no edge, or a wrong one; softmax's diagonal; the sum's own index; a Grid bound twice
def test_parts_and_indices():
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
