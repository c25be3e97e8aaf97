"""The live pictures. Each is one Python file with its own JavaScript file beside it."""

from bpcourse.widgets.flow import DeltaFlow
from bpcourse.widgets.matrix import WeightMatrix
from bpcourse.widgets.predict import Predict
from bpcourse.widgets.replay import Replay
from bpcourse.widgets.stepper import Stepper

__all__ = ["DeltaFlow", "Predict", "Replay", "Stepper", "WeightMatrix"]
