"""When a cell is run again, what its last run had put on the page is closed as soon as nothing shows it.

ipywidgets keeps every widget and its connection until the kernel ends. A learner who runs a cell twenty times would
have twenty live networks in kernel and browser, of which one can be seen.
"""

import weakref

import ipywidgets
from IPython import get_ipython

_runs: dict[str, tuple[str, list[weakref.ref]]] = {}  # of each cell: its last run, and what that run made


def close_with_its_cell(widget: ipywidgets.DOMWidget, *also: ipywidgets.Widget) -> None:
    """Closes a widget, its layout and what is given `also`, once its cell has been run again and no view is left.

    Where it is not known which cell is running (plain Python, nbclient, Voila), nothing is ever closed.
    """
    parent: dict = getattr(get_ipython(), "get_parent", dict)() or {}
    cell, run = parent.get("metadata", {}).get("cellId"), parent.get("header", {}).get("msg_id")
    if not cell:
        return
    widget._view_count = 0  # from None, which does not count
    widget._close_also = also
    last, made = _runs.get(cell, (run, []))
    if last != run:
        for old in filter(None, (reference() for reference in made)):
            _close_if_unseen(old)
            old.observe(lambda change: _close_if_unseen(change.owner), "_view_count")
        made = []
    _runs[cell] = (run, [*made, weakref.ref(widget)])


def _close_if_unseen(widget: ipywidgets.DOMWidget) -> None:
    if widget._view_count == 0:
        for part in (widget, widget.layout, *widget._close_also):
            part.close()
