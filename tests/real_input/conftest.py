"""Résumés that others wrote: the samples of the JSON Resume schema, and what its published themes make of them.

Nothing of it is kept here; npm brings it and Chromium prints it when the tests run.
"""

import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from tests.browser.conftest import FLAGS

PACKAGES = {
    "@jsonresume/schema": "1.3.1",
    "jsonresume-theme-even": "0.26.1",
    "jsonresume-theme-elegant": "1.16.1",
    "jsonresume-theme-flat": "0.3.7",
    "jsonresume-theme-kendall": "0.2.0",
    "jsonresume-theme-macchiato": "1.1.0",
    "jsonresume-theme-stackoverflow": "3.3.0",
    "jsonresume-theme-class": "0.1.2",
    "jsonresume-theme-short": "0.1.7",
    "jsonresume-theme-spartan": "0.3.0",
}
HERE = Path(__file__).parent
CACHE = HERE.parents[1] / ".cache" / "real-input"


@dataclass(frozen=True)
class Rendered:
    """One sample in one theme, as HTML and as PDF."""

    theme: str
    sample: dict
    html: bytes
    pdf: bytes


def need(*programs: str) -> list[str]:
    paths = [shutil.which(program) for program in programs]
    missing = [program for program, path in zip(programs, paths, strict=True) if path is None]
    if missing:
        refuse(f"{' and '.join(missing)} is missing, which brings or prints the published résumés.")
    return [str(path) for path in paths]


def refuse(sentence: str) -> None:
    pytest.fail(sentence) if os.environ.get("CI") else pytest.skip(sentence)


@pytest.fixture(scope="session")
def packages() -> Path:
    npm, _ = need("npm", "node")
    CACHE.mkdir(parents=True, exist_ok=True)
    wanted = json.dumps({"private": True, "dependencies": PACKAGES})
    if not (CACHE / "done").exists() or (CACHE / "done").read_text() != wanted:
        (CACHE / "package.json").write_text(wanted)
        command = [npm, "install", "--ignore-scripts", "--no-audit", "--no-fund", "--no-package-lock"]
        install = subprocess.run(command, cwd=CACHE, capture_output=True, text=True, timeout=240, check=False)
        if install.returncode:
            refuse(f"npm could not install the published résumés: {install.stderr[-300:]}")
        (CACHE / "done").write_text(wanted)
    return CACHE


@pytest.fixture(scope="session")
def samples(packages: Path) -> dict[str, Path]:
    schema = packages / "node_modules" / "@jsonresume" / "schema"
    return {path.stem: path for path in [schema / "sample.resume.json", *sorted((schema / "examples").glob("*.json"))]}


@pytest.fixture(scope="session")
def rendered(packages: Path, samples: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> list[Rendered]:
    node, chromium = need("node", "chromium")
    out = tmp_path_factory.mktemp("rendered")
    subprocess.run([node, HERE / "render.mjs", packages, out, *samples.values()], check=True, timeout=120)
    found = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        page = browser.new_context(offline=True).new_page()
        for path in sorted(out.glob("*.html")):
            theme, _, stem = path.stem.partition("--")
            page.goto(path.as_uri(), wait_until="domcontentloaded")
            pdf = page.pdf(format="A4", print_background=True)
            found.append(Rendered(theme, json.loads(samples[stem].read_text()), path.read_bytes(), pdf))
        browser.close()
    return found
