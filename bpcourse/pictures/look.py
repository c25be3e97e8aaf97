"""How everything looks, printed and alive: colours, shapes, sizes. The live pictures get theirs with their story.

All colours are told apart by colour-blind readers; a class is also told by its shape. Sizes of type are in points.
"""

INK, RIM, PAPER, GREY = "#1f2328", "#1f2328", "#ffffff", "#59636e"
LINE = "#757d86"  # lines that stand on the page itself, which may be light or dark
NEURON, WIRE, ACCENT = "#dcebfa", "#c96a00", "#007a5a"  # pale blue, orange, green
ALIVE = {"wire": WIRE, "blue": "#2f6fd0", "red": "#c2255c"}  # what the live pictures' styles call --wire and so on

SYMBOL_SIZE, NUMBER_SIZE, LABEL_SIZE, SMALL_SIZE, TARGET_SIZE = 19, 13.5, 13.6, 10.5, 12.5
GRADIENT_SIZE = 11.5  # ∂C/∂b is a long symbol
LABEL_PIXELS, PAGE, WIDE_PAGE = (
    12,
    760,
    1000,
)  # what a label on a page has at least; of five layers and more, a wide one
LEGIBLE = 15  # the smallest text that is read from afar
SMALLEST_TEXT = "BPCOURSE_SMALLEST_TEXT"  # where whoever starts a kernel says that no text in its pictures be smaller

CLASSES = ("#2f6fd0", "#c96a00", "#7a4fb5", "#007a5a")
SHAPES = {  # of the classes: what matplotlib calls it, and its outline about a middle at 0 0
    "o": "M-4 0a4 4 0 1 0 8 0a4 4 0 1 0 -8 0z",
    "^": "M0 -4.8L4.6 3.6H-4.6z",
    "s": "M-3.8 -3.8H3.8V3.8H-3.8z",
    "D": "M0 -5L5 0L0 5L-5 0z",
}
WRONG = ALIVE["red"]


def of_classes(count: int) -> list[tuple[str, str, str]]:
    """The colour of each class, its shape for matplotlib, and its outline; raises ValueError for too many to tell."""
    if count > len(CLASSES):
        raise ValueError(
            f"{len(CLASSES)} classes can be told apart by colour and shape; this network has {count} outputs: show its "
            "cost by epoch with bp.charts.learning_curves"
        )
    return [(colour, *shape) for colour, shape in zip(CLASSES, SHAPES.items(), strict=True)][:count]


def style() -> str:
    """The colours of the live pictures, for their style."""
    return ".root { " + " ".join(f"--{name}: {colour};" for name, colour in ALIVE.items()) + " }\n"
