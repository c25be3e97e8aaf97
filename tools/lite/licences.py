"""The licences of all that is shipped beside the course, in one text: who gives a copy away gives these too."""

import json
import pathlib
import re
import zipfile
from collections.abc import Iterator

from tools.lite.parts import HERE, PINS


def licences(site: pathlib.Path, builder: pathlib.Path) -> str:
    """The text for a built JupyterLite in `site`, whose programs are those of the environment `builder`."""
    parts = [*_core(), *_programs(builder), *_wheels(site / "static" / "pyodide"), *_front_ends(site)]
    rule = "=" * 100
    return "\n\n".join(f"{rule}\n{name}\n{rule}\n\n{text.strip()}" for name, text in parts) + "\n"


def _core() -> Iterator[tuple[str, str]]:
    info = PINS["info"]
    yield f"Pyodide {info['version']}, https://pyodide.org", (HERE / "licences" / "Pyodide.txt").read_text()
    yield f"Python {info['python']}, https://python.org", (HERE / "licences" / "Python.txt").read_text()


def _programs(builder: pathlib.Path) -> Iterator[tuple[str, str]]:
    for name in "jupyterlite_core", "jupyterlite_pyodide_kernel":
        (folder,) = builder.glob(f"lib/python3*/site-packages/{name}-*.dist-info")
        yield folder.stem.replace("-", " "), "\n\n".join(file.read_text() for file in folder.glob("licenses/*"))


def _wheels(folder: pathlib.Path) -> Iterator[tuple[str, str]]:
    for file in sorted(folder.glob("*.whl")):
        with zipfile.ZipFile(file) as wheel:
            told = [name for name in wheel.namelist() if ".dist-info/" in name]
            for metadata in (name for name in told if name.endswith("METADATA")):
                head = wheel.read(metadata).decode().partition("\n\n")[0]
                stated = re.findall(
                    r"^(?:License|License-Expression|Classifier: License :): ?(.*)$", head, re.MULTILINE
                )
                texts = [wheel.read(n).decode(errors="replace") for n in told if re.search(r"LICEN|COPYING|AUTHORS", n)]
                name = " ".join(re.search(rf"^{key}: (.*)$", head, re.MULTILINE)[1] for key in ("Name", "Version"))
                yield name, "\n\n".join([*dict.fromkeys(stated), *texts])


def _front_ends(site: pathlib.Path) -> Iterator[tuple[str, str]]:
    """What the programs in the page are made of, as their own builds tell it."""
    for file in sorted(site.glob("**/third-party-licenses.json")):
        for package in json.loads(file.read_text())["packages"]:
            text = package.get("extractedText") or package.get("licenseId") or ""
            yield f"{package['name']} {package.get('versionInfo', '')}", f"{package.get('licenseId', '')}\n\n{text}"
    for file in sorted(site.glob("build/*.LICENSE.txt")):
        yield f"In build/{file.name.removesuffix('.LICENSE.txt')}", file.read_text(errors="replace")
