// Where a Python lies beside the pages, each can be run: lite.js says so, and what was measured of it.

addEventListener("DOMContentLoaded", () => {
  if (!lite) return;
  const [first, again] = lite.seconds;
  for (const place of document.querySelectorAll(".run")) {
    place.querySelector("span").textContent = `in this browser, with nothing to install: ${lite.megabytes} MB the first ` +
      `time. On a computer with two cores the first live picture answers after ${first} seconds, the next time after ${again}.`;
    for (const link of [place.querySelector("a"), ...document.querySelectorAll("a.needs")]) {
      link.href = place.querySelector("a").dataset.leads;
    }
    place.append(" ", Object.assign(document.createElement("a"), {
      href: "lite/index.html", textContent: "What you write stays in this browser",
    }), ".");
    place.hidden = false;
  }
});
