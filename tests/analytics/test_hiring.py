"""Hires and where they come from: what each number counts, and that the people behind it are as many."""

import csv
import io
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from analytics.queries.hiring import Asked, applications_behind, hiring_in, period_until
from ats_sync.models import AtsRecord, Connection
from ats_sync.vocabulary import Kind
from campaigns.models import Campaign, Message, MessageState, StatusRule
from talentpool.actions.applications import Standing, Telling
from talentpool.models import ApplicationState, Job, JobFamily, Profile, ProfileKind, Source, SourceKind, StepKind
from tests.api_client import program_of
from tests.factories.people import make_candidate

ZONE = ZoneInfo("America/Los_Angeles")
TODAY = date(2026, 11, 22)
HIRED, REJECTED, WITHDRAWN = ApplicationState.HIRED, ApplicationState.REJECTED, ApplicationState.WITHDRAWN


def moment(month, day=10, hour=20):
    return datetime(2026, month, day, hour, tzinfo=UTC)


@pytest.fixture
def ats(tenant, member):
    """Whose stage “On site” means an interview."""
    source = Source.objects.create(name="Greenhouse", kind=SourceKind.ATS)
    connection = Connection.objects.create(
        provider="greenhouse",
        name="Greenhouse",
        source=source,
        credentials="{}",
        webhook_secret="s",
        address="a",
        by=member,
    )
    AtsRecord.objects.create(
        connection=connection,
        kind=Kind.STAGE,
        external_id="1",
        name="On site",
        maps_to="interview",
        checked_at=moment(1),
    )
    return source


def touch(person, name, at, kind=SourceKind.EVENT):
    source, _ = Source.objects.get_or_create(name=name, defaults={"kind": kind})
    number = Profile.objects.count()
    return Profile.objects.create(
        candidate=person, origin=person, source=source, kind=ProfileKind.ROW, fingerprint=f"f{number}",
        observed_at=at, received_at=at,
    )  # fmt: skip


def write_to(person, member, at, **fields):
    campaign = Campaign.objects.create(name="A post", by=member, **fields)
    Message.objects.create(
        campaign=campaign, candidate=person, origin=person, address="a@b.example", state=MessageState.SENT, sent_at=at
    )


def apply(ats, at, *, title="Nurse", person=None):
    person = person or make_candidate()
    job, _ = Job.objects.get_or_create(title=title)
    standing = Standing("New", "applied", applied_at=at, moved_at=at)
    with Telling(at) as telling:
        return telling.start(person.pk, person.pk, job, ats, standing)


def move(application, at, stage="On site", phase="interview", state=ApplicationState.OPEN, reason=""):
    with Telling(at) as telling:
        telling.move(application, Standing(stage, phase, state, reason, moved_at=at))


def report(months=3):
    return hiring_in(period_until(TODAY, months, ZONE))


def numbers(counts):
    return counts.applied, counts.interview, counts.offer, counts.hired


def test_each_thing_counts_once_in_the_month_it_first_happened(ats):
    application = apply(ats, moment(9))
    move(application, moment(10))
    move(application, moment(10, 12), "Second talk", "")
    move(application, moment(11))  # to a talk once more
    with Telling(moment(11, 11)) as telling:
        telling.step(application, StepKind.OFFER, at=moment(11, 11), key="offer:1")
    move(application, moment(11, 15), "Hired", "hired", HIRED)
    found = report()
    assert numbers(found.total) == (1, 1, 1, 1)
    assert [(part.name, numbers(part.counts)) for part in found.by_month] == [
        ("2026-09", (1, 0, 0, 0)),
        ("2026-10", (0, 1, 0, 0)),
        ("2026-11", (0, 0, 1, 1)),
    ]
    assert found.total.days_to_hire == pytest.approx(66)


def test_what_was_before_the_months_does_not_count(ats):
    application = apply(ats, moment(8))
    move(application, moment(9, 1, 6))  # still August in California
    move(application, moment(9, 1, 8), "Hired", "hired", HIRED)
    assert numbers(report().total) == (0, 0, 0, 1)


def test_an_end_counts_as_it_stands_now(ats):
    back, gone, deleted = apply(ats, moment(9)), apply(ats, moment(9)), apply(ats, moment(9))
    move(back, moment(10), "Hired", "hired", HIRED)
    move(back, moment(10, 12))  # a mistake, taken back
    move(gone, moment(10), state=REJECTED, reason="No longer interested")
    type(gone).objects.filter(pk=gone.pk).update(state=WITHDRAWN)  # somebody mapped the reason
    with Telling(moment(10)) as telling:
        telling.end(deleted)
    total = report().total
    assert (total.hired, total.rejected, total.withdrawn) == (0, 0, 1)


def test_source_of_hire_by_the_first_and_the_last_touch_before_applying(ats, member):
    known, straight, late = make_candidate(), make_candidate(), make_candidate()
    touch(known, "Job fair", moment(7))
    touch(known, "Agency", moment(8), SourceKind.AGENCY)
    write_to(known, member, moment(8, 20))
    touch(late, "Job fair", moment(9, 20))
    for person in (known, straight, late):
        move(apply(ats, moment(9), person=person), moment(10), "Hired", "hired", HIRED)
    found = report()
    assert {part.name: part.counts.hired for part in found.by_first} == {"Job fair": 1, "Straight to the ATS": 2}
    assert {part.name: part.counts.hired for part in found.by_last} == {"A campaign": 1, "Straight to the ATS": 2}
    assert (found.conversion.pool, found.conversion.applied, found.conversion.hired) == (3, 1, 1)


def test_a_status_message_is_no_touch(ats, member):
    person = make_candidate()
    rule = StatusRule.objects.create(phase="applied", subject="s", body="b", by=member)
    application = apply(ats, moment(9), person=person)
    write_to(person, member, moment(8), status_rule=rule, status_job=application.job)
    assert [part.name for part in report().by_last] == ["Straight to the ATS"]


def test_reasons_and_jobs(ats):
    first, second = apply(ats, moment(9)), apply(ats, moment(9), title="Midwife")
    move(first, moment(10), state=REJECTED, reason="Lacks the licence")
    move(second, moment(10), state=WITHDRAWN)
    found = report()
    assert [(part.name, part.counts.rejected, part.counts.withdrawn) for part in found.reasons] == [
        ("Lacks the licence", 1, 0),
        ("No reason given", 0, 1),
    ]
    assert {part.name: part.counts.applied for part in found.by_job} == {"Nurse": 1, "Midwife": 1}


def test_time_in_a_phase_is_the_median_of_stays_that_ended(ats):
    for days in (2, 4, 12):
        move(apply(ats, moment(9)), moment(9) + timedelta(days=days))
    apply(ats, moment(9))  # still there
    assert [(stay.phase, stay.number, stay.days) for stay in report().stays] == [("applied", 3, pytest.approx(4))]


def test_behind_each_number_are_as_many_applications(ats, member):
    people = [make_candidate() for _ in range(4)]
    for person in people[:2]:
        touch(person, "Job fair", moment(7))
    write_to(people[0], member, moment(8))
    for number, person in enumerate(people):
        application = apply(ats, moment(9), person=person, title="Nurse" if number % 2 else "Midwife")
        move(application, moment(10), state=REJECTED if number else HIRED, reason="Too few years" if number > 1 else "")
    Job.objects.filter(title="Nurse").update(family=JobFamily.objects.create(name="Nursing"))
    period = period_until(TODAY, 3, ZONE)
    found, wrong = report(), []
    cuts = {
        "first": found.by_first,
        "last": found.by_last,
        "job": found.by_job,
        "family": found.by_family,
        "month": found.by_month,
        "reason": found.reasons,
    }
    opened = {"job": int, "family": int, "month": lambda key: date.fromisoformat(f"{key}-01")}
    for cut, parts in cuts.items():
        for part in parts:
            for what in ("applied", "interview", "offer", "hired", "rejected", "withdrawn"):
                asked = Asked(what, **{cut: opened.get(cut, str)(part.key)})
                behind = applications_behind(period, asked, limit=100)
                if len(behind.rows) != getattr(part.counts, what) or behind.total != len(behind.rows):
                    wrong.append((cut, part.name, what, behind))
    assert wrong == []
    assert len(found.by_first) == 2
    assert [part.name for part in found.by_family] == ["No job family", "Nursing"]


def test_another_organisations_applications_are_in_no_number(ats, other_tenant):
    from crm.tenancy.scope import tenant_scope

    apply(ats, moment(9))
    with tenant_scope(other_tenant.pk):
        apply(Source.objects.create(name="Lever", kind=SourceKind.ATS), moment(9))
        assert report().total.applied == 1
    assert report().total.applied == 1


def test_page_people_and_export(ats, client, freeze_today):
    application = apply(ats, moment(9))
    move(application, moment(10), "Hired", "hired", HIRED)
    page = client.get("/o/acme/reports/hiring/?months=12&touch=last").content.decode()
    assert "Straight to the ATS" in page
    behind = client.get("/o/acme/reports/hiring/people/?months=12&what=hired&last=direct").content.decode()
    assert str(application.candidate) in behind
    assert "1 application" in behind
    table = client.get("/o/acme/reports/hiring/export/?months=12&table=job").content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(table)))
    assert rows[1] == ["Nurse", "1", "0", "0", "0", "1", "0", "0", "30.0", ""]
    assert client.get("/o/acme/reports/hiring/people/?months=12&what=nothing").status_code == 400
    assert "months" in client.get("/o/acme/reports/hiring/?months=7").content.decode()


def test_report_of_one_job_family_counts_its_jobs_alone(ats, client, member, freeze_today):
    nurse, _ = apply(ats, moment(9)), apply(ats, moment(9), title="Porter")
    move(nurse, moment(10))
    move(nurse, moment(10, 20), "Hired", "hired", HIRED)
    assert "All job families" not in client.get("/o/acme/reports/hiring/?months=12").content.decode()
    nursing = JobFamily.objects.create(name="Nursing")
    Job.objects.filter(title="Nurse").update(family=nursing)
    period = period_until(TODAY, 12, ZONE)
    every, ours, none = (hiring_in(period, family=family) for family in (None, nursing.pk, 0))
    assert [numbers(found.total) for found in (every, ours, none)] == [(2, 1, 0, 1), (1, 1, 0, 1), (1, 0, 0, 0)]
    assert {part.name: numbers(part.counts) for part in every.by_family} == {
        "Nursing": (1, 1, 0, 1),
        "No job family": (1, 0, 0, 0),
    }
    assert [(part.name, part.family) for part in every.by_job] == [("Nurse", "Nursing"), ("Porter", "")]
    assert [part.name for part in ours.by_job] == ["Nurse"]
    assert [(stay.phase, stay.number) for stay in ours.stays] == [("applied", 1), ("interview", 1)]
    assert none.stays == []

    page = client.get(f"/o/acme/reports/hiring/?months=12&family={nursing.pk}").content.decode()
    assert f"months=12&amp;family={nursing.pk}&amp;what=hired" in page
    assert f"months=12&amp;family={nursing.pk}&amp;table=job" in page
    behind = client.get(f"/o/acme/reports/hiring/people/?months=12&what=applied&family={nursing.pk}").content.decode()
    assert "1 application " in behind
    assert "Applied · Nursing" in behind
    assert client.get("/o/acme/reports/hiring/?months=12&family=999999999").status_code == 422
    export = client.get(f"/o/acme/reports/hiring/export/?months=12&table=family&family={nursing.pk}").content
    assert [row[:2] for row in csv.reader(io.StringIO(export.decode("utf-8-sig")))] == [
        ["Job family", "Applied"],
        ["Nursing", "1"],
    ]
    program = program_of(member)
    told = program.get("/reports/hiring", months=12, family=nursing.pk).json()
    assert [(part["name"], part["family"]) for part in told["by_job"]] == [("Nurse", "Nursing")]
    asked = {"months": 12, "what": "applied", "family": 0}
    (item,) = program.get("/reports/hiring/applications", **asked).json()["items"]
    assert item["job_id"] == Job.objects.get(title="Porter").pk


@pytest.fixture
def freeze_today(monkeypatch):
    """The report of a day on which the test's months lie in the last twelve."""
    from analytics import api
    from analytics.views import hiring

    for module in (api, hiring):
        monkeypatch.setattr(module.timezone, "localdate", lambda **kwargs: TODAY)


def test_empty_report_says_what_to_do(tenant, client):
    assert "No applications in these months" in client.get("/o/acme/reports/hiring/").content.decode()
    assert client.get("/o/acme/reports/").status_code == 200


def test_program_reads_the_numbers_and_who_is_behind(ats, member, freeze_today):
    for _ in range(3):
        move(apply(ats, moment(9)), moment(10), "Hired", "hired", HIRED)
    program = program_of(member)
    found = program.get("/reports/hiring", months=12).json()
    assert (found["total"]["hired"], found["by_first"][0]["key"]) == (3, "direct")
    asked = {"what": "hired", "first": "direct", "month": "2026-10", "limit": 2}
    first = program.get("/reports/hiring/applications", **asked).json()
    assert len(first["items"]) == 2
    rest = program.get("/reports/hiring/applications", **asked, cursor=first["next_cursor"]).json()
    assert (len(rest["items"]), rest["next_cursor"]) == (1, None)
