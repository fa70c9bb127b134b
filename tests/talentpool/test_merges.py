"""Merging and parting people. What holds for any run of them is in test_merge_properties.py."""

from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import ForeignKey, UniqueConstraint

from campaigns.contact_gate.preview import answers
from campaigns.contact_gate.verdicts import Verdict
from crm.models import AuditEntry
from crm.tenancy.scope import tenant_scope
from talentpool.actions.apart import keep_apart
from talentpool.actions.erasure import erase_candidate
from talentpool.actions.merged_rows import models_of_people
from talentpool.actions.merges import KeptApart, merge_candidates, unmerge
from talentpool.actions.notes import add_note
from talentpool.actions.people import IncomingRecord, receive_profiles
from talentpool.actions.pipelines import move_entry, remove_entries
from talentpool.actions.tags import tag_named, tag_people, untag
from talentpool.models import (
    Apart,
    Candidate,
    CandidateTag,
    Consent,
    Merge,
    Note,
    PipelineEntry,
    Profile,
    ProfileKind,
    SearchOutbox,
    Source,
    Suppression,
    SuppressionReason,
)
from talentpool.person import PersonFields
from talentpool.queries.merges import present_ids, survivor_of
from talentpool.queries.pipelines import board_of_pipeline, people_in
from talentpool.signals import candidates_merged, candidates_unmerged
from tests.factories.everything import ANOTHER, make_everything
from tests.factories.mail import make_campaign
from tests.factories.people import make_candidates
from tests.factories.pipelines import make_entry, make_pipeline

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)


@pytest.fixture
def source(tenant):
    return Source.objects.create(name="Job fair")


def comes_in(source, name, *emails, at=NOW, **fields):
    record = IncomingRecord(source, ProfileKind.ROW, PersonFields(name=name, emails=emails, **fields), observed_at=at)
    [answer] = receive_profiles([record], by=None, now=at)
    return Candidate.objects.get(pk=answer.candidate_id)


def people(source, *names):
    return [comes_in(source, name, f"{name.replace(' ', '.').lower()}@people.example") for name in names]


def shown(person):
    return Candidate.objects.with_contact_state().get(pk=person.pk)


def test_rows_of_every_table_go_to_the_survivor_and_return(tenant, member):
    make_everything(tenant, member, 8_000_001)
    absorbed, survivor = Candidate.objects.get(pk=8_000_001), Candidate.objects.get(pk=8_000_001 + ANOTHER)
    Merge.objects.all().delete()
    Apart.objects.all().delete()
    models = list(models_of_people())
    assert len(models) >= 11
    merge = merge_candidates(survivor, absorbed, by=member)
    assert {model: model._base_manager.filter(pk=absorbed.pk, candidate=survivor).count() for model in models} == (
        dict.fromkeys(models, 1)
    )
    unmerge(merge, by=member)
    assert {model: model._base_manager.filter(pk=absorbed.pk, candidate=absorbed).count() for model in models} == (
        dict.fromkeys(models, 1)
    )


def test_every_table_about_a_person_is_made_for_merging():
    moving = set(models_of_people())
    # These say whom something was about when it happened, are about merging itself, or are derived.
    standing = {"ImportRow", "Merge", "Apart", "MatchPair", "Candidate", "Employment", "SegmentMember"}
    others = [
        model._meta.label
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, ForeignKey) and field.related_model is Candidate and model not in moving
    ]
    assert {label.partition(".")[2] for label in others} <= standing
    once = [
        f"{model._meta.label} {constraint.name}"
        for model in moving
        for constraint in model._meta.constraints
        if isinstance(constraint, UniqueConstraint)
        and "candidate" in constraint.fields
        and "origin" not in constraint.fields
    ]
    assert once == [], "two merged people would collide; add origin, and say `once`"


def test_survivor_shows_what_both_said_and_each_gets_back_what_was_theirs(source, member):
    ada = comes_in(source, "Ada Lovelace", "ada@work.example", skills=("Logic",))
    byron = comes_in(source, "Ada Byron", "ada@home.example", skills=("Poetry",), at=NOW + timedelta(days=1))
    before = {pk: Candidate.objects.filter(pk=pk).values().get() for pk in (ada.pk, byron.pk)}
    SearchOutbox.objects.all().delete()
    heard = []
    listen = lambda sender, survivor_id, absorbed_id, **_: heard.append((survivor_id, absorbed_id))  # noqa: E731
    candidates_merged.connect(listen, weak=True)
    candidates_unmerged.connect(listen, weak=True)
    merge = merge_candidates(ada, byron, by=member, bits=21.5, evidence=[{"words": "The same birth date"}])
    one = Candidate.objects.get(pk=ada.pk)
    assert {point["value"] for point in one.contact_points} == {"ada@work.example", "ada@home.example"}
    assert set(one.skills) == {"Logic", "Poetry"}
    assert list(Candidate.objects.present()) == [one]
    assert {pk for row in SearchOutbox.objects.all() for pk in row.candidate_ids} >= {ada.pk, byron.pk}
    assert present_ids([byron.pk, 77, ada.pk]) == [ada.pk, 77]
    assert survivor_of(byron.pk) == ada.pk
    unmerge(merge, by=member)
    kept = {pk: {**row, "updated_at": None} for pk, row in before.items()}
    assert {pk: {**Candidate.objects.filter(pk=pk).values().get(), "updated_at": None} for pk in before} == kept
    assert heard == [(ada.pk, byron.pk)] * 2
    verbs = AuditEntry.objects.filter(verb__startswith="candidate.").order_by("pk").values_list("verb", "detail")
    assert [verb for verb, _ in verbs] == ["candidate.merged", "candidate.unmerged"]


@pytest.mark.parametrize("inner_first", [True, False])
def test_chains_are_undone_in_any_order(source, member, inner_first):
    ada, byron, countess = (comes_in(source, f"Ada {word}", f"{word}@x.example") for word in ("A", "B", "C"))
    inner = merge_candidates(ada, byron, by=member)
    outer = merge_candidates(countess, ada, by=member)
    assert survivor_of(byron.pk) == countess.pk
    for merge in (inner, outer) if inner_first else (outer, inner):
        unmerge(merge, by=member)
    rows = Profile.objects.order_by("pk").values_list("candidate", "origin")
    assert list(rows) == [(pk, pk) for pk in (ada.pk, byron.pk, countess.pk)]
    assert Candidate.objects.present().count() == 3


def test_merging_what_can_not_be_merged_is_refused_in_words(source, member):
    one, other, third, erased = people(source, "Ada A", "Ada B", "Ada C", "Ada D")
    merge = merge_candidates(one, other, by=member)
    for pair in ((one, other), (other, one)):
        with pytest.raises(ValidationError, match="They are one person already"):
            merge_candidates(*pair, by=member)
    with pytest.raises(ValidationError, match=r"Ada B was merged into .* meanwhile\. Choose"):
        merge_candidates(third, other, by=member)
    with pytest.raises(ValidationError, match="two are needed"):
        merge_candidates(one, one, by=member)
    erase_candidate(erased, reason="asked", by=member)
    with pytest.raises(ValidationError, match="erased"):
        merge_candidates(one, erased, by=member)
    unmerge(merge, by=member)
    with pytest.raises(ValidationError, match="undone already"):
        unmerge(merge, by=member)


def test_erasing_the_survivor_erases_all_and_leaves_nothing_to_part(source, member):
    ada, byron = comes_in(source, "Ada A", "a@x.example"), comes_in(source, "Ada B", "b@x.example")
    merge = merge_candidates(ada, byron, by=member, evidence=[{"words": "a@x.example"}])
    erase_candidate(ada, reason="asked", by=member)
    assert set(Candidate.objects.values_list("name", "email")) == {("", "")}
    merge.refresh_from_db()
    assert (merge.evidence, merge.inherited) == ([], {})
    with pytest.raises(ValidationError, match="was erased"):
        unmerge(merge, by=member)
    assert comes_in(source, "Grace", "g@x.example").pk not in (ada.pk, byron.pk)


def test_what_was_added_since_stays_and_is_listed(source, member):
    ada, byron = comes_in(source, "Ada A", "a@x.example"), comes_in(source, "Ada B", "b@x.example")
    add_note(byron, "From before", by=member, now=NOW)
    merge = merge_candidates(ada, byron, by=member, now=NOW + timedelta(hours=1))
    add_note(ada, "Called her", by=member, now=NOW + timedelta(hours=2))
    comes_in(
        source, "Ada B", "b@x.example", at=NOW + timedelta(hours=3), skills=("Logic",)
    )  # her own key: goes with her
    parted = unmerge(merge, by=member, now=NOW + timedelta(hours=4))
    assert [(each.words, each.examples) for each in parted.stays] == [("1 note", ("Called her",))]
    assert list(Note.objects.filter(candidate=byron).values_list("text", flat=True)) == ["From before"]
    assert parted.absorbed.skills == ["Logic"]
    assert Profile.objects.filter(candidate=byron).count() == 2


def test_pipeline_shows_one_person_once_where_she_was_moved_last(tenant, member):
    pipeline = make_pipeline(member)
    first, second = make_entry(pipeline, member, at="Found"), make_entry(pipeline, member, at="Interviewing")
    third = make_entry(pipeline, member, at="Talking")
    merge = merge_candidates(first.candidate, second.candidate, by=member)
    outer = merge_candidates(third.candidate, first.candidate, by=member)
    assert [(column.stage.name, column.number, len(column.entries)) for column in board_of_pipeline(pipeline)] == [
        ("Found", 0, 0), ("Contacted", 0, 0), ("Talking", 1, 1), ("Interviewing", 0, 0), ("Hired", 0, 0)
    ]  # fmt: skip
    assert people_in(pipeline) == [third.candidate_id]
    unmerge(outer, by=member)
    assert people_in(pipeline) == sorted([first.candidate_id, third.candidate_id])
    shown_entry = PipelineEntry.objects.shown().get(candidate=first.candidate)
    assert shown_entry.pk == second.pk
    move_entry(shown_entry, pipeline.stages.get(position=0), version=shown_entry.version, by=member)
    unmerge(merge_candidates(third.candidate, first.candidate, by=member), by=member)
    assert PipelineEntry.objects.shown().get(candidate=first.candidate).pk == second.pk, "moved back, it stays the one"
    remove_entries(pipeline, [shown_entry.pk], by=member)
    unmerge(merge, by=member)
    assert people_in(pipeline) == [third.candidate_id]


def test_tag_of_both_is_one_tag_and_taken_from_both(tenant, member):
    one, other = make_candidates(2)
    icu = tag_named("icu")
    tag_people(icu, [one.pk, other.pk], by=member)
    merge = merge_candidates(one, other, by=member)
    assert CandidateTag.objects.filter(candidate=one).count() == 1
    assert tag_people(icu, [other.pk], by=member) == []
    unmerge(merge, by=member)
    assert CandidateTag.objects.filter(candidate=other).count() == 1
    merge_candidates(one, other, by=member)
    untag(one, icu, by=member)
    assert not CandidateTag.objects.exists()


def test_whoever_of_the_two_said_no_it_holds_for_the_person(tenant, source, member):
    tenant.consent_required = True
    tenant.save()
    yes, no = people(source, "Ada A", "Ada B")
    for person in (yes, no):
        Consent.objects.create(candidate=person, origin=person, basis="consent", granted_at=NOW)
    campaign = make_campaign(member, [yes])
    Consent.objects.filter(candidate=no).update(withdrawn_at=NOW)
    merge = merge_candidates(yes, no, by=member)
    assert shown(yes).contact_state == "no_consent"
    assert [each.verdict for each in answers(campaign.pk, [yes.pk], ())] == [Verdict.NO_CONSENT]
    unmerge(merge, by=member)
    assert [shown(person).contact_state for person in (yes, no)] == ["may_write", "no_consent"]
    again = merge_candidates(no, yes, by=member)
    Consent.objects.create(candidate=no, origin=no, basis="consent", granted_at=again.at + timedelta(minutes=1))
    assert shown(no).contact_state == "may_write", "she agreed after the merge"


def test_unsubscribing_one_address_holds_for_all_and_for_both_afterwards(source, member):
    one, other = comes_in(source, "Ada A", "a@x.example"), comes_in(source, "Ada B", "b@x.example")
    for person in (one, other):
        Consent.objects.create(candidate=person, origin=person, basis="consent", granted_at=NOW)
    campaign = make_campaign(member, [one])
    before = Suppression.objects.create(address="b@x.example", reason=SuppressionReason.UNSUBSCRIBED, at=NOW)
    merge = merge_candidates(one, other, by=member)
    assert shown(one).contact_state == "unsubscribed"
    assert [each.verdict for each in answers(campaign.pk, [one.pk], ())] == [Verdict.UNSUBSCRIBED]
    unmerge(merge, by=member)
    assert [shown(person).contact_state for person in (one, other)] == ["may_write", "unsubscribed"]
    before.delete()
    merge = merge_candidates(one, other, by=member)
    asked = merge.at + timedelta(minutes=5)
    Suppression.objects.create(address="a@x.example", reason=SuppressionReason.UNSUBSCRIBED, at=asked)
    Suppression.objects.create(address="a@x.example", reason=SuppressionReason.BOUNCED, at=asked)
    unmerge(merge, by=member)
    assert [shown(person).contact_state for person in (one, other)] == ["unsubscribed", "unsubscribed"]
    assert not Suppression.objects.filter(address="b@x.example", reason=SuppressionReason.BOUNCED).exists()


def test_not_the_same_holds_in_chains_and_only_a_person_overrules_it(source, member):
    ada, byron, countess = people(source, "Ada A", "Ada B", "Ada C")
    keep_apart(byron, ada, by=member)
    keep_apart(ada, byron, by=member)
    assert Apart.objects.count() == 1
    merge_candidates(ada, countess, by=member)
    for automatic in (True, False):
        with pytest.raises(KeptApart, match="and Ada B are not the same person"):
            merge_candidates(byron, ada, by=None if automatic else member, automatic=automatic)
    with pytest.raises(KeptApart):
        merge_candidates(byron, ada, by=None, automatic=True, despite_apart=True)
    merge_candidates(byron, ada, by=member, despite_apart=True)
    assert not Apart.objects.holding().exists()
    with pytest.raises(ValidationError, match="Undo the merge first"):
        keep_apart(ada, byron, by=member)


def test_undone_automatic_merge_is_not_made_again(tenant, member):
    one, other = make_candidates(2)
    merge = merge_candidates(one, other, by=None, automatic=True, bits=30.0)
    unmerge(merge, by=member)
    with pytest.raises(KeptApart):
        merge_candidates(one, other, by=None, automatic=True)


def test_shared_mailbox_of_people_kept_apart_brings_nobody_together(source, member):
    father, son = comes_in(source, "John Berg", "berg@x.example"), comes_in(source, "Jon Berg", "jon@x.example")
    merge = merge_candidates(father, son, by=member)
    comes_in(source, "Jon Berg", "jon@x.example", "berg@x.example")
    unmerge(merge, by=member, apart=True)
    assert comes_in(source, "John Berg", "berg@x.example", skills=("Logic",)) == father
    nobody_s = comes_in(source, "J. Berg", "berg@x.example")
    assert nobody_s not in (father, son)
    assert comes_in(source, "J. Berg", "berg@x.example", skills=("Chess",)) == nobody_s


@pytest.mark.django_db(transaction=True)
def test_merges_and_imports_at_once_lose_nothing(tenant, member, source):
    """The same pair twice, both ways round, and records for both people, all in the same moment."""
    ada, byron = comes_in(source, "Ada A", "a@x.example"), comes_in(source, "Ada A", "b@x.example")
    barrier, refused = Barrier(4), []

    def at_once(work):
        with tenant_scope(tenant.pk):
            barrier.wait()
            try:
                work()
            except ValidationError as error:
                refused.append(error.messages[0])
        connection.close()

    def bring(number):
        for each in range(5):
            comes_in(source, "Ada A", "ab"[each % 2] + "@x.example", skills=(f"Skill {number} {each}",))

    works = [
        lambda: merge_candidates(ada, byron, by=member),
        lambda: merge_candidates(byron, ada, by=member),
        lambda: bring(1),
        lambda: bring(2),
    ]
    threads = [Thread(target=at_once, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert refused == ["They are one person already: somebody merged them a moment ago."]
    one = Candidate.objects.present().get()
    assert set(one.skills) == {f"Skill {number} {each}" for number in (1, 2) for each in range(5)}
    assert set(Profile.objects.values_list("candidate", flat=True)) == {one.pk}
    parted = unmerge(Merge.objects.live().get(), by=member)
    skills = [set(person.skills) for person in (parted.survivor, parted.absorbed)]
    assert skills[0] & skills[1] == set() and len(skills[0] | skills[1]) == 10
