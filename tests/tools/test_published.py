"""What stands around the course where it is published: one version, one address, workflows that call what is there."""

import re
import tomllib

import pytest
import yaml

from tests.places import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
CITED = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))


def test_one_version_everywhere():
    newest = re.search(r"^## (\S+?),", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)[1]
    assert CITED["version"] == newest == PROJECT["version"]


def test_one_address_one_name_and_the_licences_of_the_project():
    assert CITED["repository-code"] == PROJECT["urls"]["Repository"]
    assert [author["name"] for author in CITED["authors"]] == [author["name"] for author in PROJECT["authors"]]
    assert " AND ".join(CITED["license"]) == PROJECT["license"]


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_a_workflow_calls_what_is_there(path):
    (job,) = yaml.safe_load(path.read_text("utf-8"))["jobs"].values()
    targets = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    commands = [step["run"] for step in job["steps"] if "run" in step]
    assert commands
    for command in commands:
        program, *arguments = command.split()
        assert (ROOT / program).exists() or (program == "make" and set(arguments) <= targets), command


def test_both_workflows_are_there():
    assert [path.stem for path in WORKFLOWS] == ["proof", "site"]
