"""People as documents, read from the database in bulk: nine queries at most, however many people are asked for."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models.functions import Left
from django.utils import timezone

from crm.templatetags.rapport import WARMTH
from talentpool.models import Application, Candidate, CandidateTag, ContactState, File, Profile
from talentpool.search.analysis import composed
from talentpool.search.clauses import NEAR
from talentpool.search.facets import FacetKey
from talentpool.search.index.document import BODY, Document, Segment, facet_keys
from talentpool.search.index.engagement import engagement_of, facets_of_engagement
from talentpool.search.index.known import words_of_known
from talentpool.search.index.pipelines import Entry, entries_of
from talentpool.search.index.processes import Way, facets_of_ways, families_of, is_silver, phases_of
from talentpool.search.index.times import facets_of_times, marks_of_times
from talentpool.search.index.wishes import facets_of_wishes, marks_of_wishes, texts_of_wishes
from talentpool.search.own_fields import OwnFieldsOfPeople
from talentpool.vocabulary.geography import town_of

BATCH = 500
_LONGEST_FILE = 200_000  # characters of one file's text
_MOST_SKILLS = 60  # as facet values of one person; all are searched

_OF_WAYS = frozenset({"has", "family", "stage"})
_OF_ENTRIES = frozenset({"has", "stage", "pipeline"})
_OF_CONTACT = frozenset({"consent"})

_Names = Mapping[int, list[tuple[int, str]]]  # candidate -> (id, name)


@dataclass(frozen=True, slots=True)
class _Person:
    """A candidate with what other tables say of her."""

    candidate: Candidate
    tags: list[tuple[int, str]]
    sources: list[tuple[int, str]]
    files: list[str]  # their texts, of which a picture has none
    ways: list[Way]
    entries: list[Entry]
    engagement: set[str]
    contact_state: ContactState | None


def documents_for(
    candidate_ids: Sequence[int], *, with_facets: bool = True, fields: Collection[str] | None = None
) -> list[Document]:
    """The documents of those who are present in the pool; merged, erased and deleted people have none.

    Where only some `fields` matter, what takes a query for others alone may be missing.
    """
    own = OwnFieldsOfPeople()
    today = timezone.localdate()
    return [
        Document(
            candidate_id=person.candidate.pk,
            changed_at=person.candidate.updated_at,
            segments=tuple(_segments(person, own)),
            facets=tuple(sorted(_facets(person, own, today))) if with_facets else (),
            marks=(
                ("warmth", person.candidate.warmth * 100),
                *marks_of_wishes(person.candidate.wants),
                *marks_of_times(person.candidate),
                *_cell_of_town(person.candidate),
                *own.marks(person.candidate),
            ),
        )
        for person in _people(candidate_ids, None if with_facets else fields)
    ]


def _people(ids: Sequence[int], fields: Collection[str] | None) -> Iterator[_Person]:
    """With what all fields need, or only the named ones."""
    people = Candidate.objects.present().filter(pk__in=ids).order_by("pk")
    if with_state := fields is None or not _OF_CONTACT.isdisjoint(fields):
        people = people.with_contact_state()
    tags = _named(CandidateTag.objects.filter(candidate_id__in=ids), "tag_id", "tag__name")
    sources = _named(Profile.objects.filter(candidate_id__in=ids), "source_id", "source__name")
    files = _files(ids)
    ways = _ways(ids) if fields is None or not _OF_WAYS.isdisjoint(fields) else {}
    entries = entries_of(ids) if fields is None or not _OF_ENTRIES.isdisjoint(fields) else {}
    engagement = engagement_of(ids) if fields is None else {}
    for person in people:
        yield _Person(
            person,
            tags[person.pk],
            sources[person.pk],
            files[person.pk],
            ways.get(person.pk, []),
            entries.get(person.pk, []),
            engagement.get(person.pk, set()),
            ContactState(person.contact_state) if with_state else None,  # type: ignore[attr-defined] # annotated
        )


def _named(rows: Any, key: str, name: str) -> _Names:
    found: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for candidate_id, *named in rows.values_list("candidate_id", key, name).distinct().order_by("candidate_id", key):
        found[candidate_id].append((named[0], named[1]))
    return found


def _files(candidate_ids: Sequence[int]) -> Mapping[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    rows = File.objects.filter(candidate_id__in=candidate_ids).order_by("candidate_id", "-pk")
    for candidate_id, text in rows.annotate(start=Left("text", _LONGEST_FILE)).values_list("candidate_id", "start"):
        found[candidate_id].append(text)
    return found


def _ways(candidate_ids: Sequence[int]) -> Mapping[int, list[Way]]:
    found: dict[int, list[Way]] = defaultdict(list)
    rows = Application.objects.filter(candidate_id__in=candidate_ids)
    columns = ("candidate_id", "state", "phase", "applied_at", "job__family_id", "job__family__name")
    for candidate_id, state, phase, applied_at, *family in rows.values_list(*columns).order_by("pk"):
        found[candidate_id].append(Way(state, phase, applied_at, (family[0], family[1]) if family[0] else None))
    return found


def _segments(of: _Person, own: OwnFieldsOfPeople) -> Iterator[Segment]:
    """Short fields first: in very long documents the end has no positions, and can't be part of a phrase."""
    person = of.candidate
    families = families_of(of.ways)
    for field, label, texts in (
        ("name", "Name", [person.name]),
        ("title", "Title", [person.current_title, person.headline, *_of(person.positions, "title")]),
        ("skill", "Skill", person.skills),
        ("employer", "Employer", [person.current_employer, *_of(person.positions, "employer")]),
        ("location", "Location", [person.location, person.country]),
        ("tag", "Tag", [name for _, name in of.tags]),
        ("source", "Source", [name for _, name in of.sources]),
        ("email", "E-mail", [person.email, *_addresses(person)]),
        ("warmth", "Relationship", [WARMTH[person.warmth]]),
        ("family", "Job family", [name for _, name in families]),
        *texts_of_wishes(person.wants),
        ("has", "Has", words_of_known(person, _of_other_tables(of))),
        ("consent", "Contact", [of.contact_state.label if of.contact_state else ""]),
        ("stage", "Application", phases_of(of.ways)),
        *(("stage", entry.pipeline, [entry.stage]) for entry in of.entries),
        ("pipeline", "Pipeline", [entry.pipeline for entry in of.entries]),
        (BODY, "Summary", [person.summary]),
        (BODY, "Work", _of(person.positions, "text")),
        (BODY, "Education", [_joined(school, "degree", "area", "school") for school in person.education]),
        (BODY, "Languages", person.languages),
        (BODY, "Certificate", person.certificates),
        (BODY, "Résumé", of.files),
    ):
        for text in dict.fromkeys(composed(str(text)).strip() for text in texts):
            if text:
                yield Segment(field, label, text)
    yield from own.segments(person)


def _of(entries: Sequence[Mapping[str, Any]], name: str) -> list[str]:
    return [entry.get(name, "") for entry in entries]


def _joined(entry: Mapping[str, Any], *names: str) -> str:
    return ", ".join(str(entry[name]) for name in names if entry.get(name))


def _addresses(person: Candidate) -> list[str]:
    return [str(point.get("value", "")) for point in person.contact_points if point.get("kind") == "email"]


def _cell_of_town(person: Candidate) -> Iterator[tuple[str, int]]:
    if town := town_of(person.location, person.country):
        yield NEAR, town.cell


def _of_other_tables(of: _Person) -> Mapping[str, Any]:
    return {
        "resume": of.files,
        "tags": of.tags,
        "pipeline": of.entries,
        "application": of.ways,
        "silver": is_silver(of.ways, [name for _, name in of.tags]),
    }


def _facets(of: _Person, own: OwnFieldsOfPeople, today: date) -> Iterator[FacetKey]:
    person, tags = of.candidate, of.tags
    if of.contact_state:
        yield FacetKey("consent", of.contact_state.value, str(of.contact_state.label))
    yield FacetKey("warmth", str(person.warmth), WARMTH[person.warmth].capitalize())
    yield from facets_of_wishes(person.wants, today)
    yield from facets_of_ways(of.ways, [name for _, name in tags], today)
    yield from facets_of_times(dict(marks_of_times(person)), today)
    yield from facets_of_engagement(of.engagement)
    yield from (FacetKey("pipeline", str(entry.pipeline_id), entry.pipeline) for entry in of.entries)
    yield from (FacetKey("tag", str(number), name) for number, name in tags)
    yield from (FacetKey("source", str(number), name) for number, name in of.sources)
    yield from facet_keys(
        {
            "title": [person.current_title],
            "employer": [person.current_employer],
            "stage": [*phases_of(of.ways), *(entry.stage for entry in of.entries)],
            "location": [person.location],
            "skill": [str(skill) for skill in person.skills[:_MOST_SKILLS]],
            **own.facet_values(person),
        }
    )
