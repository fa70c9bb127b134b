"""What other rules would change: of a sample at once, of everybody slice by slice."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Max, Min

from talentpool.custom_values import PREFIX
from talentpool.field_words import GROUP_WORDS, field_words
from talentpool.identity.consolidation import consolidate
from talentpool.identity.history import entry_in_words
from talentpool.identity.rules import GROUP_OF, Rules
from talentpool.identity.statements import CAREERS, EDITABLE, LISTS
from talentpool.models import Candidate, FieldRules, Profile
from talentpool.person import PersonFields
from talentpool.queries.custom_fields import custom_types
from talentpool.queries.statements import current_rules, home_region, open_edits_of, profiles_of, statement_of

SAMPLE = 300
STRETCHES = 10  # the sample is taken from so many places of the pool
LATEST = 20
SHOWN, CONTEXT = 120, 30  # characters of a value in the preview, and of them what is the same before a difference


@dataclass(frozen=True)
class Change:
    """One field of a person: as it is shown now, and as it would be."""

    field: str
    before: str
    after: str

    @property
    def label(self) -> str:
        return field_words(self.field)

    @property
    def shown(self) -> tuple[str, str]:
        """Both, short, from shortly before where they begin to differ: a long list may differ at its end only."""
        pairs = enumerate(zip(self.before, self.after, strict=False))
        same = next((place for place, (one, other) in pairs if one != other), min(len(self.before), len(self.after)))
        start = max(0, same - CONTEXT) if same > SHOWN // 2 else 0
        return _cut(self.before, start), _cut(self.after, start)

    @property
    def group(self) -> str:
        return GROUP_OF.get(self.field, "custom")


@dataclass(frozen=True)
class Difference:
    candidate_id: int
    name: str
    changes: Sequence[Change]


@dataclass(frozen=True)
class Preview:
    """`people` were looked at, whom several sources describe: of others rules change nothing."""

    people: int
    differences: Sequence[Difference]

    @property
    def counts(self) -> list[tuple[str, int]]:
        """People by group in words."""
        people = Counter(group for each in self.differences for group in {change.group for change in each.changes})
        return [(words, people[group]) for group, words in GROUP_WORDS.items() if people[group]]


def preview_of(rules: Rules) -> Preview:
    ids = sample_ids()
    return Preview(len(ids), differences(ids, rules))


def differences(candidate_ids: Sequence[int], rules: Rules) -> list[Difference]:
    """What would be shown otherwise of these people; four queries for all of them."""
    profiles, edits = profiles_of(candidate_ids), open_edits_of(candidate_ids)
    region, now, custom = home_region(), current_rules(), custom_types()
    found = []
    for pk in candidate_ids:
        statements = [statement_of(each) for each in profiles.get(pk, ())]
        before = consolidate(statements, edits.get(pk, ()), region=region, rules=now, custom=custom).fields
        after = consolidate(statements, edits.get(pk, ()), region=region, rules=rules, custom=custom).fields
        changes = [
            Change(name, one, other)
            for name in (*EDITABLE, *(PREFIX + key for key in custom))
            if (one := _words(name, before)) != (other := _words(name, after))
        ]
        if changes:
            found.append(Difference(pk, after.name or before.name or f"Person {pk}", changes))
    return found


def people_with_several(after: int, number: int) -> list[int]:
    """The next people whom several profiles describe, in the order of ids; only of them rules change anything."""
    counted = Profile.objects.filter(candidate__gt=after).values("candidate").annotate(profiles=Count("pk"))
    ids = counted.filter(profiles__gt=1).order_by("candidate").values_list("candidate", flat=True)
    return list(ids[:number])


def number_with_several() -> int:
    return Profile.objects.values("candidate").annotate(profiles=Count("pk")).filter(profiles__gt=1).count()


def sample_ids() -> list[int]:
    ends = Candidate.objects.aggregate(first=Min("pk"), last=Max("pk"))
    if ends["first"] is None:
        return []
    step = (ends["last"] - ends["first"]) // STRETCHES + 1
    found: dict[int, None] = {}
    for stretch in range(STRETCHES):
        found |= dict.fromkeys(people_with_several(ends["first"] - 1 + stretch * step, SAMPLE // STRETCHES))
    return list(found)


def earlier_rules() -> list[tuple[FieldRules, list[str]]]:
    """The latest first, each with the groups in words in which it is other than usual."""
    rows = FieldRules.objects.select_related("by").order_by("-pk")[:LATEST]
    return [(row, [words for group, words in GROUP_WORDS.items() if group in row.rules]) for row in rows]


def _words(name: str, fields: PersonFields) -> str:
    if name.startswith(PREFIX):
        return fields.custom.get(name.removeprefix(PREFIX), "")
    value = getattr(fields, name)
    if name in CAREERS:
        return "; ".join(entry_in_words(each) for each in value)
    return ", ".join(value) if name in LISTS else str(value)


def _cut(value: str, start: int) -> str:
    rest = value[start:]
    return ("…" if start else "") + (rest if len(rest) <= SHOWN else rest[: SHOWN - 1] + "…")
