"""The data of the course: 219 penguins, one a column, ready for a network. Exercises use it.

Palmer penguins: Horst, Hill and Gorman, 2020, doi:10.5281/zenodo.3960218; CC0. `penguins.csv` is their file.
A data set that is added comes here, with its source and its licence beside it.
"""

import csv
import math
from dataclasses import dataclass
from importlib import resources

import numpy as np

from bpcourse.tables import whole_number

_COLUMNS = ("bill_length_mm", "bill_depth_mm", "flipper_length_mm")


@dataclass(frozen=True, eq=False)
class Penguins:
    """219 Adelie and Chinstrap penguins, one a column, in the order of the data set.

    `x` (3, 219) holds the measurements, standardised: minus `mean`, over `std`, both (3, 1) in millimetres. `y`
    (2, 219) is one-hot in the order of `species`. `measurements` names the rows of x.
    """

    x: np.ndarray
    y: np.ndarray
    mean: np.ndarray
    std: np.ndarray
    measurements: tuple[str, ...] = ("bill length", "bill depth", "flipper length")
    species: tuple[str, ...] = ("Adelie", "Chinstrap")

    def describe(self, bird: int) -> str:
        """Bird `bird` (a column of x, from 0) in a sentence, measured in millimetres."""
        bird = whole_number("bird", bird, -math.inf)
        if not 0 <= bird < self.x.shape[1]:
            raise IndexError(f"the birds are numbered 0 to {self.x.shape[1] - 1}; there is no bird {bird}")
        length, depth, flipper = (self.x * self.std + self.mean)[:, bird]
        species = self.species[int(self.y[:, bird].argmax())]
        return f"{species}: bill {length:.1f} mm long and {depth:.1f} mm deep, flipper {flipper:.0f} mm"


def penguins() -> Penguins:
    """The 219 Adelie and Chinstrap penguins without a missing measurement."""
    text = resources.files(__name__).joinpath("penguins.csv").read_text(encoding="utf-8")
    birds = csv.DictReader(text.splitlines())
    rows = [bird for bird in birds if bird["species"] in Penguins.species and "NA" not in map(bird.get, _COLUMNS)]
    millimetres = np.array([[float(row[column]) for row in rows] for column in _COLUMNS])
    y = np.array([[float(row["species"] == species) for row in rows] for species in Penguins.species])
    mean, std = millimetres.mean(axis=1, keepdims=True), millimetres.std(axis=1, keepdims=True)
    x = (millimetres - mean) / std
    for table in (x, y, mean, std):
        table.flags.writeable = False
    return Penguins(x, y, mean, std)
