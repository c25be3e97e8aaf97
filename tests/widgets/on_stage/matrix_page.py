"""Tables of weights beside live networks on one page, as a test opens and reads them."""

import bpcourse as bp
from bpcourse.text import shown
from tests.browser.notebook_03 import STEPS, net, x, y

FIRST, SECOND, SHARED, AFTER, BEFORE, SMALL = range(6)  # where each is shown
MOVING = """e => e.shadowRoot.querySelector('table').getAnimations({ subtree: true })
    .map((animation) => animation.effect.getTiming())"""


def opened_at(stage):
    """Shows all of them; returns the page, and the picture that the last one belongs to."""
    big = bp.Network([3, 8, 8], seed=1)
    shared = bp.DeltaFlow(big, x, big.b[3], show="input", select="delta-2-3")
    small = bp.DeltaFlow(bp.Network([3, 2]), x, y, "BP1")
    pair = (bp.WeightMatrix(bp.DeltaFlow(net, x, y)), bp.WeightMatrix(bp.DeltaFlow(net, x, y), l=2))
    for widget in (*pair, shared, bp.WeightMatrix(shared).grid, bp.WeightMatrix(shared, l=2).grid):
        stage.show(widget)
    stage.show(bp.WeightMatrix(small, l=2).grid)
    return stage.page, small


def grid(page, cell=FIRST):
    return page.locator(".jp-Cell").nth(cell).locator(".bpcourse-matrix")


def picture(page, cell=FIRST):
    return page.locator(".jp-Cell").nth(cell).locator(".bpcourse-flow")


def first_table(opened):
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
    table.locator(".sentence", has_text=sentence).wait_for()


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
