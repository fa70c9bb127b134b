from datetime import timedelta

import pytest
from django.utils import timezone

from crm.models import Role
from talentpool.actions.activities import record_activity
from talentpool.actions.notes import add_note
from talentpool.actions.pipelines import move_entry
from talentpool.actions.reminders import add_task
from talentpool.models import ActivityKind, NoteKind
from talentpool.presence import note_editing, others_present
from talentpool.queries.conversations import talks_with, talks_with_many
from talentpool.queries.messages import _SOURCES, Letter
from tests.conftest import make_member, signed_in
from tests.factories.mail import make_campaign
from tests.factories.people import make_candidate, make_candidates
from tests.factories.pipelines import make_entry, make_pipeline, stage

DAY = timedelta(days=1)


@pytest.fixture
def priya(tenant):
    return make_member(tenant, Role.RECRUITER)


def test_page_says_who_talks_about_what_and_since_when(client, member, priya, monkeypatch):
    person, now = make_candidate("Adaeze"), timezone.now()
    add_note(person, "Mine", by=member)
    add_note(person, "Long ago", by=priya, now=now - 200 * DAY)
    add_note(person, "Began", by=priya, kind=NoteKind.CALL, now=now - 50 * DAY)
    add_note(person, "Went on", by=priya, now=now - 25 * DAY)
    entry = make_entry(make_pipeline(priya), priya, candidate=person)
    move_entry(entry, stage(entry.pipeline, "Talking"), version=entry.version, by=priya)
    sourcer = make_member(member.tenant, Role.SOURCER)
    add_task("Send the sheet", assignee=sourcer, by=sourcer, candidate=person)
    letters = [
        Letter(now - DAY, "Nights", "Sent", by="Lucía"),
        Letter(now - DAY, "Held", "Held back", by="Hana", leaves=False),
        Letter(now - 60 * DAY, "Old", "Sent", by="Joe"),
    ]
    monkeypatch.setattr("talentpool.queries.messages._SOURCES", [*_SOURCES, lambda pk, limit: letters])
    talks = {talk.who: talk for talk in talks_with(person, but=member, now=now + timedelta(minutes=1))}
    assert set(talks) == {priya.name, sourcer.name, "Lucía"}
    assert talks[priya.name].since == now - 50 * DAY
    assert talks[priya.name].about == ("Talking in Critical care nurses", "Critical care nurses", "a note")
    assert talks["Lucía"].about == ("“Nights”",)
    page = client.get(f"/o/acme/people/{person.pk}/").content.decode()
    assert "Others are talking with them" in page
    assert f"<b>{sourcer.name}</b> since" in page


def test_page_says_who_is_here_and_who_is_changing_it(client, clean_cache, member, priya):
    person, other = make_candidates(2)
    url = f"/o/acme/people/{person.pk}/"
    browser = signed_in(priya)
    browser.get(url)
    assert f"<b>{priya.name}</b> is here too" in client.get(f"{url}presence/").content.decode()
    browser.get(f"{url}edit/about/")
    assert f"<b>{priya.name}</b> is changing this page" in client.get(url).content.decode()
    assert f"<b>{member.name}</b> is here too" in browser.get(f"{url}presence/").content.decode()
    browser.post(f"{url}edit/about/", {"name": "New", "headline": "", "summary": ""})
    assert [each.is_editing for each in others_present(person.pk, but=member.pk)] == [False]
    note_editing(other.pk, member.pk)
    assert others_present(other.pk, but=member.pk) == []


def test_campaign_is_checked_for_conversations_of_colleagues(client, member, priya):
    people, now = make_candidates(4), timezone.now()
    add_note(people[0], "x", by=priya, kind=NoteKind.CALL, now=now - 5 * DAY)
    add_note(people[0], "x", by=priya, kind=NoteKind.MEETING, now=now - 2 * DAY)
    add_note(people[1], "x", by=priya, kind=NoteKind.CALL, now=now - 40 * DAY)
    add_note(people[2], "x", by=member, kind=NoteKind.CALL, now=now)
    record_activity(people[3].pk, ActivityKind.MAIL_RECEIVED, by=priya, at=now - 4 * DAY, subject="Nights")
    stranger = make_candidate()
    add_note(stranger, "x", by=priya, kind=NoteKind.CALL, now=now)
    crowd = talks_with_many([person.pk for person in people], but=member)
    assert (crowd.people, crowd.since, crowd.names) == (2, now - 5 * DAY, (priya.name,))
    campaign = make_campaign(member, people)
    sentence = "2 of these people are in a conversation with a colleague"
    assert sentence not in client.get(f"/o/acme/campaigns/{campaign.pk}/check/").content.decode()  # they are held back
    member.tenant.hold_conversations = False
    member.tenant.save()
    assert sentence in client.get(f"/o/acme/campaigns/{campaign.pk}/check/").content.decode()
    [talk] = talks_with(people[3], but=member)
    assert talk.about == ("“Nights”",)
    assert talks_with_many([], but=member).people == 0
