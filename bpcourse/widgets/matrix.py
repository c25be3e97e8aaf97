"""WeightMatrix, the weights between two layers as a table beside the live network: rows lead forward, columns back.

All words and formulas go to the browser once. There the table reads the numbers, the step and the selection of the
picture itself, so that what is chosen in one is lit in both without asking the kernel.
"""

import operator
from contextlib import suppress
from typing import Any

import traitlets

from bpcourse.network import Network
from bpcourse.notation import Sum, a, b, delta, j, k, l, w, z
from bpcourse.notation.typeset import MathML
from bpcourse.parts import Part
from bpcourse.proofs import WEIGHTED_INPUT
from bpcourse.text import shown, written
from bpcourse.widgets.beside import Beside, javascript
from bpcourse.widgets.contract import MatrixStory
from bpcourse.widgets.flow import Aside, DeltaFlow
from bpcourse.widgets.story import neurons


class Matrix(Aside):
    """The weights of one layer as a table that shares the selection of `flow`; `layer` is theirs, 2 to L."""

    _esm = javascript("matrix")
    layer = traitlets.Int().tag(sync=True)
    transposed = traitlets.Bool().tag(sync=True)

    @traitlets.validate("layer")
    def _valid_layer(self, proposal) -> int:
        return _known_layer(proposal["value"], self.flow.net)


class WeightMatrix(Beside):
    """The weights into layer `l`, w^l (n_l, n_{l-1}), beside the live network `flow`. Source: notebook 03.

    A neuron of layer l that is chosen lights its row, by which forward multiplies a^{l-1}; a neuron of layer l-1 its
    column, by which BP2 multiplies δ^l; a wire its number. `transposed` says whether (w^l)ᵀ is shown, where that column
    is a row. `.flow` is the picture, `.grid` the table, which can also be shown by itself. Raises TypeError for what is
    no DeltaFlow, and ValueError for a layer without weights.
    """

    def __init__(self, flow: DeltaFlow, l: int = 3, transposed: bool = False):
        if not isinstance(flow, DeltaFlow):
            raise TypeError(f"flow must be a live network, bp.DeltaFlow(net, x, y); it is {flow!r:.60}")
        if not isinstance(transposed, bool):
            raise TypeError(f"transposed must be True or False; it is {transposed!r:.60}")
        told = {str(layer): _told(flow.net, layer) for layer in flow.net.w}
        self.grid = Matrix(flow=flow, layer=_known_layer(l, flow.net), transposed=transposed, story=told)
        room = max(400, 120 + 76 * max(flow.net.sizes))  # pixels that the widest table takes
        super().__init__(flow, self.grid, (400, room), gap="16px 24px")
        flow.layout.max_width = self.grid.layout.max_width = None
        self.grid.layout.flex = f"3 1 {room}px"  # what is left over goes to the numbers

    def _text(self) -> str:
        """The table as text, with the numbers that it has now."""
        l, turned, net = self.grid.layer, self.grid.transposed, self.flow.net
        told, table = self.grid.story[str(l)], net.w[l].T if self.grid.transposed else net.w[l]
        names = [[f"{way} {n}" for n in neurons(net, layer)] for way, layer in (("to", l), ("from", l - 1))]
        down, across = reversed(names) if turned else names
        rows = [[told["said"][turned], *across]]
        rows += [[name, *(shown(n, self.flow.digits) for n in row)] for name, row in zip(down, table, strict=True)]
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        lines = ["  ".join(text.rjust(width) for text, width in zip(row, widths, strict=True)) for row in rows]
        return "\n".join([f"{told['said'][turned]}: {told['shape'][turned]}", *lines])

    def _told_with(self, network: str) -> str:
        return f"{network}\n{self._text()}"


def _known_layer(layer: int, net: Network) -> int:
    """The layer, if there are weights that lead to it."""
    with suppress(TypeError):
        if not isinstance(layer, bool) and operator.index(layer) in net.w:
            return operator.index(layer)
    there = ", ".join(written("w", l) for l in net.w)
    named = "-".join(map(str, net.sizes))
    raise ValueError(f"l must be the layer that weights lead to; a {named} network has {there}; it is {layer!r}")


def _told(net: Network, n: int) -> MatrixStory:
    """What is told of w^n and of its transpose: names, and of a row, a column and a wire the sentence and formulas."""
    sizes, out = net.sizes, MathML(numbers=True)
    matrix, turned = written("w", n), f"({written('w', n)})ᵀ"
    before = "x" if n == 2 else written("a", n - 1)
    arriving, leaving = written(before, "", k), written("δ", n, j)
    place = f"{written('w', n, j, k)}, the wire from neuron {{k}} of layer {n - 1} to neuron {{j}} of layer {n}"
    row = f"the wires that arrive at neuron {{j}} of layer {n}. Forward multiplies it with {before} and adds the bias:"
    column = f"the wires that leave neuron {{j}} of layer {n - 1}. "
    if n == 2:
        back = f"Backward does not use it: there is no {written('δ', 1)}, so nothing is sent back to the inputs."
        ways = f"Forward it multiplies {arriving}; nothing is sent back along it."
    else:
        back = f"Backward multiplies it with {written('δ', n)}:"
        ways = f"Forward it multiplies {arriving}, backward the same number multiplies {leaving}."
    # The sums stay closed: the layer has its number, j is the neuron that is chosen, and k still runs.
    weighted = (z[n, j] == Sum(k, l - 1)(w[n, j, k] * a[n - 1, k]) + b[n, j]).at(sizes)
    returned = Sum(k, l)(w[n, k, j] * delta[n, k])
    summed = Part("sum", n - 1, "j")
    result = f'<mrow>{out.operator("=")}<mn data-slot="{summed}"></mn></mrow>'
    first, *others = returned.at(sizes, l=n).pieces(out)
    numbers = [f"<mrow>{out.operator('=')}{first}</mrow>", *others, result]
    sums: Any = {"general": [returned.at(sizes).mathml()], "numbers": numbers} if n > 2 else {}
    nothing = f"Choose a neuron of layer {n} to see its row of {matrix}, by which forward multiplies; "
    nothing += f"choose one of layer {n - 1} to see its column, by which backward multiplies."
    return {
        "symbol": [w[n].mathml(), w[n].T.mathml()],
        "said": [matrix, turned],
        "shape": [_shape(sizes[n - 1], sizes[n - 2]), _shape(sizes[n - 2], sizes[n - 1])],
        "from": {"said": arriving, "slot": Part("x" if n == 2 else "a", n - 1, "k")},
        "to": {"said": leaving, "slot": Part("delta", n, "j")},
        "row": {
            "title": [f"Row {{j}} of {matrix}", f"Column {{j}} of {turned}"],
            "text": [f": {row}", f" is row {{j}} of {matrix}: {row}"],
            "general": weighted.pieces(MathML(numbers=False)),
            "numbers": WEIGHTED_INPUT.at(sizes, l=n).pieces(out),
            "missing": [f"{before} is", f"{written('z', n, j)} is"],
        },
        "column": {
            "title": [f"Column {{j}} of {matrix}", f"Row {{j}} of {turned}"],
            "text": [f": {column}In {turned} it is row {{j}}. {back}", f" is column {{j}} of {matrix}: {column}{back}"],
            "missing": [f"{written('δ', n)} is", "Their sum is"],
            **sums,
        },
        "wire": {
            "title": [f"Row {{j}}, column {{k}} of {matrix}", f"Row {{k}}, column {{j}} of {turned}"],
            "text": [f" is {place}. {ways}"] * 2,
            "missing": [f"{before} is"],
        },
        "none": {"text": [nothing, nothing]},
    }


def _shape(rows: int, columns: int) -> str:
    return f"{rows} row{'s'[: rows > 1]}, {columns} column{'s'[: columns > 1]}"
