"""What is accepted: tables of numbers, numbers, names, with a sentence for what is not; and the layers' tables."""

from __future__ import annotations

import math
import operator
from collections.abc import Iterable, Iterator, Mapping

import numpy as np
from numpy.typing import ArrayLike

from bpcourse.text import written

COLUMNS = "(n, 1) for one sample or (n, m) for a mini-batch, one sample a column"


def numbers(name: str, value: ArrayLike, kinds: str = "biufc", what: str = "numbers") -> np.ndarray:
    """`value` as an array of floats of any shape, complex ones if its kind is in `kinds`; or a sentence why not."""
    if _masked(value):
        raise TypeError(f"{name} is masked, and a mask would be lost here; fill it first, as in {name}.filled(0)")
    try:
        found = np.asarray(value)
    except ValueError:  # rows of different lengths
        found = np.asarray(None)
    if found.dtype.kind not in kinds:
        raise TypeError(f"{name} must be {what}; it is {value!r:.60}")
    return found.astype(complex if found.dtype.kind == "c" else float, copy=False)


def _masked(value: object, depth: int = 2) -> bool:
    """Whether it is a masked array, or a list of some."""
    if isinstance(value, list | tuple):
        return depth > 0 and any(_masked(row, depth - 1) for row in value)
    return isinstance(value, np.ma.MaskedArray)


def table(name: str, value: ArrayLike, shape: str = COLUMNS, kinds: str = "biuf") -> np.ndarray:
    """`value` as a table of floats with rows and columns, or one sentence why it is none."""
    value = numbers(name, value, kinds, "real numbers in rows and columns")
    if value.ndim != 2:
        raise ValueError(f"{name} must have shape {shape}; it has {value.shape}")
    if value.size == 0:
        raise ValueError(f"{name} is empty: its shape is {value.shape}")
    return value


def is_finite(values: np.ndarray) -> bool:
    """Whether all of them are finite. The sum of squares says so at once, unless it is too large for a float itself."""
    return math.isfinite(abs(np.vdot(values, values))) or bool(np.isfinite(values).all())


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
    return finite(name, value)


def finite(name: str, value: np.ndarray) -> np.ndarray:
    """A table, if all of it is finite; else one sentence where it is not."""
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
        if isinstance(value, str | bytes | bytearray | bool) or np.ndim(value):
            raise TypeError
        number = float(value)
    except OverflowError:
        number = np.inf
    except (TypeError, ValueError):
        raise TypeError(f"{name} must be a number; it is {value!r:.60}") from None
    if not np.isfinite(number):
        raise ValueError(f"{name} must be finite; it is {number}")
    return number


def positive_number(name: str, value: float, why: str = "") -> float:
    """`value` as a finite float above 0, or one sentence why it is none."""
    value = finite_number(name, value)
    if value <= 0:
        raise ValueError(f"{name} must be above 0{why}; it is {value:g}")
    return value


def whole_number(name: str, value: int, least: float = 0, most: int | None = None) -> int:
    """`value` as a whole number from `least` to `most`, or one sentence why it is none."""
    between = f"at least {least}" if most is None else f"between {least} and {most}"
    try:
        if isinstance(value, bool):
            raise TypeError
        number = operator.index(value)
    except TypeError:
        of = "" if most is None else f" {between}"
        raise TypeError(f"{name} must be a whole number{of}; it is {value!r:.60}") from None
    if number < least or (most is not None and number > most):
        raise ValueError(f"{name} must be {between}; it is {number!s:.60}")
    return number


def random_from(seed: int | np.random.Generator) -> np.random.Generator:
    """A source of random numbers, the same for the same seed."""
    return seed if isinstance(seed, np.random.Generator) else np.random.default_rng(whole_number("seed", seed))


def names(what: str, given: Iterable[str], most: int) -> tuple[str, ...]:
    """Names of the neurons of a layer, at most so many, or one sentence why they are none."""
    if isinstance(given, str) or not isinstance(given, Iterable):
        raise TypeError(f"{what} must be a list of names, such as ('length', 'depth'); it is {given!r:.60}")
    found = tuple(given)
    for name in found:
        if not isinstance(name, str):
            raise TypeError(f"{what} must be names, which are texts; one of them is {name!r:.60}")
    if len(found) > most:
        raise ValueError(f"{what} must be at most {most} names, one a neuron of its layer; there are {len(found)}")
    return found


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
