"""Numbers in the prose of 00, 05, 06 and 07, computed; and what 07 prints with its solutions in place of the stubs."""

import numpy as np
import pytest

import bpcourse as bp
from bpcourse.text import shown
from tests.notebooks.cells import PYTHON, code_cells, numbered, on_slides, prose
from tools.decks import tagged

birds = bp.penguins()
x, y = birds.x, birds.y
net = bp.Network([3, 4, 2], seed=38)


def bird(network, n=128):
    return bp.backprop(network, x[:, [n]], y[:, [n]])


def said_after_a_move():
    """Pieces of the prose, each after the text that it stands in, with their numbers computed."""
    start, moved = shown(bird(net).cost), shown(bird(net.with_weight(2, 1, 1, -3)).cost)
    yield prose("00"), f"goes back to the activations. The cost falls from {start} to {moved}."
    yield on_slides("00"), f"compare with the guesses. The cost falls from {start} to {moved}."  # a speaker's note
    yield prose("00"), f"the cost falls from {start} to {shown(bird(bp.gradient_step(bird(net), 1)).cost)}."
    far = bp.gradient_step(bird(net), 10)
    every, after = (shown(bp.backprop(each, x, y).cost) for each in (net, far))
    yield prose("00"), f"to {shown(bird(far).cost)}, but the mean over all 219 birds *rises* from {every} to {after}."
    yield on_slides("00"), f"the mean cost of all birds rises from {every} to {after}."
    first, second = (f"{error:.3f}" for error in bird(net, 200).delta[3][:, 0])
    yield prose("06"), rf"its \delta^3 is ({first}, {second})"
    yield prose("06"), f"It goes from {start} to {shown(bird(net.with_weight(3, 1, 3, 0.27)).cost)}."
    pushed = [bp.numeric.partial(bird(net), ("C",), ("a", 1, k)).item() for k in (1, 2, 3)]
    yield prose("05"), rf"(w^2)^T \delta^2 = ({', '.join(f'{slope:.3f}' for slope in pushed)}), the first half"
    tied = net
    for j in (1, 2):
        tied = tied.with_weight(3, j, 3, net.w[3][j - 1, 2] + 1e-6)
    yield prose("05"), f"sum of the two gradients: -0.062 + 0.069 = {(bird(tied).cost - bird(net).cost) / 1e-6:.3f}."


def said_of_learning():
    """Pieces of 07's prose, with their numbers computed."""
    run = bp.train(net, x, y)
    cost = [shown(bird(run.nets[n]).cost) for n in (0, 1, 5)]
    yield f"all birds falls from {run.cost[0]:.4f} to {run.cost[1]:.4f}"
    yield f"*rises* from {cost[0]} to {cost[1]}."
    yield f"By epoch 5 its cost is {cost[2]}"
    d = [f"{bird(run.nets[n]).delta[2][2, 0]:.3f}" for n in (0, 2, 100)]
    yield rf"\delta^2_3: {d[0]} at epoch 0, {d[1]} at epoch 2, {d[2]} at epoch 100"
    first, last = net.w[3][:, 2], run.net.w[3][:, 2]
    yield f"from {first[0]:.2f} and {first[1]:.2f} to {last[0]:.2f} and {last[1]:.1f}"
    yield f"the largest weight is {min(net.w[l].min() for l in net.w):.2f}; at the end"
    yield f"the wire from the bill length to neuron 3 carries {run.net.w[2][2, 0]:.1f}"
    yield f"After one epoch {100 * run.right[1]:.1f} % are right, after five {100 * run.right[5]:.1f} %"
    a = bp.forward(run.net, x).a[3]
    yield f"Bird 181 is a close call, {a[0, 181]:.3f} against {a[1, 181]:.3f}"
    yield f"{int(y[0].sum())} right, {100 * y[0].mean():.1f} %"

    stuck = bp.Network.from_parameters(net.w, {2: net.b[2], 3: [[-6], [6]]})
    late = bp.train(stuck, x, y, eta=0.5, epochs=60)
    slope = [bird(late.nets[n]).sigma_prime(3)[:, 0] for n in range(61)]
    yield f"is {slope[0][1]:.3f}. Go on slowly and watch this factor: {slope[10][1]:.3f} at epoch 10, " \
          f"{slope[16][1]:.3f} at epoch 16, {slope[18][1]:.3f} at epoch 18"  # fmt: skip
    yield f"at epoch 40 its slope is still {slope[40][0]:.3f}, at epoch 50 it is {slope[50][0]:.3f}"
    same = [n for n in range(61) if late.right[n] == late.right[0]]
    assert same == list(range(len(same)))
    yield f"Up to epoch {same[-1]} not one bird more is right"

    soft = bird(bp.Network.from_parameters(net.w, net.b, output="softmax", cost="log_likelihood"))
    yield f"The two errors are {soft.delta[3][0, 0]:.3f} and {soft.delta[3][1, 0]:.3f}"
    deep = bp.backprop(bp.Network([3, 4, 4, 4, 2], seed=1), x, y)
    size = {l: np.abs(deep.delta[l]).mean() for l in (2, 3, 4, 5)}
    assert [round(size[l + 1] / size[l]) for l in (2, 3, 4)] == [5, 14, 14]
    assert round(size[5] / size[2], -2) == 900, "a thousand times, roughly"
    w5, w2 = (np.abs(deep.grad_w[l]).mean() for l in (5, 2))
    yield f"on average {round(w5 / w2, -1):.0f} times smaller than those of w^5"
    one, by_slopes = bird(deep.net), 1
    for l in (4, 3, 2):
        by_slopes *= np.abs(one.delta[l]).sum() / np.abs(deep.net.w[l + 1].T @ one.delta[l + 1]).sum()
    yield f"The slopes keep 1/{1 / by_slopes:.0f}"
    straight = (
        bp.Network.from_parameters({l: n * w for l, w in deep.net.w.items()}, deep.net.b, "identity") for n in (1, 4)
    )
    once, four = (bp.backprop(big, x, y).delta for big in straight)
    assert round(np.abs(once[5]).mean() / np.abs(once[2]).mean()) == 3
    grows = np.abs(four[2]).mean() / np.abs(four[5]).mean()
    yield rf"\delta^2 was a third of \delta^5, with weights four times as big it was {grows:.1f} times \delta^5."
    plain = bp.Network([3, 4, 4, 4, 2], output="sigmoid", cost="cross_entropy", seed=1)
    away = bp.train(plain, x, y, eta=0.1, epochs=200)
    low, high = (f(bp.forward(away.nets[40], x).a[5], axis=1) for f in (np.min, np.max))
    assert [f"{n:.2f}" for n in low] == [f"{n:.2f}" for n in high]
    yield f"to two digits, {low[0]:.2f} for the first output and {low[1]:.2f} for the second"
    escapes = int((away.right > away.right[0]).argmax())
    assert set(away.right[:escapes]) == {y[0].mean()}
    yield f"from epoch {escapes} on more birds are right, and at epoch 200 it is {100 * away.right[200]:.1f} %"
    curved = bp.Network([3, 4, 4, 4, 2], "tanh", output="sigmoid", cost="cross_entropy", seed=1)
    yield f"With tanh {100 * bp.train(curved, x, y, eta=0.1, epochs=4).right[4]:.1f} % are right after four epochs"
    gentle = bp.train(net, x, y, eta=0.03, epochs=30).cost
    assert (np.diff(gentle) < 0).all()
    order, walker = np.random.default_rng(0).permutation(219), net
    for steps in range(1, 23):
        some = order[10 * steps - 10 : 10 * steps]
        walker = bp.gradient_step(bp.backprop(walker, x[:, some], y[:, some]), 3)
        if bp.backprop(walker, x, y).cost < gentle[-1]:
            yield rf"30 epochs, {30 * 22} steps, bring less than the first {steps} steps with \eta = 3"
            break
    whole = net
    for _ in range(22):
        whole = bp.gradient_step(bp.backprop(whole, x, y), 3)
    right = (bp.forward(whole, x).a[3].argmax(axis=0) == y.argmax(axis=0)).sum()
    yield f"{right} birds are right. After one epoch with mini-batches it was {round(219 * run.right[1])}"


def test_the_numbers_in_the_prose_are_true():
    pieces = [*said_after_a_move(), *((prose("07"), piece) for piece in said_of_learning())]
    assert len(pieces) > 17
    assert [piece for text, piece in pieces if piece not in text] == []


def test_of_thirty_starts_with_big_weights_as_many_get_away_as_is_said():
    right = {1: [], 10: []}  # how many times as big the weights are: the shares of birds, one row a seed
    for seed in range(1, 31):
        drawn = bp.Network([3, 4, 2], seed=seed)
        for factor, rows in right.items():
            start = bp.Network.from_parameters({l: factor * drawn.w[l] for l in drawn.w}, drawn.b)
            rows.append(bp.train(start, x, y, eta=1, epochs=40).right)
    good = {factor: (np.array(rows) >= 0.95).sum(axis=0) for factor, rows in right.items()}
    assert good[1][16] == 30
    said_of_big = f"With the big weights {good[10][16]} of the 30 have, and after forty epochs {good[10][40]}."
    assert f"after 16 epochs. {said_of_big}" in prose("07")


def test_a_number_that_has_changed_is_missed():
    assert "The cost falls from 0.372 to 0.325" not in prose("00") + on_slides("00")


@pytest.fixture
def ran(capsys):
    """What 07 prints, each code cell after `change`, with the solutions in the place of the stubs; nothing is drawn."""
    notebook = numbered("07")
    solutions = [code for cell in notebook.cells if tagged(cell, "solution") for code in PYTHON.findall(cell.source)]
    solved = {code.splitlines()[0]: code for code in solutions}
    assert len(solved) == 3

    def run(change=str):
        names = {}
        with np.printoptions():  # the notebook sets one
            for cell in code_cells(notebook):
                source = solved.get(cell.source.splitlines()[0], cell.source)
                exec(compile(change(source), "<cell>", "exec"), names)
        return capsys.readouterr().out

    return run


def test_the_solutions_are_right(ran):
    out = ran()
    assert "same as bp.train: True" in out
    assert out.count("δ³ is a³ − y: True") == 1
    assert "Not attempted" not in out


def test_a_wrong_solution_is_not(ran):
    wrong = ran(lambda code: code.replace("(bp.backprop(net, x, y), eta)", "(bp.backprop(net, x, y), 2 * eta)"))
    assert "same as bp.train: False" in wrong
