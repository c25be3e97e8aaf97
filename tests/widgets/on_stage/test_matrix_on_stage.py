"""The table of weights beside the live network: what lights up in both, its numbers, and the table for everyone."""

import pytest

import bpcourse as bp
from bpcourse.text import shown
from tests.browser.eyes import axe_faults, contrast, spill
from tests.browser.notebook_03 import STEPS, net, x, y

WIDGET = ".bpcourse-matrix"
FIRST, SECOND, SHARED, AFTER, BEFORE, SMALL = range(6)  # where each is shown
MOVING = """e => e.shadowRoot.querySelector('table').getAnimations({ subtree: true })
    .map((animation) => animation.effect.getTiming())"""
trace = bp.backprop(net, x, y)


@pytest.fixture(scope="module")
def small():
    """The picture that the last table belongs to."""
    return bp.DeltaFlow(bp.Network([3, 2]), x, y, "BP1")


@pytest.fixture(scope="module")
def opened(stage, small):
    """All tables and pictures on one page."""
    big = bp.Network([3, 8, 8], seed=1)
    shared = bp.DeltaFlow(big, x, big.b[3], show="input", select="delta-2-3")
    pair = (bp.WeightMatrix(bp.DeltaFlow(net, x, y)), bp.WeightMatrix(bp.DeltaFlow(net, x, y), l=2))
    grids = (bp.WeightMatrix(shared).grid, bp.WeightMatrix(shared, l=2).grid, bp.WeightMatrix(small, l=2).grid)
    for widget in (*pair, shared, *grids):
        stage.show(widget)
    return stage.page


def grid(page, cell):
    return page.locator(".jp-Cell").nth(cell).locator(WIDGET)


def picture(page, cell):
    return page.locator(".jp-Cell").nth(cell).locator(".bpcourse-flow")


@pytest.fixture
def flow(opened):
    """The picture of the first cell, at BP2."""
    flow = picture(opened, FIRST)
    flow.locator(".reset").click()
    flow.locator(".step").fill(STEPS["BP2"])
    return flow


@pytest.fixture
def table(opened, flow):
    """The table of the first cell: w³ as it is, neuron 3 of layer 2 chosen."""
    table = grid(opened, FIRST)
    table.locator("[aria-label=w³]").check()
    table.locator(".turn").uncheck()
    flow.locator("#neuron-2-3").click()
    wait_for(table, "Column 3 of w³: the wires that leave neuron 3 of layer 2.")
    table.locator(".scroll:not(.turning)").wait_for()
    return table


def wait_for(table, sentence):
    table.locator(".sentence", has_text=sentence).wait_for()


def lit(table):
    """The names of what is lit, and whether the eye and the ear are told the same."""
    return set(
        table.evaluate("""e => [...e.shadowRoot.querySelectorAll('table button')].filter((button) => {
        const place = button.parentNode, lit = place.classList.contains('lit');
        const bold = getComputedStyle(button).fontWeight >= 600;
        const framed = getComputedStyle(button).borderTopColor !== 'rgba(0, 0, 0, 0)';
        const plain = ['rgba(0, 0, 0, 0)', getComputedStyle(document.body).backgroundColor]; // it turns
        const filled = !plain.includes(getComputedStyle(button).backgroundColor);
        const heard = (button.ariaLabel ?? '').endsWith(', lit') || button.ariaPressed === 'true';
        if ([heard, bold, framed, filled].some((told) => told !== lit)) throw Error(button.outerHTML);
        return lit;
    }).map(button => button.dataset.name)""")
    )


def shone(flow):
    """The neurons and wires that are lit in a picture."""
    found = "e => [...e.shadowRoot.querySelectorAll('[id^=neuron-].lit, [id^=edge-].lit')].map(node => node.id)"
    return set(flow.evaluate(found))


def names(table):
    """What stands where, row by row."""
    return table.evaluate("""e => [...e.shadowRoot.querySelectorAll('tr')].map(row =>
        [...row.querySelectorAll('button')].map(button => button.dataset.name))""")


def cells(table):
    """The numbers of the table, row by row."""
    return table.evaluate("""e => [...e.shadowRoot.querySelectorAll('tbody tr')].map(row =>
        [...row.querySelectorAll('td')].map(cell => cell.textContent))""")


def as_shown(matrix, digits=3):
    return [[shown(number, digits) for number in row] for row in matrix]


def maths(table):
    return [row.replace(" ", "") for row in table.locator(".row").all_text_contents()]


def sum_of(*pairs):
    """The numbers of a row of products, as a formula shows them."""
    texts = [shown(number) for number in pairs]
    inner = [text if n == 0 or not text.startswith("−") else f"({text})" for n, text in enumerate(texts)]
    return "+".join("·".join(inner[n : n + 2]) for n in range(0, len(inner), 2))


# What is chosen in one is lit in both ---------------------------------------------------------------------------------


def test_a_neuron_lights_its_column_and_its_wires_and_in_the_transpose_its_row(table, flow):
    column = {"w-3-1-3", "w-3-2-3", "from-3"}
    wires = {"edge-3-1-3", "edge-3-2-3", "neuron-2-3"}
    assert (lit(table), shone(flow)) == (column, wires)
    assert table.locator("caption").text_content() == "w3: 2 rows, 4 columns"
    assert cells(table) == as_shown(net.w[3])
    assert names(table)[1] == ["to-1", "w-3-1-1", "w-3-1-2", "w-3-1-3", "w-3-1-4"]
    w, d = net.w[3][:, 2], trace.delta[3][:, 0]
    assert maths(table) == [
        "∑kwk33δk3",
        f"={sum_of(w[0], d[0], w[1], d[1])}={shown((net.w[3].T @ trace.delta[3])[2, 0])}",
    ]
    assert table.locator(".sentence").text_content().endswith("In (w³)ᵀ it is row 3. Backward multiplies it with δ³:")
    assert table.locator(".description").text_content() == f"Column 3 of w³ lit: {shown(w[0])}, {shown(w[1])}."
    table.locator(".turn").check()
    wait_for(table, "Row 3 of (w³)ᵀ is column 3 of w³: the wires that leave neuron 3 of layer 2. Backward multiplies")
    assert names(table)[3] == ["from-3", "w-3-1-3", "w-3-2-3"], "the same names, now a row"
    assert (lit(table), shone(flow)) == (column, wires)
    assert cells(table) == as_shown(net.w[3].T)
    assert table.locator("caption").text_content() == "(w3)T: 4 rows, 2 columns"
    assert table.locator(".description").text_content().startswith("Row 3 of (w³)ᵀ lit: ")


def test_a_neuron_of_the_layer_lights_its_row(table, flow):
    flow.locator("#neuron-3-1").click()
    wait_for(table, "Row 1 of w³: the wires that arrive at neuron 1 of layer 3. Forward multiplies it with a² and adds")
    assert lit(table) == {"to-1", *(f"w-3-1-{k}" for k in range(1, 5))}
    assert shone(flow) == {"neuron-3-1", *(f"edge-3-1-{k}" for k in range(1, 5))}
    pairs = [number for k in range(4) for number in (net.w[3][0, k], trace.a[2][k, 0])]
    numbers = f"={sum_of(*pairs)}+{shown(net.b[3][0, 0])}={shown(trace.z[3][0, 0])}"
    assert maths(table) == ["z13=∑kw1k3ak2+b13", numbers]
    table.locator(".turn").check()
    wait_for(
        table, "Column 1 of (w³)ᵀ is row 1 of w³: the wires that arrive at neuron 1 of layer 3. Forward multiplies"
    )


def test_a_wire_lights_its_number(table, flow):
    flow.locator("#edge-3-2-4 .hit").click(force=True)
    wait_for(table, "Row 2, column 4 of w³ is w³₂₄, the wire from neuron 4 of layer 2 to neuron 2 of layer 3.")
    assert lit(table) == {"w-3-2-4"}
    weight, forth, back = net.w[3][1, 3], trace.a[2][3, 0], trace.delta[3][1, 0]
    products = [f"={sum_of(weight, other)}={shown(weight * other)}" for other in (forth, back)]
    assert maths(table) == [f"w243a42{products[0]}", f"w243δ23{products[1]}"]


def test_what_is_clicked_in_the_table_is_chosen_in_the_picture(table, flow):
    table.locator("[data-name=to-2]").click()
    flow.locator("#neuron-3-2.chosen").wait_for()
    assert flow.locator(".panel .title").text_content() == "BP1, neuron 2 of layer 3"
    table.locator("[data-name=from-1]").click()
    flow.locator("#neuron-2-1.chosen").wait_for()
    assert lit(table) == {"from-1", "w-3-1-1", "w-3-2-1"}
    table.locator("[data-name=w-3-2-2]").click()
    flow.locator("#edge-3-2-2.chosen").wait_for(state="attached")
    assert lit(table) == {"w-3-2-2"}
    assert table.locator("[aria-pressed=true]").get_attribute("aria-label") == f"w³₂₂ = {shown(net.w[3][1, 1])}, lit"
    flow.locator(".step").fill(STEPS["input"])
    table.locator("[data-name=from-1]").click()
    flow.locator("#neuron-2-1.chosen").wait_for()


def test_inputs_get_nothing_back(table, flow):
    table.locator("[aria-label=w²]").check()
    table.locator("[data-name=from-2]").click()
    wait_for(table, "nothing is sent back to the inputs")
    assert flow.locator(".panel .title").text_content() == "Input 2"
    assert lit(table) == {"from-2", *(f"w-2-{j}-2" for j in range(1, 5))}
    assert shone(flow) == {"neuron-1-2", *(f"edge-2-{j}-2" for j in range(1, 5))}
    assert maths(table) == []
    assert table.locator("[data-name=from-2] .factor").text_content() == f"x₂ {shown(x[1, 0])}"


def test_what_the_table_is_not_about_gets_a_sentence_and_the_picture_its_own_light(table, flow):
    for part in ("#neuron-1-1", "#cost"):
        flow.locator(part).click(force=True)
        wait_for(table, "Choose a neuron of layer 3 to see its row of w³")
        assert lit(table) == set()
    assert shone(flow) == {"neuron-3-1", "neuron-3-2"}, "what the cost reads"


def test_two_copies_do_not_disturb_each_other(table, flow, opened):
    second = grid(opened, SECOND)
    table.locator(".turn").check()
    second.locator("[data-name=to-3]").click()
    wait_for(second, "Row 3 of w²")
    picture(opened, SECOND).locator(".step").fill(STEPS["input"])
    assert second.locator("caption").text_content() == "w2: 4 rows, 3 columns"
    assert lit(second) == {"to-3", "w-2-3-1", "w-2-3-2", "w-2-3-3"}
    assert table.locator(".sentence b").text_content() == "Row 3 of (w³)ᵀ"
    assert shone(flow) == {"edge-3-1-3", "edge-3-2-3", "neuron-2-3"}
    assert table.locator(".missing").is_hidden()


def test_two_tables_of_one_picture_light_it_together_and_leave_one_by_one(stage, opened):
    flow, after, before = picture(opened, SHARED), grid(opened, AFTER), grid(opened, BEFORE)
    leaving, arriving = {f"edge-3-{j}-3" for j in range(1, 9)}, {f"edge-2-3-{k}" for k in range(1, 4)}
    assert lit(after) == {"from-3", *(f"w-3-{j}-3" for j in range(1, 9))}
    assert lit(before) == {"to-3", *(f"w-2-3-{k}" for k in range(1, 4))}
    assert shone(flow) == leaving | arriving | {"neuron-2-3"}
    flow.locator("#neuron-3-2").click()
    wait_for(before, "Choose a neuron of layer 2")
    assert shone(flow) == {"neuron-3-2", *(f"edge-3-2-{k}" for k in range(1, 9))}
    flow.locator("#neuron-2-3").click()
    wait_for(before, "Row 3 of w²")
    assert shone(flow) == leaving | arriving | {"neuron-2-3"}
    stage.clear(AFTER)
    after.wait_for(state="detached")
    flow.locator("#edge-3-1-3:not(.lit)").wait_for(state="attached")
    assert shone(flow) == arriving | {"neuron-2-3"}, "the other table's stay"
    stage.clear(BEFORE)
    before.wait_for(state="detached")
    flow.locator("#edge-2-3-1:not(.lit)").wait_for(state="attached")
    assert shone(flow) == {"neuron-2-3"}, "at the first step, the picture itself lights no wire"
    flow.locator("#neuron-2-4").click()  # a listener left behind would miss its page
    flow.locator(".step").fill("3")
    assert shone(flow) >= {"neuron-2-4", "edge-2-4-1"}


def test_a_picture_that_is_gone_is_missed_in_a_sentence(stage, small, opened):
    table = grid(opened, SMALL)
    assert table.locator(".layers").is_hidden(), "there is one matrix"
    table.locator("[data-name=to-1]").click()
    small.close()
    table.locator(".told", has_text="The picture that this table belongs to is gone.").wait_for()
    assert table.locator("input").count() == 0
    stage.clear(SMALL)
    table.wait_for(state="detached")


# The numbers ---------------------------------------------------------------------------------------------------------


def test_numbers_follow_a_moved_weight_and_the_digits(table, flow):
    table.locator("[data-name=w-3-1-3]").click()
    flow.locator("input[data-name=w-3-1-3]").fill("1.5")
    table.locator("[data-name=w-3-1-3]", has_text="1.500").wait_for()
    moved = net.with_weight(3, 1, 3, 1.5)
    trace = bp.backprop(moved, x, y)
    flow.locator("#neuron-2-3").click()
    factors = table.locator("th .factor").all_text_contents()
    assert factors[:4] == [f"a²{'₁₂₃₄'[k]} {shown(trace.a[2][k, 0])}" for k in range(4)]
    assert factors[4:] == [f"δ³{'₁₂'[j]} {shown(trace.delta[3][j, 0])}" for j in range(2)]
    flow.locator("summary").click()
    for digits, weight in ((3, "1.500"), (1, "1.5"), (3, "1.500")):
        flow.locator("input.digits").fill(str(digits))
        flow.locator("input.digits").press("Tab")
        table.locator("[data-name=w-3-1-3]").get_by_text(weight, exact=True).wait_for()
        assert cells(table) == as_shown(moved.w[3], digits)
        assert maths(table)[1].endswith(f"={shown((moved.w[3].T @ trace.delta[3])[2, 0], digits)}")
    flow.locator("summary").click()


def test_another_function_tells_another_story(table, flow):
    flow.locator("summary").click()
    flow.locator("select.activation").select_option("tanh")
    trace = bp.backprop(bp.Network.from_parameters(net.w, net.b, "tanh", net.output, net.cost), x, y)
    table.locator("[data-name=from-1] .factor", has_text=f"a²₁ {shown(trace.a[2][0, 0])}").wait_for()
    assert maths(table)[1].endswith(f"={shown((net.w[3].T @ trace.delta[3])[2, 0])}")
    flow.locator("summary").click()


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
def test_what_is_not_computed_yet_shows_no_numbers(table, flow, step, neuron, formulas, missing, factors):
    flow.locator(".step").fill(step)
    flow.locator(f"#neuron-{neuron}").click()
    assert len(maths(table)) == formulas
    assert table.locator(".missing").text_content() == missing
    assert table.locator(".missing").is_visible() == bool(missing)
    if formulas == 2:
        assert maths(table)[1].count("=") == (1 if missing else 2), "the result stands there once it is known"
    shows = [" " in text for text in table.locator("th .factor").all_text_contents()]
    assert shows == [factors[0]] * 4 + [factors[1]] * 2
    l, j = neuron.split("-")
    wires = {f"edge-3-{j}-{k}" for k in range(1, 5)} if l == "3" else {f"edge-3-{i}-{j}" for i in (1, 2)}
    assert shone(flow) == wires | {f"neuron-{neuron}"}, "the wires light up whatever the step"


# For everyone --------------------------------------------------------------------------------------------------------


def test_by_keyboard_alone(table, flow, opened):
    focused = "e => e.shadowRoot.activeElement?.dataset.name"

    def press(*keys):
        for key in keys:
            opened.keyboard.press(key)

    table.locator("[aria-label=w³]").focus()
    press("ArrowLeft")
    wait_for(table, "Row 3 of w²")
    press("ArrowRight")
    wait_for(table, "Column 3 of w³")
    press("Tab", "Tab")
    assert table.evaluate(focused) == "to-1"
    press("ArrowRight", "ArrowRight", "ArrowDown", "ArrowDown")
    assert table.evaluate(focused) == "w-3-2-2", "the edge of the table is a wall"
    assert table.evaluate("e => getComputedStyle(e.shadowRoot.activeElement).outlineStyle") == "solid"
    press("Enter")
    flow.locator("#edge-3-2-2.chosen").wait_for(state="attached")
    press("t")
    wait_for(table, "Row 2, column 2 of (w³)ᵀ is w³₂₂")
    assert table.evaluate(focused) == "w-3-2-2", "the focus turns with the table"
    press("ArrowLeft", "ArrowLeft")
    assert table.evaluate(focused) == "from-2"
    press("Space")
    wait_for(table, "Row 2 of (w³)ᵀ")
    press("ArrowUp", "ArrowUp")
    assert table.evaluate(focused) == "from-1", "the corner is no place"
    press("t")
    wait_for(table, "Column 2 of w³")
    assert table.locator("table [tabindex='0']").count() == 1


def test_every_state_has_its_words(table, flow):
    heard = []
    for turned in (False, True):
        table.locator(".turn").set_checked(turned)
        for part in ("#neuron-2-3", "#neuron-3-1", "#edge-3-1-3 .hit"):
            flow.locator(part).click(force=True)
            heard.append(table.locator(".description").text_content())
    assert len(set(heard)) == len(heard)
    w = as_shown(net.w[3])
    assert heard[1] == f"Row 1 of w³ lit: {', '.join(w[0])}."
    assert heard[4] == f"Column 1 of (w³)ᵀ lit: {', '.join(w[0])}."
    assert heard[5] == f"Row 3, column 1 of (w³)ᵀ lit: {w[0][2]}."


@pytest.mark.parametrize("width", [400, 800, 1280, 1920], indirect=True)
def test_nothing_sticks_out_and_what_is_lit_is_seen(table, flow, width):
    flow.locator("#neuron-2-1").click()
    flow.locator("#neuron-2-4").click()
    table.locator("[data-name=from-4]").wait_for()
    assert spill(table) <= 1
    place, cell = table.locator(".scroll").bounding_box(), table.locator("[data-name=w-3-1-4]").bounding_box()
    assert place["x"] < cell["x"]
    assert cell["x"] + cell["width"] <= place["x"] + place["width"]
    for button in table.locator("table button, input").all():
        box = button.locator("xpath=ancestor-or-self::*[self::label or self::button]").bounding_box()
        assert min(box["width"], box["height"]) >= 24
    top, side = flow.bounding_box()["y"], table.bounding_box()["y"]
    assert (side == pytest.approx(top, abs=20)) == (width >= 1280), "beside or below"


def test_axe_and_the_eye_find_nothing(table, flow, theme, still):
    for turned in (False, True):
        table.locator(".turn").set_checked(turned)
        assert table.evaluate(MOVING) == [], "who asks for no motion gets none"
        for step in (STEPS["input"], STEPS["BP2"]):
            flow.locator(".step").fill(step)
            for part in ("#neuron-2-3", "#neuron-3-1", "#edge-3-1-3 .hit", "#cost"):
                flow.locator(part).click(force=True)
                assert axe_faults(still, f".jp-Cell:first-child {WIDGET}") == [], (step, part)
        flow.locator("#neuron-2-3").click()
        for selector in (".corner", ".factor", ".lit button", ".lit .factor", ".sentence", "caption", ".row math"):
            for text in table.locator(selector).all():
                assert contrast(text) >= 4.5, selector


def test_the_turning_is_seen_unless_motion_is_not_wanted(table):
    table.locator(".turn").check()
    assert {animation["duration"] for animation in table.evaluate(MOVING)} == {400}
