"""The handout gives nothing away: no solution, no note of the teacher's and no output is in its files, read as text.

The end questions on paper have a box for each answer and fit on a page; their key has every reason.
"""

import json
import re

import nbformat
import pytest

from tests.notebooks.test_end_questions import SAMPLE
from tests.places import NOTEBOOKS as PATHS
from tests.places import ROOT
from tools import end_questions
from tools.handout import without_answers, write

NOTEBOOKS = {path.name: nbformat.read(path, as_version=4) for path in PATHS}

TAGS = "<summary>.*</summary>|<[^>]*>|```python"


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """What `make handout` writes, as the text of each file."""
    folder = tmp_path_factory.mktemp("handout") / "handout"
    *paths, sheet, key = write(ROOT / "notebooks", folder)
    assert [path.name for path in paths] == sorted(NOTEBOOKS)
    assert sheet == folder / "questions.html"
    assert key.name == "questions_key.html"
    assert folder not in key.parents, "what is given out does not hold the key"
    return {path.name: path.read_text(encoding="utf-8") for path in [*paths, sheet]}


def in_json(line):
    return json.dumps(line, ensure_ascii=False)[1:-1]


def lines(text):
    """The lines that say something: not empty, no fence, and no tags alone."""
    return [line for line in map(str.strip, text.splitlines()) if re.search(r"\w", re.sub(TAGS, "", line))]


def is_solution(cell):
    return "solution" in cell.metadata.get("tags", [])


def is_asking(cell):
    return end_questions.TAG in cell.metadata.get("tags", [])


def given_out(cell):
    """What a cell that stays says in the handout."""
    return end_questions.without_answers(cell.source) if is_asking(cell) else cell.source


def secrets(notebook):
    """Each line of a solution or of an answer that no other cell shows, and each sentence of the teacher's notes."""
    shown = {line for cell in notebook.cells if not is_solution(cell) for line in lines(given_out(cell))}
    for cell in notebook.cells:
        if is_solution(cell) or is_asking(cell):
            yield from (line for line in lines(cell.source) if line not in shown)
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
        (cell.id, cell.cell_type, given_out(cell)) for cell in kept
    ]
    assert handout.metadata == source.metadata
    for cell in handout.cells:
        assert cell.id == "recap" or not re.search("<details>(?!<summary>Hint( [1-9])?</summary>)", cell.source)
        assert set(cell.metadata) <= {"tags"}
        assert set(cell.metadata.get("tags", [])) <= {
            "exercise",
            "nbval-ignore-output",
            "raises-exception",
            "questions",
        }
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


# The end questions on paper ------------------------------------------------------------------------------------------


def course(folder, count):
    """So many notebooks, each with the end questions of the sample."""
    folder.mkdir()
    for n, path in enumerate(PATHS[:count]):
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell(NOTEBOOKS[path.name].cells[0].source)])
        notebook.cells.append(nbformat.v4.new_markdown_cell(SAMPLE, metadata={"tags": [end_questions.TAG]}))
        notebook.cells.append(nbformat.v4.new_markdown_cell(f"## Where next {n}"))
        nbformat.write(notebook, folder / path.name)
    return folder


@pytest.fixture(scope="module")
def sheets(tmp_path_factory):
    """The sheet and the key of three notebooks with the sample's questions, as files."""
    folder = tmp_path_factory.mktemp("questions")
    *_, sheet, key = write(course(folder / "course", 3), folder / "handout")
    return sheet, key


REASONS = ["so it falls", "Nothing is added up", "neither", "really", "two of them", "bigger still"]


def test_the_notebook_keeps_the_questions_and_loses_the_answers(tmp_path):
    notebook = nbformat.read(course(tmp_path / "course", 1) / PATHS[0].name, as_version=4)
    handout = without_answers(notebook)
    assert "    - C. three" in handout.cells[1].source
    assert "details" not in handout.cells[1].source
    assert [part for part in REASONS if part in nbformat.writes(handout)] == []
    assert [part for part in REASONS if part not in nbformat.writes(notebook)] == []
    assert len([*secrets(notebook)]) == 5


def test_the_sheet_can_be_ticked_and_collected_and_tells_nothing(sheets):
    text = sheets[0].read_text(encoding="utf-8")
    assert text.count("<section>") == 3
    assert text.count("Name:") == text.count("Date:") == 3
    assert text.count('class="box"') == 3 * 16, "one for each answer"
    assert "<span>B</span><span>The cost falls.</span>" in text
    assert [part for part in (*REASONS, 'class="right"', "reason") if part in text.partition("<body>")[2]] == []
    assert text.count("<math") == 3 * 3 + title_formulas()
    assert "$" not in text.partition("<body>")[2]
    assert "http" not in text.replace("http://www.w3.org/1998/Math/MathML", "").partition("</style>")[2]


def title_formulas():
    return sum(cell.cells[0].source.splitlines()[0].count("$") // 2 for cell in [NOTEBOOKS[p.name] for p in PATHS[:3]])


def test_the_key_marks_what_is_right_and_has_every_reason(sheets):
    text = sheets[1].read_text(encoding="utf-8")
    assert text.count("<p>1 B · 2 A · 3 C · 4 B · 5 A</p>") == 3
    assert text.count('<li class="right">') == 3 * 5
    assert text.count('<span class="reason">') == 3 * 16
    assert [part for part in REASONS if text.count(part) < 3] == []


@pytest.mark.parametrize("name", ["sheet", "key"])
def test_each_notebook_is_a_page_of_paper_with_its_formulas_typeset(sheets, page, name):
    file = sheets[name == "key"]
    page.goto(file.as_uri())
    page.wait_for_function("document.fonts.status === 'loaded' && document.fonts.check('12px \"Course Math\"')")
    assert len(re.findall(rb"/Type\s*/Page\b(?!s)", page.pdf(prefer_css_page_size=True))) == 3
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_real_questions_fit_on_a_page_each(page, tmp_path):
    """With the questions that the notebooks have."""
    *_, sheet, _ = write(ROOT / "notebooks", tmp_path / "handout")
    page.goto(sheet.as_uri())
    page.wait_for_function("document.fonts.status === 'loaded'")
    asking = sum(bool(end_questions.cells_of(notebook)) for notebook in NOTEBOOKS.values())
    assert len(re.findall(rb"/Type\s*/Page\b(?!s)", page.pdf(prefer_css_page_size=True))) == max(asking, 1)
