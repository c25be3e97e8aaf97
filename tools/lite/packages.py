"""What the browser's Python loads: wheels without what the course does not use, compiled, and the lock that names them.

The kernel loads what a cell imports, by the names in that lock. `bpcourse` and the widgets stand in it beside numpy and
matplotlib, so `import bpcourse` is enough in an unchanged notebook.
"""

import fnmatch
import hashlib
import json
import pathlib
import re
import shutil
import subprocess
import zipfile

from tools.lite.parts import HERE, PINS, Fault

# What these need is that: names of the lock. Of Pyodide's own packages the lock knows it.
DEPENDS = {
    "bpcourse": ["numpy", "matplotlib", "mpmath", "pillow", "ipywidgets", "anywidget"],
    "anywidget": ["ipywidgets", "psygnal", "typing-extensions"],
    "ipywidgets": ["comm", "traitlets", "ipython", "jupyterlab-widgets"],
    "comm": ["traitlets"],
    "piplite": ["micropip"],
    "ipykernel": ["pyodide-kernel"],
    "pyodide-kernel": ["comm", "ipython"],
}
# What matplotlib names as needed and the course does without: PDF, pictures outside of notebooks, and time zones.
WITHOUT = {"matplotlib": {"fonttools", "matplotlib-pyodide", "pytz"}}
# The kernel would fetch these one after the other from a package index as it starts, if they were not loaded before.
BOOT = (
    "micropip",
    "piplite",
    "ssl",
    "sqlite3",
    "ipykernel",
    "comm",
    "pyodide-kernel",
    "pyodide_kernel",
    "jedi",
    "ipython",
)
# Of these it asks for, and nothing in the course does: an empty wheel stands for each.
EMPTY = ("jedi", "ssl")
# Two lines of the kernel that are changed: a file, the line, what stands there instead. Modules are looked for among
# the learner's files last, as each look there takes some 5 ms and there are hundreds of imports; this one is the first.
# And IPython completes from what is there also without jedi.
CHANGED = (
    (
        "piplite/piplite/__init__.py",
        "from .piplite",
        'import sys\nsys.path.sort(key=lambda place: place == "")\nfrom .piplite',
    ),
    ("pyodide-kernel/pyodide_kernel/interpreter.py", "Completer.use_jedi = True", "Completer.use_jedi = False"),
)
# Files that the course does not use, in all wheels and in some. The licences stay.
LEFT_OUT = {
    "": ["*/tests/*", "*/testing/plugin/*", "*.pyi", "*.h", "*.a", "*.c", "*.pxd", "*.data/*", "*.dist-info/RECORD"],
    "anywidget": ["anywidget/nbextension/*", "anywidget/labextension/*"],
    "ipython": ["IPython/sphinxext/*"],
    "matplotlib": [
        "matplotlib/mpl-data/fonts/afm/*",
        "matplotlib/mpl-data/fonts/pdfcorefonts/*",
        "matplotlib/mpl-data/fonts/ttf/DejaVuSerif*",
        "matplotlib/mpl-data/fonts/ttf/STIX*BolIta.ttf",
        "matplotlib/mpl-data/fonts/ttf/DejaVuSans-BoldOblique.ttf",
        "matplotlib/mpl-data/fonts/ttf/DejaVuSansMono-*.ttf",
        "matplotlib/mpl-data/images/*",
        "matplotlib/mpl-data/sample_data/*",
        *(f"matplotlib/backends/*{kind}*" for kind in ("gtk", "qt", "_tk", "wx", "macosx", "pgf", "web", "pdf", "_ps")),
        "matplotlib/_ttconv*",
    ],
    "numpy": ["numpy/f2py/*", "numpy/_core/include/*"],
    "pillow": ["PIL/_imagingft*", "PIL/_webp*", "PIL/_imagingcms*"],
    "pygments": ["pygments/lexers/_*_builtins.py", "pygments/lexers/[!_]*.py"],
    "python-dateutil": ["dateutil/zoneinfo/*.tar.gz"],
}
DOCUMENTED = ("bpcourse", "ipython", "ipywidgets", "matplotlib", "numpy")  # a reader may ask these for help
KEPT = ["pygments/lexers/python.py"]
STAMP = (2020, 1, 1, 0, 0, 0)  # of every file in a wheel: the same parts make the same wheels


def pack(wheels: dict[str, bytes], work: pathlib.Path, own: pathlib.Path) -> None:
    """Writes to `own` the packages in `wheels` (name of the file: content), made small and compiled, and their lock.

    `own` has Pyodide's core already, whose Python compiles them; `work` is an empty folder. Raises Fault without node.
    """
    names = {file: file.split("-")[0].replace("_", "-").lower() for file in wheels}
    for file, content in wheels.items():
        (work / file).write_bytes(content)
        with zipfile.ZipFile(work / file) as wheel:
            kept = [name for name in wheel.namelist() if not name.endswith("/") and not _left_out(names[file], name)]
            wheel.extractall(work / names[file], kept)
        (work / file).unlink()
    _only_fonts_that_are_there(work / "matplotlib" / "matplotlib")
    for file, line, other in CHANGED:
        _change(work / file, line, other)
    for empty in EMPTY:
        information = work / empty / f"{empty}-0.dist-info"
        information.mkdir(parents=True)
        (information / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {empty}\nVersion: 0\n")
    packages: dict[str, dict] = {}
    _write_lock(own, packages)  # the Python that compiles asks for one
    _compile(own, work)
    for folder in sorted(work.iterdir()):
        name = folder.name
        file = next((file for file in wheels if names[file] == name), f"{name}-0-py3-none-any.whl")
        _zip(folder, own / file)
        entry = PINS["packages"].get(name) or {
            "name": name,
            "version": file.split("-")[1],
            "depends": DEPENDS.get(name, []),
            "imports": sorted({path.parent.name for path in folder.glob("*/__init__.py*")}),
            "install_dir": "site",
            "package_type": "package",
            "unvendored_tests": False,
        }
        packages[name] = entry | {
            "depends": [other for other in entry["depends"] if other not in WITHOUT.get(name, ())],
            "file_name": file,
            "sha256": hashlib.sha256((own / file).read_bytes()).hexdigest(),
        }
    _write_lock(own, packages)


def _write_lock(own: pathlib.Path, packages: dict[str, dict]) -> None:
    (own / "pyodide-lock.json").write_text(json.dumps({"info": PINS["info"], "packages": packages}))


def _left_out(package: str, name: str) -> bool:
    patterns = LEFT_OUT[""] + LEFT_OUT.get(package, [])
    return name not in KEPT and any(fnmatch.fnmatch(name, pattern) for pattern in patterns)


def _only_fonts_that_are_there(matplotlib: pathlib.Path) -> None:
    """matplotlib has a list of its fonts, for which nobody waits; one that names a missing file is made anew."""
    fonts = json.loads((matplotlib / "fontlist.json").read_text())
    source = (matplotlib / "font_manager.py").read_text()
    fonts["_version"] = int(re.search(r"^    __version__ = (\d+)$", source, re.MULTILINE)[1])  # the list is of another
    for kind in "ttflist", "afmlist":
        fonts[kind] = [font for font in fonts[kind] if (matplotlib / "mpl-data" / font["fname"]).exists()]
    (matplotlib / "fontlist.json").write_text(json.dumps(fonts))


def _change(file: pathlib.Path, line: str, other: str) -> None:
    text = file.read_text()
    if text.count(line) != 1:
        raise Fault(f"{file.name} of the kernel no longer says {line!r}, which packages.py changes.")
    file.write_text(text.replace(line, other))


def _compile(own: pathlib.Path, work: pathlib.Path) -> None:
    """Python is read and compiled once, here, by the Python that will run it, and not by each visitor's browser."""
    if not (node := shutil.which("node")):
        raise Fault(
            "the browser's Python compiles its packages with node, which this machine does not have: install it."
        )
    done = subprocess.run([node, HERE / "compile.mjs", own, work, *DOCUMENTED], capture_output=True, text=True)
    if done.returncode:
        raise Fault(f"node did not compile the packages: {done.stderr.strip()[-300:]}")


def _zip(folder: pathlib.Path, file: pathlib.Path) -> None:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as wheel:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                name = path.relative_to(folder).as_posix()
                wheel.writestr(zipfile.ZipInfo(name, STAMP), path.read_bytes(), zipfile.ZIP_DEFLATED, 9)
