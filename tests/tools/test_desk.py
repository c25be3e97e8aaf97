"""How JupyterLab opens on a hub and in an image: the same defaults as with `make lab`, from the same files."""

import json
import os
import shutil
import subprocess
import sys

import pytest
from traitlets.config import Config

from tools.lab import LAYOUT, ROOT, desk_environment, workspaces

SETTINGS = """
import json
from jupyter_core.paths import jupyter_config_path
from jupyterlab_server.settings_utils import _get_overrides
print(json.dumps([_get_overrides("nowhere")[0], jupyter_config_path()]))
"""


def defaults(environment, before=()):
    """What JupyterLab takes for its settings' defaults, and where the server looks for configuration."""
    run = [*before, sys.executable, "-c", SETTINGS]
    return json.loads(subprocess.run(run, env=environment, capture_output=True, check=True).stdout)


def ready_to_read(settings):
    news = settings["@jupyterlab/apputils-extension:notification"]
    theme = settings["@jupyterlab/apputils-extension:themes"]
    return news == {"fetchNews": "false", "checkForUpdates": False} and theme == {"adaptive-theme": True}


@pytest.fixture
def home(tmp_path, monkeypatch):
    for name in "JUPYTER_CONFIG_DIR", "JUPYTER_CONFIG_PATH", "JUPYTERLAB_SETTINGS_DIR", "JUPYTERLAB_WORKSPACES_DIR":
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path


def test_make_lab(home):
    settings, places = defaults(desk_environment())
    assert ready_to_read(settings)
    assert str(ROOT / "tools") in places


def test_a_theme_that_was_chosen_stays(home):
    chosen = home / ".jupyter/lab/user-settings/@jupyterlab/apputils-extension/themes.jupyterlab-settings"
    chosen.parent.mkdir(parents=True)
    chosen.write_text('{"theme": "JupyterLab Light"}')
    assert "@jupyterlab/apputils-extension:themes" not in defaults(desk_environment())[0]
    chosen.write_text('{"adaptive-theme": false}')  # which wins by itself
    assert ready_to_read(defaults(desk_environment())[0])


def test_a_first_layout_is_laid_down_once(home):
    place = workspaces(home)
    assert (place / LAYOUT.name).read_bytes() == LAYOUT.read_bytes()
    (place / LAYOUT.name).write_text("the learner's")
    assert workspaces(home) == place
    assert (place / LAYOUT.name).read_text() == "the learner's"


def test_a_hub(home, monkeypatch):
    monkeypatch.setenv("BPCOURSE_ROOM", str(home / "room"))
    monkeypatch.setattr(sys, "path", [*sys.path])  # to which the configuration adds
    configuration, c = ROOT / "tools/classroom/jupyterhub_config.py", Config()
    names = {"get_config": lambda: c, "__file__": str(configuration)}
    exec(compile(configuration.read_text(encoding="utf-8"), configuration, "exec"), names)
    environment = c.Spawner.environment
    settings, places = defaults({**os.environ, "JUPYTER_CONFIG_PATH": environment["JUPYTER_CONFIG_PATH"]})
    assert ready_to_read(settings)
    assert str(ROOT / "tools") in places
    (home / "room/students/ada").mkdir()

    class Spawner:
        class user:
            name, id = "ada", 1

    c.Spawner.pre_spawn_hook(Spawner)
    place = home / "room/students/ada/.workspaces"
    assert environment["JUPYTERLAB_WORKSPACES_DIR"](Spawner) == str(place)
    assert (place / LAYOUT.name).exists()


@pytest.mark.skipif(shutil.which("bash") is None, reason="an image has bash")
def test_an_image(home):
    """repo2docker runs `start` with the server's command, and tells in REPO_DIR where the course lies."""
    (home / "repo").symlink_to(ROOT)
    environment = {**os.environ, "REPO_DIR": str(home / "repo"), "JUPYTER_CONFIG_PATH": "/theirs"}
    settings, places = defaults(environment, [ROOT / "start"])
    assert ready_to_read(settings)
    assert places[:2] == [str(home / "repo/tools"), "/theirs"]
    assert (home / ".bpcourse/workspaces" / LAYOUT.name).exists()
    (home / ".bpcourse/workspaces" / LAYOUT.name).write_text("the learner's")
    defaults(environment, [ROOT / "start"])
    assert (home / ".bpcourse/workspaces" / LAYOUT.name).read_text() == "the learner's"
    assert (ROOT / "start").stat().st_mode & 0o111
