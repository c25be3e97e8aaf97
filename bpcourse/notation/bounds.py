"""What a formula may hold at most, and what is a whole number in it."""

import operator
from typing import Any

MOST = 100_000  # members of one sum or product
LARGEST = 10**15  # what a float holds to the last digit


def whole(what: str, value: Any) -> int:
    """`value` as a whole number that a formula may have, or one sentence why it is none."""
    try:
        number = operator.index(value)
    except TypeError:
        raise TypeError(f"{what}; it is {value!r:.60}") from None
    if abs(number) > LARGEST:
        raise ValueError(f"{what}, of at most 15 digits; it has more")
    return number
