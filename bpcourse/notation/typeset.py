"""How the pieces of an expression are written: once as LaTeX, once as MathML, which browsers typeset by themselves.

The two classes have the same methods; `notation` calls them and knows nothing of either language.
"""

from bpcourse.text import GREEK, shown


class Latex:
    """Writes LaTeX; with a trace, numbers for symbols."""

    breaks_sums = False  # \left( and \right) stay together

    def __init__(self, trace=None, digits=3):
        self.trace, self.digits, self.numbers = trace, digits, trace is not None

    def row(self, *parts):
        return " ".join(parts)

    def partial(self, inner):
        return rf"\partial {inner}"

    def symbol(self, name, above, below):
        return (
            (f"\\{name}" if name in GREEK else name)
            + (f"^{{{above}}}" if above else "")
            + (f"_{{{below}}}" if below else "")
        )

    def number(self, leaf, first):
        values = leaf.compute(self.trace)
        if len(values) > 1:
            raise ValueError(f"numbers are shown for one sample; the trace has {len(values)}")
        text = shown(float(values[0]), self.digits).replace("−", "-")
        return text if first or not text.startswith("-") else f"({text})"

    def sigma(self, prime):
        return r"\sigma'" if prime else r"\sigma"

    def fence(self, inner):
        tall = any(mark in inner for mark in (r"\sum", r"\frac", r"\begin"))
        return rf"\left({inner}\right)" if tall else f"({inner})"

    def fraction(self, above, below):
        return rf"\frac{{{above}}}{{{below}}}"

    def power(self, base, above):
        return f"{base}^{{{above}}}"

    def letter(self, text):
        return text

    def digits_of(self, number):
        return str(number)

    def nabla(self, below):
        return rf"\nabla_{{{below}}}"

    def grid(self, rows, dotted=False):
        if dotted:
            rows = _with_dots(rows, r"\vdots", r"\cdots", r"\ddots")
        return r"\begin{bmatrix} " + r" \\ ".join(" & ".join(row) for row in rows) + r" \end{bmatrix}"

    def product(self, factors):
        return (r" \cdot " if self.numbers else r" \, ").join(factors)

    def operator(self, sign):
        return {"−": "-", "⊙": r"\odot"}.get(sign, sign)

    def sum(self, index):
        return rf"\sum_{{{index}}}"

    def ln(self):
        return r"\ln"

    def indicator(self, condition):
        return f"1_{{{condition}}}"


class MathML:
    """Writes the inside of a `<math>` element; with `numbers`, a named slot for each symbol."""

    breaks_sums = True

    def __init__(self, numbers):
        self.numbers = numbers

    def row(self, *parts):
        return f"<mrow>{''.join(parts)}</mrow>"

    def partial(self, inner):
        return self.row("<mo>∂</mo>", inner)

    def symbol(self, name, above, below):
        base = f"<mi>{GREEK.get(name, name)}</mi>"
        tag = "msubsup" if above and below else "msub" if below else "msup" if above else ""
        inner = base + "".join(self._index(text) for text in (below, above) if text)
        return f"<{tag}>{inner}</{tag}>" if tag else base

    def _index(self, text):
        cells = [f"<mi>{c}</mi>" if c.isalpha() else f"<mn>{c}</mn>" if c.isdigit() else f"<mo>{c}</mo>" for c in text]
        return f"<mrow>{''.join(cells)}</mrow>"

    def number(self, leaf, first):
        return f'<mn data-slot="{leaf.slot()}"{"" if first else " data-fence"}></mn>'

    def sigma(self, prime):
        return "<msup><mi>σ</mi><mo>′</mo></msup>" if prime else "<mi>σ</mi>"

    def fence(self, inner):
        return f"<mrow><mo>(</mo>{inner}<mo>)</mo></mrow>"

    def bracket(self, side):
        return f'<mo form="{"prefix" if side == "(" else "postfix"}">{side}</mo>'

    def fraction(self, above, below):
        return f"<mfrac>{above}{below}</mfrac>"

    def power(self, base, above):
        return f"<msup>{base}{above}</msup>"

    def letter(self, text):
        return f"<mi>{text}</mi>"

    def digits_of(self, number):
        return f"<mn>{number}</mn>"

    def nabla(self, below):
        return f"<msub><mo>∇</mo><mi>{below}</mi></msub>"

    def grid(self, rows, dotted=False):
        if dotted:
            rows = _with_dots(rows, "<mo>⋮</mo>", "<mo>⋯</mo>", "<mo>⋱</mo>")
        cells = ("".join(f"<mtd>{cell}</mtd>" for cell in row) for row in rows)
        # Brackets are drawn by the page's style: without a mathematical font, a browser cannot stretch them.
        return f'<mtable class="matrix">{"".join(f"<mtr>{row}</mtr>" for row in cells)}</mtable>'

    def product(self, factors):
        sign = "<mo>·</mo>" if self.numbers else '<mspace width="0.2em"></mspace>'
        return f"<mrow>{sign.join(factors)}</mrow>"

    def operator(self, sign):
        return f'<mo form="infix">{sign}</mo>'  # also where a line was broken in front of it

    def sum(self, index):
        return f"<munder><mo>∑</mo>{self._index(index)}</munder>"

    def ln(self):
        return "<mi>ln</mi>"

    def indicator(self, condition):
        return f"<msub><mn>1</mn>{self._index(condition)}</msub>"


def _with_dots(rows, down, across, diagonal):
    """A general table: dots before its last row and, if it has more than one column, before its last column."""
    if len(rows[0]) > 1:
        rows = [[*row[:-1], across, row[-1]] for row in rows]
    dots = [diagonal if cell == across else down for cell in rows[0]]
    return [*rows[:-1], dots, rows[-1]]
