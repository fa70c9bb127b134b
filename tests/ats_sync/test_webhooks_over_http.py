"""Webhooks at the real web server: what is far too large, no text, or unknown costs an answer and nothing else."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from ats_sync.actions.connections import create_connection
from ats_sync.models import Connection, ConnectionState, Event
from tests.workers import ROOT, environment, until

MB = 2**20
ROOM = 40 * MB  # what a server may grow by while 20 such bodies of 20 MB come: far less than they are


@pytest.fixture
def web(transactional_db):
    """Granian as `make up` starts it, on the test's database: its process id and port."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "granian", "--interface=wsgi", "--host=127.0.0.1", f"--port={port}"]
    process = subprocess.Popen(
        [*command, "--blocking-threads=4", "--no-ws", "crm.wsgi:application"],
        cwd=ROOT, env=os.environ | environment() | {"LOG_LEVEL": "ERROR"}, start_new_session=True,
    )  # fmt: skip
    until(lambda: answers(port), seconds=60)
    yield process.pid, port
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def answers(port):
    try:
        return send(port, "/help/", b"", method="GET")
    except OSError:
        return None


def send(port, path, body, *, headers=None, method="POST"):
    talk = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        talk.request(method, path, body, {"Content-Type": "application/json", **(headers or {})})
        return talk.getresponse().status
    except (BrokenPipeError, ConnectionResetError):  # it need not take in what it refuses
        return "cut off"
    finally:
        talk.close()


def held_by(pid):
    """Bytes of the server's processes: the most they ever held."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    peaks = [
        int(line.split()[1]) * 1024
        for each in [str(pid), *children]
        for line in Path(f"/proc/{each}/status").read_text().splitlines()
        if line.startswith("VmHWM")
    ]
    return sum(peaks)


@pytest.fixture
def connection(web, tenant, member):
    found = create_connection("greenhouse", "", {"client_id": "c", "client_secret": "s"}, by=member)
    Connection.objects.filter(pk=found.pk).update(state=ConnectionState.PAUSED)
    found.refresh_from_db()
    return found


def signed(connection, body):
    import hashlib
    import hmac

    digest = hmac.new(connection.webhook_secret.encode(), body, hashlib.sha256).hexdigest()
    return {"Signature": f"sha256 {digest}", "Greenhouse-Event-ID": digest[:16]}


def test_a_message_of_20_mb_is_refused_and_not_held(web, connection):
    pid, port = web
    path, body = f"/webhooks/ats/{connection.address}/", b"x" * (20 * MB)
    assert send(port, path, b"{}", headers=signed(connection, b"{}")) in (200, 400)
    before = held_by(pid)
    assert {send(port, path, body) for _ in range(20)} <= {413, "cut off"}
    assert held_by(pid) - before < ROOM
    assert Event.objects.count() == 0


def test_a_length_alone_is_answered_before_anything_is_sent(web, connection):
    """20 MB that are announced are refused although not a byte of them came."""
    _, port = web
    with socket.create_connection(("127.0.0.1", port), timeout=60) as talk:
        head = (
            f"POST /webhooks/ats/{connection.address}/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {20 * MB}\r\n\r\n"
        )
        talk.sendall(head.encode())
        assert talk.recv(100).split()[1] == b"413"


def test_no_utf_8_and_no_json_are_refused_and_unknown_events_answered(web, connection):
    _, port = web
    path = f"/webhooks/ats/{connection.address}/"
    unknown = json.dumps({"action": "coffee_brewed", "payload": {}}).encode()
    found = {
        "invalid UTF-8": send(
            port, path, b'{"action": "\xff\xfe"}', headers=signed(connection, b'{"action": "\xff\xfe"}')
        ),
        "no JSON": send(port, path, b"<xml/>", headers=signed(connection, b"<xml/>")),
        "wrong signature": send(port, path, unknown, headers={"Signature": "sha256 00", "Greenhouse-Event-ID": "1"}),
        "unknown event": send(port, path, unknown, headers=signed(connection, unknown)),
        "unknown address": send(port, "/webhooks/ats/nobody/", unknown),
    }
    assert found == {
        "invalid UTF-8": 400,
        "no JSON": 400,
        "wrong signature": 401,
        "unknown event": 200,
        "unknown address": 404,
    }
