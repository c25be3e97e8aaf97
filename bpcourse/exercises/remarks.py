"""What is said of a wrong answer that is none of the known mistakes: the plainest thing that its numbers show."""

from collections.abc import Mapping, Sequence

import numpy as np

from bpcourse.exercises.answers import CLOSE, Tables, Unusable, same
from bpcourse.exercises.scales import of_a_size
from bpcourse.network import Network

_WHOLE = " A table that was made for whole numbers, with dtype=int for example, cuts off what is behind the point."


def no_numbers(answer: object) -> bool:
    """Whether it was refused because a number in it is none, or too large: other inputs may give one."""
    return isinstance(answer, Unusable) and " contains " in str(answer)


def at_sight(check, found: Sequence) -> str:
    """A sentence or two on what shows at once, if something does: no numbers, other shapes, one factor everywhere."""
    if deep := _of_the_depth(check, found):
        return deep
    if problem := next((answer for answer in found if isinstance(answer, Unusable)), None):
        return f"{_half(check, found)}{problem}"
    return _of_the_shapes(check, found) or _of_the_numbers(check, found) or _of_the_place(check, found)


def remark(check, found: Sequence) -> str:
    """A sentence or two on which of the numbers are right."""
    if half := _half(check, found):
        return f"{half}What is different then?"
    return _of_some(check, found, _ratio(check, found))


def _ratio(check, found: Sequence[Tables]) -> np.ndarray:
    return np.concatenate([ratio for ratios in _ratios(found, check.wanted).values() for ratio in ratios])


def _of_the_place(check, found: Sequence[Tables]) -> str:
    """A sentence if nothing is wrong but signs, or one row or column, or all with a single sample."""
    ratio = _ratio(check, found)
    if (np.abs(np.abs(ratio) - 1) <= CLOSE).all():
        return "The numbers are right but for some signs. Where does a minus get lost, or come in?"
    hits = np.mean(np.abs(ratio - 1) <= CLOSE)
    pairs = [(a[name], w[name]) for a, w in zip(found, check.wanted, strict=True) for name in w] if hits > 0.1 else []
    share = f"Of all numbers {hits:.0%} are right"
    if pairs and all(_only_last_wrong(*pair) for pair in pairs):
        return f"{share}. Does every loop reach its last row and column, and only once?"
    if pairs and all(_only_last_wrong(*(np.atleast_2d(table)[::-1, ::-1] for table in pair)) for pair in pairs):
        return f"{share}, those of the first row or column are not. What is done differently there?"
    half = _half(check, found)
    return f"{half}What is different then?" if half.startswith("With many") else ""


def _of_the_depth(check, found: Sequence) -> str:
    """A sentence if the answer is right for every network of three layers and for no other."""
    right = [same(*pair) for pair in zip(found, check.wanted, strict=True)]
    if right != [isinstance(case[0], Network) and case[0].L == 3 for case in check.cases] or not any(right):
        return ""
    return (
        "With networks of three layers your answer is right, with deeper ones it is not. How many layers there are is "
        "net.L: does every loop go through all of them? A list such as [2, 3] does not."
    )


def _of_the_shapes(check, found: Sequence[Tables]) -> str:
    for answer, wanted in zip(found, check.wanted, strict=True):
        if answer.keys() != wanted.keys():
            return f"Expected are {', '.join(wanted)}; your function returned {', '.join(answer) or 'nothing'}."
        for name in wanted:
            mine, right = answer[name].shape, wanted[name].shape
            if mine != right:
                always = {answer[name].shape for answer in found if name in answer} == {mine} and mine != ()
                sizes = " It is the same for layers of every size: take sizes from .shape." if always else ""
                return (
                    f"{_half(check, found)}Here {name} has shape {mine} and should have {right}. "
                    f"Expected is {check.returns}.{sizes}"
                )
    return ""


def _of_the_numbers(check, found: Sequence[Tables]) -> str:
    wanted, samples = check.wanted, np.array([_samples(case) for case in check.cases])
    for digits in range(1, 6):
        if all((np.abs(a[name] - w[name].round(digits)) < 1e-12).all() for a, w in zip(found, wanted, strict=True)
               for name in w):  # fmt: skip
            return f"Your numbers are rounded to {digits} digits after the point. Return them as they are."
    families = dict.fromkeys(name.split("[")[0] for name in wanted[0])
    for family in ["", *families]:
        tables = [table for answer in found for name, table in answer.items() if name.startswith(family)]
        whose = f"All your numbers{f' of {family}' if family and len(families) > 1 else ''} are"
        if not any(table.any() for table in tables):
            return f"{whose} 0. Is what you computed ever stored where you return it?{_WHOLE}"
        if all((table == np.rint(table)).all() for table in tables):
            return f"{whose} whole, and what stands behind the point is lost.{_WHOLE}"
    by_kind = _ratios(found, wanted)
    together = [np.concatenate(ratios) for ratios in zip(*by_kind.values(), strict=True)]
    for kind, ratios in {"": together, **by_kind}.items():
        first = np.array([ratio[0] for ratio in ratios])
        if any(np.ptp(ratio) > 1e-5 * abs(ratio[0]) for ratio in ratios) or not first.all():
            continue
        of_kind = f" of {kind}" if kind and len(by_kind) > 1 else ""
        if np.ptp(first) <= 1e-5 * abs(first[0]) and abs(first[0] - 1) > CLOSE:
            others = [name for name in by_kind if of_kind and name != kind]
            good = others and all((np.abs(ratio - 1) <= CLOSE).all() for name in others for ratio in by_kind[name])
            right = f" All of {others[0]} is right." if good else ""
            return (
                f"Every number{of_kind} is {first[0]:.4g} times what it should be.{right} "
                "Where could this factor come from?"
            )
        divisor = samples / first
        if np.ptp(divisor) <= 1e-5 * abs(divisor[0]):
            return (
                f"You divide{of_kind and ' the numbers' + of_kind} by {divisor[0]:.6g} each time. The number of "
                "samples is another in each trial of the check: take it from .shape."
            )
    return of_a_size(check, found, wanted, [*samples])


def _of_some(check, found: Sequence[Tables], ratio: np.ndarray) -> str:
    """Which numbers are right, if some are."""
    wanted = check.wanted
    right = [n for n, pair in enumerate(zip(found, wanted, strict=True)) if same(*pair)]
    if right:
        told = ", ".join(map(_told, check.arguments, check.cases[right[0]]))
        return (
            f"Right in {len(right)} of {len(found)} trials; one of them has {told}. What in your code fits such a "
            "trial and no other: a fixed number, a size, a sign?"
        )
    hits = np.mean(np.abs(ratio - 1) <= CLOSE)
    if hits > 0.1:
        share = f"Of all numbers {hits:.0%} are right"
        if parts := _right_parts(found, wanted):
            return f"{share}: {parts}. Look for what is done differently for the others."
        return f"{share}, the others are not, and it is none of the mistakes that this check knows."
    return (
        "The shape is right, the numbers are not, and it is none of the mistakes that this check knows. "
        f"Compare with bp.check.{check.name}.hint(1)."
    )


def _ratios(found: Sequence[Tables], wanted: Sequence[Tables]) -> Mapping[str, list[np.ndarray]]:
    """What was given over what is right: for grad_w, say, a flat array for each case."""
    kinds = dict.fromkeys(name.split("[")[0] for name in wanted[0])
    return {
        kind: [
            np.concatenate([(a[name] / w[name]).ravel() for name in w if name.split("[")[0] == kind])
            for a, w in zip(found, wanted, strict=True)
        ]
        for kind in kinds
    }


def _right_parts(found: Sequence[Tables], wanted: Sequence[Tables]) -> str:
    """The parts of an answer of many tables that are right in every case."""
    right: dict[str, bool] = {}
    for answer, tables in zip(found, wanted, strict=True):
        last = max(int(name.split("[")[1][:-1]) for name in tables) if "[" in next(iter(tables)) else 0
        for name, table in tables.items():
            kind, _, layer = name.partition("[")
            part = f"{kind} of the {'last layer' if layer == f'{last}]' else 'hidden layers'}" if layer else name
            right[part] = right.get(part, True) and same({"": answer[name]}, {"": table})
    kinds = {part: part.split(" of the ")[0] for part in right}
    whole = {kind for kind in kinds.values() if all(good for part, good in right.items() if kinds[part] == kind)}
    good = [kinds[part] if kinds[part] in whole else part for part in right if right[part]]
    return " and ".join(f"those in {part}" for part in dict.fromkeys(good))


def _only_last_wrong(mine: np.ndarray, right: np.ndarray) -> bool:
    wrong = np.atleast_2d(np.abs(mine - right) > CLOSE * np.abs(right))
    return bool(wrong.any()) and not wrong[:-1, :-1].any() and (not wrong[:-1].any() or not wrong[:, :-1].any())


def _samples(case: tuple) -> int:
    return next(value for value in reversed(case) if isinstance(value, np.ndarray)).shape[1]


def _told(name: str, value: object) -> str:
    """An input in a few words."""
    if isinstance(value, Network):
        return f"{name} of sizes {'-'.join(map(str, value.sizes))}"
    return f"{name} of shape {value.shape}" if isinstance(value, np.ndarray) else f"{name} = {value}"


def _half(check, found: Sequence) -> str:
    """A sentence if the answer is right for one sample alone, or for many alone."""
    right = {True: True, False: True}  # by whether there is one sample
    for case, answer, wanted in zip(check.cases, found, check.wanted, strict=True):
        right[_samples(case) == 1] &= same(answer, wanted)
    if right[True]:
        return "With one sample your answer is right; with many samples, one a column, it is not. "
    return "With many samples your answer is right; with a single one it is not. " if right[False] else ""
