"""The stage complains if JavaScript reads of a story what the contract does not name."""

import pytest

READ = """(path) => {
    const flow = Object.values(site.models).find((model) => model.get("story"));
    path.split(".").reduce((value, name) => value[name], flow.get("story"));
}"""
NAMED = ["steps.0.title", "equations.delta-2.parts.0", "equations.none", "sizes.length"]
NOT_NAMED = ["colour", "steps.0.hue", "sliders.eta.step"]


@pytest.mark.parametrize("path", NAMED + NOT_NAMED)
def test_what_the_contract_names_can_be_read_and_anything_else_is_a_complaint(stage, opened, path):
    opened.evaluate(READ, path)
    assert opened.errors == ([] if path in NAMED else [f"story.{path} is in no contract"])
    opened.errors.clear()
