from datetime import timedelta

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.utils import timezone

from crm.home import HomePage
from crm.models import Role
from talentpool import home_relations
from talentpool.actions.notes import add_note, change_note
from talentpool.actions.notices import change_notices, mail_mention
from talentpool.actions.watching import mark_seen
from talentpool.models import Activity, Mention, NoteKind, NoteVersion
from tests.conftest import make_member, signed_in
from tests.factories.people import make_candidate


@pytest.fixture
def priya(tenant):
    return make_member(tenant, Role.RECRUITER)


def card_of(member):
    page = HomePage(tenant=member.tenant, member=member, now=timezone.now())
    return [(line.title, line.text) for card in home_relations.mentions(page) for line in card.lines]


def test_mentioned_member_is_told_on_home_until_she_looks_and_by_one_letter(tenant, member, priya, mailoutbox):
    person, text = make_candidate("Adaeze Nwosu"), f"Call her, @{priya.name}!"
    note = add_note(person, text, by=member)
    assert card_of(priya) == [("Adaeze Nwosu", f"{member.name}: {text}")]
    assert card_of(member) == []
    mention = Mention.objects.get()
    mailoutbox.clear()
    assert [mail_mention(mention.pk), mail_mention(mention.pk)] == [True, False]
    [letter] = mailoutbox
    assert (letter.to, letter.subject) == ([priya.user.email], f"{member.name} mentioned you: Adaeze Nwosu")
    assert text in letter.body
    assert f"/o/acme/people/{person.pk}/#notes" in letter.body
    page = signed_in(priya).get(f"/o/acme/people/{person.pk}/").content.decode()
    assert f'<b class="mention">@{priya.name}</b>' in page
    assert card_of(priya) == []
    assert Mention.objects.filter(note=note).count() == 1


def test_letters_are_for_those_who_want_them_and_have_not_read_it(tenant, member, priya, mailoutbox):
    person = make_candidate()
    add_note(person, f"@{priya.user.email}", by=member)
    mailoutbox.clear()
    change_notices(priya, mentions=False, tasks=True, digest=False)
    assert not mail_mention(Mention.objects.get().pk)
    change_notices(priya, mentions=True, tasks=True, digest=False)
    mark_seen(person, priya)
    assert not mail_mention(Mention.objects.get().pk)
    assert mailoutbox == []


def test_letter_that_the_mail_server_refused_is_tried_again(tenant, member, priya, mailoutbox, monkeypatch):
    add_note(make_candidate(), f"@{priya.user.email}", by=member)
    mention = Mention.objects.get()
    Mention.objects.update(mailed_at=None)
    mailoutbox.clear()
    with monkeypatch.context() as patched:
        patched.setattr(mail.EmailMessage, "send", lambda self: (_ for _ in ()).throw(ConnectionRefusedError()))
        with pytest.raises(ConnectionRefusedError):
            mail_mention(mention.pk)
    assert mail_mention(mention.pk)


def test_members_who_may_not_see_people_are_no_names(tenant, member):
    employee = make_member(tenant, Role.EMPLOYEE)
    removed = make_member(tenant, Role.SOURCER)
    removed.removed_at = timezone.now()
    removed.save()
    add_note(make_candidate(), f"@{employee.name} @{removed.name} @{member.name}", by=member)
    assert list(Mention.objects.exclude(seen_at=None).values_list("member", flat=True)) == [member.pk]
    assert Mention.objects.count() == 1


def test_changed_note_keeps_what_it_said_and_tells_only_who_is_new(tenant, member, priya):
    person, sourcer = make_candidate(), make_member(tenant, Role.SOURCER)
    note = add_note(person, f"@{priya.name}: a call", by=member)
    change_note(note, f"@{priya.name} and @{sourcer.name}: a visit", by=member)
    changed = change_note(note, f"@{sourcer.name}: a visit", by=member)
    assert changed.edited_at is not None
    assert list(NoteVersion.objects.order_by("pk").values_list("text", flat=True)) == [
        f"@{priya.name}: a call",
        f"@{priya.name} and @{sourcer.name}: a visit",
    ]
    assert list(Mention.objects.values_list("member", flat=True)) == [sourcer.pk]
    with pytest.raises(ValidationError, match="Only who wrote"):
        change_note(note, "Mine", by=priya)


def test_note_page_is_the_authors_to_change_and_others_to_read(client, member, priya):
    person = make_candidate()
    note = add_note(person, "First", by=member, now=timezone.now() - timedelta(days=2))
    url = f"/o/acme/people/{person.pk}/notes/{note.pk}/"
    assert client.post(url, {"text": ""}).status_code == 422
    assert client.post(url, {"text": "Second"}).status_code == 302
    page = signed_in(priya).get(url).content.decode()
    assert "First" in page
    assert "<textarea" not in page
    assert signed_in(priya).post(url, {"text": "Mine"}).status_code == 422


def test_call_and_meeting_are_told_as_such(client, member):
    person = make_candidate()
    for kind in NoteKind:
        client.post(f"/o/acme/people/{person.pk}/notes/", {"text": "Well", "kind": kind.value})
    assert list(Activity.objects.order_by("pk").values_list("kind", flat=True)) == ["noted", "called", "met"]


def test_names_are_offered_to_members_only(client, member):
    assert client.get("/o/acme/people/mentionable/").json() == {
        "members": [{"name": member.name, "email": member.user.email}]
    }
