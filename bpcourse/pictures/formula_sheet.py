"""The formula sheet: the equations of the course on one page, from its derivations."""

import matplotlib
from matplotlib.lines import Line2D

from bpcourse.network import Network
from bpcourse.pictures.drawing import draw
from bpcourse.pictures.look import ACCENT, INK, PAPER
from bpcourse.pictures.picture import STYLE, Picture
from bpcourse.proofs import BP1, BP2, BP3, BP4, CROSS_ENTROPY, FORWARD, LOG_LIKELIHOOD, QUADRATIC

A4 = (8.27, 11.69)  # inches

SYMBOLS = (
    ("$l$, $L$", "a layer, the last layer; layer 1 is the input"),
    ("$j$, $k$, $i$", "neurons of a layer, counted from 1"),
    ("$w^{l}_{jk}$", "weight of the wire to neuron $j$ of layer $l$ from neuron $k$"),
    ("$b^{l}_{j}$, $z^{l}_{j}$", "bias, weighted input"),
    ("$a^{l}_{j}$, $x_{j}$, $y_{j}$", "activation, input, target"),
    (r"$\sigma$, $\sigma'$", "activation function, its slope"),
    ("$C_{x}$, $C$", "cost of one sample, mean over $m$ samples"),
    (r"$\delta^{l}_{j}$", "error: how much the cost changes per unit of a push on $z^{l}_{j}$"),
    (r"$\odot$, $T$", "entry by entry, transpose"),
)
COLUMNS = {2: (0.09, 0.54), 3: (0.09, 0.37, 0.65)}  # where the formulas of a row begin
LOGARITHMS = (0.09, 0.5, 0.75)  # the cost of cross-entropy is long


def sections() -> list[tuple[str, str, list[list[str]]]]:
    """The formulas of the sheet: a heading, the name in the code, and rows of lines from the course's derivations."""

    def row(derivation, *numbers):
        return [derivation.line(number).latex for number in numbers]

    costs = [*row(CROSS_ENTROPY, 1), *row(LOG_LIKELIHOOD, 3, 13)]
    return [
        ("Forward", "forward(net, x)", [row(FORWARD, 1, 3), row(FORWARD, 2, 4)]),
        ("Quadratic cost", "quadratic(a, y)", [row(QUADRATIC, 1, 3, 5)]),
        ("BP1, error of the output", "output_error(nabla_a_C, sigma_prime_z)", [row(BP1, 1, 6, 8)]),
        ("Cross-entropy (sigmoid), log-likelihood (softmax)", "cross_entropy(a, y)", [costs]),
        ("BP2, error of a hidden layer", "hidden_error(w_next, delta_next, sigma_prime_z)", [row(BP2, 7, 9)]),
        ("BP3, gradient of the biases", "bias_gradient(delta)", [row(BP3, 4, 5, 6)]),
        ("BP4, gradient of the weights", "weight_gradient(a_previous, delta)", [row(BP4, 4, 6, 7)]),
    ]


def formula_sheet() -> Picture:
    """The formulas of the course on one A4 page; `.savefig("formula_sheet.pdf")` makes it a file to print."""
    with matplotlib.rc_context(STYLE):
        figure = Picture(*A4, PAPER)

        def text(x, y, string, size, **kw):
            figure.text(x, y, string, fontsize=size, va="center", gid=f"text-{x:.2f}-{y:.3f}", color=INK, **kw)

        text(0.07, 0.96, "Backpropagation on one page", 19, weight="bold")
        for n, (symbol, meaning) in enumerate(SYMBOLS):
            text(0.07, 0.922 - 0.0215 * n, symbol, 11.5)
            text(0.17, 0.922 - 0.0215 * n, meaning, 9)
        axes = figure.add_axes((0.64, 0.745, 0.31, 0.2))
        axes.imshow(draw(Network([3, 4, 2])).pixels(dpi=220), aspect="equal")
        axes.set_axis_off()
        y = 0.705
        for heading, code, rows in sections():
            text(0.07, y, heading, 13, weight="bold")
            text(0.93, y, f"bp.{code}", 9, family="DejaVu Sans Mono", ha="right")
            figure.add_artist(Line2D((0.07, 0.93), (y - 0.014, y - 0.014), color=ACCENT, linewidth=1))
            for row in rows:
                y -= 0.046
                columns = LOGARITHMS if r"\ln" in row[0] else COLUMNS[len(row)]
                for x, latex in zip(columns, row, strict=True):
                    text(x, y, f"${latex.replace('frac', 'dfrac')}$", 13.5)
            y -= 0.047
    figure.description = "Formula sheet: " + "; ".join(heading for heading, _, _ in sections())
    return figure
