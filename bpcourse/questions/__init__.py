"""The predictions of the notebooks, for `bp.Predict`: bp.questions.BP2 and the others."""

from bpcourse.questions.asking import Answers, Question
from bpcourse.questions.single import BP1, BP2, BP3, BP4, FORWARD, START
from bpcourse.questions.whole import DEEP, NEEDED, SPOILED

__all__ = ["BP1", "BP2", "BP3", "BP4", "DEEP", "FORWARD", "NEEDED", "SPOILED", "START", "Answers", "Question"]
