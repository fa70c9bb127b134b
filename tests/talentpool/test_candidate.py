from datetime import timedelta

from django.utils import timezone

from talentpool.models import Application, Basis, Candidate, Consent, Job, Suppression
from tests.factories.people import make_candidate

NOW = timezone.now()


def consent(candidate, **fields):
    values = {"basis": Basis.CONSENT, "granted_at": NOW - timedelta(days=9)} | fields
    return Consent.objects.create(candidate=candidate, origin=candidate, **values)


def states():
    return dict(Candidate.objects.with_contact_state().values_list("name", "contact_state"))


def test_contact_state_is_the_first_that_holds(tenant):
    make_candidate("never asked")
    make_candidate("agreed", consent=True)
    make_candidate("agreed, no address", consent=True, email="")
    make_candidate("agreed, then left", consent=True, email="Left@Example.org")
    make_candidate("agreed, bounced", consent=True, email="bounced@example.org")
    make_candidate("erased", consent=True, erased_at=NOW)
    Suppression.objects.create(address="left@example.org", reason="unsubscribed", at=NOW)
    Suppression.objects.create(address="left@example.org", reason="bounced", at=NOW)
    Suppression.objects.create(address="bounced@example.org", reason="bounced", at=NOW)
    consent(make_candidate("agreed, too long ago"), expires_at=NOW - timedelta(seconds=1))
    consent(make_candidate("agreed, still"), expires_at=NOW + timedelta(days=1))
    consent(make_candidate("agreed, withdrew"), withdrawn_at=NOW)
    job = Job.objects.create(title="ICU Nurse")
    for name, state in (("applying", "open"), ("applied once", "rejected")):
        person = make_candidate(name, consent=True)
        Application.objects.create(candidate=person, origin=person, job=job, state=state)
    assert states() == {
        "never asked": "no_consent",
        "agreed": "may_write",
        "agreed, no address": "no_address",
        "agreed, then left": "unsubscribed",
        "agreed, bounced": "bounced",
        "erased": "erased",
        "agreed, too long ago": "no_consent",
        "agreed, still": "may_write",
        "agreed, withdrew": "no_consent",
        "applying": "in_process",
        "applied once": "may_write",
    }
