"""tools/lab.py: whose edits stay, what follows the course, and that the JupyterLab it opens is the learner's alone."""

import contextlib
import functools
import http.client
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import psutil
import pytest
import websocket

from tools.lab import COPIED, copy_notebooks

PROJECT = Path(__file__).parent.parent


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
NO_NOTEBOOKS = [b"", b"{", b"[]", b'{"cells": [1]}', b'{"cells": [{"cell_type": "raw"}]}', b"\xff"]


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


# The learner's own Jupyter configuration: the course's is read on top of it. It tells of each kernel message
# whether the socket on which it came has Nagle's algorithm turned off, as the operating system sees it.
WITNESS = """
import socket
from jupyter_server.services.kernels.websocket import KernelWebsocketHandler

def on_message(self, message, on_message=KernelWebsocketHandler.on_message):
    nodelay = self.ws_connection.stream.socket.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
    self.log.warning("TCP_NODELAY is %s", bool(nodelay))
    on_message(self, message)

KernelWebsocketHandler.on_message = on_message
"""


@pytest.fixture
def project(tmp_path):
    """A copy of what tools/lab.py needs of the project."""
    for name in "tools", "notebooks":
        shutil.copytree(PROJECT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__", ".ipynb_*"))
    return tmp_path


class Lab(contextlib.AbstractContextManager):
    """`python tools/lab.py` in a copy of the project, with a home of its own."""

    def __init__(self, project, stdin=subprocess.DEVNULL):
        home = project / "home"
        places = {f"JUPYTER_{name}_DIR": str(home / name) for name in ("CONFIG", "DATA", "RUNTIME")}
        places |= {"HOME": str(home), "IPYTHONDIR": str(home / "ipython")}
        (home / "CONFIG").mkdir(parents=True)
        (home / "CONFIG" / "jupyter_server_config.py").write_text(WITNESS)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        command = [sys.executable, "tools/lab.py", "--no-browser", f"--ServerApp.port={self.port}"]
        self.log = project / "log"
        with self.log.open("w") as log:
            streams = {"stdin": stdin, "stdout": log, "stderr": log, "start_new_session": True}
            self.process = psutil.Popen(command, cwd=project, env={**os.environ, **places}, **streams)

    def __exit__(self, *_):
        """Ends the server, which ends its kernels, and with it lab.py; what is left after that is killed."""
        family = self.family()
        for process in {process for address, process in self.listening().items() if address.port == self.port}:
            process.terminate()
        for process in psutil.wait_procs(family, timeout=10)[1]:
            process.kill()
            process.wait()

    def wait_for(self, found):
        """What `found` returns, as soon as that is something."""
        deadline, ended = time.monotonic() + 30, False
        while time.monotonic() < deadline and not ended:
            ended = self.process.poll() is not None
            if something := found():
                return something
            time.sleep(0.05)
        raise AssertionError(f"waited in vain; the log:\n{self.log.read_text(errors='replace')}")

    def says(self, pattern):
        """The first text in the log that matches."""
        return self.wait_for(lambda: re.search(pattern, self.log.read_text(errors="replace"), re.DOTALL))[0]

    @functools.cached_property
    def url(self):
        url = urlsplit(self.says(r"http://\S+token=\w+"))
        self.wait_for(lambda: self.port in {at.port for at in self.listening()})  # it is logged a moment early
        return url

    @property
    def token(self):
        return parse_qs(self.url.query)["token"][0]

    def family(self):
        """lab.py, JupyterLab and its kernels."""
        return [self.process, *self.process.children(recursive=True)] if self.process.poll() is None else []

    def listening(self):
        """{address: process} of every port that is listened on."""
        found = {}
        for process in self.family():
            with contextlib.suppress(psutil.NoSuchProcess):
                connections = process.net_connections(kind="inet")
                found |= {at.laddr: process for at in connections if at.status == psutil.CONN_LISTEN}
        return found

    def ask(self, path, method="GET", token=None):
        """The status and what came with it."""
        with contextlib.closing(http.client.HTTPConnection(self.url.hostname, self.port, timeout=10)) as server:
            server.request(method, path, headers={"Authorization": f"token {token}"} if token else {})
            answer = server.getresponse()
            return answer.status, json.loads(answer.read() or "null")

    def kernel(self):
        """The address of a new kernel's websocket, without the token."""
        _, kernel = self.ask("/api/kernels", "POST", self.token)
        return f"ws://{self.url.netloc}/api/kernels/{kernel['id']}/channels?session_id=s"

    def witness(self, address):
        """Sends the kernel a message and waits for its answer; what the witness saw meanwhile."""
        with contextlib.closing(websocket.create_connection(f"{address}&token={self.token}", timeout=10)) as channels:
            header = {"msg_id": "1", "msg_type": "kernel_info_request", "session": "s", "version": "5.3"}
            parts = {"parent_header": {}, "metadata": {}, "content": {}, "channel": "shell"}
            channels.send(json.dumps({"header": header, **parts}))
            while json.loads(channels.recv())["msg_type"] != "kernel_info_reply":
                pass
        return self.says(r"TCP_NODELAY is \w+")


def test_the_lab_is_the_learners_alone_and_prompt(project):
    notebooks = sorted(path.name for path in (project / "notebooks").glob("*.ipynb"))
    with Lab(project) as lab:
        assert lab.url.path == f"/lab/tree/{notebooks[0]}"  # the first time, the first notebook
        for path in "/api/kernels", "/api/contents":
            assert lab.ask(path)[0] == 403
            assert lab.ask(path, token="wrong")[0] == 403
        assert lab.ask("/api/kernels", "POST")[0] == 403
        assert lab.ask("/api/kernels", token=lab.token) == (200, [])
        (project / "my" / "zzz").touch()  # the folder that is shown is the copies'
        _, root = lab.ask("/api/contents", token=lab.token)
        assert sorted(entry["name"] for entry in root["content"]) == [*notebooks, "zzz"]
        address = lab.kernel()
        with pytest.raises(websocket.WebSocketBadStatusException, match="403"):
            websocket.create_connection(address, timeout=10)
        assert lab.witness(address) == "TCP_NODELAY is True"
        assert {at.ip for at in lab.listening()} <= {"127.0.0.1", "::1"}


def test_without_the_courses_configuration_small_messages_wait(project):
    (project / "tools" / "jupyter_server_config.py").unlink()
    with Lab(project) as lab:
        assert lab.witness(lab.kernel()) == "TCP_NODELAY is False"


@pytest.mark.skipif(os.name == "nt", reason="on Windows JupyterLab stops without a question")
def test_ctrl_c_is_a_question(project):
    ours, theirs = os.openpty()
    try:
        with Lab(project, stdin=theirs) as lab:
            assert lab.ask("/api")[0] == 200
            os.killpg(lab.process.pid, signal.SIGINT)
            lab.says("Shut down this Jupyter server")
            time.sleep(0.5)  # long enough for a lab.py that would itself end at Ctrl-C
            os.write(ours, b"n\n")
            lab.says("resuming operation")
            assert lab.ask("/api/kernels", token=lab.token) == (200, [])
            os.killpg(lab.process.pid, signal.SIGINT)
            lab.says("resuming operation.*Shut down this Jupyter server")
            os.write(ours, b"y\n")
            assert lab.process.wait(timeout=10) == 0
    finally:
        for end in ours, theirs:
            os.close(end)


@pytest.mark.skipif(os.name == "nt", reason="on Windows there is no such request")
def test_a_request_to_end_ends_all_of_it(project):
    with Lab(project) as lab:
        lab.kernel()
        family = lab.family()
        assert len(family) >= 3  # lab.py, JupyterLab, a kernel
        lab.process.terminate()
        assert psutil.wait_procs(family, timeout=10)[1] == []
