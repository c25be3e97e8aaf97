"""The table of weights beside the live network: rows, columns and wires light up in both, by mouse and by keyboard."""

import nbformat
import pytest
from axe_playwright_python.sync_playwright import Axe

import bpcourse as bp
from bpcourse.tables import shown
from tests.browser.notebook_03 import STEPS, net, x, y
from tests.browser.test_for_everyone import CONTRAST
from tools.browser import jupyterlab, open_notebook, resize

SETUP = """\
import bpcourse as bp
birds = bp.penguins()
x, y = birds.x[:, [128]], birds.y[:, [128]]
net = bp.Network([3, 4, 2], seed=38)
big = bp.Network([3, 8, 8], seed=1)
shared = bp.DeltaFlow(big, x, big.b[3], show="input", select="delta-2-3")"""
FLOW = "bp.DeltaFlow(net, x, y)"
CELLS = (SETUP, f"bp.WeightMatrix({FLOW})", f"bp.WeightMatrix({FLOW}, l=2)", "shared")
CELLS += ("bp.WeightMatrix(shared).grid", "bp.WeightMatrix(shared, l=2).grid")
CELLS += ("small = bp.DeltaFlow(bp.Network([3, 2]), x, y, 'BP1'); bp.WeightMatrix(small, l=2).grid", "small.close()")
FIRST, SECOND, SHARED, AFTER, BEFORE, SMALL, CLOSE = range(1, 8)
RUN = """async (index) => {
    const { content, context } = window.jupyterapp.shell.currentWidget;
    content.activeCellIndex = index;
    await window.jupyterapp.commands.execute('notebook:run-cell');
}"""
MOVING = """e => e.shadowRoot.querySelector('table').getAnimations({ subtree: true })
    .map((animation) => animation.effect.getTiming())"""
CLEAR = """(index) => {
    window.jupyterapp.shell.currentWidget.content.activeCellIndex = index;
    return window.jupyterapp.commands.execute('notebook:clear-cell-output');
}"""


def book(folder, cells):
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    cells = [nbformat.v4.new_code_cell(source) for source in cells]
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel}), folder / "matrix.ipynb")


def opened_at(page, address):
    open_notebook(page, address, "matrix.ipynb")
    page.evaluate("window.jupyterapp.commands.execute('application:toggle-left-area')")
    page.evaluate("""() => {  // all cells stay on the page, also those far below
        const { content } = window.jupyterapp.shell.currentWidget;
        content.notebookConfig = { ...content.notebookConfig, windowingMode: 'none' };
    }""")
    for cell in range(len(CELLS) - 1):
        page.evaluate(RUN, cell)
    page.locator(".bpcourse-matrix td button").first.wait_for()
    return page


@pytest.fixture(scope="module")
def opened(page, tmp_path_factory):
    folder = tmp_path_factory.mktemp("matrix")
    book(folder, CELLS)
    with jupyterlab(folder) as address:
        yield opened_at(page, address)


def grid(page, cell=FIRST):
    return page.locator(".jp-Cell").nth(cell).locator(".bpcourse-matrix")


def picture(page, cell=FIRST):
    return page.locator(".jp-Cell").nth(cell).locator(".bpcourse-flow")


@pytest.fixture
def table(opened):
    """The table of the first cell: w³ as it is, at BP2, neuron 3 of layer 2 chosen."""
    flow, table = picture(opened), grid(opened)
    flow.locator(".reset").click()
    flow.locator(".step").fill(STEPS["BP2"])
    table.locator("[aria-label=w³]").check()
    table.locator(".turn").uncheck()
    flow.locator("#neuron-2-3").click()
    wait_for(table, "Column 3 of w³: the wires that leave neuron 3 of layer 2.")
    table.locator(".scroll:not(.turning)").wait_for()
    return table


def wait_for(table, sentence):
    table.locator(".sentence", has_text=sentence).wait_for(timeout=5000)


def lit(table):
    """The names of what is lit, and whether the eye and the ear are told the same."""
    return set(
        table.evaluate("""e => [...e.shadowRoot.querySelectorAll('table button')].filter((button) => {
        const place = button.parentNode, lit = place.classList.contains('lit');
        const bold = getComputedStyle(button).fontWeight >= 600;
        const framed = getComputedStyle(button).borderTopColor !== 'rgba(0, 0, 0, 0)';
        const heard = (button.ariaLabel ?? '').endsWith(', lit') || button.ariaPressed === 'true';
        if (heard !== lit || bold !== lit || framed !== lit) throw Error(button.outerHTML);
        return lit;
    }).map(button => button.dataset.name)""")
    )


def shone(page, cell=FIRST):
    """The neurons and wires that are lit in the picture."""
    found = "e => [...e.shadowRoot.querySelectorAll('[id^=neuron-].lit, [id^=edge-].lit')].map(node => node.id)"
    return set(picture(page, cell).evaluate(found))


def names(table):
    """What stands where, row by row."""
    return table.evaluate("""e => [...e.shadowRoot.querySelectorAll('tr')].map(row =>
        [...row.querySelectorAll('button')].map(button => button.dataset.name))""")


def cells(table):
    """The numbers of the table, row by row."""
    return table.evaluate("""e => [...e.shadowRoot.querySelectorAll('tbody tr')].map(row =>
        [...row.querySelectorAll('td')].map(cell => cell.textContent))""")


def as_shown(matrix):
    return [[shown(number) for number in row] for row in matrix]


def maths(table):
    return [row.replace(" ", "") for row in table.locator(".row").all_text_contents()]


def focused(table):
    return table.evaluate("e => e.shadowRoot.activeElement?.dataset.name")


def sum_of(*pairs):
    texts = [shown(number) for number in pairs]
    inner = [text if n == 0 or not text.startswith("−") else f"({text})" for n, text in enumerate(texts)]
    return "+".join("·".join(inner[n : n + 2]) for n in range(0, len(inner), 2))


# What is chosen in one is lit in both --------------------------------------------------------------------------------


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


# Keyboard, ear, eye --------------------------------------------------------------------------------------------------


def test_by_keyboard_alone(table, opened):
    cells_before = opened.locator(".jp-Cell").count()
    table.locator("[aria-label=w³]").focus()
    press = opened.keyboard.press
    press("ArrowLeft")
    wait_for(table, "Row 3 of w²")
    press("ArrowRight")
    wait_for(table, "Column 3 of w³")
    press("Tab")
    press("Tab")
    assert focused(table) == "to-1"
    press("ArrowRight")
    press("ArrowRight")
    press("ArrowDown")
    press("ArrowDown")
    assert focused(table) == "w-3-2-2", "the edge of the table is a wall"
    outline = "e => getComputedStyle(e.shadowRoot.activeElement).outlineStyle"
    assert table.evaluate(outline) == "solid"
    press("Enter")
    picture(opened).locator("#edge-3-2-2.chosen").wait_for(state="attached")
    press("t")
    wait_for(table, "Row 2, column 2 of (w³)ᵀ is w³₂₂")
    assert focused(table) == "w-3-2-2", "the focus turns with the table"
    press("ArrowLeft")
    press("ArrowLeft")
    assert focused(table) == "from-2"
    press("Space")
    wait_for(table, "Row 2 of (w³)ᵀ")
    press("ArrowUp")
    press("ArrowUp")
    assert focused(table) == "from-1", "the corner is no place"
    press("t")
    wait_for(table, "Column 2 of w³")
    assert table.locator("table [tabindex='0']").count() == 1
    for key in ("a", "b"):  # a new cell above, a new cell below
        press(key)
    assert opened.locator(".jp-Cell").count() == cells_before
    assert opened.errors == []


def test_every_state_has_its_words(table, opened):
    heard = []
    for turned in (False, True):
        table.locator(".turn").set_checked(turned)
        for part in ("#neuron-2-3", "#neuron-3-1", "#edge-3-1-3 .hit"):
            picture(opened).locator(part).click(force=True)
            heard.append(table.locator(".description").text_content())
    assert len(set(heard)) == len(heard)
    w = as_shown(net.w[3])
    assert heard[1] == f"Row 1 of w³ lit: {', '.join(w[0])}."
    assert heard[4] == f"Column 1 of (w³)ᵀ lit: {', '.join(w[0])}."
    assert heard[5] == f"Row 3, column 1 of (w³)ᵀ lit: {w[0][2]}."


def test_two_copies_do_not_disturb_each_other(table, opened):
    second = grid(opened, SECOND)
    table.locator(".turn").check()
    second.locator("[data-name=to-3]").click()
    wait_for(second, "Row 3 of w²")
    picture(opened, SECOND).locator(".step").fill(STEPS["input"])
    assert second.locator("caption").text_content() == "w2: 4 rows, 3 columns"
    assert lit(second) == {"to-3", "w-2-3-1", "w-2-3-2", "w-2-3-3"}
    assert table.locator(".sentence b").text_content() == "Row 3 of (w³)ᵀ"
    assert shone(opened) == {"edge-3-1-3", "edge-3-2-3", "neuron-2-3"}
    assert table.locator(".missing").is_hidden()


def test_two_tables_of_one_picture_light_it_together_and_leave_one_by_one(opened):
    flow, after, before = picture(opened, SHARED), grid(opened, AFTER), grid(opened, BEFORE)
    leaving, arriving = {f"edge-3-{j}-3" for j in range(1, 9)}, {f"edge-2-3-{k}" for k in range(1, 4)}
    assert lit(after) == {"from-3", *(f"w-3-{j}-3" for j in range(1, 9))}
    assert lit(before) == {"to-3", *(f"w-2-3-{k}" for k in range(1, 4))}
    assert shone(opened, SHARED) == leaving | arriving | {"neuron-2-3"}
    flow.locator("#neuron-3-2").click()
    wait_for(before, "Choose a neuron of layer 2")
    assert shone(opened, SHARED) == {"neuron-3-2", *(f"edge-3-2-{k}" for k in range(1, 9))}
    flow.locator("#neuron-2-3").click()
    wait_for(before, "Row 3 of w²")
    assert shone(opened, SHARED) == leaving | arriving | {"neuron-2-3"}
    opened.evaluate(CLEAR, AFTER)
    after.wait_for(state="detached")
    flow.locator("#edge-3-1-3:not(.lit)").wait_for(state="attached")
    assert shone(opened, SHARED) == arriving | {"neuron-2-3"}, "the other table's stay"
    opened.evaluate(CLEAR, BEFORE)
    before.wait_for(state="detached")
    flow.locator("#edge-2-3-1:not(.lit)").wait_for(state="attached")
    assert shone(opened, SHARED) == {"neuron-2-3"}, "at the first step, the picture itself lights no wire"
    flow.locator("#neuron-2-4").click()  # a listener left behind would miss its page
    flow.locator(".step").fill("3")
    assert shone(opened, SHARED) >= {"neuron-2-4", "edge-2-4-1"}
    assert opened.errors == []


def test_a_picture_that_is_gone_is_missed_in_a_sentence(opened):
    table = grid(opened, SMALL)
    assert table.locator(".layers").is_hidden(), "there is one matrix"
    table.locator("[data-name=to-1]").click()
    opened.evaluate(RUN, CLOSE)
    table.locator(".told", has_text="The picture that this table belongs to is gone.").wait_for()
    assert table.locator("input").count() == 0
    opened.evaluate(CLEAR, SMALL)
    table.wait_for(state="detached")
    assert opened.errors == []


@pytest.mark.parametrize("width", [400, 800, 1280, 1920])
def test_nothing_sticks_out_and_what_is_lit_is_seen(table, opened, width):
    resize(opened, width, ".bpcourse-matrix")
    try:
        picture(opened).locator("#neuron-2-1").click()
        picture(opened).locator("#neuron-2-4").click()
        table.locator("[data-name=from-4]").wait_for()
        spill = "e => { const r = e.shadowRoot.querySelector('.root'); return r.scrollWidth - r.clientWidth; }"
        assert table.evaluate(spill) <= 1
        place, cell = table.locator(".scroll").bounding_box(), table.locator("[data-name=w-3-1-4]").bounding_box()
        assert place["x"] < cell["x"]
        assert cell["x"] + cell["width"] <= place["x"] + place["width"]
        for button in table.locator("table button, input").all():
            box = button.locator("xpath=ancestor-or-self::*[self::label or self::button]").bounding_box()
            assert min(box["width"], box["height"]) >= 24
        flow, side = picture(opened).bounding_box(), table.bounding_box()
        assert (side["y"] == pytest.approx(flow["y"], abs=20)) == (width >= 1280), "beside or below"
    finally:
        resize(opened, 1280, ".bpcourse-matrix")


@pytest.fixture(scope="module", params=["Light", "Dark"])
def themed(request, browser, tmp_path_factory):
    folder = tmp_path_factory.mktemp("matrix")
    book(folder, CELLS)
    with jupyterlab(folder, f"JupyterLab {request.param}") as address:
        page = browser.new_page(viewport={"width": 1280, "height": 1000}, reduced_motion="reduce")
        yield opened_at(page, address)
        page.close()


def test_axe_and_the_eye_find_nothing(themed):
    table = grid(themed)
    for turned in (False, True):
        table.locator(".turn").set_checked(turned)
        assert table.evaluate(MOVING) == [], "who asks for no motion gets none"
        for step in (STEPS["input"], STEPS["BP2"]):
            picture(themed).locator(".step").fill(step)
            for part in ("#neuron-2-3", "#neuron-3-1", "#edge-3-1-3 .hit", "#cost"):
                picture(themed).locator(part).click(force=True)
                response = Axe().run(themed, context=".bpcourse-matrix").response
                faults = [
                    (fault["id"], [node["target"] for node in fault["nodes"]]) for fault in response["violations"]
                ]
                assert faults == [], (step, part)
        picture(themed).locator("#neuron-2-3").click()
        for selector in (".corner", ".factor", ".lit button", ".lit .factor", ".sentence", "caption", ".row math"):
            for text in table.locator(selector).all():
                assert text.evaluate(CONTRAST) >= 4.5, selector


def test_the_turning_is_seen_unless_motion_is_not_wanted(table):
    table.locator(".turn").check()
    assert {animation["duration"] for animation in table.evaluate(MOVING)} == {400}
