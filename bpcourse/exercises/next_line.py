"""Write the next line of a proof: a line in the notation of the course is judged on random networks.

A line is an equation, or a function of the notation's symbols, by their names, that returns one. It may be true and
new, true but a line that is there already, false, or no line at all; each gets its own sentence.
"""

import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache, cached_property
from traceback import extract_tb
from types import SimpleNamespace
from typing import Any

import numpy as np

from bpcourse.data import penguins
from bpcourse.exercises import running
from bpcourse.exercises.as_typed import COST_FIRST, KNOWN, TAKEN, in_words, with_the_symbols
from bpcourse.exercises.judging import Verdict
from bpcourse.exercises.repairs import slip, typed
from bpcourse.exercises.running import OutOfTime, in_time, said
from bpcourse.network import Network, backprop
from bpcourse.network.trace import Trace
from bpcourse.notation import C_x, L, Sum, a, b, delta, j, k, l, partial, sigma_prime, w, z
from bpcourse.notation.expressions import Equation, Expression
from bpcourse.notation.layers import Layerwide
from bpcourse.notation.length import too_long
from bpcourse.notation.symbols import Cost, Leaf, Partial, Sigma
from bpcourse.proofs import BP1, BP2, BP3, BP4
from bpcourse.proofs.derivation import Derivation, Line
from bpcourse.proofs.judge import TOLERANCE, agree
from bpcourse.text import shown

RANDOM_SIZES = ((3, 4, 2), (4, 2, 3), (5, 3, 4), (2, 5, 3, 4), (3, 2, 4, 5, 3))  # no two neighbours alike
WIDEST = max(map(max, RANDOM_SIZES))
NOT_JUDGED = "This is none of the lines that can be judged here."


class _NoLine(Exception):
    """What was given is not a line that can be judged, or not the one that is sought; its text says why."""


class _False(_NoLine):
    """A line that is false, or cannot be computed; the second argument is its right side."""

    def __str__(self) -> str:
        return self.args[0]


@dataclass(frozen=True, eq=False)
class NextLine:
    """The check of one next line. `proof` holds the line that the course would write, its only one.

    `begins` is its left side as it is typed, `earlier` the lines that are there already, by their numbers. `without`
    says what the line must no longer contain, and how to recognise it.
    """

    proof: Derivation
    begins: str
    earlier: dict[int, Equation]
    without: tuple[str, Callable[[Expression], bool]]
    hints: tuple[str, str, str]

    def hint(self, number: int) -> Verdict:
        """Hint 1, 2 or 3, each a step nearer."""
        if number not in (1, 2, 3):
            raise ValueError(f"there are the hints 1, 2 and 3; there is no hint {number!r}")
        return Verdict(False, self.hints[number - 1], latex="")

    def __call__(self, line: Equation | Callable) -> Verdict:
        """Judges a line, an equation or a function that returns one; it never raises for what a learner wrote."""
        latex = ""
        try:
            equation = in_time(lambda: self._equation(line))
            if too_long(equation, WIDEST):
                raise _NoLine("This line is too long to be tried out. Write it with fewer symbols and fewer Sums.")
            latex = equation.latex()
            right = self._right_side(equation)
            self._check_numbers(right)
            self._check_new(right)
        except _False as why:
            name, sentence = self._slip(why.args[1])
            return Verdict(False, f"{why} {sentence}".strip(), (name,) if name else (), latex)
        except _NoLine as why:
            return Verdict(False, str(why), latex=latex)
        except OutOfTime:
            endless = f"Your line did not end in {running.SECONDS:g} seconds. Is there a loop that never ends?"
            return Verdict(False, endless, latex="")
        except KeyboardInterrupt:
            return Verdict(False, "You stopped the check before it had come to a judgement.", latex="")
        except BaseException as error:
            return Verdict(False, f"{NOT_JUDGED} {type(error).__name__}: {said(error)}", latex="")
        as_here = right.canonical() == self.proof.lines[0].equation.members[1].canonical()
        other = "The course writes it in another way; both are right."
        return Verdict(True, f"True and new. {'This is the next line.' if as_here else other}", latex=latex)

    # Is it a line? ------------------------------------------------------------------------------------------------

    def _equation(self, line) -> Equation:
        if callable(line) and not isinstance(line, Sum):
            line = _called(line)
        if not isinstance(line, Equation):
            raise _NoLine(_what_it_is(line, self.begins))
        return line

    def _right_side(self, equation: Equation) -> Expression:
        """What stands beside the left side that is sought; an equation may be written from either end."""
        for part in equation.walk():
            if isinstance(part, Layerwide):
                raise _NoLine(f"This line is about a whole layer. Wanted is that of one neuron: {self.begins} == …")
            if isinstance(part, Partial) and isinstance(part.members[1], Cost):
                raise _NoLine(COST_FIRST)
            if isinstance(part, Leaf) and (turned := _turned(part)):
                raise _NoLine(turned)
            if isinstance(part, Cost) and not part.of_sample:
                raise _NoLine("C is the mean over many samples. This proof is about one of them: C_x.")
        left = self.proof.lines[0].equation.members[0]
        sides = [side for side in equation.members if side.canonical() == left.canonical()]
        if not sides:
            by_definition = isinstance(left, Leaf) and Partial(C_x, z[left.layer, *left.neurons]).canonical()
            if by_definition in [side.canonical() for side in equation.members]:
                raise _NoLine(f"This ∂C_x/∂z is δ by its definition. Write it by its name: {self.begins} == …")
            raise _NoLine(f"The left side is something else. The next line begins with {self.begins} == …")
        left, right = equation.members if sides[0] is equation.members[0] else reversed(equation.members)
        loose = right.loose() - left.loose() - {"L"}
        if loose:
            text = f"{min(loose)} has no value here: it stands on the right only, and no Sum lets it run."
            raise _False(text, right)
        return right

    # Is it true? --------------------------------------------------------------------------------------------------

    def _check_numbers(self, right: Expression) -> None:
        left = self.proof.lines[0].equation.members[0]
        for trace, told in _networks():
            wrong = []  # how far off, where, and both sides
            for at in self.proof.places(self.proof.lines[0], trace.net):
                try:
                    here, there = left.at(trace.net, **at), right.at(trace.net, **at)
                    with np.errstate(all="ignore"):
                        sought, found = here.compute(trace), there.compute(trace)
                        off, terms = np.abs(sought - found), there.magnitude(trace)
                        off = np.where(agree(sought, found) & np.isfinite(found), 0, off)  # these networks lose little
                except (IndexError, ValueError, ArithmeticError) as error:
                    raise _False(f"This cannot be computed on {told}, {_place(at)}: {error}.", right) from None
                n = int(off.argmax())
                if 0 < off[n] <= TOLERANCE * terms[n] < np.inf:
                    raise _NoLine(f"Nobody can tell on {told}, {_place(at)}: terms as large as {terms[n]:.1g} cancel, "
                                  "and no digits are left. Write it without them.")  # fmt: skip
                if off[n] != 0:
                    wrong.append((off[n], at, sought[n], found[n]))
            if wrong:
                _, at, one, other = max(wrong, key=lambda place: place[0])
                sides = f"the left side is {shown(one, 6)}, the right side {shown(other, 6)}"
                raise _False(f"False. On {told}, {_place(at)}: {sides}.", right)

    def _slip(self, right: Expression) -> tuple[str, str]:
        """The name of what is wrong in a false line, and what is said of it, with a hint."""

        left = self.proof.lines[0].equation.members[0]

        def true(line: Expression) -> bool:
            if line.loose() - left.loose() - {"L"}:
                return False
            try:
                with np.errstate(all="ignore"):
                    return all(agree(sought, line.at(trace.net, **at).compute(trace)).all()
                               for trace, at, sought in self._sought)  # fmt: skip
            except Exception:  # it cannot be computed
                return False

        try:
            name, sentence = in_time(lambda: slip(right, self.proof.lines[0].equation.members[1], true))
        except OutOfTime:
            name, sentence = "", ""
        return name, f"{sentence} Hint: {self.hints[0]}".strip()

    @cached_property
    def _sought(self) -> list[tuple[Trace, dict[str, int], np.ndarray]]:
        """The left side at every place of every network."""
        line = self.proof.lines[0]
        return [
            (trace, at, line.equation.members[0].at(trace.net, **at).compute(trace))
            for trace, _ in _networks()
            for at in self.proof.places(line, trace.net)
        ]

    # Is it new? ---------------------------------------------------------------------------------------------------

    def _check_new(self, right: Expression) -> None:
        left, (name, has) = self.proof.lines[0].equation.members[0], self.without
        written = right.canonical()
        for number, line in self.earlier.items():
            if written == line.members[1].canonical():
                again = "as it stands" if right.latex() == line.members[1].latex() else "written in another way"
                raise _NoLine(f"True, but not new: this is line {number}, {again}.")
        if any(part.canonical() == left.canonical() for part in right.walk()):
            raise _NoLine(f"True, but it explains nothing: {self.begins} stands on both sides.")
        if left_over := next(filter(has, right.walk()), None):
            why = " The slope ∂C_x/∂z is δ, by its definition." if isinstance(left_over, Partial) else ""
            raise _NoLine(f"True, but not yet the next line: it still contains {name}.{why}")


def _turned(leaf: Leaf) -> str:
    """A sentence if its neuron stands where its layer should."""
    layer, neuron = leaf.layer, leaf.neurons[-1]
    if str(layer)[:1] in "ijk" and str(neuron)[:1] in "lL":
        return f"In the brackets stands the layer first: {leaf.name}[{neuron}, {layer}], not {typed(leaf)}."
    return ""


# What a learner's line is ----------------------------------------------------------------------------------------


def _called(function: Callable):
    """What a function returns for the symbols that its parameters name."""
    try:
        names = list(inspect.signature(function).parameters)
    except Exception:  # it does not tell
        names = []
    strange = [name for name in names if name not in TAKEN]
    if strange:
        raise _NoLine(f"No symbol of the course is called {strange[0]}. There are: {', '.join(sorted(KNOWN))}.")
    try:
        return with_the_symbols(function)(**{name: TAKEN[name] for name in names})
    except (OutOfTime, KeyboardInterrupt):
        raise
    except BaseException as error:  # whatever it is, it is the learner's
        frames = [frame for frame in extract_tb(error.__traceback__) if frame.filename != __file__]
        line = frames[0].line if frames and frames[0].line else ""
        text = said(error)
        if isinstance(error, TypeError | IndexError | NameError) and (words := in_words(text, line)):
            raise _NoLine(words) from None
        place = f", `{line}`" if line else ""
        raise _NoLine(f"Python stopped in your line{place}. {type(error).__name__}{': ' * bool(text)}{text}") from None


def _what_it_is(line, begins: str) -> str:
    """A sentence for what is no equation."""
    wanted = f"a line such as {begins} == …"
    if line is ...:
        return "Not attempted yet. Put your line in the place of the three dots."
    if line is None:
        return "There is no line here, only None. Does the last line of your function begin with return?"
    if isinstance(line, bool | np.bool_):
        return f"This is {line}: == has compared two plain values. One side at least must be a symbol of the course."
    if isinstance(line, str):
        return f"This is a text. The line is wanted without quotation marks, {wanted}"
    if isinstance(line, list | tuple | dict | set):
        return f"This is a {type(line).__name__} of {len(line)}, and one line is wanted. Is there a comma too many?"
    if isinstance(line, int | float | complex | np.ndarray | np.number):
        return f"This is a number. The line is wanted in symbols, so that it can be tried on any network: {wanted}"
    if isinstance(line, Expression):
        return f"This is one side of a line. Write {begins} == in front of it."
    if isinstance(line, Sum):
        return "A Sum is waiting for its term, in parentheses of its own: Sum(k, l + 1)(…)."
    return f"This is of the type {type(line).__name__}; {wanted} is wanted."


# Where it is tried -----------------------------------------------------------------------------------------------


@cache
def _networks() -> tuple[tuple[Trace, str], ...]:
    return tuple(_made())


def _made() -> Iterator[tuple[Trace, str]]:
    """The drawn network with bird 128, then random ones, each with what it is called."""
    birds = penguins()
    yield backprop(Network([3, 4, 2], seed=38), birds.x[:, [128]], birds.y[:, [128]]), "the drawn 3-4-2 network"
    for seed, sizes in enumerate(RANDOM_SIZES):
        random = np.random.default_rng(seed)
        x, y = random.normal(size=(sizes[0], 2)), random.uniform(size=(sizes[-1], 2))
        named = "-".join(map(str, sizes))
        yield backprop(Network(list(sizes), seed=seed), x, y), f"another network, {named}, though not on the drawn one"


def _place(at: dict[str, int]) -> str:
    wire = f"the wire from neuron {at['k']} of layer {at['l'] - 1} to " if "k" in at else ""
    return f"{wire}neuron {at['j']} of layer {at['l']}"


# The lines -------------------------------------------------------------------------------------------------------


def _next(name: str, answer: Equation, before: Derivation, **more) -> NextLine:
    proof = replace(before, name=name, lines=(Line(answer, "Put in."),))
    at: Any = {"l": before.first} if before.first == before.last else {}  # then the lines before are about it too
    earlier: Any = {
        n: line.equation.bound((), at)
        for n, line in enumerate(before.lines, start=1)
        if not line.side and not isinstance(line.equation.members[0], Layerwide)
    }
    return NextLine(proof, earlier=earlier, **more)


def _is_error(part: Any) -> bool:
    """δ of any layer, by its name or by its definition."""
    by_definition = isinstance(part, Partial) and isinstance(part.members[0], Cost) and part.members[1].name == "z"
    return by_definition or getattr(part, "name", "") == "delta"


def _is_error_of_l(part: Any) -> bool:
    of = part.members[1] if isinstance(part, Partial) else part
    return _is_error(part) and str(of.layer) == "l"


bp1_next_line = _next(
    "BP1 with the slope of the sigmoid",
    delta[L, j] == partial(C_x, a[L, j]) * a[L, j] * (1 - a[L, j]),
    BP1,
    begins="delta[L, j]",
    without=("σ′", lambda part: isinstance(part, Sigma) and part.prime),
    hints=(
        "Only the last factor of line 6 changes. Which formula gives the slope of the sigmoid from σ(z)?",
        "σ′(z) = σ(z) (1 − σ(z)), and σ(z) of an output neuron has a name: a[L, j].",
        "The last factor becomes two: a[L, j] * (1 - a[L, j]). The first one stays, partial(C_x, a[L, j]).",
    ),
)
bp2_next_line = _next(
    "BP2 with BP1 put in",
    delta[L - 1, j] == Sum(k, L)(w[L, k, j] * partial(C_x, a[L, k]) * sigma_prime(z[L, k])) * sigma_prime(z[L - 1, j]),
    replace(BP2, first=L - 1),
    begins="delta[L - 1, j]",
    without=("an error δ", _is_error),
    hints=(
        "Write line 7 with L − 1 for l first. Which error is left on its right side, and which equation gives it?",
        "BP1 for output neuron k, instead of j: the slope of the cost by a[L, k], times sigma_prime(z[L, k]).",
        "Put these two factors in the place of delta[L, k], inside the Sum. The slope behind the Sum belongs to the "
        "hidden neuron, z[L - 1, j], and stays where it is.",
    ),
)
bp3_next_line = _next(
    "BP3 with BP2 put in",
    partial(C_x, b[l, j]) == Sum(k, l + 1)(w[l + 1, k, j] * delta[l + 1, k]) * sigma_prime(z[l, j]),
    replace(BP3, last=L - 1),
    begins="partial(C_x, b[l, j])",
    without=("the error of the same layer", _is_error_of_l),
    hints=(
        "The right side of line 4 is one symbol. Which equation says what it is made of, for a hidden neuron?",
        "BP2 for one neuron: a sum over the neurons k of layer l + 1, times a slope.",
        "Inside the Sum stand the weight w[l + 1, k, j] and the error delta[l + 1, k]; behind it sigma_prime(z[l, j]).",
    ),
)
bp4_next_line = _next(
    "BP4 with BP3 put in",
    partial(C_x, w[l, j, k]) == partial(C_x, b[l, j]) * a[l - 1, k],
    BP4,
    begins="partial(C_x, w[l, j, k])",
    without=("an error δ", _is_error),
    hints=(
        "One factor of line 4 has a second name. Which notebook gave it?",
        "BP3: the error of a neuron is the gradient of its bias.",
        "Put partial(C_x, b[l, j]) in the place of delta[l, j]. The activation stays.",
    ),
)

next_line = SimpleNamespace(bp1=bp1_next_line, bp2=bp2_next_line, bp3=bp3_next_line, bp4=bp4_next_line)
