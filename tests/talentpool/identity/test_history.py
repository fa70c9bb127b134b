from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from talentpool.identity.consolidation import consolidate
from talentpool.identity.history import PastEdit, Said, Standing, Told, history_of
from talentpool.identity.rules import GROUPS, Lists, Order, Rule, Rules
from talentpool.identity.statements import EDITABLE, LISTS, Edit, Statement
from talentpool.person import Education, PersonFields, Position

DAY = datetime(2026, 3, 4, tzinfo=UTC)
EDIT = "A colleague’s edit wins over every source until it is taken back."


def said(profile_id, fields, *, days=0, trust=50, record="", kind=""):
    return Statement(profile_id, fields, DAY + timedelta(days=days), trust, record, kind)


def edit(number, field, value, *, withdrawn=False):
    return PastEdit(Edit(number, field, value, DAY + timedelta(hours=number)), withdrawn)


def headline(text, number, **options):
    return said(number, PersonFields(headline=text), **options)


def test_text_tells_every_saying_and_why_one_is_shown():
    statements = [
        headline("Nurse", 1, record="7:1"),
        headline("Charge Nurse", 2, days=1, record="7:1"),
        headline("charge nurse", 3, days=-400),
        headline("Teacher", 4, days=-7),
    ]
    assert history_of("headline", statements, [edit(1, "headline", "Head Nurse", withdrawn=True)]) == [
        Told(
            "",
            "Charge Nurse",
            True,
            "Sources differ; the one shown is fresher (of 5 Mar 2026).",
            (
                Said("e1", "Head Nurse", Standing.WITHDRAWN, "It was taken back."),
                Said("p2", "Charge Nurse", Standing.SHOWN),
                Said("p4", "Teacher", Standing.OTHER, "Not shown: the one shown is fresher (of 5 Mar 2026)."),
                Said("p3", "charge nurse", Standing.AGREES),
                Said(
                    "p1",
                    "Nurse",
                    Standing.REPLACED,
                    "Its source has sent a later state of this record, and only the latest counts.",
                ),
            ),
        )
    ]


def test_edits_win_the_latest_first():
    told = history_of(
        "headline", [headline("Nurse", 1, days=99)], [edit(1, "headline", "Head Nurse"), edit(2, "headline", "")]
    )
    assert told == [
        Told(
            "",
            "",
            False,
            EDIT,
            (
                Said("e2", "", Standing.SHOWN),
                Said("e1", "Head Nurse", Standing.OVERRULED, "A later edit took its place."),
                Said("p1", "Nurse", Standing.OVERRULED, "A colleague’s edit wins over every source."),
            ),
        )
    ]


@pytest.mark.parametrize(
    ("one", "other", "rule", "why"),
    [
        ({}, {"days": -1}, Rule(), "the one shown is fresher (of 4 Mar 2026)"),
        (
            {"days": -69, "trust": 60},
            {},
            Rule(),
            "the one shown is trusted more by 10 points, which outweighs that it is 10 weeks older "
            "(a point counts as much as a week)",
        ),
        (
            {},
            {"days": -71, "trust": 60},
            Rule(),
            "the one shown is 10 weeks fresher, which outweighs 10 points of trust (a point counts as much as a week)",
        ),
        ({"trust": 0}, {"days": -1, "trust": 99}, Rule(Order.FRESHEST), "the one shown is fresher (of 4 Mar 2026)"),
        (
            {"days": -999, "trust": 51},
            {},
            Rule(Order.TRUSTED),
            "the one shown is from a more trusted source (trust 51, not 50)",
        ),
        (
            {},
            {"days": -1},
            Rule(Order.TRUSTED),
            "of sources trusted alike the one shown is the fresher (of 4 Mar 2026)",
        ),
        (
            {"days": -999, "kind": "ats"},
            {"kind": "event"},
            Rule(preferred="ats"),
            "the one shown is of the kind of source that goes first here",
        ),
        ({"trust": 51}, {}, Rule(Order.FRESHEST), "the one shown is as fresh and more trusted (trust 51, not 50)"),
        ({}, {}, Rule(), "the one shown came in last of two that are as fresh and as trusted"),
    ],
)
def test_each_rule_says_why(one, other, rule, why):
    statements = [headline("Shown", 2, **one), headline("Not shown", 1, **other)]
    [told] = history_of("headline", statements, [], rules=Rules({"about": rule}))
    assert (told.value, told.why) == ("Shown", f"Sources differ; {why}.")


def test_names_and_places_say_their_own_reasons():
    full = said(1, PersonFields(name="Ada Lovelace", location="London", country="GB"))
    half = said(2, PersonFields(name="A. Lovelace", country="IT"), days=30)
    turin = said(3, PersonFields(location="Turin", country="IT"), days=-9)
    assert [history_of(name, [full, half, turin], [])[0].why for name in ("name", "country", "location")] == [
        "Sources differ; the one shown gives both given and family name.",
        "Sources differ; the one shown is of the same place as the location.",
        "Sources differ; the one shown is fresher (of 4 Mar 2026).",
    ]


def test_list_tells_of_each_value_also_of_those_not_shown():
    statements = [
        said(1, PersonFields(emails=("a.da@gmail.com", "nonsense")), record="7:1"),
        said(2, PersonFields(emails=("ada@gmail.com", "old@example.org")), days=1),
        said(3, PersonFields(emails=("ada@before.example",)), days=-1, record="7:1"),
    ]
    edits = [
        edit(1, "emails", {"add": ["new@example.org"], "remove": ["old@example.org"]}),
        edit(2, "emails", {"add": ["oops@example.org"], "remove": []}, withdrawn=True),
    ]
    told = history_of("emails", statements, edits)
    assert [(each.value, each.is_shown, each.why) for each in told] == [
        ("new@example.org", True, "A colleague added it, which wins over every source until it is taken back."),
        ("ada@gmail.com", True, "2 sources say so."),
        ("oops@example.org", False, "Not shown."),
        ("old@example.org", False, "Not shown."),
        ("nonsense", False, "Not shown."),
        ("ada@before.example", False, "Not shown."),
    ]
    assert {line.standing for each in told[2:] for line in each.said} == {
        Standing.WITHDRAWN,
        Standing.REMOVED,
        Standing.UNREADABLE,
        Standing.REPLACED,
    }


def test_best_list_alone_leaves_the_others_out():
    statements = [
        said(1, PersonFields(skills=("Poetry",), positions=(Position("Acme", "Poet"),))),
        said(2, PersonFields(skills=("Sums",)), days=1),
    ]
    rules = Rules({"skills": Rule(lists=Lists.BEST), "career": Rule(lists=Lists.BEST)})
    view = consolidate(statements, rules=rules)
    assert (view.fields.skills, view.fields.positions) == (("Sums",), (Position("Acme", "Poet"),))
    told = history_of("skills", statements, [], rules=rules)
    assert [(each.value, each.is_shown, each.said[0].standing) for each in told] == [
        ("Sums", True, Standing.AGREES),
        ("Poetry", False, Standing.UNHEARD),
    ]


def test_job_tells_of_its_parts_and_of_what_was_changed():
    old = Position("Acme", "Enginer", "2015", "2018")
    statements = [
        said(1, PersonFields(positions=(old,))),
        said(
            2, PersonFields(positions=(Position("ACME Inc", "Engineer", "2015-03"), Position("Other", "Clerk"))), days=1
        ),
    ]
    edits = [edit(1, "positions", {"add": [], "remove": [{"employer": "Other", "title": "Clerk"}]})]
    told = history_of("positions", statements, edits)
    assert [(each.value, each.is_shown, [(line.ref, line.standing) for line in each.said]) for each in told] == [
        ("Engineer, ACME Inc · 2015-03 – 2018", True, [("p2", Standing.SHOWN), ("p1", Standing.OTHER)]),
        ("Clerk, Other", False, [("e1", Standing.REMOVED), ("p2", Standing.REMOVED)]),
    ]
    assert told[0].said[1].reason == "Taken for the same; it differs in: title."


def test_rules_are_the_same_after_storing():
    rules = Rules(
        {"names": Rule(Order.TRUSTED, "ats"), "skills": Rule(lists=Lists.BEST), "about": Rule(), "nothing": Rule("x")}
    )
    assert Rules.from_json(rules.to_json()) == Rules(
        {"names": Rule(Order.TRUSTED, "ats"), "skills": Rule(lists=Lists.BEST)}
    )


texts = st.sampled_from(["", "Ada", "ada", "Ada Byron", "A. B.", "London", "a@b.example", "+15595550142", "x"])
rule = st.builds(Rule, st.sampled_from(Order), st.sampled_from(["", "ats"]), st.sampled_from(Lists))
person = st.builds(
    PersonFields,
    name=texts,
    headline=texts,
    location=texts,
    country=st.sampled_from(["", "GB"]),
    emails=st.lists(texts, max_size=2).map(tuple),
    skills=st.lists(texts, max_size=2).map(tuple),
    positions=st.lists(st.builds(Position, texts, texts, st.sampled_from(["", "2019"])), max_size=2).map(tuple),
    education=st.lists(st.builds(Education, texts, texts), max_size=1).map(tuple),
)


def _all(value):
    return value if isinstance(value, tuple) else (value,)


def _says(value):
    return bool(value.strip() if isinstance(value, str) else value.to_json())


@settings(max_examples=60)
@given(
    st.lists(st.tuples(person, st.integers(0, 60), st.integers(0, 9), st.booleans()), max_size=4),
    st.lists(st.tuples(st.sampled_from(["headline", "skills", "name"]), texts, st.booleans()), max_size=3),
    st.dictionaries(st.sampled_from(sorted(GROUPS)), rule),
)
def test_history_shows_what_consolidation_shows(people, changes, by_group):
    rules = Rules(by_group)
    statements = [
        said(n, fields, days=days, trust=trust, record="7:1" if same else "")
        for n, (fields, days, trust, same) in enumerate(people)
    ]
    edits = [
        edit(n, name, {"add": [text], "remove": []} if name in LISTS else text, withdrawn=gone)
        for n, (name, text, gone) in enumerate(changes)
    ]
    view = consolidate(statements, [each.edit for each in edits if not each.is_withdrawn], rules=rules)
    for name in EDITABLE:
        told = history_of(name, statements, edits, rules=rules)
        shown = getattr(view.fields, name)
        if name in LISTS:
            assert [each.value for each in told if each.is_shown] == list(shown)
        elif isinstance(shown, str):
            assert [each.value for each in told if each.is_shown] == ([shown] if shown else [])
        else:
            assert sum(each.is_shown for each in told) == len(shown)
        saying = {each.ref for each in statements if any(map(_says, _all(getattr(each.fields, name))))}
        assert saying <= {line.ref for each in told for line in each.said}
