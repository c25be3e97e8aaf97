"""A cell that is run twenty times leaves one live picture: no connection, listener, figure or node more than before.

JupyterLab leaves some 80 listeners and 30 nodes behind each time any cell is run; a printed picture is the measure.
"""

import json

import pytest

from tests.browser.lab import LIVE, PRINTED, RUN, SETUP, new_page

DRAWN = {
    "flow": ".bpcourse-flow #value-2-3 text",
    "printed": ".jp-OutputArea-output img",
    "stepper": ".bpcourse-stepper li",
    "predict": ".bpcourse-predict .answers button",
    "matrix": ".bpcourse-matrix td button",
}
MEASURE = """\
import gc, json
import ipywidgets
gc.collect()
print(json.dumps({
    "comms": len(get_ipython().kernel.comm_manager.comms),
    "widgets": len(ipywidgets.widgets.widget._instances),
    "figures": sum(type(thing).__name__ == "Picture" for thing in gc.get_objects()),
}))"""


def twenty_runs(browser, lab, name):
    """What there is more of after running a cell twenty times."""
    with new_page(browser) as page:
        devtools = page.context.new_cdp_session(page)
        devtools.send("Performance.enable")
        lab.open(page, f"{name}.ipynb", (SETUP, (LIVE | {"printed": PRINTED})[name], MEASURE))
        page.evaluate(RUN, 0)

        def run(times):
            for _ in range(times):
                page.evaluate(RUN, 1)
                page.locator(DRAWN[name]).first.wait_for(state="attached")

        def measured():
            kernel = json.loads(page.evaluate(RUN, 2))
            for _ in range(3):
                devtools.send("HeapProfiler.collectGarbage")
            metrics = {row["name"]: row["value"] for row in devtools.send("Performance.getMetrics")["metrics"]}
            return kernel | {"listeners": metrics["JSEventListeners"], "nodes": metrics["Nodes"]}

        run(3)
        before = measured()
        run(20)
        after = measured()
    return {what: after[what] - before[what] for what in before}


@pytest.fixture(scope="module")
def printed(browser, lab):
    return twenty_runs(browser, lab, "printed")


@pytest.mark.parametrize("name", LIVE)
def test_twenty_runs_leave_what_one_leaves(browser, lab, printed, name):
    more = twenty_runs(browser, lab, name)
    assert (more["comms"], more["widgets"], more["figures"]) == (0, 0, 0)
    # One live network has some 100 listeners and 1,400 nodes; less than a fifth of that a run is JupyterLab's swaying.
    assert more["listeners"] - printed["listeners"] < 20 * 20
    assert more["nodes"] - printed["nodes"] < 20 * 280
