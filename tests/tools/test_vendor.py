"""What other people's files in vendor/ must be: listed, unchanged, licensed, and silent towards other machines."""

import hashlib
import re

from tests.places import ROOT

VENDOR = ROOT / "vendor"
HOMEPAGES = {b"https://hakim.se", b"https://revealjs.com"}  # in the comments that name the author


def faults(folder):
    """What is not as SHA256SUMS says, a sentence each."""
    lines = (folder / "SHA256SUMS").read_text().splitlines()
    sums = {name: digest for digest, name in (line.split("  ", 1) for line in lines)}
    files = {path.relative_to(folder).as_posix(): path for path in folder.glob("*/**/*") if path.is_file()}
    for name in sorted(sums.keys() | files.keys()):
        if name not in files:
            yield f"{name} is missing"
        elif name not in sums:
            yield f"{name} is not in SHA256SUMS"
        elif hashlib.sha256(files[name].read_bytes()).hexdigest() != sums[name]:
            yield f"{name} is not the file that SHA256SUMS means"


def test_every_file_is_the_one_that_was_taken():
    assert list(faults(VENDOR)) == []


def test_every_package_keeps_its_licence_and_is_described():
    for package in [path for path in VENDOR.iterdir() if path.is_dir()]:
        assert (package / "LICENSE").stat().st_size > 500
        assert re.search(rf"`{re.escape(package.name)}/` \| \S+ \d+\.\d+", (VENDOR / "README.md").read_text())


def test_no_file_names_another_machine():
    for path in VENDOR.glob("*/*.*"):
        if path.suffix in (".js", ".css"):
            found = set(re.findall(rb"https?://[^\s\"'<>)]+", path.read_bytes()))
            assert found - HOMEPAGES - {b"http://www.w3.org/2000/svg"} == set(), path.name


def test_a_changed_file_is_noticed(tmp_path):
    (tmp_path / "a").mkdir()
    for name in ("one", "two", "three"):
        (tmp_path / "a" / name).write_text(name)
    sums = {name: hashlib.sha256(name.encode()).hexdigest() for name in ("one", "two", "gone")}
    (tmp_path / "SHA256SUMS").write_text("".join(f"{digest}  a/{name}\n" for name, digest in sums.items()))
    (tmp_path / "a" / "two").write_text("changed")
    assert list(faults(tmp_path)) == [
        "a/gone is missing",
        "a/three is not in SHA256SUMS",
        "a/two is not the file that SHA256SUMS means",
    ]
