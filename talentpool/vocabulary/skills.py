"""Skills by every spelling they go by: our own list of modern ones, and ESCO's kinds of knowledge."""

import functools
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

_HERE = Path(__file__).parent
_WORD = re.compile(r"[^\W_][\w+#]*(?:[.&/'’-](?=[\w+#])[\w+#]+)*[+#]*|\.net\b", re.IGNORECASE)
_MOST_WORDS = 5


class Mention(NamedTuple):
    begin: int
    finish: int
    skill: str
    modern: bool  # of our own list


class _Lists(NamedTuple):
    modern: dict[str, str]  # each spelling, folded, with the usual one
    everyday: frozenset[str]  # count in running text only as they are written
    esco: dict[str, str]
    first_words: frozenset[str]


def folded(skill: str) -> str:
    return " ".join(skill.casefold().replace("’", "'").split())


@functools.cache
def _lists() -> _Lists:
    modern: dict[str, str] = {}
    everyday: set[str] = set()
    for line in (_HERE / "modern_skills.txt").read_text().splitlines():
        for entry in line.split(";") if not line.startswith("#") else ():
            usual, _, others = entry.partition(" = ")
            usual = usual.strip()
            if usual.startswith("!"):
                usual = usual[1:]
                everyday.add(folded(usual))
            for spelling in (usual, *others.split(",")):
                if spelling.strip():
                    modern.setdefault(folded(spelling), usual)
    labels = re.split(r"[|\n]", (_HERE / "esco_skills.txt").read_text())
    esco = {folded(label): label for label in sorted(labels, key=str.lower) if label}
    return _Lists(modern, frozenset(everyday), esco, frozenset(name.split()[0] for name in (*modern, *esco) if name))


def usual_spelling(skill: str) -> str:
    """The list's spelling of a skill ("k8s": "Kubernetes"), or empty where no list has it."""
    lists, name = _lists(), folded(skill)
    return lists.modern.get(name) or lists.esco.get(name, "")


def is_known(skill: str) -> bool:
    return bool(usual_spelling(skill))


def mentions(text: str) -> Iterator[Mention]:
    """Skills named in a text, the longest first at each place, none inside another."""
    lists = _lists()
    words = list(_WORD.finditer(text))
    index = 0
    while index < len(words):
        for length in range(min(_MOST_WORDS, len(words) - index), 0, -1):
            begin, finish = words[index].start(), words[index + length - 1].end()
            name = folded(text[begin:finish])
            skill = lists.modern.get(name) or lists.esco.get(name)
            if skill:
                yield Mention(begin, finish, skill, name in lists.modern)
                index += length
                break
        else:
            index += 1


def mentioned_in_prose(text: str) -> Iterator[Mention]:
    """As mentions(), without the words that running text uses for other things."""
    everyday = _lists().everyday
    for each in mentions(text):
        said = text[each.begin : each.finish]
        if len(said) < 2 or (not each.modern and " " not in said):
            continue
        if folded(each.skill) in everyday and (said != each.skill or _opens_sentence(text, each.begin)):
            continue
        yield each


def _opens_sentence(text: str, begin: int) -> bool:
    before = text[:begin].rstrip(" ")
    return not before or before[-1] in ".!?\n•–-"
