"""The classic mistakes of a whole backpropagation and of a gradient step: see `error`."""

from dataclasses import astuple, replace

import numpy as np

from bpcourse.exercises.judging import Mistake
from bpcourse.exercises.mistakes.error import ALWAYS_1, BACKWARD, CANCELLED, MINUS, slope
from bpcourse.exercises.mistakes.error import DIFFERENCE as _OF_ONE_LAYER
from bpcourse.exercises.mistakes.gradient import TWICE
from bpcourse.network import Network, forward
from bpcourse.network.equations import bias_gradient, hidden_error, output_error, weight_gradient
from bpcourse.network.functions import sigmoid_prime

# A whole backpropagation: every place gets the layer l and the last one, L -------------------------------------------


_RIGHT, _TURNED, *_OTHERS = _OF_ONE_LAYER
DIFFERENCE = (
    _RIGHT,
    _TURNED.told(
        "All signs are turned round. Is it the order in line 2 of the quadratic cost? Has σ′ of the output a minus, "
        "though σ rises everywhere? Or have both gradients a minus? That one belongs to the step."
    ),
    *(
        mistake
        for mistake in _OTHERS
        if mistake.name in ("factor 2", "mean for sum", "z for a", "brackets forgotten", "target forgotten")
    ),
)
_IN_SOME_LAYERS = ("σ for σ′", "σ′ at a", "z (1 − z) for σ′", "σ′ forgotten or 1")
_WHERE = (  # where a slope is wrong: what is said first, whether it is so in a layer, which mistakes, and how σ′ is 1
    ("", lambda last: True, (*_IN_SOME_LAYERS, MINUS, "tanh's slope for σ′", "ReLU's slope for σ′", "1 − σ for σ′"),
     "it cancels or is 1, as with the slopes of cross-entropy and of ReLU"),
    ("In the output layer: ", lambda last: last, _IN_SOME_LAYERS, CANCELLED),  # for −σ′ there, see y − a
    ("In the hidden layers: ", lambda last: not last, (*_IN_SOME_LAYERS, MINUS), ALWAYS_1),
)  # fmt: skip


def _slopes():
    for where, here, names, gone in _WHERE:
        right, *mistakes = slope("line 6 of BP1 and line 7 of BP2", gone)
        for name, wrong, sentence in map(astuple, mistakes):

            def way(z, l, L, wrong=wrong, right=right, here=here):
                return (wrong if here(l == L) else right)(z[l])

            if name in names:
                yield Mistake(name, way).told(where + (sentence[0].lower() + sentence[1:] if where else sentence))


_OTHER_SLOPE = (
    "A slope comes from another layer. In line 7 of BP2 a push starts at one neuron: compare the layer of σ′ with the "
    "layer of the error on the left."
)
SLOPES = (
    lambda z, l, L: sigmoid_prime(z[l]),
    *_slopes(),
    Mistake("σ′ of the wrong layer", lambda z, l, L: sigmoid_prime(z[min(l + 1, L)])).told(_OTHER_SLOPE),
    Mistake("σ′ of the wrong layer", lambda z, l, L: sigmoid_prime(z[L])).told(_OTHER_SLOPE),
    Mistake("σ′ of the wrong layer", lambda z, l, L: sigmoid_prime(z[max(l - 1, 2)])).told(_OTHER_SLOPE),
)
SLOPES_OF_A_STEP = (  # the plainest: a step begins with the gradients, and they have a check of their own
    SLOPES[0],
    *(mistake for mistake in SLOPES[1:] if mistake.name in ("σ for σ′", "σ′ forgotten or 1")),
)

_ON_THE_WAY = (
    "What you carry back has not been through σ′ of the layer that it comes from. Line 7 of BP2 carries δ of the next "
    "layer, with the slope of that layer in it, and not what stood there before the slope."
)


def _carried(way):
    return lambda w, delta, e, l, L: way(w[l + 1], delta[l + 1])


_PRODUCT, *_MISTAKES = BACKWARD
CARRIED = (  # e^l, BP2's product; e^l ⊙ σ′(z^l) is δ^l
    _carried(_PRODUCT),
    *(replace(mistake, way=_carried(mistake.way)) for mistake in _MISTAKES),
    Mistake("σ′ left out on the way back", lambda w, delta, e, l, L: w[l + 1].T @ e[l + 1]).told(_ON_THE_WAY),
    Mistake(
        "σ′ left out on the way back", lambda w, delta, e, l, L: w[l + 1].T @ (e if l + 1 == L else delta)[l + 1]
    ).told(_ON_THE_WAY),
    Mistake("δ of the wrong layer", lambda w, delta, e, l, L: w[l + 1].T @ delta[L]).told(
        "BP2 takes the error of the next layer, and you take that of the last one each time: see line 3 of BP2."
    ),
    Mistake("errors left at 0", lambda w, delta, e, l, L: np.zeros((w[l + 1].shape[1], delta[L].shape[1]))).told(
        "The errors of the hidden layers are all 0: nothing comes back to them. See line 7 of BP2."
    ),
    Mistake("w of the wrong layer", lambda w, delta, e, l, L: w[l].T @ delta[l + 1]).told(
        "These are the wires on the wrong side of the layer. Which ones join layer l to layer l + 1? See line 7 of BP2."
    ),
)
_NEXT = "A {} takes an error of its own layer. Yours comes from another layer: compare them in line 4 of {}."
_BIAS_NEXT, _WEIGHT_NEXT = _NEXT.format("bias", "BP3"), _NEXT.format("weight", "BP4")
_OUTPUTS = "You divide by the number of outputs. Over what does the mean in line 6 of BP3 and line 7 of BP4 run?"
BIAS_GRADIENTS = (
    lambda net, delta, l, m: bias_gradient(delta[l]),
    Mistake("bias gradient forgotten", lambda net, delta, l, m: None).told(
        "The gradients of the biases are missing. Biases learn too: one line for each layer, BP3."
    ),
    Mistake("bias gradient forgotten", lambda net, delta, l, m: np.zeros((len(delta[l]), 1))).told(
        "The gradients of the biases are all 0, as if nobody had computed them. Biases learn too: see BP3."
    ),
    Mistake("bias gradient taken for the bias", lambda net, delta, l, m: net.b[l]).told(
        "You return the biases themselves. How the cost follows a bias is another number: see line 4 of BP3."
    ),
    Mistake("sum for mean", lambda net, delta, l, m: bias_gradient(delta[l]) * m).told(
        "For the biases: you add the samples up. What does line 6 of BP3 do with them?"
    ),
    Mistake("mean twice", lambda net, delta, l, m: bias_gradient(delta[l]) / m).told(
        "For the biases: you divide by the number of samples twice; once is enough, in line 6 of BP3."
    ),
    Mistake("divided by the outputs", lambda net, delta, l, m: bias_gradient(delta[l]) * m / net.sizes[-1]).told(
        _OUTPUTS
    ),
    Mistake("mean forgotten", lambda net, delta, l, m: delta[l]).told(
        "For the biases: each sample still has its own column. What becomes of them in line 6 of BP3?"
    ),
    Mistake("δ of the wrong layer", lambda net, delta, l, m: bias_gradient(delta[min(l + 1, net.L)])).told(_BIAS_NEXT),
    Mistake("δ of the wrong layer", lambda net, delta, l, m: bias_gradient(delta[net.L])).told(_BIAS_NEXT),
    Mistake("row for column", lambda net, delta, l, m: delta[l].mean(axis=1)).told(
        "For the biases: the gradients are flat. Keep the shape of what they belong to, a column."
    ),
)
WEIGHT_GRADIENTS = (
    lambda a, delta, l, L: weight_gradient(a[l - 1], delta[l]),
    Mistake("outer product the wrong way round", lambda a, delta, l, L: weight_gradient(a[l - 1], delta[l]).T).told(
        "For the weights: the tables lie on their side. Which index counts the rows in line 5 of BP4?"
    ),
    Mistake("a^l for a^{l−1}", lambda a, delta, l, L: weight_gradient(a[l], delta[l])).told(
        "You take the activation at the end of the wire. A weight multiplies what comes into its wire: see the "
        "layer of a in line 4 of BP4."
    ),
    Mistake("δ of the wrong layer", lambda a, delta, l, L: weight_gradient(a[l - 1], delta[min(l + 1, L)])).told(
        _WEIGHT_NEXT
    ),
    Mistake("δ of the wrong layer", lambda a, delta, l, L: weight_gradient(a[l - 1], delta[L])).told(_WEIGHT_NEXT),
    Mistake("sum for mean", lambda a, delta, l, L: delta[l] @ a[l - 1].T).told(
        "For the weights: the product has added the samples up. What does line 7 of BP4 do with them?"
    ),
    Mistake("mean twice", lambda a, delta, l, L: weight_gradient(a[l - 1], delta[l]) / delta[l].shape[1]).told(
        "For the weights: you divide by the number of samples twice; once is enough, in line 7 of BP4."
    ),
    Mistake("divided by the outputs", lambda a, delta, l, L: delta[l] @ a[l - 1].T / len(delta[L])).told(_OUTPUTS),
    Mistake(
        "product of the means",
        lambda a, delta, l, L: weight_gradient(a[l - 1].mean(axis=1, keepdims=True), bias_gradient(delta[l])),
    ).told("You average first and multiply then. In line 7 of BP4 each sample makes its own table."),
)
ORDER = (
    lambda one, two: (one, two),
    Mistake("results swapped", lambda one, two: (two, one)).told(
        "The two results come in the wrong order: the exercise says which comes first."
    ),
)

# A gradient step -----------------------------------------------------------------------------------------------------


def gradients(way, net: Network, x, y, eta: float, updated: bool = False) -> tuple[dict, dict]:
    """Both gradients; with `updated` as someone gets them who moves each w^l before going on to layer l − 1."""
    trace, w = forward(net, x), dict(net.w)
    grad_b, grad_w = {}, {}
    delta = output_error(trace.a[net.L] - y, way.slope(trace.z, net.L, net.L))
    for l in range(net.L, 1, -1):
        if l < net.L:
            delta = hidden_error(w[l + 1], delta, way.slope(trace.z, l, net.L))
        grad_b[l], grad_w[l] = bias_gradient(delta), weight_gradient(trace.a[l - 1], delta)
        if updated:
            w[l] = w[l] - eta * grad_w[l]
    return grad_b, grad_w


def _biases_after(way, net, x, y, eta):
    _, grad_w = gradients(way, net, x, y, eta)
    moved = Network.from_parameters({l: net.w[l] - eta * grad_w[l] for l in net.w}, net.b)
    return gradients(way, moved, x, y, eta)[0], grad_w


def _layer_by_layer(direction):
    """Each layer's gradients come from a new backpropagation, through the layers that have moved already."""

    def when(way, net, x, y, eta):
        grad_b, grad_w = {}, {}
        for l in list(net.w)[::direction]:
            old_b, old_w = gradients(way, net, x, y, eta)
            grad_b[l], grad_w[l] = old_b[l], old_w[l]
            w, b = {**net.w, l: net.w[l] - eta * old_w[l]}, {**net.b, l: net.b[l] - eta * old_b[l]}
            net = Network.from_parameters(w, b)
        return grad_b, grad_w

    return when


_AGAIN = (
    "You compute the gradients anew after a layer has moved. All gradients belong to the network before the step: "
    "compute them once, before the loop."
)
WHEN = (
    gradients,
    Mistake(
        "hidden errors from updated weights", lambda way, net, x, y, eta: gradients(way, net, x, y, eta, updated=True)
    ).told(
        "The last layer is right and the others are a little off: BP2 met weights that had moved already. When may "
        "the first weight move? See 'One gradient step'."
    ),
    Mistake("bias gradients after the step", _biases_after).told(
        "The biases move by gradients of a network whose weights have moved already. All gradients belong to the "
        "network before the step."
    ),
    Mistake("backpropagation within the step", _layer_by_layer(1)).told(_AGAIN),
    Mistake("backpropagation within the step", _layer_by_layer(-1)).told(_AGAIN),
)
RATE = (
    lambda eta, m: eta,
    Mistake("η forgotten", lambda eta, m: 1).told(
        "Your step is as long as the gradient. What makes a step shorter or longer?"
    ),
    Mistake("η twice", lambda eta, m: eta**2).told(
        "Your step has η in it twice, in the errors or gradients perhaps, and again where they are used. It stands "
        "once in 'One gradient step'."
    ),
    Mistake("mean twice", lambda eta, m: eta / m).told(TWICE),
    Mistake("sum for mean", lambda eta, m: eta * m).told(
        "Your step grows with the number of samples. Is C the sum of their costs or the mean?"
    ),
)


def _move(old, step, grad):
    return old + step * grad


_WALKS = (  # what happens to a table, and what is said of the weights, the biases or both
    Mistake("gradient added", lambda old, step, grad: old - step * grad).told(
        "{} walk up: a gradient points to where the cost grows. Look at the sign in 'One gradient step', "
        "and at those of the gradients: a − y or y − a?"
    ),
    Mistake("not updated", lambda old, step, grad: old).told(
        "{} have not moved. A step moves all weights and all biases, each against its own gradient."
    ),
    Mistake("gradient taken for the new value", lambda old, step, grad: grad).told(
        "{} are gone: you return their gradients, not the place to which a step leads."
    ),
    Mistake("step taken for the new value", lambda old, step, grad: step * grad).told(
        "{} are gone: you return how far to move, not where that leads."
    ),
    Mistake("missing from the answer", lambda old, step, grad: None).told(
        "{} are missing from your answer. A step moves all weights and all biases."
    ),
)


def _walks(who: str, ways) -> list[Mistake]:
    return [Mistake(walk.name, ways(walk.way)).told(walk.sentence.format(who)) for walk in _WALKS]


MOVE = (  # of weights and of biases
    (_move, _move),
    *_walks("Your weights", lambda wrong: (wrong, _move)),
    *_walks("Your weights and biases", lambda wrong: (wrong, wrong)),
)
MOVE_BIASES = (None, *_walks("Your biases", lambda wrong: wrong))
