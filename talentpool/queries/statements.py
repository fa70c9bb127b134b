"""What consolidation is asked with: what each profile of a person says, and the organisation's rules."""

from collections import defaultdict
from collections.abc import Collection

from crm.models import Tenant
from crm.tenancy.scope import current_tenant_id
from talentpool.identity.consolidation import Edit, Statement
from talentpool.identity.rules import AS_USUAL, Rules
from talentpool.identity.suggestions import with_accepted
from talentpool.models import FieldEdit, FieldRules, Profile
from talentpool.person import PersonFields


def statement_of(profile: Profile) -> Statement:
    return Statement(
        profile.pk,
        with_accepted(PersonFields.from_json(profile.fields), profile.suggestions),
        profile.observed_at,
        profile.source.trust,
        f"{profile.source_id}:{profile.external_id}" if profile.external_id else "",
        profile.source.kind,
    )


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
