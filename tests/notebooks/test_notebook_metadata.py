"""A notebook's metadata says what language it is in, as fully as what reads it needs."""

import pathlib

import nbformat
import pytest
from nbconvert.exporters import ScriptExporter

from tests.places import NOTEBOOKS
from tools.notebooks import normalise



def as_script(notebook):
    """What `jupyter nbconvert --to script` writes: the ending of its name, and the text."""
    text, resources = ScriptExporter().from_notebook_node(notebook)
    return resources["output_extension"], text


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_as_a_script_it_is_a_python_file(path):
    ending, text = as_script(nbformat.read(path, as_version=4))
    assert ending == ".py"
    compile(text, path.name, "exec")
    assert "# coding: utf-8" in text  # the prose is there too, as comments


def test_without_that_metadata_it_is_a_text_file_and_normalising_mends_it():
    notebook = nbformat.read(NOTEBOOKS[0], as_version=4)
    notebook.metadata.language_info = {"name": "python"}
    assert as_script(notebook)[0] == ".txt"
    normalise(notebook)
    assert as_script(notebook)[0] == ".py"


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_normalising_again_changes_no_metadata(path):
    notebook, again = nbformat.read(path, as_version=4), nbformat.read(path, as_version=4)
    normalise(again)
    assert again == notebook
