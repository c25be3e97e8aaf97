"""The course's numbers shaken in their last digits, as another processor would: what is printed must not notice.

`shaken(seed)` is a context in which all that computations start from (the birds, what is drawn at random, the weights
and biases that a cell types) differs from what it is by a relative 1e-13 to 1e-12, each seed in a direction of its own.
Equal numbers are shaken equally, and 0 stays 0. As a plugin, `-p tests.notebooks.shaken` with SHAKEN=seed, it does so
to a whole run of pytest.
"""

import contextlib
import dataclasses
import os
from unittest import mock

import numpy as np

import bpcourse as bp
from bpcourse.network import Network

LEAST, MOST = 1e-13, 1e-12


def shake(table, seed):
    """A table in which each number has moved up or down; how far, its own bits and the seed say."""
    table = np.asarray(table, dtype=float)
    bits = np.ascontiguousarray(table).view(np.uint64) ^ np.uint64(0x9E3779B97F4A7C15 * (seed + 1) & (1 << 64) - 1)
    for shift in (31, 29, 32):  # mixed until each bit of the number has a say
        bits = (bits ^ (bits >> np.uint64(shift))) * np.uint64(0xBF58476D1CE4E5B9)
    share = (bits >> np.uint64(12)).astype(float) / 2.0**52  # 0 to 1
    away = (LEAST + share * (MOST - LEAST)) * np.where(bits & np.uint64(1), 1, -1)
    return table * (1 + away)


@contextlib.contextmanager
def shaken(seed):
    """Shakes what `bp.Network`, `bp.penguins` and numpy's normal numbers give, until it is left."""
    birds, draw, with_parameters = bp.penguins(), np.random.default_rng, Network.from_parameters
    x = shake(birds.x, seed)
    x.flags.writeable = False

    def typed(tables):  # an array is a result of something that was shaken before
        return {l: shake(table, seed) if isinstance(table, list) else table for l, table in tables.items()}

    def from_parameters(w, b, *args, **kwargs):
        return with_parameters(typed(w), typed(b), *args, **kwargs)

    class Shaken(np.random.Generator):
        def normal(self, *args, **kwargs):
            return shake(super().normal(*args, **kwargs), seed)

    with (
        mock.patch.object(np.random, "default_rng", lambda seed=None: Shaken(draw(seed).bit_generator)),
        mock.patch.object(Network, "from_parameters", staticmethod(from_parameters)),
        mock.patch.object(bp, "penguins", return_value=dataclasses.replace(birds, x=x)),
    ):
        yield


def pytest_configure(config):
    if "SHAKEN" in os.environ:
        context = shaken(int(os.environ["SHAKEN"]))
        context.__enter__()
        config.add_cleanup(lambda: context.__exit__(None, None, None))
