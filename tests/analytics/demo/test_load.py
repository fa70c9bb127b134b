import re
from datetime import timedelta

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db.models import Count, F, Min
from django.utils import timezone

from analytics.demo.agencies import NEEDED
from analytics.demo.hiring import JOBS, SOURCE
from analytics.demo.imports import FAIR
from analytics.demo.load import load_demo
from analytics.demo.searches import ASKED
from campaigns.models import Campaign, Message, MessageState, SendChunk, StatusMessage, StatusRule
from crm.models import Member, Role, Tenant, User
from crm.queries import memberships_of_user
from crm.tenancy.scope import tenant_scope
from sourcing.models import SearchLogEntry
from sourcing.queries.positions import positions_of
from sourcing.queries.verification import verify_log
from talentpool.actions.import_undo import may_be_undone
from talentpool.models import (
    Activity,
    ActivityKind,
    Application,
    Candidate,
    CandidateTag,
    ColumnSet,
    Consent,
    File,
    IdentityKey,
    ImportRun,
    IncomingMail,
    Job,
    JobFamily,
    MailLetter,
    Note,
    PipelineComment,
    PipelineEntry,
    PipelineGuest,
    Profile,
    Segment,
    Source,
    Stage,
)
from talentpool.queries.import_undoing import undoing_of

NOW = timezone.now()
PEOPLE = 60
IMPORTED = {*(row[0] for row in FAIR), "Noor Rahimi", "Ewa Kowalczyk"}


@pytest.fixture(scope="module")
def loaded(lasting_rows):
    return load_demo(people=PEOPLE, password="open sesame 42", now=NOW)


@pytest.fixture
def health(loaded, db):
    tenant = Tenant.objects.get(slug="st-brendan")
    with tenant_scope(tenant.pk):
        yield tenant


def test_people_of_the_demo_applied_in_their_trade(health):
    applied = Application.objects.filter(job__source__name=SOURCE).select_related("job", "candidate")
    trades = {title: words for title, _, words in JOBS}
    assert applied
    assert all(re.search(trades[each.job.title], each.candidate.current_title.lower()) for each in applied)


def test_demos_pipeline_is_shared_with_somebody_outside_who_answered(health):
    guest = PipelineGuest.objects.get()
    assert (guest.is_open, PipelineComment.objects.filter(guest=guest).exists(), mail.outbox) == (True, True, [])
    assert ColumnSet.objects.filter(is_shared=True).count() == 2


def test_demo_has_weeks_of_searches_in_a_chain_that_holds(health):
    searches = SearchLogEntry.objects.filter(kind="searched")
    assert searches.count() == len(ASKED)
    assert set(searches.values_list("session", flat=True)) == set(positions_of(searches.values("session")))
    assert SearchLogEntry.objects.filter(kind="opened").exists()
    assert verify_log(now=NOW).fault is None


def test_demo_has_a_member_of_each_role_who_can_sign_in(health):
    assert sorted(Member.objects.values_list("role", flat=True)) == sorted(Role.values)
    assert {member.user.check_password("open sesame 42") for member in Member.objects.select_related("user")} == {True}


def test_demo_shares_one_member_between_its_organisations(health):
    tom = User.objects.get(email="tom@demo.example")
    assert [(each.slug, each.role) for each in memberships_of_user(tom)] == [
        ("harbor-freight", "owner"),
        ("st-brendan", "recruiter"),
    ]


def test_demo_consolidates_people_from_several_sources(health):
    people = Candidate.objects.present()
    others = NEEDED + len(IMPORTED)  # whom agencies submitted, and whom files brought
    assert PEOPLE <= people.count() - others < PEOPLE * 1.1
    several = people.annotate(sources=Count("profile_set__source", distinct=True)).filter(sources__gt=1)
    assert several.count() > PEOPLE / 3
    assert Source.objects.count() == 10  # the tenth is the ATS of before, of which there are only applications


def test_demo_has_mail_taken_in_and_mail_that_waits(health):
    outcomes = IncomingMail.objects.order_by("pk").values_list("outcome", flat=True)
    assert list(outcomes) == ["taken", "taken", "ignored", "taken", "taken", "review"]
    assert sorted(MailLetter.objects.values_list("is_from_person", flat=True)) == [False, True, True, True]


def test_demo_keeps_households_apart(health):
    shared = IdentityKey.objects.filter(kind="phone").values("value").annotate(people=Count("candidate", distinct=True))
    assert shared.filter(people__gt=1).exists()


def test_demo_dates_everything_as_it_was_said(health):
    assert Profile.objects.exclude(received_at=F("observed_at")).count() == 0
    first = Candidate.objects.annotate(first=Min("profile_set__observed_at"))
    assert first.exclude(created_at=F("first")).count() == 0
    told = Activity.objects.filter(kind=ActivityKind.RECEIVED)
    assert told.count() == Profile.objects.count()
    assert told.filter(at__gt=timezone.now() - timedelta(hours=1), at__date__gt=NOW.date()).count() == 0


def test_demo_keeps_resumes_as_files_of_their_people(health):
    files = File.objects.exclude(candidate=None)
    assert files.count() == Profile.objects.exclude(file=None).count() > PEOPLE / 3
    assert all(file.text for file in files)


def test_demo_has_people_with_and_without_consent(health):
    agreed = Consent.objects.values("candidate").distinct().count()
    assert 0 < agreed < Candidate.objects.count()


def test_demo_is_not_loaded_twice(loaded, db):
    with pytest.raises(CommandError, match="is here already"):
        call_command("load_demo", people=5)
    assert Tenant.objects.count() == 2


def test_demo_pipelines_have_people_at_every_stage(health):
    stages = Stage.objects.annotate(people=Count("entries")).filter(pipeline__name="Telemetry nurses")
    assert [stage.name for stage in stages.order_by("position")] == [
        "Found",
        "Contacted",
        "Talking",
        "Interviewing",
        "Offer",
    ]
    assert PipelineEntry.objects.filter(moved_at__gt=timezone.now()).count() == 0
    moved = PipelineEntry.objects.filter(version__gt=1).count()
    assert (
        moved
        == Activity.objects.filter(kind=ActivityKind.PIPELINE_MOVED)
        .values("candidate", "data__pipeline")
        .distinct()
        .count()
    )


def test_demo_campaigns_are_sent_and_in_the_making(health):
    states = Campaign.objects.filter(status_rule=None).order_by("pk").values_list("name", "state")
    assert list(states) == [
        ("Critical care tower opens", "sent"),
        ("Open house in December", "draft"),
        ("CVICU Fresno: would you talk with us?", "draft"),
    ]
    messages = Message.objects.filter(campaign__name="Critical care tower opens")
    assert set(messages.values_list("state", flat=True)) <= {MessageState.SENT, MessageState.HELD}
    assert messages.filter(state=MessageState.HELD, reason="").count() == 0
    assert messages.sent().count() > 0
    assert SendChunk.objects.exclude(state="done").count() == 0


def test_demo_writes_to_nobody_who_has_not_agreed(health):
    sent = Message.objects.sent().filter(campaign__status_rule=None).values("candidate")
    agreed = Consent.objects.values("candidate")
    assert Candidate.objects.filter(pk__in=sent).exclude(pk__in=agreed).count() == 0


def test_demo_has_notes_tags_owners_segments_and_applications(health):
    for model in (Note, CandidateTag, Segment, Application):
        assert model.objects.count() > 0
    assert Candidate.objects.exclude(owner=None).count() > 0


def test_demo_has_imports_with_their_reports_that_can_be_undone(health):
    imports = list(ImportRun.objects.order_by("pk"))
    assert [(run.file.name, run.step, run.counts) for run in imports] == [
        ("Sign-ups at the fair.csv", "over", {"new": 4}),
        ("Board, nurses and technicians.csv", "over", {"new": 2, "updated": 1, "duplicate": 1, "invalid": 3}),
    ]
    assert [may_be_undone(run) for run in imports] == [True, True]
    undoing = undoing_of(imports[1])
    assert (undoing.gone, undoing.kept) == (2, 1)
    reasons = imports[1].rows.filter(outcome="invalid").order_by("number").values_list("number", "reason")
    assert list(reasons) == [
        (3, "Not an e-mail address"),
        (5, "No name, e-mail, phone or link"),
        (7, "Not an e-mail address"),
    ]
    names = set(Candidate.objects.filter(profile_set__import_run__in=imports).values_list("name", flat=True))
    assert len(names - IMPORTED) == 1  # who was known before
    assert names > IMPORTED
    assert [NOW - run.created_at > timedelta(days=3) for run in imports] == [True, True]


def test_demo_has_told_rejected_people_once_and_keeps_telling_them(health):
    (rule,) = StatusRule.objects.filter(is_on=True)
    assert (rule.phase, rule.trouble) == ("rejected", "")
    told = list(StatusMessage.objects.select_related("message", "application"))
    assert told
    assert {each.application.state for each in told} == {"rejected"}
    assert {each.message.state for each in told} <= {MessageState.SENT, MessageState.HELD}
    assert all(rule.on_since < each.moved_at < each.message.sent_at < NOW for each in told if each.message.sent_at)
    assert not rule.campaigns.exclude(state="sent").exists()
    written = Activity.objects.filter(kind=ActivityKind.MESSAGE_SENT, data__campaign__startswith="Rejected: ")
    assert written.count() == sum(each.message.state == MessageState.SENT for each in told) > 0


def test_demo_has_its_jobs_in_families(health):
    assert Job.objects.filter(family=None).count() == 0
    assert all(family.jobs.exists() for family in JobFamily.objects.all())
