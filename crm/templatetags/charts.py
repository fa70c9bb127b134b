"""Charts as tags: `{% load charts %}{% bars rows %}`. Values are crm.charts.Bar and crm.charts.Series."""

from collections.abc import Sequence
from typing import Any

from django import template

from crm.charts import Bar, Series, draw_area, draw_bars, draw_sparkline

register = template.Library()


@register.inclusion_tag("components/bars.html")
def bars(rows: Sequence[Bar], label: str = "") -> dict[str, Any]:
    """A list of bars, each with its number beside it."""
    return {"rows": draw_bars(rows), "label": label}


@register.inclusion_tag("components/bars.html")
def funnel(rows: Sequence[Bar], label: str = "") -> dict[str, Any]:
    """A list of bars whose numbers also say which share of the first they are."""
    return {"rows": draw_bars(rows), "label": label, "of_first": True}


@register.inclusion_tag("components/area.html")
def area(series: Sequence[Series], labels: Sequence[str], label: str) -> dict[str, Any]:
    """Series laid on one another over time; `label` says in words what the picture shows."""
    return {"chart": draw_area(series, labels), "label": label}


@register.inclusion_tag("components/area_table.html")
def area_table(series: Sequence[Series], labels: Sequence[str], label: str) -> dict[str, Any]:
    """The numbers of the same area chart, newest first."""
    rows = [
        {"label": words, "values": [one.values[i] for one in series], "total": sum(one.values[i] for one in series)}
        for i, words in enumerate(labels)
    ]
    return {"series": series, "rows": rows[::-1], "label": label}


@register.inclusion_tag("components/legend.html")
def legend(series: Sequence[Series]) -> dict[str, Any]:
    return {"names": [(min(number, 6), one.name) for number, one in enumerate(series, start=1)]}


@register.inclusion_tag("components/sparkline.html")
def sparkline(values: Sequence[float], label: str) -> dict[str, Any]:
    return {"points": draw_sparkline(values), "label": label}
