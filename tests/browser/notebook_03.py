"""The live network of notebook 03, as a test reads it, and what bpcourse says should stand there."""

import bpcourse as bp
from bpcourse.text import shown
from bpcourse.widgets.story import steps

birds = bp.penguins()
net = bp.Network([3, 4, 2], seed=38)
x, y = birds.x[:, [128]], birds.y[:, [128]]
STEPS = {step["name"]: str(n) for n, step in enumerate(steps(net))}  # of several of one name, the last
FLOW = ".jp-OutputArea-output > div > .bpcourse-flow"  # not the stepper's picture, which lies deeper


def numbers(flow):
    """What stands in the neurons, by layer."""
    return [
        [flow.locator(f"#value-{l}-{j} text").text_content() for j in range(1, n + 1)]
        for l, n in ((1, 3), (2, 4), (3, 2))
    ]


def expected(net):
    trace = bp.backprop(net, x, y)
    return [[shown(v) for v in column[:, 0]] for column in (x, trace.delta[2], trace.delta[3])]


def as_it_opens(page):
    """The live network as the notebook opens it."""
    return at_bp2(page.locator(FLOW))


def at_bp2(flow):
    """A live network at BP2, δ²₃ chosen, with the first weights."""
    flow.locator(".reset").click()
    flow.locator(".step").fill(STEPS["BP2"])
    flow.locator("#neuron-2-3").click()
    wait_for_numbers(flow, net)
    return flow


def wait_for_numbers(flow, net):
    for l, column in enumerate(expected(net), start=1):
        for j, text in enumerate(column, start=1):
            flow.locator(f"#value-{l}-{j} text", has_text=text).wait_for()
    assert numbers(flow) == expected(net)


def lit(flow, kind):
    return set(flow.evaluate(f"e => [...e.shadowRoot.querySelectorAll('.lit[id^={kind}-]')].map(node => node.id)"))


def panel(flow):
    return flow.locator(".panel").inner_text().replace("\n", "").replace(" ", "")
