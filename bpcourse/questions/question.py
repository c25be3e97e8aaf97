"""What a question is, and what the answers to all of them need: which is right, and how numbers are told."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from bpcourse.network.trace import Trace
from bpcourse.text import listed, shown, written


@dataclass(frozen=True)
class Answers:
    """The reason for each answer, by its label; which label is right; and the parts of the network that show it.

    `how` says how one could have known it, from the factors that play.
    """

    reasons: Mapping[str, str]
    right: str
    select: str
    lit: tuple[str, ...] = ()
    how: str = ""


@dataclass(frozen=True)
class Question:
    """A question about a network: `answers(trace)` says what may be chosen and what is right.

    The live network waits at the step `opens`, such as `"BP1"`, where the answer is not to be seen yet, and then plays
    the step `shows`, the first of that name or, with `last`, the last; `look` says what is to be seen there.
    """

    text: str
    opens: str
    shows: str
    look: str
    answers: Callable[[Trace], Answers]
    last: bool = False


def last_hidden(trace: Trace) -> int:
    if trace.net.L < 3:
        raise ValueError(f"this question needs a hidden layer; the network has the layers {trace.net.sizes}")
    return trace.net.L - 1


def neurons(trace: Trace, first: int) -> list[tuple[int, int]]:
    """The neurons from layer `first` on."""
    return [(l, j) for l in range(first, trace.net.L + 1) for j in range(1, trace.net.sizes[l - 1] + 1)]


def largest(table: np.ndarray) -> tuple[int, ...]:
    """Where the largest number stands, counting size and not sign, from 0."""
    return tuple(map(int, np.unravel_index(np.abs(table).argmax(), table.shape)))


def asked_of(values: np.ndarray, what: str) -> set[tuple[int, ...]]:
    """The places that may be asked for the largest: of those that share the first place, only the first.

    Raises ValueError if then there is nothing left to compare.
    """
    first = np.unravel_index(values.argmax(), values.shape)
    less = np.argwhere(~np.isclose(values, values[first], rtol=1e-9, atol=0)).tolist()
    if not less:
        raise ValueError(f"this question compares {what}; here there is one, or all are equal")
    return {tuple(map(int, first)), *map(tuple, less)}


def judged(told: Mapping[str, tuple], found: object, needs: str, select: str, *lit: str, how: str) -> Answers:
    """The answers, of which each claims something and has a reason: right is the one that claims what was `found`.

    Of two that claim the same, the first is asked.
    """
    claims = [claimed for claimed, _ in told.values()]
    asked = {label: told[label] for n, label in enumerate(told) if claims.index(claims[n]) == n}
    right = [label for label, (claimed, _) in asked.items() if claimed == found]
    if not found or not right:
        raise ValueError(f"this question needs a {needs}")
    return Answers({label: reason for label, (_, reason) in asked.items()}, right[0], select, (*lit, "cost"), how)


def said(value: float) -> str:
    """A number as the picture shows it; one that would read 0.000 and is not 0, with the digits that it needs."""
    text = shown(value)
    if float(text.replace("−", "-")) or not value:
        return text if value else "0"
    return shown(value, 1 - int(np.floor(np.log10(abs(value)))))


def times(ratio: float, least: float = 0.1) -> str:
    """A factor in words: 1.28, or 1/181 for one below `least`."""
    if ratio >= least:
        return f"{ratio:.0f}" if ratio >= 20 else shown(ratio, 2)
    one_in = 1 / ratio if ratio else 0.0
    return f"1/{one_in:.2g}" if 0 < one_in < 10 else f"1/{one_in:.0f}" if ratio else "0"


def carried(trace: Trace, l: int, j: int) -> tuple[np.ndarray, float, float]:
    """What the wires of neuron j of a hidden layer l bring it, product by product; their sum; and its slope."""
    products = trace.net.w[l + 1][:, j - 1] * trace.delta[l + 1][:, 0]
    return products, float(products.sum()), float(trace.sigma_prime(l)[j - 1, 0])


def by_hand(value: float, rounded: float) -> str:
    """A number, and what the rounded numbers give if that is another."""
    return said(value) if said(rounded) == said(value) else f"{said(value)} ({said(rounded)} from the rounded numbers)"


def wires_out(trace: Trace, l: int, j: int) -> str:
    """The wires that leave a neuron of layer l, each weight with its number."""
    return listed(f"{written('w', l + 1, i, j)} = {said(w)}" for i, w in enumerate(trace.net.w[l + 1][:, j - 1], 1))
