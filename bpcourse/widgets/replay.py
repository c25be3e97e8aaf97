"""Replay, a training that can be played, stopped and wound back: live network, cost curve, and every bird.

The numbers of every epoch go to the browser once. There a slider puts an epoch's numbers into the live network, whose
picture follows without asking the kernel; the kernel is told, so that a hand on a weight starts from that epoch. A
training of its own goes on in slices between what widgets say, with a button that stops it.
"""

from __future__ import annotations

import operator
import time
from contextlib import suppress
from typing import Any

import numpy as np
import traitlets
from IPython import get_ipython
from numpy.typing import ArrayLike

from bpcourse.network import Network, backprop
from bpcourse.network.trace import Trace
from bpcourse.network.training import History, Training, train
from bpcourse.pictures import charts, look
from bpcourse.pictures.picture import Picture
from bpcourse.tables import whole_number
from bpcourse.text import shown
from bpcourse.widgets.beside import Beside, Said, Whole, javascript
from bpcourse.widgets.contract import Look, ReplayStory, Side
from bpcourse.widgets.flow import Aside, DeltaFlow
from bpcourse.widgets.sliced import Sliced
from bpcourse.widgets.story import slot_values

MOST_BYTES = 250_000  # that all epochs together take; of a longer history some epochs are left out
PAUSE = 0.1  # seconds between two messages of a training under way


class Film(Aside):
    """What the browser has of a history: for each of `epochs` a frame of numbers, the class said of each sample
    (`marks`) and of each field of the map (`fields`); `cost` and `right` of all epochs. `epoch` is the one shown,
    `follows` says whether a training takes the picture along. `training` is "runs", "rests" or "over", or "" without
    one of its own; `progress` says it in words."""

    _esm = javascript("replay")
    epochs = traitlets.List(traitlets.Int()).tag(sync=True)
    frames = traitlets.Bytes().tag(sync=True)
    marks = traitlets.Bytes().tag(sync=True)
    fields = traitlets.Bytes().tag(sync=True)
    cost = traitlets.List(traitlets.Float()).tag(sync=True)
    right = traitlets.List(traitlets.Float()).tag(sync=True)
    stopped = Said().tag(sync=True)
    epoch = Whole().tag(sync=True)
    follows = traitlets.Bool(True).tag(sync=True)
    training = traitlets.Enum(("", "runs", "rests", "over"), "").tag(sync=True)
    progress = Said().tag(sync=True)

    def set_state(self, sync_data: dict) -> None:
        """What the browser says, not while Python says something."""
        with self.flow.lock:
            super().set_state(sync_data)

    @traitlets.validate("epoch")
    def _valid_epoch(self, proposal) -> int:
        return whole_number("epoch", proposal["value"], 0, max(self.epochs, default=0))


class Replay(Beside):
    """A training to look at, epoch by epoch: a `history` of `train`, or a network that `follow` will see learning.

    x (n_1, m) and y (n_L, m), one-hot, are its samples, of up to 4 classes; `axes` are the two inputs, counted from 1,
    by which they are laid out. `epoch` is the one it opens on, the last if None. `live` is what `DeltaFlow` takes:
    `show`, `select`, `inputs`, `outputs`, `digits`, `sample`, `eta`. `.flow` is the live network, `.film` the rest;
    `.epoch` and `.sample` can be set; `.train` goes on from the last epoch. Raises ValueError for an epoch, sample or
    input that is not there, and for more classes. Source: notebook 07.
    """

    _training: Any = None  # of its own: a `Training`; and what takes its steps, from where it began, and with what
    _work: Sliced
    _before: History
    _asked: tuple

    def __init__(
        self,
        history: History | Network,
        x: ArrayLike,
        y: ArrayLike,
        *,
        axes: tuple[int, int] = (1, 2),
        epoch: int | None = None,
        **live: Any,
    ):
        if isinstance(history, Network):
            history = train(history, x, y, epochs=0, batch=1)
        if not isinstance(history, History):
            raise TypeError(f"a history of bp.train or a network is expected; it is {history!r:.60}")
        if history.net.sizes[-1] == 1:
            raise ValueError("a replay lays out classes, one an output; this network has a single output")
        self.history, self._told_at, self._late = history, 0.0, False
        self.flow = DeltaFlow(history.net, x, y, **live)
        self.flow.story = self.flow.story | {"choices": {}}  # a history is of one network's functions
        self._x, self._y = self.flow.every
        self._axes = self._two_inputs(axes)
        self._looks: dict[Network, tuple] = {}  # what the networks of the epochs that were told say
        self._told_frames: dict[tuple, bytes] = {}  # of a network, a sample and η
        self.film = Film(flow=self.flow, story=self._told(*self.flow._names))
        self.film.observe(self._turn_to_epoch, "epoch")
        self.film.on_msg(self._hear)
        self.flow.observe(self._turn_to_sample, "sample")
        self.flow.observe(self._stay_with_the_hand, "trace")
        self._tell()
        if epoch is not None:
            self.epoch = epoch
        super().__init__(self.flow, self.film, (400, 360), gap="16px 24px")

    @property
    def epoch(self) -> int:
        """The epoch that is shown; 0 is before training."""
        return self.film.epoch

    @epoch.setter
    def epoch(self, epoch: int) -> None:
        epoch = whole_number("epoch", epoch, 0, self.history.epochs)
        with self.flow.lock:
            with self.film.hold_sync():
                if epoch not in self.film.epochs:
                    self._tell_epochs(epoch)
                self.film.epoch, self.film.follows = epoch, epoch == self.history.epochs
            self.flow._show(self._trace(epoch))

    def follow(self, history: History) -> None:
        """Shows a history, also one that still grows: `bp.train(…, on_epoch=replay.follow)`."""
        if not isinstance(history, History):
            raise TypeError(f"a history of bp.train is expected; it is {history!r:.60}")
        if repr(history.net) != repr(self.flow.net):
            raise ValueError(f"this replay is of {self.flow.net!r}; the history is of {history.net!r}")
        self._must_rest()
        self.history, self.film.follows, self._training = history, True, None
        shell = get_ipython()
        if shell and not self._late:  # tells what came too fast, or was cut off by the stop button
            shell.events.register("post_run_cell", self._tell_rest)
            self._late = True
        if not shell or time.monotonic() - self._told_at >= PAUSE:
            self._tell()

    def _tell_rest(self, _=None) -> None:
        get_ipython().events.unregister("post_run_cell", self._tell_rest)
        self._late = False
        self._tell()

    # A training of its own ----------------------------------------------------------------------------------------

    def train(self, eta: float = 3.0, epochs: int = 100, batch: int = 10, seed: int | np.random.Generator = 0) -> None:
        """What `bp.train` does, from the last network on, while everything answers: its cell is done at once.

        In Jupyter it goes on in slices of a twentieth of a second, with a button that stops it, and then one to go on;
        while another cell runs, it waits. `history` has what was learned so far, in the end what `bp.train` returns,
        however often it was stopped. The same call again goes on too, to more `epochs` if it says so; with another η,
        batch or seed it begins again where the first call began. Without an event loop, as in plain Python, it is over
        when this returns. Raises what `bp.train` raises, and ValueError for another training while one runs. Source:
        notebook 07.
        """
        before = self._before if self._training else self.history
        asked = Training(before.net, self._x, self._y, eta, epochs, batch, seed, before)
        numbers = asked.eta, asked.batch, seed
        if not self._training or numbers != self._asked or not self._can_reach(asked.epochs):
            self._must_rest()
            self._before, self._asked = before, numbers
            self._take_up(asked)
        elif self._work.is_over and asked.epochs > self._training.finished and not self._training.stopped:
            self._take_up(self._training)
        self._training.epochs = asked.epochs
        self._go_on()

    def stop(self) -> None:
        """Stops the training that `train` began, after the mini-batch under way; `train` or the button goes on."""
        if self._training:
            self._work.stop()
            self._follow_training()

    def close(self) -> None:
        """Closes it, and nothing trains on."""
        if self._training:
            self._work.stop()
        super().close()

    def _can_reach(self, epochs: int) -> bool:
        """Whether the training can come to so many epochs: not if it has more, or is on the way to more."""
        finished, work = self._training.finished, self._work
        return not work.error and (epochs > finished or (work.is_over and epochs == finished))

    def _must_rest(self) -> None:
        if self._training and self._work.runs:
            raise ValueError("this replay is training; press Stop, or call its stop(), first")

    def _take_up(self, training: Training) -> None:
        self._training, self._work = training, Sliced(training.steps(), self._follow_training)

    def _go_on(self) -> None:
        with self.flow.lock:
            if not (self._work.runs or self._work.is_over):
                self._training.stopped, self.film.follows = "", True
                self._work.go_on()
            self.history = self._training.history
            self._tell()

    def _follow_training(self) -> None:
        """After each slice."""
        if not self.film.comm:  # it was closed
            self._work.stop()
            return
        work, training = self._work, self._training
        with self.flow.lock:
            if isinstance(work.error, Exception):
                training.stopped = f"after {training.finished} epochs, {type(work.error).__name__}: {work.error}"
            elif work.error or not (work.runs or work.is_over):
                training.interrupt()
            self.history = training.history
            if not work.runs or time.monotonic() - self._told_at >= PAUSE:
                self._tell()

    def _hear(self, _, content: dict, buffers) -> None:
        """The button was pressed; whatever it does is told from where the training goes on."""
        if self._training and content.get("train"):
            self._go_on()
        elif self._training:
            self._work.stop()

    def _state(self) -> tuple[str, str]:
        if not self._training:
            return "", ""
        of = f"{self._training.finished} of {self._training.epochs} epochs."
        if self._work.runs:
            return "runs", f"Training: {of}"
        return ("over", of[0].upper() + of[1:]) if self._work.is_over else ("rests", f"Stopped after {of}")

    # What the browser gets ----------------------------------------------------------------------------------------

    def _tell(self) -> None:
        """Everything that the browser has of the history; its last epoch is in the picture, unless the hand is."""
        with self.flow.lock, self.film.hold_sync():
            self.film.training, self.film.progress = self._state()
            self.film.stopped = self.history.stopped
            epoch = self.history.epochs if self.film.follows else self.epoch
            self._tell_epochs(epoch)
            self.film.cost, self.film.right = self.history.cost.tolist(), self.history.right.tolist()
            if self.film.follows:
                self.epoch = epoch
        self._told_at = time.monotonic()

    def _tell_epochs(self, epoch: int) -> None:
        """As many epochs as there is room for, and this one."""
        each = 8 * (1 + len(self.flow.story["slots"])) + self._x.shape[1] + charts.GRID**2
        last, apart = self.history.epochs, 1
        while last // apart + 2 > max(3, MOST_BYTES // each):
            apart *= 2  # of those that were told before, every second one is told again
        epochs = sorted({*range(0, last, apart), last, epoch})
        with self.film.hold_sync():
            self.film.epochs, self.film.frames = epochs, self._frames(epochs)
            nets = [self.history.nets[n] for n in epochs]
            self._looks = {net: self._look(net) for net in nets}
            marks, fields = (np.array([self._looks[net][of] for net in nets], dtype="u1") for of in (0, 1))
            self.film.marks, self.film.fields = marks.tobytes(), fields.tobytes()

    def _look(self, net: Network) -> tuple[np.ndarray, np.ndarray]:
        """What a network says of each sample, and of each field of the map."""
        known = self._looks.get(net)
        return known or (charts.predicted(net, self._x), charts.predicted_on_map(net, self._x, self._axes))

    def _frames(self, epochs: list[int]) -> bytes:
        """The numbers of each epoch for the chosen sample, as `DeltaFlow` sends them; the counter is −1."""
        names = [(self.history.nets[n], self.flow.sample, self.flow.eta) for n in epochs]
        known = self._told_frames
        self._told_frames = {name: known.get(name) or self._frame(n) for name, n in zip(names, epochs, strict=True)}
        return b"".join(self._told_frames[name] for name in names)

    def _frame(self, epoch: int) -> bytes:
        return np.array([-1.0, *slot_values(self._trace(epoch), self.flow.eta)], dtype="<f8").tobytes()

    def _trace(self, epoch: int) -> Trace:
        return backprop(self.history.nets[epoch], *self.flow._column(self.flow.sample))

    def _told(self, inputs: tuple[str, ...], outputs: tuple[str, ...]) -> ReplayStory:
        names = [*inputs, *(f"input {n}" for n in range(len(inputs) + 1, len(self._x) + 1))]
        classes = [*outputs, *(f"output {n}" for n in range(len(outputs) + 1, len(self._y) + 1))]
        sides: list[Side] = []
        for axis in self._axes:
            low, high = charts.reach(self._x, axis)
            ticks: Any
            places = (self._x[axis - 1] - low) / (high - low)
            ticks = [[shown(float(n), 0), (n - low) / (high - low)] for n in range(int(np.ceil(low)), int(high) + 1)]
            sides.append({"name": names[axis - 1], "places": places.round(4).tolist(), "ticks": ticks})
        return {
            "sides": sides,
            "classes": classes,
            "truth": self._y.argmax(axis=0).tolist(),
            "others": [name for n, name in enumerate(names, start=1) if n not in self._axes],
            "grid": charts.GRID,
            "looks": [Look(colour=colour, shape=shape) for colour, _, shape in look.of_classes(len(self._y))],
        }

    # What follows the hand ----------------------------------------------------------------------------------------

    def _turn_to_epoch(self, _) -> None:
        """The browser shows an epoch already: here the live network becomes that of the epoch."""
        self.flow.rest_at(self._trace(self.epoch))

    def _turn_to_sample(self, _) -> None:
        self.film.frames = self._frames(self.film.epochs)

    def _stay_with_the_hand(self, _) -> None:
        """A picture that was changed by hand is not taken along by a training."""
        trace, column = self.flow.trace, self.flow._column(self.flow.sample)
        shown = zip((trace.x, trace.y), column, strict=True)
        if trace.net is not self.history.nets[self.epoch] or not all(np.array_equal(*pair) for pair in shown):
            self.film.follows = False

    def _two_inputs(self, axes: tuple[int, int]) -> tuple[int, int]:
        with suppress(TypeError, ValueError):
            across, up = map(operator.index, axes)
            if across != up and min(across, up) >= 1 and max(across, up) <= len(self._x):
                return across, up
        raise ValueError(f"axes must be two different inputs between 1 and {len(self._x)}; it is {axes!r}")

    # What is shown where no browser is ----------------------------------------------------------------------------

    def _text(self) -> str:
        """The epoch in words and numbers."""
        n, last = self.epoch, self.history.epochs
        wrong = np.flatnonzero(self._look(self.history.nets[n])[0] != self._y.argmax(axis=0))
        few = ": " + ", ".join(map(str, wrong)) if 0 < len(wrong) <= 12 else ""
        text = f"Epoch {n} of {last}: cost {shown(self.history.cost[n], 4)}, {shown(100 * self.history.right[n], 1)} % "
        text += f"right, {len(wrong)} of {self._x.shape[1]} samples wrong{few}"
        return text + (f"\n{self.history.stopped}" if self.history.stopped else "")

    def _still(self) -> Picture:
        network, told = self.flow._still(), self.film.story
        names = tuple(self.flow._names[0]), tuple(told["classes"])
        figure = charts.replay(network, self.history, self.epoch, self._x, self._y, self._axes, *names)
        figure.description = f"{self._text()}\nSample {self.flow.sample}. {network.description}"
        return figure
