"""The links for a class are those of docs/classroom.md, and the proxy is pinned without an address."""

import json
import re
import urllib.error
import urllib.parse
import urllib.request

import pytest

from tests.places import ROOT
from tools.browser import TOKEN
from tools.classroom import links

GUIDE = (ROOT / "docs" / "classroom.md").read_text(encoding="utf-8")
HUB, REPOSITORY = "https://hub.example.org", "someone/bpcourse"
GITHUB = f"https://github.com/{REPOSITORY}"


def test_each_notebook_has_its_links(capsys):
    links.main([REPOSITORY, "--hub", HUB])
    printed = capsys.readouterr().out.split()
    assert printed[::3] == [path.name for path in sorted((ROOT / "notebooks").glob("*.ipynb"))]
    for notebook, pull, binder in zip(printed[::3], printed[1::3], printed[2::3], strict=True):
        assert (pull, binder) == (links.pull_link(HUB, GITHUB, notebook), links.binder_link(REPOSITORY, notebook))
    links.main(["https://git.example.org/courses/bpcourse", "--hub", HUB, "--branch", "autumn"])
    printed = capsys.readouterr().out
    assert "mybinder" not in printed
    assert printed.count("branch=autumn") == len(links.NOTEBOOKS)


def test_a_pull_link_asks_for_the_repository_and_opens_the_notebook():
    parts = urllib.parse.urlsplit(links.pull_link(f"{HUB}/", f"{GITHUB}/", "03_bp2_hidden_error.ipynb"))
    assert f"{parts.scheme}://{parts.netloc}{parts.path}" == f"{HUB}/hub/user-redirect/git-pull"
    asked = dict(urllib.parse.parse_qsl(parts.query))
    opens = "lab/tree/bpcourse/notebooks/03_bp2_hidden_error.ipynb"
    assert asked == {"repo": f"{GITHUB}/", "branch": "main", "urlpath": opens}


def test_the_guide_shows_these_links():
    shown = re.findall(r"^    (https://\S+)$", GUIDE, re.MULTILINE)
    notebook = "03_bp2_hidden_error.ipynb"
    assert shown == [links.pull_link(HUB, GITHUB, notebook), links.binder_link(REPOSITORY, notebook)]


def test_the_guide_names_what_the_configuration_reads():
    configuration = (ROOT / "tools" / "classroom" / "jupyterhub_config.py").read_text(encoding="utf-8")
    read = set(re.findall(r"BPCOURSE_\w+", configuration))
    assert read == set(re.findall(r"BPCOURSE_\w+", GUIDE)) == {"BPCOURSE_ROOM", "BPCOURSE_HUB_PASSWORD"}
    assert 'bind_url = "http://127.0.0.1:8000"' in configuration


def proxy_faults(lock):
    """The packages of the proxy's lock that have no hash, or an address they come from."""
    packages = {name: entry for name, entry in json.loads(lock)["packages"].items() if name}
    assert "node_modules/configurable-http-proxy" in packages
    return [name for name, entry in packages.items() if "resolved" in entry or "integrity" not in entry]


def test_the_proxy_is_pinned_by_hashes_and_names_no_address():
    lock = (ROOT / "tools" / "classroom" / "package-lock.json").read_text(encoding="utf-8")
    assert proxy_faults(lock) == []
    assert len(proxy_faults(lock.replace('"integrity"', '"resolved"', 1))) == 1
    wanted = json.loads((ROOT / "tools" / "classroom" / "package.json").read_text(encoding="utf-8"))["dependencies"]
    assert json.loads(lock)["packages"][""]["dependencies"] == wanted
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in wanted.values())


def test_a_link_brings_nothing_onto_a_laptop(lab):
    def answer(path):
        try:
            return urllib.request.urlopen(f"{lab.address}/{path}?token={TOKEN}", timeout=30).status
        except urllib.error.HTTPError as error:
            error.close()
            return error.code

    assert (answer("lab"), answer("git-pull")) == (200, 404)


@pytest.mark.parametrize("notebook", links.NOTEBOOKS)
def test_a_binder_link_opens_a_notebook_that_is_there(notebook):
    opens = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(links.binder_link(REPOSITORY, notebook)).query))
    assert (ROOT / opens["labpath"]).exists()
