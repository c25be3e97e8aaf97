"""The exercises of the course, each with its check: `bp.check.bp2(my_function)`."""

import numpy as np

from bpcourse.exercises.answers import by_layer, number
from bpcourse.exercises.judging import Check
from bpcourse.exercises.kinds import all_four, errors, one_layer
from bpcourse.exercises.mistakes import error, forward, gradient, whole
from bpcourse.network import Network, backprop, gradient_step, train
from bpcourse.network.equations import bias_gradient, hidden_error, output_error, weight_gradient
from bpcourse.network.functions import sigmoid, softmax

# Inputs to judge on --------------------------------------------------------------------------------------------------

# Sizes of a layer, of the one before it, and how many samples. In the first six no two are equal: nothing can hide
# behind a square. The others are squares, where every mistake gives numbers.
LAYERS = [(4, 3, 1), (2, 5, 1), (3, 2, 4), (2, 4, 3), (5, 4, 2), (6, 3, 5)]
LAYERS += [(3, 3, 1), (4, 4, 1), (3, 3, 2), (3, 3, 3), (4, 4, 4)]
NETWORKS = [([3, 4, 2], 1), ([2, 5, 3, 4], 6), ([4, 3, 5], 2), ([3, 2, 4, 5, 2], 3)]  # and how many samples
NETWORKS += [([3, 3, 3, 3], 1), ([3, 3, 3, 3], 3), ([4, 4, 4], 2)]


def _layer_cases(random):
    return [
        (random.normal(size=(n, before)), random.normal(size=(n, 1)), sigmoid(2 * random.normal(size=(before, m))))
        for n, before, m in LAYERS
    ]


def _output_cases(random):
    zs = [random.normal(size=(n, m)) * 1.5 for n, _, m in LAYERS]
    return [(sigmoid(z), random.uniform(size=z.shape), z) for z in zs]


def _softmax_cases(random):
    return [(z, softmax(random.normal(size=z.shape))) for _, _, z in _output_cases(random)]


def _hidden_cases(random):
    return [
        (random.normal(size=(after, n)), random.normal(size=(after, m)) / 5, random.normal(size=(n, m)) * 1.5)
        for after, n, m in LAYERS
    ]


def _error_cases(random):
    errors = [random.normal(size=(n, m)) / 5 for n, _, m in LAYERS]
    return [(delta,) for delta in [*errors, np.array([[2.0, 4.0], [-3.0, 1.0], [5.0, 1.0]])]]


def _wire_cases(random):
    pairs = [(sigmoid(2 * random.normal(size=(before, m))), random.normal(size=(n, m)) / 5) for n, before, m in LAYERS]
    return [*pairs, (np.array([[2.0], [3.0]]), np.array([[1.0], [-2.0], [4.0]]))]


def _network_cases(random):
    return [
        (Network(sizes, seed=int(random.integers(1 << 31))), random.normal(size=(sizes[0], m)),
         random.uniform(size=(sizes[-1], m)))
        for sizes, m in NETWORKS
    ]  # fmt: skip


def _step_cases(random):
    return [(*case, eta) for case, eta in zip(_network_cases(random), (0.5, 2.0, 3.0, 0.7, 1.5, 4.0, 2.5), strict=True)]


# The exercises -------------------------------------------------------------------------------------------------------

FORWARD = Check(
    name="forward",
    call="(w, b, a_previous)",
    returns="a^l, the activations of the layer: a row for each neuron, a column for each sample",
    places={"collect": forward.COLLECT, "bias": forward.ADD_BIAS, "squash": forward.SQUASH, "form": forward.UPRIGHT},
    answer=lambda way, w, b, a: way.form(way.squash(way.bias, way.collect(w, a), b)),
    kind=one_layer.of_forward,
    make_cases=_layer_cases,
    hints=(
        "Begin with one neuron: what arrives along its wires, and what is added? Lines 1 and 3 of the forward pass.",
        "Line 2 of the forward pass does it for all neurons of the layer at once. In numpy `@` is the matrix product.",
        "Two lines are enough: one that makes z from w, a_previous and b, and one that sends z through bp.sigmoid.",
    ),
)
COST = Check(
    name="cost",
    call="(a, y)",
    returns="C, one number",
    places={
        "miss": forward.MISS,
        "outputs": forward.OVER_OUTPUTS,
        "samples": forward.OVER_SAMPLES,
        "axes": forward.AXES,
        "half": forward.HALF,
    },
    answer=lambda way, a, y: way.half * way.axes(way.outputs, way.samples, way.miss(a, y)),
    kind=one_layer.of_cost,
    make_cases=lambda random: [(a, y) for a, y, _ in _output_cases(random)],
    read=number,
    hints=(
        "Two steps: first C_x of each sample, line 1 of the quadratic cost, then C of them all, line 6.",
        "The outputs of one sample stand in one column. `axis=0` runs down the columns, `axis=1` along the rows.",
        "First make one number for each column: squares, added up, halved. Then take the mean of these numbers.",
    ),
)
BP1 = Check(
    name="bp1",
    call="(a, y, z)",
    returns="δ^L, a table of the shape of z",
    places={
        "difference": error.DIFFERENCE,
        "slope": error.OUTPUT_SLOPE,
        "product": error.by_entry("line 8 of BP1"),
        "samples": error.per_sample("BP1"),
        "form": forward.UPRIGHT,
    },
    answer=lambda way, a, y, z: way.form(way.samples(way.product(way.difference(a, y), way.slope(z)))),
    kind=errors.of_bp1,
    optional=("a", "z"),
    make_cases=_output_cases,
    asked_for=(output_error,),
    seed=169,
    hints=(
        "Line 6 of BP1 has two factors for each output. Which of a, y and z does each of them need?",
        "The first factor is line 2 of the quadratic cost. The second is a slope, and bp.sigmoid_prime computes it.",
        "Line 8 of BP1 multiplies two columns entry by entry. In numpy that is *, not @.",
    ),
)
SOFTMAX_ERROR = Check(
    name="softmax_error",
    call="(z, y)",
    returns="δ^L, a table of the shape of z",
    places={
        "shares": error.SHARES,
        "difference": error.AGAINST_TARGET,
        "kept": error.SLOPE_KEPT,
        "samples": error.per_sample("Line 12"),
        "form": forward.UPRIGHT,
    },
    answer=lambda way, z, y: way.form(way.samples(way.kept(a := way.shares(z), way.difference(a, y)))),
    kind=errors.of_softmax,
    make_cases=_softmax_cases,
    asked_for=(softmax,),
    seed=2649,
    hints=(
        "Two steps: first the outputs a, line 5 of the proof for softmax, then line 12 or 13.",
        "In line 5 the sum runs over the outputs of one sample. They stand in one column: sum with axis=0.",
        "One line for a: np.exp(z) over its sums. One line for the error: two symbols and a minus sign.",
    ),
)
BP2 = Check(
    name="bp2",
    call="(w_next, delta_next, z)",
    returns="δ^l, a table of the shape of z",
    places={
        "backward": error.BACKWARD,
        "slope": error.slope("line 7 of BP2", error.ALWAYS_1),
        "product": error.by_entry("line 9 of BP2"),
        "moment": error.MOMENT,
        "samples": error.per_sample("BP2"),
        "form": forward.UPRIGHT,
    },
    answer=lambda way, w, d, z: way.form(way.samples(way.moment(way.backward, way.product, w, d, way.slope(z)))),
    kind=errors.of_bp2,
    make_cases=_hidden_cases,
    asked_for=(hidden_error,),
    seed=60,
    hints=(
        "Take one neuron of the layer. Which wires leave it, and what does each bring back? Line 7 of BP2.",
        "The weights of these wires stand in a column of w_next, and a matrix product runs along rows.",
        "Line 9 of BP2 has three parts: a matrix written down differently, a matrix product, and a product entry by "
        "entry with the slopes at z.",
    ),
)
BP3 = Check(
    name="bp3",
    call="(delta)",
    returns="the gradient of the biases, a column with one number for each neuron",
    places={"mean": gradient.MEAN, "sign": gradient.sign("the bias moves"), "form": forward.UPRIGHT},
    answer=lambda way, delta: way.form(way.sign * way.mean(delta)),
    kind=one_layer.of_bp3,
    make_cases=_error_cases,
    asked_for=(bias_gradient,),
    seed=251,
    hints=(
        "For one sample there is nothing to compute: line 5 of BP3. What does line 6 do with many?",
        "A row of delta belongs to one neuron, and its bias is the same for all samples. Take a mean along the row.",
        "In numpy the mean along rows has axis=1. keepdims=True keeps the result a column.",
    ),
)
BP4 = Check(
    name="bp4",
    call="(a_previous, delta)",
    returns="the gradient of the weights: a row for each neuron of the layer, a column for each of the layer before",
    places={"product": gradient.PRODUCTS, "share": gradient.DIVISOR, "sign": gradient.sign("the weight moves")},
    answer=lambda way, a, delta: way.sign * way.product(a, delta) / way.share(len(a), *delta.shape),
    kind=one_layer.of_bp4,
    make_cases=_wire_cases,
    asked_for=(weight_gradient,),
    seed=35,
    hints=(
        "Take one weight: an error at one end of its wire, an activation at the other. Line 4 of BP4.",
        "All weights for one sample: a column times a row, line 6 of BP4. Its shape must be that of w.",
        "With many samples the same matrix product adds the samples up. Line 7 of BP4 says what is left to do.",
    ),
)


def _whole(way, net, x, y):
    a, z, L = {1: x}, {}, net.L
    for l in net.w:
        z[l] = way.bias(net.w[l] @ a[l - 1], net.b[l])
        a[l] = sigmoid(z[l])
    e, delta = {L: way.difference(a[L], y)}, {}  # e before the slope, δ after it
    for l in range(L, 1, -1):
        if l < L:
            e[l] = way.backward(net.w, delta, e, l, L)
        delta[l] = e[l] * way.slope(z, l, L)
    grad_b = {l: way.grad_b(net, delta, l, x.shape[1]) for l in net.w}
    grad_w = {l: way.grad_w(a, delta, l, L) for l in net.w}
    return way.order({l: g for l, g in grad_b.items() if g is not None}, grad_w)


BACKPROP = Check(
    name="backprop",
    call="(net, x, y)",
    returns="grad_b, grad_w, each with one table for each layer: {2: …, 3: …}",
    places={
        "bias": forward.ADD_BIAS[:2],
        "difference": whole.DIFFERENCE,
        "slope": whole.SLOPES,
        "backward": whole.CARRIED,
        "grad_b": whole.BIAS_GRADIENTS,
        "grad_w": whole.WEIGHT_GRADIENTS,
        "order": whole.ORDER,
    },
    answer=_whole,
    kind=all_four.of_backprop,
    make_cases=_network_cases,
    read=by_layer("grad_b", "grad_w"),
    asked_for=(backprop, train),
    seed=1704,
    hints=(
        "Five steps, one after the other: a¹ is x, all z and a going forward, δ of the last layer, the other δ going "
        "backward, and then both gradients of every layer.",
        "Keep z, a and delta in dictionaries with the layer as the key, as in delta[l]. Forward, l runs from 2 to "
        "net.L; backward from net.L - 1 down to 2, which is range(net.L - 1, 1, -1).",
        "Each step is one of bp.sigmoid, bp.output_error, bp.hidden_error, bp.bias_gradient and bp.weight_gradient. "
        "For layer l, write down which l each argument has before you write the call.",
    ),
)


def _step(way, net, x, y, eta):
    grad_b, grad_w = way.when(way, net, x, y, eta)
    step = -way.rate(eta, x.shape[1])
    of_w, of_b = way.move[0], way.biases or way.move[1]
    w = {l: of_w(net.w[l], step, grad_w[l]) for l in net.w}
    b = {l: of_b(net.b[l], step, grad_b[l]) for l in net.b}
    return way.order(*({l: table for l, table in part.items() if table is not None} for part in (w, b)))


STEP = Check(
    name="step",
    call="(net, x, y, eta)",
    returns="w, b of the network after the step, each with one table for each layer: {2: …, 3: …}",
    places={
        "when": whole.WHEN,
        "slope": whole.SLOPES_OF_A_STEP,
        "rate": whole.RATE,
        "move": whole.MOVE,
        "biases": whole.MOVE_BIASES,
        "order": whole.ORDER,
    },
    answer=_step,
    kind=all_four.of_step,
    make_cases=_step_cases,
    read=by_layer("w", "b"),
    asked_for=(gradient_step, train),
    seed=25,
    hints=(
        "First all gradients, from the network as it is: bp.backprop(net, x, y) keeps them in grad_w and grad_b.",
        "Each weight moves against its gradient, by η times its size, and each bias does the same.",
        "Fill two dictionaries in one loop over the layers 2 to net.L, as in 'One gradient step', and return both.",
    ),
)


class Checks:
    """The checks of the exercises, by name: bp.check.bp2(my_function), and bp.check.bp2.hint(1) for the first hint."""

    forward, cost, bp1, bp2, bp3, bp4, backprop, step = FORWARD, COST, BP1, BP2, BP3, BP4, BACKPROP, STEP
    softmax_error = SOFTMAX_ERROR

    def __iter__(self):
        return iter([FORWARD, COST, BP1, BP2, BP3, BP4, BACKPROP, STEP, SOFTMAX_ERROR])

    def __repr__(self) -> str:
        return "\n\n".join(map(repr, self))

    def __getattr__(self, name: str):
        raise AttributeError(f"there are the checks {', '.join(check.name for check in self)}; there is no {name}")


check = Checks()
