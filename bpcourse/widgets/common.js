// What the live pictures share. Python puts this file before each widget's own.
// Everything lives in a shadow root, so that two copies on one page, whose drawings carry the same ids, do not disturb
// each other. Colours are mixed from the page's own text colour, so light and dark need no switch.

/** A number as Python's `shown` writes it: fixed digits, a real minus sign, and no minus before a zero. */
function shown(value, digits) {
  const text = rounded(value, digits);
  return Number(text) === 0 ? text.replace("-", "") : text.replace("-", "−");
}

/** The nearest number with so many digits, of two equally near ones the even one: Python's rule. */
function rounded(value, digits) {
  if (!Number.isFinite(value)) return String(value).slice(0, value < 0 ? 4 : 3).toLowerCase(); // nan, inf, -inf
  if (Math.abs(value) >= 1e21) return BigInt(value) + (digits ? "." : "") + "0".repeat(digits);
  const text = value.toFixed(digits), isTie = Math.abs(value * 2 ** (digits + 1)) % 2 === 1;
  return isTie && text.at(-1) % 2 ? text.slice(0, -1) + (text.at(-1) - 1) : text; // toFixed goes away from 0
}

const FONT = "Course Math"; // of the formulas, see common.css

/** Brings the font of the formulas, once for all that the page shows. Where it cannot be had, the page's fonts do. */
async function bringFont(model) {
  const isHere = () => [...document.fonts].some(({ family }) => family.replaceAll('"', "") === FONT);
  if (isHere()) return;
  try {
    const font = await model.widget_manager.get_model(model.get("font").replace("IPY_MODEL_", ""));
    if (!isHere()) document.fonts.add(new FontFace(FONT, font.get("file"))); // a shadow root takes no @font-face
  } catch (error) {
    console.debug("The font of the formulas is not here.", error);
  }
}

/** A shadow root below `el` with a style and a page in it, in which keys are not JupyterLab's. */
function openPage(model, el, name, style, page) {
  bringFont(model);
  const host = document.createElement("div");
  host.className = name;
  host.style.containerType = "inline-size";
  host.dataset.lmSuppressShortcuts = "true";
  const root = host.attachShadow({ mode: "open" });
  root.innerHTML = `<style>${BASE_STYLE}${style}</style><div class="root">${page}</div>`;
  el.append(host);
  return root;
}

/** Takes the page apart: Jupyter may hold on to an output that it no longer shows, and with it to all its nodes. */
function closePage(root) {
  root.replaceChildren();
  root.host.remove();
}

/** The numbers of a frame by their names; its first number is a counter. */
function readNumbers(bytes, slots) {
  const numbers = new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
  return Object.fromEntries(slots.map((slot, n) => [slot, numbers[n + 1]]));
}

/** Writes the numbers into the slots of a formula, negative ones in parentheses where they need them. */
function fillSlots(container, values, digits, kind = "slot") {
  for (const slot of container.querySelectorAll(`[data-${kind}]`)) {
    const text = shown(values[slot.dataset[kind]], digits);
    const written = "fence" in slot.dataset && text.startsWith("−") ? `(${text})` : text;
    if (slot.textContent !== written) slot.textContent = written; // else it would be laid out again
  }
}

/** Switches a button on or off; a focus that would be lost with it goes to `other`. */
function enable(button, isOn, other) {
  const held = button.getRootNode().activeElement === button;
  button.disabled = !isOn;
  if (held && !isOn) other.focus();
}

/**
 * What is wider or higher than its place scrolls, is faded where it goes on, and can be scrolled by the keyboard.
 * Returns what looks again, after a change.
 */
function markScrolling(root, selector, signal) {
  const SIDES = { left: (node) => node.scrollLeft, right: (node) => node.scrollWidth - node.clientWidth - node.scrollLeft,
    top: (node) => node.scrollTop, bottom: (node) => node.scrollHeight - node.clientHeight - node.scrollTop };
  const look = (node) => {
    const sides = Object.keys(SIDES).filter((side) => SIDES[side](node) > 1).join(" ");
    if ((node.dataset.more ?? "") === sides) return;
    if (sides) node.dataset.more = sides;
    else delete node.dataset.more;
    if (node.ariaLabel || node.querySelector("button")) return; // the keyboard comes there by itself
    if (sides) node.tabIndex = 0;
    else node.removeAttribute("tabindex");
  };
  const lookAgain = () => root.querySelectorAll(selector).forEach(look);
  root.addEventListener("scroll", (event) => event.target.matches(selector) && look(event.target), { capture: true, signal });
  onResize(root.host, lookAgain, signal);
  return lookAgain;
}

/** Acts when a node has another size or its font has come, in the next frame: to change sizes while told is an error. */
function onResize(node, act, signal) {
  const later = () => requestAnimationFrame(() => signal.aborted || act());
  const sizes = new ResizeObserver(later);
  sizes.observe(node);
  document.fonts.addEventListener("loadingdone", later, { signal });
  signal.addEventListener("abort", () => sizes.disconnect());
}

/** A formula in pieces, between which a narrow page may break the line. */
function formula(pieces) {
  const maths = pieces.map((piece) => `<math displaystyle="true"><mrow>${piece}</mrow></math>`);
  return `<div class="row">${maths.join("")}</div>`;
}

/** What is told for a layer's neurons j and k, about two of them: in formulas and part names, and in words. */
function withIndices(text, at) {
  return text.replace(/<mi>([jk])<\/mi>/g, (_, letter) => `<mn>${at[letter]}</mn>`)
    .replace(/-([jk])\b/g, (_, letter) => `-${at[letter]}`);
}
function inWords(text, at, lowered = false) {
  const lower = (digits) => [...digits].map((digit) => "₀₁₂₃₄₅₆₇₈₉"[digit]).join("");
  return text.replace(/\{([jk])\}/g, (_, letter) => (lowered ? lower(at[letter]) : at[letter]));
}

// What goes to Python, and what is said if no answer comes ----------------------------------------------------------

const PATIENCE_MS = 3500;
const NO_ANSWER = "The kernel does not answer: wait if it is busy, or run the cell again (all cells after a restart).";

/** Sets traits of a model, and tells Python if it is still there: without it a picture plays on. */
function tell(model, values) {
  for (const [name, value] of Object.entries(values)) model.set(name, value);
  const comm = model.get("layout")?.comm; // the way to the same kernel; of its own, a model shows none
  if (!comm?.jsServicesComm?.isDisposed) model.save_changes();
}

/**
 * Asks Python for changes, one at a time: the next one is sent when the frame of the last is back, so the picture is
 * never behind the hand by more than one frame, however slow the kernel is. `silent` is called with NO_ANSWER and the
 * change if no frame comes, or none can come: after a restart nothing can be sent.
 */
function asker(model, silent) {
  let sent = null, next = null, timer = 0;
  function rest() {
    const [last, following] = [sent, next];
    clearTimeout(timer);
    sent = next = null;
    return [last, following];
  }
  const giveUp = () => silent(NO_ANSWER, rest()[0]);
  function ask(change) {
    if (sent) return (next = change);
    sent = change;
    timer = setTimeout(giveUp, PATIENCE_MS);
    try {
      model.send(change);
    } catch {
      giveUp();
    }
  }
  /** A frame is here: what it answers, if something was asked. */
  function answered() {
    const [last, following] = rest();
    if (following) ask(following);
    return last;
  }
  return { ask, answered, isWaiting: () => Boolean(sent), leave: rest };
}

// The names of parts and numbers, such as "edge-3-1-3", as Python's `Part` makes them.
const named = (kind, ...place) => [kind, ...place].join("-");
const kindOf = (name) => name.split("-")[0];
const placeOf = (name) => name.split("-").slice(1);
const ofKind = (name, kind) => named(kind, ...placeOf(name)); // what is called so at the same place

/** A labelled input or select in `box`; `change` is called with its new value. */
function addField(box, text, tag, options, change) {
  const label = Object.assign(document.createElement("label"), { textContent: text });
  const field = Object.assign(document.createElement(tag), options);
  field.onchange = () => change(field.value);
  label.append(field);
  box.append(label);
  return field;
}
