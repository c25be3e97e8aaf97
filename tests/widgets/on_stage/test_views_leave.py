"""A view that is taken away leaves nothing in the page: shown twenty times, no listener and no node more than once.

`tests/course/test_leaks.py` runs cells in a real JupyterLab, where connections, figures and widgets could stay as well.
"""

import pytest

import bpcourse as bp
from tests.browser.notebook_03 import birds, net, x, y

WIDGETS = {
    "flow": lambda: bp.DeltaFlow(net, x, y, select="delta-2-3"),
    "stepper": lambda: bp.Stepper(bp.BP2, net, x, y),
    "predict": lambda: bp.Predict(bp.questions.BP2, net, x, y),
    "matrix": lambda: bp.WeightMatrix(bp.DeltaFlow(net, x, y), l=3),
    "replay": lambda: bp.Replay(bp.train(net, birds.x, birds.y, epochs=2), birds.x, birds.y),
}
TIMES = 20
A_FIFTH = 280  # nodes, of a live network; the browser may still hold the last view or two


def left_behind(stage, number, clear=True):
    """What there is more of after a widget's view was shown twenty times, and each time taken away."""
    devtools = stage.page.context.new_cdp_session(stage.page)
    devtools.send("Performance.enable")

    def measured():
        devtools.send("HeapProfiler.collectGarbage")
        metrics = {row["name"]: row["value"] for row in devtools.send("Performance.getMetrics")["metrics"]}
        hearers = stage.page.evaluate("stage.hearers()")
        return {"listeners": metrics["JSEventListeners"], "nodes": metrics["Nodes"], "hearers": hearers}

    def show_and_clear(times):
        for _ in range(times):
            place = stage.page.evaluate("id => stage.show(id)", number)
            if clear:
                stage.clear(place)

    show_and_clear(2)
    before = measured()
    show_and_clear(TIMES)
    after = measured()
    return {what: after[what] - before[what] for what in before}


@pytest.mark.parametrize("name", WIDGETS)
def test_a_view_leaves_nothing(stage, name):
    widget = WIDGETS[name]()
    stage.clear(stage.show(widget))
    more = left_behind(stage, stage.models.numbers[widget.model_id])
    assert more["hearers"] == 0
    assert more["listeners"] < TIMES, "one for each view"
    assert more["nodes"] < TIMES * A_FIFTH


def test_views_that_stay_are_noticed(stage):
    widget = WIDGETS["flow"]()
    stage.show(widget)
    more = left_behind(stage, stage.models.numbers[widget.model_id], clear=False)
    assert more["hearers"] > TIMES
    assert more["listeners"] > TIMES
    assert more["nodes"] > TIMES * A_FIFTH
