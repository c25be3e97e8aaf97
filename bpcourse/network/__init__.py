"""The network and its mathematics: a student reads this folder and nothing else.

In the order of reading: `functions` (`doors` checks what others give them), `equations` (BP1 to BP4), `network`,
`trace`, `backprop` (the two passes), `training`. It stands on `tables` and `text` alone. Every room but `data` and
`parts` stands on it, for most through the names below.
"""

from bpcourse.network.backprop import backprop, forward
from bpcourse.network.network import Network
from bpcourse.network.trace import Trace
from bpcourse.network.training import History, gradient_step, train

__all__ = ["History", "Network", "Trace", "backprop", "forward", "gradient_step", "train"]
