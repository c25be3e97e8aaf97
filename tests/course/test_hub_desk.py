"""On a hub JupyterLab opens ready to read, too: the first notebook, its files closed, no news, the system's theme."""

from tests.course.test_hub import come_in, hub, room  # noqa: F401 - the hub is that of the other file, started again


def test_a_student_comes_in_for_the_first_time(browser, hub):  # noqa: F811
    page = come_in(browser, hub, "emmy")
    page.wait_for_url(f"{hub}/user/emmy/lab**", timeout=180_000)  # a server starts
    page.wait_for_function("window.jupyterapp?.shell.currentWidget?.context?.isReady", timeout=180_000)
    page.evaluate("window.jupyterapp.restored")
    assert page.url.endswith("/lab/tree/00_start_here.ipynb")
    assert not page.locator("#filebrowser").is_visible()
    page.emulate_media(color_scheme="dark")
    page.wait_for_function("document.body.dataset.jpThemeName === 'JupyterLab Dark'")
    assert page.locator(".Toastify__toast, .jp-Dialog").count() == 0
    assert page.locator("#jp-main-statusbar").get_by_text("0", exact=True).count() >= 1  # no notification waits
    page.context.close()
