"""@mentions in the text of a note: which members it names, and the text with them marked.

Pure: `@Name` and `@e-mail`, whatever the capitals, of those who are offered; the longest name wins, so that “@Ann Lee”
is not Ann.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

MOST = 50  # of one note


@dataclass(frozen=True)
class Mentionable:
    member_id: int
    name: str
    email: str


def mentioned(text: str, members: Iterable[Mentionable]) -> dict[int, str]:
    """Member id -> the words by which the text names her, in the order of the text."""
    named: dict[str, Mentionable] = {}
    spellings: list[str] = []
    for each in members:
        for words in (each.name, each.email):
            if words.strip():
                named.setdefault(_plain(words), each)
                spellings.append(words)
    if not named:
        return {}
    found: dict[int, str] = {}
    for match in _pattern(spellings).finditer(text):
        who = named.get(_plain(match[0][1:]))
        if who is not None and len(found) < MOST:
            found.setdefault(who.member_id, match[0][:255])
    return found


def marked(text: str, words: Sequence[str]) -> SafeString:
    """The text, escaped, with these words of it marked."""
    wanted = [each for each in words if each]
    if not wanted:
        return format_html("{}", text)
    pattern = re.compile("(" + "|".join(re.escape(each) for each in sorted(wanted, key=len, reverse=True)) + ")")
    parts = pattern.split(text)
    return format_html_join(
        "", "{}", ((format_html('<b class="mention">{}</b>', p) if n % 2 else p,) for n, p in enumerate(parts))
    )


def _pattern(spellings: Iterable[str]) -> re.Pattern[str]:
    """An @ at the beginning of a word, then one of the names and no letter more; spaces as many as you like."""
    names = sorted(spellings, key=len, reverse=True)
    either = "|".join(r"\s+".join(re.escape(word) for word in name.split()) for name in names)
    return re.compile(rf"(?<![\w@.])@(?:{either})(?!\w)", re.IGNORECASE)


def _plain(words: str) -> str:
    return unicodedata.normalize("NFC", " ".join(words.split())).casefold()
