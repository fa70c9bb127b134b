// Choosing many rows: a count in the bar, shift for a range, one box for the page. The bar itself is shown by CSS alone.
(() => {
  "use strict";

  let last = null;

  const boxes = (form) => [...form.querySelectorAll('[name="selected"]')];

  const show = (form) => {
    const all = boxes(form);
    const chosen = all.filter((box) => box.checked).length;
    const page = form.querySelector("[data-bulk-page]");
    if (page) {
      page.closest("[hidden]")?.removeAttribute("hidden"); // without this script it could do nothing
      page.checked = chosen > 0 && chosen === all.length;
      page.indeterminate = chosen > 0 && chosen < all.length;
    }
    const everyone = form.querySelector('[name="everyone"]');
    for (const count of form.querySelectorAll("[data-bulk-count]")) {
      count.textContent = everyone?.checked ? count.dataset.everyone ?? String(chosen) : count.dataset.words.replace("0", String(chosen));
    }
  };

  document.addEventListener("click", (event) => {
    const box = event.target;
    const form = box.closest?.("form[data-bulk]");
    if (!form || !box.matches('[name="selected"]')) return;
    const all = boxes(form);
    if (event.shiftKey && last && all.includes(last)) {
      const [from, to] = [all.indexOf(last), all.indexOf(box)].sort((a, b) => a - b);
      for (const between of all.slice(from, to + 1)) between.checked = box.checked;
    }
    last = box;
  });

  document.addEventListener("change", (event) => {
    const form = event.target.closest?.("form[data-bulk]");
    if (!form) return;
    if (event.target.matches("[data-bulk-page]")) for (const box of boxes(form)) box.checked = event.target.checked;
    show(form);
  });

  // x ticks the row one stands on.
  document.addEventListener("keydown", (event) => {
    if (event.key !== "x" || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]")) return;
    const row = event.target.closest("form[data-bulk] [data-row]") ?? document.querySelector("form[data-bulk] [data-row][aria-current='true']");
    row?.querySelector('[name="selected"]')?.click();
  });

  const showAll = () => document.querySelectorAll("form[data-bulk]").forEach(show);
  document.addEventListener("htmx:afterSettle", showAll);
  showAll();
})();
