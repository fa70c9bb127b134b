// Takes a clip out of the address, where no server ever saw it, and out of the history, and asks to have it read.
(() => {
  "use strict";

  const form = document.querySelector("form[data-clip]");
  const told = location.hash.slice(1);
  if (!form || !told) return;
  history.replaceState(null, "", location.pathname);
  try {
    form.elements.payload.value = decodeURIComponent(told);
  } catch {
    form.elements.payload.value = told.slice(0, 100);
  }
  form.submit();
})();
