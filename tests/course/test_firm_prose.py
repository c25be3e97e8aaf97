"""The numbers in prose, on slides and in docs/teaching.md are true of a course that is shaken in its last digits."""

import os
import subprocess
import sys

from tests.places import ROOT

IN_PROSE = [f"notebooks/test_{name}.py" for name in ("teaching", "decks", "numbers_in_prose", "bug_hunt")]
IN_PROSE += ["questions/test_predict.py"]
ON_SAND = """\
import bpcourse as bp

def test_on_sand():
    birds = bp.penguins()
    start = bp.Network([3, 4, 4, 4, 2], "tanh", output="sigmoid", cost="cross_entropy", seed=1)
    run = bp.train(start, birds.x, birds.y, eta=0.5, epochs=40)
    assert f"{run.cost[40]:.4f}" == "%s"
"""


def run_shaken(*files):
    options = ["-q", "-n", "0", "-p", "tests.notebooks.shaken", "-p", "no:cacheprovider", f"--rootdir={ROOT}"]
    command = [sys.executable, "-m", "pytest", *options, *map(str, files)]
    return subprocess.run(command, cwd=ROOT, env={**os.environ, "SHAKEN": "1"}, capture_output=True, text=True)


def test_the_numbers_in_the_text_are_true_of_the_shaken_course():
    ran = run_shaken(*(ROOT / "tests" / name for name in IN_PROSE))
    assert ran.returncode == 0, ran.stdout[-3000:]


def test_a_number_on_sand_is_noticed(tmp_path):
    """A cost that the course once printed: no two ways of rounding give the same."""
    names = {}
    exec(ON_SAND.replace("    assert", "    return run.cost[40]  #"), names)
    file = tmp_path / "test_on_sand.py"
    file.write_text(ON_SAND % f"{names['test_on_sand']():.4f}")
    assert run_shaken(file).returncode == 1
