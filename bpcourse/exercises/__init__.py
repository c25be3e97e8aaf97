"""The exercises: what is asked, how an answer is judged, and what is said to it.

`checks` has `bp.check`, `next_line` has `bp.next_line`; `mistakes/` knows the classic mistakes by what they give.
`judging` says what a check is, `answers` runs and reads what a learner wrote, `remarks` speaks of a wrong answer that
nobody knows. Someone who adds an exercise writes in `checks`. Only readers use it.
"""

from bpcourse.exercises.checks import check
from bpcourse.exercises.next_line import next_line

__all__ = ["check", "next_line"]
