"""How a number and a symbol are written, in sentences and pictures."""

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
    """A number as the course prints it: fixed digits, a real minus sign, and no minus before a zero."""
    text = f"{value:.{digits}f}"
    return text.lstrip("-") if float(text) == 0 else text.replace("-", "−")
