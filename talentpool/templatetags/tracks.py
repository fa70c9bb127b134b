"""What is known of one application beside its own row."""

from collections.abc import Mapping

from django import template

from talentpool.tracking import Tracked

register = template.Library()


@register.filter
def tracked(by_application: Mapping[int, Tracked], pk: int) -> Tracked | None:
    return by_application.get(pk)
