"""What a provider of an ATS can do. One file a provider; the sync knows this and no ATS."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, ClassVar

from ats_sync.providers.client import Client
from ats_sync.vocabulary import Change, FileRecord, Heard, Kind, Page
from talentpool.person import PersonFields


class Ability(StrEnum):
    """What the ATS lets us do there."""

    WEBHOOKS = "webhooks"
    ADD_PERSON = "add_person"  # to a job, or as a prospect
    ADD_NOTE = "add_note"
    MOVE = "move"
    REJECT = "reject"
    TAG = "tag"
    ADD_FILE = "add_file"


@dataclass(frozen=True, slots=True)
class Credential:
    """A field of the page that asks for credentials. `secret` is never shown again."""

    name: str
    label: str
    secret: bool = False
    help: str = ""
    required: bool = True


@dataclass(frozen=True, slots=True)
class Rate:
    """How much an ATS takes: `requests` in `seconds`, and `burst` at once."""

    requests: int
    seconds: float
    burst: int


@dataclass(frozen=True, slots=True)
class Access:
    """All that a provider needs of its connection.

    `session` is what it may remember between calls (a token), `remember` stores it; `wants_eeo` is true when the
    organisation asked for answers to questions on equal opportunity; `own_fields` are keys of the ATS's own fields of
    which somebody said which of ours they are; `hooks` are the ids of the webhooks that we made there, by event.
    """

    credentials: Mapping[str, str]
    client: Client
    session: Mapping[str, Any] = field(default_factory=dict)
    remember: Callable[[Mapping[str, Any]], None] = lambda session: None
    wants_eeo: bool = False
    own_fields: Callable[[], Collection[str]] = tuple
    hooks: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Right:
    """One thing that the sync needs to be allowed, and whether it is; `without` says what is missing otherwise."""

    kind: Kind
    is_given: bool
    without: str = ""


@dataclass(frozen=True, slots=True)
class NewPerson:
    """Somebody who goes to the ATS; `job` empty makes a prospect. `mark` is ours, so that she is found again."""

    fields: PersonFields
    mark: str
    job: str = ""
    source: str = ""


class Provider:
    """Speaks with one ATS for one connection. Calls raise errors of `ats_sync.providers.errors` and nothing else."""

    do_not_call_in_templates: ClassVar = True  # a page shows the class; Django would make an instance of it

    key: ClassVar[str]
    name: ClassVar[str]
    credentials: ClassVar[Sequence[Credential]]
    rate: ClassVar[Rate]
    kinds: Sequence[Kind]  # what can be listed, in the order of a load
    abilities: ClassVar[frozenset[Ability]] = frozenset()
    mails_people: ClassVar[str] = ""  # a warning, when adding somebody may make the ATS write to her
    makes_hooks: ClassVar[bool] = False  # its API lets a program make and remove webhooks
    by_hand: ClassVar[str] = ""  # how somebody removes a webhook there, where we don't
    overlap: ClassVar[timedelta] = timedelta(minutes=2)  # how far a round looks behind the beginning of the last one

    def __init__(self, access: Access) -> None:
        self.access = access
        self.client = access.client

    def check(self) -> list[Right]:
        """Asks for one record of each kind. Raises SignInRefused when the credentials don't hold."""
        raise NotImplementedError

    def since(self, began: datetime) -> str:
        """Where the round after one that began then begins."""
        return (began - self.overlap).isoformat()

    def changed(self, kind: Kind, *, since: str, place: str) -> Page:
        """What has changed since, or everything when that is empty; `place` as the page before gave it.

        Everything is really everything that is there, archived and closed records too: the sweep takes what it does
        not meet there for deleted, once `read` says so.
        """
        raise NotImplementedError

    def read(self, kind: Kind, ids: Sequence[str]) -> list[Change]:
        """The records of these ids as they are now; of one that is no more, a Gone."""
        raise NotImplementedError

    def fetch(self, file: FileRecord, *, most_bytes: int) -> bytes:
        raise NotImplementedError

    # Webhooks

    def hear(self, headers: Mapping[str, str], body: bytes, secret: str) -> "Delivery":
        """Checks the signature over the raw bytes (raises SignInRefused) and says what the body tells.

        `headers` by lower-case name. A body that makes no sense raises Refused.
        """
        raise NotImplementedError

    def sign_on(self, webhook_url: str, secret: str) -> Iterator[tuple[str, str]]:
        """Makes the webhooks that we need and have not made yet: event and id of each, as soon as it is there."""
        raise NotImplementedError

    def sign_off(self, webhook_url: str) -> str:
        """Takes away what the ATS keeps for us: webhooks to this address, a queue of events. What is left for somebody
        to take away by hand, as a sentence, or nothing."""
        return self.left_by_hand(webhook_url)

    def left_by_hand(self, webhook_url: str) -> str:
        """What signing off can't take away, known beforehand."""
        hears = Ability.WEBHOOKS in self.abilities
        return self.how_by_hand(webhook_url) if hears and not self.removes_hooks else ""

    @property
    def removes_hooks(self) -> bool:
        return False

    def how_by_hand(self, webhook_url: str) -> str:
        steps = f": {self.by_hand}" if self.by_hand else ""
        return f"Remove what sends to {webhook_url} in {self.name} by hand{steps}."

    # Writing. Whoever calls has looked for what is there already, for few ATSs have keys against doubling.

    def find_person(self, fields: PersonFields, mark: str) -> str:
        """The id of the person in the ATS who has this mark or one of these addresses, or nothing."""
        raise NotImplementedError

    def add_person(self, person: NewPerson) -> Sequence[Change]:
        """Raises Refused. What was made there, as records."""
        raise NotImplementedError

    def apply(self, person: str, job: str, source: str) -> Sequence[Change]:
        """Makes somebody who is there an applicant for a job; does nothing when she is one."""
        raise NotImplementedError

    def find_note(self, person: str, text: str) -> str:
        raise NotImplementedError

    def add_note(self, person: str, text: str) -> str:
        """The note's id."""
        raise NotImplementedError

    def move(self, application: str, stage: str) -> None:
        raise NotImplementedError

    def reject(self, application: str, reason: str) -> None:
        raise NotImplementedError

    def tag(self, person: str, tags: Sequence[str]) -> None:
        raise NotImplementedError

    def add_file(self, person: str, name: str, content: bytes, *, is_resume: bool) -> str:
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Delivery:
    """A webhook's body, understood. `mark` is the same for every attempt to deliver it, and different for another."""

    mark: str
    heard: Sequence[Heard]
    at: datetime | None = None
    is_ping: bool = False
