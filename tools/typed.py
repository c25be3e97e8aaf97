"""What somebody typed as HTML, for slides and for the site's pages: titles, names, code, and what a cell prints."""

import html
import re
from collections.abc import Iterator

from nbconvert.filters import ansi2html

from bpcourse.text import readable


def typed(text: object) -> str:
    """A text as HTML, also inside an attribute, that shows it as it was typed."""
    return html.escape(readable(text))


def printed(text: str) -> str:
    """What a cell prints, as HTML: nbconvert escapes it and knows the colours of a terminal, which begin with Esc."""
    return ansi2html("\x1b".join(map(readable, text.split("\x1b"))))


def lines(coloured: str) -> Iterator[str]:
    """The lines of what `printed` gives, each with its colours to itself."""
    opened: list[str] = []
    for line in coloured.splitlines(keepends=True):
        before = "".join(opened)
        for tag in re.findall(r"</?span.*?>", line):
            opened = opened[:-1] if tag == "</span>" else [*opened, tag]
        yield before + line + "</span>" * len(opened)
