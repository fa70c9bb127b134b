"""Whom a letter is about, and which letters between them and us it holds."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

from talentpool.identity.emails import email_key
from talentpool.intake.mail.forwarded import Inner, parted
from talentpool.intake.mail.letters import Address, Letter
from talentpool.intake.mail.recipients import Way
from talentpool.intake.mail.words import SUBJECT_MARK

MOST_PEOPLE = 20
MOST_LETTERS = 50
LONGEST_TEXT = 50_000

IsOurs = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Written:
    """One letter of a correspondence. `key` is the same for the same letter, by whatever way it came."""

    sender: Address
    to: tuple[Address, ...]
    subject: str
    text: str
    sent_at: datetime | None
    message_id: str = ""
    references: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        when = f"{self.sent_at:%Y-%m-%d %H:%M}" if self.sent_at else ""
        words = (self.sender.email or self.sender.name, when, bare_subject(self.subject), "".join(self.text.split()))
        said = self.message_id or "\n".join(words)
        return sha256(said.encode()).hexdigest()

    def is_with(self, email: str) -> bool:
        return email in (self.sender.email, *(each.email for each in self.to))


@dataclass(frozen=True, slots=True)
class Correspondence:
    """`people` are who it is about; `note` is what the member wrote above what she forwarded."""

    people: tuple[Address, ...]
    letters: tuple[Written, ...]
    note: str = ""
    too_many: int = 0
    is_to: bool = False  # what we wrote to them

    def letters_with(self, person: Address) -> list[Written]:
        """Those the person wrote or got; where none names them, all: a go-between forwarded a résumé."""
        return [each for each in self.letters if each.is_with(person.email)] or list(self.letters)


def bare_subject(subject: str) -> str:
    """Without Re:, AW:, Fwd:, TR: and their like."""
    return " ".join(SUBJECT_MARK.sub("", subject.strip()).casefold().split())


def of_member(letter: Letter, way: Way, *, is_ours: IsOurs) -> Correspondence:
    """What a member sent: a forwarded letter is about its author; a copy of what she wrote about its recipients."""
    outer, inner = _outer(letter), _inside(letter, is_ours)
    addressed = [each for each in letter.to if not is_ours(each.email)]
    if way is Way.BCC and addressed:
        return _to(addressed, [outer, *inner])
    if inner:
        person = _other_side(inner, is_ours)
        return Correspondence((person,) if person else (), tuple(inner), note=outer.text)
    if addressed:
        return _to(addressed, [outer])
    return Correspondence((), (outer,))


def of_sender(letter: Letter, *, is_ours: IsOurs) -> Correspondence:
    """A letter that the candidate wrote herself, as it reached us."""
    people = (letter.sender,) if letter.sender.email else ()
    return Correspondence(people, (_outer(letter), *_inside(letter, is_ours)))


def about(letter: Letter, person: Address, *, is_ours: IsOurs) -> Correspondence:
    """A letter of which somebody here says whom it is about."""
    outer, inner = _outer(letter), _inside(letter, is_ours)
    return Correspondence((person,), tuple(inner) or (outer,), note=outer.text if inner else "")


def is_role(email: str) -> bool:
    """An address that nobody is known by: jobs@, no-reply@."""
    return bool(email) and not email_key(email)


def _to(addressed: Sequence[Address], letters: Iterable[Written]) -> Correspondence:
    people = tuple(each for each in addressed if not is_role(each.email))
    return Correspondence(
        people[:MOST_PEOPLE], tuple(letters), too_many=len(people) if len(people) > MOST_PEOPLE else 0, is_to=True
    )


def _other_side(letters: Sequence[Written], is_ours: IsOurs) -> Address | None:
    """The first who wrote and is none of us; else the first whom one of us wrote to."""
    senders = [each.sender for each in letters if each.sender.email and not is_ours(each.sender.email)]
    recipients = [person for each in letters for person in each.to if not is_ours(person.email)]
    nameless = [each.sender for each in letters if each.sender.name and not each.sender.email]
    return next(iter([*senders, *recipients, *nameless]), None)


def _outer(letter: Letter) -> Written:
    own = parted(letter.text).own
    return Written(
        letter.sender,
        letter.to,
        letter.subject,
        own[:LONGEST_TEXT],
        letter.sent_at,
        letter.message_id,
        letter.references,
    )


def _inside(letter: Letter, is_ours: IsOurs) -> list[Written]:
    """What the letter forwards or quotes, the newest first, each once."""
    found = list(_forwarded(letter))[:MOST_LETTERS]
    return list({each.key: each for each in reversed(found)}.values())[::-1]


def _forwarded(letter: Letter) -> Iterator[Written]:
    for enclosed in letter.enclosed:
        yield _outer(enclosed)
        yield from _forwarded(enclosed)
    for inner in parted(letter.text).inner:
        yield _written(inner, letter)


def _written(inner: Inner, letter: Letter) -> Written:
    """The hour that its text names is taken as UTC, but never later than the letter that quotes it."""
    at = inner.sent_at.replace(tzinfo=UTC) if inner.sent_at else letter.sent_at
    if at and letter.sent_at:
        at = min(at, letter.sent_at)
    subject = inner.subject or SUBJECT_MARK.sub("", letter.subject)
    return Written(inner.sender, inner.to, subject, inner.text[:LONGEST_TEXT], at)
