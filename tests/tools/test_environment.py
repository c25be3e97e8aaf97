"""pyproject.toml, environment.yml and the four locks ask for the same things, by name and by version."""

import re
import tomllib

import pytest
import yaml
from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from tests.places import ROOT
from tools.lite.parts import SHIPPED

PYPROJECT, CONDA = "pyproject.toml", "environment.yml"
READERS, MAKERS, LOWEST, LITE = (f"requirements{whose}.lock" for whose in ("", "-makers", "-lowest", "-lite"))
FILES = {name: (ROOT / name).read_text(encoding="utf-8") for name in (PYPROJECT, CONDA, READERS, MAKERS, LOWEST, LITE)}
FOR_READERS = ("build-system", "", "course", "site", "build")
# Makers ask for them, and a reader's ipykernel, matplotlib and Jupyter bring them too.
BROUGHT_ANYWAY = {"psutil", "fonttools", "websocket-client"}


def declared(pyproject):
    """The requirements as they are written: those to build, to import (""), and of each extra."""
    table = tomllib.loads(pyproject)
    project, build = table["project"], table["build-system"]["requires"]
    return {"build-system": build, "": project["dependencies"]} | project["optional-dependencies"]


def bounds(lines):
    """{name: bound} of requirements."""
    requirements = [Requirement(line) for line in lines]
    return {canonicalize_name(requirement.name): requirement.specifier for requirement in requirements}


def pins(lock):
    """Each entry of the lock as its requirement and the options behind it."""
    text = "\n".join(line for line in lock.splitlines() if not line.lstrip().startswith("#"))
    for entry in text.replace("\\\n", " ").splitlines():
        if entry.strip():
            requirement, *options = re.split(r"\s+(?=--)", entry.strip())
            yield requirement, options


def conda_faults(files):
    """What environment.yml asks for that pyproject.toml does not, and the other way round."""
    pyproject = files[PYPROJECT]
    table, project = yaml.safe_load(files[CONDA]), tomllib.loads(pyproject)["project"]
    asked = declared(pyproject)
    without_make = [line for line in asked["test"] if line.startswith("nbval")]
    wanted = bounds(
        [*asked[""], *asked["course"], *asked["image"], *without_make, f"python{project['requires-python']}", "pip"]
    )
    listed = bounds(line for line in table["dependencies"] if isinstance(line, str))
    faults = [
        f"{name}: environment.yml has {listed.get(name, 'no such package')!s}, pyproject.toml asks {bound!s}"
        for name, bound in wanted.items()
        if listed.get(name) != bound
    ]
    faults += [f"{name}: not asked by pyproject.toml" for name in listed.keys() - wanted.keys()]
    if table["name"] != project["name"]:
        faults.append(f"the environment is called {table['name']}")
    if table["channels"] != ["conda-forge", "nodefaults"]:
        faults.append(f"the channels are {table['channels']}")
    if [line for line in table["dependencies"] if not isinstance(line, str)] != [{"pip": ["-e ."]}]:
        faults.append("pip must install bpcourse itself, -e ., and nothing else")
    return faults


def versions(lock):
    """{name: its versions}, more than one where they differ from one Python to another."""
    pinned = {}
    for entry, _ in pins(lock):
        requirement = Requirement(entry)
        (pin,) = requirement.specifier
        pinned.setdefault(canonicalize_name(requirement.name), set()).add(pin.version)
    return pinned


def of_the_browser(pyproject):
    """What the course with a Python in the page is built by, in an environment of its own."""
    return {"lite": tomllib.loads(pyproject)["dependency-groups"]["lite"]}


def lock_faults(files, name=MAKERS, extras=None):
    """What in the lock is no pin with a hash, names an address, or is not what pyproject.toml asks for."""
    addresses = r"https?:|\w+://|file:|--(?:extra-)?index-url|--find-links"
    faults = [f"an address: {found}" for found in re.findall(addresses, files[name])]
    pinned = {}
    for entry, options in pins(files[name]):
        try:
            requirement = Requirement(entry)
            (pin,) = requirement.specifier
            assert pin.operator == "=="
            assert "*" not in pin.version
        except (InvalidRequirement, ValueError, AssertionError):
            faults.append(f"{entry}: not a pin")
            continue
        pinned.setdefault(canonicalize_name(requirement.name), []).append(pin.version)
        if not options or not all(re.fullmatch(r"--hash=sha256:[0-9a-f]{64}", option) for option in options):
            faults.append(f"{entry}: every option is a sha256 hash, and there is at least one")
    asked = of_the_browser(files[PYPROJECT]) if name == LITE else declared(files[PYPROJECT])
    for extra, lines in asked.items():
        for name, bound in bounds(lines).items() if extras is None or extra in extras else ():
            found = pinned.get(name, [])
            if not found or not all(bound.contains(version) for version in found):
                faults.append(f"{name}: pinned at {found}, pyproject.toml asks {bound!s}")
    return faults


def floor_faults(files):
    """What readers install without need, and where makers would run the course on something else than readers do."""
    asked, readers, makers = declared(files[PYPROJECT]), versions(files[READERS]), versions(files[MAKERS])
    needless = {name for extra, lines in asked.items() if extra not in FOR_READERS for name in bounds(lines)}
    faults = [f"{name}: readers need none" for name in sorted(needless & readers.keys() - BROUGHT_ANYWAY)]
    return faults + [
        f"{name}: readers have {sorted(found)}, makers {sorted(makers.get(name, []))}"
        for name, found in readers.items()
        if makers.get(name) != found
    ]


def lowest_faults(files):
    """Where the lowest versions that are tried are not those that pyproject.toml allows."""
    pinned, faults = versions(files[LOWEST]), []
    for lines in declared(files[PYPROJECT]).values():
        for name, bound in bounds(lines).items():
            (lowest,) = (Version(part.version) for part in bound if part.operator == ">=")
            if {Version(version) for version in pinned.get(name, ())} != {lowest}:
                faults.append(f"{name}: {sorted(pinned.get(name, ()))} is tried, pyproject.toml allows {lowest}")
    return faults


def reason_faults(files):
    """The requirements without a reason behind them, and what the build needs that no lock pins."""
    pyproject, faults = files[PYPROJECT], []
    asked = declared(pyproject)
    for requirement in {
        line
        for extra, lines in (asked | of_the_browser(pyproject)).items()
        if extra != "build-system"
        for line in lines
    }:
        for line in pyproject.splitlines():
            if f'"{requirement}"' in line and not re.search(rf'^\s*"{re.escape(requirement)}",?\s+# \w', line):
                faults.append(f"{requirement}: no reason")
    faults += [
        f"{name}: needed to build, but not in the extra for that as {bound!s}"
        for name, bound in bounds(asked["build-system"]).items()
        if bounds(asked["build"]).get(name) != bound
    ]
    return faults


def browser_faults(files):
    """What the browser's Python loads at another version than a reader's."""
    readers, lite = versions(files[READERS]), versions(files[LITE])
    return [
        f"{name}: readers have {readers.get(name)}, the browser {lite.get(name)}"
        for name in SHIPPED
        if not lite.get(name) or readers.get(name) != lite[name]
    ]


@pytest.mark.parametrize(
    "faults", [conda_faults, lock_faults, floor_faults, lowest_faults, reason_faults, browser_faults]
)
def test_the_files_fit_each_other(faults):
    assert faults(FILES) == []


@pytest.mark.parametrize(("name", "extras"), [(READERS, FOR_READERS), (LOWEST, None), (LITE, None)])
def test_the_other_locks_pin_what_pyproject_asks(name, extras):
    assert lock_faults(FILES, name, extras) == []


def changed(name, pattern, replacement):
    """The files, with a change in one of them."""
    text, count = re.subn(pattern, replacement, FILES[name], count=1, flags=re.MULTILINE)
    assert count == 1, f"nothing to break: {pattern}"
    return FILES | {name: text}


@pytest.mark.parametrize(
    ("faults", "name", "pattern", "replacement", "fault"),
    [
        (conda_faults, CONDA, r"^  - numpy>=.*\n", "", "numpy: environment.yml has no such package"),
        (conda_faults, CONDA, r"numpy>=[\d.]+", "numpy>=99", "numpy: environment.yml has >=99"),
        (conda_faults, CONDA, r"numpy>=[\d.]+", "numpy", "numpy: environment.yml has ,"),
        (conda_faults, CONDA, r"python>=[\d.]+", "python>=4", "python: environment.yml has >=4"),
        (conda_faults, CONDA, r"^  - pip$", "  - pip\n  - scipy", "scipy: not asked"),
        (conda_faults, CONDA, r"conda-forge$", "defaults", "the channels are"),
        (conda_faults, CONDA, r"name: bpcourse", "name: other", "the environment is called other"),
        (conda_faults, CONDA, r'"-e \."', "bpcourse", "pip must install"),
        (
            conda_faults,
            PYPROJECT,
            r"^requires-python.*$",
            'requires-python = ">=3.9"',
            "python: environment.yml",
        ),
        (lock_faults, PYPROJECT, r"jupyterlab>=[\d.]+", "jupyterlab>=99", "jupyterlab: pinned at "),
        (reason_faults, PYPROJECT, r"^(    \"numpy\S+) .*$", r"\1", "numpy>="),
        (reason_faults, PYPROJECT, r"^(    \"ruff\S+) .*$", r"\1  #", "ruff>="),
        (reason_faults, PYPROJECT, r"^    \"flit-core.*\n", "", "flit-core: needed to build"),
        (reason_faults, PYPROJECT, r"flit_core>=[\d.]+", "flit_core>=1", "flit-core: needed to build"),
    ],
)
def test_a_change_is_the_one_fault_that_is_seen(faults, name, pattern, replacement, fault):
    (found,) = faults(changed(name, pattern, replacement))
    assert found.startswith(fault)


def test_a_new_requirement_is_seen_in_the_environment():
    found = conda_faults(changed(PYPROJECT, r"^course = \[$", 'course = [\n"scipy>=1", # maths'))
    assert found == ["scipy: environment.yml has no such package, pyproject.toml asks >=1"]


@pytest.mark.parametrize("bound", ["1.26", "2.1"])
def test_a_bound_that_is_not_tried_is_seen(bound):
    found = lowest_faults(changed(PYPROJECT, r"numpy>=[\d.]+", f"numpy>={bound}"))
    assert found == [f"numpy: ['2.0.0'] is tried, pyproject.toml allows {bound}"]


@pytest.mark.parametrize(
    ("faults", "name", "pattern", "replacement", "fault"),
    [
        (lock_faults, MAKERS, r"^ruff==(.*\n) (.*\n)+?(?=\w)", "", "ruff: pinned at []"),
        (lock_faults, MAKERS, r"^ruff==\S+", "ruff==0.1", "ruff: pinned at ['0.1']"),
        (lock_faults, MAKERS, r"^numpy==\S+", "numpy==1.26.4", "numpy: pinned at ['1.26.4', "),  # one of its two pins
        (lock_faults, MAKERS, r"^flit-core==\S+", "flit-core==99", "flit-core: pinned at ['99']"),
        (lock_faults, MAKERS, r"^ruff==.*\n( +--.*\n)+", "ruff==99\n", "ruff==99: every option"),
        (lock_faults, MAKERS, r"^(ruff==.*\n.*--hash=sha256:)\w", r"\1", "ruff=="),
        (lock_faults, MAKERS, r"^(ruff==.*\n.*--hash=)sha256:", r"\1md5:", "ruff=="),
        (lock_faults, MAKERS, r"^ruff==", "ruff>=", "ruff>="),
        (lock_faults, MAKERS, r"^ruff==\S+", "ruff==99.*", "ruff==99.*: not a pin"),
        (lock_faults, MAKERS, r"\A", "-i wheels\n", "-i wheels: not a pin"),
        (lock_faults, MAKERS, r"\A", "./wheels/ruff.whl\n", "./wheels/ruff.whl: not a pin"),
        (lock_faults, MAKERS, r"\A", "# --index-url here\n", "an address: --index-url"),
        (lock_faults, MAKERS, r"\A", "--extra-index-url here\n", "an address: --extra-index-url"),
        (lock_faults, MAKERS, r"\A", "--find-links wheels\n", "an address: --find-links"),
        (lock_faults, MAKERS, r"\A", "# from https://index.example/simple\n", "an address: https:"),
        (lock_faults, MAKERS, r"\A", "# from file:wheels\n", "an address: file:"),
        (floor_faults, READERS, r"\A", "ruff==0.9.0\n", "ruff: readers need none"),
        (floor_faults, MAKERS, r"^voila==\S+", "voila==0.5.14", "voila: readers have ['0.5."),
        (floor_faults, MAKERS, r"^voila==(.*\n) (.*\n)+?(?=\w)", "", "voila: readers have ['0.5."),
        (floor_faults, MAKERS, r"\A", "numpy==2.0.0\n", "numpy: readers have ['2."),
        (browser_faults, LITE, r"^ipywidgets==\S+", "ipywidgets==8.1.8", "ipywidgets: readers have {'8."),
        (browser_faults, LITE, r"^comm==(.*\n) (.*\n)+?(?=\w)", "", "comm: readers have {'0."),
    ],
)
def test_a_broken_lock_is_seen(faults, name, pattern, replacement, fault):
    assert faults(changed(name, pattern, replacement))[0].startswith(fault)
