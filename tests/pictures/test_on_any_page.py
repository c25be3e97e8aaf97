"""A printed picture on a light page and on a dark one, which both show through it."""

import io

import numpy as np
import pytest
from matplotlib.colors import to_rgb
from matplotlib.text import Text
from PIL import Image

import bpcourse as bp
from bpcourse.pictures import charts, look
from bpcourse.pictures.picture import Picture

birds = bp.penguins()
net = bp.Network([3, 4, 2], seed=38)
trace = bp.backprop(net, birds.x[:, [128]], birds.y[:, [128]])
history = bp.train(net, birds.x, birds.y, epochs=2)
NAMES = {"inputs": birds.measurements, "outputs": birds.species}
PAGES = {"white": "#ffffff", "JupyterLab": "#111111", "GitHub": "#0d1117"}
STEP = {2: "delta", 3: "delta", "C": "C"}


def still():
    figure = bp.draw(trace, STEP | {"w": "grad_w"}, **NAMES)
    figure.say_below("A line of small type.")
    return figure


PICTURES = {
    "symbols": lambda: bp.draw(trace, show="symbols", **NAMES),
    "not computed yet": lambda: bp.draw(trace, {2: "", 3: "a", "C": ""}, **NAMES),
    "accent": lambda: bp.draw(trace, {2: "grad_b", 3: "grad_b"}, accent=["w-3-1-3"], **NAMES),
    "still": still,
    "curves": lambda: charts.learning_curves({"η = 3": history, "η = 1": history}),
    "epoch": lambda: charts.replay(
        bp.draw(trace, STEP, **NAMES), history, 1, birds.x, birds.y, (1, 2), (), birds.species
    ),
}


def rgb(colour):
    return 255 * np.array(to_rgb(colour))


def contrast(one, other):
    """Of two colours, or of arrays of them, as WCAG defines it."""

    def light(colour):
        share = np.asarray(colour) / 255
        return np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4) @ [0.2126, 0.7152, 0.0722]

    low, high = np.sort(np.stack(np.broadcast_arrays(light(one), light(other))), axis=0) + 0.05
    return high / low


def painted(figure, page):
    """Its pixels on a page of this colour, row by row from below."""
    pixels = np.asarray(figure.pixels(144), float)[::-1]
    alpha = pixels[..., 3:] / 255
    return pixels[..., :3] * alpha + rgb(page) * (1 - alpha)


def texts(figure):
    """Its texts that are drawn: their names or words, colour, opacity, the box in pixels, and themselves."""
    drawn, draw = [], Text.draw
    figure.set_dpi(144)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Text, "draw", lambda text, renderer: drawn.append(text) or draw(text, renderer))
        figure.canvas.draw()
    for text in drawn:
        if text.get_text() and text.get_visible():
            box = Text.get_window_extent(text).extents.round().astype(int)
            yield text.get_gid() or text.get_text(), rgb(text.get_color()), text.get_alpha() or 1, box, text


def faint(figure, page):
    """The texts without contrast, and by how much."""
    seen = list(texts(figure))
    for *_, text in seen:
        text.set_alpha(0)  # what is behind it stays
    behind, found = painted(figure, page), {}
    for name, colour, alpha, (x0, y0, x1, y1), _ in seen:
        under = behind[max(y0, 0) : y1, max(x0, 0) : x1].reshape(-1, 3)
        worst = np.percentile(contrast(alpha * colour + (1 - alpha) * under, under), 2)
        if worst < 4.5:
            found[name] = round(float(worst), 2)
    return found


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("name", PICTURES)
def test_every_text_can_be_read(name, page):
    assert faint(PICTURES[name](), PAGES[page]) == {}


def test_a_text_without_its_paper_would_be_seen(monkeypatch):
    monkeypatch.setattr(Picture, "_put_paper", lambda figure: None)
    assert "layer-1" in faint(PICTURES["symbols"](), PAGES["GitHub"])
    assert faint(PICTURES["symbols"](), PAGES["white"]) == {}


@pytest.mark.parametrize("page", PAGES)
def test_every_line_on_the_page_can_be_seen(page):
    for colour in {look.LINE, look.WIRE, look.ACCENT, look.WRONG, *look.CLASSES}:
        assert contrast(rgb(colour), rgb(PAGES[page])) >= 3, colour


@pytest.mark.parametrize("name", PICTURES)
def test_the_page_shows_through(name):
    pixels = np.asarray(Image.open(io.BytesIO(PICTURES[name]().png())).convert("RGBA"))
    assert (pixels[..., 3] == 0).mean() > 0.4
    assert pixels[0, 0, 3] == 0


def test_a_sheet_to_print_is_paper():
    sheet = Image.open(io.BytesIO(bp.formula_sheet().png(72))).convert("RGBA")
    assert min(sheet.getpixel((0, 0))) > 250
    assert np.asarray(sheet)[..., 3].min() == 255
