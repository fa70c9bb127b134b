// What every page has: keys, messages, menus, copying, and buttons that wait. Everything works without this file, with one more click.
(() => {
  "use strict";

  const typing = (element) => element.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");

  // A key named in data-key presses or focuses its element, unless somebody is typing.
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    const target = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
    if (!target) return;
    event.preventDefault();
    if (typing(target)) {
      target.focus();
      target.select?.();
    } else target.click();
  });

  // In a list marked data-rows, j and k (or the arrows) walk from one row's link to the next.
  document.addEventListener("keydown", (event) => {
    const step = { j: 1, k: -1 }[event.key];
    if (!step || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    const links = [...document.querySelectorAll("[data-rows] .name")];
    if (!links.length) return;
    const here = links.findIndex((link) => link === document.activeElement || link.closest("li, tr")?.contains(document.activeElement));
    links[Math.min(links.length - 1, Math.max(0, here + step))].focus();
  });

  document.addEventListener("click", (event) => {
    const dismiss = event.target.closest("[data-dismiss]");
    if (dismiss) return dismiss.closest(".message").remove();
    const copy = event.target.closest("[data-copy]");
    if (copy) {
      navigator.clipboard.writeText(document.getElementById(copy.dataset.copy).textContent.trim()).then(() => {
        copy.textContent = copy.dataset.copied;
      });
    }
  });

  // The theme changes at once; the form behind it remembers it for the next page.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.matches("[data-theme-form]") && event.submitter) {
      event.preventDefault();
      const theme = event.submitter.value;
      document.documentElement.dataset.theme = theme;
      for (const button of form.querySelectorAll("button")) button.setAttribute("aria-pressed", String(button.value === theme));
      const body = new FormData(form);
      body.set("theme", theme);
      fetch(form.action, { method: "POST", body, headers: { "X-Requested-With": "fetch" } });
      return;
    }
    // A second press would send a POST twice; a download keeps its page and so keeps its button.
    if (form.method === "post" && !form.matches("[data-again]") && !event.defaultPrevented) {
      const pressed = event.submitter;
      if (pressed && !form.hasAttribute("hx-post")) setTimeout(() => { pressed.disabled = true; });
    }
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) for (const button of document.querySelectorAll("button:disabled")) button.disabled = false;
  });

  // Controls marked data-submit send their form when they change (sorting, filters); their button is hidden then.
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-submit]")) event.target.form.requestSubmit();
  });
  for (const button of document.querySelectorAll("[data-without-script]")) button.hidden = true;

  // Times are sent with the zone of the person's settings; only "data-ago" ones age while the page is open.
  const ago = () => {
    for (const time of document.querySelectorAll("time[data-ago]")) {
      const seconds = Math.round((Date.now() - Date.parse(time.dateTime)) / 1000);
      if (seconds >= 0 && seconds < 3600) time.textContent = seconds < 60 ? time.dataset.now : time.dataset.minutes.replace("0", String(Math.floor(seconds / 60)));
    }
  };
  setInterval(ago, 30000);

  // After a swap that answers a form, the first field in error gets the focus.
  document.addEventListener("htmx:afterSwap", (event) => {
    event.target.querySelector?.("[aria-invalid='true']")?.focus();
  });
  document.querySelector("form [aria-invalid='true']")?.focus();

  // A request that never arrived is said in words.
  const complain = (text) => {
    const list = document.getElementById("messages");
    const item = document.createElement("div");
    item.className = "message error";
    const words = document.createElement("p");
    words.textContent = text;
    item.append(words);
    list.append(item);
  };
  document.addEventListener("htmx:sendError", () => complain(document.body.dataset.offline));
  document.addEventListener("htmx:responseError", (event) => {
    if (event.detail.xhr.status >= 500) complain(document.body.dataset.broken);
    else if (event.detail.xhr.status === 403) complain(document.body.dataset.refused);
  });
})();
