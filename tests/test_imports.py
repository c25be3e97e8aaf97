"""Who may import whom, what `import bpcourse` loads, whether public names explain themselves, how long a file is."""

import ast
import importlib
import inspect
import re
import subprocess
import sys
from collections import Counter
from importlib.util import resolve_name
from pathlib import Path

import pytest

import bpcourse
from tests.long.spoiling import faults
from tests.places import ROOT

PACKAGE = Path(bpcourse.__file__).parent

# Each room, a folder or a file beside the folders, may import those that stand here. docs/architecture.md draws it.
MAY_IMPORT = {
    "text": set(),
    "parts": set(),
    "tables": {"text"},
    "data": {"tables"},
    "network": {"tables", "text"},
    "exact": {"network", "tables"},
    "numeric": {"exact", "network", "tables", "text"},
    "questions": {"network", "parts", "text"},
    "notation": {"network", "numeric", "parts", "tables", "text"},
    "proofs": {"exact", "network", "notation", "tables"},
    "exercises": {"data", "network", "notation", "proofs", "text"},
    "pictures": {"network", "parts", "proofs", "tables", "text"},
    "widgets": {"network", "notation", "parts", "pictures", "proofs", "questions", "tables", "text"},
}
ARROWS = {(here, there) for here, others in MAY_IMPORT.items() for there in others}
MOST_ROOMS, MOST_ARROWS = 16, 40

HEAVY = {"matplotlib", "ipywidgets", "anywidget", "traitlets", "IPython"}
THIRD_PARTY = {
    "exact": {"numpy", "mpmath"},
    "pictures": {"numpy", "matplotlib", "PIL"},
    "widgets": {"numpy", "ipywidgets", "anywidget", "traitlets", "IPython"},
}


def imported(path, source):
    """The dotted name of everything `source` imports, at the top or inside a function."""
    package = ".".join(["bpcourse", *path.parent.parts])
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            module = resolve_name("." * node.level + (node.module or ""), package)
            if module == "bpcourse":
                yield from (f"bpcourse.{alias.name}" for alias in node.names)
            else:
                yield module


def violations(path, source):
    """Each import in `source` that is against the order, as a sentence; `path` counts from the package's folder."""
    path = Path(path)
    here = path.parts[0].removesuffix(".py")
    if here == "__init__":  # the face names what the rooms offer: it stands above them, and none of them may import it
        allowed_here = {*MAY_IMPORT}
    elif here in MAY_IMPORT:
        allowed_here = {*MAY_IMPORT[here], here}
    else:
        return [f"{path}: say in MAY_IMPORT where {here} stands"]
    wrong = []
    for name in imported(path, source):
        top, _, rest = name.partition(".")
        if top == "bpcourse":
            allowed = rest.partition(".")[0] in allowed_here
        else:
            allowed = top in sys.stdlib_module_names or top in THIRD_PARTY.get(here, {"numpy"})
        if not allowed:
            wrong.append(f"{path}: {here} may not import {name}")
    return wrong


def sources():
    """Each file of the package, from its folder, with what is in it."""
    for path in sorted(PACKAGE.rglob("*.py")):
        yield path.relative_to(PACKAGE), path.read_text(encoding="utf-8")


def test_imports_go_one_way():
    names = [str(path) for path, _ in sources()]
    assert {"tables.py", "network/equations.py", "widgets/flow.py"} <= {*names}
    assert [sentence for path, source in sources() for sentence in violations(path, source)] == []


def test_every_room_is_there_and_every_arrow_is_used():
    arrows = {
        (path.parts[0].removesuffix(".py"), name.split(".")[1])
        for path, source in sources()
        for name in imported(path, source)
        if name.startswith("bpcourse.")
    }
    assert {(here, there) for here, there in arrows if here not in (there, "__init__")} == ARROWS


def test_the_order_has_no_circle_and_few_arrows():
    known = set()
    for room, others in MAY_IMPORT.items():
        assert others <= known, f"{room} stands before {others - known}"
        known.add(room)
    assert len(known) <= MOST_ROOMS
    assert len(ARROWS) <= MOST_ARROWS


def test_the_diagram_shows_what_is_so():
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    (diagram,) = re.findall(r"```mermaid\n(.*?)```", page, re.DOTALL)
    # An arrow leads from what is imported to who imports it.
    assert {(two, one) for one, two in re.findall(r"(\w+) --> (\w+)", diagram)} == ARROWS


@pytest.mark.parametrize("room", [room for room in MAY_IMPORT if (PACKAGE / room).is_dir()])
def test_a_room_says_what_it_is_for(room):
    said = ast.get_docstring(ast.parse((PACKAGE / room / "__init__.py").read_text(encoding="utf-8")))
    assert 3 <= len(said.splitlines()) <= 6


def test_no_two_files_of_one_name():
    names = Counter(Path(name).name for name in tracked("bpcourse/*.py", "bpcourse/*.js", "tests/*.py"))
    may = {"__init__.py", "conftest.py"}
    assert [name for name, times in names.items() if times > 1 and name not in may] == []


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("tables.py", "from bpcourse.network import Network"),
        ("network/equations.py", "def f():\n    from bpcourse import numeric"),
        ("numeric.py", "import bpcourse.notation as n"),
        ("network/network.py", "from .. import pictures"),
        ("network/network.py", "import bpcourse"),
        ("data/__init__.py", "from ..network import Network"),
        ("network/training.py", "from bpcourse.numeric import gradient"),
        ("pictures/drawing.py", "from bpcourse.widgets.flow import DeltaFlow"),
        ("widgets/flow.py", "from .. import backprop"),
        ("__init__.py", "import matplotlib"),
        ("network/functions.py", "import scipy.special"),
        ("notation/names.py", "from matplotlib.figure import Figure"),
        ("pictures/drawing.py", "import ipywidgets"),
        ("widgets/flow.py", "import matplotlib.pyplot as plt"),
        ("somewhere_new.py", "import math"),
    ],
)
def test_a_wrong_import_is_found(path, source):
    assert len(violations(path, source)) == 1


def test_a_right_import_is_not():
    right = "from .equations import bp1\nfrom bpcourse import tables\nimport numpy.linalg, json"
    assert violations("network/backprop.py", right) == []
    right = "from . import predict\nfrom ..pictures import drawing\nimport anywidget, traitlets"
    assert violations("widgets/flow.py", right) == []


def test_import_bpcourse_loads_nothing_heavy():
    script = f"""
import sys, bpcourse
net = bpcourse.Network([3, 4, 2])
birds = bpcourse.penguins()
bpcourse.backprop(net, birds.x, birds.y)
bpcourse.numeric, bpcourse.notation
print(sorted({HEAVY!r} & set(sys.modules)))
import matplotlib
print(sorted({HEAVY!r} & set(sys.modules)))
"""
    run = subprocess.run([sys.executable, "-W", "error", "-c", script], capture_output=True, text=True)
    # The second line shows that what is loaded would have been seen.
    assert (run.stdout.splitlines(), run.stderr) == (["[]", "['matplotlib']"], "")


# Public names explain themselves -------------------------------------------------------------------------------------


def undocumented(name, thing):
    """`name` and those of its public methods and properties that have no docstring of their own."""
    if not inspect.isclass(thing):
        return [] if (thing.__doc__ or "").strip() else [name]
    # A dataclass without a docstring is given its own signature for one.
    missing = [] if thing.__doc__ and not thing.__doc__.startswith(f"{thing.__name__}(") else [name]
    for attribute, value in vars(thing).items():
        if isinstance(value, staticmethod | classmethod):
            value = value.__func__
        if not attribute.startswith("_") and (inspect.isfunction(value) or isinstance(value, property)):
            missing += undocumented(f"{name}.{attribute}", value)
    return missing


@pytest.mark.parametrize("name", bpcourse.__all__)
def test_public_names_have_docstrings_and_help_opens_with_a_line_that_can_be_read(name):
    thing = getattr(bpcourse, name)
    assert undocumented(name, thing) == []
    try:
        line = f"{name}{inspect.signature(thing) if callable(thing) else ''}"
    except ValueError:
        return
    assert not re.search(r"Union|Buffer|Sequence\[", line), line
    assert len(line) < 400


@pytest.mark.parametrize("name", ["bias_gradient", "hidden_error", "output_error", "weight_gradient"])
def test_help_of_an_equation_opens_with_the_equation_and_the_shapes(name):
    first, _, rest = inspect.getdoc(getattr(bpcourse, name)).partition("\n")
    assert re.match(r"BP[1-4], .*: .* = ", first)
    assert "shape" in rest.lower()


def test_a_missing_docstring_is_found():
    class Silent:
        def method(self):
            pass

        @classmethod
        def make(cls):
            """Documented."""

    assert undocumented("Silent", Silent) == ["Silent", "Silent.method"]


# No file is too long -------------------------------------------------------------------------------------------------

LONGEST = {".py": 400, ".js": 500}


def too_long(path):
    """Whether the file has more lines than a reader takes in."""
    return len(path.read_text(encoding="utf-8").splitlines()) > LONGEST[path.suffix]


def tracked(*patterns):
    """The names of files of the project, also of those that are not added yet."""
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", *patterns]
    names = subprocess.run(listing, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\0")
    return sorted({name for name in names if name and (ROOT / name).exists()})


def test_no_file_is_too_long(tmp_path):
    names = tracked("*.py", "bpcourse/*.js")
    assert "tests/test_imports.py" in names
    assert [name for name in names if too_long(ROOT / name)] == []
    for suffix, longest in LONGEST.items():
        path = tmp_path / f"file{suffix}"
        for lines in (longest, longest + 1):
            path.write_text("x\n" * lines)
            assert too_long(path) == (lines > longest)


# What stands outside takes nothing that is not there -----------------------------------------------------------------


def missing(source):
    """The names that `source` takes from the package and that it does not have."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "bpcourse":
            module = importlib.import_module(node.module)
            yield from (f"{node.module}.{alias.name}" for alias in node.names if not hasattr(module, alias.name))


def test_tools_and_benchmarks_take_what_is_there():
    names = tracked("benchmarks/*.py", "tools/*.py")
    assert "benchmarks/backprop.py" in names
    assert [name for path in names for name in missing((ROOT / path).read_text("utf-8"))] == []
    assert [*missing("from bpcourse.network import both_passes")] == ["bpcourse.network.both_passes"]


def test_every_small_fault_has_its_place():
    """Those of `make long` name code and words as they stand."""
    assert [(path, right) for path, right, _, _ in faults() if right not in (ROOT / path).read_text("utf-8")] == []
