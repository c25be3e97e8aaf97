"""The end questions on paper: a sheet for each notebook, to be ticked and collected, and the teacher's key.

Both are pages for any browser, with their formulas and font in them; print them from there, one notebook a page.
"""

import pathlib
import re

import nbformat
from nbconvert.filters.markdown_mistune import MarkdownWithMath

from tools.decks import title
from tools.end_questions import EndQuestion, cells_of, parse
from tools.formulas import MathRenderer, font_face, held_together

STYLE = """
@page { size: A4; margin: 16mm 18mm; }
body { margin: 0 auto; max-width: 174mm; color: #1e2327; background: #fff;
  font: 10.5pt/1.4 Charter, "Bitstream Charter", Cambria, Georgia, "Liberation Serif", serif; }
section { break-after: page; padding-block: 4mm; }
section:last-of-type { break-after: auto; }
h1 { font-size: 15pt; line-height: 1.25; margin: 0 0 4mm; }
.who { display: flex; gap: 8mm; margin: 0 0 5mm; }
.who span { flex: 2; border-bottom: 0.3mm solid; padding-bottom: 1mm; }
.who span + span { flex: 1; }
section > ol { margin: 0; padding-left: 6mm; }
section > ol > li { margin-bottom: 3.5mm; break-inside: avoid; padding-left: 1mm; }
section > ol > li::marker { font-weight: 700; }
p { margin: 0 0 1.2mm; }
ul { list-style: none; margin: 0; padding: 0; }
ul li { display: grid; grid-template-columns: 5mm 5mm 1fr; align-items: baseline; margin-bottom: 0.8mm; }
.box { width: 3.2mm; height: 3.2mm; border: 0.3mm solid; box-sizing: border-box; align-self: start; margin-top: 0.9mm; }
.right .box { background: #1e2327; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
.right { font-weight: 700; }
.reason { grid-column: 3; font-weight: 400; font-size: 9.5pt; color: #3d454c; }
.key ul li { margin-bottom: 1.4mm; }
code { font-family: ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: 0.9em; }
math { font-family: "Course Math", math; font-size: 1.08em; }
.held, math { white-space: nowrap; }
"""
PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
<main>
{sections}
</main>
</body>
</html>
"""
WHO = '<p class="who"><span>Name:</span><span>Date:</span></p>'


def _typeset(markdown: str) -> str:
    """A sentence or two as HTML, its formulas as MathML."""
    made = MarkdownWithMath(MathRenderer(escape=False)).render(markdown).strip()
    return held_together(re.sub(r"\A<p>(.*)</p>\Z", r"\1", made, flags=re.DOTALL))


def _asked(question: EndQuestion, key: bool) -> str:
    rows = []
    for letter, answer in question.answers.items():
        why = question.reasons[letter]
        reason = f'<span class="reason">{_typeset(why[0].upper() + why[1:])}</span>' if key else ""
        kind = ' class="right"' if key and letter == question.right else ""
        rows.append(
            f'<li{kind}><span class="box"></span><span>{letter}</span><span>{_typeset(answer)}</span>{reason}</li>'
        )
    return f"<li><p>{_typeset(question.text)}</p>\n<ul>\n{chr(10).join(rows)}\n</ul></li>"


def _section(heading: str, questions: list[EndQuestion], key: bool) -> str:
    right = " · ".join(f"{n} {question.right}" for n, question in enumerate(questions, start=1))
    head = f"<p>{right}</p>" if key else WHO
    asked = "\n".join(_asked(question, key) for question in questions)
    kind = ' class="key"' if key else ""
    return f"<section{kind}>\n<h1>{_typeset(heading)}</h1>\n{head}\n<ol>\n{asked}\n</ol>\n</section>"


def page(notebooks: list[tuple[pathlib.Path, nbformat.NotebookNode]], key: bool) -> str:
    """The sheets of all notebooks that have end questions, or their key."""
    told = [
        (f"{path.stem[:2]} {title(notebook)}", parse(cell.source))
        for path, notebook in notebooks
        for cell in cells_of(notebook)
    ]
    sections = "\n".join(_section(*each, key) for each in told)
    name = "Questions at the end: the key" if key else "Questions at the end"
    return PAGE.format(title=name, style=font_face() + STYLE, sections=sections)
