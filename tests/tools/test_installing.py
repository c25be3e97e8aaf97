"""`make env` and `make makers`: an unchanged lock installs nothing, an interrupted install starts again.

The Makefile is the real one; its Python is a stand-in that writes down what it is asked to do.
"""

import re
import shutil
import subprocess

import pytest

from tests.places import ROOT

STAND_IN = """#!/bin/sh
case "$*" in
    *venv*) for folder; do :; done; rm -rf "$folder"; mkdir -p "$folder/bin"; cp "$0" "$folder/bin/python"; what=new ;;
    *makers.lock*) what=makers ;;
    *lowest.lock*) what=lowest ;;
    *requirements.lock*) what=readers ;;
    *--editable*) what=bpcourse ;;
esac
echo $what >> log
test "$what" != "$BREAKS"
"""
READERS = ["new", "readers", "bpcourse"]
STEPS = {"help", "env", "makers", "lowest", "proxy", "lite-env"}  # what others need, and the list itself


@pytest.fixture
def make(tmp_path):
    shutil.copy(ROOT / "Makefile", tmp_path)
    for name in ("", "-makers", "-lowest"):
        (tmp_path / f"requirements{name}.lock").write_text("numpy==2.4.6\n")
    (tmp_path / "stand-in").write_text(STAND_IN)
    (tmp_path / "stand-in").chmod(0o755)

    def run(target, breaks="", change=""):
        """What is installed for a target; `breaks` names what does not end well, `change` a lock that has changed."""
        (tmp_path / "log").write_text("")
        if change:
            (tmp_path / change).write_text(f"numpy==2.5.0 # {target}\n")
        command = ["make", "--silent", target, "PYTHON=./stand-in", f"BREAKS={breaks}"]
        ended = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False).returncode
        assert bool(ended) == bool(breaks)
        return (tmp_path / "log").read_text().split()

    return run


def test_an_unchanged_lock_installs_nothing(make):
    assert make("env") == READERS
    assert make("env") == []
    assert make("makers") == ["makers"]
    assert make("makers") == make("env") == []
    assert make("lowest") == ["new", "lowest", "bpcourse"]
    assert make("lowest") == make("env") == make("makers") == []


@pytest.mark.parametrize("breaks", READERS)
def test_an_interrupted_install_starts_again(make, breaks):
    assert make("env", breaks=breaks)[-1] == breaks
    assert make("env") == READERS


def test_what_makers_left_half_done_costs_readers_nothing_and_is_not_built_upon(make):
    make("env")
    assert make("makers", breaks="makers") == ["makers"]
    assert make("env") == []
    assert make("makers", breaks="readers") == ["new", "readers"]
    assert make("makers") == [*READERS, "makers"]


def test_a_changed_lock_is_installed_for_those_whom_it_concerns(make):
    assert make("makers") == [*READERS, "makers"]  # both at once
    assert make("env", change="requirements-makers.lock") == []
    assert make("makers") == [*READERS, "makers"]
    assert make("env", change="requirements.lock") == READERS
    assert make("makers") == ["makers"]
    assert make("lowest", change="requirements-lowest.lock") == ["new", "lowest", "bpcourse"]


def test_the_table_of_commands_is_the_makefile_s():
    told = re.findall(r"^\| `make (\w+)` \|", (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"), re.MULTILINE)
    (phony,) = re.findall(r"^\.PHONY: (.*)", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert set(told) == set(phony.split()) - STEPS
    assert "long" in told
