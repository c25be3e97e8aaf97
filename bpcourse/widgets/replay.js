// A training beside the live network: a slider over its epochs, the cost curve, and every sample, right or wrong.
// It plays what Python computed: it puts an epoch's numbers into the network's model, whose picture follows by itself.
// common.js stands before this file.

const EPOCH_MS = 120; // an epoch while playing
const CROSS = "M-3.5 -3.5L3.5 3.5M-3.5 3.5L3.5 -3.5";
const CURVE = { width: 380, height: 132, left: 44, right: 372, top: 20, bottom: 96 };
const MAP = { width: 380, height: 236, left: 44, right: 372, top: 8, bottom: 200 };
const PAGE = `
  <div class="controls">
    <button class="back" aria-label="Previous epoch">◀</button>
    <button class="play">Play training</button>
    <button class="next" aria-label="Next epoch">▶</button>
    <label class="epochs"><span class="unseen">Epoch</span><input class="epoch" type="range" min="0" step="1"></label>
  </div>
  <div class="controls training"><button class="train">Stop</button> <span class="progress"></span></div>
  <div class="told"><span class="title"></span> <span class="numbers"></span></div>
  <div class="stopped"></div>
  <svg class="curve" viewBox="0 0 ${CURVE.width} ${CURVE.height}" role="img"></svg>
  <div class="map"><canvas></canvas><svg viewBox="0 0 ${MAP.width} ${MAP.height}" role="img"></svg></div>
  <div class="legend faint"></div>
  <div class="controls">
    <button class="mistake">Next mistake</button>
    <span class="sample"></span>
  </div>
  <div class="note faint"></div>
  <div class="problem" role="alert"></div>
  <div class="unseen description" aria-live="polite"></div>
`;

async function render({ model, el }) {
  const story = model.get("story");
  const flow = await model.widget_manager.get_model(model.get("flow").replace("IPY_MODEL_", ""));
  const root = openPage(model, el, "bpcourse-replay", STYLE, PAGE);
  const one = (selector) => root.querySelector(selector);
  const ending = new AbortController(); // every listener leaves with the view
  const on = (target, type, handler) => target.addEventListener(type, handler, { signal: ending.signal });
  const shape = (name, attributes) => {
    const node = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
    return node;
  };
  const write = (svg, x, y, textContent, more = {}) =>
    svg.append(Object.assign(shape("text", { x, y, ...more }), { textContent }));

  // What is shown now: a function of the epoch, the chosen sample and the bytes of all epochs ------------------------

  const epochs = () => model.get("epochs"), samples = story.truth.length;
  /** The place of the epoch among those that are here, or of the nearest one before it. */
  const place = () => Math.max(0, epochs().findLastIndex((epoch) => epoch <= model.get("epoch")));
  function piece(name, n) { // what a trait of bytes holds of the n-th epoch
    const bytes = model.get(name), length = bytes.byteLength / epochs().length;
    return new Uint8Array(bytes.buffer, bytes.byteOffset + n * length, length);
  }
  const look = (n) => story.looks[n]; // the colour and the shape of a class
  const rgb = (colour) => [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
  const truth = story.truth, classOf = (n) => story.classes[n];
  const mistakes = () => [...piece("marks", place()).entries()].filter(([n, said]) => said !== truth[n]).map(([n]) => n);

  /** Puts the epoch's numbers into the live network. */
  function showFrame() {
    if (isShown()) return;
    const bytes = piece("frames", place()).slice();
    tell(flow, { frame: new DataView(bytes.buffer) });
  }
  /** Whether the live network shows this epoch's numbers; the first number of a frame is a counter. */
  function isShown() {
    const bytes = flow.get("frame"), ours = piece("frames", place());
    const theirs = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return theirs.length === ours.length && theirs.every((byte, n) => n < 8 || byte === ours[n]);
  }

  const curve = one(".curve"), map = one(".map svg"), canvas = one("canvas");
  const along = (box, share) => box.left + share * (box.right - box.left);
  const upTo = (box, share) => box.bottom - share * (box.bottom - box.top);

  function drawCurve() {
    const cost = model.get("cost"), last = cost.length - 1, most = Math.max(...cost) || 1;
    const at = (n) => [along(CURVE, last ? n / last : 0), upTo(CURVE, cost[n] / most)].map((n) => n.toFixed(1));
    const path = cost.map((_, n) => at(n).join(" ")).join("L");
    curve.replaceChildren(
      shape("path", { class: "axis", d: `M${CURVE.left} ${CURVE.top}V${CURVE.bottom}H${CURVE.right}` }),
      shape("path", { class: "cost", d: `M${path}` }),
      shape("path", { class: "here" }), shape("circle", { class: "dot", r: 5.5 }),
    );
    write(curve, CURVE.left - 6, CURVE.top + 5, shown(most, 2), { class: "end" });
    write(curve, CURVE.left - 6, CURVE.bottom + 4, "0", { class: "end" });
    write(curve, CURVE.left, CURVE.bottom + 17, "0", { class: "middle" });
    if (last) write(curve, CURVE.right, CURVE.bottom + 17, String(last), { class: "end" });
    write(curve, along(CURVE, 0.5), CURVE.bottom + 30, "epoch", { class: "middle" });
    write(curve, CURVE.left - 6, 11, "cost C");
    const early = training() === "rests" ? "" : model.get("stopped"); // at rest, it may go on
    one(".stopped").textContent = early ? `The training ended early: ${early}.` : "";
    drawEpoch();
  }

  const training = () => (model.noKernel ? "" : model.get("training"));
  /** The button of a training that goes on in Python, and how far it is. */
  function drawTraining() {
    const state = training();
    one(".training").hidden = !state;
    one(".train").textContent = state === "runs" ? "Stop" : "Go on";
    one(".progress").textContent = model.get("progress");
    enable(one(".train"), state !== "over", one(".epoch"));
  }
  function onTraining() {
    one(".problem").textContent = "";
    button.answered();
    drawTraining();
    drawCurve(); // whether it ended early
    queueMicrotask(() => { // behind what else has changed with it
      const state = training(), words = state === "runs" ? "" : inWords();
      if (state) one(".description")?.replaceChildren(`${model.get("progress")} ${words}`);
    });
  }

  const birds = []; // of each sample: its node
  function buildMap() {
    const [across, up] = story.sides;
    map.append(shape("path", { class: "axis", d: `M${MAP.left} ${MAP.top}V${MAP.bottom}H${MAP.right}` }));
    for (const [text, share] of across.ticks) {
      write(map, along(MAP, share), MAP.bottom + 16, text, { class: "middle" });
    }
    for (const [text, share] of up.ticks) write(map, MAP.left - 6, upTo(MAP, share) + 4, text, { class: "end" });
    write(map, along(MAP, 0.5), MAP.bottom + 31, across.name, { class: "middle name" });
    const middle = upTo(MAP, 0.5);
    write(map, 14, middle, up.name, { class: "middle", transform: `rotate(-90 14 ${middle})` });
    for (let n = 0; n < samples; n++) {
      const x = along(MAP, across.places[n]).toFixed(1), y = upTo(MAP, up.places[n]).toFixed(1);
      const node = shape("g", { class: "bird", transform: `translate(${x} ${y})` });
      node.style.setProperty("--colour", look(truth[n]).colour);
      node.dataset.sample = n;
      node.append(shape("path", { d: look(truth[n]).shape }));
      birds.push(node);
    }
    map.append(...birds, shape("circle", { class: "chosen", r: 13 }));
    one(".legend").innerHTML = story.classes.map((_, n) => `<span><svg viewBox="-6 -6 12 12"><path
      d="${look(n).shape}" fill="${look(n).colour}"></path></svg> <b></b></span>`).join("") +
      `<span class="bird wrong"><svg viewBox="-5 -5 10 10"><path class="cross" d="${CROSS}"></path></svg> wrong</span>`;
    for (const [n, name] of one(".legend").querySelectorAll("b").entries()) name.textContent = classOf(n);
    const others = story.others.join(" and ");
    one(".legend").append(Object.assign(document.createElement("span"), { className: "shading",
      textContent: `The shading is what it says of a sample${others ? ` with average ${others}` : ""}.` }));
    canvas.width = canvas.height = story.grid;
    Object.assign(canvas.style, { left: `${(100 * MAP.left) / MAP.width}%`, top: `${(100 * MAP.top) / MAP.height}%`,
      width: `${(100 * (MAP.right - MAP.left)) / MAP.width}%`, height: `${(100 * (MAP.bottom - MAP.top)) / MAP.height}%` });
  }

  /** The shading of the map, one pixel a field; the browser makes the pixels large and soft. */
  function drawFields(n) {
    const context = canvas.getContext("2d"), image = context.createImageData(story.grid, story.grid);
    for (const [field, said] of piece("fields", n).entries()) {
      image.data.set([...rgb(look(said).colour), 52], 4 * field);
    }
    context.putImageData(image, 0, 0);
  }

  function drawEpoch() {
    const n = place(), epoch = epochs()[n], cost = model.get("cost"), last = cost.length - 1, wrong = new Set(mistakes());
    const x = along(CURVE, last ? epoch / last : 0), y = upTo(CURVE, cost[epoch] / (Math.max(...cost) || 1));
    curve.querySelector(".here").setAttribute("d", `M${x} ${CURVE.top}V${CURVE.bottom}`);
    const dot = curve.querySelector(".dot");
    [["cx", x], ["cy", y]].forEach(([name, value]) => dot.setAttribute(name, value));
    for (const [sample, node] of birds.entries()) {
      const isWrong = wrong.has(sample);
      if (node.classList.contains("wrong") === isWrong) continue;
      node.classList.toggle("wrong", isWrong);
      if (!isWrong) node.lastChild.remove();
      else node.append(shape("path", { class: "cross", d: CROSS })), map.querySelector(".chosen").before(node); // on top
    }
    drawFields(n);
    one(".title").textContent = `Epoch ${epoch} of ${last}`;
    one(".numbers").textContent =
      `cost ${shown(cost[epoch], 4)}, ${shown(100 * model.get("right")[epoch], 1)} % right, ${wrong.size} of ${samples} wrong`;
    one(".epoch").max = epochs().length - 1;
    one(".epoch").value = n;
    one(".epoch").setAttribute("aria-valuetext", `epoch ${epoch} of ${last}`);
    curve.setAttribute("aria-label", `Cost by epoch: ${shown(cost[0], 3)} before training, ${shown(cost[last], 3)} after ` +
      `epoch ${last}; marked: ${shown(cost[epoch], 3)} at epoch ${epoch}.`);
    map.setAttribute("aria-label", `${samples} samples by ${story.sides.map((side) => side.name).join(" and ")}; ` +
      `wrong at epoch ${epoch}: ${[...wrong].slice(0, 12).join(", ") || "none"}${wrong.size > 12 ? ", …" : ""}.`);
    enable(one(".back"), n > 0, one(".epoch"));
    enable(one(".next"), n < epochs().length - 1, one(".epoch"));
    enable(one(".mistake"), wrong.size > 0 && flow.get("samples") > 1, one(".epoch"));
    drawSample();
  }

  function drawSample() {
    const n = flow.get("sample"), said = piece("marks", place())[n];
    const ring = map.querySelector(".chosen");
    ring.setAttribute("transform", birds[n].getAttribute("transform"));
    const verdict = said === truth[n] ? "right" : "wrong";
    one(".sample").textContent = `Sample ${n}, ${classOf(truth[n])}: it says ${classOf(said)}, ${verdict}.`;
    drawNote();
    if (!timer && training() !== "runs") one(".description").textContent = inWords();
  }
  const inWords = () => `${one(".title").textContent}: ${one(".numbers").textContent}. ${one(".sample").textContent}`;
  const drawNote = () => (one(".note").textContent = isShown() ? ""
    : "The network on the picture was changed by hand. Move the slider, and it is that of an epoch again.");

  // What the hand does -----------------------------------------------------------------------------------------------

  let timer = 0;
  function pause() {
    clearInterval(timer);
    timer = 0;
    one(".play").textContent = "Play training";
    drawSample();
  }
  function goTo(n) {
    const last = epochs().length - 1;
    tell(model, { epoch: epochs()[Math.min(Math.max(n, 0), last)], follows: n >= last });
    showFrame();
  }
  const step = (by) => (pause(), goTo(place() + by));
  function playOrPause() {
    if (timer) return pause();
    if (place() === epochs().length - 1) goTo(0);
    one(".play").textContent = "Pause";
    timer = setInterval(() => {
      goTo(place() + 1);
      if (place() === epochs().length - 1) pause();
    }, EPOCH_MS);
  }
  function nextMistake() {
    const wrong = mistakes(), now = flow.get("sample");
    choose(wrong.find((n) => n > now) ?? wrong[0]);
  }
  const complain = (sentence) => (one(".problem").textContent = sentence);
  const { ask, answered, leave } = asker(flow, complain), button = asker(model, complain);
  function choose(sample) {
    if (!model.noKernel && sample !== flow.get("sample")) ask({ sample });
  }
  function onFrame() {
    one(".problem").textContent = "";
    answered();
    drawNote();
  }

  on(one(".back"), "click", () => step(-1));
  on(one(".next"), "click", () => step(1));
  on(one(".play"), "click", playOrPause);
  on(one(".mistake"), "click", nextMistake);
  on(one(".train"), "click", () => button.ask({ train: training() !== "runs" }));
  on(one(".epoch"), "input", (event) => (pause(), goTo(Number(event.target.value))));
  on(map, "click", (event) => {
    const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(map.getScreenCTM().inverse());
    const away = birds.map((_, n) => Math.hypot(along(MAP, story.sides[0].places[n]) - at.x,
      upTo(MAP, story.sides[1].places[n]) - at.y));
    const nearest = Math.min(...away);
    if (nearest < 14) choose(away.indexOf(nearest));
  });
  const follow = (event) => {
    const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(curve.getScreenCTM().inverse());
    const last = model.get("cost").length - 1, epoch = (last * (at.x - CURVE.left)) / (CURVE.right - CURVE.left);
    pause();
    goTo(Math.max(0, epochs().findLastIndex((known) => known <= epoch + 0.5)));
  };
  on(curve, "pointerdown", (event) => (curve.setPointerCapture(event.pointerId), follow(event)));
  on(curve, "pointermove", (event) => event.buttons && follow(event));
  on(one(".root"), "keydown", (event) => {
    if (event.key !== "p" || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    playOrPause();
  });

  const ours = { "change:epoch": () => (drawEpoch(), showFrame()), "change:cost": drawCurve, "change:stopped": drawCurve };
  Object.assign(ours, { "change:marks": drawEpoch, "change:frames": drawNote });
  Object.assign(ours, { "change:training": onTraining, "change:progress": drawTraining });
  const theirs = { "change:frame": onFrame, "change:sample": drawSample };
  const listen = (how) => {
    for (const [name, handler] of Object.entries(ours)) model[how](name, handler);
    for (const [name, handler] of Object.entries(theirs)) flow[how](name, handler);
  };
  buildMap();
  drawTraining();
  drawCurve();
  listen("on");
  one(".mistake").hidden = Boolean(model.noKernel);
  return () => {
    clearInterval(timer);
    leave();
    button.leave();
    ending.abort();
    listen("off");
    closePage(root);
  };
}

export default { render };
