from datetime import date

import pytest

from talentpool.models import Candidate, Employment
from talentpool.queries import colleagues
from talentpool.queries.colleagues import colleagues_of
from talentpool.search.index.employments import keep_employments
from talentpool.search.index.outbox import drain
from tests.factories.people import make_candidate

TODAY = date(2026, 3, 4)


def worked(name, *posts, **fields):
    positions = [dict(zip(("employer", "start", "end", "location"), post, strict=False)) for post in posts]
    for post in positions:
        if post.get("end") == "now":
            post |= {"end": "", "current": True}
    return make_candidate(name, positions=positions, **fields)


def kept(*people):
    keep_employments([person.pk for person in people])


def words(person):
    found = colleagues_of(person, today=TODAY)
    return found.number, [(each.person.name, each.words) for each in found.shown]


@pytest.fixture
def ada(tenant):
    return worked(
        "Ada",
        ("Mercy General, Inc.", "2019-01", "2020-12", "Fresno, CA"),
        ("Clovis Medical", "2021-01", "now", "Clovis"),
    )


def test_colleagues_overlap_in_months_and_the_same_place_comes_first(ada):
    others = [
        worked("Same place", ("MERCY GENERAL", "2020-06", "2020-12", "Fresno")),
        worked("Elsewhere", ("Mercy General", "2020-03", "2021-12", "Oakland")),
        worked("Before her", ("Mercy General", "2010-01", "2018-12", "Fresno")),
        worked("After her", ("Mercy General", "2021-01", "2022-01", "Fresno")),
        worked("Still there", ("clovis medical llc", "2026-01", "now", "Clovis")),
        worked("Another", ("Saint Isidore", "2019", "2020", "Fresno")),
        worked("Freelance", ("Self-employed", "2019", "2020", "Fresno")),
    ]
    kept(ada, *others)
    assert words(ada) == (
        3,
        [
            ("Same place", "7 mo together at Mercy General, Inc., 2020, at the same place"),
            ("Elsewhere", "10 mo together at Mercy General, Inc., 2020"),
            ("Still there", "3 mo together at Clovis Medical, 2026, at the same place"),
        ],
    )
    assert words(others[3]) == (1, [("Elsewhere", "1 yr together at Mercy General, 2021")])


def test_posts_in_a_row_are_one_time_and_odd_dates_none(tenant):
    person = worked(
        "Ada",
        ("Acme", "2019-01", "2019-12"),
        ("Acme Ltd", "2020-01", "2020-06"),
        ("Acme", "2020-03", "2020-04"),
        ("Acme", "2022", "2022"),
        ("Acme", "", ""),
        ("", "2019", "2020"),
        ("Freelance", "2019", "2020"),
        ("Methuselah", "1900", "2000"),
        ("Time traveller", "9999-99", "0000"),
    )
    kept(person)
    rows = Employment.objects.order_by("first").values_list("employer", "first", "last")
    assert list(rows) == [("acme", 2019 * 12 + 1, 2020 * 12 + 6), ("acme", 2022 * 12 + 1, 2022 * 12 + 12)]
    kept(person)
    assert Employment.objects.count() == 2


def test_indexer_keeps_the_rows_and_whoever_leaves_the_pool_has_none(tenant):
    ada, ben = (worked(name, ("Acme", "2019", "2020")) for name in ("Ada", "Ben"))
    drain()
    assert words(ada) == (1, [("Ben", "2 yr together at Acme, 2019 – 2020")])
    Candidate.objects.filter(pk=ben.pk).update(merged_into=ada)
    assert words(ada) == (0, [])
    drain()
    assert list(Employment.objects.values_list("candidate", flat=True)) == [ada.pk]
    Candidate.objects.filter(pk=ada.pk).update(positions=[])
    drain()
    assert not Employment.objects.exists()


def test_huge_employer_is_cut_where_it_says_little(tenant, monkeypatch):
    monkeypatch.setattr(colleagues, "MOST_OF_ONE_EMPLOYER", 3)
    people = [worked(f"P{n}", ("Acme", "2019", f"20{20 + n}")) for n in range(6)]
    kept(*people)
    number, found = words(people[0])
    assert (number, {name for name, _ in found}) == (3, {"P3", "P4", "P5"})
