"""A training of 20 epochs beside its live network, as a test reads it, and what bpcourse says should stand there."""

import numpy as np

import bpcourse as bp
from bpcourse.text import shown
from tests.browser.notebook_03 import birds, net

x, y = birds.x, birds.y
history = bp.train(net, x, y, epochs=20)


def first_film(opened):
    """The training of the second cell, at its last epoch, bird 128 chosen."""
    flow = opened.locator(".bpcourse-flow").first
    flow.locator("summary").evaluate("summary => { summary.parentNode.open = true }")
    flow.locator("input.sample").fill("128")
    flow.locator("input.sample").press("Tab")
    film = opened.locator(".bpcourse-replay").first
    film.locator(".sample", has_text="Sample 128, ").wait_for()
    film.locator(".epoch").fill("0")
    film.locator(".epoch").fill("20")
    flow.locator(".step").fill("5")
    holds(opened, 20, 128)
    return film


def holds(page, epoch, sample):
    """The whole page shows this epoch and this bird, and nothing else."""
    film, flow = page.locator(".bpcourse-replay").first, page.locator(".bpcourse-flow").first
    film.locator(".title", has_text=f"Epoch {epoch} of 20").wait_for()
    trace = bp.backprop(history.nets[epoch], x[:, [sample]], y[:, [sample]])
    flow.locator("#value-cost text", has_text=shown(trace.cost)).wait_for()
    for l in (2, 3):
        for j, number in enumerate(trace.delta[l][:, 0], start=1):
            assert flow.locator(f"#value-{l}-{j} text").text_content() == shown(number)
    found = bp.forward(history.nets[epoch], x).a[3].argmax(axis=0)
    wrong = np.flatnonzero(found != y.argmax(axis=0))
    cost, right = shown(history.cost[epoch], 4), shown(100 * history.right[epoch], 1)
    assert film.locator(".numbers").text_content() == f"cost {cost}, {right} % right, {len(wrong)} of 219 wrong"
    crossed = film.evaluate(
        "e => [...e.shadowRoot.querySelectorAll('.map .bird:has(.cross)')].map((bird) => Number(bird.dataset.sample))"
    )
    assert sorted(crossed) == wrong.tolist()
    names = birds.species[y[:, sample].argmax()], birds.species[found[sample]]
    verdict = "wrong" if sample in wrong else "right"
    assert film.locator(".sample").text_content() == f"Sample {sample}, {names[0]}: it says {names[1]}, {verdict}."
    assert film.locator(".note").text_content() == ""
