"""A training that is followed in a kernel: in a cell with `follow`, and in slices with `Replay.train`, in turn."""

import statistics

from jupyter_client.manager import start_new_kernel

ROUNDS = 5
SETUP = """
import time
import bpcourse as bp
birds = bp.penguins()
net = bp.Network([3, 4, 2], seed=38)
followed, sliced = bp.Replay(net, birds.x, birds.y), bp.Replay(net, birds.x, birds.y)
seconds, ended = {}, {}
def ends(replay, name, begun):
    def look(change):
        if change.new == "over" or change.new == "rests":
            ended[name] = time.perf_counter() - begun
    replay.film.observe(look, "training")
"""
FOLLOWED = """
begun = time.perf_counter()
_ = bp.train(net, birds.x, birds.y, epochs=300, seed={n}, on_epoch=followed.follow)
print(time.perf_counter() - begun)
"""
SLICED = """
ended.clear()
ends(sliced, "sliced", time.perf_counter())
sliced.train(epochs=300, seed={n})
"""
IS_OVER = "print(ended.get('sliced', ''))"
LONG = "sliced.train(eta=0.3, epochs=10**6, seed={n})"
STOPS = """
import threading
ended.clear()
def press():
    time.sleep({n} / 100)
    ends(sliced, "stop", time.perf_counter())
    sliced.film._handle_custom_msg({{"train": False}}, [])
threading.Thread(target=press).start()  # as Jupyter hears widgets
"""
HAS_STOPPED = "print(ended.get('stop', ''))"


def trainings() -> list[str]:
    """A row for the rate and one for the button."""
    manager, client = start_new_kernel()
    try:

        def run(source: str) -> str:
            printed: list[str] = []

            def hear(message):
                if message["msg_type"] in ("stream", "error"):
                    printed.append(message["content"].get("text") or "\n".join(message["content"]["traceback"]))

            client.execute_interactive(source, output_hook=hear, timeout=300)
            return "".join(printed).strip()

        def wait(source: str) -> float:
            while not (found := run(f"import asyncio; await asyncio.sleep(0.3)\n{source}")):
                pass
            return float(found)

        run(SETUP)
        rates, stops = [], []
        for n in range(ROUNDS):
            in_a_cell = float(run(FOLLOWED.format(n=n)))
            run(SLICED.format(n=n))
            in_slices = wait(IS_OVER)
            rates.append((300 / in_a_cell, 300 / in_slices))
            run(LONG.format(n=n))
            run(STOPS.format(n=20 + 7 * n))
            stops.append(1000 * wait(HAS_STOPPED))
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
    cell, slices = (statistics.median(rate) for rate in zip(*rates, strict=True))
    ratio = statistics.median(two / one for one, two in rates)
    return [
        f"a followed training: {cell:.0f} epochs/s in a cell, {slices:.0f} in slices, ratio {ratio:.2f}",
        f"Stop heard until it has stopped and said so: {statistics.median(stops):.0f} ms, at most {max(stops):.0f} ms",
    ]


if __name__ == "__main__":
    for row in trainings():
        print(row)
