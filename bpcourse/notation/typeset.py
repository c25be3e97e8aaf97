"""How the pieces of an expression are written: once as LaTeX, once as MathML, which browsers typeset by themselves.

The two classes have the same methods; `notation` calls them and knows nothing of either language. What is only put into
its place is a template: in it, {} is a place, and {{ a brace.
"""

from bpcourse.text import GREEK, shown


class Latex:
    """Writes LaTeX; with a trace, numbers for symbols."""

    breaks_sums = False  # \left( and \right) stay together
    dots = (r"\vdots", r"\cdots", r"\ddots")
    ln = r"\ln"
    letter = digits_of = str
    partial = r"\partial {}".format
    fraction = r"\frac{{{}}}{{{}}}".format
    power = "{}^{{{}}}".format
    nabla = r"\nabla_{{{}}}".format
    sum = r"\sum_{{{}}}".format
    indicator = "1_{{{}}}".format

    def __init__(self, trace=None, digits=3):
        self.trace, self.digits, self.numbers = trace, digits, trace is not None

    def row(self, *parts):
        return " ".join(parts)

    def symbol(self, name, above, below):
        base = f"\\{name}" if name in GREEK else name
        return base + (f"^{{{above}}}" if above else "") + (f"_{{{below}}}" if below else "")

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
        return rf"\left({inner}\right)" if tall else f"({inner})"  # indices do not make brackets grow

    def grid(self, rows):
        return r"\begin{bmatrix} " + r" \\ ".join(" & ".join(row) for row in rows) + r" \end{bmatrix}"

    def product(self, factors):
        return (r" \cdot " if self.numbers else r" \, ").join(factors)

    def operator(self, sign):
        return {"−": "-", "⊙": r"\odot"}.get(sign, sign)

    sign = operator


class MathML:
    """Writes the inside of a `<math>` element; with `numbers`, a named slot for each symbol."""

    breaks_sums = True
    dots = ("<mo>⋮</mo>", "<mo>⋯</mo>", "<mo>⋱</mo>")
    ln = "<mi>ln</mi>"
    letter = "<mi>{}</mi>".format
    digits_of = "<mn>{}</mn>".format
    sign = '<mo form="prefix">{}</mo>'.format  # of one term, with nothing in front to take it from
    partial = "<mrow><mi>∂</mi>{}</mrow>".format
    fraction = "<mfrac>{}{}</mfrac>".format
    power = "<msup>{}{}</msup>".format
    nabla = '<msub><mi mathvariant="normal">∇</mi><mi>{}</mi></msub>'.format

    def __init__(self, numbers):
        self.numbers = numbers

    def row(self, *parts):
        return f"<mrow>{''.join(parts)}</mrow>"

    def symbol(self, name, above, below):
        base = f"<mi>{GREEK.get(name, name)}</mi>"
        tag = "msubsup" if above and below else "msub" if below else "msup" if above else ""
        inner = base + "".join(self._index(text) for text in (below, above) if text)
        return f"<{tag}>{inner}</{tag}>" if tag else base

    def _index(self, text):
        """An index, without spaces as TeX has it."""
        text = text.replace("-", "−")
        tight = '<mo lspace="0" rspace="0">{}</mo>'.format
        cells = [f"<mi>{c}</mi>" if c.isalpha() else f"<mn>{c}</mn>" if c.isdigit() else tight(c) for c in text]
        return self.row(*cells) if len(cells) > 1 else cells[0]

    def number(self, leaf, first):
        return f'<mn data-slot="{leaf.slot()}"{"" if first else " data-fence"}></mn>'

    def sigma(self, prime):
        return "<mrow><mi>σ</mi><mo>′</mo></mrow>" if prime else "<mi>σ</mi>"  # the glyph is small and raised by itself

    def fence(self, inner):
        opening, closing = self._brackets(inner)
        return self.row(opening, inner, closing)

    def broken_fence(self, pieces):
        """The pieces with a bracket before the first and one behind the last."""
        (opening, closing), (first, *others, last) = self._brackets("".join(pieces)), pieces
        return [self.row(opening, first), *others, self.row(last, closing)]

    def _brackets(self, inner):
        tall = any(mark in inner for mark in ("<munder", "<mfrac", "<mtable"))  # indices do not make brackets grow
        grow = "" if tall else ' stretchy="false"'
        return f"<mo{grow}>(</mo>", f"<mo{grow}>)</mo>"

    def grid(self, rows):
        cells = ("".join(f"<mtd>{cell}</mtd>" for cell in row) for row in rows)
        # Brackets are drawn by the page's style: without a mathematical font, a browser cannot stretch them.
        return f'<mtable class="matrix">{"".join(f"<mtr>{row}</mtr>" for row in cells)}</mtable>'

    def operator(self, sign):
        if sign == "⊙":  # for Firefox it is as large as a sum
            return f'<mo lspace="0.22em" rspace="0.22em" largeop="false">{sign}</mo>'
        unsure = sign in "+−"  # they would be the sign of a term where a line is broken in front of them
        return f'<mo form="infix">{sign}</mo>' if unsure else f"<mo>{sign}</mo>"

    def product(self, factors):
        sign = "<mo>·</mo>" if self.numbers else '<mspace width="0.2em"></mspace>'
        return f"<mrow>{sign.join(factors)}</mrow>"

    def sum(self, index):
        return f'<munder><mo lspace="0">∑</mo>{self._index(index)}</munder>'

    def indicator(self, condition):
        return f"<msub><mn>1</mn>{self._index(condition)}</msub>"
