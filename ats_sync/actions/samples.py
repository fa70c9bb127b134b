"""What the first records of a mapped ATS become, before anything of them is taken over."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from ats_sync.actions.access import provider_of
from ats_sync.budget import Share
from ats_sync.models import Connection
from ats_sync.providers.errors import AtsError
from ats_sync.providers.generic import Generic
from ats_sync.vocabulary import Change, Gone, Kind

MOST = 2  # records of a kind
LONGEST = 4000  # characters of one
HIDDEN = ("raw", "updated_at", "what")


@dataclass(frozen=True)
class Sample:
    """`theirs` as it came, `ours` as name and value."""

    theirs: str
    ours: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class SampleOfKind:
    kind: Kind
    samples: Sequence[Sample]
    error: str = ""


def samples_of(connection: Connection, mapping: str) -> list[SampleOfKind]:
    """Asks the ATS for the first page of each list. Raises AtsError when it can’t be asked at all."""
    found = provider_of(connection, share=Share.PEOPLE)
    access = replace(found.access, credentials={**found.access.credentials, "mapping": mapping})
    provider = Generic(access)
    return [_of_kind(provider, kind) for kind, listing in provider.mapping.lists.items() if not listing.file]


def _of_kind(provider: Generic, kind: Kind) -> SampleOfKind:
    """One list that fails hides no other."""
    try:
        return SampleOfKind(kind, [Sample(_shown(row), _ours(change)) for row, change in provider.sample(kind, MOST)])
    except AtsError as error:
        return SampleOfKind(kind, (), error.sentence)


def _shown(row: Any) -> str:
    text = json.dumps(row, indent=2, ensure_ascii=False)
    return text if len(text) <= LONGEST else text[:LONGEST] + " …"


def _ours(change: Change | None) -> list[tuple[str, str]]:
    if change is None:
        return [("left out", "it has no id")]
    if isinstance(change, Gone):
        return [("id", change.id), ("left out", "it is deleted there")]
    about = asdict(change)
    about |= about.pop("fields", {})
    return [(name.replace("_", " "), _word(value)) for name, value in about.items() if value and name not in HIDDEN]


def _word(value: Any) -> str:
    if value is True:
        return "yes"
    return ", ".join(map(str, value)) if isinstance(value, tuple | list) else str(value)
