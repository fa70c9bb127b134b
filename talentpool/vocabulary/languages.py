"""Languages by their names in seven languages and their own."""

import functools
import re
from pathlib import Path


@functools.cache
def _codes() -> dict[str, str]:
    codes: dict[str, str] = {}
    for line in (Path(__file__).parent / "languages.tsv").read_text().splitlines():
        code, _, names = line.partition("\t")
        for name in names.split("|"):
            codes.setdefault(name.casefold(), code)
    return codes


@functools.cache
def _pattern() -> re.Pattern[str]:
    names = sorted(_codes(), key=len, reverse=True)
    return re.compile(r"(?<![\w-])(?:" + "|".join(map(re.escape, names)) + r")(?!\w)", re.IGNORECASE)


def language_names(text: str) -> list[re.Match[str]]:
    return list(_pattern().finditer(text))


def code_of(name: str) -> str:
    """ISO 639 code of a language's name, or empty."""
    return _codes().get(name.strip().casefold(), "")
