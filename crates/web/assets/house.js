// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0
// Comfort only: every page works without it. "/" and Ctrl-K open the quick search.
const palette = document.querySelector("#palette");
if (palette) {
  const field = palette.querySelector("input");
  const list = palette.querySelector("ul");
  let asked = 0;
  const open = () => {
    if (!palette.open) palette.showModal();
    field.select();
  };
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input, textarea, select, [contenteditable]");
    const isSlash = event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey;
    if (isSlash || (event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey))) {
      event.preventDefault();
      open();
    }
  });
  document.querySelectorAll("[data-opens=palette]").forEach((link) => {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      open();
    });
  });
  palette.addEventListener("click", (event) => {
    if (event.target === palette) palette.close();
  });
  field.addEventListener("input", async () => {
    asked += 1;
    const mine = asked;
    let found = [];
    try {
      const answer = await fetch(`/suggest?q=${encodeURIComponent(field.value)}`, { headers: { accept: "application/json" } });
      if (answer.ok) found = await answer.json();
    } catch {
      found = [];
    }
    if (mine !== asked) return;
    list.replaceChildren(
      ...found.map(({ text, href, kind }) => {
        const item = document.createElement("li");
        const link = document.createElement("a");
        const note = document.createElement("span");
        link.className = "ds-link";
        link.href = href;
        link.textContent = text;
        note.className = "note";
        note.textContent = list.dataset[kind] ?? "";
        item.append(link, " ", note);
        return item;
      }),
    );
  });
  palette.addEventListener("keydown", (event) => {
    const stops = [field, ...list.querySelectorAll("a")];
    const here = stops.indexOf(document.activeElement);
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && here >= 0) {
      event.preventDefault();
      stops[(here + step + stops.length) % stops.length].focus();
    }
  });
}
// A question that is worked on: its page says how far it is, and goes to the answer when that is there.
const running = document.querySelector("[data-running]");
if (running) {
  const look = async () => {
    try {
      const answer = await fetch(`${running.dataset.running}/state`, { headers: { accept: "application/json" } });
      if (!answer.ok) return;
      const { has_ended: hasEnded, line } = await answer.json();
      if (hasEnded) {
        location.assign(running.dataset.running);
        return;
      }
      running.textContent = line;
    } catch {
      // The network may come back.
    }
    setTimeout(look, 2000);
  };
  look();
}
