"""pyproject.toml, environment.yml and the three locks ask for the same things, by name and by version."""

import re
import tomllib

import pytest
import yaml
from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from tests.places import ROOT

PYPROJECT, ENVIRONMENT, READERS, MAKERS, LOWEST = (
    (ROOT / name).read_text(encoding="utf-8")
    for name in (
        "pyproject.toml",
        "environment.yml",
        "requirements.lock",
        "requirements-makers.lock",
        "requirements-lowest.lock",
    )
)
FOR_READERS = ("build-system", "", "course", "site", "build")
BROUGHT_ANYWAY = {"psutil"}  # makers ask for it, and a reader's ipykernel does too


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


def conda_faults(environment, pyproject):
    """What environment.yml asks for that pyproject.toml does not, and the other way round."""
    table, project = yaml.safe_load(environment), tomllib.loads(pyproject)["project"]
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


def lock_faults(lock, pyproject, extras=None):
    """What in the lock is no pin with a hash, names an address, or is not what pyproject.toml asks for."""
    faults = [
        f"an address: {found}"
        for found in re.findall(r"https?:|\w+://|file:|--(?:extra-)?index-url|--find-links", lock)
    ]
    pinned = {}
    for entry, options in pins(lock):
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
    for extra, lines in declared(pyproject).items():
        for name, bound in bounds(lines).items() if extras is None or extra in extras else ():
            found = pinned.get(name, [])
            if not found or not all(bound.contains(version) for version in found):
                faults.append(f"{name}: pinned at {found}, pyproject.toml asks {bound!s}")
    return faults


def floor_faults(readers, makers, pyproject):
    """What readers install without need, and where makers would run the course on something else than readers do."""
    asked, readers, makers = declared(pyproject), versions(readers), versions(makers)
    needless = {name for extra, lines in asked.items() if extra not in FOR_READERS for name in bounds(lines)}
    faults = [f"{name}: readers need none" for name in sorted(needless & readers.keys() - BROUGHT_ANYWAY)]
    return faults + [
        f"{name}: readers have {sorted(found)}, makers {sorted(makers.get(name, []))}"
        for name, found in readers.items()
        if makers.get(name) != found
    ]


def lowest_faults(lock, pyproject):
    """Where the lowest versions that are tried are not those that pyproject.toml allows."""
    pinned = versions(lock)
    for lines in declared(pyproject).values():
        for name, bound in bounds(lines).items():
            (lowest,) = (Version(part.version) for part in bound if part.operator == ">=")
            if {Version(version) for version in pinned.get(name, ())} != {lowest}:
                yield f"{name}: {sorted(pinned.get(name, ()))} is tried, pyproject.toml allows {lowest}"


def reason_faults(pyproject):
    """The requirements without a reason behind them, and what the build needs that no lock pins."""
    asked = declared(pyproject)
    faults = []
    for requirement in {line for extra, lines in asked.items() if extra != "build-system" for line in lines}:
        for line in pyproject.splitlines():
            if f'"{requirement}"' in line and not re.search(rf'^\s*"{re.escape(requirement)}",?\s+# \w', line):
                faults.append(f"{requirement}: no reason")
    faults += [
        f"{name}: needed to build, but not in the extra for that as {bound!s}"
        for name, bound in bounds(asked["build-system"]).items()
        if bounds(asked["build"]).get(name) != bound
    ]
    return faults


def test_conda_gets_what_pip_gets():
    assert conda_faults(ENVIRONMENT, PYPROJECT) == []


def test_the_locks_pin_what_pyproject_asks():
    assert lock_faults(READERS, PYPROJECT, FOR_READERS) == []
    assert lock_faults(MAKERS, PYPROJECT) == []
    assert lock_faults(LOWEST, PYPROJECT) == []


def test_readers_get_what_readers_need_and_makers_the_same_and_more():
    assert floor_faults(READERS, MAKERS, PYPROJECT) == []


def test_the_lowest_versions_are_those_that_pyproject_allows():
    assert list(lowest_faults(LOWEST, PYPROJECT)) == []


def test_every_requirement_has_its_reason():
    assert reason_faults(PYPROJECT) == []


def changed(text, pattern, replacement):
    text, count = re.subn(pattern, replacement, text, count=1, flags=re.MULTILINE)
    assert count == 1, f"nothing to break: {pattern}"
    return text


@pytest.mark.parametrize(
    ("pattern", "replacement", "fault"),
    [
        (r"^  - numpy>=.*\n", "", "numpy: environment.yml has no such package"),
        (r"numpy>=[\d.]+", "numpy>=99", "numpy: environment.yml has >=99"),
        (r"numpy>=[\d.]+", "numpy", "numpy: environment.yml has ,"),
        (r"python>=[\d.]+", "python>=4", "python: environment.yml has >=4"),
        (r"^  - pip$", "  - pip\n  - scipy", "scipy: not asked"),
        (r"conda-forge$", "defaults", "the channels are"),
        (r"name: bpcourse", "name: other", "the environment is called other"),
        (r'"-e \."', "bpcourse", "pip must install"),
    ],
)
def test_a_broken_environment_is_seen(pattern, replacement, fault):
    (found,) = conda_faults(changed(ENVIRONMENT, pattern, replacement), PYPROJECT)
    assert found.startswith(fault)


def test_a_changed_pyproject_is_seen_in_the_environment():
    (found,) = conda_faults(ENVIRONMENT, changed(PYPROJECT, r"^requires-python.*$", 'requires-python = ">=3.9"'))
    assert found.startswith("python: environment.yml has >=")
    (found,) = conda_faults(ENVIRONMENT, changed(PYPROJECT, r"^course = \[$", 'course = [\n"scipy>=1", # maths'))
    assert found == "scipy: environment.yml has no such package, pyproject.toml asks >=1"


@pytest.mark.parametrize(
    ("pattern", "replacement", "fault"),
    [
        (r"^ruff==(.*\n) (.*\n)+?(?=\w)", "", "ruff: pinned at []"),
        (r"^ruff==\S+", "ruff==0.1", "ruff: pinned at ['0.1']"),
        (r"^numpy==\S+", "numpy==1.26.4", "numpy: pinned at ['1.26.4', "),  # one of its two pins
        (r"^flit-core==\S+", "flit-core==99", "flit-core: pinned at ['99']"),
        (r"^ruff==.*\n( +--.*\n)+", "ruff==99\n", "ruff==99: every option"),
        (r"^(ruff==.*\n.*--hash=sha256:)\w", r"\1", "ruff=="),
        (r"^(ruff==.*\n.*--hash=)sha256:", r"\1md5:", "ruff=="),
        (r"^ruff==", "ruff>=", "ruff>="),
        (r"^ruff==\S+", "ruff==99.*", "ruff==99.*: not a pin"),
        (r"\A", "-i wheels\n", "-i wheels: not a pin"),
        (r"\A", "./wheels/ruff.whl\n", "./wheels/ruff.whl: not a pin"),
        (r"\A", "# --index-url here\n", "an address: --index-url"),
        (r"\A", "--extra-index-url here\n", "an address: --extra-index-url"),
        (r"\A", "--find-links wheels\n", "an address: --find-links"),
        (r"\A", "# from https://index.example/simple\n", "an address: https:"),
        (r"\A", "# from file:wheels\n", "an address: file:"),
    ],
)
def test_a_broken_lock_is_seen(pattern, replacement, fault):
    assert lock_faults(changed(MAKERS, pattern, replacement), PYPROJECT)[0].startswith(fault)


def test_a_lock_older_than_pyproject_is_seen():
    (found,) = lock_faults(MAKERS, changed(PYPROJECT, r"jupyterlab>=[\d.]+", "jupyterlab>=99"))
    assert found.startswith("jupyterlab: pinned at ")


@pytest.mark.parametrize(
    ("readers", "makers", "fault"),
    [
        ((r"\A", "ruff==0.9.0\n"), (r"\A", ""), "ruff: readers need none"),
        ((r"\A", ""), (r"^voila==\S+", "voila==0.5.14"), "voila: readers have ['0.5."),
        ((r"\A", ""), (r"^voila==(.*\n) (.*\n)+?(?=\w)", ""), "voila: readers have ['0.5."),
        ((r"\A", ""), (r"\A", "numpy==2.0.0\n"), "numpy: readers have ['2."),
    ],
)
def test_floors_that_do_not_fit_are_seen(readers, makers, fault):
    found = floor_faults(changed(READERS, *readers), changed(MAKERS, *makers), PYPROJECT)
    assert found[0].startswith(fault)


@pytest.mark.parametrize("bound", ["1.26", "2.1"])
def test_a_bound_that_is_not_tried_is_seen(bound):
    (found,) = lowest_faults(LOWEST, changed(PYPROJECT, r"numpy>=[\d.]+", f"numpy>={bound}"))
    assert found == f"numpy: ['2.0.0'] is tried, pyproject.toml allows {bound}"


@pytest.mark.parametrize(
    ("pattern", "replacement", "fault"),
    [
        (r"^(    \"numpy\S+) .*$", r"\1", "numpy>="),
        (r"^(    \"ruff\S+) .*$", r"\1  #", "ruff>="),
        (r"^    \"flit-core.*\n", "", "flit-core: needed to build"),
        (r"flit_core>=[\d.]+", "flit_core>=1", "flit-core: needed to build"),
    ],
)
def test_a_missing_reason_is_seen(pattern, replacement, fault):
    (found,) = reason_faults(changed(PYPROJECT, pattern, replacement))
    assert found.startswith(fault)
