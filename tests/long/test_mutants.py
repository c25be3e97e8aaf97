"""Small faults, each seen by the tests of the room that it is in."""

import shutil
import subprocess
import sys

import pytest

from tests.long.mutants import MUTANTS
from tests.long.settings import for_a_child, outcome
from tests.places import ROOT

WHAT = f"{len(MUTANTS)} small faults, one at a time, against the tests of their room alone. Killed is what a test saw."
# A room that is one file has its tests beside the folders; a fault there shows where its numbers are used.
TESTS = {
    "data": ["tests/test_data.py"],
    "numeric": ["tests/test_numeric.py", "tests/test_gradient_check.py"],
    "tables": ["tests/network"],
    "text": ["tests/test_text.py"],
    "widgets": ["tests/widgets", "--ignore=tests/widgets/on_stage"],
}


def place(code):
    """The one file of the package in which this code stands, from the project's folder."""
    found = [path for path in (ROOT / "bpcourse").rglob("*.py") for _ in range(path.read_text("utf-8").count(code))]
    assert len(found) == 1, f"it stands in {found}"
    return found[0].relative_to(ROOT)


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """The project, to be spoiled."""
    folder = tmp_path_factory.mktemp("spoiled")
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listing, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\0")
    for name in filter(None, names):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name)
    return folder


@pytest.mark.parametrize("number", range(len(MUTANTS)))
def test_it_is_seen(number, copy, proved):
    room, right, wrong = MUTANTS[number]
    path = place(right)
    assert path.parts[1].removesuffix(".py") == room
    source = (ROOT / path).read_text("utf-8")
    (copy / path).write_text(source.replace(right, wrong), "utf-8")
    try:
        child = {**for_a_child(), "PYTHONPATH": str(copy)}
        tests = TESTS.get(room, [f"tests/{room}"])
        ran = outcome(sys.executable, child, "-x", "-n", "0", *tests, folder=copy)
    finally:
        (copy / path).write_text(source, "utf-8")
    killed = ran["failed"] > 0
    row = {"file": path, "what": f"`{' '.join(wrong.split())}`", "killed": "yes" if killed else "no"}
    proved("Small faults", WHAT, row)
    assert killed, f"no test of {room} saw {wrong!r} for {right!r}"
