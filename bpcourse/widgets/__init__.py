"""The live pictures: each a Python file with its JavaScript and style beside it.

`flow` is the live network; `stepper`, `matrix`, `predict` and `replay` stand beside it. `contract` says what the
browser may be told, `story` tells it of a network; `beside` is what all share, `lifetime` closes what a cell's last run
had made, `sliced` is work that goes on when its cell is done.
Only this room imports ipywidgets and anywidget, and nothing imports it. Colours and sizes are in `pictures/look`.
"""

from bpcourse.widgets.flow import DeltaFlow
from bpcourse.widgets.matrix import WeightMatrix
from bpcourse.widgets.predict import Predict
from bpcourse.widgets.replay import Replay
from bpcourse.widgets.stepper import Stepper

__all__ = ["DeltaFlow", "Predict", "Replay", "Stepper", "WeightMatrix"]
