"""The handout gives nothing away: no solution, no note of the teacher's and no output is in its files, read as text."""

import json
import re

import nbformat
import pytest

from tests.places import NOTEBOOKS as PATHS
from tests.places import ROOT
from tools.handout import write

NOTEBOOKS = {path.name: nbformat.read(path, as_version=4) for path in PATHS}

IGNORED = "nbval-ignore-output"
TAGS = "<summary>.*</summary>|<[^>]*>|```python"


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """What `make handout` writes, as the text of each file."""
    paths = write(ROOT / "notebooks", tmp_path_factory.mktemp("handout") / "handout")
    assert [path.name for path in paths] == sorted(NOTEBOOKS)
    return {path.name: path.read_text(encoding="utf-8") for path in paths}


def in_json(line):
    return json.dumps(line, ensure_ascii=False)[1:-1]


def lines(text):
    """The lines that say something: not empty, no fence, and no tags alone."""
    return [line for line in map(str.strip, text.splitlines()) if re.search(r"\w", re.sub(TAGS, "", line))]


def is_solution(cell):
    return "solution" in cell.metadata.get("tags", [])


def answers(cell):
    """What is folded away below the questions at the end of a notebook."""
    asked = "questions" in cell.metadata.get("tags", [])
    return re.findall(r"\s*<details>.*?</details>", cell.source, re.DOTALL) if asked else []


def secrets(notebook):
    """Each line of a solution that no other cell shows, of an answer, and each sentence of the teacher's notes."""
    shown = {line for cell in notebook.cells if not is_solution(cell) for line in lines(cell.source)}
    for cell in notebook.cells:
        if is_solution(cell):
            yield from (line for line in lines(cell.source) if line not in shown)
        yield from lines("\n".join(answers(cell)))
        yield from lines(cell.metadata.get("bpcourse", {}).get("notes", ""))


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_no_line_of_a_solution_and_no_note_is_in_any_file(written, name):
    kept = [*secrets(NOTEBOOKS[name])]
    assert len(kept) > 10
    everything = "\n".join(written.values())
    assert [line for line in kept if in_json(line) in everything and len(line) > 25] == []
    assert [line for line in kept if in_json(line) in written[name]] == []


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_all_else_is_there_and_nothing_has_run(written, name):
    handout, source = nbformat.reads(written[name], as_version=4), NOTEBOOKS[name]
    nbformat.validate(handout)
    kept = [cell for cell in source.cells if not is_solution(cell)]
    assert [(cell.id, cell.cell_type, cell.source) for cell in handout.cells] == [
        (cell.id, cell.cell_type, cell.source.removesuffix("".join(answers(cell)))) for cell in kept
    ]
    assert handout.metadata == source.metadata
    for cell in handout.cells:
        assert cell.id == "recap" or not re.search("<details>(?!<summary>Hint( [1-9])?</summary>)", cell.source)
        assert set(cell.metadata) <= {"tags"}
        assert set(cell.metadata.get("tags", [])) <= {"exercise", "questions", IGNORED, "raises-exception"}
        assert cell.get("outputs", []) == []
        assert cell.get("execution_count") is None


def test_a_secret_that_stays_is_found():
    """What the search would have found in the handouts of before: notes in the metadata."""
    name = "08_bug_hunt.ipynb"
    before = nbformat.writes(NOTEBOOKS[name])
    found = [line for line in secrets(NOTEBOOKS[name]) if in_json(line) in before]
    assert any("BP2 reads w³ after it has been updated" in line or "updated" in line for line in found)
    assert len(found) == len([*secrets(NOTEBOOKS[name])])


def test_a_second_run_is_as_good_as_the_first(tmp_path):
    first = [path.read_text() for path in write(ROOT / "notebooks", tmp_path)]
    assert [path.read_text() for path in write(ROOT / "notebooks", tmp_path)] == first
