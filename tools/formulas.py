"""LaTeX to MathML, for slides and for the site's pages: latex2mathml, and what a browser needs beyond it."""

import base64
import html
import re
from xml.etree import ElementTree

from latex2mathml.converter import convert_to_element
from nbconvert.filters.markdown_mistune import IPythonRenderer

from bpcourse.widgets.font import FILE

ORDINARY = {"∂": {}, "∇": {"mathvariant": "normal"}}  # letters, as in TeX, without the space around an operator
BELOW_AND_ABOVE = {"msub": "munder", "msup": "mover", "msubsup": "munderover"}
INDEXED = ("msub", "msup", "msubsup")  # between the signs of an index TeX has no spaces
CHILDREN = {"msub": 2, "msup": 2, "mover": 2, "munder": 2, "mfrac": 2, "msubsup": 3, "munderover": 3}
CLOSING = (")", "]", "‖", "|", "⋯", "…")  # behind these a plus or minus adds; behind other operators it is a sign
LONG = 9  # elements of a formula in a sentence, from which on it may be broken
BREAKS = ("=", "≈", "+", "−")  # before these
LEVELS = (("=", "≈"), ("+", "−"), ("⊙", "·"))  # a formula on lines of its own is broken before these, in this order
# A formula in a sentence, and what no line may begin or end with: "(", "." and "-th", and the size of a matrix.
HELD = re.compile(
    r"""([(\["]*)(<math\b(?:(?!</math>).)*</math>)([^\s<]*(?:(?<=:) \d+\xa0×\xa0\d+[,;.]?)?)""", re.DOTALL
)
STRUT = {"width": "0", "height": "0.66em", "depth": "0.16em"}
TALL = ("mtable", "mfrac", "munder", "munderover")  # the brackets around these grow with them, and cannot be parted


def mathml(latex: str, display: bool = False) -> str:
    """A formula as `<math>`, a long one in a sentence as several; raises ValueError for what has no MathML."""
    root = _parsed(latex, display)
    return "<wbr>".join(map(_html, [root] if display else _pieces(root)))


def wrapped(latex: str) -> str:
    """A formula on lines of its own, which a narrow page breaks: before a relation, then a sum, then a product.

    Browsers break between two `<math>`, not inside one, so each piece is one. The rows of `aligned` become a grid.
    """
    row = _row(_parsed(latex, display=True))
    if len(row) != 1 or row[0].tag != "mtable":
        return _unbroken(row)
    cells = [f"<span>{_unbroken(_row(cell))}</span>" for line in row[0] for cell in line]
    return f'<span class="lines" style="--columns: {max(map(len, row[0]))}">{"".join(cells)}</span>'


def held_together(made: str) -> str:
    """HTML in which every formula stays on a line with what stands close to it; browsers break on either side."""
    return HELD.sub(lambda found: f'<span class="held">{found[0]}</span>' if found[1] or found[3] else found[0], made)


def _parsed(latex: str, display: bool) -> ElementTree.Element:
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
    return root


def _html(node: ElementTree.Element) -> str:
    return ElementTree.tostring(node, "unicode", short_empty_elements=False)


def _row(node: ElementTree.Element) -> list[ElementTree.Element]:
    """What stands beside each other in a formula."""
    row = node[0] if len(node) == 1 and node[0].tag == "mrow" else node
    return [part for part in row if part.tag != "mi" or part.text]  # aligned begins with an empty letter


def _math(row: list[ElementTree.Element], **attributes) -> ElementTree.Element:
    math = ElementTree.Element("math", {"xmlns": "http://www.w3.org/1998/Math/MathML", **attributes})
    math.extend(row)
    return math


def _says(row: list[ElementTree.Element]) -> bool:
    """Whether there is anything in a row but space."""
    return any(inner.text for node in row for inner in node.iter())


def _split(row: list[ElementTree.Element], before: tuple[str, ...], inside: int = 0) -> list[list[ElementTree.Element]]:
    """A row in pieces that begin with one of the signs `before`, in at most `inside` parentheses."""
    pieces, depth = [[]], 0
    for node in row:
        text = node.text if node.tag == "mo" else ""
        if depth <= inside and _says(pieces[-1]) and text in before and node.get("form") != "prefix":
            node.set("form", "infix")  # it would be a sign at the beginning of a formula
            pieces.append([])
        pieces[-1].append(node)
        end = node[0] if node.tag in ("msup", "msub", "msubsup") else node  # )ᵀ is a power
        depth += (end.text == "(") - (end.text == ")") if end.tag == "mo" else 0
    return pieces


def _pieces(root: ElementTree.Element) -> list[ElementTree.Element]:
    """A long formula in a sentence as several, between which a narrow page may break the line."""
    row = _row(root)
    pieces = _split(row, BREAKS)
    return [root] if len(row) < LONG or len(pieces) == 1 else [_math(piece, **root.attrib) for piece in pieces]


def _unbroken(row: list[ElementTree.Element]) -> str:
    """A formula in pieces within pieces: one that is wider than the page is broken further in."""
    flat = [part for node in row for part in (node if _opened(node) else [node])]
    for part in flat:
        if part.get("fence"):
            part.set("stretchy", "false")
    tall = any(inner.tag in TALL for node in flat for inner in node.iter())
    return _nested(flat, LEVELS, inside=0 if tall else 1)


def _nested(row: list[ElementTree.Element], levels: tuple[tuple[str, ...], ...], inside: int) -> str:
    if not levels:
        return _html(_math(row, displaystyle="true")) if _says(row) else ""
    pieces = _split(row, levels[0], inside)
    if len(pieces) == 1:
        return _nested(row, levels[1:], inside)
    return "<wbr>".join(f'<span class="piece">{_nested(piece, levels[1:], inside)}</span>' for piece in pieces)


def _opened(node: ElementTree.Element) -> bool:
    """Whether a row in parentheses can be parted: nothing in it is tall."""
    fenced = node.tag == "mrow" and len(node) > 2 and node[0].text == "(" and node[-1].text == ")"
    return fenced and not any(inner.tag in TALL for inner in node.iter())


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
    if node.tag == "msqrt":
        node.append(ElementTree.Element("mspace", STRUT))  # over a low letter the sign would hang below the line
    for fence in [child for child in node[:-2] if child.text in ("[", "(")]:
        at = list(node).index(fence)
        if node[at + 1].tag == "mtable" and (len(node) > 3 or node.tag != "mrow"):
            # a row of its own: else its brackets grow with others, and in a cell Firefox and WebKit let none grow
            matrix = ElementTree.Element("mrow")
            matrix.extend(node[at : at + 3])
            node[at : at + 3] = [matrix]
    children, bars = [], 0
    for child in node:
        before = children[-1] if children else None
        if child.tag == "mo" and child.text in ORDINARY:
            child.tag, child.attrib = "mi", dict(ORDINARY[child.text])
        elif child.tag == "mo" and child.text == "max":
            child.tag = "mi"  # a name, as ln is
        elif child.tag == "mo" and child.text == "⊙":
            space = "0.22em" if len(node) > 1 else "0"
            child.attrib.update(lspace=space, rspace=space, largeop="false")  # for Firefox it is as large as a sum
        elif child.tag == "mo" and child.text in ("|", "/"):
            child.attrib.update(lspace="0", rspace="0")
            if child.text == "|":  # of two, one opens and one closes
                bars += 1
                child.set("form", "prefix" if bars % 2 else "postfix")
        elif child.tag == "mo" and child.text in ("−", "+"):
            if before is None or (before.tag == "mo" and before.text not in CLOSING) or before.get("form") == "prefix":
                child.set("form", "prefix")  # the sign of a number, not a sum
        elif before is not None and before.tag == "mi" and len(before.text or "") > 1 and child.text != "(":
            children.append(ElementTree.Element("mspace", width="0.167em"))  # ln y, but ln(y)
        children.append(child)
    node[:] = children


def font_face() -> str:
    """The font of the formulas, in a style: to a page opened from a folder, browsers give no font from a file."""
    data, licence = base64.b64encode(FILE.read_bytes()).decode(), FILE.with_suffix(".LICENSE").read_text("utf-8")
    face = f'@font-face {{ font-family: "Course Math"; src: url("data:font/woff;base64,{data}"); }}\n'
    return f"/* Cut from STIX Two Math.\n{licence} */\n{face}"


class MathRenderer(IPythonRenderer):
    """Markdown to HTML with formulas as MathML, which browsers typeset by themselves."""

    displayed = "formula"  # the class of a formula on a line of its own

    def inline_math(self, body: str) -> str:
        return mathml(body)

    def block_math(self, body: str) -> str:
        return f'<span class="{self.displayed}">{mathml(body, display=True)}</span>'

    def latex_environment(self, name: str, body: str) -> str:
        return self.block_math(rf"\begin{{{name}}}{body}\end{{{name}}}")
