"""After any storm of changes and faults both sides are equal: nothing lost, nothing doubled."""

import pytest

from ats_sync.models import Push
from crm.models.leased import WorkState
from tests.ats_sync.door import Door
from tests.ats_sync.storm import Storm


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("seed", [1])
def test_after_a_storm_both_sides_are_equal(greenhouse, connect, member, seed):
    connection = connect(greenhouse)
    with Door(connection) as door:
        greenhouse.webhooks.subscribe(door.url, connection.webhook_secret)
        storm = Storm(greenhouse, connection, member, seed=seed)
        storm.poll()
        storm.rage(150)
        assert storm.settle() == {}
    assert storm.doubled() == []
    assert door.answers.get(401, 0) == greenhouse.webhooks.counts["forged and refused"]
    assert not Push.objects.exclude(state__in=[WorkState.DONE, WorkState.FAILED]).exists()
