"""Replay, a training that can be played, stopped and wound back: live network, cost curve, and every bird.

The numbers of every epoch go to the browser once. There a slider puts an epoch's numbers into the live network, whose
picture follows without asking the kernel; the kernel is told, so that a hand on a weight starts from that epoch.
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
from bpcourse.network.training import History, train
from bpcourse.pictures import charts, look
from bpcourse.pictures.picture import Picture
from bpcourse.tables import whole_number
from bpcourse.text import shown
from bpcourse.widgets.beside import Beside, Said, Whole, javascript
from bpcourse.widgets.contract import Look, ReplayStory, Side
from bpcourse.widgets.flow import Aside, DeltaFlow
from bpcourse.widgets.story import slot_values

MOST_BYTES = 250_000  # that all epochs together take; of a longer history some epochs are left out
PAUSE = 0.1  # seconds between two messages of a training under way


class Film(Aside):
    """What the browser has of a history: for each of `epochs` a frame of numbers, the class said of each sample
    (`marks`) and of each field of the map (`fields`); `cost` and `right` of all epochs. `epoch` is the one shown."""

    _esm = javascript("replay")
    epochs = traitlets.List(traitlets.Int()).tag(sync=True)
    frames = traitlets.Bytes().tag(sync=True)
    marks = traitlets.Bytes().tag(sync=True)
    fields = traitlets.Bytes().tag(sync=True)
    cost = traitlets.List(traitlets.Float()).tag(sync=True)
    right = traitlets.List(traitlets.Float()).tag(sync=True)
    stopped = Said().tag(sync=True)
    epoch = Whole().tag(sync=True)

    @traitlets.validate("epoch")
    def _valid_epoch(self, proposal) -> int:
        return whole_number("epoch", proposal["value"], 0, max(self.epochs, default=0))


class Replay(Beside):
    """A training to look at, epoch by epoch: a `history` of `train`, or a network that `follow` will see learning.

    x (n_1, m) and y (n_L, m), one-hot, are its samples, of up to 4 classes; `axes` are the two inputs, counted from 1,
    by which they are laid out. `epoch` is the one it opens on, the last if None. `live` is what `DeltaFlow` takes:
    `show`, `select`, `inputs`, `outputs`, `digits`, `sample`, `eta`. `.flow` is the live network, `.film` the rest;
    `.epoch` and `.sample` can be set. Raises ValueError for an epoch, sample or input that is not there, and for more
    classes. Source: notebook 07.
    """

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
        self._looks: list[tuple] = []  # of each epoch: its network, what that says of samples and of fields
        self.film = Film(flow=self.flow, story=self._told(*self.flow._names))
        self.film.observe(self._turn_to_epoch, "epoch")
        self.flow.observe(self._turn_to_sample, "sample")
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
        epoch = whole_number("epoch", epoch, 0, len(self._looks) - 1)
        with self.film.hold_sync():
            if epoch not in self.film.epochs:
                self._tell_epochs(epoch)
            self.film.epoch = epoch
        self.flow._show(self._trace(epoch))

    def follow(self, history: History) -> None:
        """Shows a history, also one that still grows: `bp.train(…, on_epoch=replay.follow)`."""
        if not isinstance(history, History):
            raise TypeError(f"a history of bp.train is expected; it is {history!r:.60}")
        if repr(history.net) != repr(self.flow.net):
            raise ValueError(f"this replay is of {self.flow.net!r}; the history is of {history.net!r}")
        self.history = history
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

    # What the browser gets ----------------------------------------------------------------------------------------

    def _tell(self) -> None:
        """Everything that the browser has of the history, with its last epoch in the picture."""
        nets, known = self.history.nets, {id(look[0]): look for look in self._looks}
        self._looks = [
            known.get(id(net))
            or (net, charts.predicted(net, self._x), charts.predicted_on_map(net, self._x, self._axes))
            for net in nets
        ]
        with self.film.hold_sync():
            self._tell_epochs(len(nets) - 1)
            self.film.cost, self.film.right = self.history.cost.tolist(), self.history.right.tolist()
            self.film.stopped = self.history.stopped
            self.epoch = len(nets) - 1
        self._told_at = time.monotonic()

    def _tell_epochs(self, epoch: int) -> None:
        """As many epochs as there is room for, and this one."""
        each, last = 8 * (1 + len(self.flow.story["slots"])) + self._x.shape[1] + charts.GRID**2, len(self._looks) - 1
        most = min(max(2, MOST_BYTES // each), last + 1)
        epochs = sorted({*np.linspace(0, last, most).round().astype(int).tolist(), epoch})
        with self.film.hold_sync():
            self.film.epochs, self.film.frames = epochs, self._frames(epochs)
            samples, fields = (np.array([self._looks[n][of] for n in epochs], dtype="u1") for of in (1, 2))
            self.film.marks, self.film.fields = samples.tobytes(), fields.tobytes()

    def _frames(self, epochs: list[int]) -> bytes:
        """The numbers of each epoch for the chosen sample, as `DeltaFlow` sends them; the counter is −1."""
        numbers = [[-1.0, *slot_values(self._trace(n), self.flow.eta)] for n in epochs]
        return np.array(numbers, dtype="<f8").tobytes()

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
        wrong = np.flatnonzero(self._looks[n][1] != self._y.argmax(axis=0))
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
