"""The slides: from `make slides` to a live network, and from a key press to the next slide."""

import statistics
import time

from playwright.sync_api import sync_playwright

from tools.browser import SLIDES_READY, SlidesServer, launch, new_page

STARTS = 3
DECK = "03_bp2_hidden_error.ipynb"

# In the page: a key press, and the milliseconds until what it brings has been painted.
TIME_KEY = """() => new Promise((done) => {
    const start = performance.now();
    document.dispatchEvent(new KeyboardEvent("keydown", { keyCode: 39, key: "ArrowRight", bubbles: true }));
    requestAnimationFrame(() => setTimeout(() => done(performance.now() - start)));
})"""
TIME_OPENING = """() => {
    const { requestStart, responseEnd } = performance.getEntriesByType("navigation")[0];
    const { startTime } = performance.getEntriesByName("first-contentful-paint")[0];
    return [startTime - requestStart, responseEnd - requestStart];
}"""


def slides() -> list[str]:
    """The rows of the slides."""
    live, opening, keys = [], [], []
    with sync_playwright() as playwright:
        browser = launch(playwright)
        for _ in range(STARTS):
            start = time.perf_counter()
            server = SlidesServer("03")
            page = new_page(browser, viewport={"width": 1280, "height": 720})
            page.goto(server.url(server.opens))
            page.wait_for_function(SLIDES_READY)
            live.append(time.perf_counter() - start)
            opening.append(page.evaluate(TIME_OPENING))
            while not page.evaluate("Reveal.isLastSlide() && !Reveal.availableFragments().next"):
                keys.append(page.evaluate(TIME_KEY))
            page.close()
            server.end()
        browser.close()
    painted, cells = (statistics.median(column) / 1000 for column in zip(*opening, strict=True))
    return [
        f"make slides to a first slide and all networks live: {statistics.median(live):.1f} s (aim: at most 10 s)",
        f"opening a deck: {painted:.2f} s until its first slide is painted (aim: at most 3 s), {cells:.1f} s until its "
        "kernel has run its cells",
        f"key press to the next slide or line painted: median {statistics.median(keys):.0f} ms, "
        f"slowest of {len(keys)} {max(keys):.0f} ms (aim: at most 100 ms)",
    ]


if __name__ == "__main__":
    for row in slides():
        print(row)
