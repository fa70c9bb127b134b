"""What a title, a certificate or a skill is also called, from the lists of talentpool/vocabulary.

Our own two lists come first, and ESCO is asked about what they don't know: its other names are many, and not all of
them name the same thing. All lists in memory take about 11 MB and 0.2 s, once a process.
"""

import functools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple

import talentpool.vocabulary
from talentpool.search.analysis import stems

MOST_WORDS = 6  # of a name
_VOCABULARY = Path(talentpool.vocabulary.__file__).parent
_MOST_MEANINGS = 2  # of a name of ESCO's; what is said of more says nothing

Key = tuple[str, ...]  # a name's stems


class Name(NamedTuple):
    text: str
    is_narrower: bool = False
    is_everyday: bool = False  # also a surname, a state or a word of any text: looked for in titles and skills only


@dataclass(slots=True)
class _Concept:
    """The usual name first."""

    names: list[Name] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Lists:
    own: dict[Key, list[_Concept]]  # by every name but the narrower ones
    esco: dict[Key, tuple[int, ...]]  # lines
    lines: list[str]
    titles: int  # of the lines, the first so many are occupations


def other_names(typed: str) -> list[Name]:
    """Other names of what was typed, best first, narrower ones last; also for several words at once."""
    key = tuple(stems(typed))
    concepts = [each for each in _lists().own.get(key, ()) if _is_meant(each, key, typed)]
    if not concepts:
        return _unlike(key, _esco_names(key))
    if len(concepts) > 1 and _is_abbreviation(_as_listed(concepts[0], key).text):
        return _unlike(key, [concept.names[0] for concept in concepts])
    found = [name for concept in concepts for name in concept.names if not _is_ambiguous(name)]
    return _unlike(key, sorted(found, key=lambda name: name.is_narrower))


def names_in(words: Sequence[str]) -> Iterator[Key]:
    """The listed names of several words that stand in a text, given as stems; one may stand within another."""
    lengths, keys = _names_of_words()
    for place, word in enumerate(words):
        for length in lengths.get(word, ()):
            key = tuple(words[place : place + length])
            if key in keys:
                yield key


def is_name_of_words(key: Key) -> bool:
    return key in _names_of_words().keys


@functools.cache
def fingerprint() -> str:
    """Another one for other lists: what was indexed by them is to be made anew."""
    keys = sorted(" ".join(key) for key in _names_of_words().keys)
    return blake2b("|".join(keys).encode(), digest_size=8).hexdigest()


class _NamesOfWords(NamedTuple):
    lengths: dict[str, tuple[int, ...]]  # by the first word
    keys: frozenset[Key]


@functools.cache
def _names_of_words() -> _NamesOfWords:
    lists = _lists()
    own = {tuple(stems(name.text)) for concepts in lists.own.values() for each in concepts for name in each.names}
    keys = frozenset(key for key in own | lists.esco.keys() if 1 < len(key) <= MOST_WORDS)
    lengths: dict[str, set[int]] = {}
    for key in keys:
        lengths.setdefault(key[0], set()).add(len(key))
    return _NamesOfWords({word: tuple(found) for word, found in lengths.items()}, keys)


def _is_meant(concept: _Concept, key: Key, typed: str) -> bool:
    """IT is information technology; it is not."""
    listed = _as_listed(concept, key)
    return not (listed.is_everyday and _is_abbreviation(listed.text)) or typed == listed.text


def _as_listed(concept: _Concept, key: Key) -> Name:
    return next(name for name in concept.names if tuple(stems(name.text)) == key)


def _is_abbreviation(text: str) -> bool:
    return text.isupper() and len(text) <= MOST_WORDS


def _is_ambiguous(name: Name) -> bool:
    return _is_abbreviation(name.text) and len(_lists().own.get(tuple(stems(name.text)), ())) > 1


def _unlike(key: Key, names: Iterable[Name]) -> list[Name]:
    """Each once, and none that holds all that was typed: whoever has it is found without."""
    typed = frozenset(key)
    by_key = {tuple(stems(name.text)): name for name in reversed(list(names))}
    return [name for found, name in reversed(by_key.items()) if found and not typed <= frozenset(found)]


def _esco_names(key: Key) -> Iterator[Name]:
    lists = _lists()
    numbers = lists.esco.get(key, ())
    first = [number for number in numbers if tuple(stems(lists.lines[number].partition("|")[0])) == key]
    numbers = tuple(first) or numbers
    for number in numbers if len(numbers) <= _MOST_MEANINGS else ():
        for text in lists.lines[number].split("|"):
            yield Name(text, is_everyday=number < lists.titles and " " not in text)


@functools.cache
def _lists() -> _Lists:
    own: dict[Key, list[_Concept]] = {}
    for line in _lines("other_names.txt"):
        _enter(own, line)
    for line in _lines("modern_skills.txt"):
        for entry in line.split(";"):
            _enter(own, entry.strip(), of_skills=True)
    titles, skills = list(_lines("esco_occupations.txt")), list(_lines("esco_skills.txt"))
    lines = [line for line in (*titles, *skills) if "|" in line]
    esco: dict[Key, tuple[int, ...]] = {}
    for number, line in enumerate(lines):
        for key in {tuple(stems(name)) for name in line.split("|")}:
            esco[key] = (*esco.get(key, ()), number)
    return _Lists(own, esco, lines, sum("|" in line for line in titles))


def _lines(file: str) -> Iterator[str]:
    for line in (_VOCABULARY / file).read_text().splitlines():
        if line and not line.startswith("#"):
            yield line


def _enter(own: dict[Key, list[_Concept]], entry: str, *, of_skills: bool = False) -> None:
    """`usual = other, other > narrower`; a skill that the list before has under one usual name gets its names too."""
    same, _, narrower = entry.partition(" > ")
    usual, _, others = same.partition(" = ")
    if not others and not narrower:
        return
    names = [_name(usual), *map(_name, others.split(", ") if others else ())]
    known = own.get(tuple(stems(names[0].text)), []) if of_skills else []
    concept = known[0] if len(known) == 1 else _Concept()
    concept.names += [name for name in names if name not in concept.names]
    concept.names += [_name(each)._replace(is_narrower=True) for each in narrower.split(", ") if each]
    for name in names:
        concepts = own.setdefault(tuple(stems(name.text)), [])
        if concept not in concepts:
            concepts.append(concept)


def _name(entry: str) -> Name:
    return Name(entry.removeprefix("!"), is_everyday=entry.startswith("!"))
