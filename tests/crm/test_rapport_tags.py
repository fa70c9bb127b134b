from datetime import UTC, datetime, timedelta

import pytest
from django.template import Context, Template
from django.utils import timezone

from crm.charts import Bar, Series, draw_area, draw_bars, draw_sparkline, nice_top, short
from crm.models import Role
from crm.permissions import Permission
from crm.role_words import PERMISSION_WORDS, ROLE_WORDS
from crm.templatetags.rapport import ago, detail_words, initials, number, percent, verb_words

NOW = datetime(2026, 11, 22, 15, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Mara Okafor", "MO"),
        ("Bartholomew van der Westhuizen", "BW"),
        ("Prince", "P"),
        ("عبد الرحمن الزهراني", "عا"),
        ("李小龍", "李"),
        ("“Bo” O’Neil (jr.)", "BJ"),
        ("", "?"),
        ("  ", "?"),
        ("42 7", "?"),
        (None, "?"),
    ],
)
def test_initials_of_names_in_any_script(name, letters):
    assert initials(name) == letters


@pytest.mark.parametrize(
    ("passed", "words"),
    [
        (timedelta(seconds=20), "just now"),
        (timedelta(minutes=5), "5 min ago"),
        (timedelta(hours=3), "3 h ago"),
        (timedelta(hours=13), "today, 02:30"),
        (timedelta(hours=20), "yesterday, 19:30"),
        (timedelta(days=40), "13 Oct"),
        (timedelta(days=400), "18 Oct 2025"),
        (timedelta(days=-2), "24 Nov 2026, 15:30"),
    ],
)
def test_ago_says_it_in_few_words(passed, words):
    with timezone.override(UTC):
        assert f">{words}</time>" in ago(NOW - passed, NOW)


def test_ago_of_never_is_empty():
    assert ago(None) == ""


def test_numbers_are_separated_and_nothing_stays_nothing():
    assert [number(value) for value in (0, 1204, 1234567, None, "")] == ["0", "1,204", "1,234,567", "", ""]


def test_ids_in_forms_are_not_separated():
    assert Template("{{ pk }}").render(Context({"pk": 7000001})) == "7000001"


@pytest.mark.parametrize(
    ("part", "whole", "words"),
    [
        (0, 10, "0 %"),
        (1, 1000, "under 1 %"),
        (999, 1000, "99 %"),
        (10, 10, "100 %"),
        (1, 8, "12 %"),
        (0, 0, ""),
        (None, 5, "0 %"),
    ],
)
def test_percent_never_rounds_some_to_none_or_to_all(part, whole, words):
    assert percent(part, whole) == words


def test_audit_words():
    assert verb_words("member.role_changed") == "Member role changed"
    assert detail_words({"before": "owner", "after": "admin", "tokens": 2}) == "owner → admin; tokens: 2"
    assert detail_words({"before": {"name": ""}, "after": {"name": "x" * 90}}) == f"name: nothing → {'x' * 79}…"
    assert detail_words({"scopes": ["candidates:read", "imports"]}) == "scopes: candidates:read, imports"


def test_every_role_and_permission_has_its_words():
    assert set(ROLE_WORDS) == set(Role)
    assert set(PERMISSION_WORDS) == set(Permission)


def test_bars_are_measured_by_the_largest_and_some_can_always_be_seen():
    drawn = draw_bars([Bar("Sent", 1000), Bar("Opened", 500), Bar("Clicked", 1), Bar("Bounced", 0)])
    assert [one.width for one in drawn] == ["100.0%", "50.0%", "0.5%", "0"]
    assert [one.of_first for one in drawn] == [1, 0.5, 0.001, 0]
    assert draw_bars([]) == []


@pytest.mark.parametrize(
    ("largest", "top"), [(0, 4), (3, 4), (5, 6), (11, 20), (37, 40), (41, 60), (99, 100), (38_600, 40_000)]
)
def test_axis_ends_at_a_round_number(largest, top):
    assert nice_top(largest) == top


def test_short_numbers_of_an_axis():
    assert [short(value) for value in (0, 10, 1500, 40_000, 2_500_000)] == ["0", "10", "1.5k", "40k", "2.5M"]


def test_areas_lie_on_one_another():
    chart = draw_area([Series("A", [1, 3]), Series("B", [1, 1])], ["Oct", "Nov"])
    assert [area.points for area in chart.areas] == [
        "46.0,160.5 1080.0,61.5 1080.0,210.0 46.0,210.0",
        "46.0,111.0 1080.0,12.0 1080.0,61.5 46.0,160.5",
    ]
    assert [(tick.at, tick.words) for tick in chart.ticks] == [(46.0, "Oct"), (1080.0, "Nov")]


def test_charts_of_nothing_are_drawn_too():
    assert draw_area([], []).areas == []
    assert draw_area([Series("A", [0])], ["Nov"]).areas[0].points == "46.0,210.0 46.0,210.0"
    assert draw_sparkline([]) == ""
    assert draw_sparkline([5, 5]) == "0.0,22.0 100.0,22.0"


def test_chart_tags_show_their_numbers():
    rows = [Bar("Sent", 1204, "/sent/"), Bar("Clicked", 3, "/clicked/")]
    words = Template("{% load charts %}{% funnel rows 'What came of it' %}").render(Context({"rows": rows}))
    assert '<a href="/sent/">1,204</a>' in words
    assert '<a href="/clicked/">3</a> <small>under 1 %</small>' in words
