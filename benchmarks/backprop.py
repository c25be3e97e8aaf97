"""How fast `backprop` is, against what the mathematics cannot do without and against others, in one run.

`python -m benchmarks.backprop` prints these rows alone. torch is measured if it is installed; it is no dependency.
"""

import statistics
import time
import tracemalloc
from collections.abc import Callable
from functools import partial

import numpy as np

import bpcourse as bp
from bpcourse.network.backprop import both_passes, inputs, targets

# Sizes, samples, rounds, and the aim for backprop over its matrix products and one σ a layer.
CASES = [([3, 4, 2], 1, 500, None), ([784, 30, 10], 128, 200, 1.3), ([784, 100, 10], 1024, 60, 1.5)]
SLOW = "one at a time"


def case(sizes: list[int], m: int) -> tuple[bp.Network, np.ndarray, np.ndarray]:
    """A network of these sizes, m random inputs and one-hot targets."""
    random = np.random.default_rng(0)
    y = np.eye(sizes[-1])[:, random.integers(0, sizes[-1], m)]
    return bp.Network(sizes, seed=1), random.normal(size=(sizes[0], m)), y


def frozen(*tables: np.ndarray) -> list[np.ndarray]:
    """Copies that nobody writes to, such as the tables of `bp.penguins`: `backprop` takes them as they are."""
    copies = [table.copy() for table in tables]
    for table in copies:
        table.flags.writeable = False
    return copies


def products(net: bp.Network, trace: bp.Trace) -> Callable:
    """The matrix products of one backpropagation and one σ a layer: no bias, no σ′, nothing kept."""

    def run():
        a = trace.x
        for l in net.w:
            a = bp.sigmoid(net.w[l] @ a)
        for l in range(net.L - 1, 1, -1):
            net.w[l + 1].T @ trace.delta[l + 1]
        for l in net.w:
            trace.delta[l] @ trace.a[l - 1].T

    return run


def one_by_one(net: bp.Network, *batches: tuple[np.ndarray, np.ndarray]) -> list[bp.Trace]:
    """The traces of several mini-batches, all of them kept."""
    return [bp.backprop(net, x, y) for x, y in batches]


def one_at_a_time(net: bp.Network, x: np.ndarray, y: np.ndarray) -> tuple[list, list]:
    """Gradients of the quadratic cost as Nielsen's book computes them: sample by sample, added up in lists."""
    w, b = [*net.w.values()], [*net.b.values()]
    sum_b, sum_w = [np.zeros(table.shape) for table in b], [np.zeros(table.shape) for table in w]
    for n in range(x.shape[1]):
        activations, weighted = [x[:, n : n + 1]], []
        for weights, bias in zip(w, b, strict=True):
            weighted.append(np.dot(weights, activations[-1]) + bias)
            activations.append(1 / (1 + np.exp(-weighted[-1])))
        error = activations[-1] - y[:, n : n + 1]
        for layer in reversed(range(len(w))):
            a = 1 / (1 + np.exp(-weighted[layer]))
            error = error * a * (1 - a)
            sum_b[layer] = sum_b[layer] + error
            sum_w[layer] = sum_w[layer] + np.dot(error, activations[layer].T)
            error = np.dot(w[layer].T, error) if layer else error
    return [table / x.shape[1] for table in sum_b], [table / x.shape[1] for table in sum_w]


def autograd(net: bp.Network, x: np.ndarray, y: np.ndarray) -> Callable | None:
    """The same gradients by torch, forward and backward, float64; None where torch is not installed."""
    try:
        import torch
    except ImportError:
        return None
    w, b = ([torch.tensor(t[l], requires_grad=True) for l in net.w] for t in (net.w, net.b))
    x, y = torch.tensor(x), torch.tensor(y)

    def run():
        for table in (*w, *b):
            table.grad = None
        a = x
        for weights, bias in zip(w, b, strict=True):
            a = torch.sigmoid(weights @ a + bias)
        (((a - y) ** 2).sum() / (2 * x.shape[1])).backward()
        return [table.grad.numpy() for table in b], [table.grad.numpy() for table in w]

    return run


def medians(runs: dict[str, Callable], rounds: int) -> dict[str, float]:
    """The median microseconds of each, taking turns, so that all of them see the same machine.

    A turn is a pause, in which the threads of the one before stop waiting for work, and ten calls after two that are
    not counted.
    """
    times = {name: [] for name in runs}
    for turn in range(rounds // 10):
        for name, run in runs.items():
            if name == SLOW and turn % 3:
                continue
            time.sleep(0.02)
            for n in range(3 if name == SLOW else 12):
                start = time.perf_counter()
                run()
                if n > 1:
                    times[name].append(time.perf_counter() - start)
    return {name: 1e6 * statistics.median(values) for name, values in times.items()}


def memory(net: bp.Network, x: np.ndarray, y: np.ndarray) -> float:
    """The most that `backprop` holds at once, over what z, a and δ take."""
    tracemalloc.start()
    trace = bp.backprop(net, x, y)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / sum(table.nbytes for layers in (trace.z, trace.a, trace.delta) for table in layers.values())


def rows() -> list[str]:
    """A table of medians and ratios, in markdown."""
    head = ["sizes, samples", "µs", "checks", "products + σ", "ratio", "aim", "one at a time", "torch", "2 m"]
    head += ["2 m over its halves", "memory"]
    found = ["| " + " | ".join(head) + " |", "|" + " --- |" * len(head)]
    for sizes, m, rounds, aim in CASES:
        net, x, y = case(sizes, m)
        other_x, other_y = x[:, ::-1].copy(), y[:, ::-1].copy()
        x2, y2 = np.hstack([x, other_x]), np.hstack([y, other_y])
        still, other_still, still2 = frozen(x, y), frozen(other_x, other_y), frozen(x2, y2)
        trace, trace2, torch = bp.backprop(net, *still), bp.backprop(net, *still2), autograd(net, x, y)
        runs = {
            "copied": partial(bp.backprop, net, x, y),
            "copied 2 m": partial(bp.backprop, net, x2, y2),
            "copied halves": partial(one_by_one, net, (x, y), (other_x, other_y)),
            "frozen": partial(bp.backprop, net, *still),
            "frozen 2 m": partial(bp.backprop, net, *still2),
            "frozen halves": partial(one_by_one, net, still, other_still),
            "checks": lambda net=net, x=x, y=y: targets(net, y, (net.sizes[-1], inputs(net, x).shape[1])),
            "passes": partial(both_passes, net, *still),
            "products": products(net, trace),
            "products 2 m": products(net, trace2),
            SLOW: partial(one_at_a_time, net, x, y),
        } | ({"torch": torch} if torch else {})
        for other in (SLOW, "torch"):  # the same gradients, or the race means nothing
            for ours, theirs in zip((trace.grad_b, trace.grad_w), runs.get(other, lambda: ((), ()))(), strict=True):
                for l, table in enumerate(theirs, start=2):
                    np.testing.assert_allclose(table, ours[l], rtol=1e-8, atol=1e-12)
        t = medians(runs, rounds)
        copied, as_it_is, least = t["copied"], t["frozen"], t["products"]
        held = f"{memory(net, x, y):.2f}" if m > 1 else "not asked"
        cells = [
            f"{'-'.join(map(str, sizes))}, {m}",
            f"{copied:,.0f}, {as_it_is:,.0f}",
            f"{t['checks']:,.0f}",
            f"{least:,.0f}",
            f"{t['passes'] / least:.2f}",
            str(aim or "at most 60 µs"),
            f"{t[SLOW] / copied:.1f}, {t[SLOW] / as_it_is:.1f}",
            f"{t['torch'] / copied:.1f}, {t['torch'] / as_it_is:.1f}" if torch else "not installed",
            ", ".join(f"{t[f'{name} 2 m'] / t[name]:.2f}" for name in ("copied", "frozen", "products")),
            ", ".join(f"{t[f'{name} 2 m'] / t[f'{name} halves']:.2f}" for name in ("copied", "frozen")),
            held,
        ]
        found.append("| " + " | ".join(cells) + " |")
    return found


def distance() -> str:
    """How far apart the two cores are, on which all of the above depends."""
    x = np.random.default_rng(0).normal(size=(784, 1024))

    def copy_and_read():
        copy = x.copy()
        np.vdot(copy, copy)

    t = medians({"copy": x.copy, "read": partial(np.vdot, x, x), "copy and read": copy_and_read}, 60)
    ratio = (t["copy and read"] - t["copy"]) / t["read"]
    return f"To read 6.4 MB that one core has just written takes {ratio:.1f} times as long as to read them again."


def epoch() -> str:
    """What `train` takes beside the backprops of its mini-batches."""
    net, x, y = case([784, 30, 10], 8192)
    learn = partial(bp.train, net, x, y, eta=0.1, batch=128)
    batches = [(x[:, n : n + 128].copy(), y[:, n : n + 128].copy()) for n in range(0, 8192, 128)]
    t = medians({e: partial(learn, epochs=e) for e in (0, 4)} | {"alone": partial(one_by_one, net, *batches)}, 20)
    one = (t[4] - t[0]) / 4
    return (
        f"An epoch of `train`, 784-30-10, 64 mini-batches of 128, takes {one / 1000:.0f} ms, "
        f"{one / t['alone']:.1f} times its calls of `backprop`."
    )


def report() -> list[str]:
    """The table and the two sentences below it."""
    return [*rows(), "", epoch(), distance()]


if __name__ == "__main__":
    print("\n".join(report()))
