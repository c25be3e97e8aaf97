"""A sample of what `make long` tries: two notebooks on the lowest versions of what the course itself imports.

An environment of these versions alone is a minute's work and 750 MB. Here they are laid over the one that is there:
45 MB, and what has to be installed of Jupyter's own oldest versions is left to `make long`.
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

from tests.long.settings import for_a_child, outcome
from tests.places import NOTEBOOKS, ROOT
from tests.tools.test_environment import pins

SEED = os.environ.get("BPCOURSE_SEED") or str(random.randrange(1_000_000))
SAYS = "import importlib.metadata as m, json, sys; print(json.dumps({name: m.version(name) for name in sys.argv[1:]}))"


@pytest.fixture(scope="module")
def lowest():
    """{package: its lowest version} of what `import bpcourse` and its pictures and widgets import."""
    asked = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
    return {Requirement(line).name: Version(next(iter(Requirement(line).specifier)).version) for line in asked}


@pytest.fixture(scope="module")
def environment(lowest, tmp_path_factory):
    """A child's environment in which these versions lie before the others."""
    if sys.version_info >= (3, 13):
        pytest.skip("these versions of numpy and matplotlib are older than this Python")
    folder = tmp_path_factory.mktemp("lowest")
    lock = (ROOT / "requirements-lowest.lock").read_text(encoding="utf-8")
    wanted = [" ".join([entry, *options]) for entry, options in pins(lock) if Requirement(entry).name in lowest]
    (folder / "wanted").write_text("\n".join(wanted))
    install = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--require-hashes"]
    command = [*install, "--target", str(folder), "-r", str(folder / "wanted")]
    subprocess.run(command, check=True)
    return for_a_child() | {"PYTHONPATH": str(folder)}


def test_two_notebooks_run_on_the_lowest_versions(environment, lowest):
    said = json.loads(subprocess.check_output([sys.executable, "-c", SAYS, *lowest], env=environment, text=True))
    assert {name: Version(version) for name, version in said.items()} == lowest
    notebooks = random.Random(SEED).sample(NOTEBOOKS, 2)
    found = outcome(sys.executable, environment, *notebooks)
    drawn = f"BPCOURSE_SEED={SEED}: {', '.join(path.name for path in notebooks)}"
    assert (found["ended"], found["failed"]) == (0, 0), f"{drawn}\n{found['printed']}"
    assert found["passed"] > 10, drawn
