"""The clipper's door for programs: what was clipped from a page is read, looked at by a person, and saved."""

import json
from dataclasses import asdict
from typing import Annotated, Any, Literal

from ninja import Field, Router, Schema, Status

from crm.models.api_token import Scope
from crm.permissions import Permission
from crm.rest.door import TokenRequest, needs
from talentpool.actions.clips import Known, known_person, save_clip
from talentpool.actions.people import Outcome
from talentpool.api.people_schemas import PersonIn, ReceivedOut, shown_people
from talentpool.intake.clip.clips import LARGEST, MOST_LINKS, Clip, read_clip
from talentpool.intake.clip.people import fields_of_clip
from talentpool.person import PersonFields

router = Router()
Text = Annotated[str, Field(max_length=LARGEST)]


class ClipIn(Schema):
    """What the bookmarklet and the extension collect. No more than 300,000 characters of JSON together."""

    url: Text = Field("", description="The page's address.")
    title: Text = ""
    text: Text = Field("", description="What was selected, or all that the page shows.")
    selected: bool = Field(False, description="Links in it are the person's only where she was selected.")
    links: list[Text] = Field([], max_length=MOST_LINKS)
    linked: list[Text] = Field([], max_length=10, description="The page's JSON-LD scripts, as they stand there.")
    card: dict[str, list[Text]] = Field({}, description="h-card or microdata: name, email, tel, org, title, …")

    def clip(self) -> Clip:
        return read_clip(json.dumps(self.model_dump(), ensure_ascii=False))


class ClippedPerson(Schema):
    name: str
    given_name: str
    family_name: str
    headline: str
    summary: str
    emails: list[str]
    phones: list[str]
    links: list[str]
    location: str
    country: str
    positions: list[dict[str, Any]]
    education: list[dict[str, Any]]
    skills: list[str]
    languages: list[str]
    certificates: list[str]


class ClipRead(Schema):
    person: ClippedPerson = Field(description="What was read, to be looked at and sent back with the clip.")
    known: Literal["no", "yes", "erased"] = Field(description="erased: she asked for it, so that nothing is kept.")
    candidate_id: int | None = Field(description="Whom saving would update.")


class ClipSave(Schema):
    clip: ClipIn = Field(description="Kept with the person as it came.")
    person: PersonIn | None = Field(None, description="As somebody saw and corrected it; as it is read, if left out.")


@router.post("/read", response={200: ClipRead}, summary="Read what was clipped")
@needs(Scope.WRITE_CANDIDATES, Permission.EDIT_CANDIDATES)
def clip_read(request: TokenRequest, payload: ClipIn) -> dict[str, Any]:
    """The pool doesn't change."""
    clip = payload.clip()
    fields = fields_of_clip(clip)
    known = known_person(fields, clip)
    found = known.candidate.pk if known.candidate else None
    return {"person": _shown(fields), "known": _known(known), "candidate_id": found}


@router.post("", response={200: ReceivedOut, 201: ReceivedOut}, summary="Save what was clipped")
@needs(Scope.WRITE_CANDIDATES, Permission.EDIT_CANDIDATES)
def clip_save(request: TokenRequest, payload: ClipSave) -> Status[dict[str, object]]:
    """201 for somebody new. A clip of somebody known adds to that person, and 200 says `updated` or `unchanged`."""
    clip = payload.clip.clip()
    fields = payload.person.fields() if payload.person else fields_of_clip(clip)
    received = save_clip(fields, clip, by=request.member)
    status = 201 if received.outcome is Outcome.NEW else 200
    assert received.candidate_id is not None  # save_clip refuses whoever is erased
    return Status(status, {"outcome": received.outcome, "candidate": shown_people().get(pk=received.candidate_id)})


def _shown(fields: PersonFields) -> dict[str, Any]:
    return {name: value for name, value in asdict(fields).items() if name in ClippedPerson.model_fields}


def _known(known: Known) -> str:
    return "erased" if known.is_erased else "yes" if known.candidate else "no"
