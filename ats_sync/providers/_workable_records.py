"""Workable's rows as our records. One of its candidates is both a person and her application, under one id."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from ats_sync.providers._own_fields import own_fields
from ats_sync.vocabulary import (
    ApplicationRecord,
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
from talentpool.models import ApplicationState, Phase
from talentpool.person import Education, PersonFields, Position

Row = Mapping[str, Any]
# Changes by itself or with the application, expires, or is nobody's business here.
NOT_KEPT = frozenset(
    {
        *(
            "updated_at",
            "stage",
            "stage_kind",
            "disqualified",
            "withdrew",
            "disqualified_at",
            "disqualification_reason",
        ),
        *("hired_at", "resume_url", "resume_metadata", "image_url", "outbound_mailbox", "answers", "job", "account"),
    }
)
ANONYMISED = re.compile(r"anonymi[sz]ed\b", re.IGNORECASE)
PHASES = {
    "sourced": Phase.APPLIED,
    "applied": Phase.APPLIED,
    "shortlisted": Phase.SCREENING,
    "phone-screen": Phase.SCREENING,
    "assessment": Phase.SCREENING,
    "interview": Phase.INTERVIEW,
    "offer": Phase.OFFER,
    "hired": Phase.HIRED,
}


def person(row: Row, *, wants_eeo: bool, wanted: Collection[str] = ()) -> PersonRecord | Gone:
    """Of a candidate in detail. Nothing tells answers on equal opportunity from those to other questions of a form: as
    they came they are kept only with them, and else only those to `wanted` questions, which somebody chose."""
    if ANONYMISED.match(text(row.get("name"))) and not row.get("email") and not row.get("phone"):
        return Gone(what=Kind.PERSON, id=row["id"], how=How.ANONYMISED, at=moment(row.get("updated_at")))
    custom, called = own_fields(_answers(row), wants_eeo=wants_eeo)
    fields = PersonFields(
        name=text(row.get("name")),
        given_name=text(row.get("firstname")),
        family_name=text(row.get("lastname")),
        headline=text(row.get("headline")),
        summary=text(row.get("summary")),
        emails=tuple(filter(None, [text(row.get("email")).strip()])),
        phones=tuple(filter(None, [text(row.get("phone")).strip()])),
        links=tuple(one["url"] for one in row.get("social_profiles") or () if one.get("url")),
        location=text((row.get("location") or {}).get("location_str") or row.get("address")),
        country=text((row.get("location") or {}).get("country_code")),
        positions=tuple(position(one) for one in row.get("experience_entries") or ()),
        education=tuple(education(one) for one in row.get("education_entries") or ()),
        skills=tuple(one["name"] for one in row.get("skills") or () if one.get("name")),
        custom={key: value for key, value in custom.items() if key in wanted},
    )
    kept = NOT_KEPT - ({"answers"} if wants_eeo else set())
    raw = {name: value for name, value in row.items() if name not in kept}
    tags = tuple(map(str, row.get("tags") or ()))
    at = moment(row.get("updated_at"))
    return PersonRecord(id=row["id"], updated_at=at, fields=fields, tags=tags, called=called, raw=raw)


def _answers(row: Row) -> Iterator[tuple[str, str, Any]]:
    """By what is asked, for not every form numbers its questions."""
    for one in row.get("answers") or ():
        asked, given = text((one.get("question") or {}).get("body")), one.get("answer")
        if asked:
            choices = given.get("choices") if isinstance(given, Mapping) else None
            checked = given.get("checked") if isinstance(given, Mapping) else None
            yield asked, asked, choices or (checked if isinstance(checked, bool) else given)


def position(row: Row) -> Position:
    return Position(
        employer=text(row.get("company")),
        title=text(row.get("title")),
        start=text(row.get("start_date")),
        end=text(row.get("end_date")),
        current=bool(row.get("current")),
        text=text(row.get("summary")),
    )


def education(row: Row) -> Education:
    return Education(
        school=text(row.get("school")),
        degree=text(row.get("degree")),
        area=text(row.get("field_of_study")),
        start=text(row.get("start_date")),
        end=text(row.get("end_date")),
    )


def application(row: Row, slugs: Mapping[str, str]) -> ApplicationRecord:
    """`slugs` are those of the stages by their names, which is all that a candidate says of hers. When it came there is
    not said by lists; its last change is the nearest."""
    name, state = text(row.get("stage")), ApplicationState.OPEN
    if row.get("disqualified"):
        state = ApplicationState.WITHDRAWN if row.get("withdrew") else ApplicationState.REJECTED
    elif row.get("hired_at") or row.get("stage_kind") == "hired":
        state = ApplicationState.HIRED
    ended = row.get("disqualified")
    return ApplicationRecord(
        id=row["id"],
        updated_at=moment(row.get("updated_at")),
        person=row["id"],
        job=text((row.get("job") or {}).get("shortcode")),
        stage=slugs.get(name, ""),
        stage_name=name,
        state=state,
        reason=text(row.get("disqualification_reason")) if ended else "",
        applied_at=moment(row.get("created_at")),
        moved_at=moment((not ended and row.get("hired_at")) or row.get("updated_at")),
    )


def job(row: Row, team: Sequence[Row]) -> JobRecord:
    return JobRecord(
        id=row["shortcode"],
        updated_at=moment(row.get("updated_at")),
        title=text(row.get("title")),
        is_open=row.get("state") == "published",
        location=text((row.get("location") or {}).get("location_str")),
        department=text(row.get("department")),
        text=text(row.get("full_description") or row.get("description")),
        apply_url=text(row.get("application_url") or row.get("shortlink")),
        team=tuple(one["name"] for one in team),
        opened_at=moment(row.get("created_at")),
    )


def lookup(what: Kind, row: Row) -> Lookup:
    """Stages go by their slug."""
    return Lookup(
        id=text(row.get("slug") or row.get("id")),
        what=what,
        name=text(row.get("name") or row.get("description")),
        phase=PHASES.get(text(row.get("kind")), "") if what == Kind.STAGE else "",
        email=text(row.get("email")),
    )


def resume(row: Row) -> FileRecord | None:
    """The one that a candidate has; its address is asked for when it is fetched."""
    about = row.get("resume_metadata")
    if not about:
        return None
    at = moment(about.get("updated_at") or about.get("created_at"))
    name = text(about.get("filename")) or "Resume"
    return FileRecord(id=f"{row['id']}:resume", person=row["id"], name=name, url="", is_resume=True, at=at)


def interview(row: Row) -> StepRecord:
    words = f"{text(row.get('title'))} (cancelled)" if row.get("cancelled") else text(row.get("title"))
    return StepRecord(
        id=row["id"],
        what=Kind.INTERVIEW,
        application=row["candidate"]["id"],
        words=words,
        at=moment(row.get("starts_at")),
    )


def offer(row: Row) -> StepRecord:
    candidate, at = row["candidate"]["id"], moment(row.get("created_at"))
    words = text(row.get("state")).replace("_", " ").capitalize()
    return StepRecord(id=f"{candidate}:offer", what=Kind.OFFER, application=candidate, words=words, at=at)


# What was done with a candidate


ACTIONS = {"comment": Kind.NOTE, "moved": Kind.STEP, "rating": Kind.SCORECARD}


def activity(candidate: str, row: Row) -> NoteRecord | StepRecord | None:
    what, at = ACTIONS.get(text(row.get("action"))), moment(row.get("created_at"))
    author = text((row.get("member") or {}).get("name"))
    key = f"{candidate}:{row.get('id') or ':'.join((text(row.get('action')), text(row.get('created_at'))))}"
    if what == Kind.NOTE:
        return NoteRecord(id=key, person=candidate, text=text(row.get("body")), author=author, at=at)
    if what == Kind.STEP:
        stage = (row.get("target_stage") or {}).get("name") or row.get("stage_name")
        return StepRecord(id=key, what=what, application=candidate, words=text(stage), at=at)
    if what == Kind.SCORECARD:
        words = ": ".join(filter(None, (author, text((row.get("rating") or {}).get("score")))))
        return StepRecord(id=key, what=what, application=candidate, words=words, at=at)
    return None


def moment(said: Any) -> datetime | None:
    try:
        found = datetime.fromisoformat(str(said).replace("Z", "+00:00")) if said else None
    except ValueError:
        return None
    return found if found is None or found.tzinfo else None


def text(said: Any) -> str:
    return "" if said is None else str(said)
