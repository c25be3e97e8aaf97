"""Runs a notebook or a deck for the site, in a fresh kernel."""

import os
import pathlib

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

from tools.patience import patience


class Fault(Exception):
    """Why there is no new site, in one sentence."""


async def execute(notebook: nbformat.NotebookNode, path: pathlib.Path, **environment: str) -> nbformat.NotebookNode:
    """The notebook, read from `path`, after a run; raises Fault if a cell does."""
    client = NotebookClient(
        notebook,
        timeout=patience(),
        startup_timeout=patience(),
        kernel_name="python3",
        store_widget_state=True,
        coalesce_streams=True,
        extra_arguments=["--IPKernelApp.log_level=40"],
        resources={"metadata": {"path": str(path.parent)}},
    )
    try:
        return await client.async_execute(env={**os.environ, **environment})
    except CellExecutionError as error:
        raise Fault(f"a cell of {path.name} raises {error.ename}: {error.evalue}") from None
