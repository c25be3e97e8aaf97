"""Who may import whom, what `import bpcourse` loads, whether public names explain themselves, how long a file is."""

import ast
import inspect
import subprocess
import sys
from importlib.util import resolve_name
from pathlib import Path

import pytest

import bpcourse

PACKAGE = Path(bpcourse.__file__).parent
PROJECT = Path(__file__).parent.parent

# Each module may import those before it. One line, so that it can be compared with docs/architecture.md.
ORDER = ["tables", "functions", "equations", "trace", "network", "numeric", "typeset"]
ORDER += [
    "indices",
    "expressions",
    "elementary",
    "symbols",
    "layerwide",
    "notation",
    "proofs",
    "costs",
    "derivations",
    "exercises",
]
MAY_IMPORT = {module: set(ORDER[:place]) for place, module in enumerate(ORDER)}
UP_TO_NOTATION = MAY_IMPORT["notation"] | {"notation"}
MAY_IMPORT |= {
    "data": set(),
    "canonical": UP_TO_NOTATION,
    "nextline": UP_TO_NOTATION | {"canonical", "proofs", "derivations", "data"},
    "questions": MAY_IMPORT["network"] | {"network", "questions"},  # a folder too
    "training": MAY_IMPORT["network"] | {"network"},
    "label_places": set(),  # geometry alone
    "picture": set(),
    "drawing": UP_TO_NOTATION | {"label_places", "picture"},
    "charts": UP_TO_NOTATION | {"proofs", "costs", "derivations", "data", "picture", "drawing"},
}
MAY_IMPORT["exercises"].add("exercises")  # a folder, as widgets is
MAY_IMPORT |= {"widgets": {*MAY_IMPORT, "widgets"}, "__init__": {*MAY_IMPORT, "widgets"}}

HEAVY = {"matplotlib", "ipywidgets", "anywidget", "traitlets", "IPython"}
THIRD_PARTY = {
    "picture": {"matplotlib", "PIL"},
    "drawing": {"numpy", "matplotlib"},
    "charts": {"numpy", "matplotlib", "PIL"},
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
    if here not in MAY_IMPORT:
        return [f"{path}: say in MAY_IMPORT where {here} stands"]
    wrong = []
    for name in imported(path, source):
        top, _, rest = name.partition(".")
        if top == "bpcourse":
            allowed = rest.partition(".")[0] in MAY_IMPORT[here]
        else:
            allowed = top in sys.stdlib_module_names or top in THIRD_PARTY.get(here, {"numpy"})
        if not allowed:
            wrong.append(f"{path}: {here} may not import {name}")
    return wrong


def test_imports_go_one_way():
    paths = sorted(PACKAGE.rglob("*.py"))
    assert {"equations.py", "network.py", "numeric.py"} <= {path.name for path in paths}
    assert [
        sentence
        for path in paths
        # __init__ names what the modules offer: it stands above them, and none of them may import it.
        if path != PACKAGE / "__init__.py"
        for sentence in violations(path.relative_to(PACKAGE), path.read_text(encoding="utf-8"))
    ] == []


def test_the_package_itself_needs_numpy_alone():
    # Its public names come with `from bpcourse.module import name`, which is a module each.
    assert violations("__init__.py", (PACKAGE / "__init__.py").read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("equations.py", "from bpcourse.network import Network"),
        ("equations.py", "def f():\n    from bpcourse import numeric"),
        ("numeric.py", "import bpcourse.notation as n"),
        ("network.py", "from . import drawing"),
        ("network.py", "import bpcourse"),
        ("data.py", "from .tables import table"),
        ("training.py", "from bpcourse.numeric import gradient"),
        ("drawing.py", "from bpcourse.widgets.flow import DeltaFlow"),
        ("widgets/flow.py", "from .. import backprop"),
        ("functions.py", "import scipy.special"),
        ("notation.py", "from matplotlib.figure import Figure"),
        ("drawing.py", "import ipywidgets"),
        ("widgets/flow.py", "import matplotlib.pyplot as plt"),
        ("somewhere_new.py", "import math"),
    ],
)
def test_a_wrong_import_is_found(path, source):
    assert len(violations(path, source)) == 1


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("network.py", "from .equations import output_error\nfrom bpcourse import tables\nimport numpy.linalg, json"),
        ("widgets/flow.py", "from . import predict\nfrom ..drawing import draw\nimport anywidget, traitlets"),
    ],
)
def test_a_right_import_is_not(path, source):
    assert violations(path, source) == []


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
def test_public_names_have_docstrings(name):
    assert undocumented(name, getattr(bpcourse, name)) == []


def test_a_missing_docstring_is_found():
    class Silent:
        def method(self):
            pass

        @classmethod
        def make(cls):
            """Documented."""

    assert undocumented("Silent", Silent) == ["Silent", "Silent.method"]


# No file is too long -------------------------------------------------------------------------------------------------

LONGEST = {".py": 300, ".js": 500}


def too_long(path):
    """Whether the file has more lines than a reader takes in."""
    return len(path.read_text(encoding="utf-8").splitlines()) > LONGEST[path.suffix]


def test_no_file_is_too_long():
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "*.py", "bpcourse/*.js"]
    names = subprocess.run(listing, cwd=PROJECT, capture_output=True, text=True, check=True).stdout.split("\0")
    paths = [PROJECT / name for name in names if name and (PROJECT / name).exists()]
    assert Path(__file__) in paths
    assert [str(path) for path in paths if too_long(path)] == []


@pytest.mark.parametrize("suffix", LONGEST)
def test_a_file_that_is_too_long_is_found(tmp_path, suffix):
    path = tmp_path / f"file{suffix}"
    path.write_text("x\n" * LONGEST[suffix])
    assert not too_long(path)
    path.write_text("x\n" * (LONGEST[suffix] + 1))
    assert too_long(path)
