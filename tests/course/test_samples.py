"""Samples of what `make long` tries: two notebooks on the lowest versions, two on another processor, five small faults.

An environment of the lowest versions alone is a minute's work and 750 MB. Here those of what the course itself imports
are laid over the one that is there: 45 MB, and what has to be installed of Jupyter's own oldest versions is left to
`make long`.
"""

import json
import os
import random
import subprocess
import sys
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

from tests.long.settings import for_a_child, outcome, settings
from tests.long.spoiling import copied, faults, killer
from tests.places import NOTEBOOKS, ROOT
from tests.tools.test_environment import pins

SEED = os.environ.get("BPCOURSE_SEED") or str(random.randrange(1_000_000))
SAYS = "import importlib.metadata as m, json, sys; print(json.dumps({name: m.version(name) for name in sys.argv[1:]}))"


def must_pass(environment, notebooks, where=""):
    """All cells of the notebooks give what they gave."""
    found = outcome(sys.executable, environment, *notebooks)
    drawn = f"BPCOURSE_SEED={SEED}: {', '.join(path.name for path in notebooks)} {where}"
    assert (found["ended"], found["failed"]) == (0, 0), f"{drawn}\n{found['printed']}"
    assert found["passed"] > 10, drawn


@pytest.mark.skipif(sys.version_info >= (3, 13), reason="their numpy and matplotlib are older than this Python")
def test_two_notebooks_run_on_the_lowest_versions(tmp_path):
    """The lowest versions of what `import bpcourse` and its pictures and widgets import lie before the others."""
    asked = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
    lowest = {Requirement(line).name: Version(next(iter(Requirement(line).specifier)).version) for line in asked}
    lock = (ROOT / "requirements-lowest.lock").read_text(encoding="utf-8")
    wanted = [" ".join([entry, *options]) for entry, options in pins(lock) if Requirement(entry).name in lowest]
    (tmp_path / "wanted").write_text("\n".join(wanted))
    install = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--require-hashes"]
    subprocess.run([*install, "--target", str(tmp_path), "-r", str(tmp_path / "wanted")], check=True)
    environment = for_a_child() | {"PYTHONPATH": str(tmp_path)}
    said = json.loads(subprocess.check_output([sys.executable, "-c", SAYS, *lowest], env=environment, text=True))
    assert {name: Version(version) for name, version in said.items()} == lowest
    must_pass(environment, random.Random(SEED).sample(NOTEBOOKS, 2))


def sample(seed):
    chance = random.Random(seed)
    return chance.choice(settings()[1:]), chance.sample(NOTEBOOKS, 2)


def test_two_notebooks_give_the_same_numbers_on_another_processor():
    setting, notebooks = sample(SEED)
    assert setting.faults() == [], f"BPCOURSE_SEED={SEED}: {setting.name}"
    must_pass(for_a_child(setting.variables), notebooks, f"with {setting.name}")


def test_a_seed_draws_the_same_again_and_another_one_another():
    assert sample("1") == sample("1")
    assert len({str(sample(str(seed))) for seed in range(10)}) > 5


def test_five_small_faults_are_seen(tmp_path):
    folder = copied(tmp_path)
    for path, right, wrong, tests in random.Random(SEED).sample(faults(), 5):
        seen_by = killer(folder, path, right, wrong, tests)
        assert seen_by, f"BPCOURSE_SEED={SEED}: no test saw {wrong!r} for {right!r} in {path}"
