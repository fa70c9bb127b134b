import socket

import pytest

from crm.models import AuditEntry
from talentpool.actions.files import add_file, keep_file
from talentpool.actions.scanning import scan_waiting_files, tenants_with_files_to_scan
from talentpool.models import File, ScanState
from talentpool.scanning import ScannerDown, scan
from tests.factories.people import make_candidate
from tests.simulators.clamd import EICAR, Clamd, running


@pytest.fixture
def clamd(settings):
    simulator = Clamd()
    with running(simulator) as address:
        settings.VIRUS_SCANNER, settings.VIRUS_SCANNER_SECONDS = address, 5
        yield simulator


def nobody_listens():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return f"tcp://127.0.0.1:{taken.getsockname()[1]}"


def code(client, file):
    return client.get(f"/o/acme/people/{file.candidate_id}/files/{file.pk}/").status_code


def states():
    return list(File.objects.order_by("pk").values_list("name", "scan", "scan_note"))


def test_without_a_scanner_files_are_not_scanned_and_open(client, member):
    file = add_file(make_candidate(), "cv.bin", b"x", by=member)
    assert scan_waiting_files() == 0
    assert states() == [("cv.bin", "unscanned", "")]
    assert code(client, file) == 200
    assert "not scanned" in client.get(f"/o/acme/people/{file.candidate_id}/files/").content.decode()
    assert tenants_with_files_to_scan() == []


def test_files_wait_for_the_scanner_and_infected_ones_stay_shut(client, tenant, member, clamd, monkeypatch):
    monkeypatch.setattr("talentpool.actions.files.ask_for_scan", lambda: None)
    person = make_candidate()
    good = add_file(person, "good.bin", b"x" * 200_000, by=member)
    bad = add_file(person, "bad.bin", EICAR, by=member)
    keep_file("import.csv", b"a,b", media_type="text/csv", by=member)
    assert [code(client, good), code(client, bad)] == [403, 403]
    assert tenants_with_files_to_scan() == [tenant.pk]
    assert scan_waiting_files() == 3
    assert states() == [
        ("good.bin", "clean", ""),
        ("bad.bin", "infected", "Eicar-Test-Signature"),
        ("import.csv", "clean", ""),
    ]
    assert [code(client, good), code(client, bad)] == [200, 403]
    page = client.get(f"/o/acme/people/{person.pk}/files/").content.decode()
    assert "The virus scanner found Eicar-Test-Signature" in page
    assert f'href="/o/acme/people/{person.pk}/files/{bad.pk}/"' not in page
    assert AuditEntry.objects.get(verb="file.infected").detail["found"] == "Eicar-Test-Signature"
    assert scan_waiting_files() == 0


def test_upload_is_scanned_as_soon_as_it_is_kept(member, clamd, monkeypatch):
    asked = []
    monkeypatch.setattr("talentpool.tasks.scan_files.delay", lambda: asked.append(1))
    add_file(make_candidate(), "good.bin", b"x", by=member)
    assert asked == [1]


def test_scanner_that_is_away_is_asked_again(client, member, clamd, settings, monkeypatch):
    monkeypatch.setattr("talentpool.actions.files.ask_for_scan", lambda: None)
    address, settings.VIRUS_SCANNER = settings.VIRUS_SCANNER, nobody_listens()
    file = add_file(make_candidate(), "cv.bin", b"x", by=member)
    assert scan_waiting_files() == 0
    assert File.objects.get().scan == ScanState.WAITING
    assert File.objects.get().scan_note.startswith("The scanner does not answer")
    assert code(client, file) == 403
    settings.VIRUS_SCANNER = address
    assert scan_waiting_files() == 1
    assert code(client, file) == 200


def test_file_too_large_for_the_scanner_stays_shut_and_holds_nobody_up(client, member, clamd, monkeypatch):
    monkeypatch.setattr("talentpool.actions.files.ask_for_scan", lambda: None)
    clamd.largest = 100_000
    large = add_file(make_candidate(), "large.bin", b"x" * 400_000, by=member)
    add_file(make_candidate(), "small.bin", b"x", by=member)
    assert scan_waiting_files() == 2
    assert states()[0] == ("large.bin", "unscanned", "The scanner would not look at it: INSTREAM size limit exceeded")
    assert code(client, large) == 403


def test_scanner_at_a_unix_socket_and_one_that_babbles(settings, tmp_path):
    simulator = Clamd()
    with running(simulator, tmp_path / "clamd.ctl") as settings.VIRUS_SCANNER:
        assert scan(b"").is_clean
        simulator.answer = b"hello"
        with pytest.raises(ScannerDown, match="hello"):
            scan(b"x")
    with pytest.raises(ScannerDown):
        scan(b"x")
