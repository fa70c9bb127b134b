"""Files that the demo's people brought in: one whose rows were all good, one with rows that stayed out."""

import csv
import io
from collections.abc import Sequence
from datetime import datetime, timedelta

from analytics.demo.arrivals import SOURCES
from crm.models import Member
from talentpool.actions.import_work import work_on_import
from talentpool.actions.imports import bring_in, choose_columns, start_import
from talentpool.models import (
    Activity,
    ActivityKind,
    Basis,
    Candidate,
    Consent,
    File,
    ImportRun,
    Profile,
    Source,
    SourceKind,
)

HEADINGS = ("Candidate", "E-mail", "Mobile", "Current role", "Town")
FAIR = (
    ("Marisol Quintero", "marisol.quintero@example.com", "559-555-0141", "Medical Assistant", "Clovis, CA"),
    ("Devon Achebe", "devon.achebe@example.com", "559-555-0142", "Phlebotomist", "Fresno, CA"),
    ("Kaitlyn Voss", "kaitlyn.voss@example.com", "", "Radiology Technician", "Madera, CA"),
    ("Samir Haddad", "samir.haddad@example.com", "559-555-0144", "Pharmacy Technician", "Fresno, CA"),
)
BOARD = (
    ("Noor Rahimi", "noor.rahimi@example.com", "559-555-0151", "Registered Nurse", "Visalia, CA"),
    ("Thaddeus Marsh", "thaddeus.marsh at example", "559-555-0152", "Stationary Engineer", "Fresno, CA"),
    ("Ewa Kowalczyk", "ewa.kowalczyk@example.com", "559-555-0153", "Surgical Technologist", "Hanford, CA"),
    ("", "", "", "Registered Nurse", "Tulare, CA"),
    ("Ewa Kowalczyk", "ewa.kowalczyk@example.com", "559-555-0153", "Surgical Technologist", "Hanford, CA"),
    ("Bao Tran", "call first", "559-555-0156", "ICU Nurse", "Fresno, CA"),
)


def import_fair(members: dict[str, Member], *, now: datetime) -> None:
    """Before anybody works with them."""
    source = SOURCES[SourceKind.EVENT][0]
    _import("Sign-ups at the fair.csv", source, FAIR, by=members["tom"], at=now - timedelta(days=23, hours=2))


def import_board(members: dict[str, Member], *, now: datetime) -> None:
    """Nobody has worked with the new ones yet, so undoing it takes them away; somebody was known, and stays."""
    known = Candidate.objects.present().exclude(email="").order_by("pk").values_list("name", "email")[:1]
    rows = [*BOARD, *((name, email, "", "", "Selma, CA") for name, email in known)]
    source = SOURCES[SourceKind.RESUME_BOARD][0]
    _import("Board, nurses and technicians.csv", source, rows, by=members["priya"], at=now - timedelta(days=4))


def _import(name: str, source: str, rows: Sequence[Sequence[str]], *, by: Member, at: datetime) -> None:
    run = start_import(
        name,
        _as_csv(rows),
        source=Source.objects.get(name=source),
        by=by,
        basis=Basis.LEGITIMATE_INTEREST,
        basis_text="Wrote to us, or put a résumé where employers look for people",
    )
    choose_columns(run, run.options["columns"], by=by)
    work_on_import(run.pk, worker="demo")
    run.refresh_from_db()
    bring_in(run, by=by)
    work_on_import(run.pk, worker="demo")
    _set_clock(run, at)


def _as_csv(rows: Sequence[Sequence[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows([HEADINGS, *rows])
    return text.getvalue().encode()


def _set_clock(run: ImportRun, at: datetime) -> None:
    File.objects.filter(pk=run.file_id).update(at=at)
    ended = at + timedelta(minutes=3)
    ImportRun.objects.filter(pk=run.pk).update(created_at=at, started_at=at, ended_at=ended)
    theirs = Profile.objects.filter(import_run=run)
    theirs.update(observed_at=ended, received_at=ended)
    told = Activity.objects.filter(
        kind=ActivityKind.RECEIVED, data__profile__in=list(theirs.values_list("pk", flat=True))
    )
    told.update(at=ended)
    known = Profile.objects.exclude(import_run=run).values("candidate")
    new = Candidate.objects.filter(pk__in=theirs.values("candidate")).exclude(pk__in=known)
    new.update(created_at=ended, updated_at=ended)
    Consent.objects.filter(proof__import=run.pk).update(granted_at=ended)
