"""The exercises: what is asked, how an answer is judged, and the classic mistakes, each recognised by what it gives."""

from bpcourse.exercises.checks import check

__all__ = ["check"]
