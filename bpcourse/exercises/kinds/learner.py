"""A learner's function is asked on inputs of our choice, and its answers are compared."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from bpcourse.exercises.answers import attempt
from bpcourse.exercises.mistake import Mistake
from bpcourse.network import Network
from bpcourse.text import listed, shown

NEAR = 1e-5  # relative to the largest number: what is told apart here differs by far more


class Unclear(Exception):
    """What was asked has no answer, or one that tells nothing."""


@dataclass(frozen=True)
class Learner:
    """The function behind an exercise's check: it gives named tables, or is `Unclear`."""

    check: object
    function: Callable

    def tables(self, *inputs) -> dict:
        answer, _ = attempt(self.function, inputs, self.check.arguments, self.check.read)  # type: ignore[attr-defined]
        if not isinstance(answer, dict):
            raise Unclear
        return answer

    def table(self, *inputs) -> np.ndarray:
        (answer,) = self.tables(*inputs).values()
        return answer


def near(one: Any, other: Any) -> bool:
    """Whether two tables are the same but for rounding."""
    one, other = np.asarray(one), np.asarray(other)
    if one.shape != other.shape or not (np.isfinite(one).all() and np.isfinite(other).all()):
        return False
    return bool((np.abs(one - other) <= NEAR * max(np.abs(other).max(initial=0), 1e-9)).all())


def shaped(found: np.ndarray, shape: tuple) -> np.ndarray:
    """`found`, if it has this shape."""
    if found.shape != shape:
        raise Unclear
    return found


def all_same(tables: list[np.ndarray]) -> bool:
    return all(near(table, tables[0]) for table in tables[1:])


def told(value: float) -> str:
    """A number in a sentence: three digits behind the point, and more of a small one."""
    small = 0 < abs(value) < 0.01
    return shown(float(value), min(9, 1 - int(np.floor(np.log10(abs(value))))) if small else 3)


def told_all(values) -> str:
    """The numbers of a table in a sentence."""
    return listed(map(told, np.ravel(values)))


Story = Iterator[Mistake]


def stories(kind: Callable[[Learner], Story], ask: Learner) -> list[Mistake]:
    """What a kind says, or that an input is not used; nothing where an answer tells nothing."""
    try:
        return list(unused(ask)) or list(kind(ask))
    except Unclear:
        return []


def unused(ask: Learner) -> Story:
    """Inputs without which nothing right can come, and with which the answer does not change."""
    check: Any = ask.check
    case, names = check.cases[1], []
    before = ask.tables(*case)
    for n, name in enumerate(check.arguments):
        is_net = isinstance(case[n], Network)
        other = Network(list(case[n].sizes), seed=1) if is_net else 0.37 * np.roll(case[n], 1) + 0.21
        after = ask.tables(*case[:n], other, *case[n + 1 :])
        if name not in check.optional and all(near(after[key], before[key]) for key in before):
            names.append(name)
    if names:
        yield story(
            f"{' and '.join(names)} not used",
            f"Your answer stays the same whatever {' and '.join(names)} {'is' if len(names) == 1 else 'are'}. Which "
            "symbol of the equation is that?",
        )


def story(name: str, sentence: str) -> Mistake:
    return Mistake(name).told(sentence)
