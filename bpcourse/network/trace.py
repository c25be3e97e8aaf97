"""The trace of a pass: everything that it computed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from bpcourse.tables import Layers

if TYPE_CHECKING:
    from bpcourse.network.network import Network

_FORWARD_ONLY = "forward computes no errors and no gradients; backprop(net, x, y) does"
_NO_DELTA, _NO_GRAD_B, _NO_GRAD_W = (Layers(symbol, {}, _FORWARD_ONLY) for symbol in ("δ", "∂C/∂b", "∂C/∂w"))


@dataclass(frozen=True, eq=False)
class Trace:
    """Everything one pass computed, for m samples, one a column. Read-only.

    `z[l]` and `delta[l]` (n_l, m) and `grad_b[l]` (n_l, 1) for l = 2 … L, `a[l]` (n_l, m) for l = 1 … L,
    `grad_w[l]` (n_l, n_{l−1}); `cost_x` (1, m) is C_x of each sample, `cost` is their mean C.
    What `forward` alone does not compute is empty, and says so when it is asked for.
    """

    net: Network
    x: np.ndarray
    z: Layers
    a: Layers
    y: Any = None  # an array, as cost_x is; cost is a float; None in a trace of forward alone
    cost_x: Any = None
    cost: Any = None
    delta: Layers = _NO_DELTA
    grad_b: Layers = _NO_GRAD_B
    grad_w: Layers = _NO_GRAD_W

    def sigma_prime(self, l: int) -> np.ndarray:
        """σ′(z^l), shape (n_l, m)."""
        return self.net.sigma_prime(l)(self.z[l])

    def __setstate__(self, fields):
        vars(self).update(fields)
        for table in (self.x, self.y, self.cost_x):
            if table is not None:
                table.flags.writeable = False  # a copy, also one from a file, is read-only again


def must_be_trace(trace: object) -> None:
    """Raises TypeError, with a sentence, for what is no trace."""
    if not isinstance(trace, Trace):
        raise TypeError(f"a trace of backprop(net, x, y) is expected; it is {trace!r:.60}")
