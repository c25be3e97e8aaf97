"""A training of a Replay's own: the same as `bp.train` in every bit, however it is stopped, and nothing that goes wrong
in it is lost.

What a hand does to it is in `tests/widgets/on_stage`, what JupyterLab does in `tests/course`.
"""

import asyncio
import threading

import numpy as np
import pytest

import bpcourse as bp
from bpcourse.network import training
from bpcourse.widgets import replay as module
from bpcourse.widgets import sliced
from tests.widgets.drawn import birds, net, tell

x, y = birds.x, birds.y
PLAIN = bp.train(net, x, y, epochs=7, batch=16, seed=3)


def same(history, expected):
    """In every bit."""
    assert (history.cost.tolist(), history.right.tolist()) == (expected.cost.tolist(), expected.right.tolist())
    for ours, theirs in zip(history.nets, expected.nets, strict=True):
        for l in theirs.w:
            np.testing.assert_array_equal(ours.w[l], theirs.w[l], strict=True)
            np.testing.assert_array_equal(ours.b[l], theirs.b[l], strict=True)
    assert history.stopped == expected.stopped


async def until(condition):
    while not condition():
        await asyncio.sleep(0.001)


def press(replay, train):
    """What the button sends."""
    replay.film._handle_custom_msg({"train": train}, [])


@pytest.fixture
def jupyter(aside):
    """Runs a coroutine on an event loop, as Jupyter runs a cell."""
    return lambda coroutine: aside(asyncio.run, asyncio.wait_for(coroutine, 60))


@pytest.fixture
def short(monkeypatch):
    """Slices of one mini-batch, each of which is told."""
    monkeypatch.setattr(sliced, "SLICE", 1e-9)
    monkeypatch.setattr(sliced, "REST", 0)
    monkeypatch.setattr(module, "PAUSE", 0)


def test_its_cell_is_done_before_it_begins_and_it_comes_to_what_train_does(jupyter):
    async def cell():
        replay = bp.Replay(net, x, y)
        text = replay._text()
        assert replay.train(epochs=7, batch=16, seed=3) is None
        assert (replay.epoch, replay.history.epochs, replay._text()) == (0, 0, text)
        assert (replay.film.training, replay.film.progress) == ("runs", "Training: 0 of 7 epochs.")
        await until(lambda: replay.film.training == "over")
        return replay

    replay = jupyter(cell())
    same(replay.history, PLAIN)
    assert (replay.epoch, replay.film.cost, replay.film.progress) == (7, PLAIN.cost.tolist(), "7 of 7 epochs.")


@pytest.mark.usefixtures("short")
def test_stopped_after_any_mini_batch_it_goes_on_as_if_it_never_was(jupyter):
    async def cell():
        replay, stops = bp.Replay(net, x, y), 0
        replay.train(epochs=7, batch=16, seed=3)
        while replay.film.training != "over":
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            if stops % 2:
                replay.stop()
                assert replay.film.training in ("rests", "over")
                replay.train(epochs=7, batch=16, seed=3)
            else:
                press(replay, False)
                await until(lambda: not replay._work.runs)
                press(replay, True)
            stops += 1
        return replay, stops

    replay, stops = jupyter(cell())
    assert stops > 30
    same(replay.history, PLAIN)


@pytest.mark.usefixtures("short")
def test_stopped_it_says_so_and_trains_no_more(jupyter):
    async def cell():
        replay = bp.Replay(net, x, y)
        replay.train(epochs=500)
        await until(lambda: replay.history.epochs >= 3)
        press(replay, False)
        await until(lambda: replay.film.training == "rests")
        done, kept = replay.history.epochs, replay._training._kept[-1]
        for _ in range(50):
            await asyncio.sleep(0.001)
        assert replay._training._kept[-1] is kept
        return replay, done

    replay, done = jupyter(cell())
    said = f"interrupted after {done} of 500 epochs"
    assert (replay.history.stopped, replay.film.stopped) == (said, said)
    assert replay.film.progress == f"Stopped after {done} of 500 epochs."
    same(
        bp.train(net, x, y, epochs=done), module.History(replay.history.nets, replay.history.cost, replay.history.right)
    )


def test_other_epochs_go_on_and_other_numbers_begin_again(jupyter):
    async def cell():
        replay = bp.Replay(net, x, y)

        async def trained(**numbers):
            replay.train(**numbers)
            await until(lambda: replay.film.training == "over")
            return replay.history

        same(await trained(epochs=3, batch=16, seed=3), bp.train(net, x, y, epochs=3, batch=16, seed=3))
        third = replay.history.net
        same(await trained(epochs=7, batch=16, seed=3), PLAIN)
        assert replay.history.nets[3] is third, "it went on"
        same(await trained(epochs=7, batch=16, seed=3), PLAIN)
        for numbers in ({"eta": 0.5, "epochs": 2}, {"epochs": 2, "batch": 219}, {"epochs": 1, "seed": 9}):
            same(await trained(**numbers), bp.train(net, x, y, **numbers))
            assert replay.epoch == numbers["epochs"]

    jupyter(cell())


def test_a_history_that_is_there_goes_on(jupyter):
    async def cell():
        replay = bp.Replay(PLAIN, x, y)
        replay.train(epochs=2, seed=5)
        await until(lambda: replay.film.training == "over")
        return replay.history

    history, more = jupyter(cell()), bp.train(PLAIN.net, x, y, epochs=2, seed=5)
    assert history.nets[:8] == PLAIN.nets
    assert history.cost.tolist() == [*PLAIN.cost.tolist(), *more.cost.tolist()[1:]]


@pytest.mark.usefixtures("short")
def test_the_hand_stays_where_it_is_and_the_curve_grows(jupyter):
    async def cell():
        replay = bp.Replay(net, x, y, sample=128)
        replay.train(epochs=100_000)
        await until(lambda: replay.epoch >= 3)
        replay.film.set_state({"epoch": 1, "follows": False})
        grown = len(replay.film.cost) + 3
        await until(lambda: len(replay.film.cost) >= grown)
        assert (replay.epoch, replay.flow.net) == (1, replay.history.nets[1])
        replay.film.set_state({"epoch": replay.film.epochs[-1], "follows": True})
        await until(lambda: replay.epoch >= grown)
        tell(replay.flow, sample=5)
        assert replay.film.follows, "another bird is looked at on the way"
        for change in (["w-3-1-3", 2.5], ["x-1-2", 1.5]):
            tell(replay.flow, change=change)
            trace, grown = replay.flow.trace, len(replay.film.cost) + 3
            await until(lambda: len(replay.film.cost) >= grown)  # noqa: B023
            assert replay.flow.trace is trace, "what the hand made is not taken away"
            replay.epoch = replay.history.epochs
        replay.stop()

    jupyter(cell())


def test_another_one_while_it_runs_is_refused_and_nothing_is_lost(jupyter):
    async def cell():
        replay, refused = bp.Replay(net, x, y), "this replay is training; press Stop, or call its stop"
        replay.train(epochs=7, batch=16, seed=3)
        await asyncio.sleep(0)
        with pytest.raises(ValueError, match=refused):
            replay.train(epochs=7, batch=16, seed=4)
        with pytest.raises(ValueError, match=refused):
            replay.follow(PLAIN)
        with pytest.raises(ValueError, match="epochs must be at least 0; it is -1"):
            replay.train(epochs=-1)
        replay.train(epochs=7, batch=16, seed=3)
        await until(lambda: replay.film.training == "over")
        same(replay.history, PLAIN)
        replay.follow(bp.train(net, x, y, epochs=2))
        assert (replay.film.training, replay.film.progress, replay.epoch) == ("", "", 2)

    jupyter(cell())


@pytest.mark.usefixtures("short")
@pytest.mark.parametrize("part", ["all of it", "the film"])
def test_nothing_trains_on_after_it_is_closed(jupyter, part):
    async def cell():
        replay = bp.Replay(net, x, y)
        replay.train(epochs=100_000)
        await until(lambda: replay.history.epochs >= 2)
        (replay if part == "all of it" else replay.film).close()
        await until(lambda: replay._work._task.done())
        replay.stop()

    jupyter(cell())


@pytest.mark.usefixtures("short")
@pytest.mark.parametrize("where", ["a step", "what is told"])
def test_what_goes_wrong_in_a_slice_is_said_and_nothing_is_lost(jupyter, monkeypatch, where):
    calls, wrong = [], (training, "both_passes") if where == "a step" else (module.charts, "predicted")
    right = getattr(*wrong)

    def breaks(*arguments):
        calls.append(arguments)
        if len(calls) == 30:
            raise MemoryError("no room")
        return right(*arguments)

    async def cell():
        replay = bp.Replay(net, x, y)
        monkeypatch.setattr(*wrong, breaks)
        replay.train(epochs=100)
        await until(lambda: replay.film.training == "over")
        return replay

    replay = jupyter(cell())
    done = replay.history.epochs
    assert replay.film.stopped == f"after {done} epochs, MemoryError: no room"
    assert done >= 1
    assert replay.film.cost == bp.train(net, x, y, epochs=done).cost.tolist()


def test_numbers_that_grow_too_large_end_it_with_the_sentence_of_train(jupyter):
    linear = bp.Network([3, 4, 2], "identity", seed=38)
    plain = bp.train(linear, x, y, epochs=30)

    async def cell():
        replay = bp.Replay(linear, x, y)
        for _ in range(2):  # the second time there is nothing to do
            replay.train(epochs=30)
            await until(lambda: replay.film.training == "over")
        return replay

    replay = jupyter(cell())
    same(replay.history, plain)
    assert replay.film.stopped == plain.stopped
    assert replay.film.stopped.startswith("diverged in epoch 1 of 30")


def test_without_an_event_loop_it_is_over_when_it_returns(aside, monkeypatch):
    replay = aside(bp.Replay, net, x, y)
    aside(lambda: replay.train(epochs=7, batch=16, seed=3))
    same(replay.history, PLAIN)
    assert (replay.epoch, replay.film.training) == (7, "over")
    monkeypatch.setattr(training, "both_passes", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        aside(lambda: replay.train(epochs=9, batch=16, seed=3))
    monkeypatch.undo()

    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(training, "both_passes", interrupted)
    aside(lambda: replay.train(epochs=9))
    assert replay.history.stopped == "interrupted after 0 of 9 epochs"


def test_between_slices_others_have_their_turn_also_when_an_epoch_is_long(jupyter):
    many = np.tile(x, 300), np.tile(y, 300)  # an epoch of 65,700 samples takes seconds

    async def cell():
        replay = bp.Replay(net, *many)
        replay.train()
        for _ in range(5):
            await asyncio.sleep(0)
        replay.stop()
        return replay

    replay = jupyter(cell())
    assert replay.history.epochs == 0
    assert replay.film.progress == "Stopped after 0 of 100 epochs."


def test_stop_is_heard_in_the_middle_of_a_slice(jupyter, monkeypatch):
    monkeypatch.setattr(sliced, "SLICE", 1000)
    calls, right = [], training.both_passes

    async def cell():
        replay = bp.Replay(net, x, y)

        def pressed(*arguments):
            calls.append(arguments)
            if len(calls) == 30:
                button = threading.Thread(target=press, args=(replay, False))  # as Jupyter hears it
                button.start()
                button.join()
            return right(*arguments)

        monkeypatch.setattr(training, "both_passes", pressed)
        replay.train(epochs=20)
        await until(lambda: replay.film.training != "runs")
        return replay

    assert jupyter(cell()).film.progress == "Stopped after 1 of 20 epochs."
    assert len(calls) == 30


def test_few_messages_are_sent(jupyter, monkeypatch):
    monkeypatch.setattr(module, "PAUSE", 1000)

    async def cell():
        replay, sent = bp.Replay(net, x, y), []
        replay.train(epochs=7, batch=16, seed=3)
        replay.film.observe(sent.append, "cost")
        await until(lambda: replay.film.training == "over")
        return len(sent)

    assert jupyter(cell()) == 1
