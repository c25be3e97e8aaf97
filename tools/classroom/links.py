"""The links that a teacher gives to a class: `python -m tools.classroom.links REPOSITORY [--hub ADDRESS]`.

REPOSITORY is where the course lies on GitHub, such as `someone/bpcourse`, or the address of any git server. One line a
notebook: on the hub, a link that first brings the notebooks of that repository into the student's folder, and for a
repository on GitHub a Binder link. docs/classroom.md says what each needs.
"""

import argparse
import pathlib
import sys
from urllib.parse import quote, urlencode

ROOT = pathlib.Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted(path.name for path in (ROOT / "notebooks").glob("*.ipynb"))


def pull_link(hub: str, repository: str, notebook: str, branch: str = "main") -> str:
    """On a hub with nbgitpuller: brings the repository, then opens the notebook. What a student has edited stays."""
    folder = repository.rstrip("/").split("/")[-1]
    asked = {"repo": repository, "branch": branch, "urlpath": f"lab/tree/{folder}/notebooks/{notebook}"}
    return f"{hub.rstrip('/')}/hub/user-redirect/git-pull?{urlencode(asked)}"


def binder_link(repository: str, notebook: str, branch: str = "main") -> str:
    """On mybinder.org, for a public repository `owner/name` on GitHub."""
    return f"https://mybinder.org/v2/gh/{repository}/{quote(branch)}?{urlencode({'labpath': f'notebooks/{notebook}'})}"


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m tools.classroom.links", description="Links for a class.")
    parser.add_argument("repository", help="someone/bpcourse on GitHub, or the whole address of a git repository")
    parser.add_argument("--hub", help="the address of a JupyterHub, such as https://hub.example.org")
    parser.add_argument("--branch", default="main")
    asked = parser.parse_args(arguments)
    on_github = asked.repository.count("/") == 1
    address = f"https://github.com/{asked.repository}" if on_github else asked.repository
    for notebook in NOTEBOOKS:
        print(notebook)
        if asked.hub:
            print(" ", pull_link(asked.hub, address, notebook, asked.branch))
        if on_github:
            print(" ", binder_link(asked.repository, notebook, asked.branch))


if __name__ == "__main__":
    main(sys.argv[1:])
