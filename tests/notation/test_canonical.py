"""When two expressions are the same but for their writing."""

from bpcourse.notation import L, Square, Sum, a, i, j, k, w, y
from bpcourse.notation.canonical import canonical


def test_what_is_the_same_writing():
    assert canonical((a[L, j] - y[L, j]) ** 2) == canonical(Square(a[L, j] - y[L, j]))
    assert canonical(-(a[L, j] - y[L, j])) == canonical(y[L, j] - a[L, j])
    assert canonical(Square(a[L, j] - y[L, j])) == canonical(
        a[L, j] * a[L, j] - 2 * a[L, j] * y[L, j] + y[L, j] * y[L, j]
    )
    assert canonical(Sum(k, L)(a[L, k] + 2 * y[L, k])) == canonical(2 * Sum(i, L)(y[L, i]) + Sum(k, L)(a[L, k]))
    assert canonical(Sum(k, L)(a[L, k] * a[L, j])) != canonical(Sum(k, L)(a[L, k]) * a[L, j]), "that is a step"
    assert canonical(Sum(k, L)(w[L, k, j])) != canonical(Sum(k, L)(w[L, j, k]))
    nested = Sum(k, L)(a[L, k] * Sum(i, L)(w[L, i, k]))
    assert canonical(nested) == canonical(Sum(i, L)(Sum(k, L)(w[L, k, i]) * a[L, i]))
    assert canonical(nested) != canonical(Sum(k, L)(a[L, k] * Sum(i, L)(w[L, k, i])))
