"""The font of the formulas: cut from the whole one, with every glyph that the course writes, and sent once."""

import base64
import io
import json
import re
from html import unescape

import nbformat
from fontTools.ttLib import TTFont
from ipywidgets.embed import dependency_state

import bpcourse as bp
from bpcourse.proofs import DERIVATIONS
from bpcourse.proofs.judge import SIGNS
from bpcourse.text import shown
from bpcourse.widgets.font import FILE, Font
from tests.fitting import fitting
from tests.notebooks.cells import EACH_NOTEBOOK, read
from tests.widgets.drawn import net, x, y
from tools import site, site_models
from tools.font import MOST_BYTES, WHOLE, cut, italic
from tools.formulas import mathml
from tools.site_about import about

FORMULA = re.compile(r"\$\$(.+?)\$\$|\$([^$\n]+?)\$", re.S)
with TTFont(FILE) as font:
    GLYPHS = font.getBestCmap().keys()


def tables(file):
    """The tables of a font, unpacked: packed ones depend on the packer."""
    with TTFont(file) as font:
        return {name: font.reader[name] for name in font.reader.keys()}  # noqa: SIM118, it is no dict


def missing(formula):
    """The characters of a formula that the font does not have; a single letter is shown in italics."""
    texts = [(tag, unescape(text)) for tag, text in re.findall(r"<(m\w+)\b[^>]*>([^<]+)<", formula)]
    shown = {character for _, text in texts for character in text}
    shown |= {italic(text) for tag, text in texts if tag == "mi" and re.fullmatch(r"[^\W\d_]|∂", text)}
    return {character for character in shown if ord(character) not in GLYPHS}


def test_the_font_is_cut_as_it_was():
    again = cut()
    assert tables(io.BytesIO(again)) == tables(FILE), "run `make font` and look at the formulas"
    assert max(len(again), FILE.stat().st_size) <= MOST_BYTES
    assert FILE.with_suffix(".LICENSE").read_bytes() == (WHOLE / "LICENSE").read_bytes()


def stories():
    """What the live pictures are told."""
    yield bp.DeltaFlow(net, x, y).story
    yield bp.WeightMatrix(bp.DeltaFlow(net, x, y)).grid.story
    for derivation in DERIVATIONS:
        fits = fitting(derivation)
        yield bp.Stepper(derivation, fits, x, y).lines.story


def test_every_formula_of_a_live_picture_can_be_set():
    for story in stories():
        assert missing(json.dumps(story, ensure_ascii=False)) == set()
    assert {ord(sign) for sign in (*SIGNS, *shown(-1.5), *"naninf")} <= GLYPHS


@EACH_NOTEBOOK
def test_every_formula_of_a_page_can_be_set(path):
    cells = read(path).cells
    texts = [text for cell in cells for text in (cell.source, cell.metadata.get("bpcourse", {}).get("slide", ""))]
    found = [FORMULA.findall(text) for text in texts]
    formulas = [displayed or inline for pairs in found for displayed, inline in pairs]
    assert len(formulas) > 5
    for formula in formulas:
        assert missing(mathml(formula)) == set(), formula


def test_a_missing_glyph_is_found():
    assert missing("<mi>ж</mi><mo>=</mo><mi>w</mi><mtext>h☃</mtext>") == {"ж", "☃"}
    assert missing("<mi>ℵ</mi><mi>Ω</mi>") == {"ℵ"}


def test_the_font_is_sent_once():
    flow, matrix = bp.DeltaFlow(net, x, y), bp.WeightMatrix(bp.DeltaFlow(net, x, y))
    stepper = bp.Stepper(bp.BP2, net, x, y)
    assert {widget.font for widget in (flow, matrix.grid, matrix.flow, stepper.lines, stepper.flow)} == {Font.here()}
    assert bytes(Font.here().file) == FILE.read_bytes()


def test_a_font_that_was_closed_is_sent_again():
    closed = Font.here()
    closed.close()
    flow = bp.DeltaFlow(net, x, y)
    assert flow.font is not closed
    assert flow.font.comm is not None


def test_the_site_has_it_in_a_style_and_in_no_model(tmp_path):
    flow = bp.DeltaFlow(net, x, y)
    state = json.loads(json.dumps(dependency_state([flow], drop_defaults=False)))
    output = nbformat.v4.new_output("display_data", {site.VIEW: {"model_id": flow.model_id}, "text/plain": "δ"})
    cell = nbformat.v4.new_code_cell("flow", outputs=[output])
    notebook = nbformat.v4.new_notebook(cells=[cell], metadata={"widgets": {site_models.STATE: {"state": state}}})
    page = {"kind": "notebook", "title": "T", "note": "N", "source": "n.ipynb", "about": about(), "pages": []}
    site.write_page(notebook, tmp_path, tmp_path / "n.html", page)
    told = (tmp_path / "n.js").read_text("utf-8")
    assert '"picture"' in told
    assert '"file"' not in told
    assert 'href="font.css"' in (tmp_path / "n.html").read_text("utf-8")
    assert base64.b64encode(FILE.read_bytes()).decode() in site.font_face()
    assert FILE.with_suffix(".LICENSE").read_text("utf-8") in site.font_face()
