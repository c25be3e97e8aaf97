"""How the pages without a kernel are written: formulas, links, live pictures, and what happens when one cannot be."""

import base64
import json
import re

import nbformat
import numpy as np
import pytest

import bpcourse as bp
from tests.notebooks.cells import markdown, read
from tests.places import NOTEBOOKS
from tools import site, site_about, site_search
from tools.formulas import held_together, mathml, wrapped
from tools.site_models import Models


def words(latex, display=False):
    """The text of a formula, without its tags."""
    return re.sub(r"<[^>]*>", "", mathml(latex, display))


def pieces(html):
    """The text of each innermost piece."""
    return [re.sub("<[^>]*>", "", piece) for piece in re.findall('<span class="piece">(<math.*?)</span>', html)]


@pytest.mark.parametrize(
    ("latex", "text"),
    [
        (r"\delta^{l}_{j}", "δjl"),
        (r"\frac{\partial C}{\partial z^l_j}", "∂C∂zjl"),
        (r"\sigma'(z)", "σ′(z)"),
        (r"(w^{3})^{T} \odot \nabla_a C", "(w3)T⊙∇aC"),
        (r"-0.5 \cdot (-0.133)", "−0.5·(−0.133)"),
    ],
)
def test_a_formula_keeps_its_symbols(latex, text):
    assert words(latex) == text


def test_a_minus_that_is_a_sign_stands_close():
    assert mathml("-1").count('form="prefix"') == 1
    assert mathml("2-1").count('form="prefix"') == 0
    assert mathml("(-1)").count('form="prefix"') == 1


def test_bars_slashes_and_names_stand_close():
    opened = mathml(r"|g| / \max(|p|)")
    assert opened.count('lspace="0" rspace="0"') == 5, "four bars and a slash"
    assert "<mi>max</mi><mo" in opened
    assert 'lspace="0" rspace="0"' in mathml(r"\odot")
    assert 'lspace="0.22em" rspace="0.22em"' in mathml(r"a \odot b")


def test_a_root_stands_on_its_line():
    assert re.search(r"<msqrt>.*<mspace [^>]*height.*</msqrt>", mathml(r"\sqrt{n}"))


@pytest.mark.parametrize(
    ("sentence", "held"),
    [
        ("the columns of $a$, we", ["a,"]),
        ("the $k$-th term ($a$).", ["k-th", "(a)."]),
        ("$a$: 4 × 3, $b$: 2 × 4", ["a: 4\xa0×\xa03,", "b: 2\xa0×\xa04"]),
        ("so $a$ and **$b$** are", []),
    ],
)
def test_a_formula_stays_with_the_signs_around_it(renderer, sentence, held):
    made = held_together(site.MarkdownWithMath(renderer).render(sentence))
    found = re.findall(r'<span class="held">(.*?)</span>', made, re.DOTALL)
    assert [re.sub("<[^>]*>", "", one) for one in found] == held


def test_a_narrow_table_breaks_code_between_names(renderer):
    made = site.MarkdownWithMath(renderer).render("| a |\n|---|\n| `trace.sigma_prime(2) * 0.5` |\n\n`bp.sigmoid`")
    assert "<code>trace.<wbr>sigma_<wbr>prime(2) * 0.5</code>" in made
    assert "<code>bp.sigmoid</code>" in made


def test_a_size_and_a_share_are_not_parted(renderer):
    made = site.MarkdownWithMath(renderer).render("of 4 × 3 and 95 % in `2 × 2`")
    assert "4\xa0×\xa03 and 95\xa0% in" in made
    assert "2 × 2" in made


def test_bars_open_and_close():
    forms = re.findall(r"<mo([^>]*)>[|−]", mathml(r"r = |-g| / \max(|g|, |p|)"))
    forms = [re.search(r'form="(\w+)"', form)[1] for form in forms]
    assert forms == ["prefix", "prefix", "postfix", "prefix", "postfix", "prefix", "postfix"]


def test_what_has_no_mathml_is_named():
    with pytest.raises(ValueError, match=r"something that has no MathML \(\\unknown\): \\unknown\{x\}"):
        mathml(r"\unknown{x}")


def test_a_long_formula_in_a_sentence_may_be_broken_and_says_the_same():
    latex = r"1.290 - 0.5 \cdot (-0.133) = 1.290 + 0.0665 = 1.3565"
    assert mathml(latex).count("<wbr>") == 4, "before −, = , +, = and nowhere inside the parentheses"
    assert words(latex) == "1.290−0.5·(−0.133)=1.290+0.0665=1.3565"
    assert "<wbr>" not in mathml(latex, display=True)
    assert "<wbr>" not in mathml("a = b + c")


def test_a_formula_on_lines_of_its_own_is_broken_at_its_signs_and_says_the_same():
    latex = r"C_x = -\left(y \ln a + (1 - y) \ln(1 - a)\right) = -((w)^T a + b) \odot c"
    assert pieces(wrapped(latex)) == ["Cx", "=−(ylna", "+(1−y)ln(1−a))", "=−((w)Ta", "+b)", "⊙c"]
    tall = wrapped(r"a = \left(\begin{bmatrix} 1 \\ 2 \end{bmatrix} + b\right) \odot c")
    assert pieces(tall) == ["a", "=([12]+b)", "⊙c"], "brackets grow with what is in them, so they stay together"
    rows = wrapped(r"\begin{aligned} a &= b \\ &= c \end{aligned}")
    assert pieces(wrapped(r"\quad = a + b")) == ["=a", "+b"], "a space alone is no piece"
    assert (rows.count("<span><math"), rows.count("<span></span>")) == (3, 1), "two lines of two cells"


def test_every_line_of_the_course_has_mathml():
    for proof in (bp.BP1, bp.BP2, bp.BP3, bp.BP4, bp.derivations.FORWARD, bp.derivations.QUADRATIC):
        for line in proof.lines:
            assert words(line.latex, display=True) == re.sub("<[^>]*>", "", wrapped(line.latex))


# Links ---------------------------------------------------------------------------------------------------------------


@pytest.fixture
def renderer(tmp_path):
    return site.Renderer(site.ROOT / "notebooks", tmp_path)


def test_links_lead_to_pages_and_take_along_what_they_need(renderer, tmp_path):
    assert renderer.on_site("02_bp1_output_error.ipynb#Exercises") == "02_bp1_output_error.html#Exercises"
    assert renderer.on_site("../LICENSE") == "LICENSE.txt"
    assert (tmp_path / "LICENSE.txt").exists()
    assert renderer.on_site("../images/formula-sheet.pdf") == "images/formula-sheet.pdf"
    assert (tmp_path / "images" / "formula-sheet.pdf").exists()
    assert renderer.on_site("https://jupyter.org/") == "https://jupyter.org/"
    assert "in the folder of the course" in renderer.link("guide", "../CONTRIBUTING.md")


def test_a_link_to_nowhere_is_a_fault(renderer):
    with pytest.raises(site.Fault, match="nowhere"):
        renderer.link("there", "nowhere.ipynb")
    with pytest.raises(site.Fault, match="not there"):
        renderer.link("outside", "../../outside.txt")


def test_headings_have_addresses_of_their_own(renderer):
    assert 'id="Try-this"' in renderer.heading("Try this", 2)
    assert 'id="Try-this-2"' in renderer.heading("Try this", 2)


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("Choose the wire and move its weight to 3.", True),
        ("*Cut a path.* Now move it to 0.", True),
        ("Press Reset. Move the bias.", True),
        ("A click shows a slider to move its bias.", True),
        ("Press **Take the step**.", True),
        ("Choose *sample 200*.", True),
        ("Click a bird to see its errors, or press Next mistake.", True),
        ("Move the slider, or press Play training.", False),
        ("There a push hardly moves it, and the weight would then move by 3.", False),
        ("Move all six biases at once.", False),
    ],
)
def test_what_only_a_kernel_answers_is_told_where_the_text_asks_for_it(renderer, text, asks):
    text = text.replace("*sample", "sample").replace("200*", "200")
    assert ("needs Python" in renderer.paragraph(text)) == asks
    assert ("needs Python" in renderer.block_text(text)) == asks


ASKED = re.compile(  # what one is told to do, in any words: an order to change something, and the thing that is changed
    r"\b(?:[Mm]ove|[Dd]rag|[Ss]et|[Tt]urn|[Rr]aise|[Ll]ower|[Cc]hange|[Pp]ush|[Cc]hoose|[Tt]ake|[Pp]ress)\b[^.:;]*?"
    r"(?:\bits? (?:weight|slider|bias|target)|\b(?:it|them) (?:as well )?(?:to|from|back)\b|[wb]\^\d\S* (?:to|from)\b|"
    r"\b(?:weight|bias|target)\b[^.]*? to \$|sample \d|another bird|Take the step)"
)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_every_move_that_a_page_cannot_make_is_told(path, tmp_path):
    renderer = site.Renderer(path.parent, tmp_path)
    tried = [text.partition("**Try this")[2] for text in markdown(read(path))]
    items = [item for text in tried for item in re.findall(r"^\d+\. (.+)", text, re.MULTILINE)]
    silent = [
        item
        for item in items
        if ASKED.search(item.replace("*", "")) and "needs" not in renderer.told(item.replace("*", ""))
    ]
    assert silent == []


def test_the_foot_of_a_page_tells_the_version_and_the_day_of_this_state_of_the_course(monkeypatch):
    told = site_about.about()
    assert f"\nversion: {told['version']}\n" in (site.ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert f"Version {told['version']}." in told["cite"]
    assert told["cite"].startswith("The bpcourse authors (20")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1")
    assert site_about.about()["written"] == "1 January 1970"


def test_the_index_has_every_heading_with_its_words():
    body = '<h1>A &amp; <math><mi>δ</mi></math></h1><p>one</p><p>two</p><h2 id="So-&amp;c">So</h2><pre>x = 1</pre>'
    assert site_search.sections("a.html", "A", body) == [
        {"page": "A", "at": "a.html", "heading": "A & δ", "text": "one two"},
        {"page": "A", "at": "a.html#So-&c", "heading": "So", "text": "x = 1"},
    ]


# The models that travel ----------------------------------------------------------------------------------------------


def test_models_travel_with_what_they_refer_to_and_without_what_only_jupyter_reads():
    birds = bp.penguins()
    flow = bp.DeltaFlow(bp.Network([3, 4, 2], seed=38), birds.x[:, [0]], birds.y[:, [0]])
    table = bp.WeightMatrix(flow)
    states = type(flow).get_manager_state()["state"]
    models = Models(json.loads(json.dumps(states)))
    assert models.playable(table.model_id)
    assert not models.playable(flow.layout.model_id)
    assert models.take(table.model_id) == "w1"
    told = models.described()
    assert len(told) == 4, "the box, the network, the table and the font"
    assert [code for code in models.codes if code.startswith("deltaflow")]
    kept = next(model for model in told.values() if "picture" in model["traits"])
    assert not [name for name in kept["traits"] if name.startswith("_")]
    numbers = [np.frombuffer(base64.b64decode(kept["bytes"]["frame"])), np.frombuffer(flow.frame)]
    assert numbers[0][0] == 0, "how many frames there were before is no part of a page"
    assert (numbers[0][1:] == numbers[1][1:]).all()
    grid = next(model for model in told.values() if "transposed" in model["traits"])
    assert told[grid["traits"]["flow"].removeprefix("IPY_MODEL_")] == kept


# When a site cannot be built -----------------------------------------------------------------------------------------


@pytest.fixture
def book(tmp_path, monkeypatch):
    """Writes a notebook of one cell of text and one of code, which the README is made to list."""
    row = {"name": "N", "gives": "g", "minutes": "5", "number": "0", "address": "n.html"}
    monkeypatch.setattr(site, "listed", lambda path: row)

    def write(code, text="# Title\n\n$$a$$"):
        cells = [nbformat.v4.new_markdown_cell(text), nbformat.v4.new_code_cell(code)]
        nbformat.write(nbformat.v4.new_notebook(cells=cells), tmp_path / "n.ipynb")
        return [tmp_path / "n.ipynb"]

    return write


def test_a_failing_notebook_leaves_the_old_site(aside, book, tmp_path):
    target = tmp_path / "site"
    aside(site.build, book("print('first')"), target)
    first = (target / "n.html").read_text()
    assert "first" in first
    for code, text, sentence in (
        ("1 / 0", "# T\n\n$$a$$", "a cell of n.ipynb raises ZeroDivisionError"),
        ("print('second')", "# T\n\n$$\\nonsense$$", "this formula has something that has no MathML"),
        ("print('second')", "# T\n\n[x](nowhere.md)", "a link leads to nowhere.md"),
    ):
        with pytest.raises(site.Fault, match=sentence):
            aside(site.build, book(code, text), target)
        assert (target / "n.html").read_text() == first
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".site-")] == []
    aside(site.build, book("print('second')"), target)
    assert "second" in (target / "n.html").read_text()


def test_a_timing_is_not_taken_again(aside, book, tmp_path):
    """The text beside it speaks of the numbers that are committed, and one state of the course gives one site."""
    (path,) = book("import time\nprint(time.time())")
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[1].metadata.tags = ["nbval-ignore-output"]
    notebook.cells[1].outputs = [nbformat.v4.new_output("stream", text="as committed")]
    nbformat.write(notebook, path)
    for solutions in (True, False):
        aside(site.build, [path], tmp_path / "site", solutions)
        assert "as committed" in (tmp_path / "site" / "n.html").read_text()


def test_what_a_teacher_gives_out_has_no_solution_and_no_note_in_any_file(aside, book, tmp_path):
    (path,) = book("print('kept')")
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[1].metadata.bpcourse = {"notes": "the secret of the teacher"}
    solution = nbformat.v4.new_markdown_cell("## The secret\n\nof the solution", metadata={"tags": ["solution"]})
    notebook.cells.append(solution)
    nbformat.write(notebook, path)
    for solutions in (True, False):
        aside(site.build, [path], tmp_path / "site", solutions)
        files = [file for file in (tmp_path / "site").rglob("*") if file.is_file()]
        assert {"n.html", "n.ipynb", "search-index.js"} < {file.name for file in files}
        texts = [file.read_bytes().decode("utf-8", "replace") for file in files]
        assert any("secret" in text for text in texts) == solutions
        assert "kept" in (tmp_path / "site" / "n.html").read_text()


def test_a_folder_of_something_else_is_not_replaced(aside, book, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("dear")
    with pytest.raises(site.Fault, match="is no site"):
        aside(site.build, book("1"), tmp_path / "mine")
    assert (tmp_path / "mine" / "letter.txt").read_text() == "dear"


def test_a_notebook_that_the_readme_does_not_list_is_a_fault(tmp_path):
    with pytest.raises(site.Fault, match=r"no row for notebooks/99_unknown\.ipynb"):
        site.listed(tmp_path / "99_unknown.ipynb")
