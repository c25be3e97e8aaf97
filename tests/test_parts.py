"""The names of the picture's parts and of a frame's numbers: made and taken apart in one place."""

import json
import subprocess

import pytest

from bpcourse.parts import Part
from tests.places import ROOT

NAMED = {
    "w-3-1-3": ("w", 3, 1, 3),
    "symbol-delta-2-11": ("symbol-delta", 2, 11),
    "sigma_prime-2-j": ("sigma_prime", 2, "j"),
    "cost": ("cost",),
    "": ("",),
    "value-y-3-1": ("value-y", 3, 1),
    "d-C-by-w-3-1-3": ("d-C-by-w", 3, 1, 3),
}


@pytest.mark.parametrize("name", NAMED)
def test_a_name_and_its_part(name):
    part, (kind, *index) = Part.named(name), NAMED[name]
    assert (part, part.kind, part.place) == (name, kind, tuple(index))
    assert Part(kind, *index) == part
    assert json.loads(json.dumps(part)) == name


def test_what_is_at_the_same_place():
    edge = Part("edge", 3, 1, 3)
    assert edge.of_kind("label") == "label-3-1-3"
    assert (edge.key(), edge.key(2)) == ("3-1-3", "3-1")
    assert Part("w", 3, "j", "k").at(j=2, k=4) == "w-3-2-4"


def test_no_other_file_puts_a_name_together():
    there = r'[a-z]-\{(l|L|j|k|n)\b[^}]*\}|split\("-"\)|replace\("(edge|w-|neuron)'
    search = ["git", "grep", "-nP", there, "--", "bpcourse/*.py", "bpcourse/*.js"]
    found = subprocess.run(search, cwd=ROOT, capture_output=True, text=True)
    here = ("bpcourse/parts.py", "bpcourse/widgets/common.js")
    assert [line for line in found.stdout.splitlines() if not line.startswith(here)] == []
