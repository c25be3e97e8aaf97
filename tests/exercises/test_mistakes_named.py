"""Wrong answers as learners write them: each is called by its name, on the course's cases and on twenty random ones."""

from dataclasses import replace

import numpy as np
import pytest

import bpcourse as bp

σ, slope = bp.sigmoid, bp.sigmoid_prime
CHECKS = {check.name: check for check in bp.check}


def slope_in_place(w, delta, z):
    z *= 1 - z
    return (w.T @ delta) * z


def difference_in_place(a, y, z):
    a -= y
    return a * slope(z)


def whole(net, x, y, *, last=lambda z, a, y: (a - y) * slope(z), slopes=lambda z, a, l: slope(z[l]),
          back=lambda w, delta, l: w[l + 1].T @ delta[l + 1], w=lambda a, delta, l: delta[l] @ a[l - 1].T / len(a[1].T),
          b=lambda net, delta, l: delta[l].mean(axis=1, keepdims=True)):  # fmt: skip
    """A learner's whole backpropagation, with one piece replaced."""
    trace = bp.forward(net, x)
    delta = {net.L: last(trace.z[net.L], trace.a[net.L], y)}
    for l in range(net.L - 1, 1, -1):
        delta[l] = back(net.w, delta, l) * slopes(trace.z, trace.a, l)
    return {l: b(net, delta, l) for l in delta}, {l: w(trace.a, delta, l) for l in delta}


def changed(**pieces):
    return lambda net, x, y: whole(net, x, y, **pieces)


def updates_on_the_way(net, x, y, eta):
    """The mistake of a widely read worked example: δ² from weights that have been updated already."""
    trace = bp.forward(net, x)
    w, b = dict(net.w), dict(net.b)
    delta = (trace.a[net.L] - y) * slope(trace.z[net.L])
    for l in range(net.L, 1, -1):
        if l < net.L:
            delta = (w[l + 1].T @ delta) * slope(trace.z[l])
        w[l] = w[l] - eta * delta @ trace.a[l - 1].T / x.shape[1]
        b[l] = b[l] - eta * delta.mean(axis=1, keepdims=True)
    return w, b


def one_after_the_other(net, x, y, eta):
    grad = bp.backprop(net, x, y).grad_w
    net = bp.Network.from_parameters({l: net.w[l] - eta * grad[l] for l in net.w}, net.b)
    grad = bp.backprop(net, x, y).grad_b
    return net.w, {l: net.b[l] - eta * grad[l] for l in net.b}


def layer_by_layer(order):
    def step(net, x, y, eta):
        w, b = dict(net.w), dict(net.b)
        for l in (l for l in order if l in w):
            trace = bp.backprop(bp.Network.from_parameters(w, b), x, y)
            w[l], b[l] = w[l] - eta * trace.grad_w[l], b[l] - eta * trace.grad_b[l]
        return w, b

    return step


def stepping(of_w, of_b, batch=lambda grad, m: grad):
    def step(net, x, y, eta):
        trace, m = bp.backprop(net, x, y), x.shape[1]
        w = {l: of_w(net.w[l], eta, batch(trace.grad_w[l], m)) for l in net.w}
        return w, {l: of_b(net.b[l], eta, batch(trace.grad_b[l], m)) for l in net.b}

    return step


def walking(direction):
    return lambda old, eta, grad: old + direction * eta * grad


down, stay, up = walking(-1), walking(0), walking(1)
WRONG = [
    # check, the mistakes that were made, what the learner wrote
    ("forward", "needless transpose", lambda w, b, a: σ(w.T @ a + b)),
    ("forward", "bias forgotten", lambda w, b, a: σ(w @ a)),
    ("forward", "bias subtracted", lambda w, b, a: σ(w @ a - b)),
    ("forward", "accidental broadcasting", lambda w, b, a: σ(w @ a + b.ravel())),
    ("forward", "σ forgotten", lambda w, b, a: np.matmul(w, a) + b),
    ("forward", "σ′ for σ", lambda w, b, a: slope(w @ a + b)),
    ("forward", "sign in the exponent", lambda w, b, a: 1 / (1 + np.exp(w @ a + b))),
    ("forward", "σ twice", lambda w, b, a: σ(σ(w @ a + b))),
    ("forward", "σ twice", lambda w, b, a: σ(w @ σ(a) + b)),
    ("forward", "bias after σ", lambda w, b, a: σ(w @ a) + b),
    ("forward", "= for +=", lambda w, b, a: σ(np.outer(w[:, -1], a[-1]) + b)),
    ("forward", "⊙ for the matrix product", lambda w, b, a: σ(w * a + b)),
    ("forward", "⊙ for the matrix product", lambda w, b, a: σ(w * a.T + b)),
    ("forward", "row for column", lambda w, b, a: σ(w @ a + b).T),
    ("forward", "row for column", lambda w, b, a: σ(a.T @ w.T + b)),
    ("forward", "row for column", lambda w, b, a: σ(w @ a + b).squeeze()),
    ("forward", "bias forgotten + σ forgotten", lambda w, b, a: w @ a),
    ("forward", "needless transpose + bias forgotten", lambda w, b, a: σ(w.T @ a)),
    ("cost", "factor 2", lambda a, y: ((a - y) ** 2).sum(axis=0).mean()),
    ("cost", "half twice", lambda a, y: 0.5 * bp.quadratic(a, y).mean()),
    ("cost", "sum for mean", lambda a, y: 0.5 * ((a - y) ** 2).sum()),
    ("cost", "mean for sum", lambda a, y: 0.5 * np.mean((a - y) ** 2)),
    ("cost", "factor 2 + mean for sum", lambda a, y: np.mean((a - y) ** 2)),
    ("cost", "mean forgotten", bp.quadratic),
    ("cost", "outputs not added up", lambda a, y: ((a - y) ** 2).mean(axis=1, keepdims=True) / 2),
    ("cost", "square forgotten", lambda a, y: abs(a - y).sum(axis=0).mean() / 2),
    ("cost", "square forgotten", lambda a, y: (a - y).sum() / 2 / a.shape[1]),
    ("cost", "accidental broadcasting", lambda a, y: ((a - y.squeeze()) ** 2).sum(axis=0).mean() / 2),
    ("softmax_error", "y − a for a − y", lambda z, y: y - bp.softmax(z)),
    ("softmax_error", "softmax over the wrong axis", lambda z, y: np.exp(z) / np.exp(z).sum(axis=1, keepdims=True) - y),
    ("softmax_error", "softmax over the whole table", lambda z, y: np.exp(z) / np.exp(z).sum() - y),
    ("softmax_error", "σ for softmax", lambda z, y: σ(z) - y),
    ("softmax_error", "e forgotten", lambda z, y: z / z.sum(axis=0) - y),
    ("softmax_error", "sum forgotten", lambda z, y: np.exp(z) - y),
    ("softmax_error", "z for a", lambda z, y: z - y),
    ("softmax_error", "σ′ kept", lambda z, y: (bp.softmax(z) - y) * bp.softmax(z) * (1 - bp.softmax(z))),
    ("softmax_error", "slope of the cost for the error", lambda z, y: (bp.softmax(z) - y) / bp.softmax(z)),
    ("softmax_error", "mean too early", lambda z, y: (bp.softmax(z) - y) / z.shape[1]),
    ("softmax_error", "mean too early", lambda z, y: (bp.softmax(z) - y).mean(axis=1, keepdims=True)),
    ("softmax_error", "samples added up", lambda z, y: (bp.softmax(z) - y).sum(axis=1, keepdims=True)),
    ("softmax_error", "row for column", lambda z, y: (bp.softmax(z) - y).T),
    ("softmax_error", "y − a for a − y + σ for softmax", lambda z, y: y - σ(z)),
    ("bp1", "y − a for a − y or −σ′ for σ′", lambda a, y, z: (y - a) * slope(z)),
    ("bp1", "factor 2", lambda a, y, z: 2 * (a - y) * slope(z)),
    ("bp1", "cost for its slope", lambda a, y, z: 0.5 * (a - y) ** 2 * slope(z)),
    ("bp1", "σ for σ′", lambda a, y, z: (a - y) * σ(z)),
    ("bp1", "σ′ at a", lambda a, y, z: (a - y) * slope(a)),
    ("bp1", "z (1 − z) for σ′", lambda a, y, z: (a - y) * z * (1 - z)),
    ("bp1", "σ′ forgotten or 1", lambda a, y, z: a - y),
    ("bp1", "difference forgotten", lambda a, y, z: slope(z)),
    ("bp1", "matrix product for ⊙", lambda a, y, z: ((a - y) * slope(z)).sum()),
    ("bp1", "matrix product for ⊙", lambda a, y, z: (a - y) @ slope(z)),
    ("bp1", "matrix product for ⊙", lambda a, y, z: (a - y).T @ slope(z)),
    ("bp1", "matrix product for ⊙", lambda a, y, z: (a - y) @ slope(z).T),
    ("bp1", "accidental broadcasting", lambda a, y, z: (a - y.squeeze()) * slope(z)),
    ("bp1", "accidental broadcasting", lambda a, y, z: (a - y) * slope(z[:, :1])),
    ("bp1", "mean too early", lambda a, y, z: (a - y) * slope(z) / a.shape[1]),
    ("bp1", "mean too early", lambda a, y, z: ((a - y) * slope(z)).mean(axis=1, keepdims=True)),
    ("bp1", "samples added up", lambda a, y, z: ((a - y) * slope(z)).sum(axis=1, keepdims=True)),
    ("bp1", "row for column", lambda a, y, z: ((a - y) * slope(z)).T),
    ("bp1", "row for column", lambda a, y, z: np.squeeze((a - y) * slope(z))),
    ("bp1", "in-place change of the inputs", difference_in_place),
    ("bp1", "y − a for a − y or −σ′ for σ′ + σ′ forgotten or 1", lambda a, y, z: y - a),
    ("bp1", "factor 2 + σ′ at a", lambda a, y, z: 2 * (a - y) * slope(σ(z))),
    ("bp1", "σ for σ′ + y − a for a − y or −σ′ for σ′", lambda a, y, z: (y - a) * σ(z)),
    ("bp2", "missing transpose", lambda w, d, z: (w @ d) * slope(z)),
    ("bp2", "= for +=", lambda w, d, z: np.outer(w[-1], d[-1]) * slope(z)),
    ("bp2", "errors forgotten", lambda w, d, z: slope(z)),
    ("bp2", "inverse for transpose", lambda w, d, z: np.linalg.inv(w) @ d * slope(z)),
    ("bp2", "inverse for transpose", lambda w, d, z: np.linalg.pinv(w) @ d * slope(z)),
    ("bp2", "⊙ for the matrix product", lambda w, d, z: w.T * d * slope(z)),
    ("bp2", "σ for σ′", lambda w, d, z: (w.T @ d) * σ(z)),
    ("bp2", "σ′ at a", lambda w, d, z: (w.T @ d) * slope(σ(z))),
    ("bp2", "z (1 − z) for σ′", lambda w, d, z: (w.T @ d) * z * (1 - z)),
    ("bp2", "σ′ forgotten or 1", lambda w, d, z: w.T @ d),
    ("bp2", "matrix product for ⊙", lambda w, d, z: (w.T @ d) @ slope(z)),
    ("bp2", "matrix product for ⊙", lambda w, d, z: (w.T @ d) @ slope(z).T),
    ("bp2", "mean for sum", lambda w, d, z: np.mean(w[:, :, None] * d[:, None], axis=0) * slope(z)),
    ("bp2", "row for column", lambda w, d, z: (d.T @ w) * slope(z)),
    ("bp2", "row for column", lambda w, d, z: (d.T @ w) * slope(z).T),
    ("bp2", "accidental broadcasting", lambda w, d, z: (w.T @ d) * slope(z).squeeze()),
    ("bp2", "σ′ of the wrong layer", lambda w, d, z: w.T @ (d * slope(z))),
    ("bp2", "mean too early", lambda w, d, z: (w.T @ d) * slope(z) / z.shape[1]),
    ("bp2", "in-place change of the inputs + z (1 − z) for σ′", slope_in_place),
    ("bp2", "missing transpose + σ for σ′", lambda w, d, z: (w @ d) * σ(z)),
    ("bp2", "missing transpose + σ′ forgotten or 1", lambda w, d, z: w @ d),
    ("bp2", "inverse for transpose + σ′ at a", lambda w, d, z: np.linalg.inv(w) @ d * slope(σ(z))),
    ("bp3", "sum for mean", lambda d: d.sum(axis=1, keepdims=True)),
    ("bp3", "mean forgotten", lambda d: d),
    ("bp3", "mean over the neurons", lambda d: d.mean(axis=0, keepdims=True)),
    ("bp3", "accidental broadcasting", np.mean),
    ("bp3", "row for column", lambda d: d.mean(axis=1)),
    ("bp3", "row for column", lambda d: d.mean(axis=1, keepdims=True).T),
    ("bp3", "mean twice", lambda d: d.mean(axis=1, keepdims=True) / d.shape[1]),
    ("bp3", "divided by the neurons", lambda d: sum(d.T).reshape(-1, 1) / len(d)),
    ("bp3", "= for +=", lambda d: d[:, -1:] / d.shape[1]),
    ("bp3", "one sample for all", lambda d: d[:, -1:]),
    ("bp3", "sign turned round", lambda d: -d.mean(axis=1, keepdims=True)),
    ("bp3", "one sample for all", lambda d: d[:, [0]]),
    ("bp3", "bias gradient forgotten", lambda d: np.zeros((len(d), 1))),
    ("bp3", "row for column + sum for mean", lambda d: d.sum(axis=1)),
    ("bp4", "outer product the wrong way round", lambda a, d: a @ d.T / a.shape[1]),
    ("bp4", "⊙ for the matrix product", lambda a, d: d * a.T),
    ("bp4", "⊙ for the matrix product", lambda a, d: d * a),
    ("bp4", "missing transpose", lambda a, d: d @ a / a.shape[1]),
    ("bp4", "inner product for outer product", lambda a, d: d.T @ a / a.shape[1]),
    ("bp4", "outer product across samples", lambda a, d: np.outer(d, a)),
    ("bp4", "sum for mean", lambda a, d: d @ a.T),
    ("bp4", "mean twice", lambda a, d: d @ a.T / a.shape[1] ** 2),
    ("bp4", "divided by the neurons", lambda a, d: d @ a.T / len(d)),
    ("bp4", "divided by the neurons", lambda a, d: d @ a.T / len(a)),
    ("bp4", "= for +=", lambda a, d: np.outer(d[:, -1], a[:, -1]) / a.shape[1]),
    ("bp4", "product of the means", lambda a, d: np.outer(d.mean(axis=1), a.mean(axis=1))),
    ("bp4", "sign turned round", lambda a, d: -d @ a.T / a.shape[1]),
    ("bp4", "outer product the wrong way round + sum for mean", lambda a, d: a @ d.T),
    ("backprop", "bias forgotten", lambda n, x, y: whole(
        bp.Network.from_parameters(n.w, {l: 0 * n.b[l] for l in n.b}), x, y)),
    ("backprop", "y − a for a − y or −σ′ for σ′", changed(last=lambda z, a, y: (y - a) * slope(z))),
    ("backprop", "factor 2", changed(last=lambda z, a, y: 2 * (a - y) * slope(z))),
    ("backprop", "σ′ forgotten or 1", changed(last=lambda z, a, y: a - y)),
    ("backprop", "σ′ at a", changed(last=lambda z, a, y: (a - y) * slope(a))),
    ("backprop", "errors left at 0", changed(slopes=lambda z, a, l: np.zeros_like(z[l]))),
    ("backprop", "divided by the outputs", lambda n, x, y: [
        {l: g * x.shape[1] / y.shape[0] for l, g in part.items()} for part in whole(n, x, y)]),
    ("backprop", "σ for σ′", changed(last=lambda z, a, y: (a - y) * a, slopes=lambda z, a, l: a[l])),
    ("backprop", "σ′ forgotten or 1", changed(slopes=lambda z, a, l: 1)),
    ("backprop", "missing transpose", changed(back=lambda w, d, l: w[l + 1] @ d[l + 1])),
    ("backprop", "inverse for transpose", changed(back=lambda w, d, l: np.linalg.pinv(w[l + 1]) @ d[l + 1])),
    ("backprop", "σ′ of the wrong layer", changed(slopes=lambda z, a, l: slope(z[l + 1]))),
    ("backprop", "w of the wrong layer", changed(back=lambda w, d, l: w[l].T @ d[l + 1])),
    ("backprop", "δ of the wrong layer", changed(back=lambda w, d, l: w[l + 1].T @ d[max(d)])),
    ("backprop", "bias gradient forgotten", lambda n, x, y: ({}, whole(n, x, y)[1])),
    ("backprop", "bias gradient forgotten", lambda n, x, y: whole(n, x, y)[1]),
    ("backprop", "bias gradient forgotten", lambda n, x, y: (None, whole(n, x, y)[1])),
    ("backprop", "bias gradient forgotten", changed(b=lambda n, d, l: np.zeros_like(n.b[l]))),
    ("backprop", "bias gradient taken for the bias", changed(b=lambda n, d, l: n.b[l])),
    ("backprop", "sum for mean", changed(
        b=lambda n, d, l: d[l].sum(axis=1, keepdims=True), w=lambda a, d, l: d[l] @ a[l - 1].T)),
    ("backprop", "sum for mean", changed(w=lambda a, d, l: d[l] @ a[l - 1].T)),
    ("backprop", "sum for mean", changed(b=lambda n, d, l: d[l].sum(axis=1, keepdims=True))),
    ("backprop", "row for column", changed(b=lambda n, d, l: d[l].mean(axis=1))),
    ("backprop", "outer product the wrong way round", changed(w=lambda a, d, l: a[l - 1] @ d[l].T / d[l].shape[1])),
    ("backprop", "a^l for a^{l−1}", changed(w=lambda a, d, l: d[l] @ a[l].T / d[l].shape[1])),
    ("backprop", "δ of the wrong layer", changed(w=lambda a, d, l: d[max(d)] @ a[l - 1].T / d[l].shape[1])),
    ("backprop", "δ of the wrong layer", changed(b=lambda n, d, l: d[n.L].mean(axis=1, keepdims=True))),
    ("backprop", "results swapped", lambda n, x, y: whole(n, x, y)[::-1]),
    ("backprop", "missing transpose + y − a for a − y or −σ′ for σ′", changed(
        last=lambda z, a, y: (y - a) * slope(z), back=lambda w, d, l: w[l + 1] @ d[l + 1])),
    ("step", "hidden errors from updated weights", updates_on_the_way),
    ("step", "bias gradients after the step", one_after_the_other),
    ("step", "backpropagation within the step", layer_by_layer(range(2, 9))),
    ("step", "backpropagation within the step", layer_by_layer(range(9, 1, -1))),
    ("step", "gradient added", stepping(up, up)),
    ("step", "gradient added", stepping(up, down)),
    ("step", "gradient added", stepping(down, up)),
    ("step", "not updated", stepping(down, stay)),
    ("step", "not updated", stepping(stay, down)),
    ("step", "not updated", stepping(stay, stay)),
    ("step", "gradient taken for the new value", stepping(lambda old, eta, grad: grad, lambda old, eta, grad: grad)),
    ("step", "step taken for the new value", stepping(down, lambda old, eta, grad: -eta * grad)),
    ("step", "missing from the answer", lambda *inputs: (stepping(down, down)(*inputs)[0], {})),
    ("step", "missing from the answer", lambda *inputs: stepping(down, down)(*inputs)[0]),
    ("step", "η forgotten", stepping(lambda old, eta, grad: old - grad, lambda old, eta, grad: old - grad)),
    ("step", "sum for mean", stepping(down, down, lambda grad, m: grad * m)),
    ("step", "mean twice", stepping(down, down, lambda grad, m: grad / m)),
    ("step", "results swapped", lambda *inputs: stepping(down, down)(*inputs)[::-1]),
    ("step", "gradient added + not updated", stepping(up, stay)),
    ("step", "gradient added + η forgotten", stepping(*[lambda old, eta, grad: old + grad] * 2)),
]  # fmt: skip


@pytest.mark.parametrize(
    ("check", "names", "function"), WRONG, ids=[f"{n}-{c}: {names}" for n, (c, names, _) in enumerate(WRONG)]
)
def test_a_wrong_answer_is_called_by_its_name(check, names, function):
    for seed in (CHECKS[check].seed, *range(1000, 1020)):
        verdict = replace(CHECKS[check], seed=seed)(function)
        assert not verdict
        assert set(verdict.mistakes) == set(names.split(" + ")), verdict
