"""*Run all* of each notebook in JupyterLab: seconds until the last cell is done, one run each."""

import pathlib
import shutil
import tempfile
import time

from playwright.sync_api import sync_playwright

from tools.browser import jupyterlab, launch, open_notebook, run_all

NOTEBOOKS = sorted((pathlib.Path(__file__).parents[1] / "notebooks").glob("*.ipynb"))
SHUT_DOWN = "window.jupyterapp.shell.currentWidget.context.sessionContext.shutdown()"


def notebooks() -> list[str]:
    """A row for each notebook, and one for all."""
    seconds = {}
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        for path in NOTEBOOKS:
            shutil.copy(path, folder)
        browser = launch(playwright)
        with jupyterlab(pathlib.Path(folder)) as address:
            for path in NOTEBOOKS:
                page = browser.new_page(viewport={"width": 1280, "height": 1000})
                open_notebook(page, address, path.name)
                start = time.perf_counter()
                run_all(page)
                seconds[path.stem] = time.perf_counter() - start
                page.evaluate(SHUT_DOWN)
                page.close()
        browser.close()
    rows = [f"run all of {name} in JupyterLab: {taken:.1f} s" for name, taken in seconds.items()]
    return [*rows, f"run all of all notebooks: {sum(seconds.values()):.1f} s"]


if __name__ == "__main__":
    for row in notebooks():
        print(row)
