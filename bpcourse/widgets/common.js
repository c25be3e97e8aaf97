// What the live pictures share. Python puts this file before each widget's own.
// Everything lives in a shadow root, so that two copies on one page, whose drawings carry the same ids, do not disturb
// each other. Colours are mixed from the page's own text colour, so light and dark need no switch.

const BASE_STYLE = `
  .root { --green: color-mix(in oklab, #00a67a, currentColor 38%); --orange: #c96a00; --blue: #2f6fd0; --red: #c2255c;
    --pale: color-mix(in srgb, #4a90d9 20%, transparent); --faint: color-mix(in srgb, currentColor 62%, transparent);
    font: 15px/1.45 system-ui, sans-serif; color: inherit; padding: 4px; }
  .row { display: flex; flex-wrap: wrap; align-items: baseline; gap: 3px 5px; margin: 7px 0; }
  math { font-size: clamp(12px, 3.3cqw, 17px); }
  .matrix { margin: 2px 3px; padding: 2px 3px; border-inline: 1.5px solid currentColor; /* and the brackets' ends: */
    background: linear-gradient(currentColor 0 0) 0 0 / 5px 1.5px, linear-gradient(currentColor 0 0) 0 100% / 5px 1.5px,
      linear-gradient(currentColor 0 0) 100% 0 / 5px 1.5px, linear-gradient(currentColor 0 0) 100% 100% / 5px 1.5px;
    background-repeat: no-repeat; }
  button { font: inherit; min-width: 40px; min-height: 34px; padding: 0 10px; color: inherit; cursor: pointer;
    background: var(--pale); border: 1px solid var(--faint); border-radius: 6px; }
  button:focus-visible, input:focus-visible, [tabindex]:focus-visible {
    outline: 3px solid var(--blue); outline-offset: 2px; }
  .controls { display: flex; flex-wrap: wrap; gap: 8px; align-items: center; }
  .title { font-weight: 600; }
  .faint { color: var(--faint); }
  .unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
`;

/** A number as Python's `shown` writes it: fixed digits, a real minus sign, and no minus before a zero. */
function shown(value, digits) {
  const text = value.toFixed(digits);
  return Number(text) === 0 ? text.replace("-", "") : text.replace("-", "−");
}

/** A shadow root below `el` with a style and a page in it, in which keys are not JupyterLab's. */
function openPage(el, name, style, page) {
  const host = document.createElement("div");
  host.className = name;
  host.style.containerType = "inline-size";
  host.dataset.lmSuppressShortcuts = "true";
  const root = host.attachShadow({ mode: "open" });
  root.innerHTML = `<style>${BASE_STYLE}${style}</style><div class="root">${page}</div>`;
  el.append(host);
  return root;
}

/** The numbers of a frame by their names; its first number is a counter. */
function readNumbers(bytes, slots) {
  const numbers = new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
  return Object.fromEntries(slots.map((slot, n) => [slot, numbers[n + 1]]));
}

/** Writes the numbers into the slots of a formula, negative ones in parentheses where they need them. */
function fillSlots(container, values, digits) {
  for (const slot of container.querySelectorAll("[data-slot]")) {
    const text = shown(values[slot.dataset.slot], digits);
    slot.textContent = "fence" in slot.dataset && text.startsWith("−") ? `(${text})` : text;
  }
}

/** A formula in pieces, between which a narrow page may break the line. */
function formula(pieces) {
  const maths = pieces.map((piece) => `<math displaystyle="true"><mrow>${piece}</mrow></math>`);
  return `<div class="row">${maths.join("")}</div>`;
}
