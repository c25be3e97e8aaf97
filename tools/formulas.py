"""LaTeX to MathML, for slides and for the site's pages: latex2mathml, and what a browser needs beyond it."""

import html
import re
from xml.etree import ElementTree

from latex2mathml.converter import convert_to_element
from nbconvert.filters.markdown_mistune import IPythonRenderer

ORDINARY = {"∂": {}, "∇": {"mathvariant": "normal"}}  # letters, as in TeX, without the space around an operator
BELOW_AND_ABOVE = {"msub": "munder", "msup": "mover", "msubsup": "munderover"}
INDEXED = ("msub", "msup", "msubsup")  # between the signs of an index TeX has no spaces
CHILDREN = {"msub": 2, "msup": 2, "mover": 2, "munder": 2, "mfrac": 2, "msubsup": 3, "munderover": 3}
CLOSING = (")", "]", "‖", "|", "⋯", "…")  # behind these a plus or minus adds; behind other operators it is a sign
LONG = 10  # elements of a formula in a sentence, from which on it may be broken
BREAKS = ("=", "≈", "+", "−")  # before these


def mathml(latex: str, display: bool = False) -> str:
    """A formula as `<math>`, a long one in a sentence as several; raises ValueError for what has no MathML."""
    source = re.sub(r"\\(begin|end)\{aligned\}", r"\\\1{align*}", latex)  # the same table, and the name that it knows
    try:
        root = convert_to_element(source.strip(), display="block" if display else "inline")
    except Exception as error:  # it has a class for each kind of mistake
        raise ValueError(f"this formula cannot be read ({type(error).__name__}): {latex}") from error
    for node in root.iter():
        node.text = html.unescape(node.text) if node.text else None
        if re.search(r"[\\&{}$]", node.text or "") or node.tag == "merror":
            raise ValueError(f"this formula has something that has no MathML ({node.text}): {latex}")
    for node in [*root.iter()]:
        _mend(node)
    pieces = [root] if display else _pieces(root)
    return "<wbr>".join(ElementTree.tostring(piece, "unicode", short_empty_elements=False) for piece in pieces)


def _pieces(root: ElementTree.Element) -> list[ElementTree.Element]:
    """A long formula as several, between which a narrow page may break the line; browsers do not break inside one."""
    row = root[0] if len(root) == 1 and root[0].tag == "mrow" else root
    pieces, depth = [[]], 0
    for node in row:
        text = node.text if node.tag == "mo" else ""
        if depth == 0 and pieces[-1] and text in BREAKS and node.get("form") != "prefix":
            node.set("form", "infix")  # it would be a sign at the beginning of a formula
            pieces.append([])
        pieces[-1].append(node)
        depth += (text == "(") - (text == ")")
    if len(row) < LONG or len(pieces) == 1:
        return [root]
    broken = [ElementTree.Element("math", root.attrib) for _ in pieces]
    for math, piece in zip(broken, pieces, strict=True):
        math.extend(piece)
    return broken


def _mend(node: ElementTree.Element) -> None:
    """Makes of one element what TeX means by it and a browser understands."""
    surplus = len(node) - CHILDREN.get(node.tag, len(node))
    if surplus > 0:  # a matrix and its exponent come as four: [, table, ], T
        base = ElementTree.Element("mrow")
        base.extend(node[: surplus + 1])
        node[:] = [base, *node[surplus + 1 :]]
    if node.tag == "msup" and node[1].text == "′":
        node.tag, node[1].tag = "mrow", "mo"  # the glyph is small and raised by itself
    for operator in (found for index in node[1:] if node.tag in INDEXED for found in index.iter("mo")):
        operator.attrib.update(lspace="0", rspace="0")
    if len(node) and node[0].text == "∑" and node.tag in BELOW_AND_ABOVE:
        node[0].set("lspace", "0")
        node.tag = BELOW_AND_ABOVE[node.tag]  # inside a line of text the browser sets them beside the sum again
    for fence in [child for child in node[:-2] if child.text in ("[", "(")]:
        at = list(node).index(fence)
        if node[at + 1].tag == "mtable" and len(node) > at + 3:  # a row of its own, or its brackets grow with others
            matrix = ElementTree.Element("mrow")
            matrix.extend(node[at : at + 3])
            node[at : at + 3] = [matrix]
    children = []
    for child in node:
        before = children[-1] if children else None
        if child.tag == "mo" and child.text in ORDINARY:
            child.tag, child.attrib = "mi", dict(ORDINARY[child.text])
        elif child.tag == "mo" and child.text == "⊙":
            child.attrib.update(
                lspace="0.22em", rspace="0.22em", largeop="false"
            )  # for Firefox it is as large as a sum
        elif child.tag == "mo" and child.text in ("−", "+"):
            if before is None or (before.tag == "mo" and before.text not in CLOSING):
                child.set("form", "prefix")  # the sign of a number, not a sum
        elif before is not None and before.tag == "mi" and len(before.text or "") > 1 and child.text != "(":
            children.append(ElementTree.Element("mspace", width="0.167em"))  # ln y, but ln(y)
        children.append(child)
    node[:] = children


class MathRenderer(IPythonRenderer):
    """Markdown to HTML with formulas as MathML, which browsers typeset by themselves."""

    displayed = "formula"  # the class of a formula on a line of its own

    def inline_math(self, body: str) -> str:
        return mathml(body)

    def block_math(self, body: str) -> str:
        return f'<span class="{self.displayed}">{mathml(body, display=True)}</span>'

    def latex_environment(self, name: str, body: str) -> str:
        return self.block_math(rf"\begin{{{name}}}{body}\end{{{name}}}")
