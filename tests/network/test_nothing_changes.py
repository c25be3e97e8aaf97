"""Networks, traces and tables: nothing changes once it is made, and what is frozen is shared."""

import copy
import dataclasses
import pickle

import numpy as np
import pytest

import bpcourse as bp

NET = bp.Network([3, 4, 2], seed=38)
TRACE = bp.backprop(NET, [[0.1], [0.2], [0.3]], [[1], [0]])


def test_parameters_and_samples_are_copied():
    w, b, x, y = {2: np.ones((1, 1))}, {2: np.ones((1, 1))}, np.ones((1, 1)), np.ones((1, 1))
    net = bp.Network.from_parameters(w, b)
    trace = bp.backprop(net, x, y)
    for array in (w[2], b[2], x, y):
        array[0, 0] = 99
    assert (net.w[2][0, 0], net.b[2][0, 0], trace.x[0, 0], trace.y[0, 0]) == (1, 1, 1, 1)


def frozen(array):
    array.flags.writeable = False
    return array


def test_a_frozen_table_is_taken_as_it_is():
    x, y = frozen(np.ones((3, 5))), frozen(np.ones((2, 5)))
    first = bp.backprop(NET, x, y)
    trace = bp.backprop(NET.with_weight(2, 1, 1, 5), first.x, first.y)
    assert trace.x is trace.a[1] is x
    assert trace.y is y
    assert trace.net.w[3] is NET.w[3]
    assert np.shares_memory(bp.forward(NET, x[:, 1:4]).x, x)


FOREIGN = np.frombuffer(bytearray(np.ones((3, 5)).tobytes())).reshape(3, 5)


@pytest.mark.parametrize("view", [lambda x: x[:, :2], lambda x: x[::-1], lambda x: x.T.T, lambda x: x[:, :3][:, :2]])
@pytest.mark.parametrize("x", [np.ones((3, 5)), FOREIGN], ids=["numpy", "foreign memory"])
def test_a_frozen_view_of_what_others_write_to_is_copied(view, x):
    x[:] = 1
    trace = bp.forward(NET, frozen(view(x)))
    x[:] = 99
    assert np.all(trace.x == 1)


@pytest.mark.parametrize("order", ["C", "F"])
def test_a_copy_lies_in_memory_as_its_table_does(order):
    """Samples in rows, transposed, are the usual origin of samples in columns; to turn them around costs time."""
    x, y = np.linspace(-1, 1, 15).reshape(3, 5), np.eye(2)[:, [0, 1, 0, 1, 1]]
    trace = bp.backprop(NET, np.asarray(x, order=order), np.asarray(y, order=order))
    assert trace.x.strides == np.asarray(x, order=order).strides
    np.testing.assert_allclose(trace.grad_w[2], bp.backprop(NET, x, y).grad_w[2], rtol=1e-14)
    x[2, 1] = np.nan
    with pytest.raises(ValueError, match="in row 3, column 2 it is nan"):
        bp.forward(NET, np.asarray(x, order=order))


def test_every_array_is_read_only():
    arrays = [TRACE.x, TRACE.y, TRACE.cost_x]
    for layers in (NET.w, NET.b, TRACE.z, TRACE.a, TRACE.delta, TRACE.grad_b, TRACE.grad_w):
        arrays += layers.values()
        with pytest.raises(TypeError, match="does not support item assignment"):
            layers[2] = 0
    for array in arrays:
        with pytest.raises(ValueError, match="read-only"):
            array[0, 0] = 5


@pytest.mark.parametrize("name", ["w", "b", "cost", "anything"])
def test_network_and_trace_refuse_attributes_and_a_network_cannot_be_taken_apart(name):
    with pytest.raises(AttributeError):
        delattr(NET, name)
    with pytest.raises(AttributeError, match=rf"^a Network does not change; with_weight .* \(not {name}\)$"):
        setattr(NET, name, 5)
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(TRACE, name, 5)


@pytest.mark.parametrize("again", [copy.deepcopy, lambda thing: pickle.loads(pickle.dumps(thing))])
def test_a_copy_does_not_change_either(again):
    with pytest.raises(ValueError, match="read-only"):
        again(NET).w[2][0, 0] = 5
    trace, alone = again(TRACE), again(bp.forward(NET, TRACE.x))
    assert trace.x is trace.a[1]
    assert alone.y is alone.cost_x is None
    for copied, original in zip((trace.x, trace.y, trace.cost_x), (TRACE.x, TRACE.y, TRACE.cost_x), strict=True):
        np.testing.assert_array_equal(copied, original)
        with pytest.raises(ValueError, match="read-only"):
            copied[0, 0] = 5


def test_with_weight_and_with_bias_give_a_new_network():
    old = bp.Network([3, 4, 2], "tanh", "sigmoid", "cross_entropy")
    for l, j, k in ((3, 2, 4), (2, 4, 1), (3, 1, 3)):
        new = old.with_weight(l, j, k, 5).with_bias(2, 3, -7)
        assert (new.w[l][j - 1, k - 1], new.b[2][2, 0], repr(new)) == (5, -7, repr(old))
        assert [(i, r + 1, c + 1) for i in (2, 3) for r, c in np.argwhere(new.w[i] != old.w[i])] == [(l, j, k)]
        assert [np.argwhere(new.b[i] != old.b[i]).tolist() for i in (2, 3)] == [[[2, 0]], []]
