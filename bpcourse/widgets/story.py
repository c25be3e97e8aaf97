"""What the live network can tell: its steps, and each neuron's and edge's equation, typeset, with slots for numbers.

All of it is sent to the browser once. Afterwards only a frame travels: one number for each of `slot_names`.
"""

from itertools import product

import numpy as np

from bpcourse import derivations
from bpcourse.functions import softmax_prime
from bpcourse.network import Network, Trace
from bpcourse.notation import Expression, a, delta, w
from bpcourse.tables import written


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


def _entry(title: str, said: str, general: Expression, indices: dict, net: Network, more: list[str] = ()) -> dict:
    here = general.at(net.sizes, **indices)
    rows = [general.mathml(), here.mathml(), f"<mo>=</mo>{here.mathml(numbers=True)}", *more]
    return {"title": title, "said": said, "rows": rows, "parts": here.parts()}


def _product(value: str, expression: Expression) -> dict:
    """What an edge carries: the product, and the product in numbers."""
    result = f'<mo>=</mo>{expression.mathml(numbers=True)}<mo>=</mo><mn data-slot="{value}"></mn>'
    return {"rows": [f"{expression.mathml()}{result}"], "parts": expression.parts()}


def equations(net: Network) -> dict[str, dict]:
    """For each quantity on the picture: a title, how it is called, its typeset rows, and the parts it reads."""
    told, L, sizes = {}, net.L, net.sizes
    for k in neurons(net, 1):
        x = a[1, k].at(sizes)
        row = f'{x.mathml()}<mo>=</mo><mn data-slot="x-1-{k}"></mn>'
        told[f"x-1-{k}"] = {"title": f"Input {k}", "said": f"x{written('', '', k)}", "rows": [row], "parts": x.parts()}
    for l in net.w:
        for j in neurons(net, l):
            at, here = {"l": l, "j": j}, f"neuron {j} of layer {l}"
            activation = derivations.ACTIVATION.at(sizes, **at)
            more = [f"{activation.members[0].mathml()}<mo>=</mo>{activation.mathml(numbers=True)}"]
            if (l, net.output) == (L, "softmax"):
                more = [f'{a[l, j].mathml()}<mo>=</mo><mn data-slot="a-{l}-{j}"></mn>']
            told[f"a-{l}-{j}"] = _entry(
                f"Forward, {here}", written("a", l, j), derivations.WEIGHTED_INPUT, at, net, more
            )
            equation = derivations.output_error_of(net) if l == L else derivations.BP2
            slope = derivations.SLOPE.at(sizes, **at)
            more = [f"{slope.members[0].mathml()}<mo>=</mo>{slope.mathml(numbers=True)}"]
            if equation is derivations.BP1_CANCELLED:
                more = []
            entry = _entry(
                f"{'BP1' if l == L else 'BP2'}, {here}", written("δ", l, j), equation, at | {"L": L}, net, more
            )
            told[f"delta-{l}-{j}"] = entry
        for _, j, k in edges(net, l):
            forth, back = (w[l, j, k] * a[l - 1, k]).at(sizes), (w[l, j, k] * delta[l, j]).at(sizes)
            told[f"forth-{l}-{j}-{k}"] = _product(f"forth-{l}-{j}-{k}", forth)
            if l > 2:
                told[f"back-{l}-{j}-{k}"] = _product(f"back-{l}-{j}-{k}", back)
    return told


def weights(net: Network) -> dict[str, dict]:
    """For each weight: a title, how it is called, and its typeset symbol."""
    return {
        f"w-{l}-{j}-{k}": {
            "title": f"The weight from neuron {k} of layer {l - 1} to neuron {j} of layer {l}",
            "said": written("w", l, j, k),
            "symbol": w[l, j, k].mathml(),
        }
        for layer in net.w
        for l, j, k in edges(net, layer)
    }
