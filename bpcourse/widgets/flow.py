"""DeltaFlow, the live network: forward, BP1 and BP2 step by step, and a weight that can be moved.

The browser gets matplotlib's drawing and the story once, then a frame of numbers for each change. The picture plays,
steps and answers clicks without asking the kernel; only a moved slider comes here, as a message, and goes back as a
frame. A change that cannot be made leaves the old picture and sends a sentence.
"""

import pathlib

import anywidget
import numpy as np
import traitlets
from numpy.typing import ArrayLike

from bpcourse.drawing import draw, draw_parts, svg
from bpcourse.network import Network, Trace, backprop
from bpcourse.tables import finite_number
from bpcourse.widgets.story import equations, sliders, slot_names, slot_values, steps


def javascript(name: str) -> str:
    """A widget's JavaScript, behind what all widgets share."""
    folder = pathlib.Path(__file__).parent
    return "".join((folder / part).read_text(encoding="utf-8") for part in ("common.js", name))


class DeltaFlow(anywidget.AnyWidget):
    """The live network for one sample: x (n_1, 1), y (n_L, 1). Source: notebook 03.

    `show` is the step it opens on: `"input"`, `"forward"`, `"BP1"` or `"BP2"`, each at its last layer. `select` is the
    part it opens on, such as `"delta-2-3"` or `"w-3-1-3"`, or `""`. `inputs` and `outputs` say what the first and the
    last layer stand for, `digits` how many decimals are shown. `net` and `trace` follow the hand: `trace` can be
    observed, `net` can be set. Raises ValueError for a part or step that is not there and for more than one sample.
    """

    _esm = javascript("flow.js")
    picture = traitlets.Unicode().tag(sync=True)
    story = traitlets.Dict().tag(sync=True)
    frame = traitlets.Bytes().tag(sync=True)
    step = traitlets.Int().tag(sync=True)
    select = traitlets.Unicode().tag(sync=True)
    problem = traitlets.Unicode().tag(sync=True)
    quiet = traitlets.Bool().tag(sync=True)  # the picture alone, for a derivation beside it
    lit = traitlets.List(traitlets.Unicode()).tag(sync=True)  # the parts that the derivation lights
    trace = traitlets.Instance(Trace)

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
    ):
        trace = backprop(net, x, y)
        if trace.x.shape[1] != 1:
            raise ValueError(f"the picture shows one sample: x must have 1 column; it has {trace.x.shape[1]}")
        if digits not in range(13):
            raise ValueError(f"digits must be between 0 and 12; it is {digits!r}")
        told = steps(net)
        names = [step["name"] for step in told]
        if show not in names:
            raise ValueError(f"show must be one of {', '.join(dict.fromkeys(names))}; it is {show!r}")
        self._start, self._names = trace, (tuple(inputs), tuple(outputs))
        self._parts = [name for name in slot_names(net) if name.split("-")[0] in ("x", "a", "delta", "w")]
        self._sizes, self._digits, self._ticks = net.sizes, int(digits), 0
        super().__init__(
            trace=trace,
            picture=svg(draw_parts(net, dict.fromkeys(net.w, ("a", "delta")), *self._names)),
            story={
                "slots": slot_names(net),
                "steps": told,
                "equations": equations(net),
                "sliders": sliders(net),
                "digits": self._digits,
                "label": f"Network {'-'.join(map(str, net.sizes))}",
            },
            frame=self._frame(trace),
            step=len(names) - 1 - names[::-1].index(show),
            select=self._known(select),
        )
        self.on_msg(self._answer)

    # The network, as Python sees it -------------------------------------------------------------------------------

    @property
    def net(self) -> Network:
        """The network as it is now. Setting another one of the same sizes shows it."""
        return self.trace.net

    @net.setter
    def net(self, net: Network) -> None:
        if isinstance(net, Network) and net.sizes != self._sizes:
            raise ValueError(f"this picture has the sizes {self._sizes}; the network has {net.sizes}")
        trace, first = backprop(net, self.trace.x, self.trace.y), self._start.net
        if (net.output, net.cost) != (first.output, first.cost):  # the equations were sent with the picture
            raise ValueError(f"this picture tells the equations of {first!r}; it cannot show {net!r}")
        self._show(trace)

    def _show(self, trace: Trace) -> None:
        self.trace, self.problem = trace, ""
        self.frame = self._frame(trace)

    def _frame(self, trace: Trace) -> bytes:
        """The numbers of a trace behind a counter, so that every answer is a change, even one that changes nothing."""
        self._ticks += 1
        return np.concatenate([[self._ticks], slot_values(trace)]).astype("<f8").tobytes()

    # What comes from the browser ----------------------------------------------------------------------------------

    def _answer(self, _, content: dict, buffers) -> None:
        """Makes the change that the hand asked for, or says in a sentence why not; always answers with a frame."""
        try:
            if content.get("reset"):
                self._show(self._start)
                return
            name, value = content["change"]
            if name not in self.story["sliders"]:
                raise ValueError(f"nothing is called {name!r} here; a weight is called 'w-3-1-3'")
            self._show(self._changed(name, value))
        except (ValueError, IndexError, TypeError, KeyError, AttributeError) as error:
            self.problem = f"Not changed: {error}"
            self.frame = self._frame(self.trace)

    def _changed(self, name: str, value: float) -> Trace:
        """The pass after one number of the network, of the input or of the target was changed."""
        net, x, y = self.trace.net, self.trace.x.copy(), self.trace.y.copy()
        kind, l, j, *k = name.split("-")
        l, j = int(l), int(j)
        if kind == "w":
            net = net.with_weight(l, j, int(*k), value)
        elif kind == "b":
            net = net.with_bias(l, j, value)
        else:
            (x if kind == "x" else y)[j - 1, 0] = finite_number(name, value)
        return backprop(net, x, y)

    def _known(self, select: str) -> str:
        if select != "" and select not in self._parts:
            named = "-".join(map(str, self._sizes))
            raise ValueError(
                f"select must be '' or a part of this {named} network, such as 'delta-2-1'; it is {select!r}"
            )
        return select

    @traitlets.validate("select")
    def _valid_select(self, proposal) -> str:
        return self._known(proposal["value"])

    @traitlets.validate("step")
    def _valid_step(self, proposal) -> int:
        last = len(self.story["steps"]) - 1
        if not 0 <= proposal["value"] <= last:
            raise ValueError(f"step must be between 0 and {last}; it is {proposal['value']}")
        return proposal["value"]

    # What is shown where no browser is ----------------------------------------------------------------------------

    def _still(self):
        """The same drawing as a printed figure, at this step, with this part chosen."""
        step = self.story["steps"][self.step]
        kind, *index = self.select.split("-")
        accent = [self.select] if kind == "w" else []
        if self.lit:
            accent = [part.replace("edge", "w") for part in self.lit if part.startswith("edge")]
        elif len(index) == 2:
            entry = self.story["equations"].get("-".join([step["shows"][int(index[0])], *index]), {"parts": ()})
            accent = [part.replace("edge", "w") for part in entry["parts"] if part.startswith("edge")]
        figure = draw(self.trace, step["shows"], accent, *self._names, self._digits)
        figure.description = f"{step['title']}\n{figure.description}"
        return figure

    def _repr_mimebundle_(self, **kwargs):
        live, live_metadata = super()._repr_mimebundle_(**kwargs)
        still, still_metadata = self._still()._repr_mimebundle_()
        return {**live, **still}, {**live_metadata, **still_metadata}
