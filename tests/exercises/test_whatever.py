"""Whatever a learner writes, the answer is a sentence: by a grammar, and what has failed once."""

import signal
import threading
import time
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import bpcourse as bp
from bpcourse.exercises import running
from bpcourse.exercises.answers import attempt
from tests.exercises.odd import ANSWERS, KNOWN, QUICK, a_shorter_wait, answered, forever, functions, learners, lines

CHECKS = {check.name: check for check in bp.check}
LINES = vars(bp.next_line)


@pytest.fixture(autouse=True)
def soon(monkeypatch):
    a_shorter_wait(monkeypatch)
    before = signal.getsignal(signal.SIGALRM)
    yield
    assert (signal.getsignal(signal.SIGALRM), signal.getitimer(signal.ITIMER_REAL)[0]) == (before, 0)


# By a grammar --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", LINES)
@settings(QUICK, max_examples=40)
@given(data=st.data())
def test_a_line(name, data):
    source = data.draw(lines(LINES[name].begins, ANSWERS[name]))
    answered(LINES[name], lambda: eval(source, dict(KNOWN)))


@pytest.mark.parametrize("name", CHECKS)
@settings(QUICK, max_examples=25)
@given(data=st.data())
def test_a_function(name, data):
    answered(CHECKS[name], learners(CHECKS[name], *data.draw(functions())))


# What has failed once ------------------------------------------------------------------------------------------------


def only_endless_ones_are_ended(said, monkeypatch):
    """On a slow machine others take longer than a shorter wait."""
    if "0.2 seconds" not in said:
        monkeypatch.setattr(running, "SECONDS", 60)


@pytest.mark.parametrize(
    ("right", "said"),
    [
        ("Exp(-z[L, j])", "False. On the drawn 3-4-2 network"),
        ("Exp(Exp(Exp(Number(1000))))", "the right side inf."),
        ("Ln(-a[L, j])", "the right side nan."),
        (f"{ANSWERS['bp1']} + 10**15 - 10**15 + 1", "terms as large as 1e+15 cancel, and no digits are left."),
        ("Number(0.5)", "Number takes whole numbers, Number(1, 2) for ½; it is 0.5"),
        ("Number(1, 0)", "nothing can be divided by 0"),
        ("10**400 * a[L, j]", "of at most 15 digits"),
        ("0.5 * a[L, j]", "an expression such as z[2, 3] is expected; it is 0.5. A half is Number(1, 2)"),
        ("np.ones(2) * a[L, j]", "an expression such as z[2, 3] is expected; it is array("),
        ("(a[L, j] == 1) * 2", "an equation has one =="),
        ("w['L', j, j]", "a layer or a neuron is j, l + 1 or a whole number; it is 'L'"),
        ("a[1.5, j]", "a layer or a neuron is j, l + 1 or a whole number; it is 1.5"),
        ("a[L + 0.5, j]", "an index is shifted by a whole number, as in l + 1; it is 0.5"),
        ("Sum(1, L)(a[L, j])", "a Sum needs an index that runs, as k does in Sum(k, l + 1)(…); it is 1"),
        ("partial(3, z[L])", "partial takes two symbols"),
        ("repeated(500, lambda e: -e, a[L, j])", "This line is too long to be tried out."),
        ("repeated(14, Sum(k, L), a[L, k])", "This line is too long to be tried out."),
        ("repeated(60, lambda e: e + e, a[L, j])", "a formula of more than 100,000 parts is too long"),
        ("repeated(35, Square, 1 - a[L, j])", "This line is too long to be tried out."),
        ("sys.exit()", "Python stopped in your line, `"),
        ("fails(NoText())", "NoText"),
        ("forever()", "Your line did not end in 0.2 seconds. Is there a loop that never ends?"),
        ("fails(KeyboardInterrupt)", "You stopped the check before it had come to a judgement."),
    ],
)
def test_a_line_that_has_failed_once(right, said, monkeypatch):
    only_endless_ones_are_ended(said, monkeypatch)
    verdict, _ = answered(bp.next_line.bp1, lambda: eval(f"delta[L, j] == {right}", dict(KNOWN)))
    assert not verdict
    assert said in verdict.text


@pytest.mark.parametrize(
    ("before", "result", "said"),
    [
        ("sys.exit()", "0", "SystemExit. This ends Python itself; a function ends with return."),
        ("fails(KeyError)", "0", "KeyError"),
        ("fails(GeneratorExit)", "0", "GeneratorExit"),
        ("fails(NoText())", "0", "NoText"),
        ("0", "Odd(ValueError)", "Python stopped in "),
        ("0", "np.full(table.shape, 1e308)", "contains 1e+308; no number here is so large."),
        ("0", "np.broadcast_to(1.0, (10**6, 10**6))", "many more numbers than any layer here."),
        ("0", "wait()", "is a coroutine. A plain `def`"),
        ("0", "(1 for _ in table)", "is a generator. A plain `def`"),
        ("forever()", "0", "Your function did not end in 0.2 seconds. Stopped in "),
        ("stubborn()", "0", "Your function did not end in 0.2 seconds."),
        ("fails(KeyboardInterrupt)", "0", "You stopped the check in "),
        ("np.broadcast_to(1.0, (2, 2)).__setitem__(0, 1)", "0", "This table can be read, not written to."),
    ],
)
def test_a_function_that_has_failed_once(before, result, said, monkeypatch):
    only_endless_ones_are_ended(said, monkeypatch)
    verdict, _ = answered(bp.check.bp2, learners(bp.check.bp2, before, result))
    assert not verdict
    assert said in verdict.text


def test_the_stop_button_gives_back_a_sentence_and_the_line(monkeypatch):
    monkeypatch.setattr(running, "SECONDS", 60)

    def endless(w, d, z):
        while True:
            pass

    timer = threading.Timer(0.3, signal.raise_signal, [signal.SIGINT])
    timer.start()
    verdict = bp.check.bp2(endless)
    timer.join()
    assert verdict.text.startswith("You stopped the check in line ")


def test_in_another_thread_and_beside_another_timer_nothing_is_limited(aside):
    assert aside(running.in_time, lambda: time.sleep(0.3) or 7) == 7
    signal.setitimer(signal.ITIMER_REAL, 60)
    try:
        assert running.in_time(lambda: time.sleep(0.3) or 7) == 7
        assert signal.getitimer(signal.ITIMER_REAL)[0] > 50
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
    with pytest.raises(running.OutOfTime):
        running.in_time(forever)


# A learner cannot spoil the judge ------------------------------------------------------------------------------------


def spoils(array):
    """Writes to an array, and to all that it is a view of, whatever its flags say."""
    while isinstance(array, np.ndarray):
        array.setflags(write=True)
        array[:] = 0
        array = array.base


@pytest.mark.parametrize("name", CHECKS)
def test_what_a_function_is_given_and_gives_back_is_nobody_elses(name):
    check, kept = replace(CHECKS[name], asked_for=()), []

    def function(*given):
        result = check.made(())(*given)
        kept.append((given, result))
        return result

    assert check(function), "which changes nothing"
    for given_, result in kept:
        for value in (*given_, *(result if isinstance(result, tuple) else [result])):
            tables = [value]
            if isinstance(value, bp.Network):
                tables = [*value.w.values(), *value.b.values()]
                object.__setattr__(value, "w", {})
            elif isinstance(value, dict):
                tables = value.values()
            for table in tables:
                spoils(table)
    assert check(function)


@pytest.mark.parametrize("how", ["unlock(given[0])", "object.__setattr__(given[0], 'w', {})", "vars(given[0]).clear()"])
def test_a_network_that_was_broken_open_is_noticed_and_the_next_one_is_whole(how):
    check = bp.check.backprop

    def breaks(net, x, y):
        right = check.made(())(net, x, y)
        learners(check, how, "0")(net, x, y) if "clear" not in how else vars(net).clear()
        return right

    assert "changes net," in check(breaks).text
    assert check(lambda *given: check.made(())(*given))


def test_read_only_is_the_network_only_where_it_is():
    def in_the_trace(net, x, y, eta):
        trace = bp.backprop(net, x, y)
        trace.grad_w[2][:] = 0

    assert attempt(in_the_trace, bp.check.step.cases[0], bp.check.step.arguments, bp.check.step.read)[1] == ""
    verdict = bp.check.step(in_the_trace)
    assert verdict.mistakes == ()
    assert "is read-only. This table can be read, not written to. Make a new one" in verdict.text
    assert "changes net," in bp.check.step(lambda net, x, y, eta: net.w[2].fill(0)).text
