"""Erasing a person: all that is theirs goes, and an import can't bring them back (GDPR article 17).

What stays is an empty candidate, so that figures and links of the past hold, and keyed hashes of the identity keys.
"""

from datetime import datetime
from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from crm.audit import record
from crm.models import Member
from talentpool.actions.derivation import columns_of
from talentpool.actions.import_originals import forget_in_originals
from talentpool.actions.key_rows import hold_keys
from talentpool.actions.mail_forgetting import forget_mail
from talentpool.identity.consolidation import Consolidated
from talentpool.identity.erased import erased_hashes, hashing, own_secret
from talentpool.identity.keys import Key, KeyKind
from talentpool.identity.vetoes import Traits
from talentpool.models import (
    Candidate,
    Employment,
    ErasedKey,
    ErasureSecret,
    File,
    FileContent,
    IdentityKey,
    ImportRow,
    ImportRun,
    MatchPair,
    Merge,
    Profile,
    Suppression,
)
from talentpool.models.owned import OfCandidate
from talentpool.person import PersonFields
from talentpool.queries.merges import group_of
from talentpool.signals import candidate_erased


@transaction.atomic
def erase_candidate(candidate: Candidate, *, reason: str, by: Member | None, now: datetime | None = None) -> None:
    """Removes everything that says who the person is; nothing brings it back. People merged into them go too."""
    now = now or timezone.now()
    theirs = IdentityKey.objects.filter(candidate=candidate).values_list("kind", "value")
    keys = [Key(KeyKind(kind), value) for kind, value in theirs]
    hold_keys(keys)
    locked: Candidate = Candidate.objects.select_for_update().get(pk=candidate.pk)
    if locked.erased_at:
        return
    if locked.merged_into_id:
        raise ValidationError("This person was merged into another; erase that one.")
    everyone = group_of(locked.pk)
    _remember(locked, keys, now)
    told = _told_of(locked)
    _forget_addresses(locked, everyone)
    forget_mail(everyone, _addresses_of(locked))
    _forget_rows(everyone)
    blank = columns_of(Consolidated(), [])
    Candidate.objects.filter(pk__in=everyone).update(
        **blank, owner=None, warmth=0, last_contact_at=None, erased_at=now, updated_at=now
    )
    record("candidate.erased", locked, by=by, reason=reason)
    for candidate_id in everyone:
        candidate_erased.send(sender=Candidate, candidate_id=candidate_id, told=told)


def _remember(candidate: Candidate, keys: list[Key], now: datetime) -> None:
    """Hashes by which the same person is known again, under each name that a source gave."""
    ErasureSecret.objects.get_or_create(defaults={"secret": own_secret()})
    by = hashing()
    shown = PersonFields(name=candidate.name, given_name=candidate.given_name, family_name=candidate.family_name)
    hashes = set(erased_hashes(keys, Traits.of(shown), by=by))
    said = Profile.objects.filter(candidate=candidate).values_list("source_id", "fingerprint", "fields")
    for source_id, fingerprint, fields in said.iterator(chunk_size=500):
        traits, record_key = Traits.of(PersonFields.from_json(fields)), f"{source_id}:{fingerprint}"
        hashes |= set(erased_hashes(keys, traits, [record_key], by=by))
    ErasedKey.objects.bulk_create([ErasedKey(hash=each, at=now) for each in sorted(hashes)], ignore_conflicts=True)


def _told_of(candidate: Candidate) -> list[str]:
    """By which others may have written or looked for the person: names that sources gave, addresses and numbers."""
    said = Profile.objects.filter(candidate=candidate).values_list("fields__name", flat=True)
    points = [point["value"] for point in candidate.contact_points]
    return sorted({text for text in (candidate.name, *said, *points) if text})


def _forget_addresses(candidate: Candidate, everyone: list[int]) -> None:
    """Suppressions of the person's addresses, unless somebody else in the pool has the same address."""
    addresses = _addresses_of(candidate)
    shared = Candidate.objects.exclude(pk__in=everyone).filter(email__in=addresses).values_list("email", flat=True)
    Suppression.objects.filter(address__in=addresses - set(shared)).delete()


def _addresses_of(candidate: Candidate) -> set[str]:
    return {point["value"] for point in candidate.contact_points if point["kind"] == "email"} - {""}


def _forget_rows(everyone: list[int]) -> None:
    """Every row of the pool that is about the person; rows of the apps above go by the signal."""
    forget_in_originals(everyone)
    ImportRow.objects.filter(candidate__in=everyone).update(cells=[], reason="", name="", email="", candidate=None)
    imported = ImportRun.objects.values("file")
    of_imports = File.objects.filter(candidate__in=everyone, pk__in=imported)
    FileContent.objects.filter(file__in=of_imports).delete()
    of_imports.update(name="Erased", text="", size=0, sha256="", candidate=None, origin=None)
    Employment.objects.filter(candidate__in=everyone).delete()
    MatchPair.objects.filter(Q(low__in=everyone) | Q(high__in=everyone)).delete()
    Merge.objects.filter(survivor__in=everyone).update(evidence=[], inherited={})
    for model in apps.get_app_config("talentpool").get_models():
        if issubclass(model, OfCandidate) or model is File:
            _forget(model, everyone)


def _forget(model: Any, everyone: list[int]) -> None:
    rows, blank = model._default_manager.filter(candidate__in=everyone), getattr(model, "stays_without", None)
    if blank is None:
        rows.delete()
    elif blank:
        rows.update(**blank)
