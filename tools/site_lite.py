"""Whether a site has a Python of its own, and what that takes: `lite.js`, which its pages ask before they offer it."""

import pathlib

FOLDER = "lite"  # what `make lite` writes beside the pages


def tell(site: pathlib.Path) -> None:
    """Writes `lite.js`: null, or what was measured of the Python that lies in the folder."""
    measured = site / FOLDER / "measured.json"
    told = measured.read_text(encoding="utf-8").strip() if measured.exists() else "null"
    (site / "lite.js").write_text(f"const lite = {told};\n", encoding="utf-8")
