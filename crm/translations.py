"""The catalogues in `locale/`: gathers what goes through gettext, updates the .po files, compiles them to .mo.

`make translations` after a text changed; then fill in what it counts as missing, and run it again. Both files of a
language are committed, so that nothing has to be compiled where Rapport is installed.
"""

import io
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel.messages import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
LOCALE = ROOT / "locale"
LANGUAGES = ("de", "fr", "es", "nl", "it", "pt")
SOURCES = ("crm", "talentpool", "campaigns", "ats_sync", "sourcing", "analytics", "templates")
SUFFIXES = (".py", ".html", ".txt")
MARK = re.compile(r"gettext|load i18n")
HEADER = "# What candidates and agencies read (crm/translations.py)."
KEYWORDS = DEFAULT_KEYWORDS | {"gettext_lazy": None, "pgettext_lazy": ((1, "c"), 2), "ngettext_lazy": (1, 2)}


def texts() -> Catalog:
    """Everything that is to be translated, with where it stands."""
    found = Catalog(charset="utf-8")
    for path in _sources():
        for line, message, comments, context in extract("python", _as_python(path), KEYWORDS):
            found.add(message, locations=[(str(path.relative_to(ROOT)), line)], context=context, auto_comments=comments)
    return found


def catalogue(language: str) -> Catalog:
    return read_po(io.BytesIO(_file(language, "po").read_bytes()), locale=language, charset="utf-8")


def compiled(translated: Catalog) -> bytes:
    packed = io.BytesIO()
    write_mo(packed, translated)
    return packed.getvalue()


def untranslated(translated: Catalog) -> list[str]:
    return [str(each.id) for each in translated if each.id and (each.fuzzy or not all(_strings(each)))]


def _strings(message: Any) -> tuple[str, ...]:
    return message.string if isinstance(message.string, tuple) else (message.string,)


def _sources() -> Iterator[Path]:
    for path in sorted(path for folder in SOURCES for path in (ROOT / folder).rglob("*.*")):
        if path.suffix in SUFFIXES and path != Path(__file__) and MARK.search(path.read_text("utf-8")):
            yield path


def _as_python(path: Path) -> io.BytesIO:
    """A template as calls of gettext; what stands between them is no Python, so lines lose what would indent them."""
    text = path.read_text("utf-8")
    if path.suffix == ".py":
        return io.BytesIO(text.encode())
    from django.utils.translation.template import templatize

    return io.BytesIO("\n".join(line.strip() for line in templatize(text).split("\n")).encode())


def _file(language: str, suffix: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / f"django.{suffix}"


def main() -> None:
    wanted = texts()
    for language in LANGUAGES:
        path = _file(language, "po")
        path.parent.mkdir(parents=True, exist_ok=True)
        there = catalogue(language) if path.exists() else Catalog(language, charset="utf-8")
        there.project, there.version, there.header_comment, there.fuzzy = "Rapport", "1", HEADER, False
        there.last_translator = there.language_team = there.msgid_bugs_address = "Rapport"
        began = there.creation_date
        there.update(wanted, no_fuzzy_matching=True)
        there.obsolete.clear()
        there.creation_date = there.revision_date = began  # a catalogue changes with its texts only
        written = io.BytesIO()
        write_po(written, there, width=120, sort_output=True, include_lineno=False)
        path.write_bytes(written.getvalue())
        _file(language, "mo").write_bytes(compiled(there))
        sys.stdout.write(f"{language}: {len(there)} texts, {len(untranslated(there))} to translate\n")


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm.settings")
    main()
