"""Who is right where a source that is kept in step and an edit differ."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest

from talentpool.custom_values import CustomKind, CustomType
from talentpool.identity.conflicts import disputes
from talentpool.identity.consolidation import consolidate
from talentpool.identity.rules import Right
from talentpool.identity.statements import Edit, Statement
from talentpool.person import PersonFields, Position

DAY = datetime(2026, 3, 4, tzinfo=UTC)
GROUPS = ("names", "about", "place", "contact", "career", "education", "skills", "custom")
SIZE = {"size": CustomType(CustomKind.NUMBER)}


def ats(profile_id, day, right, **fields):
    rights = dict.fromkeys(GROUPS, right) if right else {}
    return Statement(profile_id, PersonFields(**fields), DAY + timedelta(days=day), 70, "7:17", "ats", rights)


def board(profile_id, day, **fields):
    return Statement(profile_id, PersonFields(**fields), DAY + timedelta(days=day), 50, "", "resume_board")


def edit(number, field, value, day):
    return Edit(number, field, value, DAY + timedelta(days=day))


def shown(statements, edits, name="headline"):
    """The same whatever the order in which they are given."""
    views = [
        consolidate(given, said, region="US", custom=SIZE)
        for given in permutations(statements)
        for said in permutations(edits)
    ]
    assert all(each == views[0] for each in views)
    return getattr(views[0].fields, name)


@pytest.mark.parametrize(
    ("right", "edit_day", "expected"),
    [
        (Right.USUAL, 5, "Ours"),
        (Right.USUAL, 15, "Ours"),
        (Right.THEIRS, 5, "Theirs"),
        (Right.THEIRS, 15, "Theirs"),
        (Right.OURS, 5, "Ours"),
        (Right.OURS, 15, "Ours"),
        (Right.NEWEST, 5, "Theirs"),
        (Right.NEWEST, 15, "Ours"),
        (Right.ASK, 5, "Ours"),
        (Right.ASK, 15, "Ours"),
    ],
)
def test_each_rule_whoever_said_it_last(right, edit_day, expected):
    states = [ats(1, 0, right, headline="Before"), ats(2, 10, right, headline="Theirs")]
    assert shown(states, [edit(1, "headline", "Ours", edit_day)]) == expected
    asked = disputes(states, [edit(1, "headline", "Ours", edit_day)], {}, "US")
    is_asked = right is Right.ASK and edit_day == 5
    assert [(each.ours, each.theirs) for each in asked] == ([("Ours", "Theirs")] if is_asked else [])


@pytest.mark.parametrize("right", [Right.NEWEST, Right.ASK])
def test_record_that_moved_without_its_value_is_no_change(right):
    """As after our own note or tag, whose echo brings the whole record with a later time."""
    states = [
        ats(1, 0, right, headline="Theirs"),
        ats(2, 10, right, headline="Theirs", skills=("Echo",)),
        ats(3, 20, right, headline=" theirs ", skills=("Echo", "Another")),
    ]
    ours = [edit(1, "headline", "Ours", 5)]
    assert shown(states, ours) == "Ours"
    assert disputes(states, ours, {}, "US") == []


def test_echo_of_what_was_said_here_is_no_dispute():
    states = [ats(1, 0, Right.ASK, headline="Before"), ats(2, 10, Right.ASK, headline="ours")]
    assert disputes(states, [edit(1, "headline", "Ours", 5)], {}, "US") == []


@pytest.mark.parametrize(
    ("right", "expected"), [(Right.THEIRS, "Theirs"), (Right.OURS, "Board"), (Right.NEWEST, "Theirs")]
)
def test_among_sources_only_being_right_or_never_right_counts(right, expected):
    fresh = board(2, 400 if right is Right.THEIRS else -400, headline="Board")
    assert shown([ats(1, 0, right, headline="Theirs"), fresh], []) == expected


def test_source_that_gives_way_still_fills_what_nobody_else_says():
    assert shown([ats(1, 0, Right.OURS, headline="Theirs"), board(2, 0, name="Ada Byron")], []) == "Theirs"


@pytest.mark.parametrize(
    ("right", "expected"),
    [
        (Right.THEIRS, "Ada Lovelace"),
        (Right.NEWEST, "Ada Lovelace"),
        (Right.OURS, "Ada King"),
        (Right.ASK, "Ada King"),
    ],
)
def test_parts_of_a_name_come_from_one_hand(right, expected):
    states = [
        ats(1, 0, right, given_name="Ada", family_name="Byron"),
        ats(2, 10, right, given_name="Ada", family_name="Lovelace"),
    ]
    for own in ([edit(1, "name", "Ada King", 5)], [edit(1, "family_name", "King", 5)]):
        fields = consolidate(states, own).fields
        assert (fields.name, f"{fields.given_name} {fields.family_name}") == (expected, expected)
    newer = consolidate(states, [edit(1, "name", "Ada King", 15)]).fields
    later = "Ada Lovelace" if right is Right.THEIRS else "Ada King"
    assert (newer.name, f"{newer.given_name} {newer.family_name}") == (later, later)


@pytest.mark.parametrize(
    ("right", "expected"),
    [
        (Right.USUAL, ("own@example.org",)),
        (Right.OURS, ("own@example.org",)),
        (Right.ASK, ("own@example.org",)),
        (Right.THEIRS, ("theirs@example.org", "own@example.org")),
        (Right.NEWEST, ("own@example.org",)),
    ],
)
def test_address_that_was_taken_out_here_and_stands_there_as_ever(right, expected):
    states = [ats(1, 0, right, emails=("theirs@example.org",)), ats(2, 10, right, emails=("Theirs@example.org",))]
    own = [edit(1, "emails", {"add": ["own@example.org"], "remove": ["theirs@example.org"]}, 5)]
    assert shown(states, own, "emails") == expected
    assert disputes(states, own, {}, "US") == []


@pytest.mark.parametrize("right", [Right.NEWEST, Right.ASK])
def test_number_that_was_taken_out_here_and_given_there_again(right):
    states = [ats(1, 0, right), ats(2, 10, right, phones=("(559) 555-0134",))]
    own = [edit(1, "phones", {"add": [], "remove": ["+15595550134"]}, 5)]
    assert shown(states, own, "phones") == (("+15595550134",) if right is Right.NEWEST else ())
    asked = disputes(states, own, {}, "US")
    expected = [("phones", "without (559) 555-0134", "(559) 555-0134")] if right is Right.ASK else []
    assert [(each.field, each.ours, each.theirs) for each in asked] == expected


def test_career_that_was_edited_gives_way_to_a_source_that_is_right():
    job = Position(employer="Mercy", title="Nurse", start="2020-01", current=True)
    states = [ats(1, 0, Right.THEIRS, positions=(job,))]
    own = [edit(1, "positions", {"add": [], "remove": [job.to_json()]}, 5)]
    assert shown(states, own, "positions") == (job,)
    assert shown([replace(states[0], rights={})], own, "positions") == ()


def test_own_fields_are_settled_typed():
    before = ats(1, 0, Right.ASK, custom={"size": "38"})
    after = ats(2, 10, Right.ASK, custom={"size": " 40.0 "})
    own = [edit(1, "custom.size", "39", 5)]
    assert [(each.field, each.ours, each.theirs) for each in disputes([before, after], own, SIZE, "US")] == [
        ("custom.size", "39", "40")
    ]
    same = ats(2, 10, Right.ASK, custom={"size": "38.00"})
    assert disputes([before, same], own, SIZE, "US") == []
    right = [replace(each, rights={"custom": Right.THEIRS}) for each in (before, after)]
    assert shown(right, own, "custom") == {"size": "40"}


def test_lineage_names_the_source_that_is_right_once():
    state = ats(1, 0, Right.THEIRS, headline="Theirs", emails=("t@example.org",))
    view = consolidate([state], [edit(4, "headline", "Ours", 5)])
    assert view.lineage == {
        "headline": {"from": ["p1"]},
        "emails": [{"from": ["p1"]}],
    }
