// Plays the course's widgets on a page without a kernel. Each widget is the file that it is in Jupyter; its model is
// replaced by a stand-in, which keeps the traits that travelled with the page and computes nothing.
// The files behind this one call `site.code` with the source of a widget and `site.play` with the models of the page.
// They are classic scripts and the sources travel as text, so that a page also works opened from a folder, where a
// browser loads neither modules nor data.

const site = (() => {
  const sources = {}, modules = {}, widgets = {}, described = {}, models = {};
  const toId = (reference) => reference.replace("IPY_MODEL_", "");

  function same(one, other) {
    if (Object.is(one, other)) return true;
    if (one instanceof DataView || other instanceof DataView) return false; // a new frame, even one with the same numbers
    return JSON.stringify(one) === JSON.stringify(other);
  }

  /** What a widget's JavaScript takes for its model. */
  class StandIn {
    noKernel = true; // a model in Jupyter has no such thing
    widget_manager = { get_model: async (id) => models[id] ?? Promise.reject(new Error(`no model ${id} on this page`)) };
    #traits;
    #heard = {};

    constructor(traits) {
      this.#traits = traits;
    }
    get(name) {
      return this.#traits[name];
    }
    set(name, value) { // as in Jupyter, all traits of a message are there before anybody hears of one
      const traits = typeof name === "object" ? name : { [name]: value };
      const changed = Object.entries(traits).filter(([trait, now]) => !same(this.#traits[trait], now));
      for (const [trait, now] of changed) this.#traits[trait] = now;
      for (const [trait, now] of changed) this.tell(`change:${trait}`, now);
      if (changed.length) this.tell("change");
    }
    tell(event, value) {
      for (const hear of [...(this.#heard[event] ?? [])]) hear(this, value);
    }
    on(event, hear) {
      (this.#heard[event] ??= []).push(hear);
    }
    off(event, hear) {
      for (const name of event ? [event] : Object.keys(this.#heard)) {
        this.#heard[name] = (this.#heard[name] ?? []).filter((other) => hear && other !== hear);
      }
    }
    save_changes() {}
    send() {} // nobody is there to answer
  }

  function toModel({ traits, bytes = {} }) {
    for (const [name, text] of Object.entries(bytes)) {
      traits[name] = new DataView(Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)).buffer);
    }
    return new StandIn(traits);
  }

  /** What `jslink` made in Python: two traits that follow each other, or only the second the first. */
  function tie({ source, target }, bothWays) {
    const [from, to] = [source, target].map(([model]) => models[toId(model)]);
    const tell = (model, trait, value) => (model.set(trait, value), model.save_changes());
    const follow = () => tell(to, target[1], from.get(source[1]));
    from.on(`change:${source[1]}`, follow);
    if (bothWays) to.on(`change:${target[1]}`, () => tell(from, source[1], to.get(target[1])));
    follow();
  }

  /** What the JavaScript of a model exports, told about its model. */
  async function start(id) {
    const { code } = described[id];
    const address = (source) => URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
    const { default: exported } = await (modules[code] ??= import(address(sources[code])));
    const widget = typeof exported === "function" ? await exported() : exported;
    await widget.initialize?.({ model: models[id] });
    return widget;
  }

  /** Every widget below a model, ready to be rendered: a box has those of its children. */
  async function ready(id) {
    const { children } = described[id];
    if (children) return { id, parts: await Promise.all(children.map((child) => ready(toId(child)))) };
    return { id, widget: await (widgets[id] ??= start(id)) };
  }

  async function render({ id, parts, widget }, el) {
    for (const [name, value] of Object.entries(described[id].layout)) el.style.setProperty(name, value);
    if (!parts) return widget.render({ model: models[id], el });
    el.classList.add("box", "widget-box");
    for (const part of parts) await render(part, el.appendChild(document.createElement("div")));
  }

  /** Puts a live picture in the place of its still one, which is printed, and comes back if the live one fails. */
  async function mount(place) {
    const still = place.firstElementChild;
    try {
      const picture = await ready(place.dataset.model);
      const stage = document.createElement("div");
      place.prepend(stage);
      still?.classList.add("printed");
      await render(picture, stage);
      place.classList.add("plays");
    } catch (error) {
      place.replaceChildren(...[still].filter(Boolean));
      still?.classList.remove("printed");
      console.error(error);
    }
  }

  /** Takes models in, those of a page or of a part of it. */
  function take(page) {
    Object.assign(described, page);
    for (const [id, model] of Object.entries(page)) models[id] = toModel(model);
    for (const { link, traits } of Object.values(page)) if (link) tie(traits, link === "both");
  }

  function play(page) {
    take(page);
    for (const place of document.querySelectorAll(".live")) mount(place);
  }

  const code = (name, source) => (sources[name] = source);
  return { code, play, take, ready, StandIn, models, described }; // what follows play is for the tests, see tests/widgets/stage.js
})();
