"""A notebook as a deck: which cells are on a slide, in which words, and what the teacher is told.

The notebook says it itself, in the metadata of its cells; docs/slides.md explains it. A cell without a slide type is
left to the notebook and does not run, so a deck starts quickly and a new cell never lands on a slide by accident.
"""

import dataclasses
import html
import re

import nbformat
from nbconvert.filters.markdown_mistune import MarkdownWithMath
from nbformat import NotebookNode
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from tools.formulas import MathRenderer

PAUSE = re.compile(r"^\. \. \.$", re.MULTILINE)  # in the words of a slide: what follows comes with the next key press
HEADING = re.compile(r"#+ +(.+)\n?")
MATH_END = re.compile(r"(<math\b(?:(?!</math>).)*</math>)([.,:;?!)]+)", re.DOTALL)
LINE = re.compile(r"\$\$[^$]+\$\$\n\n[^\n]+")  # a formula and its reason, which stands beside it
OPENS, CONTINUES = ("slide", "subslide"), ("fragment", "-")


def to_html(markdown: str) -> str:
    """Markdown with formulas as HTML."""
    renderer = MathRenderer(escape=False, exclude_anchor_links=True)
    made = MarkdownWithMath(renderer=renderer).render(markdown)
    return MATH_END.sub(r'<span class="whole">\1\2</span>', made)  # no line begins with a full stop


@dataclasses.dataclass
class Slide:
    """One slide: the cells on it, and what the teacher is told about it."""

    cells: list[NotebookNode]
    notes: str

    @property
    def title(self) -> str:
        """The heading with which it begins, or ""."""
        found = HEADING.match(words(self.cells[0]).lstrip())
        return found[1] if found else ""

    @property
    def minutes(self) -> float:
        """The time to take, which the notes name first: "3 min."; 0 if they do not."""
        found = re.match(r"([\d.]+) min\.", self.notes)
        return float(found[1]) if found else 0


def kind(cell: NotebookNode) -> str:
    """A cell's slide type; "skip" if it has none."""
    return cell.metadata.get("slideshow", {}).get("slide_type", "skip")


def tagged(cell: NotebookNode, tag: str) -> bool:
    return tag in cell.metadata.get("tags", [])


def title(notebook: NotebookNode) -> str:
    """The heading with which a notebook begins."""
    return re.search(r"^# (.+)$", notebook.cells[0].source, re.MULTILINE)[1]


def words(cell: NotebookNode) -> str:
    """The Markdown of a cell on a slide: words of the slide's own, or else the cell's; a code cell may have none."""
    return cell.metadata.get("bpcourse", {}).get("slide", cell.source if cell.cell_type == "markdown" else "")


def slides(notebook: NotebookNode) -> list[Slide]:
    """The slides of a notebook, in its order."""
    found = []
    for cell in notebook.cells:
        if kind(cell) in OPENS:
            found.append(Slide([], ""))
        if kind(cell) in (*OPENS, *CONTINUES):
            if not found:
                raise ValueError(f"cell {cell.id} continues a slide, but no slide has begun before it")
            found[-1].cells.append(cell)
            found[-1].notes += cell.metadata.get("bpcourse", {}).get("notes", "")
        elif kind(cell) == "notes":
            found[-1].notes += cell.source
    return found


def deck(notebook: NotebookNode) -> NotebookNode:
    """The notebook that is run for a deck: only the cells that it needs, each with the HTML to put around its output.

    `metadata.deck` of a cell holds `before` and `after`, and `shown`, which is false for a cell that only runs. A first
    slide without code does not wait for a kernel: its HTML is `first` in the `metadata.deck` of the notebook.
    """
    found, cells = slides(notebook), []
    where = {cell.id: (slide, n) for slide in found for n, cell in enumerate(slide.cells)}
    for cell in notebook.cells:
        slide, n = where.get(cell.id, (None, 0))
        if slide is None:
            if tagged(cell, "slide-run"):
                cells.append(_new_cell(cell, shown=False, before="", after=""))
            continue
        before, after = _around(cell)
        if n == 0:
            heading = HEADING.match(words(cell).lstrip())
            head = f'<section data-title="{html.escape(plain(slide.title))}"><div class="slide">'
            before = f'{head}{to_html(heading[0]) if heading else ""}<div class="body">{before}'
        if n == len(slide.cells) - 1:
            after += f'</div></div><aside class="notes">{to_html(slide.notes)}</aside></section>'
        cells.append(_new_cell(cell, shown=True, before=before, after=after))
    first = [cell for cell in cells if cell.metadata.deck.shown][: len(found[0].cells)] if found else []
    if any(cell.cell_type == "code" for cell in first):
        first = []
    told = {"title": plain(found[0].title) if found else "", "first": ""}
    told["first"] = "".join(cell.metadata.deck.before + cell.metadata.deck.after for cell in first)
    cells = [cell for cell in cells if not any(cell is early for early in first)]
    metadata = {**notebook.metadata, "deck": told}
    return nbformat.v4.new_notebook(cells=cells, metadata=metadata)


def _new_cell(cell: NotebookNode, **told) -> NotebookNode:
    code = cell.cell_type == "code"
    new = nbformat.v4.new_code_cell(cell.source) if code else nbformat.v4.new_markdown_cell("")
    new.metadata["deck"] = told
    return new


def _around(cell: NotebookNode) -> tuple[str, str]:
    """What stands around a cell's output: its words, piece by piece, and its code where the code is the point."""
    late = kind(cell) == "fragment"
    told = []
    text = words(cell).lstrip()
    if kind(cell) in OPENS:  # its heading stands above
        text = HEADING.sub("", text, count=1) if HEADING.match(text) else text
    for n, piece in enumerate(PAUSE.split(text)):
        if piece.strip():
            names = ["words"] + ["fragment"] * (late or n > 0) + ["line"] * bool(LINE.fullmatch(piece.strip()))
            told.append(f'<div class="{" ".join(names)}">{to_html(piece)}</div>')
    if cell.cell_type == "code":
        if tagged(cell, "slide-code"):
            code = highlight(cell.source, PythonLexer(), HtmlFormatter(cssclass="code"))
            told.append(f'<div class="fragment">{code}</div>' if late else code)
        told.append('<div class="output fragment">' if late else '<div class="output">')
        return "".join(told), "</div>"
    return "".join(told), ""


def plain(markdown: str) -> str:
    """A title without markup."""
    text = re.sub(r"<annotation.*?</annotation>|<[^>]+>", "", to_html(markdown))
    return html.unescape(text).strip()
