"""Do the simulated systems keep the contracts of the real ones? Everything here speaks HTTP, as a connection would."""

import base64
import hashlib
import hmac
import http.client
import json
import random
import signal
import subprocess
import sys
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest

from tests.ats_sync.clients import Client, Receiver
from tests.simulators.ats.chance import random_change
from tests.simulators.ats.clock import DAY, iso
from tests.simulators.ats.people import populate
from tests.simulators.ats.server import Simulator
from tests.simulators.ats.webhooks import Mishaps
from tests.simulators.ats.world import World


@pytest.fixture
def greenhouse() -> Iterator[Simulator]:
    with Simulator.of("greenhouse", people=40, seed=7, limit=10_000, retry_scale=0.0001) as ats:
        yield ats


@pytest.fixture
def client(greenhouse: Simulator) -> Client:
    client = Client(greenhouse.url)
    client.authorise()
    return client


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    receiver = Receiver()
    yield receiver
    receiver.stop()


def active(world: World) -> Any:
    return next(row for row in world.applications if row.status == "active" and row.stage_id)


def test_pages_come_newest_first_and_hold_everybody_once(greenhouse, client):
    rows = client.all("/v3/candidates?per_page=7")

    assert [row["id"] for row in rows] == sorted(greenhouse.world.candidates.ids, reverse=True)


def test_a_cursor_takes_no_company(client):
    client.send("GET", "/v3/candidates?per_page=7")

    status, answer = client.send("GET", f"{client.link}&per_page=7")

    assert (status, answer) == (422, {"errors": ["When passing a cursor, do not include other query params."]})


@pytest.mark.parametrize(
    "query",
    ["page=2", "per_page=501", "per_page=x", "updated_at=yesterday", "cursor=nonsense", "candidate_ids=1", "ids=a"],
)
def test_a_wrong_parameter_is_a_422(client, query):
    assert client.send("GET", f"/v3/candidates?{query}")[0] == 422


def test_at_most_fifty_ids_are_read_at_once(greenhouse, client):
    ids = greenhouse.world.candidates.ids[:3]

    assert [row["id"] for row in client.all(f"/v3/candidates?ids={','.join(map(str, ids))}")] == ids[::-1]
    assert client.send("GET", f"/v3/candidates?ids={','.join(map(str, range(51)))}")[0] == 422


def test_a_changed_person_is_found_by_the_window(greenhouse, client):
    candidate = next(iter(greenhouse.world.candidates))
    since = greenhouse.world.clock.now()
    greenhouse.world.edit_candidate(candidate.id, first_name="Renamed")
    until = iso(greenhouse.world.clock.now())

    rows = client.all(f"/v3/candidates?updated_at={quote(f'gte|{iso(since)}|lte|{until}')}")

    assert [(row["id"], row["first_name"]) for row in rows] == [(candidate.id, "Renamed")]


def test_a_move_changes_the_application_and_its_stays(greenhouse, client):
    application = active(greenhouse.world)
    stages = greenhouse.world.stages_of(application.job_id)
    target = next(stage for stage in stages if stage.id != application.stage_id)
    before = len(client.all(f"/v3/application_stages?application_ids={application.id}"))

    status, _ = client.send("POST", f"/v3/applications/{application.id}/move", {"to_stage_id": target.id})

    shown = client.all(f"/v3/applications?ids={application.id}")[0]
    stays = client.all(f"/v3/application_stages?application_ids={application.id}")
    assert (status, shown["job_interview_stage_id"], shown["status"]) == (204, target.id, "in_process")
    assert len(stays) == before + 1
    assert [stay["id"] for stay in stays if stay["current"]] == [shown["stage_id"]]


def test_a_token_expires_and_a_wrong_secret_gets_none(greenhouse, client):
    assert Client(greenhouse.url).authorise("wrong") == 401
    assert client.send("GET", "/v3/jobs")[0] == 200
    greenhouse.world.clock.advance(3601)
    assert client.send("GET", "/v3/jobs")[0] == 401
    client.authorise()
    assert client.send("GET", "/v3/jobs")[0] == 200


def test_a_refresh_token_is_good_for_one_use(greenhouse, client):
    basic = base64.b64encode(b"greenhouse-client:greenhouse-secret").decode()
    token = greenhouse.dialect.partner_token()
    body = f"grant_type=refresh_token&refresh_token={token}".encode()

    statuses = [client.send("POST", "/token", body, {"Authorization": f"Basic {basic}"})[0] for _ in range(2)]

    assert statuses == [200, 400]


def test_a_missing_scope_is_a_403():
    with Simulator.of("greenhouse", people=3, scopes={"harvest:candidates:list"}) as ats:
        client = Client(ats.url)
        client.authorise()
        assert client.send("GET", "/v3/candidates")[0] == 200
        assert client.send("GET", "/v3/eeoc")[0] == 403
        assert client.send("POST", "/v3/notes", {})[0] == 403


def test_the_limit_counts_a_window_and_says_when_it_ends():
    with Simulator.of("greenhouse", people=1, limit=3) as ats:
        client = Client(ats.url)
        client.authorise()
        # Eight of them meet at most one end of a window, in which three are free.
        statuses = [client.send("GET", "/v3/jobs")[0] for _ in range(8)]
        assert 2 <= statuses.count(429) <= 5
        while client.send("GET", "/v3/jobs")[0] != 429:
            pass
        assert (client.headers["X-RateLimit-Limit"], client.headers["X-RateLimit-Remaining"]) == ("3", "0")
        wait = int(client.headers["Retry-After"])
        assert 1 <= wait <= 30
        ats.world.clock.advance(wait + 1)
        assert client.send("GET", "/v3/jobs")[0] == 200


def test_service_users_and_default_reasons_are_hidden(greenhouse, client):
    world = greenhouse.world

    assert len(client.all("/v3/users")) == len(world.users) - 1
    assert len(client.all("/v3/users?show_service_accounts=true&per_page=2")) == 7
    assert len(client.all("/v3/rejection_reasons")) == len(world.reject_reasons.where(default=False))
    assert len(client.all("/v3/rejection_reasons?include_defaults=true")) == len(world.reject_reasons)


def test_a_file_is_there_for_seven_days(greenhouse, client):
    candidate = next(iter(greenhouse.world.candidates))
    greenhouse.world.attach(candidate.id, "cv.txt", b"I was here.")
    url = client.all(f"/v3/attachments?candidate_ids={candidate.id}")[0]["url"].removeprefix(greenhouse.url)

    assert client.send("GET", url, headers={"Authorization": ""}) == (200, b"I was here.")
    assert client.send("GET", url.replace("/files/", "/files/1"))[0] == 403
    greenhouse.world.clock.advance(7 * DAY / 1000 + 1)
    assert client.send("GET", url)[0] == 403


def test_a_webhook_is_pinged_signed_and_retried(greenhouse, receiver):
    hook = greenhouse.webhooks.subscribe(receiver.url, "hush")
    receiver.statuses = [500, 302]
    candidate = next(iter(greenhouse.world.candidates))
    greenhouse.world.edit_candidate(candidate.id, title="<b>Ünïcode</b>")

    assert greenhouse.webhooks.drain(5)
    assert hook.enabled
    assert receiver.actions() == ["ping", "update_candidate", "update_candidate", "update_candidate"]
    for headers, body in receiver.taken:
        assert headers["Signature"] == "sha256 " + hmac.new(b"hush", body, hashlib.sha256).hexdigest()
    assert rb"\u003cb\u003e\u00dcn\u00efcode\u003c/b\u003e" in receiver.taken[-1][1]
    assert len({headers["Greenhouse-Event-ID"] for headers, _ in receiver.taken}) == 2


def test_a_hook_that_fails_its_ping_is_off(greenhouse, receiver):
    receiver.statuses = [403]
    assert not greenhouse.webhooks.subscribe(receiver.url, "hush").enabled


def test_a_receiver_that_starts_late_is_waited_for(greenhouse, receiver):
    receiver.statuses = [503]
    assert greenhouse.webhooks.subscribe(receiver.url, "hush", patience=10).enabled
    assert receiver.actions() == ["ping", "ping"]


def test_a_merge_tells_the_winner_and_keeps_all(greenhouse, client, receiver):
    world = greenhouse.world
    loser, winner = (row for row in list(world.candidates)[:2])
    emails = {entry["value"] for entry in [*loser.emails, *winner.emails]}
    applications = {row.id for one in (loser, winner) for row in world.applications.where(candidate_id=one.id)}
    greenhouse.webhooks.subscribe(receiver.url, "hush")
    world.merge(loser.id, winner.id)
    greenhouse.webhooks.drain(5)

    dropped = {json.loads(body)["payload"]["application"]["id"] for _, body in receiver.taken[1:-1]}
    assert receiver.actions()[-1] == "merge_candidate"
    assert "delete_candidate" not in receiver.actions()
    assert receiver.payload()["person"]["new_candidate_id"] == winner.id
    assert client.all(f"/v3/candidates?ids={loser.id}") == []
    assert {entry["value"] for entry in client.all(f"/v3/candidates?ids={winner.id}")[0]["email_addresses"]} == emails
    left = {row["id"] for row in client.all(f"/v3/applications?candidate_ids={winner.id}")}
    assert left | dropped == applications


def test_deleting_and_anonymising_are_told_by_webhook_alone(greenhouse, client, receiver):
    greenhouse.webhooks.subscribe(receiver.url, "hush")
    first, second = list(greenhouse.world.candidates)[:2]
    gone = [row.id for row in greenhouse.world.applications.where(candidate_id=first.id)]
    greenhouse.world.delete_candidate(first.id)
    greenhouse.world.anonymise(second.id)
    greenhouse.webhooks.drain(5)

    assert receiver.actions() == ["ping", "delete_candidate", "candidate_anonymized"]
    assert json.loads(receiver.taken[1][1])["payload"]["person"]["deleted_application_ids"] == gone
    assert receiver.payload()["candidate_id"] == second.id
    assert client.send("GET", "/v3/deleted_candidates")[0] == 404


def test_a_bulk_change_is_told_to_nobody_but_seen_by_polling(greenhouse, client, receiver):
    greenhouse.webhooks.subscribe(receiver.url, "hush")
    since = greenhouse.world.clock.now()
    moved = greenhouse.world.bulk_move(list(greenhouse.world.applications.ids), 3)
    greenhouse.webhooks.drain(5)

    assert receiver.actions() == ["ping"]
    assert moved
    rows = client.all(f"/v3/applications?updated_at={quote(f'gte|{iso(since)}')}")
    assert {row["id"] for row in rows} == set(moved)


def test_webhooks_get_lost_repeated_and_forged(greenhouse, receiver):
    greenhouse.webhooks.subscribe(receiver.url, "hush")
    greenhouse.webhooks.mishaps = Mishaps(lost=0.3, repeated=0.3, forged=0.3, late=0.3, late_by=0.01, reordered=0.2)
    candidate = next(iter(greenhouse.world.candidates))
    for number in range(60):
        greenhouse.world.edit_candidate(candidate.id, title=f"Number {number}")
    assert greenhouse.webhooks.drain(5)

    right = [body for headers, body in receiver.taken if signed(headers, body)][1:]
    numbers = [json.loads(body)["payload"]["candidate"]["title"] for body in right]
    assert 0 < len(receiver.taken) - 1 - len(right) < 40
    assert 20 < len(set(numbers)) < 60
    assert len(numbers) > len(set(numbers))
    assert numbers != sorted(numbers, key=lambda title: int(title.split()[1]))


def signed(headers: dict[str, str], body: bytes) -> bool:
    return headers["Signature"] == "sha256 " + hmac.new(b"hush", body, hashlib.sha256).hexdigest()


def test_faults_strike_as_scripted(greenhouse, client):
    faults, before = greenhouse.faults, len(greenhouse.world.notes)
    note = {"candidate_id": greenhouse.world.candidates.ids[0], "body": "Written"}

    faults.add("too_many", path="/v3/jobs", times=1, retry_after=7)
    assert (client.send("GET", "/v3/jobs")[0], client.headers["Retry-After"]) == (429, "7")
    faults.add("error", path="/v3/jobs", times=1, status=502, after=1)
    assert [client.send("GET", "/v3/jobs")[0] for _ in range(3)] == [200, 502, 200]
    faults.add("cut", method="POST", times=1)
    with pytest.raises(ConnectionError):
        client.send("POST", "/v3/notes", note)
    assert len(greenhouse.world.notes) == before
    faults.add("lost", method="POST", times=1)
    with pytest.raises(ConnectionError):
        client.send("POST", "/v3/notes", note)
    assert len(greenhouse.world.notes) == before + 1
    faults.add("half", times=1)
    with pytest.raises(http.client.IncompleteRead):
        client.send("GET", "/v3/jobs")
    faults.add("forbid", path="/v3/offers")
    assert client.send("GET", "/v3/offers")[0] == 403
    faults.add("forbid_field", field="email_addresses")
    assert "email_addresses" not in client.send("GET", "/v3/candidates")[1][0]
    faults.clear()
    faults.add("expire_token", times=1)
    assert [client.send("GET", "/v3/jobs")[0] for _ in range(2)] == [401, 401]
    with pytest.raises(ValueError, match="no fault 'rain'"):
        faults.add("rain")


def test_somebody_is_deleted_between_two_pages(greenhouse, client):
    everybody = set(greenhouse.world.candidates.ids)
    client.send("GET", "/v3/candidates?per_page=20")
    gone = greenhouse.world.candidates.ids[5]
    greenhouse.faults.add("delete", times=1, candidate_id=gone)

    _, rest = client.send("GET", client.link)

    assert {row["id"] for row in rest} == set(sorted(everybody)[:20]) - {gone}


def test_the_control_address_does_all_of_it(greenhouse, client):
    assert client.send("POST", "/_simulator/faults", {"kind": "error", "path": "/v3/jobs"})[0] == 200
    assert client.send("GET", "/v3/jobs")[0] == 503
    assert client.send("DELETE", "/_simulator/faults")[1] == []
    candidate = greenhouse.world.candidates.ids[0]
    done = {"act": "edit_candidate", "args": {"candidate_id": candidate, "company": "Elsewhere"}}
    assert client.send("POST", "/_simulator/do", done)[1]["company"] == "Elsewhere"
    assert client.send("POST", "/_simulator/random", {"changes": 5})[1]["made"] == 5
    assert client.send("POST", "/_simulator/do", {"act": "shutdown"})[0] == 422
    state = client.send("GET", "/_simulator/state?only=jobs")[1]
    assert {int(key) for key in state["jobs"]} == set(greenhouse.world.jobs.ids)
    assert client.send("GET", "/_simulator/requests")[1][0]["path"] == "/token"


def test_people_are_the_same_from_the_same_seed_and_ten_changes_too():
    snapshots = []
    for _ in range(2):
        world, dice = populate(World(), people=30, seed=5), random.Random(3)
        kinds = [random_change(world, dice).kind for _ in range(10)]
        names = [(row.first_name, row.last_name, row.title) for row in world.candidates]
        snapshots.append((kinds, names))

    assert snapshots[0] == snapshots[1]


def test_a_killed_world_goes_on(tmp_path):
    state, dice = tmp_path / "world.json", random.Random(3)
    world = populate(World(state=state), people=20)
    for _ in range(200):
        random_change(world, dice)
    with state.open("a") as file:
        file.write('{"t": "jobs", "row": {"id": 99')  # where the kill came

    again = World(state=state)
    world.close()
    again.close()

    assert again.snapshot(stamps=True) == world.snapshot(stamps=True)
    assert again.new_id() > max(table.ids[-1] for table in world.tables.values() if table.ids)


def test_a_killed_process_goes_on_with_what_was_done(tmp_path):
    command = [
        sys.executable,
        "-m",
        "tests.simulators.ats",
        "greenhouse",
        "--people",
        "5",
        "--state",
        str(tmp_path / "s"),
    ]
    names = []
    for _ in range(2):
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            about = json.loads(process.stdout.readline())
            client = Client(about["url"])
            client.authorise()
            candidate = client.all("/v3/candidates")[0]
            names.append(candidate["first_name"])
            client.send("PATCH", f"/v3/candidates/{candidate['id']}", {"first_name": "Zelda"})
            process.send_signal(signal.SIGKILL)

    assert names[0] != "Zelda"
    assert names[1] == "Zelda"


def form(client: Client, path: str, body: str) -> tuple[int, str | None]:
    status, _ = client.send("POST", f"/desk/{path}", body.encode())
    return status, client.headers["Location"]


def test_the_pages_do_what_their_buttons_say(greenhouse, client, receiver):
    world = greenhouse.world
    application = active(world)
    person, other = world.candidates.get(application.candidate_id), world.candidates.ids[-1]
    stage = next(stage for stage in world.stages_of(application.job_id) if stage.id != application.stage_id)
    greenhouse.webhooks.subscribe(receiver.url, "hush")
    here = f"/desk/candidate/{person.id}"

    assert form(client, f"application/{application.id}/move", f"stage={stage.id}") == (303, here)
    assert form(client, f"candidate/{person.id}/note", "body=%3Cscript%3E") == (303, here)
    assert b"&lt;script&gt;" in client.send("GET", here)[1]
    edited = "first_name=Ann&last_name=Lee&title=&company=&email=ann%40lee.example&silent=1"
    assert form(client, f"candidate/{person.id}/edit", edited) == (303, here)
    assert (person.name, person.emails[0]["value"]) == ("Ann Lee", "ann@lee.example")
    assert b"Ann Lee" in client.send("GET", "/?q=ann%40lee")[1]
    assert form(client, f"application/{application.id}/hire", "") == (303, here)
    assert form(client, f"application/{application.id}/hire", "")[0] == 422
    assert form(client, "new", "first_name=New&last_name=One&email=")[0] == 303
    assert len(world.candidates.where(first_name="New", last_name="One")) == 1
    assert form(client, f"candidate/{person.id}/merge", f"winner={other}") == (303, f"/desk/candidate/{other}")
    assert form(client, f"candidate/{other}/delete", "") == (303, "/")
    assert client.send("GET", f"/desk/candidate/{other}")[0] == 404
    assert greenhouse.webhooks.drain(5)
    told = [action for action in receiver.actions() if action not in ("offer_updated", "delete_application")]
    assert told == [
        *("ping", "candidate_stage_change", "hire_candidate", "new_prospect_application"),
        *("merge_candidate", "delete_candidate"),
    ]
