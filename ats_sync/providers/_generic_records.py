"""Rows of a mapped ATS as our records."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import reduce
from typing import Any

from ats_sync.providers._equal_opportunity import MOST_DEPTH, is_on_equal_opportunity, without_eeo
from ats_sync.providers._generic_mapping import OWN, Listing, without_found
from ats_sync.providers._own_fields import own_fields
from ats_sync.vocabulary import (
    LOOKUPS,
    ApplicationRecord,
    Change,
    FileRecord,
    Gone,
    How,
    JobRecord,
    Kind,
    Lookup,
    NoteRecord,
    PersonRecord,
    StepRecord,
)
from talentpool.models import ApplicationState
from talentpool.person import PersonFields

LISTS = ("emails", "phones", "links", "skills", "languages")
NO = frozenset({"", "0", "false", "no", "none", "closed", "inactive", "archived"})
# Of a person's record as it came: what changes by itself.
CHANGES = re.compile(r"updated|modified|last_?(?:activity|login|seen)|_?counts?$", re.IGNORECASE)
MILLISECONDS = 100_000_000_000  # larger numbers are no seconds of this era


def record(kind: Kind, listing: Listing, row: Any, *, wants_eeo: bool = False) -> Change | None:
    """None for a row without an id, which could never be told from another."""
    said = Said(listing, row)
    if not (key := said.text("id")):
        return None
    if said.truth("is_deleted", usual=False):
        return Gone(what=kind, id=key, how=How.DELETED, at=said.moment("updated_at"))
    about: dict[str, Any] = {"id": key, "updated_at": said.moment("updated_at")}
    if kind in LOOKUPS:
        words: dict[str, Any] = {name: said.text(name) for name in ("name", "parent", "phase", "email")}
        return Lookup(what=kind, **about, **words)
    if kind == Kind.PERSON:
        raw = without_eeo(clean(said.shown(wants_eeo=wants_eeo)), wants_eeo=wants_eeo) if said.is_object else {}
        custom, called = own_fields(said.own(), wants_eeo=wants_eeo)
        fields = replace(_person(said), custom=custom)
        return PersonRecord(**about, fields=fields, tags=said.texts("tags"), called=called, raw=raw)
    if kind in _MAKE:
        return _MAKE[kind](about, said)
    return StepRecord(
        **about, what=kind, application=said.text("application"), words=said.text("words"), at=said.moment("at")
    )


class Said:
    def __init__(self, listing: Listing, row: Any) -> None:
        self.fields, self.row = listing.fields, row

    def values(self, name: str) -> list[Any]:
        return self.fields[name].all(self.row) if name in self.fields else []

    def texts(self, name: str) -> tuple[str, ...]:
        plain = (each for each in self.values(name) if not isinstance(each, Mapping | list))
        said = (str(each).strip() for each in plain)
        return tuple(dict.fromkeys(each for each in said if each))

    def text(self, name: str) -> str:
        return next(iter(self.texts(name)), "")

    def own(self) -> Iterator[tuple[str, str, Any]]:
        """Fields that the ATS has beside those that all have, by the names that the mapping gives them."""
        for name in self.fields:
            own = name.removeprefix(OWN)
            if name != own:
                values = self.values(name)
                yield own, own, values if len(values) > 1 else next(iter(values), None)

    @property
    def is_object(self) -> bool:
        return isinstance(self.row, Mapping)

    def shown(self, *, wants_eeo: bool) -> Any:
        """The row as it came, without what the mapping, if not the ATS, calls a thing on equal opportunity."""
        rest = self.row
        for name, field in self.fields.items():
            if name.startswith(OWN) and not wants_eeo and is_on_equal_opportunity(name.removeprefix(OWN)):
                rest = reduce(lambda left, path: without_found(path, left), field.paths, rest)
        return rest

    def truth(self, name: str, *, usual: bool) -> bool:
        said = self.values(name)
        return usual if not said else str(said[0]).strip().lower() not in NO

    def moment(self, name: str) -> datetime | None:
        return next((at for each in self.values(name) if (at := moment(each))), None)


def _person(said: Said) -> PersonFields:
    names = ("name", "given_name", "family_name", "headline", "summary", "location", "country")
    values: dict[str, Any] = {name: said.text(name) for name in names} | {name: said.texts(name) for name in LISTS}
    values["location"] = ", ".join(said.texts("location"))
    values["name"] = values["name"] or f"{values['given_name']} {values['family_name']}".strip()
    values["country"] = values["country"].upper() if len(values["country"]) == 2 else ""
    return PersonFields(**values)


def _job(about: dict[str, Any], said: Said) -> Change:
    names = ("title", "location", "department", "family", "text", "apply_url")
    words: dict[str, Any] = {name: said.text(name) for name in names}
    times: dict[str, Any] = {name: said.moment(name) for name in ("opened_at", "closed_at")}
    return JobRecord(**about, **words, **times, is_open=said.truth("is_open", usual=True), team=said.texts("team"))


def _application(about: dict[str, Any], said: Said) -> Change:
    """A state that is none of ours counts as open: nobody is taken out of a process by a word we don't know."""
    words: dict[str, Any] = {name: said.text(name) for name in ("person", "job", "stage", "stage_name", "reason")}
    state = said.text("state").lower()
    known = ApplicationState(state) if state in ApplicationState.values else ApplicationState.OPEN
    times: dict[str, Any] = {name: said.moment(name) for name in ("applied_at", "moved_at")}
    return ApplicationRecord(**about, **words, **times, state=known)


def _note(about: dict[str, Any], said: Said) -> Change:
    words: dict[str, Any] = {name: said.text(name) for name in ("person", "text", "author")}
    return NoteRecord(**about, **words, at=said.moment("at"))


def _file(about: dict[str, Any], said: Said) -> Change:
    words: dict[str, Any] = {name: said.text(name) for name in ("person", "name", "url")}
    return FileRecord(**about, **words, is_resume=said.truth("is_resume", usual=False), at=said.moment("at"))


_MAKE = {Kind.JOB: _job, Kind.APPLICATION: _application, Kind.NOTE: _note, Kind.FILE: _file}


def clean(value: Any, depth: int = 0) -> Any:
    """Without what changes by itself."""
    if depth > MOST_DEPTH:
        return None
    if isinstance(value, Mapping):
        kept = {name: one for name, one in value.items() if not CHANGES.search(name)}
        return {name: clean(one, depth + 1) for name, one in kept.items()}
    if isinstance(value, list):
        return [clean(one, depth + 1) for one in value]
    return value


def moment(said: Any) -> datetime | None:
    """ISO, or seconds or milliseconds since 1970. A time without a zone is taken for UTC."""
    try:
        if isinstance(said, int | float) or str(said).isdigit():
            number = float(said)
            return datetime.fromtimestamp(number / 1000 if number > MILLISECONDS else number, UTC) if number else None
        found = datetime.fromisoformat(str(said).strip().replace("Z", "+00:00"))
    except (ValueError, OverflowError, OSError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
