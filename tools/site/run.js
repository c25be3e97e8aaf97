// Where a Python lies beside the pages, each can be run: lite.js says so, and what was measured of it.

addEventListener("DOMContentLoaded", () => {
  if (!lite) return;
  const [first, again] = lite.seconds;
  for (const place of document.querySelectorAll(".run")) {
    place.querySelector("span").textContent = `in this browser, with nothing to install: ${lite.megabytes} MB the first ` +
      `time. On a computer with two cores the first live picture answers after ${first} seconds, the next time after ${again}.`;
    const run = place.querySelector("a");
    for (const link of [run, ...document.querySelectorAll("a.needs")]) link.href = run.dataset.leads;
    for (const link of document.querySelectorAll("a.needs")) link.textContent = "(this needs Python: run it here)";
    place.append(" ", Object.assign(document.createElement("a"), {
      href: "lite/index.html", textContent: "What you write stays in this browser",
    }), ".");
    place.hidden = false;
  }
});
