"""The judge: whether two sides of a line are the same on a network, or whether double precision cannot tell.

Two numbers that agree to nine digits are the same, however small they are. Where they do not, the pass is computed
again with fifty digits, which show what each side is and how much of it double precision has lost.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from bpcourse.exact import KEPT, exactly
from bpcourse.network import forward
from bpcourse.network.backprop import both_passes
from bpcourse.network.trace import Trace
from bpcourse.notation.expressions import Expression
from bpcourse.notation.layers import LayerPartial
from bpcourse.notation.symbols import Partial

TOLERANCE = 1e-9  # relative


@dataclass(frozen=True, eq=False)
class Judged:
    """Two sides in double precision, and of each number whether it is `false` or, neither true nor false, `lost`."""

    sought: np.ndarray
    found: np.ndarray
    false: np.ndarray
    lost: np.ndarray

    @property
    def sign(self) -> str:
        """What stands between the two sides: = or ≠, or ≟ where double precision cannot tell."""
        return "≠" if self.false.any() else "≟" if self.lost.any() else "="


def judge(lefts: Sequence[Expression], right: Expression, trace: Trace) -> Iterator[Judged]:
    """Compares each of `lefts` with `right`, their indices put in, on a trace of `backprop` or `forward`."""
    with np.errstate(all="ignore"):
        found = right.compute(trace)
        for left in lefts:
            sought = left.compute(trace)
            false = ~agree(sought, found)
            lost = np.zeros_like(false)
            if false.any():
                false, lost = _with_many_digits((left, right), (sought, found), trace, false)
            yield Judged(sought, found, false, lost)


def agree(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Where two numbers are the same to nine digits."""
    return np.abs(one - other) <= TOLERANCE * np.maximum(np.abs(one), np.abs(other))


def _with_many_digits(expressions, sides, trace: Trace, doubtful: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """What is false and what is lost, of what is doubtful."""
    net, x, y = trace.net, trace.x, trace.y
    samples: Any = slice(None)  # a mean needs them all
    if doubtful.shape[-1] == x.shape[1]:
        samples = doubtful.reshape(-1, x.shape[1]).any(axis=0)
    false, lost = np.zeros_like(doubtful), np.zeros_like(doubtful)
    again = forward(net, x) if y is None else both_passes(net, x, y)  # the trace may be somebody's own
    try:
        many: Any = exactly(trace, samples)
        if y is not None:
            many = both_passes(many.net, many.x, many.y)
            many = replace(many, cost=many.cost_x.mean())  # which is a float there
        exact = [expression.compute(many) for expression in expressions]
    except (OverflowError, ZeroDivisionError):
        return false, doubtful
    nothing = many.net.nothing
    size = [np.abs(value) for value in exact]
    zero = (size[0] <= nothing) & (size[1] <= nothing)
    wrong = np.abs(exact[0] - exact[1]) > np.maximum(*size) * 1e-20 + nothing
    gone, off = np.zeros_like(wrong), np.zeros_like(wrong)
    terms = expressions[1].magnitude(trace)[..., samples]
    for expression, given, value in zip(expressions, sides, exact, strict=True):
        if isinstance(expression, Partial | LayerPartial):  # known by its definition, with all its digits
            continue
        loss = np.abs(expression.compute(again)[..., samples] - value)
        gone = gone | ~zero & ~(loss <= KEPT * np.abs(value))
        allowed = 4 * loss + TOLERANCE * np.where(zero, terms, np.abs(value))
        off = off | ~(np.abs(given[..., samples] - value) <= allowed)
    false[..., samples] = wrong | off & ~gone
    lost[..., samples] = gone & ~wrong
    return false, lost
