"""What people here say about a person: edits in place, their withdrawal, and answers to suggestions.

An edit never touches what sources said. It wins over them, keeps what it replaced, and once withdrawn leaves no trace
in what is shown.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from crm.audit import record
from crm.models import Member
from talentpool.actions.activities import record_activity
from talentpool.actions.arrivals import storable
from talentpool.actions.derivation import home_region, rederive
from talentpool.actions.key_rows import CONTACT_KINDS, hold_keys, keys_of, rekey
from talentpool.actions.trait_rows import retrait
from talentpool.custom_values import PREFIX, CustomTypes
from talentpool.identity.statements import CAREERS, EDITABLE, LISTS, value_key
from talentpool.identity.suggestions import ACCEPTED, DISMISSED
from talentpool.models import ActivityKind, Candidate, CustomField, FieldEdit, Profile
from talentpool.queries.custom_fields import custom_types
from talentpool.queries.statements import overruling
from talentpool.signals import candidate_edited
from talentpool.wishes import WISHES, read_wish

NOT_SUCH = {
    "emails": "“{}” is not an e-mail address.",
    "phones": "“{}” is not a phone number.",
    "links": "“{}” is not a web address.",
    "salary": "“{}” is no amount of pay. Write it such as EUR 60000-70000 a year.",
    "availability": "“{}” can’t be read. Write a date such as 2027-01, a notice period such as 3 months, or now.",
    "permits": "“{}” names no country. Write it such as DE citizen, or US visa until 2027-05.",
    "remote": "“{}” is none of: remote, hybrid, office.",
    "relocate": "“{}” is neither yes nor no.",
}
WORDS = {
    "emails": "e-mail",
    "phones": "phone",
    "positions": "work history",
    "birth_date": "birth date",
    "wanted_places": "wanted places",
    "salary": "expected pay",
    "remote": "where they work",
    "relocate": "moving",
    "permits": "work permits",
}


@transaction.atomic
def edit_candidate(
    candidate: Candidate, changes: Mapping[str, Any], *, by: Member, now: datetime | None = None
) -> list[FieldEdit]:
    """Sets fields of a person by hand: one edit a field, with what was shown before and whose word that was.

    `changes` gives a text for a text, and {"add": […], "remove": […]} for a list, jobs and schools as JSON. Adding what
    is there already puts it first. What changes nothing makes no edit.
    """
    now, region = now or timezone.now(), home_region()
    types = custom_types() if any(name.startswith(PREFIX) for name in changes) else {}
    wanted = {name: _checked(name, storable(change), region, types) for name, change in changes.items()}
    hold_keys(keys_of(wanted.values(), wanted, region))
    candidate = _locked(candidate)
    _refuse_overruled(candidate, wanted)
    edits = [
        FieldEdit.objects.create(
            candidate=candidate,
            origin=candidate,
            field=name,
            value=value,
            replaced={"value": _shown(candidate, name), "lineage": _lineage(candidate, name)},
            by=by,
            at=now,
        )
        for name, value in wanted.items()
        if _changes(candidate, name, value)
    ]
    if edits:
        names = [edit.field for edit in edits]
        rekey(candidate.pk, region=region)
        retrait([candidate.pk])
        record_activity(candidate.pk, ActivityKind.EDITED, by=by, at=now, field=_in_words(names))
        record("candidate.edited", candidate, by=by, fields=names)
        rederive([candidate.pk], now=now)
        transaction.on_commit(partial(candidate_edited.send, sender=Candidate, candidate_id=candidate.pk))
    return edits


@transaction.atomic
def withdraw_edit(edit: FieldEdit, *, by: Member, now: datetime | None = None) -> bool:
    """Takes an edit back; what is shown then is what it would be without it. False when it was taken back before."""
    now, region = now or timezone.now(), home_region()
    hold_keys(keys_of([edit.value], [edit.field], region))
    candidate = _locked(edit.candidate)
    open_edit = FieldEdit.objects.filter(pk=edit.pk, withdrawn_at=None)
    if not open_edit.update(withdrawn_at=now, withdrawn_by=by):
        return False
    rekey(candidate.pk, region=region)
    retrait([candidate.pk])
    record_activity(candidate.pk, ActivityKind.EDITED, by=by, at=now, field=_in_words([edit.field]), withdrawn=True)
    record("candidate.edit_withdrawn", candidate, by=by, fields=[edit.field])
    rederive([candidate.pk], now=now)
    transaction.on_commit(partial(candidate_edited.send, sender=Candidate, candidate_id=candidate.pk))
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
    hold_keys(keys_of([{"add": [suggestion["value"]]}], [suggestion["field"]], region))
    candidate = _locked(profile.candidate)
    profile = Profile.objects.select_related("source").get(pk=profile.pk)
    answer = ACCEPTED if accept else DISMISSED
    profile.suggestions[number] |= {"answer": answer, "by": by.pk, "at": now.isoformat()}
    profile.save(update_fields=["suggestions"])
    rekey(candidate.pk, region=region)
    retrait([candidate.pk])
    record_activity(
        candidate.pk, ActivityKind.EDITED, by=by, at=now, field=_in_words([suggestion["field"]]), suggestion=answer
    )
    record(f"candidate.suggestion_{answer}", candidate, by=by, fields=[suggestion["field"]])
    rederive([candidate.pk], now=now)
    return profile


def _refuse_overruled(candidate: Candidate, wanted: Mapping[str, Any]) -> None:
    """An edit that nobody would ever see says so at once; what is only added to a list is seen."""
    against = {name: value for name, value in wanted.items() if not isinstance(value, dict) or value["remove"]}
    if source := overruling(candidate.pk, against):
        raise ValidationError(f"“{source}” is right about this field, by the rule of its connection. Change it there.")


def _locked(candidate: Candidate) -> Candidate:
    locked: Candidate = Candidate.objects.select_for_update(no_key=True).get(pk=candidate.pk)
    if locked.erased_at or locked.merged_into_id:
        raise ValidationError("This person is no longer in the pool.")
    return locked


def _checked(name: str, change: Any, region: str, types: CustomTypes) -> Any:
    """The change as it is stored; raises what its author can put right."""
    if name.startswith(PREFIX):
        return _checked_own(name, str(change).strip(), types)
    if name not in EDITABLE:
        raise ValueError(f"{name} is not a field that can be edited")
    if name == "country":
        return str(change).strip().upper()
    if name not in LISTS and name not in CAREERS:
        text = str(change).strip()
        return _checked_wish(name, text) if name in WISHES and text else text
    added, removed = list(change.get("add", ())), list(change.get("remove", ()))
    for text in added if name in CONTACT_KINDS else ():
        if not value_key(name, text, region):
            raise ValidationError(NOT_SUCH[name].format(text))
    if name == "permits":
        added = [_checked_wish(name, text) for text in added]
    return {"add": added, "remove": removed}


def _checked_own(name: str, text: str, types: CustomTypes) -> str:
    kind = types.get(name.removeprefix(PREFIX))
    if kind is None:
        raise ValidationError(f"There is no field “{name[:60]}”.")
    kept = kind.read(text)
    if text and not kept:
        raise ValidationError(kind.not_such(text))
    return kept


def _checked_wish(name: str, text: str) -> str:
    read = read_wish(name, text)
    if not read:
        raise ValidationError(NOT_SUCH[name].format(text[:80]))
    return read


def _changes(candidate: Candidate, name: str, value: Any) -> bool:
    if isinstance(value, dict):
        return bool(value["add"] or value["remove"])
    return bool(value != _shown(candidate, name))


def _shown(candidate: Candidate, name: str) -> Any:
    if kind := CONTACT_KINDS.get(name):
        return [point["value"] for point in candidate.contact_points if point["kind"] == kind]
    if name.startswith(PREFIX):
        return candidate.custom.get(name.removeprefix(PREFIX), "")
    if name in WISHES:
        return candidate.wants.get(name, [] if name in LISTS else "")
    return getattr(candidate, name, "")


def _lineage(candidate: Candidate, name: str) -> Any:
    if name.startswith(PREFIX):
        return candidate.lineage.get("custom", {}).get(name.removeprefix(PREFIX))
    return candidate.lineage.get(name)


def _in_words(names: Sequence[str]) -> str:
    own = {name for name in names if name.startswith(PREFIX)}
    words = {**WORDS, **({each.name: each.label for each in CustomField.objects.all()} if own else {})}
    return ", ".join(words.get(name, name.replace("_", " ")) for name in names)
