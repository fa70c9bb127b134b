"""People of the ATS come into the pool like those of any source: as profiles, which identity brings together."""

from ats_sync.actions.applying.batch import Batch
from ats_sync.actions.rights import look_for_conflicts
from ats_sync.models import AtsRecord
from ats_sync.vocabulary import Kind, PersonRecord
from talentpool.actions.people import IncomingRecord, Outcome, Received, receive_profiles
from talentpool.actions.tags import tag_named
from talentpool.models import CandidateTag, Profile, ProfileKind

MOST_TAGS = 100
MOST_FIELDS = 500  # of the ATS's own


def apply_people(batch: Batch, people: list[PersonRecord]) -> None:
    """Who asked to be erased stays out, whatever the ATS still holds."""
    received = receive_profiles([_record(batch, each) for each in people], by=None, now=batch.now)
    answers = dict(zip((each.id for each in people), received, strict=True))
    called = {key: each.called.get(key, key) for each in people for key in (*each.called, *each.fields.custom)}
    batch.know(Kind.FIELD, called, most=MOST_FIELDS)
    profiles = Profile.objects.in_bulk([each.profile_id for each in received if each.profile_id])
    for each in people:
        answer = answers[each.id]
        if answer.outcome is Outcome.ERASED:
            _leave_out(batch, each)
        else:
            _keep(batch, each, answer, profiles)
    _give_tags(batch, people)
    if people:
        look_for_conflicts(batch.connection, {each.candidate_id for each in profiles.values()}, now=batch.now)


def _record(batch: Batch, person: PersonRecord) -> IncomingRecord:
    return IncomingRecord(
        source=batch.connection.source,
        kind=ProfileKind.ATS,
        fields=person.fields,
        raw=dict(person.raw),
        external_id=person.id,
        observed_at=min(person.updated_at, batch.now) if person.updated_at else batch.now,
    )


def _keep(batch: Batch, person: PersonRecord, answer: Received, profiles: dict[int, Profile]) -> None:
    assert answer.profile_id
    profile = profiles[answer.profile_id]
    known = batch.record(Kind.PERSON, person.id)
    whose = {"candidate_id": profile.candidate_id, "origin_id": profile.origin_id}
    batch.keep(person, profile=profile, content={"tags": list(person.tags[:MOST_TAGS])}, **whose)
    batch.note(person, "changed" if known else "new")


def _leave_out(batch: Batch, person: PersonRecord) -> None:
    batch.records.pop((Kind.PERSON, person.id), None)
    AtsRecord.objects.filter(connection=batch.connection, kind=Kind.PERSON, external_id=person.id).delete()


def _give_tags(batch: Batch, people: list[PersonRecord]) -> None:
    """Tags are added, never taken away: somebody here may have given the same one."""
    wanted = {each.id: [name.strip()[:60] for name in each.tags[:MOST_TAGS] if name.strip()] for each in people}
    tags = {name: tag_named(name) for name in sorted({name for names in wanted.values() for name in names})}
    given: dict[tuple[int, int], CandidateTag] = {}
    for external_id, names in wanted.items():
        record = batch.record(Kind.PERSON, external_id)
        if record is None or record.candidate_id is None or record.origin_id is None:
            continue  # she asked to be erased
        for name in names:
            whose = {"candidate_id": record.candidate_id, "origin_id": record.origin_id}
            given[record.candidate_id, tags[name].pk] = CandidateTag(tag=tags[name], at=batch.now, **whose)
    had = CandidateTag.objects.filter(candidate__in={person for person, _ in given}, tag__in=tags.values())
    for each in had.values_list("candidate", "tag"):
        given.pop(each, None)
    CandidateTag.objects.bulk_create(given.values())
