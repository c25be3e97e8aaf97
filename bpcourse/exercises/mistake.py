"""A mistake with its name."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True, eq=False)
class Mistake:
    """A classic mistake: its name, what it does at its place, and what a teacher says to it."""

    name: str
    way: object = None
    sentence: str = ""

    def told(self, sentence: str) -> Mistake:
        """The mistake with what is said to it."""
        return replace(self, sentence=sentence)
