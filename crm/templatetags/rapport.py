"""Tags and filters that every template has without loading."""

from datetime import datetime, timedelta
from functools import cache
from typing import Any

from django import template
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from lucide.templatetags.lucide import lucide

from crm.places import PLACES

register = template.Library()

WARMTH = ("cold", "cool", "lukewarm", "warm", "hot")


@register.simple_tag(takes_context=True)
def org_url(context: dict[str, Any], name: str, *args: Any) -> str:
    """`{% org_url "talentpool:candidate" candidate.pk %}`: an address in the organisation of the current page."""
    return reverse(name, args=[context["tenant"].slug, *args])


@register.simple_tag
@cache
def icon(name: str, size: str = "") -> SafeString:
    """`{% icon "mail" %}`: a Lucide icon, unseen by screen readers; `size` is small, large or nothing."""
    # The names come from templates and the drawing from the package, so nothing of a user's is in it.
    return mark_safe(lucide(name, size=18, **{"class": f"icon {size}".strip(), "aria-hidden": "true"}))  # noqa: S308


@register.simple_tag(takes_context=True)
def places(context: dict[str, Any]) -> list[dict[str, Any]]:
    """The places this member may go to, and which one the page belongs to."""
    base = f"/o/{context['tenant'].slug}/"
    path = context["request"].path.removeprefix(base)
    return [
        {"name": place.name, "icon": place.icon, "url": base + place.path, "here": place.is_here(path)}
        for place in PLACES
        if place.permission.value in context["may"]
    ]


@register.filter
def number(value: Any) -> str:
    """12345 as 12,345, in the way of the language; nothing for nothing."""
    return "" if value is None or value == "" else formats.number_format(value, use_l10n=True, force_grouping=True)


@register.filter
def percent(part: float | None, whole: float | None) -> str:
    """`{{ opened|percent:sent }}`: “12 %”, “under 1 %”, and nothing of nothing."""
    if not part or not whole:
        return "0 %" if whole else ""
    share = 100 * part / whole
    if share < 1:
        return "under 1 %"
    return f"{formats.number_format(min(share, 99) if part < whole else share, decimal_pos=0)} %"


@register.filter
def initials(name: str) -> str:
    """The first letters of the first and the last word, of names in any script."""
    words = [word.lstrip("\"'“”‘’(.-") for word in (name or "").split()]
    letters = [word[0].upper() for word in words if word and word[0].isalpha()]
    return "".join(letters[:1] + letters[1:][-1:]) or "?"


@register.filter
def ago(at: datetime | None, now: datetime | None = None) -> SafeString | str:
    """How long ago in few words, with the exact time behind it; minutes go on counting in the open page."""
    if at is None:
        return ""
    local = timezone.localtime(at)
    return format_html(
        '<time datetime="{}" title="{}"{}>{}</time>',
        at.isoformat(timespec="seconds"),
        formats.date_format(local, "j F Y, H:i"),
        mark_safe(' data-ago data-now="just now" data-minutes="0 min ago"'),
        _ago_words(at, local, now or timezone.now()),
    )


def _ago_words(at: datetime, local: datetime, now: datetime) -> str:
    passed = now - at
    if passed < timedelta():
        return formats.date_format(local, "j M Y, H:i")
    if passed < timedelta(minutes=1):
        return "just now"
    if passed < timedelta(hours=1):
        return f"{int(passed.total_seconds() // 60)} min ago"
    if passed < timedelta(hours=12):
        return f"{int(passed.total_seconds() // 3600)} h ago"
    today = timezone.localtime(now).date()
    if local.date() == today:
        return f"today, {formats.date_format(local, 'H:i')}"
    if local.date() == today - timedelta(days=1):
        return f"yesterday, {formats.date_format(local, 'H:i')}"
    return formats.date_format(local, "j M" if local.year == today.year else "j M Y")


@register.filter
def warmth_word(level: int | None) -> str:
    return WARMTH[max(0, min(4, level or 0))]


@register.filter
def warmth_bars(level: int | None) -> list[bool]:
    """Which of the four bars are lit."""
    return [bar < (level or 0) for bar in range(4)]


@register.filter
def verb_words(verb: str) -> str:
    """“member.role_changed” as “Member role changed”, for the audit log."""
    return verb.replace(".", " ").replace("_", " ").capitalize()


@register.filter
def detail_words(detail: dict[str, Any]) -> str:
    """What an audit entry knows beside its verb: changes as “before → after”, the rest as “name: value”."""
    rest = {name: value for name, value in detail.items() if name not in {"before", "after"}}
    before, after = detail.get("before"), detail.get("after")
    words = []
    if isinstance(before, dict) and isinstance(after, dict):
        words += [f"{_plain(name)}: {_plain(before.get(name))} → {_plain(value)}" for name, value in after.items()]
    elif before is not None or after is not None:
        words.append(f"{_plain(before)} → {_plain(after)}")
    return "; ".join([*words, *(f"{_plain(name)}: {_plain(value)}" for name, value in rest.items())])


def _plain(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(_plain(one) for one in value)
    words = "nothing" if value is None or value == "" else str(value).replace("_", " ")
    return words if len(words) <= 80 else words[:79] + "…"
