"""Two agencies, the jobs open to them, and whom they submitted: somebody new, somebody known, and one person twice."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

from django.contrib.auth.hashers import make_password

from analytics.demo.organisations import address
from analytics.demo.records import Record
from analytics.demo.resume import resume_text
from crm.models import Member, User
from talentpool.actions.agencies import create_agency, open_to_agency
from talentpool.actions.submissions import Sent, move_submission, submit_person
from talentpool.models import AgencyJob, AgencyUser, Candidate, Job, Submission, SubmissionState
from talentpool.person import PersonFields

# name, contact, first part of the address, days, fee, terms
AGENCIES = (
    (
        "Bayside Clinical Search",
        "Iris Holm",
        "iris",
        180,
        "20 %",
        "20 % of the first year’s base pay, due after 90 days.",
    ),
    ("Paloma Staffing", "Omar Haddad", "omar", 120, "9000 USD", "Flat fee of 9,000 USD for each nurse hired."),
)
STATEMENT = "This person knows that we submit them to St. Brendan Health for this job, and has agreed to it."
NEEDED = 4  # people from the stream


def work_with_agencies(
    sheaves: Sequence[Sequence[Record]], members: dict[str, Member], *, password: str, now: datetime
) -> None:
    random, stored = Random("agencies"), make_password(password)
    jobs = list(Job.objects.filter(is_open=True).order_by("pk")[:3])
    bayside, paloma = (_agency(about, jobs, by=members["mara"], stored=stored, now=now) for about in AGENCIES)
    people = [sheaf[-1].fields for sheaf in sheaves]
    first = _submit(random, bayside, 0, people[0], now - timedelta(days=21))
    second = _submit(random, bayside, 1, people[1], now - timedelta(days=9))
    _submit(random, paloma, 1, people[2], now - timedelta(days=6))
    _submit(random, paloma, 0, people[0], now - timedelta(days=5))
    _submit(random, bayside, 0, people[3], now - timedelta(hours=5))
    if known := Candidate.objects.present().filter(profile_set__received_at__gt=now - timedelta(days=200)).first():
        fields = PersonFields(name=known.name, emails=(known.email,) if known.email else people[1].emails)
        _submit(random, paloma, 0, fields, now - timedelta(days=2))
    move_submission(first, SubmissionState.HIRED, by=members["tom"], now=now - timedelta(days=3))
    move_submission(second, SubmissionState.IN_PROCESS, by=members["tom"], now=now - timedelta(days=4))


def _agency(
    about: tuple[str, str, str, int, str, str], jobs: Sequence[Job], *, by: Member, stored: str, now: datetime
) -> tuple[AgencyUser, list[AgencyJob]]:
    name, contact, part, days, fee, terms = about
    agreed = {"name": name, "contact_name": contact, "contact_email": address(part), "terms": terms}
    agency = create_agency(agreed | {"ownership_days": days, "known_days": 365, "fee": fee}, by=by)
    user = User.objects.create(email=address(part), name=contact, password=stored)
    somebody = AgencyUser.objects.create(agency=agency, user=user, name=contact)
    words = "Nights, twelve-hour shifts. Relocation is paid."
    return somebody, [open_to_agency(agency, job, words=words, by=by, now=now - timedelta(days=30)) for job in jobs]


def _submit(
    random: Random, agency: tuple[AgencyUser, list[AgencyJob]], job: int, fields: PersonFields, at: datetime
) -> Submission:
    somebody, openings = agency
    sent = Sent(
        name=fields.name,
        email=fields.emails[0] if fields.emails else f"{fields.family_name or 'x'}@mail.example".lower(),
        phone=next(iter(fields.phones), ""),
        message="Ready to move within a month; we met twice.",
        statement=STATEMENT,
        agreed_on=(at - timedelta(days=1)).date(),
        file_name=f"{fields.name}.txt",
        content=resume_text(random, fields).encode(),
    )
    return submit_person(openings[job], sent, by=somebody, now=at)
