"""What people type that is not the notation: taken where it is clear, else answered in words."""

from __future__ import annotations

import re
from collections.abc import Callable
from types import FunctionType
from typing import Any

from bpcourse import notation
from bpcourse.notation import L, y
from bpcourse.notation.names import Symbol
from bpcourse.notation.symbols import Index, Leaf

KNOWN: dict[str, Any] = {name: getattr(notation, name) for name in notation.__all__}


class _Targets(Symbol):
    """y, which has no layer in the formulas: y[j] is y[L, j]."""

    def __getitem__(self, indices):
        if isinstance(indices, Index) and indices.name in "ijk":
            return Leaf("y", L, (indices,))
        return y[indices]


_OTHER_NAMES = {
    "c_x": "C_x", "Cx": "C_x", "cx": "C_x", "C_X": "C_x", "W": "w", "B": "b", "A": "a", "Z": "z", "Y": "y",
    "d": "delta", "Delta": "delta", "K": "k", "J": "j", "sigmoid": "sigma", "sigmoid_prime": "sigma_prime",
    "sp": "sigma_prime", "Sigma": "sigma", "Sigma_prime": "sigma_prime", "Partial": "partial", "SUM": "Sum",
}  # fmt: skip
GIVEN: dict[str, Any] = KNOWN | {"y": _Targets("y")}
TAKEN: dict[str, Any] = GIVEN | {other: GIVEN[name] for other, name in _OTHER_NAMES.items()}


def with_the_symbols(function: Callable) -> Callable:
    """The same function, to which a name that is not among its parameters is the symbol, whatever else is called so."""
    if not isinstance(function, FunctionType):
        return function
    own = function.__globals__
    named = {name: GIVEN[name] for name in function.__code__.co_names if name in GIVEN}
    named |= {name: TAKEN[name] for name in function.__code__.co_names if name in TAKEN and name not in own}
    code, defaults, closure = function.__code__, function.__defaults__, function.__closure__
    return FunctionType(code, {**own, **named}, function.__name__, defaults, closure) if named else function


COST_FIRST = "In partial the cost stands first: partial(C_x, a[L, j]) says how C_x follows a push on a[L, j]."
_WORDS = (  # what Python says, and what is said for it
    (r"unsupported operand type\(s\) for @", "A line about one neuron has plain products: type * and not @."),
    (
        r"unsupported operand type\(s\) for .*'Symbol'",
        "A letter alone, such as a, stands for all activations at once. Type which one, its layer and its neuron: "
        "a[L, j].",
    ),
    (
        r"unsupported operand type\(s\) for .*'Sum'|the term of a Sum stands behind it",
        "What is summed up stands behind the Sum in round brackets: Sum(k, l + 1)(…), with the factors of k inside.",
    ),
    (r"unsupported operand type\(s\) for \*\*", "A power is typed only as a square, ** 2."),
    (
        r"Sum\.__init__\(\) missing",
        "This Sum does not say over which neurons it runs. It takes an index and a layer: Sum(k, l + 1)(…).",
    ),
    (
        r"'Index' object is not iterable|'Index' object is not callable",
        "Python's own sum has a small s, and an index is no function. The Σ of the course is Sum(k, l + 1)(…).",
    ),
    (r"'Symbol' object is not callable", "Layer and neuron stand in square brackets: delta[L, j]."),
    (
        r"'(Whole|Leaf)' object is not (subscriptable|callable)",
        "Layer and neuron stand in one pair of square brackets, with a comma between them: delta[L, j].",
    ),
    (
        r"w takes a layer and 2 of its neurons; it is (.+)",
        "A weight has three indices: its layer, the neuron where its wire ends, then the one where it begins, "
        "w[l, j, k]. Yours is {1}.",
    ),
    (
        r"(\w+) takes a layer and 1 of its neurons; it is (.+)",
        "In the brackets of {1} stand two indices, its layer and its neuron: {1}[L, j]. Yours is {2}.",
    ),
    (
        r"σ is applied to a weighted input.*; it is (.+)",
        "σ and σ′ are taken at a weighted input, such as z[2, 3] or z[L, j]. Yours is taken at {1}.",
    ),
    (
        r"a whole layer takes no number",
        "This mixes a whole layer and one neuron. Wanted is the line of one neuron: each symbol has a layer and a "
        "neuron, as in delta[L, j].",
    ),
    (r"only a square can be written.*exponent is (.+)", "Only a square can be typed, ** 2; yours is ** {1}."),
    (
        r"an expression such as z\[2, 3\] is expected; it is (\w+)$",
        "{1} alone is no number of the network. Type which one, its layer and its neuron, as in a[L, j].",
    ),
    (
        r"an expression such as z\[2, 3\] is expected; it is (['\[(].+)",
        "On both sides of == stand symbols, such as delta[L, j]. {1} is none.",
    ),
    (r"an equation is not true or false by itself", "A line has one ==. Yours has two, or an `and`."),
)  # fmt: skip


def in_words(said: str, line: str) -> str:
    """For a student what Python says of a line that cannot be built; nothing where its words will do."""
    if "partial takes two symbols" in said:
        if re.search(r"partial\([^()]*,\s*C_x\s*\)", line):
            return COST_FIRST
        return "partial takes two symbols, each with its layer and neuron, as in partial(C_x, a[L, j])."
    if missing := re.search(r"name '(\w+)' is not defined", said):
        return f"No symbol of the course is called {missing[1]}. There are: {', '.join(sorted(KNOWN))}."
    for pattern, words in _WORDS:
        if found := re.search(pattern, said):
            return words.format(said, *found.groups())
    return ""
