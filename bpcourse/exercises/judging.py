"""How an exercise is judged, and how a mistake is recognised: by what it would give on the same data.

An exercise is told as a few places at which one can go wrong. At each place stands the right way, and beside it the
classic mistakes, as functions. Each mistake, and every two at different places, is computed on the same cases as the
learner's function; the first that gives the learner's numbers, shapes and refusals is the one that was made.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations
from types import SimpleNamespace

import numpy as np

from bpcourse.exercises.answers import NOT_YET, Unusable, attempt, not_attempted, same, stopped, table, wrong_call
from bpcourse.exercises.kinds.asking import Learner, stories
from bpcourse.exercises.mistake import Mistake
from bpcourse.exercises.remarks import at_sight, no_numbers, remark
from bpcourse.exercises.running import in_time, noticing, quietly
from bpcourse.text import displayed, literal, readable


def wrapped(text: str) -> str:
    """`text` in lines of a width that a notebook shows whole: JupyterLab breaks longer ones in the middle of a word."""
    return "\n".join(
        textwrap.fill(line, 76, subsequent_indent="   " * line[:1].isdigit(), break_long_words=False)
        for line in text.splitlines()
    )


class Text(str):
    """A string that a notebook shows without quotes."""

    __slots__ = ()

    def __repr__(self) -> str:
        return wrapped(self)


@dataclass(frozen=True)
class Verdict:
    """What a check says. It counts as true if the answer was right; `mistakes` are the names of those recognised.

    A line of a proof is shown typeset above the text, from its `latex`, if there is any; None where none is asked for.
    """

    right: bool
    text: str
    mistakes: tuple[str, ...] = ()
    latex: str | None = None

    def __bool__(self) -> bool:
        return self.right

    def __repr__(self) -> str:
        text = readable(self.text)
        return wrapped(text) if self.latex is None else text

    def _repr_markdown_(self) -> str | None:
        if self.latex is None:
            return None
        return "\n\n".join([*map(displayed, filter(None, [self.latex])), literal(self.text)])


IN_PLACE = (
    "Your function changes {}, which belongs to whoever calls it: their next line reads other numbers. Make a new "
    "table, as in c = a * b, and leave the old one alone (no *=, += or [...] = on it)."
)
NOT_YOURS = (
    "The numbers are right, but {} has computed them, and that is what this exercise asks you to write. Put lines of "
    "your own in the place of the call."
)


@dataclass(frozen=True, eq=False)
class Check:
    """The check of one exercise: call it with your function. `hint(1)`, `hint(2)` and `hint(3)` lead step by step.

    `places` names at each place the right way and its mistakes; `answer(way, *inputs)` computes the exercise with one
    way at each place; `make_cases(random)` gives inputs of different sizes. In some cases all sizes are equal: there
    a missing transpose gives numbers too. They name mistakes; the others are what an answer must stand.
    `kind` tells what is wrong in an answer that none of them explains; `optional` are inputs that can be left aside.
    `asked_for` are the functions of the course that do what the learner should write.
    With this `seed` no right number is a small difference of large ones, so a computation in float32 stays close.
    """

    name: str
    call: str
    returns: str
    places: Mapping[str, tuple]
    answer: Callable
    make_cases: Callable[[np.random.Generator], list[tuple]]
    hints: tuple[str, str, str]
    kind: Callable = lambda ask: ()
    optional: tuple[str, ...] = ()
    read: Callable = table
    asked_for: tuple[Callable, ...] = ()
    seed: int = 0
    _memory: dict = field(default_factory=dict, init=False, repr=False)

    def __repr__(self) -> str:
        return wrapped(
            f"bp.check.{self.name}(my_function) judges a function of {self.call} that returns {self.returns}. "
            f"Hints: bp.check.{self.name}.hint(1), then 2 and 3."
        )

    def hint(self, number: int) -> str:
        """Hint 1, 2 or 3, each a step nearer. Raises ValueError for other numbers."""
        if number not in (1, 2, 3):
            raise ValueError(f"there are the hints 1, 2 and 3; it is {number!r}")
        return Text(self.hints[number - 1])

    def __call__(self, function: Callable) -> Verdict:
        """Judges a function; whatever it does, the answer is a sentence."""
        try:
            with quietly():  # also what is left over of a function may warn
                return self._judged(function)
        except KeyboardInterrupt:
            return Verdict(False, "You stopped the check before it had come to a judgement. Run the cell again.")

    def _attempts(self, function: Callable) -> tuple[list[tuple[object, str]], set[str]]:
        """What a function gives in each case, and what it calls of that which it should do itself."""
        if function is None or function is ... or not_attempted(function):
            raise Unusable(NOT_YET)
        if not callable(function):
            raise Unusable(f"The check wants the function itself, without brackets behind its name: "
                           f"bp.check.{self.name}(my_function).")  # fmt: skip
        if problem := wrong_call(function, self.arguments):
            raise Unusable(problem)
        with noticing(self.asked_for) as called:
            return [attempt(function, case, self.arguments, self.read) for case in self.cases], called

    def _judged(self, function: Callable) -> Verdict:
        cases = len(self.cases)  # made before the time runs
        try:
            attempts, called = in_time(lambda: self._attempts(function))
        except Unusable as problem:
            return Verdict(False, str(problem))
        except BaseException as error:  # whatever it is, it is the learner's
            return Verdict(False, stopped(error, function))
        found, changed = [answer for answer, _ in attempts], next((name for _, name in attempts if name), "")
        right = all(same(answer, wanted) for answer, wanted in zip(found, self.wanted, strict=True))
        if right and not changed and called:
            return Verdict(False, NOT_YOURS.format(" and ".join(f"bp.{name}" for name in sorted(called))))
        if right and not changed:
            return Verdict(True, f"Right, in all {cases} trials: many sizes, one sample and many.")
        mistakes = [] if right else [mistake for _, mistake in self._recognised(found)]
        if changed:
            mistakes = [Mistake("in-place change of the inputs").told(IN_PLACE.format(changed)), *mistakes]
        plain = "" if mistakes else at_sight(self, found)
        if not mistakes and (not plain or any(map(no_numbers, found))):
            mistakes = self._of_a_kind(function)
        if not mistakes:
            return Verdict(False, plain or remark(self, found))
        names = tuple(dict.fromkeys(mistake.name for mistake in mistakes))
        said = list(dict.fromkeys(mistake.sentence for mistake in mistakes))
        if len(said) > 1:
            said = ["More than one thing needs mending.", *(f"{n}. {line}" for n, line in enumerate(said, start=1))]
        return Verdict(False, "\n".join(said), names)

    # What right answers and mistakes give -------------------------------------------------------------------------

    @property
    def arguments(self) -> tuple[str, ...]:
        """The names of what the learner's function is given."""
        return tuple(self.call.strip("(,)").split(", "))

    @cached_property
    def cases(self) -> list[tuple]:
        """The inputs on which an answer is judged."""
        return self.make_cases(np.random.default_rng(self.seed))

    @cached_property
    def wanted(self) -> list[dict]:
        """The right answers."""
        return [self.read(self.made(())(*case)) for case in self.cases]

    @cached_property
    def slips(self) -> list[tuple[tuple[str, Mistake], ...]]:
        """Every single mistake with its place, then every two at different places."""
        single = [(place, mistake) for place, (_, *mistakes) in self.places.items() for mistake in mistakes]
        return [*((one,) for one in single), *(pair for pair in combinations(single, 2) if pair[0][0] != pair[1][0])]

    def made(self, slip: tuple[tuple[str, Mistake], ...]) -> Callable:
        """The function of someone who makes these mistakes; the right one if there are none."""
        ways = {place: right for place, (right, *_) in self.places.items()}
        way = SimpleNamespace(**(ways | {place: mistake.way for place, mistake in slip}))
        return lambda *inputs: self.answer(way, *inputs)

    def expected(self, slip: tuple[tuple[str, Mistake], ...], n: int) -> object:
        """What these mistakes give on case n, or an `Unusable`."""
        if (slip, n) not in self._memory:
            try:
                with quietly():
                    self._memory[slip, n] = self.read(self.made(slip)(*self.cases[n]))
            except Exception:  # numpy refuses it, or it is nothing that can be compared
                self._memory[slip, n] = Unusable()
        return self._memory[slip, n]

    # Recognising --------------------------------------------------------------------------------------------------

    def _recognised(self, found: list) -> tuple[tuple[str, Mistake], ...]:
        """The mistakes that were made, or none: first those that also refuse the same cases, then those that need not.

        Refusals alone prove nothing, and neither do right numbers; the second round needs a wrong one.
        """
        given = [isinstance(answer, dict) for answer in found]
        wrong = [g and not same(*pair) for g, *pair in zip(given, found, self.wanted, strict=True)]
        order = sorted(range(len(found)), key=lambda n: (not wrong[n], not given[n]))
        for slip in self.slips if any(given) else []:
            if all(self._fits(slip, n, found[n], refuses=True) for n in order):
                return slip
        for slip in self.slips if any(wrong) else []:
            if all(self._fits(slip, n, found[n], refuses=False) for n in order):
                return slip
        return ()

    def _of_a_kind(self, function: Callable) -> list[Mistake]:
        """What is wrong if it is none of the mistakes that are known, found out by asking the function more."""
        try:
            return in_time(lambda: stories(self.kind, Learner(self, function)))
        except KeyboardInterrupt:
            raise
        except BaseException:  # it is another one each time, or does not end
            return []

    def _fits(self, slip, n: int, answer: object, refuses: bool) -> bool:
        expected = self.expected(slip, n)
        if isinstance(answer, dict):
            return same(answer, expected)
        return not refuses or not isinstance(expected, dict)
