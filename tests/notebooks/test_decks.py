"""The decks as the notebooks describe them: 8 to 20 slides, each with a heading, notes and the time to take."""

import copy
import re

import jinja2
import nbformat
import pytest
from matplotlib.text import Text

import bpcourse as bp
from bpcourse.pictures import look
from tests.notebooks.cells import EACH_NOTEBOOK, code_cells, numbered, read
from tests.notebooks.test_formulas import DISPLAY, KNOWN, bare
from tests.places import ROOT
from tools.decks import deck, kind, slides, tagged, to_html, words

KINDS = {"slide", "subslide", "fragment", "skip", "notes", "-"}
ASKS = re.compile(r"\?|\*\*Ask")
LONGEST = 60  # minutes; a lesson of 45, and something to choose from


def faults(notebook):
    """What a deck must not be, a sentence each."""
    deck = slides(notebook)
    minutes = sum(slide.minutes for slide in deck)
    found = {f"{len(deck)} slides": not 8 <= len(deck) <= 20, f"{minutes} minutes": minutes > LONGEST}
    for n, slide in enumerate(deck, start=1):
        told = "".join(words(cell) for cell in slide.cells)
        found |= {
            f"slide {n} does not begin with a heading": not slide.title,
            f"slide {n}: its notes do not begin with the time to take, such as 2 min.": not slide.minutes,
            f"slide {n}: neither the slide nor its notes ask a question": not ASKS.search(slide.notes + told),
        }
        formulas = [formula for cell in slide.cells for formula in DISPLAY.findall(words(cell))]
        found |= {f"slide {n}: no derivation has the formula {f}": bare(f) not in KNOWN for f in formulas}
    for cell in notebook.cells:
        for_code = any(tagged(cell, tag) for tag in ("slide-run", "slide-code"))
        found |= {
            f"cell {cell.id}: no slide type is called {kind(cell)}": kind(cell) not in KINDS,
            f"cell {cell.id} has words for a slide, but no slide type": kind(cell) == "skip"
            and cell.metadata.get("bpcourse"),
            f"cell {cell.id} has a tag for code": cell.cell_type == "markdown" and for_code,
        }
    return [fault for fault, there in found.items() if there]


@pytest.fixture
def notebook():
    return numbered("03")


@EACH_NOTEBOOK
def test_every_notebook_is_a_deck(path):
    assert faults(read(path)) == []


def first_slide(notebook):
    return next(cell for cell in notebook.cells if kind(cell) == "slide").metadata


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda nb: [cell.metadata.pop("slideshow", 0) for cell in nb.cells[9:]], "slides"),
        (lambda nb: first_slide(nb).bpcourse.update(slide="words"), "slide 1 does not begin"),
        (lambda nb: first_slide(nb).bpcourse.update(notes="**Ask** x"), "slide 1: its notes do not begin"),
        (lambda nb: first_slide(nb).bpcourse.update(notes="2 min. Talk."), "slide 1: neither the"),
        (lambda nb: first_slide(nb).bpcourse.update(notes="90 min. **Ask** x"), "minutes"),
        (lambda nb: first_slide(nb).bpcourse.update(slide="# x\n\n$$a = b$$"), "slide 1: no derivation"),
        (lambda nb: first_slide(nb).slideshow.update(slide_type="side"), "no slide type is called side"),
        (lambda nb: nb.cells[-2].metadata.update(bpcourse={"slide": "x"}), "has words for a slide, but no slide type"),
        (lambda nb: nb.cells[-1].metadata.update(tags=["slide-run"]), "has a tag for code"),
    ],
)
def test_each_fault_is_noticed(notebook, change, fault):
    change(notebook)
    assert any(fault in sentence for sentence in faults(notebook))


def test_a_deck_runs_what_it_needs_and_nothing_else(notebook):
    made = deck(notebook)
    needed = [cell for cell in notebook.cells if kind(cell) not in ("skip", "notes") or tagged(cell, "slide-run")]
    assert [cell.source for cell in code_cells(made)] == [cell.source for cell in needed if cell.cell_type == "code"]
    assert len(needed) < len(notebook.cells) / 2
    assert made.metadata.deck.title == "BP2: how the error moves back one layer"
    html = [made.metadata.deck.first, *(cell.metadata.deck.before + cell.metadata.deck.after for cell in made.cells)]
    assert [made.metadata.deck.first.count(tag) for tag in ("<section", "</section>")] == [1, 1]
    html = "".join(html)
    assert html.count("<section") == html.count("</section>") == len(slides(notebook))
    assert html.count("<div") == html.count("</div>")
    assert html.count('<aside class="notes">') == len(slides(notebook))
    assert "$" not in re.sub(r"<[^>]*>", "", html)  # formulas are MathML


def test_the_notebook_is_left_as_it_is(notebook):
    before = copy.deepcopy(notebook)
    deck(notebook)
    assert notebook == before


def cell(source, slide_type=None, tags=(), code=False, **told):
    new = nbformat.v4.new_code_cell(source) if code else nbformat.v4.new_markdown_cell(source)
    if slide_type:
        new.metadata["slideshow"] = {"slide_type": slide_type}
    new.metadata.update({key: value for key, value in {"tags": list(tags), "bpcourse": told}.items() if value})
    return new


def made_of(*cells):
    return deck(nbformat.v4.new_notebook(cells=list(cells)))


def test_a_pause_makes_what_follows_a_fragment():
    made = made_of(cell("# One\n\nnow\n\n. . .\n\nlater", "slide", notes="1 min."))
    assert made.metadata.deck.first == (
        '<section data-title="One"><div class="slide"><h1>One</h1>\n<div class="body">'
        '<div class="words"><p>now</p>\n</div><div class="words fragment"><p>later</p>\n</div>'
        '</div></div><aside class="notes"><p>1 min.</p>\n</aside></section>'
    )
    assert made.cells == []  # a first slide without code waits for no kernel


def test_a_formula_and_its_reason_stand_side_by_side():
    made = made_of(cell("# One\n\n$$x = y$$\n\nThe reason.", "slide"))
    assert '<div class="words line">' in made.metadata.deck.first
    made = made_of(cell("# One\n\n$$x = y$$\n\nMore than\n\na reason.", "slide"))
    assert '<div class="words">' in made.metadata.deck.first


def test_code_shows_where_it_is_the_point():
    opening, silent, plain, code = made_of(
        cell("0", "slide", code=True, slide="# One"),
        cell("a = 1", tags=["slide-run"], code=True),
        cell("a", "fragment", code=True),
        cell("a + 1", "-", tags=["slide-code"], code=True),
    ).cells
    assert [made.metadata.deck.shown for made in (opening, silent, plain, code)] == [True, False, True, True]
    assert plain.metadata.deck.before == '<div class="output fragment">'
    assert "highlight" not in plain.metadata.deck.before
    assert '<div class="code"><pre>' in code.metadata.deck.before


def test_a_deck_that_begins_in_the_middle_is_refused():
    with pytest.raises(ValueError, match="continues a slide, but no slide has begun"):
        made_of(cell("# One", "fragment"))


def test_a_cell_of_notes_joins_the_slide_before_it():
    (slide,) = slides(nbformat.v4.new_notebook(cells=[cell("# One", "slide"), cell("3 min. Talk.", "notes")]))
    assert slide.minutes == 3


def test_a_formula_that_cannot_be_read_is_an_error():
    with pytest.raises(ValueError, match="formula"):
        to_html(r"$\unknown{x}$")


def pictures():
    birds = bp.penguins()
    net, sides = bp.Network([3, 4, 2], seed=38), (birds.measurements, birds.species)
    yield bp.draw(bp.backprop(net, birds.x[:, [128]], birds.y[:, [128]]), "delta", ["w-2-3-1"], *sides)
    runs = {f"η = {eta}": bp.train(net, birds.x, birds.y, eta=eta, epochs=2) for eta in (0.03, 0.3, 3, 300)}
    yield bp.charts.learning_curves(runs)


def test_a_picture_on_a_slide_has_letters_to_be_read_from_afar(monkeypatch):
    """`tests/browser/look.js` reckons with it: there a picture is pixels, and its letters are measured no more."""
    for smallest in (0, look.LEGIBLE):
        monkeypatch.setenv(look.SMALLEST_TEXT, str(smallest))
        for figure in pictures():
            figure._repr_mimebundle_()
            sizes = [text.get_fontsize() for text in figure.findobj(Text) if text.get_text()]
            assert (min(sizes) >= look.LEGIBLE) == bool(smallest)
            figure.canvas.draw()
            (axes,) = figure.axes
            box, (width, height) = axes.get_tightbbox(), figure.canvas.get_width_height()
            assert min(box.x0, box.y0, width - box.x1, height - box.y1) > -1  # a pixel is not cut


def test_what_is_printed_in_pieces_is_one_piece():
    template = (ROOT / "tools/slides/voila/templates/deck/index.html.j2").read_text()
    environment = jinja2.Environment()
    environment.filters.update(dict.fromkeys(("trusted", "formulas", "typed"), str))
    shown = environment.from_string(template[: template.index("<!DOCTYPE")]).module.shown
    printed = [nbformat.v4.new_output("stream", text=text) for text in ("a:", " 1\n", "  2\n")]
    pieces = zip([None, *printed], printed, [*printed[1:], None], strict=False)
    assert "".join(shown(now, before, after) for before, now, after in pieces).strip() == "<pre>a: 1\n  2\n</pre>"


def test_a_title_may_have_braces(notebook):
    title = "## Sets {j} and what follows"
    slides(notebook)[3].cells[0].metadata["bpcourse"] = {"slide": title}
    assert "Sets {j} and what follows" in str(deck(notebook))
