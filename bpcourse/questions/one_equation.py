"""The answers to the questions about one step or one equation, of notebooks 00 to 05."""

import numpy as np

from bpcourse.network import backprop
from bpcourse.network.trace import Trace
from bpcourse.parts import Part
from bpcourse.questions.question import (
    Answers,
    asked_of,
    by_hand,
    carried,
    judged,
    largest,
    last_hidden,
    neurons,
    said,
    times,
    wires_out,
)
from bpcourse.text import listed, shown, written


def what_follows(trace: Trace) -> Answers:
    net, _ = trace.net, last_hidden(trace)
    moved = backprop(net.with_weight(2, 1, 1, net.w[2][0, 0] + 1), trace.x, trace.y)
    every, after = neurons(trace, 2), neurons(trace, 3)
    first, rest = written("a", 2, 1), "both outputs" if net.sizes[2:] == (2,) else "all that comes after"
    changed = [(l, j) for l, j in every if moved.a[l][j - 1, 0] != trace.a[l][j - 1, 0]]
    stops = changed == [(2, 1)]
    told = {
        f"{first} alone": (
            [(2, 1)],
            f"{first} changes, and it is sent on. "
            + ("But on each way from there a weight or a slope is 0." if stops else "What adds it up changes too."),
        ),
        f"{first} and {rest}": (
            [(2, 1), *after],
            f"The wire ends in neuron 1, so {first} changes. "
            + ("But no change arrives further on." if stops else "Everything after it follows.")
            + (" The other neurons of layer 2 receive what they received before." if net.sizes[1] > 1 else ""),
        ),
        f"all of layer 2, and {rest}": (
            every,
            "The wire ends in neuron 1 of layer 2. What it brings does not reach the others of that layer, and they "
            "stay as they were.",
        ),
        f"only {rest}": (
            after,
            f"The wire ends in neuron 1, so {first} changes first. The outputs can change only through it.",
        ),
    }
    lit = Part("edge", 2, 1, 1), *(Part("neuron", *at) for at in changed)
    slope = trace.sigma_prime(2)[0, 0]
    far = "" if slope else " for a small change, and this one is not small"
    how = (
        f"Follow the wire. What w²₁₁ adds to z²₁ is w²₁₁ times x₁ = {said(trace.x[0, 0])}. σ passes a change on with "
        f"its slope, {said(slope)} here{far}. Then the wires out of neuron 1 carry it on: "
        f"{wires_out(trace, 2, 1)}. A change stops only where one of these factors is 0."
    )
    needs = "sample whose x₁ is not 0, and no neuron that is saturated"
    return judged(told, changed, needs, "w-2-1-1", *lit, how=how)


def largest_sum(trace: Trace) -> Answers:
    reasons, z, w, x = {}, trace.z[2][:, 0], trace.net.w[2], trace.x[:, 0]
    asked = asked_of(z, "neurons of layer 2")
    for j, weights in enumerate(w, start=1):
        products = weights * x
        (k,) = largest(products)
        biggest = f"{written('w', 2, j, k + 1)} {written('x', '', k + 1)} = {said(products[k])}"
        below = " That is below 0." if z[j - 1] < 0 else ""
        others = "With the other inputs and the bias" if len(x) > 1 else "With the bias"
        if (j - 1,) not in asked:
            continue
        reasons[f"neuron {j}"] = f"Its biggest product is {biggest}. {others} the sum is {said(z[j - 1])}.{below}"
    j = int(z.argmax()) + 1
    (k,) = largest(x)
    brought = w[:, k] * x[k]
    most = int(brought.argmax()) + 1
    how = (
        f"A product has two factors, an input and a weight. The largest input is {written('x', '', k + 1)} = "
        f"{said(x[k])}{', counting size and not sign' if x[k] < 0 else ''}. Times the weights of its wires it "
        f"brings {listed(map(said, brought))}: most to neuron {most}. The rest of each sum is "
        f"{listed(map(said, z - brought))}: "
        + ("that does not change which is first." if most == j else f"with it neuron {j} comes first.")
    )
    return Answers(reasons, f"neuron {j}", Part("a", 2, j), how=how)


def bigger_output_error(trace: Trace) -> Answers:
    L, reasons, quadratic = trace.net.L, {}, trace.net.cost == "quadratic"
    if trace.net.sizes[-1] < 2:
        raise ValueError("this question compares outputs; this network has 1")
    misses, errors = (trace.a[L] - trace.y)[:, 0], trace.delta[L][:, 0]
    slopes = trace.sigma_prime(L)[:, 0] if quadratic else np.ones(len(misses))
    (most,), (j,) = largest(misses), largest(errors)
    if not errors[j]:
        raise ValueError("this question compares errors; on this network they are all 0")
    for n, (miss, slope, error) in enumerate(zip(misses, slopes, errors, strict=True)):
        if not quadratic:
            reasons[f"output {n + 1}, which misses by {shown(abs(miss))}"] = (
                f"With this cost the slope cancels, and the error is a − y = {shown(error, 4)}."
            )
            continue
        reason = f"a − y = {shown(miss)}, and times the slope {shown(slope, 4)} that is {shown(error, 4)}."
        if slope < 0.05:
            reason += " There σ is almost flat: a push hardly moves the output, so it hardly moves the cost."
        if n == j != most:
            reason += f" Output {most + 1} misses by more, but its slope is only {shown(slopes[most], 4)}."
        reasons[f"output {n + 1}, which misses by {shown(abs(miss))}"] = reason
    labels, same = list(reasons), "both the same, within a tenth"
    second, _ = np.argsort(np.abs(errors), kind="stable")[-2:]
    i = int(second) if second != j else int(np.argsort(np.abs(errors), kind="stable")[-1])
    small, big = abs(errors[i]), abs(errors[j])
    if not small:
        reasons[same] = f"Output {i + 1} has the error 0, and output {j + 1} has not."
    elif big < 1.1 * small:
        reasons[same] = f"{shown(big, 4)} and {shown(small, 4)}, counting size and not sign."
    else:
        decide = ": the slopes decide, too" if quadratic else ""
        ratio = "more than a thousand" if big > 1000 * small else shown(big / small, 1)
        reasons[same] = f"The bigger one is {ratio} times as big{decide}."
    told = f"Output {j + 1} misses by {shown(abs(misses[j]))}, output {i + 1} by {shown(abs(misses[i]))}"
    if not quadratic:
        how = f"With this cost the error is a − y itself; no slope is a factor. {told}."
    elif misses[i] and slopes[i]:
        by_miss, by_slope = abs(misses[j] / misses[i]), slopes[j] / slopes[i]
        how = (
            f"An error has two factors: how far the output misses, and the slope σ′(z). {told}: {times(by_miss)} times "
            f"as much. Its slope is {shown(slopes[j], 4)}, the other's {shown(slopes[i], 4)}: {times(by_slope)} times "
            f"as much. Together its error is {times(by_miss * by_slope)} times as big."
        )
    else:
        factor = "slope σ′(z)" if misses[i] else "a − y"
        how = (
            f"An error has two factors: how far the output misses, and the slope σ′(z). For output {i + 1} one of them "
            f"is 0: its {factor}. So its error is 0."
        )
    return Answers(reasons, same if big < 1.1 * small else labels[j], Part("delta", L, j + 1), how=how)


def biggest_hidden_error(trace: Trace) -> Answers:
    l, reasons = last_hidden(trace), {}
    asked = asked_of(np.abs(trace.delta[l][:, 0]), f"errors of layer {l}")
    told = [carried(trace, l, j) for j in range(1, trace.net.sizes[l - 1] + 1)]
    for j, (products, total, slope) in enumerate(told, start=1):
        if (j - 1,) not in asked:
            continue
        together = by_hand(total, sum(round(product, 3) for product in products))
        if len(products) == 1:
            bring = f"Its wire brings it {said(total)}"
        else:
            helping = abs(total) == np.abs(products).sum()
            signs = "the same sign and help each other" if helping else "different signs and partly cancel"
            bring = f"Its wires bring it {listed(map(said, products))}. "
            bring += "Together" if np.count_nonzero(products) < 2 else f"They have {signs}:"
            bring += f" {together}"
        error = by_hand(total * slope, round(total, 3) * round(slope, 3))
        reasons[f"neuron {j}"] = f"{bring}, and times the slope {said(slope)} that is {error}."
    j = largest(trace.delta[l])[0] + 1
    totals, slopes = np.array([total for _, total, _ in told]), np.array([slope for _, _, slope in told])
    most, steepest = largest(totals)[0] + 1, int(slopes.argmax()) + 1
    helped = [n for n, (products, _, _) in enumerate(told, 1) if (products > 0).all() or (products < 0).all()]
    how = (
        f"An error has two factors. What the wires bring, each weight times the error at its end: "
        f"{listed(map(said, totals))}; the largest is neuron {most}'s. "
    )
    if helped == [most] and len(told[0][0]) > 1:
        how += "Only its products all have the same sign. "
    how += f"And the slope: {listed(map(said, slopes))}. "
    if j == most and np.isclose(slopes[j - 1], slopes.max()):
        how += f"Neuron {j} has the largest of both."
    elif j == most:
        how += f"Neuron {steepest} has a larger slope than neuron {j}, but not by enough."
    else:
        how += f"Neuron {most}'s slope is too small: neuron {j} comes first."
    return Answers(reasons, f"neuron {j}", Part("delta", l, j), how=how)


def best_bias(trace: Trace) -> Answers:
    net, last, changes, reasons = trace.net, last_hidden(trace), {}, {}
    for l, j in neurons(trace, 2):
        for way in (1, -1):
            moved = backprop(net.with_bias(l, j, net.b[l][j - 1, 0] + way * 0.1), trace.x, trace.y)
            changes[l, j, way] = moved.cost - trace.cost
    best = min(changes, key=changes.__getitem__)
    if changes[best] >= 0:
        raise ValueError("this question needs a network whose cost falls when a bias moves by 0.1; here it never does")
    # Of the hidden biases the biggest, and the best.
    hidden = {largest(table[last])[0] for table in (net.b, trace.delta)}
    named = {(last, j + 1, -1 if trace.delta[last][j, 0] > 0 else 1) for j in hidden}
    as_good = {key for key, change in changes.items() if np.isclose(change, changes[best], rtol=1e-9, atol=0)}
    offered = {best} | ({*named, *(key for key in changes if key[0] == net.L)} - as_good)
    labels = {(l, j, way): f"{written('b', l, j)} {'up' if way > 0 else 'down'}" for l, j, way in offered}
    for l, j, way in sorted(offered, key=lambda key: (key[:2], -key[2])):
        error = trace.delta[l][j - 1, 0]
        sign = "below 0: a push up lowers the cost" if error < 0 else "above 0: a push down lowers the cost"
        sign = sign if error else "0: a small push changes nothing"
        alone = len(net.b[l]) > 1 and abs(net.b[l][j - 1, 0]) > np.delete(np.abs(net.b[l]), j - 1).max()
        size = f" That the bias is the largest of layer {l}, counting size, does not help it." if alone else ""
        follows = f"This move changes the cost by {shown(changes[l, j, way], 4)}."
        size = size if l < net.L and (l, j, way) != best else ""
        reasons[labels[l, j, way]] = f"{written('δ', l, j)} = {said(error)} is {sign}. {follows}{size}"
    l, j = max(neurons(trace, 2), key=lambda at: abs(trace.delta[at[0]][at[1] - 1, 0]))
    error = float(trace.delta[l][j - 1, 0])
    how = (
        f"The gradient of a bias is the δ of its neuron, so look for the largest δ, counting size and not sign. It is "
        f"{written('δ', l, j)} = {said(error)}. Move that bias against its sign, and the cost changes by about "
        f"0.1 · {said(abs(error))}, downwards. "
    )
    (k,) = largest(trace.delta[last][:, 0])
    _, total, slope = carried(trace, last, k + 1)
    if (l, j) != best[:2]:
        how += f"Here 0.1 is no small push any more, and {labels[best]} does better."
    elif l == net.L:
        how += (
            f"The largest of layer {last} is {written('δ', last, k + 1)} = {said(total)} · {said(slope)} = "
            f"{said(trace.delta[last][k, 0])}: two factors, what the wires bring and a slope, keep it below."
        )
    return Answers(reasons, labels[best], Part("delta", *best[:2]), how=how.strip())


def biggest_weight_gradient(trace: Trace) -> Answers:
    l = trace.net.L
    w, gradient, reasons = trace.net.w[l], trace.grad_w[l], {}
    asked = asked_of(np.abs(gradient), f"the gradients of {written('w', l)}")
    sizes = np.abs(w)
    for j, k in sorted(asked):
        weight, slope = float(w[j, k]), float(gradient[j, k])
        begins = f"{written('a', l - 1, k + 1)} = {said(trace.a[l - 1][k, 0])}"
        ends = f"{written('δ', l, j + 1)} = {said(trace.delta[l][j, 0])}"
        extreme = {sizes.max(): "strongest", sizes.min(): "weakest"}.get(abs(weight))
        only = (sizes == abs(weight)).sum() == 1
        note = f" It is the {extreme} wire, with {said(weight)}, but its weight is no factor." * bool(extreme and only)
        product = f"The wire begins at {begins} and ends at {ends}: their product is {said(slope)}."
        reasons[written("w", l, j + 1, k + 1)] = product + note
    j, k = largest(gradient)
    layer, before = written("δ", l), written("a", l - 1)
    how = (
        f"A gradient has two factors, and its weight is neither: {layer} where the wire ends, {before} where it "
        f"begins. The largest {layer}, counting size and not sign, is {written('δ', l, j + 1)} = "
        f"{said(trace.delta[l][j, 0])}. The largest {before} is {written('a', l - 1, k + 1)} = "
        f"{said(trace.a[l - 1][k, 0])}. The wire between them is {written('w', l, j + 1, k + 1)}."
    )
    return Answers(reasons, written("w", l, j + 1, k + 1), Part("w", l, j + 1, k + 1), how=how)
