"""The indices l, j, k, i and L, until they are numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Index:
    """An index that is not a number yet: l, j, k, or shifted, l + 1."""

    name: str
    shift: int = 0

    def __add__(self, shift: int) -> Index:
        return Index(self.name, self.shift + shift)

    def __sub__(self, shift: int) -> Index:
        return self + -shift

    def __str__(self) -> str:
        return self.name + (f"{self.shift:+d}" if self.shift else "")

    __repr__ = __str__


def bind(index: Index | int, indices: Mapping[str, int]) -> Index | int:
    """The index with its value put in, if it has one."""
    return indices[index.name] + index.shift if isinstance(index, Index) and index.name in indices else index
