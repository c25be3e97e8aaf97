// A deck of slides whose pictures are alive: reveal.js turns the slides, Voila's JavaScript brings the widgets to life.
// Here is what neither does: widgets drawn for a projector, whose keys are whose, the speaker window, a dead kernel.

const ASK_MS = 2000; // how often the deck asks whether its kernel still runs
const SMALLEST = 25; // px: nothing on a slide is smaller than 24
const ZOOMS = [1.3, 1.2, 1.1, 1], LEAST_ZOOM = 0.9;
const DESIGN = { width: 1280, height: 720 }; // every slide is laid out in this size, then scaled to the screen

// Widgets drawn for a projector: their shadow roots take the deck's style as well as their own. -----------------------

const projector = new CSSStyleSheet();
if (window.projectorStyle) projector.replaceSync(window.projectorStyle); // on the site, where a folder is not fetched from
else fetch(document.currentScript.src.replace(/deck\.js.*$/, "widgets.css")).then((answer) => answer.text())
  .then((css) => projector.replace(css));
const attachShadow = Element.prototype.attachShadow;
Element.prototype.attachShadow = function (options) {
  const root = attachShadow.call(this, options);
  if (this.className.startsWith("bpcourse-")) root.adoptedStyleSheets = [projector];
  return root;
};

// Keys: inside a widget those that it uses are its own; Escape leads out, a presenter's keys always turn the slide. ----

const TYPED_INTO = "input, select, textarea, summary";
const insideWidget = (event) => event.composedPath().some((node) => node.classList?.contains("live"));

/** Whether a key that was pressed inside a widget does something there. */
function isTheWidgets(event) {
  const target = event.composedPath()[0];
  return event.defaultPrevented || target.matches(TYPED_INTO) || (target.matches("button") && /^( |Enter)$/.test(event.key));
}

addEventListener("keydown", (event) => {
  if (!insideWidget(event)) return;
  const moves = { Escape: () => leave(event), PageDown: () => Reveal.next(), PageUp: () => Reveal.prev() };
  if (!moves[event.key]) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  moves[event.key]();
}, true);

function leave(event) {
  event.composedPath()[0].blur();
  document.activeElement?.blur();
}

if (location.search) history.replaceState(null, "", location.pathname + location.hash); // the token is not for the wall; a cookie has it now

// The slides ----------------------------------------------------------------------------------------------------------

const SETTINGS = {
  ...DESIGN,
  margin: 0,
  minScale: 0.05,
  maxScale: 10,
  center: false,
  controls: false,
  progress: true,
  slideNumber: "c/t",
  hash: true, // after a reload, the same slide
  fragmentInURL: true,
  overview: false, // Escape has one meaning
  help: false, // the keys stand on the index page
  transition: "none",
  navigationMode: "linear",
  keyboardCondition: (event) => !insideWidget(event) || !isTheWidgets(event),
};

/** The first slide shows at once, unless another one is asked for. The others come while the kernel works. */
async function begin() {
  const all = new Promise((done) => addEventListener("DOMContentLoaded", done));
  const early = !location.hash && document.querySelector("section") !== null;
  if (!early) await all;
  await Reveal.initialize(SETTINGS);
  Reveal.addKeyBinding({ keyCode: 83, key: "S", description: "Speaker window" }, openNotes);
  Reveal.on("slidechanged", () => (fit(), document.activeElement?.blur())); // keys go to the new slide
  for (const change of ["slidechanged", "fragmentshown", "fragmenthidden"]) Reveal.on(change, drawNotes);
  fit();
  await all;
  if (early) Reveal.sync();
  document.querySelector(".waiting").remove();
  setInterval(drawClock, 1000);
  askForKernel();
}

/** Makes what stands on a slide without a picture as large as it has room for, up to a third larger, and if it is too high, smaller. */
function enlarge() {
  const body = bodyWithoutPicture();
  if (!body) return;
  const isWhole = (place) =>
    sizeOf(place).width <= Math.min(...[place, body].map((box) => box.getBoundingClientRect().width)) + 1;
  body.style.zoom = 1;
  const whole = [...body.querySelectorAll(".formula, pre, table")].filter(isWhole); // the others become smaller, see fit
  body.style.zoom = ZOOMS.find((zoom) => {
    body.style.zoom = zoom;
    const room = (zoom > 1 ? 0.94 : 1) * body.getBoundingClientRect().height;
    return sizeOf(body).height <= room && whole.every(isWhole);
  }) ?? LEAST_ZOOM;
}

const bodyWithoutPicture = () => Reveal.getCurrentSlide().querySelector(".slide:not(:has(.live, img)) > .body");

/** The size of what is inside a place, which may be more than it holds. */
function sizeOf(place) {
  const range = document.createRange();
  range.selectNodeContents(place);
  return range.getBoundingClientRect();
}

/** The font size with which a place would be as wide as what is inside it, in its own px; Infinity if that has room. */
function fitting(place) {
  const wide = sizeOf(place).width, room = place.getBoundingClientRect().width;
  return wide <= room ? Infinity : Math.floor((parseFloat(getComputedStyle(place).fontSize) * room) / wide);
}

/** Makes a formula or a printed line that is wider than its place smaller; what would be too small to read is wrapped. */
function fit() {
  const places = Reveal.getCurrentSlide().querySelectorAll(".formula, pre");
  bodyWithoutPicture()?.style.removeProperty("zoom");
  for (const place of places) if (fitting(place) < SMALLEST) place.style.whiteSpace = "pre-wrap";
  enlarge();
  for (const place of places) {
    const smallest = SMALLEST / (place.closest(".body")?.style.zoom || 1); // WebKit has no currentCSSZoom
    const size = fitting(place);
    if (size < Infinity) place.style.fontSize = `${Math.max(size, smallest)}px`;
  }
}

// The speaker window: text and a clock, fed by this page; no second deck, no second kernel ----------------------------

let notes = null, began = null;

const NOTES_PAGE = `<!DOCTYPE html><html lang="en"><head><title>Notes</title><style>
  body { font: 22px/1.5 system-ui, sans-serif; margin: 24px; color: #16191d; background: #fff; }
  header { display: flex; gap: 32px; align-items: baseline; border-bottom: 1px solid #c9ced3; padding-bottom: 12px; }
  b { font-size: 40px; font-variant-numeric: tabular-nums; } h1 { font-size: 28px; margin: 20px 0 8px; }
  button { font: inherit; padding: 2px 12px; } .next { color: #4a5159; border-top: 1px solid #c9ced3; padding-top: 12px; }
  .told { font-size: 26px; }
</style></head><body><header><b class="clock"></b><span>since the start <b class="elapsed"></b></span>
<button>Start again</button><span class="place"></span></header><h1></h1><div class="told"></div><p class="next"></p>
</body></html>`;

function openNotes() {
  notes = window.open("", "bpcourse-notes", "width=900,height=640");
  if (!notes) return;
  notes.document.write(NOTES_PAGE);
  notes.document.close();
  began ??= Date.now();
  notes.document.querySelector("button").onclick = () => ((began = Date.now()), drawClock());
  notes.document.onkeydown = ({ key }) => {
    const moves = { ArrowRight: "next", " ": "next", PageDown: "next", ArrowLeft: "prev", PageUp: "prev" };
    if (moves[key]) Reveal[moves[key]]();
  };
  drawNotes();
  drawClock();
}

function drawNotes() {
  if (!notes || notes.closed) return;
  const all = Reveal.getSlides(), now = Reveal.getCurrentSlide(), n = all.indexOf(now);
  const one = (selector) => notes.document.querySelector(selector);
  const left = now.querySelectorAll(".fragment:not(.visible)").length;
  one("h1").textContent = now.dataset.title;
  one(".place").textContent = `slide ${n + 1} of ${all.length}${left ? `, ${left} more to show` : ""}`;
  one(".told").innerHTML = now.querySelector(".notes").innerHTML;
  one(".next").textContent = n + 1 < all.length ? `Next: ${all[n + 1].dataset.title}` : "This is the last slide.";
}

function drawClock() {
  if (!notes || notes.closed) return;
  const seconds = Math.floor((Date.now() - began) / 1000);
  const pad = (number) => String(number).padStart(2, "0");
  notes.document.querySelector(".clock").textContent = new Date().toTimeString().slice(0, 5);
  notes.document.querySelector(".elapsed").textContent = `${Math.floor(seconds / 60)}:${pad(seconds % 60)}`;
}

// A kernel that dies is told of; its deck comes back with a new one by a reload. ---------------------------------------

const dead = document.querySelector(".dead");
if (dead) dead.querySelector("button").onclick = () => location.reload();

async function askForKernel() {
  if (!dead) return; // a deck of the site has no kernel
  const { baseUrl, kernelId } = JSON.parse(document.getElementById("jupyter-config-data").textContent);
  const answer = await fetch(`${baseUrl}alive/${kernelId}`).then((got) => got.json()).catch(() => ({ alive: false }));
  dead.hidden = answer.alive;
  setTimeout(askForKernel, ASK_MS);
}
begin();
