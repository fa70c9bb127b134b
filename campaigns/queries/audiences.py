"""Who a campaign is for, who of them would be held back, and how one of them would read it."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError

from campaigns.contact_gate.preview import Answer, answers, verdict_counts
from campaigns.contact_gate.verdicts import Verdict
from campaigns.delivery.letters import letter_of
from campaigns.delivery.routes import route_for
from campaigns.models import Campaign
from crm.models import Tenant
from talentpool.models import Candidate, PipelineEntry, Segment, Selection
from talentpool.queries.merges import present_ids
from talentpool.queries.selections import search_of
from talentpool.search.find import matching_ids


def audience_ids(campaign: Campaign) -> list[int]:
    """Who the campaign is for as of now, in ascending order: a segment and a stage stay current until it is planned.

    A segment is searched anew and its kept members aren't read: they learn at night only of what ages without a change,
    such as “updated in the last 90 days”.
    """
    if campaign.stage is not None or campaign.pipeline is not None:
        entries = PipelineEntry.objects.shown().filter(
            **({"stage": campaign.stage} if campaign.stage is not None else {"pipeline": campaign.pipeline})
        )
        return sorted(set(entries.values_list("candidate_id", flat=True)))
    if campaign.segment is not None:
        return _found(campaign.segment)
    if campaign.selection is None:
        return []
    if campaign.selection.search is not None:
        return _found(campaign.selection)
    picked = Candidate.objects.present().filter(pk__in=present_ids(campaign.selection.candidate_ids))
    return sorted(picked.values_list("pk", flat=True))


def _found(stored: Segment | Selection) -> list[int]:
    return sorted({candidate_id for batch in matching_ids(search_of(stored)) for candidate_id in batch})


@dataclass(frozen=True)
class Foresight:
    """What would happen if the campaign left now."""

    audience: list[int]
    verdicts: dict[Verdict, int]
    minutes: int  # that it takes to leave

    @property
    def total(self) -> int:
        return len(self.audience)

    @property
    def allowed(self) -> int:
        return self.verdicts.get(Verdict.ALLOWED, 0)

    @property
    def held(self) -> int:
        return sum(self.verdicts.values()) - self.allowed

    @property
    def reasons(self) -> list[tuple[Verdict, int]]:
        held = [(verdict, number) for verdict, number in self.verdicts.items() if verdict != Verdict.ALLOWED]
        return sorted(held, key=lambda item: (-item[1], item[0]))


def foresight(campaign: Campaign, tenant: Tenant) -> Foresight:
    audience = audience_ids(campaign)
    verdicts = verdict_counts(campaign.pk, audience, needed_values(campaign, tenant))
    per_minute = rate_of(campaign, tenant)
    minutes = -(-verdicts.get(Verdict.ALLOWED, 0) // per_minute)
    return Foresight(audience, verdicts, minutes)


def needed_values(campaign: Campaign, tenant: Tenant) -> frozenset[str]:
    """The merge fields without which a message is held; none while the draft can't be composed yet."""
    try:
        return letter_of(campaign, tenant).needed
    except ValidationError:
        return frozenset()


def rate_of(campaign: Campaign, tenant: Tenant) -> int:
    own = route_for(tenant).per_minute
    return min(own, campaign.per_minute) if campaign.per_minute else own


@dataclass(frozen=True)
class Reader:
    """One person as the preview's reader: her values, whether she would get it, and who comes after her."""

    candidate: Candidate
    answer: Answer
    next_id: int | None


def reader_of_campaign(campaign: Campaign, tenant: Tenant, *, candidate_id: int | None = None) -> Reader | None:
    """The person asked for if she is in the audience; else the first who would get it, else the first of all."""
    audience = audience_ids(campaign)
    if not audience:
        return None
    needed = needed_values(campaign, tenant)
    if candidate_id not in audience:
        allowed = answers(campaign.pk, audience, needed, verdict=Verdict.ALLOWED, limit=1)
        candidate_id = allowed[0].candidate_id if allowed else audience[0]
    (answer,) = answers(campaign.pk, [candidate_id], needed)
    after = audience[(audience.index(candidate_id) + 1) % len(audience)]
    return Reader(Candidate.objects.get(pk=candidate_id), answer, after if after != candidate_id else None)


def held_people(
    campaign: Campaign, tenant: Tenant, *, verdict: Verdict | None, after: int, limit: int = 50
) -> list[tuple[Candidate, Answer]]:
    """Who would be held back if the campaign left now, and why; `after` is the last candidate of the page before."""
    audience = audience_ids(campaign)
    found = answers(campaign.pk, audience, needed_values(campaign, tenant), verdict=verdict)
    held = [answer for answer in found if answer.verdict != Verdict.ALLOWED and answer.candidate_id > after]
    people = Candidate.objects.in_bulk([answer.candidate_id for answer in held[:limit]])
    return [(people[answer.candidate_id], answer) for answer in held[:limit] if answer.candidate_id in people]
