"""Links to apps above the pool: shown where the app is there, left out where it is not."""

from typing import Any

from django import template
from django.urls import NoReverseMatch

from crm.templatetags.rapport import org_url

register = template.Library()


@register.simple_tag(takes_context=True)
def upward_url(context: dict[str, Any], name: str, *args: Any) -> str:
    """`{% upward_url "campaigns:new" as write_url %}{% if write_url %}…{% endif %}`"""
    try:
        return org_url(context, name, *args)
    except NoReverseMatch:
        return ""
