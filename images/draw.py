"""Draws the pictures of this folder with the course's own code: `make images`.

Each PNG carries an inventory of its parts, by which tests/notebooks/test_images.py sees whether the
drawing has moved on.
"""

import pathlib

import bpcourse as bp
from bpcourse.pictures.picture import Picture

FOLDER = pathlib.Path(__file__).parent


def pictures() -> dict[str, Picture]:
    """Every picture of this folder, by its file name."""
    birds = bp.penguins()
    net = bp.Network([3, 4, 2], seed=38)
    trace = bp.backprop(net, birds.x[:, [128]], birds.y[:, [128]])
    names = {"inputs": birds.measurements, "outputs": birds.species}
    return {
        "network.png": bp.draw(net),
        "bp2-neuron-3.png": bp.draw(trace, accent=["w-3-1-3", "w-3-2-3"], **names),
        "forward.png": bp.draw(trace, show="a", **names),
        "formula-sheet.png": bp.formula_sheet(),
    }


if __name__ == "__main__":
    for name, picture in pictures().items():
        (FOLDER / name).write_bytes(picture.png(dpi=160))
        print(name)
    bp.formula_sheet().savefig(FOLDER / "formula-sheet.pdf", metadata={"CreationDate": None})
