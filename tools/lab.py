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
import tempfile

from jupyter_core.paths import jupyter_config_dir, jupyter_runtime_dir

ROOT = pathlib.Path(__file__).resolve().parents[1]
DESK = ROOT / "tools" / "desk"  # how JupyterLab opens, see docs/inside.md
LAYOUT = DESK / "default-37a8.jupyterlab-workspace"  # as JupyterLab calls its first workspace
COPIED = ".copied.json"  # in my/: what the cells of each copy were when it was made


class Fault(Exception):
    """Why it cannot go on, in one sentence."""


def must_be_writable(folder: pathlib.Path, whose: str, advice: str, mode: int = 0o777) -> None:
    """Makes a folder if it is not there; raises Fault if nothing can be written in it."""
    try:
        folder.mkdir(mode, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise Fault(f"{whose} {folder} cannot be written to ({error.strerror}): {advice}.") from None


def put(file: pathlib.Path, content: bytes) -> None:
    """Writes a file whole or not at all."""
    part = file.with_suffix(".part")
    try:
        part.write_bytes(content)
        part.replace(file)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise Fault(f"{file} cannot be written ({error.strerror}): make room for it.") from None


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
    if my.exists() and not my.is_dir():
        raise Fault(f"{my} is a file, and your copies of the notebooks go into a folder of that name: move it away.")
    must_be_writable(my, "the folder of your notebooks", "change its permissions or move it away")
    record = my / COPIED
    try:
        copied = dict(json.loads(record.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        copied = {}
    said = []
    for notebook in sorted(source.glob("*.ipynb")):
        mine, name, now = my / notebook.name, notebook.name, cells_of(notebook)
        if mine.is_dir():
            said.append(
                f"my/{name} is a folder and stays. The course has a notebook of that name: rename yours to get it."
            )
            continue
        if mine.exists():
            try:
                cells = cells_of(mine)
                mine.read_text(encoding="utf-8")
            except OSError as error:
                said.append(f"my/{name} cannot be read ({error.strerror}) and stays: rename it to get the course's.")
                continue
            except UnicodeDecodeError:
                said.append(f"my/{name} is not text in UTF-8 and stays: rename it to get the course's.")
                continue
            if cells == now:
                copied[name] = now  # even where the record was lost
            if copied.get(name) == now:
                continue  # nothing new
            if cells != copied.get(name):
                said.append(f"my/{name} has your edits and stays. The course has a newer one: rename yours to get it.")
                continue
            said.append(f"my/{name} follows the course, which has a newer one.")
        put(mine, notebook.read_bytes())
        copied[name] = now
    put(record, json.dumps(copied, indent=1).encode())
    return said


def jupyter_environment() -> dict[str, str]:
    """This process's environment, with `tools/` among the places where Jupyter looks for configuration."""
    places = [str(ROOT / "tools"), os.environ.get("JUPYTER_CONFIG_PATH", "")]
    return {**os.environ, "JUPYTER_CONFIG_PATH": os.pathsep.join(filter(None, places))}


def workspaces(folder: pathlib.Path) -> pathlib.Path:
    """Where JupyterLab keeps for a folder what was open. There its first layout: the file browser is closed."""
    place = folder / ".workspaces"
    if not (place / LAYOUT.name).exists():
        place.mkdir(exist_ok=True)
        put(place / LAYOUT.name, LAYOUT.read_bytes())
    return place


def desk_environment() -> dict[str, str]:
    """The environment in which JupyterLab opens ready to read: these are defaults, the reader's settings override them.

    The theme is the system's, but not for those who chose one before.
    """
    settings = os.environ.get("JUPYTERLAB_SETTINGS_DIR", pathlib.Path(jupyter_config_dir(), "lab", "user-settings"))
    chosen = pathlib.Path(settings, "@jupyterlab", "apputils-extension", "themes.jupyterlab-settings")
    places = [DESK] if chosen.is_file() and '"theme"' in chosen.read_text(errors="replace") else [DESK, DESK / "theme"]
    environment = jupyter_environment()
    environment["JUPYTER_CONFIG_PATH"] = os.pathsep.join([environment["JUPYTER_CONFIG_PATH"], *map(str, places)])
    return environment


def run(command: list[str], environment: dict[str, str]) -> int:
    """Runs JupyterLab to its end; who asks this program to end, or closes its terminal, ends JupyterLab too."""
    lab, asked = None, False

    def end(*_):
        nonlocal asked
        asked = True
        if lab:
            lab.terminate()

    signal.signal(signal.SIGINT, lambda *_: None)  # Ctrl-C reaches JupyterLab too, which asks before it stops
    for name in "SIGTERM", "SIGHUP":  # these do not reach it; on Windows there is no SIGHUP
        if hasattr(signal, name) and signal.getsignal(getattr(signal, name)) is not signal.SIG_IGN:  # as under nohup
            signal.signal(getattr(signal, name), end)
    lab = subprocess.Popen(command, env=environment)
    if asked:
        lab.terminate()
    return lab.wait()


def main(arguments: list[str]) -> int:
    edit = "--edit" in arguments
    arguments = [argument for argument in arguments if argument != "--edit"]
    folder = ROOT / ("notebooks" if edit else "my")
    for place in jupyter_runtime_dir(), jupyter_config_dir():
        advice = "let HOME be a folder in which you can write, or JUPYTER_RUNTIME_DIR and JUPYTER_CONFIG_DIR"
        must_be_writable(pathlib.Path(place), "Jupyter's own folder", advice, 0o700)
    if not edit:
        for sentence in copy_notebooks(ROOT / "notebooks", folder):
            print(sentence, flush=True)
    first_time = not (folder / ".workspaces").exists()
    environment = {"JUPYTERLAB_WORKSPACES_DIR": str(workspaces(folder))} | desk_environment()
    command = [sys.executable, "-m", "jupyterlab", f"--ServerApp.root_dir={folder}"]
    if first_time and (notebooks := sorted(folder.glob("*.ipynb"))):
        command.append(f"--LabApp.default_url=/lab/tree/{notebooks[0].name}")  # later, JupyterLab reopens what was open
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        command.append("--allow-root")  # in a container there is nobody else
    return run([*command, *arguments], environment)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except Fault as fault:
        sys.exit(f"The course is not opened: {fault}")
