// What is wider than its column is made to fit: it is set smaller, as long as it can be read, then broken. What is still
// wider scrolls, fades at the edge behind which there is more, and can be reached by the keyboard.

(() => {
  // How small what matches may be set; what its lines are broken by: everything, or code, which keeps its lines.
  const KINDS = [
    { name: ".wide.formula", whole: 0.84, smallest: 0.46, wraps: true },
    { name: ".wide:not(.formula)", whole: 0.8, smallest: 0.8, wraps: true },
    { name: "pre.output", whole: 0.8, smallest: 0.8, wraps: true },
    { name: ".highlight pre, .prose pre", whole: 0.82, smallest: 0.82, wraps: false },
  ];
  const ALL = KINDS.map(({ name }) => name).join(", ");
  const FADE = "3rem";
  const SIGNS = { tabindex: "0", role: "group", "aria-label": "wide, scrolls sideways" };
  const room = (box) => box.clientWidth / box.scrollWidth; // below 1, as much as it would have to be smaller

  function set(box, size, wraps) {
    box.classList.toggle("whole", !wraps);
    box.style.setProperty("--fit", size);
  }

  /** Sets a box smaller until it fits; padding does not shrink along, so once more if a pixel is left. */
  function shrink(box, smallest, wraps) {
    let size = 1;
    for (let n = 0; n < 4 && room(box) < 1 && size > smallest; n++) {
      size = Math.max(smallest, Math.floor(995 * size * room(box)) / 1000);
      set(box, size, wraps);
    }
    return room(box) >= 1;
  }

  function place(box) {
    const { whole, smallest, wraps } = KINDS.find(({ name }) => box.matches(name));
    box.classList.remove("broken");
    set(box, 1, false);
    if (!shrink(box, whole, false) && wraps) {
      set(box, 1, true);
      if (!shrink(box, smallest, true)) box.classList.add("broken"); // the last resort: inside a word
    }
    for (const [name, value] of Object.entries(SIGNS)) {
      if (room(box) < 1) box.setAttribute(name, value);
      else box.removeAttribute(name);
    }
    fade(box);
  }

  /** Lets a box fade on the sides where there is more. */
  function fade(box) {
    const before = box.scrollLeft > 1, after = box.scrollLeft + box.clientWidth < box.scrollWidth - 1;
    const [left, right] = [before, after].map((more) => (more ? FADE : "0px"));
    const mask = `linear-gradient(to right, transparent, #000 ${left} calc(100% - ${right}), transparent)`;
    box.style.maskImage = before || after ? mask : "";
  }

  const widths = new Map(); // a box also changes its height, and by what is done here
  const seen = new ResizeObserver((entries) => {
    for (const { target, contentRect } of entries) {
      if (widths.get(target) === contentRect.width) continue;
      widths.set(target, contentRect.width);
      requestAnimationFrame(() => place(target)); // to change sizes while they are told is an error
    }
  });
  function watch(box) {
    box.addEventListener("scroll", () => fade(box), { passive: true });
    seen.observe(box);
  }
  document.querySelectorAll(ALL).forEach(watch);
  document.fonts.ready.then(() => document.querySelectorAll(ALL).forEach(place));
})();
