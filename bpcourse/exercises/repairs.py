"""What is wrong in a false line of a proof: the one change that makes it true tells which slip was made."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import product
from typing import Any

from bpcourse.notation import L, Negative, Number, Sum, l
from bpcourse.notation.expressions import Expression, Product, Quotient, Square, Total
from bpcourse.notation.symbols import Index, Leaf, Partial, Sigma, SumOver

MOST = 60  # parts of a line that is looked at: those of the exercises have below twenty
LAYERS = (l, l + 1, l - 1, L, L - 1)

Repair = tuple[Expression, str, str]  # the line with one change, the name of the slip, and what is said of it


def typed(part: Any) -> str:
    """A part of a line as it is typed."""
    if isinstance(part, Leaf):
        return f"{part.name}[{', '.join(map(str, (part.layer, *part.neurons)))}]"
    if isinstance(part, Sigma):
        return f"{'sigma_prime' if part.prime else 'sigma'}({typed(part.members[0])})"
    if isinstance(part, Partial):
        return f"partial({', '.join(typed(member) for member in part.members)})"
    if isinstance(part, Number):
        return str(part.above) if part.below == 1 else f"{part.above}/{part.below}"
    if isinstance(part, SumOver):
        return f"the Sum over {part.index}"
    if isinstance(part, Total):
        return "what stands in brackets"
    return "C_x" if getattr(part, "of_sample", False) else "a part of it"


def slip(line: Expression, answer: Expression, true: Callable[[Expression], bool]) -> tuple[str, str]:
    """The name of the slip in a line, a right side, and a sentence on it; two empty texts if no one change mends it."""
    if sum(1 for _ in line.walk()) > MOST:
        return "", ""
    for changed, name, said in _repairs(line, answer):
        if true(changed):
            return name, said
    for changed, name, said in _repairs(line, answer):
        if true(Negative(changed)):
            return (
                f"{name}, sign",
                f"Two things: {said[0].lower() if said[:2].istitle() else said[0]}{said[1:]} "
                "And a sign is turned round.",
            )
    return "", ""


def _repairs(line: Expression, answer: Expression) -> Iterator[Repair]:
    yield Negative(line), "sign", "A sign is turned round: look at the order of every difference, and at each minus."
    for way in (_signs, _swapped, _primes, _places, _sums, _brackets, _lost(answer), _extra, _others):
        yield from _everywhere(line, way)
    yield _all_primes(line), "σ for σ′", "σ stands where its slope σ′ is wanted, everywhere in your line."
    yield (
        _exchanged(line),
        "neurons exchanged",
        "The two neurons j and k are exchanged everywhere in your line: j is where the wire ends, k where it begins.",
    )


def _everywhere(part: Any, way: Callable[[Any], Iterator[Repair]]) -> Iterator[Repair]:
    """The changes of a way in a part and in all that it is made of."""
    yield from way(part)
    of_symbols = isinstance(part, Partial | Sigma)  # what stands in them stays one
    for n, member in enumerate(part.members):
        for changed, name, said in _everywhere(member, way):
            if isinstance(changed, Leaf) or not of_symbols:
                yield part.with_members([*part.members[:n], changed, *part.members[n + 1 :]]), name, said


# What may have happened ----------------------------------------------------------------------------------------------


def _signs(part) -> Iterator[Repair]:
    if isinstance(part, Total):
        for n, term in enumerate(part.members):
            turned = term.members[0] if isinstance(term, Negative) else Negative(term)
            yield (
                part.with_members([*part.members[:n], turned, *part.members[n + 1 :]]),
                "sign",
                f"A sign in a difference or sum is turned round: the one in front of {typed(_bare(term))}.",
            )


def _bare(term):
    return term.members[0] if isinstance(term, Negative) else term


def _swapped(part) -> Iterator[Repair]:
    if isinstance(part, Leaf) and part.name == "w":
        yield (
            Leaf("w", part.layer, part.neurons[::-1]),
            "swapped index",
            f"{typed(part)} has its two neurons swapped. Behind the layer stands first the neuron where the wire ends, "
            "then the one where it begins.",
        )


def _primes(part) -> Iterator[Repair]:
    if isinstance(part, Sigma):
        has, wants = ("the slope σ′", "σ itself") if part.prime else ("σ", "its slope σ′")
        yield (
            Sigma(part.members[0], not part.prime),
            "σ for σ′" if not part.prime else "σ′ for σ",
            f"{typed(part)} is {has}, where {wants} is wanted.",
        )


def _all_primes(part):
    if isinstance(part, Sigma):
        return Sigma(part.members[0], True)
    return part.with_members(map(_all_primes, part.members)) if part.members else part


def _exchanged(part):
    if isinstance(part, Leaf):
        other = {"j": Index("k"), "k": Index("j")}
        return Leaf(part.name, part.layer, tuple(other.get(str(n), n) for n in part.neurons))
    return part.with_members(map(_exchanged, part.members)) if part.members else part


def _places(part) -> Iterator[Repair]:
    if not isinstance(part, Leaf):
        return
    used = [Index(name) for name in "jk"]
    several = list(product(used, repeat=len(part.neurons)))
    for layer, neurons in [*((part.layer, n) for n in several), *product(LAYERS, several)]:
        other_layer, other_neuron = str(layer) != str(part.layer), str(neurons) != str(part.neurons)
        if not other_layer and not other_neuron:
            continue
        what = " and ".join(["layer"] * other_layer + ["neuron"] * other_neuron)
        yield (
            Leaf(part.name, layer, neurons),
            "wrong layer" if other_layer else "wrong neuron",
            f"The {what} of {typed(part)} is wrong. Is it a number of the neuron on the left, or of one in another "
            "layer?",
        )


def _sums(part) -> Iterator[Repair]:
    if isinstance(part, SumOver):
        for index in (Index(name) for name in "ik" if name in part.members[0].loose() and name != part.index.name):
            yield (
                SumOver(part.members[0], index, part.layer),
                "wrong index of the Sum",
                f"The Sum runs over {part.index}, and {index} is left without a value. Which of the two is the neuron "
                "on the left?",
            )
        for layer in LAYERS:
            yield (
                SumOver(part.members[0], part.index, layer),
                "wrong layer",
                f"The Sum over {part.index} runs over the neurons of another layer, and not of layer {part.layer}.",
            )
        return
    for index in (Index(name) for name in sorted(part.loose() & {"i", "k"})):
        inside = [factor for factor in part.factors() if index.name in factor.loose()]
        outside = [factor for factor in part.factors() if index.name not in factor.loose()]
        for layer in LAYERS:
            yield (
                Product(Sum(index, layer)(Product(*inside)), *outside),
                "lost sum",
                f"A Sum is missing: {index} stands on the right without one, and every neuron {index} has its part.",
            )


def _brackets(part) -> Iterator[Repair]:
    if not isinstance(part, Total):
        return
    said = "Brackets are missing: Python multiplies before it adds and subtracts."
    (*before, last), (first, *after) = part.members, part.members
    if isinstance(first, Product):
        yield Product(*first.members[:-1], Total(first.members[-1], *after)), "brackets", said
    minus, bare = isinstance(last, Negative), _bare(last)
    if isinstance(bare, Product):
        met = Negative(bare.members[0]) if minus else bare.members[0]
        yield Product(Total(*before, met), *bare.members[1:]), "brackets", said


_KINDS = {
    "delta": "an error δ",
    "w": "a weight w",
    "a": "an activation a",
    "y": "a target y",
    "z": "a weighted input z",
}


def _kind(part) -> str:
    if isinstance(part, Sigma):
        return "a slope σ′" if part.prime else "an activation σ(z)"
    if isinstance(part, Partial):
        return f"a slope {'of the cost' if getattr(part.members[0], 'of_sample', False) else '∂'}"
    return _KINDS.get(getattr(part, "name", ""), "a difference in brackets" if isinstance(part, Total) else "a factor")


def _lost(answer: Expression) -> Callable[[Any], Iterator[Repair]]:
    """A factor of the course's line that is not there: beside the whole, or inside a Sum."""
    factors = [factor for part in answer.walk() if isinstance(part, Product) for factor in part.factors()]
    factors = [factor for factor in factors if not isinstance(factor, SumOver)]

    def way(part) -> Iterator[Repair]:
        for factor in factors:
            said = f"A factor is lost: {_kind(factor)}."
            if isinstance(part, SumOver):
                yield part.with_members([part.members[0] * factor]), "lost factor", said
            yield part * factor, "lost factor", said
        if isinstance(part, Product):
            for number, name in ((Number(2), "½"), (Number(1, 2), "2")):
                yield part * number, "extra factor", f"There is a factor {name} too many."

    return way


def _extra(part) -> Iterator[Repair]:
    if isinstance(part, Square):
        yield part.members[0], "extra factor", "Something is squared that stands there once."
    if isinstance(part, Total):
        for shorter, term in _one_less(part):
            yield shorter, "extra term", f"There is a term too many: {typed(_bare(term))}."
    if isinstance(part, Quotient):
        yield part.members[0], "extra factor", "Something is divided that is not."
    if isinstance(part, Product):
        for shorter, factor in _one_less(part):
            yield shorter, "extra factor", f"There is a factor too many: {typed(factor)}."


def _one_less(part) -> Iterator[tuple[Expression, Expression]]:
    """A sum or a product without one of its members, each in turn, and that member."""
    for n, member in enumerate(part.members):
        others = [*part.members[:n], *part.members[n + 1 :]]
        yield type(part)(*others) if len(others) > 1 else others[0], member


_ALIKE = ("a", "z", "delta", "y", "b")


def _others(part) -> Iterator[Repair]:
    if isinstance(part, Leaf) and part.name in _ALIKE:
        for name in _ALIKE:
            if name != part.name:
                yield (
                    Leaf(name, part.layer, part.neurons),
                    "another symbol",
                    f"{typed(part)} stands where another symbol belongs: {_KINDS.get(name, name)}.",
                )
