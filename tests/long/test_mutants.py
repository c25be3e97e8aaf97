"""Small faults in the whole course, each seen by the tests that are named for it."""

import pytest

from tests.long.mutants import MUTANTS
from tests.long.spoiling import copied, faults, killer

FAULTS = faults()
WHAT = f"""{len(FAULTS)} small faults, one at a time. {len(MUTANTS)} are in the Python of the package, each against
the tests of its room alone, the others elsewhere, against the tests named for them. Seen by: the first that failed."""


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    return copied(tmp_path_factory.mktemp("spoiled"))


@pytest.mark.parametrize("number", range(len(FAULTS)))
def test_it_is_seen(number, copy, proved):
    path, right, wrong, tests = FAULTS[number]
    seen_by = killer(copy, path, right, wrong, tests)
    proved("Small faults", WHAT, {"file": path, "what": f"`{' '.join(wrong.split())}`", "seen by": seen_by or "none"})
    assert seen_by, f"no test saw {wrong!r} for {right!r} in {path}"
