"""The index in which the pages search: a classic script, so that a folder without a server can be searched too."""

import html
import json
import pathlib
import re

HEADING = re.compile(r'<h([1-3])(?: id="(.*?)")?>(.*?)</h\1>', re.DOTALL)
APART = re.compile(r"</?(?:p|li|td|th|tr|pre|div|h\d|summary|figure)\b[^>]*>|<br>")


def words(markup: str) -> str:
    """What a reader sees of a piece of a page, on one line."""
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]*>", "", APART.sub(" ", markup)))).strip()


def sections(address: str, name: str, body: str) -> list[dict[str, str]]:
    """The parts of a page, from heading to heading: where each is, what it is called, and what it says."""
    _, *parts = HEADING.split(body)
    found = []
    for _, anchor, heading, text in zip(*[iter(parts)] * 4, strict=True):
        at = f"{address}#{html.unescape(anchor)}" if anchor else address
        found.append({"page": name, "at": at, "heading": words(heading), "text": words(text)})
    return found


def write(found: list[dict[str, str]], file: pathlib.Path) -> None:
    file.write_text(f"search.take({json.dumps(found, ensure_ascii=False)});\n", encoding="utf-8")
