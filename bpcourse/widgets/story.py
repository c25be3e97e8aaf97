"""What the live network can tell: its steps, and the equation of everything on the picture, with slots for numbers.

All of it is sent to the browser once. Afterwards only a frame travels: one number for each of `slot_names`. An equation
is told once for a whole layer, with the letters j and k for its neurons; the browser puts in the neuron that is chosen.
"""

from collections.abc import Iterator, Mapping
from itertools import product

import numpy as np

from bpcourse import proofs as derivations
from bpcourse.network import Network
from bpcourse.network.functions import ACTIVATIONS, OUTPUTS_OF_COST, softmax_prime
from bpcourse.network.trace import Trace
from bpcourse.notation import a, b, delta, j, k, w, y
from bpcourse.notation.expressions import Equation, Expression
from bpcourse.notation.symbols import Leaf
from bpcourse.notation.typeset import MathML
from bpcourse.parts import Part
from bpcourse.pictures import look
from bpcourse.pictures.drawing import SYMBOLS, number_size
from bpcourse.text import written
from bpcourse.widgets.contract import Choice, EquationTold, FlowStory, Slider, Step

# The numbers ---------------------------------------------------------------------------------------------------------


def neurons(net: Network, l: int) -> range:
    """The neurons of layer l, counted from 1."""
    return range(1, net.sizes[l - 1] + 1)


def edges(net: Network, l: int) -> list[tuple[int, int, int]]:
    """The edges into layer l, as the (l, j, k) of their weights."""
    return [(l, j, k) for j, k in product(neurons(net, l), neurons(net, l - 1))]


ON_EDGES = ("w", "forth", "grad_w", "back")
SAME = {"grad_b": "delta"}  # by BP3 it is the same number, which travels once


def numbers(trace: Trace, eta: float) -> Iterator[tuple[str, int, np.ndarray]]:
    """What a frame tells of one sample, in its order: a kind of number, the layer, and the table of these numbers.

    `forth` is w a and `back` is w δ, what an edge carries; `sum` is what of the latter arrives at a neuron.
    """
    net, hidden = trace.net, range(2, trace.net.L)
    # A softmax layer has no σ′ of one neuron, and none is shown: the place in the frame stays empty.
    slope = {l: trace.a[l] * np.nan if net.sigma_prime(l) is softmax_prime else trace.sigma_prime(l) for l in net.w}
    yield "x", 1, trace.x
    tables = {"z": trace.z, "a": trace.a, "sigma_prime": slope, "delta": trace.delta, "b": net.b}
    for kind, table in tables.items():
        yield from ((kind, l, table[l]) for l in net.w)
    yield from (("sum", l, net.w[l + 1].T @ trace.delta[l + 1]) for l in hidden)
    yield from (("w", l, net.w[l]) for l in net.w)
    yield from (("forth", l, net.w[l] * trace.a[l - 1].T) for l in net.w)
    yield from (("grad_w", l, trace.grad_w[l]) for l in net.w)
    yield from (("back", l + 1, net.w[l + 1] * trace.delta[l + 1]) for l in hidden)
    yield "y", net.L, trace.y
    yield "C", 0, np.array(trace.cost)
    yield "eta", 0, np.array(eta)


def slot_names(trace: Trace) -> list[Part]:
    """The names of a frame's numbers, in its order."""
    names = []
    for kind, l, _ in numbers(trace, 0):
        if not l:
            names.append(Part(kind))
        elif kind in ON_EDGES:
            names += [Part(kind, *edge) for edge in edges(trace.net, l)]
        else:
            names += [Part(kind, l, j) for j in neurons(trace.net, l)]
    return names


def slot_values(trace: Trace, eta: float) -> np.ndarray:
    """The numbers of a trace of one sample and the learning rate, in the order of `slot_names`."""
    return np.concatenate([table.ravel() for _, _, table in numbers(trace, eta)])


# The steps -----------------------------------------------------------------------------------------------------------


def steps(net: Network) -> list[Step]:
    """The steps of one pass and of what follows from it. A pulse travels from 0, the left end of its edge, to 1."""
    L = net.L
    shows = {1: "x"} | {l: "" for l in range(2, L + 1)} | {"C": "", "w": ""}
    wires = {l: "" for l in range(2, L + 1)}
    told = []

    def tell(name, title, text, *phases, **changes):
        step = {"name": name, "title": title, "text": text, "phases": phases}
        errors = [l for l in net.w if shows[l] not in ("", "a")]
        told.append({**step, "shows": dict(shows), "wires": dict(wires), "errors": errors})

    def along(symbol, l, start, end):
        return [[Part(symbol, *at), Part("edge", *at), start, end] for at in edges(net, l)]

    def to_cost(symbol, start, end):
        return [[Part(symbol, L, j), Part("link", L, j), start, end] for j in neurons(net, L)]

    def passing(caption, slot, l):
        return {"caption": caption, "slot": slot, "layer": l}

    tell("input", "Input", "One sample stands in layer 1. Nothing else is computed yet.")
    for l in range(2, L + 1):
        shows[l], wires[l] = "a", "forth"
        text = f"Each neuron of layer {l} adds up what arrives and its bias: that is z. Then it applies σ."
        tell("forward", f"Forward to layer {l}", text, {"pulses": along("forth", l, 0, 1)}, passing("z", "z", l))
    shows["C"] = "C"
    text = "Each output is compared with its target y. How far off they are is one number, the cost."
    tell("cost", "The cost", text, {"pulses": to_cost("a", 0, 1)})
    shows[L], wires[L] = "delta", "back" if L > 2 else "forth"
    text = f"How much would the cost follow a small push on each z of layer {L}? These are its errors δ."
    tell("BP1", f"BP1: errors of layer {L}", text, {"pulses": to_cost("delta", 1, 0)})
    for l in range(L - 1, 1, -1):
        shows[l], wires[l] = "delta", "back" if l > 2 else "forth"
        text = f"Errors travel back along the wires, add up in each neuron of layer {l}, and are scaled by σ′."
        phases = passing("Σ w δ", "sum", l), passing("· σ′(z)", "sigma_prime", l)
        tell("BP2", f"BP2: errors of layer {l}", text, {"pulses": along("back", l + 1, 1, 0)}, *phases)
    shows |= {l: "grad_b" for l in net.w}
    tell("BP3", "BP3: gradients of the biases", "The gradient of a bias is the error of its neuron: the same number.")
    shows |= {l: "delta" for l in net.w} | {"w": "grad_w"}
    wires = dict.fromkeys(net.w, "grad_w")
    text = "From the left end of a wire comes an activation, from the right end an error. "
    text += "Their product is the gradient."
    meeting = []
    for l in range(L, 1, -1):
        left = "x" if l == 2 else "a"
        pulses = [[Part(left, l - 1, k), Part("edge", l, j, k), 0, 0.5] for _, j, k in edges(net, l)]
        pulses += [[Part("delta", l, j), Part("edge", l, j, k), 1, 0.5] for _, j, k in edges(net, l)]
        meeting.append({"pulses": pulses})
    tell("BP4", "BP4: gradients of the weights", text, *meeting)
    shows |= {l: "b" for l in net.w} | {"w": "w"}
    wires = dict.fromkeys(net.w, "w")
    text = "Each weight and each bias moves against its gradient, η times as far. No gradient is computed in between."
    tell("descent", "A gradient step", text)
    return told


# The equations -------------------------------------------------------------------------------------------------------


def _slots(pieces: list[str]) -> list[str]:
    """A gradient in a formula is a number of the frame."""
    return [piece.replace("d-C-by-w-", "grad_w-").replace("d-C-by-b-", f"{SAME['grad_b']}-") for piece in pieces]


def _result(slot: str) -> str:
    return f'<mo>=</mo><mn data-slot="{slot}"></mn>'


def _in_numbers(equation: Equation, net: Network, l: int) -> list[str]:
    here = equation.at(net.sizes, l=l)
    return [here.members[0].mathml(), *here.pieces(MathML(True))]


def _entry(title: str, said: str, general: Equation, net: Network, *more: list[str], **at: int) -> EquationTold:
    """What is told of one quantity: its equation in general, with indices and in numbers, and what `more` there is."""
    here = general.at(net.sizes, **at)
    rows = [here.pieces(MathML(False)), _slots(here.pieces(MathML(True))), *more]
    return {"title": title, "said": said, "general": general.mathml(), "rows": rows, "parts": here.parts(net)}


def _product(net: Network, title: str, said: str, slot: str, expression: Expression) -> EquationTold:
    """What an edge carries: the product, and the product in numbers."""
    pieces = [expression.mathml(), f"<mo>=</mo>{expression.mathml(numbers=True)}", _result(slot)]
    return {"title": title, "said": said, "rows": [pieces], "parts": expression.parts(net)}


def _next(title: str, said: str, slot: str, general: Expression, l: int, net: Network) -> EquationTold:
    """What a gradient step puts in the place of a parameter: numbers from before the step, their result from after."""
    here = general.at(net.sizes, l=l)
    before = [piece.replace("data-slot", "data-before") for piece in _slots(here.pieces(MathML(True)))]
    rows = [here.pieces(MathML(False)), ["<mo>=</mo>" + before[0], *before[1:], _result(slot)]]
    return {"title": title, "said": said, "general": general.mathml(), "rows": rows, "parts": here.parts(net)}


def equations(net: Network) -> dict[str, EquationTold]:
    """For each quantity of each layer: a title, how it is called, its typeset rows, and the parts it reads.

    `delta-2` is told for δ²_j: in rows, slots and parts the letter j stands for the neuron, in titles {j}.
    """
    sizes, L = net.sizes, net.L
    x = a[1, j].at(sizes)
    row = [x.mathml(), _result(x.slot())]
    told: dict[str, EquationTold] = {
        "x-1": {"title": "Input {j}", "said": "x{j}", "rows": [row], "parts": x.parts(net)}
    }
    told["C"] = _entry("The cost of this sample", "the cost", derivations.COST_OF[net.cost], net)
    for l in net.w:
        here = f"neuron {{j}} of layer {l}"
        wire = f"the wire from neuron {{k}} of layer {l - 1} to {here}"
        error = derivations.output_error_of(net) if l == L else derivations.HIDDEN_ERROR
        result = [a[l, j].mathml(), _result(Part("a", l, "j"))]
        if net.sigma_prime(l) is not softmax_prime:  # whose a needs the whole layer's z: no σ(z) of one neuron to show
            result = _in_numbers(derivations.ACTIVATION, net, l)
        said = written("a", l) + "{j}"
        told[Part("a", l)] = _entry(f"Forward, {here}", said, derivations.WEIGHTED_INPUT, net, result, l=l)
        slope = [] if l == L and net.sigma_prime_cancels else [_in_numbers(derivations.SLOPE, net, l)]
        title, said = f"{'BP1' if l == L else 'BP2'}, {here}", written("δ", l) + "{j}"
        told[Part("delta", l)] = _entry(title, said, error, net, *slope, l=l)
        title, said = f"BP3, the bias of {here}", f"∂Cₓ/∂{written('b', l)}{{j}}"
        bias = told[Part("grad_b", l)] = _entry(title, said, derivations.BIAS_GRADIENT, net, l=l)
        bias["rows"] = [bias["rows"][0], [_result(Part(SAME["grad_b"], l, "j"))]]
        said = f"∂Cₓ/∂{written('w', l)}{{j}}{{k}}"
        told[Part("grad_w", l)] = _entry(f"BP4, {wire}", said, derivations.WEIGHT_GRADIENT, net, l=l)
        title = f"A gradient step for the bias of {here}"
        told[Part("b", l)] = _next(title, written("b", l) + "{j}", Part("b", l, "j"), derivations.NEXT_BIAS, l, net)
        title, said = f"A gradient step for {wire}", written("w", l) + "{j}{k}"
        told[Part("w", l)] = _next(title, said, Part("w", l, "j", "k"), derivations.NEXT_WEIGHT, l, net)
        title, forth = wire[0].upper() + wire[1:], (w[l, j, k] * a[l - 1, k]).at(sizes)
        told[Part("forth", l)] = _product(net, title, said, Part("forth", l, "j", "k"), forth)
        if l > 2:
            back = (w[l, j, k] * delta[l, j]).at(sizes)
            told[Part("back", l)] = _product(net, title, said, Part("back", l, "j", "k"), back)
    return told


def parts_of(told: Mapping[str, EquationTold], name: Part) -> list[Part]:
    """The parts that a quantity, such as `delta-2-3`, reads; none for one that is not told."""
    entry = told.get(Part(name.kind, *name.place[:1]))
    letters = dict(zip("jk", name.place[1:], strict=False))
    return [Part.named(part).at(**letters) for part in (entry["parts"] if entry else ())]


# What the hand can change --------------------------------------------------------------------------------------------


def sliders(net: Network) -> dict[str, Slider]:
    """What a slider changes, told for a layer as the equations are."""
    eta: Slider = {"title": "The learning rate", "said": "η", "symbol": "<mi>η</mi>", "low": 0.01, "high": 10}
    told: dict[str, Slider] = {"eta": eta}

    def tell(leaf: Leaf, title: str, low: float = -3, high: float = 3):
        letters = "{j}{k}"[: 3 * len(leaf.neurons)]
        said = written(leaf.name, "" if leaf.name in ("x", "y") else leaf.layer) + letters
        told[Part(leaf.name, leaf.layer)] = Slider(title=title, said=said, symbol=leaf.mathml(), low=low, high=high)

    tell(a[1, j].at(net), "Input {j}")
    for l in net.w:
        tell(w[l, j, k], f"The weight from neuron {{k}} of layer {l - 1} to neuron {{j}} of layer {l}")
        tell(b[l, j], f"The bias of neuron {{j}} of layer {l}")
    tell(y[net.L, j], "The target of output {j}", 0, 1)
    return told


def choices(net: Network) -> dict[str, Choice]:
    """What the network can be made of: σ of the hidden layers, and σ of the last layer with the cost that it fits."""
    hidden = [name for name in ACTIVATIONS if name != "softmax"]
    closing = [f"{output}, {cost}" for cost, outputs in OUTPUTS_OF_COST.items() for output in outputs]
    last = Choice(label="Output and cost", options=closing, now=f"{net.output}, {net.cost}")
    first = Choice(label="Hidden σ", options=hidden, now=net.activation)
    return {"activation": first, "closing": last} if net.L > 2 else {"closing": last}


def story(trace: Trace) -> FlowStory:
    """Everything that is told of the network of a trace before its numbers."""
    net = trace.net
    return {
        "label": f"Network {'-'.join(map(str, net.sizes))}",
        "sizes": net.sizes,
        "slots": slot_names(trace),
        "same": SAME,
        "symbols": list(SYMBOLS),
        "sizes_of_type": {"number": look.NUMBER_SIZE, "target": look.TARGET_SIZE, "label": number_size(net.sizes)},
        "steps": steps(net),
        "equations": equations(net),
        "sliders": sliders(net),
        "choices": choices(net),
    }
