"""The views that a pool fed by an ATS is for, as values of a facet."""

from datetime import UTC, date, datetime, timedelta

import pytest

from talentpool.actions.ready_made import make_views_of_applications
from talentpool.models import Application, CandidateTag, Job, Segment
from talentpool.models.tag import SILVER_MEDALIST, Tag
from talentpool.search.find import SearchRequest, matching_ids
from talentpool.search.index import outbox
from talentpool.search.index.processes import LABELS, Way, facets_of_ways
from tests.factories.people import make_candidate

TODAY = date(2026, 11, 22)
LATELY, LONG_AGO = datetime(2025, 3, 1, tzinfo=UTC), datetime(2024, 11, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("ways", "tags", "values"),
    [
        ([], [], []),
        ([Way("open", "interview", LATELY)], [], ["in_process", "applied"]),
        ([Way("open", "hired", LATELY)], [], ["hired", "applied"]),  # an ATS that knows being hired as a stage only
        ([Way("rejected", "interview", LONG_AGO)], [SILVER_MEDALIST], ["silver"]),
        ([Way("rejected", "offer", LATELY), Way("hired", "offer", LATELY)], [SILVER_MEDALIST], ["hired", "applied"]),
        ([Way("withdrawn", "applied", None)], ["Nights"], []),
    ],
)
def test_values_of_ways(ways, tags, values):
    assert [key.value for key in facets_of_ways(ways, tags, TODAY)] == values


def test_saved_views_find_their_people(tenant, member):
    job, now = Job.objects.create(title="Nurse"), datetime.now(UTC)
    people = {name: make_candidate() for name in (*LABELS, "nobody")}
    for name, state, applied_at in (
        ("in_process", "open", None),
        ("hired", "hired", None),
        ("applied", "rejected", now - timedelta(days=700)),
        ("silver", "rejected", now - timedelta(days=800)),
    ):
        person = people[name]
        Application.objects.create(candidate=person, origin=person, job=job, state=state, applied_at=applied_at)
    silver = people["silver"]
    tag = Tag.objects.create(name=SILVER_MEDALIST)
    CandidateTag.objects.create(candidate=silver, origin=silver, tag=tag, at=now)
    while outbox.drain():
        pass
    make_views_of_applications()
    make_views_of_applications()  # a second ATS
    found = {
        view.name: [
            pk
            for batch in matching_ids(SearchRequest(facets={k: tuple(v) for k, v in view.facets.items()}))
            for pk in batch
        ]
        for view in Segment.objects.all()
    }
    assert found == {label: [people[value].pk] for value, label in LABELS.items()}
