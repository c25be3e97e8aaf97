// The live network. It plays what Python computed: the drawing and the story come once, then frames of numbers.
// No mathematics of the network is done here. common.js stands before this file.

const SVG = "http://www.w3.org/2000/svg";
const TRAVEL_MS = 900; // a number on its way along a wire
const DWELL_MS = 900; // a number on its way inside a neuron, and a step while playing
const SLIDER_STEP = 0.01;

const PAGE = `
  <div class="picture" role="group" tabindex="-1"></div>
  <div class="controls">
    <button class="back" aria-label="Previous step">◀</button>
    <button class="play">Play</button>
    <button class="next" aria-label="Next step">▶</button>
    <label class="steps"><span class="unseen">Step</span><input class="step" type="range" min="0" step="1"></label>
    <button class="reset">Reset</button>
  </div>
  <div class="told"><span class="title"></span> <span class="text faint"></span> <span class="cost"></span></div>
  <div class="controls descent"><button class="descend">Take the step</button></div>
  <div class="panel"></div>
  <details class="choices"><summary></summary><div class="controls"></div></details>
  <div class="problem" role="alert"></div>
  <div class="unseen description" aria-live="polite"></div>
`;
const NO_KERNEL = "This page has no kernel. It plays and explains; to change a number, open the notebook in Jupyter.";

function render({ model, el }) {
  let story = model.get("story");
  const noKernel = Boolean(model.noKernel);
  const root = openPage(model, el, "bpcourse-flow", STYLE, PAGE);

  const one = (selector) => root.querySelector(selector);
  const ending = new AbortController(); // every listener leaves with the view
  const lookAgain = markScrolling(root, ".picture, .panel", ending.signal);
  const on = (target, type, handler) => target.addEventListener(type, handler, { signal: ending.signal });
  const stop = [];
  const set = (name, value) => tell(model, { [name]: value });
  const say = (value) => shown(value, model.get("digits"));

  // The drawing and its parts ---------------------------------------------------------------------------------------

  const picture = one(".picture");
  picture.innerHTML = model.get("picture");
  picture.setAttribute("aria-label",
    `${story.label}. Arrow keys: left and right step, up and down choose a part, Enter its sliders; p plays and pauses.`);
  const svg = picture.querySelector("svg");
  svg.setAttribute("role", "presentation");
  const byId = {};
  for (const node of svg.querySelectorAll("[id]")) byId[node.id] = node;
  for (const text of svg.querySelectorAll("text")) { // where a style may enlarge it: of its box Firefox keeps an old one
    const [x, y, size] = ["x", "y", "font-size"].map((name) => Number(text.getAttribute(name)));
    const scaled = kindOf(text.parentNode.id) === "label" ? text : text.parentNode; // a label's symbol stands elsewhere
    Object.assign(scaled.style, { transformBox: "view-box", transformOrigin: `${x}px ${y - 0.35 * size}px` });
  }
  const parts = story.sizes.flatMap((_, n) =>
    ["edge", "neuron"].flatMap((kind) => Object.keys(byId).filter((id) => id.startsWith(`${named(kind, n + 1)}-`))));
  parts.push("cost");
  const neurons = parts.filter((part) => kindOf(part) === "neuron"), edges = parts.filter((part) => kindOf(part) === "edge");
  one(".root").classList.toggle("wide", story.sizes.length > 4); // its picture gets the whole width
  one(".root").classList.toggle("crowded", edges.some((edge) => !byId[ofKind(edge, "label")]));
  for (const part of parts) {
    const node = byId[part], label = kindOf(part) === "edge" ? byId[ofKind(part, "label")] : null;
    node.classList.add("part");
    node.setAttribute("role", "button");
    on(node, "click", (event) => choose(kindOf(part) === "edge" ? nearestWire(event) : part));
    if (kindOf(part) !== "edge") continue;
    const hit = node.querySelector("path").cloneNode();
    hit.classList.add("hit");
    node.append(hit);
    label?.classList.add("part");
    if (label) on(label, "click", () => choose(part));
  }

  /** Of the wires under a finger, which may cross there, the nearest one. */
  function nearestWire({ clientX, clientY }) {
    const at = new DOMPoint(clientX, clientY).matrixTransform(svg.getScreenCTM().inverse());
    const away = edges.map((part) => {
      const path = byId[part].querySelector("path"), length = path.getTotalLength();
      const [p, q] = [0, length].map((along) => path.getPointAtLength(along));
      const share = ((at.x - p.x) * (q.x - p.x) + (at.y - p.y) * (q.y - p.y)) / length ** 2;
      const foot = Math.min(Math.max(share, 0), 1);
      return Math.hypot(p.x + foot * (q.x - p.x) - at.x, p.y + foot * (q.y - p.y) - at.y);
    });
    return edges[away.indexOf(Math.min(...away))];
  }

  // What is shown now: a function of the model's step, selection and frame ------------------------------------------

  let values = {}, before = null; // the numbers, and those from before a gradient step that was just taken
  const step = () => story.steps[model.get("step")];
  const targets = story.slots.filter((name) => kindOf(name) === "y");
  const numberOf = (part) => byId[ofKind(part, "value")].querySelector("text");
  const partOf = (select) =>
    select === "C" ? "cost" : select && ofKind(select, kindOf(select) === "w" ? "edge" : "neuron");

  /** The quantity that a part shows at this step, such as "delta-2-3", or "" if it is not computed yet. */
  function quantity(part) {
    const kind = kindOf(part), { shows, wires } = step();
    if (kind === "cost") return shows.C;
    const symbol = (kind === "neuron" ? shows : wires)[placeOf(part)[0]];
    return symbol && ofKind(part, symbol);
  }

  // Parts whose number is still on its way to this step, and what they show meanwhile: a slot, or "" for nothing.
  let coming = new Map();
  const shownBy = (part) => coming.get(part) ?? quantity(part);

  /** The number of a quantity; some are the same number as another. */
  const valueOf = (name) => values[ofKind(name, story.same[kindOf(name)] ?? kindOf(name))];

  /** What the story tells of a quantity or a slider: the entry of its layer, and its neurons j and k. */
  function told(table, name) {
    const [layer, j, k] = placeOf(name);
    return [table[layer ? named(kindOf(name), layer) : name], { j, k }];
  }
  const changeable = (part) => {
    const kinds = { edge: ["w"], neuron: ["x", "b", "y"] }[kindOf(part)];
    return kinds ? kinds.map((kind) => ofKind(part, kind)).filter((name) => name in values) : targets;
  };

  /** A number on the picture, smaller if it is long. */
  function write(text, number, usual, room) {
    if (text.textContent === number) return; // a browser would lay it out and paint it again
    text.textContent = number;
    text.style.fontSize = number.length > room ? `${(usual * room) / number.length}px` : "";
  }

  const type = story.sizes_of_type;
  let sliders = []; // those on the page: { name, input, output }
  function drawNumbers() {
    for (const part of neurons) {
      const name = shownBy(part), value = name ? valueOf(name) : NaN; // softmax has no σ′ of one neuron
      write(numberOf(part), coming.has(part) && Number.isNaN(value) || !name ? "" : say(value), type.number, 7);
    }
    const cost = shownBy("cost") && say(values.C);
    write(byId["value-cost"].querySelector("text"), cost, type.number, 6);
    for (const name of targets) {
      write(byId[`value-${name}`].querySelector("text"), `= ${say(values[name])}`, type.target, 9);
    }
    drawWires();
    const was = before ? `, before the step ${say(before.C)}` : "";
    one(".cost").textContent = cost && `Cost Cₓ = ${cost}${was}`;
    const panel = one(".panel");
    fillSlots(panel, values, model.get("digits"));
    fillSlots(panel, before ?? values, model.get("digits"), "before");
    panel.classList.toggle("unstepped", !before && panel.querySelector("[data-before]") !== null);
    for (const { name, input, output } of sliders) {
      const value = values[name], { low, high } = told(story.sliders, name)[0];
      const [min, max] = [Math.min(low, Math.floor(value)), Math.max(high, Math.ceil(value))];
      output.textContent = say(value);
      if (Number(input.min) !== min || Number(input.max) !== max) Object.assign(input, { min, max });
      if (!isWaiting()) input.value = value;
    }
    describe();
    lookAgain();
  }

  /** The numbers on the wires, where the step shows them. */
  function drawWires() {
    const symbol = coming.has("w") ? "" : step().shows.w;
    one(".root").classList.toggle("numbered", Boolean(symbol));
    if (!symbol) return;
    const carried = edges.map((part) => values[ofKind(part, symbol)]);
    const largest = Math.max(...carried.map(Math.abs), 1e-12);
    for (const [n, part] of edges.entries()) {
      byId[part].style.setProperty("--width", `${0.6 + (4.4 * Math.abs(carried[n])) / largest}px`);
      byId[part].classList.toggle("negative", carried[n] < 0);
      const text = byId[ofKind(part, "label")]?.querySelector("text");
      if (text) write(text, say(carried[n]), type.label, 7);
    }
  }

  function drawStep() {
    const { name, title, text, shows } = step();
    const isKnown = (part, symbol) => Boolean(symbol) && !coming.has(part);
    for (const part of neurons) {
      const symbol = shows[placeOf(part)[0]];
      byId[part].classList.toggle("unknown", !isKnown(part, symbol));
      for (const other of story.symbols) {
        const node = byId[ofKind(part, `symbol-${other}`)];
        if (!node) continue;
        node.style.display = (symbol || "a") === other ? "" : "none";
        node.classList.toggle("unknown", !isKnown(part, symbol));
      }
    }
    for (const id of ["cost", "symbol-cost"]) byId[id].classList.toggle("unknown", !isKnown("cost", shows.C));
    one(".step").value = model.get("step");
    one(".step").setAttribute("aria-valuetext", title);
    one(".title").textContent = title;
    one(".text").textContent = text;
    one(".descent").hidden = name !== "descent";
    drawChoice();
  }

  function drawChoice() {
    const chosen = partOf(model.get("select"));
    const [entry, at] = told(story.equations, (chosen && quantity(chosen)) || "none");
    const asked = model.get("lit"); // something beside the picture lights what it speaks of
    const read = (entry?.parts ?? []).map((part) => withIndices(part, at));
    const lit = new Set(asked.length ? asked : chosen ? [chosen, ...read] : []);
    for (const part of parts) {
      byId[part].classList.toggle("lit", lit.has(part));
      byId[part].classList.toggle("chosen", part === chosen);
      byId[part].setAttribute("aria-pressed", part === chosen);
      byId[part].setAttribute("tabindex", part === (chosen || parts[0]) ? 0 : -1);
    }
    for (const part of edges) {
      for (const also of ["arrow", "label"]) byId[ofKind(part, also)]?.classList.toggle("lit", lit.has(part));
    }
    drawPanel(chosen, entry, at);
    drawNumbers();
    if (chosen) requestAnimationFrame(() => bringIntoSight(byId[chosen]));
  }

  /** What is chosen, in a picture that is wider than the page. */
  function bringIntoSight(node) {
    const part = node.getBoundingClientRect(), sight = picture.getBoundingClientRect();
    if (part.left < sight.left || part.right > sight.right)
      picture.scrollLeft += (part.left + part.right - sight.left - sight.right) / 2;
  }

  function drawPanel(chosen, entry, at) {
    const panel = one(".panel");
    sliders = sliders.filter(({ input }) => !panel.contains(input));
    panel.replaceChildren();
    const line = (textContent, className) => {
      panel.append(Object.assign(document.createElement("p"), { textContent, className }));
    };
    if (!chosen) return line("Choose a neuron, a wire or the cost to see its equation and to change its numbers.", "faint");
    const names = changeable(chosen), isWire = kindOf(chosen) === "edge";
    if (entry) line(inWords(entry.title, at), "title");
    else if (isWire) line(`The ${spoken(chosen).split(",")[0]}`, "title");
    if (!entry) line(isWire ? "Nothing has arrived at this wire yet." : "Not computed yet at this step.", "faint");
    const own = () => panel.append(...names.map(slider));
    if (isWire) own();
    if (entry?.general) panel.insertAdjacentHTML("beforeend", formula([entry.general]));
    for (const row of entry?.rows ?? []) {
      panel.insertAdjacentHTML("beforeend", formula(row.map((piece) => withIndices(piece, at))));
    }
    if (!isWire) own();
  }

  function slider(name) {
    const [{ said, symbol, title }, at] = told(story.sliders, name);
    const label = Object.assign(document.createElement("label"), { className: "weight", title: inWords(title, at) });
    const input = Object.assign(document.createElement("input"), { type: "range", step: SLIDER_STEP, disabled: noKernel });
    input.dataset.name = name;
    input.setAttribute("aria-label", `${inWords(title, at)}, ${inWords(said, at, true)}`);
    const output = document.createElement("output");
    label.innerHTML = `<math>${withIndices(symbol, at)}</math>`;
    label.append(input, output);
    input.oninput = () => ask({ change: [name, Number(input.value)] });
    sliders.push({ name, input, output });
    return label;
  }

  /** What a part is, and its number if there is one, as a screen reader says it. */
  function spoken(part) {
    const [layer, neuron, from] = placeOf(part);
    const name = from && !step().shows.w ? ofKind(part, "w") : quantity(part);
    const place = part === "cost" ? "the cost" : `${from ? `wire from neuron ${from} of layer ${layer - 1} to ` : ""}` +
      `neuron ${neuron} of layer ${layer}`;
    if (!name) return `${place}, not computed yet`;
    const [{ said }, at] = told(kindOf(name) === "w" ? story.sliders : story.equations, name);
    return `${place}, ${part === "cost" ? "Cₓ" : inWords(said, at, true)} = ${say(valueOf(name))}`;
  }

  function describe() {
    const chosen = partOf(model.get("select"));
    const text = `Step ${model.get("step") + 1} of ${story.steps.length}: ${step().title}. ${one(".cost").textContent}. ` +
      (chosen ? spoken(chosen) : "");
    if (one(".description").textContent !== text) one(".description").textContent = text;
    for (const part of parts) {
      if (byId[part].ariaLabel !== spoken(part)) byId[part].ariaLabel = spoken(part);
    }
  }

  // What can be chosen: the sample, the functions, the digits --------------------------------------------------------

  function drawChoices() {
    const box = one(".choices .controls");
    box.replaceChildren();
    const functions = Object.keys(story.choices).length ? "functions, " : "";
    one("summary").textContent = `Sample, ${functions}digits`;
    const samples = model.get("samples"), number = { type: "number", min: 0, step: 1 };
    if (samples > 1) {
      const options = { ...number, max: samples - 1, value: model.get("sample"), className: "sample" };
      addField(box, `Sample (0 to ${samples - 1})`, "input", options, (n) => ask({ sample: Number(n) }));
    }
    for (const [name, { label, options, now }] of Object.entries(story.choices)) {
      const field = addField(box, label, "select", { className: name }, (text) => ask({ choose: [name, text] }));
      field.append(...options.map((option) => new Option(option.replaceAll("_", " "), option)));
      field.value = now;
    }
    for (const field of box.querySelectorAll("input, select")) field.disabled = noKernel;
    const digits = { ...number, max: 12, value: model.get("digits"), className: "digits" };
    addField(box, "Digits (0 to 12)", "input", digits, (n) => set("digits", Math.min(Math.max(Math.round(n), 0), 12)));
  }

  // What the hand does ----------------------------------------------------------------------------------------------

  function choose(part) {
    set("select", part === "cost" ? "C" : kindOf(part) === "edge" ? ofKind(part, "w")
      : quantity(part) || ofKind(part, "a"));
    byId[part].focus({ preventScroll: true });
  }

  function goTo(n) {
    const to = Math.min(Math.max(n, 0), story.steps.length - 1);
    if (to !== model.get("step")) set("step", to);
  }

  const { ask, answered, isWaiting, leave } = asker(model, (sentence, sent) => {
    drawAnswer(sent);
    one(".problem").textContent = sentence;
  });
  stop.push(leave);

  function onFrame() {
    showProblem(); // first, for the next change may get no answer
    const sent = answered();
    before = sent?.descend && !model.get("problem") ? values : null;
    values = readNumbers(model.get("frame"), story.slots);
    drawAnswer(sent);
  }
  function drawAnswer(sent) { // what was refused or not answered goes back to what is
    drawNumbers();
    if (sent?.choose || sent?.sample !== undefined) drawChoices();
  }
  const showProblem = () => (one(".problem").textContent = model.get("problem"));
  const drawQuiet = () => one(".root").classList.toggle("quiet", model.get("quiet"));

  // Playing: a step is shown, and then its numbers travel along the wires and gather in the neurons -------------------

  const still = matchMedia("(prefers-reduced-motion: reduce)");
  const moving = new Set(); // the animations under way; a wait is one too, so that all of it can be paused
  let heading = null; // the step that plays, or comes after a rest
  let run = 0; // grows with each start and stop: what finishes late sees that it is no longer wanted
  let undo = []; // what a phase has put into the picture

  function animate(node, frames, duration, easing = "linear") {
    const animation = node.animate(frames, { duration, easing, fill: "both" });
    moving.add(animation);
    return animation.finished.then(() => moving.delete(animation));
  }
  const wait = (ms) => animate(picture, null, ms);
  const clear = () => undo.splice(0).forEach((take) => take());
  const showPlay = (playing) => (one(".play").textContent = playing ? "Pause" : "Play");
  /** Shows a step whose numbers are on their way. */
  function depart(to) {
    const [was, now] = [story.steps[to - 1].shows, story.steps[to].shows];
    const key = (part) => ({ cost: "C", w: "w" })[part] ?? placeOf(part)[0];
    const parts = [...neurons, "cost", "w"].filter((part) => was[key(part)] !== now[key(part)]);
    coming = new Map(parts.map((part) => [part, ""]));
    to === model.get("step") ? drawStep() : goTo(to);
  }
  function arrive() {
    if (!coming.size) return;
    coming = new Map();
    drawStep();
  }
  function halt() {
    run++;
    heading = null;
    for (const animation of moving) animation.cancel();
    moving.clear();
    clear();
    showPlay(false);
    arrive();
  }
  stop.push(halt);

  function pulse([name, wire, start, end], largest) {
    const value = values[name], size = Math.abs(value) / largest;
    const path = byId[wire].querySelector("path"), length = path.getTotalLength();
    const [from, to] = [start, end].map((share) => path.getPointAtLength(share * length));
    const node = document.createElementNS(SVG, "g");
    const radius = 4 + 6 * Math.sqrt(size), half = radius / 2, way = Math.hypot(to.x - from.x, to.y - from.y);
    const [ux, uy] = [(from.x - to.x) / way, (from.y - to.y) / way].map((part) => part * (radius + 16));
    node.setAttribute("class", value < 0 ? "pulse negative" : "pulse");
    node.innerHTML = `<path class="tail" d="M0 0L${ux} ${uy}" style="stroke-width:${radius}px"></path>
      <circle r="${radius}"></circle><path d="M${-half} 0H${half}${value < 0 ? "" : `M0 ${-half}V${half}`}"></path>`;
    svg.append(node);
    undo.push(() => node.remove());
    const at = (point) => ({ transform: `translate(${point.x}px, ${point.y}px)` });
    return animate(node, [at(from), at(to)], TRAVEL_MS, "ease-in-out");
  }

  function passing({ caption, slot, layer }) {
    for (const part of neurons.filter((neuron) => placeOf(neuron)[0] === String(layer))) {
      const number = numberOf(part);
      const text = document.createElementNS(SVG, "text");
      Object.assign(text, { textContent: caption }).setAttribute("class", "caption");
      for (const [name, down] of [["x", 0], ["y", 22]]) text.setAttribute(name, number.getAttribute(name) - down);
      const symbols = story.symbols.map((kind) => byId[ofKind(part, `symbol-${kind}`)])
        .filter((node) => node && node.style.display !== "none");
      for (const node of symbols) node.style.visibility = "hidden";
      svg.append(text);
      coming.set(part, ofKind(part, slot));
      undo.push(() => (text.remove(), symbols.forEach((node) => (node.style.visibility = "")), coming.set(part, "")));
    }
    drawNumbers();
    return wait(DWELL_MS);
  }

  /** Plays what leads to each of the steps `to` to `end`, resting between them. */
  async function play(to, end, rest = 0) {
    halt();
    const mine = run;
    showPlay(true);
    try {
      for (; to <= end; to++) {
        heading = to;
        if (rest) await wait(rest);
        const phases = still.matches ? [] : story.steps[to].phases;
        phases.length ? depart(to) : goTo(to);
        if (run !== mine) return; // who heard of the step went elsewhere
        for (const phase of phases) {
          const largest = Math.max(...(phase.pulses ?? []).map(([name]) => Math.abs(values[name])), 1e-12);
          await (phase.pulses ? Promise.all(phase.pulses.map((flying) => pulse(flying, largest))) : passing(phase));
          clear();
        }
        arrive();
        rest = DWELL_MS;
      }
    } catch (error) {
      if (run === mine) throw error; // else it was cancelled
      return;
    }
    halt();
  }
  const land = (to) => (halt(), goTo(to)), back = () => land(model.get("step") - 1);
  function advance() { // a second press does not wait for the first
    const next = model.get("step") + 1;
    if (heading !== null) land(heading);
    else if (next < story.steps.length) play(next, next);
  }
  function playOrPause() {
    const paused = [...moving].some((animation) => animation.playState === "paused"), end = story.steps.length - 1;
    for (const animation of moving) paused ? animation.play() : animation.pause();
    if (moving.size) return showPlay(paused);
    if (model.get("step") === end) goTo(0);
    play(model.get("step") + 1, end, DWELL_MS);
  }

  // Listeners -------------------------------------------------------------------------------------------------------

  on(one(".back"), "click", back);
  on(one(".next"), "click", advance);
  on(one(".play"), "click", playOrPause);
  on(one(".step"), "input", (event) => land(Number(event.target.value)));
  on(one(".reset"), "click", () => ask({ reset: true }));
  on(one(".descend"), "click", () => ask({ descend: true }));
  on(picture, "keydown", (event) => {
    const here = parts.indexOf(root.activeElement?.id);
    const open = () => (choose(parts[here]), one(".panel input")?.focus());
    const moves = {
      ArrowRight: advance,
      ArrowLeft: back,
      ArrowDown: () => choose(parts[Math.min(here + 1, parts.length - 1)]),
      ArrowUp: () => choose(parts[Math.max(here - 1, 0)]),
      Home: () => choose(parts[0]),
      End: () => choose(parts.at(-1)),
      Enter: open,
      " ": open,
      p: playOrPause,
    };
    if (here < 0 || !moves[event.key] || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    moves[event.key]();
  });
  const onStep = () => (heading !== null && model.get("step") !== heading && halt(), drawStep()); // another hand's
  const onStory = () => ((story = model.get("story")), drawChoices(), drawStep());
  const onPlaying = () => (model.get("playing") ? play(model.get("playing"), model.get("playing")) : halt());
  const changes = { frame: onFrame, step: onStep, select: drawChoice, lit: drawChoice, problem: showProblem };
  Object.assign(changes, { quiet: drawQuiet, playing: onPlaying, story: onStory, sample: drawChoices });
  changes.digits = () => (drawChoices(), drawNumbers());
  for (const [name, handler] of Object.entries(changes)) {
    model.on(`change:${name}`, handler);
    stop.push(() => model.off(`change:${name}`, handler));
  }

  one(".step").max = story.steps.length - 1;
  values = readNumbers(model.get("frame"), story.slots);
  one(".descent").append(slider("eta"));
  one(".descent label").className = "rate";
  for (const name of [".reset", ".descend"]) one(name).disabled = noKernel;
  if (noKernel) one(".told").insertAdjacentHTML("afterend", `<div class="faint">${NO_KERNEL}</div>`);
  drawQuiet();
  drawChoices();
  drawStep();
  showProblem();
  return () => {
    ending.abort();
    for (const leave of stop) leave();
    closePage(root);
  };
}

export default { render };
