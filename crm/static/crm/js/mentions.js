// An @ in a note offers the colleagues who can be named. Without this file, @ and a name typed out do the same.
(() => {
  "use strict";

  const MOST = 8;
  let members, list, field, from, at = 0;

  const load = async (form) => {
    if (members) return;
    members = [];
    const answer = await fetch(form.dataset.mentionable, { headers: { "X-Requested-With": "fetch" } });
    if (answer.ok) members = (await answer.json()).members;
  };

  const close = () => {
    list?.remove();
    field?.removeAttribute("aria-activedescendant");
    list = undefined;
  };

  // What is being typed since the last @ that begins a word, or nothing.
  const typed = () => {
    const before = field.value.slice(0, field.selectionStart);
    const match = /(?:^|[^\w@.])@([^\n@]{0,40})$/u.exec(before);
    if (!match) return null;
    from = before.length - match[1].length;
    return match[1].toLocaleLowerCase();
  };

  const fits = (member, words) =>
    member.name.toLocaleLowerCase().split(/\s+/).some((_, index, all) => all.slice(index).join(" ").startsWith(words)) ||
    member.email.startsWith(words);

  const take = (member) => {
    const once = members.filter((other) => other.name === member.name).length === 1;
    const rest = field.value.slice(field.selectionStart);
    const words = (once ? member.name : member.email) + (rest.startsWith(" ") ? "" : " ");
    field.value = field.value.slice(0, from) + words + rest;
    field.selectionStart = field.selectionEnd = from + words.length;
    close();
    field.focus();
  };

  const point = (to) => {
    const options = [...list.children];
    at = (to + options.length) % options.length;
    options.forEach((option, index) => option.setAttribute("aria-selected", String(index === at)));
    field.setAttribute("aria-activedescendant", options[at].id);
  };

  const offer = (found) => {
    close();
    list = document.createElement("ul");
    list.className = "offers";
    list.id = "mention-offers";
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", "Colleagues");
    found.forEach((member, index) => {
      const option = document.createElement("li");
      option.id = `mention-${index}`;
      option.setAttribute("role", "option");
      const name = document.createElement("b");
      name.textContent = member.name;
      const email = document.createElement("small");
      email.textContent = member.email;
      option.append(name, " ", email);
      option.addEventListener("mousedown", (event) => { event.preventDefault(); take(member); });
      list.append(option);
    });
    list.found = found;
    field.after(list);
    point(0);
  };

  document.addEventListener("input", async (event) => {
    if (!event.target.matches("textarea[data-mentions]")) return;
    field = event.target;
    const form = field.closest("[data-mentionable]");
    if (!form || typed() === null) return close();
    await load(form);
    const words = typed();
    const found = words === null ? [] : members.filter((member) => fits(member, words)).slice(0, MOST);
    if (found.length) offer(found); else close();
  });

  document.addEventListener("keydown", (event) => {
    if (!list || event.target !== field) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) point(at + step);
    else if (event.key === "Enter" || event.key === "Tab") take(list.found[at]);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
  });

  document.addEventListener("focusout", (event) => { if (event.target === field) close(); });
})();
