"""Read by `tools/lab.py` and the browser tests, on top of the reader's own Jupyter configuration."""

from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection


class PromptConnection(ZMQChannelsWebsocketConnection):
    """The kernel websocket without Nagle's algorithm, which holds small messages back for 40 ms, a slider's worth."""

    def connect(self):
        self.websocket_handler.set_nodelay(True)
        return super().connect()


c = get_config()  # noqa: F821 - Jupyter provides it
c.ServerApp.kernel_websocket_connection_class = PromptConnection
c.ServerApp.jpserver_extensions = {"nbgitpuller": False}  # a link brings files to a hub's server, not onto a laptop
c.LabApp.news_url = None  # a course asks nothing of another machine
c.LabApp.check_for_updates_class = "jupyterlab.NeverCheckForUpdate"
