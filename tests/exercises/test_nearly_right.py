"""A right answer changed by a hundred-thousandth is not accepted: no wrong answer is."""

import numpy as np
import pytest

import bpcourse as bp
from bpcourse.exercises.answers import same

PERTURBATIONS = 2000  # of each check


def changed(random, tables):
    """One number of one table, or all numbers, moved by a factor of 1e-5 or more; half of them then cast to float32."""
    tables = {name: table.copy() for name, table in tables.items()}
    name = random.choice(sorted(tables))
    size = 10 ** random.uniform(-5, 0) * random.choice([-1, 1])
    if random.random() < 0.8:
        tables[name].flat[random.integers(tables[name].size)] *= 1 + size
    else:
        tables[name] *= 1 + size
    if random.random() < 0.5:
        tables = {name: table.astype(np.float32).astype(float) for name, table in tables.items()}
    return tables


@pytest.mark.parametrize("check", list(bp.check), ids=lambda check: check.name)
def test_a_right_answer_changed_by_a_hundred_thousandth_is_not(check):
    random = np.random.default_rng(5)
    accepted = 0
    for _ in range(PERTURBATIONS):
        n = random.integers(len(check.cases))
        accepted += same(changed(random, check.wanted[n]), check.wanted[n])
    assert accepted == 0


@pytest.mark.parametrize("check", list(bp.check), ids=lambda check: check.name)
def test_the_check_itself_refuses_them(check):
    """The whole way through the check, for some of them: one wrong number in one case is enough."""
    random = np.random.default_rng(6)
    right = check.made(())
    for _ in range(25):
        n = random.integers(len(check.cases))
        wrong = changed(random, check.wanted[n])
        calls = iter(range(len(check.cases)))

        def answer(*inputs, n=n, wrong=wrong, calls=calls):
            out = right(*inputs)
            if next(calls) != n:
                return out
            if len(wrong) == 1:
                return wrong["your answer"]
            parts = ({}, {})
            first = next(iter(wrong)).split("[")[0]
            for name, table in wrong.items():
                parts[not name.startswith(f"{first}[")][int(name.split("[")[1][:-1])] = table
            return parts

        verdict = check(answer)
        assert not verdict
        assert verdict.mistakes == ()
