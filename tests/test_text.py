"""How numbers and symbols are written."""

import pytest

from bpcourse.text import shown, written

TEXTS = [
    (shown, (0.5, 3), "0.500"),
    (shown, (-0.0318, 3), "−0.032"),
    (shown, (-0.0001, 3), "0.000"),
    (shown, (-0.0, 0), "0"),
    (shown, (-1, 0), "−1"),
    (shown, (1234.5, 1), "1234.5"),
    (written, ("δ", 2, 3), "δ²₃"),
    (written, ("w", 3, 1, 3), "w³₁₃"),
    (written, ("w", 2, 11, 1), "w²₁₁,₁"),
    (written, ("w", 2, 1, 11), "w²₁,₁₁"),
    (written, ("a", "l+1", "k"), "aˡ⁺¹ₖ"),
    (written, ("x", "", 12), "x₁₂"),
]


@pytest.mark.parametrize(("function", "arguments", "text"), TEXTS)
def test_a_number_and_a_symbol(function, arguments, text):
    assert function(*arguments) == text
