"""An expression as a sum of products, {its factors, sorted: a number}: the same for what differs in its writing alone.

Factors and terms may change places, sums of terms be multiplied out, numbers be put together, and the index of a Sum
have any name. What stands in front of a Sum stays there: to move it in or out is a step.
"""

from collections.abc import Iterable
from fractions import Fraction

Terms = dict[tuple, Fraction]


def alone(*factor: object) -> Terms:
    """One factor, once."""
    return {(factor,): Fraction(1)}


def added(terms: Iterable[tuple[tuple, Fraction]]) -> Terms:
    """The sum of terms, without those that cancel."""
    total: Terms = {}
    for factors, number in terms:
        total[factors] = total.get(factors, Fraction()) + number
    return {factors: number for factors, number in total.items() if number}


def multiplied(one: Terms, other: Terms) -> Terms:
    """The product, multiplied out."""
    pairs = [(left, right) for left in one.items() for right in other.items()]
    return added((tuple(sorted(f + g, key=repr)), m * n) for (f, m), (g, n) in pairs)


def in_order(terms: Terms) -> tuple:
    """The terms as a value that can be part of a factor."""
    return tuple(sorted(terms.items(), key=repr))
