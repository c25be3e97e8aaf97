"""The times that notebooks, README and the teaching guide state are those that are measured, see tools/minutes.py."""

import re

import nbformat
import pytest

from tests.notebooks.cells import numbered
from tools import minutes

new = {"markdown": nbformat.v4.new_markdown_cell, "code": nbformat.v4.new_code_cell}


def cell(source, *tags, kind="markdown"):
    return new[kind](source, metadata={"tags": list(tags)})


PAPER = [cell("**1.** Why?"), cell("<details><summary>Answer</summary>\n\nSo.\n\n</details>", "solution")]
CODE = [cell("...", "exercise", kind="code"), cell("<details>x</details>", "solution")]


def test_no_other_time_is_stated_than_is_measured():
    stated = [str(path.relative_to(minutes.ROOT)) for path in minutes.corrections()]
    assert stated == [], "these state another time: make minutes"


def test_words_in_the_open_are_read_and_folded_ones_are_not():
    assert minutes.words([cell("one two $x + 1$\n\n<details>a b\n\nc</details> end"), cell("x = 1", kind="code")]) == 6


def test_the_five_lessons_of_the_equations_stay_short():
    """What one reads of 01 to 05, the folded recap with it; not the answers, and not the questions at the end."""
    told = [cell for n in range(1, 6) for cell in numbered(f"{n:02}").cells
            if cell.cell_type == "markdown" and "questions" not in cell.metadata.get("tags", [])]  # fmt: skip
    answers = re.compile("<details><summary>(Answer|Solution).*?</details>", re.DOTALL)
    assert sum(len(answers.sub("", cell.source).split()) for cell in told) <= 17_800


@pytest.mark.parametrize(
    ("cells", "kind", "count"),
    [
        (PAPER, "exercise on paper", 1),
        (CODE, "exercise in code", 1),
        (PAPER + CODE + CODE, "exercise on paper", 1),
        ([cell("bp.Predict(bp.questions.BP2, net, x, y)", kind="code")], "prediction", 1),
        ([cell("1. no\n\n**Try this.**\n\n1. a\n2. b\n\nEnd.")], "thing to try", 2),
        ([cell("**Look for this.**\n\n1. a\n2. b")], "thing to try", 2),
        ([cell("1. a\n2. b\n<details>\n1. **A.**\n</details>", "questions")], "end question", 2),
        ([cell("1. a\n2. b")], "thing to try", 0),
    ],
)
def test_what_there_is_to_do_is_counted(cells, kind, count):
    assert minutes.things(cells)[kind] == count


def test_the_minutes_are_those_of_words_and_of_what_there_is_to_do():
    assert minutes.measured([cell("word " * 4000)]) == 20
    assert minutes.measured([cell("word " * 4000), *PAPER * 2, *CODE]) == 35, "20 + 2 × 4 + 8, to the next five"
    assert minutes.measured([cell("word")]) == 5


def book(*sources):
    return nbformat.v4.new_notebook(cells=[cell(source) for source in sources])


TWO = book(
    "# T\n\n**Time:** ten minutes. Stop.", "x " * 2000, "Lesson 2 takes 90 minutes.", "y\n\n## Lesson 2: b", "z " * 1000
)


def test_a_notebook_is_read_in_lessons_from_stop_to_stop():
    assert {name: len(cells) for name, cells in minutes.lessons(TWO.cells).items()} == {"lesson 1": 4, "lesson 2": 2}
    assert minutes.of_row("01, lesson 2", {"01": TWO})[1] == 5
    assert minutes.of_row("[01 Forward](01.ipynb)", {"01": TWO}) == minutes.of_row("01", {"01": TWO}) == (TWO.cells, 15)
    assert minutes.of_row("10–15", {"01": TWO}) is None


def test_a_notebook_gets_the_times_that_are_measured():
    said = [cell.source for cell in minutes.corrected(TWO, {}).cells]
    assert said[0].endswith("**Time:** about 15 minutes: 10 for lesson 1, 5 for lesson 2. Stop.")
    assert said[2] == "Lesson 2 takes about 5 minutes."
    more = book(*(cell.source for cell in TWO.cells), "x\n\n## Exercises\n\ny")
    assert minutes.sentence(more.cells).endswith(", 5 for lesson 2, 5 for the exercises")
    one = book("**Time:** x. y", "word " * 4000, *(one.source for one in PAPER))
    one.cells[-1].metadata.tags = ["solution"]
    assert minutes.corrected(one, {}).cells[0].source == "**Time:** about 25 minutes, 20 of them to read. y"
    assert minutes.corrected(minutes.corrected(one, {}), {}) == minutes.corrected(one, {})


TABLE = "| notebook | its deck | minutes |\n| --- | --- | --- |\n| 03 | {deck} | {minutes} |\n| all | 1 | 2 |\n\nEnd."


def test_a_table_gets_the_times_that_are_measured():
    book = {"03": numbered("03")}
    right = {
        "deck": f"{sum(s.minutes for s in minutes.slides(book['03'])):g}",
        "minutes": minutes.measured(book["03"].cells),
    }
    assert minutes.restated(TABLE.format(deck=1, minutes=2), book) == TABLE.format(**right)
    other = TABLE.replace("minutes |\n", "epoch |\n", 1).format(deck=1, minutes=2)
    assert minutes.restated(other, book) == other


def deck(*titles):
    """A notebook with one slide of two minutes for each title."""
    cells = [cell(f"## {title}") for title in titles]
    for one in cells:
        one.metadata |= {"slideshow": {"slide_type": "slide"}, "bpcourse": {"notes": "2 min. **Ask** why?"}}
    return nbformat.from_dict(nbformat.v4.new_notebook(cells=cells))


LESSON = "| deck | slides shown | minutes | skipped |\n| --- | --- | --- | --- |\n| 01 | {} | {} | {} |\n"


def test_a_lesson_names_slides_by_their_titles_and_gets_their_numbers():
    book = {"01": deck("Aim", "A push", "Two paths", "δ", "End")}
    right = LESSON.format("*A push* to *Two paths* (2–3), *End* (5)", 6, "1, 4")
    assert minutes.restated(LESSON.format("*A push* to *Two paths*, *End*", "", ""), book) == right
    assert minutes.restated(LESSON.format("*A push* to *Two paths* (7–9), *End* (1)", 1, "none"), book) == right
    assert minutes.restated(LESSON.format("*Aim* to *End*", "", ""), book).endswith("(1–5) | 10 | none |\n")
    with pytest.raises(ValueError, match="no slide is called 'Pull'"):
        minutes.restated(LESSON.format("*Pull*", "", ""), book)
