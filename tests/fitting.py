"""What derivations are tried on: bird 128 on the drawn network, or a network that one of them is about."""

import bpcourse as bp
from bpcourse.network.functions import OUTPUTS_OF_COST
from bpcourse.proofs import DERIVATIONS
from bpcourse.proofs.derivation import Derivation

birds = bp.penguins()
net = bp.Network([3, 4, 2], seed=38)
x1, y1 = birds.x[:, [128]], birds.y[:, [128]]
trace = bp.backprop(net, x1, y1)
LINES = [(derivation, line) for derivation in DERIVATIONS for line in derivation.lines]


def fitting(derivation: Derivation) -> bp.Network:
    """The drawn network, with the derivation's cost, or with one layer more."""
    sizes = [3, 4, 2] if derivation.layers(net) else [3, 4, 3, 2]
    cost = derivation.cost or "quadratic"
    return bp.Network(sizes, output=OUTPUTS_OF_COST[cost][0], cost=cost, seed=38)
