"""A network that a derivation is about: the drawn one, with the derivation's cost, or with one layer more."""

import bpcourse as bp
from bpcourse.network.functions import OUTPUTS_OF_COST
from bpcourse.proofs.derivation import Derivation


def fitting(derivation: Derivation) -> bp.Network:
    sizes = [3, 4, 2] if derivation.layers(bp.Network([3, 4, 2])) else [3, 4, 3, 2]
    cost = derivation.cost or "quadratic"
    return bp.Network(sizes, output=OUTPUTS_OF_COST[cost][0], cost=cost, seed=38)
