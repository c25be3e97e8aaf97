// The weights of one layer as a table beside the live network. It reads the network's model in the browser: its frame,
// step and selection; and it chooses and lights parts of the picture there. It computes nothing.
// common.js stands before this file.

const TURN_MS = 400;
const PAGE = `
  <div class="controls">
    <fieldset class="controls layers"><legend class="unseen">The weights into which layer</legend></fieldset>
    <label><input class="turn" type="checkbox"><span><kbd>t</kbd>ranspose <math></math></span></label>
  </div>
  <div class="scroll"><table><caption></caption><thead></thead><tbody></tbody></table></div>
  <div class="told">
    <p class="sentence"><b></b><span></span></p>
    <div class="formulas"></div>
    <p class="missing faint"></p>
  </div>
  <div class="unseen description" aria-live="polite"></div>
`;
const GONE = "The picture that this table belongs to is gone. Run the cell of this table again.";

async function render({ model, el }) {
  const story = model.get("story");
  const flow = await model.widget_manager.get_model(model.get("flow").replace("IPY_MODEL_", ""));
  const root = openPage(model, el, "bpcourse-matrix", STYLE, PAGE);
  const one = (selector) => root.querySelector(selector);
  const ending = new AbortController(); // every listener leaves with the view
  const on = (target, type, handler) => target.addEventListener(type, handler, { signal: ending.signal });
  const set = (where, name, value) => tell(where, { [name]: value });
  const lookAgain = markScrolling(root, ".scroll, .told", ending.signal);
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  const table = one("table");

  // What is shown now: a function of layer and transpose here, and of step, selection and frame of the picture --------

  const layer = () => model.get("layer"), turned = () => Number(model.get("transposed"));
  const told = () => story[layer()];
  const indices = (l) => Array.from({ length: flow.get("story").sizes[l - 1] }, (_, n) => n + 1);
  const say = (value) => shown(value, flow.get("digits"));
  const shows = (l) => flow.get("story").steps[flow.get("step")].shows[l]; // "" is not computed yet
  const hasErrors = (l) => flow.get("story").steps[flow.get("step")].errors.includes(l);

  /** What is chosen in the picture, seen from this table, a row, a column or a wire, and what it lights. */
  function chosen() {
    const [where, j, k] = placeOf(flow.get("select")), l = Number(where), n = layer();
    const cell = (j, k) => named("w", n, j, k), neuron = named("neuron", l, j);
    if (l === n && k) return { kind: "wire", at: { j, k }, cells: [cell(j, k)] };
    const row = () => indices(n - 1).map((k) => cell(j, k)), column = () => indices(n).map((to) => cell(to, j));
    if (l === n) return { kind: "row", at: { j }, cells: row(), header: `to-${j}`, neuron };
    if (l === n - 1 && !k) return { kind: "column", at: { j }, cells: column(), header: `from-${j}`, neuron };
    return { kind: "none", at: {}, cells: [] };
  }

  /** What is told with j, the neuron that is chosen, or with j and k, the two ends of a wire; in a sum k still runs. */
  function inMaths(text, at) {
    return Object.entries(at).reduce((bound, [letter, n]) => bound.replaceAll(`<mi>${letter}</mi>`, `<mn>${n}</mn>`)
      .replaceAll(new RegExp(`-${letter}\\b`, "g"), `-${n}`), text);
  }
  const spoken = (text, at) => inWords(text, at)
    .replace(/[ⱼₖ]/g, (letter) => inWords(letter === "ⱼ" ? "{j}" : "{k}", at, true));

  let places = []; // the names of the buttons, row by row; the corner has none
  let buttons = {}; // by name: "w-3-1-3", "to-1" for neuron 1 of the layer, "from-3" for neuron 3 of the one before
  let here = "to-1"; // the one that Tab reaches

  function build() {
    const l = layer(), t = turned(), to = indices(l), from = indices(l - 1);
    const hadFocus = table.contains(root.activeElement);
    const [down, across] = t ? [from, to] : [to, from], sides = t ? ["from", "to"] : ["to", "from"];
    const name = (row, column) => (t ? `w-${l}-${column}-${row}` : `w-${l}-${row}-${column}`);
    buttons = {};
    const cell = (tag, name, options) => {
      const node = Object.assign(document.createElement(tag), options);
      const button = Object.assign(document.createElement("button"), { tabIndex: -1 });
      button.dataset.name = name;
      if (tag === "th") button.innerHTML = `${name.replace("-", " ")}<span class="factor"></span>`;
      buttons[name] = button;
      node.append(button);
      return node;
    };
    const line = (...cells) => {
      const node = document.createElement("tr");
      node.append(...cells);
      return node;
    };
    const layers = { to: `to layer ${l}`, from: `from layer ${l - 1}` };
    const corner = Object.assign(document.createElement("td"), { className: "corner faint" });
    corner.innerHTML = `${layers[sides[1]]} →<br>${layers[sides[0]]} ↓`;
    const head = across.map((n) => cell("th", `${sides[1]}-${n}`, { scope: "col" }));
    const body = down.map((row) => line(cell("th", `${sides[0]}-${row}`, { scope: "row" }),
      ...across.map((column) => cell("td", name(row, column)))));
    one("thead").replaceChildren(line(corner, ...head));
    one("tbody").replaceChildren(...body);
    one("caption").innerHTML = `<span><math>${told().symbol[t]}</math></span>`;
    one("caption span").append(`: ${told().shape[t]}`);
    places = [[null, ...head], ...body.map((row) => [...row.children])]
      .map((row) => row.map((node) => node?.firstChild.dataset.name));
    for (const [value, input] of Object.entries(radios)) input.checked = Number(value) === l;
    one(".turn").checked = t;
    one(".turn + span math").innerHTML = told().symbol[1];
    stand(buttons[here] ? here : "to-1", hadFocus);
  }

  /** Makes a button the one that Tab reaches. */
  function stand(name, focused) {
    buttons[here]?.setAttribute("tabindex", -1);
    here = name;
    buttons[here].tabIndex = 0;
    if (focused) buttons[here].focus();
  }

  function draw() {
    const { kind, at, cells, header, neuron } = chosen(), { title, text } = told()[kind];
    for (const [name, button] of Object.entries(buttons)) {
      const lit = name === header || cells.includes(name), place = button.parentNode;
      place.classList.toggle("lit", lit);
      place.classList.toggle("used", name.startsWith({ row: "from", column: "to" }[kind] ?? "none"));
      button.setAttribute("aria-pressed", name === (header ?? cells[0]));
    }
    one(".sentence b").textContent = title ? spoken(title[turned()], at) : "";
    one(".sentence span").textContent = spoken(text[turned()], at);
    const [rows, missing] = formulas(kind, at);
    one(".formulas").innerHTML = rows.map((row) => formula(row.map((piece) => inMaths(piece, at)))).join("");
    one(".missing").textContent = missing ? `${spoken(missing, at)} not computed yet at this step.` : "";
    light(neuron ? [...cells.map((name) => ofKind(name, "edge")), neuron] : []);
    numbers();
  }

  /** Draws, and scrolls a table that is wider than its place to what is chosen, beside the names of the rows. */
  function look() {
    draw();
    const { header, cells } = chosen(), button = buttons[header ?? cells[0]];
    if (!button || button.parentNode.scope === "row") return;
    const scroll = one(".scroll"), place = scroll.getBoundingClientRect(), at = button.getBoundingClientRect();
    const names = one("tbody th").getBoundingClientRect().width;
    scroll.scrollLeft += Math.max(at.right + 10 - place.right, 0) - Math.max(place.left + names + 10 - at.left, 0);
  }

  /** The formulas of what is chosen, in numbers as far as they are known at this step, and what is missing. */
  function formulas(kind, at) {
    const l = layer(), { general, numbers, missing } = told()[kind];
    if (kind === "wire") {
      const { equations } = flow.get("story");
      const ways = [shows(l - 1) && equations[`forth-${l}`], hasErrors(l) && equations[`back-${l}`]].filter(Boolean);
      return [ways.map(({ rows }) => rows[0]), ways.length ? "" : missing[0]];
    }
    if (!general) return [[], ""];
    const [factors, sum] = kind === "row" ? [shows(l - 1), shows(l)] : [hasErrors(l), hasErrors(l - 1)];
    if (sum) return [[general, numbers], ""];
    return factors ? [[general, numbers.slice(0, -1)], missing[1]] : [[general], missing[0]];
  }

  function numbers() {
    const { kind, cells } = chosen(), l = layer();
    const values = readNumbers(flow.get("frame"), flow.get("story").slots);
    for (const [name, button] of Object.entries(buttons)) {
      const side = kindOf(name), index = placeOf(name), [, j, k] = index;
      if (side === "w") {
        button.textContent = say(values[name]);
        const called = spoken(`${told().said[0]}ⱼₖ`, { j, k }), lit = cells.includes(name) ? ", lit" : "";
        button.setAttribute("aria-label", `${called} = ${button.textContent}${lit}`);
        continue;
      }
      const { said, slot } = told()[side], own = { [side === "to" ? "j" : "k"]: index[0] };
      const known = side === "to" ? hasErrors(l) : shows(l - 1);
      button.lastChild.textContent = [spoken(said, own), ...(known ? [say(values[inMaths(slot, own)])] : [])].join(" ");
    }
    fillSlots(one(".formulas"), values, flow.get("digits"));
    const lit = `${one(".sentence b").textContent} lit: ${cells.map((name) => say(values[name])).join(", ")}.`;
    one(".description").textContent = kind === "none" ? one(".sentence").textContent : lit;
    lookAgain();
  }

  // The wires of the row or column light up in the picture. What others have lit there, such as another table, stays.
  let mine = [], alive = true;
  const isLit = (part) => flow.get("lit").includes(part);
  function light(parts) {
    if (parts.join() === mine.join() && parts.every(isLit)) return;
    const others = flow.get("lit").filter((part) => !mine.includes(part));
    mine = parts;
    set(flow, "lit", [...new Set([...others, ...parts])].sort());
  }
  const onLit = () => light(mine); // what a table that has left, or turned elsewhere, took along

  // What the hand does ----------------------------------------------------------------------------------------------

  function choose(name) {
    const side = kindOf(name), index = placeOf(name);
    stand(name);
    if (side === "w") return set(flow, "select", name);
    const l = side === "to" ? layer() : layer() - 1;
    set(flow, "select", named(shows(l) || "a", l, ...index));
  }

  /** The table turned: each number moves from where it stood to its mirrored place. */
  function turn() {
    const standing = (button) => button.getBoundingClientRect(), scroll = one(".scroll");
    const fits = () => scroll.scrollWidth <= scroll.clientWidth, fitted = fits();
    const before = Object.fromEntries(Object.entries(buttons).map(([name, button]) => [name, standing(button)]));
    build();
    look();
    if (still.matches) return;
    scroll.classList.toggle("turning", fitted && fits());
    const moves = Object.entries(buttons).map(([name, button]) => {
      const from = before[name], to = standing(button);
      const start = { transform: `translate(${from.x - to.x}px, ${from.y - to.y}px)` };
      return button.animate([start, { transform: "none" }], { duration: TURN_MS, easing: "ease-in-out" }).finished;
    });
    const more = () => table.getAnimations({ subtree: true }).length > 0; // turned again meanwhile
    Promise.allSettled(moves).then(() => scroll.classList.toggle("turning", more()));
  }

  const radios = {}; // by layer
  for (const [l, { symbol, said }] of Object.entries(story)) {
    const label = document.createElement("label");
    radios[l] = Object.assign(document.createElement("input"), { type: "radio", name: "layer", ariaLabel: said[0] });
    label.innerHTML = `<math>${symbol[0]}</math>`;
    label.prepend(radios[l]);
    one(".layers").append(label);
    on(radios[l], "change", () => set(model, "layer", Number(l)));
  }
  one(".layers").hidden = Object.keys(story).length < 2;
  on(one(".turn"), "change", () => set(model, "transposed", one(".turn").checked));
  on(table, "click", ({ target }) => {
    const button = target.closest("button");
    if (button) choose(button.dataset.name);
  });
  on(one(".root"), "keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const go = (down, across) => {
      const row = places.findIndex((names) => names.includes(here)), column = places[row].indexOf(here);
      const to = places[row + down]?.[column + across];
      if (to) stand(to, true);
    };
    const moves = { ArrowDown: [1, 0], ArrowUp: [-1, 0], ArrowRight: [0, 1], ArrowLeft: [0, -1] };
    if (event.key === "t") set(model, "transposed", !model.get("transposed"));
    else if (moves[event.key] && table.contains(event.target)) go(...moves[event.key]);
    else return;
    event.preventDefault();
  });

  const ours = { "change:layer": () => (build(), look()), "change:transposed": turn };
  const theirs = { "change:frame": numbers, "change:digits": numbers, "change:lit": onLit, "change:select": look };
  Object.assign(theirs, { "change:step": draw, "change:story": draw, destroy: gone });
  const listen = (how) => {
    for (const [name, handler] of Object.entries(ours)) model[how](name, handler);
    for (const [name, handler] of Object.entries(theirs)) flow[how](name, handler);
  };
  listen("on");
  build();
  look();
  const leave = () => (ending.abort(), listen("off"));
  function gone() {
    leave();
    alive = false;
    one(".controls").remove();
    table.inert = true;
    for (const place of [".told", ".description"]) one(place).textContent = GONE;
  }
  return () => {
    leave();
    if (alive) light([]);
    closePage(root);
  };
}

export default { render };
