from datetime import UTC, datetime, timedelta

from talentpool.actions.activities import record_activities, record_activity
from talentpool.actions.warmth import refresh_everybody, refresh_warmth
from talentpool.models import Activity, ActivityKind, Candidate
from talentpool.queries.relationship import relationship_with
from talentpool.relationship import HALF_LIFE, WEIGHTS, Event, cools_at, level_of, strength_of
from tests.factories.people import make_candidate, make_candidates

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def test_half_is_left_after_a_half_life_and_nothing_after_eight():
    reply = Event("message_replied", NOW)
    assert [strength_of([reply], NOW + n * HALF_LIFE) for n in (0, 1, 2)] == [5, 2.5, 1.25]
    assert strength_of([reply], NOW + 8 * HALF_LIFE + DAY) == 0
    assert strength_of([reply], NOW - DAY) == 5  # what lies ahead counts as now


def test_much_opened_is_little_said_and_our_own_doings_are_nothing():
    opened = [Event("message_opened", NOW)] * 100 + [Event("message_clicked", NOW)] * 100
    assert strength_of(opened, NOW) == 1
    assert strength_of([Event("message_sent", NOW), Event("tagged", NOW), Event("pipeline_added", NOW)], NOW) == 0


def test_levels_and_when_they_fall():
    assert [level_of(strength) for strength in (0, 0.49, 0.5, 1.9, 2, 5, 9.9, 10, 99)] == [0, 0, 1, 1, 2, 3, 3, 4, 4]
    events = [Event("message_replied", NOW)]
    cooler = cools_at(events, NOW + DAY)
    assert level_of(strength_of(events, NOW + DAY)) == 2
    assert level_of(strength_of(events, cooler)) == 1
    assert level_of(strength_of(events, cooler - DAY)) == 2
    assert cools_at([], NOW) is None


def test_sql_says_what_the_formula_says(tenant, member):
    """Every kind, at odd ages, for one and for all."""
    people = make_candidates(6)
    for number, person in enumerate(people):
        for kind in [*WEIGHTS, "tagged"]:
            for step in range(number):
                at = NOW - ((6 - number) * 60 + step * 11) * DAY
                Activity.objects.create(candidate=person, origin=person, kind=kind, at=at, by=member)
    absent = make_candidate(erased_at=NOW, warmth=3)

    def expected(now):
        return [
            level_of(strength_of([Event(a.kind, a.at) for a in Activity.objects.filter(candidate=person)], now))
            for person in people
        ]

    def shown():
        return list(
            Candidate.objects.filter(pk__in=[person.pk for person in people])
            .order_by("pk")
            .values_list("warmth", flat=True)
        )

    refresh_warmth([person.pk for person in people], now=NOW)
    assert shown() == expected(NOW)
    assert len(set(shown())) > 2
    later = NOW + 100 * DAY
    assert refresh_everybody(now=later) > 0
    assert shown() == expected(later)
    assert refresh_everybody(now=later) == 0
    assert Candidate.objects.get(pk=absent.pk).warmth == 3


def test_what_happens_warms_at_once_and_is_told_in_words(tenant, member):
    one, two = make_candidates(2)
    record_activity(one.pk, ActivityKind.CALLED, by=member)
    record_activities([two.pk], ActivityKind.PIPELINE_MOVED, by=member, to="Talking", pipeline="Nurses")
    record_activity(two.pk, ActivityKind.TAGGED, by=member, tag="x")
    assert list(Candidate.objects.order_by("pk").values_list("warmth", flat=True)) == [3, 1]
    Activity.objects.filter(candidate=one).update(at=NOW - 20 * DAY)
    told = relationship_with(one, now=NOW)
    assert (told.word, [reason.words for reason in told.reasons]) == (
        "lukewarm",
        [f"Last conversation: a call with {member.name}"],
    )
    assert (told.fading_since, told.cools_to) == (NOW - 20 * DAY, "cool")
    assert relationship_with(make_candidate(), now=NOW).reasons == ()
