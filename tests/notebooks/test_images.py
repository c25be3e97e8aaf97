"""images/ is what images/draw.py draws: the same parts, at the same places, with the same texts."""

import pytest

from bpcourse.pictures.picture import inventory_of
from images.draw import FOLDER, pictures


def drifted(picture, path):
    """The rows of the inventory that a file and the drawing do not share."""
    return {tuple(row) for row in inventory_of(path.read_bytes())} ^ {tuple(row) for row in picture.inventory()}


@pytest.mark.parametrize("name", pictures())
def test_image_has_not_drifted(name):
    assert drifted(pictures()[name], FOLDER / name) == set(), "run `make images` and look at the result"


def test_no_image_without_its_script():
    assert {path.name for path in FOLDER.glob("*.png")} == set(pictures())


@pytest.mark.parametrize("change", ["set_text", "set_x", "set_gid"])
def test_a_changed_text_place_or_name_is_drift(tmp_path, change):
    picture = pictures()["network.png"]
    (tmp_path / "network.png").write_bytes(picture.png())
    label = picture.findobj(lambda artist: artist.get_gid() == "label-3-1-3")[0]
    getattr(label, change)({"set_text": "w", "set_x": 0, "set_gid": "label-3-1-4"}[change])
    assert drifted(picture, tmp_path / "network.png")
