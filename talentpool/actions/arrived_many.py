"""Records that came in by the ten thousand: they are compared by going through the whole pool once, not one by one.

Each step is a transaction of its own with the place it came to in MatchingRules.looking; the outbox keeps the records
until the last, so that whoever goes on after a dead worker does the next step.
"""

from django.db import transaction
from django.db.models import F, Func, IntegerField, Max, Sum

from talentpool.actions.matching_rules import rules_of_tenant
from talentpool.actions.pool_ranges import compare_range, key_waiting, ranges_of, recount
from talentpool.models import MatchingRules, MatchOutbox

FEW = 10_000  # records are compared one by one, whatever the pool's size
# To compare one record with the pool costs as much as its share of so many in going through the whole.
SPARED = 20


def many_wait() -> bool:
    """Whether going through the whole pool is the shorter way, or has begun."""
    if (rules := rules_of_tenant()).looking:
        return True
    records = Func(F("traits_ids"), function="cardinality", output_field=IntegerField())
    waiting = MatchOutbox.objects.filter(many=True).aggregate(records=Sum(records))["records"] or 0
    return waiting > max(FEW, rules.records // SPARED)


@transaction.atomic
def compare_many() -> int:
    """The next step; about how many records it has settled, or 0 while it was not yet about comparing."""
    rules = rules_of_tenant()
    looking = rules.looking or {"until": MatchOutbox.objects.filter(many=True).aggregate(last=Max("pk"))["last"]}
    covered = MatchOutbox.objects.filter(many=True, pk__lte=looking["until"])
    settled = 0
    if key_waiting(until=looking["until"]):
        pass
    elif "range" not in looking:
        looking |= {"range": 0, "ranges": ranges_of(recount().records)}
    elif looking["range"] < looking["ranges"]:
        compare_range(looking["range"], looking["ranges"])
        settled = rules.records // looking["ranges"]
        looking["range"] += 1
    else:
        covered.delete()
        looking = {}
    MatchingRules.objects.filter(pk=rules.pk).update(looking=looking)
    return settled
