"""Replay: what the browser gets of a history, what follows a growing one, and what it refuses."""

import numpy as np
import pytest

import bpcourse as bp
from bpcourse.pictures.picture import inventory_of
from bpcourse.widgets import replay as module
from bpcourse.widgets.story import slot_values
from tests.widgets.drawn import birds, net, tell

x, y = birds.x, birds.y
history = bp.train(net, x, y, epochs=6)
NAMES = {"inputs": birds.measurements, "outputs": birds.species}


def frames(film):
    return np.frombuffer(film.frames, "<f8").reshape(len(film.epochs), -1)


def bird(network, n):
    return bp.backprop(network, x[:, [n]], y[:, [n]])


def test_every_epoch_s_numbers_are_those_of_its_network():
    replay = bp.Replay(history, x, y, sample=128, eta=0.5)
    assert replay.film.epochs == [0, 1, 2, 3, 4, 5, 6]
    for epoch, frame in enumerate(frames(replay.film)):
        np.testing.assert_array_equal(frame[1:], slot_values(bird(history.nets[epoch], 128), 0.5))
    marks = np.frombuffer(replay.film.marks, "u1").reshape(7, 219)
    np.testing.assert_array_equal((marks == y.argmax(axis=0)).mean(axis=1), history.right)
    assert (replay.film.cost, replay.film.right) == (history.cost.tolist(), history.right.tolist())


def test_the_map_says_what_the_network_says_there():
    replay = bp.Replay(history, x, y, axes=(3, 1), **NAMES)
    fields = np.frombuffer(replay.film.fields, "u1").reshape(7, 24, 24)
    across, up = replay.film.story["sides"]
    assert (across["name"], up["name"], replay.film.story["others"]) == (
        "flipper length",
        "bill length",
        ["bill depth"],
    )
    low, high = x.min(axis=1) - 0.25, x.max(axis=1) + 0.25
    for row, column in ((0, 0), (0, 23), (23, 0), (11, 17)):
        point = np.zeros((3, 1))
        point[2] = low[2] + column / 23 * (high[2] - low[2])
        point[0] = high[0] - row / 23 * (high[0] - low[0])
        assert fields[4, row, column] == bp.forward(history.nets[4], point).a[3].argmax()
    assert len(np.unique(fields[4])) == 2
    assert across["places"][5] == pytest.approx((x[2, 5] - low[2]) / (high[2] - low[2]), abs=1e-4)
    for text, place in up["ticks"]:
        assert float(text.replace("−", "-")) == pytest.approx(low[0] + place * (high[0] - low[0]))


def test_an_epoch_that_the_browser_turned_to_is_the_network_s_and_no_frame_is_sent():
    replay = bp.Replay(history, x, y, sample=128)
    before = replay.flow.frame
    replay.film.set_state({"epoch": 2})
    assert replay.flow.net is history.nets[2]
    assert replay.flow.frame is before
    replay.flow.set_state({"frame": memoryview(frames(replay.film)[2].tobytes())})
    assert replay.flow.frame == frames(replay.film)[2].tobytes()
    tell(replay.flow, change=["w-3-1-3", 2.5])
    moved = bird(history.nets[2].with_weight(3, 1, 3, 2.5), 128)
    np.testing.assert_array_equal(np.frombuffer(replay.flow.frame)[1:], slot_values(moved, 1.0))
    tell(replay.flow, reset=True)
    assert replay.flow.net is history.nets[2], "Reset leads to the epoch"


def test_an_epoch_set_in_python_is_shown():
    replay = bp.Replay(history, x, y, sample=128, epoch=1)
    assert replay.flow.net is history.nets[1]
    replay.epoch = 3
    np.testing.assert_array_equal(np.frombuffer(replay.flow.frame)[1:], slot_values(bird(history.nets[3], 128), 1.0))
    for wrong in (7, -1):
        with pytest.raises(ValueError, match=f"epoch must be between 0 and 6; it is {wrong}"):
            replay.epoch = wrong
    with pytest.raises(ValueError, match="epoch must be between 0 and 6; it is 9"):
        bp.Replay(history, x, y, epoch=9)


def test_another_bird_has_its_own_frames():
    replay = bp.Replay(history, x, y, sample=128, epoch=2)
    tell(replay.flow, sample=5)
    for epoch, frame in enumerate(frames(replay.film)):
        np.testing.assert_array_equal(frame[1:], slot_values(bird(history.nets[epoch], 5), 1.0))
    assert replay.flow.net is history.nets[2]


def test_a_training_is_followed_and_another_one_after_it():
    replay, seen = bp.Replay(net, x, y), []
    assert (replay.epoch, replay.film.epochs) == (0, [0])

    def watch(so_far):
        replay.follow(so_far)
        seen.append((replay.epoch, len(replay.film.cost)))

    bp.train(net, x, y, epochs=3, on_epoch=watch)
    assert seen == [(1, 2), (2, 3), (3, 4)]
    other = bp.train(net, x, y, epochs=3, seed=1)
    replay.follow(other)
    assert replay.flow.net is other.net
    np.testing.assert_array_equal(frames(replay.film)[2][1:], slot_values(bird(other.nets[2], 0), 1.0))
    marks = np.frombuffer(replay.film.marks, "u1").reshape(4, 219)
    np.testing.assert_array_equal((marks == y.argmax(axis=0)).mean(axis=1), other.right)
    replay.follow(bp.train(net, x, y, epochs=1))
    assert (replay.epoch, replay.film.epochs) == (1, [0, 1])


class Shell:
    """What a cell is to a widget: what waits for its end."""

    def __init__(self):
        self.waiting, self.events = [], self

    def register(self, event, call):
        self.waiting.append((event, call))

    def unregister(self, event, call):
        self.waiting.remove((event, call))

    def cell_is_done(self):
        ((event, call),) = self.waiting
        assert event == "post_run_cell"
        call(None)
        assert self.waiting == []


@pytest.fixture
def shell(monkeypatch):
    shell = Shell()
    monkeypatch.setattr(module, "get_ipython", lambda: shell)
    return shell


def test_in_a_notebook_few_messages_are_sent_and_the_last_one_when_the_cell_is_done(monkeypatch, shell):
    replay = bp.Replay(net, x, y)
    monkeypatch.setattr(module, "PAUSE", 1000)
    run = bp.train(net, x, y, epochs=5, on_epoch=replay.follow)
    assert replay.epoch == 0
    shell.cell_is_done()
    assert (replay.epoch, replay.film.cost) == (5, run.cost.tolist())


def test_the_stop_button_while_it_is_told_leaves_the_whole_history(monkeypatch, shell):
    replay, looked = bp.Replay(net, x, y), []

    def look(*arguments):
        looked.append(arguments)
        if len(looked) == 3:
            raise KeyboardInterrupt
        return said(*arguments)

    said = module.charts.predicted
    monkeypatch.setattr(module.charts, "predicted", look)
    monkeypatch.setattr(module, "PAUSE", 0)
    run = bp.train(net, x, y, epochs=5, on_epoch=replay.follow)
    shell.cell_is_done()
    assert run.stopped == f"interrupted after {run.epochs} of 5 epochs"
    assert (replay.film.stopped, replay.film.cost, replay.epoch) == (run.stopped, run.cost.tolist(), run.epochs)


def test_of_a_long_history_some_epochs_are_left_out():
    deep = bp.Network([3, 8, 8, 8, 2], seed=1)
    long = bp.train(deep, x, y, epochs=60, batch=219)
    film = bp.Replay(long, x, y).film
    assert len(film.frames) + len(film.marks) + len(film.fields) <= module.MOST_BYTES
    assert (film.epochs[0], film.epochs[-1], len(film.cost)) == (0, 60, 61)
    assert 20 < len(film.epochs) < 61
    every = bp.Replay(bp.train(net, x, y, epochs=100, batch=219), x, y).film
    assert every.epochs == list(range(101)), "the drawn network's hundred epochs are all there"
    assert len(every.frames) < 150_000


def test_what_is_shown_without_a_browser():
    replay = bp.Replay(history, x, y, sample=128, select="delta-2-3", **NAMES)
    data, _ = replay._repr_mimebundle_()
    text = data["text/plain"]
    wrong = np.flatnonzero(bp.forward(history.net, x).a[3].argmax(axis=0) != y.argmax(axis=0))
    assert text.startswith(f"Epoch 6 of 6: cost {history.cost[6]:.4f}, {100 * history.right[6]:.1f} % right, ")
    assert f"{len(wrong)} of 219 samples wrong: {', '.join(map(str, wrong))}\nSample 128. BP2" in text
    names = {row[0] for row in inventory_of(data["image/png"])}
    assert {"curve-cost", "epoch", "right-Adelie", "wrong-Chinstrap"} <= names
    far = bp.train(bp.Network([3, 4, 2], "identity", seed=38), x, y, epochs=30)
    assert "\ndiverged in epoch 1 of 30: " in bp.Replay(far, x, y)._repr_mimebundle_()[0]["text/plain"]


@pytest.mark.parametrize(
    ("given", "error", "sentence"),
    [
        ({"history": "net"}, TypeError, "a history of bp.train or a network is expected; it is 'net'"),
        ({"axes": (1, 1)}, ValueError, "axes must be two different inputs between 1 and 3"),
        ({"axes": (0, 1)}, ValueError, "axes must be two different inputs between 1 and 3"),
        ({"axes": (1, 4)}, ValueError, "axes must be two different inputs between 1 and 3"),
        ({"axes": 2}, ValueError, "axes must be two different inputs between 1 and 3"),
        ({"sample": 219}, ValueError, "sample must be between 0 and 218"),
        ({"select": "delta-4-1"}, ValueError, "select must be"),
    ],
)
def test_what_it_refuses(given, error, sentence):
    with pytest.raises(error, match=sentence):
        bp.Replay(given.pop("history", history), x, y, **given)


def test_the_functions_of_a_history_cannot_be_changed():
    replay = bp.Replay(history, x, y)
    tell(replay.flow, choose=["activation", "tanh"])
    assert replay.flow.problem.startswith("Not changed: ")
    assert replay.flow.net is history.net


def test_any_epoch_of_a_long_history_is_there_when_it_is_asked_for():
    long = bp.train(net, x, y, epochs=400)
    replay = bp.Replay(long, x, y, sample=128, epoch=3)
    sent = len(replay.film.epochs)
    assert sent < 401
    for epoch in (3, 1, 2, 399, 400, 0, 7):
        replay.epoch = epoch
        at = replay.film.epochs.index(epoch)
        assert replay.film.epochs == sorted({*replay.film.epochs})
        assert len(replay.film.epochs) <= sent + 1, "they do not pile up"
        numbers = slot_values(bird(long.nets[epoch], 128), 1.0)
        np.testing.assert_array_equal(frames(replay.film)[at][1:], numbers)
        np.testing.assert_array_equal(np.frombuffer(replay.flow.frame)[1:], numbers)
        marks = np.frombuffer(replay.film.marks, "u1").reshape(-1, 219)[at]
        assert (marks == y.argmax(axis=0)).mean() == long.right[epoch]


@pytest.mark.parametrize("classes", range(2, 9))
def test_every_class_has_a_look_of_its_own_or_there_is_a_sentence(classes):
    many, truth = bp.Network([3, 4, classes], seed=1), np.eye(classes)[:, np.arange(219) % classes]
    if classes > 4:
        with pytest.raises(ValueError, match=f"4 classes can be told apart .* has {classes} outputs"):
            bp.Replay(bp.train(many, x, truth, epochs=1), x, truth)
        return
    looks = bp.Replay(bp.train(many, x, truth, epochs=1), x, truth).film.story["looks"]
    assert len({entry["colour"] for entry in looks}) == len({entry["shape"] for entry in looks}) == classes
