"""How long a notebook takes: its words at 200 a minute, and what there is to do at what it takes.

    python -m tools.minutes            # tells it for every notebook, and where another time is stated
    python -m tools.minutes --write    # writes the times, and the slides of a lesson, where they are stated

Stated they are at the top of each notebook, and in every table of 00, README.md and docs/teaching.md that has a column
`minutes` and names notebooks. A row that names slides by their titles is of a lesson: it gets their numbers, their time
and the slides that are skipped.
"""

import collections
import itertools
import pathlib
import re
import sys

import nbformat
from nbformat import NotebookNode

from tools.decks import slides, tagged

ROOT = pathlib.Path(__file__).resolve().parents[1]
STATED = (ROOT / "README.md", ROOT / "docs" / "teaching.md")
WORDS = 200  # read in a minute, of what is not folded
TAKES = {"prediction": 1, "thing to try": 1, "end question": 1, "exercise on paper": 3, "exercise in code": 5}
ROUND = 5  # minutes: no reader is measured more finely

FOLDED = re.compile(r"<details>.*?</details>", re.DOTALL)
TIME = re.compile(r"(?<=\*\*Time:\*\* )(?:about )?[\w-]+(?= minutes)")
TRY = re.compile(r"\*\*(?:Try|Look for) this")
PART = re.compile(r"## Part (?:one|two|three)\b")
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
            found[kind] += len(re.findall(r"^\d+\. ", FOLDED.sub("", TRY.split(cell.source)[-1]), re.MULTILINE))
    found["exercise on paper"] = max(0, found["exercise on paper"] - found["exercise in code"])
    return dict(found)


def measured(cells: Cells) -> int:
    """The minutes that these cells take, to the next five."""
    taken = words(cells) / WORDS + sum(TAKES[kind] * count for kind, count in things(cells).items())
    return max(ROUND, ROUND * round(taken / ROUND))


def parts(notebook: NotebookNode) -> list[Cells]:
    """A notebook from stop to stop: a part begins at a cell whose heading says so, the first at the top."""
    begins = [n for n, cell in enumerate(notebook.cells) if PART.search(cell.source)]
    edges = [0, *begins[1:], len(notebook.cells)]
    return [notebook.cells[start:end] for start, end in itertools.pairwise(edges)]


# Where it is stated ---------------------------------------------------------------------------------------------------


def deck_minutes(notebook: NotebookNode) -> str:
    return f"{sum(slide.minutes for slide in slides(notebook)):g}"


def of_row(name: str, books: dict[str, NotebookNode]) -> Cells | None:
    """The cells of which a row's first field speaks: `01`, `[01 Forward pass](…)`, `01, part 2`; None if of none."""
    number, part = re.fullmatch(r"(?:\[?(\d\d)\b)?[^|]*?(?:, part (\d))?", name).groups()
    if number not in books:
        return None
    return parts(books[number])[int(part) - 1] if part else books[number].cells


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
    taken = sum(slide.minutes for n, slide in enumerate(deck, start=1) if n in seen)
    return text, f"{taken:g}", spans([n for n in range(1, len(deck) + 1) if n not in seen]) or "none"


def _row(columns: list[str], row: str, books: dict[str, NotebookNode]) -> str:
    fields = [field.strip() for field in row.strip("|").split("|")]
    cells = of_row(fields[0], books)
    if cells is None:
        return row
    told, book = dict(zip(columns, fields, strict=True)), books[re.search(r"\d\d", fields[0])[0]]
    if "slides shown" in told:
        told["slides shown"], told["minutes"], told["skipped"] = shown(told["slides shown"], book)
    else:
        told["minutes"] = str(measured(cells))
    if "its deck" in told:
        told["its deck"] = deck_minutes(book)
    return "| " + " | ".join(told.values()) + " |"


def restated(text: str, books: dict[str, NotebookNode]) -> str:
    """A Markdown text with the times, in its tables, that are measured."""

    def table(found: re.Match) -> str:
        head, rule, *rows = found[0].split("\n")
        columns = [field.strip() for field in head.strip("|").split("|")]
        told = [_row(columns, row, books) for row in rows] if "minutes" in columns else rows
        return "\n".join([head, rule, *told])

    return TABLE.sub(table, text)


def corrections() -> dict[pathlib.Path, str]:
    """The files in which another time is stated than is measured, each as it should be."""
    books, found = notebooks(), {}
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        notebook = nbformat.read(path, as_version=4)
        before = nbformat.writes(notebook)
        opening = notebook.cells[0]
        opening.source = TIME.sub(f"about {measured(notebook.cells)}", opening.source)
        for cell in notebook.cells:
            if cell.cell_type == "markdown":
                cell.source = restated(cell.source, books)
        if (now := nbformat.writes(notebook)) != before:
            found[path] = now + "\n"
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
