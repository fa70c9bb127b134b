"""People as documents, read from the database in bulk: seven queries at most, however many people are asked for."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models.functions import Left
from django.utils import timezone

from crm.templatetags.rapport import WARMTH
from talentpool.models import Application, Candidate, CandidateTag, ContactState, File, Profile
from talentpool.search.analysis import composed
from talentpool.search.facets import FacetKey
from talentpool.search.index.document import BODY, Document, Segment, facet_keys
from talentpool.search.index.processes import Way, facets_of_ways, families_of
from talentpool.search.index.wishes import facets_of_wishes, marks_of_wishes, texts_of_wishes
from talentpool.search.own_fields import OwnFieldsOfPeople

BATCH = 500
_LONGEST_FILE = 200_000  # characters of one file's text
_MOST_SKILLS = 60  # as facet values of one person; all are searched

_Names = Mapping[int, list[tuple[int, str]]]  # candidate -> (id, name)


def documents_for(
    candidate_ids: Sequence[int], *, with_facets: bool = True, with_families: bool = True
) -> list[Document]:
    """The documents of those who are present in the pool; merged, erased and deleted people have none."""
    people = Candidate.objects.present().filter(pk__in=candidate_ids).order_by("pk")
    if with_facets:
        people = people.with_contact_state()
    tags = _named(CandidateTag.objects.filter(candidate_id__in=candidate_ids), "tag_id", "tag__name")
    sources = _named(Profile.objects.filter(candidate_id__in=candidate_ids), "source_id", "source__name")
    files, ways = _files(candidate_ids), _ways(candidate_ids if with_facets or with_families else ())
    own = OwnFieldsOfPeople()
    today = timezone.localdate()
    return [
        Document(
            candidate_id=person.pk,
            changed_at=person.updated_at,
            segments=tuple(
                _segments(
                    person,
                    tags[person.pk],
                    sources[person.pk],
                    files[person.pk],
                    families_of(ways[person.pk]),
                    own,
                )
            ),
            facets=tuple(
                sorted(
                    [
                        *_facets(person, tags[person.pk], sources[person.pk], own, today),
                        *facets_of_ways(ways[person.pk], [name for _, name in tags[person.pk]], today),
                    ]
                )
            )
            if with_facets
            else (),
            marks=(("warmth", person.warmth * 100), *marks_of_wishes(person.wants), *own.marks(person)),
        )
        for person in people
    ]


def _named(rows: Any, key: str, name: str) -> _Names:
    found: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for candidate_id, *named in rows.values_list("candidate_id", key, name).distinct().order_by("candidate_id", key):
        found[candidate_id].append((named[0], named[1]))
    return found


def _files(candidate_ids: Sequence[int]) -> Mapping[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    rows = File.objects.filter(candidate_id__in=candidate_ids).exclude(text="").order_by("candidate_id", "-pk")
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


def _segments(
    person: Candidate,
    tags: list[tuple[int, str]],
    sources: list[tuple[int, str]],
    files: list[str],
    families: list[tuple[int, str]],
    own: OwnFieldsOfPeople,
) -> Iterator[Segment]:
    """Short fields first: in very long documents the end has no positions, and can't be part of a phrase."""
    for field, label, texts in (
        ("name", "Name", [person.name]),
        ("title", "Title", [person.current_title, person.headline, *_of(person.positions, "title")]),
        ("skill", "Skill", person.skills),
        ("employer", "Employer", [person.current_employer, *_of(person.positions, "employer")]),
        ("location", "Location", [person.location, person.country]),
        ("tag", "Tag", [name for _, name in tags]),
        ("source", "Source", [name for _, name in sources]),
        ("email", "E-mail", [person.email, *_addresses(person)]),
        ("warmth", "Relationship", [WARMTH[person.warmth]]),
        ("family", "Job family", [name for _, name in families]),
        *texts_of_wishes(person.wants),
        (BODY, "Summary", [person.summary]),
        (BODY, "Work", _of(person.positions, "text")),
        (BODY, "Education", [_joined(school, "degree", "area", "school") for school in person.education]),
        (BODY, "Languages", person.languages),
        (BODY, "Certificate", person.certificates),
        (BODY, "Résumé", files),
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


def _facets(
    person: Candidate, tags: list[tuple[int, str]], sources: list[tuple[int, str]], own: OwnFieldsOfPeople, today: date
) -> Iterator[FacetKey]:
    state = ContactState(person.contact_state)  # type: ignore[attr-defined] # annotated
    yield FacetKey("consent", state.value, str(state.label))
    yield FacetKey("warmth", str(person.warmth), WARMTH[person.warmth].capitalize())
    yield from facets_of_wishes(person.wants, today)
    yield from (FacetKey("tag", str(number), name) for number, name in tags)
    yield from (FacetKey("source", str(number), name) for number, name in sources)
    yield from facet_keys(
        {
            "title": [person.current_title],
            "location": [person.location],
            "skill": [str(skill) for skill in person.skills[:_MOST_SKILLS]],
            **own.facet_values(person),
        }
    )
