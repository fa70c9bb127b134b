"""How people go through a pipeline, told from their stays at its stages."""

from datetime import UTC, datetime, timedelta

import pytest

from talentpool.actions.pipelines import add_to_pipeline, move_entries, move_entry, remove_entries
from talentpool.models import StageVisit
from talentpool.queries.pipeline_figures import What, figures_of, figures_of_all, people_behind
from tests.api_client import program_of
from tests.factories.people import make_candidate, make_candidates
from tests.factories.pipelines import make_entry, make_pipeline, stage

DAY = timedelta(days=1)
NOW = datetime(2026, 11, 1, tzinfo=UTC)
BEGAN = NOW - 100 * DAY
EVER = datetime(2000, 1, 1, tzinfo=UTC)


@pytest.fixture
def pipeline(member):
    return make_pipeline(member, stages=["Found", "Talking", "Hired"])


@pytest.fixture
def people(pipeline, member):
    """Three were found: one is talking after 10 days and hired after 15, one is talking after 20, one is there."""
    found = make_candidates(3)
    add_to_pipeline(pipeline, [person.pk for person in found], by=member, now=BEGAN)
    go(pipeline, found[0], "Talking", member, BEGAN + 10 * DAY)
    go(pipeline, found[0], "Hired", member, BEGAN + 15 * DAY)
    go(pipeline, found[1], "Talking", member, BEGAN + 20 * DAY)
    return found


def go(pipeline, person, to, member, now):
    entry = pipeline.entries.select_related("stage", "pipeline", "candidate").get(candidate=person)
    move_entry(entry, stage(pipeline, to), version=entry.version, by=member, now=now)


def told(pipeline, since=EVER):
    def days(span):
        return span and span.days

    lines = figures_of(pipeline, since=since, now=NOW)
    counted = [(line.stage.name, line.entered, line.further, line.share) for line in lines]
    spans = [
        (days(line.median), days(line.slowest), line.standing, days(line.age), days(line.oldest)) for line in lines
    ]
    return [(*one, *other) for one, other in zip(counted, spans, strict=True)]


def test_figures_tell_who_went_further_in_which_time_and_who_waits(tenant, pipeline, people):
    assert told(pipeline) == [
        ("Found", 3, 2, 67, 10, 20, 1, 100, 100),
        ("Talking", 2, 1, 50, 5, 5, 1, 80, 80),
        ("Hired", 1, 0, 0, None, None, 1, 85, 85),
    ]


def test_figures_of_a_time_leave_out_what_was_before(tenant, pipeline, people):
    entered = [(line[0], line[1], line[2]) for line in told(pipeline, since=BEGAN + 12 * DAY)]
    assert entered == [("Found", 0, 0), ("Talking", 1, 0), ("Hired", 1, 0)]


def test_going_back_and_forth_counts_a_person_once(tenant, member, pipeline, people):
    for to in ("Found", "Talking", "Found"):
        go(pipeline, people[1], to, member, NOW - DAY)
    assert [line[1:3] for line in told(pipeline)] == [(3, 2), (2, 1), (1, 0)]


def test_people_behind_a_number_are_as_many_as_it_says(tenant, pipeline, people):
    for line in figures_of(pipeline, since=EVER, now=NOW):
        behind = [people_behind(line.stage, what, since=EVER).count() for what in (What.ENTERED, What.FURTHER)]
        assert behind == [line.entered, line.further]


def test_stays_end_with_moving_on_and_with_leaving(tenant, member, pipeline, people):
    entries = list(pipeline.entries.order_by("pk"))
    move_entries(pipeline, [entry.pk for entry in entries], stage(pipeline, "Hired"), by=member, now=NOW)
    remove_entries(pipeline, [entries[0].pk], by=member, now=NOW + DAY)
    stays = StageVisit.objects.order_by("origin", "entered_at").values_list("stage__name", "entered_at", "left_at")
    assert list(stays) == [
        ("Found", BEGAN, BEGAN + 10 * DAY),
        ("Talking", BEGAN + 10 * DAY, BEGAN + 15 * DAY),
        ("Hired", BEGAN + 15 * DAY, NOW + DAY),
        ("Found", BEGAN, BEGAN + 20 * DAY),
        ("Talking", BEGAN + 20 * DAY, NOW),
        ("Hired", NOW, None),
        ("Found", BEGAN, NOW),
        ("Hired", NOW, None),
    ]


def test_figures_of_all_pipelines_take_two_queries(tenant, member, pipeline, people, django_assert_num_queries):
    empty = make_pipeline(member, "Empty")
    with django_assert_num_queries(2):
        lines = figures_of_all([pipeline, empty], since=EVER)
    assert [(line.entered, line.arrived, line.share, line.median, line.standing) for line in lines] == [
        (3, 1, 33, 15 * DAY, 3),
        (0, 0, None, None, 0),
    ]


def test_pages_show_figures_and_open_to_people(client, member, pipeline, people):
    page = client.get(f"/o/acme/pipelines/{pipeline.pk}/figures/?days=x").content.decode()
    found = stage(pipeline, "Found")
    address = f"/o/acme/pipelines/{pipeline.pk}/figures/{found.pk}/?days=x&amp;counted=further"
    assert ("67 %" in page, address in page) == (True, True)
    behind = client.get(address.replace("&amp;", "&")).content.decode()
    assert [str(person) in behind for person in people] == [True, True, False]
    assert "33 %" in client.get("/o/acme/pipelines/figures/").content.decode()
    nobody = client.get(f"/o/acme/pipelines/{pipeline.pk}/figures/{found.pk}/?days=90").content.decode()
    assert "Nobody did within that time." in nobody


def test_api_tells_figures(member, pipeline, people):
    program = program_of(member)
    first = program.get(f"/pipelines/{pipeline.pk}/figures").json()[0]
    assert (first["stage"], first["entered"], first["further"], first["median"]) == ("Found", 3, 2, "P10DT00H00M00S")
    assert program.get(f"/pipelines/{pipeline.pk}/figures", days=30).json()[0]["entered"] == 0


def test_somebody_added_later_did_not_enter_the_first_stage(tenant, member, pipeline):
    make_entry(pipeline, member, "Hired", make_candidate("Ada"))
    assert [line[1] for line in told(pipeline)] == [0, 0, 1]
