"""A number in a live picture is written as Python writes it, digit by digit, also one that lies between two."""

import numpy as np

from bpcourse.text import shown
from tests.places import ROOT

COMMON = (ROOT / "bpcourse" / "widgets" / "common.js").read_text("utf-8")
SHOWN = f"numbers => {{ {COMMON}\n return numbers.map(([value, digits]) => shown(value, digits)); }}"
ODD = [0.0, -0.0, 0.25, -0.25, 0.5, 1.5, 2.5, -2.5, 0.125, 0.375, 1.005, 0.15, 9.5, 99.5, -0.5, -0.04, 1e20, -1e21]
ODD += [1e21, 1.5e22, 123456789012345680.0, -1e23, 1.7976931348623157e308, 5e-324, 2**-13, 2.0**53 + 2]
ODD += [float("inf"), float("-inf"), float("nan")]


def numbers():
    """Many numbers, each with its digits: of all sizes, exactly between two, and the next ones on either side."""
    rng = np.random.default_rng(15)
    for digits in range(14):
        half = 2.0 ** -(digits + 1)
        between = half * (2 * rng.integers(-500, 500, 60) + 1)
        near = [np.nextafter(between, to) for to in (-np.inf, np.inf)]
        any_size = rng.normal(size=100) * 10.0 ** rng.uniform(-14, 24, 100)
        for value in [*ODD, *between, *np.concatenate(near), *any_size]:
            yield float(value), digits


def test_the_browser_writes_every_number_as_python_does(stage):
    asked = list(numbers())
    written = stage.page.evaluate(SHOWN, asked)
    expected = [shown(value, digits) for value, digits in asked]
    wrong = [(number, *texts) for number, *texts in zip(asked, written, expected, strict=True) if texts[0] != texts[1]]
    assert wrong == []
    assert len(asked) > 4000


def test_ties_go_to_the_even_digit():
    assert [shown(value, 1) for value in (-0.25, 0.25, 0.75, -0.75)] == ["−0.2", "0.2", "0.8", "−0.8"]
    assert [shown(value, 0) for value in (0.5, 1.5, 2.5, -0.5)] == ["0", "2", "2", "0"]
