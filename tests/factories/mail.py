"""Campaigns and their surroundings, for tests that are not about how they are written."""

from datetime import timedelta

from django.utils import timezone

from campaigns.actions.campaigns import schedule_campaign
from campaigns.models import Audience, Campaign
from talentpool.models import Basis, Candidate, Consent, Selection

BODY = 'Hello {{ first_name | default: "you" }}, [see the post](https://jobs.example.org/icu?x=1&y=2).'


def make_people(number, **fields):
    """People who may be written to, each with an address of her own."""
    start = Candidate.objects.count()
    people = Candidate.objects.bulk_create(
        Candidate(
            **{
                "name": f"Anna{start + i} Berg",
                "given_name": f"Anna{start + i}",
                "family_name": "Berg",
                "email": f"p{start + i}@people.example",
                "current_title": "Nurse",
                "location": "Fresno, CA",
                **fields,
            }
        )
        for i in range(1, number + 1)
    )
    now = timezone.now()
    Consent.objects.bulk_create(
        Consent(candidate=person, origin=person, basis=Basis.CONSENT, granted_at=now - timedelta(days=30))
        for person in people
    )
    return people


def make_campaign(member, people, **fields):
    selection = Selection.objects.create(candidate_ids=[person.pk for person in people], by=member)
    values = {
        "name": "A post closer to home",
        "subject": "A post in {{ city }}",
        "body": BODY,
        "audience": Audience.SELECTION,
        "selection": selection,
        "by": member,
    } | fields
    return Campaign.objects.create(**values)


def start(campaign, member):
    """Plan it and let it send; what sends is called by the test."""
    schedule_campaign(campaign, send_at=timezone.now(), by=member)
    campaign.refresh_from_db()
    return campaign
