"""From records to people: what is merged by itself, what is asked, what is left alone, and that it is done once."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from crm.actions import bulk_runs
from crm.models import AuditEntry, BulkRun, Role
from crm.models.leased import WorkState
from crm.tenancy.scope import tenant_scope
from talentpool.actions import finding, joining
from talentpool.actions.arrived_many import compare_many, many_wait
from talentpool.actions.edits import edit_candidate
from talentpool.actions.look_through import keep_prepared, look_through_pool
from talentpool.actions.matching_rules import change_rules, rules_of_tenant, weigh_anew
from talentpool.actions.merges import keep_apart, unmerge
from talentpool.identity.verdicts import Thresholds
from talentpool.models import (
    Candidate,
    MatchBlock,
    MatchingRules,
    MatchOutbox,
    MatchPair,
    Merge,
    NameCount,
    PairState,
    PersonTraits,
)
from talentpool.person import Education, PersonFields, Position
from tests.conftest import make_member, signed_in
from tests.talentpool.identity.test_score import receive

RULES = {"automatic": True, "caution": 0.0, "ask_less": 0.0, "career_gate": False, "phone_gate": False}
AT_ACME = (Position("Acme", start="2010", end="2012"),)
AT_MIT = (Education("MIT"),)
# No exact key in common: what joins them is the score.
QUENTIN = PersonFields(name="Quentin Obermaier", positions=AT_ACME, education=AT_MIT, emails=("one@x.example",))
AGAIN = replace(QUENTIN, emails=("two@x.example",), location="Fresno, CA")
NAMESAKE = PersonFields(name="Quentin Obermaier", positions=AT_ACME, emails=("three@x.example",), location="Boston")


def ids(received):
    return [each.candidate_id for each in received]


def state():
    """The answers and the questions that are asked: not those about somebody who is merged by now."""
    shown = MatchPair.objects.waiting() | MatchPair.objects.exclude(state=PairState.WAITING)
    pairs = (
        MatchPair.objects.filter(pk__in=shown.values("pk"))
        .order_by("low", "high")
        .values_list("low", "high", "gate", "strong", "state")
    )
    return list(pairs), list(Merge.objects.order_by("pk").values_list("survivor", "absorbed", "automatic", "undone_at"))


def test_what_arrives_is_merged_or_asked_about_and_never_twice(tenant):
    first, second, third = ids(receive(QUENTIN, AGAIN, NAMESAKE))
    assert finding.tenants_waiting() == [tenant.pk]
    assert finding.find_waiting() == 4  # the merged person once more, as another
    pairs, merges = state()
    assert merges == [(first, second, True, None)]
    assert (first, third, "", False, PairState.WAITING) in pairs
    merge = Merge.objects.get()
    assert merge.bits == MatchPair.objects.get(low=first, high=second).bits >= 20
    assert {"The same first name", "The same school"} <= {each["words"] for each in merge.evidence}
    assert Candidate.objects.present().count() == 2
    MatchOutbox.objects.create(traits_ids=list(PersonTraits.objects.values_list("pk", flat=True)))
    assert finding.find_waiting() == 3
    assert state() == (pairs, merges)
    assert finding.find_waiting() == 0 and finding.tenants_waiting() == []


def test_an_answer_stays(tenant, member):
    one, other, third = ids(receive(QUENTIN, NAMESAKE, PersonFields(name="Quentin Obermaier", emails=("4@x.example",))))
    finding.find_waiting()
    keep_apart(Candidate.objects.get(pk=one), Candidate.objects.get(pk=other), by=member)
    MatchPair.objects.filter(low=one, high=third).update(state=PairState.LATER)
    before = state()
    keep_prepared()
    MatchOutbox.objects.create(traits_ids=list(PersonTraits.objects.values_list("pk", flat=True)))
    finding.find_waiting()
    assert state() == before
    assert {pair[4] for pair in before[0]} == {PairState.APART, PairState.LATER, PairState.WAITING}


def test_not_the_same_holds_for_whoever_joins(tenant, member):
    one, other = ids(receive(QUENTIN, NAMESAKE))
    finding.find_waiting()
    keep_apart(Candidate.objects.get(pk=one), Candidate.objects.get(pk=other), by=member)
    # A third record that is beyond doubt both: it joins one, and then may not join the other.
    receive(replace(AGAIN, location="Boston"))
    edit_candidate(Candidate.objects.get(pk=other), {"education": {"add": [{"school": "MIT"}]}}, by=member)
    finding.find_waiting()
    assert Candidate.objects.present().count() == 2
    assert Candidate.objects.present().filter(pk__in=[one, other]).count() == 2


def test_a_contradiction_anywhere_across_keeps_two_groups_apart(tenant):
    born = replace(QUENTIN, birth_date="1980-01-01")
    other_born = replace(QUENTIN, birth_date="1955-03-02", emails=("five@x.example",))
    receive(born, AGAIN, other_born)
    finding.find_waiting()
    merges = Merge.objects.count()
    assert (merges, Candidate.objects.present().count()) == (1, 2)
    asked = MatchPair.objects.waiting().get()
    assert (asked.gate, asked.strong) == ("", False)


def test_who_was_parted_is_not_merged_again(tenant, member):
    receive(QUENTIN, AGAIN)
    finding.find_waiting()
    unmerge(Merge.objects.get(), by=member, apart=False)
    finding.find_waiting()
    keep_prepared()
    assert Candidate.objects.present().count() == 2
    assert MatchPair.objects.waiting().count() == 1


def test_without_leave_nothing_is_merged_and_everything_asked(tenant, member):
    change_rules(**{**RULES, "automatic": False}, by=member)
    receive(QUENTIN, AGAIN)
    finding.find_waiting()
    assert state()[1] == []
    assert MatchPair.objects.waiting().values_list("gate", "strong").get() == ("sure", True)
    change_rules(**RULES, by=member)
    keep_prepared()
    assert Merge.objects.count() == 1


def test_a_question_goes_with_its_reason(tenant, member):
    one, _ = ids(receive(QUENTIN, NAMESAKE))
    finding.find_waiting()
    assert MatchPair.objects.waiting().count() == 1
    edit_candidate(Candidate.objects.get(pk=one), {"name": "Zoltan Farkas"}, by=member)
    finding.find_waiting()
    assert MatchPair.objects.count() == 0


def test_moved_thresholds_weigh_open_questions_anew(tenant, member):
    one, _ = ids(receive(replace(QUENTIN, education=()), replace(NAMESAKE, phones=())))
    finding.find_waiting()
    pair = MatchPair.objects.get()
    MatchPair.objects.update(gate="phone", bits=24)
    weigh_anew(Thresholds(merge=20, ask=15))
    assert MatchPair.objects.get().strong
    change_rules(**{**RULES, "caution": 8.0}, by=member)
    assert not MatchPair.objects.get().strong
    change_rules(**{**RULES, "ask_less": 15.0}, by=member)
    assert MatchPair.objects.count() == 0
    assert pair.low_id == one
    verbs = AuditEntry.objects.filter(verb="matching.changed").order_by("pk").values_list("detail", flat=True)
    assert list(verbs) == [
        {"before": {"caution": 0.0}, "after": {"caution": 8.0}},
        {"before": {"caution": 8.0, "ask_less": 0.0}, "after": {"caution": 0.0, "ask_less": 15.0}},
    ]


def look(member, worker="one"):
    run = BulkRun.objects.order_by("pk").last() or look_through_pool(by=member)
    bulk_runs.work_on(run.pk, worker=worker)
    run.refresh_from_db()
    return run


def test_the_whole_pool_is_looked_through_like_an_arrival(tenant, member):
    receive(QUENTIN, AGAIN, NAMESAKE, PersonFields(name="Ada Lovelace"))
    PersonTraits.objects.filter(given="ada").delete()  # as from before there were traits
    run = look(member)
    assert (run.state, run.cursor, run.error) == (WorkState.DONE, {"step": "join"}, "")
    pairs, merges = state()
    assert len(merges) == 1 and len(pairs) == 2
    assert PersonTraits.objects.filter(given="ada").count() == 1
    assert NameCount.objects.get(part="given", name="quentin").records == 3
    assert MatchingRules.objects.get().records == 4
    assert run.done <= run.total and run.result["sentences"]
    again = look_through_pool(by=member)
    bulk_runs.work_on(again.pk, worker="one")
    assert state() == (pairs, merges)


def test_a_killed_look_goes_on_with_the_next_range(tenant, member, monkeypatch):
    monkeypatch.setattr("talentpool.actions.pool_ranges.RECORDS_OF_RANGE", 1)
    receive(QUENTIN, AGAIN, NAMESAKE)
    MatchOutbox.objects.all().delete()
    run = look_through_pool(by=member)
    run.claim("dead")
    BulkRun.objects.filter(pk=run.pk).update(
        cursor={"step": "find", "range": 1, "ranges": 3, "records": 3},
        lease_until=timezone.now() - timedelta(minutes=5),
    )
    seen = []
    monkeypatch.setattr(
        "talentpool.actions.pool_ranges.scored_in", lambda first, end, least: seen.append((first, end)) or []
    )
    look(member, worker="heir")
    third = 2**64 // 3
    assert [(round(first / third, 3), round(end / third, 3)) for first, end in seen] == [(-0.5, 0.5), (0.5, 1.5)]


def test_what_came_in_large_numbers_is_compared_by_going_through_the_pool(tenant, monkeypatch):
    """Step by step, so that a dead worker's successor goes on; what came alone meanwhile does not wait for it."""
    monkeypatch.setattr("talentpool.actions.arrived_many.FEW", 0)
    monkeypatch.setattr("talentpool.actions.pool_ranges.RECORDS_OF_RANGE", 8)
    first, second, third, *_ = ids(
        receive(QUENTIN, AGAIN, NAMESAKE, *(PersonFields(name=f"Rare{n}x Name{n}y") for n in range(30)))
    )
    MatchBlock.objects.all().delete()  # they have not had their turn yet
    outbox = MatchOutbox.objects.get()
    assert (outbox.many, len(outbox.traits_ids), many_wait()) == (True, 33, True)
    cursors = []
    while many_wait():
        compare_many()
        cursors.append(MatchingRules.objects.get().looking)
    until = outbox.pk
    found = [{"until": until, "range": n, "ranges": 4} for n in range(5)]
    assert cursors == [{"until": until}, *found, {}]
    assert MatchOutbox.objects.count() == 0 and MatchBlock.objects.exists()
    assert MatchPair.objects.get(low=first, high=second).strong
    assert finding.find_waiting() == 0
    assert state()[1] == [(first, second, True, None)]
    assert (first, third) in MatchPair.objects.values_list("low", "high")


def test_what_came_alone_is_compared_before_what_came_in_large_numbers(tenant, monkeypatch):
    receive(QUENTIN, *(PersonFields(name=f"Rare{n}x Name{n}y") for n in range(30)))
    receive(AGAIN)
    monkeypatch.setattr("talentpool.actions.arrived_many.FEW", 0)
    assert [finding._next_step(), MatchOutbox.objects.count()] == [1, 1]
    assert MatchPair.objects.get().strong
    MatchingRules.objects.update(looking={"until": MatchOutbox.objects.get().pk, "range": 0, "ranges": 1})
    late = ids(receive(replace(AGAIN, emails=("four@x.example",))))
    assert finding._next_step() == 1  # in the middle of going through the pool
    assert MatchPair.objects.filter(high__in=late).exists()


def test_names_are_worth_what_the_pool_makes_them(tenant):
    receive(*(PersonFields(name=f"Quentin Rare{n}x", emails=(f"{n}@x.example",)) for n in range(30)))
    before = PersonTraits.objects.values_list("given_bits", flat=True).first()
    MatchOutbox.objects.all().delete()
    rules_of_tenant()
    keep_prepared()
    after = set(PersonTraits.objects.values_list("given_bits", flat=True))
    assert len(after) == 1 and after.pop() < before
    assert MatchOutbox.objects.count() == 0


def test_ten_thousand_records_of_one_person_are_a_question(tenant, monkeypatch):
    monkeypatch.setattr(joining, "MOST_PAIRS", 1)
    receive(QUENTIN, replace(QUENTIN, headline="x"), AGAIN)
    finding.find_waiting()
    assert Merge.objects.count() == 0
    assert MatchPair.objects.waiting().count() == 1


def test_another_organisations_people_are_nobodys_match(tenant, other_tenant):
    receive(QUENTIN)
    with tenant_scope(other_tenant.pk):
        receive(AGAIN)
        finding.find_waiting()
        assert MatchPair.objects.count() == 0
    finding.find_waiting()
    assert (MatchPair.objects.count(), MatchBlock.objects.filter(tenant=other_tenant).count()) == (0, 0)


def test_settings_show_move_and_foresee(client, tenant, member):
    receive(QUENTIN, NAMESAKE)
    finding.find_waiting()
    page = client.get("/o/acme/settings/matching/")
    assert page.status_code == 200
    assert "20 bits" in page.content.decode() and "Open questions by score" in page.content.decode()
    wanted = {"automatic": "on", "caution": "8", "ask_less": "6"}
    preview = client.get("/o/acme/settings/matching/", wanted, headers={"HX-Request": "true", "HX-Target": "foreseen"})
    text = preview.content.decode()
    assert "28 bits" in text and "<html" not in text
    assert rules_of_tenant().caution == 0
    assert client.post("/o/acme/settings/matching/", {**wanted, "caution": "nan"}).status_code == 422
    assert client.post("/o/acme/settings/matching/", wanted).status_code == 302
    rules = rules_of_tenant()
    assert (rules.automatic, rules.caution, rules.ask_less, rules.phone_gate) == (True, 8, 6, False)
    assert client.post("/o/acme/settings/matching/look/").status_code == 302
    assert BulkRun.objects.get().kind == "look_through_pool"


@pytest.mark.parametrize("role", [Role.RECRUITER, Role.VIEWER])
def test_only_who_manages_the_organisation_moves_thresholds(tenant, role):
    other = signed_in(make_member(tenant, role))
    assert other.get("/o/acme/settings/matching/").status_code == 403
    assert other.post("/o/acme/settings/matching/look/").status_code == 403
