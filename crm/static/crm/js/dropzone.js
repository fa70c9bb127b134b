// Files dropped anywhere on a dropzone; their names and sizes are listed before anything is sent.
(() => {
  "use strict";

  const size = (bytes) => {
    const units = ["B", "KB", "MB", "GB"];
    let unit = 0;
    while (bytes >= 1024 && unit < units.length - 1) [bytes, unit] = [bytes / 1024, unit + 1];
    return `${bytes.toLocaleString(document.documentElement.lang, { maximumFractionDigits: unit ? 1 : 0 })} ${units[unit]}`;
  };

  const list = (zone) => {
    const input = zone.querySelector('input[type="file"]');
    const limit = Number(zone.dataset.limit || Infinity);
    const items = [...input.files].map((file) => {
      const item = document.createElement("li");
      item.textContent = `${file.name} · ${size(file.size)}`;
      if (file.size > limit) {
        item.className = "error";
        item.textContent += ` · ${zone.dataset.tooLarge.replace("{limit}", size(limit))}`;
      }
      return item;
    });
    const names = document.createElement("ul");
    names.append(...items);
    zone.querySelector("output").replaceChildren(...(items.length ? [names] : []));
  };

  document.addEventListener("change", (event) => {
    const zone = event.target.closest?.(".dropzone");
    if (zone && event.target.type === "file") list(zone);
  });
  for (const kind of ["dragenter", "dragover"]) {
    document.addEventListener(kind, (event) => {
      const zone = event.target.closest?.(".dropzone");
      if (!zone || !event.dataTransfer.types.includes("Files")) return;
      event.preventDefault();
      zone.setAttribute("data-over", "");
    });
  }
  document.addEventListener("dragleave", (event) => {
    const zone = event.target.closest?.(".dropzone");
    if (zone && !zone.contains(event.relatedTarget)) zone.removeAttribute("data-over");
  });
  document.addEventListener("drop", (event) => {
    const zone = event.target.closest?.(".dropzone");
    if (!zone) return;
    event.preventDefault();
    zone.removeAttribute("data-over");
    const input = zone.querySelector('input[type="file"]');
    const files = new DataTransfer();
    for (const file of [...event.dataTransfer.files].slice(0, input.multiple ? undefined : 1)) files.items.add(file);
    input.files = files.files;
    list(zone);
  });
})();
