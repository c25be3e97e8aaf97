// Searches all pages, without a server: the index is a script that is fetched when somebody begins to search.

const search = (() => {
  const MOST = 12, BEFORE = 40, AFTER = 110; // results; letters around what was found
  const LETTERS = { delta: "δ", sigma: "σ", eta: "η", nabla: "∇", partial: "∂", transpose: "ᵀ" };
  const field = document.querySelector(".search input"), list = document.querySelector(".results");
  const said = document.querySelector(".search [role=status]");
  let sections = null, asked = null;

  const plain = (text) => text.toLowerCase();

  /** How well a section answers: each word must be in it, and counts more in its heading. */
  function score(section, wanted) {
    let sum = 0;
    for (const word of wanted) {
      const forms = [word, ...(LETTERS[word] ? [LETTERS[word]] : [])];
      const count = Math.max(...forms.map((form) => section.plain.split(form).length - 1));
      const above = forms.some((form) => section.above.includes(form));
      if (!count && !above) return 0;
      sum += Math.min(count, 5) + (above ? 20 : 0);
    }
    return sum;
  }

  /** Some words around the first place, what is searched for marked. */
  function excerpt({ text }, wanted) {
    const forms = wanted.flatMap((word) => [word, ...(LETTERS[word] ? [LETTERS[word]] : [])]);
    const found = forms.map((form) => plain(text).indexOf(form)).filter((at) => at >= 0);
    const from = Math.max(0, Math.min(...found, text.length) - BEFORE);
    const cut = text.slice(from ? text.indexOf(" ", from) + 1 : 0, from + BEFORE + AFTER);
    const pattern = new RegExp(`(${forms.map((form) => form.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&")).join("|")})`, "giu");
    const told = document.createElement("span");
    told.append(...cut.split(pattern).map((part, n) => {
      if (n % 2 === 0) return part;
      return Object.assign(document.createElement("mark"), { textContent: part });
    }));
    return told;
  }

  function result(section, wanted) {
    const link = Object.assign(document.createElement("a"), { href: section.at });
    const heading = Object.assign(document.createElement("b"), { textContent: section.heading });
    const page = Object.assign(document.createElement("small"), { textContent: section.page });
    link.append(heading, " ", page, excerpt(section, wanted));
    const item = document.createElement("li");
    item.append(link);
    return item;
  }

  function show() {
    const wanted = plain(field.value).split(/\s+/).filter(Boolean);
    list.hidden = !wanted.length || !sections;
    said.textContent = "";
    if (list.hidden) return;
    const found = sections.map((section) => ({ section, points: score(section, wanted) })).filter(({ points }) => points);
    found.sort((one, other) => other.points - one.points);
    list.replaceChildren(...found.slice(0, MOST).map(({ section }) => result(section, wanted)));
    said.textContent = found.length ? `${found.length} found` : "nothing found";
    if (!found.length) list.append(Object.assign(document.createElement("li"), { textContent: "Nothing found." }));
  }

  function fetchIndex() {
    if (asked) return;
    asked = document.createElement("script");
    asked.src = "search-index.js";
    document.head.append(asked);
  }

  function take(found) {
    sections = found.map((part) => ({ ...part, plain: plain(part.text), above: plain(`${part.heading} ${part.page}`) }));
    show();
  }

  function close() {
    list.hidden = true;
    said.textContent = "";
  }

  field.closest(".search").hidden = false;
  field.addEventListener("focus", fetchIndex);
  field.addEventListener("input", show);
  field.closest("form").addEventListener("submit", (event) => {
    event.preventDefault();
    list.querySelector("a")?.click();
  });
  list.addEventListener("click", close); // also when the place is on this page
  document.querySelector(".search").addEventListener("focusout", ({ relatedTarget, currentTarget }) => {
    if (relatedTarget && !currentTarget.contains(relatedTarget)) close();
  });
  addEventListener("pointerdown", ({ target }) => target.closest?.(".search") || close());
  addEventListener("keydown", (event) => {
    const at = event.composedPath()[0];
    const links = [...list.querySelectorAll("a")], here = links.indexOf(document.activeElement);
    if (event.key === "/" && !at.matches("input, select, textarea") && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      field.focus();
    } else if (at.closest?.(".search")) {
      if (event.key === "Escape") (field.focus(), close());
      const to = { ArrowDown: here + 1, ArrowUp: here - 1 }[event.key];
      if (to === undefined || list.hidden || !links.length) return;
      event.preventDefault();
      (to < 0 ? field : links[Math.min(to, links.length - 1)]).focus();
    }
  });
  return { take };
})();
