"""Every number of the course on other processors, as far as this one can be them."""

import subprocess
import sys

import nbformat
import pytest

from tests.long.settings import for_a_child, outcome, settings
from tests.places import ROOT

WHAT = """The notebooks, each output compared, and the tests that read numbers in documents, slides, pictures and
exercises. Every setting is one of new processes, and such a process was first asked how it computes."""
READ_NO_NUMBERS = ("browser", "course", "long", "tools", "widgets/on_stage", "widgets/test_lifetime.py")
READ_NO_NUMBERS += ("widgets/test_still.py", "test_imports.py", "notebooks/test_firm_ground.py")
LEFT_OUT = [f"--ignore=tests/{name}" for name in READ_NO_NUMBERS]
WORKERS = ("-n", "2", "--dist", "loadfile")

# A training in which rounding decides how far it gets: five processors gave five costs.
CHAOTIC = """
import bpcourse as bp
birds = bp.penguins()
net = bp.Network([3, 4, 4, 4, 2], activation="tanh", output="sigmoid", cost="cross_entropy", seed=1)
print(bp.train(net, birds.x, birds.y, eta=0.5, epochs=40))
"""


@pytest.mark.parametrize("setting", settings(), ids=lambda setting: setting.name)
def test_the_numbers_are_the_same(setting, proved):
    assert setting.faults() == []
    found = outcome(sys.executable, for_a_child(setting.variables), *WORKERS, *LEFT_OUT, "tests", "notebooks")
    says = {"kernel": setting.says["kernel"], "threads": setting.says["threads"]}
    says["SIMD of numpy"] = " ".join(setting.says["simd"]) or "its baseline"
    counted = {key: found[key] for key in ("passed", "failed", "seconds")}
    proved("Other processors", WHAT, {"setting": setting.name} | says | counted)
    assert (found["ended"], found["failed"]) == (0, 0), found["printed"]


def test_a_number_that_depends_on_the_processor_is_seen(tmp_path):
    first, *others = settings()
    printed = subprocess.check_output([sys.executable, "-c", CHAOTIC], env=for_a_child(first.variables), text=True)
    cell = nbformat.v4.new_code_cell(CHAOTIC, execution_count=1)
    cell.outputs = [nbformat.v4.new_output("stream", text=printed)]
    path = tmp_path / "chaotic.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=[cell]), path)
    failed = [outcome(sys.executable, for_a_child(setting.variables), path)["failed"] for setting in (first, others[0])]
    assert failed == [0, 1]


def test_a_setting_that_does_not_take_is_seen():
    first = settings()[0]
    ignored = type(first)(
        "a name that no kernel has", {"OPENBLAS_CORETYPE": "Abacus"}, first.says | {"kernel": "Abacus"}
    )
    assert ignored.faults() == [f"kernel: {first.says['kernel']}, not Abacus"]


def test_a_test_that_is_new_is_among_them():
    """What is left out is named, so that no file of tomorrow is forgotten; and all that is named is there."""
    assert [name for name in LEFT_OUT if not (ROOT / name.removeprefix("--ignore=")).exists()] == []
