// What is wrong with the slide that shows now, a sentence each. Read by eyes.py, run in the page.
() => {
  const faults = [], slide = Reveal.getCurrentSlide();
  const page = document.querySelector(".reveal .slides").getBoundingClientRect(), scale = page.width / 1280;
  const SMALLEST = 24 * scale - 0.05, SLACK = 1.5;
  const name = (node) => `${node.localName}${node.id ? `#${node.id}` : ""} "${(node.textContent ?? "").trim().slice(0, 40)}"`;

  function* all(root) { // every element that shows, in shadow roots too
    for (const node of root.children) {
      const style = getComputedStyle(node);
      if (style.display === "none" || node.matches(".unseen, aside, script, style, defs, .fragment:not(.visible)")) continue;
      yield node;
      if (node.shadowRoot) yield* all(node.shadowRoot);
      yield* all(node);
    }
  }
  const shows = (node) => node.checkVisibility({ opacityProperty: true, visibilityProperty: true });
  const own = (node) => [...node.childNodes].filter((child) => child.nodeType === 3 && child.data.trim());
  const factor = (node) => { // how much larger than its computed size a text is on the screen
    const matrix = node.getScreenCTM?.();
    return matrix ? Math.hypot(matrix.a, matrix.b) : scale * node.currentCSSZoom;
  };
  const inside = (rect) => rect.left >= page.left - SLACK && rect.right <= page.right + SLACK &&
    rect.top >= page.top - SLACK && rect.bottom <= page.bottom + SLACK;

  for (const node of all(slide)) {
    if (node.parentElement?.closest("math")) continue; // a formula is looked at as a whole
    const rects = own(node).flatMap((text) => {
      const range = document.createRange();
      range.selectNodeContents(text);
      return [...range.getClientRects()];
    });
    if (node.matches("math, img, button, input, select, svg use, pre")) rects.push(node.getBoundingClientRect());
    if (!shows(node)) continue;
    if (rects.some((rect) => rect.width && !inside(rect))) faults.push(`${name(node)} leaves the slide`);
    const rest = node.matches(".body > *") ? node.parentElement.getBoundingClientRect() : null;
    if (rest && getComputedStyle(node.parentElement).display !== "contents") {
      const { top, bottom } = node.getBoundingClientRect();
      if (top < rest.top - SLACK || bottom > rest.bottom + SLACK) faults.push(`${name(node)} has no room below the heading`);
    }
    if (node.matches(".error")) faults.push(`its cell ends in ${node.textContent}`);
    if (node.matches("math, img") && node.localName + node.textContent !== "math" && !node.getBoundingClientRect().width) faults.push(`${name(node)} is empty`);
    const style = getComputedStyle(node);
    if (/auto|scroll|hidden|clip/.test(style.overflowX + style.overflowY) && !node.matches("option, select, input") &&
        (node.scrollWidth > node.clientWidth + 2 || node.scrollHeight > node.clientHeight + 2) && node.clientWidth) {
      faults.push(`${name(node)} is cut off`);
    }
    if (node.matches(".controls:has(.play)")) {
      const high = [...node.children].map((child) => child.getBoundingClientRect()).filter((box) => box.width);
      if (high.some((box) => box.top > (high[0].top + high[0].bottom) / 2)) faults.push(`${name(node)} is in two rows`);
    }
    if (node.matches(".slide:not(:has(.live)) pre:not(.said, .error)") && style.whiteSpace === "pre-wrap" &&
        parseFloat(style.fontSize) < 28) faults.push(`${name(node)} is wrapped and small all the same`);
    if (own(node).length || node.matches("math, select, input[type=number]")) {
      const size = parseFloat(style.fontSize) * factor(node);
      if (size < SMALLEST) faults.push(`${name(node)} is ${(size / scale).toFixed(1)} px`);
    }
    if (node.matches("svg g[id]") && node.querySelector("use") && !node.querySelector("g[id]:has(use)")) {
      // drawn letters: matplotlib draws them 100 units high and scales them; subscripts are smaller
      const letters = [...node.querySelectorAll("use")].filter((use) => use.getBoundingClientRect().width); // that show
      const size = Math.max(0, ...letters.map((use) => 100 * factor(use)));
      if (size && size < SMALLEST) faults.push(`the drawn ${node.id} is ${(size / scale).toFixed(1)} px`);
    }
    if (node.matches("img")) { // no letter of a picture is smaller than POINTS, and the page knows how many points wide it is
      const size = (POINTS * node.getBoundingClientRect().width) / node.dataset.points;
      if (!(size >= SMALLEST)) faults.push(`the smallest letter of the picture is ${(size / scale).toFixed(1)} px`);
    }
    if (node.querySelector?.("merror") || own(node).some(({ data }) => /\$|\\[a-z]/.test(data)) && !node.closest("pre, code")) {
      faults.push(`${name(node)} is not typeset`);
    }
  }
  const font = [...document.fonts].find((face) => face.family.includes("Course Math"));
  if (slide.querySelector("math") && font?.status !== "loaded") faults.push("the font of the formulas is not there");
  return [...new Set(faults)];
}
