import csv
import io
import json
import zipfile
from datetime import timedelta
from hashlib import sha256

import pytest
from django.utils import timezone

from crm.models import AuditEntry, BulkRun, PoolArchive
from crm.tasks import work_on_bulk_run
from sourcing.actions.chaining import chain_entries
from sourcing.actions.positions import give_position
from sourcing.actions.searches import log_opened
from sourcing.digests import words_digest
from sourcing.models import SearchLogLink
from talentpool.actions.files import add_file
from talentpool.models import Job
from tests.conftest import make_member, signed_in
from tests.factories.people import make_candidate
from tests.sourcing.conftest import searched

LOG = "/o/acme/sourcing/log/"
RESUME = b"%PDF-1.4 Adaeze Nwosu, ICU nurse"


@pytest.fixture
def exported(client, member, tenant):
    """A position's search of two people, one of whom was opened, and another position's."""
    job, other = Job.objects.create(title="=Charge Nurse"), Job.objects.create(title="Welder")
    opened, shown = make_candidate("Adaeze Nwosu"), make_candidate("Tom Reyes")
    for person in (opened, shown):
        add_file(person, name="resume.pdf", content=RESUME if person is opened else b"%PDF-1.4 Tom", by=member)
    now = timezone.now() + timedelta(seconds=1)
    search = searched(member, "nurse", opened.pk, shown.pk, now=now)
    log_opened(opened.pk, act="profile", by=member, now=now)
    give_position(job=job, by=member, now=now)
    later = now + timedelta(hours=1)
    searched(member, "welder", shown.pk, now=later)
    give_position(job=other, by=member, now=later)
    chain_entries()
    client.post(f"{LOG}export/", {"position": f"job:{job.pk}"})
    run = BulkRun.objects.get(kind="search_log")
    work_on_bulk_run.apply(args=[run.pk])
    return search, opened, shown, BulkRun.objects.get(pk=run.pk)


def taken(client, run):
    return zipfile.ZipFile(io.BytesIO(b"".join(client.get(f"{LOG}exports/{run.pk}/").streaming_content)))


def table(archive, name):
    return list(csv.reader(io.StringIO(archive.read(name).decode("utf-8-sig"))))


def test_the_zip_holds_the_position_s_searches_people_and_resumes(client, member, exported):
    search, opened, shown, run = exported
    assert (run.state, run.error) == ("done", "")
    archive, digest = taken(client, run), sha256(RESUME).hexdigest()
    assert archive.testzip() is None
    assert archive.namelist() == ["README.txt", "searches.csv", "people.csv", "log.jsonl", f"resumes/{digest}.pdf"]
    assert archive.read(f"resumes/{digest}.pdf") == RESUME
    assert [row[:5] for row in table(archive, "searches.csv")[1:]] == [
        [str(search.pk), search.at.isoformat(), member.name, "'=Charge Nurse", "nurse"]
    ]
    assert [(row[1], row[2], row[3], row[6]) for row in table(archive, "people.csv")[1:]] == [
        (str(opened.pk), "Adaeze Nwosu", "shown", ""),
        (str(shown.pk), "Tom Reyes", "shown", ""),
        (str(opened.pk), "Adaeze Nwosu", "opened", digest),
    ]
    assert AuditEntry.objects.filter(verb="search_log.export_downloaded").count() == 1


def test_what_verifies_the_log_is_in_the_zip(client, exported):
    search, _, _, run = exported
    lines = [json.loads(line) for line in taken(client, run).read("log.jsonl").decode().splitlines()]
    assert [line["kind"] for line in lines] == ["searched", "opened", "position"]
    assert lines[0]["id"] == search.pk
    for line in lines:
        if "said" in line:
            assert words_digest(line["said"], line["salt"]) == line["words_digest"]
        assert line["hash"] == SearchLogLink.objects.get(number=line["number"]).hash


def test_only_who_made_it_takes_it_and_for_a_day(client, tenant, exported):
    run = exported[3]
    colleague = signed_in(make_member(tenant, email="second@acme.example"))
    assert colleague.get(f"{LOG}exports/{run.pk}/").status_code == 404
    PoolArchive.objects.update(expires_at=timezone.now())
    assert client.get(f"{LOG}exports/{run.pk}/")["Location"] == f"/o/acme/runs/{run.pk}/"
