"""Backpropagation, one equation at a time: the companion module of the course's notebooks.

`import bpcourse as bp` loads numpy and nothing else; the drawing and the live network load what they need when they
are first used.
"""

import importlib

from bpcourse.data import Penguins, penguins
from bpcourse.network import Network, backprop, forward
from bpcourse.network.equations import bias_gradient, hidden_error, output_error, weight_gradient
from bpcourse.network.functions import (
    cross_entropy,
    cross_entropy_prime,
    identity,
    identity_prime,
    log_likelihood,
    log_likelihood_prime,
    quadratic,
    quadratic_prime,
    relu,
    relu_prime,
    sigmoid,
    sigmoid_prime,
    softmax,
    softmax_prime,
    tanh,
    tanh_prime,
)
from bpcourse.network.trace import Trace
from bpcourse.network.training import History, gradient_step, train

# Loaded when first used: pictures bring matplotlib or ipywidgets along.
_LATER = {"draw": "bpcourse.pictures.drawing", "formula_sheet": "bpcourse.pictures.formula_sheet"}
_LATER |= dict.fromkeys(("DeltaFlow", "Predict", "Replay", "Stepper", "WeightMatrix"), "bpcourse.widgets")
_LATER |= dict.fromkeys(("BP1", "BP2", "BP3", "BP4"), "bpcourse.proofs")
_LATER |= dict.fromkeys(("check", "next_line"), "bpcourse.exercises")
_MODULES = {name: f"bpcourse.{name}" for name in ("notation", "numeric", "questions", "widgets")}
_MODULES |= {
    "charts": "bpcourse.pictures.charts",
    "derivations": "bpcourse.proofs",
    "drawing": "bpcourse.pictures.drawing",
}

__all__ = [
    "BP1",
    "BP2",
    "BP3",
    "BP4",
    "DeltaFlow",
    "History",
    "Network",
    "Penguins",
    "Predict",
    "Replay",
    "Stepper",
    "Trace",
    "WeightMatrix",
    "backprop",
    "bias_gradient",
    "check",
    "cross_entropy",
    "cross_entropy_prime",
    "draw",
    "formula_sheet",
    "forward",
    "gradient_step",
    "hidden_error",
    "identity",
    "identity_prime",
    "log_likelihood",
    "log_likelihood_prime",
    "next_line",
    "output_error",
    "penguins",
    "quadratic",
    "quadratic_prime",
    "relu",
    "relu_prime",
    "sigmoid",
    "sigmoid_prime",
    "softmax",
    "softmax_prime",
    "tanh",
    "tanh_prime",
    "train",
    "weight_gradient",
]


def __getattr__(name: str):
    if name in _LATER:
        return getattr(importlib.import_module(_LATER[name]), name)
    if name in _MODULES:
        return importlib.import_module(_MODULES[name])
    raise AttributeError(f"module 'bpcourse' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__, *_MODULES})
