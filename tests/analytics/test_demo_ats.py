"""The demo is connected to a simulated ATS that holds some of its people."""

import pytest

from analytics.demo.ats import Simulated, connect_ats
from ats_sync.actions.rounds import poll
from ats_sync.models import AtsRecord
from ats_sync.vocabulary import Kind
from talentpool.actions.people import IncomingRecord, receive_profiles
from talentpool.models import Candidate, ProfileKind, Source
from talentpool.person import PersonFields
from tests.simulators.ats.server import Simulator


@pytest.fixture
def known(tenant, member, settings):
    settings.OUTGOING_ALLOWED_NETWORKS = ["127.0.0.0/8"]
    source = Source.objects.create(name="Job fair")
    fields = PersonFields(name="Ada Byron", emails=("ada@example.org",))
    receive_profiles([IncomingRecord(source=source, kind=ProfileKind.ROW, fields=fields, raw={})], by=member)
    return Candidate.objects.get()


def test_people_of_the_demo_are_in_the_ats_and_stay_one_person(known, member):
    with Simulator.of("greenhouse", people=2, seed=7, limit=100_000) as ats:
        connection = connect_ats(Simulated(ats.url, "address", "secret"), by=member, seed=7)
        assert (connection.address, connection.webhook_secret, connection.is_on) == ("address", "secret", True)
        poll(connection.pk, worker="test")
    connection.refresh_from_db()
    assert connection.error == ""
    records = AtsRecord.objects.filter(candidate=known)
    assert sorted(records.filter(kind__in=[Kind.PERSON, Kind.APPLICATION]).values_list("kind", flat=True)) == [
        "application",
        "person",
    ]
