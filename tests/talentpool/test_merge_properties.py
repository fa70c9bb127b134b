"""Any run of what happens to people, with merges among it, leaves all that is theirs where it belongs.

`MERGE_EXAMPLES` and `MERGE_STEPS` make it longer: by default it is short.
"""

import itertools
import os
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from campaigns.models import Audience, Campaign, Message
from talentpool.actions.activities import record_activity
from talentpool.actions.apart import keep_apart, withdraw_apart
from talentpool.actions.edits import edit_candidate, withdraw_edit
from talentpool.actions.erasure import erase_candidate
from talentpool.actions.files import add_file
from talentpool.actions.merged_rows import models_of_people
from talentpool.actions.merges import KeptApart, merge_candidates, unmerge
from talentpool.actions.notes import add_note
from talentpool.actions.owners import set_owner
from talentpool.actions.people import IncomingRecord, receive_profiles
from talentpool.actions.pipelines import add_to_pipeline, create_pipeline, move_entry, remove_entries
from talentpool.actions.tags import tag_named, tag_people, untag
from talentpool.models import (
    Activity,
    ActivityKind,
    Apart,
    Application,
    Basis,
    Candidate,
    Consent,
    FieldEdit,
    Job,
    Merge,
    PipelineEntry,
    ProfileKind,
    Segment,
    Source,
)
from talentpool.person import PersonFields
from talentpool.queries.merges import group_of, survivor_of

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)
NAMES = ("Ada Lovelace", "Ana Lopez", "Mary Berg")
SHOWN = [
    "name",
    "given_name",
    "family_name",
    "headline",
    "current_title",
    "current_employer",
    "email",
    "phone",
    "contact_points",
    "positions",
    "skills",
    "lineage",
    "owner_id",
    "last_contact_at",
    "erased_at",
    "merged_into_id",
]
# Warmth is left out: the clock alone changes it.
STORY_OF_MERGES = (ActivityKind.MERGED, ActivityKind.UNMERGED)


def state_of(model):
    """The rows as they are, without what tells of merging itself. Identity keys are made anew, so their ids may differ."""
    rows = model._base_manager.order_by("pk")
    if model is Activity:
        rows = rows.exclude(kind__in=STORY_OF_MERGES)
    if model._meta.model_name == "identitykey":
        return sorted(map(str, rows.values_list("kind", "value", "candidate_id", "origin_id", "profile_id")))
    return list(rows.values())


def everything():
    people = {
        pk: Candidate.objects.filter(pk=pk).values(*SHOWN).get()
        for pk in Candidate.objects.values_list("pk", flat=True)
    }
    shown = {f"{name} of {pk}": value for pk, row in people.items() for name, value in row.items()}
    return {**shown, **{model._meta.label: state_of(model) for model in models_of_people()}}


class People(RuleBasedStateMachine):
    """Four people to begin with; `member` is set by the test."""

    member = None

    @initialize()
    def begin(self):
        self.example = transaction.atomic()
        self.example.__enter__()
        self.clock = itertools.count(1)
        self.source = Source.objects.create(name="Job fair")
        self.job = Job.objects.create(title="Nurse")
        self.pipelines = [create_pipeline(name=name, by=self.member) for name in ("ICU", "ER")]
        segment = Segment.objects.create(name="All", by=self.member)
        self.campaigns = [
            Campaign.objects.create(name=name, audience=Audience.SEGMENT, segment=segment, by=self.member)
            for name in ("May", "June")
        ]
        self.tags = [tag_named("icu"), tag_named("er")]
        for number in range(4):
            self.bring(number, number % 3, number)

    def now(self):
        return NOW + timedelta(minutes=next(self.clock))

    def present(self):
        return list(Candidate.objects.present().order_by("pk"))

    def one(self, number):
        people = self.present()
        return people[number % len(people)]

    def bring(self, mailbox, name, skill):
        fields = PersonFields(name=NAMES[name], emails=(f"m{mailbox}@example.org",), skills=(f"Skill {skill}",))
        record = IncomingRecord(self.source, ProfileKind.ROW, fields, observed_at=self.now())
        receive_profiles([record], by=None, now=self.now())

    @rule(mailbox=st.integers(0, 4), name=st.integers(0, 2), skill=st.integers(0, 3))
    def comes_in(self, mailbox, name, skill):
        self.bring(mailbox, name, skill)

    @precondition(lambda self: self.present())
    @rule(
        who=st.integers(0, 9),
        what=st.sampled_from(["note", "file", "application", "message", "consent", "edit", "mail", "owner"]),
    )
    def gets(self, who, what):
        person, now = self.one(who), self.now()
        mine = {"candidate": person, "origin": person}
        if what == "note":
            add_note(person, f"at {now}", by=self.member, now=now)
        elif what == "file":
            add_file(person, "cv.txt", str(now).encode(), by=self.member)
        elif what == "application":
            Application.objects.create(job=self.job, applied_at=now, **mine)
        elif what == "message":
            for campaign in self.campaigns:
                Message.objects.get_or_create(campaign=campaign, origin=person, defaults={"candidate": person})
            Candidate.objects.filter(pk=person.pk).update(last_contact_at=now)
            record_activity(person.pk, ActivityKind.MESSAGE_SENT, at=now)
        elif what == "consent":
            Consent.objects.create(basis=Basis.CONSENT, granted_at=now, **mine)
        elif what == "owner":
            set_owner(person, self.member if now.minute % 2 else None, by=self.member)
        elif what == "edit":
            edit_candidate(person, {"headline": f"Nurse {now.minute}"}, by=self.member, now=now)
        else:
            change = {"add": [f"m{now.minute % 4}@example.org"], "remove": [f"m{(now.minute + 1) % 4}@example.org"]}
            edit_candidate(person, {"emails": change}, by=self.member, now=now)

    @precondition(lambda self: self.present())
    @rule(who=st.integers(0, 9))
    def takes_consent_back(self, who):
        Consent.objects.filter(candidate=self.one(who), withdrawn_at=None).update(withdrawn_at=self.now())

    @precondition(lambda self: self.present())
    @rule(who=st.integers(0, 9), where=st.integers(0, 1), stage=st.integers(0, 4))
    def stands_in_pipeline(self, who, where, stage):
        person, pipeline = self.one(who), self.pipelines[where]
        add_to_pipeline(pipeline, [person.pk], by=self.member, now=self.now())
        entry = PipelineEntry.objects.shown().select_related("stage").get(pipeline=pipeline, candidate=person)
        move_entry(entry, pipeline.stages.get(position=stage), version=entry.version, by=self.member, now=self.now())

    @precondition(lambda self: self.present())
    @rule(who=st.integers(0, 9), tag=st.integers(0, 1), gone=st.booleans())
    def is_tagged(self, who, tag, gone):
        person = self.one(who)
        if gone:
            untag(person, self.tags[tag], by=self.member)
        else:
            tag_people(self.tags[tag], [person.pk], by=self.member)

    @precondition(lambda self: self.present())
    @rule(who=st.integers(0, 9), where=st.integers(0, 1))
    def leaves_pipeline(self, who, where):
        pipeline, person = self.pipelines[where], self.one(who)
        entries = PipelineEntry.objects.shown().filter(pipeline=pipeline, candidate=person)
        remove_entries(pipeline, list(entries.values_list("pk", flat=True)), by=self.member, now=self.now())

    @precondition(lambda self: open_edits())
    @rule(which=st.integers(0, 9))
    def edit_is_taken_back(self, which):
        edits = list(open_edits().select_related("candidate"))
        withdraw_edit(edits[which % len(edits)], by=self.member, now=self.now())

    @precondition(lambda self: len(self.present()) > 1)
    @rule(one=st.integers(0, 9), other=st.integers(0, 9))
    def are_merged(self, one, other):
        one, other = self.one(one), self.one(other)
        if one == other:
            return
        apart = self.said_apart(one, other)
        try:
            merge_candidates(one, other, by=self.member, now=self.now())
        except KeptApart:
            assert apart
        else:
            assert not apart

    @precondition(lambda self: len(self.present()) > 1)
    @rule(pairs=st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=1, max_size=3), order=st.randoms())
    def merges_are_undone_at_once(self, pairs, order):
        """Merged and parted in any order with nothing between, everything is as it was, to the letter."""
        before = everything()
        merges = []
        for first, second in pairs:
            one, other = self.one(first), self.one(second)
            if one != other and not self.said_apart(one, other):
                merges.append(merge_candidates(one, other, by=self.member, now=self.now()))
        order.shuffle(merges)
        for merge in merges:
            unmerge(merge, by=self.member, now=self.now())
        after = everything()
        assert [name for name in before if before[name] != after[name]] == []

    @precondition(lambda self: live_merges())
    @rule(which=st.integers(0, 9))
    def is_parted(self, which):
        merges = live_merges()
        merge = merges[which % len(merges)]
        if Candidate.objects.filter(pk=survivor_of(merge.absorbed_id), erased_at=None).exists():
            unmerge(merge, by=self.member, now=self.now())
        else:
            with pytest.raises(ValidationError, match="erased"):
                unmerge(merge, by=self.member, now=self.now())

    @precondition(lambda self: len(self.present()) > 1)
    @rule(one=st.integers(0, 9), other=st.integers(0, 9))
    def are_kept_apart(self, one, other):
        one, other = self.one(one), self.one(other)
        if one != other:
            keep_apart(one, other, by=self.member, now=self.now())

    @precondition(lambda self: Apart.objects.holding().exists())
    @rule()
    def apart_no_more(self):
        withdraw_apart(Apart.objects.holding().first(), by=self.member)

    @precondition(lambda self: len(self.present()) > 2)
    @rule(who=st.integers(0, 9))
    def is_erased(self, who):
        person = self.one(who)
        group = group_of(person.pk)
        erase_candidate(person, reason="asked", by=self.member, now=self.now())
        for model in models_of_people():
            if model is not Message:
                assert not model._base_manager.filter(candidate__in=group).exists(), model

    def said_apart(self, one, other):
        mine, theirs = group_of(one.pk), group_of(other.pk)
        return any(
            {low, high} & set(mine) and {low, high} & set(theirs)
            for low, high in Apart.objects.holding().values_list("low_id", "high_id")
        )

    @invariant()
    def rows_are_with_whom_their_origin_leads_to(self):
        people = dict(Candidate.objects.values_list("pk", "merged_into_id"))

        def root(pk):
            return root(people[pk]) if people[pk] else pk

        for model in models_of_people():
            once = getattr(model, "once", ())
            rows = model._base_manager.values("candidate_id", "origin_id", *once)
            shown = Counter()
            for row in rows:
                assert root(row["candidate_id"]) == root(row["origin_id"]), model
                if once:
                    shown[root(row["candidate_id"]), *(row[name] for name in once)] += (
                        people[row["candidate_id"]] is None
                    )
                else:
                    assert people[row["candidate_id"]] is None, f"{model} of somebody who was merged away"
            assert set(shown.values()) <= {1}, f"one {model} is shown of each"

    @invariant()
    def nobody_who_withdrew_is_written_to(self):
        for merge in live_merges():
            both = Consent.objects.filter(candidate=survivor_of(merge.absorbed_id))
            no = both.filter(withdrawn_at__isnull=False, overruled=False).exclude(withdrawn_at__gt=merge.at)
            if no.filter(origin=merge.absorbed_id).exists():
                assert not both.filter(origin=merge.survivor_id, withdrawn_at=None, granted_at__lt=merge.at).exists()

    def teardown(self):
        """Undone to the end, in the order of its making or the other, nobody has anything of somebody else's."""
        if not hasattr(self, "tags"):
            return
        try:
            self.undo_all()
            connection.check_constraints()
        finally:
            transaction.set_rollback(True)
            self.example.__exit__(None, None, None)

    def undo_all(self):
        count = {model: model._base_manager.count() for model in models_of_people() if model is not Activity}
        for merge in live_merges()[:: 1 if next(self.clock) % 2 else -1]:
            if Candidate.objects.filter(pk=survivor_of(merge.absorbed_id), erased_at=None).exists():
                unmerge(merge, by=self.member, now=self.now())
        self.rows_are_with_whom_their_origin_leads_to()
        assert {model: model._base_manager.count() for model in count if model.__name__ != "IdentityKey"} == {
            model: number for model, number in count.items() if model.__name__ != "IdentityKey"
        }


def open_edits():
    return FieldEdit.objects.filter(withdrawn_at=None, candidate__merged_into=None, candidate__erased_at=None)


def live_merges():
    return list(Merge.objects.live().order_by("pk"))


def test_whatever_happens_nothing_of_anybody_is_lost_or_doubled(tenant, member):
    class Run(People):
        pass

    Run.member = member
    run_state_machine_as_test(
        Run,
        settings=settings(
            max_examples=int(os.environ.get("MERGE_EXAMPLES", "5")),
            stateful_step_count=int(os.environ.get("MERGE_STEPS", "14")),
            deadline=None,
            derandomize="MERGE_EXAMPLES" not in os.environ,
            database=None,
            phases=[Phase.generate],  # shrinking takes minutes; the seed makes it come back
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert not Candidate.objects.exists(), "each run starts from nothing"
