"""Mistakes that people make in public, in plain numpy, and what is said to each; right answers that look like them."""

import numpy as np
import pytest

import bpcourse as bp
from bpcourse.exercises.answers import same
from tests.exercises.test_mistakes_named import WRONG as KNOWN

CHECKS = {check.name: check for check in bp.check}


def s(z):
    return 1 / (1 + np.exp(-z))


def ds(z):
    return np.exp(-z) / (1 + np.exp(-z)) ** 2


def mean(table):
    return table.sum(axis=1, keepdims=True) / table.shape[1]


def into_whole(a, d):
    """BP4, each number put into a table for whole numbers."""
    table = np.zeros((len(d), len(a)), dtype=int)
    for j in range(len(d)):
        for k in range(len(a)):
            table[j, k] = sum(d[j] * a[k]) / a.shape[1]
    return table


def loop(turn, after=lambda total, w, d, z, j: total):
    """BP2 in loops: what one turn of the innermost makes of the total, and what comes after it."""

    def hidden(w, d, z):
        out = np.zeros(z.shape)
        for n in range(z.shape[1]):
            for j in range(z.shape[0]):
                total = 0
                for k in range(w.shape[0]):
                    total = turn(total, w, d[:, n], z[:, n], j, k)
                out[j, n] = after(total, w, d[:, n], z[:, n], j)
        return out

    return hidden


def product_of_bp1(z, y):
    a = np.exp(z) / np.exp(z).sum(axis=0)
    return -y / a * a * (1 - a)


def softmax(z):
    return np.exp(z) / np.exp(z).sum(axis=0)


def with_the_table_of_slopes(z, y):
    a, out = softmax(z), np.zeros(z.shape)
    for n in range(z.shape[1]):
        for j in range(len(z)):
            out[j, n] = sum(-y[k, n] / a[k, n] * a[k, n] * ((k == j) - a[j, n]) for k in range(len(z)))
    return out


def backprop(last=lambda a, y, z: (a - y) * ds(z), slope=lambda z, a: ds(z), back=lambda w, d: w.T @ d,
             carry=lambda e, delta, top: delta, of_b=mean, of_w=lambda d, a: d @ a.T / d.shape[1],
             layers=lambda L: range(2, L + 1)):  # fmt: skip
    """A whole backpropagation in loops, with one piece replaced."""

    def function(net, x, y):
        a, z, layer = {1: x}, {}, layers(net.L)
        for l in layer:
            z[l] = net.w[l] @ a[l - 1] + net.b[l]
            a[l] = s(z[l])
        L = l
        e, delta = {L: a[L] - y}, {L: last(a[L], y, z[L])}
        for l in reversed(layer[:-1]):
            e[l] = back(net.w[l + 1], carry(e[l + 1], delta[l + 1], l + 1 == L))
            delta[l] = e[l] * slope(z[l], a[l])
        return {l: of_b(delta[l]) for l in delta}, {l: of_w(delta[l], a[l - 1]) for l in delta}

    return function


def step(gradients=None, rate=lambda eta: eta, layers=lambda L: range(2, L + 1)):
    gradients = gradients or backprop()

    def function(net, x, y, eta):
        grad_b, grad_w = gradients(net, x, y)
        w = {l: net.w[l] - rate(eta) * grad_w[l] for l in layers(net.L)}
        return w, {l: net.b[l] - rate(eta) * grad_b[l] for l in layers(net.L)}

    return function


def updated_on_the_way(net, x, y, eta):
    """No slope at the output, and w³ has moved before δ² needs it."""
    a, z, w, b = {1: x}, {}, dict(net.w), dict(net.b)
    for l in net.w:
        z[l] = net.w[l] @ a[l - 1] + net.b[l]
        a[l] = s(z[l])
    delta = a[net.L] - y
    for l in range(net.L, 1, -1):
        if l < net.L:
            delta = w[l + 1].T @ delta * ds(z[l])
        w[l] = w[l] - eta * delta @ a[l - 1].T / x.shape[1]
        b[l] = b[l] - eta * mean(delta)
    return w, b


def two_and_three(L):
    return [2, 3]


BOTH_SIGNS = "order in line 2 of the quadratic cost"
NO_SLOPE = "σ′ forgotten or 1"
AXES = "along axis 1, the row of one output over all samples"
WRONG = [
    ("cost", "axes swapped", AXES, lambda a, y: 0.5 * ((a - y) ** 2).sum(axis=1).mean()),
    ("cost", "axes swapped", AXES, lambda a, y: np.mean(np.sum((a - y) ** 2, 1) / 2)),
    ("cost", "axes swapped + mean forgotten", AXES, lambda a, y: ((a - y) ** 2).sum(axis=1) / 2),
    ("cost", "mean forgotten", "cost of each sample by itself", lambda a, y: ((a - y) ** 2).sum(axis=0) / 2),
    ("cost", "mean for sum", "down a column (axis 0)", lambda a, y: ((a - y) ** 2).mean() / 2),
    # check, the mistakes that were made, what must be said, what the learner wrote
    ("bp1", NO_SLOPE, "the factor is missing, or it cancels, as with the a (1 − a) below the slope of cross-entropy",
     lambda a, y, z: (a - y) / (a * (1 - a)) * ds(z)),
    ("bp1", NO_SLOPE, "the factor is missing, or it cancels", lambda a, y, z: a - y),
    ("bp1", NO_SLOPE, "cross-entropy", lambda a, y, z: (-y / a + (1 - y) / (1 - a)) * a * (1 - a)),
    ("bp2", NO_SLOPE, "or it is 1 everywhere, like the slope of ReLU", lambda w, d, z: w.T @ d * (s(z) > 0)),
    ("bp1", "y − a for a − y or −σ′ for σ′", "Or a minus in σ′?",
     lambda a, y, z: (a - y) * -np.exp(-z) / (1 + np.exp(-z)) ** 2),
    ("bp1", "y − a for a − y or −σ′ for σ′", BOTH_SIGNS, lambda a, y, z: (y - a) * ds(z)),
    ("bp2", "−σ′ for σ′", "σ′ is never negative", lambda w, d, z: w.T @ d * -np.exp(-z) / (1 + np.exp(-z)) ** 2),
    ("backprop", "−σ′ for σ′", "σ′ is never negative",
     backprop(last=lambda a, y, z: (y - a) * ds(z), slope=lambda z, a: -ds(z))),
    ("backprop", "y − a for a − y or −σ′ for σ′", "Has σ′ of the output a minus", backprop(
        last=lambda a, y, z: -(a - y) * ds(z))),
    ("bp1", "mean for sum", "over the outputs, as np.mean", lambda a, y, z: 2 * (a - y) / len(a) * ds(z)),
    ("bp1", "mean for sum", "over the outputs, as np.mean", lambda a, y, z: (a - y) / len(a) * ds(z)),
    ("bp1", "mean for sum", "over the whole table, as np.mean", lambda a, y, z: 2 * (a - y) / a.size * ds(z)),
    ("bp1", "mean for sum", "over the whole table, as np.mean", lambda a, y, z: (a - y) / a.size * ds(z)),
    ("backprop", "mean for sum", "over the outputs", backprop(last=lambda a, y, z: 2 * (a - y) / len(a) * ds(z))),
    ("backprop", "mean for sum", "over the whole", backprop(last=lambda a, y, z: 2 * (a - y) / a.size * ds(z))),
    ("backprop", "mean for sum", "over the outputs", backprop(
        last=lambda a, y, z: 2 * (a - y) / a.size * ds(z), of_b=lambda d: d.sum(axis=1, keepdims=True),
        of_w=lambda d, a: d @ a.T)),
    ("bp1", "tanh's slope for σ′", "slope of tanh", lambda a, y, z: (a - y) * (1 - s(z) ** 2)),
    ("bp1", "tanh's slope for σ′", "slope of tanh", lambda a, y, z: (a - y) * (1 - a * a)),
    ("bp1", "tanh's slope for σ′", "slope of tanh", lambda a, y, z: (a - y) / np.cosh(z) ** 2),
    ("bp2", "tanh's slope for σ′", "slope of tanh", lambda w, d, z: w.T @ d * (1 - s(z) ** 2)),
    ("backprop", "tanh's slope for σ′", "slope of tanh", backprop(
        lambda a, y, z: (a - y) * (1 - a**2), lambda z, a: 1 - a**2)),
    ("bp2", "ReLU's slope for σ′", "those of ReLU", lambda w, d, z: np.where(z > 0, w.T @ d, 0)),
    ("bp1", "1 − σ for σ′", "a fraction without its square", lambda a, y, z: (a - y) * np.exp(-z) / (1 + np.exp(-z))),
    ("bp1", "ReLU's slope for σ′", "those of ReLU", lambda a, y, z: (a - y) * (z > 0)),
    ("bp2", "1 − σ for σ′", "a fraction without its square", lambda w, d, z: (w.T @ d) * (1 - s(z))),
    ("backprop", "ReLU's slope for σ′", "those of ReLU", backprop(
        lambda a, y, z: (a - y) * (z > 0), lambda z, a: z > 0)),
    ("backprop", "1 − σ for σ′", "a fraction without its square", backprop(
        lambda a, y, z: (a - y) * (1 - a), lambda z, a: 1 - a)),
    ("backprop", "z for a", "Which symbol", backprop(lambda a, y, z: (z - y) * ds(z))),
    ("backprop", "brackets forgotten", "Python multiplies before", backprop(lambda a, y, z: a - y * ds(z))),
    ("backprop", "target forgotten", "The target is missing", backprop(lambda a, y, z: a * ds(z))),
    ("bp1", "z for a", "Which symbol", lambda a, y, z: (z - y) * ds(z)),
    ("bp1", "brackets forgotten", "Python multiplies before", lambda a, y, z: a - y * ds(z)),
    ("bp1", "target forgotten", "The target is missing", lambda a, y, z: a * ds(z)),
    ("bp2", "σ′ in every turn of the loop", "in every turn",
     loop(lambda total, w, d, z, j, k: (total + w[k, j] * d[k]) * ds(z[j]))),
    ("bp2", "σ′ of the wrong layer", "inside the sum", loop(
        lambda total, w, d, z, j, k: total + w[k, j] * d[k] * ds(z[k]))),
    ("bp2", "samples added up", "keeps one column for each",
     lambda w, d, z: (w.T @ d * ds(z)).sum(axis=1, keepdims=True)),
    ("softmax_error", "BP1's product for softmax", "line 9 keeps the sum", product_of_bp1),
    ("softmax_error", "slope of the cost for the error", "how fast the cost follows", lambda z, y: -y / softmax(z)),
    ("softmax_error", "target forgotten", "the outputs themselves", lambda z, y: softmax(z)),
    ("bp4", "mean forgotten", "a table of its own", lambda a, d: d[:, None] * a[None]),
    ("backprop", "σ′ left out on the way back", "not been through σ′", backprop(carry=lambda e, delta, top: e)),
    ("backprop", "σ′ left out on the way back", "not been through σ′", backprop(
        carry=lambda e, delta, top: e if top else delta)),
    ("backprop", NO_SLOPE, "In the output layer", backprop(lambda a, y, z: a - y)),
    ("backprop", NO_SLOPE, "In the hidden layers", backprop(slope=lambda z, a: a > 0)),
    ("backprop", NO_SLOPE, "cross-entropy and of ReLU", backprop(lambda a, y, z: a - y, lambda z, a: 1)),
    ("backprop", "mean for sum", "a mean over the wires", backprop(back=lambda w, d: w.T @ d / len(w))),
    ("backprop", "z (1 − z) for σ′", "you put z", backprop(slope=lambda z, a: z * (1 - z))),
    ("backprop", "errors forgotten", "slope of σ alone", backprop(back=lambda w, d: np.ones((w.shape[1], 1)))),
    ("backprop", "product of the means", "average first", backprop(of_w=lambda d, a: mean(d) @ mean(a).T)),
    ("backprop", "mean twice", "For the weights", backprop(of_w=lambda d, a: d @ a.T / d.shape[1] ** 2)),
    ("backprop", "mean twice", "For the biases", backprop(of_b=lambda d: mean(d) / d.shape[1])),
    ("backprop", "= for +=", "Only the last wire", backprop(back=lambda w, d: np.outer(w[-1], d[-1]))),
    ("backprop", "⊙ for the matrix product", "entry by entry", backprop(back=lambda w, d: w.T * d)),
    ("backprop", "⊙ for the matrix product", "entry by entry", backprop(back=lambda w, d: w * d)),
    ("backprop", "mean forgotten", "its own column", backprop(of_b=lambda d: d)),
    ("step", NO_SLOPE, "In the output layer", step(backprop(lambda a, y, z: a - y))),
    ("step", f"hidden errors from updated weights + {NO_SLOPE}", "moved already", updated_on_the_way),
    ("step", "σ for σ′", "In the output layer", step(backprop(lambda a, y, z: (a - y) * s(z)))),
    ("step", "η twice", "η in it twice", step(rate=lambda eta: eta * eta)),
    ("step", f"η twice + {NO_SLOPE}", "η in it twice", step(backprop(lambda a, y, z: a - y), lambda eta: eta * eta)),
    ("step", "gradient added", "a − y or y − a?", step(backprop(lambda a, y, z: (y - a) * ds(z)))),
    ("bp3", "mean forgotten", "one bias", lambda d: d),
    ("bp4", "", "dtype=int for example, cuts off", into_whole),
    ("bp3", "", "dtype=int for example, cuts off", lambda d: np.trunc(mean(d))),
    ("bp1", "", "All your numbers are 0", lambda a, y, z: ((a - y) * ds(z)).astype(int)),
    ("backprop", "", "is net.L", backprop(layers=two_and_three)),
    ("step", "", "is net.L", step(layers=two_and_three)),
    ("step", "", "is net.L", step(backprop(layers=two_and_three))),
]  # fmt: skip


@pytest.mark.parametrize(
    ("check", "names", "said", "function"), WRONG, ids=[f"{n}-{row[0]}: {row[1]}" for n, row in enumerate(WRONG)]
)
def test_a_public_mistake_is_called_by_its_name(check, names, said, function):
    verdict = CHECKS[check](function)
    assert not verdict
    assert set(verdict.mistakes) == set(names.split(" + ") if names else ()), verdict
    assert said in verdict.text
    assert "from .shape" not in verdict.text


@pytest.mark.parametrize("check", list(bp.check), ids=lambda check: check.name)
def test_every_mistake_of_the_bank_has_a_row_that_knows_nothing_of_the_bank(check):
    rows = {name for of, names, *_ in [*KNOWN, *WRONG] if of == check.name for name in names.split(" + ")}
    assert {mistake.name for place in check.places.values() for mistake in place[1:]} - rows == set()


@pytest.mark.parametrize("check", list(bp.check), ids=lambda check: check.name)
def test_mistakes_with_the_same_numbers_are_told_the_same(check):
    """Nobody can tell them apart, so one sentence has to speak of both."""
    apart = []
    for slip in (slip for slip in check.slips if len(slip) == 1):
        numbers = [check.expected(slip, n) for n in range(len(check.cases))]
        for told, other in apart:
            if told != slip[0][1].sentence:
                assert not all(same(*pair) for pair in zip(numbers, other, strict=True)), (told, slip)
        apart.append((slip[0][1].sentence, numbers))


RIGHT = [
    ("bp1", lambda a, y, z: (a - y) * s(z) * (1 - s(z))),
    ("bp1", lambda a, y, z: -(y - a) / (1 / a + 1 / (1 - a))),
    ("bp1", lambda a, y, z: (a - y) / (a * (1 - a)) * ds(z) ** 2),
    ("bp1", lambda a, y, z: (a - y) / (4 * np.cosh(z / 2) ** 2)),
    ("bp1", lambda a, y, z: (y - a) * -np.exp(-z) / (1 + np.exp(-z)) ** 2),
    ("bp1", lambda a, y, z: 2 * (a - y) / 2 * (1 - np.tanh(z / 2) ** 2) / 4),
    ("bp1", lambda a, y, z: a * ds(z) - y * ds(z)),
    ("bp2", loop(lambda total, w, d, z, j, k: total + w[k, j] * d[k] * ds(z[j]))),
    ("bp2", loop(lambda total, w, d, z, j, k: total + w[k, j] * d[k], lambda total, w, d, z, j: total * ds(z[j]))),
    ("bp2", lambda w, d, z: (d.T @ w).T * s(z) * s(-z)),
    ("softmax_error", with_the_table_of_slopes),
    ("softmax_error", lambda z, y: -(y * (1 - softmax(z)) - (1 - y) * softmax(z))),
    ("bp4", lambda a, d: into_whole(1e12 * a, d) / 1e12),
    ("bp4", lambda a, d: np.mean([np.outer(d[:, n], a[:, n]) for n in range(len(a.T))], axis=0)),
    ("backprop", backprop()),
    ("backprop", backprop(of_w=lambda d, a: np.mean(d[:, None] * a[None], axis=2))),
    ("backprop", backprop(lambda a, y, z: (a - y) / a.shape[1] * ds(z), of_b=lambda d: d.sum(axis=1, keepdims=True),
                          of_w=lambda d, a: d @ a.T)),
    ("step", step()),
    ("step", step(rate=lambda eta: 2 * eta * 0.5)),
]  # fmt: skip


@pytest.mark.parametrize(("check", "function"), RIGHT, ids=[f"{n}-{check}" for n, (check, _) in enumerate(RIGHT)])
def test_a_right_answer_that_looks_like_one_of_them_is_accepted(check, function):
    assert CHECKS[check](function)
