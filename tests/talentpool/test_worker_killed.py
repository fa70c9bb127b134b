"""SIGKILL of a real worker in the middle of taking in a mail, of reminding, of merging in bulk, of a bulk act and its
undoing, and of a schedule's run: nothing is lost and nothing is done twice."""

from collections import Counter
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from crm.actions.bulk_runs import queue_stuck
from crm.actions.bulk_undo import undo_bulk_run
from crm.models import BulkChange, BulkRun, Role
from crm.models.leased import WorkState
from crm.tasks import work_on_bulk_run
from sourcing.models import SearchLogEntry
from talentpool.actions.bulk_acts import tag_selection
from talentpool.actions.incoming_mail import deliver
from talentpool.actions.mail_addresses import address_of
from talentpool.actions.mail_intake import queue_stuck_mail
from talentpool.actions.match_pairs import SLICE, merge_strong_pairs
from talentpool.actions.reminders import add_task
from talentpool.actions.schedules import make_schedule
from talentpool.actions.segment_counts import count_anew
from talentpool.actions.segments import save_search
from talentpool.actions.selections import select_people
from talentpool.actions.tags import tag_named, tag_people
from talentpool.dates import Due
from talentpool.intake.mail.recipients import Target, Way, address_with
from talentpool.models import (
    Activity,
    Candidate,
    CandidateTag,
    IncomingMail,
    MailDoor,
    MailOutcome,
    MatchPair,
    Merge,
    PipelineEntry,
    Profile,
    Schedule,
    ScheduledPerson,
    ScheduleRun,
    Task,
)
from talentpool.search.index.outbox import drain
from talentpool.tasks import remind_of_due_tasks, run_schedules_of_tenant, take_in_mail
from tests.conftest import make_member
from tests.factories.people import make_candidates
from tests.factories.pipelines import make_pipeline
from tests.simulators.smtp import SILENCE, SmtpServer
from tests.talentpool.mail.mails import FORWARDED, MEMBER
from tests.workers import Worker, until

DOMAIN = "in.rapport.test"
PAIRS = 3 * SLICE
# Of this database alone: other workers' tests wait for locks of theirs on the same server.
WAITING = (
    "SELECT count(*) FROM pg_locks JOIN pg_stat_activity USING (pid) "
    "WHERE NOT granted AND locktype = 'relation' AND datname = current_database()"
)


@pytest.fixture
def smtp():
    with SmtpServer() as server:
        yield server


@pytest.fixture
def worker(celery_worker, smtp, settings):
    """The one worker of all three faults; started first, while the test makes its people."""
    settings.INBOUND_DOMAIN = DOMAIN
    started = Worker(
        INBOUND_DOMAIN=DOMAIN,
        SMTP_HOST="127.0.0.1",
        SMTP_PORT=str(smtp.port),
        EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend",
    ).start()
    yield started
    started.stop()


def is_stuck():
    with connection.cursor() as cursor:
        cursor.execute(WAITING)
        return cursor.fetchone()[0] > 0


@contextmanager
def stories_closed():
    """Nobody may write a line into a person's story: whoever does gets stuck in the middle of a transaction."""
    other = connection.copy()
    other.set_autocommit(False)
    with other.cursor() as cursor:
        cursor.execute("LOCK TABLE talentpool_activity IN SHARE MODE")
    yield
    other.rollback()
    other.close()


@pytest.mark.django_db(transaction=True)
def test_killed_worker_loses_nothing_and_doubles_nothing(worker, smtp, tenant, member):
    """One worker for all of them, because each start of one takes seconds."""
    assert_merging_goes_on_after_a_kill(worker, member)
    assert_tagging_and_its_undoing_go_on_after_a_kill(worker, member)
    assert_a_schedule_puts_everybody_where_they_belong_once(worker, member)
    assert_mail_is_taken_in_once(worker, tenant)
    assert_everybody_is_reminded_once(worker, smtp, tenant, member)


def assert_merging_goes_on_after_a_kill(worker, member):
    people = make_candidates(2 * PAIRS)
    for low, high in zip(people[::2], people[1::2], strict=True):
        MatchPair.objects.create(low=low, high=high, bits=40, gate="sure", strong=True)
    run = merge_strong_pairs(by=member)
    until(lambda: BulkRun.objects.get(pk=run.pk).done, seconds=120)
    with stories_closed():
        until(is_stuck, seconds=120)
        worker.kill()
    half = BulkRun.objects.get(pk=run.pk)
    assert (half.state, half.done, Merge.objects.count()) == (WorkState.RUNNING, half.done, half.done)
    assert 0 < half.done < PAIRS

    BulkRun.objects.update(lease_until=timezone.now())  # instead of waiting for it
    worker.start()
    queue_stuck()
    work_on_bulk_run.delay(run.pk)  # the task comes twice, too
    until(lambda: BulkRun.objects.get(pk=run.pk).state == WorkState.DONE, seconds=240)
    assert BulkRun.objects.get(pk=run.pk).result["merged"] == PAIRS
    assert (Merge.objects.count(), Merge.objects.values("absorbed").distinct().count()) == (PAIRS, PAIRS)
    assert Candidate.objects.present().count() == PAIRS
    assert Activity.objects.filter(kind="merged").count() == PAIRS


def assert_tagging_and_its_undoing_go_on_after_a_kill(worker, member):
    people, tag = make_candidates(150), tag_named("ICU")
    tag_people(tag, [people[0].pk], by=member)
    chosen = select_people(candidate_ids=[each.pk for each in people], by=member)
    with stories_closed():
        run = tag_selection(chosen, tag, by=member, total=150)
        killed_in_the_middle(worker, run)
    assert (CandidateTag.objects.count(), BulkChange.objects.count()) == (1, 0)
    comes_to_its_end(worker, run)
    assert (CandidateTag.objects.count(), BulkRun.objects.get(pk=run.pk).result["new"]) == (150, 149)
    with stories_closed():
        undo = undo_bulk_run(BulkRun.objects.get(pk=run.pk), by=member)
        killed_in_the_middle(worker, undo)
    assert CandidateTag.objects.count() == 150
    comes_to_its_end(worker, undo)
    assert BulkRun.objects.get(pk=undo.pk).result["back"] == 149
    assert [each.candidate_id for each in CandidateTag.objects.all()] == [people[0].pk]
    kinds = Counter(Activity.objects.filter(kind__in=["tagged", "untagged"]).values_list("kind", flat=True))
    assert kinds == {"tagged": 150, "untagged": 149}


def assert_a_schedule_puts_everybody_where_they_belong_once(worker, member):
    people = Candidate.objects.present().exclude(email="").count()
    drain()
    segment = save_search("Everybody", text="has:email", facets={}, by=member)
    count_anew(segment.pk)
    assert segment.members.count() == people
    made = make_schedule(segment, pipeline=make_pipeline(member), most=500, with_present=True, by=member)
    with stories_closed():
        run_schedules_of_tenant.delay()
        until(is_stuck, seconds=120)
        worker.kill()
    assert (PipelineEntry.objects.count(), ScheduleRun.objects.count()) == (0, 0)
    assert Schedule.objects.get().next_at == made.next_at
    worker.start()
    for _ in range(2):
        run_schedules_of_tenant.delay()
    until(ScheduleRun.objects.exists, seconds=120)
    assert list(ScheduleRun.objects.values_list("put", "skipped", "left_over")) == [(people, 0, 0)]
    assert PipelineEntry.objects.values("candidate").distinct().count() == people
    assert (PipelineEntry.objects.count(), ScheduledPerson.objects.count()) == (people, people)
    assert SearchLogEntry.objects.filter(kind="considered", act="pipeline").count() == 1


def killed_in_the_middle(worker, run):
    until(is_stuck, seconds=120)
    worker.kill()
    assert (BulkRun.objects.get(pk=run.pk).state, BulkRun.objects.get(pk=run.pk).done) == (WorkState.RUNNING, 0)


def comes_to_its_end(worker, run):
    BulkRun.objects.filter(pk=run.pk).update(lease_until=timezone.now())  # instead of waiting for it
    worker.start()
    queue_stuck()
    work_on_bulk_run.delay(run.pk)  # the task comes twice, too
    until(lambda: BulkRun.objects.get(pk=run.pk).state == WorkState.DONE, seconds=240)


def assert_mail_is_taken_in_once(worker, tenant):
    to = address_with(Target(Way.ADD, tenant.pk, address_of(make_member(tenant, Role.RECRUITER, MEMBER)).token), DOMAIN)
    people = Candidate.objects.count()
    with stories_closed():
        [pk] = deliver(FORWARDED["gmail-en"][0](to), [to], door=MailDoor.WEBHOOK)
        until(is_stuck, seconds=120)
        worker.kill()
    stuck = IncomingMail.objects.get(pk=pk)
    assert (stuck.state, stuck.outcome, Candidate.objects.count(), Profile.objects.count()) == (
        WorkState.RUNNING,
        MailOutcome.WAITING,
        people,
        0,
    )
    IncomingMail.objects.update(lease_until=timezone.now())
    worker.start()
    queue_stuck_mail()
    take_in_mail.delay(pk)
    until(lambda: IncomingMail.objects.get(pk=pk).state == WorkState.DONE, seconds=120)
    assert IncomingMail.objects.get(pk=pk).outcome == MailOutcome.TAKEN
    assert (Candidate.objects.count(), Profile.objects.count()) == (people + 1, 1)
    story = Activity.objects.filter(candidate=Candidate.objects.latest("pk"))
    assert sorted(story.values_list("kind", flat=True)) == ["mail_received", "received"]


def assert_everybody_is_reminded_once(worker, smtp, tenant, member):
    colleagues = [make_member(tenant, Role.RECRUITER, f"{name}@acme.example") for name in ("ada", "ben", "cyd")]
    an_hour_ago = timezone.now() - timedelta(hours=1)
    for each in colleagues:
        add_task("Call", assignee=each, by=member, due=Due(an_hour_ago, an_hour_ago))
    smtp.script["BODY", "ben@acme.example"] = SILENCE
    remind_of_due_tasks.delay()
    until(lambda: smtp.recipients["ada@acme.example"] and Task.objects.exclude(reminded_at=None).exists(), seconds=120)
    worker.kill()
    assert Task.objects.exclude(reminded_at=None).count() == 1

    smtp.script.clear()
    worker.start()
    for _ in range(2):
        remind_of_due_tasks.delay()
    until(lambda: not Task.objects.filter(reminded_at=None).exists(), seconds=120)
    addresses = [each.user.email for each in colleagues]
    assert [smtp.recipients[each] for each in addresses] == [1, 1, 1]
