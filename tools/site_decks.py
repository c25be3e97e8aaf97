"""The decks of slides as pages without a kernel, beside the pages of the site: `slides/03….html`.

A deck is the one that `make slides` shows, with the same style and the same JavaScript; `site.js` stands in for Voila.
"""

import json
import pathlib
import re
import shutil

import jinja2
import nbformat

from bpcourse.pictures.look import LEGIBLE, SMALLEST_TEXT
from tools.decks import deck
from tools.formulas import mathml
from tools.site_models import VIEW, Models, widgets_of
from tools.site_runs import execute
from tools.typed import typed

ROOT = pathlib.Path(__file__).resolve().parents[1]
STYLE = ROOT / "tools" / "slides" / "voila" / "templates" / "deck" / "static"
VENDOR = ("reveal.js/reveal.css", "reveal.js/reveal.js", "reveal.js/LICENSE")


async def run(path: pathlib.Path) -> nbformat.NotebookNode:
    """The deck of a notebook after a run in a fresh kernel, its pictures drawn for a wall."""
    notebook = deck(nbformat.read(path, as_version=4))
    notebook.metadata.pop("widgets", None)
    return await execute(notebook, path, **{SMALLEST_TEXT: str(LEGIBLE)})


def write_shared(folder: pathlib.Path) -> None:
    """What all decks use: style, JavaScript and reveal.js."""
    for name in VENDOR:
        (folder / "vendor" / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / "vendor" / name, folder / "vendor" / name)
    style = (STYLE / "deck.css").read_text(encoding="utf-8")
    (folder / "deck.css").write_text(re.sub("@font-face.*\n", "", style), encoding="utf-8")  # font.css has it
    shutil.copyfile(STYLE / "deck.js", folder / "deck.js")
    projector = json.dumps((STYLE / "widgets.css").read_text(encoding="utf-8") + ".told + .faint { display: none; }\n")
    (folder / "projector.js").write_text(f"window.projectorStyle = {projector};\n", encoding="utf-8")


def write(notebook: nbformat.NotebookNode, file: pathlib.Path) -> None:
    """Writes a deck that has run, and its models beside it."""
    models = Models(widgets_of(notebook))
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            view = output.get("data", {}).get(VIEW)
            output["live"] = models.take(view["model_id"]) if view and models.playable(view["model_id"]) else ""
    described = models.described()
    scripts = models.write_codes(file.parent.parent)
    scripts = [f"../{name}" for name in scripts]
    if described:
        (file.parent / f"{file.stem}.js").write_text(f"site.play({json.dumps(described)});\n", encoding="utf-8")
        scripts.append(f"{file.stem}.js")
    environment = jinja2.Environment(loader=jinja2.FileSystemLoader(ROOT / "tools" / "site"))
    environment.filters |= {"typed": typed, "formulas": lambda latex: mathml(latex.strip().strip("$"), display=True)}
    told = environment.get_template("deck.html.j2").render(nb=notebook, scripts=scripts)
    file.write_text(told, encoding="utf-8")
