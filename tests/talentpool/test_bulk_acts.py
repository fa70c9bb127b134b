"""Acts upon many people in one go, and taking them back: whom it changed, whom somebody changed since, who is gone."""

from datetime import timedelta
from json import dumps
from threading import Thread

import pytest
from django.core.cache import cache
from django.db import connection
from django.utils import timezone

from crm.actions.bulk_runs import cancel_bulk_run, start_bulk_run, work_on
from crm.actions.bulk_undo import UNDONE_WITHIN, forget_changes
from crm.models import AuditEntry, BulkChange, BulkRun, Role
from crm.tenancy.scope import tenant_scope
from talentpool.actions import bulk_acts
from talentpool.actions.erasure import erase_candidate
from talentpool.actions.merges import merge_candidates
from talentpool.actions.owners import set_owner
from talentpool.actions.pipelines import move_entry
from talentpool.actions.selections import select_people
from talentpool.actions.tags import delete_tag, tag_named, tag_people, untag
from talentpool.models import Activity, Candidate, CandidateTag, PipelineEntry, Selection, Tag
from talentpool.search.engines import opensearch
from talentpool.search.index.outbox import drain
from tests.conftest import make_member, signed_in
from tests.factories.people import make_candidate, make_candidates
from tests.factories.pipelines import make_pipeline, stage
from tests.simulators.opensearch import ill_opensearch

PEOPLE = "/o/acme/people/"


def chosen(client, then, people=(), query=None):
    """The page where the act is said precisely, for ticked people or a whole result."""
    form = {"selected": [each.pk for each in people]} if query is None else {"everyone": "on", "query": query}
    return client.post(PEOPLE + "select/", {"then": then, **form})["Location"]


def done(run):
    work_on(run.pk, worker="test")
    run.refresh_from_db()
    return run


def undone(client):
    """The last act's run, taken back on its page; what the undo says."""
    run = BulkRun.objects.exclude(kind="undo").latest("pk")
    client.post(f"/o/acme/runs/{run.pk}/undo/")
    return done(BulkRun.objects.filter(kind="undo", params__run=run.pk).latest("pk")).result["sentences"]


def tags_by_person(tag):
    return sorted(CandidateTag.objects.filter(tag=tag).values_list("candidate_id", "origin_id"))


def test_few_people_are_tagged_at_once_and_the_way_back_is_said(client):
    one, two = make_candidates(2)
    answer = client.post(chosen(client, "tag", [one, two]), {"name": "ICU"}, follow=True)
    run = BulkRun.objects.get()
    assert (run.state, run.done, run.total) == ("done", 2, 2)
    assert f'<a href="/o/acme/runs/{run.pk}/">Undo…</a>' in answer.content.decode()
    assert "Undo</button>" in client.get(f"/o/acme/runs/{run.pk}/").content.decode()
    assert undone(client) == ["2 are as before."]
    assert tags_by_person(Tag.objects.get()) == []
    assert list(Activity.objects.order_by("pk").values_list("kind", flat=True)) == ["tagged"] * 2 + ["untagged"] * 2


def test_undoing_a_tag_leaves_who_had_it_before_or_got_it_again(client, member):
    before, again, plain = make_candidates(3)
    tag = tag_named("ICU")
    tag_people(tag, [before.pk], by=member)
    client.post(chosen(client, "tag", [before, again, plain]), {"name": "ICU"})
    untag(again, tag, by=member)
    tag_people(tag, [again.pk], by=member)
    assert undone(client) == ["1 is as before.", "1 was changed since, and left so."]
    assert tags_by_person(tag) == [(before.pk, before.pk), (again.pk, again.pk)]


def test_tag_that_came_with_a_merged_person_is_taken_back_too(client, member):
    survivor, absorbed = make_candidates(2)
    client.post(chosen(client, "tag", [absorbed]), {"name": "ICU"})
    merge_candidates(survivor, absorbed, by=member)
    assert tags_by_person(Tag.objects.get()) == [(survivor.pk, absorbed.pk)]
    assert undone(client) == ["1 is as before."]
    assert tags_by_person(Tag.objects.get()) == []


def test_tag_is_taken_away_and_given_back_as_it_was(client, member):
    one, two, merged, never = make_candidates(4)
    tag = tag_named("ICU")
    tag_people(tag, [one.pk, two.pk, merged.pk], by=member)
    merge_candidates(one, merged, by=member)
    before = list(CandidateTag.objects.order_by("origin_id").values_list("candidate_id", "origin_id", "by_id", "at"))
    client.post(chosen(client, "untag", [one, two, never]), {"tag": tag.pk})
    assert tags_by_person(tag) == []
    assert BulkRun.objects.get().result["sentences"] == ["2 were rid of the tag; the others did not have it."]
    assert undone(client) == ["2 are as before."]
    after = CandidateTag.objects.order_by("origin_id").values_list("candidate_id", "origin_id", "by_id", "at")
    assert list(after) == before


def test_given_back_is_a_tag_only_to_whom_nobody_changed_since(client, member):
    again, erased, absorbed, survivor, plain = people = make_candidates(5)
    tag = tag_named("ICU")
    tag_people(tag, [each.pk for each in people], by=member)
    client.post(chosen(client, "untag", people), {"tag": tag.pk})
    tag_people(tag, [again.pk], by=member)
    erase_candidate(erased, reason="asked", by=member)
    merge_candidates(survivor, absorbed, by=member)
    assert undone(client) == ["2 are as before.", "3 were changed since, and left so."]
    assert tags_by_person(tag) == sorted((each.pk, each.pk) for each in (again, survivor, plain))


def test_undoing_a_tag_that_was_deleted_says_so(client, member):
    client.post(chosen(client, "tag", make_candidates(1)), {"name": "ICU"})
    delete_tag(Tag.objects.get(), by=member)
    run = BulkRun.objects.get()
    client.post(f"/o/acme/runs/{run.pk}/undo/")
    failed = done(BulkRun.objects.get(kind="undo"))
    assert (failed.state, failed.error) == ("failed", "The tag was deleted or merged meanwhile.")


def test_people_put_into_a_pipeline_are_taken_out_unless_somebody_moved_them(client, member):
    pipeline, (before, moved, plain) = make_pipeline(member), make_candidates(3)
    page = chosen(client, "pipeline", [before])
    client.post(page, {"stage": stage(pipeline, "Hired").pk})
    client.post(chosen(client, "pipeline", [before, moved, plain]), {"stage": stage(pipeline, "Found").pk})
    entry = PipelineEntry.objects.get(candidate=moved)
    move_entry(entry, stage(pipeline, "Talking"), version=entry.version, by=member)
    assert undone(client) == ["1 is as before.", "1 was changed since, and left so."]
    stands = pipeline.entries.order_by("candidate_id").values_list("candidate_id", "stage__name")
    assert list(stands) == [(before.pk, "Hired"), (moved.pk, "Talking")]


def test_people_are_assigned_and_go_back_to_whose_they_were(client, tenant, member):
    ben, cyd = (make_member(tenant, Role.RECRUITER, f"{name}@acme.example") for name in ("ben", "cyd"))
    bens, cyds, nobodys, changed = make_candidates(4)
    set_owner(bens, ben, by=member)
    set_owner(cyds, cyd, by=member)
    client.post(chosen(client, "owner", [bens, cyds, nobodys, changed]), {"owner": cyd.pk})
    assert set(Candidate.objects.values_list("owner_id", flat=True)) == {cyd.pk}
    assert BulkRun.objects.get().result["new"] == 3
    set_owner(Candidate.objects.get(pk=changed.pk), member, by=member)
    assert undone(client) == ["2 are as before.", "1 was changed since, and left so."]
    owners = dict(Candidate.objects.values_list("pk", "owner_id"))
    assert owners == {bens.pk: ben.pk, cyds.pk: cyd.pk, nobodys.pk: None, changed.pk: member.pk}
    kinds = Activity.objects.filter(candidate=bens.pk, kind="owner_changed").order_by("pk")
    names = (ben.name, cyd.name)
    assert [each.data for each in kinds] == [
        {"from": "", "to": names[0]},
        {"from": names[0], "to": names[1]},
        {"from": names[1], "to": names[0]},
    ]


def test_whole_result_is_assigned_in_the_background_slice_by_slice(client, member, monkeypatch):
    monkeypatch.setattr(bulk_acts, "SLICE", 2)
    nurses, welder = make_candidates(5, headline="Nurse"), make_candidate(headline="Welder")
    drain()
    client.post(chosen(client, "owner", query="q=nurse"), {"owner": member.pk})
    run = BulkRun.objects.get()
    assert (run.state, run.done) == ("queued", 0)
    assert (done(run).done, run.changes.count()) == (5, 3)
    assert set(Candidate.objects.filter(owner=member)) == set(nurses)
    assert Candidate.objects.get(pk=welder.pk).owner_id is None


PART = {"timed_out": False, "pit_id": "x", "count": 1, "_shards": {"total": 2, "successful": 1, "failed": 1}}
ILLS = {
    "hangs up": (0, b"", 0),
    "fails": (500, b"boom", 0),
    "a part": (200, dumps(PART).encode(), 0),
    "late": (200, b"", 1),
}


@pytest.mark.parametrize("ill", ILLS)
def test_whole_result_is_assigned_whatever_ails_opensearch(client, member, settings, monkeypatch, ill):
    monkeypatch.setattr(bulk_acts, "SLICE", 2)
    monkeypatch.setattr(opensearch, "PATIENCE", 0.2)
    nurses, welder = make_candidates(5, headline="Nurse"), make_candidate(headline="Welder")
    drain()
    with ill_opensearch() as server:
        settings.OPENSEARCH_URL = server.url
        server.status, server.body, server.delay = ILLS[ill]
        assert "OpenSearch does not answer." in client.get(PEOPLE + "?q=nurse").text
        cache.clear()  # it rests after each trouble, and is to be asked again
        client.post(chosen(client, "owner", query="q=nurse"), {"owner": member.pk})
        cache.clear()
        assert done(BulkRun.objects.get()).done == 5
    cache.clear()
    assert set(Candidate.objects.filter(owner=member)) == set(nurses)
    assert Candidate.objects.get(pk=welder.pk).owner_id is None


def test_cancelled_act_can_be_undone_as_far_as_it_came(client, member, monkeypatch):
    monkeypatch.setattr(bulk_acts, "SLICE", 2)
    make_candidates(5, headline="Nurse")
    drain()
    client.post(chosen(client, "owner", query="q=nurse"), {"owner": member.pk})
    run = BulkRun.objects.get()
    run.done = bulk_acts._assign_slice(run)
    run.save()
    cancel_bulk_run(run, by=member)
    assert Candidate.objects.filter(owner=member).count() == 2
    assert undone(client) == ["2 are as before."]
    assert Candidate.objects.filter(owner=member).count() == 0


def test_undo_begins_once_and_ends_after_a_week(client):
    client.post(chosen(client, "tag", make_candidates(1)), {"name": "ICU"})
    run, page = BulkRun.objects.get(), f"/o/acme/runs/{BulkRun.objects.get().pk}/"
    first, second = (client.post(page + "undo/")["Location"] for _ in range(2))
    assert first == second == f"/o/acme/runs/{BulkRun.objects.get(kind='undo').pk}/"
    assert "It was undone" in client.get(page).content.decode()
    BulkRun.objects.filter(kind="undo").delete()
    BulkRun.objects.filter(pk=run.pk).update(ended_at=timezone.now() - UNDONE_WITHIN - timedelta(minutes=1))
    answer = client.post(page + "undo/", follow=True)
    assert "That can&#x27;t be undone, or no longer." in answer.content.decode()
    assert "Undo</button>" not in answer.content.decode()
    assert (forget_changes(timezone.now()), BulkChange.objects.count()) == (1, 0)


def test_undo_that_goes_on_keeps_what_it_needs(client):
    client.post(chosen(client, "tag", make_candidates(1)), {"name": "ICU"})
    client.post(f"/o/acme/runs/{BulkRun.objects.get().pk}/undo/")
    BulkRun.objects.filter(kind="tag").update(ended_at=timezone.now() - 2 * UNDONE_WITHIN)
    assert (forget_changes(timezone.now()), BulkChange.objects.count()) == (0, 1)


def test_undo_asks_for_the_permission_of_the_act_and_for_its_maker(client, tenant, member):
    client.post(chosen(client, "tag", make_candidates(1)), {"name": "ICU"})
    page = f"/o/acme/runs/{BulkRun.objects.get().pk}/"
    assert signed_in(make_member(tenant, Role.ADMIN)).post(page + "undo/").status_code == 404
    type(member).objects.filter(pk=member.pk).update(role=Role.VIEWER)
    client.post(page + "undo/")
    assert BulkRun.objects.filter(kind="undo").count() == 0
    assert "Undo</button>" not in client.get(page).content.decode()


def test_colleague_who_left_is_given_nobody(client, tenant, member):
    ben = make_member(tenant, Role.RECRUITER, "ben@acme.example")
    make_candidates(2)
    drain()
    client.post(chosen(client, "owner", query=""), {"owner": ben.pk})
    type(ben).objects.filter(pk=ben.pk).update(removed_at=timezone.now())
    run = done(BulkRun.objects.get())
    assert (run.state, run.error) == ("failed", f"{ben.name} has left the organisation meanwhile.")
    assert Candidate.objects.filter(owner=ben).count() == 0


def test_erasing_many_asks_for_their_number_and_says_what_is_lost(client):
    one, two, kept = make_candidates(3)
    page = chosen(client, "erase", [one, two])
    asked = client.get(page).content.decode()
    assert "Erase 2 people?" in asked and "all names and contact points" in asked
    wrong = client.post(page, {"reason": "too old", "number": "3"})
    assert (wrong.status_code, Candidate.objects.present().count()) == (422, 3)
    assert "It is 2 now. Type 2 to erase them." in wrong.content.decode()
    client.post(page, {"reason": "too old", "number": "2"})
    assert list(Candidate.objects.present()) == [kept]
    erased = AuditEntry.objects.filter(verb="candidate.erased").order_by("pk")
    assert [(each.subject_id, each.detail) for each in erased] == [
        (one.pk, {"reason": "too old"}),
        (two.pk, {"reason": "too old"}),
    ]
    assert BulkRun.objects.get().result["sentences"] == ["2 people are erased."]
    assert BulkChange.objects.count() == 0


def test_erasing_a_whole_result_means_who_was_found_then(client):
    make_candidates(2, headline="Nurse")
    drain()
    page = chosen(client, "erase", query="q=nurse")
    make_candidate("Came later", headline="Nurse")
    drain()
    assert (Selection.objects.get().search, len(Selection.objects.get().candidate_ids)) == (None, 2)
    client.post(page, {"reason": "too old", "number": "2"})
    assert [each.name for each in Candidate.objects.present()] == ["Came later"]


def test_more_than_can_be_erased_at_once_are_narrowed_first(client, monkeypatch):
    from talentpool.views import people, selections

    for module in (people, bulk_acts, selections):
        monkeypatch.setattr(module, "MOST_ERASED", 2)
    make_candidates(3)
    drain()
    page = chosen(client, "erase", query="")
    assert "Too many to erase at once" in client.get(page).content.decode()
    assert client.post(page, {"reason": "x", "number": "0"}).status_code == 422
    assert Candidate.objects.present().count() == 3


def test_merged_person_is_not_erased_with_somebody_else(client, member):
    survivor, absorbed, erased = make_candidates(3)
    run = start_bulk_run(
        "erase",
        {"selection": select_people(candidate_ids=[absorbed.pk, erased.pk], by=member).pk, "reason": "asked"},
        by=member,
        title="Erasing people",
    )
    merge_candidates(survivor, absorbed, by=member)
    assert done(run).result["sentences"] == [
        "1 person is erased.",
        "1 was merged into others meanwhile, and left there.",
    ]
    assert list(Candidate.objects.present()) == [survivor]


@pytest.mark.parametrize("role", [Role.RECRUITER, Role.SOURCER, Role.VIEWER])
def test_erasing_is_for_who_may(tenant, role):
    colleague = signed_in(make_member(tenant, role))
    person = make_candidate()
    drain()
    assert 'value="erase"' not in colleague.get(PEOPLE).content.decode()
    page = chosen(colleague, "erase", [person])
    assert colleague.post(page, {"reason": "x", "number": "1"}).status_code == 403
    assert Candidate.objects.present().count() == 1


def test_hiring_manager_selects_with_her_own_eyes(client, tenant, member):
    from talentpool.queries.selections import search_of

    manager = make_member(tenant, Role.HIRING_MANAGER)
    assert search_of(select_people(search={"text": "x"}, by=manager)).sees_restricted is False
    assert search_of(select_people(search={"text": "x"}, by=member)).sees_restricted is True


@pytest.mark.django_db(transaction=True)
def test_two_runs_of_one_tag_at_once_share_the_people(tenant, member):
    people, tag = make_candidates(300), tag_named("ICU")
    runs = [
        start_bulk_run(
            "tag",
            {"selection": select_people(candidate_ids=[each.pk for each in people], by=member).pk, "tag": tag.pk},
            by=member,
            title="Tagging",
        )
        for _ in range(2)
    ]

    def work(run):
        with tenant_scope(tenant.pk):
            work_on(run.pk, worker=f"worker {run.pk}")
        connection.close()

    threads = [Thread(target=work, args=[run]) for run in runs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(BulkRun.objects.get(pk=run.pk).result["new"] for run in runs) == 300
    assert CandidateTag.objects.count() == Activity.objects.filter(kind="tagged").count() == 300
