"""A sample of what `make long` tries: two notebooks on one other processor, as far as this one can be it."""

import os
import random
import sys

from tests.long.settings import for_a_child, outcome, settings
from tests.places import NOTEBOOKS

SEED = os.environ.get("BPCOURSE_SEED") or str(random.randrange(1_000_000))


def sample(seed):
    chance = random.Random(seed)
    return chance.choice(settings()[1:]), chance.sample(NOTEBOOKS, 2)


def test_two_notebooks_give_the_same_numbers_on_another_processor():
    setting, notebooks = sample(SEED)
    drawn = f"BPCOURSE_SEED={SEED}: {', '.join(path.name for path in notebooks)} with {setting.name}"
    assert setting.faults() == [], drawn
    found = outcome(sys.executable, for_a_child(setting.variables), *notebooks)
    assert (found["ended"], found["failed"]) == (0, 0), f"{drawn}\n{found['printed']}"
    assert found["passed"] > 10, drawn


def test_a_seed_draws_the_same_again_and_another_one_another():
    assert sample("1") == sample("1")
    assert len({str(sample(str(seed))) for seed in range(10)}) > 5
