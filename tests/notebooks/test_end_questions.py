"""Each notebook ends in five questions, written so that a page, a sheet of paper and a reader can tell them apart."""

import pytest

from tests.notebooks.cells import NOTEBOOKS, read
from tools.end_questions import cells_of, parse, without_answers

SAMPLE = """## Five questions

1. Bird 128 has $\\delta^3_1 = -0.133$. What does a small push up on $z^3_1$ do?
    - A. The cost rises.
    - B. The cost falls.
    - C. Nothing.
2. Why does `delta[1]` raise an error?
    - A. The input has no $z$.
    - B. It is 0.
    - C. It is a row.
    - D. It comes last.
3. Third?
    - A. one
    - B. two
    - C. three
4. Fourth?
    - A. one
    - B. two
    - C. three
5. Fifth,
   on two lines?
    - A. one
    - B. two,
      and more
    - C. three

<details><summary>Answers, with reasons</summary>

1. **B.** The slope is below 0, so it falls. *A:* That would be a slope above 0. *C:* Only a slope of 0 does nothing.
2. **A.** Nothing is added up in the input. *B and C:* A number that is not there is neither. *D:* It comes first.
3. **C.** It is three, *really* three. *A:* That is too small. *B:* That is small, too.
4. **B.** It is two of them. *A:* That is too small. *C:* That is too big.
5. **A.** It is one of them. *B:* That is too big. *C:* That is bigger still.
</details>
"""


def test_each_notebook_ends_in_five_questions():
    for path in NOTEBOOKS:
        notebook = read(path)
        (cell,) = cells_of(notebook)
        assert cell.cell_type == "markdown"
        assert len(notebook.cells) - notebook.cells.index(cell) <= 3, "only what to keep and where next may follow"
        try:
            questions = parse(cell.source)
        except ValueError as error:
            pytest.fail(f"{path.name}: {error}")
        assert len({question.right for question in questions}) > 1, "the right answer is always the same letter"
        assert len({question.text for question in questions}) == 5


def test_the_sample_is_read():
    questions = parse(SAMPLE)
    assert [question.right for question in questions] == ["B", "A", "C", "B", "A"]
    assert questions[1].answers == {"A": "The input has no $z$.", "B": "It is 0.", "C": "It is a row.",
                                    "D": "It comes last."}  # fmt: skip
    assert questions[1].reasons["B"] == questions[1].reasons["C"] == "A number that is not there is neither."
    assert questions[2].reasons["C"] == "It is three, *really* three."
    assert questions[4].text == "Fifth, on two lines?"
    assert questions[4].answers["B"] == "two, and more"


@pytest.mark.parametrize(
    ("right", "wrong", "sentence"),
    [
        (
            "5. Fifth,\n   on two lines?\n    - A. one\n    - B. two,\n      and more\n    - C. three\n",
            "",
            "4 questions",
        ),
        ("\n5. **A.** It is one of them. *B:* That is too big. *C:* That is bigger still.", "", "4 times reasons"),
        ("    - C. Nothing.\n", "", "question 1 has 2 answers"),
        ("    - D. It comes last.\n", "    - D. last\n    - E. first\n", "question 2 has 5 answers"),
        ("    - B. The cost falls.", "    - C. The cost falls.", "does not begin with B"),
        ("    - B. It is 0.", "    - B. It is a row.", "the same answer twice"),
        (" *C:* Only a slope of 0 does nothing.", "", "answer C has no reason"),
        ("Only a slope of 0 does nothing.", "No.", "answer C has no reason"),
        ("1. **B.** The slope is below 0, so it falls.", "1. **B.**", "answer B has no reason"),
        ("*C:* Only", "**C.** Only", "the one right answer"),
        ("1. **B.** The", "1. The", "the one right answer"),
        ("1. **B.** The", "1. **D.** The", "the one right answer"),
        ("*C:* Only", "*D:* Only", "is no answer"),
        ("*C:* Only", "*A:* Only", "two reasons"),
        ("<details><summary>Answers, with reasons</summary>", "<details>", "does not end in"),
        ("</details>\n", "</details>\n\nAnd more.\n", "does not end in"),
        ("3. Third?", "4. Third?", "in the place of number 3"),
        ("## Five questions", "### Questions", "does not begin with"),
    ],
)
def test_what_is_broken_gets_a_sentence(right, wrong, sentence):
    assert right in SAMPLE
    with pytest.raises(ValueError, match=sentence):
        parse(SAMPLE.replace(right, wrong, 1))


def test_the_questions_alone_say_nothing_of_the_answers():
    alone = without_answers(SAMPLE)
    assert SAMPLE.startswith(alone.rstrip())
    assert "details" not in alone
    assert "**B.**" not in alone
    assert alone.rstrip().endswith("- C. three")
