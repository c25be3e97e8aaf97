// A derivation beside the live network: its lines up to the current one, in general, with indices, or in numbers.
// It computes nothing; it lights the parts that the current line reads. common.js stands before this file.

const FORMS = { general: "<kbd>g</kbd>eneral", indexed: "w<kbd>i</kbd>th indices", numbers: "i<kbd>n</kbd> numbers" };
const STEP_PAGE = `
  <div class="controls">
    <button class="back" aria-label="Previous line">◀</button>
    <button class="next" aria-label="Next line">▶</button>
    <span class="title"></span> <span class="where faint"></span>
  </div>
  <fieldset class="controls forms"><legend class="unseen">Form of the formulas</legend></fieldset>
  <ol tabindex="0" aria-label="Lines of the proof. Arrow keys: next and previous line; g, i, n: the form."></ol>
  <div class="faint hint"></div>
  <div class="unseen description" aria-live="polite"></div>
`;

const AROUND = 200, LEAST = 170; // pixels: what stands around the widget on a page, and the least height of the list

function render({ model, el }) {
  const story = model.get("story");
  const root = openPage(model, el, "bpcourse-stepper", STYLE, STEP_PAGE);
  const one = (selector) => root.querySelector(selector);
  const ending = new AbortController();
  const on = (target, type, handler) => target.addEventListener(type, handler, { signal: ending.signal });
  const lookAgain = markScrolling(root, "ol, .body", ending.signal);
  let values = {};
  let chosen = model.get("select");

  /** The place of a line that a chosen part stands for: its own, its neuron's, or its layer's. */
  function place(line, select) {
    const entry = line.at[placeOf(select).join("-")];
    return (typeof entry === "string" ? line.at[entry] : entry) ?? null;
  }

  function draw() {
    const current = model.get("line"), form = model.get("form");
    const select = model.get("select");
    const fits = select && story.lines.some((line) => place(line, select));
    if (fits) chosen = select;
    one(".hint").textContent = fits || !select ? "" : `${story.name} is not about that part. The lines are those of the last one.`;
    one(".where").textContent = `line ${current + 1} of ${story.lines.length}`;
    const items = story.lines.slice(0, current + 1).map((line, n) => {
      const entry = place(line, chosen);
      const shape = !entry || form === "general" ? [line.general] : entry[form];
      const item = document.createElement("li");
      item.className = line.side ? "side" : "";
      item.dataset.line = n;
      const value = entry?.value ? `<mn data-slot="${entry.value}"></mn>` : "";
      item.innerHTML = `<span class="faint">${n + 1}</span><div class="body">${formula(shape)}<div class="reason"></div><div class="doubt"></div></div>
        <math class="value">${value}</math>`;
      item.querySelector(".reason").textContent = line.reason;
      if (n === current) item.setAttribute("aria-current", "step");
      return item;
    });
    const within = one("li :focus");
    one("ol").replaceChildren(...items);
    if (within) one("ol").focus(); // it had the focus and is gone
    for (const [name, input] of Object.entries(inputs)) input.checked = name === form;
    enable(one(".back"), current > 0, one("ol"));
    enable(one(".next"), current < story.lines.length - 1, one("ol"));
    numbers();
    fit();
    light();
  }

  function numbers() {
    values = readNumbers(model.get("frame"), story.slots);
    fillSlots(one("ol"), values, story.digits);
    for (const item of one("ol").children) {
      const sign = signOf(place(story.lines[item.dataset.line], chosen));
      const first = [...item.querySelectorAll(".row mo")].find((mo) => story.signs.includes(mo.textContent));
      first.textContent = sign;
      item.classList.toggle("unequal", sign !== story.signs[0]);
      item.querySelector(".doubt").textContent = story.doubts[sign] ?? "";
    }
    const line = story.lines[model.get("line")], entry = place(line, chosen);
    const value = entry?.value ? ` Its value is ${shown(values[entry.value], story.digits)}.` : "";
    const doubt = story.doubts[signOf(entry)] ?? "";
    one(".description").textContent =
      `Line ${model.get("line") + 1} of ${story.lines.length}. ${line.reason}${doubt}${value}`;
    lookAgain();
  }

  /** Keeps the picture and the current line on one screen: the list gets what is left of it and scrolls. */
  function fit() {
    const list = one("ol"), current = one("[aria-current]");
    const above = [...(el.parentElement?.children ?? [])].filter((other) => other !== el)
      .filter((other) => other.getBoundingClientRect().bottom <= el.getBoundingClientRect().top);
    const taken = list.offsetTop - one(".root").offsetTop + above.reduce((sum, other) => sum + other.offsetHeight, 0);
    list.style.maxHeight = `${Math.max(innerHeight - AROUND - taken, LEAST)}px`;
    const below = current.offsetTop + current.offsetHeight - list.clientHeight;
    list.scrollTop = Math.min(Math.max(list.scrollTop, below), current.offsetTop);
    lookAgain();
  }

  /** What stands between the two sides of a line at a place. */
  function signOf(entry) {
    return story.signs[entry ? values[entry.sign] : 0];
  }

  /** Tells the picture which parts the current line reads. */
  function light() {
    const parts = place(story.lines[model.get("line")], chosen)?.parts ?? [];
    if (JSON.stringify(parts) === JSON.stringify(model.get("lit"))) return;
    tell(model, { lit: parts });
  }

  const set = (name, value) => tell(model, { [name]: value });
  const goTo = (n) => set("line", Math.min(Math.max(n, 0), story.lines.length - 1));

  const inputs = {};
  for (const [name, label] of Object.entries(FORMS)) {
    const box = document.createElement("label");
    inputs[name] = Object.assign(document.createElement("input"), { type: "radio", name: "form", value: name });
    box.innerHTML = `<span>${label}</span>`;
    box.prepend(inputs[name]);
    one(".forms").append(box);
    on(inputs[name], "change", () => set("form", name));
  }
  on(one(".back"), "click", () => goTo(model.get("line") - 1));
  on(one(".next"), "click", () => goTo(model.get("line") + 1));
  on(one("ol"), "click", (event) => {
    const item = event.target.closest("li");
    if (item) goTo(Number(item.dataset.line));
  });
  on(one(".root"), "keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const inForm = event.target.type === "radio"; // there the arrows choose the form
    const sideways = event.key === "ArrowLeft" || event.key === "ArrowRight";
    if (sideways && event.target.className === "body") return; // a formula wider than its place: they scroll it
    const moves = {
      g: () => set("form", "general"),
      i: () => set("form", "indexed"),
      n: () => set("form", "numbers"),
      Home: () => goTo(0),
      End: () => goTo(story.lines.length - 1),
    };
    if (!inForm) {
      moves.ArrowRight = moves.ArrowDown = () => goTo(model.get("line") + 1);
      moves.ArrowLeft = moves.ArrowUp = () => goTo(model.get("line") - 1);
    }
    if (!moves[event.key]) return;
    event.preventDefault();
    moves[event.key]();
  });

  one(".title").textContent = `${story.name}: ${story.title}`;
  const changes = { "change:line": draw, "change:form": draw, "change:select": draw, "change:frame": numbers };
  for (const [name, handler] of Object.entries(changes)) model.on(name, handler);
  onResize(root.host, fit, ending.signal);
  on(window, "resize", fit);
  draw();
  return () => {
    ending.abort();
    for (const [name, handler] of Object.entries(changes)) model.off(name, handler);
    closePage(root);
  };
}

export default { render };
