"""A small fault put into a copy of the project, and the tests that should see it run there."""

import shutil
import subprocess
import sys

from tests.long.mutants import MUTANTS
from tests.long.mutants_outside import OUTSIDE
from tests.long.settings import for_a_child, outcome
from tests.places import ROOT

# A room that is one file has its tests beside the folders; a fault there shows where its numbers are used.
OF_ROOM = {
    "data": ["tests/test_data.py"],
    "numeric": ["tests/test_numeric.py", "tests/test_gradient_check.py"],
    "tables": ["tests/network"],
    "text": ["tests/test_text.py"],
    "widgets": ["tests/widgets", "--ignore=tests/widgets/on_stage"],
}


def place(room, code):
    """The one file of the package in which this code stands."""
    found = [path for path in (ROOT / "bpcourse").rglob("*.py") for _ in range(path.read_text("utf-8").count(code))]
    assert len(found) == 1, f"{code!r} stands in {found}"
    path = found[0].relative_to(ROOT)
    assert path.parts[1].removesuffix(".py") == room
    return str(path)


def faults():
    """All small faults: the file, what stands there, what stands there then, and the tests in the order to run them."""
    inside = [
        (place(room, right), right, wrong, [OF_ROOM.get(room, [f"tests/{room}"])]) for room, right, wrong in MUTANTS
    ]
    return inside + [(path, right, wrong, [[test] for test in tests]) for path, right, wrong, tests in OUTSIDE]


def copied(folder):
    """The project in `folder`, to be spoiled."""
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listing, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\0")
    for name in filter(None, names):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name)
    return folder


def killer(folder, path, right, wrong, tests):
    """The first of the tests that fails in `folder` with this fault in it, or "" if none does."""
    source = (ROOT / path).read_text("utf-8")
    assert right in source, f"{right!r} does not stand in {path}"
    (folder / path).write_text(source.replace(right, wrong, 1), "utf-8")
    try:
        for some in tests:
            child = {**for_a_child(), "PYTHONPATH": str(folder)}
            ran = outcome(sys.executable, child, "-x", "-n", "0", *some, folder=folder)
            if ran["failed"]:
                return " ".join(some)
    finally:
        (folder / path).write_text(source, "utf-8")
    return ""
