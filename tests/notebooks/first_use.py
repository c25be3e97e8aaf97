"""Where each symbol, each `bp.` name and each sign of numpy's is first used in the course, and where it is explained.

Used: in a formula, as a letter in the text (δ), in a string of a code cell; a name in a code cell or a code span.

Explained is a symbol by
- a row of a table that has it in the first cell and words in another;
- a sentence with a term in bold or italics (no question, and no label such as **Line 2: …**) beside which, or in which,
  it stands;
- a sentence in which one of the field's own words for it (`WORDS`) stands beside it: "its activation $a$";
- for a constant, a formula that says its number, "$e = 2.718$";
- the same with the letter in code, "`y` the right answer";
- for a letter of the moment, one that `WORDS` does not have: a sentence that sets it, "Take $u = (2, -1)$".
A name is explained by
- a term in bold: **BP1** for `bp.BP1`;
- a row of a table that has it in code, and words in another cell;
- a sentence of at least three words of text in which it stands in code; for a sign of numpy's, one that says what is
  made (`SIGNS_SAID`);
- in a code cell, a comment of three words on its line, or on the line before.

An explanation counts from its own cell on. A cell that says that its symbols come later (`PROMISES`) uses none; what it
promises must be explained somewhere after it.
"""

import ast
import itertools
import re
from dataclasses import dataclass

BESIDE = 28  # characters at most between a symbol and the word for it

# Each symbol that the course keeps, and the field's words for it, of which one must stand beside it once.
WORDS = {
    "δ": "delta|error",
    "σ": "sigmoid|activation function",
    "σ′": "slope",
    "∂": "change this one number|curly|partial derivative",
    "∇": "nabla",
    "⊙": "entry by entry|Hadamard",
    "Σ": "sum|add up|run through",
    "η": "learning rate|step size|eta",
    "Δ": "push|difference",
    "T": "transpose|columns written as rows|rows written as columns|rows and columns|as rows|turned",
    "C_x": "cost of|one bird|one input",
    "C": "cost",
    "L": "output|last layer",
    "l": "layer",
    "j": "neuron|output",
    "k": "neuron|output|wire|counts",
    "x": "input|measurement|bill length",
    "y": "target|answer",
    "z": "weighted input",
    "a": "activation",
    "w": "weight",
    "b": "bias",
    "m": "birds|samples|mini-batch",
    "n": "number of|outputs|neurons|wires",
    "ln": "logarithm",
    "e": "exponential|Euler",
    "√": "root",
}
SET = {"e": "e = 2.718"}  # a formula that says what it is
COMMANDS = {
    r"\delta": "δ", r"\sigma": "σ", r"\partial": "∂", r"\nabla": "∇", r"\odot": "⊙", r"\sum": "Σ", r"\eta": "η",
    r"\Delta": "Δ", r"\ln": "ln", r"\max": "max", r"\sqrt": "√", r"\|": "‖", r"\tanh": "tanh", r"\exp": "exp",
    r"\prod": "∏", r"\int": "∫", r"\lambda": "λ", r"\alpha": "α", r"\beta": "β", r"\epsilon": "ε", r"\mu": "μ",
}  # fmt: skip
SIGNS = {  # of numpy's, in code; the sentence that explains one has one of these words
    ".ravel()": re.compile(r"\.ravel\(\)"),
    "[:, [n]]": re.compile(r"\[:, \[\w+\]\]"),
    "@": re.compile(r"(?<=[ `])@(?=[ `])"),
    ".T": re.compile(r"\.T\b"),
    ".item()": re.compile(r"\.item\(\)"),
}
SIGNS_SAID = {
    ".ravel()": "row|list|line|flat",
    "[:, [n]]": "column",
    "@": "product",
    ".T": "column|row|transpose",
    ".item()": "number",
}
# Rooms of bpcourse: what is in them has a name of its own.
ROOMS = ("numeric", "charts", "widgets", "notation")
NAME = re.compile(rf"\bbp\.(?:(?:{'|'.join(ROOMS)})\.\w+|\w+)")
LETTERS = re.compile("σ′|tanh′|[δσ∂∇⊙Σηλ]")
PROMISES = re.compile(r"[Ss]ymbols?\b[^.:]*\b(?:explained|later)\b|need not understand the symbols")
TELLING = re.compile(r"\b(?:[Tt]ake|[Ll]et|[Cc]all|[Hh]ere|[Ww]ith|[Ww]rite|[Ff]or|say|where)\b")
ANY = "numbers?|columns?|rows?|points?|values?|function"  # what a letter of the moment can stand for
FORMULA = re.compile(r"\$\$(.+?)\$\$|\$(.+?)\$", re.DOTALL)
CODE = re.compile(r"```.*?```|`[^`]+`", re.DOTALL)
STRONG = re.compile(r"(\*\*|\*)(?=\S)(.+?)(?<=\S)\1", re.DOTALL)
LABEL = re.compile(r"(?:Lines? \d|Step \d|\d+\.|BP\d|Next|Time|You need|Try this|Stuck|Answer)")


@dataclass(frozen=True)
class Use:
    """A symbol or name, and where it stands: notebook, cell and the words around it."""

    what: str
    notebook: str
    cell: str
    around: str

    def __str__(self) -> str:
        return f"{self.notebook} {self.cell}: {self.what}   … {self.around} …"


def symbols_of(latex):
    """The symbols of a formula, in their order, each with its place in it."""
    latex = re.sub(r"\\(?:text|begin|end)\{.*?\}", lambda found: " " * len(found[0]), latex)
    for found in re.finditer(r"C_(?:\{x\}|x)|\\[a-zA-Z]+'?|\\\||\^(?:\{T\}|T\b)|[a-zA-Z]", latex):
        sign = found[0]
        if sign.startswith("^"):
            yield "T", found.start()
        elif sign.startswith("C_"):
            yield "C_x", found.start()
        elif sign.startswith("\\"):
            name = COMMANDS.get(sign.rstrip("'"))
            if name:
                yield name + "′" * sign.endswith("'"), found.start()
        else:
            yield sign, found.start()


def symbols_in(text):
    """The symbols of a piece of Markdown without code, in their order, each with where it begins and ends."""
    for found in FORMULA.finditer(text):
        for symbol, _ in symbols_of(found[1] or found[2]):
            yield symbol, found.start(), found.end()
    plain = FORMULA.sub(lambda found: " " * len(found[0]), text)
    for found in LETTERS.finditer(plain):
        yield found[0], found.start(), found.end()


def names_in(code):
    """The `bp.` names and the signs of numpy's in a piece of code, each with its place."""
    found = [(match[0], match.start()) for match in NAME.finditer(code)]
    found += [(sign, match.start()) for sign, pattern in SIGNS.items() for match in pattern.finditer(code)]
    return sorted(found, key=lambda at: at[1])


def strings_of(code):
    """What a code cell prints: the texts in it."""
    try:
        tree = ast.parse(code)
    except SyntaxError:  # one that the course shows as a mistake
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def hidden(text):
    """The words of a cell without code, as long as before, so that places stay."""
    return CODE.sub(lambda found: " " * len(found[0]), text)


def uses(cell):
    """What a cell uses, in the order of its text: pairs of what and the words around it."""
    if cell.cell_type == "markdown":
        found = [(start, symbol) for symbol, start, _ in symbols_in(hidden(cell.source))]
        for span in CODE.finditer(cell.source):
            found += [(span.start() + at, name) for name, at in names_in(span[0])]
    else:
        found = [(at, name) for name, at in names_in(cell.source)]
        for text in strings_of(cell.source):
            place = max(cell.source.find(text[:20]), 0)
            found += [(place, symbol[0]) for symbol in LETTERS.finditer(text)]
    for place, what in sorted(found, key=lambda at: at[0]):
        yield what, " ".join(cell.source[max(place - 30, 0) : place + 40].split())


def sentences(text):
    """The sentences of a cell's text outside its tables."""
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("|")]
    for block in re.split(r"\n\s*\n|\n(?=\s*(?:\d+\.|-) )", "\n".join(lines)):
        yield from re.split(r"(?<=[.!?:])(?:\*\*)?\s+(?=[A-Z$*`])", block)


def rows(text):
    """The rows of the tables of a cell, as lists of their cells, heads and rulers left out."""
    lines = [line.strip() for line in text.splitlines()]
    for above, line in itertools.pairwise(["", *lines]):
        if line.startswith("|") and above.startswith("|") and not re.fullmatch(r"[|\s:-]+", line):
            yield [part.strip() for part in re.split(r"(?<!\\)\|", line.strip("|"))]


def worded(text, least):
    """Whether there are so many words in a text, code and formulas left out."""
    return len(re.findall(r"[A-Za-z一-鿿]{2,}|[一-鿿]", FORMULA.sub(" ", CODE.sub(" ", text)))) >= least


def beside(word, symbol_at, sentence, near=BESIDE):
    """Whether one of these words stands near a symbol, with no end of a sentence between."""
    words = FORMULA.sub(lambda formula: "§" * len(formula[0]), sentence)  # \\delta is no word
    for found in re.finditer(rf"(?<![A-Za-z])(?:{word})", words, re.IGNORECASE):
        start, end = symbol_at
        if -1 <= start - found.end() <= near or -1 <= found.start() - end <= near:
            return True
    return False


def explains(cell):
    """All that a cell explains."""
    told = set()
    if cell.cell_type == "code":
        lines = ["", *cell.source.splitlines()]
        for above, line in itertools.pairwise(lines):
            comments = [part.partition("#")[2] for part in (above, line)]
            if any(worded(comment, 3) for comment in comments):
                told |= {name for name, _ in names_in(line)}
        return told
    text = cell.source
    for row in rows(text):
        if any(worded(part, 1) for part in row[1:]) or worded(row[0], 1):
            told |= {symbol for part in row[:1] for symbol, _, _ in symbols_in(hidden(part))}
            if len(row) > 2 and worded(row[0], 1):  # a glossary: the word, then its symbol
                told |= {symbol for symbol, _, _ in symbols_in(hidden(row[1]))}
            if any(worded(part, 1) for part in row):
                told |= {name for part in row for span in CODE.findall(part) for name, _ in names_in(span)}
    for sentence in sentences(text):
        told |= {*_told_in(sentence)}
    return told


def _told_in(sentence):
    """What a sentence explains."""
    bare = hidden(sentence)
    found = [*symbols_in(bare)]
    terms = [
        term
        for term in STRONG.finditer(FORMULA.sub(lambda formula: "§" * len(formula[0]), bare))
        if not bare[term.start() : term.end()].rstrip("*").endswith("?") and not LABEL.match(term[2])
    ]
    for symbol, start, end in found:
        if symbol in WORDS:
            said = beside(WORDS[symbol], (start, end), bare) or SET.get(symbol) == bare[start:end].strip("$")
        else:
            said = TELLING.search(bare) or beside(ANY, (start, end), bare, 2 * BESIDE)
        if said or any(term.start() - 12 <= start and end <= term.end() + BESIDE for term in terms):
            yield symbol
    for span in re.finditer(r"`(\w+)`", sentence):
        if span[1] in WORDS and beside(WORDS[span[1]], span.span(), bare):
            yield span[1]
    yield from (f"bp.{term[2].strip(':. ')}" for term in STRONG.finditer(bare) if term[1] == "**")
    if not sentence.lstrip().startswith("#") and worded(sentence, 3):
        for span in re.findall(r"`[^`]+`", sentence):
            for name, _ in names_in(span):
                if name not in SIGNS or re.search(SIGNS_SAID[name], hidden(sentence)):
                    yield name


def in_order(notebooks):
    """The first use of everything, in the order of the course, and what was not explained by then."""
    known, used, promised, first, faults = set(), set(), {}, [], []
    for name, notebook in notebooks:
        for cell in notebook.cells:
            known |= explains(cell)
            later = cell.cell_type == "markdown" and PROMISES.search(cell.source)
            for what, around in uses(cell):
                use = Use(what, name, cell.get("id", "?"), around)
                if what in used or (later and what not in known and promised.setdefault(what, use)):
                    continue
                used.add(what)
                first.append(use)
                if what not in known:
                    faults.append(use)
    faults += [use for what, use in promised.items() if what not in known]
    return first, faults
