"""The table of weights beside the live network: rows, columns and wires light up in both, with their numbers."""

import pytest

import bpcourse as bp
from bpcourse.text import shown
from tests.browser.notebook_03 import STEPS, net, x, y
from tests.widgets.on_stage.matrix_page import (
    as_shown,
    cells,
    lit,
    maths,
    names,
    opened_at,
    picture,
    shone,
    sum_of,
    wait_for,
)


@pytest.fixture(scope="module")
def opened(stage):
    return opened_at(stage)[0]


# What is chosen in one is lit in both ---------------------------------------------------------------------------------


def test_a_neuron_lights_its_column_and_its_wires_and_in_the_transpose_its_row(table, opened):
    column = {"w-3-1-3", "w-3-2-3", "from-3"}
    trace, wires = bp.backprop(net, x, y), {"edge-3-1-3", "edge-3-2-3", "neuron-2-3"}
    assert (lit(table), shone(opened)) == (column, wires)
    assert table.locator("caption").text_content() == "w3: 2 rows, 4 columns"
    assert cells(table) == as_shown(net.w[3])
    assert names(table)[1] == ["to-1", "w-3-1-1", "w-3-1-2", "w-3-1-3", "w-3-1-4"]
    w, d = net.w[3][:, 2], trace.delta[3][:, 0]
    result = shown((net.w[3].T @ trace.delta[3])[2, 0])
    assert maths(table) == ["∑jwj33δj3", f"={sum_of(w[0], d[0], w[1], d[1])}={result}"]
    assert table.locator(".sentence").text_content().endswith("In (w³)ᵀ it is row 3. Backward multiplies it with δ³:")
    assert table.locator(".description").text_content() == f"Column 3 of w³ lit: {shown(w[0])}, {shown(w[1])}."
    table.locator(".turn").check()
    wait_for(table, "Row 3 of (w³)ᵀ is column 3 of w³: the wires that leave neuron 3 of layer 2. Backward multiplies")
    assert names(table)[3] == ["from-3", "w-3-1-3", "w-3-2-3"], "the same names, now a row"
    assert (lit(table), shone(opened)) == (column, wires)
    assert cells(table) == as_shown(net.w[3].T)
    assert table.locator("caption").text_content() == "(w3)T: 4 rows, 2 columns"
    assert table.locator(".description").text_content().startswith("Row 3 of (w³)ᵀ lit: ")
    assert opened.errors == []


def test_a_neuron_of_the_layer_lights_its_row(table, opened):
    picture(opened).locator("#neuron-3-1").click()
    wait_for(table, "Row 1 of w³: the wires that arrive at neuron 1 of layer 3. Forward multiplies it with a² and adds")
    assert lit(table) == {"to-1", *(f"w-3-1-{k}" for k in range(1, 5))}
    assert shone(opened) == {"neuron-3-1", *(f"edge-3-1-{k}" for k in range(1, 5))}
    trace = bp.backprop(net, x, y)
    pairs = [number for k in range(4) for number in (net.w[3][0, k], trace.a[2][k, 0])]
    numbers = f"={sum_of(*pairs)}+{shown(net.b[3][0, 0])}={shown(trace.z[3][0, 0])}"
    assert maths(table) == ["z13=∑kw1k3ak2+b13", numbers]
    table.locator(".turn").check()
    wait_for(
        table, "Column 1 of (w³)ᵀ is row 1 of w³: the wires that arrive at neuron 1 of layer 3. Forward multiplies"
    )


def test_a_wire_lights_its_number(table, opened):
    picture(opened).locator("#edge-3-2-4 .hit").click(force=True)
    wait_for(table, "Row 2, column 4 of w³ is w³₂₄, the wire from neuron 4 of layer 2 to neuron 2 of layer 3.")
    assert lit(table) == {"w-3-2-4"}
    trace = bp.backprop(net, x, y)
    weight, forth, back = net.w[3][1, 3], trace.a[2][3, 0], trace.delta[3][1, 0]
    products = [f"={sum_of(weight, other)}={shown(weight * other)}" for other in (forth, back)]
    assert maths(table) == [f"w243a42{products[0]}", f"w243δ23{products[1]}"]


def test_what_is_clicked_in_the_table_is_chosen_in_the_picture(table, opened):
    table.locator("[data-name=to-2]").click()
    picture(opened).locator("#neuron-3-2.chosen").wait_for()
    assert picture(opened).locator(".panel .title").text_content() == "BP1, neuron 2 of layer 3"
    table.locator("[data-name=from-1]").click()
    picture(opened).locator("#neuron-2-1.chosen").wait_for()
    assert lit(table) == {"from-1", "w-3-1-1", "w-3-2-1"}
    table.locator("[data-name=w-3-2-2]").click()
    picture(opened).locator("#edge-3-2-2.chosen").wait_for(state="attached")
    assert lit(table) == {"w-3-2-2"}
    assert table.locator("[aria-pressed=true]").get_attribute("aria-label") == f"w³₂₂ = {shown(net.w[3][1, 1])}, lit"
    picture(opened).locator(".step").fill(STEPS["input"])
    table.locator("[data-name=from-1]").click()
    picture(opened).locator("#neuron-2-1.chosen").wait_for()
    assert opened.errors == []


def test_inputs_get_nothing_back(table, opened):
    table.locator("[aria-label=w²]").check()
    table.locator("[data-name=from-2]").click()
    wait_for(table, "nothing is sent back to the inputs")
    assert picture(opened).locator(".panel .title").text_content() == "Input 2"
    assert lit(table) == {"from-2", *(f"w-2-{j}-2" for j in range(1, 5))}
    assert shone(opened) == {"neuron-1-2", *(f"edge-2-{j}-2" for j in range(1, 5))}
    assert maths(table) == []
    assert table.locator("[data-name=from-2] .factor").text_content() == f"x₂ {shown(x[1, 0])}"


def test_what_the_table_is_not_about_gets_a_sentence_and_the_picture_its_own_light(table, opened):
    for part in ("#neuron-1-1", "#cost"):
        picture(opened).locator(part).click(force=True)
        wait_for(table, "Choose a neuron of layer 3 to see its row of w³")
        assert lit(table) == set()
    assert shone(opened) == {"neuron-3-1", "neuron-3-2"}, "what the cost reads"


# The numbers ---------------------------------------------------------------------------------------------------------


def test_numbers_follow_a_moved_weight_and_the_digits(table, opened):
    flow = picture(opened)
    table.locator("[data-name=w-3-1-3]").click()
    flow.locator("input[data-name=w-3-1-3]").fill("1.5")
    table.locator("[data-name=w-3-1-3]", has_text="1.500").wait_for()
    moved = net.with_weight(3, 1, 3, 1.5)
    trace = bp.backprop(moved, x, y)
    assert cells(table) == as_shown(moved.w[3])
    flow.locator("#neuron-2-3").click()
    assert maths(table)[1].endswith(f"={shown((moved.w[3].T @ trace.delta[3])[2, 0])}")
    factors = table.locator("th .factor").all_text_contents()
    assert factors[:4] == [f"a²{'₁₂₃₄'[k]} {shown(trace.a[2][k, 0])}" for k in range(4)]
    assert factors[4:] == [f"δ³{'₁₂'[j]} {shown(trace.delta[3][j, 0])}" for j in range(2)]
    flow.locator("summary").click()
    flow.locator("input.digits").fill("1")
    flow.locator("input.digits").press("Tab")
    table.locator("[data-name=w-3-1-3]", has_text="1.5").wait_for()
    assert cells(table) == [[shown(number, 1) for number in row] for row in moved.w[3]]
    assert maths(table)[1].endswith(f"={shown((moved.w[3].T @ trace.delta[3])[2, 0], 1)}")
    flow.locator("input.digits").fill("3")
    flow.locator("input.digits").press("Tab")
    flow.locator("summary").click()


def test_another_function_tells_another_story(table, opened):
    flow = picture(opened)
    flow.locator("summary").click()
    flow.locator("select.activation").select_option("tanh")
    trace = bp.backprop(bp.Network.from_parameters(net.w, net.b, "tanh", net.output, net.cost), x, y)
    table.locator("[data-name=from-1] .factor", has_text=f"a²₁ {shown(trace.a[2][0, 0])}").wait_for()
    assert maths(table)[1].endswith(f"={shown((net.w[3].T @ trace.delta[3])[2, 0])}")
    flow.locator("summary").click()
    assert opened.errors == []


@pytest.mark.parametrize(
    ("step", "neuron", "formulas", "missing", "factors"),
    [
        ("0", "3-1", 1, "a² is not computed yet at this step.", (False, False)),
        ("1", "3-1", 2, "z³₁ is not computed yet at this step.", (True, False)),
        ("2", "3-1", 2, "", (True, False)),
        ("2", "2-3", 1, "δ³ is not computed yet at this step.", (True, False)),
        ("4", "2-3", 2, "Their sum is not computed yet at this step.", (True, True)),
        ("5", "2-3", 2, "", (True, True)),
    ],
)
def test_what_is_not_computed_yet_shows_no_numbers(table, opened, step, neuron, formulas, missing, factors):
    picture(opened).locator(".step").fill(step)
    picture(opened).locator(f"#neuron-{neuron}").click()
    assert len(maths(table)) == formulas
    assert table.locator(".missing").text_content() == missing
    assert table.locator(".missing").is_visible() == bool(missing)
    if formulas == 2:
        assert maths(table)[1].count("=") == (1 if missing else 2), "the result stands there once it is known"
    shows = [" " in text for text in table.locator("th .factor").all_text_contents()]
    assert shows == [factors[0]] * 4 + [factors[1]] * 2
    l, j = neuron.split("-")
    wires = {f"edge-3-{j}-{k}" for k in range(1, 5)} if l == "3" else {f"edge-3-{i}-{j}" for i in (1, 2)}
    assert shone(opened) == wires | {f"neuron-{neuron}"}, "the wires light up whatever the step"
