"""Runs the notebooks in place, each in a fresh kernel, and normalises what they keep: `make notebooks`.

Kept: PNG and text outputs with their alt text, execution counts 1, 2, 3, …, the kernelspec. Not kept: live views,
widget state, SVG, timings of cells, and everything else that would change from one run to the next.
"""

import pathlib
import sys

import nbformat
from nbclient import NotebookClient

ROOT = pathlib.Path(__file__).resolve().parents[1]
KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
LANGUAGE = {  # without these, nbconvert does not know what a script in it is called
    "file_extension": ".py",
    "mimetype": "text/x-python",
    "name": "python",
    "nbconvert_exporter": "python",
}
DROPPED = ("application/vnd.jupyter.widget-view+json", "image/svg+xml")


def normalise(notebook: nbformat.NotebookNode) -> None:
    """Reduces a notebook that was just run to what is committed, in place."""
    notebook.metadata = nbformat.from_dict({"kernelspec": KERNEL, "language_info": LANGUAGE})
    for cell in notebook.cells:
        cell.metadata = nbformat.from_dict({key: value for key, value in cell.metadata.items() if key != "execution"})
        for output in cell.get("outputs", []):
            for mime in DROPPED:
                output.get("data", {}).pop(mime, None)
                output.get("metadata", {}).pop(mime, None)


def run(path: pathlib.Path) -> None:
    """Runs one notebook and writes it back; an error in a cell leaves the file as it was."""
    notebook = nbformat.read(path, as_version=4)
    options = {"timeout": 120, "kernel_name": "python3", "store_widget_state": False, "coalesce_streams": True}
    NotebookClient(notebook, **options).execute()
    normalise(notebook)
    nbformat.validate(notebook)
    nbformat.write(notebook, path)


if __name__ == "__main__":
    for path in [pathlib.Path(name) for name in sys.argv[1:]] or sorted((ROOT / "notebooks").glob("*.ipynb")):
        print(path.name)
        run(path)
