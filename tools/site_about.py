"""What the foot of every page says of the course: its version, the day it was changed, and how to cite it."""

import datetime
import os
import pathlib
import re
import subprocess
import tomllib

ROOT = pathlib.Path(__file__).resolve().parents[1]


def version() -> str:
    """The version in `pyproject.toml`."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]


def day() -> datetime.date:
    """The day of the last commit, or of SOURCE_DATE_EPOCH, so that one state of the course gives one site.

    Where the course came without its history, it is the day on which `pyproject.toml` was written.
    """
    seconds = os.environ.get("SOURCE_DATE_EPOCH")
    if not seconds:
        asked = ["git", "-C", str(ROOT), "log", "-1", "--format=%ct"]
        try:
            seconds = subprocess.run(asked, capture_output=True, text=True, check=True).stdout.strip()
        except (OSError, subprocess.CalledProcessError):
            seconds = ""
    moment = float(seconds or (ROOT / "pyproject.toml").stat().st_mtime)
    return datetime.datetime.fromtimestamp(moment, datetime.UTC).date()


def about() -> dict[str, str]:
    """Version, date and citation, as text."""
    told = dict(re.findall(r'^ *(?:- )?(title|name): "?(.*?)"?$', (ROOT / "CITATION.cff").read_text("utf-8"), re.M))
    on = day()
    written = f"{on.day} {on:%B %Y}"
    cite = f"{told['name']} ({on.year}). {told['title']}. Version {version()}."
    return {"version": version(), "day": on.isoformat(), "written": written, "author": told["name"], "cite": cite}
