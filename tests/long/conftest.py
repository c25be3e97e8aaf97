"""Writes what was proved to docs/proved.md: a section for each file of tests here that ran as a whole."""

import datetime
import os
import pathlib
import platform
import re
import subprocess

import pytest

from tests.long.settings import ask, for_a_child
from tests.places import ROOT

PROVED = ROOT / "docs" / "proved.md"
TITLE = """# What was proved, and where

`make long` writes this file: each section when its tests have all run, whatever became of them.
"""


def processor() -> str:
    """The processor's name, as far as this machine tells it."""
    try:
        return re.search(r"^model name\s*: (.*)", pathlib.Path("/proc/cpuinfo").read_text(), re.MULTILINE)[1]
    except (OSError, TypeError):
        return platform.processor() or platform.machine()


def where() -> str:
    """When, at which commit and on what this ran, in a sentence."""

    def git(*command):
        return subprocess.run(["git", *command], cwd=ROOT, capture_output=True, text=True, check=False).stdout.strip()

    changed = " with changes that are not committed" if git("status", "--porcelain", "--", ":!docs/proved.md") else ""
    own = ask(for_a_child({}))
    machine = f"{processor()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    return (
        f"{datetime.date.today()}, commit {git('rev-parse', '--short=9', 'HEAD')}{changed}: {machine}, "
        f"numpy {own['numpy']}, {own['blas']} with its kernel {own['kernel']}."
    )


def table(rows: list[dict]) -> str:
    """Rows, each {column: cell}, as a table in Markdown."""
    columns = list(rows[0])
    lines = [columns, ["---"] * len(columns), *([str(row[column]) for column in columns] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def with_section(text: str, title: str, body: str) -> str:
    """The text of proved.md with this section, in the place of an older one of that title."""
    section = f"## {title}\n\n{body.strip()}\n"
    parts = re.split(r"^(?=## )", text or TITLE, flags=re.MULTILINE)
    titles = [part.partition("\n")[0] for part in parts]
    if f"## {title}" in titles:
        parts[titles.index(f"## {title}")] = section
    else:
        parts.append(section)
    return "\n".join(part.rstrip("\n") + "\n" for part in parts)


class Proved:
    """What the tests of this session have found, by file: `title`, `what` in words, and the rows of its table."""

    def __init__(self):
        self.found, self.partly, self.where = {}, set(), ""

    def pytest_deselected(self, items):
        """A file of which a part is left out has no section to write."""
        self.partly |= {item.path for item in items}

    def pytest_sessionfinish(self, session):
        for path, (title, what, rows) in self.found.items():
            if path in self.partly or session.shouldstop:
                continue
            text = PROVED.read_text(encoding="utf-8") if PROVED.exists() else ""
            body = f"{what}\n\n{self.where}\n\n{table(rows)}"
            PROVED.write_text(with_section(text, title, body), encoding="utf-8")


def pytest_configure(config):
    config.pluginmanager.register(Proved(), "proved")


@pytest.fixture
def proved(request):
    """`proved(title, what, row)` adds a row to a section of docs/proved.md."""
    plugin = request.config.pluginmanager.get_plugin("proved")

    def add(title, what, row):
        plugin.where = plugin.where or where()
        plugin.found.setdefault(request.path, (title, what, []))[2].append(row)

    return add
