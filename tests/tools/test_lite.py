"""The course with a Python in the page, without a browser: what is taken, what is left out, and what the door knows."""

import hashlib
import io
import json
import re
import tarfile
import zipfile

import pytest

from tests.places import NOTEBOOKS, ROOT
from tools.lite import __main__ as lite
from tools.lite import packages, parts

CORE, PACKAGE = b"a core", b"a package"


@pytest.fixture
def pins(monkeypatch):
    """Two files are pinned, and no more."""
    wheel = {"file_name": "numpy-1-py3-none-any.whl", "sha256": hashlib.sha256(PACKAGE).hexdigest()}
    pins = {"core": {"pyodide.js": hashlib.sha256(CORE).hexdigest()}, "packages": {"numpy": wheel}}
    monkeypatch.setattr(parts, "PINS", pins | {"info": {"version": "9"}})
    return {"pyodide.js": CORE, "numpy-1-py3-none-any.whl": PACKAGE}


def as_folder(files, place):
    (place / "deep").mkdir(parents=True)
    for name, content in files.items():
        (place / "deep" / name).write_bytes(content)


def as_zip(files, place):
    with zipfile.ZipFile(place, "w") as archive:
        for name, content in files.items():
            archive.writestr(f"deep/{name}", content)


def as_tar(files, place):
    with tarfile.open(place, "w:bz2") as archive:
        for name, content in files.items():
            member = tarfile.TarInfo(f"deep/{name}")
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))


@pytest.mark.parametrize("written", [as_folder, as_zip, as_tar])
def test_a_distribution_is_a_folder_or_an_archive(written, pins, tmp_path):
    written(pins | {"another.whl": b"which nobody asked for"}, tmp_path / "place")
    assert parts.pyodide(tmp_path / "place", tmp_path) == pins


@pytest.mark.parametrize("name", ["pyodide.js", "numpy-1-py3-none-any.whl"])
@pytest.mark.parametrize(("change", "words"), [("another", "is not the file that is pinned"), (None, "has no")])
def test_a_file_that_does_not_fit_is_named(change, words, name, pins, tmp_path):
    as_folder(
        {**pins, name: b"another"} if change else {n: c for n, c in pins.items() if n != name}, tmp_path / "place"
    )
    with pytest.raises(parts.Fault, match=words) as fault:
        parts.pyodide(tmp_path / "place", tmp_path)
    assert name in str(fault.value)
    assert str(tmp_path / "place") in str(fault.value)
    assert "\n" not in str(fault.value)


def test_what_is_no_distribution_is_said(pins, tmp_path):
    (tmp_path / "text").write_text("no archive")
    for place in tmp_path / "text", tmp_path / "nowhere":
        with pytest.raises(parts.Fault, match="neither a folder nor an archive"):
            parts.pyodide(place, tmp_path)


def test_a_carrier_that_is_another_is_not_taken(tmp_path):
    (tmp_path / "carrier").mkdir()
    (tmp_path / "carrier" / "carrier-1-py3-none-any.whl").write_bytes(b"another")
    with pytest.raises(parts.Fault, match=r"carrier-1-py3-none-any\.whl"):
        parts.carrier(tmp_path)


def test_the_pins_are_whole():
    assert parts.PINS["info"]["version"] == "0.27.7"
    entries = parts.PINS["packages"]
    pinned = [*parts.PINS["core"].values(), *(entry["sha256"] for entry in entries.values())]
    assert all(re.fullmatch("[0-9a-f]{64}", pin) for pin in pinned)
    ours = {*entries, *packages.DEPENDS, *packages.EMPTY, *parts.SHIPPED, "pyodide-kernel"}
    for name, entry in entries.items():
        needed = {other.replace("_", "-") for other in entry["depends"]} - packages.WITHOUT.get(name, set())
        assert needed <= ours, name
    for name, needed in packages.DEPENDS.items():
        assert {*needed} <= ours, name


@pytest.mark.parametrize(
    ("package", "name", "left_out"),
    [
        ("numpy", "numpy/f2py/rules.py", True),
        ("numpy", "numpy/_core/tests/test_umath.py", True),
        ("numpy", "numpy/_core/_multiarray_umath.cpython-312-wasm32-emscripten.so", False),
        ("numpy", "numpy-2.0.2.dist-info/LICENSE.txt", False),
        ("matplotlib", "matplotlib/mpl-data/fonts/ttf/STIXGeneral.ttf", False),
        ("matplotlib", "matplotlib/mpl-data/fonts/ttf/DejaVuSans.ttf", False),
        ("matplotlib", "matplotlib/mpl-data/fonts/ttf/DejaVuSerif.ttf", True),
        ("matplotlib", "matplotlib/backends/backend_agg.py", False),
        ("matplotlib", "matplotlib/backends/backend_svg.py", False),
        ("pygments", "pygments/lexers/python.py", False),
        ("pygments", "pygments/lexers/__init__.py", False),
        ("pygments", "pygments/lexers/_mapping.py", False),
        ("pygments", "pygments/lexers/lisp.py", True),
        ("anywidget", "anywidget/widget.py", False),
        ("anywidget", "anywidget/labextension/package.json", True),
        ("bpcourse", "bpcourse/widgets/flow.js", False),
        ("bpcourse", "bpcourse/widgets/course-math.woff", False),
        ("bpcourse", "bpcourse/data/penguins.csv", False),
    ],
)
def test_what_is_left_out_of_a_wheel(package, name, left_out):
    assert packages._left_out(package, name) is left_out


def test_nothing_of_the_course_is_left_out():
    files = [path.relative_to(ROOT).as_posix() for path in (ROOT / "bpcourse").rglob("*") if path.is_file()]
    assert [name for name in files if "__pycache__" not in name and packages._left_out("bpcourse", name)] == []


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_a_notebook_keeps_what_it_says_and_shows(path, tmp_path):
    lite.write_notebook(path, tmp_path / path.name)
    ours, theirs = (json.loads(file.read_text("utf-8")) for file in (path, tmp_path / path.name))

    def joined(value):
        if isinstance(value, list) and value and all(isinstance(part, str) for part in value):
            return "".join(value)
        if isinstance(value, dict):
            return {key: part if key in ("tags", "traceback") else joined(part) for key, part in value.items()}
        return [joined(part) for part in value] if isinstance(value, list) else value

    assert joined(ours) == joined(theirs)
    assert all(isinstance(cell["source"], str) for cell in theirs["cells"])
    assert lite.fingerprint(path) == lite.fingerprint(tmp_path / path.name)


def test_running_a_notebook_leaves_its_fingerprint_and_writing_in_it_does_not(tmp_path):
    notebook, file = json.loads(NOTEBOOKS[0].read_text("utf-8")), tmp_path / "a.ipynb"

    def after(change):
        changed = json.loads(json.dumps(notebook))
        change(changed["cells"])
        file.write_text(json.dumps(changed), "utf-8")
        return lite.fingerprint(file) == lite.fingerprint(NOTEBOOKS[0])

    assert after(lambda cells: [cell.update(outputs=[], execution_count=7) for cell in cells if "outputs" in cell])
    assert after(lambda cells: cells.append({"cell_type": "code", "source": [" \n"]}))  # the last cell was run
    assert not after(lambda cells: cells[1].update(source=["other words"]))
    assert not after(lambda cells: cells.pop())
    assert not after(lambda cells: cells[0].update(cell_type="raw"))


def test_the_lock_that_is_shipped_is_pinned_whole():
    assert parts.LOCK.name == "requirements-lite.lock"
    texts = parts.LOCK.read_text()
    for name in parts.SHIPPED:
        assert re.search(rf"^{name}==", texts, re.MULTILINE), name
