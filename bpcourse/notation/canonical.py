"""When two expressions are the same but for their writing: factors in another order, another letter in a sum."""

from fractions import Fraction

from bpcourse.notation.expressions import Exp, Expression, Ln, Negative, Number, Product, Quotient, Square, Total
from bpcourse.notation.symbols import Cost, Index, Leaf, LearningRate, Partial, Same, Sigma, SumOver


def loose_in(expression: Expression) -> set[str]:
    """The names of the indices that have no value in it: those that no Sum lets run."""
    if isinstance(expression, Leaf | Same):
        return {index.name for index in _indices(expression) if isinstance(index, Index)}
    inner = set().union(*map(loose_in, expression.members))
    if isinstance(expression, SumOver):
        layer = {expression.layer.name} if isinstance(expression.layer, Index) else set()
        return inner - {expression.index.name} | layer
    return inner


def canonical(expression: Expression, running: tuple[str, ...] = ()) -> dict[tuple, Fraction]:
    """An expression as {its factors, sorted: a number}, the same for what differs in its writing alone.

    Factors and terms may change places, sums of terms be multiplied out, numbers be put together, and the index of a
    Sum have any name. What stands in front of a Sum stays there: to move it in or out is a step.
    """
    if isinstance(expression, Number):
        return _added([((), Fraction(expression.above, expression.below))])
    members = [canonical(member, running) for member in expression.members if not isinstance(expression, SumOver)]
    if isinstance(expression, Negative):
        return {factors: -number for factors, number in members[0].items()}
    if isinstance(expression, Total):
        return _added(item for member in members for item in member.items())
    if isinstance(expression, Product | Square):
        product = {(): Fraction(1)}
        for member in members * (2 if isinstance(expression, Square) else 1):
            pairs = [(one, other) for one in product.items() for other in member.items()]
            product = _added((tuple(sorted(f + g, key=repr)), m * n) for (f, m), (g, n) in pairs)
        return product
    if isinstance(expression, SumOver):
        term = canonical(expression.members[0], (*running, expression.index.name))
        layer = _named(expression.layer, running)
        return _added(((("sum", layer, factors),), number) for factors, number in term.items())
    if isinstance(expression, Leaf):
        return {((expression.name, *(_named(index, running) for index in _indices(expression))),): Fraction(1)}
    if isinstance(expression, Same):
        return {(("same", *sorted((_named(index, running) for index in _indices(expression)), key=repr)),): Fraction(1)}
    inner = tuple(tuple(sorted(member.items(), key=repr)) for member in members)
    if isinstance(expression, Sigma | Partial | Ln | Exp | Quotient | Cost | LearningRate):
        kind = (type(expression).__name__, getattr(expression, "prime", ""), getattr(expression, "of_sample", ""))
        return {((*kind, inner),): Fraction(1)}
    return {(("other", expression.latex()),): Fraction(1)}


def _indices(expression: Leaf | Same) -> tuple[Index | int, ...]:
    if isinstance(expression, Same):
        return expression.one, expression.other
    return expression.layer, *expression.neurons


def _named(index: Index | int, running: tuple[str, ...]) -> tuple:
    """An index without its name if it runs in a Sum: which Sum, from the outside, and its shift."""
    if not isinstance(index, Index):
        return (index,)
    which = [n for n, name in enumerate(running) if name == index.name]
    return (which[-1] if which else index.name, index.shift)


def _added(items) -> dict[tuple, Fraction]:
    total: dict[tuple, Fraction] = {}
    for factors, number in items:
        total[factors] = total.get(factors, 0) + number
    return {factors: number for factors, number in total.items() if number}
