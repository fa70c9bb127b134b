"""Each job that is open in the ATS has a pipeline here, and none is made anew of what members have done with it."""

import pytest
from django.utils import timezone

from ats_sync.actions.applying import apply_changes
from ats_sync.models import AtsRecord
from ats_sync.vocabulary import Gone, How, JobRecord, Kind, Lookup
from crm.models import Member, Role, User
from talentpool.actions.pipelines import add_to_pipeline, archive_pipeline, restore_pipeline
from talentpool.models import Candidate, Job, Pipeline


@pytest.fixture
def connection(greenhouse, connect):
    return connect(greenhouse)


def tell(connection, *, is_open=True, title="Charge Nurse", team=()):
    apply_changes(connection, [JobRecord(id="j", title=title, is_open=is_open, team=team)], now=timezone.now())


def current():
    return list(Pipeline.objects.current())


def test_open_job_gets_one_that_belongs_to_its_hiring_team(connection):
    user = User.objects.create_user("rita@example.org", "x" * 20, name="Rita Moreno")
    rita = Member.objects.create(user=user, role=Role.RECRUITER, name="Rita Moreno")
    apply_changes(connection, [Lookup(what=Kind.USER, id="u", name="Rita Moreno")], now=timezone.now())
    AtsRecord.objects.filter(kind=Kind.USER).update(maps_to=str(rita.pk))
    for title in ("Charge Nurse", "Charge Nurse, nights"):
        tell(connection, title=title, team=("Rita Moreno",))
    (pipeline,) = current()
    assert (pipeline.name, pipeline.owner, pipeline.job) == ("Charge Nurse", rita, Job.objects.get())
    assert pipeline.stages.exists()


def test_pipeline_goes_with_its_job_and_comes_back_with_everybody(connection, member):
    tell(connection)
    (pipeline,) = current()
    add_to_pipeline(pipeline, [Candidate.objects.create(name="Ada").pk], stage=None, by=member)
    tell(connection, is_open=False)
    assert current() == []
    tell(connection)
    assert current() == [pipeline]
    apply_changes(connection, [Gone(what=Kind.JOB, id="j", how=How.DELETED)], now=timezone.now())
    assert (current(), Job.objects.get().is_open, pipeline.entries.count()) == ([], False, 1)


def test_what_a_member_took_out_stays_when_its_job_closes_again(connection, member):
    for is_open in (True, False):
        tell(connection, is_open=is_open)
    restore_pipeline(Pipeline.objects.get(), by=member)
    for is_open in (True, False):
        tell(connection, is_open=is_open)
    assert len(current()) == 1


def test_what_a_member_put_away_is_not_made_anew(connection, member):
    tell(connection)
    archive_pipeline(current()[0], by=member)
    tell(connection, title="Charge Nurse, nights")
    assert current() == []


def test_closed_job_and_a_connection_that_makes_none_get_none(connection):
    tell(connection, is_open=False)
    type(connection).objects.update(makes_pipelines=False)
    connection.refresh_from_db()
    tell(connection)
    assert not Pipeline.objects.exists()


def test_ticked_people_come_into_the_pipeline_that_is_there(client, connection):
    tell(connection)
    (pipeline,) = current()
    ada = Candidate.objects.create(name="Ada")
    client.post(f"/o/acme/jobs/{pipeline.job_id}/", {"selected": [ada.pk]})
    assert current() == [pipeline]
    assert [entry.candidate for entry in pipeline.entries.all()] == [ada]
