"""Somebody who is deleted or made anonymous in the ATS: what came only from there goes by the same event."""

import pytest
from django.db.models import F
from django.utils import timezone

from ats_sync.actions.applying import apply_changes
from ats_sync.models import AtsRecord
from ats_sync.vocabulary import (
    ApplicationRecord,
    FileRecord,
    Gone,
    How,
    JobRecord,
    Kind,
    NoteRecord,
    PersonRecord,
    StepRecord,
)
from talentpool.actions.files import add_file
from talentpool.actions.notes import add_note
from talentpool.actions.tags import tag_named, tag_people
from talentpool.models import (
    Activity,
    ActivityKind,
    Application,
    ApplicationState,
    ApplicationStep,
    Candidate,
    CandidateTag,
    File,
    FileContent,
    Note,
    Profile,
)
from talentpool.models.tag import SILVER_MEDALIST
from talentpool.person import PersonFields

NOW = timezone.now()
TOLD = [ActivityKind.APPLICATION, ActivityKind.NOTED, ActivityKind.FILE_ADDED]


def records(key, name="Anna Berg"):
    """A person with everything that an ATS may say of her; her application was rejected after an interview."""
    fields = PersonFields(name=name, emails=(f"{name.split()[0].lower()}@people.example",))
    return [
        PersonRecord(id=key, fields=fields, tags=("Nights", "Bilingual")),
        ApplicationRecord(
            id=f"a{key}", person=key, job="j", stage_name="Interview", state=ApplicationState.REJECTED, reason="Too far"
        ),
        NoteRecord(id=f"n{key}", person=key, text=f"Spoke with {key}", author="Rita"),
        FileRecord(id=f"f{key}", person=key, name=f"{key}.txt", url="http://x.example/f"),
        StepRecord(what=Kind.INTERVIEW, id=f"i{key}", application=f"a{key}", words="Talk", at=NOW),
    ]


@pytest.fixture
def connection(greenhouse, connect):
    return connect(greenhouse)


@pytest.fixture
def bring(connection):
    def brought(key, content=None, **kwargs):
        files = {f"f{key}": content or f"Resume of {key}".encode()}
        apply_changes(connection, [JobRecord(id="j", title="Nurse"), *records(key, **kwargs)], now=NOW, files=files)
        return AtsRecord.objects.get(kind=Kind.PERSON, external_id=key).candidate

    return brought


def left_of(person):
    return {
        "applications": Application.objects.filter(candidate=person).count(),
        "notes": sorted(Note.objects.filter(candidate=person).values_list("text", flat=True)),
        "files": sorted(File.objects.filter(candidate=person).values_list("name", flat=True)),
        "tags": sorted(CandidateTag.objects.filter(candidate=person).values_list("tag__name", flat=True)),
        "story": Activity.objects.filter(candidate=person, kind__in=TOLD).count(),
        "profiles": Profile.objects.filter(candidate=person).count(),
    }


NOTHING = {"applications": 0, "notes": [], "files": [], "tags": [], "story": 0}


def test_deleted_there_only_the_person_stays(connection, bring):
    person, other = bring("p"), bring("q", name="Berta Lund")
    before = left_of(other)
    assert before["tags"] == ["Bilingual", "Nights", SILVER_MEDALIST]
    apply_changes(connection, [Gone(what=Kind.PERSON, id="p", how=How.DELETED)], now=NOW)
    assert left_of(person) == {**NOTHING, "profiles": 1}
    assert left_of(other) == before
    assert FileContent.objects.count() == 1
    living = AtsRecord.objects.filter(candidate=person, gone_at=None)
    assert list(living.values_list("kind", flat=True)) == []


def test_made_anonymous_there_nothing_stays(connection, bring):
    person = bring("p")
    apply_changes(connection, [Gone(what=Kind.PERSON, id="p", how=How.ANONYMISED)], now=NOW)
    assert left_of(person) == {**NOTHING, "profiles": 0}
    assert Candidate.objects.get(pk=person.pk).erased_at is not None
    assert File.objects.count() == 0


@pytest.mark.parametrize("how", [How.DELETED, How.ANONYMISED])
def test_what_colleagues_wrote_and_added_stays(connection, bring, member, how):
    person = bring("p", content=b"The same file")
    add_note(person, "Call in May", by=member)
    add_file(person, "ours.txt", b"Ours", by=member)
    tag_people(tag_named("Ours"), [person.pk], by=member)
    Profile.objects.create(
        candidate=person, origin=person, source=_hand(), kind="hand", fingerprint="x", observed_at=NOW,
        fields=PersonFields(name="Anna Berg", emails=("anna@people.example",)).to_json(),
    )  # fmt: skip
    apply_changes(connection, [Gone(what=Kind.PERSON, id="p", how=how)], now=NOW)
    left = left_of(person)
    assert (left["notes"], left["files"], left["tags"]) == (["Call in May"], ["ours.txt"], ["Ours"])
    assert Candidate.objects.get(pk=person.pk).erased_at is None


def test_what_another_record_of_hers_still_holds_stays(connection, bring):
    """Twice there, one person here: the same résumé and the same tags."""
    person = bring("p", content=b"The same file")
    assert bring("p2", content=b"The same file") == person
    apply_changes(connection, [Gone(what=Kind.PERSON, id="p", how=How.DELETED)], now=NOW)
    left = left_of(person)
    assert (left["applications"], left["notes"], left["files"]) == (1, ["Spoke with p2"], ["p.txt"])
    assert left["tags"] == ["Bilingual", "Nights", SILVER_MEDALIST]


def test_told_twice_and_late_it_stays_gone(connection, bring):
    person = bring("p")
    gone = Gone(what=Kind.PERSON, id="p", how=How.DELETED)
    for _ in range(2):
        apply_changes(connection, [gone], now=NOW)
    late = apply_changes(connection, records("p")[1:], now=NOW, heard_at=NOW, files={"fp": b"x"})
    assert left_of(person) == {**NOTHING, "profiles": 1}
    assert (Kind.NOTE, "np") in late.again


def _hand():
    from talentpool.models import Source, SourceKind

    return Source.objects.create(name="By hand", kind=SourceKind.HAND)


def test_nothing_of_the_anonymised_comes_back_although_lists_name_it(connection, bring):
    """She stays in the pool, for a colleague knows her too."""
    person = bring("p")
    Profile.objects.create(
        candidate=person, origin=person, source=_hand(), kind="hand", fingerprint="x", observed_at=NOW,
        fields=PersonFields(name="Anna Berg", emails=("anna@people.example",)).to_json(),
    )  # fmt: skip
    apply_changes(connection, [Gone(what=Kind.PERSON, id="p", how=How.ANONYMISED)], now=NOW)
    listed = [each for each in records("p") if not isinstance(each, PersonRecord)]
    apply_changes(connection, listed, now=NOW, files={"fp": b"x"})
    assert left_of(person) == {**NOTHING, "profiles": 1}
    assert not AtsRecord.objects.filter(candidate=person, gone_at=None).exists()


@pytest.mark.parametrize("how", [How.DELETED, How.ANONYMISED, How.MERGED])
def test_her_records_may_go_in_the_same_batch_as_she(connection, bring, how):
    bring("1")
    other = bring("2", name="Berta Lund")
    gone = [
        Gone(what=Kind.PERSON, id="1", how=how, into="2" if how is How.MERGED else ""),
        *(
            Gone(what=kind, id=f"{kind.value[0]}1", how=How.DELETED)
            for kind in (Kind.APPLICATION, Kind.NOTE, Kind.FILE)
        ),
        Gone(what=Kind.INTERVIEW, id="i1", how=How.DELETED),
    ]
    apply_changes(connection, gone, now=NOW)
    assert not AtsRecord.objects.filter(parent="1", gone_at=None).exclude(kind=Kind.PERSON).exists()
    steps = ApplicationStep.objects.exclude(application__candidate=F("candidate"))
    assert list(steps) == []
    assert left_of(other)["applications"] == (2 if how is How.MERGED else 1)
