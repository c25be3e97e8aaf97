"""A factor that changes with the size of a layer or of the batch: which size it is, and to which power."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np

from bpcourse.exercises.answers import Tables
from bpcourse.network import Network

_POWERS = {  # of a size, and how that is said
    -2: "divided by the square of {}",
    -1: "divided by {}",
    -0.5: "divided by the root of {}",
    0.5: "times the root of {}",
    1: "times {}",
    2: "times the square of {}",
}
_WHY = " A mean over the samples stands in line 6 of BP3 and in line 7 of BP4, and in no other line a size divides."


def of_a_size(check, found: Sequence[Tables], wanted: Sequence[Tables], samples: Sequence[int]) -> str:
    """A sentence if each table is right but for one factor, and that is a power of a size."""
    families = dict.fromkeys(name.split("[")[0] for name in wanted[0])
    told = []
    for family in families:
        ratios, sizes = _ratios(family, check, found, wanted, samples)
        if np.abs(np.array(ratios) - 1).max(initial=0) > 1e-5 and (said := _power(ratios, sizes)):
            told.append((family, said))
    if not told:
        return ""
    if len({said for _, said in told}) == 1 and len(told) == len(families):
        return f"Every number is what it should be, {told[0][1]}.{_WHY}"
    return f"{' '.join(f'Those of {family} are what they should be, {said}.' for family, said in told)}{_WHY}"


def _ratios(family: str, check, found, wanted, samples) -> tuple[list[float], list[dict]]:
    """What was given over what is right, one for each table, beside the sizes that go with it; nothing if not one."""
    ratios, sizes = [], []
    for case, answer, right, m in zip(check.cases, found, wanted, samples, strict=True):
        for name in (name for name in right if name.split("[")[0] == family):
            with np.errstate(all="ignore"):
                ratio = np.ravel(answer[name] / right[name])
            if not np.isfinite(ratio).all() or not ratio[0] or np.ptp(ratio) > 1e-5 * abs(ratio[0]):
                return [], []
            ratios.append(float(ratio[0]))
            sizes.append(_sizes(check.name, case, right[name], m))
    return ratios, sizes


def _sizes(check: str, case: tuple, right: np.ndarray, m: int) -> dict[str, int]:
    table = right if right.ndim == 2 else case[0]
    sizes = {"the number of samples": m, "the number of neurons of the layer": len(table)}
    if isinstance(case[0], Network):
        sizes |= {"the number of outputs": case[0].sizes[-1], "the number of inputs": case[0].sizes[0]}
        sizes["the number of layers"] = case[0].L
    if check == "bp2":
        sizes["the number of neurons of the next layer"] = len(case[0])
    if check == "bp4":
        sizes["the number of neurons of the layer before"] = len(case[0])
    if check == "forward":
        sizes["the number of neurons of the layer before"] = case[0].shape[1]
    return sizes | {"the number of entries of the table": table.size}


def _power(ratios: list[float], sizes: list[dict]) -> str:
    """Which size it is, or which two of them."""
    names = [size for size in (sizes[0] if sizes else ()) if len({each[size] for each in sizes}) > 1]
    powers = [{size: power} for size in names for power in _POWERS]
    powers += [
        {one: p, other: q} for one, other in combinations(names[:-1], 2) for p, q in ((1, -1), (-1, 1), (-1, -1))
    ]
    for several in powers:
        of = np.prod([[float(each[size]) ** power for each in sizes] for size, power in several.items()], axis=0)
        rest = np.array(ratios) / of
        if np.ptp(rest) <= 1e-5 * abs(rest[0]):
            times = [] if abs(rest[0] - 1) < 1e-5 else [f"times {rest[0]:.4g}".replace("-", "−")]
            return " and ".join([*times, *(_POWERS[power].format(size) for size, power in several.items())])
    return ""
