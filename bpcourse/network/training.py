"""Gradient descent: one step of it, and a run of many with its history."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from bpcourse.network.backprop import both_passes, forward, targets
from bpcourse.network.network import Network
from bpcourse.network.trace import Trace, must_be_trace
from bpcourse.tables import TooLarge, held, positive_number, random_from, whole_number
from bpcourse.text import in_full, shown


def learning_rate(eta: float) -> float:
    """η as a float above 0, or one sentence why it is none."""
    return positive_number("eta", eta, ", or the cost does not fall")


def gradient_step(trace: Trace, eta: float) -> Network:
    """The network with w^l − η ∂C/∂w^l and b^l − η ∂C/∂b^l, all gradients taken from one trace of `backprop`.

    Source: notebook 07. Raises ValueError if η is not above 0, or so large that a parameter is no float any more.
    """
    must_be_trace(trace)
    net, eta = trace.net, learning_rate(eta)
    with np.errstate(over="ignore"):
        w = {l: held(f"w[{l}]", net.w[l] - eta * trace.grad_w[l], "eta") for l in net.w}
        b = {l: held(f"b[{l}]", net.b[l] - eta * trace.grad_b[l], "eta") for l in net.b}
    return net.stepped(w, b)


@dataclass(frozen=True, eq=False, repr=False)
class History:
    """What a run of `train` learned, by epoch; index 0 is before training. Read-only. Source: notebook 07.

    `nets` is a tuple of networks and `net` the last of them; `cost[n]` is the mean cost C over all samples after epoch
    n, `right[n]` the share of samples whose largest output is their class, or whose single one is on its side of ½.
    `stopped` is "" after a full run, else one
    sentence that says why it ended early.
    """

    nets: tuple[Network, ...]
    cost: np.ndarray
    right: np.ndarray
    stopped: str = ""

    @property
    def net(self) -> Network:
        """The last network."""
        return self.nets[-1]

    @property
    def epochs(self) -> int:
        """How many epochs were finished."""
        return len(self.nets) - 1

    def __repr__(self) -> str:
        cost = " → ".join(shown(self.cost[n], 4) for n in sorted({0, self.epochs}))
        right = " → ".join(f"{shown(100 * self.right[n], 1)} %" for n in sorted({0, self.epochs}))
        return f"{_counted(self.epochs)}: cost {cost}, right {right}" + f" ({self.stopped})" * bool(self.stopped)


class Training:
    """A training under way, of what `train` takes: its `steps` are taken all at once, or some now and some later.

    `before` is a history whose last network is `net`: it goes on here, and `epochs` counts from its first. `epochs` can
    be set; `stopped` is as in `History`.
    """

    def __init__(
        self,
        net: Network,
        x: ArrayLike,
        y: ArrayLike,
        eta: float = 3.0,
        epochs: int = 100,
        batch: int = 10,
        seed: int | np.random.Generator = 0,
        before: History | None = None,
    ):
        self.eta, self.epochs = learning_rate(eta), whole_number("epochs", epochs)
        self.batch = batch = whole_number("batch", batch, 1)
        self._random = random_from(seed)
        seen = forward(net, x)
        x, self._y = seen.x, _labels(targets(net, y, seen.a[net.L].shape))
        if batch > x.shape[1]:
            raise ValueError(f"batch must be at most the number of samples, {x.shape[1]}; it is {batch}")
        # The numbers of one sample side by side in memory, so that mini-batches are quick to pick.
        self._x = np.asfortranarray(x)
        self._x.flags.writeable = False
        self._kept, self.stopped = [_judged(net, self._x, self._y)], ""
        if before:
            self._kept = list(zip(before.nets, before.cost, before.right, strict=True))
            self.epochs += before.epochs

    def steps(self) -> Iterator[bool]:
        """Learns from one mini-batch with each step, and says whether an epoch is finished by it."""
        x, y, batch, net = self._x, self._y, self.batch, self._kept[-1][0]
        while self.finished < self.epochs:
            order = self._random.permutation(x.shape[1])
            try:
                for start in range(0, len(order), batch):
                    if start:
                        yield False
                    some = order[start : start + batch]
                    net = gradient_step(both_passes(net, x[:, some], y[:, some]), self.eta)
                self._kept.append(_judged(net, x, y))
            except TooLarge:
                self.stopped = f"diverged in epoch {self.finished + 1} of {self.epochs}: numbers grew beyond what a "
                self.stopped += f"float can hold; choose an eta below {self.eta:g}"
                return
            yield True

    def interrupt(self) -> None:
        """Says in `stopped` that somebody ended it."""
        self.stopped = f"interrupted after {self.finished} of {_counted(self.epochs)}"

    @property
    def finished(self) -> int:
        """How many epochs are finished."""
        return len(self._kept) - 1

    @property
    def history(self) -> History:
        """What was learned so far."""
        return _history(self._kept, self.stopped)


def train(
    net: Network,
    x: ArrayLike,
    y: ArrayLike,
    eta: float = 3.0,
    epochs: int = 100,
    batch: int = 10,
    seed: int | np.random.Generator = 0,
    on_epoch: Callable[[History], object] | None = None,
) -> History:
    """Stochastic gradient descent: in each epoch, every sample once, in shuffled mini-batches of `batch`.

    x has shape (n_1, m), y is one-hot, (n_L, m), or 0 and 1 for a single output; where `batch` does not divide m, the
    last mini-batch is smaller. After
    each epoch `on_epoch` is given the history so far. A run that is interrupted, or whose numbers grow beyond what a
    float can hold, ends with a sentence in `stopped`; the epochs before are kept, and `on_epoch` is given that history
    too. Source: notebook 07.
    Raises ValueError or TypeError, before it starts, for what it cannot learn from.
    """
    if on_epoch is not None and not callable(on_epoch):
        raise TypeError(f"on_epoch must be a function that takes the history; it is {on_epoch!r:.60}")
    training = Training(net, x, y, eta, epochs, batch, seed)
    try:
        for is_epoch in training.steps():
            if is_epoch and on_epoch:
                on_epoch(training.history)
    except KeyboardInterrupt:
        training.interrupt()
    history = training.history
    if history.stopped and on_epoch:
        with contextlib.suppress(KeyboardInterrupt):  # pressed twice
            on_epoch(history)
    return history


def classes(a: np.ndarray) -> np.ndarray:
    """The class that each column of outputs, or of targets, says, from 0: its largest; 1 if a single one is above ½."""
    return (a[0] > 0.5).astype(int) if len(a) == 1 else a.argmax(axis=0)


def _judged(net: Network, x: np.ndarray, y: np.ndarray) -> tuple[Network, float, float]:
    """One epoch of a history: the network, its mean cost and its share of right answers, over all samples."""
    seen = forward(net, x)
    a = seen.a[net.L]
    with np.errstate(over="ignore"):
        cost = held("the cost", net.cost_x(seen.z[net.L], a, y).mean(), "eta")
    return net, float(cost), float((classes(a) == classes(y)).mean())


def _history(kept: list[tuple], stopped: str) -> History:
    nets, *curves = zip(*kept, strict=True)
    cost, right = map(np.array, curves)
    cost.flags.writeable = right.flags.writeable = False
    return History(nets, cost, right, stopped)


def _counted(epochs: int) -> str:
    return f"{epochs} epoch{'s' * (epochs != 1)}"


# What it cannot learn from -------------------------------------------------------------------------------------------


def _labels(y: np.ndarray) -> np.ndarray:
    if len(y) == 1:  # one output says yes or no
        if (wrong := y[(y != 0) & (y != 1)]).size:
            raise ValueError(f"y of a single output must be 0 or 1; {in_full(wrong[0])} is in it")
        return y
    wrong = np.flatnonzero(((y != 0) & (y != 1)).any(axis=0) | (y.sum(axis=0) != 1))
    if wrong.size:
        column = ", ".join(in_full(value) for value in y[:8, wrong[0]]) + ", …" * (len(y) > 8)
        raise ValueError(f"y must be one-hot, a single 1 in each column and 0 elsewhere; y[:, {wrong[0]}] is {column}")
    missing = np.flatnonzero(~y.any(axis=1))
    if missing.size:
        raise ValueError(
            f"every class must appear in y; the class of row {missing[0] + 1} never does, in {y.shape[1]} samples"
        )
    return y
