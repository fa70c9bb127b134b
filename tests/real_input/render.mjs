// node render.mjs FOLDER OUT SAMPLE...: each sample through each theme installed in FOLDER, as OUT/<theme>--<sample>.html
import fs from "node:fs";
import path from "node:path";
import { createRequire } from "node:module";

const [folder, out, ...samples] = process.argv.slice(2);
const load = createRequire(path.join(folder, "x.js"));
const themes = Object.keys(JSON.parse(fs.readFileSync(path.join(folder, "package.json"))).dependencies).filter((name) =>
  name.startsWith("jsonresume-theme-"),
);

const entry = (exported) =>
  typeof exported === "string" ? exported : exported && entry(exported.import ?? exported.default ?? exported["."] ?? null);

// Older themes read an employer's name where the first version of the schema had it.
const forOldThemes = (resume) => {
  for (const job of resume.work ?? []) job.company ??= job.name;
  return resume;
};

for (const theme of themes) {
  const home = path.join(folder, "node_modules", theme);
  const about = JSON.parse(fs.readFileSync(path.join(home, "package.json")));
  const main = path.join(home, entry(about.exports) || about.main || "index.js");
  const module = await import(main).catch(() => load(theme));
  const render = module.render ?? module.default?.render ?? module.default;
  process.chdir(path.dirname(main)); // some read their templates from where they are
  for (const sample of samples) {
    const html = await render(forOldThemes(JSON.parse(fs.readFileSync(sample))));
    fs.writeFileSync(path.join(out, `${theme}--${path.basename(sample, ".json")}.html`), html);
  }
}
