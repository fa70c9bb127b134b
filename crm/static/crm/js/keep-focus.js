// Who stands on something that a swap replaces or moves goes on standing there, where its id is still on the page.
(() => {
  "use strict";

  let stood = null;

  document.addEventListener("htmx:beforeSwap", () => {
    stood = document.activeElement?.id || null;
  });
  document.addEventListener("htmx:afterSettle", () => {
    const lost = document.activeElement === document.body && stood;
    if (lost) document.getElementById(lost)?.focus({ preventScroll: true });
  });
})();
