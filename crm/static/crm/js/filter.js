// Typing into [data-filter] hides the rows of its selector that lack the words, and groups that are left empty.
(() => {
  "use strict";

  for (const box of document.querySelectorAll("[data-filter-box]")) box.hidden = false; // without this script it could do nothing
  document.addEventListener("input", (event) => {
    const wanted = event.target.dataset?.filter;
    if (!wanted) return;
    const words = event.target.value.toLocaleLowerCase().split(/\s+/).filter(Boolean);
    for (const row of document.querySelectorAll(wanted)) {
      const text = row.dataset.word.toLocaleLowerCase();
      row.hidden = !words.every((word) => text.includes(word));
    }
    for (const group of document.querySelectorAll("[data-filter-group]")) group.hidden = !group.querySelector(`${wanted}:not([hidden])`);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.dataset?.filter) event.preventDefault(); // it would save
  });
})();
