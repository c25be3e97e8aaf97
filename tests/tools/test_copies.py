"""A learner's copies of the notebooks: whose edits stay, and what follows the course."""

import errno
import json
import os
import pathlib

import pytest

from tools.lab import COPIED, Fault, copy_notebooks

RUN = {"outputs": [{"output_type": "stream", "name": "stdout", "text": "1\n"}], "execution_count": 7}
FOLLOWS = ["my/01.ipynb follows the course, which has a newer one."]
STAYS = ["my/01.ipynb has your edits and stays. The course has a newer one: rename yours to get it."]


def notebook(*sources, cell_type="code", **ran):
    """What is in the file of a notebook with these cells."""
    cells = [{"cell_type": cell_type, "source": source.splitlines(keepends=True), **ran} for source in sources]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).encode()


@pytest.fixture
def source(tmp_path):
    """A notebook of the course."""
    (tmp_path / "notebooks").mkdir()
    source = tmp_path / "notebooks" / "01.ipynb"
    source.write_bytes(notebook("x = 1", outputs=[], execution_count=1))
    return source


@pytest.fixture
def copy(source):
    return lambda: copy_notebooks(source.parent, source.parents[1] / "my")


@pytest.fixture
def mine(source, copy):
    """The learner's copy of it."""
    copy()
    return source.parents[1] / "my" / "01.ipynb"


def test_the_first_time_everything_is_copied_without_a_word(source, copy):
    (source.parent / "02.ipynb").write_bytes(notebook("y = 1"))
    (source.parent / "notes.txt").write_text("not for the learner")
    assert copy() == []
    my = source.parents[1] / "my"
    assert sorted(path.name for path in my.iterdir()) == [COPIED, "01.ipynb", "02.ipynb"]
    assert (my / "01.ipynb").read_bytes() == source.read_bytes()


EDITED = [notebook("x = 1  # mine"), notebook("x = 1", "mine"), notebook("x = 1", cell_type="raw"), notebook()]
NO_NOTEBOOKS = [b"", b"{", b"[]", b'{"cells": [1]}', b'{"cells": [{"cell_type": "raw"}]}']


@pytest.mark.parametrize("edited", EDITED + NO_NOTEBOOKS)
def test_an_edited_copy_stays_and_a_sentence_says_so(source, mine, copy, edited):
    mine.write_bytes(edited)
    assert copy() == []  # as long as the course has nothing new
    for changed in "x = 2", "x = 3":
        source.write_bytes(notebook(changed))
        assert copy() == STAYS
        assert mine.read_bytes() == edited
    renamed = mine.rename(mine.with_name("01 mine.ipynb"))  # what the sentence advises
    assert copy() == []
    assert mine.read_bytes() == source.read_bytes()
    assert renamed.read_bytes() == edited


@pytest.mark.parametrize("added", [[], [""], ["", "\n"]])  # JupyterLab adds an empty cell after the last that is run
def test_a_copy_that_was_only_run_follows_the_course(source, mine, copy, added):
    for before, after in ("x = 1", "x = 2"), ("x = 2", "x = 3"), ("x = 3", "x = 1"):
        mine.write_bytes(notebook(before, *added, **RUN))
        source.write_bytes(notebook(after))
        assert copy() == FOLLOWS
        assert mine.read_bytes() == source.read_bytes()


def test_a_copy_that_was_only_run_keeps_its_outputs_while_the_course_stays(source, mine, copy):
    mine.write_bytes(notebook("x = 1", **RUN))
    source.write_bytes(notebook("x = 1", outputs=[], execution_count=2))  # run again by its author, nothing more
    assert copy() == []
    assert mine.read_bytes() == notebook("x = 1", **RUN)


def test_an_edit_stays_even_if_neither_it_nor_the_course_was_a_notebook(source, copy):
    source.write_text("{ broken")
    copy()
    mine = source.parents[1] / "my" / "01.ipynb"
    mine.write_text("{ mended a little")
    source.write_bytes(notebook("x = 2"))
    assert copy() == STAYS
    assert mine.read_text() == "{ mended a little"


def test_a_deleted_copy_comes_back(source, mine, copy):
    mine.unlink()
    assert copy() == []
    assert mine.read_bytes() == source.read_bytes()


@pytest.mark.parametrize("record", [None, b"", b"{", b"null", b"[]", b"1", b'"a"', b"[[1, 2]]", b'{"01.ipynb": []}'])
def test_without_its_record_nothing_is_lost_and_it_learns_again(source, mine, copy, record):
    def lose():
        (mine.parent / COPIED).unlink()
        if record is not None:
            (mine.parent / COPIED).write_bytes(record)

    mine.write_bytes(notebook("x = 1", **RUN))
    lose()
    assert copy() == []
    assert mine.read_bytes() == notebook("x = 1", **RUN)
    source.write_bytes(notebook("x = 2"))
    assert copy() == FOLLOWS
    mine.write_bytes(notebook("mine"))
    lose()
    assert copy() == STAYS
    assert mine.read_bytes() == notebook("mine")


def test_an_edit_that_the_course_makes_too_is_no_edit_any_more(source, mine, copy):
    mine.write_bytes(notebook("x = 2", **RUN))
    source.write_bytes(notebook("x = 2"))
    assert copy() == []
    assert mine.read_bytes() == notebook("x = 2", **RUN)
    source.write_bytes(notebook("x = 3"))
    assert copy() == FOLLOWS
    assert mine.read_bytes() == source.read_bytes()


# What may be in the way -----------------------------------------------------------------------------------------------


def test_a_folder_in_the_place_of_a_notebook_stays(source, copy):
    mine = source.parents[1] / "my" / "01.ipynb"
    mine.mkdir(parents=True)
    (mine / "something").touch()
    (source.parent / "02.ipynb").write_bytes(notebook("y = 1"))
    assert copy() == [
        "my/01.ipynb is a folder and stays. The course has a notebook of that name: rename yours to get it."
    ]
    assert (mine / "something").exists()
    assert (mine.parent / "02.ipynb").exists()  # the others are there


def test_a_copy_that_is_no_text_stays(source, mine, copy):
    mine.write_bytes(b"\xff")
    for changed in "x = 1", "x = 2":
        source.write_bytes(notebook(changed))
        assert copy() == ["my/01.ipynb is not text in UTF-8 and stays: rename it to get the course's."]
        assert mine.read_bytes() == b"\xff"


def forbidden(*_, **__):
    raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))


def test_a_copy_that_cannot_be_read_stays(source, mine, copy, monkeypatch):
    read = pathlib.Path.read_text
    monkeypatch.setattr(pathlib.Path, "read_text", lambda p, *a, **k: forbidden() if p == mine else read(p, *a, **k))
    assert copy() == ["my/01.ipynb cannot be read (Permission denied) and stays: rename it to get the course's."]
    assert mine.exists()


def test_a_file_in_the_place_of_the_folder_is_said_and_stays(source, copy):
    my = source.parents[1] / "my"
    my.write_text("mine")
    with pytest.raises(Fault, match=r"my is a file, .*: move it away\.$"):
        copy()
    assert my.read_text() == "mine"


def full_disk(path, content, write=pathlib.Path.write_bytes):
    """Takes half of what is written."""
    write(path, content[: len(content) // 2])
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.mark.parametrize(
    ("place", "fails", "sentence"),
    [
        ("tempfile.TemporaryFile", forbidden, r"my cannot be written to \(Permission denied\): "),
        ("pathlib.Path.write_bytes", full_disk, r"01\.ipynb cannot be written \(No space left on device\)"),
    ],
)
def test_what_cannot_be_written_is_said_and_nothing_is_half_written(
    source, mine, copy, monkeypatch, place, fails, sentence
):
    before = {path.name: path.read_bytes() for path in mine.parent.iterdir()}
    source.write_bytes(notebook("x = 2"))
    monkeypatch.setattr(place, fails)
    with pytest.raises(Fault, match=sentence):
        copy()
    assert {path.name: path.read_bytes() for path in mine.parent.iterdir()} == before
