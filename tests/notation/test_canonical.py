"""When two expressions are the same but for their writing."""

from bpcourse.notation import L, Square, Sum, a, i, j, k, w, y


def test_what_is_the_same_writing():
    assert ((a[L, j] - y[L, j]) ** 2).canonical() == (Square(a[L, j] - y[L, j])).canonical()
    assert (-(a[L, j] - y[L, j])).canonical() == (y[L, j] - a[L, j]).canonical()
    assert (Square(a[L, j] - y[L, j])).canonical() == (
        a[L, j] * a[L, j] - 2 * a[L, j] * y[L, j] + y[L, j] * y[L, j]
    ).canonical()
    assert (Sum(k, L)(a[L, k] + 2 * y[L, k])).canonical() == (2 * Sum(i, L)(y[L, i]) + Sum(k, L)(a[L, k])).canonical()
    assert (Sum(k, L)(a[L, k] * a[L, j])).canonical() != (Sum(k, L)(a[L, k]) * a[L, j]).canonical(), "that is a step"
    assert Sum(k, L)(w[L, k, j]).canonical() != Sum(k, L)(w[L, j, k]).canonical()
    nested = Sum(k, L)(a[L, k] * Sum(i, L)(w[L, i, k]))
    assert nested.canonical() == (Sum(i, L)(Sum(k, L)(w[L, k, i]) * a[L, i])).canonical()
    assert nested.canonical() != (Sum(k, L)(a[L, k] * Sum(i, L)(w[L, k, i]))).canonical()
