// The door of the course with Python: brings the copies in this browser up to date, then opens the notebook that the
// address names (?path=NAME.ipynb), or lists all. JupyterLite keeps what was saved in the browser's database, and shows
// that and not the course's file: so a notebook that was only run would hide every later change of the course.

(() => {
  const root = new URL(".", location), name = new URLSearchParams(location.search).get("path");
  const DATABASE = `JupyterLite Storage - ${root.pathname}`, STORE = "files", KNOWN = `bpcourse-copies ${root.pathname}`;
  const said = document.querySelector("#said");

  // What is written in a notebook's cells; running it changes outputs, not this. `make lite` counts the same way.
  function fingerprint(notebook) {
    const written = notebook.cells.map((cell) => [cell.cell_type, [cell.source].flat().join("")])
      .filter(([, source]) => source.trim()).flat().join("\0");
    let crc = -1;
    for (const byte of new TextEncoder().encode(written)) {
      crc ^= byte;
      for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 && 0xedb88320);
    }
    return (crc ^ -1) >>> 0;
  }

  // The database of the notebooks, or null if none was saved here yet. Rejects where the browser keeps nothing.
  function opened() {
    return new Promise((resolve, reject) => {
      const asked = indexedDB.open(DATABASE);
      let fresh = false;
      asked.onupgradeneeded = () => ((fresh = true), asked.transaction.abort()); // JupyterLite makes its own
      asked.onsuccess = () => resolve(asked.result);
      asked.onerror = () => (fresh ? resolve(null) : reject(asked.error));
    });
  }
  const ended = (request) => new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  const store = (database, mode) => database.transaction(STORE, mode).objectStore(STORE);

  // What was saved here, by its name.
  async function saved(database) {
    if (!database?.objectStoreNames.contains(STORE)) return {};
    const all = await ended(store(database, "readonly").getAll());
    return Object.fromEntries(all.filter((file) => file.type === "notebook").map((file) => [file.path, file]));
  }

  // For each notebook of the course what is here: "course", "ran" (and follows), "yours", or "older", which is yours
  // while the course has a newer one.
  async function compared() {
    const course = await (await fetch("course.json", { cache: "no-cache" })).json();
    const database = await opened(), copies = await saved(database);
    let known = {};
    try {
      known = JSON.parse(localStorage.getItem(KNOWN) ?? "{}");
    } catch {} // lost or spoilt: then nothing is known, and nothing is thrown away
    const states = {};
    for (const [file, { written: now }] of Object.entries(course)) {
      const mine = copies[file]?.content;
      let written;
      try {
        written = mine && fingerprint(mine);
      } catch {} // not a notebook any more: it is somebody's
      if (!copies[file]) states[file] = "course";
      else if (written === now) states[file] = "ran";
      else if (written !== undefined && written === known[file]) {
        await ended(store(database, "readwrite").delete(file));
        states[file] = "ran";
      } else states[file] = known[file] === now ? "yours" : "older";
      if (states[file] !== "older") known[file] = now;
    }
    localStorage.setItem(KNOWN, JSON.stringify(known));
    return { states, database, copies, known, course };
  }

  const lab = (file) => `lab/index.html?path=${encodeURIComponent(file)}`;
  const page = (file) => `../${file.replace(/ipynb$/, "html")}`;

  // The course's new notebook takes the name, and the learner's own stays beside it under another.
  async function setAside(file, { database, copies, known, course }) {
    const own = file.replace(/\.ipynb$/, "-mine.ipynb");
    let free = own;
    for (let n = 2; copies[free]; n++) free = own.replace(/\.ipynb$/, `-${n}.ipynb`);
    await ended(store(database, "readwrite").put({ ...copies[file], name: free, path: free }, free));
    await ended(store(database, "readwrite").delete(file));
    localStorage.setItem(KNOWN, JSON.stringify({ ...known, [file]: course[file].written }));
    return free;
  }

  // Every notebook as it is here, and what else was written here, in one archive.
  async function archive({ states, copies }) {
    const files = {};
    for (const file of Object.keys(states)) {
      files[file] = copies[file] ? JSON.stringify(copies[file].content, null, 1) : await (await fetch(`files/${file}`)).text();
    }
    for (const [file, { content }] of Object.entries(copies)) files[file] ??= JSON.stringify(content, null, 1);
    return fflate.zipSync(Object.fromEntries(Object.entries(files).map(([file, text]) => [file, fflate.strToU8(text)])));
  }

  function element(kind, text, told = {}) {
    return Object.assign(document.createElement(kind), { textContent: text }, told);
  }

  const WORDS = { course: "", ran: "run here", yours: "with your edits", older: "with your edits; the course has a newer one" };

  function list(here) {
    const notebooks = document.querySelector("#notebooks");
    for (const [file, state] of Object.entries(here.states)) {
      const item = element("li", "");
      item.append(element("a", here.course[file].title, { href: lab(file) }), WORDS[state] && ` (${WORDS[state]})`);
      if (state === "older") item.append(" ", asideButton(file, here));
      notebooks.append(item);
    }
    for (const file of Object.keys(here.copies).filter((file) => !(file in here.states))) {
      const item = element("li", "");
      item.append(element("a", file, { href: lab(file) }), " (yours)");
      notebooks.append(item);
    }
    notebooks.hidden = document.querySelector("#desk").hidden = false;
    document.querySelector("#all").onclick = async () => {
      const taken = document.querySelector("#taken");
      try {
        const blob = new Blob([await archive(here)], { type: "application/zip" });
        const link = element("a", "", { href: URL.createObjectURL(blob), download: "notebooks.zip" });
        link.click();
        URL.revokeObjectURL(link.href);
        taken.textContent = "notebooks.zip has them as they were last saved here.";
      } catch (error) {
        taken.textContent = `They could not be put together (${error.message}).`;
      }
    };
  }

  function asideButton(file, here) {
    const button = element("button", "Take the newer one; mine stays under another name");
    button.onclick = async () => {
      try {
        await setAside(file, here);
        location.assign(lab(file));
      } catch (error) {
        say(`Nothing was changed: ${error.message}.`);
      }
    };
    return button;
  }

  function say(...parts) {
    said.replaceChildren(...parts);
  }

  async function open() {
    const read = element("a", "read and play its page", { href: name ? page(name) : "../index.html" });
    if (location.protocol === "file:") {
      return say("Opened as a file, this page cannot start Python: put the folder on a web server. Without one you can ", read, ".");
    }
    if (typeof WebAssembly !== "object") {
      return say("This browser has no WebAssembly, in which Python runs here. You can ", read, ".");
    }
    let here;
    try {
      here = await compared();
    } catch (error) {
      const go = element("a", "open the notebook", { href: name ? lab(name) : "lab/index.html" });
      return say("This browser keeps nothing of what you write here, as in some private windows. You can ", go,
        " and download it before you close it, or ", read, `. (${error.message})`);
    }
    if (name && !(name in here.states) && !(name in here.copies)) {
      say(`There is no notebook ${name} here. These are there:`);
    } else if (name && here.states[name] === "older") {
      say(`${name} has your edits and stays. The course has a newer one. `, element("a", "Open yours", { href: lab(name) }),
        ", or ", asideButton(name, here));
      return;
    } else if (name) return location.replace(lab(name));
    list(here);
  }

  open();
})();
