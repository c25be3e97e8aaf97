"""tools/lab.py: the JupyterLab that it opens is the learner's alone, is prompt, and ends when it is asked to."""

import contextlib
import functools
import http.client
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from urllib.parse import parse_qs, urlsplit

import psutil
import pytest
import websocket

from tests.places import ROOT
from tools.browser import free_ports, wait_for
from tools.patience import patience

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


def copy_project(folder):
    """Copies what tools/lab.py needs of the project."""
    left_out = shutil.ignore_patterns("node_modules", "__pycache__", ".ipynb_*")
    for name in "tools", "notebooks":
        shutil.copytree(ROOT / name, folder / name, ignore=left_out)


@pytest.fixture
def project(tmp_path):
    copy_project(tmp_path)
    return tmp_path


class Lab(contextlib.AbstractContextManager):
    """`python tools/lab.py` in a copy of the project, with a home of its own."""

    def __init__(self, project, stdin=subprocess.DEVNULL):
        home = project / "home"
        places = {f"JUPYTER_{name}_DIR": str(home / name) for name in ("CONFIG", "DATA", "RUNTIME")}
        places |= {"HOME": str(home), "IPYTHONDIR": str(home / "ipython")}
        (home / "CONFIG").mkdir(parents=True)
        (home / "CONFIG" / "jupyter_server_config.py").write_text(WITNESS)
        (self.port,) = free_ports(1)
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
        for process in psutil.wait_procs(family, timeout=patience())[1]:
            process.kill()
            process.wait()

    def wait_for(self, found):
        """What `found` returns, as soon as that is something."""
        return wait_for(found, self.process, self.log)

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
        with contextlib.closing(http.client.HTTPConnection(self.url.hostname, self.port, timeout=patience())) as server:
            server.request(method, path, headers={"Authorization": f"token {token}"} if token else {})
            answer = server.getresponse()
            return answer.status, json.loads(answer.read() or "null")

    def kernel(self):
        """The address of a new kernel's websocket, without the token."""
        _, kernel = self.ask("/api/kernels", "POST", self.token)
        return f"ws://{self.url.netloc}/api/kernels/{kernel['id']}/channels?session_id=s"

    def witness(self, address):
        """Sends the kernel a message and waits for its answer; what the witness saw meanwhile."""
        with contextlib.closing(
            websocket.create_connection(f"{address}&token={self.token}", timeout=patience())
        ) as channels:
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
            websocket.create_connection(address, timeout=patience())
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
            assert lab.process.wait(timeout=patience()) == 0
    finally:
        for end in ours, theirs:
            os.close(end)


@pytest.mark.skipif(os.name == "nt", reason="on Windows there is no such request")
@pytest.mark.parametrize("request_", ["SIGTERM", "SIGHUP"])  # the second when a terminal is closed
def test_a_request_to_end_ends_all_of_it(project, request_):
    with Lab(project) as lab:
        lab.kernel()
        family = lab.family()
        assert len(family) >= 3  # lab.py, JupyterLab, a kernel
        lab.process.send_signal(getattr(signal, request_))
        assert psutil.wait_procs(family, timeout=patience())[1] == []


def opens(project, **environment):
    """The exit code of tools/lab.py where it cannot open the course, and what it says."""
    command, here = [sys.executable, "tools/lab.py", "--no-browser"], {"HOME": str(project / "home"), **environment}
    heard = {"capture_output": True, "text": True, "timeout": patience()}
    run = subprocess.run(command, cwd=project, env={**os.environ, **here}, **heard)
    return run.returncode, run.stdout + run.stderr


def test_a_file_in_the_place_of_my_is_one_sentence(project):
    (project / "my").write_text("mine")
    code, said = opens(project)
    assert code != 0
    assert re.fullmatch(r"The course is not opened: \S+/my is a file, and your copies .*: move it away\.\n", said)
    assert (project / "my").read_text() == "mine"


@pytest.mark.parametrize("place", ["JUPYTER_RUNTIME_DIR", "JUPYTER_CONFIG_DIR"])
def test_a_home_that_cannot_be_written_to_is_one_sentence(project, place):
    (project / "file").touch()
    code, said = opens(project, **{place: str(project / "file" / "below")})  # where root cannot write either
    assert code != 0
    assert re.fullmatch(r"The course is not opened: Jupyter's own folder \S+/below cannot be written to .*\n", said)
    assert not (project / "my").exists()  # nothing was begun
