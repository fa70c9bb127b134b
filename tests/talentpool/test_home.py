from datetime import timedelta

import pytest
from django.utils import timezone

from crm.home import HomePage, cards_for
from crm.models import Role
from crm.models.leased import WorkState
from talentpool import home
from talentpool.models import Candidate, File, ImportRun, ImportStep, Pipeline, PipelineEntry, Source, Stage
from tests.conftest import make_member
from tests.factories.people import make_candidate, make_candidates

DAY = timedelta(days=1)


@pytest.fixture
def page(tenant, member, clean_cache):
    return HomePage(tenant=tenant, member=member, now=timezone.now())


def cards(provider, page):
    return list(provider(page))


def said(found):
    return [(card.title, card.note) for card in found]


def test_empty_pool_asks_for_people_and_a_filled_one_for_a_pipeline(page):
    assert said(home.first_people(page)) == [("Bring people in", "5 min")]
    make_candidate()
    assert cards(home.first_people, page) == []
    assert said(home.first_pipeline(page)) == [("Make a pipeline", "2 min")]


@pytest.fixture
def run(tenant, member):
    file = File.objects.create(name="spring-job-fair.csv", size=1, sha256="0" * 64, media_type="text/csv", by=member)
    source = Source.objects.create(name="Spring job fair")
    return ImportRun(file=file, source=source, kind="csv", by=member)


@pytest.mark.parametrize(
    ("step", "state", "counts", "note"),
    [
        (ImportStep.COLUMNS, WorkState.DONE, {}, ["not finished"]),
        (ImportStep.READY, WorkState.DONE, {"invalid": 3}, ["not finished"]),
        (ImportStep.RUN, WorkState.RUNNING, {}, ["being brought in"]),
        (ImportStep.OVER, WorkState.DONE, {"new": 9, "invalid": 31}, ["import ended"]),
        (ImportStep.OVER, WorkState.FAILED, {}, ["failed"]),
        (ImportStep.OVER, WorkState.DONE, {"new": 9}, []),
    ],
)
def test_import_says_where_it_stands(page, run, step, state, counts, note):
    run.step, run.state, run.counts = step, state, counts
    run.save()
    assert [card.note for card in cards(home.imports, page)] == note


def test_imports_of_others_and_of_long_ago_are_not_shown(tenant, page, run):
    run.by = make_member(tenant, Role.RECRUITER)
    run.save()
    assert cards(home.imports, page) == []
    run.by = page.member
    run.save()
    ImportRun.objects.update(created_at=page.now - 8 * DAY)
    assert cards(home.imports, page) == []


@pytest.fixture
def pipeline(tenant, member):
    pipeline = Pipeline.objects.create(name="Critical care nurses", owner=member)
    for position, name in enumerate(["Found", "Hired"]):
        Stage.objects.create(pipeline=pipeline, name=name, position=position)
    return pipeline


def entry(pipeline, stage, days, **fields):
    moved = timezone.now() - days * DAY - timedelta(minutes=5)  # before the page was asked for
    candidate = fields.pop("candidate", None) or make_candidate()
    PipelineEntry.objects.create(
        pipeline=pipeline,
        stage=pipeline.stages.get(name=stage),
        candidate=candidate,
        origin=candidate,
        added_by=pipeline.owner,
        added_at=moved,
        moved_at=moved,
    )


def test_people_who_wait_long_in_ones_own_pipelines_are_shown(page, pipeline):
    entry(pipeline, "Found", 20)
    entry(pipeline, "Found", 30)
    entry(pipeline, "Found", 3)
    entry(pipeline, "Hired", 40)
    [card] = cards(home.waiting_long, page)
    assert [(line.title, line.text) for line in card.lines] == [
        ("Critical care nurses", "2 people, the longest for 30 days")
    ]


def test_people_in_others_and_archived_pipelines_wait_unsaid(tenant, page, pipeline):
    entry(pipeline, "Found", 20)
    Pipeline.objects.update(owner=make_member(tenant, Role.RECRUITER))
    assert cards(home.waiting_long, page) == []
    Pipeline.objects.update(owner=page.member, archived_at=page.now)
    assert cards(home.waiting_long, page) == []


def test_erased_people_wait_no_more(page, pipeline):
    entry(pipeline, "Found", 20, candidate=make_candidate(erased_at=page.now))
    assert cards(home.waiting_long, page) == []


def test_people_without_consent_are_counted_where_it_is_asked_for(tenant, page, clean_cache):
    make_candidates(2)
    make_candidate(consent=True)
    make_candidate(email="")
    [card] = cards(home.without_consent, page)
    assert card.title == "2 people have given no consent"
    assert card.links[0].url == "/o/acme/people/?consent=no_consent"
    tenant.consent_required = False
    assert cards(home.without_consent, page) == []


def test_newcomers_of_the_week_are_named_newest_first(page):
    old, *new = make_candidates(3)
    Candidate.objects.filter(pk=old.pk).update(created_at=page.now - 8 * DAY)
    [card] = cards(home.newcomers, page)
    assert card.title == "2 people new this week"
    assert [line.title for line in card.lines] == [person.name for person in reversed(new)]
    assert not card.needs_you


@pytest.mark.parametrize("number", [1, 3])
def test_home_makes_as_many_queries_for_many(page, pipeline, client, django_assert_num_queries, number):
    for _ in range(number):
        entry(pipeline, "Found", 20)
    cards_for(page)
    # Session (4 with its saving), user, organisation, member, scope in and out: 9; and 19 that cards ask: colleagues and
    # invitations, people, pipelines, imports, mail to review, who waits long, newcomers (2), duplicates, mentions, tasks,
    # news (2), campaigns in trouble, leaving, of unknown fate, drafts, and whether an ATS runs.
    with django_assert_num_queries(30):
        client.get("/o/acme/")
