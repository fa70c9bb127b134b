from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from crm.home import HomePage
from crm.models import Role
from talentpool import home_relations
from talentpool.actions.activities import record_activity
from talentpool.actions.notes import add_note
from talentpool.actions.notices import change_notices, mail_digests
from talentpool.actions.pipelines import move_entry
from talentpool.actions.watching import mark_all_seen, unwatch, watch
from talentpool.models import ActivityKind, Application, Job, Watcher
from tests.conftest import make_member, signed_in
from tests.factories.people import make_candidate
from tests.factories.pipelines import make_entry, make_pipeline, stage


@pytest.fixture
def priya(tenant):
    return make_member(tenant, Role.RECRUITER)


def news_of(member):
    page = HomePage(tenant=member.tenant, member=member, now=timezone.now())
    return [(line.title, line.text) for card in home_relations.news(page) for line in card.lines]


def test_followers_hear_of_what_others_do_until_they_look(tenant, member, priya):
    person, unwatched = make_candidate("Adaeze"), make_candidate("Bruno")
    add_note(person, "Before", by=member)
    assert watch(person, priya, by=member)
    assert not watch(person, priya, by=priya)
    assert news_of(priya) == []
    add_note(unwatched, "Of no interest", by=member)
    add_note(person, "My own", by=priya)
    pipeline = make_pipeline(member)
    entry = make_entry(pipeline, member, candidate=person)
    move_entry(entry, stage(pipeline, "Talking"), version=entry.version, by=member)
    assert news_of(priya) == [("Adaeze", f"{member.name} moved them to Talking in Critical care nurses")]
    record_activity(person.pk, ActivityKind.MESSAGE_REPLIED, campaign="Nights")
    assert news_of(priya) == [("Adaeze", "Replied to “Nights”")]
    job = Job.objects.create(title="ICU Nurse")
    Application.objects.create(candidate=person, origin=person, job=job, applied_at=timezone.now() + timedelta(hours=1))
    assert news_of(priya) == [("Adaeze", "Applied for ICU Nurse")]
    Application.objects.update(applied_at=timezone.now())
    signed_in(priya).get(f"/o/acme/people/{person.pk}/")
    assert news_of(priya) == []


def test_all_news_can_be_put_away_at_once(client, member, priya):
    person = make_candidate()
    watch(person, member, by=member)
    add_note(person, f"@{member.name}", by=priya)
    page = client.get("/o/acme/news/").content.decode()
    assert [page.count(words) for words in ("wrote a note", 'class="mention"')] == [1, 1]
    client.post("/o/acme/news/seen/")
    assert "No news" in client.get("/o/acme/news/").content.decode()
    assert news_of(member) == []
    mark_all_seen(member)
    assert not unwatch(person, priya, by=member)


def test_who_may_not_see_people_follows_nobody(tenant, member):
    with pytest.raises(ValidationError, match="may not see candidates"):
        watch(make_candidate(), make_member(tenant, Role.EMPLOYEE), by=member)


def test_viewer_follows_for_herself_and_chooses_for_nobody_else(tenant, client, member):
    viewer, person = make_member(tenant, Role.VIEWER), make_candidate()
    browser, url = signed_in(viewer), f"/o/acme/people/{person.pk}/"
    assert browser.post(f"{url}watch/").status_code == 302
    assert browser.post(f"{url}watch/", {"member": member.pk}).status_code == 403
    assert client.post(f"{url}watch/", {"member": member.pk}).status_code == 302
    assert set(Watcher.objects.values_list("member", "by")) == {(viewer.pk, viewer.pk), (member.pk, member.pk)}
    assert f"{viewer.name}" in client.get(f"{url}owner/").content.decode()
    client.post(f"{url}unwatch/", {"member": viewer.pk})
    browser.post(f"{url}unwatch/")
    assert list(Watcher.objects.values_list("member", flat=True)) == [member.pk]


def test_digest_comes_in_the_members_morning_once_and_only_with_news(tenant, member, priya, mailoutbox):
    morning = datetime(2026, 3, 4, 15, 5, tzinfo=UTC)
    person = make_candidate("Adaeze")
    watch(person, priya, by=priya, now=morning - timedelta(days=1))
    change_notices(priya, mentions=True, tasks=True, digest=True)
    assert mail_digests(now=morning) == 0
    add_note(person, "News", by=member, now=morning + timedelta(hours=3))
    mailoutbox.clear()
    assert [mail_digests(now=morning + timedelta(days=1, hours=hours)) for hours in (-1, 0, 0, 1)] == [0, 1, 0, 0]
    [letter] = mailoutbox
    assert f"Adaeze: {member.name} wrote a note" in letter.body


def test_notices_are_the_members_own_setting(client, member):
    assert client.post("/o/acme/settings/notices/", {"tasks": "on", "digest": "on"}).status_code == 302
    page = client.get("/o/acme/settings/notices/").content.decode()
    assert page.count(" checked") == 2
