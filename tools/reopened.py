"""What a saved notebook shows when it is opened again: still pictures, or the live ones if their kernel runs.

The output of a widget holds a live view and a PNG. JupyterLab prefers the view, also if its kernel is gone, and then
says "model not found". So this extension of the server leaves a view out, while a notebook is opened, if no kernel of
that notebook has its model any more and the same output holds another picture or text to show. The file stays as it
is, and so do all views that have nothing beside them or whose state the notebook itself keeps.
"""

from jupyter_core.utils import ensure_async

VIEW = "application/vnd.jupyter.widget-view+json"
STATE = "application/vnd.jupyter.widget-state+json"
INSTEAD = {"image/png", "image/jpeg", "image/gif", "image/svg+xml", "text/html", "text/latex", "text/markdown"}
PATIENCE = 10  # seconds for a kernel that is just starting; one that computes answers at once, in another thread


def replaceable(notebook: dict) -> list[dict]:
    """The outputs of a notebook that have something to show in place of their live view."""
    kept = notebook["metadata"].get("widgets", {}).get(STATE, {}).get("state", {})
    outputs = [output for cell in notebook["cells"] for output in cell.get("outputs", [])]
    seen = [output for output in outputs if VIEW in output.get("data", {}) and INSTEAD & output["data"].keys()]
    return [output for output in seen if output["data"][VIEW].get("model_id") not in kept]


class Opened:
    """The server's contents manager, whichever it is, as the pages ask it; what it asks itself is not touched."""

    def __init__(self, app):
        self._app, self._manager = app, app.contents_manager

    def __getattr__(self, name):
        return getattr(self._manager, name)

    async def get(self, path, content=True, *options, **more):
        """A file or folder; a notebook without the views that nothing is behind any more."""
        model = await ensure_async(self._manager.get(path, content, *options, **more))
        if model["type"] == "notebook" and content and (outputs := replaceable(model["content"])):
            living = await living_models(self._app, model["path"])
            for output in outputs if living is not None else ():
                if output["data"][VIEW].get("model_id") not in living:
                    del output["data"][VIEW]
                    output.get("metadata", {}).pop(VIEW, None)
        return model


async def living_models(app, path: str) -> set[str] | None:
    """The ids of all widget models in the kernels of a notebook; None if one of them does not say."""
    sessions = await app.session_manager.list_sessions()
    kernels = {session["kernel"]["id"] for session in sessions if session["path"] == path}
    found = set()
    for kernel in kernels:
        client = app.kernel_manager.get_kernel(kernel).client()
        client.start_channels(shell=False, iopub=False, stdin=False, hb=False, control=True)
        try:
            client.control_channel.send(client.session.msg("comm_info_request", {"target_name": "jupyter.widget"}))
            reply = await client.get_control_msg(timeout=PATIENCE)
            found |= reply["content"]["comms"].keys()
        except Exception as error:  # a kernel of another kind: the page shows what it always did
            app.log.warning("the kernel of %s does not tell its widgets: %r", path, error)
            return None
        finally:
            client.stop_channels()
    return found


def _jupyter_server_extension_points():
    return [{"module": __name__}]


def _load_jupyter_server_extension(app):
    app.web_app.settings["contents_manager"] = Opened(app)
