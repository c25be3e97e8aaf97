"""The unit tests and the notebooks on the lowest versions that pyproject.toml allows."""

import subprocess
import sys

import pytest

from tests.long.settings import for_a_child, outcome
from tests.places import ROOT

WHAT = """The unit tests and the notebooks on the lowest versions that pyproject.toml allows, all of them at once
(requirements-lowest.lock)."""
UNIT = [f"--ignore=tests/{name}" for name in ("browser", "widgets/on_stage", "course", "long")]
UNIT += ["tests", "notebooks"]
SAYS = "import numpy, matplotlib, PIL; print(numpy.__version__, matplotlib.__version__, PIL.__version__)"


@pytest.fixture(scope="module")
def lowest():
    """The Python of an environment with these versions, the same Python as this one."""
    if sys.version_info >= (3, 13):
        pytest.skip("these versions of numpy and matplotlib are older than this Python")
    command = ["make", "--no-print-directory", "lowest", f"PYTHON={sys._base_executable}"]
    subprocess.run(command, cwd=ROOT, env=for_a_child(), check=True)
    return ROOT / ".lowest" / "bin" / "python"


def test_the_bounds_are_true(lowest, proved):
    said = subprocess.check_output([lowest, "-c", SAYS], text=True).split()
    found = outcome(lowest, for_a_child(), "-n", "2", "--dist", "loadfile", *UNIT)
    versions = dict(zip(("numpy", "matplotlib", "pillow"), said, strict=True))
    counted = {key: found[key] for key in ("passed", "failed", "seconds")}
    proved("The lowest versions", WHAT, versions | counted)
    assert (found["ended"], found["failed"]) == (0, 0), found["printed"]


def test_they_are_older_than_what_is_installed_otherwise(lowest):
    newer = subprocess.check_output([sys.executable, "-c", SAYS], text=True)
    assert newer != subprocess.check_output([lowest, "-c", SAYS], text=True)


def test_a_bound_that_is_not_true_is_seen(lowest, tmp_path):
    (tmp_path / "test_new.py").write_text(
        "def test_newer():\n    from matplotlib.typing import CapStyleType, LegendLocType\n"
    )
    found = outcome(lowest, for_a_child(), tmp_path)
    assert (found["passed"], found["failed"]) == (0, 1)
