// A question beside the live network, which waits at a step where the answer is not to be seen, until one is chosen.
// What is right and why comes from Python; the network is moved through its model. common.js stands before this file.

const PAGE = `
  <fieldset><legend></legend><div class="answers"></div></fieldset>
  <div class="told" aria-live="polite"></div>
  <button class="again" hidden>Try again</button>
  <div class="problem" role="alert"></div>
`;

async function render({ model, el }) {
  const { question, answers, right, how, opens, shows, look } = model.get("story"), reasons = Object.fromEntries(answers);
  const flow = await model.widget_manager.get_model(model.get("flow").replace("IPY_MODEL_", ""));
  const root = openPage(model, el, "bpcourse-predict", STYLE, PAGE);
  const one = (selector) => root.querySelector(selector);
  const ending = new AbortController();
  const on = (target, type, handler) => target.addEventListener(type, handler, { signal: ending.signal });
  const { ask, answered, leave } = asker(flow, (sentence) => (one(".problem").textContent = sentence));

  const buttons = answers.map(([label]) => {
    const button = Object.assign(document.createElement("button"), { textContent: label });
    on(button, "click", () => model.get("answer") || tell(model, { answer: label }));
    return button;
  });
  one("legend").textContent = question;
  one(".answers").append(...buttons);
  one(".answers").classList.toggle("long", answers.some(([label]) => label.length > 12));
  on(one(".again"), "click", () => (tell(model, { answer: "" }), buttons[0].focus()));

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
    const known = how ? [["How to know it.", how, "more"]] : []; // a question of one's own may not say
    const lines = [...told, ...known, ["Look.", look, "more"]].map(([title, text, kind = "reason"]) => {
      const line = Object.assign(document.createElement("p"), { className: kind });
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
      tell(flow, { quiet: false, step: step - 1, select, lit, playing: step });
    } else {
      tell(flow, { quiet: true, playing: 0, step: opens, select: "", lit: [] });
      if (frames() > 1) ask({ reset: true }); // a number was changed
    }
  }

  const hold = () => !model.get("answer") && flow.get("step") > opens && tell(flow, { step: opens });
  const onSelect = () => flow.get("select") !== shows.select && tell(flow, { lit: [] });
  const onFrame = () => ((one(".problem").textContent = ""), answered());
  model.on("change:answer", onAnswer);
  flow.on("change:frame", onFrame);
  flow.on("change:step", hold);
  flow.on("change:select", onSelect);
  draw();
  return () => {
    ending.abort();
    leave();
    model.off("change:answer", onAnswer);
    flow.off("change:frame", onFrame);
    flow.off("change:step", hold);
    flow.off("change:select", onSelect);
    closePage(root);
  };
}

export default { render };
