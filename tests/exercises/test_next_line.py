"""The next line of a proof: what is true and new is right however it is written, and nothing else is."""

import random
import re

import numpy as np
import pytest

import bpcourse as bp
from bpcourse.notation import C_x, Number, b, delta, i, j, l, partial, sigma_prime, z
from bpcourse.notation.expressions import Equation, Product, Total
from bpcourse.notation.symbols import Index, SumOver
from bpcourse.text import shown

CHECKS = vars(bp.next_line)
TYPED = {  # the answers as a learner types them: left and right side
    "bp1": ("delta[L, j]", "partial(C_x, a[L, j]) * a[L, j] * (1 - a[L, j])"),
    "bp2": (
        "delta[L - 1, j]",
        "Sum(k, L)(w[L, k, j] * partial(C_x, a[L, k]) * sigma_prime(z[L, k])) * sigma_prime(z[L - 1, j])",
    ),
    "bp3": ("partial(C_x, b[l, j])", "Sum(k, l + 1)(w[l + 1, k, j] * delta[l + 1, k]) * sigma_prime(z[l, j])"),
    "bp4": ("partial(C_x, w[l, j, k])", "partial(C_x, b[l, j]) * a[l - 1, k]"),
}
SYMBOLS = {"np": np, **{name: getattr(bp.notation, name) for name in bp.notation.__all__}}


def typed(name, right=None):
    left, answer = TYPED[name]
    return eval(f"({left}) == ({right or answer})", dict(SYMBOLS))


def shuffled(expression, chance):
    """The same expression: factors and terms in another order, summation indices with other names."""
    if not expression.members:
        return expression
    members = [shuffled(member, chance) for member in expression.members]
    if isinstance(expression, Product | Total):
        chance.shuffle(members)
    if isinstance(expression, SumOver):
        new = chance.choice([index for index in (i, Index("n"), expression.index)])
        members = [members[0].bound((), {expression.index.name: new})]
        return SumOver(members[0], new, expression.layer)
    return expression.with_members(members)


@pytest.mark.parametrize("name", CHECKS)
def test_the_answer_is_proved_and_is_what_is_typed(name):
    proof = CHECKS[name].proof
    assert (typed(name).members[1]).canonical() == proof.lines[0].equation.members[1].canonical()
    assert CHECKS[name].begins == TYPED[name][0]
    for seed in range(20):
        chance = np.random.default_rng(seed)
        sizes = [int(n) for n in chance.integers(2, 6, size=chance.integers(3, 6))]
        x, y = chance.normal(size=(sizes[0], 3)), chance.uniform(size=(sizes[-1], 3))
        assert proof.verify(bp.backprop(bp.Network(sizes, seed=seed), x, y)) > 0


@pytest.mark.parametrize("name", CHECKS)
def test_an_answer_written_in_another_way_is_right(name):
    for seed in range(50):
        left, right = typed(name).members
        verdict = CHECKS[name](Equation(left, shuffled(right, random.Random(seed))))
        assert verdict
        assert verdict.text == "True and new. This is the next line."
        assert CHECKS[name](Equation(shuffled(right, random.Random(seed)), left)), "from the other end"


@pytest.mark.parametrize(
    ("name", "right"),
    [
        ("bp1", "(a[L, j] - y[L, j]) * a[L, j] * (1 - a[L, j])"),
        ("bp1", "partial(C_x, a[L, j]) * (a[L, j] - Square(a[L, j]))"),
        ("bp1", "partial(C_x, a[L, j]) * (a[L, j] - a[L, j] ** 2)"),
        ("bp1", "-(y[L, j] - a[L, j]) * (a[L, j] - a[L, j] ** 2)"),
        ("bp1", "(y[L, j] - a[L, j]) * a[L, j] * -(1 - a[L, j])"),
        ("bp2", "Sum(k, L)(w[L, k, j] * (a[L, k] - y[L, k]) * sigma_prime(z[L, k]) * sigma_prime(z[L - 1, j]))"),
        ("bp2", "Sum(k, L)(w[L, k, j] * partial(C_x, a[L, k]) * partial(a[L, k], z[L, k])) * sigma_prime(z[L - 1, j])"),
        ("bp3", "Sum(k, l + 1)(w[l + 1, k, j] * delta[l + 1, k] * sigma_prime(z[l, j]))"),
        ("bp3", "Sum(i, l + 1)(partial(z[l + 1, i], z[l, j]) * delta[l + 1, i])"),
        ("bp3", "partial(C_x, a[l, j]) * sigma_prime(z[l, j])"),
    ],
)
def test_another_true_line_that_leads_on_is_right_too(name, right):
    verdict = CHECKS[name](typed(name, right))
    assert verdict.right is True
    assert verdict.text.startswith("True and new.")


# Nothing else is right -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", CHECKS)
def test_a_line_that_is_there_already_is_not_new(name):
    for number, line in CHECKS[name].earlier.items():
        verdict = CHECKS[name](line)
        assert not verdict
        assert verdict.text == f"True, but not new: this is line {number}, as it stands."
        for seed in range(20):
            chance = random.Random(seed)
            left, right = line.members
            twisted = chance.choice([lambda e: e * 1, lambda e: 0 + e, lambda e: Number(1, 2) * e + e * Number(1, 2)])
            verdict = CHECKS[name](left == twisted(shuffled(right, chance)))
            assert not verdict
            assert f"this is line {number}, written in another way" in verdict.text


def one_wrong(right):
    """A right side with one thing changed: an index, a layer, a prime, a sign, a factor."""
    for found in re.finditer(r"(?<=[\[(, ])([jk])(?=[\],])", right):
        other = {"j": "k", "k": "j"}[found[0]]
        yield right[: found.start()] + other + right[found.end() :]
    for found in re.finditer(r"(?<=\[)[lL]( [+-] 1)?(?=,)", right):
        for other in ("l", "l + 1", "l - 1", "L", "L - 1"):
            if other != found[0]:
                yield right[: found.start()] + other + right[found.end() :]
    for factor in right.split(" * "):
        yield right.replace(f"{factor} * ", "1 * ").replace(f" * {factor}", "")
    yield from (right.replace("sigma_prime", "sigma"), f"0 - ({right})", f"2 * ({right})", right.replace(" - ", " + "))
    yield from (right.replace("delta[l + 1, k]", "a[l + 1, k]"), right.replace("b[l, j]", "w[l, j, k]"))
    yield from (right.replace("partial(C_x, a[L, k])", "(y[L, k] - a[L, k])"), f"{right} + b[L, 1]")


@pytest.mark.parametrize("name", CHECKS)
def test_one_thing_changed_is_never_right(name):
    answer, judged = TYPED[name][1], 0
    for right in set(one_wrong(answer)) - {answer}:
        try:
            line = typed(name, right)
        except (SyntaxError, TypeError, IndexError):
            continue  # it cannot even be written
        judged += 1
        if line.members[1].canonical() != (typed(name).members[1]).canonical():
            assert not CHECKS[name](line), right
    assert judged >= 8


@pytest.mark.parametrize(
    ("name", "line", "said"),
    [
        ("bp2", "...", "Not attempted yet. Put your line in the place of the three dots."),
        ("bp2", "None", "There is no line here, only None. Does the last line of your function begin with"),
        ("bp2", "0.25 == 1 / 4", "This is True: == has compared two plain values."),
        ("bp2", '"delta[l, j] == 1"', "This is a text. The line is wanted without quotation marks"),
        ("bp2", "[delta[L - 1, j] == 1]", "This is a list of 1, and one line is wanted."),
        ("bp2", "(delta[L - 1, j] == 1, 2)", "This is a tuple of 2, and one line is wanted."),
        ("bp2", "np.ones((2, 1))", "This is a number. The line is wanted in symbols"),
        ("bp2", "delta[L - 1, j]", "This is one side of a line. Write delta[L - 1, j] == in front of it."),
        ("bp2", "Sum(k, L)", "A Sum is waiting for its term"),
        ("bp2", "object", "This is of the type type; a line such as delta[L - 1, j] == … is wanted."),
        ("bp2", "1 / 0", "Python stopped in your line, `"),
        ("bp2", '== "x"', "On both sides of == stand symbols, such as delta[L, j]. 'x' is none."),
        ("bp2", "== w[L, k] == 1", "then the one where it begins, w[l, j, k]. Yours is w[L, k]."),
        ("bp2", "== delta[L, j] == 1", "A line has one ==. Yours has two"),
        ("bp2", "delta[L, j] == partial(C_x, z[L, j])", "The left side is something else. The next line begins"),
        ("bp2", "partial(C_x, z[L - 1, j]) == delta[l, j]", "This ∂C_x/∂z is δ by its definition. Write it by"),
        ("bp3", "partial(C_x, z[l, j]) == delta[l, j]", "The left side is something else."),
        ("bp1", "delta[L] == partial(C_x, a[L]) * (1 - a[L])", "This mixes a whole layer and one neuron."),
        ("bp1", "delta[L] == -partial(C_x, b[L])", "Wanted is the line of one neuron: each symbol has"),
        ("bp1", "== -partial(C_x, a[L, j]) * sigma_prime(z[L, j])", "False. On the drawn 3-4-2"),
        ("bp1", "== a[L, j] ** 3", "Only a square can be typed, ** 2; yours is ** 3."),
        ("bp1", "== sigma_prime(a[L, j])", "such as z[2, 3] or z[L, j]. Yours is taken at a[L, j]."),
        ("bp1", "== a", "a alone is no number of the network."),
        ("bp1", "== L - 1", "an expression such as z[2, 3] is expected; it is L-1"),
        ("bp1", "== sigma_prime(a[L])", "such as z[2, 3] or z[L, j]. Yours is taken at a[L]."),
        ("bp2", "== Sum(k, L)[w[L, k, j]]", "stands behind the Sum in round brackets: Sum(k, l + 1)(…)"),
        ("bp2", "== Sum(k, L) * w[L, k, j]", "stands behind the Sum in round brackets"),
        ("bp4", "== a[l - 1, j] * 1", "there is no x₄: layer 1 has the neurons 1 to 3"),
        ("bp2", "delta[L - 1] == delta[L - 1]", "This line is about a whole layer."),
        ("bp2", "== w[L, k, j] * a[L, k]", "k has no value here: it stands on the right only"),
        ("bp2", "== delta[l, j]", "l has no value here"),
        ("bp2", "== delta[L - 1, j] + 0", "True, but it explains nothing: delta[L - 1, j] stands"),
        ("bp2", "== eta * 1", "η is not in a trace"),
        ("bp2", "== partial(C, z[L - 1, j])", "C is the mean over many samples."),
        ("bp2", "== partial(C_x, z[L, j] + 1)", "partial takes two symbols"),
        ("bp2", "== partial(y[L, j], z[L, j])", "This cannot be computed on the drawn 3-4-2"),
        ("bp2", "== Sum(k, L)(w[L, j, k] * delta[L, k]) * sigma_prime(z[L - 1, j])",
         "This cannot be computed on the drawn 3-4-2 network, neuron 3 of layer 2: there is no w³₃₁"),
        ("bp2", "== Sum(k, L)(w[L, k, j] * partial(C_x, z[L, k])) * sigma_prime(z[L - 1, j])",
         "True, but not yet the next line: it still contains an error δ. The slope ∂C_x/∂z is δ, by its definition."),
        ("bp2", "== Sum(k, L)(w[L, k, j] * (a[L, k] - y[L, k])) * sigma_prime(z[L - 1, j])",
         "False. On the drawn 3-4-2 network, neuron 3 of layer 2: the left side is −0.031839, the right side −0.14"),
        ("bp3", "== Sum(k, L)(w[L, k, j] * delta[L, k]) * sigma_prime(z[l, j])",
         "This cannot be computed on another network, 2-5-3-4, though not on the drawn one, neuron 4 of layer 2"),
        ("bp3", "== partial(C_x, z[l, j])", "it still contains the error of the same layer."),
        ("bp4", "== partial(C_x, b[l, j]) * a[l, j]", "False. On the drawn 3-4-2 network, the wire from neuron "),
        ("bp1", "== partial(C_x, a[L, j]) * (1 - a[L, j])", "False. On the drawn 3-4-2 network"),
    ],
)  # fmt: skip
def test_each_kind_of_no_gets_its_sentence(name, line, said):
    if line.startswith("=="):
        line = f"{TYPED[name][0]} {line}"
    verdict = CHECKS[name](lambda: eval(line, dict(SYMBOLS)))
    assert verdict.right is False
    assert not verdict
    assert said in verdict.text


def test_the_numbers_of_a_false_line_are_those_of_the_named_neuron():
    x, y = bp.penguins().x[:, [128]], bp.penguins().y[:, [128]]
    trace = bp.backprop(bp.Network([3, 4, 2], seed=38), x, y)
    line = partial(C_x, b[l, j]) == delta[l, j] * sigma_prime(z[l, j])
    said = bp.next_line.bp3(line).text
    found = re.match(
        r"False\. On the drawn 3-4-2 network, neuron (\d) of layer 2: the left side is (\S+), the right side (\S+)\. ",
        said,
    )
    neuron, one, other = int(found[1]), found[2], found[3]
    error, slope = trace.delta[2][neuron - 1, 0], trace.sigma_prime(2)[neuron - 1, 0]
    assert (one, other) == (shown(error, 6), shown(error * slope, 6))


def test_a_line_comes_as_a_function_of_the_symbols_it_names():
    def my_line(delta, partial, C_x, L, a, j):
        return delta[L, j] == partial(C_x, a[L, j]) * a[L, j] * (1 - a[L, j])

    assert bp.next_line.bp1(my_line)

    def strange(delta, slope):
        return delta == slope

    assert "No symbol of the course is called slope. There are: C, C_x," in bp.next_line.bp1(strange).text

    def broken(w, l, j):
        return w[l, j, 1 / 0] == 1

    said = "Python stopped in your line, `return w[l, j, 1 / 0] == 1`. ZeroDivisionError:"
    assert bp.next_line.bp1(broken).text.startswith(said)


def test_a_verdict_shows_the_line_typeset_and_its_sentence():
    verdict = bp.next_line.bp4(typed("bp4"))
    assert repr(verdict) == verdict.text
    assert verdict._repr_markdown_() == f"$$ {typed('bp4').latex()} $$\n\n{verdict.text}"
    assert bp.next_line.bp4(...)._repr_markdown_() == repr(bp.next_line.bp4(...))


@pytest.mark.parametrize("name", CHECKS)
def test_hints_come_nearer(name):
    hints = [CHECKS[name].hint(n).text for n in (1, 2, 3)]
    assert len(set(hints)) == 3
    assert "[" not in hints[0], "the first hint names no symbol of the answer"
    assert "[" in hints[2]
    with pytest.raises(ValueError, match="there are the hints 1, 2 and 3; there is no hint 4"):
        CHECKS[name].hint(4)
