"""The labels of the wires: at every step, on several networks and with several numbers, in nobody's way and legible."""

import numpy as np
import pytest

import bpcourse as bp

# In the page: the boxes of all labels that are seen, the neurons with their rims, and the type of numbers at 760 px.
SEEN = """(e) => {
    const all = (selector) => [...e.shadowRoot.querySelectorAll(selector)];
    const shown = (node) => node.checkVisibility() && node.getBoundingClientRect().width > 0;
    const labels = all('[id^=label-] > g, [id^=label-] > text').filter(shown).map((node) => {
        const { left, right, top, bottom } = node.getBoundingClientRect();
        return [node.parentNode.id, node.textContent, left, top, right, bottom];
    });
    const neurons = all('[id^=neuron-]').map((node) => {
        const { left, right, top, bottom, width } = node.querySelector('path').getBoundingClientRect();
        const rim = parseFloat(getComputedStyle(node.querySelector('path')).strokeWidth);
        return [node.id, (left + right) / 2, (top + bottom) / 2, width / 2 + rim / 2];
    });
    const picture = e.shadowRoot.querySelector('svg').getBoundingClientRect().width;
    const scale = picture / e.shadowRoot.querySelector('svg').viewBox.baseVal.width;
    const page = Math.max(760, e.shadowRoot.querySelector('.root').classList.contains('wide') ? 1000 : 0);
    const types = all('[id^=label-] > text').filter(shown)
        .map((node) => (parseFloat(getComputedStyle(node).fontSize) * scale * page) / picture);
    return { labels, neurons, types };
}"""
NETWORKS = {
    "3-4-2": [3, 4, 2],
    "2-2-1": [2, 2, 1],
    "8-8-8": [8, 8, 8],
    "3-4-4-2": [3, 4, 4, 2],
    "3-4-4-4-2": [3, 4, 4, 4, 2],
}


def flow_of(sizes, largest):
    """A network whose weights and gradients are up to so large, and some of them below 0."""
    random = np.random.default_rng(4)
    w = {l: random.uniform(-largest, largest, (sizes[l - 1], sizes[l - 2])) for l in range(2, len(sizes) + 1)}
    b = {l: random.uniform(-1, 1, (sizes[l - 1], 1)) for l in w}
    net = bp.Network.from_parameters(w, b, "identity" if largest < 1 else "sigmoid", None, "quadratic")
    return bp.DeltaFlow(net, random.uniform(-1, 1, (sizes[0], 1)), np.zeros((sizes[-1], 1)), show="BP4")


def overlaps(labels):
    boxes = [(name, *box) for name, _, *box in labels]
    return [
        (a, b)
        for a, l, t, r, u in boxes
        for b, left, top, right, under in boxes
        if a < b and l < right and left < r and t < under and top < u
    ]


def touched(labels, neurons):
    found = []
    for name, _, left, top, right, under in labels:
        for neuron, x, y, radius in neurons:
            away = np.hypot(max(left - x, x - right, 0), max(top - y, y - under, 0))
            if away <= radius:
                found.append((name, neuron))
    return found


@pytest.fixture(scope="module")
def opened(stage):
    return stage.page


@pytest.fixture(scope="module", params=NETWORKS)
def sizes(request):
    return NETWORKS[request.param]


@pytest.mark.parametrize("largest", [0.1, 0.9, 12.4])
def test_no_label_lies_on_a_label_or_a_neuron(stage, sizes, largest):
    flow = flow_of(sizes, largest)
    place = stage.show(flow)
    view, numbered = stage.page.locator(".bpcourse-flow"), 0
    try:
        for n, step in enumerate(flow.story["steps"]):
            for select in "", f"delta-2-{sizes[1]}", "w-2-1-1":
                flow.select, flow.step = select, n
                stage.settle()
                seen = view.evaluate(SEEN)
                assert overlaps(seen["labels"]) == [], (step["name"], select)
                assert touched(seen["labels"], seen["neurons"]) == [], (step["name"], select)
                assert min(seen["types"], default=12) >= 12, (step["name"], select)
                numbered = max(numbered, len(seen["types"]))
        assert numbered >= 6 or max(sizes) > 4, "numbers were looked at"
    finally:
        stage.clear(place)


def test_a_number_at_a_place_of_another_would_be_seen(stage):
    place = stage.show(flow_of([3, 4, 2], 0.9))
    view = stage.page.locator(".bpcourse-flow")
    move = """(e, [from, to]) => { const text = (id) => e.shadowRoot.querySelector(`#${id} > text`);
        for (const name of ['x', 'y']) text(from).setAttribute(name, text(to).getAttribute(name)); }"""
    view.evaluate(move, ["label-2-1-1", "label-2-2-3"])
    assert ("label-2-1-1", "label-2-2-3") in overlaps(view.evaluate(SEEN)["labels"])
    view.evaluate(move, ["label-2-1-1", "value-2-2"])
    seen = view.evaluate(SEEN)
    assert ("label-2-1-1", "neuron-2-2") in touched(seen["labels"], seen["neurons"])
    stage.clear(place)
