"""How somebody else's code is run: for how long, and which functions of the course it calls."""

from __future__ import annotations

import contextlib
import signal
import sys
import threading
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

SECONDS = 10.0  # for what a learner's function computes in one check
AGAIN = 0.1  # after which it is stopped once more, in case it has caught what stopped it


class OutOfTime(BaseException):
    """Code has run for too long. No Exception: those are caught by learners' code."""


def in_time(run: Callable[[], Any]) -> Any:
    """run(), ended by OutOfTime after SECONDS where the platform allows: on Unix, in the main thread.

    A timer that runs already is left to whoever set it, and nobody is stopped who looks on with a debugger.
    """
    if (
        threading.current_thread() is not threading.main_thread()
        or not hasattr(signal, "setitimer")
        or sys.platform == "emscripten"
        or signal.getitimer(signal.ITIMER_REAL)[0]
    ):
        return run()
    running = True

    def ring(*_):
        if running and sys.gettrace() is None:
            raise OutOfTime

    before = signal.signal(signal.SIGALRM, ring)
    try:
        signal.setitimer(signal.ITIMER_REAL, SECONDS, AGAIN)
        try:
            return run()
        finally:
            running = False
    finally:  # also if it rang a moment before
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before or signal.SIG_DFL)


@contextlib.contextmanager
def quietly() -> Iterator[None]:
    """Nothing warns meanwhile."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        yield


@contextlib.contextmanager
def noticing(functions: tuple[Callable, ...]) -> Iterator[set[str]]:
    """The names of those of `functions` that are called meanwhile, whatever they are called by."""
    names = {id(function.__code__): function.__name__ for function in functions}
    called: set[str] = set()
    before = sys.getprofile()

    def look(frame, event, _):
        if event == "call" and id(frame.f_code) in names:
            called.add(names[id(frame.f_code)])

    if functions:
        sys.setprofile(look)
    try:
        yield called
    finally:
        sys.setprofile(before)


def said(error: BaseException) -> str:
    """The text of an exception; nothing if it has none that can be shown."""
    try:
        return str(error)
    except (OutOfTime, KeyboardInterrupt):
        raise
    except BaseException:
        return ""
