from datetime import timedelta

from sourcing.actions.contacts import log_contacts
from sourcing.actions.searches import log_opened
from sourcing.models import SearchLogEntry
from talentpool.actions.activities import record_activity
from talentpool.models import ActivityKind
from tests.factories.people import make_candidate
from tests.sourcing.conftest import NOW, searched


def contacted():
    return [
        (entry.search_id, entry.candidate_ids, entry.act)
        for entry in SearchLogEntry.objects.filter(kind="contacted").order_by("pk")
    ]


def test_messages_and_calls_after_a_look_are_contacts_and_told_once(member):
    opened, shown = make_candidate(), make_candidate()
    record_activity(opened.pk, ActivityKind.CALLED, by=member, at=NOW - timedelta(hours=1))
    search = searched(member, "nurse", opened.pk, shown.pk)
    log_opened(opened.pk, act="profile", by=member, now=NOW)
    for person in (opened, shown):
        record_activity(person.pk, ActivityKind.MESSAGE_SENT, by=None, at=NOW + timedelta(days=2))
        record_activity(person.pk, ActivityKind.TAGGED, by=member, at=NOW + timedelta(days=2))
    assert log_contacts(now=NOW + timedelta(days=3)) == 1
    assert log_contacts(now=NOW + timedelta(days=4)) == 0
    record_activity(opened.pk, ActivityKind.CALLED, by=member, at=NOW + timedelta(days=5))
    assert log_contacts(now=NOW + timedelta(days=6)) == 1
    assert contacted() == [(search.pk, [opened.pk], "message_sent"), (search.pk, [opened.pk], "called")]


def test_a_contact_after_thirty_days_is_led_back_to_no_search(member):
    person = make_candidate()
    searched(member, "nurse", person.pk)
    log_opened(person.pk, act="profile", by=member, now=NOW)
    log_contacts(now=NOW)
    record_activity(person.pk, ActivityKind.CALLED, by=member, at=NOW + timedelta(days=31))
    assert log_contacts(now=NOW + timedelta(days=31, minutes=5)) == 0
