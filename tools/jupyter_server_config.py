"""Read by `tools/lab.py`, the hub, an image and the tests, on top of the reader's own Jupyter configuration."""

import os
import pathlib
import sys

from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection


class PromptConnection(ZMQChannelsWebsocketConnection):
    """The kernel websocket without Nagle's algorithm, which holds small messages back for 40 ms, a slider's worth."""

    def connect(self):
        self.websocket_handler.set_nodelay(True)
        return super().connect()


c = get_config()  # noqa: F821 - Jupyter provides it
c.ServerApp.kernel_websocket_connection_class = PromptConnection
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
c.ServerApp.jpserver_extensions = {
    "nbgitpuller": "JUPYTERHUB_USER" in os.environ,  # a link brings files to a hub's server, not onto a laptop
    "tools.reopened": True,
}
c.LabApp.news_url = None  # a course asks nothing of another machine
c.LabApp.check_for_updates_class = "jupyterlab.NeverCheckForUpdate"
