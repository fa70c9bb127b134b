"""People as rows, for tests that are not about how they arrive."""

from datetime import timedelta
from itertools import count

from django.utils import timezone

from talentpool.models import Basis, Candidate, Consent

_numbers = count(1)


def make_candidate(name="", *, consent=False, **fields):
    number = next(_numbers)
    name = name or f"Person {number}"
    values = {
        "name": name,
        "email": f"person{number}@example.org",
        "headline": "Charge Nurse, ICU · Mercy General",
    } | fields
    candidate = Candidate.objects.create(**values)
    if consent:
        Consent.objects.create(
            candidate=candidate, origin=candidate, basis=Basis.CONSENT, granted_at=timezone.now() - timedelta(days=1)
        )
    return candidate


def make_candidates(number, **fields):
    return [make_candidate(**fields) for _ in range(number)]
