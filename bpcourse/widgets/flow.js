// The live network. It plays what Python computed: the drawing and the story come once, then frames of numbers.
// No mathematics of the network is done here. common.js stands before this file.

const SVG = "http://www.w3.org/2000/svg";
const TRAVEL_MS = 900; // a number on its way along a wire
const DWELL_MS = 900; // a step while playing
const PATIENCE_MS = 4000; // until a kernel that does not answer is reported
const SLIDER_STEP = 0.01;

const STYLE = `
  .root { display: grid; gap: 10px; max-width: 640px; grid-template-columns: minmax(0, 1fr); }
  .root.quiet > :not(.picture, .description) { display: none; }
  @container (min-width: 1040px) {
    .root:not(.quiet) { max-width: 1160px; grid-template-columns: minmax(0, 620px) minmax(0, 1fr);
      grid-template-rows: auto auto 1fr; column-gap: 24px; align-items: start; }
    .picture { grid-row: 1 / span 3; } }
  @container (max-width: 460px) { /* a phone: only the chosen labels, larger */
    [id^="label-"]:not(.lit) { display: none; }
    [id^="label-"].lit { transform-box: fill-box; transform-origin: center; scale: 1.3; } }
  svg { width: 100%; height: auto; display: block; overflow: visible; }
  [id^="edge-"] path { stroke: var(--orange) !important; }
  [id^="arrow-"] path { fill: var(--orange) !important; }
  [id^="neuron-"] path { fill: var(--pale) !important; stroke: currentColor !important; }
  [id^="label-"] g, [id^="symbol-"] g, [id^="layer-"] g, [id^="name-"] g { fill: currentColor !important; }
  text { fill: currentColor; font-family: system-ui, sans-serif; }
  .part { cursor: pointer; outline: none; }
  .part path.hit.hit { stroke: transparent !important; stroke-width: 14px !important; pointer-events: stroke; }
  .lit[id^="edge-"] path:not(.hit) { stroke: var(--green) !important; stroke-width: 4px !important; }
  .lit[id^="arrow-"] path { fill: var(--green) !important; stroke: var(--green) !important; stroke-width: 5px !important; }
  .lit[id^="label-"] g { fill: var(--green) !important; stroke: var(--green); stroke-width: 3px; }
  .lit[id^="neuron-"] path { stroke: var(--green) !important; stroke-width: 2px !important; }
  .chosen[id^="neuron-"] path { stroke-width: 4px !important; }
  .chosen[id^="edge-"] path:not(.hit) { stroke-dasharray: none; stroke-width: 6px !important; }
  .unknown[id^="neuron-"] path { fill: transparent !important; stroke-dasharray: 3 4; }
  .unknown[id^="symbol-"] { opacity: 0.45; }
  .part:focus-visible path:not(.hit) { filter: drop-shadow(0 0 3px var(--blue)) drop-shadow(0 0 2px var(--blue)); }
  .pulse { fill: var(--blue); stroke: #fff; stroke-width: 1.2px; }
  .pulse.negative { fill: var(--red); }
  .steps { display: flex; flex: 1 1 190px; align-items: center; gap: 8px; }
  input[type=range] { flex: 1 1 auto; min-width: 90px; height: 28px; accent-color: var(--blue); }
  .cost { white-space: nowrap; font-variant-numeric: tabular-nums; }
  .panel { border-left: 4px solid var(--green); padding: 2px 0 2px 14px; min-height: 8.5em; overflow-x: auto; }
  .panel p { margin: 0 0 4px; }
  .weight { display: flex; flex-wrap: wrap; gap: 10px; align-items: center; margin: 6px 0; }
  .weight output { min-width: 4.5em; font-variant-numeric: tabular-nums; }
  .problem { color: color-mix(in oklab, #d1242f, currentColor 25%); font-weight: 600; }
  .problem:empty { display: none; }
`;

const PAGE = `
  <div class="picture" role="group" tabindex="-1"></div>
  <div class="controls">
    <button class="back" aria-label="Previous step">◀</button>
    <button class="play" aria-label="Play">Play</button>
    <button class="next" aria-label="Next step">▶</button>
    <label class="steps"><span class="unseen">Step</span><input class="step" type="range" min="0" step="1"></label>
    <button class="reset">Reset</button>
  </div>
  <div class="told"><span class="title"></span> <span class="text faint"></span> <span class="cost"></span></div>
  <div class="panel"></div>
  <div class="problem" role="alert"></div>
  <div class="unseen description" aria-live="polite"></div>
`;

function render({ model, el }) {
  const story = model.get("story");
  const root = openPage(el, "bpcourse-flow", STYLE, PAGE);
  root.querySelector(".root").classList.toggle("quiet", model.get("quiet"));

  const one = (selector) => root.querySelector(selector);
  const ending = new AbortController(); // every listener leaves with the view
  const on = (target, type, handler) => target.addEventListener(type, handler, { signal: ending.signal });
  const stop = [];

  // The drawing and its parts ---------------------------------------------------------------------------------------

  const picture = one(".picture");
  picture.innerHTML = model.get("picture");
  picture.setAttribute("aria-label", `${story.label}. Arrow keys: left and right step, up and down choose a part.`);
  const svg = picture.querySelector("svg");
  svg.setAttribute("role", "presentation");
  const byId = {};
  for (const node of svg.querySelectorAll("[id]")) byId[node.id] = node;
  const layers = Object.keys(story.steps[0].shows).map(Number);
  const parts = [];
  for (const layer of layers) {
    for (const kind of ["edge", "neuron"]) {
      parts.push(...Object.keys(byId).filter((id) => id.startsWith(`${kind}-${layer}-`)));
    }
  }
  for (const part of parts) {
    const node = byId[part];
    node.classList.add("part");
    node.setAttribute("role", "button");
    const [kind, ...index] = part.split("-");
    if (kind === "edge") {
      const hit = node.querySelector("path").cloneNode();
      hit.classList.add("hit");
      node.append(hit);
      byId[part.replace("edge", "label")]?.classList.add("part");
      if (byId[part.replace("edge", "label")]) on(byId[part.replace("edge", "label")], "click", () => choose(part));
    } else {
      for (const name of ["symbol-x", "symbol-a", "symbol-delta", "value"]) {
        const inner = byId[[name, ...index].join("-")];
        if (inner) inner.style.pointerEvents = "none";
      }
    }
    on(node, "click", () => choose(part));
  }

  // What is shown now: a function of the model's step, selection and frame ------------------------------------------

  let values = {};
  const readFrame = () => (values = readNumbers(model.get("frame"), story.slots));
  const step = () => story.steps[model.get("step")];
  const indexOf = (part) => part.split("-").slice(1);
  const partToWeight = (part) => part.replace("edge", "w");
  const partOf = (select) => select && [select.startsWith("w-") ? "edge" : "neuron", ...indexOf(select)].join("-");

  /** The quantity that a part shows at this step, as its name in the story, or "" if it is not computed yet. */
  function quantity(part) {
    const [kind, layer, ...index] = part.split("-");
    const { shows } = step();
    if (kind === "neuron") return shows[layer] && [shows[layer], layer, ...index].join("-");
    const name = shows[layer] === "delta" && layer > 2 ? "back" : shows[layer - 1] ? "forth" : "";
    return name && [name, layer, ...index].join("-");
  }

  function drawNumbers() {
    for (const part of parts) {
      if (!part.startsWith("neuron-")) continue;
      const index = part.slice("neuron-".length);
      const name = quantity(part);
      byId[`value-${index}`].querySelector("text").textContent = name ? shown(values[name], story.digits) : "";
    }
    one(".cost").textContent = step().shows[layers.at(-1)] ? `Cost C = ${shown(values.C, story.digits)}` : "";
    fillSlots(one(".panel"), values, story.digits);
    for (const { name, input, output } of sliders) {
      const value = values[name], { low, high } = story.sliders[name];
      output.textContent = shown(value, story.digits);
      [input.min, input.max] = [Math.min(low, Math.floor(value)), Math.max(high, Math.ceil(value))];
      if (!(waiting.sent || waiting.next)) input.value = value;
    }
    describe();
  }

  let sliders = []; // those of the chosen part: { name, input, output }
  function drawStep() {
    const { shows } = step();
    for (const part of parts) {
      if (!part.startsWith("neuron-")) continue;
      const [layer, neuron] = indexOf(part);
      byId[part].classList.toggle("unknown", !shows[layer]);
      for (const symbol of ["a", "delta"]) {
        const node = byId[`symbol-${symbol}-${layer}-${neuron}`];
        if (!node) continue;
        node.style.display = (shows[layer] || "a") === symbol ? "" : "none";
        node.classList.toggle("unknown", !shows[layer]);
      }
    }
    one(".step").value = model.get("step");
    one(".step").setAttribute("aria-valuetext", step().title);
    one(".title").textContent = step().title;
    one(".text").textContent = step().text;
    drawChoice();
  }

  function drawChoice() {
    const chosen = partOf(model.get("select"));
    const name = chosen && quantity(chosen);
    const entry = story.equations[name];
    const told = model.get("lit"); // a derivation beside the picture lights what its line reads
    const lit = new Set(told.length ? told : chosen ? [chosen, ...(entry?.parts ?? [])] : []);
    for (const part of parts) {
      const on = lit.has(part);
      byId[part].classList.toggle("lit", on);
      byId[part].classList.toggle("chosen", part === chosen);
      byId[part].setAttribute("aria-pressed", part === chosen);
      byId[part].setAttribute("tabindex", part === (chosen || parts[0]) ? 0 : -1);
      if (part.startsWith("edge-")) {
        for (const also of ["arrow", "label"]) byId[part.replace("edge", also)]?.classList.toggle("lit", on);
      }
    }
    drawPanel(chosen, entry);
    drawNumbers();
  }

  function drawPanel(chosen, entry) {
    const panel = one(".panel");
    sliders = [];
    panel.replaceChildren();
    const line = (textContent, className) => {
      panel.append(Object.assign(document.createElement("p"), { textContent, className }));
    };
    if (!chosen) return line("Choose a neuron or a wire to see its equation and to change its numbers.", "faint");
    const changeable = Object.keys(story.sliders).filter((name) => story.sliders[name].part === chosen);
    const isWire = chosen.startsWith("edge-");
    if (isWire) line(story.sliders[changeable[0]].title, "title");
    else if (entry) line(entry.title, "title");
    if (!entry) line(isWire ? "Nothing has arrived at this wire yet." : "Not computed yet at this step.", "faint");
    const rows = () => { for (const row of entry?.rows ?? []) panel.insertAdjacentHTML("beforeend", formula(row)); };
    if (!isWire) rows();
    for (const name of changeable) panel.append(slider(name, story.sliders[name]));
    if (isWire) rows();
  }

  function slider(name, { said, symbol, title }) {
    const label = Object.assign(document.createElement("label"), { className: "weight", title });
    const input = Object.assign(document.createElement("input"), { type: "range", step: SLIDER_STEP });
    input.dataset.name = name;
    input.setAttribute("aria-label", `${title}, ${said}`);
    const output = document.createElement("output");
    label.innerHTML = `<math>${symbol}</math>`;
    label.append(input, output);
    input.oninput = () => ask({ change: [name, Number(input.value)] });
    sliders.push({ name, input, output });
    return label;
  }

  /** What a part is, and its number if there is one, as a screen reader says it. */
  function spoken(part) {
    const [layer, neuron, from] = indexOf(part);
    const name = from ? partToWeight(part) : quantity(part);
    const place = from ? `wire from neuron ${from} of layer ${layer - 1} to neuron ${neuron} of layer ${layer}`
      : `neuron ${neuron} of layer ${layer}`;
    if (!name) return `${place}, not computed yet`;
    return `${place}, ${(story.sliders[name] ?? story.equations[name]).said} = ${shown(values[name], story.digits)}`;
  }

  function describe() {
    const chosen = partOf(model.get("select"));
    const text = `Step ${model.get("step") + 1} of ${story.steps.length}: ${step().title}. ${chosen ? spoken(chosen) : ""}`;
    if (one(".description").textContent !== text) one(".description").textContent = text;
    for (const part of parts) byId[part].setAttribute("aria-label", spoken(part));
  }

  // What the hand does ----------------------------------------------------------------------------------------------

  function choose(part, focus = true) {
    const select = part.startsWith("edge-") ? partToWeight(part) : quantity(part) || part.replace("neuron", "a");
    model.set("select", select);
    model.save_changes();
    if (focus) byId[part].focus({ preventScroll: true });
  }

  function goTo(n) {
    const to = Math.min(Math.max(n, 0), story.steps.length - 1);
    if (to === model.get("step")) return;
    model.set("step", to);
    model.save_changes();
  }

  // A change is sent, and the next one only when its frame is back: the picture is never behind the hand by more
  // than one frame, however slow the kernel is.
  const waiting = { sent: false, next: null, timer: 0 };
  function ask(change) {
    if (waiting.sent) {
      waiting.next = change;
      return;
    }
    waiting.sent = true;
    waiting.timer = setTimeout(() => {
      one(".problem").textContent = "The kernel does not answer. The numbers are those of the last answered change.";
      Object.assign(waiting, { sent: false, next: null });
    }, PATIENCE_MS);
    model.send(change);
  }
  stop.push(() => clearTimeout(waiting.timer));

  function onFrame() {
    clearTimeout(waiting.timer);
    const { next } = waiting;
    Object.assign(waiting, { sent: false, next: null });
    if (next) ask(next);
    readFrame();
    drawNumbers();
    showProblem();
  }
  const showProblem = () => (one(".problem").textContent = model.get("problem"));

  // Playing: numbers travel along the wires, then the step that they make is shown -----------------------------------

  const still = matchMedia("(prefers-reduced-motion: reduce)");
  let playing = 0; // grows with each start and stop: a step that finishes late sees that it is no longer wanted
  const flying = new Set();

  function halt() {
    playing++;
    for (const pulse of flying) pulse.remove();
    flying.clear();
    one(".play").textContent = "Play";
    one(".play").setAttribute("aria-label", "Play");
  }
  stop.push(halt);

  function travel(flow) {
    const largest = Math.max(...flow.map((name) => Math.abs(values[name])), 1e-12);
    const flights = flow.map((name) => {
      const edge = byId[name.replace(/^(forth|back)/, "edge")].querySelector("path");
      const [from, to] = [edge.getPointAtLength(0), edge.getPointAtLength(edge.getTotalLength())];
      const [start, end] = name.startsWith("back") ? [to, from] : [from, to];
      const pulse = document.createElementNS(SVG, "g");
      const radius = 4 + 6 * Math.sqrt(Math.abs(values[name]) / largest), half = radius / 2;
      const sign = `M${-half} 0H${half}${values[name] < 0 ? "" : `M0 ${-half}V${half}`}`;
      pulse.setAttribute("class", values[name] < 0 ? "pulse negative" : "pulse");
      pulse.innerHTML = `<circle r="${radius}"></circle><path d="${sign}"></path>`;
      svg.append(pulse);
      flying.add(pulse);
      const at = (point) => ({ transform: `translate(${point.x}px, ${point.y}px)` });
      return pulse.animate([at(start), at(end)], { duration: TRAVEL_MS, easing: "ease-in-out", fill: "both" }).finished;
    });
    return Promise.allSettled(flights).then(() => {
      for (const pulse of flying) pulse.remove();
      flying.clear();
    });
  }

  async function advance() {
    halt();
    const mine = playing;
    const to = model.get("step") + 1;
    if (to >= story.steps.length) return;
    if (story.steps[to].flow.length && !still.matches) await travel(story.steps[to].flow);
    if (playing === mine) goTo(to);
  }

  async function play() {
    halt();
    const mine = playing;
    if (model.get("step") === story.steps.length - 1) goTo(0);
    one(".play").textContent = "Pause";
    one(".play").setAttribute("aria-label", "Pause");
    for (let to = model.get("step") + 1; to < story.steps.length; to++) {
      await new Promise((done) => setTimeout(done, DWELL_MS));
      if (playing !== mine) return;
      if (story.steps[to].flow.length && !still.matches) await travel(story.steps[to].flow);
      if (playing !== mine) return;
      goTo(to);
    }
    halt();
  }

  // Listeners -------------------------------------------------------------------------------------------------------

  on(one(".back"), "click", () => (halt(), goTo(model.get("step") - 1)));
  on(one(".next"), "click", advance);
  on(one(".play"), "click", () => (one(".play").textContent === "Pause" ? halt() : play()));
  on(one(".step"), "input", (event) => (halt(), goTo(Number(event.target.value))));
  on(one(".reset"), "click", () => ask({ reset: true }));
  on(picture, "keydown", (event) => {
    const here = parts.indexOf(root.activeElement?.id);
    const moves = {
      ArrowRight: advance,
      ArrowLeft: () => (halt(), goTo(model.get("step") - 1)),
      ArrowDown: () => choose(parts[Math.min(here + 1, parts.length - 1)]),
      ArrowUp: () => choose(parts[Math.max(here - 1, 0)]),
      Home: () => choose(parts[0]),
      End: () => choose(parts.at(-1)),
      Enter: () => (choose(parts[here]), sliders[0]?.input.focus()),
      " ": () => (choose(parts[here]), sliders[0]?.input.focus()),
    };
    if (here < 0 || !moves[event.key] || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    moves[event.key]();
  });
  const changes = { "change:frame": onFrame, "change:step": drawStep, "change:select": drawChoice, "change:lit": drawChoice, "change:problem": showProblem };
  for (const [name, handler] of Object.entries(changes)) {
    model.on(name, handler);
    stop.push(() => model.off(name, handler));
  }

  one(".step").max = story.steps.length - 1;
  readFrame();
  drawStep();
  showProblem();
  return () => {
    ending.abort();
    for (const leave of stop) leave();
  };
}

export default { render };
