"""Every generated person in every theme and layout, as a file to read and the words that it shows.

Published themes come from npm and are printed by Chromium, once: what is made lies in .cache/ and is taken from there.
"""

import hashlib
import html
import io
import json
import re
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from _resume_documents import TEXT_LAYOUTS, WORD_LAYOUTS, text_file, word_file
from _resume_pages import LAYOUTS, page_of
from _resume_people import Generated
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).parents[2]
CACHE = ROOT / ".cache" / "resume-benchmark"
PACKAGES = {
    "jsonresume-theme-even": "0.26.1",
    "jsonresume-theme-elegant": "1.16.1",
    "jsonresume-theme-flat": "0.3.7",
    "jsonresume-theme-kendall": "0.2.0",
    "jsonresume-theme-macchiato": "1.1.0",
    "jsonresume-theme-stackoverflow": "3.3.0",
    "jsonresume-theme-class": "0.1.2",
    "jsonresume-theme-short": "0.1.7",
    "jsonresume-theme-spartan": "0.3.0",
    "jsonresume-theme-paper": "0.5.0",
    "jsonresume-theme-onepage": "0.0.3",
    "jsonresume-theme-caffeine": "1.2.3",
    "jsonresume-theme-pumpkin": "1.1.4",
    "jsonresume-theme-modern": "0.0.18",
}
# No rule was tuned on these: they are looked at only when a figure is published.
ASIDE = {
    *("pdf onepage", "pdf caffeine", "pdf pumpkin", "pdf modern", "pdf own timeline"),
    *("docx boxes and header", "docx grid", "txt bare"),
}
_FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]


@dataclass(frozen=True)
class Case:
    """`shown` is what a reader of the file sees, and the addresses behind its links."""

    theme: str
    person: Generated
    filename: str
    content: bytes
    shown: str


def themes() -> list[str]:
    published = [f"pdf {name.removeprefix('jsonresume-theme-')}" for name in PACKAGES]
    own = [f"pdf own {name}" for name in LAYOUTS]
    return [*published, *own, *(f"docx {name}" for name in WORD_LAYOUTS), *(f"txt {name}" for name in TEXT_LAYOUTS)]


def cases(people: list[Generated], *, wanted: set[str]) -> Iterator[Case]:
    printed = _printed(people)
    for theme in themes():
        if theme not in wanted:
            continue
        kind, _, layout = theme.partition(" ")
        for person in people:
            if kind == "pdf":
                stem = printed / f"{layout.replace(' ', '_')}--{person.key}"
                content, shown = stem.with_suffix(".pdf").read_bytes(), stem.with_suffix(".txt").read_text()
            else:
                content = word_file(person, layout) if kind == "docx" else text_file(person, layout)
                shown = content.decode() if kind == "txt" else _words_of(content)
            yield Case(theme, person, f"cv.{kind}", content, shown)


def _words_of(word: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(word)) as archive:
        parts = [
            archive.read(name).decode() for name in archive.namelist() if re.match(r"word/(document|header)", name)
        ]
    return html.unescape(re.sub(r"<[^>]+>", "", re.sub(r"</w:p>|<w:tab/>|<w:br/>", "\n", "".join(parts))))


def _printed(people: list[Generated]) -> Path:
    """The folder of the printed files; people and packages are its name, so that it is never stale."""
    pages = {
        f"own_{layout.replace(' ', '_')}--{person.key}": page_of(person, layout)
        for layout in LAYOUTS
        for person in people
    }
    said = json.dumps([PACKAGES, pages, [person.resume for person in people]], sort_keys=True)
    folder = CACHE / hashlib.sha256(said.encode()).hexdigest()[:16]
    if not (folder / "done").exists():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        for name, page in pages.items():
            (folder / f"{name}.html").write_text(page)
        _render_published(people, folder)
        _print_all(folder)
        (folder / "done").touch()
    return folder


def _render_published(people: list[Generated], folder: Path) -> None:
    home = CACHE / "npm"
    home.mkdir(parents=True, exist_ok=True)
    wanted = json.dumps({"private": True, "dependencies": PACKAGES})
    if not (home / "done").exists() or (home / "done").read_text() != wanted:
        (home / "package.json").write_text(wanted)
        install = ["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", "--no-package-lock"]
        subprocess.run(install, cwd=home, check=True, timeout=300)
        (home / "done").write_text(wanted)
    samples = folder / "people"
    samples.mkdir()
    for person in people:
        (samples / f"{person.key}.json").write_text(json.dumps(person.resume, ensure_ascii=False))
    out = folder / "rendered"
    out.mkdir()
    render = ROOT / "tests" / "real_input" / "render.mjs"
    subprocess.run(["node", render, home, out, *sorted(samples.iterdir())], check=True, timeout=600)
    for page in out.iterdir():
        page.rename(folder / page.name.removeprefix("jsonresume-theme-"))


def _print_all(folder: Path) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=_FLAGS)
        page = browser.new_context(offline=True).new_page()
        for source in sorted(folder.glob("*.html")):
            page.goto(source.as_uri(), wait_until="domcontentloaded")
            source.with_suffix(".pdf").write_bytes(page.pdf(format="A4", print_background=True))
            links = page.eval_on_selector_all("a[href]", "all => all.map(a => a.href)")
            source.with_suffix(".txt").write_text("\n".join([page.inner_text("body"), *links]))
        browser.close()
