// What of a page cannot be seen, also inside live pictures: [what it is, by how many pixels it is cut].
// Cut is what is wider than a box that hides it, or that scrolls and does not show that it does, and what lies beyond
// the window. A sign that a box scrolls is a fading edge. What is only read aloud has the class "unseen".
() => {
  const found = [];
  const say = (box, by) => found.push([`${box.localName}.${box.getAttribute("class") ?? ""}: ${box.textContent.trim().slice(0, 60)}`, Math.round(by)]);
  const shown = (box) => box.checkVisibility?.({ visibilityProperty: true }) ?? box.getClientRects().length > 0;
  const fades = (style) => (style.maskImage ?? style.webkitMaskImage ?? "none") !== "none";

  function look(root, edge) {
    for (const box of root.children) {
      if (!shown(box)) continue;
      if (box.classList.contains("unseen")) continue;
      const style = getComputedStyle(box), frame = box.getBoundingClientRect();
      let end = edge;
      if (box instanceof HTMLElement && style.overflowX !== "visible") {
        const by = box.scrollWidth - box.clientWidth;
        if (by > 1 && box.clientWidth > 2 && !(/auto|scroll/.test(style.overflowX) && fades(style))) say(box, by);
        end = Infinity; // what is in it is its own affair
      } else if (frame.width && frame.right > edge + 1 && style.position !== "absolute") say(box, frame.right - edge);
      if (box.shadowRoot) look(box.shadowRoot, end);
      if (!(box instanceof SVGElement)) look(box, end);
    }
  }
  look(document.body, document.documentElement.clientWidth);
  const over = document.documentElement.scrollWidth - document.documentElement.clientWidth;
  if (over > 0) found.push(["the page", over]);
  return found;
}
