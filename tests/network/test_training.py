"""A gradient step and a run of many: what they change, how they end, and what they refuse."""

import re
import signal

import numpy as np
import pytest

import bpcourse as bp
from bpcourse.network import training
from bpcourse.network.backprop import both_passes

birds = bp.penguins()
net = bp.Network([3, 4, 2], "tanh", "softmax", "log_likelihood", seed=38)
trace = bp.backprop(net, birds.x, birds.y)
LARGE = bp.backprop(bp.Network([1, 1], "identity"), [[1e9]], [[0]])


def test_every_parameter_moves_against_its_gradient_and_the_cost_falls_as_predicted():
    eta = 1e-6
    stepped = bp.gradient_step(trace, eta)
    for l in net.w:
        np.testing.assert_array_equal(stepped.w[l], net.w[l] - eta * trace.grad_w[l])
        np.testing.assert_array_equal(stepped.b[l], net.b[l] - eta * trace.grad_b[l])
    fall = trace.cost - bp.backprop(stepped, birds.x, birds.y).cost
    squares = sum((g[l] ** 2).sum() for g in (trace.grad_w, trace.grad_b) for l in net.w)
    assert fall == pytest.approx(eta * squares, rel=1e-3)
    assert (stepped.activation, stepped.output, stepped.cost) == (net.activation, net.output, net.cost)


@pytest.mark.parametrize(
    ("trace", "eta", "sentence"),
    [
        *((trace, eta, "eta must be above 0") for eta in (0, -1)),
        (trace, float("nan"), "eta must be finite"),
        *((trace, eta, "eta must be a number") for eta in ("fast", None)),
        (bp.forward(net, birds.x), 1, "there is no ∂C/∂w²: forward computes no errors and no gradients"),
        (LARGE, 1e300, r"^w\[2\] grew beyond what a float can hold; scale eta down$"),
    ],
)
def test_a_step_that_cannot_be_taken_is_refused(trace, eta, sentence):
    with pytest.raises((ValueError, TypeError, IndexError), match=sentence):
        bp.gradient_step(trace, eta)


# A run ---------------------------------------------------------------------------------------------------------------

PENGUINS = bp.Network([3, 4, 2], seed=38)


def test_a_run_is_the_steps_in_shuffled_mini_batches():
    history = bp.train(net, birds.x, birds.y, eta=0.1, epochs=2, batch=50, seed=7)
    by_hand, random = net, np.random.default_rng(7)
    for n in range(3):
        assert history.cost[n] == pytest.approx(bp.backprop(history.nets[n], birds.x, birds.y).cost, rel=1e-12)
        a = bp.forward(history.nets[n], birds.x).a[3]
        assert history.right[n] == np.mean([a[:, i].argmax() == birds.y[:, i].argmax() for i in range(219)])
        for found, expected in ((history.nets[n].w, by_hand.w), (history.nets[n].b, by_hand.b)):
            np.testing.assert_equal(dict(found), dict(expected))
        order = list(random.permutation(219))
        for size in (50, 50, 50, 50, 19):  # every bird once, the last mini-batch smaller
            some, order = order[:size], order[size:]
            by_hand = bp.gradient_step(bp.backprop(by_hand, birds.x[:, some], birds.y[:, some]), 0.1)
    assert (history.nets[0], history.net, history.epochs, history.stopped) == (net, history.nets[2], 2, "")


def test_it_learns_the_penguins_and_prints_nothing(capsys):
    history = bp.train(PENGUINS, birds.x, birds.y, epochs=30)
    assert history.right[-1] > 0.98
    assert history.cost[-1] < 0.05 * history.cost[0]
    assert capsys.readouterr() == ("", "")
    assert repr(history) == (
        f"30 epochs: cost {history.cost[0]:.4f} → {history.cost[-1]:.4f}, "
        f"right {100 * history.right[0]:.1f} % → {100 * history.right[-1]:.1f} %"
    )


def test_the_seed_says_it_all_and_no_epoch_is_an_epoch_too():
    one, same, other = (bp.train(PENGUINS, birds.x, birds.y, epochs=2, seed=seed) for seed in (1, 1, 2))
    generator = bp.train(PENGUINS, birds.x, birds.y, epochs=2, seed=np.random.default_rng(1))
    assert one.cost.tolist() == same.cost.tolist() == generator.cost.tolist() != other.cost.tolist()
    none = bp.train(PENGUINS, birds.x, birds.y, epochs=0)
    assert (none.nets, len(none.cost), repr(none)) == ((PENGUINS,), 1, "0 epochs: cost 0.2530, right 72.1 %")
    assert repr(bp.train(PENGUINS, birds.x, birds.y, epochs=1)).startswith("1 epoch: ")


def test_on_epoch_is_given_the_history_so_far():
    seen = []
    history = bp.train(PENGUINS, birds.x, birds.y, epochs=3, on_epoch=seen.append)
    assert [so_far.epochs for so_far in seen] == [1, 2, 3]
    assert [so_far.net for so_far in seen] == list(history.nets[1:])
    for array in (history.cost, seen[0].right):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1
    with pytest.raises(ZeroDivisionError):  # what goes wrong in it is not swallowed
        bp.train(PENGUINS, birds.x, birds.y, epochs=3, on_epoch=lambda so_far: 1 / 0)


@pytest.mark.parametrize(("call", "finished"), [(1, 0), (30, 1), (44, 1), (45, 2)])
def test_the_stop_button_loses_no_finished_epoch(monkeypatch, call, finished):
    calls = []

    def interrupted(*arguments):
        calls.append(arguments)
        if len(calls) == call:
            signal.raise_signal(signal.SIGINT)  # what the kernel gets from the stop button
        return both_passes(*arguments)

    monkeypatch.setattr(training, "both_passes", interrupted)
    history = bp.train(PENGUINS, birds.x, birds.y)  # 22 mini-batches an epoch
    assert history.stopped == f"interrupted after {finished} of 100 epochs"
    assert (len(history.nets), len(history.cost), len(history.right)) == (finished + 1,) * 3
    assert f"({history.stopped})" in repr(history)


def test_the_stop_button_during_on_epoch_keeps_that_epoch():
    def stop(so_far):
        if so_far.epochs == 2:
            signal.raise_signal(signal.SIGINT)

    assert bp.train(PENGUINS, birds.x, birds.y, on_epoch=stop).epochs == 2


@pytest.mark.parametrize(
    ("kind", "eta"),
    [
        (("identity",), 3),
        (("relu", "identity"), 50),
        (("tanh", "softmax", "log_likelihood"), 1e308),
        (("sigmoid", "sigmoid", "cross_entropy"), 1.7e308),
    ],
)
def test_a_diverging_run_stops_with_a_sentence_and_on_epoch_is_told(kind, eta):
    seen = []  # warnings are errors in these tests
    history = bp.train(bp.Network([3, 4, 2], *kind, seed=1), birds.x, birds.y, eta=eta, on_epoch=seen.append)
    assert seen[-1] is history
    assert history.stopped.startswith(f"diverged in epoch {history.epochs + 1} of 100: numbers grew beyond what a ")
    assert history.stopped.endswith(f"choose an eta below {eta:g}")
    assert np.isfinite(history.cost).all()
    assert all(np.isfinite(history.net.w[l]).all() for l in history.net.w)


HALF, NEVER, TWO, NONE = (birds.y.copy() for _ in range(4))
HALF[:, 4], NEVER[:], TWO[:, 7], NONE[:, 0] = 0.5, [[1], [0]], 1, 0
UNUSABLE = [
    ({"eta": 0}, "eta must be above 0, or the cost does not fall; it is 0"),
    ({"eta": -0.5}, "eta must be above 0, or the cost does not fall; it is -0.5"),
    ({"eta": float("nan")}, "eta must be finite; it is nan"),
    ({"epochs": -1}, "epochs must be at least 0; it is -1"),
    ({"epochs": 2.0}, "epochs must be a whole number; it is 2.0"),
    ({"batch": 0}, "batch must be at least 1; it is 0"),
    ({"batch": 220}, "batch must be at most the number of samples, 219; it is 220"),
    ({"batch": "all"}, "batch must be a whole number; it is 'all'"),
    ({"seed": None}, "seed must be a whole number; it is None"),
    ({"seed": -1}, "seed must be at least 0; it is -1"),
    ({"on_epoch": "print"}, "on_epoch must be a function that takes the history; it is 'print'"),
    ({"net": 3}, "net must be a Network; it is 3"),
    ({"x": birds.x[:2]}, "the input layer has 3 neurons, so x must have 3 rows; it has 2"),
    ({"x": birds.x * np.inf}, "x must be finite; in row 1, column 1 it is -inf"),
    ({"y": birds.y[:, :5]}, "the output has shape (2, 219), so y must have it too; it has (2, 5)"),
    ({"y": HALF}, "y must be one-hot, a single 1 in each column and 0 elsewhere; y[:, 4] is 0.5, 0.5"),
    ({"y": TWO}, "y must be one-hot, a single 1 in each column and 0 elsewhere; y[:, 7] is 1, 1"),
    ({"y": NONE}, "y must be one-hot, a single 1 in each column and 0 elsewhere; y[:, 0] is 0, 0"),
    ({"y": NEVER}, "every class must appear in y; the class of row 2 never does, in 219 samples"),
]


@pytest.mark.parametrize(("wrong", "sentence"), UNUSABLE)
def test_what_it_cannot_learn_from_is_refused_before_any_work(monkeypatch, wrong, sentence):
    monkeypatch.setattr(training, "both_passes", lambda *_: pytest.fail("it had begun"))
    with pytest.raises((TypeError, ValueError), match=f"^{re.escape(sentence)}$"):
        bp.train(**{"net": PENGUINS, "x": birds.x, "y": birds.y, **wrong})


def test_a_single_output_says_yes_or_no():
    x, y = [[0, 0, 1, 1], [0, 1, 0, 1]], [[0, 1, 1, 0]]
    history = bp.train(bp.Network([2, 3, 1], cost="cross_entropy", seed=1), x, y, eta=2, epochs=600, batch=4)
    assert history.right[-1] == 1
    said = bp.forward(history.net, x).a[3] > 0.5
    assert said.astype(int).tolist() == y
    assert history.right[0] == ((bp.forward(history.nets[0], x).a[3] > 0.5) == np.array(y)).mean()
