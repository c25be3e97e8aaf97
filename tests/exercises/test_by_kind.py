"""Mistakes that no bank has: a check names their kind, and what it says of the learner's numbers is true."""

from dataclasses import replace
from itertools import count

import numpy as np
import pytest

import bpcourse as bp
from bpcourse.exercises import running
from bpcourse.exercises.kinds.asking import told
from tests.exercises.test_public_mistakes import backprop, ds, loop, mean, s, softmax, step

CHECKS = {check.name: check for check in bp.check}
FIRST = "{} is the first that goes wrong"


def leaky(z):
    return np.where(z > 0, 1, 0.01)


def decays(net, x, y, eta):
    grad_b, grad_w = backprop()(net, x, y)
    w = {l: net.w[l] * (1 - 0.1 * eta) - eta * grad_w[l] for l in net.w}
    return w, {l: net.b[l] - eta * grad_b[l] for l in net.b}


def forward_with(sigma):
    """A whole backpropagation that sends on something else in the hidden layers."""

    def function(net, x, y):
        a, z = {1: x}, {}
        for l in net.w:
            z[l] = net.w[l] @ a[l - 1] + net.b[l]
            a[l] = s(z[l]) if l == net.L else sigma(z[l])
        delta = {net.L: (a[net.L] - y) * ds(z[net.L])}
        for l in range(net.L - 1, 1, -1):
            delta[l] = net.w[l + 1].T @ delta[l + 1] * ds(z[l])
        return {l: mean(delta[l]) for l in delta}, {l: delta[l] @ a[l - 1].T / x.shape[1] for l in delta}

    return function


def in_layer(which, change):
    """Right gradients of the weights, but those of one layer."""

    def function(net, x, y):
        grad_b, grad_w = backprop()(net, x, y)
        return grad_b, {l: change(g) if l == which else g for l, g in grad_w.items()}

    return function


def weight_for_activation(net, x, y):
    """∂C/∂w = δ · w, as in a thread on a demonstration that always gives the same result."""
    grad_b, _ = backprop()(net, x, y)
    return grad_b, {l: grad_b[l] * net.w[l] for l in grad_b}


def updated_on_the_way(slope):
    """w^l has moved when δ^{l−1} needs it, and the slope of the output is another one."""

    def function(net, x, y, eta):
        a, z, w, b = {1: x}, {}, dict(net.w), dict(net.b)
        for l in net.w:
            z[l] = net.w[l] @ a[l - 1] + net.b[l]
            a[l] = s(z[l])
        delta = (a[net.L] - y) * slope(z[net.L])
        for l in range(net.L, 1, -1):
            if l < net.L:
                delta = w[l + 1].T @ delta * ds(z[l])
            w[l], b[l] = w[l] - eta * delta @ a[l - 1].T / x.shape[1], b[l] - eta * mean(delta)
        return w, b

    return function


SLOPE, COST, SUM, SCALE = "another function for σ′", "another slope of the cost", "another sum", "what it should be, {}"
BEFORE, TOO = "another table for a^{l−1}", "goes wrong too"
OTHER_FUNCTIONS = [  # of z in the place of σ′, and what is said of it
    ("σ′ twice", lambda z: ds(z) ** 2),
    ("σ(z) times itself", lambda z: s(z) ** 2),
    ("e to the power of −z", lambda z: np.exp(-z)),
    ("tanh itself", np.tanh),
    ("tanh's short formula", lambda z: 1 - z**2),
    ("a leaky ReLU", leaky),
    ("It is z itself", lambda z: z),
    ("σ (1 + σ)", lambda z: s(z) * (1 + s(z))),
    ("a factor a too many", lambda z: s(z) * ds(z)),
    ("a factor 1 − a too many", lambda z: s(-z) * ds(z)),
    ("a factor z too many", lambda z: z * ds(z)),
    ("a derivative too many", lambda z: ds(z) * (1 - 2 * s(z))),
    ("agree by chance", lambda z: ds(2 * z)),
    ("another function of z", np.cos),
    ("another function of z", lambda z: s(z) * (1 - z)),
    ("another function of z", lambda z: np.log1p(np.exp(z))),
    ("another function of z", lambda z: np.sqrt(ds(z))),
    ("another function of z", lambda z: 1 / (1 + z**2)),
    ("another function of z", lambda z: ds(z) + 0.1),
    ("another function of z", lambda z: s(z) * (1 - s(s(z)))),
]
OTHER_COSTS = [
    ("the slope of |a − y|", lambda a, y: np.sign(a - y)),
    ("It is a + y", lambda a, y: a + y),
    ("a fourth power", lambda a, y: (a - y) ** 3),
    ("the slope of −y ln a", lambda a, y: -y / a),
    ("y ln a", lambda a, y: y / a),
    ("(a − y) y: a factor too many", lambda a, y: y * (a - y)),
    ("(a − y) (1 − y): a factor", lambda a, y: (1 - y) * (a - y)),
    ("σ′ depends on y, and must not", lambda a, y: a - y**2),
    ("σ′ depends on y, and must not", lambda a, y: np.tanh(a - y)),
    ("σ′ depends on y, and must not", lambda a, y: (a - y) / (abs(a - y) + 1)),
]
OTHER_TABLES = [  # in the place of a^{l−1}
    ("the slope a (1 − a)", lambda a: a * (1 - a)),
    ("through σ once more", s),
    ("It is 1 − a", lambda a: 1 - a),
    ("It is a²", lambda a: a**2),
    ("stands another table", np.sin),
    ("stands another table", lambda a: a + 0.1),
]
WRONG = [
    # check, the kinds that are named, what must be said, what the learner wrote
    *(("bp1", SLOPE, said, lambda a, y, z, f=f: (a - y) * f(z)) for said, f in OTHER_FUNCTIONS),
    *(("bp2", SLOPE, said, lambda w, d, z, f=f: w.T @ d * f(z)) for said, f in OTHER_FUNCTIONS),
    *(("bp1", COST, said, lambda a, y, z, f=f: f(a, y) * ds(z)) for said, f in OTHER_COSTS),
    *(("bp4", BEFORE, said, lambda a, d, f=f: d @ f(a).T / a.shape[1]) for said, f in OTHER_TABLES),
    *(("backprop", SLOPE, said, backprop(lambda a, y, z, f=f: (a - y) * f(z))) for said, f in OTHER_FUNCTIONS),
    *(("backprop", SLOPE, FIRST.format("BP2"), backprop(slope=lambda z, a, f=f: f(z))) for _, f in OTHER_FUNCTIONS),
    *(("backprop", SLOPE, f"BP2 {TOO}. It is the same there", backprop(
        lambda a, y, z, f=f: (a - y) * f(z), lambda z, a, f=f: f(z))) for _, f in OTHER_FUNCTIONS),
    *(("backprop", COST, said, backprop(lambda a, y, z, f=f: f(a, y) * ds(z))) for said, f in OTHER_COSTS),
    *(("backprop", BEFORE, said, backprop(of_w=lambda d, a, f=f: d @ f(a).T / d.shape[1])) for said, f in OTHER_TABLES),
    *(("step", SLOPE, said, step(backprop(lambda a, y, z, f=f: (a - y) * f(z)))) for said, f in OTHER_FUNCTIONS),
    *(("step", COST, said, step(backprop(lambda a, y, z, f=f: f(a, y) * ds(z)))) for said, f in OTHER_COSTS),
    *(("step", BEFORE, said, step(backprop(of_w=lambda d, a, f=f: d @ f(a).T / d.shape[1])))
      for said, f in OTHER_TABLES),
    ("bp1", SLOPE, "Or σ′ is right, and a − y has one more factor", lambda a, y, z: (a - y) * ds(z) * np.exp(-a)),
    ("bp1", "something added", "Where an output is right, a = y, its error is 0", lambda a, y, z: a - y + ds(z)),
    ("bp1", "something added", "Yours is 0.500 at z = 0", lambda a, y, z: (a - y) * ds(z) + 0.5),
    ("bp1", "neurons mixed", "a neuron uses its own three numbers", lambda a, y, z: (a - y) * ds(z[::-1])),
    ("bp1", "neurons mixed", "a neuron uses its own", lambda a, y, z: (a - y) / np.linalg.norm(a - y) * ds(z)),
    ("bp1", "neurons mixed", "a neuron uses its own", lambda a, y, z: (a - y - (a - y).mean(axis=0)) * ds(z)),
    ("bp1", "y not used", "stays the same whatever y is", lambda a, y, z: (a - 0.5) * ds(z)),
    ("bp2", SLOPE, "the order is turned round", lambda w, d, z: w.T @ d * (s(z) - 1)),
    ("bp2", "something added", "Where all errors that come back are 0", lambda w, d, z: w.T @ d + ds(z)),
    ("bp2", SUM, "The slope σ′ is right", lambda w, d, z: abs(w).T @ d * ds(z)),
    ("bp2", SUM, "The slope σ′ is right", lambda w, d, z: w.T @ abs(d) * ds(z)),
    ("bp2", SUM, "The slope σ′ is right", lambda w, d, z: w.T**2 @ d * ds(z)),
    ("bp2", SUM, "The slope σ′ is right", lambda w, d, z: (w / w.sum(axis=0)).T @ d * ds(z)),
    ("bp2", SUM, "The slope σ′ is right", lambda w, d, z: np.max(w[:, :, None] * d[:, None], axis=0) * ds(z)),
    ("bp2", "both factors of BP2", "print yours before σ′", lambda w, d, z: (w.T**2 @ d) * np.exp(-z) + w.T @ d),
    ("bp2", "w_next not used", "whatever w_next is", lambda w, d, z: d.sum(axis=0) * ds(z)),
    ("bp2", "w_next and delta_next not used", "w_next and delta_next are", lambda w, d, z: z),
    ("bp2", "σ′ of the wrong layer", "inside the sum", loop(lambda t, w, d, z, j, k: t + w[k, j] * d[k] * ds(z[k]))),
    ("bp3", "another mean", "1, 3 and 8 you make 3.000", lambda d: np.median(d, axis=1, keepdims=True)),
    ("bp3", "another mean", "1, 3 and 8 you make 8.000", lambda d: d.max(axis=1, keepdims=True)),
    ("bp3", "another mean", "1, 3 and 8 you make 24.667", lambda d: mean(d**2)),
    ("bp3", "neurons mixed", "each neuron has its own row", lambda d: mean(d) - d.mean()),
    ("bp3", "neurons mixed", "each neuron has its own row", lambda d: mean(d)[::-1]),
    ("bp4", BEFORE, "It is z, before σ", lambda a, d: d @ np.log(a / (1 - a)).T / a.shape[1]),
    ("bp4", "another table for δ^l", "a^{l−1} is right", lambda a, d: d * ds(d) @ a.T / a.shape[1]),
    ("bp4", "not this product", "their product and nothing else",
     lambda a, d: np.add.outer(mean(d)[:, 0], mean(a)[:, 0])),
    ("bp4", "a_previous not used", "whatever a_previous is", lambda a, d: d @ np.ones_like(a).T / a.shape[1]),
    ("bp4", "samples put together otherwise", "alone give 6.000", lambda a, d: (d[:, None] * a[None]).max(axis=2)),
    ("forward", "another function for σ", "Your z is right", lambda w, b, a: np.tanh(w @ a + b)),
    ("forward", "another function for σ", "0.000, 0.000 and 2.000", lambda w, b, a: np.maximum(w @ a + b, 0)),
    ("forward", "another function for σ", "Your z is right", lambda w, b, a: softplus(w @ a + b)),
    ("forward", "bias used otherwise", "Yours sends on 0.881", lambda w, b, a: s(w @ a + 2 * b)),
    ("forward", "bias used otherwise", "how does the bias come in", lambda w, b, a: s(w @ a * b)),
    ("forward", "bias used otherwise", "how does the bias come in", lambda w, b, a: s((w + b) @ a)),
    ("forward", SUM, "The bias alone is right", lambda w, b, a: s(w @ a / len(a) + b)),
    ("forward", SUM, "The bias alone is right", lambda w, b, a: s(w @ a**2 + b)),
    ("cost", "another cost of one output", "That is cross-entropy",
     lambda a, y: -(y * np.log(a) + (1 - y) * np.log(1 - a)).sum(axis=0).mean()),
    ("cost", "another cost of one output", "costs 0.300 with you",
     lambda a, y: np.linalg.norm(a - y, axis=0).mean() / 2),
    ("cost", "another cost of one output", "costs 0.300 with you", lambda a, y: (a**2 - y**2).sum(axis=0).mean() / 2),
    ("cost", "outputs put together otherwise", "down a column (axis 0)", lambda a, y: (a - y).sum() ** 2 / 2),
    ("cost", "outputs put together otherwise", "(axis 0)", lambda a, y: ((a - y) ** 2).max(axis=0).mean() / 2),
    ("cost", "samples put together otherwise", "(axis 1)", lambda a, y: ((a - y) ** 2).sum(axis=0).max() / 2),
    ("cost", "another scale + samples put together otherwise", "costs 0.800 times",
     lambda a, y: np.max(((a - y) ** 2).sum(axis=0)) / 2.5),
    ("softmax_error", "other shares", "the sum 1.000; wanted are", lambda z, y: softmax(-z) - y),
    ("softmax_error", "other shares", "'− y' is right", lambda z, y: 2**z / (2**z).sum(axis=0) - y),
    ("softmax_error", "other shares", "the sum −4.223", lambda z, y: np.log(softmax(z)) - y),
    ("softmax_error", "a factor too many", "In line 12 nothing does", lambda z, y: (softmax(z) - y) * softmax(z)),
    ("softmax_error", "target used otherwise", "gives 0 for each", lambda z, y: softmax(z) + y),
    ("softmax_error", "target used otherwise", "gives 0 for each", lambda z, y: softmax(z) * y),
    ("softmax_error", "target used otherwise", "gives 0 for each", lambda z, y: softmax(z) - y.argmax(axis=0)),
    ("backprop", SUM, FIRST.format("BP2"), backprop(back=lambda w, d: abs(w).T @ d)),
    ("backprop", SUM, FIRST.format("BP2"), backprop(back=lambda w, d: (w / w.sum(axis=0)).T @ d)),
    ("backprop", f"{SLOPE} + {SUM}", f"2. BP2 {TOO}", backprop(
        lambda a, y, z: (a - y) * ds(z) ** 2, back=lambda w, d: abs(w).T @ d)),
    ("backprop", f"{SLOPE} + another table for δ^l in BP3", f"2. BP3 {TOO}", backprop(
        lambda a, y, z: (a - y) * ds(z) ** 2, of_b=lambda d: mean(d**2))),
    ("backprop", f"{SLOPE} + {BEFORE}", f"2. BP4 {TOO}", backprop(
        lambda a, y, z: (a - y) * ds(z) ** 2, of_w=lambda d, a: d @ (a * (1 - a)).T / d.shape[1])),
    ("backprop", "another scale + σ′ left out on the way back", "not been through σ′", backprop(
        lambda a, y, z: 3 * (a - y) * ds(z), carry=lambda e, delta, top: e)),
    ("backprop", "another table for δ^l in BP3", FIRST.format("BP3"), backprop(of_b=lambda d: mean(d**2))),
    ("backprop", "samples put together otherwise", "line 6 of BP3 goes wrong first", backprop(
        of_b=lambda d: d.max(axis=1, keepdims=True))),
    ("backprop", "samples put together otherwise", "line 7 of BP4 goes wrong first", backprop(
        of_w=lambda d, a: (d[:, None] * a[None]).max(axis=2))),
    ("backprop", BEFORE, "multiplied by the weight itself", lambda net, x, y: weight_for_activation(net, x, y)),
    ("backprop", "another scale", "in layer 2 of a network 3-2-4-5-2. Yours is 2.000 times",
     in_layer(2, lambda g: 2 * g)),
    ("backprop", "other activations", "Already the forward pass goes wrong", forward_with(np.tanh)),
    ("backprop", "other activations", "no slip of BP4 alone", forward_with(lambda z: np.maximum(z, 0))),
    ("backprop", "other activations", "lines 1 and 3 of the forward pass", forward_with(lambda z: s(s(z)))),
    ("step", SUM, FIRST.format("BP2"), step(backprop(back=lambda w, d: abs(w).T @ d))),
    ("step", "σ′ left out on the way back", FIRST.format("BP2"), step(backprop(carry=lambda e, delta, top: e))),
    ("step", "another scale", "2.000 times", step(backprop(lambda a, y, z: 2 * (a - y) * ds(z)))),
    ("step", f"η twice + {SLOPE}", "four times as long", step(
        backprop(lambda a, y, z: (a - y) * ds(z) ** 2), lambda eta: eta**2)),
    ("step", "another power of η", "to the power of 0.500", step(rate=np.sqrt)),
    ("step", "another power of η", "to the power of −1.000", step(rate=lambda eta: 1 / eta)),
    ("step", f"moved too early + {SLOPE}", "in proportion to η and the others do not", updated_on_the_way(
        lambda z: ds(z) ** 2)),
    ("step", "weights shrunk", "That is weight decay", decays),
    ("step", "eta not used", "whatever eta is", step(rate=lambda eta: 0.5)),
]  # fmt: skip
BY_WORDS = [  # right but for one factor, which is said in a sentence without a name
    ("bp1", SCALE.format("times 2 and divided by the root of the number of entries"),
     lambda a, y, z: 2 * (a - y) * ds(z) / a.size**0.5),
    ("bp1", SCALE.format("divided by the square of the number of neurons"),
     lambda a, y, z: (a - y) * ds(z) / len(a) ** 2),
    ("bp2", SCALE.format("divided by the number of neurons of the layer"), lambda w, d, z: w.T @ d * ds(z) / len(z)),
    ("bp3", SCALE.format("times the root of the number of samples"), lambda d: mean(d) * d.shape[1] ** 0.5),
    ("bp4", SCALE.format("divided by the number of neurons of the layer"), lambda a, d: d @ a.T / d.size),
    ("softmax_error", SCALE.format("divided by the number of neurons"), lambda z, y: (softmax(z) - y) / len(z)),
    ("cost", "Every number is 0.6667 times", lambda a, y: ((a - y) ** 2).sum(axis=0).mean() / 3),
    ("backprop", "Those of grad_w are what they should be, times the number of samples and divided by the number of",
     backprop(of_w=lambda d, a: d @ a.T / len(d))),
    ("backprop", "Every number of grad_b is 4 times", backprop(of_b=lambda d: 4 * mean(d))),
    ("bp1", "All your numbers are 0", lambda a, y, z: ((a - y) * ds(z)).astype(int)),
    ("bp2", "what stands behind the point is lost", lambda w, d, z: (100 * w.T @ d).astype(int)),
    ("backprop", "All your numbers of grad_w are 0.", backprop(of_w=lambda d, a: (d @ a.T / d.shape[1]).astype(int))),
    ("backprop", "All your numbers are 0.", backprop(
        of_b=lambda d: mean(d).astype(int), of_w=lambda d, a: (d @ a.T / d.shape[1]).astype(int))),
    ("step", "All your numbers of w are whole, and what stands", lambda net, x, y, eta: (
        {l: np.rint(w) for l, w in step()(net, x, y, eta)[0].items()}, step()(net, x, y, eta)[1])),
    ("bp2", "right but for some signs", lambda w, d, z: abs(w.T @ d) * ds(z)),
]  # fmt: skip


def softplus(z):
    return np.log1p(np.exp(z))


@pytest.mark.parametrize(
    ("check", "names", "said", "function"), WRONG, ids=[f"{n}-{row[0]}: {row[1]}" for n, row in enumerate(WRONG)]
)
def test_the_kind_is_named(check, names, said, function):
    verdict = CHECKS[check](function)
    assert not verdict
    assert set(verdict.mistakes) == set(names.split(" + ")), verdict
    assert said in verdict.text, verdict


@pytest.mark.parametrize(("check", "said", "function"), BY_WORDS)
def test_one_factor_or_a_lost_part_is_told_in_words(check, said, function):
    verdict = CHECKS[check](function)
    assert not verdict
    assert said in verdict.text, verdict


def test_there_are_many():
    assert len({(check, names, said) for check, names, said, _ in WRONG}) >= 100
    assert {check for check, *_ in WRONG} == set(CHECKS)


# What is said of a function is true ----------------------------------------------------------------------------------


def of_random(seed):
    """A smooth function of z that nobody has thought of."""
    p, q, r, t = np.random.default_rng(seed).normal(size=4)
    return lambda z: p * np.sin(q * z + r) + t * np.exp(-(z**2)) + 0.1


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("check", ["bp1", "bp2", "backprop", "step"])
def test_any_function_in_the_place_of_the_slope_is_described_by_its_own_numbers(check, seed):
    f = of_random(seed)
    functions = {
        "bp1": lambda a, y, z: (a - y) * f(z),
        "bp2": lambda w, d, z: w.T @ d * f(z),
        "backprop": backprop(slope=lambda z, a: f(z)),
        "step": step(backprop(lambda a, y, z: (a - y) * f(z))),
    }
    verdict = CHECKS[check](functions[check])
    assert verdict.mistakes == (SLOPE,)
    assert f"it is {told(f(0.0))} at z = 0 and {told(f(2.0))} at z = 2, where σ′ is 0.250 and 0.105" in verdict.text


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize(
    ("equation", "piece"),
    [
        ("BP1", lambda f: {"last": lambda a, y, z: (a - y) * f(z)}),
        ("BP2", lambda f: {"back": lambda w, d: f(w).T @ d}),
        ("BP3", lambda f: {"of_b": lambda d: f(mean(d))}),
        ("BP4", lambda f: {"of_w": lambda d, a: d @ f(a).T / d.shape[1]}),
    ],
)
@pytest.mark.parametrize("check", ["backprop", "step"])
def test_whatever_goes_wrong_the_first_of_the_four_is_named(check, equation, piece, seed):
    wrong = backprop(**piece(of_random(seed)))
    assert FIRST.format(equation) in CHECKS[check](wrong if check == "backprop" else step(wrong)).text


def test_no_kind_says_anything_where_its_own_questions_are_answered_rightly():
    """One that is wrong elsewhere alone, with six samples, is left to what its numbers show."""
    for name, check in CHECKS.items():
        right = replace(check, asked_for=()).made(())
        verdict = check._of_a_kind(right)
        assert verdict == [], name


def raises():
    raise KeyError("what was asked")


def never_ends():
    while True:
        pass


@pytest.mark.parametrize("then", [raises, never_ends, lambda: "text", lambda: None])
def test_a_function_that_does_something_else_when_asked_is_left_to_what_its_numbers_show(monkeypatch, then):
    monkeypatch.setattr(running, "SECONDS", 0.5)
    calls = count()

    def odd(w, d, z):
        if next(calls) >= len(bp.check.bp2.cases):
            return then()
        return w.T @ d * ds(z) ** 2 + z

    verdict = bp.check.bp2(odd)
    assert verdict.mistakes == ()
    assert "none of the mistakes that this check knows" in verdict.text
