"""docs/questions.md: each heading is there, the link leads to it, and under it stand the words to look for."""

import functools
import re

import pytest

from tests.notebooks.cells import markdown, numbered
from tests.notebooks.test_teaching import tables
from tests.places import NOTEBOOKS, ROOT

TABLE = (ROOT / "docs" / "questions.md").read_text(encoding="utf-8")
ROWS = [row for rows in tables(TABLE, "question", "answered in", "look for") for row in rows]
LINK = re.compile(r"\[(\d\d), ([^\]]+)\]\(\.\./notebooks/([\w.]+?)(?:#([^)]*))?\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
SIGNS = {r"\eta": "η", r"\sigma": "σ", r"\delta": "δ"}


def plain(text):
    """Words in one line, without what Markdown and formulas put around them."""
    for sign, letter in SIGNS.items():
        text = text.replace(sign, letter)
    return " ".join(re.sub(r"[$*`]", "", text).split())


@functools.cache
def sections(number):
    """The words of a notebook below each heading, up to the next one, as one text."""
    text = "\n\n".join(markdown(numbered(number)))
    _, *parts = HEADING.split(re.sub(r"```.*?```", "", text, flags=re.DOTALL))
    found = {}
    for heading, words in zip(parts[::2], parts[1::2], strict=True):
        found[heading] = found.get(heading, "") + words
    return found


def faults(row):
    """What is not as a row says, a sentence each."""
    _, places, words = row
    said = ""
    for number, heading, file, anchor in LINK.findall(places):
        if file not in {path.name for path in NOTEBOOKS} or not file.startswith(number):
            yield f"{file} is not notebook {number}"
            continue
        there = sections(number)
        if heading not in there:
            yield f"{number} has no heading {heading!r}"
        if "$" not in heading and anchor != heading.replace("`", "").replace(" ", "-"):
            yield f"#{anchor} does not lead to {heading!r}"
        said += there.get(heading, "")
    if plain(words) not in plain(said):
        yield f"{words!r} is not said there"


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_a_question_is_answered_where_the_table_says(row):
    assert LINK.sub("", row[1]).strip("; ") == ""
    assert list(faults(row)) == []


def test_every_row_is_read():
    assert len(ROWS) == TABLE.count("\n| ") - 2 * TABLE.count("| look for |") >= 30


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (("04, Sum or mean?", "04, Sum"), "04 has no heading 'Sum'"),
        (("04, Sum", "05, Sum"), "04_bp3_bias_gradient.ipynb is not notebook 05"),
        (("#Sum-or-mean?", "#Sum"), "#Sum does not lead to 'Sum or mean?'"),
        (("It depends on the cost", "It depends on the weather"), "'It depends on the weather' is not said there"),
    ],
)
def test_a_false_row_is_seen(change, fault):
    place = "[04, Sum or mean?](../notebooks/04_bp3_bias_gradient.ipynb#Sum-or-mean?)"
    row = [field.replace(*change) for field in ("?", place, "It depends on the cost")]
    assert fault in list(faults(row))
