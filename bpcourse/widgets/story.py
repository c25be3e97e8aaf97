"""What the live network can tell: its steps, and each neuron's and edge's equation, typeset, with slots for numbers.

All of it is sent to the browser once. Afterwards only a frame travels: one number for each of `slot_names`.
"""

from itertools import product

import numpy as np

from bpcourse import derivations
from bpcourse.expressions import Equation, Expression
from bpcourse.functions import softmax_prime
from bpcourse.network import Network, Trace
from bpcourse.notation import a, b, delta, w, y
from bpcourse.symbols import Leaf
from bpcourse.tables import written
from bpcourse.typeset import MathML


def neurons(net: Network, l: int) -> range:
    """The neurons of layer l, counted from 1."""
    return range(1, net.sizes[l - 1] + 1)


def edges(net: Network, l: int) -> list[tuple[int, int, int]]:
    """The edges into layer l, as the (l, j, k) of their weights."""
    return [(l, j, k) for j, k in product(neurons(net, l), neurons(net, l - 1))]


def slot_names(net: Network) -> list[str]:
    """The names of a frame's numbers, in its order. `forth` is w a and `back` is w δ, what an edge carries."""
    names = [f"x-1-{k}" for k in neurons(net, 1)]
    for symbol in ("z", "a", "sigma_prime", "delta", "b"):
        names += [f"{symbol}-{l}-{j}" for l in net.w for j in neurons(net, l)]
    for symbol, first in (("w", 2), ("forth", 2), ("back", 3)):
        names += [f"{symbol}-{l}-{j}-{k}" for l in range(first, net.L + 1) for _, j, k in edges(net, l)]
    return [*names, *(f"y-{net.L}-{j}" for j in neurons(net, net.L)), "C"]


def slot_values(trace: Trace) -> np.ndarray:
    """The numbers of a trace of one sample, in the order of `slot_names`."""
    net, layers = trace.net, list(trace.net.w)
    # A softmax layer has no σ′ of one neuron, and none is shown: the place in the frame stays empty.
    slope = {
        l: trace.sigma_prime(l) if trace.net.sigma_prime(l) is not softmax_prime else trace.a[l] * np.nan
        for l in layers
    }
    tables = [trace.x]
    for table in (trace.z, trace.a, slope, trace.delta, net.b, net.w):
        tables += [table[l] for l in layers]
    tables += [net.w[l] * trace.a[l - 1].T for l in layers]
    tables += [net.w[l] * trace.delta[l] for l in layers[1:]]
    return np.concatenate([table.ravel() for table in [*tables, trace.y, np.array([trace.cost])]])


def steps(net: Network) -> list[dict]:
    """The steps of one pass. `shows` is the symbol each layer has by then, `flow` the edges on which numbers travel."""
    L = net.L
    shows = {1: "x"} | {l: "" for l in range(2, L + 1)}
    told = [
        {
            "name": "input",
            "title": "Input",
            "text": "One sample stands in layer 1. Nothing else is computed yet.",
            "flow": [],
        }
    ]
    told[0]["shows"] = dict(shows)

    def tell(name, title, text, l, symbol, flow):
        shows[l] = symbol
        told.append({"name": name, "title": title, "text": text, "flow": flow, "shows": dict(shows)})

    for l in range(2, L + 1):
        text = f"Each neuron of layer {l} adds up what arrives, adds its bias, and applies σ."
        tell("forward", f"Forward to layer {l}", text, l, "a", [f"forth-{i}-{j}-{k}" for i, j, k in edges(net, l)])
    text = f"The output is compared with the target. Layer {L} gets its errors."
    tell("BP1", f"BP1: errors of layer {L}", text, L, "delta", [])
    for l in range(L - 1, 1, -1):
        text = f"Errors travel back along the wires, add up in each neuron of layer {l}, and are scaled by σ′."
        flow = [f"back-{i}-{j}-{k}" for i, j, k in edges(net, l + 1)]
        tell("BP2", f"BP2: errors of layer {l}", text, l, "delta", flow)
    return told


def _entry(title: str, said: str, general: Equation, indices: dict, net: Network, also: Equation | None) -> dict:
    """What is told of one quantity: its equation in general, with indices and in numbers, and `also` in numbers."""
    here = general.at(net.sizes, **indices)
    rows = [[general.mathml()], here.pieces(MathML(False)), here.pieces(MathML(True))]
    if also is not None:
        also = also.at(net.sizes, **indices)
        rows.append([also.members[0].mathml(), *also.pieces(MathML(True))])
    return {"title": title, "said": said, "rows": rows, "parts": here.parts(net)}


def _product(net: Network, value: str, expression: Expression) -> dict:
    """What an edge carries: the product, and the product in numbers."""
    pieces = [expression.mathml(), f"<mo>=</mo>{expression.mathml(numbers=True)}", _result(value)]
    return {"rows": [pieces], "parts": expression.parts(net)}


def _result(slot: str) -> str:
    return f'<mo>=</mo><mn data-slot="{slot}"></mn>'


def equations(net: Network) -> dict[str, dict]:
    """For each quantity on the picture: a title, how it is called, its typeset rows, and the parts it reads."""
    told, sizes = {}, net.sizes
    for k in neurons(net, 1):
        x = a[1, k].at(sizes)
        row = [x.mathml(), _result(x.slot())]
        told[x.slot()] = {"title": f"Input {k}", "said": written("x", "", k), "rows": [row], "parts": x.parts(net)}
    for l in net.w:
        softmax_here = net.sigma_prime(l) is softmax_prime
        error = derivations.output_error_of(net) if l == net.L else derivations.HIDDEN_ERROR
        for j in neurons(net, l):
            at, here = {"l": l, "j": j, "L": net.L}, f"neuron {j} of layer {l}"
            also = None if softmax_here else derivations.ACTIVATION
            entry = _entry(f"Forward, {here}", written("a", l, j), derivations.WEIGHTED_INPUT, at, net, also)
            if softmax_here:  # its a needs the whole layer's z: there is no σ(z) of one neuron to show
                entry["rows"].append([a[l, j].mathml(), _result(f"a-{l}-{j}")])
            told[f"a-{l}-{j}"] = entry
            title = f"{'BP1' if l == net.L else 'BP2'}, {here}"
            also = None if l == net.L and net.sigma_prime_cancels else derivations.SLOPE
            told[f"delta-{l}-{j}"] = _entry(title, written("δ", l, j), error, at, net, also)
        for _, j, k in edges(net, l):
            told[f"forth-{l}-{j}-{k}"] = _product(net, f"forth-{l}-{j}-{k}", (w[l, j, k] * a[l - 1, k]).at(sizes))
            if l > 2:
                told[f"back-{l}-{j}-{k}"] = _product(net, f"back-{l}-{j}-{k}", (w[l, j, k] * delta[l, j]).at(sizes))
    return told


def sliders(net: Network) -> dict[str, dict]:
    """What the hand can change: for each number, the part it belongs to, a title, its name, its symbol and its reach.

    A slider reaches from `low` to `high`, further if its number is there already.
    """
    told = {}

    def tell(leaf: Leaf, title: str, low: float = -3, high: float = 3):
        (part,) = leaf.reads()
        said = written(leaf.name, "" if leaf.name in ("x", "y") else leaf.layer, *leaf.neurons)
        symbol = leaf.mathml()
        told[leaf.slot()] = {"part": part, "title": title, "said": said, "symbol": symbol, "low": low, "high": high}

    for k in neurons(net, 1):
        tell(a[1, k].at(net), f"Input {k}")
    for l in net.w:
        for _, j, k in edges(net, l):
            tell(w[l, j, k], f"The weight from neuron {k} of layer {l - 1} to neuron {j} of layer {l}")
        for j in neurons(net, l):
            tell(b[l, j], f"The bias of neuron {j} of layer {l}")
    for j in neurons(net, net.L):
        tell(y[net.L, j], f"The target of output {j}", 0, 1)
    return told
