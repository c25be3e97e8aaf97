"""What a learner's function gave back: read as named tables, or one sentence why it cannot be compared.

The learner's code runs here, on copies, and nothing that it does gets out but a sentence.
"""

from __future__ import annotations

import ast
import contextlib
import inspect
import re
import textwrap
import traceback
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import FunctionType, MethodType
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from bpcourse.exercises import running
from bpcourse.exercises.running import OutOfTime, quietly, said
from bpcourse.network import Network

CLOSE = 4e-6  # relative, for each number: one tolerance that takes a computation in float32, which knows seven digits
LARGEST, MOST = 1e100, 1_000_000  # a number, and how many in a table; what the exercises ask for is far below both
NOT_YET = "Not attempted yet: replace the ... by your answer and run both cells."

Tables = dict[str, np.ndarray]


def brief(value: object) -> str:
    """A value as Python writes it, on one line and not too long; of what is long, only what it is."""
    if isinstance(value, np.ndarray):
        return f"a table of the shape {value.shape}"
    if isinstance(value, list | tuple):
        return f"a {type(value).__name__} of {len(value)}"
    try:
        return f"{' '.join(repr(value).split()):.60}"
    except Exception:
        return f"something of the type {type(value).__name__}"


class Unusable(Exception):
    """An answer that cannot be compared with anything; its text says why."""


def same(one: object, other: object) -> bool:
    """Whether two answers have the same tables, shapes and numbers but for rounding."""
    if not isinstance(one, dict) or not isinstance(other, dict) or one.keys() != other.keys():
        return False
    pairs = [(one[name], other[name]) for name in one]
    return all(a.shape == b.shape and (np.abs(a - b) <= CLOSE * np.abs(b)).all() for a, b in pairs)


# Running it ----------------------------------------------------------------------------------------------------------


def not_attempted(function: Callable) -> bool:
    """Whether there is nothing in a function but a docstring, `...`, `pass` or an empty `return`."""
    try:
        (definition, *_) = ast.parse(textwrap.dedent(inspect.getsource(function))).body
    except Exception:  # it has no source, or is in the middle of a line, or is something else altogether
        return False
    return isinstance(definition, ast.FunctionDef) and all(map(_does_nothing, definition.body))


def _does_nothing(statement: ast.stmt) -> bool:
    if isinstance(statement, ast.Expr):
        return isinstance(statement.value, ast.Constant)
    if isinstance(statement, ast.Return) and isinstance(statement.value, ast.Constant):
        return statement.value.value in (None, ...)
    return isinstance(statement, ast.Pass) or (isinstance(statement, ast.Return) and statement.value is None)


def wrong_call(function: Callable, arguments: Sequence[str]) -> str:
    """One sentence if `function` cannot be called with these arguments, else nothing."""
    try:
        parameters = inspect.signature(function)
    except Exception:  # some functions written in C do not tell
        return ""
    try:
        parameters.bind(*arguments)
    except TypeError:
        return (
            f"Your function takes {parameters}, and the exercise calls it with {len(arguments)} "
            f"argument{'s' * (len(arguments) > 1)}: ({', '.join(arguments)})."
        )
    return ""


def attempt(
    function: Callable, inputs: Sequence, arguments: Sequence[str], read: Callable, unlocked: bool = False
) -> tuple[object, str]:
    """The answer to one case, read, or an `Unusable` that says why there is none; and the input that was changed.

    The function is given copies. With `unlocked` it may write to the tables of its network.
    """
    given = [_own(value, unlocked) for value in inputs]
    answer: object
    changed = ""
    try:
        with quietly():
            answer = read(function(*given))
    except Unusable as problem:
        answer = Unusable(*problem.args)  # without what the other one holds on to
    except (OutOfTime, KeyboardInterrupt):
        raise
    except BaseException as error:
        if not unlocked and isinstance(error, ValueError) and "read-only" in said(error):
            _, changed = attempt(function, inputs, arguments, read, unlocked=True)  # was it one of the network's?
        answer = Unusable(stopped(error, function))
    for name, now, before in zip(arguments, given, inputs, strict=True):
        if not _unchanged(now, before):
            changed = name
    return answer, changed


def _own(value: Any, unlocked: bool) -> Any:
    """A copy of an input, which shares no memory with it."""
    if isinstance(value, np.ndarray):
        return value.copy()
    if not isinstance(value, Network):
        return value
    w, b = ({l: table.copy() for l, table in tables.items()} for tables in (value.w, value.b))
    net = value.stepped(w, b)
    for table in (*w.values(), *b.values()):
        table.flags.writeable = unlocked
    return net


def _unchanged(now: Any, before: Any) -> bool:
    if isinstance(before, Network):
        with contextlib.suppress(Exception):  # it was taken apart
            return all(_unchanged(now.w[l], before.w[l]) and _unchanged(now.b[l], before.b[l]) for l in before.w)
        return False
    return not isinstance(before, np.ndarray) or np.array_equal(now, before)


def stopped(error: BaseException, function: Callable) -> str:
    """An exception in the learner's code, short, at the line of theirs where it happened."""
    if isinstance(error, NotImplementedError):
        return NOT_YET
    code: Any = function.__code__ if isinstance(function, FunctionType | MethodType) else None
    here = str(Path(__file__).parent)
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if not frame.filename.startswith(here)]
    theirs = [frame for frame in frames if code and frame.filename == code.co_filename]
    where = "your function"
    if theirs:
        line = theirs[-1].lineno - code.co_firstlineno + 1
        written = f": `{theirs[-1].line.strip()}`" if theirs[-1].line else ""
        where = (f"line {line} of your function" if line > 0 else "a function that yours calls") + written
    if isinstance(error, OutOfTime):
        return (
            f"Your function did not end in {running.SECONDS:g} seconds. Stopped in {where}. What ends the loop there?"
        )
    if isinstance(error, KeyboardInterrupt):
        return f"You stopped the check in {where}. If that took long: is there a loop that never ends?"
    text = said(error)
    text = "" if "gufunc" in text else (text.splitlines() or [""])[0][:160]
    return f"Python stopped in {where}. {type(error).__name__}{': ' if text else ''}{text}{_explained(error)}"


def _explained(error: BaseException) -> str:
    """What Python does not say of the errors that beginners meet."""
    text = said(error)
    if isinstance(error, SystemExit):
        return ". This ends Python itself; a function ends with return."
    if isinstance(error, IndexError) and "index" in text.split()[:2]:
        return ". The check tries layers of many sizes: take sizes from .shape, and remember that Python counts from 0."
    if type(error) is KeyError and error.args and isinstance(error.args[0], int):
        return (
            f": nothing is kept for layer {error.args[0]}. The layers of w, b, z and δ are 2 to net.L, those of a "
            "are 1 to net.L; and δ is there only for layers that your loop has passed."
        )
    if sizes := re.search(r"matmul: .+size (\d+) is different from (\d+)", text):
        columns, rows = sizes[2], sizes[1]
        return f" in a matrix product: columns of the left table {columns}, rows of the right one {rows}; not the same."
    if isinstance(error, ValueError) and "read-only" in text:
        return ". This table can be read, not written to. Make a new one, as in c = a * b, or a copy: a.copy()."
    if isinstance(error, ValueError) and re.search("broadcast|reshape|aligned", text):
        return ". The check tries layers of many sizes: take sizes from .shape."
    return ""


# Reading it ----------------------------------------------------------------------------------------------------------


def array(value: ArrayLike, name: str) -> np.ndarray:
    """`value` as an array of finite numbers."""
    if value is None:
        raise Unusable(f"{name} is None. Is there a `return` at the end of your function?")
    if value is ...:
        raise Unusable(NOT_YET)
    if isinstance(value, tuple):
        raise Unusable(f"{name} is {brief(value)}. Return one thing; is there a comma in the line of the `return`?")
    if isinstance(value, list):
        raise Unusable(f"{name} is a list. Make a table of it: np.array(…) has the .shape and .T that lists lack.")
    if inspect.iscoroutine(value) or inspect.isgenerator(value):
        value.close()
        raise Unusable(f"{name} is a {type(value).__name__}. A plain `def` with a plain `return` is what is wanted.")
    found = np.asarray(value)
    if found.size > MOST:
        raise Unusable(f"{name} has shape {found.shape}: many more numbers than any layer here. See what repeats them.")
    if found.dtype == object:
        with contextlib.suppress(TypeError, ValueError, OverflowError):
            found = found.astype(float)
    if found.dtype.kind == "c":
        raise Unusable(f"{name} must be real numbers; yours are complex. Is there a j behind a number?")
    if found.dtype.kind not in "biuf":
        raise Unusable(f"{name} must be real numbers; it is {brief(value)}.")
    if found.dtype == np.float16:
        raise Unusable(f"{name} is in float16, which knows three digits; leave out the conversion.")
    found = found.astype(float)
    if not np.isfinite(found).all():
        word = "NaN, which is not a number" if np.isnan(found).any() else "an infinite number"
        raise Unusable(f"{name} contains {word}. Look for a division by 0, a logarithm of 0, or an e to the power "
                       "of something big.")  # fmt: skip
    if (np.abs(found) > LARGEST).any():
        largest = found.flat[np.abs(found).argmax()]
        raise Unusable(f"{name} contains {largest:.3g}; no number here is so large. Look for a division by nearly 0, "
                       "or an e to the power of something big.")  # fmt: skip
    return found


def table(result: Any) -> Tables:
    """An answer that is one table."""
    return {"your answer": array(result, "Your answer")}


def number(result: Any) -> Tables:
    """An answer that is one number, in whatever brackets."""
    if isinstance(result, list):
        raise Unusable(f"Your answer is {brief(result)}, and one number is wanted: what becomes of all these?")
    found = array(result, "Your answer")
    return {"your answer": found.reshape(()) if found.size == 1 else found}


def by_layer(*names: str) -> Callable[[object], Tables]:
    """Reads an answer of two parts, each with one table a layer: {2: …, 3: …}, or a list from layer 2 on."""

    def read(result: object) -> Tables:
        if result is None or result is ...:
            return table(result)
        if isinstance(result, Network):
            result = [getattr(result, name[-1]) for name in names]
        if isinstance(result, Mapping):  # the biases were forgotten: weights are what one thinks of first
            result = [{} if name.endswith("b") else result for name in names]
        if not isinstance(result, tuple | list) or len(result) != 2:
            raise Unusable(f"Your function must return two things, {' and '.join(names)}; it returned {brief(result)}.")
        tables: Tables = {}
        for name, part in zip(names, result, strict=True):
            if part is ...:
                raise Unusable(NOT_YET)
            if isinstance(part, list | tuple):
                part = dict(enumerate(part, start=2))
            if part is not None and not isinstance(part, Mapping):
                raise Unusable(f"{name} must have one table for each layer, as {{2: …, 3: …}}; it is {brief(part)}.")
            tables |= {f"{name}[{l}]": array(value, f"{name}[{l}]") for l, value in (part or {}).items()}
        return tables

    return read
