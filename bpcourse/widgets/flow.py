"""DeltaFlow, the live network: forward, the cost, BP1 to BP4 and a gradient step, all of it in reach of the hand.

The browser gets matplotlib's drawing and the story once, then a frame of numbers for each change. The picture plays,
steps and answers clicks without asking the kernel; only a change comes here, as a message, and goes back as a frame.
A change that cannot be made leaves the old picture and sends a sentence.
"""

from __future__ import annotations

import threading
from typing import Any

import ipywidgets
import numpy as np
import traitlets
from numpy.typing import ArrayLike

from bpcourse.network import Network, backprop
from bpcourse.network.trace import Trace
from bpcourse.network.training import gradient_step, learning_rate
from bpcourse.parts import Part
from bpcourse.pictures.drawing import SYMBOLS, draw, live_svg
from bpcourse.tables import finite_number, names, whole_number
from bpcourse.widgets.beside import Said, Still, Text, Told, Whole, javascript
from bpcourse.widgets.font import Typeset
from bpcourse.widgets.lifetime import close_with_its_cell
from bpcourse.widgets.story import edges, neurons, parts_of, slot_values, story

MOST_LAYERS, MOST_NEURONS = 5, 8


class Followed(traitlets.Instance):
    """What follows the hand: it can be observed, and the picture alone sets it, with `set_trait`."""

    def __set__(self, obj, value):
        raise AttributeError(f"{self.name} follows the picture and cannot be set; set net or sample")


class DeltaFlow(Still, Typeset):
    """The live network: x (n_1, m), y (n_L, m), of which one sample is shown at a time. Source: notebook 03.

    `show` is the step it opens on: `"input"`, `"forward"`, `"cost"`, `"BP1"`, `"BP2"`, `"BP3"`, `"BP4"` or `"descent"`,
    each at its last layer. `select` is the part it opens on, such as `"delta-2-3"`, `"w-3-1-3"` or `"C"`, or `""`.
    `inputs` and `outputs` say what the first and the last layer stand for, `digits` how many decimals are shown,
    `sample` which column, counted from 0; `eta` is the learning rate of a gradient step. `net`, `trace` and `sample`
    follow the hand: `trace` can be observed; `net`, `sample`, `digits`, `select` and `step` can be set. Raises
    ValueError for a part, step or sample that is not there, and for more than 5 layers or 8 neurons in one.
    """

    _esm = javascript("flow")
    picture = traitlets.Unicode().tag(sync=True)
    story: Any = Told().tag(sync=True)
    frame = traitlets.Bytes().tag(sync=True, from_json=lambda value, _: bytes(value))  # a replay sets it in the browser
    step = Whole().tag(sync=True)
    select = Text().tag(sync=True)
    sample = Whole().tag(sync=True)
    samples = Whole(1).tag(sync=True)
    digits = Whole(3).tag(sync=True)
    problem = Said().tag(sync=True)
    quiet = traitlets.Bool().tag(sync=True)  # the picture alone, for a derivation beside it
    lit = traitlets.List(traitlets.Unicode()).tag(sync=True)  # the parts that something beside the picture lights
    playing = Whole().tag(sync=True)  # the step that something beside the picture plays; 0 stops it
    trace = Followed(Trace)

    def __init__(
        self,
        net: Network,
        x: ArrayLike,
        y: ArrayLike,
        show: str = "BP2",
        select: str = "",
        inputs: tuple[str, ...] = (),
        outputs: tuple[str, ...] = (),
        digits: int = 3,
        sample: int = 0,
        eta: float = 1.0,
    ):
        every = backprop(net, x, y)  # says what is wrong with the data, all of it
        if net.L > MOST_LAYERS or max(net.sizes) > MOST_NEURONS:
            raise ValueError(
                f"the picture has room for {MOST_LAYERS} layers of up to {MOST_NEURONS} neurons; this network is "
                f"{'-'.join(map(str, net.sizes))}: draw a smaller one, and read its numbers in backprop(net, x, y)"
            )
        self.every = every.x, every.y  # of all samples
        self._names = names("inputs", inputs, net.sizes[0]), names("outputs", outputs, net.sizes[-1])
        self._eta, self._ticks = learning_rate(eta), 0
        self.known: set[str] = {Part(symbol, l, j) for symbol in SYMBOLS for l in net.w for j in neurons(net, l)}
        self.known |= {Part("w", l, j, k) for layer in net.w for l, j, k in edges(net, layer)}
        self.known |= {Part("x", 1, k) for k in neurons(net, 1)} | {"", "C"}
        trace = backprop(net, *self._column(sample))
        told = story(trace)
        steps = [step["name"] for step in told["steps"]]
        if show not in steps:
            raise ValueError(f"show must be one of {', '.join(dict.fromkeys(steps))}; it is {show!r:.60}")
        self._sizes = net.sizes
        self.lock = threading.RLock()  # Jupyter hears widgets in a thread of their own
        self._start = (trace, sample, self._eta)
        self.set_trait("trace", trace)
        super().__init__(
            picture=live_svg(net.sizes, *self._names),
            story=told,
            frame=self._frame(trace),
            step=len(steps) - 1 - steps[::-1].index(show),
            select=self._known(select),
            sample=sample,
            samples=every.x.shape[1],
            digits=whole_number("digits", digits, 0, 12),
        )
        self.on_msg(self._answer)
        close_with_its_cell(self)

    # The network, as Python sees it -------------------------------------------------------------------------------

    @property
    def net(self) -> Network:
        """The network as it is now. Setting another one of the same sizes shows it."""
        return self.trace.net

    @net.setter
    def net(self, net: Network) -> None:
        if isinstance(net, Network) and net.sizes != self._sizes:
            raise ValueError(f"this picture has the sizes {self._sizes}; the network has {net.sizes}")
        trace = backprop(net, self.trace.x, self.trace.y)
        if self.quiet and _functions(net) != _functions(self.net):  # the lines beside it tell of the first one
            raise ValueError(f"this derivation is shown on {self.net!r}; it cannot show {net!r}")
        self._show(trace)

    @property
    def eta(self) -> float:
        """The learning rate of a gradient step. Setting another one shows it."""
        return self._eta

    @eta.setter
    def eta(self, eta: float) -> None:
        self._eta = learning_rate(eta)
        self._show(self.trace)

    def rest_at(self, trace: Trace) -> None:
        """Goes on from a trace that the browser shows already, and to which Reset leads from now on."""
        self._start = (trace, self.sample, self._eta)
        self.set_trait("trace", trace)

    def _show(self, trace: Trace) -> None:
        with self.hold_sync():  # one message
            if _functions(trace.net) != _functions(self.net):
                self.story = story(trace)
            self.set_trait("trace", trace)
            self.problem = ""
            self.frame = self._frame(trace)

    def _frame(self, trace: Trace) -> bytes:
        """The numbers of a trace behind a counter, so that every answer is a change, even one that changes nothing."""
        self._ticks += 1
        return np.concatenate([[self._ticks], slot_values(trace, self._eta)]).astype("<f8").tobytes()

    def _column(self, sample: int) -> tuple[np.ndarray, np.ndarray]:
        """x and y of one sample."""
        x, y = self.every
        n = whole_number("sample", sample, 0, x.shape[1] - 1)
        return x[:, [n]], y[:, [n]]

    # What comes from the browser ----------------------------------------------------------------------------------

    def _answer(self, _, content: dict, buffers) -> None:
        """Makes the change that the hand asked for, or says in a sentence why not; always answers with a frame."""
        try:
            with self.lock, self.hold_sync():
                self._change(content)
        except (ValueError, IndexError, TypeError, KeyError, AttributeError, traitlets.TraitError) as error:
            self.problem = f"Not changed: {error}"
            self.frame = self._frame(self.trace)

    def _change(self, content: dict) -> None:
        if content.get("reset"):
            trace, sample, self._eta = self._start
            self._show(trace)  # first: the sample may not suit the network that is left
            self.sample = sample
        elif content.get("descend"):
            self._show(backprop(gradient_step(self.trace, self._eta), self.trace.x, self.trace.y))
        elif "sample" in content:
            before, self.sample = self.sample, content["sample"]  # which shows it, if it is another one
            if self.sample == before:
                self._show(self._coming)
        elif "choose" in content:
            self._choose(*content["choose"])
        else:
            self._set(*content["change"])

    def _set(self, name: str, value: float) -> None:
        """Changes one number: of the network, of the input, of the target, or the learning rate."""
        part = Part.named(name) if name in self.story["slots"] else Part("")
        if part.kind not in ("w", "b", "x", "y", "eta"):
            raise ValueError(f"nothing is called {name!r} here; a weight is called 'w-3-1-3'")
        net, x, y = self.net, self.trace.x.copy(), self.trace.y.copy()
        if part == "eta":
            self._eta = learning_rate(value)
        elif part.kind in ("w", "b"):
            changed: Any = net.with_weight if part.kind == "w" else net.with_bias
            net = changed(*part.place, value)
        else:
            (x if part.kind == "x" else y)[part.place[1] - 1, 0] = finite_number(name, value)
        self._show(backprop(net, x, y))

    def _choose(self, what: str, name: str) -> None:
        """Makes the network of other functions: `activation`, or `closing`, which is `"sigmoid, quadratic"`."""
        options = self.story["choices"]
        if name not in options.get(what, {"options": ()})["options"]:
            raise ValueError(f"{what} must be one of {' | '.join(options.get(what, options)['options'])}; it is {name}")
        net = self.net
        activation, output, cost = _functions(net)
        if what == "activation":
            activation = name
        else:
            output, cost = name.split(", ")
        net = Network.from_parameters(net.w, net.b, activation if net.L > 2 else output, output, cost)
        self._show(backprop(net, self.trace.x, self.trace.y))

    # What a trait may be ------------------------------------------------------------------------------------------

    def _known(self, select: str) -> str:
        if not isinstance(select, str) or select not in self.known:
            named = "-".join(map(str, self._sizes))
            raise ValueError(
                f"select must be '' or a part of this {named} network, such as 'delta-2-1'; it is {select!r:.60}"
            )
        return select

    @traitlets.validate("select")
    def _valid_select(self, proposal) -> str:
        return self._known(proposal["value"])

    @traitlets.validate("step", "playing", "digits")
    def _valid_number(self, proposal) -> int:
        name = proposal["trait"].name
        return whole_number(name, proposal["value"], 0, 12 if name == "digits" else len(self.story["steps"]) - 1)

    @traitlets.validate("sample")
    def _valid_sample(self, proposal) -> int:
        self._coming = backprop(self.net, *self._column(proposal["value"]))
        return proposal["value"]

    @traitlets.observe("sample")
    def _show_sample(self, _) -> None:
        if self.frame:  # not while the picture is still being made
            self._show(self._coming)

    # What is shown where no browser is ----------------------------------------------------------------------------

    def _still(self):
        """The same drawing as a printed figure, at this step, with this part chosen."""
        step = self.story["steps"][self.step]
        chosen = Part.named(self.select)
        lit = [*map(Part.named, self.lit)] or [chosen]
        if not self.lit and len(chosen.place) == 2:
            lit = parts_of(self.story["equations"], chosen.of_kind(step["shows"][chosen.place[0]]))
        accent = [part for part in lit if part.kind in ("edge", "w")]
        figure = draw(self.trace, step["shows"], accent, *self._names, self.digits)
        figure.description = f"{step['title']}\n{figure.description}"
        return figure


def _functions(net: Network) -> tuple[str, str, str]:
    return net.activation, net.output, net.cost


class Aside(Typeset):
    """What stands beside the live network `flow` and reads it in the browser; it is told its `story` once."""

    flow = traitlets.Instance(DeltaFlow).tag(sync=True, **ipywidgets.widget_serialization)
    story = Told().tag(sync=True)
