"""Whatever a learner writes, the answer is a sentence: three minutes of what nobody would write."""

import time

import pytest
from hypothesis import given, seed, settings
from hypothesis import strategies as st

import bpcourse as bp
from tests.exercises.odd import ANSWERS, AT_ONCE, KNOWN, QUICK, a_shorter_wait, answered, functions, learners, lines

SECONDS = 90  # of each kind
WHAT = f"""Lines and functions by a grammar, others each time; each is answered by a sentence, without an exception or a
warning, within {AT_ONCE:g} seconds of a quick machine. An endless loop is ended after 0.2 seconds here, not 10."""
LINES, CHECKS = list(vars(bp.next_line).items()), list(bp.check)


def a_line(data):
    name, check = data.draw(st.sampled_from(LINES))
    source = data.draw(lines(check.begins, ANSWERS[name]))
    return answered(check, lambda: eval(source, dict(KNOWN)))


def a_function(data):
    check = data.draw(st.sampled_from(CHECKS))
    return answered(check, learners(check, *data.draw(functions())))


@pytest.mark.parametrize(("kind", "answer"), [("lines", a_line), ("functions", a_function)])
def test_nothing_escapes(kind, answer, monkeypatch, proved):
    a_shorter_wait(monkeypatch)
    began, took, escapes, rounds = time.monotonic(), [], 0, int(time.time())
    try:
        while time.monotonic() - began < SECONDS:
            rounds += 1

            @seed(rounds)
            @settings(QUICK, derandomize=False, max_examples=100)
            @given(data=st.data())
            def some(data):
                took.append(answer(data)[1])

            some()
    except BaseException:
        escapes = 1  # the first one ends the search
        raise
    finally:
        row = {"what": kind, "tried": len(took), "escapes": escapes, "slowest": f"{max(took):.2f} s"}
        proved("Whatever a learner writes", WHAT, row)
