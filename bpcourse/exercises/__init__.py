"""The exercises: what is asked, how an answer is judged, and what is said to it.

`checks` has `bp.check`; `mistakes/` knows the classic mistakes by what they give, `kinds/` asks a function more where
none of them fits, and `remarks` with `scales` says what the numbers show. `judging` says what a check is, `answers`
runs and reads what a learner wrote. `next_line` has `bp.next_line`; `as_typed` takes what people type or says it in
words, `repairs` finds the slip in a false line. Someone who adds an exercise writes in `checks`. Only readers use it.
"""

from bpcourse.exercises.checks import check
from bpcourse.exercises.next_line import next_line

__all__ = ["check", "next_line"]
