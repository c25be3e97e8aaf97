"""Writes the course with a Python of its own to `site/lite/`: `make lite`, or `python -m tools.lite [FOLDER]`.

`--pyodide PLACE` names a full distribution of Pyodide, a folder or an archive. The site is built in a temporary folder
and then takes the place of the old one; a failure leaves that as it was.
"""

import argparse
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import zlib

import nbformat

from tools import site_lite
from tools.decks import title
from tools.lite import parts
from tools.lite.licences import licences
from tools.lite.packages import BOOT, pack
from tools.lite.parts import HERE, ROOT, Fault

BUILDER = ROOT / ".lite"  # the environment of requirements-lite.lock
CACHE = BUILDER / "parts"
KERNEL = BUILDER / "share/jupyter/labextensions/@jupyterlite/pyodide-kernel-extension/static/pypi"
OF_KERNEL = ("ipykernel", "piplite", "pyodide_kernel")
# What JupyterLab would load for each visitor, and neither the course nor this Python has a use for.
UNUSED = (
    *(f"@jupyterlab/{kind}-extension" for kind in ("csvviewer", "htmlviewer", "json", "mermaid", "pdf", "vega5")),
    *(f"@jupyterlab/{what}-extension" for what in ("javascript", "logconsole", "terminal")),
    *(f"@jupyterlite/{other}-extension" for other in ("iframe", "notebook-application", "repl")),
)


def own_wheel(work: pathlib.Path) -> pathlib.Path:
    """bpcourse as a wheel, built from a copy, which leaves nothing behind in the sources."""
    copy = work / "source"
    shutil.copytree(ROOT / "bpcourse", copy / "bpcourse", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copyfile(ROOT / name, copy / name)
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"]
    subprocess.run([*command, "--disable-pip-version-check", "--wheel-dir", str(work), str(copy)], check=True)
    (file,) = work.glob("bpcourse-*.whl")
    return file


def write_notebook(source: pathlib.Path, file: pathlib.Path) -> None:
    """A copy in which each text is one string: JupyterLite does not join the lines of others in all places."""
    notebook = json.loads(source.read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        cell["source"] = "".join(cell["source"])
        for output in cell.get("outputs", []):
            for table in output, output.get("data", {}):
                for key, value in table.items():
                    if isinstance(value, list) and all(isinstance(line, str) for line in value):
                        table[key] = "".join(value)
    file.write_text(json.dumps(notebook, ensure_ascii=False), encoding="utf-8")


def fingerprint(notebook: pathlib.Path) -> int:
    """What is written in a notebook's cells, as `door/door.js` counts it too."""
    cells = [(cell["cell_type"], "".join(cell["source"])) for cell in json.loads(notebook.read_text("utf-8"))["cells"]]
    return zlib.crc32("\0".join(text for cell in cells if cell[1].strip() for text in cell).encode())


def write_door(site: pathlib.Path, notebooks: list[pathlib.Path]) -> None:
    """The page that opens the notebooks, with what it knows of them, in the place of JupyterLite's own."""
    for file in (HERE / "door").iterdir():
        shutil.copyfile(file, site / file.name)
    for file in (ROOT / "tools/site/site.css", ROOT / "tools/site/theme.js"):
        shutil.copyfile(file, site / file.name)
    shutil.copyfile(ROOT / "vendor/fflate/index.js", site / "fflate.js")
    shutil.copyfile(HERE / "measured.json", site / "measured.json")
    course = {
        file.name: {
            "written": fingerprint(file),
            "title": f"{file.name[:2]} · {title(nbformat.read(file, as_version=4))}",
        }
        for file in notebooks
    }
    (site / "course.json").write_text(json.dumps(course, indent=1), encoding="utf-8")


def build(site: pathlib.Path, place: pathlib.Path | None, notebooks: pathlib.Path) -> None:
    """Writes JupyterLite with the notebooks and all that they need to the folder `site`."""
    files, wheels = parts.pyodide(place, CACHE), parts.shipped(CACHE)
    with tempfile.TemporaryDirectory() as folder:
        lite, work = pathlib.Path(folder, "lite"), pathlib.Path(folder, "work")
        own = lite / "static" / "pyodide"
        own.mkdir(parents=True)
        work.mkdir()
        for name in parts.PINS["core"]:
            (own / name).write_bytes(files.pop(name))
        ours = own_wheel(pathlib.Path(folder))
        of_kernel = [file for name in OF_KERNEL for file in KERNEL.glob(f"{name}-*.whl")]
        pack(files | wheels | {file.name: file.read_bytes() for file in [ours, *of_kernel]}, work, own)
        (lite / "files").mkdir()
        for notebook in sorted(notebooks.glob("*.ipynb")):
            write_notebook(notebook, lite / "files" / notebook.name)
        kernel = {"disablePyPIFallback": True, "loadPyodideOptions": {"packages": BOOT}}
        config = {
            "appName": "bpcourse",
            "exposeAppInBrowser": True,  # for the tests, which drive it
            "disabledExtensions": UNUSED,
            "litePluginSettings": {"@jupyterlite/pyodide-kernel-extension:kernel": kernel},
        }
        (lite / "jupyter-lite.json").write_text(
            json.dumps({"jupyter-lite-schema-version": 0, "jupyter-config-data": config})
        )
        shutil.copyfile(HERE / "overrides.json", lite / "overrides.json")
        command = [BUILDER / "bin" / "jupyter", "lite", "build", "--lite-dir", lite, "--contents", lite / "files"]
        options = ["--output-dir", site, "--apps", "lab", "--no-sourcemaps", "--no-unused-shared-packages"]
        environment = {"PATH": f"{BUILDER}/bin:{os.defpath}", "HOME": folder}
        done = subprocess.run([*command, *options], cwd=lite, env=environment, capture_output=True, text=True)
        if done.returncode:
            raise Fault(f"JupyterLite was not built: {(done.stdout + done.stderr).strip()[-600:]}")
    write_door(site, sorted(notebooks.glob("*.ipynb")))
    (site / "LICENCES.txt").write_text(licences(site, BUILDER), encoding="utf-8")


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="make lite", description=__doc__.splitlines()[0])
    parser.add_argument("folder", nargs="?", type=pathlib.Path, default=ROOT / "site", help="where the site is")
    parser.add_argument("--pyodide", type=pathlib.Path, metavar="PLACE", help="a full distribution of Pyodide")
    chosen = parser.parse_args(arguments)
    chosen.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=chosen.folder, prefix=".lite-") as folder:
        build(pathlib.Path(folder, "lite"), chosen.pyodide, ROOT / "notebooks")
        shutil.rmtree(chosen.folder / site_lite.FOLDER, ignore_errors=True)
        pathlib.Path(folder, "lite").rename(chosen.folder / site_lite.FOLDER)
    site_lite.tell(chosen.folder)
    print(f"{chosen.folder / site_lite.FOLDER}: the course with Python, for any file server.")


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except Fault as fault:
        sys.exit(f"Nothing was built: {fault}")
