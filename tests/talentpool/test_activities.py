from talentpool.actions.activities import record_activities, record_activity
from talentpool.models import Activity, ActivityKind
from tests.factories.people import make_candidates


def test_activities_are_written_for_one_and_for_many(tenant, member, django_assert_num_queries):
    one, *others = make_candidates(3)
    record_activity(one.pk, ActivityKind.EDITED, by=member, field="name")
    with django_assert_num_queries(1):
        record_activities([each.pk for each in others], ActivityKind.TAGGED, tag="ICU")
    lines = Activity.objects.order_by("pk").values_list("candidate_id", "origin_id", "kind", "by_id", "data")
    assert list(lines) == [
        (one.pk, one.pk, "edited", member.pk, {"field": "name"}),
        *((each.pk, each.pk, "tagged", None, {"tag": "ICU"}) for each in others),
    ]
