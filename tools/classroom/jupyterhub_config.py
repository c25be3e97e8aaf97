"""JupyterHub on one machine, for a small room of people who trust each other: `make hub`, see docs/classroom.md.

One password for all, new at each start unless BPCOURSE_HUB_PASSWORD sets it; one folder for each name that comes in,
with its own copies of the notebooks. All servers run as the account that starts the hub, so it listens on this machine
alone until a teacher opens it. Whatever it writes lies in `classroom/`, or where BPCOURSE_ROOM says.
"""

import os
import pathlib
import secrets
import socket
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tools.lab import DESK, copy_notebooks, jupyter_environment, workspaces  # noqa: E402

room = pathlib.Path(os.environ.get("BPCOURSE_ROOM", ROOT / "classroom")).resolve()
(room / "students").mkdir(parents=True, exist_ok=True)
proxy = ROOT / "tools" / "classroom" / "node_modules" / ".bin" / "configurable-http-proxy"


def prepare(spawner):
    """Fills a student's folder, and finds the server a port that no kernel takes while thirty of them start.

    JupyterHub would choose one of those that the system gives to anybody who asks; these lie below.
    """
    folder = room / "students" / spawner.user.name
    copy_notebooks(ROOT / "notebooks", folder)
    workspaces(folder)
    spawner.port = next(port for port in range(20_000 + spawner.user.id, 32_000, 1000) if is_free(port))


def is_free(port):
    with socket.socket() as door:
        return door.connect_ex(("127.0.0.1", port)) != 0


c = get_config()  # noqa: F821 - JupyterHub provides it

c.JupyterHub.bind_url = "http://127.0.0.1:8000"
c.JupyterHub.db_url = f"sqlite:///{room / 'hub.sqlite'}"
c.JupyterHub.cookie_secret_file = str(room / "cookie_secret")
c.JupyterHub.cleanup_servers = True  # Ctrl-C ends the students' servers too
c.ConfigurableHTTPProxy.command = [str(proxy)]
c.ConfigurableHTTPProxy.pid_file = str(room / "proxy.pid")

password = os.environ.get("BPCOURSE_HUB_PASSWORD") or secrets.token_hex(4)
c.JupyterHub.authenticator_class = "shared-password"
c.SharedPasswordAuthenticator.user_password = password
c.Authenticator.allow_all = True  # who has the password
c.Authenticator.username_pattern = r"[a-z][a-z0-9-]{0,30}$"  # a name is a folder

c.JupyterHub.spawner_class = "simple"
c.SimpleLocalProcessSpawner.home_dir_template = str(room / "students" / "{username}")
c.Spawner.cmd = [sys.executable, "-m", "jupyterhub.singleuser"]
c.Spawner.environment = {
    "JUPYTER_CONFIG_PATH": os.pathsep.join(
        [jupyter_environment()["JUPYTER_CONFIG_PATH"], str(DESK), str(DESK / "theme")]
    ),
    "JUPYTERLAB_WORKSPACES_DIR": lambda spawner: str(room / "students" / spawner.user.name / ".workspaces"),
}
c.Spawner.default_url = "/lab/tree/00_start_here.ipynb"
c.Spawner.start_timeout = c.Spawner.http_timeout = 300  # thirty at once on a small machine
c.Spawner.pre_spawn_hook = prepare
c.Spawner.args = [
    "--MappingKernelManager.cull_idle_timeout=7200",  # a kernel that was left for two hours gives its memory back
]
if os.geteuid() == 0:
    c.Spawner.args.append("--allow-root")  # in a container there is nobody else

print(f"Any name of a to z, 0 to 9 and - comes in with the password {password}", flush=True)
