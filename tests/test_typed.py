"""Whatever somebody types is shown as it was typed: in Markdown, in pictures, and in what widgets tell the browser."""

import json
import re
from dataclasses import replace

import pytest
from matplotlib.text import Text
from nbconvert.filters.markdown_mistune import MarkdownWithMath, markdown2html_mistune

import bpcourse as bp
from bpcourse.exercises.judging import Verdict
from bpcourse.notation.symbols import Index, Leaf
from bpcourse.pictures.drawing import live_svg
from bpcourse.pictures.picture import inventory_of
from bpcourse.proofs import DERIVATIONS
from bpcourse.questions import Answers, Question
from bpcourse.text import displayed, literal, readable
from tests.as_typed import BREAKS, HOSTILE, Page, as_read, hostile
from tests.widgets.drawn import birds, flow, net, trace, x, y
from tools.site import Renderer


@pytest.fixture(params=["nbconvert", "site"])
def to_html(request, tmp_path):
    """Two readers of Markdown; what JupyterLab's makes of it is seen in tests/browser."""
    return (
        markdown2html_mistune if request.param == "nbconvert" else MarkdownWithMath(Renderer(tmp_path, tmp_path)).render
    )


@pytest.mark.parametrize("text", [HOSTILE, *BREAKS])
def test_markdown_of_what_was_typed_shows_it_and_nothing_else(to_html, text):
    page = Page(to_html(literal(text)))
    assert {*page.tags} <= {"p", "span", "br"}
    assert page.attributes == []
    assert page.text.strip() == as_read(text).strip()
    assert not re.search(r"\$|\\", re.sub(r"<span>(\$|\\|&#\d+;)</span>", "", to_html(literal(text)))), "no formula"


def test_a_sentence_is_left_as_it_is_and_is_read_again_as_it_was():
    sentence = "Not attempted yet. Put your line, which is δ², in the place of the three dots."
    assert literal(sentence) == readable(sentence) == sentence
    assert readable(HOSTILE) == as_read(HOSTILE)
    assert readable(readable(HOSTILE)) == readable(HOSTILE)


def test_every_line_of_the_course_is_typeset_and_a_typed_index_is_not():
    for line in [line for derivation in DERIVATIONS for line in derivation.lines]:
        assert displayed(line.latex) == f"$$ {line.latex} $$"
    for typed in ("$$", "<b>", "\n\n![](https://a.b)", "\\href{https://a.b}{c}", "`", "\x00"):
        assert "$" not in displayed(Leaf("z", typed, (Index(typed),)).latex())


# Checks --------------------------------------------------------------------------------------------------------------


def test_an_exception_of_the_learner_is_read_and_does_not_run(to_html):
    def line(z):
        raise ValueError(HOSTILE)

    verdict = bp.next_line.bp1(line)
    for said in (verdict, Verdict(False, HOSTILE, latex=HOSTILE)):
        page = Page(to_html(said._repr_markdown_()))
        assert {*page.tags} <= {"p", "span", "br"}
        assert as_read(HOSTILE) in page.text
        assert as_read(HOSTILE) in repr(said)


def test_an_exception_in_a_checked_function_is_read():
    def function(w_next, delta_next, sigma_prime_z):
        raise ValueError("\x00\x1b[31m" + HOSTILE)

    verdict = bp.check.bp2(function)
    assert verdict._repr_markdown_() is None, "plain text, which no notebook takes for HTML"
    assert "<script>" in repr(verdict)
    assert repr(verdict) == as_read(repr(verdict))


# Pictures ------------------------------------------------------------------------------------------------------------

NAMES = [hostile(n) for n in range(3)]


def typed_in(figure):
    """The names that a picture draws, none of them as a formula."""
    texts = [text for text in figure.findobj(Text) if "onerror" in text.get_text()]
    assert not any(text.get_parse_math() for text in texts)
    return {text.get_text() for text in texts}


def holds(figure, *names):
    assert typed_in(figure) == {as_read(name) for name in names}
    data, metadata = figure._repr_mimebundle_()
    json.dumps([data["text/plain"], metadata, inventory_of(data["image/png"])], ensure_ascii=False).encode()
    assert data["text/plain"] == metadata["image/png"]["alt"] == as_read(data["text/plain"])
    return data["text/plain"]


@pytest.mark.parametrize("name", ["$x$", "\\frac", "_", "a\nb", "\x00", "\t", "\r", "$", "", "{", "^", "\\$", "%"])
def test_a_drawing_takes_every_name(name):
    figure = bp.draw(trace, inputs=(name,) * 3, outputs=(name,) * 2)
    figure.png()
    drawn = [text.get_text() for text in figure.findobj(Text) if str(text.get_gid()).startswith("name-")]
    assert drawn == [as_read(str(name)).replace("\t", " ").replace("\r", "\n")] * 5
    if name == "$x$":
        group = live_svg(net.sizes, (name,), ()).partition('id="name-1-1"')[2].partition('id="symbol')[0]
        assert group.count("<use ") == 3, "three characters, no formula"


def test_a_drawing_shows_names_as_they_were_typed():
    holds(bp.draw(trace, inputs=NAMES, outputs=NAMES[:2]), *NAMES)
    assert "script" not in live_svg(net.sizes, tuple(NAMES), tuple(NAMES[:2]))


def test_charts_show_names_as_they_were_typed():
    history = bp.train(net, birds.x, birds.y, epochs=1)
    names = [*NAMES, f"_{HOSTILE}"]
    said = holds(bp.charts.learning_curves(dict.fromkeys(names, history)), *names)
    assert all(as_read(name) in said for name in names)
    figure = bp.Replay(history, birds.x, birds.y, inputs=NAMES, outputs=[hostile("A"), f"_{HOSTILE}"])._still()
    holds(figure, *NAMES[:2], hostile("A"), f"_{HOSTILE}")
    holds(figure.above, *NAMES, hostile("A"), f"_{HOSTILE}")


# Widgets -------------------------------------------------------------------------------------------------------------


def question():
    """A question of which everything was typed."""
    answers = Answers({hostile("this"): hostile("why"), hostile("that"): hostile("not")}, hostile("this"), "delta-2-1")
    return Question(hostile("asked"), "BP1", "BP2", hostile("look"), lambda _: answers)


def derivation():
    """A derivation of which everything was typed."""
    lines = [replace(line, reason=hostile(f"reason-{n}")) for n, line in enumerate(bp.BP2.lines)]
    return replace(bp.BP2, name=hostile("name"), title=hostile("title"), lines=tuple(lines))


def replayed():
    history = replace(bp.train(net, birds.x, birds.y, epochs=1), stopped=hostile("stopped"))
    return bp.Replay(history, birds.x, birds.y, inputs=NAMES, outputs=(hostile("A"), hostile("B")))


WIDGETS = {
    "Replay": replayed,
    "Predict": lambda: bp.Predict(question(), net, x, y, inputs=NAMES),
    "Stepper": lambda: bp.Stepper(derivation(), net, x, y, outputs=NAMES[:2]),
    "DeltaFlow": lambda: flow(inputs=NAMES, outputs=NAMES[:2]),
}


@pytest.mark.parametrize("widget", WIDGETS)
def test_all_that_a_widget_tells_can_be_read(widget):
    widget = WIDGETS[widget]()
    data, metadata = widget._repr_mimebundle_()
    told = [part.story for part in getattr(widget, "children", [widget])]
    for said in (
        data["text/plain"],
        metadata["image/png"]["alt"],
        *(json.dumps(one, ensure_ascii=False) for one in told),
    ):
        said.encode()
        assert not re.search(r"\x00|\\u0000|\\u001b|\x1b", said)


def test_an_answer_is_chosen_by_the_label_that_was_typed():
    ask = bp.Predict(question(), net, x, y).ask
    ask.answer = hostile("that")
    assert ask.answer == as_read(hostile("that"))
