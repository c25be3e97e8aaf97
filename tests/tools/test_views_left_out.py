"""tools/reopened.py: which live views a notebook is opened without, and that nothing else of it changes."""

import asyncio
import copy
import types

import nbformat
import pytest
from jupyter_server.services.contents.largefilemanager import AsyncLargeFileManager, LargeFileManager
from nbformat.sign import MemorySignatureStore, NotebookNotary

from tools import reopened
from tools.reopened import STATE, VIEW, Opened

PATH = "a folder/03.ipynb"


def output(model, **shown):
    """The output of a widget, with its view and what is shown where that is not alive."""
    data = {VIEW: {"model_id": model, "version_major": 2, "version_minor": 0}, "text/plain": "numbers", **shown}
    metadata = {mime: {"alt": "numbers"} for mime in data if mime == "image/png"} | {VIEW: {}}
    return nbformat.v4.new_output("display_data", data, metadata=metadata)


WITH_PNG = {"image/png": "iVBORw0KGgo="}
PLAIN = nbformat.v4.new_output("stream", text="3\n")


def notebook(*outputs, **metadata):
    cells = [nbformat.v4.new_code_cell("x", outputs=[out]) for out in outputs]
    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("Text"), *cells], metadata=metadata)


class Kernel:
    """A kernel with these widget models; with None it does not answer."""

    def __init__(self, models):
        self.models, self.asked = models, 0
        self.session = types.SimpleNamespace(msg=lambda kind, content: {"msg_type": kind, "content": content})
        self.control_channel = types.SimpleNamespace(send=self.send)

    def client(self):
        return self

    def start_channels(self, **_):
        self.asked += 1

    def send(self, message):
        assert message == {"msg_type": "comm_info_request", "content": {"target_name": "jupyter.widget"}}

    async def get_control_msg(self, timeout):
        if self.models is None:
            await asyncio.sleep(0)
            raise TimeoutError
        return {"content": {"comms": {model: {"target_name": "jupyter.widget"} for model in self.models}}}

    def stop_channels(self):
        self.asked -= 1


@pytest.fixture(params=[AsyncLargeFileManager, LargeFileManager], ids=["async", "sync"])
def server(request, tmp_path, aside):
    """A server on a folder: `.kernels` are those of its sessions, by path."""
    server = types.SimpleNamespace(kernels={}, wait_for=lambda coroutine: aside(asyncio.run, coroutine))
    server.log = types.SimpleNamespace(warning=lambda *_: None)
    notary = NotebookNotary(store_factory=MemorySignatureStore, secret=b"secret")
    server.contents_manager = request.param(root_dir=str(tmp_path), notary=notary)
    server.web_app = types.SimpleNamespace(settings={"contents_manager": server.contents_manager})

    async def list_sessions():
        return [{"path": path, "kernel": {"id": path}} for path in server.kernels]

    server.session_manager = types.SimpleNamespace(list_sessions=list_sessions)
    server.kernel_manager = types.SimpleNamespace(get_kernel=lambda kernel: server.kernels[kernel])
    reopened._load_jupyter_server_extension(server)
    server.file = tmp_path / PATH
    server.file.parent.mkdir()
    return server


def opened(server, saved, path=PATH, **options):
    """What a page gets of a notebook that is saved; the file is the same afterwards."""
    nbformat.write(saved, server.file)
    before = server.file.read_bytes(), server.file.stat().st_mtime_ns
    manager = server.web_app.settings["contents_manager"]
    assert isinstance(manager, Opened)
    model = server.wait_for(manager.get(path, **options))
    assert (server.file.read_bytes(), server.file.stat().st_mtime_ns) == before
    return model


def outputs(model):
    return [out for cell in model["content"]["cells"] for out in cell.get("outputs", [])]


def without_view(out):
    out = copy.deepcopy(out)
    del out["data"][VIEW], out["metadata"][VIEW]
    return out


DEAD = output("a", **WITH_PNG)
ALONE = [output("a"), output("b", **{"application/json": {}})]  # nothing stands beside them
STATED = {STATE: {"state": {"a": {"model_name": "IntSliderModel"}}, "version_major": 2, "version_minor": 0}}


@pytest.mark.parametrize(
    ("saved", "kernels", "gone"),
    [
        (notebook(DEAD, PLAIN, output("", **WITH_PNG)), {"another.ipynb": Kernel({"a"})}, [0, 2]),
        *((notebook(output("a", **{mime: "shown"})), {}, [0]) for mime in sorted(reopened.INSTEAD)),
        (notebook(*ALONE), {}, []),
        (notebook(DEAD, output("b", **WITH_PNG), widgets=STATED), {}, [1]),  # the notebook keeps the state of a
        (notebook(DEAD, output("b", **WITH_PNG)), {PATH: Kernel({"a", "c"})}, [1]),
        (notebook(DEAD), {PATH: Kernel(set())}, [0]),  # restarted
        (notebook(DEAD), {PATH: Kernel(None)}, []),  # it does not answer
    ],
)
def test_a_view_is_left_out_if_nothing_is_behind_it_and_something_stands_beside_it(server, saved, kernels, gone):
    server.kernels.update(kernels)
    before = outputs({"content": saved})
    shown = outputs(opened(server, saved, f"/{PATH}"))
    assert shown == [without_view(out) if n in gone else out for n, out in enumerate(before)]
    assert [kernel.asked for kernel in kernels.values()] == [0] * len(kernels)  # its channels are closed again


def test_nobody_is_asked_about_a_notebook_without_widgets(server):
    server.kernels[PATH] = Kernel(None)
    server.kernels[PATH].start_channels = None
    picture = nbformat.v4.new_output("display_data", WITH_PNG)
    assert outputs(opened(server, notebook(PLAIN, picture))) == [PLAIN, picture]


def test_trust_is_kept_and_can_be_given(server):
    content = notebook(output("a", **WITH_PNG))
    assert not opened(server, content)["content"]["cells"][1]["metadata"]["trusted"]
    manager = server.web_app.settings["contents_manager"]
    trusting = manager.trust_notebook(PATH)  # which signs the file, not what is shown of it
    if asyncio.iscoroutine(trusting):
        server.wait_for(trusting)
    model = opened(server, content)
    assert model["content"]["cells"][1]["metadata"]["trusted"]
    assert VIEW not in outputs(model)[0]["data"]


def test_everything_else_is_as_before(server):
    content = notebook(output("a", **WITH_PNG))
    assert opened(server, content, content=False)["content"] is None
    assert opened(server, content, type="file")["content"] == server.file.read_text(encoding="utf-8")  # a download
    folder = opened(server, content, "a folder", type="directory")
    assert [entry["path"] for entry in folder["content"]] == [PATH]
    assert server.web_app.settings["contents_manager"].root_dir == server.contents_manager.root_dir
