"""How careful an organisation wants people brought together, and what its pool's size makes of that."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import BooleanField, ExpressionWrapper, Q

from crm.audit import record
from crm.models import Member
from talentpool.identity.counting import frequent_organisations
from talentpool.identity.verdicts import Gate, Thresholds
from talentpool.models import MatchingRules, MatchPair, PairState, PersonTraits

COUNTED_FOR = timedelta(hours=6)
GROWTH = 1.2
SETTINGS = ("automatic", "caution", "ask_less", "career_gate", "phone_gate")


def rules_of_tenant() -> MatchingRules:
    rules: MatchingRules = MatchingRules.objects.get_or_create()[0]
    return rules


def thresholds_of(rules: MatchingRules) -> Thresholds:
    return thresholds_for(rules.records, {name: getattr(rules, name) for name in SETTINGS})


def thresholds_for(records: int, settings: Mapping[str, Any]) -> Thresholds:
    """What these settings make of a pool of so many records."""
    return Thresholds.of(records, **{name: settings[name] for name in SETTINGS if name != "automatic"})


def current_rules(*, now: datetime) -> MatchingRules:
    """The rules with the size of the pool and what is frequent in it, counted anew when that no longer holds."""
    rules = rules_of_tenant()
    records = PersonTraits.objects.count()
    is_old = rules.counted_at is None or rules.counted_at < now - COUNTED_FOR
    if is_old or records > rules.records * GROWTH:
        count_anew(rules, records, now=now)
    return rules


def count_anew(rules: MatchingRules, records: int, *, now: datetime) -> None:
    rules.records, rules.counted_at, rules.frequent = records, now, frequent_organisations(records)
    rules.save(update_fields=["records", "counted_at", "frequent"])


@transaction.atomic
def change_rules(*, by: Member, **wanted: Any) -> MatchingRules:
    """Moves the thresholds. Questions below the lowest score that is asked about from now on go; the rest are weighed
    anew, and what merges by itself from now on is merged in the background."""
    rules = rules_of_tenant()
    before = {name: getattr(rules, name) for name in SETTINGS if getattr(rules, name) != wanted[name]}
    if not before:
        return rules
    for name in before:
        setattr(rules, name, wanted[name])
    rules.save(update_fields=list(before))
    weigh_anew(thresholds_of(rules))
    record("matching.changed", rules, by=by, before=before, after={name: wanted[name] for name in before})
    return rules


def weigh_anew(thresholds: Thresholds) -> None:
    open_ones = MatchPair.objects.filter(state__in=(PairState.WAITING, PairState.LATER))
    open_ones.filter(state=PairState.WAITING, decided_at=None, bits__lt=thresholds.ask).delete()
    strong = ExpressionWrapper(~Q(gate=Gate.NONE) & Q(bits__gte=thresholds.merge), output_field=BooleanField())
    open_ones.exclude(strong=strong).update(strong=strong)
