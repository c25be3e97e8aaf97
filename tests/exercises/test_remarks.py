"""What is said of wrong answers that are none of the known mistakes: what their numbers show, and no more."""

from dataclasses import replace

import numpy as np
import pytest

import bpcourse as bp
from bpcourse.exercises.answers import same
from bpcourse.exercises.kinds.asking import Unclear


def right(w_next, delta_next, z):
    return bp.hidden_error(w_next, delta_next, bp.sigmoid_prime(z))


def stops(w_next, delta_next, z):
    """An index too far."""
    back = np.zeros(z.shape)
    back[len(z)] = delta_next[0]
    return back


def single_sample(w_next, delta_next, z):
    return np.reshape([w_next[:, j] @ delta_next[:, 0] * bp.sigmoid_prime(z[j, 0]) for j in range(len(z))], (-1, 1))


def gradients(change):
    return lambda net, x, y: change(bp.backprop(net, x, y))


SIZES = "The check tries layers of many sizes: take sizes from .shape"


@pytest.mark.parametrize(
    ("check", "function", "said"),
    [
        ("bp2", lambda w, d, z: print(end=""), "None. Is there a `return`"),
        ("bp2", lambda w, d, z: np.where(z > 9, 1, np.nan) * z, "NaN"),
        ("bp2", lambda w, d, z: 1 / (z - z), "infinite"),
        ("bp2", lambda w, d, z: "δ", "must be real numbers; it is 'δ'"),
        ("bp2", lambda w, d, z: right(w, d, z).astype(np.float16), "float16"),
        ("bp2", lambda w, d, z: np.ones((7, 2)), "shape (7, 2) and should have (3, 1). Expected is δ^l"),
        ("bp2", lambda w, d: w, "takes (w, d), and the exercise calls it with 3 arguments: (w_next, delta_next, z)"),
        ("bp2", stops,
         "stopped in line 4 of your function: `back[len(z)] = delta_next[0]`. IndexError: index 3 is out of"),
        ("bp2", lambda w, d, z: stops(w, d, z), "IndexError: index 3 is out of bounds"),
        ("bp2", lambda w, d, z: undefined, "NameError: name 'undefined' is not defined"),  # noqa: F821
        ("bp2", np.ones((3, 1)), "wants the function itself, without brackets"),
        ("bp2", lambda w, d, z: 3 * right(w, d, z), "Every number is 3 times what it should be"),
        ("bp2", single_sample, "With one sample your answer is right; with many samples, one a column, it is not."),
        ("bp2", lambda w, d, z: z if z.shape[1] == 1 else right(w, d, z), "With many samples your answer is right"),
        ("bp2", lambda w, d, z: np.array([z[3] for _ in z]), f"{SIZES}, and remember that Python counts from 0."),
        ("bp2", lambda w, d, z: np.zeros((4, 1)), "It is the same for layers of every size: take sizes from .shape."),
        ("bp2", lambda w, d, z: np.zeros((7, 2)) + z, f"{SIZES}."),
        ("bp2", lambda w, d, z: {1: z}[2], "KeyError: 2: nothing is kept for layer 2."),
        ("bp2", lambda w, d, z: {"z": z}["a"], "KeyError: 'a'"),
        ("bp2", lambda w, d, z: (right(w, d, z), z), "Your answer is a tuple of 2. Return one thing"),
        ("bp2", lambda w, d, z: right(w, d, z).tolist(), "Your answer is a list. Make a table of it"),
        ("bp2", lambda w, d, z: z + 1j, "must be real numbers; yours are complex."),
        ("cost", lambda a, y: list(((a - y) ** 2).sum(axis=0)), "is a list of 1, and one number is wanted"),
        ("backprop", lambda net, x, y: (x, y, net), "grad_b and grad_w; it returned a tuple of 3."),
        ("backprop", lambda net, x, y: (x, y), "{2: …, 3: …}; it is a table of the shape (3, 1)."),
        ("bp2", lambda w, d, z: np.ones((2, 3)) @ np.ones((4, 1)),
         "ValueError in a matrix product: columns of the left table 3, rows of the right one 4; not the same."),
        ("bp2", lambda w, d, z: right(w, d, z).round(3), "Your numbers are rounded to 3 digits"),
        ("bp2", lambda w, d, z: abs(right(w, d, z)), "right but for some signs"),
        ("bp2", lambda w, d, z: right(w, d, z) * (1 if len(z) == 5 else w[0, 0]), "Right in 1 of 11 trials; one of "),
        ("bp2", lambda w, d, z: right(w, d, z) + (np.arange(len(z)) == 0)[:, None], "those of the first row or column"),
        ("bp3", lambda d: d.sum(axis=1, keepdims=True) / 219, "You divide by 219 each time."),
        ("bp3", lambda d: abs(d).mean(axis=1, keepdims=True), "fits such a trial and no other"),
        ("bp4", lambda a, d: d @ a.T / 5, "You divide by 5 each time."),
        ("bp2", lambda w, d, z: right(w, d, z) / len(z), "should be, divided by the number of neurons of the layer."),
        ("bp2", lambda w, d, z: right(w, d, z) / z.size**0.5, "by the root of the number of entries of the table."),
        ("bp2", lambda w, d, z: right(w, d, z) * 2 / len(w), "times 2 and divided by the number of neurons of the"),
        ("backprop", gradients(lambda t: (t.grad_b, {l: g / len(g) for l, g in t.grad_w.items()})),
         "Those of grad_w are what they should be, divided by the number of neurons of the layer."),
        ("cost", lambda a, y: np.mean((a - y)[0] ** 2 + (a - y)[1] ** 2) / 2, "one of them has a of shape (2, 1)"),
        ("backprop", gradients(lambda t: (t.grad_b, {l: grad / 2 for l, grad in t.grad_w.items()})),
         "Every number of grad_w is 0.5 times what it should be. All of grad_b is right."),
        ("backprop", gradients(lambda t: [{l: 3 * g[l] for l in sorted(g)[::-1]} for g in (t.grad_b, t.grad_w)]),
         "Every number is 3 times"),
        ("backprop", gradients(lambda t: t), "must return two things, grad_b and grad_w"),
        ("backprop", gradients(lambda t: (t.delta[2], t.grad_w)), "grad_b must have one table for each layer"),
        ("backprop", gradients(lambda t: (t.grad_b, {2: t.grad_w[2]})), "Expected are grad_b[2]"),
        ("backprop", gradients(lambda t: (t.grad_b, {2: t.grad_w[2].tolist()})), "grad_w[2] is a list"),
        ("backprop", gradients(lambda t: (t.grad_b, [None for _ in t.grad_w])), "grad_w[2] is None"),
    ],
)  # fmt: skip
def test_what_the_numbers_show_is_told(check, function, said):
    verdict = getattr(bp.check, check)(function)
    assert not verdict
    assert said in verdict.text
    assert verdict.mistakes == ()
    assert "\n" not in verdict.text
    assert "loop" not in verdict.text or "KeyError" in verdict.text


@pytest.mark.parametrize(
    ("check", "function", "said"),
    [
        ("bp2", lambda w, d, z: z, "none of the mistakes that this check knows"),
        ("bp2", lambda w, d, z: right(w, d, z) + (np.arange(len(z)) == 1)[:, None], "% are right, the others are not"),
        ("step", lambda n, x, y, eta: bp.gradient_step(bp.backprop(n, x, y), 0.5),
         "one of them has net of sizes 3-4-2, x of"),
        ("backprop", gradients(lambda t: ({l: grad + (l < t.net.L) for l, grad in t.grad_b.items()}, t.grad_w)),
         "those in grad_b of the last layer and those in grad_w. Look for"),
    ],
)  # fmt: skip
def test_what_is_left_to_say_where_no_kind_tells_anything(check, function, said):
    def silent(ask):
        raise Unclear
        yield

    check = getattr(bp.check, check)
    verdict = replace(check, kind=silent, optional=check.arguments)(function)
    assert said in verdict.text
    assert verdict.mistakes == ()


@pytest.mark.parametrize("place", [np.s_[-1], np.s_[:, -1]])
def test_a_loop_is_suspected_where_the_last_row_or_column_alone_is_wrong(place):
    def misses(w, d, z):
        out = right(w, d, z)
        out[place] = 0
        return out

    verdict = bp.check.bp2(misses)
    assert "Does every loop reach its last row and column" in verdict.text
    assert verdict.mistakes == ()


def test_the_trials_that_are_called_right_are():
    check = bp.check.bp4

    def function(a, d):
        return d @ a.T / (d.shape[1] if len(a) in (1, 2, 4) else 7.5 + a[0, 0])

    good = sum(
        same({"your answer": function(*case)}, wanted) for case, wanted in zip(check.cases, check.wanted, strict=True)
    )
    assert good > 0
    assert f"Right in {good} of {len(check.cases)} trials" in check(function).text
