"""The live pictures: each a Python file with its JavaScript and style beside it.

`flow` is the live network; `stepper`, `matrix`, `predict` and `replay` stand beside it. `story` says everything that
the browser is told, `lifetime` closes what a cell's last run had made. Only this room imports ipywidgets and anywidget,
and nothing imports it. The drawing itself, with its colours, is in `pictures`.
"""

from bpcourse.widgets.flow import DeltaFlow
from bpcourse.widgets.matrix import WeightMatrix
from bpcourse.widgets.predict import Predict
from bpcourse.widgets.replay import Replay
from bpcourse.widgets.stepper import Stepper

__all__ = ["DeltaFlow", "Predict", "Replay", "Stepper", "WeightMatrix"]
