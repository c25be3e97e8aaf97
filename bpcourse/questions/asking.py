"""What a prediction is: a question about a network and one sample, answers to choose from, and a reason for each."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from bpcourse.trace import Trace


@dataclass(frozen=True)
class Answers:
    """The reason for each answer, by its label; which label is right; and the parts of the network that show it."""

    reasons: Mapping[str, str]
    right: str
    select: str
    lit: tuple[str, ...] = field(default=())


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
    """The last hidden layer."""
    if trace.net.L < 3:
        raise ValueError(f"this question needs a hidden layer; the network has the layers {trace.net.sizes}")
    return trace.net.L - 1
