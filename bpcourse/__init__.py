"""Backpropagation, one equation at a time: the companion module of the course's notebooks.

`import bpcourse as bp` loads numpy and nothing else; the drawing and the live network load what they need when they
are first used. Every function and class that is imported here is one that a reader types: `bp.train`.
"""
# ruff: noqa: F401

import importlib

from bpcourse.data import Penguins, penguins
from bpcourse.network import History, Network, Trace, backprop, forward, gradient_step, train
from bpcourse.network.doors import *  # noqa: F403 - every activation and every cost, and their derivatives
from bpcourse.network.equations import bias_gradient, hidden_error, output_error, weight_gradient

# Loaded when first used: pictures bring matplotlib or ipywidgets along.
_LATER = {"draw": "bpcourse.pictures.drawing", "draw_operations": "bpcourse.pictures.operations"}
_LATER |= {"formula_sheet": "bpcourse.pictures.formula_sheet"}
_LATER |= dict.fromkeys(("DeltaFlow", "Predict", "Replay", "Stepper", "WeightMatrix"), "bpcourse.widgets")
_LATER |= dict.fromkeys(("BP1", "BP2", "BP3", "BP4"), "bpcourse.proofs")
_LATER |= dict.fromkeys(("check", "next_line"), "bpcourse.exercises")
_MODULES = {name: f"bpcourse.{name}" for name in ("notation", "numeric", "questions", "widgets")}
_MODULES |= {name: f"bpcourse.pictures.{name}" for name in ("charts", "drawing")} | {"derivations": "bpcourse.proofs"}

__all__ = sorted([*_LATER, *(name for name, thing in globals().items() if callable(thing) and name[0] != "_")])


def __getattr__(name: str):
    if name in _LATER:
        return getattr(importlib.import_module(_LATER[name]), name)
    if name in _MODULES:
        return importlib.import_module(_MODULES[name])
    raise AttributeError(f"module 'bpcourse' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__, *_MODULES})
