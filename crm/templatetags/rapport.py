"""Tags and filters that every template has without loading."""

from typing import Any

from django import template
from django.urls import reverse

register = template.Library()


@register.simple_tag(takes_context=True)
def org_url(context: dict[str, Any], name: str, *args: Any) -> str:
    """`{% org_url "talentpool:candidate" candidate.pk %}`: an address in the organisation of the current page."""
    return reverse(name, args=[context["tenant"].slug, *args])
