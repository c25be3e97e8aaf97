"""Right answers in other words are accepted, all of them, and none that is changed by a hundred-thousandth."""

import sys
from fractions import Fraction
from functools import partial
from itertools import count

import numpy as np
import pytest
from autograd import grad
from autograd import numpy as anp

import bpcourse as bp
from bpcourse.exercises.answers import same

σ, slope = bp.sigmoid, bp.sigmoid_prime
f32 = np.float32
CHECKS = {check.name: check for check in bp.check}
BY_NAME = pytest.mark.parametrize("check", list(bp.check), ids=lambda check: check.name)


def σ32(z):
    return f32(1) / (f32(1) + np.exp(-f32(z)))


def by_the_table(z, y):
    """Line 2 of the proof, sample by sample."""
    out = np.empty_like(z)
    for n in range(z.shape[1]):
        a = np.exp(z[:, [n]]) / np.exp(z[:, n]).sum()
        out[:, [n]] = (np.diag(a[:, 0]) - a @ a.T).T @ (-y[:, [n]] / a)
    return out


def whole_if_whole(function):
    """Someone who works with integers where everything is whole."""

    def answer(*inputs):
        out = function(*inputs)
        return out.astype(int) if (out == np.rint(out)).all() else out

    return answer


def by_hand(net, x, y, number=np.float64):
    a = {1: number(x)}
    for l in net.w:
        a[l] = 1 / (1 + np.exp(-(number(net.w[l]) @ a[l - 1] + number(net.b[l]))))
    delta = {net.L: (a[net.L] - number(y)) * a[net.L] * (1 - a[net.L])}
    for l in range(net.L - 1, 1, -1):
        delta[l] = (number(net.w[l + 1]).T @ delta[l + 1]) * a[l] * (1 - a[l])
    m = number(x.shape[1])
    return {l: delta[l].sum(axis=1, keepdims=True) / m for l in delta}, {l: delta[l] @ a[l - 1].T / m for l in delta}


def in_single(net, x, y):
    return by_hand(net, x, y, f32)


def one_sample_at_a_time(net, x, y):
    m = x.shape[1]
    each = [by_hand(net, x[:, [n]], y[:, [n]]) for n in range(m)]
    return tuple({l: sum(part[l] for part in parts) / m for l in net.w} for parts in zip(*each, strict=True))


def by_another_library(net, x, y):
    def cost(parameters):
        a = x
        for w, b in parameters:
            a = 1 / (1 + anp.exp(-(anp.dot(w, a) + b)))
        return anp.sum((a - y) ** 2) / 2 / x.shape[1]

    found = grad(cost)([(net.w[l], net.b[l]) for l in net.w])
    return [b for _, b in found], [w for w, _ in found]


def by_the_course(net, x, y):
    trace = bp.backprop(net, x, y)
    return trace.grad_b, trace.grad_w


def step_in_a_loop(net, x, y, eta):
    trace, w, b = bp.backprop(net, x, y), {}, {}
    for l in range(net.L, 1, -1):
        w[l], b[l] = net.w[l].copy(), net.b[l].copy()
        w[l] -= eta * trace.grad_w[l]
        b[l] -= eta * trace.grad_b[l]
    return w, b


def step_in_single(net, x, y, eta):
    b, w = in_single(net, x, y)
    return {l: f32(net.w[l]) - f32(eta) * w[l] for l in w}, [f32(net.b[l]) - f32(eta) * b[l] for l in sorted(b)]


SINGLE = {  # computed in float32
    "forward": lambda w, b, a: σ32(f32(w) @ f32(a) + f32(b)),
    "cost": lambda a, y: f32(0.5) * ((f32(a) - f32(y)) ** 2).sum(axis=0).mean(),
    "bp1": lambda a, y, z: (f32(a) - f32(y)) * σ32(z) * (1 - σ32(z)),
    "softmax_error": lambda z, y: np.exp(f32(z)) / np.exp(f32(z)).sum(axis=0) - f32(y),
    "bp2": lambda w, d, z: (f32(w).T @ f32(d)) * σ32(z) * (1 - σ32(z)),
    "bp3": lambda d: f32(d).mean(axis=1, keepdims=True),
    "bp4": lambda a, d: f32(d) @ f32(a).T / f32(a.shape[1]),
    "backprop": in_single,
    "step": step_in_single,
}
RIGHT = [
    *SINGLE.items(),
    ("forward", lambda w, b, a: σ(w @ a + b)),
    ("forward", lambda weights, biases, x: 1 / (1 + np.exp(-(np.dot(weights, x) + biases)))),
    ("forward", lambda w, b, a: np.array([[σ(sum(row * x) + c) for x in a.T] for row, [c] in zip(w, b, strict=True)])),
    ("forward", lambda w, b, a: σ(np.einsum("jk,km->jm", w, a) + b)),
    ("forward", lambda w, b, a: σ(np.longdouble(w) @ np.longdouble(a) + b)),
    ("forward", lambda w, b, a: np.hstack([σ(w @ a[:, [n]] + b) for n in range(a.shape[1])])),
    ("forward", lambda *inputs: 0.5 * (1 + np.tanh((inputs[0] @ inputs[2] + inputs[1]) / 2))),
    ("forward", lambda w, b, a: np.asfortranarray(σ(w @ a + b)).view()),
    ("forward", lambda w, b, a: σ(w @ a + b).astype(object)),
    ("cost", lambda a, y: bp.quadratic(a, y).mean()),
    ("cost", lambda a, y: sum((p - t) ** 2 for p, t in zip(a.flat, y.flat, strict=True)) / 2 / a.shape[1]),
    ("cost", lambda a, y: np.linalg.norm(a - y) ** 2 / 2 / a.shape[1]),
    ("cost", lambda a, y: np.array([[((a - y) ** 2).sum() / (2 * a.shape[1])]])),
    ("cost", lambda a, y: np.trace((a - y).T @ (a - y)) / 2 / a.shape[1]),
    ("cost", lambda a, y: np.einsum("jm,jm->", a - y, a - y) / (2 * len(a.T))),
    ("bp1", lambda a, y, z: (a - y) * slope(z)),
    ("bp1", lambda a, y, z: (a - y) * a * (1 - a)),
    ("bp1", lambda a, y, z: -(y - a) * σ(z) * σ(-z)),
    ("bp1", lambda out, target, weighted: np.multiply(slope(weighted), np.subtract(out, target))),
    ("bp1", lambda a, y, z: np.vectorize(lambda a, y, z: (a - y) * σ(z) * (1 - σ(z)))(a, y, z)),
    ("bp1", lambda a, y, z: np.exp(-z) / (1 + np.exp(-z)) ** 2 * (a - y)),
    ("softmax_error", lambda z, y: np.exp(z - z.max()) / np.exp(z - z.max()).sum(axis=0, keepdims=True) - y),
    ("softmax_error", lambda z, y: -y + np.exp(z - np.log(np.exp(z).sum(0)))),
    ("softmax_error", by_the_table),
    ("bp2", lambda w, d, z: (w.T @ d) * slope(z)),
    ("bp2", lambda w, d, z: np.array([
        [sum(w[:, j] * d[:, n]) * slope(z[j, n]) for n in range(z.shape[1])] for j in range(z.shape[0])])),
    ("bp2", lambda w, d, z: np.einsum("kj,km,jm->jm", w, d, slope(z))),
    ("bp2", lambda w, d, z: np.dot(np.transpose(w), d) * σ(z) * (1 - σ(z))),
    ("bp2", lambda weights, error, weighted_input: np.matmul(weights.T, error) * slope(weighted_input)),
    ("bp3", lambda d: d.mean(axis=1, keepdims=True)),
    ("bp3", lambda d: d @ np.full((d.shape[1], 1), 1 / d.shape[1])),
    ("bp3", lambda d: np.array([[sum(row) / len(row)] for row in d])),
    ("bp3", whole_if_whole(lambda d: d.mean(axis=1, keepdims=True))),
    ("bp3", lambda d: np.array([[sum(map(Fraction, row)) / len(row)] for row in d.tolist()])),
    ("bp4", lambda a, d: d @ a.T / a.shape[1]),
    ("bp4", lambda a, d: sum(np.outer(d[:, n], a[:, n]) for n in range(a.shape[1])) / a.shape[1]),
    ("bp4", lambda a, d: np.einsum("jm,km->jk", d, a) / d.shape[1]),
    ("bp4", whole_if_whole(lambda a, d: d @ a.T / a.shape[1])),
    ("backprop", by_hand),
    ("backprop", one_sample_at_a_time),
    ("backprop", by_another_library),
    ("backprop", bp.numeric.gradient),
    ("backprop", lambda net, x, y: list(by_hand(net, x, y))),
    ("step", step_in_a_loop),
    ("step", lambda *inputs: tuple(list(dict(sorted(part.items())).values()) for part in step_in_a_loop(*inputs))),
]  # fmt: skip

# The function of the course that does what the exercise asks for, under whatever name and behind whatever else.
ASKED_FOR = [
    ("bp1", "output_error", lambda a, y, z: bp.output_error(bp.quadratic_prime(a, y), slope(z))),
    ("softmax_error", "softmax", lambda z, y: bp.softmax(z) - y),
    ("bp2", "hidden_error", lambda w, d, z: bp.hidden_error(w, d, slope(z))),
    ("bp3", "bias_gradient", bp.bias_gradient),
    ("bp3", "bias_gradient", lambda d, mine=bp.bias_gradient: next(map(mine, [d]))),
    ("bp4", "weight_gradient", partial(bp.weight_gradient)),
    ("backprop", "backprop", by_the_course),
    ("backprop", "backprop", lambda *inputs: by_the_course(*inputs)[::-1][::-1]),
    ("step", "gradient_step", lambda net, x, y, eta: bp.gradient_step(bp.backprop(net, x, y), eta)),
]


@pytest.mark.parametrize(("check", "name", "function"), ASKED_FOR)
def test_a_call_of_what_should_be_written_is_told(check, name, function):
    before = sys.getprofile()
    verdict = CHECKS[check](function)
    assert (bool(verdict), verdict.mistakes) == (False, ())
    assert verdict.text.startswith(f"The numbers are right, but bp.{name} has computed them, and that is what this")
    assert sys.getprofile() is before


def test_there_are_many():
    assert len(RIGHT) >= 50
    assert {name for name, _ in RIGHT} == set(CHECKS)


@pytest.mark.parametrize(("check", "function"), RIGHT, ids=[f"{n}-{check}" for n, (check, _) in enumerate(RIGHT)])
def test_a_right_answer_in_other_words_is_accepted(check, function):
    verdict = CHECKS[check](function)
    assert verdict, verdict
    assert verdict.mistakes == ()


@BY_NAME
def test_right_numbers_are_no_small_differences_of_large_ones(check):
    """So a float32 computation stays well inside the tolerance."""
    for case, wanted in zip(check.cases, check.wanted, strict=True):
        found = check.read(SINGLE[check.name](*case))
        assert max((abs(found[name] - wanted[name]) / abs(wanted[name])).max() for name in wanted) < 2e-6


def test_no_number_is_zero_where_a_relative_tolerance_would_mean_nothing():
    for check in bp.check:
        assert all((table != 0).all() for wanted in check.wanted for table in wanted.values())


# Nearly right --------------------------------------------------------------------------------------------------------


def changed(random, tables):
    """One number of one table, or all numbers, moved by a factor of 1e-5 or more; half of them then cast to float32."""
    tables = {name: table.copy() for name, table in tables.items()}
    name = random.choice(sorted(tables))
    size = 10 ** random.uniform(-5, 0) * random.choice([-1, 1])
    if random.random() < 0.8:
        tables[name].flat[random.integers(tables[name].size)] *= 1 + size
    else:
        tables[name] *= 1 + size
    if random.random() < 0.5:
        tables = {name: table.astype(np.float32).astype(float) for name, table in tables.items()}
    return tables


@BY_NAME
def test_a_right_answer_changed_by_a_hundred_thousandth_is_not(check):
    random = np.random.default_rng(5)
    for n in random.integers(len(check.cases), size=2000):
        assert not same(changed(random, check.wanted[n]), check.wanted[n])


@BY_NAME
def test_the_check_itself_refuses_them(check):
    """The whole way through the check, for some of them: one wrong number in one case is enough."""
    random = np.random.default_rng(6)
    right = check.made(())
    for n in random.integers(len(check.cases), size=25):
        wrong, calls = changed(random, check.wanted[n]), count()

        def answer(*inputs, n=n, wrong=wrong, calls=calls):
            if next(calls) != n:
                return right(*inputs)
            if len(wrong) == 1:
                return wrong["your answer"]
            parts = {name.split("[")[0]: {} for name in wrong}
            for name, table in wrong.items():
                kind, layer = name.strip("]").split("[")
                parts[kind][int(layer)] = table
            return [*parts.values()]

        verdict = check(answer)
        assert not verdict
        assert verdict.mistakes == ()
