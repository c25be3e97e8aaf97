"""Predict: a question to commit to, beside a live network that does not show the answer before.

The answers, their reasons and what is right go to the browser once. There the network follows the commitment without
asking the kernel.
"""

from __future__ import annotations

import traitlets
from numpy.typing import ArrayLike

from bpcourse.network import Network
from bpcourse.questions import Question
from bpcourse.widgets.beside import Beside, Said, javascript
from bpcourse.widgets.flow import Aside, DeltaFlow


class Ask(Aside):
    """The question and its answers beside `flow`. `answer` is the label that the reader committed to, or `""`."""

    _esm = javascript("predict")
    answer = Said().tag(sync=True)

    @traitlets.validate("answer")
    def _valid_answer(self, proposal) -> str:
        labels = ["", *(label for label, _ in self.story["answers"])]
        if proposal["value"] not in labels:
            raise ValueError(f"answer must be one of {', '.join(map(repr, labels))}; it is {proposal['value']!r}")
        return proposal["value"]


class Predict(Beside):
    """A question of `bp.questions` about a network and one sample, to answer before it is shown. Source: notebooks
    00 to 08.

    `inputs` and `outputs` say what the first and the last layer stand for, `digits` how many digits are shown. `.flow`
    is the live network, which shows only what is known before, until an answer is chosen; `.ask` holds the question,
    `.ask.answer` what was chosen.
    Raises TypeError for what is no question and for what `DeltaFlow` refuses, and ValueError for more than one sample.
    """

    def __init__(
        self,
        question: Question,
        net: Network,
        x: ArrayLike,
        y: ArrayLike,
        inputs: tuple[str, ...] = (),
        outputs: tuple[str, ...] = (),
        digits: int = 3,
    ):
        if not isinstance(question, Question):
            raise TypeError(f"a question such as bp.questions.BP2 is expected; it is {question!r:.60}")
        self.flow = DeltaFlow(net, x, y, question.opens, "", inputs, outputs, digits)
        if self.flow.samples > 1:
            raise ValueError(f"a question is about one sample: x must have 1 column; it has {self.flow.samples}")
        self.flow.quiet = True
        self.question, told = question, question.answers(self.flow.trace)
        steps = [n for n, step in enumerate(self.flow.story["steps"]) if step["name"] == question.shows]
        self.ask = Ask(
            flow=self.flow,
            story={
                "question": question.text,
                "look": question.look,
                "answers": list(told.reasons.items()),
                "right": told.right,
                "how": told.how,
                "opens": self.flow.step,
                "shows": {"step": steps[-1 if question.last else 0], "select": told.select, "lit": told.lit},
            },
        )
        super().__init__(self.flow, self.ask, (380, 380), gap="12px 24px", other_first=True)

    def _told_with(self, network: str) -> str:
        story = self.ask.story
        return "\n".join([story["question"], *(f"( ) {label}" for label, _ in story["answers"]), network])
