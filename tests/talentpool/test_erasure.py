from datetime import UTC, datetime

import pytest

from crm.models import AuditEntry
from talentpool.actions.edits import edit_candidate
from talentpool.actions.erasure import erase_candidate
from talentpool.actions.files import add_file
from talentpool.actions.people import IncomingRecord, Outcome, create_candidate, preview_profiles, receive_profiles
from talentpool.models import (
    Activity,
    Candidate,
    Consent,
    ErasedKey,
    FieldEdit,
    File,
    FileContent,
    IdentityKey,
    ImportRun,
    Note,
    Profile,
    ProfileKind,
    Source,
    Suppression,
)
from talentpool.person import PersonFields
from talentpool.signals import candidate_erased

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)
ADA = {"name": "Ada Lovelace", "emails": ("ada@example.org",), "phones": ("+1 559 555 0142",)}


@pytest.fixture
def source(tenant):
    return Source.objects.create(name="Job fair")


def arrive(source, **fields):
    [received] = receive_profiles([IncomingRecord(source, ProfileKind.ROW, PersonFields(**fields))], by=None)
    return received


def erased(source, member, **fields):
    candidate = Candidate.objects.get(pk=arrive(source, **fields).candidate_id)
    erase_candidate(candidate, reason="asked by mail", by=member, now=NOW)
    return candidate


def test_erasing_removes_all_that_is_the_persons_and_nothing_of_others(source, member):
    ada = Candidate.objects.get(pk=arrive(source, **ADA).candidate_id)
    bob = Candidate.objects.get(pk=arrive(source, name="Bob", emails=("bob@example.org",)).candidate_id)
    for person in (ada, bob):
        edit_candidate(person, {"headline": "x"}, by=member)
        Note.objects.create(candidate=person, origin=person, text="…", by=member, at=NOW)
        Consent.objects.create(candidate=person, origin=person, basis="consent", granted_at=NOW)
        Suppression.objects.create(address=person.email, reason="bounced", at=NOW)
    file = File.objects.create(candidate=ada, origin=ada, name="ada.pdf", media_type="x/y", size=1, sha256="0" * 64)
    FileContent.objects.create(file=file, content=b"x")
    ImportRun.objects.create(file=file, source=source, kind="resumes", by=member)
    erase_candidate(ada, reason="asked by mail", by=member, now=NOW)
    ada.refresh_from_db()
    left = {
        model.__name__: model.objects.count()
        for model in (Profile, IdentityKey, FieldEdit, Activity, Note, Consent, FileContent)
    }
    assert left == {
        "Profile": 1,
        "IdentityKey": 1,
        "FieldEdit": 1,
        "Activity": 2,
        "Note": 1,
        "Consent": 1,
        "FileContent": 0,
    }
    assert [ada.name, ada.email, ada.contact_points, ada.lineage, ada.erased_at] == ["", "", [], {}, NOW]
    assert list(Suppression.objects.values_list("address", flat=True)) == ["bob@example.org"]
    assert list(File.objects.values_list("name", "candidate")) == [("Erased", None)]
    entry = AuditEntry.objects.get(verb="candidate.erased")
    assert [entry.subject_label, entry.detail] == [f"Person {ada.pk}", {"reason": "asked by mail"}]


def test_no_audit_entry_names_the_erased(source, member, client):
    ada = Candidate.objects.get(pk=create_candidate(PersonFields(**ADA), by=member).candidate_id)
    file = add_file(ada, name="Ada Lovelace.txt", content=b"Ada", by=member)
    log = client.get("/o/acme/settings/audit/").content.decode()
    assert ("Ada Lovelace</bdi>" in log, "Ada Lovelace.txt</bdi>" in log) == (True, True)
    erase_candidate(ada, reason="asked by mail", by=member, now=NOW)
    labels = AuditEntry.objects.order_by("pk").values_list("verb", "subject_label")
    assert list(labels) == [
        ("candidate.created", f"Person {ada.pk}"),
        ("file.added", f"File {file.pk}"),
        ("candidate.erased", f"Person {ada.pk}"),
    ]
    assert "Ada" not in client.get("/o/acme/settings/audit/").content.decode()


def test_erased_person_is_kept_out_by_any_key(source, member):
    erased(source, member, **ADA)
    records = [
        IncomingRecord(source, ProfileKind.ROW, PersonFields(**fields))
        for fields in (
            ADA,
            {"name": "A. King", "emails": ("Ada@Example.org",)},
            {"name": "Ada Lovelace", "phones": ("(559) 555-0142",)},
            {"name": "George Lovelace", "phones": ("(559) 555-0142",)},
            {"name": "Ada Lovelace"},
        )
    ]
    kept_out = [Outcome.ERASED, Outcome.ERASED, Outcome.ERASED, Outcome.NEW, Outcome.NEW]
    assert [each.outcome for each in preview_profiles(records)] == kept_out
    assert [each.outcome for each in receive_profiles(records, by=None)] == kept_out
    assert create_candidate(PersonFields(**ADA), by=member).outcome == Outcome.ERASED


def test_erased_record_without_keys_is_kept_out_when_it_is_sent_again(source, member):
    erased(source, member, name="Ada Lovelace", headline="Countess")
    again = arrive(source, name="Ada Lovelace", headline="Countess")
    other = arrive(source, name="Ada Lovelace")
    assert [again.outcome, other.outcome] == [Outcome.ERASED, Outcome.NEW]


def test_what_is_kept_says_nothing_about_the_person(source, member):
    erased(source, member, **ADA)
    kept = list(ErasedKey.objects.values_list("hash", flat=True))
    assert [len(kept), {len(each) for each in kept}] == [3, {64}]


def test_erasing_is_news_for_the_apps_above_and_happens_once(source, member):
    heard = []

    def hear(**news):
        heard.append(news["candidate_id"])

    candidate_erased.connect(hear)
    try:
        ada = erased(source, member, **ADA)
        erase_candidate(ada, reason="again", by=member)
    finally:
        candidate_erased.disconnect(hear)
    assert [heard, AuditEntry.objects.filter(verb="candidate.erased").count()] == [[ada.pk], 1]


def test_people_merged_into_the_erased_one_are_erased_too(source, member):
    ada = Candidate.objects.get(pk=arrive(source, **ADA).candidate_id)
    absorbed = Candidate.objects.create(name="A. Lovelace", email="a@example.org", merged_into=ada)
    erase_candidate(ada, reason="asked", by=member, now=NOW)
    absorbed.refresh_from_db()
    assert [absorbed.name, absorbed.email, absorbed.erased_at, absorbed.merged_into] == ["", "", NOW, ada]
