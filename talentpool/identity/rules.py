"""By which rules one value is shown where sources differ: data, so that an organisation can choose and a page explain.

Fields are ruled in groups, for a name and its parts, or a place and its country, must come from one hand. Whatever the
rule, an edit made here wins over every source.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import Any, Protocol, Self, TypeVar

WEIGHT_OF_TRUST = timedelta(weeks=1)
GROUPS: Mapping[str, tuple[str, ...]] = {
    "names": ("name", "given_name", "family_name"),
    "about": ("headline", "summary", "birth_date"),
    "place": ("location", "country"),
    "contact": ("emails", "phones", "links"),
    "career": ("positions",),
    "education": ("education",),
    "skills": ("skills", "languages", "certificates"),
    "wishes": ("interests", "wanted_places", "salary", "availability", "remote", "relocate", "permits"),
    "custom": (),
}
GROUP_OF = {name: group for group, names in GROUPS.items() for name in names}
OF_LISTS = frozenset({"contact", "career", "education", "skills", "wishes"})


class Order(StrEnum):
    """Which of two sources is believed."""

    BALANCED = "balanced"  # the fresher; a point of trust weighs as much as a week
    FRESHEST = "freshest"  # the fresher, and of two as fresh the more trusted
    TRUSTED = "trusted"  # the more trusted, and of two as trusted the fresher


class Lists(StrEnum):
    """What is shown of lists: what everybody says together, or the best source's list alone."""

    UNITED = "united"
    BEST = "best"


class Ranked(Protocol):
    """What can be put in order: a statement of one profile."""

    @property
    def profile_id(self) -> int: ...
    @property
    def observed_at(self) -> Any: ...
    @property
    def trust(self) -> int: ...
    @property
    def kind(self) -> str: ...


S = TypeVar("S", bound=Ranked)


@dataclass(frozen=True, slots=True)
class Rule:
    """`preferred` is a kind of source that goes before all others; empty where none does."""

    order: Order = Order.BALANCED
    preferred: str = ""
    lists: Lists = Lists.UNITED

    def ranked(self, statements: Iterable[S]) -> list[S]:
        """The one that is believed first."""
        return sorted(statements, key=self.rank, reverse=True)

    def rank(self, each: Ranked) -> tuple[Any, ...]:
        first = bool(self.preferred) and each.kind == self.preferred
        if self.order is Order.FRESHEST:
            return first, each.observed_at, each.trust, each.profile_id
        if self.order is Order.TRUSTED:
            return first, each.trust, each.observed_at, each.profile_id
        return first, each.observed_at + each.trust * WEIGHT_OF_TRUST, each.profile_id


USUAL = Rule()


@dataclass(frozen=True, slots=True)
class Rules:
    """The rule of each group; a group that isn't named has the usual one."""

    by_group: Mapping[str, Rule] = field(default_factory=dict)

    def of(self, name: str) -> Rule:
        """The rule for a field of a person."""
        return self.by_group.get(GROUP_OF.get(name, "custom"), USUAL)

    def to_json(self) -> dict[str, Any]:
        """Only what is not usual, so that equal rules are stored equally."""
        return {
            group: {"order": rule.order.value, "preferred": rule.preferred, "lists": rule.lists.value}
            for group, rule in sorted(self.by_group.items())
            if rule != USUAL and group in GROUPS
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        return cls(
            {
                group: Rule(Order(said["order"]), str(said["preferred"]), Lists(said["lists"]))
                for group, said in stored.items()
                if group in GROUPS
            }
        )


AS_USUAL = Rules()


class Right(StrEnum):
    """Who is right; nothing said is the usual."""

    USUAL = ""  # an edit here, then the organisation's rules for sources
    THEIRS = "theirs"  # the source, whatever was said here
    OURS = "ours"  # whatever was said here or by any other source
    NEWEST = "newest"  # of an edit and the source, who said it last
    ASK = "ask"  # as usual, until somebody has said which


Rights = Mapping[str, Right]


def rights_from(stored: Mapping[str, Any]) -> Rights:
    """Of what a source's row holds; names of groups and rules that this version doesn't know are left out."""
    known = {each.value for each in Right} - {""}
    return {group: Right(said) for group, said in stored.items() if group in GROUPS and said in known}
