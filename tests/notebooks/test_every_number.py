"""Every decimal number in the words of a notebook is printed there, shown by the drawn network, or computed here."""

import re

import numpy as np

import bpcourse as bp
from tests.notebooks.cells import EACH_NOTEBOOK, code_cells, read
from tests.notebooks.cells import told as words_of
from tests.places import NOTEBOOKS

birds = bp.penguins()
x, y = birds.x, birds.y
net = bp.Network([3, 4, 2], seed=38)
FLOOR = 0.196 if 0.196 < bp.sigmoid_prime(1) < 0.197 else 0  # what a slope is never below at an activation
NUMBER = re.compile(r"(?<![\w.,\\{])[-−]?\d+\.\d{2,}(?!\d|\.\d)")


def bird(network, n=128, target=None):
    return bp.backprop(network, x[:, [n]], y[:, [n]] if target is None else target)


def shown_by_the_network():
    """All numbers of the drawn network with bird 128."""
    trace = bird(net)
    tables = [trace.x, [[trace.cost]], *net.w.values(), *net.b.values()]
    for kind in (trace.z, trace.a, trace.delta, trace.grad_w):
        tables += kind.values()
    tables += [trace.sigma_prime(l) for l in trace.z] + [trace.a[3] - trace.y]
    return [float(number) for table in tables for number in np.ravel(table)]


def printed(notebook):
    """All numbers in its code and in the text of its outputs."""
    for cell in code_cells(notebook):
        texts = [output.get("text") or output.get("data", {}).get("text/plain") or "" for output in cell.outputs]
        for number in re.findall(r"[-−]?\d+\.?\d*", "\n".join([cell.source, *texts])):
            yield float(number.replace("−", "-"))


def worked_out(words):
    """What comes after an = in arithmetic with numbers alone, such as 0.173 · (−0.133) = −0.023, if it is right."""
    calculation = re.compile(r"((?:[-+\d.() /]|\\cdot)+)=(?=([-+\d.() /]|\\cdot)+)")
    for match in calculation.finditer(words):
        python = match[1].replace(r"\cdot", "*")
        result = re.match(r"[-\d.]+", words[match.end() :].strip())
        try:
            value = float(eval(python, {"__builtins__": {}}))
        except (SyntaxError, TypeError, ZeroDivisionError):
            continue
        yield from [value] if result else []


def same_way(output=None, hidden=None):
    """The cosine of the angle between the gradient over all birds and what comes out with these numbers for the σ′."""
    trace = bp.backprop(net, x, y)
    last = (trace.a[3] - y) * (trace.sigma_prime(3) if output is None else output)
    before = (net.w[3].T @ last) * (trace.sigma_prime(2) if hidden is None else hidden)
    wrong = [each for l, delta in ((2, before), (3, last)) for each in (delta @ trace.a[l - 1].T, delta.sum(axis=1))]
    right = [each for l in (2, 3) for each in (trace.grad_w[l], trace.grad_b[l])]
    one, other = (np.concatenate([*map(np.ravel, tables)]) for tables in (wrong, right))
    return one @ other / np.sqrt((one @ one) * (other @ other))


def told(number):
    """What a notebook says of the network after a move of the reader's, or reckons in its words, computed."""
    start, w, b = bird(net), net.with_weight, net.with_bias
    if number == "00":
        near, far = bp.gradient_step(start, 1), bp.gradient_step(start, 10)
        yield from (bird(w(2, 1, 1, -3)).cost, start.cost - bird(near).cost, bird(far).cost)
        yield from (bp.backprop(each, x, y).cost for each in (net, far))
    if number == "01":
        yield from (bird(w(3, 2, 4, -3)).a[3][1], start.cost + 0.00296)
        products = net.w[2][2] * start.x[:, 0], net.w[2][3] * start.x[:, 0]
        yield from (np.concatenate(products), -0.269 - 0.162 + 0.134, 0.302 - 0.228 + 1.311, 1.385 - 0.477)
        yield from (bird(w(2, 3, 3, 1)).a[2][2], (start.a[3] - start.y) ** 2, np.exp(-0.909), np.e)
    if number == "02":
        far, near, other = bird(w(3, 2, 2, 3)), bird(w(3, 2, 2, -3)), bird(net, target=[[1], [1]])
        yield from (far.a[3][1], far.sigma_prime(3)[1], near.a[3][1], other.a[3][1] - 1, other.delta[3][1])
        yield from (far.cost, 6 - bp.sigmoid_prime(6) * bp.sigmoid(6))
        yield from (start.z[3][1] - start.delta[3][1], bp.softmax_prime(start.z[3])[0, 1])
        for sign in (1, -1):
            moved = {**net.b, 3: net.b[3] - sign * start.delta[3]}
            yield bird(bp.Network.from_parameters(net.w, moved)).cost
        yield from (bp.sigmoid_prime(start.a[3]), bp.sigmoid_prime(bp.sigmoid(6)), FLOOR)
        yield from (0.001 * (start.a[3][0] - 1), 4 / 27, same_way(output=1))
        soft = bird(bp.Network.from_parameters(net.w, net.b, output="softmax", cost="log_likelihood"))
        yield from (soft.a[3], soft.cost, -1 / soft.a[3][0], -3.399 * -0.208)
    if number == "03":
        level = bird(w(3, 1, 3, -0.73).with_bias(2, 3, 1))
        yield from (
            0.01 * start.delta[2][3],
            level.cost,
            bp.sigmoid_prime(7.0),
            bird(w(3, 2, 1, 3)).cost,
            bird(w(3, 2, 1, 3)).delta[3][1],
        )
        yield from (same_way(output=1), same_way(hidden=1), net.w[3][:, 2] * start.sigma_prime(2)[2])
    if number == "04":
        yield from (bird(b(3, 2, 0)).delta[3][1], bird(w(3, 1, 3, -2)).delta[2][2], bird(w(2, 3, 3, 3)).z[2][2])
        yield from (bird(w(2, 3, 3, 3)).cost, 0.5 * 0.133, 0.5 * 0.148)
    if number == "05":
        yield from (trace.cost for trace in (bird(w(3, 1, 3, 1)), bird(w(3, 1, 3, -1)), bird(w(2, 3, 1, 3))))
        yield from (bird(w(3, 1, 3, to)).grad_w[3][0, 2] for to in (1, -1))
        biases = {l: net.b[l] - 0.5 * start.grad_b[l] for l in net.b}  # of notebook 04
        yield from (bird(w(2, 3, 1, 3)).delta[2][2], bird(w(2, 2, 3, -3)).cost)
        yield bird(bp.Network.from_parameters(net.w, biases)).cost
    if number == "06":
        yield from (bird(net, 200).delta[3], 0.27, bird(w(3, 1, 3, 0.27)).cost, 0.001)  # an example
        yield from (2 * start.grad_w[3][0, 2], net.w[2].T @ start.delta[2], 0.02)  # the last is an example
    if number == "07":
        run = bp.train(net, x, y)
        stuck = bird(bp.Network.from_parameters(net.w, {2: net.b[2], 3: [[-6], [6]]}))
        yield from (
            bird(run.net).delta[2][2],
            bird(run.nets[2]).delta[2][2],
            run.net.w[3][0, 2],
            stuck.a[3][0],
            3 * 0.062,
        )
        yield from (bird(run.nets[5]).cost, 0.005 if stuck.sigma_prime(3)[1] < 0.005 else 0)
        late = bp.train(stuck.net, x, y, eta=0.5, epochs=50)
        yield bird(late.net).sigma_prime(3)[0]
    if number == "08":
        yield small_step()
        yield from (FLOOR, 218 / 219, 0.0109, 0.0115, 0.0088)  # the costs of B and C: test_bug_hunt


def small_step(eta=0.001):
    """The largest relative error of w² and b² if BP2 reads a w³ that has moved by a step: program D of 08."""
    start = bp.backprop(net, x, y)
    delta = bp.hidden_error(bp.gradient_step(start, eta).w[3], start.delta[3], start.sigma_prime(2))
    grad_b = {2: bp.bias_gradient(delta), 3: start.grad_b[3]}
    grad_w = {2: bp.weight_gradient(x, delta), 3: start.grad_w[3]}
    return bp.numeric.gradient_check(net, x, y, grad_b, grad_w).error


def explained(text, known):
    """Whether a number is one of those known, but for its sign, to the digits that it is written with."""
    digits = len(text.partition(".")[2])
    size = abs(float(text.replace("−", "-")))
    return any(abs(size - abs(number)) <= 0.50001 * 10**-digits for number in known)


def numbers(path):
    """Each decimal number in the words of a notebook, with the numbers that may explain it."""
    notebook, reckoned = read(path), [0.0, *told(path.name[:2])]
    known = [*shown_by_the_network(), *printed(notebook), *np.concatenate([*map(np.ravel, reckoned)])]
    known += [value for words in words_of(notebook) for value in worked_out(words)]
    for words in words_of(notebook):
        yield from ((text, known) for text in NUMBER.findall(words))


@EACH_NOTEBOOK
def test_every_number_is_explained(path):
    assert [text for text, known in numbers(path) if not explained(text, known)] == []


def test_a_changed_number_is_noticed_nearly_always():
    """Now and then it happens to be another number of the network."""
    noticed = []
    for text, known in (each for path in NOTEBOOKS for each in numbers(path)):
        changed = f"{text[:-1]}{(int(text[-1]) + 5) % 10}"
        noticed.append(not explained(changed, known))
    assert len(noticed) > 300
    assert np.mean(noticed) > 0.75
