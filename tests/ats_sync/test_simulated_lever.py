"""Does the simulated Lever keep the contract of the real one?"""

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.ats_sync.clients import Client, Receiver
from tests.simulators.ats.dialects._lever_rows import HIRED_REASON, uid
from tests.simulators.ats.server import Simulator


class LeverClient(Client):
    """The key as the name, no password."""

    def send(self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None) -> tuple[int, Any]:
        basic = {"Authorization": "Basic " + base64.b64encode(b"lever-key:").decode()}
        return super().send(method, f"/v1{path}", body, basic | (headers or {}))

    def all(self, path: str) -> list[dict[str, Any]]:
        mark, offset, rows = "&" if "?" in path else "?", "", []
        while True:
            status, answer = self.send("GET", f"{path}{mark}offset={offset}")
            assert status == 200, answer
            rows += answer["data"]
            if not answer["hasNext"]:
                return rows
            offset = answer["next"]


@pytest.fixture
def lever() -> Iterator[Simulator]:
    with Simulator.of("lever", people=30, seed=7, rate=10_000, burst=10_000, retry_scale=0.0001) as ats:
        yield ats


@pytest.fixture
def client(lever: Simulator) -> LeverClient:
    return LeverClient(lever.url)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    receiver = Receiver()
    yield receiver
    receiver.stop()


def active(lever: Simulator) -> Any:
    return next(row for row in lever.world.applications if row.status == "active" and row.stage_id)


def me(lever: Simulator) -> str:
    return f"perform_as={uid('user', lever.world.users.ids[0])}"


def test_pages_hold_everybody_once_and_an_offset_can_go_bad(lever, client):
    rows = client.all("/opportunities?limit=7")
    assert [row["id"] for row in rows] == [uid("opportunity", one) for one in reversed(lever.world.applications.ids)]

    lever.faults.add("invalid_offset", path="/v1/opportunities", times=1, after=1)
    with pytest.raises(AssertionError, match="Invalid offset token"):
        client.all("/opportunities?limit=7")
    assert len(client.all("/opportunities?limit=7")) == len(rows)
    assert client.send("GET", "/opportunities?limit=101")[0] == 400
    assert client.send("GET", "/opportunities", headers={"Authorization": "Basic eDo="})[0] == 401


def test_the_window_is_in_milliseconds_and_a_note_does_not_move_it(lever, client):
    row = active(lever)
    since = lever.world.clock.now()
    note = client.send("POST", f"/opportunities/{uid('opportunity', row.id)}/notes?{me(lever)}", {"value": "Called."})
    assert note[0] == 201
    assert client.all(f"/opportunities?updated_at_start={since}") == []
    lever.world.edit_candidate(row.candidate_id, company="Elsewhere")

    changed = client.all(f"/opportunities?updated_at_start={since}&updated_at_end={lever.world.clock.now()}")

    assert [(one["id"], one["headline"]) for one in changed] == [(uid("opportunity", row.id), "Elsewhere")]
    assert client.all(f"/opportunities?updated_at_end={since - 1}&limit=100") != []


def test_twenty_at_once_then_ten_a_second_and_two_applications():
    with Simulator.of("lever", people=2) as ats:
        client = LeverClient(ats.url)
        statuses = [client.send("GET", "/stages")[0] for _ in range(40)]
        assert statuses[:20] == [200] * 20
        assert 429 in statuses
        assert "Retry-After" not in client.headers
        ats.world.clock.advance(1)
        assert client.send("GET", "/stages")[0] == 200
        apply = f"/postings/{uid('posting', ats.world.jobs.ids[0])}/apply"
        wish = {"name": "Ann Lee", "email": "ann@lee.example"}
        assert [client.send("POST", apply, wish)[0] for _ in range(4)] == [200, 200, 429, 429]


def test_a_repeated_post_makes_two_opportunities_of_one_contact(lever, client):
    posting = uid("posting", lever.world.jobs.ids[0])
    wish = {"name": "Ann Lee", "emails": ["ann@lee.example"], "postings": [posting], "tags": ["pool"]}

    made = [client.send("POST", f"/opportunities?{me(lever)}", wish)[1]["data"] for _ in range(2)]

    assert made[0]["id"] != made[1]["id"]
    assert made[0]["contact"] == made[1]["contact"]
    assert client.send("POST", "/opportunities", wish)[0] == 400
    assert len(client.all("/opportunities?email=ANN@lee.example")) == 2


def test_archiving_rejects_hires_and_is_undone(lever, client):
    row = active(lever)
    path = f"/opportunities/{uid('opportunity', row.id)}/archived?{me(lever)}"
    reason = client.send("GET", "/archive_reasons?type=non-hired")[1]["data"][0]

    rejected = client.send("PUT", path, {"reason": reason["id"]})[1]["data"]
    assert (rejected["archived"]["reason"], row.status) == (reason["id"], "rejected")
    assert client.send("PUT", path, {"reason": None})[1]["data"]["archived"] is None
    assert client.send("PUT", path, {"reason": HIRED_REASON["id"]})[0] == 200
    assert row.status == "hired"
    assert client.send("PUT", path, {"reason": "nonsense"})[0] == 400


def test_webhooks_say_ids_and_sign_the_token_with_the_time(lever, client, receiver):
    hooks = {}
    for event in ("candidateStageChange", "candidateDeleted", "contactUpdated"):
        status, answer = client.send("POST", "/webhooks", {"url": receiver.url, "event": event})
        assert status == 201
        hooks[event] = answer["data"]["configuration"]["signatureToken"]
    row = active(lever)
    before = row.stage_id
    target = next(stage for stage in lever.world.stages_of(None) if stage.id != before)
    client.send(
        "PUT", f"/opportunities/{uid('opportunity', row.id)}/stage?{me(lever)}", {"stage": uid("stage", target.id)}
    )
    lever.world.delete_candidate(row.candidate_id)
    assert lever.webhooks.drain(5)

    bodies = [json.loads(body) for _, body in receiver.taken]
    assert [body["event"] for body in bodies] == ["candidateStageChange", "candidateDeleted"]
    assert bodies[0]["data"] == {
        "opportunityId": uid("opportunity", row.id),
        "contactId": uid("contact", row.candidate_id),
        "fromStageId": uid("stage", before),
        "toStageId": uid("stage", target.id),
    }
    for body in bodies:
        text = f"{body['token']}{body['triggeredAt']}".encode()
        assert body["signature"] == hmac.new(hooks[body["event"]].encode(), text, hashlib.sha256).hexdigest()
    gone = client.all(f"/opportunities/deleted?deleted_at_start={bodies[1]['triggeredAt'] - 60_000}")
    assert [one["id"] for one in gone] == [uid("opportunity", row.id)]
    assert client.send("GET", f"/opportunities/{uid('opportunity', row.id)}")[0] == 404


def test_a_file_goes_up_and_comes_down(lever, client):
    path = f"/opportunities/{uid('opportunity', active(lever).id)}/files"
    form = (
        b'--x\r\nContent-Disposition: form-data; name="file"; filename="letter.txt"\r\nContent-Type: text/plain\r\n\r\n'
        b"Dear team\r\n--x--\r\n"
    )
    status, answer = client.send(
        "POST", f"{path}?{me(lever)}", form, {"Content-Type": "multipart/form-data; boundary=x"}
    )
    assert (status, answer["data"]["name"]) == (201, "letter.txt")
    assert [one["id"] for one in client.all(path)] == [answer["data"]["id"]]
    assert client.send("GET", f"{path}/{answer['data']['id']}/download")[1] == b"Dear team"


def test_all_sublists_answer(lever, client):
    path = f"/opportunities/{uid('opportunity', active(lever).id)}"
    lists = ("notes", "offers", "interviews", "feedback", "files", "resumes", "applications", "referrals")

    assert [client.send("GET", f"{path}/{name}")[0] for name in lists] == [200] * len(lists)
    shown = client.send("GET", f"{path}?expand=contact&expand=stage&expand=applications")[1]["data"]
    assert isinstance(shown["contact"], dict)
    assert set(client.send("GET", f"{path}?include=name")[1]["data"]) == {"id", "name"}
    assert client.send("GET", f"/contacts/{shown['contact']['id']}")[1]["data"] == shown["contact"]
