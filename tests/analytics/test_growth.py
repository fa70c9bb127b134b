from datetime import UTC, date, datetime

import pytest

from analytics.queries.growth import growth_of_pool, months_until
from analytics.queries.people import Month, lost_in, people_of_number
from crm.tenancy.scope import tenant_scope
from talentpool.models import Candidate, Profile, ProfileKind, Source, Suppression, SuppressionReason
from tests.factories.people import make_candidate

TODAY = date(2026, 11, 22)
ZONE = "America/Los_Angeles"


def arrive(at, *sources, **fields):
    """A person whose records came from these sources, in this order, the first one at that moment."""
    person = make_candidate(**fields)
    Candidate.objects.filter(pk=person.pk).update(created_at=at)
    for number, source in enumerate(sources):
        Profile.objects.create(
            candidate=person,
            origin=person,
            source=source,
            kind=ProfileKind.ROW,
            fingerprint=f"{person.pk}-{number}",
            observed_at=at,
        )
    return person


def moment(month, day=10, hour=12):
    return datetime(2026, month, day, hour, tzinfo=UTC)


@pytest.fixture
def fair(tenant):
    return Source.objects.create(name="Job fair", kind="event")


@pytest.fixture
def board(tenant):
    return Source.objects.create(name="Résumé board", kind="resume_board")


def numbers(growth):
    return {one.name: (one.sizes, one.arrived) for one in growth.sources}


def report(months=3):
    return growth_of_pool(today=TODAY, months=months, zone=ZONE)


def test_months_run_over_the_turn_of_the_year():
    assert months_until(date(2027, 1, 31), 3) == [date(2026, 11, 1), date(2026, 12, 1), date(2027, 1, 1)]


def test_growth_counts_each_person_once_for_the_first_source(tenant, fair, board):
    arrive(moment(5), fair)
    arrive(moment(10), board, fair)
    arrive(moment(11), fair, board)
    assert numbers(report()) == {"Job fair": ([1, 1, 2], [0, 0, 1]), "Résumé board": ([0, 1, 1], [0, 1, 0])}
    assert (report().people, report().before) == (3, 1)


def test_growth_takes_months_of_the_organisations_time_zone(tenant, fair):
    arrive(moment(11, day=1, hour=5), fair)  # still October in California
    assert numbers(report()) == {"Job fair": ([0, 1, 1], [0, 1, 0])}


def test_growth_counts_an_erased_person_until_she_was_erased(tenant, fair):
    person = arrive(moment(9), fair)
    Candidate.objects.filter(pk=person.pk).update(erased_at=moment(11))
    assert numbers(report()) == {"Job fair": ([1, 1, 0], [1, 0, 0])}


def test_growth_counts_merged_people_as_one_from_the_beginning(tenant, fair, board):
    survivor, absorbed = arrive(moment(9), fair), arrive(moment(10), board)
    Candidate.objects.filter(pk=absorbed.pk).update(merged_into=survivor)
    Profile.objects.filter(candidate=absorbed).update(candidate=survivor)
    assert numbers(report()) == {"Job fair": ([1, 1, 1], [1, 0, 0])}


def test_growth_knows_people_without_any_source(tenant):
    arrive(moment(10))
    assert numbers(report()) == {"No source": ([0, 1, 1], [0, 1, 0])}


def test_growth_agrees_with_the_live_tables(tenant, fair, board):
    for month in (7, 9, 10, 11):
        arrive(moment(month), fair, board)
        arrive(moment(month), board)
    growth = report()
    assert growth.people == Candidate.objects.present().count() == 8
    for one in growth.sources:
        assert people_of_number(source=one.source).count() == one.people
        for first_day, arrived in zip(growth.months, one.arrived, strict=True):
            month = Month(first_day, tenant.zone)
            assert people_of_number(source=one.source, month=month).count() == arrived


def test_people_without_a_source_open_too(tenant, fair):
    arrive(moment(10), fair)
    alone = arrive(moment(10))
    assert list(people_of_number(sourceless=True)) == [alone]


def test_lost_people_are_those_erased_unsubscribed_or_bounced_in_the_month(tenant, fair):
    erased, left, bounced, before, there = (arrive(moment(6), fair, email=f"{n}@example.org") for n in "abcde")
    Candidate.objects.filter(pk=erased.pk).update(erased_at=moment(11))
    for person, reason, month in (
        (left, SuppressionReason.UNSUBSCRIBED, 11),
        (left, SuppressionReason.BOUNCED, 11),
        (bounced, SuppressionReason.BOUNCED, 11),
        (before, SuppressionReason.UNSUBSCRIBED, 10),
    ):
        Suppression.objects.create(address=person.email, reason=reason, at=moment(month))
    november = Month(date(2026, 11, 1), tenant.zone)
    assert dict(lost_in(november).values_list("pk", "lost_by")) == {
        erased.pk: "erased",
        left.pk: "unsubscribed",
        bounced.pk: "bounced",
    }
    assert there.pk not in set(people_of_number(state="lost", month=november).values_list("pk", flat=True))


def test_growth_counts_no_other_organisations_people(tenant, fair, other_tenant):
    arrive(moment(10), fair)
    with tenant_scope(other_tenant.pk):
        arrive(moment(10), Source.objects.create(name="Rival's fair", kind="event"))
    assert numbers(report()) == {"Job fair": ([0, 1, 1], [0, 1, 0])}
