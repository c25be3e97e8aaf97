"""What a teacher relies on: whose a key is, the speaker window, a kernel that dies, a locked door, a clean end."""

import os
import re
import urllib.error
import urllib.request

import psutil
import pytest

from tests.course.conftest import kernel_of, open_deck, open_page
from tests.places import ROOT
from tools.browser import SLIDES_READY, SlidesServer
from tools.patience import patience
from tools.slides import POLICY

NOTEBOOK = "03_bp2_hidden_error.ipynb"
INDEX = "Reveal.getIndices().h"


@pytest.fixture(scope="module")
def deck(browser, server):
    page = open_page(browser, server.address)
    open_deck(page, server, NOTEBOOK)
    yield page
    page.close()


@pytest.fixture
def page(browser, server):
    """A page of its own for a test that leaves its deck, or opens none."""
    page = open_page(browser, server.address)
    yield page
    page.close()


@pytest.fixture
def flow(deck):
    """The live network that has a slide for itself, with the focus in its picture."""
    flow = deck.locator(".live:not(:has(.widget-box)) .bpcourse-flow")
    n = flow.evaluate("node => Reveal.getSlides().indexOf(node.closest('section'))")
    deck.evaluate(f"Reveal.slide({n}, 0, 99)")
    flow.locator(".reset").click()
    flow.locator("#neuron-2-3").focus()
    flow.slide = n
    return flow


def test_keys_that_the_network_handles_do_not_turn_the_slide(deck, flow):
    step = int(flow.locator(".step").input_value())
    deck.keyboard.press("ArrowLeft")
    assert int(flow.locator(".step").input_value()) == step - 1
    for key in ("ArrowUp", "ArrowDown", "Home", "p", "p", "Enter", "ArrowRight"):  # Enter leads to a slider
        deck.keyboard.press(key)
        assert deck.evaluate(INDEX) == flow.slide
    assert deck.locator(".keys").is_visible()


def test_escape_leads_back_to_the_slides(deck, flow):
    deck.keyboard.press("Escape")
    assert deck.locator(".keys").is_hidden()
    deck.keyboard.press("ArrowRight")
    assert deck.evaluate(INDEX) == flow.slide + 1


def test_a_presenter_turns_the_slide_from_inside_a_network(deck, flow):
    deck.keyboard.press("PageDown")
    assert deck.evaluate(INDEX) == flow.slide + 1
    deck.evaluate("Reveal.prev()")
    flow.locator("#neuron-2-3").focus()
    deck.keyboard.press("PageUp")
    assert deck.evaluate(INDEX) == flow.slide - 1


def test_a_button_pressed_by_mouse_leaves_the_arrows_to_the_slides(deck, flow):
    flow.locator(".reset").click()
    deck.keyboard.press("ArrowRight")
    assert deck.evaluate(INDEX) == flow.slide + 1


def test_the_next_slide_does_not_keep_the_focus_of_the_last_one(deck, flow):
    deck.keyboard.press("PageDown")
    assert deck.evaluate("document.activeElement === document.body")


def test_the_speaker_window_is_text_and_a_clock(deck):
    deck.evaluate("Reveal.slide(0)")
    kernel = kernel_of(deck)
    with deck.expect_popup() as opened:
        deck.keyboard.press("s")
    notes = opened.value
    assert notes.locator("h1").text_content() == "BP2: how the error moves back one layer"
    assert "Ask:" in notes.locator(".told").text_content()
    assert notes.locator(".next").text_content() == "Next: One bird, and a wrong answer"
    assert notes.locator(".place").text_content().startswith("slide 1 of ")
    assert re.fullmatch(r"\d\d:\d\d", notes.locator(".clock").text_content())
    notes.wait_for_function("document.querySelector('.elapsed').textContent !== '0:00'")
    notes.keyboard.press("ArrowRight")
    assert deck.evaluate(INDEX) == 1
    assert notes.locator("h1").text_content() == "One bird, and a wrong answer"
    deck.evaluate("Reveal.slide(2)")
    assert notes.locator(".place").text_content().endswith("2 more to show")  # the code, then what it prints
    assert notes.locator(".reveal, iframe, script").count() == 0
    assert kernel_of(deck) == kernel
    notes.close()
    deck.keyboard.press("ArrowRight")  # a closed window disturbs nothing
    assert deck.errors == []


def kernel_process(kernel):
    """The process of a kernel of ours, by its connection file."""
    for process in psutil.process_iter(["cmdline"]):
        if any(f"kernel-{kernel}.json" in part for part in process.info["cmdline"] or []):
            return process
    raise AssertionError(f"no process has the kernel {kernel}")


def test_a_dead_kernel_is_told_and_a_reload_returns_to_the_same_slide(page, server):
    open_deck(page, server, NOTEBOOK)
    page.bring_to_front()  # a page that is not seen asks for its kernel once a minute
    page.evaluate("Reveal.slide(6, 0, 0)")
    first = kernel_of(page)
    assert page.locator(".dead").is_hidden()
    kernel_process(first).kill()
    page.locator(".dead").wait_for()
    assert "The kernel of this deck has stopped" in page.locator(".dead").text_content()
    page.locator(".dead button").click()
    page.wait_for_function(f"document.querySelector('#jupyter-config-data')?.textContent.includes('{first}') === false")
    page.wait_for_function(SLIDES_READY)
    assert page.evaluate("[Reveal.getIndices().h, Reveal.getIndices().f]") == [6, 0]
    assert kernel_of(page) != first
    assert page.locator(".dead").is_hidden()


def test_a_deck_that_is_left_ends_its_kernel(page, server):
    open_deck(page, server, NOTEBOOK)
    process = kernel_process(kernel_of(page))
    page.goto(server.url("/"))
    process.wait(timeout=patience())


def test_the_index_leads_to_every_deck(page, server):
    page.goto(server.url("/"))
    links = page.locator("li a")
    names = sorted(path.name for path in (ROOT / "notebooks").glob("*.ipynb"))
    assert [link.get_attribute("href") for link in links.all()] == [f"/voila/render/{name}" for name in names]
    assert re.search(r"\d+ slides, \d+ minutes", page.locator("li").first.text_content())
    assert page.locator("dt").count() > 5
    assert (page.errors, page.asked) == ([], [])


class Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


def status(address):
    try:
        with urllib.request.build_opener(Stay).open(address, timeout=patience()) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code


@pytest.mark.parametrize("path", ["/", f"/voila/render/{NOTEBOOK}", "/alive/x", "/voila/api/contents/", "/voila/tree"])
def test_the_door_is_closed_to_who_has_no_token(server, path):
    assert status(server.address + path) in (302, 403)
    assert status(f"{server.address}{path}?token=wrong") in (302, 403)


def test_a_notebook_is_no_file_to_fetch(server):
    for path in (f"/voila/files/{NOTEBOOK}", "/vendor/../pyproject.toml", "/vendor/%2e%2e/pyproject.toml"):
        assert status(server.url(path)) in (302, 403, 404)


def test_a_url_chooses_a_deck_and_nothing_else(page, server, tmp_path):
    """No query becomes code or another template, and a kernel takes no code from the browser."""
    trap = tmp_path / "trap"
    code = f"open({str(trap)!r}, 'w')"
    page.goto(server.url(f"/voila/render/{NOTEBOOK}") + f"&template=lab&theme=dark&code={code}&cell={code}")
    page.wait_for_function(SLIDES_READY)
    page.evaluate(
        """([kernel, code]) => new Promise((done) => {
            const socket = new WebSocket(`ws://${location.host}/api/kernels/${kernel}/channels`);
            const ask = (type, content) => socket.send(JSON.stringify({ channel: "shell", content, parent_header: {},
                metadata: {}, header: { msg_id: type, username: "", session: "s", msg_type: type, version: "5.3" } }));
            socket.onopen = () => {
                ask("execute_request", { code, silent: false, store_history: false, allow_stdin: false });
                ask("kernel_info_request", {});
            };
            socket.onmessage = ({ data }) => {
                if (JSON.parse(data).msg_type === "kernel_info_reply") done();
            };
        })""",
        [kernel_of(page), code],
    )
    assert not trap.exists()


def test_every_answer_forbids_other_machines(server):
    with urllib.request.urlopen(server.url("/"), timeout=patience()) as answer:
        assert answer.headers["Content-Security-Policy"] == POLICY
    assert "http" not in POLICY


def test_it_listens_on_this_machine_alone(server):
    connections = psutil.Process(server.process.pid).net_connections("tcp")
    listening = {connection.laddr for connection in connections if connection.status == "LISTEN"}
    port = int(server.address.rpartition(":")[2])
    assert {ip for ip, at in listening if at == port} == {"127.0.0.1"}
    assert {ip for ip, _ in listening} <= {"127.0.0.1", "::1"}


def test_ctrl_c_ends_the_slides_and_their_kernels(browser):
    server = SlidesServer("03")
    assert server.opens == f"/voila/render/{NOTEBOOK}"
    assert len(server.token) > 20
    page = open_page(browser, server.address)
    page.goto(server.url(server.opens))
    page.wait_for_function(SLIDES_READY)
    kernels = psutil.Process(server.process.pid).children(recursive=True)
    assert kernels
    assert server.end() == 0
    _, alive = psutil.wait_procs(kernels, timeout=patience())
    assert alive == []
    page.close()


def test_an_unknown_notebook_is_a_sentence():
    with pytest.raises(RuntimeError, match="ended with 2"):
        SlidesServer("99")


@pytest.mark.skipif(os.name == "nt", reason="a second server on one port is refused otherwise there")
def test_a_second_server_takes_another_port(server):
    second = SlidesServer("--port", server.address.rpartition(":")[2])
    assert second.address != server.address
    assert second.token != server.token
    assert second.end() == 0
