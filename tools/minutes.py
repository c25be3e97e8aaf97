"""How long a notebook takes: its words at 200 a minute, and what there is to do at what it takes.

    python -m tools.minutes            # tells it for every notebook, and where another time is stated
    python -m tools.minutes --write    # writes the times, and the slides of a lesson, where they are stated

Stated they are at the top of each notebook, where one lesson of it ends and another begins, and in each table of 00,
README.md and docs/teaching.md that has a column `minutes` and names notebooks. A row that names slides by their titles
is of a lesson in class: it gets their numbers, their time and the slides that are skipped.
"""

import collections
import pathlib
import re
import sys

import nbformat
from nbformat import NotebookNode

from tools.decks import slides, tagged

ROOT = pathlib.Path(__file__).resolve().parents[1]
STATED = (ROOT / "README.md", ROOT / "docs" / "teaching.md")
WORDS = 200  # read in a minute, of what is not folded
TAKES = {"prediction": 1, "thing to try": 2, "end question": 1, "exercise on paper": 4, "exercise in code": 8}
ROUND = 5  # minutes: no reader is measured more finely

FOLDED = re.compile(r"<details>.*?</details>", re.DOTALL)
TIME = re.compile(r"(?<=\*\*Time:\*\* )[^.]*")
TAKES_A_LESSON = re.compile(r"\b(Lesson \d) takes (?:about )?\d+ minutes")
TRY = re.compile(r"\*\*(?:Try|Look for) this")
BEGINS = re.compile(r"^## (?:(Lesson [2-9]):|(Exercises)$)", re.MULTILINE)
TABLE = re.compile(r"^\|.*\|\n\|[ |-]+\|\n(?:\|.*\|\n?)+", re.MULTILINE)
SLIDES = re.compile(r"\*(.+?)\*(?: to \*(.+?)\*)?(?: \([\d–]+\))?")

Cells = list[NotebookNode]


def notebooks() -> dict[str, NotebookNode]:
    """The notebooks by their numbers."""
    return {path.name[:2]: nbformat.read(path, as_version=4) for path in sorted((ROOT / "notebooks").glob("*.ipynb"))}


def words(cells: Cells) -> int:
    """How many words of Markdown are read without opening anything."""
    return sum(len(FOLDED.sub("", cell.source).split()) for cell in cells if cell.cell_type == "markdown")


def things(cells: Cells) -> dict[str, int]:
    """How often there is something to do, by its kind."""
    found = collections.Counter(dict.fromkeys(TAKES, 0))
    for cell in cells:
        if cell.cell_type == "code":
            found["prediction"] += "bp.Predict(" in cell.source
            found["exercise in code"] += tagged(cell, "exercise")
            continue
        found["exercise on paper"] += tagged(cell, "solution")
        kind = "end question" if tagged(cell, "questions") else "thing to try" if TRY.search(cell.source) else None
        if kind:
            numbered = re.findall(r"^\d+\. ", FOLDED.sub("", TRY.split(cell.source)[-1]), re.MULTILINE)
            found[kind] += max(1, len(numbered))
    found["exercise on paper"] = max(0, found["exercise on paper"] - found["exercise in code"])
    return dict(found)


def rounded(minutes: float) -> int:
    return max(ROUND, ROUND * round(minutes / ROUND))


def lessons(cells: Cells) -> dict[str, Cells]:
    """The cells of each lesson by its name, as their headings say, and those of exercises that are not of one lesson.

    A notebook that is one lesson gives {}.
    """
    found, name = {"lesson 1": []}, "lesson 1"
    for cell in cells:
        begins = BEGINS.search(cell.source) if cell.cell_type == "markdown" else None
        if begins:  # also in the middle of a cell
            if begins.start():
                found[name].append(nbformat.v4.new_markdown_cell(cell.source[: begins.start()]))
            cell = nbformat.from_dict(cell | {"source": cell.source[begins.start() :]})
            name = (begins[1] or begins[2]).lower()
        found.setdefault(name, []).append(cell)
    return found if "lesson 2" in found else {}


def taken(cells: Cells) -> int:
    return rounded(words(cells) / WORDS + sum(TAKES[kind] * count for kind, count in things(cells).items()))


def measured(cells: Cells) -> int:
    """The minutes that a notebook takes: the sum of those of its lessons, each to the next five."""
    return sum(map(taken, lessons(cells).values())) or taken(cells)


def sentence(cells: Cells) -> str:
    """What stands behind *Time:* at the top of a notebook."""
    parts = [f"{taken(part)} for {name.replace('ex', 'the ex')}" for name, part in lessons(cells).items()]
    more = ": " + ", ".join(parts) if parts else f", {rounded(words(cells) / WORDS)} of them to read"
    return f"about {measured(cells)} minutes{more}"


# Where it is stated ---------------------------------------------------------------------------------------------------


def of_row(name: str, books: dict[str, NotebookNode]) -> tuple[Cells, int] | None:
    """The cells of which a row's first field speaks, `01`, `[01 …](…)` or `01, lesson 2`, and their minutes."""
    number, part = re.fullmatch(r"(?:\[?(\d\d)\b)?[^|]*?(?:, (lesson \d|exercises))?", name).groups()
    if number not in books:
        return None
    cells = books[number].cells
    if not part:
        return cells, measured(cells)
    if part not in lessons(cells):
        raise ValueError(f"notebook {number} has no {part}")
    return lessons(cells)[part], taken(lessons(cells)[part])


def span(first: int, last: int) -> str:
    return str(first) if first == last else f"{first}–{last}"


def spans(numbers: list[int]) -> str:
    """`[1, 2, 3, 5]` as `1–3, 5`."""
    starts = [n for n in numbers if n - 1 not in numbers]
    return ", ".join(span(n, next(m for m in range(n, n + 99) if m + 1 not in numbers)) for n in starts)


def shown(told: str, notebook: NotebookNode) -> tuple[str, str, str]:
    """A field that names slides by their titles: with their numbers, their minutes, and the numbers of the others."""
    deck = slides(notebook)
    titles, seen = [slide.title for slide in deck], set()

    def number(title: str) -> int:
        if title not in titles:
            raise ValueError(f"no slide is called {title!r}; there are: {', '.join(titles)}")
        return titles.index(title) + 1

    def with_numbers(found: re.Match) -> str:
        first, last = number(found[1]), number(found[2] or found[1])
        seen.update(range(first, last + 1))
        named = f"*{found[1]}*" + (f" to *{found[2]}*" if found[2] else "")
        return f"{named} ({span(first, last)})"

    text = SLIDES.sub(with_numbers, told)
    minutes = sum(slide.minutes for n, slide in enumerate(deck, start=1) if n in seen)
    return text, f"{minutes:g}", spans([n for n in range(1, len(deck) + 1) if n not in seen]) or "none"


def _row(columns: list[str], row: str, books: dict[str, NotebookNode]) -> str:
    fields = [field.strip() for field in row.strip("|").split("|")]
    spoken_of = of_row(fields[0], books)
    if spoken_of is None:
        return row
    cells, minutes = spoken_of
    told, book = dict(zip(columns, fields, strict=True)), books[re.search(r"\d\d", fields[0])[0]]
    if "slides shown" in told:
        told["slides shown"], told["minutes"], told["skipped"] = shown(told["slides shown"], book)
    else:
        told["minutes"] = str(minutes)
    if "its deck" in told:
        ids = {cell.id for cell in cells}
        told["its deck"] = f"{sum(slide.minutes for slide in slides(book) if slide.cells[0].id in ids):g}"
    return "| " + " | ".join(told.values()) + " |"


def restated(text: str, books: dict[str, NotebookNode]) -> str:
    """A Markdown text with the times, in its tables, that are measured."""

    def table(found: re.Match) -> str:
        head, rule, *rows = found[0].split("\n")
        columns = [field.strip() for field in head.strip("|").split("|")]
        told = [_row(columns, row, books) for row in rows] if "minutes" in columns else rows
        return "\n".join([head, rule, *told])

    return TABLE.sub(table, text)


def corrected(notebook: NotebookNode, books: dict[str, NotebookNode]) -> NotebookNode:
    """A notebook that states the times that are measured."""
    parts = lessons(notebook.cells)

    def takes(found: re.Match) -> str:
        return f"{found[1]} takes about {taken(parts[found[1].lower()])} minutes"

    new = nbformat.from_dict(notebook)
    for cell in new.cells:
        if cell.cell_type == "markdown":
            cell.source = restated(TAKES_A_LESSON.sub(takes, cell.source), books)
    new.cells[0].source = TIME.sub(sentence(notebook.cells), new.cells[0].source)
    return new


def corrections() -> dict[pathlib.Path, str]:
    """The files in which another time is stated than is measured, each as it should be."""
    books, found = notebooks(), {}
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        notebook = books[path.name[:2]]
        if (new := corrected(notebook, books)) != notebook:
            found[path] = nbformat.writes(new) + "\n"
    for path in STATED:
        text = path.read_text(encoding="utf-8")
        if (now := restated(text, books)) != text:
            found[path] = now
    return found


def main(arguments: list[str]) -> None:
    books = notebooks()
    for number, notebook in books.items():
        done = ", ".join(f"{count} × {kind}" for kind, count in things(notebook.cells).items() if count)
        print(f"{number}: {measured(notebook.cells)} minutes: {words(notebook.cells)} words, {done}")
    for path, text in corrections().items():
        print(f"{path.relative_to(ROOT)} states another time." + " Corrected." * ("--write" in arguments))
        if "--write" in arguments:
            path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
