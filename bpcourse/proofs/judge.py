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
SIGNS = SAME, FALSE, LOST = "=", "≠", "≟"  # between two sides; the last where double precision cannot tell


@dataclass(frozen=True, eq=False)
class Judged:
    """Two sides in double precision, and of each number whether it is `false` or, neither true nor false, `lost`."""

    sought: np.ndarray
    found: np.ndarray
    false: np.ndarray
    lost: np.ndarray

    @property
    def sign(self) -> str:
        """What stands between the two sides, one of `SIGNS`."""
        return FALSE if self.false.any() else LOST if self.lost.any() else SAME


def judge(lefts: Sequence[Expression], right: Expression, trace: Trace, memory: dict | None = None) -> Iterator[Judged]:
    """Compares each of `lefts` with `right`, their indices put in, on a trace of `backprop` or `forward`.

    Whoever judges many lines on one trace gives a `memory`, empty at first: a pass with fifty digits takes long.
    """
    memory = {} if memory is None else memory
    with np.errstate(all="ignore"):
        found = right.compute(trace)
        for left in lefts:
            sought = left.compute(trace)
            false = ~agree(sought, found)
            lost = np.zeros_like(false)
            if false.any():
                false, lost = _with_many_digits((left, right), (sought, found), trace, false, memory)
            yield Judged(sought, found, false, lost)


def agree(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Where two numbers are the same to nine digits."""
    return np.abs(one - other) <= TOLERANCE * np.maximum(np.abs(one), np.abs(other))


def _again(trace: Trace) -> Trace:
    """The passes of a trace once more, which may be somebody's own."""
    return forward(trace.net, trace.x) if trace.y is None else both_passes(trace.net, trace.x, trace.y)


def _exactly(trace: Trace, samples: Any) -> Any:
    """The passes of a trace with fifty digits."""
    many: Any = exactly(trace, samples)
    if trace.y is not None:
        many = both_passes(many.net, many.x, many.y)
        many = replace(many, cost=many.cost_x.mean())  # which is a float there
    return many


def _with_many_digits(expressions, sides, trace: Trace, doubtful, memory: dict) -> tuple[np.ndarray, np.ndarray]:
    """What is false and what is lost, of what is doubtful."""
    samples: Any = slice(None)  # a mean needs them all
    if doubtful.shape[-1] == trace.x.shape[1]:
        samples = doubtful.reshape(-1, trace.x.shape[1]).any(axis=0)
    which = samples.tobytes() if isinstance(samples, np.ndarray) else b""
    false, lost = np.zeros_like(doubtful), np.zeros_like(doubtful)
    try:
        if which not in memory:
            memory[which] = _again(trace), _exactly(trace, samples)
        again, many = memory[which]
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
