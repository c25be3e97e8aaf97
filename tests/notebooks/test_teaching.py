"""docs/teaching.md: the minutes add up, the notebooks and exercises are there, the numbers and keys are true."""

import re
from itertools import pairwise

import numpy as np
import pytest

import bpcourse as bp
from bpcourse.text import shown
from tests.notebooks.cells import code_cells, markdown, numbered
from tests.places import NOTEBOOKS, ROOT
from tools.slides import KEYS as KEYS_OF_A_DECK

GUIDE = (ROOT / "docs" / "teaching.md").read_text(encoding="utf-8")
NUMBERS = {path.name[:2] for path in NOTEBOOKS}
PLAIN = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉−", "01234567890123456789-")
SYMBOLS = {"δ": "delta", "σ′": "sigma_prime", "∂C/∂w": "grad_w", "∂C/∂b": "grad_b", "a": "a", "b": "b"}
SHOWN_AS = {"delta": {"delta"}, "sigma_prime": {"delta"}, "grad_b": {"grad_b"}, "a": {"a"}, "b": {"b"}}

birds = bp.penguins()
net = bp.Network([3, 4, 2], seed=38)
x, y = birds.x[:, [128]], birds.y[:, [128]]
trace = bp.backprop(net, x, y)


def tables(text, *heads):
    """The rows of every table whose head is this one, as lists of words."""
    for block in re.findall(r"(?:^\|.*\n)+", text, re.MULTILINE):
        head, _, *rows = ([cell.strip() for cell in line.strip("|").split("|")] for line in block.splitlines())
        if head == list(heads):
            yield rows


def lessons(text):
    """{title: text} of each lesson."""
    parts = re.split(r"^## (.+)\n", text, flags=re.MULTILINE)[1:]
    return {title: body for title, body in zip(parts[::2], parts[1::2], strict=True) if title.startswith("Lesson")}


def part(said):
    """`"δ²₃"` as ("delta", 2, 3), `"C"` as ("C",)."""
    symbol, index = re.fullmatch(r"(C|∂C/∂[wb]|[^⁰-⁹¹²³₀-₉(]+)(.*)", said).groups()
    digits = [int(digit) for digit in index.translate(PLAIN) if digit.isdigit()]
    return (SYMBOLS.get(symbol, symbol), *digits)


def after(flow, moves):
    """Makes the moves of a row on a live network, each within reach of its slider."""
    for move in moves.split(", "):
        if move == "take the step":
            flow._answer(None, {"descend": True}, [])
        elif move.startswith("Sample → "):
            flow._answer(None, {"sample": int(move.removeprefix("Sample → "))}, [])
        elif move != "nothing":
            said, value = move.split(" → ")
            kind, *index = part(said)
            name = {"y": "y-3", "x": "x-1", "η": "eta"}.get(kind, kind) + "".join(f"-{n}" for n in index)
            slider = flow.story["sliders"]["-".join(name.split("-")[:2])]
            value = float(value.translate(PLAIN))
            assert slider["low"] <= value <= slider["high"]
            assert value == round(value, 2), "the slider has steps of 0.01"
            flow._answer(None, {"change": [name, value]}, [])
        assert flow.problem == ""


def faults(row):
    """What is not as the row of a lesson says, a sentence each."""
    notebook, step, moves, look_at, claimed = row
    source = "\n".join(cell.source for cell in numbered(notebook).cells) if notebook in NUMBERS else ""
    if "bp.DeltaFlow(" not in source:
        yield f"notebook {notebook} has no live network"
    if "Sample" not in moves:
        flow = bp.DeltaFlow(net, x, y, show=step)
    elif "net, birds.x, birds.y, sample=128" in source:
        flow = bp.DeltaFlow(net, birds.x, birds.y, sample=128, show=step)
    else:
        yield f"notebook {notebook} has one bird to choose"
        return
    after(flow, moves)
    kind, *index = part(look_at)
    shows = flow.story["steps"][flow.step]["shows"]
    if kind in ("C", "grad_w"):
        seen = shows["C"] == "C" if kind == "C" else shows["w"] == "grad_w"
    else:
        seen = shows[index[0]] in SHOWN_AS[kind]
    if not seen:
        yield f"{look_at} is not shown at {step}"
    trace = flow.trace
    if kind == "C":
        value = trace.cost
    else:
        layer, *at = index
        table = {"sigma_prime": trace.sigma_prime, "b": trace.net.b.__getitem__}.get(kind)
        table = table or getattr(trace, kind).__getitem__
        value = table(layer)[tuple(n - 1 for n in (at if kind == "grad_w" else [*at, 1]))]
    if shown(value) != claimed:
        yield f"{look_at} is {shown(value)} after {moves}, not {claimed}"


ROWS = [row for rows in tables(GUIDE, "notebook", "step", "move", "look at", "shows") for row in rows]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: " ".join(row[:4]))
def test_the_network_shows_what_the_guide_says(row):
    assert list(faults(row)) == []


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        (["03", "BP2", "nothing", "δ²₃", "0.032"], "δ²₃ is −0.032 after nothing, not 0.032"),
        (["03", "BP2", "w³₂₁ → 3", "δ²₃", "−0.032"], "δ²₃ is −0.018 after w³₂₁ → 3, not −0.032"),
        (["03", "BP1", "nothing", "δ²₃", "−0.032"], "δ²₃ is not shown at BP1"),
        (["99", "BP2", "nothing", "δ²₃", "−0.032"], "notebook 99 has no live network"),
        (["05", "descent", "Sample → 200", "C", "0.153"], "notebook 05 has one bird to choose"),
    ],
)
def test_a_false_row_is_seen(row, fault):
    assert list(faults(row)) == [fault]


EPOCHS = [row for rows in tables(GUIDE, "notebook", "epoch", "look at", "shows") for row in rows]


@pytest.fixture(scope="module")
def training():
    """That of the first replay of notebook 07, as its cell says."""
    sources = [cell.source for cell in code_cells(numbered("07"))]
    (cell,) = (source for source in sources if source.startswith("history = bp.train("))
    names = {"bp": bp, "net": net, "x": birds.x, "y": birds.y}
    exec(cell.splitlines()[0], names)
    replay = next(source for source in sources if "bp.Replay(" in source)
    assert "history, x, y, sample=128," in replay
    return names["history"]


@pytest.mark.parametrize("row", EPOCHS, ids=lambda row: " ".join(row[:3]))
def test_the_replay_shows_what_the_guide_says(row, training):
    notebook, epoch, look_at, claimed = row
    trace = bp.backprop(training.nets[int(epoch)], x, y)
    if look_at == "birds right":
        value = f"{100 * training.right[int(epoch)]:.1f} %"
    elif look_at == "C":
        value = shown(trace.cost)
    else:
        kind, layer, j = part(look_at)
        value = shown(getattr(trace, kind)[layer][j - 1, 0])
    assert (notebook, value) == ("07", claimed)


made = bp.Network.from_parameters
deep = bp.Network([3, 4, 4, 4, 2], seed=1)
wrong = {2: net.b[2], 3: [[-6], [6]]}
OTHERS = {  # the networks of notebook 07, and its code for each
    "stuck": (made(net.w, wrong), "b = {2: net.b[2], 3: [[-6], [6]]}"),
    "stuck, cross-entropy": (made(net.w, wrong, cost="cross_entropy"), 'stuck.b, cost="cross_entropy"'),
    "softmax": (made(net.w, net.b, output="softmax", cost="log_likelihood"), 'output="softmax", cost="log_likelihood"'),
    "deep": (deep, "deep = bp.Network([3, 4, 4, 4, 2], seed=1)"),
    "deep, tanh": (made(deep.w, deep.b, activation="tanh", output="sigmoid"), "bp.DeltaFlow(\n    deep, x, y,"),
}
LATER = [row for rows in tables(GUIDE, "notebook", "network", "look at", "shows") for row in rows]


@pytest.mark.parametrize("row", LATER, ids=lambda row: " ".join(row[1:3]))
def test_the_networks_of_07_show_what_the_guide_says(row):
    notebook, name, look_at, claimed = row
    other, code = OTHERS[name]
    assert code in "\n".join(cell.source for cell in code_cells(numbered(notebook)))
    seen = bp.backprop(other, x, y)
    kind, layer, j = part(look_at)
    table = seen.sigma_prime(layer) if kind == "sigma_prime" else getattr(seen, kind)[layer]
    assert shown(table[j - 1, 0]) == claimed


def test_the_sizes_of_the_errors_of_the_deep_network_are_those_of_the_guide():
    seen = bp.backprop(deep, birds.x, birds.y)
    sizes = ", ".join(f"{np.abs(seen.delta[l]).mean():.4f}" for l in (5, 4, 3, 2))
    assert f"from layer 5 to 2: {sizes}." in " ".join(GUIDE.split())


def test_what_weights_and_slopes_keep_of_an_error_is_as_the_guide_says():
    one = bp.backprop(deep, x, y)
    kept = np.ones(2)
    for l in (4, 3, 2):
        arrives = np.abs(deep.w[l + 1].T @ one.delta[l + 1]).mean()
        kept *= arrives / np.abs(one.delta[l + 1]).mean(), np.abs(one.delta[l]).mean() / arrives
    weights, slopes = 1 / kept
    assert f"the weights keep 1/{weights:.0f}, the slopes 1/{slopes:.0f}." in " ".join(GUIDE.split())


def test_every_number_in_the_text_is_in_a_table_or_in_the_network():
    known = {row[-1] for row in ROWS + LATER} | {"0.966", "0.139"}
    arrays = [trace.cost, *(table[l] for table in (trace.z, trace.a, trace.delta, net.w, net.b) for l in (2, 3))]
    known |= {shown(value) for array in arrays for value in np.ravel(array)}
    prose = re.sub(r"^\|.*\n", "", GUIDE, flags=re.MULTILINE).replace("-0.", "−0.")
    assert {number for number in re.findall(r"−?\d\.\d{3}(?!\d)", prose)} <= known
    moved = bp.backprop(net.with_weight(3, 2, 2, 3), x, y), bp.backprop(net.with_weight(3, 2, 2, -3), x, y)
    assert [shown(trace.a[3][1, 0]) for trace in moved] == ["0.966", "0.139"]


def test_the_minutes_add_up():
    (overview,) = tables(GUIDE, "lesson", "minutes", "notebooks", "after it a student can")
    assert {int(row[1]) for row in overview} <= {45, 90}
    assert len(lessons(GUIDE)) == len(overview)
    for (number, minutes, notebooks, _), (title, text) in zip(overview, lessons(GUIDE).items(), strict=True):
        assert title.startswith(f"Lesson {number}:")
        (plan,) = tables(text, "minutes", "what", "with")
        spans = [tuple(map(int, row[0].split("–"))) for row in plan]
        assert (spans[0][0], spans[-1][1]) == (0, int(minutes))
        assert all(end == start for (_, end), (start, _) in pairwise(spans))
        assert set(notebooks.split(", ")) <= NUMBERS
        for heading in ("**Aims.**", "**Ask.**", "**Board.**", "**What they get wrong.**"):
            assert heading in text, (title, heading)


def too_long(lesson):
    """The decks of a lesson whose slides take longer than the rows of its plan that show them, a sentence each."""
    (plan,) = tables(lesson, "minutes", "what", "with")
    (decks,) = tables(lesson, "deck", "slides shown", "minutes", "skipped")
    for number, _, minutes, _ in decks:
        spans = [map(int, row[0].split("–")) for row in plan if number in row[2] and "deck" in row[2]]
        time = sum(end - start for start, end in spans)
        if float(minutes) > time:
            yield f"the slides of {number} take {minutes} minutes of {time}"


@pytest.mark.parametrize("title", lessons(GUIDE))
def test_the_slides_of_a_lesson_fit_into_its_rows(title):
    assert list(too_long(lessons(GUIDE)[title])) == []


def test_slides_that_do_not_fit_are_seen():
    lesson = lessons(GUIDE)["Lesson 1: forward, and how wrong"]
    assert list(too_long(lesson.replace("| 0–5 | A bird", "| 0–4 | A bird"))) == [
        "the slides of 00 take 5 minutes of 4"
    ]


def test_the_homework_is_there():
    homework = [row for rows in tables(GUIDE, "homework from", "exercises") for row in rows]
    for notebook, numbers in homework:
        prose = "\n".join(markdown(numbered(notebook))).split("## Exercises", 1)[1]
        there = re.findall(r"^(?:#+ )?\**(?:Exercise )?(\d+)\.", prose, re.MULTILINE)
        assert set(numbers.split(", ")) <= set(there), notebook
    assert len(homework) >= len(lessons(GUIDE))


KEYS = {"→": "ArrowRight", "←": "ArrowLeft", "↓": "ArrowDown", "↑": "ArrowUp", "Space": '" "'}
OWN = {"WeightMatrix": {"Enter", '" "'}}  # what a button does by itself
WIDGETS = {"DeltaFlow": "flow", "Stepper": "stepper", "WeightMatrix": "matrix"}


def told(guide, place):
    """The keys that the guide tells of, as it writes them."""
    (rows,) = tables(guide, "where", "key", "what it does")
    return {key for where, keys, _ in rows if where == place for key in keys.split()}


def handled(javascript):
    """The keys in a widget's table of moves, those that are added to it later, and those that are compared alone."""
    moves = "\n".join(re.findall(r"const moves = \{.*?\};", javascript, re.DOTALL))
    keys = re.findall(r'(?:^ +|[{,] )([A-Za-z]+|" "): (?=\(|\[|\w+,)', moves, re.MULTILINE)
    later = re.findall(r"moves\.(\w+) =", javascript) + re.findall(r"= moves\.(\w+)", javascript)
    return {*keys, *later, *re.findall(r'event\.key === "(\w+)"', javascript)}


@pytest.mark.parametrize("widget", WIDGETS)
def test_the_keys_are_those_that_the_widget_handles(widget):
    javascript = (ROOT / "bpcourse" / "widgets" / f"{WIDGETS[widget]}.js").read_text(encoding="utf-8")
    keys = {KEYS.get(key, key) for key in told(GUIDE, widget)}
    assert keys == handled(javascript) | OWN.get(widget, set())
    more = javascript.replace("const moves = {", "const moves = { q: () => halt(),")
    assert handled(more) == handled(javascript) | {"q"}  # a new key would be missed in the guide


def test_the_keys_are_those_of_the_deck():
    names = " ".join(keys for keys, _ in KEYS_OF_A_DECK).replace("Page ↑ ↓", "Page↑ Page↓")
    assert told(GUIDE, "deck") == set(re.findall(r"[^\s,]+", names)) - {"or"}
