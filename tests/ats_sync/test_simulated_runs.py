"""Runs of many random changes: what each dialect tells and shows stays whole, whatever happened."""

import json
import random
from collections import Counter

import pytest

from tests.ats_sync.clients import Client, Receiver
from tests.simulators.ats.chance import random_change
from tests.simulators.ats.dialect import known_dialects
from tests.simulators.ats.dialects._greenhouse_resources import RESOURCES
from tests.simulators.ats.server import Simulator
from tests.simulators.ats.webhooks import Mishaps

CHANGES = 400


@pytest.mark.parametrize("name", known_dialects())
def test_every_change_can_be_told(name):
    receiver = Receiver()
    with Simulator.of(name, people=30, retry_scale=0.0001) as ats:
        ats.webhooks.subscribe(receiver.url, "secret")
        before, dice = len(receiver.taken), random.Random(11)
        for _ in range(CHANGES):
            random_change(ats.world, dice)
        ats.webhooks.mishaps = Mishaps()
        assert ats.webhooks.drain(20)
        loud = sum(not change.silent for change in ats.world.changes)
        told = len(receiver.taken) - before
    receiver.stop()

    assert loud > CHANGES
    # A dialect without webhooks tells nothing; one with them tells of most changes.
    assert told == 0 or told > loud / 3
    assert all(json.loads(body) for _, body in receiver.taken)


def test_all_lists_of_greenhouse_hold_together_after_many_changes():
    with Simulator.of("greenhouse", people=30, limit=10**6) as ats:
        dice = random.Random(12)
        for _ in range(CHANGES):
            random_change(ats.world, dice)
        client = Client(ats.url)
        client.authorise()
        rows = {name: client.all(f"/v3/{name}?per_page=50") for name in RESOURCES}
        world = ats.world

        assert all(len(found) == len({row["id"] for row in found}) for found in rows.values())
        people = {row["id"] for row in rows["candidates"]}
        applications = {row["id"]: row for row in rows["applications"]}
        assert people == set(world.candidates.ids)
        assert {row["candidate_id"] for row in rows["applications"]} <= people
        for name in ("application_stages", "offers", "interviews", "scorecards", "rejection_details", "eeoc"):
            assert {row["application_id"] for row in rows[name]} <= set(applications)
        current = Counter(row["application_id"] for row in rows["application_stages"] if row["current"])
        assert set(current) == {key for key, row in applications.items() if row["stage_id"]}
        assert set(current.values()) == {1}
        assert {row["application_id"] for row in rows["rejection_details"]} == {
            key for key, row in applications.items() if row["status"] == "rejected"
        }
