"""`make test` ten times in a row in this clone: twice beside two endless loops, and at last beside six."""

import contextlib
import re
import subprocess
import sys
import time

import pytest

from tests.long.settings import for_a_child
from tests.places import ROOT

WHAT = "`make test` ten times in a row in the same clone, two of them beside two endless loops, one beside six."
RUNS, LOOPS = range(1, 11), {4: 2, 8: 2, 10: 6}  # run: endless loops beside it


@contextlib.contextmanager
def endless_loops(count):
    loops = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(count)]
    try:
        yield loops
    finally:
        for loop in loops:
            loop.kill()
            loop.wait()


def run(command, log):
    """Runs a command, what it prints to a file; its last line that counts tests, and the seconds it took."""
    start = time.monotonic()
    with log.open("w", encoding="utf-8") as written:
        ended = subprocess.run(
            command, cwd=ROOT, env=for_a_child(), stdout=written, stderr=subprocess.STDOUT, check=False
        )
    counted = re.findall(r"^=+ (.*) in .* =+$", log.read_text(encoding="utf-8"), re.MULTILINE)
    return ended.returncode, (counted or ["no test was counted"])[-1], round(time.monotonic() - start)


@pytest.mark.parametrize("number", RUNS)
def test_run(number, proved, tmp_path):
    with endless_loops(LOOPS.get(number, 0)):
        ended, counted, seconds = run(["make", "test"], tmp_path / "log")
    beside = f"{LOOPS[number]} endless loops" if number in LOOPS else ""
    row = {"run": number, "beside": beside, "outcome": counted, "ended with": ended, "seconds": seconds}
    proved("Ten runs in a row", WHAT, row)
    assert ended == 0, (tmp_path / "log").read_text(encoding="utf-8")


def test_a_run_that_fails_is_seen(tmp_path):
    (tmp_path / "test_wrong.py").write_text("def test_wrong():\n    assert 1 == 2\n")
    command = [sys.executable, "-m", "pytest", f"--rootdir={tmp_path}", "-p", "no:cacheprovider", str(tmp_path)]
    ended, counted, _ = run(command, tmp_path / "log")
    assert (ended, counted) == (1, "1 failed")


def test_the_loops_run_and_end():
    with endless_loops(2) as loops:
        assert [loop.poll() for loop in loops] == [None, None]
    assert all(loop.returncode for loop in loops)


def test_a_run_is_not_told_what_this_one_was_told(monkeypatch):
    monkeypatch.setenv("MAKEOVERRIDES", "ARGS=-k\\ ten_runs")
    monkeypatch.setenv("ARGS", "-k ten_runs")
    assert {"ARGS", "MAKEOVERRIDES", "MAKEFLAGS", "PYTEST_CURRENT_TEST"} & {*for_a_child()} == set()
