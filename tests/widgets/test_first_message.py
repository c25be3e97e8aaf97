"""What a live network sends when it is made: short, and the same drawing in fewer letters."""

import json
import re

import bpcourse as bp
from bpcourse.pictures import drawing
from bpcourse.widgets.beside import javascript
from tests.widgets.drawn import birds, net, x, y

MOST, HEADER = 120_000, 1_500  # bytes, and of these what Jupyter says of each message
NAMED = {"inputs": birds.measurements, "outputs": birds.species}


def places(svg):
    """All numbers that say where something is drawn."""
    texts = re.findall(r' d="(.*?)"|translate\((.*?)\)', svg)
    return [float(number) for pair in texts for number in re.findall(r"-?[\d.]+", " ".join(pair))]


def test_it_is_short():
    state = bp.DeltaFlow(net, x, y, **NAMED).get_state()
    frame = state.pop("frame")
    assert len(json.dumps(state, ensure_ascii=False).encode()) + len(frame) + HEADER <= MOST


def test_the_drawing_is_the_same_in_fewer_letters(monkeypatch):
    short = drawing.live_svg.__wrapped__(net.sizes, (), ())
    monkeypatch.setattr(drawing, "_shortened", lambda text: text)
    whole = drawing.live_svg.__wrapped__(net.sizes, (), ())
    assert len(short) < 0.85 * len(whole)
    assert len(re.findall('href="#', short)) == len(re.findall('href="#', whole))
    assert re.findall(r"scale\(.+?\)", short) == re.findall(r"scale\(.+?\)", whole), "a glyph of another size"
    for one, other in zip(places(short), places(whole), strict=True):
        assert abs(one - other) <= 0.01


def test_every_glyph_that_is_used_is_there():
    for names in ((), ("x = 0.5", "10", "−0")):
        picture = drawing.live_svg(net.sizes, names, ())
        missing = set(re.findall('href="#(.+?)"', picture)) - set(re.findall(' id="(.+?)"', picture))
        assert missing == set()


def test_no_comment_travels_and_all_code_does():
    source = javascript("flow")
    assert [line for line in source.splitlines() if re.match(r" *(//|/\*|\* )", line)] == []
    assert '"http://www.w3.org/2000/svg"' in source
