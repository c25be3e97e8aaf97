"""Tables of numbers: what is accepted as one, with a sentence for what is not, and how the layers' tables are kept."""

from __future__ import annotations

import math
import operator
from collections.abc import Iterator, Mapping

import numpy as np
from numpy.typing import ArrayLike

from bpcourse.text import written

COLUMNS = "(n, 1) for one sample or (n, m) for a mini-batch, one sample a column"


def table(name: str, value: ArrayLike, shape: str = COLUMNS) -> np.ndarray:
    """`value` as a table of floats with rows and columns, or one sentence why it is none."""
    given = value
    try:
        value = np.asarray(given)
    except ValueError:  # rows of different lengths
        value = np.asarray(None)
    if value.dtype.kind not in "biuf":
        raise TypeError(f"{name} must be real numbers in rows and columns; it is {given!r:.60}")
    value = value.astype(float, copy=False)
    if value.ndim != 2:
        raise ValueError(f"{name} must have shape {shape}; it has {value.shape}")
    if value.size == 0:
        raise ValueError(f"{name} is empty: its shape is {value.shape}")
    return value


def is_finite(numbers: np.ndarray) -> bool:
    """Whether all of them are finite. The sum of squares says so at once, unless it is too large for a float itself."""
    return math.isfinite(np.vdot(numbers, numbers)) or bool(np.isfinite(numbers).all())


def is_frozen(value: np.ndarray) -> bool:
    """Whether nobody writes to it: it is read-only, and so is every array that it is a view of."""
    base = value.base
    return not value.flags.writeable and (base is None or (isinstance(base, np.ndarray) and is_frozen(base)))


def finite_table(name: str, value: ArrayLike, shape: str = COLUMNS) -> np.ndarray:
    """`value` as a table of finite floats that nobody writes to, or one sentence why it is none.

    A frozen table is taken as it is, any other is copied.
    """
    value = table(name, value, shape)
    if not is_frozen(value):
        value = value.copy(order="K")
        value.flags.writeable = False
    if not is_finite(value.ravel("K")):  # as it lies in memory, which need not be row by row
        row, column = np.argwhere(~np.isfinite(value))[0]
        raise ValueError(f"{name} must be finite; in row {row + 1}, column {column + 1} it is {value[row, column]}")
    return value


class TooLarge(ValueError):
    """Arithmetic has led beyond what a float can hold."""


def held(name: str, numbers: np.ndarray, scale_down: str) -> np.ndarray:
    """`numbers`, computed from what was finite, if they are still finite; else one sentence and what to scale down."""
    if not is_finite(numbers):
        raise TooLarge(f"{name} grew beyond what a float can hold; scale {scale_down} down")
    return numbers


def finite_number(name: str, value: float) -> float:
    """`value` as a finite float, or one sentence why it is none."""
    try:
        if isinstance(value, str):
            raise TypeError
        value = float(value)
    except (TypeError, ValueError, OverflowError):
        raise TypeError(f"{name} must be a number; it is {value!r:.60}") from None
    if not np.isfinite(value):
        raise ValueError(f"{name} must be finite; it is {value}")
    return value


class Layers(Mapping):
    """One array a layer, by the layer's own number: `delta[3]` is δ³. Iterating gives the layer numbers."""

    def __init__(self, symbol: str, values: Mapping[int, np.ndarray], why_missing: str = ""):
        for value in values.values():
            value.setflags(write=False)
        self._symbol, self._values, self._why_missing = symbol, dict(values), why_missing

    def __getitem__(self, l: int) -> np.ndarray:
        try:
            return self._values[operator.index(l)]
        except TypeError:
            raise TypeError(f"a layer number is expected after {self._symbol}, such as 2; it is {l!r}") from None
        except KeyError:
            why = self._why_missing
            if self._values and (l != 1 or not why):
                why = f"the layers that have one are {min(self._values)} to {max(self._values)}"
            raise IndexError(f"there is no {written(self._symbol, l)}: {why}") from None

    def __reduce__(self):
        return Layers, (self._symbol, self._values, self._why_missing)  # a copy is read-only again

    __eq__, __hash__ = object.__eq__, object.__hash__  # two sets of arrays are compared by the reader, not by ==

    def __contains__(self, l: object) -> bool:
        return l in self._values

    def __iter__(self) -> Iterator[int]:
        return iter(sorted(self._values))

    def __len__(self) -> int:
        return len(self._values)

    def __repr__(self) -> str:
        return "{" + ", ".join(f"{l}: {self[l].shape}" for l in self) + "}"
