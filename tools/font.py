"""Cuts the font of the formulas down to the glyphs that the course uses: `make font`.

The font is STIX Two Math, whole in `vendor/`. What is kept of it travels with the live pictures and lies beside the
pages of the site, so formulas look the same on every machine. Its licence reserves no name; a copy stands beside it.
"""

import io
import pathlib
import shutil
import string
import unicodedata

from fontTools import subset

from bpcourse.widgets.font import FILE

ROOT = pathlib.Path(__file__).resolve().parents[1]
WHOLE = ROOT / "vendor" / "stix-two-math"
MOST_BYTES = 40_000

ASCII = "".join(map(chr, range(0x20, 0x7F)))  # names such as exp and tanh, digits, brackets
GREEK = "αβγδεζηθικλμνξπρστυφχψωΓΔΘΛΞΠΣΦΨΩ"
SIGNS = "−±×·⋅÷≟≠≈≡≤≥∞∝⊙∘⊤∂∇∑∏√∈∉∀∃←→↦⟨⟩‖…⋯⋮⋱′″\N{NO-BREAK SPACE}"


def italic(letter: str) -> str:
    """What a browser shows for a single letter in a formula: its italic, if it has one."""
    if letter == "h":
        return "ℎ"  # which Unicode had before the others
    name = unicodedata.name(letter).removeprefix("LATIN ").removeprefix("GREEK ").replace(" LETTER", "")
    try:
        return unicodedata.lookup(f"MATHEMATICAL ITALIC {name}")
    except KeyError:
        return letter


# How far an index stands from the edge of a tall or deep base: browsers ask that of a single letter too, such as y.
AS_IN_TEX = {"SubscriptBaselineDropMin": 50, "SuperscriptBaselineDropMax": 386}
CHARACTERS = {*ASCII, *GREEK, *SIGNS, *map(italic, [*string.ascii_letters, *GREEK, "∂"])}


def cut() -> bytes:
    """The font with these characters, and with what their brackets and sums grow to."""
    options = subset.Options(layout_features=[], name_IDs=[0, 1, 2, 5, 14], hinting=False, recalc_timestamp=False)
    subsetter, file = subset.Subsetter(options), io.BytesIO()
    subsetter.populate(text="".join(sorted(CHARACTERS)))
    with subset.load_font(next(WHOLE.glob("*.woff")), options) as font:
        subsetter.subset(font)
        for name, value in AS_IN_TEX.items():
            getattr(font["MATH"].table.MathConstants, name).Value = value
        font["name"].setName(f"Cut from {font['name'].getDebugName(1)} by tools/font.py", 10, 3, 1, 0x409)
        font.save(file)
    return file.getvalue()


if __name__ == "__main__":
    font = cut()
    if len(font) > MOST_BYTES:
        raise SystemExit(f"the font would have {len(font):,} bytes; at most {MOST_BYTES:,} may travel")
    FILE.write_bytes(font)
    shutil.copyfile(WHOLE / "LICENSE", FILE.with_suffix(".LICENSE"))
    print(f"{FILE.relative_to(ROOT)}: {len(font):,} bytes")
