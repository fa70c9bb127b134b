// A list marked data-rows beside a pane: the arrows walk its rows, and the pane, where it is shown, has the row one stands on.
// A row names its own preview (hx-get, hx-trigger="preview"); without a script the pane keeps the first row.
(() => {
  "use strict";

  const rows = (list) => [...list.querySelectorAll("[data-row]")];
  const pane = () => {
    const found = document.getElementById("preview");
    return found && found.offsetParent !== null ? found : null;
  };

  const stand = (row) => {
    if (row.getAttribute("aria-current") === "true") return;
    for (const other of rows(row.closest("[data-rows]"))) other.removeAttribute("aria-current");
    row.setAttribute("aria-current", "true");
    if (pane()) htmx.trigger(row, "preview");
  };

  // A pane that comes shows who one stands on already.
  document.addEventListener("change", (event) => {
    const row = event.target.id === "with-preview" && pane() && document.querySelector("[data-rows] [aria-current=true]");
    if (row) htmx.trigger(row, "preview");
  });

  document.addEventListener("focusin", (event) => {
    const row = event.target.closest?.("[data-rows] [data-row]");
    if (row && event.target.matches(".name, [name=selected]")) stand(row);
  });
  document.addEventListener("click", (event) => {
    const row = event.target.closest?.("[data-rows] [data-row]");
    if (row && !event.target.closest("a, button, input, label, summary")) stand(row);
  });
  document.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const row = event.target.closest?.("[data-rows] [data-row]");
    if (!step || !row || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const all = rows(row.closest("[data-rows]"));
    const next = all[all.indexOf(row) + step];
    if (!next) return;
    event.preventDefault();
    next.querySelector(".name").focus();
  });
})();
