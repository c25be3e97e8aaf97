"""What somebody typed, as a title, a name, a picture's text or by printing it, is read on slides and pages as typed."""

import base64

import jinja2
import nbformat
import pytest

import bpcourse as bp
from bpcourse.exercises.judging import Verdict
from tests.as_typed import Page, as_read, hostile
from tests.places import ROOT
from tools import site, slides
from tools.browser import new_page
from tools.decks import deck

PNG = base64.b64encode(bp.draw(bp.Network([1, 1])).png(20)).decode()
OUTPUTS = [
    nbformat.v4.new_output("stream", text=hostile("printed")),
    nbformat.v4.new_output("stream", name="stderr", text=hostile("warned")),
    nbformat.v4.new_output("execute_result", {"text/plain": hostile("shown")}),
    nbformat.v4.new_output(
        "display_data",
        {"image/png": PNG, "text/plain": "drawn"},
        metadata={"image/png": {"alt": hostile("alt"), "width": 20}},
    ),
    nbformat.v4.new_output(
        "execute_result",
        {
            "text/plain": hostile("judged"),
            "text/markdown": Verdict(False, hostile("judged"), latex="")._repr_markdown_(),
        },
    ),
]
ERROR = nbformat.v4.new_output("error", ename=hostile("class"), evalue=hostile("raised"), traceback=[])
CODE = f"r'''{hostile('code')}'''"


def notebook(title="# A title", outputs=OUTPUTS, code=CODE):
    slide = {"slideshow": {"slide_type": "slide"}}
    return nbformat.v4.new_notebook(
        cells=[
            nbformat.v4.new_markdown_cell(f"{title}\n\nText", metadata=slide),
            nbformat.v4.new_code_cell("1", outputs=outputs, metadata=slide | {"tags": [as_read(hostile("tag"))]}),
            nbformat.v4.new_code_cell(code),
        ]
    )


def write_site_page(folder):
    """A page of the site of which everything around the text was typed; the name of its file is odd, too."""
    named = {"name": hostile("name"), "number": hostile("number"), "address": 'n"><b>.html', "gives": "g"}
    page = {"kind": "notebook", "title": hostile("title"), "note": "A note.", "source": "n.ipynb", "licence": ""}
    page["about"] = dict.fromkeys(("version", "day", "written", "cite"), hostile("told"))
    page |= named | {"course": hostile("course"), "pages": [named], "previous": named, "next": named}
    site.write_page(notebook(), folder, folder / "n.html", page)
    return (folder / "n.html").read_text(encoding="utf-8")


def deck_page():
    """A deck as Voila writes it, with a kernel that gives what was typed."""
    loader = jinja2.FileSystemLoader(ROOT / "tools/slides/voila/templates/deck")
    environment = jinja2.Environment(loader=loader, extensions=["jinja2.ext.do"])
    environment.filters.update(slides.configuration("", 0).TemplateExporter.filters, trusted=lambda output: output)
    made = deck(notebook("# &lt;script>window.ran = 1&lt;/script>\"'\x00 $x$"))
    for cell in made.cells:
        cell.outputs = [*OUTPUTS, ERROR] if cell.cell_type == "code" else []
    return environment.get_template("index.html.j2").render(
        nb=made,
        resources={"base_url": "/"},
        static_url=str,
        page_config={"fullStaticUrl": "/static"},
        main_js="voila.js",
        kernel_start=lambda _: "k",
        cell_generator=lambda nb, _: nb.cells,
    )


def index_page(folder):
    path = folder / "09 a\"b'<i>&?.ipynb"
    nbformat.write(notebook("# &lt;script>window.ran = 1&lt;/script> {{ keys }} &amp;lt; $x$", [], "1"), path)
    return slides.index([path], "/")


def test_a_page_of_the_site_shows_what_was_typed(tmp_path):
    page = Page(write_site_page(tmp_path))
    for tag in ("title", "course", "number", "name", "told", "judged", "code"):
        assert as_read(hostile(tag)) in page.text, tag
    for tag in ("printed", "warned", "shown"):
        assert as_read(hostile(tag).replace("\x1b[31m", "")) in page.text, f"{tag}, where Esc begins a colour"
    given = {value for _, value in page.attributes}
    assert {as_read(hostile(tag)) for tag in ("alt", "name")} < given
    assert not {"onerror", "onload"} & {name for name, _ in page.attributes}
    assert {name for name, _ in page.attributes if name == "src"} == {"src"}
    assert [value for name, value in page.attributes if name == "src"] == [
        "theme.js",
        "lite.js",
        *site.SCRIPTS,
        "images/n-2.png",
    ]


def test_a_deck_shows_what_was_typed():
    page = Page(deck_page())
    for tag in ("printed", "warned", "shown", "judged", "class", "raised"):
        assert as_read(hostile(tag)) in page.text, tag
    given = {value for _, value in page.attributes}
    assert as_read(hostile("alt")) in given
    assert any("<script>window.ran = 1</script>\"'" in str(value) for value in given), (
        "the title, which the speaker window shows"
    )
    assert not {"onerror", "onload"} & {name for name, _ in page.attributes}


def test_the_page_of_all_decks_shows_titles_and_leads_to_odd_files(tmp_path):
    page = Page(index_page(tmp_path))
    assert "<script>window.ran = 1</script> {{ keys }} &lt; x" in page.text
    assert ("href", "/voila/render/09%20a%22b%27%3Ci%3E%26%3F.ipynb") in page.attributes


@pytest.mark.parametrize("written", [write_site_page, lambda _: deck_page(), index_page])
def test_in_a_browser_nothing_runs_and_nothing_is_asked_for(browser, tmp_path, written):
    source = written(tmp_path)
    own = ("site.", "theme.", "lite.", "run.", "search.", "print.", "fit.", "font.", "n.js", "n-2.png")
    own += ("deck.", "widgets.css", "reveal.", "voila.js", "page")
    page = new_page(browser)
    asked, dialogs = [], []

    def answer(route):
        asked.append(route.request.url)
        first = route.request.url == "http://pages.test/page"
        route.fulfill(body=source if first else "", content_type="text/html; charset=utf-8" if first else "text/plain")

    try:
        page.route("**/*", answer)
        page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
        page.goto("http://pages.test/page", wait_until="load")
        assert page.evaluate("window.ran ?? null") is None
        assert page.locator("[onerror], [onload]").count() == 0
        assert [url for url in asked if not url.rpartition("/")[2].startswith(own)] == []
        assert dialogs == []
    finally:
        page.context.close()
