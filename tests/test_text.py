"""How numbers and symbols are written."""

import pytest

from bpcourse.text import shown, written


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (0.5, 3, "0.500"),
        (-0.0318, 3, "−0.032"),
        (-0.0001, 3, "0.000"),
        (-0.0, 0, "0"),
        (-1, 0, "−1"),
        (1234.5, 1, "1234.5"),
    ],
)
def test_a_number(value, digits, text):
    assert shown(value, digits) == text


@pytest.mark.parametrize(
    ("symbol", "text"),
    [
        (("δ", 2, 3), "δ²₃"),
        (("w", 3, 1, 3), "w³₁₃"),
        (("w", 2, 11, 1), "w²₁₁,₁"),
        (("w", 2, 1, 11), "w²₁,₁₁"),
        (("a", "l+1", "k"), "aˡ⁺¹ₖ"),
        (("x", "", 12), "x₁₂"),
    ],
)
def test_a_symbol(symbol, text):
    assert written(*symbol) == text
