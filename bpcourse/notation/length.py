"""How long a formula is with its sums written out and its brackets multiplied out, counted before that is done."""

from math import prod
from typing import Any

from bpcourse.notation.expressions import Equation, Expression, Negative, Number, Product, Square, Total
from bpcourse.notation.layers import Grid
from bpcourse.notation.symbols import Partial, SumOver

DEEPEST, MOST_SYMBOLS, MOST_COMPUTED, MOST_MULTIPLIED = 40, 400, 1_500, 1_500
PASS = 20  # a derivative is computed by a pass of its own, which costs as much as so many symbols


def inner(expression: Any) -> list:
    """The expressions that one is made of."""
    found = [value for value in vars(expression).values() if isinstance(value, Expression)]
    return [*found, *expression.members]


def too_long(expression: Expression, widest: int) -> bool:
    """Whether it has more than a line of a proof can have, on networks whose widest layer has so many neurons."""
    waiting, symbols = [(expression, 1)], 0
    while waiting:
        one, depth = waiting.pop()
        symbols += 1
        if depth > DEEPEST or symbols > MOST_SYMBOLS:
            return True
        waiting += [(member, depth + 1) for member in inner(one)]
    return _computed(expression, widest) > MOST_COMPUTED or prod(_multiplied(expression)) > MOST_MULTIPLIED


def _computed(expression: Any, widest: int) -> int:
    """How many symbols are computed."""
    times = {SumOver: widest, Grid: widest**2}.get(type(expression), 1)
    return PASS * isinstance(expression, Partial) + 1 + times * sum(_computed(one, widest) for one in inner(expression))


def _multiplied(expression: Any) -> tuple[int, int]:
    """How many terms its canonical form has at most, and how many factors, or digits, each of them."""
    if isinstance(expression, Number):
        return 1, len(f"{expression.above}{expression.below}")
    members = [_multiplied(member) for member in expression.members]
    terms, factors = zip(*members, strict=True) if members else ((1,), (1,))
    if isinstance(expression, Product):
        return prod(terms), sum(factors)
    if isinstance(expression, Square):
        return min(terms[0] ** 2, 10**9), min(2 * factors[0], 10**9)
    if isinstance(expression, Total | Negative | SumOver):
        return sum(terms), max(factors) + 1
    if isinstance(expression, Equation):
        return max(terms), max(factors)
    return 1, 1 + sum(map(prod, members))  # one factor, in which the others stand
