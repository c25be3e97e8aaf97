// A page as a handout: with its answers open, or without them; by the browser's own command, as they stand on the page.

(() => {
  const root = document.documentElement, all = document.querySelectorAll(".prose details");
  let opened = [];

  function before() {
    for (const picture of document.querySelectorAll("img[loading]")) picture.loading = "eager";
    const folded = [...all].filter((box) => !box.open); // none the second time that the browser says that it prints
    opened.push(...folded.filter((box) => root.dataset.print === "with" || box.closest(".recap")));
    for (const box of opened) box.open = true;
  }
  function after() {
    for (const box of opened) box.open = false;
    opened = [];
    delete root.dataset.print;
  }
  async function print(how) {
    root.dataset.print = how;
    before();
    await Promise.all([...document.images].map((picture) => picture.decode().catch(() => {})));
    window.print();
  }

  addEventListener("beforeprint", before);
  addEventListener("afterprint", after);
  for (const button of document.querySelectorAll("button[data-print]")) {
    button.onclick = () => print(button.dataset.print);
    button.parentElement.hidden = false;
  }
})();
