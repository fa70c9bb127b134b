"""SIGKILL of a sending worker half-way: nobody is lost, nobody is written to twice, and what nobody knows is said."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.db import connection

from campaigns.delivery.recovery import recover_journals
from campaigns.models import Campaign, Message, MessageState, SendChunk
from tests.campaigns.test_sending import send_all, states
from tests.factories.mail import make_campaign, make_people, start
from tests.simulators.smtp import SILENCE

SENDING = """
import sys, django
django.setup()
from crm.tenancy.scope import tenant_scope
from campaigns.delivery.sending import send_chunk
with tenant_scope(int(sys.argv[1])):
    while send_chunk(int(sys.argv[2])):
        pass
"""


def worker_process(settings, tenant, campaign):
    """A real process with a real connection of its own, as a Celery worker's."""
    database = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}")
    environment = os.environ | {
        "DATABASE_URL": urlunsplit(database),
        "SMTP_HOST": "127.0.0.1",
        "SMTP_PORT": str(settings.SMTP_PORT),
        "MAIL_JOURNAL_DIR": str(settings.MAIL_JOURNAL_DIR),
        "SECRET_KEY": settings.SECRET_KEY,
        "DJANGO_SETTINGS_MODULE": "crm.settings",
    }
    return subprocess.Popen([sys.executable, "-c", SENDING, str(tenant.pk), str(campaign.pk)], env=environment)


def kill_when(process, condition):
    """SIGKILL the moment the condition holds."""
    end = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < end
        assert process.poll() is None, "the worker ended by itself"
        time.sleep(0.002)
    process.send_signal(signal.SIGKILL)
    process.wait()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("stuck_at", [3, 40, 77])
def test_killed_worker_loses_nobody_and_writes_to_nobody_twice(tenant, member, smtp, worker, settings, stuck_at):
    people = make_people(100)
    campaign = start(make_campaign(member, people, per_minute=300), member)
    assert SendChunk.objects.count() == 2
    Campaign.objects.update(per_minute=None)  # small chunks, but no throttle
    # The server falls silent on one body, so the kill surely falls in the middle of a chunk, a message under way.
    silent = people[stuck_at].email
    smtp.script["BODY", silent] = SILENCE
    process = worker_process(settings, tenant, campaign)
    try:
        chunk = 50 if stuck_at >= 50 else 0
        kill_when(process, lambda: len(smtp.mails) >= chunk + 40)
    finally:
        process.kill()
        process.wait()
    assert Message.objects.filter(state=MessageState.SENDING).count() > 0
    smtp.script.clear()
    assert recover_journals() == 1
    send_all(campaign)
    SendChunk.objects.update(not_before=None)
    send_all(campaign)

    unknown = set(Message.objects.filter(state=MessageState.UNKNOWN).values_list("candidate_id", flat=True))
    assert people[stuck_at].pk in unknown
    assert len(unknown) <= 10  # one a connection at most
    assert states(campaign) == {"Sent": 100 - len(unknown), "Fate unknown": len(unknown)}
    arrived = smtp.recipients
    assert max(arrived.values()) == 1
    sent = Message.objects.filter(state=MessageState.SENT).values_list("address", flat=True)
    assert set(sent) <= set(arrived)
    assert set(arrived) - set(sent) <= {person.email for person in people if person.pk in unknown}
    assert Counter(arrived) == Counter(set(arrived))
