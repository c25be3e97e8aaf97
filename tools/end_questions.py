"""The five questions at a notebook's end: a Markdown cell with the tag `questions`, written in one way.

## Five questions

1. A question?
    - A. an answer
    - B. an answer
    - C. an answer
2. …

<details><summary>Answers, with reasons</summary>

1. **B.** Why B. *A:* what one overlooks who says A. *C:* …
2. …
</details>
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import nbformat

from tools.decks import tagged

TAG = "questions"
COUNT = 5
FOLDED = re.compile(r"\n*<details><summary>Answers, with reasons</summary>\n(.*)</details>\s*\Z", re.DOTALL)


@dataclass(frozen=True)
class EndQuestion:
    """A question, its answers by their letters, the right letter, and the reason for each answer."""

    text: str
    answers: dict[str, str]
    right: str
    reasons: dict[str, str]


def cells_of(notebook: nbformat.NotebookNode) -> list[nbformat.NotebookNode]:
    """The cells with end questions; a notebook should have one."""
    return [cell for cell in notebook.cells if tagged(cell, TAG)]


def without_answers(source: str) -> str:
    """The questions alone, as they are given out."""
    return FOLDED.sub("\n", source).rstrip() + "\n"


def parse(source: str) -> list[EndQuestion]:
    """The questions of a cell; raises ValueError with the first thing that is not as it should be."""
    folded = FOLDED.search(source)
    if not folded:
        raise ValueError("the cell does not end in <details><summary>Answers, with reasons</summary> … </details>")
    head = re.match(r"## Five questions\n+(?=1\. )", source)
    if not head:
        raise ValueError('the cell does not begin with "## Five questions" and the first question')
    asked, told = [*_numbered(source[head.end() : folded.start()])], [*_numbered(folded[1])]
    if len(asked) != COUNT or len(told) != COUNT:
        raise ValueError(f"there are {len(asked)} questions and {len(told)} times reasons; each should be {COUNT}")
    return [_question(n, *both) for n, both in enumerate(zip(asked, told, strict=True), start=1)]


def _numbered(text: str) -> Iterator[str]:
    """The points of a numbered list, from 1 on."""
    points = re.split(r"^(\d+)\. ", text, flags=re.MULTILINE)
    if points[0].strip():
        raise ValueError(f"this stands before the first number: {points[0].strip():.60}")
    for n, (number, point) in enumerate(zip(points[1::2], points[2::2], strict=True), start=1):
        if int(number) != n:
            raise ValueError(f"number {number} stands in the place of number {n}")
        yield point.strip()


def _question(n: int, asked: str, told: str) -> EndQuestion:
    text, *options = re.split(r"\n\s+- ", asked)
    answers = {}
    for letter, option in zip("ABCDEFGH", options, strict=False):
        if not re.match(rf"{letter}\. \S", option):
            raise ValueError(f"question {n}: an answer does not begin with {letter}. but with {option:.20}")
        answers[letter] = _one_line(option[3:])
    if len(answers) not in (3, 4):
        raise ValueError(f"question {n} has {len(answers)} answers; it should have 3 or 4")
    if len({*answers.values()}) < len(answers):
        raise ValueError(f"question {n} has the same answer twice")
    marked = re.findall(r"\*\*([A-H])\.\*\*", told)
    if len(marked) != 1 or marked[0] not in answers or not told.startswith(f"**{marked[0]}.**"):
        raise ValueError(f"question {n}: its reasons should begin with the one right answer, as in **B.**")
    begins, *others = re.split(r"(?<!\*)\*([A-H](?:(?:, | and )[A-H])*):\*(?!\*)", told)
    reasons = {marked[0]: _one_line(begins.partition("**" + marked[0] + ".**")[2])}
    for letters, reason in zip(others[::2], others[1::2], strict=True):
        for letter in re.findall("[A-H]", letters):
            if letter in reasons or letter not in answers:
                raise ValueError(f"question {n}: {letter} has two reasons, or is no answer")
            reasons[letter] = _one_line(reason)
    for letter in answers:
        if len(reasons.get(letter, "").split()) < 3:
            raise ValueError(f"question {n}: answer {letter} has no reason")
    return EndQuestion(_one_line(text), answers, marked[0], reasons)


def _one_line(text: str) -> str:
    return " ".join(text.split())
