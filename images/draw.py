"""Draws the pictures of this folder with the course's own code: `make images`.

Each PNG carries an inventory of its parts, by which tests/test_images.py sees whether the drawing has moved on.
"""

import json
import pathlib

from PIL import Image
from PIL.PngImagePlugin import PngInfo

import bpcourse as bp

FOLDER = pathlib.Path(__file__).parent
INVENTORY = "bpcourse-inventory"


def pictures() -> dict[str, bp.drawing.Picture]:
    """Every picture of this folder, by its file name."""
    birds = bp.penguins()
    net = bp.Network([3, 4, 2], seed=38)
    trace = bp.backprop(net, birds.x[:, [128]], birds.y[:, [128]])
    names = {"inputs": birds.measurements, "outputs": birds.species}
    return {
        "network.png": bp.draw(net),
        "bp2-neuron-3.png": bp.draw(trace, accent=["w-3-1-3", "w-3-2-3"], **names),
        "forward.png": bp.draw(trace, show="a", **names),
    }


def save(picture: bp.drawing.Picture, path: pathlib.Path) -> None:
    """Writes a picture with its inventory."""
    path.write_bytes(picture.png(dpi=200))
    information = PngInfo()
    information.add_itxt(INVENTORY, json.dumps(picture.inventory(), ensure_ascii=False))
    Image.open(path).save(path, pnginfo=information, optimize=True)


if __name__ == "__main__":
    for name, picture in pictures().items():
        save(picture, FOLDER / name)
        print(name)
