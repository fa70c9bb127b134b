from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from crm.models import AuditEntry, Role
from talentpool.actions.pipelines import (
    add_to_pipeline,
    archive_pipeline,
    change_pipeline,
    create_pipeline,
    move_entries,
    move_entry,
    remove_entries,
    restore_pipeline,
    set_stages,
)
from talentpool.models import Activity, Pipeline, PipelineEntry
from talentpool.queries.pipelines import CARDS, board_of_pipeline, column_of_stage
from tests.conftest import make_member
from tests.factories.mail import make_campaign
from tests.factories.people import make_candidate, make_candidates
from tests.factories.pipelines import make_entry, make_pipeline, stage

DAY = timedelta(days=1)


def stages(pipeline):
    return list(pipeline.stages.values_list("name", flat=True))


def standing(pipeline):
    entries = PipelineEntry.objects.filter(pipeline=pipeline).order_by("pk")
    return list(entries.values_list("candidate__name", "stage__name"))


def story(candidate):
    lines = Activity.objects.filter(candidate=candidate).order_by("pk")
    return [(line.kind, line.data.get("from"), line.data.get("to"), line.by_id) for line in lines]


def verbs():
    return list(AuditEntry.objects.order_by("pk").values_list("verb", flat=True))


def test_create_pipeline_makes_the_usual_stages_in_order(tenant, member):
    pipeline = create_pipeline(name="Nurses", need="ICU opens in May", job_title="Nurse", by=member)
    assert stages(pipeline) == ["Found", "Contacted", "Talking", "Interviewing", "Hired"]
    assert verbs() == ["pipeline.created"]


@pytest.mark.parametrize(
    ("names", "sentence"),
    [
        ([], "A pipeline needs at least one stage."),
        (["Found", "found"], "Two stages have the same name."),
        ([f"Stage {n}" for n in range(13)], "More than 12 stages no longer fit on a board."),
        (["x" * 81], f"“{'x' * 40}…” is too long for a stage: 80 characters fit."),
    ],
)
def test_create_pipeline_refuses_stages_that_make_no_board(tenant, member, names, sentence):
    with pytest.raises(ValidationError) as refused:
        create_pipeline(name="Nurses", stages=names, by=member)
    assert refused.value.messages == [sentence]
    assert Pipeline.objects.count() == 0


def test_add_to_pipeline_takes_each_person_once_and_only_people_of_the_pool(tenant, member):
    pipeline = make_pipeline(member)
    one, two, erased, merged = make_candidates(4)
    type(erased).objects.filter(pk=erased.pk).update(erased_at=timezone.now())
    type(merged).objects.filter(pk=merged.pk).update(merged_into=one)
    assert add_to_pipeline(pipeline, [one.pk, one.pk], stage=stage(pipeline, "Talking"), by=member) == [one.pk]
    assert add_to_pipeline(pipeline, [one.pk, two.pk, erased.pk, merged.pk, 10**12], by=member) == [two.pk]
    assert standing(pipeline) == [(one.name, "Talking"), (two.name, "Found")]
    assert story(one) == [("pipeline_added", None, "Talking", member.pk)]
    assert verbs() == ["pipeline.created", "pipeline.people_added", "pipeline.people_added"]


def test_add_to_pipeline_costs_the_same_for_one_and_for_many(tenant, member, django_assert_num_queries):
    pipeline = make_pipeline(member)
    first = stage(pipeline, "Found")
    ids = [person.pk for person in make_candidates(40)]
    with django_assert_num_queries(12):
        add_to_pipeline(pipeline, ids[:1], stage=first, by=member)
    with django_assert_num_queries(12):
        add_to_pipeline(pipeline, ids, stage=first, by=member)


def test_move_entry_is_an_activity_and_an_audit_entry(tenant, member):
    pipeline = make_pipeline(member)
    entry = make_entry(pipeline, member)
    moved = move_entry(entry, stage(pipeline, "Talking"), version=1, by=member)
    assert (moved.stage.name, moved.version) == ("Talking", 2)
    assert story(entry.candidate) == [
        ("pipeline_added", None, "Found", member.pk),
        ("pipeline_moved", "Found", "Talking", member.pk),
    ]
    assert verbs() == ["pipeline.created", "pipeline.people_added", "pipeline.moved"]


def test_move_entry_to_where_it_stands_does_nothing(tenant, member):
    pipeline = make_pipeline(member)
    entry = make_entry(pipeline, member)
    assert move_entry(entry, stage(pipeline, "Found"), version=1, by=member).version == 1
    assert len(story(entry.candidate)) == 1


def test_move_entry_tells_the_later_of_two_movers(tenant, member):
    colleague = make_member(tenant, Role.RECRUITER, "tom@acme.example")
    pipeline = make_pipeline(member)
    entry = make_entry(pipeline, member, candidate=make_candidate("Adaeze Nwosu"))
    seen_by_both = PipelineEntry.objects.select_related("stage", "pipeline", "candidate").get(pk=entry.pk)
    move_entry(entry, stage(pipeline, "Talking"), version=1, by=colleague)
    with pytest.raises(ValidationError) as refused:
        move_entry(seen_by_both, stage(pipeline, "Contacted"), version=1, by=member)
    assert refused.value.messages == [
        f"{colleague.name} moved Adaeze Nwosu to Talking before you. The board shows where they are now."
    ]
    assert standing(pipeline) == [("Adaeze Nwosu", "Talking")]
    assert len(story(entry.candidate)) == 2


def test_move_entry_tells_that_the_person_was_removed(tenant, member):
    pipeline = make_pipeline(member)
    entry = make_entry(pipeline, member)
    remove_entries(pipeline, [entry.pk], by=member)
    with pytest.raises(ValidationError, match="Somebody removed this person"):
        move_entry(entry, stage(pipeline, "Contacted"), version=1, by=member)


def test_move_entry_stays_in_its_pipeline(tenant, member):
    entry = make_entry(make_pipeline(member), member)
    elsewhere = stage(make_pipeline(member, "Another"), "Talking")
    with pytest.raises(ValidationError, match="another pipeline"):
        move_entry(entry, elsewhere, version=1, by=member)


def test_move_entries_moves_those_who_are_elsewhere(tenant, member):
    pipeline = make_pipeline(member)
    found, talking, other = (
        make_entry(pipeline, member),
        make_entry(pipeline, member, "Talking"),
        make_entry(pipeline, member),
    )
    elsewhere = make_entry(make_pipeline(member, "Another"), member)
    ids = [found.pk, talking.pk, elsewhere.pk]
    assert move_entries(pipeline, ids, stage(pipeline, "Talking"), by=member).number == 1
    assert [name for _, name in standing(pipeline)] == ["Talking", "Talking", "Found"]
    assert story(found.candidate)[-1] == ("pipeline_moved", "Found", "Talking", member.pk)
    assert [len(story(entry.candidate)) for entry in (talking, other, elsewhere)] == [1, 1, 1]


def test_remove_entries_leaves_the_people_in_the_pool(tenant, member):
    pipeline = make_pipeline(member)
    entry, other = make_entry(pipeline, member), make_entry(pipeline, member)
    assert [each.candidate_id for each in remove_entries(pipeline, [entry.pk], by=member)] == [entry.candidate_id]
    assert remove_entries(pipeline, [entry.pk], by=member) == []
    assert standing(pipeline) == [(other.candidate.name, "Found")]
    assert story(entry.candidate)[-1] == ("pipeline_removed", None, None, member.pk)
    assert add_to_pipeline(pipeline, [entry.candidate_id], by=member) == [entry.candidate_id]


def test_set_stages_renames_adds_and_reorders(tenant, member):
    pipeline = make_pipeline(member)
    found, talking = stage(pipeline, "Found"), stage(pipeline, "Talking")
    make_entry(pipeline, member, "Talking")
    set_stages(pipeline, [(talking.pk, "In talks"), (None, "Offer"), (found.pk, "Found")], by=member)
    assert stages(pipeline) == ["In talks", "Offer", "Found"]
    assert [name for _, name in standing(pipeline)] == ["In talks"]


def test_set_stages_keeps_a_stage_that_has_people(tenant, member):
    pipeline = make_pipeline(member)
    make_entry(pipeline, member, "Talking")
    with pytest.raises(ValidationError, match=r"1 person is at “Talking”\. Move them"):
        set_stages(pipeline, [(stage(pipeline, "Found").pk, "Found")], by=member)
    assert stages(pipeline) == ["Found", "Contacted", "Talking", "Interviewing", "Hired"]


def test_set_stages_refuses_stages_of_another_pipeline(tenant, member):
    pipeline, other = make_pipeline(member), make_pipeline(member, "Another")
    with pytest.raises(ValidationError, match="belongs to another pipeline"):
        set_stages(pipeline, [(stage(other, "Found").pk, "Stolen")], by=member)
    assert stages(other)[0] == "Found"


def test_pipeline_is_changed_put_away_and_taken_out(tenant, member):
    pipeline = make_pipeline(member)
    change_pipeline(pipeline, name="ICU", need="May", job_title="Nurse", by=member)
    archive_pipeline(pipeline, by=member)
    archive_pipeline(pipeline, by=member)
    assert Pipeline.objects.current().count() == 0
    restore_pipeline(pipeline, by=member)
    assert [each.name for each in Pipeline.objects.current()] == ["ICU"]
    assert verbs() == ["pipeline.created", "pipeline.changed", "pipeline.archived", "pipeline.restored"]


def test_board_shows_the_freshest_cards_and_how_long_people_wait(tenant, member, django_assert_num_queries):
    pipeline = make_pipeline(member)
    now = timezone.now()
    people = make_candidates(CARDS + 2)
    for days, person in enumerate(people):
        add_to_pipeline(pipeline, [person.pk], by=member, now=now - days * DAY)
    make_entry(pipeline, member, "Hired")
    with django_assert_num_queries(6):
        columns = board_of_pipeline(pipeline, now=now)
    assert [(c.stage.name, c.number, c.median_words, len(c.entries)) for c in columns] == [
        ("Found", CARDS + 2, f"median {CARDS // 2 + 1} d", CARDS),
        ("Contacted", 0, "", 0),
        ("Talking", 0, "", 0),
        ("Interviewing", 0, "", 0),
        ("Hired", 1, "", 1),
    ]
    assert [entry.candidate for entry in columns[0].entries] == people[:CARDS]
    rest = column_of_stage(columns[0].stage, cursor=columns[0].next_cursor)
    assert [entry.candidate for entry in rest.entries] == people[CARDS:]
    assert (rest.next_cursor, columns[4].next_cursor) == ("", "")


@pytest.mark.parametrize(
    "cursor", ["", "x", "~", "2026-01-01~x", "2026-01-01T00:00:00~5", "2026-01-01T00:00:00+00:00~" + "9" * 40]
)
def test_column_with_a_cursor_that_is_none_begins_at_the_top(tenant, member, cursor):
    pipeline = make_pipeline(member)
    entry = make_entry(pipeline, member)
    assert [each.pk for each in column_of_stage(entry.stage, cursor=cursor).entries] == [entry.pk]


def test_set_stages_keeps_a_stage_that_a_campaign_is_written_to(tenant, member):
    pipeline = make_pipeline(member)
    make_campaign(member, [], audience="stage", selection=None, stage=stage(pipeline, "Hired"))
    with pytest.raises(ValidationError, match="A campaign is written to “Hired”"):
        set_stages(pipeline, [(stage(pipeline, "Found").pk, "Found")], by=member)
    assert len(stages(pipeline)) == 5
