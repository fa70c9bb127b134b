from datetime import timedelta

import pytest
from django.utils import timezone

from sourcing.models import SearchLogEntry, SearchLogWords
from talentpool.actions.schedules import make_schedule, run_due_schedules
from talentpool.actions.segment_counts import count_anew
from talentpool.actions.segments import save_search
from talentpool.actions.tags import tag_named
from talentpool.search.index.outbox import drain
from tests.factories.pipelines import make_pipeline
from tests.talentpool.search.people import person


@pytest.fixture
def nurses(tenant, member):
    ana = person("Ana", title="Nurse")
    drain()
    segment = save_search("Nurses", text="title:nurse", facets={}, by=member)
    count_anew(segment.pk)
    return segment, ana


def logged():
    entries = SearchLogEntry.objects.exclude(kind="opened").order_by("pk")
    return [(entry.kind, entry.member, entry.candidate_ids, entry.act, entry.pipeline_id) for entry in entries]


def test_a_scheduled_search_is_written_down_in_a_session_of_its_own_for_its_pipelines_position(nurses, member):
    segment, ana = nurses
    pipeline = make_pipeline(member)
    make_schedule(segment, pipeline=pipeline, with_present=True, by=member)
    assert run_due_schedules() == 1
    assert logged() == [
        ("searched", None, [ana.pk], "", None),
        ("considered", None, [ana.pk], "pipeline", None),
        ("position", None, [], "", pipeline.pk),
    ]
    [session] = SearchLogEntry.objects.values_list("session", flat=True).distinct()
    assert session is not None
    said = SearchLogWords.objects.earliest("entry_id").said
    assert (said["text"], said["in_the_name_of"]) == ("title:nurse", member.name)
    assert "Nurses" in said["schedule"]


def test_a_run_that_finds_nobody_new_is_no_search_and_a_tag_has_no_position(nurses, member):
    segment, ana = nurses
    make_schedule(segment, tag=tag_named("Found"), with_present=True, by=member)
    now = timezone.now()
    assert run_due_schedules(now=now + timedelta(minutes=1)) == 1
    assert run_due_schedules(now=now + timedelta(days=2)) == 1
    assert logged() == [("searched", None, [ana.pk], "", None), ("considered", None, [ana.pk], "tag", None)]
