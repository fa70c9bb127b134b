// What is said of a person on the page in view, as JSON: the selection or else the visible text, links, and what the page
// tells machines. Runs once, when it is clicked. Its value is the last expression: the extension takes it from there, and
// the bookmarklet carries it as one line, so no comment may follow code.
(() => {
  const cut = (text, most) => String(text ?? "").trim().slice(0, most);
  const chosen = window.getSelection();
  const selected = Boolean(chosen && !chosen.isCollapsed && chosen.toString().trim());
  const main = document.querySelector("main, [role=main], article") ?? document.body;
  const text = cut(selected ? chosen.toString() : main?.innerText, 20000);

  const isChosen = (link) => !selected || chosen.containsNode(link, true);
  const anchors = [...(selected ? document : main ?? document).querySelectorAll("a[href]")].filter(isChosen);
  const isOfUse = (href) => /^(https?|mailto|tel):/i.test(href);
  const links = [...new Set(anchors.map((link) => cut(link.href, 500)).filter(isOfUse))].slice(0, 60);

  const scripts = [...document.querySelectorAll('script[type="application/ld+json"]')].map((one) => one.textContent.trim());
  const linked = scripts.filter((one) => one.length < 30000 && /Person|ProfilePage/.test(one)).slice(0, 5);

  const valueOf = (node) => node.content || node.href || node.getAttribute("datetime") || node.innerText || node.textContent;
  const all = (root, pattern) => [...root.querySelectorAll(pattern)].slice(0, 10).map((node) => cut(valueOf(node), 500));
  const read = (root, patterns) => {
    const found = {};
    for (const [name, pattern] of Object.entries(patterns)) {
      const values = all(root, pattern).filter(Boolean);
      if (values.length) found[name] = values;
    }
    return found;
  };
  const microformat = {
    name: ".p-name, .fn", title: ".p-job-title, .title", role: ".p-role, .role", org: ".p-org, .org",
    email: "a.u-email, a.email", tel: ".p-tel, .tel", url: "a.u-url, a.url", note: ".p-note, .note",
    locality: ".p-locality, .locality", region: ".p-region, .region",
  };
  const property = (...names) => names.map((name) => `[itemprop="${name}"]`).join(", ");
  const microdata = {
    name: property("name"), title: property("jobTitle"), org: property("worksFor", "affiliation"),
    email: property("email"), tel: property("telephone"), url: property("url", "sameAs"),
    note: property("description"), locality: property("addressLocality"), region: property("addressRegion"),
  };
  const person = document.querySelector('[itemtype$="schema.org/Person"]');
  const hcard = document.querySelector(".h-card, .vcard");
  const card = person ? read(person, microdata) : hcard ? read(hcard, microformat) : {};

  return JSON.stringify({ url: location.href, title: cut(document.title, 300), selected, text, links, linked, card });
})();
