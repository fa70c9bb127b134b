"""To whom new records belong: to people of the pool, to each other, or to nobody yet.

Works on many records with three queries a batch. A shared key brings a record to a person only if no veto speaks
against it; a record that could go to several goes by its strongest key, and to the one known longest. Records of the
batch that share keys become one group, unless that would make one of two people of the pool: merging those is a step of
its own, which somebody takes on purpose. A key of people who are said not to be the same brings a record to that one
of them who has its name, or to none. Nothing is written here.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from django.db import connection

from crm.tenancy.scope import current_tenant_id
from talentpool.identity.keys import STRENGTH, Key, KeyKind
from talentpool.identity.names import comparable_name
from talentpool.identity.vetoes import Traits, veto_among
from talentpool.models import Candidate, Profile
from talentpool.person import PersonFields
from talentpool.queries.merges import apart_among

# More people than this behind one telephone or mailbox: a switchboard, which says nothing about who calls.
TOO_MANY_PEOPLE = 20

PEOPLE_OF_KEYS = """
    SELECT k.kind, k.value, found.candidate_id
    FROM unnest(%s::text[], %s::text[]) AS k(kind, value)
    CROSS JOIN LATERAL (
        SELECT DISTINCT candidate_id FROM talentpool_identitykey AS row
        WHERE row.tenant_id = %s AND row.kind = k.kind AND row.value = k.value
        ORDER BY candidate_id LIMIT %s
    ) AS found
"""


@dataclass(slots=True, eq=False)
class Group:
    """Records that are one person, and who that is when the pool knows them already."""

    candidate_id: int | None = None
    traits: list[Traits] = field(default_factory=list)
    first: int | None = None  # the number of the first record that came to it
    joined_to: "Group | None" = None

    def now(self) -> "Group":
        group = self
        while group.joined_to is not None:
            group = group.joined_to
        return group


class Matching:
    """The groups found so far; give it batches with `read`, then each record with `place`."""

    def __init__(self) -> None:
        self._of_key: dict[Key, list[Group]] = {}
        self._of_candidate: dict[int, Group] = {}
        self._apart: set[frozenset[int]] = set()

    def read(self, keys: Iterable[Key]) -> None:
        """Looks up who in the pool has these keys; what is known already is not read again."""
        new = [key for key in dict.fromkeys(keys) if key not in self._of_key]
        if not new:
            return
        self._of_key.update((key, []) for key in new)
        with connection.cursor() as cursor:
            values = [key.value for key in new]
            kinds = [str(key.kind) for key in new]
            cursor.execute(PEOPLE_OF_KEYS, [kinds, values, current_tenant_id(), TOO_MANY_PEOPLE + 1])
            found = [(Key(KeyKind(kind), value), candidate_id) for kind, value, candidate_id in cursor.fetchall()]
        self._read_people({candidate_id for _, candidate_id in found} - self._of_candidate.keys())
        for key, candidate_id in sorted(found, key=lambda each: each[1]):
            if group := self._of_candidate.get(candidate_id):
                self._of_key[key].append(group)
        several = [people for key in new if len(people := self._of_key[key]) > 1]
        self._apart |= apart_among({group.candidate_id for people in several for group in people if group.candidate_id})

    def place(self, number: int, keys: Sequence[Key], traits: Traits) -> Group:
        """The group of a record: joins those its keys lead to, or opens one."""
        found = self._groups_of(keys, traits)
        known = [group for group in found if group.candidate_id is not None]
        home = (known or found or [Group()])[0]
        for other in found:
            if other is not home and other.candidate_id is None and _may_join(home, other):
                _join(home, other)
        home.traits.append(traits)
        if home.first is None:
            home.first = number
        for key in keys:
            if all(group.now() is not home for group in self._of_key.setdefault(key, [])):
                self._of_key[key].append(home)
        return home

    def note(self, number: int, candidate_id: int) -> Group:
        """A record of which it is known whose it is; it brings nothing new."""
        group = self._of_candidate.setdefault(candidate_id, Group(candidate_id)).now()
        if group.first is None:
            group.first = number
        return group

    def _groups_of(self, keys: Sequence[Key], traits: Traits) -> list[Group]:
        found: dict[int, Group] = {}
        for key in sorted(keys, key=lambda each: STRENGTH[each.kind]):
            groups = list({id(now): now for now in (group.now() for group in self._of_key.get(key, ()))}.values())
            if len(groups) > TOO_MANY_PEOPLE:
                continue
            for group in self._undisputed(groups, traits):
                if id(group) not in found and not veto_among([traits], group.traits, key.kind):
                    found[id(group)] = group
        return list(found.values())

    def _undisputed(self, groups: list[Group], traits: Traits) -> list[Group]:
        ids = {group.candidate_id for group in groups}
        disputed = {pk for pair in self._apart if pair <= ids for pk in pair}
        if not disputed:
            return groups
        named = [group for group in groups if group.candidate_id in disputed and _has_name(group, traits)]
        return named if len(named) == 1 else [group for group in groups if group.candidate_id not in disputed]

    def _read_people(self, candidate_ids: set[int]) -> None:
        """What of people's profiles can speak against a match; a name that was edited stands for all their names."""
        if not candidate_ids:
            return
        shown: dict[int, PersonFields] = {}
        edited: set[int] = set()
        people = Candidate.objects.present().filter(pk__in=candidate_ids)
        for pk, name, given, family, who in people.values_list(
            "pk", "name", "given_name", "family_name", "lineage__name__from__0"
        ):
            self._of_candidate[pk] = Group(pk)
            shown[pk] = PersonFields(name=name, given_name=given, family_name=family)
            if str(who).startswith("e"):
                edited.add(pk)
        for pk, fields in _said_of(shown):
            traits = Traits.of(fields)
            if pk in edited:
                traits = replace(traits, name=comparable_name(shown[pk]))
            if traits not in self._of_candidate[pk].traits:
                self._of_candidate[pk].traits.append(traits)
        for pk, fields in shown.items():
            if not self._of_candidate[pk].traits:
                self._of_candidate[pk].traits.append(Traits.of(fields))


def _said_of(candidate_ids: Iterable[int]) -> Iterator[tuple[int, PersonFields]]:
    rows = Profile.objects.filter(candidate__in=list(candidate_ids)).values_list(
        "candidate_id",
        "fields__name",
        "fields__given_name",
        "fields__family_name",
        "fields__birth_date",
        "fields__links",
    )
    for pk, name, given, family, birth_date, links in rows.distinct():
        yield (
            pk,
            PersonFields(
                name=name or "",
                given_name=given or "",
                family_name=family or "",
                birth_date=birth_date or "",
                links=tuple(links or ()),
            ),
        )


def _has_name(group: Group, traits: Traits) -> bool:
    wanted = (traits.name.given, traits.name.family, traits.name.generation)
    return any((each.name.given, each.name.family, each.name.generation) == wanted for each in group.traits)


def _may_join(home: Group, other: Group) -> bool:
    return veto_among(home.traits, other.traits, KeyKind.EMAIL) is None


def _join(home: Group, other: Group) -> None:
    home.traits += other.traits
    home.first = min((each for each in (home.first, other.first) if each is not None), default=None)
    other.joined_to = home
