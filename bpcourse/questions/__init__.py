"""The predictions, for `bp.Predict`: a question, its answers, a reason for each, and which is right.

`one_equation` says what a question is and has those about one step, `many_layers` those about several. Everything that
is said is computed from a trace, so a question fits any network. It stands on `network`, `parts` and `text`; only
readers and `bp.Predict` use it. Someone who adds a question writes here.
"""

from bpcourse.questions.many_layers import DEEP, NEEDED, SPOILED
from bpcourse.questions.one_equation import BP1, BP2, BP3, BP4, FORWARD, START, Answers, Question

__all__ = ["BP1", "BP2", "BP3", "BP4", "DEEP", "FORWARD", "NEEDED", "SPOILED", "START", "Answers", "Question"]
