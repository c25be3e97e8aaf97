"""The network and its mathematics: a student reads this folder and nothing else.

In the order of reading: `functions`, `equations` (BP1 to BP4), `network`, `trace`, `backprop` (the two passes),
`training`. It stands on `tables` and `text` alone; everything else in the course stands on it, through the names below.
"""

from bpcourse.network.backprop import backprop, forward
from bpcourse.network.network import Network
from bpcourse.network.trace import Trace
from bpcourse.network.training import History, gradient_step, train

__all__ = ["History", "Network", "Trace", "backprop", "forward", "gradient_step", "train"]
