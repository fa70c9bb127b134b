"""Who looks after a person in a pipeline, until when, and what was said of her there."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from crm.models import AuditEntry, Role
from talentpool.actions.merges import merge_candidates
from talentpool.actions.pipeline_entries import change_entry, comment_on, remove_comment
from talentpool.actions.pipelines import remove_entries
from talentpool.models import PipelineComment
from talentpool.queries.pipelines import looked_after_by
from tests.api_client import program_of
from tests.conftest import make_member, signed_in
from tests.factories.people import make_candidate
from tests.factories.pipelines import make_entry, make_pipeline

DAY = timedelta(days=1)


@pytest.fixture
def pipeline(member):
    return make_pipeline(member)


@pytest.fixture
def entry(pipeline, member):
    return make_entry(pipeline, member, candidate=make_candidate("Adaeze Nwosu"))


@pytest.fixture
def tom(tenant):
    return make_member(tenant, Role.RECRUITER, "tom@acme.example")


def address(entry, more=""):
    return f"/o/acme/pipelines/{entry.pipeline_id}/entries/{entry.pk}/{more}"


def test_entry_is_looked_after_by_its_owner_or_else_the_pipelines(tenant, member, tom, pipeline, entry):
    assert [each.pk for each in looked_after_by(member)] == [entry.pk]
    change_entry(entry, owner=tom, due_on=timezone.localdate(), by=member)
    change_entry(entry, owner=tom, due_on=timezone.localdate(), by=member)
    assert ([*looked_after_by(member)], [each.pk for each in looked_after_by(tom)]) == ([], [entry.pk])
    assert AuditEntry.objects.filter(verb="pipeline.entry_changed").count() == 1


def test_page_changes_owner_and_day_and_the_card_shows_them(client, tenant, member, tom, entry):
    late = timezone.localdate() - 3 * DAY
    client.post(address(entry, "change/"), {"owner": tom.pk, "due_on": late.isoformat()})
    entry.refresh_from_db()
    assert (entry.owner, entry.due_on, entry.is_overdue) == (tom, late, True)
    board = client.get(f"/o/acme/pipelines/{entry.pipeline_id}/").content.decode()
    assert ("Overdue since" in board, tom.name in board) == (True, True)
    shown = [
        "Adaeze Nwosu" in signed.get(f"/o/acme/pipelines/{entry.pipeline_id}/list/?only={only}").content.decode()
        for signed, only in ((client, "mine"), (signed_in(tom), "mine"), (client, "due"), (client, "nonsense"))
    ]
    assert shown == [False, True, True, True]
    homes = ["Next steps in pipelines" in each.get("/o/acme/").content.decode() for each in (client, signed_in(tom))]
    assert homes == [False, True]


def test_a_day_that_is_none_is_refused_in_words(client, entry):
    answer = client.post(address(entry, "change/"), {"due_on": "tomorrow"}, follow=True)
    assert "Enter a valid date." in answer.content.decode()


def test_who_only_sees_pipelines_may_comment_and_no_more(tenant, member, entry):
    manager = signed_in(make_member(tenant, Role.HIRING_MANAGER, "hm@acme.example"))
    page = manager.get(address(entry)).content.decode()
    assert ("Comment" in page, "Move to" in page, "Remove from the pipeline" in page) == (True, False, False)
    manager.post(address(entry, "comment/"), {"text": "I would meet her."})
    assert manager.post(address(entry, "change/"), {}).status_code == 403
    assert list(PipelineComment.objects.values_list("text", "by__user__email")) == [
        ("I would meet her.", "hm@acme.example")
    ]
    assert "I would meet her." in manager.get(f"/o/acme/pipelines/{entry.pipeline_id}/").content.decode()


def test_comment_is_removed_by_who_wrote_it(client, tenant, member, tom, entry):
    mine = comment_on(entry.pipeline, entry.candidate, "Mine.", by=member)
    theirs = comment_on(entry.pipeline, entry.candidate, "Theirs.", by=tom)
    for each in (mine, theirs):
        client.post(f"/o/acme/pipelines/{entry.pipeline_id}/comments/{each.pk}/remove/")
    assert list(PipelineComment.objects.values_list("text", flat=True)) == ["Theirs."]
    with pytest.raises(ValidationError, match="Only who wrote"):
        remove_comment(theirs, by=member)


def test_comments_follow_a_merge_and_wait_for_who_comes_back(tenant, member, pipeline, entry):
    twin = make_candidate("A. Nwosu")
    comment_on(pipeline, entry.candidate, "Fine.", by=member)
    merge_candidates(twin, entry.candidate, by=member)
    assert PipelineComment.objects.get().candidate == twin
    remove_entries(pipeline, [pipeline.entries.get().pk], by=member)
    with pytest.raises(ValidationError, match="no longer in the pipeline"):
        comment_on(pipeline, twin, "Gone.", by=member)
    assert PipelineComment.objects.count() == 1


def test_api_says_who_looks_after_them_and_comments(member, tom, entry):
    program = program_of(member)
    path = f"/pipelines/{entry.pipeline_id}/entries/{entry.pk}"
    changed = program.patch(path, {"owner_id": tom.pk, "due_on": "2026-12-01"}).json()
    assert (changed["owner_id"], changed["due_on"]) == (tom.pk, "2026-12-01")
    kept = program.patch(path, {"owner_id": None}).json()
    assert (kept["owner_id"], kept["due_on"]) == (None, "2026-12-01")
    assert program.patch(path, {"owner_id": 10**9}).status_code == 422
    said = program.post(f"{path}/comments", {"text": "Fine."})
    assert said.status_code == 201
    assert program.get(f"{path}/comments").json()["items"] == [said.json()]
