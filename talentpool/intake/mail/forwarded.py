"""The letters inside the text of a letter: what was forwarded or quoted with its head, as mail programs write it.

A block of labelled lines (From, Sent, To, Subject in any of seven languages, in any order, quoted or bold or not) is
found by its shape, so that no program and no version has to be known by name.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from talentpool.intake.mail.letters import NOBODY, Address, addresses_of
from talentpool.intake.mail.words import ATTRIBUTION, COPY, DATE, FROM, LABELS, MARK, RULE, SUBJECT, TO

MOST_LINES = 20_000
_QUOTE = re.compile(r"^(?:[>|]\s?)+")
_LABELLED = re.compile(r"^[*_]{0,2}([^\W\d_][\w\-() ]{0,22}?)\s?[*_]{0,2}\s?:[*_]{0,2}(?:\s+(.*)|)$")
_MAIL = re.compile(r"[\w.+'%=~-]{1,64}@[\w-]+(?:\.[\w-]+)+")
_NOISE = re.compile(r"\[mailto:([^\]\s]+)\]|<mailto:([^>\s|]+)(?:\|[^>]*)?>|\(mailto:([^)\s]+)\)", re.IGNORECASE)
_ATTRIBUTION_HEAD = re.compile(r"^(?:On|Am|Le|El|Em|Il|Op|At|Den)\b.{0,120}?(?:,| um \d| à \d| a las \d| at \d)")


@dataclass(frozen=True, slots=True)
class Inner:
    """A letter as the text of another one shows it; `sent_at` has no time zone, as none is written there."""

    sender: Address
    to: tuple[Address, ...]
    subject: str
    sent_at: datetime | None
    text: str


@dataclass(frozen=True, slots=True)
class Parted:
    """`own` is what the letter's author wrote above all that."""

    own: str
    inner: tuple[Inner, ...]


def parted(text: str) -> Parted:
    """The author's own words and the letters below them, the newest first, each without what it quotes."""
    lines = [_QUOTE.sub("", line).rstrip() for line in text.split("\n")[:MOST_LINES]]
    heads = _heads(lines)
    if not heads:
        return _by_attribution(text)
    inner = []
    ends = [head.begins for head in heads[1:]] + [len(lines)]
    for head, end in zip(heads, ends, strict=True):
        inner.append(_inner(head, without_quotes("\n".join(lines[head.ends : end]))))
    return Parted(without_quotes("\n".join(text.split("\n")[: heads[0].begins])), tuple(inner))


def without_quotes(text: str) -> str:
    """The text up to what it answers: an attribution, a mark, or lines that begin with >."""
    if found := ATTRIBUTION.search(text):
        text = text[: found.start()]
    kept: list[str] = []
    for line in text.split("\n"):
        bare = line.strip()
        if MARK.fullmatch(bare):
            break
        kept.append(line.rstrip())
    while kept and (not kept[-1].strip() or kept[-1].lstrip().startswith(">") or RULE.fullmatch(kept[-1].strip())):
        kept.pop()
    return "\n".join(kept).strip()


@dataclass(slots=True)
class _Head:
    begins: int  # the first line that is no more the text before
    ends: int
    said: dict[str, str]


def _heads(lines: Sequence[str]) -> list[_Head]:
    heads, number = [], 0
    while number < len(lines):
        label = _label(lines[number])
        head = _head_at(lines, number) if label and label[0] in (FROM, SUBJECT, DATE, TO) else None
        if head:
            heads.append(head)
        number = head.ends if head else number + 1
    return heads


def _head_at(lines: Sequence[str], start: int) -> _Head | None:
    """Labelled lines that follow each other, a blank or the rest of a long value between them at most."""
    said: dict[str, str] = {}
    number, last = start, ""
    blanks = 0
    while number < len(lines) and number - start < 40:
        line = lines[number].strip()
        label = _label(line)
        if label and label[0] in said and label[0] in (FROM, SUBJECT):
            break
        if label:
            last, blanks = label[0], 0
            said.setdefault(last, label[1])
        elif not line and blanks == 0 and _goes_on(lines, number + 1, said):
            blanks += 1
        elif line and not blanks and _is_rest(line, last, said):
            said[last] = f"{said[last]} {line}".strip()
        else:
            break
        number += 1
    if FROM not in said or len(said.keys() & {SUBJECT, DATE, TO}) < (1 if _MAIL.search(said[FROM]) else 2):
        return None
    return _Head(_begin(lines, start), number, said)


def _goes_on(lines: Sequence[str], number: int, said: dict[str, str]) -> bool:
    """Whether after a blank line the head goes on; before its third line it isn't over yet."""
    label = _label(lines[number]) if number < len(lines) else None
    return bool(label and label[0] not in said and (len(said) < 5))


def _is_rest(line: str, label: str, said: dict[str, str]) -> bool:
    """A value that was wrapped: addresses go on with addresses, an empty label with anything."""
    if not label:
        return False
    if not said[label]:
        return True
    return label in (FROM, TO, COPY) and bool(_MAIL.search(line)) and len(line) < 1_000 and " " not in line[:1]


def _label(line: str) -> tuple[str, str] | None:
    found = _LABELLED.match(line.strip().replace("\N{NO-BREAK SPACE}", " ")[:2_000])
    kind = LABELS.get(found[1].strip().casefold()) if found else None
    return (kind, (found[2] or "").strip(" *")) if found and kind else None


def _begin(lines: Sequence[str], start: int) -> int:
    """With the mark, the rule and the blank lines above the head."""
    begin = start
    while begin > 0 and begin > start - 4:
        above = lines[begin - 1].strip()
        if above and not MARK.fullmatch(above) and not RULE.fullmatch(above):
            break
        begin -= 1
    return begin


def _inner(head: _Head, text: str) -> Inner:
    return Inner(
        sender=_sender(head.said[FROM]),
        to=_recipients(head.said.get(TO, "") + ", " + head.said.get(COPY, "")),
        subject=head.said.get(SUBJECT, "")[:300],
        sent_at=_date(head.said.get(DATE, "")),
        text=text,
    )


def _tidy(value: str) -> str:
    """Outlook's “Jane Doe <mailto:jane@example.org>” and “[mailto:…]” as everybody else writes it."""
    return _NOISE.sub(lambda found: f"<{next(filter(None, found.groups()))}>", value).replace(";", ",")


def _sender(value: str) -> Address:
    tidy = _tidy(value)
    mails = list(_MAIL.finditer(tidy))
    if not mails:
        name = tidy.strip(" <>\"'*")
        return Address(name[:300], "") if name else NOBODY
    # What stands before the address is the name, a comma in it too: “Doe, Jane <jane@example.org>”.
    name = tidy[: mails[0].start()].rstrip(" <([\"'").strip(" \"'*")
    found = addresses_of([mails[0][0]])
    return Address("" if "@" in name else name[:300], found[0].email) if found else NOBODY


def _recipients(value: str) -> tuple[Address, ...]:
    """By their addresses; a name is what stands between two of them."""
    tidy, found, place = _tidy(value), [], 0
    for mail in _MAIL.finditer(tidy):
        name = tidy[place : mail.start()].strip(" <>,\"'()[]*")
        place = mail.end()
        found += [Address("" if "@" in name else name[:300], each.email) for each in addresses_of([mail[0]])]
    return tuple({each.email: each for each in reversed(found)}.values())[::-1]


_MONTHS = (
    "jan janv januar january janvier enero gennaio janeiro januari ene gen",
    "feb févr fevr februar february février fevrier febrero febbraio fevereiro februari fev",
    "mar mär märz march mars marzo março marco maart mrt mrz",
    "apr avr april avril abril aprile abr",
    "may mai mayo maggio maio mei mag",
    "jun juin juni june junio giugno junho giu",
    "jul juil juli july juillet julio luglio julho lug",
    "aug août aout august agosto augustus ago",
    "sep sept september septembre septiembre settembre setembro set",
    "oct okt october oktober octobre octubre ottobre outubro ott out",
    "nov november novembre noviembre novembro",
    "dec déc dez december dezember décembre decembre diciembre dicembre dezembro dic",
)
_MONTH = {word: number for number, words in enumerate(_MONTHS, 1) for word in words.split()}
_NUMBERS = re.compile(r"(\d{1,4})[./-](\d{1,2})[./-](\d{1,4})")
_CLOCK = re.compile(r"\b(\d{1,2})[:h.](\d{2})(?::\d{2})?(?:\s*([ap])\.?m\b)?", re.IGNORECASE)


def _date(value: str) -> datetime | None:
    """The day with the month in words in any of the languages, or ISO or European numbers; and the time of day."""
    words = re.findall(r"[^\W\d_]+|\d+", value.casefold()[:120])
    month = next((_MONTH[word] for word in words if word in _MONTH), 0)
    year = next((int(word) for word in words if len(word) == 4 and word.isdigit()), 0)
    day = next((int(word) for word in words if word.isdigit() and len(word) <= 2 and 1 <= int(word) <= 31), 0)
    if not month and (found := _NUMBERS.search(value)):
        day, month, year = _by_numbers(*map(int, found.groups()))
    clock = _CLOCK.search(value)
    hour, minute = (int(clock[1]), int(clock[2])) if clock else (0, 0)
    if clock and clock[3]:
        hour = hour % 12 + (12 if clock[3].lower() == "p" else 0)
    try:
        return datetime(year, month, day, hour, minute)  # noqa: DTZ001  none is written
    except ValueError:
        return None


def _by_numbers(first: int, second: int, third: int) -> tuple[int, int, int]:
    if first > 31:
        return third, second, first
    year = third + 2000 if third < 100 else third
    return (second, first, year) if second > 12 else (first, second, year)


def _by_attribution(text: str) -> Parted:
    """Without a head: “On … Jane Doe <jane@example.org> wrote:” names the author of what follows."""
    found = ATTRIBUTION.search(text)
    if not found:
        return Parted(without_quotes(text), ())
    said = " ".join(_QUOTE.sub("", line) for line in found[0].split("\n"))
    mail = _MAIL.search(said)
    if not mail:
        return Parted(without_quotes(text), ())
    name = _ATTRIBUTION_HEAD.sub("", said[: mail.start()]).rpartition(",")[2].rstrip(" <([")
    name = re.sub(r"^.*\b\d{1,2}[:h.]\d{2}(?::\d{2})?(?:\s*[AP]M)?\b", "", name).strip(" ,\"'")
    name = re.sub(r"^(?:Uhr\s+)?(?:schrieb|schreef)\s+", "", name)
    rest = "\n".join(_QUOTE.sub("", line) for line in text[found.end() :].split("\n"))
    sender = next(iter(addresses_of([mail[0]])), NOBODY)
    inner = Inner(Address(name[:300], sender.email), (), "", _date(said[: mail.start()]), without_quotes(rest))
    return Parted(without_quotes(text[: found.start()]), (inner,) if sender.email else ())
