"""Thirty kernels run notebook 03 at the same moment, on this machine: no error, the same numbers, little memory."""

import sys

import pytest

from benchmarks.classroom import BARE, NOTEBOOK, STUDENTS, cells_of, middle, together

MOST = 1.3  # times the memory of a kernel that imported numpy and matplotlib
linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells what several kernels share")


@pytest.fixture(scope="module")
def bare(aside):
    return aside(together, BARE)


@linux
def test_thirty_students_at_once(aside, bare):
    cells, printed = cells_of(NOTEBOOK)
    students = aside(together, cells)
    assert [student.error for student in students] == [""] * STUDENTS
    assert len(printed) > 1000
    assert {student.printed for student in students} == {printed}
    assert all(student.seconds > 0 for student in students)
    assert middle(students) <= MOST * middle(bare), "a student's kernel has become too big"


@linux
def test_what_would_be_wrong_is_seen(aside, bare):
    ballast = aside(together, [*BARE, "print('full'); kept = np.ones(60_000_000, np.uint8)"])
    assert middle(ballast) > MOST * middle(bare)
    (failing,) = aside(together, ["print('here')", "1 / 0", "print('not here')"], 1)
    assert (failing.printed, failing.error) == ("here\n", "ZeroDivisionError: division by zero")
