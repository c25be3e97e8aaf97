"""What Python tells the browser is what the contract says; that JavaScript reads nothing else is held on the stage."""

import numpy as np
import pytest

import bpcourse as bp
from bpcourse.widgets.contract import STORIES
from tests.fitting import fitting
from tests.widgets.drawn import birds, flow, net, x, y
from tests.widgets.schema import faults

NETWORKS = {
    "drawn": net,
    "two layers": bp.Network([3, 2]),
    "five layers": bp.Network([3, 4, 4, 4, 2]),
    "softmax": bp.Network([3, 4, 2], output="softmax", cost="log_likelihood"),
    "ten": bp.Network([3, 8, 2]),
}


def stories():
    for name, network in NETWORKS.items():
        picture = bp.DeltaFlow(network, x, y, show="BP1")
        yield f"DeltaFlow, {name}", "DeltaFlow", picture.story
        yield f"Matrix, {name}", "Matrix", bp.WeightMatrix(picture, l=2).grid.story
    for derivation in bp.derivations.DERIVATIONS:
        yield f"Lines, {derivation.name}", "Lines", bp.Stepper(derivation, fitting(derivation), x, y).lines.story
    for name in ("START", "BP1", "BP2", "NEEDED"):
        yield f"Ask, {name}", "Ask", bp.Predict(getattr(bp.questions, name), net, x, y).ask.story
    yield "Film", "Film", bp.Replay(net, birds.x, birds.y).film.story


STORIES_TOLD = {name: (kind, story) for name, kind, story in stories()}


@pytest.mark.parametrize("name", STORIES_TOLD)
def test_a_story_is_what_the_contract_says(name):
    kind, story = STORIES_TOLD[name]
    assert faults(story, STORIES[kind]) == []


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"label": 3}, "story.label is 3, not str"),
        ({"colour": "red"}, "story.colour is in no contract"),
        ({"sizes": [3, "4", 2]}, "story.sizes[1] is '4', not int"),
        ({"steps": ({"name": "input"},)}, "story.steps[0].title is missing"),
        ({"sizes": (True,)}, "story.sizes[0] is True, not int"),
    ],
)
def test_a_breach_is_found(changed, fault):
    _, story = STORIES_TOLD["DeltaFlow, drawn"]
    assert fault in faults(story | changed, STORIES["DeltaFlow"])


def test_a_frame_is_a_counter_and_the_numbers_of_the_slots():
    widget = flow()
    assert len(np.frombuffer(widget.frame, "<f8")) == 1 + len(widget.story["slots"])
