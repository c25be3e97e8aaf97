// What is to be hit and is smaller than 24 px, also inside live pictures; a link within a sentence has the line's height.
() => {
  const found = [];
  const inText = (box) => box.localName === "a" && box.parentElement.closest("p, li, td, figure, footer") && !box.closest("nav");
  function look(root) {
    for (const box of root.querySelectorAll("*")) {
      if (box.shadowRoot) look(box.shadowRoot);
      if (!box.matches("a[href], button, summary, select, input:not([type=hidden])") || inText(box)) continue;
      if (!box.checkVisibility({ visibilityProperty: true }) || box.closest(".unseen, .skip")) continue;
      const { width, height } = (box.closest("label") ?? box).getBoundingClientRect();
      if (Math.min(width, height) < 23.9) {
        found.push(`${box.localName}.${box.className} ${box.textContent.trim().slice(0, 30)}: ${Math.round(width)} x ${Math.round(height)}`);
      }
    }
  }
  look(document);
  return found;
}
