"""Seeing a campaign before anybody else does."""

import re
from dataclasses import replace

from django.core.exceptions import ValidationError
from django.db import transaction

from campaigns.actions.status import sample_of
from campaigns.composing.letter import Letter, Rendered, Values
from campaigns.composing.merge_fields import CANDIDATE_FIELDS, MERGE_FIELDS, STATUS_FIELDS
from campaigns.contact_gate.preview import values_of
from campaigns.delivery.batch import Fate
from campaigns.delivery.letters import headers_of, letter_of
from campaigns.delivery.routes import route_for
from campaigns.delivery.single import send_single
from campaigns.models import Campaign, StatusRule
from campaigns.models.message import ADDRESS
from campaigns.queries.own_fields import in_words, own_merge_fields, writers
from campaigns.tracking.tokens import TEST_MESSAGE, token_for
from crm.audit import record
from crm.models import Member, Tenant
from talentpool.models import Application

_NO_PIXEL = "data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw=="


def rendered_for(campaign: Campaign, tenant: Tenant, candidate_id: int | None) -> Rendered:
    """As this person would read it; without one, with example values. ValidationError while it can't be composed."""
    token = token_for(tenant.pk, TEST_MESSAGE)
    letter = letter_of(campaign, tenant)
    rendered = letter.rendered(_values(campaign, letter, candidate_id), token=token)
    # Looking at a preview is no opening, so it loads no pixel.
    return replace(rendered, html=re.sub(rf'src="[^"]*/t/{token}/open\.gif"', f'src="{_NO_PIXEL}"', rendered.html))


def rendered_status(rule: StatusRule, tenant: Tenant, application: Application | None) -> Rendered:
    """A status message as the person of this application would read it."""
    return rendered_for(_sample(rule, application), tenant, application.candidate_id if application else None)


@transaction.atomic
def send_test(campaign: Campaign, tenant: Tenant, *, by: Member, candidate_id: int | None = None) -> str:
    """Send it to the member who asks, as the candidate would get it; returns the address. Its links change nothing."""
    address = _send(campaign, tenant, to=by, candidate_id=candidate_id)
    record("campaign.tested", campaign, by=by, address=address)
    return address


@transaction.atomic
def send_status_test(rule: StatusRule, tenant: Tenant, application: Application | None, *, by: Member) -> str:
    """The same for a status message, turned on or not, as the person of this application would get it."""
    sample = _sample(rule, application)
    address = _send(sample, tenant, to=by, candidate_id=application.candidate_id if application else None)
    record("status_rule.tested", rule, by=by, address=address)
    return address


def _sample(rule: StatusRule, application: Application | None) -> Campaign:
    return sample_of(rule, application.job.title if application else STATUS_FIELDS["applied_job"].example)


def _send(campaign: Campaign, tenant: Tenant, *, to: Member, candidate_id: int | None) -> str:
    address = to.user.email
    if not re.match(ADDRESS, address):
        raise ValidationError(f"Mail can’t be sent to {address}.")
    letter = letter_of(campaign, tenant)
    if not letter.subject.strip():
        raise ValidationError("It has no subject.")
    outcome = send_single(
        replace(letter, subject=f"[Test] {letter.subject}"),
        headers_of(campaign, tenant),
        route_for(tenant),
        address=address,
        token=token_for(tenant.pk, TEST_MESSAGE),
        values=_values(campaign, letter, candidate_id),
    )
    if outcome.fate is not Fate.SENT:
        raise ValidationError(f"The test did not leave. {outcome.reply}")
    return address


def _values(campaign: Campaign, letter: Letter, candidate_id: int | None) -> Values:
    if candidate_id is None:
        own = own_merge_fields(archived=True)
        examples = {name: MERGE_FIELDS[name].example for name in CANDIDATE_FIELDS}
        return {**examples, **{name: own[name].example for name in letter.own}}
    stored = values_of(campaign.pk, candidate_id, (*CANDIDATE_FIELDS, *letter.own))
    return in_words(stored, writers(letter.own))
