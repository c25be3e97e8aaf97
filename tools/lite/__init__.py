"""The course with a Python of its own, for any browser: JupyterLite in `site/lite/`, written by `make lite`.

`parts` takes what is not ours, and only if its hash is the pinned one; `packages` makes of it and of bpcourse what the
browser's Python loads; `__main__` builds the site; `door/` is the page that opens it. `pyodide-lock.json` pins Pyodide,
`requirements-lite.lock` in the root everything else.
"""
