"""What Python tells the browser: everything that a live picture's JavaScript may read, and what it means.

A *story* goes once, when a picture is made; a *frame* goes with each change: little-endian float64, a counter that
makes every answer a change, then one number for each of the story's `slots`. Names of parts and numbers are `Part`s.
Formulas are the inside of a `<math>`, in pieces between which a line may break; a number in one is an empty
`<mn data-slot=…>`. What is told for a whole layer has the letters j and k in names and formulas, {j} and {k} in words.

Back come traits, and messages to `DeltaFlow`: `{"change": [slot, number]}`, `{"sample": n}`, `{"choose": [what,
name]}`, `{"descend": true}`, `{"reset": true}`. Each is answered by a frame; `problem` says why nothing changed. A
`Film` gets `{"train": true}` to go on and `{"train": false}` to stop, and answers with its trait `training`.
"""

from collections.abc import Mapping, Sequence
from typing import NotRequired, TypedDict


class Phase(TypedDict, total=False):
    """What moves on the way to a step: pulses, each a slot, its edge, and from where to where on it, or a caption under
    which each neuron of a layer shows a number on the way to its own."""

    pulses: Sequence[Sequence[str | float]]
    caption: str
    slot: str
    layer: int


class Step(TypedDict):
    """A step of a pass: `shows` is the kind of number that each layer has by then, "" for none, and that of the cost
    ("C") and the wires ("w"); `wires` is what those into each layer carry; `errors` are the layers whose δ is known."""

    name: str
    title: str
    text: str
    phases: Sequence[Phase]
    shows: Mapping[int | str, str]
    wires: Mapping[int, str]
    errors: Sequence[int]


class EquationTold(TypedDict):
    """A kind of number in a layer: in general, then rows with indices and numbers; `parts`, which it reads, are lit."""

    title: str
    said: str
    general: NotRequired[str]
    rows: Sequence[Sequence[str]]
    parts: Sequence[str]


class Slider(TypedDict):
    """What a slider changes, from `low` to `high`, further if its number is there already."""

    title: str
    said: str
    symbol: str
    low: float
    high: float


class Choice(TypedDict):
    """What the network can be made of, and what it is made of now."""

    label: str
    options: Sequence[str]
    now: str


class FlowStory(TypedDict):
    """The live network. `same`: kinds that are another's number; `symbols`: what a neuron can show; type: in points."""

    label: str
    sizes: Sequence[int]
    slots: Sequence[str]
    same: Mapping[str, str]
    symbols: Sequence[str]
    sizes_of_type: Mapping[str, float]
    steps: Sequence[Step]
    equations: Mapping[str, EquationTold]
    sliders: Mapping[str, Slider]
    choices: Mapping[str, Choice]


class Place(TypedDict):
    """A line of a derivation for one neuron or wire; `value` is the slot of what it comes to, if that is one number,
    `sign` that of the sign between its two sides on this network."""

    indexed: Sequence[str]
    numbers: Sequence[str]
    parts: Sequence[str]
    sign: str
    value: NotRequired[str]


class LineTold(TypedDict):
    """A line of a derivation, `at` each place by its layer and neurons, or the name of the place that stands for it."""

    reason: str
    side: bool
    general: str
    at: Mapping[str, Place | str]


class StepperStory(TypedDict):
    """A derivation, whose frame has `slots` of its own. The number of a sign counts the `signs`, from 0; `doubts`
    is what is said of a line with another sign than the first."""

    name: str
    title: str
    lines: Sequence[LineTold]
    slots: Sequence[str]
    signs: Sequence[str]
    doubts: Mapping[str, str]
    digits: int


class Opening(TypedDict):
    """Where the network goes once an answer is chosen: the step that it plays, and the parts chosen and lit there."""

    step: int
    select: str
    lit: Sequence[str]


class PredictStory(TypedDict):
    """A question, its answers as pairs of a label and a reason, the label that is right, `how` one could have known it,
    and the step it waits at."""

    question: str
    look: str
    how: str
    answers: Sequence[Sequence[str]]
    right: str
    opens: int
    shows: Opening


class Side(TypedDict):
    """An axis of the map: where each sample is on it, from 0 to 1, and its ticks as pairs of a text and a place."""

    name: str
    places: Sequence[float]
    ticks: Sequence[Sequence[str | float]]


class Look(TypedDict):
    """The colour (#rrggbb) and the outline, about a middle at 0 0, of a class."""

    colour: str
    shape: str


class ReplayStory(TypedDict):
    """A training: the map of its samples, `truth` the class of each, `others` the inputs that the map does not show."""

    sides: Sequence[Side]
    classes: Sequence[str]
    truth: Sequence[int]
    others: Sequence[str]
    grid: int
    looks: Sequence[Look]


class Sum(TypedDict, total=False):
    """What is said of a row, a column or a wire of the table, as it is and turned, and what is missing before."""

    title: Sequence[str]
    text: Sequence[str]
    general: Sequence[str]
    numbers: Sequence[str]
    missing: Sequence[str]


class End(TypedDict):
    """What stands at the rim of the table: what arrives at a column or leaves a row."""

    said: str
    slot: str


Rim = TypedDict("Rim", {"from": End, "to": End})  # in a class no field can be called `from`


class MatrixStory(Rim):
    """The weights into one layer as a table: each text twice, for the matrix and for its transpose."""

    symbol: Sequence[str]
    said: Sequence[str]
    shape: Sequence[str]
    row: Sum
    column: Sum
    wire: Sum
    none: Sum


STORIES = {  # of each widget that has one
    "DeltaFlow": FlowStory,
    "Lines": StepperStory,
    "Ask": PredictStory,
    "Film": ReplayStory,
    "Matrix": Mapping[str, MatrixStory],
}
