// The stage of the tests: the site's stand-in for a widget's model (tools/site/site.js, which stands before this file),
// with Python at the other end. What a model saves or sends goes to `toPython`, and what Python says comes to `hear`.

const stage = (() => {
  const { StandIn, models, described } = site;
  const plainSet = StandIn.prototype.set;
  const shown = {}; // of each place: the functions that take its views away

  const toText = (view) =>
    btoa(String.fromCharCode(...new Uint8Array(view.buffer, view.byteOffset, view.byteLength)));
  const toBytes = (text) => new DataView(Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)).buffer);

  StandIn.prototype.set = function (name, value) {
    const traits = typeof name === "object" ? name : { [name]: value };
    const before = Object.keys(traits).map((trait) => [trait, this.get(trait)]);
    this.unsaved ??= new Set();
    for (const trait of Object.keys(traits)) this.unsaved.add(trait);
    plainSet.call(this, traits);
    for (const [trait, was] of before) if (this.get(trait) === was) this.unsaved.delete(trait);
  };
  StandIn.prototype.save_changes = function () {
    const state = {}, bytes = {};
    for (const trait of this.unsaved ?? []) {
      const value = this.get(trait);
      if (value instanceof DataView) bytes[trait] = toText(value);
      else state[trait] = value;
    }
    this.unsaved = new Set();
    if (Object.keys({ ...state, ...bytes }).length) talk(this, { method: "update", state, bytes });
  };
  StandIn.prototype.send = function (content) {
    talk(this, { method: "custom", content });
  };

  const { on, off } = StandIn.prototype;
  StandIn.prototype.on = function (event, hear) {
    (this.hearers ??= []).push([event, hear]);
    on.call(this, event, hear);
  };
  StandIn.prototype.off = function (event, hear) {
    this.hearers = this.hearers.filter(([name, known]) => name !== event || known !== hear);
    off.call(this, event, hear);
  };
  /** How many listeners all models have. */
  const hearers = () => Object.values(models).reduce((sum, model) => sum + (model.hearers?.length ?? 0), 0);

  let said = Promise.resolve(); // in the order in which it was said, as on a websocket
  function talk(model, message) {
    said = said.then(async () => hear(await toPython(model.id, message)));
  }

  /** What Python says: new traits, or that a model is closed. */
  function hear(messages) {
    for (const { id, method, state, bytes } of messages) {
      const model = models[id];
      if (method === "close") {
        delete models[id];
        model.tell("destroy");
      } else {
        const views = Object.entries(bytes).map(([trait, text]) => [trait, toBytes(text)]);
        plainSet.call(model, { ...state, ...Object.fromEntries(views) });
      }
    }
  }

  const { get } = StandIn.prototype;
  StandIn.prototype.get = function (name) {
    return name === "story" && this.schema ? strict(get.call(this, name), this.schema, "story") : get.call(this, name);
  };
  /** A value of which only what the contract names can be read; anything else is a complaint. */
  function strict(value, schema, path) {
    if (!schema || value === null || typeof value !== "object") return value;
    return new Proxy(value, {
      get(target, name) {
        if (typeof name === "symbol" || (Array.isArray(target) && !/^\d+$/.test(name))) return Reflect.get(target, name);
        if (schema.fields && !(name in schema.fields)) console.error(`${path}.${name} is in no contract`);
        return strict(target[name], schema.fields?.[name] ?? schema.each, `${path}.${name}`);
      },
    });
  }

  /** Takes in what is new of a widget; `schemas` are what the stories of which widgets may be read for. */
  function take(codes, page, schemas) {
    for (const [name, source] of Object.entries(codes)) site.code(name, source);
    site.take(page);
    for (const id of Object.keys(page)) Object.assign(models[id], { id, noKernel: false, schema: schemas[id] });
  }

  async function render({ id, parts, widget }, el, leave) {
    for (const [name, value] of Object.entries(described[id].layout)) el.style.setProperty(name, value);
    if (!parts) return leave.push(await widget.render({ model: models[id], el }));
    el.classList.add("widget-box");
    for (const part of parts) await render(part, el.appendChild(document.createElement("div")), leave);
  }

  /** Shows a widget below all others, where JupyterLab's cells have their outputs; returns its place. */
  async function show(id, place = Object.keys(shown).length) {
    const cell = document.createElement("div");
    cell.className = "jp-Cell";
    cell.innerHTML = '<div class="jp-OutputArea-output"><div></div></div>';
    document.body.append(cell);
    shown[place] = [() => cell.firstChild.remove()];
    await render(await site.ready(id), cell.firstChild.firstChild, shown[place]);
    return place;
  }
  const clear = (place) => shown[place].splice(0).reverse().forEach((leave) => leave());

  return { take, show, hear, clear, hearers, settled: () => said };
})();
