"""The site as a teacher gives it out: no line of a solution and no note of the teacher's is in any of its files."""

import html
import re
import subprocess
import sys

import nbformat
import pytest

from tests.places import NOTEBOOKS
from tests.tools.test_handout import in_json, secrets
from tools.handout import ROOT


@pytest.fixture(scope="module")
def texts(tmp_path_factory):
    """What each file says: pages without their tags, scripts and notebooks as they are."""
    site = tmp_path_factory.mktemp("site") / "site"
    subprocess.run([sys.executable, "-m", "tools.site", site, "--without-solutions"], cwd=ROOT, check=True)
    return read(site)


def read(site):
    files = [file for file in site.rglob("*") if file.is_file() and file.suffix in (".html", ".js", ".ipynb")]
    return {file.name: bare(file.read_text(encoding="utf-8")) for file in files}


def bare(text):
    """A text with neither tags nor white space, and the same however it is written in JSON."""
    return re.sub(r"\s|\\n", "", html.unescape(re.sub(r"<[^>]*>", "", text)))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_no_line_of_a_solution_and_no_note_is_in_any_file(texts, path):
    kept = [bare(form) for line in secrets(nbformat.read(path, as_version=4)) for form in {line, in_json(line)}]
    kept = [line for line in kept if len(line) > 25]
    assert len(kept) > 10
    assert {name: line for name, text in texts.items() for line in kept if line in text} == {}


def test_all_pages_and_notebooks_are_there_and_no_slides(texts):
    for path in NOTEBOOKS:
        assert f"{path.stem}.html" in texts
        assert path.name in texts
    assert "reveal.js" not in texts
