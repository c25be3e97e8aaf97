"""The stage complains if JavaScript reads of a story what the contract does not name."""

import pytest

import bpcourse as bp
from tests.widgets.on_stage.stage import staged

birds = bp.penguins()
READ = """(path) => {
    const flow = Object.values(site.models).find((model) => model.get("story"));
    path.split(".").reduce((value, name) => value[name], flow.get("story"));
}"""


@pytest.mark.parametrize("path", ["steps.0.title", "equations.delta-2.parts.0", "equations.none", "sizes.length"])
def test_what_the_contract_names_can_be_read(browser, path):
    with staged(browser) as stage:
        stage.show(bp.DeltaFlow(bp.Network([3, 4, 2]), birds.x[:, [0]], birds.y[:, [0]]))
        stage.page.evaluate(READ, path)
        assert stage.page.errors == []


@pytest.mark.parametrize("path", ["colour", "steps.0.hue", "sliders.eta.step"])
def test_anything_else_is_a_complaint(browser, path):
    with staged(browser) as stage:
        stage.show(bp.DeltaFlow(bp.Network([3, 4, 2]), birds.x[:, [0]], birds.y[:, [0]]))
        stage.page.evaluate(READ, path)
        assert stage.page.errors == [f"story.{path} is in no contract"]
