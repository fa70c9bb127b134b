"""What consolidation is asked with: what each profile of a person says, and the organisation's rules."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from crm.models import Tenant
from crm.tenancy.scope import current_tenant_id
from talentpool.identity.conflicts import histories, is_about
from talentpool.identity.rules import AS_USUAL, GROUP_OF, Right, Rules, rights_from
from talentpool.identity.statements import Edit, Statement
from talentpool.identity.suggestions import with_accepted
from talentpool.models import FieldEdit, FieldRules, Profile, Source, SourceKind
from talentpool.person import PersonFields
from talentpool.queries.custom_fields import custom_types


def statement_of(profile: Profile) -> Statement:
    return Statement(
        profile.pk,
        with_accepted(in_our_names(PersonFields.from_json(profile.fields), profile.source), profile.suggestions),
        profile.observed_at,
        profile.source.trust,
        f"{profile.source_id}:{profile.external_id}" if profile.external_id else "",
        profile.source.kind,
        rights_from(profile.source.conflicts),
    )


def in_our_names(fields: PersonFields, source: Source) -> PersonFields:
    """Fields of an ATS's own are ours only where somebody said which of ours they are, whatever they are called."""
    if source.kind != SourceKind.ATS or not fields.custom:
        return fields
    ours = {ours: fields.custom[theirs] for theirs, ours in source.own_fields.items() if theirs in fields.custom}
    return replace(fields, custom=ours)


def overruling(candidate_id: int, changes: Mapping[str, Any]) -> str:
    """The source whose word holds against an edit of one of these fields, by name; empty where edits hold. Of a list
    only what is taken out of it may not be what the source says."""
    with_rule = Profile.objects.filter(candidate=candidate_id).exclude(source__conflicts={}).select_related("source")
    theirs = {each.pk: each for each in with_rule.defer("raw")}
    for history in histories([statement_of(each) for each in theirs.values()]):
        rights = history.latest.rights
        for name, change in changes.items():
            is_theirs = rights.get(GROUP_OF.get(name, "custom")) is Right.THEIRS
            if is_theirs and is_about(history, name, change, custom_types(), home_region()):
                return theirs[history.latest.profile_id].source.name
    return ""


def profiles_of(candidate_ids: Collection[int]) -> dict[int, list[Profile]]:
    """What sources said of these people; whom none knows is not in it."""
    found: dict[int, list[Profile]] = defaultdict(list)
    for profile in Profile.objects.filter(candidate__in=candidate_ids).select_related("source").defer("raw"):
        found[profile.candidate_id].append(profile)
    return found


def open_edits_of(candidate_ids: Collection[int]) -> dict[int, list[Edit]]:
    """What people here said of them and didn't take back."""
    found: dict[int, list[Edit]] = defaultdict(list)
    for edit in FieldEdit.objects.filter(candidate__in=candidate_ids, withdrawn_at=None):
        found[edit.candidate_id].append(Edit(edit.pk, edit.field, edit.value, edit.at))
    return found


def current_rules() -> Rules:
    stored = FieldRules.objects.order_by("-pk").values_list("rules", flat=True).first()
    return Rules.from_json(stored) if stored else AS_USUAL


def home_region() -> str:
    """The organisation's country, in which numbers without a country code are read."""
    return str(Tenant.objects.values_list("country", flat=True).get(pk=current_tenant_id()))
