"""Opens the course in JupyterLab: `python tools/lab.py`, the way of `make lab` without make, as on Windows.

The learner works in `my/`, on copies of the notebooks. A copy in which no cell was edited follows the course when the
course changes; one that was edited is never touched. `--edit` opens the sources, for authors. Other arguments go to
JupyterLab.
"""

import hashlib
import json
import os
import pathlib
import signal
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[1]
COPIED = ".copied.json"  # in my/: what the cells of each copy were when it was made


def cells_of(notebook: pathlib.Path) -> str:
    """A fingerprint of what is written in a notebook's cells; running it changes outputs, not this."""
    try:
        cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
        written = [[cell["cell_type"], "".join(cell["source"])] for cell in cells]
        written = [cell for cell in written if cell[1].strip()]  # running the last cell adds an empty one
    except (ValueError, KeyError, TypeError):
        written = notebook.read_bytes().hex()  # not a notebook: every byte counts
    return hashlib.sha256(json.dumps(written).encode()).hexdigest()


def copy_notebooks(source: pathlib.Path, my: pathlib.Path) -> list[str]:
    """Brings `my` up to date with `source`, and returns a sentence for each notebook that has something to say."""
    my.mkdir(exist_ok=True)
    record = my / COPIED
    try:
        copied = dict(json.loads(record.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        copied = {}
    said = []
    for notebook in sorted(source.glob("*.ipynb")):
        mine, name, now = my / notebook.name, notebook.name, cells_of(notebook)
        if mine.exists():
            if cells_of(mine) == now:
                copied[name] = now  # even where the record was lost
            if copied.get(name) == now:
                continue  # nothing new
            if cells_of(mine) != copied.get(name):
                said.append(f"my/{name} has your edits and stays. The course has a newer one: rename yours to get it.")
                continue
            said.append(f"my/{name} follows the course, which has a newer one.")
        part = mine.with_suffix(".part")
        part.write_bytes(notebook.read_bytes())
        part.replace(mine)
        copied[name] = now
    record.write_text(json.dumps(copied, indent=1), encoding="utf-8")
    return said


def jupyter_environment() -> dict[str, str]:
    """This process's environment, with `tools/` among the places where Jupyter looks for configuration."""
    places = [str(ROOT / "tools"), os.environ.get("JUPYTER_CONFIG_PATH", "")]
    return {**os.environ, "JUPYTER_CONFIG_PATH": os.pathsep.join(filter(None, places))}


def main(arguments: list[str]) -> int:
    edit = "--edit" in arguments
    arguments = [argument for argument in arguments if argument != "--edit"]
    folder = ROOT / ("notebooks" if edit else "my")
    first_time = not folder.exists()
    if not edit:
        for sentence in copy_notebooks(ROOT / "notebooks", folder):
            print(sentence, flush=True)
    command = [sys.executable, "-m", "jupyterlab", f"--ServerApp.root_dir={folder}"]
    if first_time and (notebooks := sorted(folder.glob("*.ipynb"))):
        command.append(f"--LabApp.default_url=/lab/tree/{notebooks[0].name}")  # later, JupyterLab reopens what was open
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        command.append("--allow-root")  # in a container there is nobody else
    signal.signal(signal.SIGINT, lambda *_: None)  # Ctrl-C reaches JupyterLab too, which asks before it stops
    lab = subprocess.Popen([*command, *arguments], env=jupyter_environment())
    signal.signal(signal.SIGTERM, lambda *_: lab.terminate())  # that does not
    return lab.wait()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
