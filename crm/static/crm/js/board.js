// Moving cards on a board: by mouse, or by keys (Space lifts, arrows choose the column, Space puts down, Escape puts back).
// Each card holds a form with a select named "stage"; without a script that form's own button moves it.
(() => {
  "use strict";

  let lifted = null; // { card, from, next, column }

  const say = (text) => {
    const region = document.querySelector("[data-board-says]");
    if (region) region.textContent = text;
  };
  const columns = (card) => [...card.closest("[data-board]").querySelectorAll("[data-column]")];
  const title = (column) => column.getAttribute("aria-label");
  const mark = (column) => {
    for (const other of document.querySelectorAll("[data-target]")) other.removeAttribute("data-target");
    column?.setAttribute("data-target", "");
  };

  const send = (card, column) => {
    const form = card.querySelector("form[data-move]");
    form.elements.stage.value = column.dataset.column;
    column.querySelector("[data-cards]").prepend(card);
    form.requestSubmit();
  };

  const lay = (column) => {
    const { card, from } = lifted;
    card.removeAttribute("data-lifted");
    mark(null);
    lifted = null;
    if (column && column !== from) {
      send(card, column);
      say(card.dataset.moved.replace("{stage}", title(column)));
    } else say(card.dataset.stayed);
  };

  document.addEventListener("dragstart", (event) => {
    const card = event.target.closest?.("[data-card]");
    if (!card) return;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", card.dataset.card);
    lifted = { card, from: card.closest("[data-column]") };
    card.setAttribute("data-lifted", "pointer");
  });
  document.addEventListener("dragover", (event) => {
    const column = event.target.closest?.("[data-column]");
    if (!lifted || !column) return;
    event.preventDefault();
    mark(column);
  });
  document.addEventListener("drop", (event) => {
    const column = event.target.closest?.("[data-column]");
    if (!lifted || !column) return;
    event.preventDefault();
    lay(column);
  });
  document.addEventListener("dragend", () => lifted && lay(null));

  document.addEventListener("keydown", (event) => {
    const card = event.target;
    if (!card.matches?.("[data-card]")) return;
    const rtl = getComputedStyle(card).direction === "rtl" ? -1 : 1;
    const step = { ArrowRight: rtl, ArrowLeft: -rtl }[event.key];
    if (event.key === " " && !lifted) {
      event.preventDefault();
      const from = card.closest("[data-column]");
      lifted = { card, from, column: from };
      card.setAttribute("data-lifted", "keys");
      mark(from);
      say(card.dataset.liftedWords);
    } else if (lifted?.card === card && step) {
      event.preventDefault();
      const all = columns(card);
      lifted.column = all[Math.min(all.length - 1, Math.max(0, all.indexOf(lifted.column) + step))];
      mark(lifted.column);
      lifted.column.scrollIntoView({ block: "nearest", inline: "nearest" });
      say(title(lifted.column));
    } else if (lifted?.card === card && (event.key === " " || event.key === "Enter")) {
      event.preventDefault();
      lay(lifted.column);
      card.focus();
    } else if (lifted?.card === card && event.key === "Escape") {
      lay(null);
    }
  });
  document.addEventListener("focusout", (event) => {
    if (lifted?.card === event.target && lifted.card.dataset.lifted === "keys" && lifted.card.isConnected) {
      const { card } = lifted;
      setTimeout(() => lifted?.card === card && document.activeElement !== card && lay(null));
    }
  });
})();
