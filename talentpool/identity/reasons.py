"""Why one source is believed and not the other, in words; the order itself is `rules`'."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from talentpool.identity.consolidation import is_half_a_name
from talentpool.identity.rules import GROUP_OF, WEIGHT_OF_TRUST, Order, Right, Rule
from talentpool.identity.statements import NAMES, Statement


def why_shown(name: str, winner: Statement | None, differing: Sequence[Statement], saying: int, rule: Rule) -> str:
    """A sentence for a text; no `winner` means that somebody here edited it. `differing` are in order of rank."""
    if winner is None:
        return "A colleague’s edit wins over every source until it is taken back."
    if winner.rights.get(GROUP_OF.get(name, "custom")) is Right.THEIRS:
        return "By the rule of its connection this source is right, whatever else was said."
    if saying == 1:
        return "Only one source says anything of it."
    if not differing:
        return f"All {saying} sources that say anything agree."
    return f"Sources differ; {why_this_and_not(name, winner, differing[0], rule)}."


def why_listed(refs: Sequence[str], *, is_best: bool) -> str:
    """A sentence for a value of a list; `refs` are who stands for it now, none where it isn't shown."""
    if not refs:
        return "Not shown."
    if refs[0].startswith("e"):
        return "A colleague added it, which wins over every source until it is taken back."
    if is_best:
        return "It is on the list of the source that is believed first, the only one that is shown here."
    return "One source says so." if len(refs) == 1 else f"{len(refs)} sources say so."


def why_this_and_not(name: str, winner: Statement, other: Statement, rule: Rule) -> str:
    """Half a sentence about the winner."""
    if name in NAMES and is_half_a_name(other) and not is_half_a_name(winner):
        return "the one shown gives both given and family name"
    if other.rights.get(GROUP_OF.get(name, "custom")) is Right.OURS:
        return "by the rule of its connection the other source gives way to everybody else"
    if rule.rank(winner) < rule.rank(other):  # only a country can win so: it has to be of the place that is shown
        return "the one shown is of the same place as the location"
    if rule.preferred and winner.kind == rule.preferred != other.kind:
        return "the one shown is of the kind of source that goes first here"
    return _BECAUSE[rule.order](winner, other)


def _freshest(winner: Statement, other: Statement) -> str:
    if winner.observed_at > other.observed_at:
        return f"the one shown is fresher (of {_day(winner.observed_at)})"
    return _tie(winner, other)


def _most_trusted(winner: Statement, other: Statement) -> str:
    if winner.trust > other.trust:
        return f"the one shown is from a more trusted source (trust {winner.trust}, not {other.trust})"
    if winner.observed_at > other.observed_at:
        return f"of sources trusted alike the one shown is the fresher (of {_day(winner.observed_at)})"
    return _tie(winner, other)


def _balanced(winner: Statement, other: Statement) -> str:
    age, trust = winner.observed_at - other.observed_at, winner.trust - other.trust
    if age > timedelta() and trust < 0:
        return (
            f"the one shown is {_weeks(age)} fresher, which outweighs {_points(-trust)} of trust "
            "(a point counts as much as a week)"
        )
    if age < timedelta() and trust > 0:
        return (
            f"the one shown is trusted more by {_points(trust)}, which outweighs that it is {_weeks(-age)} older "
            "(a point counts as much as a week)"
        )
    return _freshest(winner, other)


def _tie(winner: Statement, other: Statement) -> str:
    if winner.trust > other.trust:
        return f"the one shown is as fresh and more trusted (trust {winner.trust}, not {other.trust})"
    return "the one shown came in last of two that are as fresh and as trusted"


_BECAUSE = {Order.BALANCED: _balanced, Order.FRESHEST: _freshest, Order.TRUSTED: _most_trusted}


def _weeks(age: timedelta) -> str:
    weeks = round(age / WEIGHT_OF_TRUST)
    return "less than a week" if weeks < 1 else "1 week" if weeks == 1 else f"{weeks:,} weeks"


def _points(trust: int) -> str:
    return "1 point" if trust == 1 else f"{trust} points"


def _day(at: datetime) -> str:
    return f"{at.day} {at:%b %Y}"
