"""What a cell had put on the page is closed when the cell is run again and nothing shows it any more."""

import gc

import ipywidgets
import pytest

from bpcourse.widgets import lifetime


class Shell:
    """A shell in which a cell is running."""

    def run(self, cell, message):
        self.parent = {"metadata": {"cellId": cell}, "header": {"msg_id": message}}

    def get_parent(self):
        return self.parent


@pytest.fixture
def shell(monkeypatch):
    shell = Shell()
    monkeypatch.setattr(lifetime, "get_ipython", lambda: shell)
    monkeypatch.setattr(lifetime, "_runs", {})
    return shell


@pytest.fixture
def closed(monkeypatch):
    closed = []
    monkeypatch.setattr(ipywidgets.Widget, "close", lambda self: closed.append(self))
    return closed


def made(*also):
    box = ipywidgets.Box()
    lifetime.close_with_its_cell(box, *also)
    return box


def test_a_run_closes_what_the_last_run_of_its_cell_made(shell, closed):
    shell.run("a", "1")
    also = ipywidgets.IntText()
    first, second = made(also), made()
    assert closed == [], "two of one run live side by side"
    shell.run("a", "2")
    third = made()
    assert set(closed) == {first, first.layout, also, second, second.layout}
    shell.run("b", "3")
    made()
    assert third not in closed, "another cell"


def test_what_is_seen_stays_until_it_is_not(shell, closed):
    shell.run("a", "1")
    first = made()
    first._view_count = 2
    shell.run("a", "2")
    made()
    first._view_count = 1
    assert closed == []
    first._view_count = 0
    assert first in closed


def test_what_was_not_superseded_is_kept_without_a_view(shell, closed):
    shell.run("a", "1")
    first = made()
    first._view_count = 1
    first._view_count = 0
    assert closed == []


def test_nothing_is_kept_alive(shell):
    shell.run("a", "1")
    box = ipywidgets.Box()
    lifetime.close_with_its_cell(box)
    seen = lifetime._runs["a"][1][0]
    box.close()
    del box
    gc.collect()
    assert seen() is None
    shell.run("a", "2")
    made()


@pytest.mark.parametrize("shell", [None, object(), type("Shell", (), {"get_parent": lambda self: {}})()])
def test_without_a_cell_nothing_is_counted(monkeypatch, shell):
    monkeypatch.setattr(lifetime, "get_ipython", lambda: shell)
    assert made()._view_count is None
