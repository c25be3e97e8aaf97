"""How a number, a symbol and what somebody typed are written, in sentences, pictures and Markdown."""

import re
from collections.abc import Iterable

GREEK = {"delta": "δ", "eta": "η"}  # of the symbols that Python cannot spell

_SUPERSCRIPTS = str.maketrans("0123456789-+lL", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺ˡᴸ")
_SUBSCRIPTS = str.maketrans("0123456789-jki", "₀₁₂₃₄₅₆₇₈₉₋ⱼₖᵢ")


def written(symbol: str, l: object, *indices: object) -> str:
    """A symbol with its layer and neurons as a reader writes it: `written("δ", 2, 3)` is δ²₃."""
    comma = "," if any(len(str(index)) > 1 for index in indices) else ""
    return symbol + str(l).translate(_SUPERSCRIPTS) + comma.join(map(str, indices)).translate(_SUBSCRIPTS)


def in_full(value: float) -> str:
    """A number with all its digits, as whoever gave it would write it: 1, 0.5, 1.0000001."""
    return repr(float(value)).removesuffix(".0")


def shown(value: float, digits: int = 3) -> str:
    """A number as the course prints it: fixed digits, a real minus sign, and no minus before a zero.

    Of two numbers equally near, the one with the even last digit: 0.25 is 0.2, in the live pictures too (common.js).
    """
    text = f"{value:.{digits}f}"
    return text.lstrip("-") if float(text) == 0 else text.replace("-", "−")


def listed(words: Iterable[str]) -> str:
    """Words as a sentence lists them: `a, b and c`."""
    *most, last = words
    return f"{', '.join(most)} and {last}" if most else last


# What somebody typed: a name, a question, the text of an error --------------------------------------------------------

_NEVER_SHOWN = re.compile(r"[^\t\n\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # nor allowed in XML
_MARKUP = re.compile(r"(?<=\d)\.|\.(?=\w)|[!-+\-/:-@[-`{-~]")  # ASCII punctuation, but what only ends a word
_OWN_LATEX = re.compile(r"[\w ^{}()\[\]&,.=+'\\|-]*")  # what the notation writes


def readable(text: object) -> str:
    """A text of which every character can be shown: � stands for NUL and its like, and a line break is a line feed."""
    return _NEVER_SHOWN.sub("\N{REPLACEMENT CHARACTER}", re.sub("\r\n?", "\n", str(text)))


def literal(text: object) -> str:
    """Markdown that shows a text as it was typed: nothing in it becomes HTML, a formula, a link or a list."""

    def reference(found: re.Match) -> str:
        character = f"&#{ord(found[0])};"
        return f"<span>{character}</span>" if found[0] in "$\\" else character  # MathJax looks into no tag for the rest

    return _MARKUP.sub(reference, readable(text).strip()).replace("\n", "<br>")


def displayed(latex: str) -> str:
    """Markdown that shows LaTeX typeset; one with a character that the notation never writes, as it was typed."""
    return f"$$ {latex} $$" if _OWN_LATEX.fullmatch(latex) else literal(latex)
