"""Work that takes long, in slices on the kernel's event loop: its cell is done at once, and widgets are heard."""

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import suppress

SLICE, REST = 0.05, 0.005  # seconds of work, and then of hearing what widgets say


class Sliced:
    """Takes the `steps` of some work, a slice of them at a time, and calls `told` after each slice and at the end.

    `runs` says whether it is at work, `is_over` whether no step is left, `error` what went wrong in one.
    """

    def __init__(self, steps: Iterator, told: Callable[[], None]):
        self._steps, self._told = steps, told
        self._loop: asyncio.AbstractEventLoop | None = None
        self._task: asyncio.Task | None = None
        self.runs, self.is_over = False, False
        self.error: BaseException | None = None

    def go_on(self) -> None:
        """Starts the work, or goes on. Where no event loop runs, as in plain Python, it is over when this returns.

        It stays on the loop where it began: Jupyter hears widgets in a thread of their own, with another loop.
        """
        if self.runs or self.is_over:
            return
        self.runs = True
        if not (self._loop and self._loop.is_running()):
            try:
                self._loop = asyncio.get_running_loop()
            except RuntimeError:
                self._work(float("inf"))
                if isinstance(self.error, Exception):
                    raise self.error from None
                return
        self._loop.call_soon_threadsafe(self._begin)

    def stop(self) -> None:
        """Stops after the step under way; `go_on` takes the next one. May be called from any thread."""
        self.runs = False

    def _begin(self) -> None:
        if not self._task or self._task.done():  # else it was stopped a moment ago, and has not noticed
            self._task = asyncio.ensure_future(self._slices())

    async def _slices(self) -> None:
        while self.runs:
            self._work(SLICE)
            await asyncio.sleep(REST)
        self._tell()

    def _work(self, seconds: float) -> None:
        """A slice, of one step at least."""
        end = time.perf_counter() + seconds
        try:
            for _ in self._steps:
                if not self.runs or time.perf_counter() >= end:
                    break
            else:
                self.is_over, self.runs = True, False
        except (Exception, KeyboardInterrupt) as error:
            self._fail(error)
        self._tell()

    def _tell(self) -> None:
        try:
            self._told()
        except (Exception, KeyboardInterrupt) as error:
            self._fail(error)
            with suppress(Exception):
                self._told()

    def _fail(self, error: BaseException) -> None:
        self.error, self.is_over, self.runs = error, True, False
