// Light, dark, or as the system. It runs before anything is painted, so that no page flashes.

const theme = (() => {
  const KEY = "bpcourse-theme", root = document.documentElement;

  function kept() {
    try {
      return localStorage.getItem(KEY) ?? "";
    } catch { // a browser that keeps nothing
      return "";
    }
  }
  function show(name) {
    if (["light", "dark"].includes(name)) root.dataset.theme = name;
    else delete root.dataset.theme;
  }
  function choose(name) {
    show(name);
    try {
      localStorage.setItem(KEY, name);
    } catch {} // this page follows all the same
  }
  show(kept());
  addEventListener("DOMContentLoaded", () => {
    const field = document.querySelector(".theme select");
    const follow = () => (show(kept()), (field.value = root.dataset.theme ?? ""));
    addEventListener("storage", ({ key }) => key === KEY && follow()); // another page of the course
    follow();
    field.onchange = () => choose(field.value);
    field.closest(".theme").hidden = false;
  });
})();
