"""What people here say about a person: edits in place, their withdrawal, and answers to suggestions.

An edit never touches what sources said. It wins over them, keeps what it replaced, and once withdrawn leaves no trace
in what is shown.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from crm.audit import record
from crm.models import Member
from talentpool.actions.activities import record_activity
from talentpool.actions.arrivals import storable
from talentpool.actions.derivation import home_region, rederive, statement_of
from talentpool.actions.people import hold_keys
from talentpool.identity.consolidation import CAREERS, EDITABLE, LISTS, value_key
from talentpool.identity.keys import Key, KeyKind, identity_keys
from talentpool.identity.suggestions import ACCEPTED, DISMISSED
from talentpool.models import ActivityKind, Candidate, FieldEdit, IdentityKey, Profile
from talentpool.person import PersonFields

NOT_SUCH = {
    "emails": "“{}” is not an e-mail address.",
    "phones": "“{}” is not a phone number.",
    "links": "“{}” is not a web address.",
}
CONTACT_KINDS = {"emails": "email", "phones": "phone", "links": "link"}
WORDS = {"emails": "e-mail", "phones": "phone", "positions": "work history", "birth_date": "birth date"}


@transaction.atomic
def edit_candidate(
    candidate: Candidate, changes: Mapping[str, Any], *, by: Member, now: datetime | None = None
) -> list[FieldEdit]:
    """Sets fields of a person by hand: one edit a field, with what was shown before and whose word that was.

    `changes` gives a text for a text, and {"add": […], "remove": […]} for a list, jobs and schools as JSON. Adding what
    is there already puts it first. What changes nothing makes no edit.
    """
    now, region = now or timezone.now(), home_region()
    wanted = {name: _checked(name, storable(change), region) for name, change in changes.items()}
    hold_keys(_keys_of(wanted.values(), wanted, region))
    candidate = _locked(candidate)
    edits = [
        FieldEdit.objects.create(
            candidate=candidate,
            origin=candidate,
            field=name,
            value=value,
            replaced={"value": _shown(candidate, name), "lineage": candidate.lineage.get(name)},
            by=by,
            at=now,
        )
        for name, value in wanted.items()
        if _changes(candidate, name, value)
    ]
    if edits:
        names = [edit.field for edit in edits]
        rekey(candidate.pk, region=region)
        record_activity(candidate.pk, ActivityKind.EDITED, by=by, at=now, field=_in_words(names))
        record("candidate.edited", candidate, by=by, fields=names)
        rederive([candidate.pk], now=now)
    return edits


@transaction.atomic
def withdraw_edit(edit: FieldEdit, *, by: Member, now: datetime | None = None) -> bool:
    """Takes an edit back; what is shown then is what it would be without it. False when it was taken back before."""
    now, region = now or timezone.now(), home_region()
    hold_keys(_keys_of([edit.value], [edit.field], region))
    candidate = _locked(edit.candidate)
    open_edit = FieldEdit.objects.filter(pk=edit.pk, withdrawn_at=None)
    if not open_edit.update(withdrawn_at=now, withdrawn_by=by):
        return False
    rekey(candidate.pk, region=region)
    record_activity(candidate.pk, ActivityKind.EDITED, by=by, at=now, field=_in_words([edit.field]), withdrawn=True)
    record("candidate.edit_withdrawn", candidate, by=by, fields=[edit.field])
    rederive([candidate.pk], now=now)
    return True


@transaction.atomic
def answer_suggestion(
    profile: Profile, number: int, *, accept: bool, by: Member, now: datetime | None = None
) -> Profile:
    """Accepts or dismisses one suggestion; accepted, it counts as the profile's own word. May be answered anew."""
    now, region = now or timezone.now(), home_region()
    if not 0 <= number < len(profile.suggestions):
        raise ValidationError("This suggestion is no longer there.")
    suggestion = profile.suggestions[number]
    hold_keys(_keys_of([{"add": [suggestion["value"]]}], [suggestion["field"]], region))
    candidate = _locked(profile.candidate)
    profile = Profile.objects.select_related("source").get(pk=profile.pk)
    answer = ACCEPTED if accept else DISMISSED
    profile.suggestions[number] |= {"answer": answer, "by": by.pk, "at": now.isoformat()}
    profile.save(update_fields=["suggestions"])
    rekey(candidate.pk, region=region)
    record_activity(
        candidate.pk, ActivityKind.EDITED, by=by, at=now, field=_in_words([suggestion["field"]]), suggestion=answer
    )
    record(f"candidate.suggestion_{answer}", candidate, by=by, fields=[suggestion["field"]])
    rederive([candidate.pk], now=now)
    return profile


def rekey(candidate_id: int, *, region: str) -> None:
    """The keys that edits and accepted suggestions add, and without those of contact points that an edit removed."""
    profiles = Profile.objects.filter(candidate=candidate_id).select_related("source").defer("raw")
    edits = FieldEdit.objects.filter(candidate=candidate_id, withdrawn_at=None, field__in=CONTACT_KINDS)
    own: set[Key] = set()
    removed: set[Key] = set()
    for field, value in edits.order_by("at", "pk").values_list("field", "value"):
        assert value is not None
        added = set(_keys_of([{"add": value["add"]}], [field], region))
        gone = set(_keys_of([{"remove": value["remove"]}], [field], region))
        own, removed = (own - gone) | added, (removed | gone) - added
    wanted = {
        (key, profile.pk, profile.origin_id)
        for profile in profiles
        for key in identity_keys(
            statement_of(profile).fields, external_id=profile.external_id, source=profile.source_id, region=region
        )
        if key not in removed
    } | {(key, None, candidate_id) for key in own}
    rows = IdentityKey.objects.filter(candidate=candidate_id)
    there = {(Key(KeyKind(row.kind), row.value), row.profile_id, row.origin_id): row.pk for row in rows}
    rows.filter(pk__in=[pk for mark, pk in there.items() if mark not in wanted]).delete()
    IdentityKey.objects.bulk_create(
        IdentityKey(kind=key.kind, value=key.value, profile_id=profile_id, candidate_id=candidate_id, origin_id=origin)
        for key, profile_id, origin in sorted(wanted - there.keys(), key=str)
    )


def _locked(candidate: Candidate) -> Candidate:
    locked: Candidate = Candidate.objects.select_for_update(no_key=True).get(pk=candidate.pk)
    if locked.erased_at or locked.merged_into_id:
        raise ValidationError("This person is no longer in the pool.")
    return locked


def _checked(name: str, change: Any, region: str) -> Any:
    """The change as it is stored; raises what its author can put right."""
    if name not in EDITABLE:
        raise ValueError(f"{name} is not a field that can be edited")
    if name == "country":
        return str(change).strip().upper()
    if name not in LISTS and name not in CAREERS:
        return str(change).strip()
    added, removed = list(change.get("add", ())), list(change.get("remove", ()))
    for text in added if name in NOT_SUCH else ():
        if not value_key(name, text, region):
            raise ValidationError(NOT_SUCH[name].format(text))
    return {"add": added, "remove": removed}


def _changes(candidate: Candidate, name: str, value: Any) -> bool:
    if isinstance(value, dict):
        return bool(value["add"] or value["remove"])
    return bool(value != _shown(candidate, name))


def _shown(candidate: Candidate, name: str) -> Any:
    if kind := CONTACT_KINDS.get(name):
        return [point["value"] for point in candidate.contact_points if point["kind"] == kind]
    return getattr(candidate, name, "")


def _keys_of(values: Iterable[Any], names: Iterable[str], region: str) -> list[Key]:
    """The identity keys of the contact points that changes add or remove."""
    keys: list[Key] = []
    for name, value in zip(names, values, strict=True):
        if name in CONTACT_KINDS:
            texts = tuple(map(str, (*value.get("add", ()), *value.get("remove", ()))))
            keys += identity_keys(PersonFields.from_json({name: texts}), region=region)
    return keys


def _in_words(names: Sequence[str]) -> str:
    return ", ".join(WORDS.get(name, name.replace("_", " ")) for name in names)
