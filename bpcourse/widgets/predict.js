// A question beside the live network, which waits at a step where the answer is not to be seen, until one is chosen.
// What is right and why comes from Python; the network is moved through its model. common.js stands before this file.

const PAGE = `
  <fieldset><legend></legend><div class="answers"></div></fieldset>
  <div class="told" aria-live="polite"></div>
  <button class="again" hidden>Try again</button>
`;

async function render({ model, el }) {
  const { question, answers, right, opens, shows, look } = model.get("story"), reasons = Object.fromEntries(answers);
  const flow = await model.widget_manager.get_model(model.get("flow").replace("IPY_MODEL_", ""));
  const root = openPage(el, "bpcourse-predict", STYLE, PAGE);
  const one = (selector) => root.querySelector(selector);
  const ending = new AbortController();
  const on = (target, type, handler) => target.addEventListener(type, handler, { signal: ending.signal });
  const set = (where, values) => {
    for (const [name, value] of Object.entries(values)) where.set(name, value);
    where.save_changes();
  };

  const buttons = answers.map(([label]) => {
    const button = Object.assign(document.createElement("button"), { textContent: label });
    on(button, "click", () => model.get("answer") || set(model, { answer: label }));
    return button;
  });
  one("legend").textContent = question;
  one(".answers").append(...buttons);
  one(".answers").classList.toggle("long", answers.some(([label]) => label.length > 12));
  on(one(".again"), "click", () => (set(model, { answer: "" }), buttons[0].focus()));

  function draw() {
    const answer = model.get("answer");
    for (const button of buttons) {
      const label = button.textContent;
      button.setAttribute("aria-pressed", label === answer);
      button.setAttribute("aria-disabled", answer !== "");
      button.classList.toggle("right", answer !== "" && label === right);
    }
    const told = answer === right ? [[`Yes, ${right}.`, reasons[right]]]
      : [[`Not ${answer}.`, reasons[answer]], [`It is ${right}.`, reasons[right]]];
    const lines = [...told, ["Look.", look]].map(([title, text]) => {
      const line = document.createElement("p");
      line.append(Object.assign(document.createElement("b"), { textContent: title }), ` ${text}`);
      return line;
    });
    one(".told").replaceChildren(...(answer ? lines : []));
    one(".again").hidden = !answer;
  }

  /** How many frames the network has sent: the first number of each counts them. */
  function frames() {
    const { buffer, byteOffset } = flow.get("frame");
    return new DataView(buffer, byteOffset).getFloat64(0, true);
  }

  /** The network plays the step that shows the answer; asked again, it is as it was when the question was asked. */
  function onAnswer() {
    draw();
    const { step, select, lit } = shows;
    if (model.get("answer")) {
      set(flow, { quiet: false, step: step - 1, select, lit, playing: step });
    } else {
      set(flow, { quiet: true, playing: 0, step: opens, select: "", lit: [] });
      if (frames() > 1) flow.send({ reset: true }); // a number was changed
    }
  }

  const hold = () => !model.get("answer") && flow.get("step") > opens && set(flow, { step: opens });
  const onSelect = () => flow.get("select") !== shows.select && set(flow, { lit: [] });
  model.on("change:answer", onAnswer);
  flow.on("change:step", hold);
  flow.on("change:select", onSelect);
  draw();
  return () => {
    ending.abort();
    model.off("change:answer", onAnswer);
    flow.off("change:step", hold);
    flow.off("change:select", onSelect);
    closePage(root);
  };
}

export default { render };
