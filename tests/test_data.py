"""The birds: that they are the ones, in the order and on the scale the course says."""

import csv
import dataclasses
from pathlib import Path

import numpy as np
import pytest

import bpcourse
from bpcourse import penguins

birds = penguins()


@pytest.fixture(scope="module")
def rows():
    """The file once more, read without the help of bpcourse.data."""
    path = Path(bpcourse.__file__).parent / "data" / "penguins.csv"
    with path.open(encoding="utf-8", newline="") as file:
        table = list(csv.reader(file))
    at = {name: table[0].index(name) for name in table[0]}
    columns = ("bill_length_mm", "bill_depth_mm", "flipper_length_mm")
    kept = [row for row in table[1:] if row[at["species"]] != "Gentoo" and row[at["bill_length_mm"]] != "NA"]
    return [(row[at["species"]], [float(row[at[column]]) for column in columns]) for row in kept]


def test_219_birds_of_two_species():
    assert (birds.x.shape, birds.y.shape) == ((3, 219), (2, 219))
    assert birds.species == ("Adelie", "Chinstrap")
    assert birds.measurements == ("bill length", "bill depth", "flipper length")
    np.testing.assert_array_equal(birds.y.sum(axis=1), [151, 68])


def test_the_targets_are_one_hot_in_the_order_of_species(rows):
    assert set(birds.y.flat) == {0.0, 1.0}
    np.testing.assert_array_equal(birds.y.sum(axis=0), 1)
    assert [birds.species[row] for row in birds.y.argmax(axis=0)] == [species for species, _ in rows]


def test_each_measurement_is_standardised_over_the_birds_and_the_millimetres_come_back(rows):
    np.testing.assert_allclose(birds.x.mean(axis=1), 0, atol=1e-12)
    np.testing.assert_allclose(birds.x.std(axis=1), 1, rtol=1e-12)
    assert birds.mean.shape == birds.std.shape == (3, 1)
    np.testing.assert_allclose(birds.x * birds.std + birds.mean, np.array([mm for _, mm in rows]).T, rtol=1e-12)


def test_a_bird_in_a_sentence_if_it_is_there():
    assert birds.describe(0) == "Adelie: bill 39.1 mm long and 18.7 mm deep, flipper 181 mm"
    assert birds.describe(218).startswith("Chinstrap: ")
    for bird in (-1, 219, 1000):
        with pytest.raises(IndexError, match=f"^the birds are numbered 0 to 218; there is no bird {bird}$"):
            birds.describe(bird)


@pytest.mark.parametrize("name", ["x", "y", "mean", "std"])
def test_the_birds_do_not_change(name):
    with pytest.raises(ValueError, match="read-only"):
        getattr(birds, name)[0, 0] = 5
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(birds, name, None)


def test_each_call_gives_the_same_birds():
    again = penguins()
    np.testing.assert_array_equal(again.x, birds.x)
    np.testing.assert_array_equal(again.y, birds.y)
