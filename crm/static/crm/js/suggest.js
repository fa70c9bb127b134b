// Offers what can stand where somebody types in a box marked data-suggest: names of fields, and values people have.
// Without this file the box is a box.
(() => {
  "use strict";

  const PAUSE = 120;
  let box, list, offered, timer, asking, at = -1;

  const close = () => {
    clearTimeout(timer);
    asking?.abort();
    list?.remove();
    list = undefined;
    at = -1;
    box?.setAttribute("aria-expanded", "false");
    box?.removeAttribute("aria-activedescendant");
  };

  const point = (to) => {
    const options = [...list.children];
    at = to < -1 ? options.length - 1 : to >= options.length ? -1 : to;
    options.forEach((option, index) => option.setAttribute("aria-selected", String(index === at)));
    if (at < 0) box.removeAttribute("aria-activedescendant");
    else box.setAttribute("aria-activedescendant", options[at].id);
  };

  const take = (each) => {
    if (box.dataset.field) {
      box.value = each.label;
      close();
      return box.focus();
    }
    const { start, end } = offered;
    const rest = box.value.slice(end);
    const words = rest.startsWith(" ") ? each.text.trimEnd() + " " : each.text;
    box.value = box.value.slice(0, start) + words + rest.replace(/^ /, "");
    box.selectionStart = box.selectionEnd = start + words.length;
    close();
    box.focus();
    if (each.text.endsWith(":")) ask();
  };

  const offer = (found) => {
    close();
    offered = found;
    if (!found.suggestions.length) return;
    list = document.createElement("ul");
    list.className = "offers";
    list.id = "suggestions";
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", "What can stand here");
    found.suggestions.forEach((each, index) => {
      const option = document.createElement("li");
      option.id = `suggestion-${index}`;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      const label = document.createElement("b");
      label.textContent = each.label;
      const kind = document.createElement("small");
      kind.textContent = each.kind;
      option.append(label, " ", kind);
      option.addEventListener("mousedown", (event) => { event.preventDefault(); take(each); });
      list.append(option);
    });
    box.closest("form").append(list);
    box.setAttribute("aria-expanded", "true");
  };

  const ask = async () => {
    asking?.abort();
    asking = new AbortController();
    const asked = box.value, field = box.dataset.field;
    const text = field ? `${field}:"${asked.replaceAll('"', " ")}` : asked;
    const query = new URLSearchParams({ q: text, caret: field ? text.length : box.selectionStart });
    try {
      const answer = await fetch(`${box.dataset.suggest}?${query}`, { signal: asking.signal, headers: { "X-Requested-With": "fetch" } });
      if (answer.ok && document.activeElement === box && box.value === asked) offer(await answer.json());
    } catch { /* typed on, or no network: the box works without */ }
  };

  document.addEventListener("focusin", (event) => {
    if (!event.target.matches("input[data-suggest]")) return;
    box = event.target;
    box.setAttribute("role", "combobox");
    box.setAttribute("aria-autocomplete", "list");
    box.setAttribute("aria-controls", "suggestions");
    box.setAttribute("aria-expanded", "false");
  });

  document.addEventListener("input", (event) => {
    if (event.target !== box) return;
    close(); // what is offered was for other words, and would be put where they stood
    timer = setTimeout(ask, PAUSE);
  });

  document.addEventListener("keydown", (event) => {
    if (event.target !== box || event.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && list) point(at + step);
    else if (event.key === "ArrowDown") ask();
    else if (list && at >= 0 && (event.key === "Enter" || event.key === "Tab")) take(offered.suggestions[at]);
    else if (list && event.key === "Escape") close();
    else return;
    event.preventDefault();
  });

  document.addEventListener("focusout", (event) => { if (event.target === box) close(); });
  document.addEventListener("submit", close, true);
})();
