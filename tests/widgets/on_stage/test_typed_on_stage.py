"""What somebody typed does not run in a widget, asks for nothing, and can be read, also by a screen reader."""

import pytest

import bpcourse as bp
from tests.as_typed import HOSTILE, as_read, hostile
from tests.test_typed import derivation, question, replayed
from tests.widgets.drawn import flow, net, x, y

READ = """() => [...document.querySelectorAll('*')].filter((node) => node.shadowRoot).flatMap(({ shadowRoot }) =>
    [shadowRoot.textContent, ...[...shadowRoot.querySelectorAll('*')].flatMap((node) =>
        [...node.attributes].map(({ value }) => value))]).join('|')"""
MADE = """() => [...document.querySelectorAll('*')].filter((node) => node.shadowRoot).flatMap(({ shadowRoot }) =>
    [...shadowRoot.querySelectorAll('script, img, a, [onload], [onerror]')].map((node) => node.outerHTML))"""
# What is no text in a story: formulas, and the names of parts, numbers and steps.
CODED = {"general", "rows", "symbol", "symbols", "numbers", "slot", "slots", "same", "parts", "name", "pulses"}
CODED |= {"shows", "wires", "errors", "options", "now"}


def typed(key):
    """A text in the place of one of the course's own, in which {j} stands for a neuron."""
    return hostile(key).replace("{j}", "")


def retold(told, key=""):
    """A story in which somebody typed every text."""
    if isinstance(told, dict):
        return {name: value if name in CODED else retold(value, name) for name, value in told.items()}
    if isinstance(told, list | tuple):
        return [retold(value, key) for value in told]
    return typed(key) if isinstance(told, str) else told


@pytest.fixture
def seen(stage):
    """Shows a widget and gives what is to be read; what ran, was asked for or was made of it is a failure."""
    asked, dialogs = [], []
    hear = lambda request: asked.append(request.url)  # noqa: E731
    refuse = lambda dialog: (dialogs.append(dialog.message), dialog.dismiss())  # noqa: E731
    places = []

    def show(widget):
        places.append(stage.show(widget))
        stage.settle()
        stage.page.on("request", hear)
        stage.page.on("dialog", refuse)
        return lambda: stage.page.evaluate(READ)

    yield show
    stage.settle()
    stage.page.wait_for_function("() => new Promise((done) => setTimeout(() => done(true), 50))")  # an error comes late
    assert stage.page.evaluate(MADE) == []
    assert [url for url in asked if not url.startswith(("blob:", "data:"))] == []
    assert dialogs == []
    assert stage.page.evaluate("window.ran ?? null") is None
    stage.page.remove_listener("request", hear)
    stage.page.remove_listener("dialog", refuse)
    for place in places:
        stage.clear(place)


def test_the_stage_would_see_it_run(stage):
    stage.page.evaluate("text => { document.body.appendChild(document.createElement('p')).innerHTML = text; }", HOSTILE)
    stage.page.wait_for_function("window.ran")
    stage.page.evaluate("() => { document.querySelector('p').remove(); delete window.ran; }")


def test_a_question(seen):
    widget = bp.Predict(question(), net, x, y)
    read = seen(widget)
    found = read()
    widget.ask.answer = hostile("that")
    found += read()
    for tag in ("asked", "this", "that", "why", "not", "look"):
        assert as_read(hostile(tag)) in found, tag


def test_a_derivation(seen):
    widget = bp.Stepper(derivation(), net, x, y)
    read = seen(widget)
    widget.lines.line = last = len(bp.BP2.lines) - 1
    found = read()
    for tag in ("name", "title", "reason-0", f"reason-{last}"):
        assert as_read(hostile(tag)) in found, tag


def test_a_training(seen):
    widget = replayed()
    found = seen(widget)()
    for tag in (0, 1, 2, "A", "B", "stopped"):
        assert as_read(hostile(tag)) in found, tag


def test_a_network_and_its_table_of_which_every_text_was_typed(seen):
    picture = flow(inputs=[HOSTILE] * 3, outputs=[HOSTILE] * 2)
    table = bp.WeightMatrix(picture)
    picture.story, table.grid.story = retold(picture.story), retold(table.grid.story)
    picture.problem = typed("problem")
    read = seen(table)
    found = read()
    for step in range(len(picture.story["steps"])):
        picture.step = step
        for select in ("delta-2-3", "w-3-1-3", "w-2-1-1", "a-3-1", "x-1-2", "C"):
            picture.select = select
            found += read()
    table.grid.transposed = True
    found += read()
    for tag in ("problem", "title", "text", "said", "label", "shape", "missing"):
        assert as_read(typed(tag)) in found, tag
