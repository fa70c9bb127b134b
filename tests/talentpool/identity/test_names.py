import pytest
from hypothesis import given
from hypothesis import strategies as st

from talentpool.identity.names import Likeness, Name, comparable_name, folded, given_names_likeness, name_parts
from talentpool.person import PersonFields


def named(text):
    return comparable_name(PersonFields(name=text))


@pytest.mark.parametrize(
    ("one", "other", "likeness"),
    [
        ("Ada Lovelace", "ADA LOVELACE", "equal"),
        ("José García", "Jose Garcia", "equal"),
        ("Dr. Ada Lovelace", "Ada King", "equal"),
        ("Jean-Pierre Blanc", "Jean Pierre Blanc", "equal"),
        ("Annemarie Kurz", "Anne-Marie Kurz", "equal"),
        ("William Smith", "Bill Smith", "nickname"),
        ("Bob Smith", "Rob Smith", "nickname"),
        ("Maria Elena Ruiz", "Elena Ruiz", "nickname"),
        ("Katharina Kurz", "Katarina Kurz", "near"),
        ("Steven Hall", "Stephen Hall", "near"),
        ("Brian Hall", "Bryan Hall", "nickname"),
        ("Smith, John", "Smith John", "swapped"),
        ("John Smith", "Smith John", "swapped"),
        ("J. Smith", "John Smith", "initial"),
        ("K. Smith", "John Smith", "different"),
        ("Paul Smith", "Paula Smith", "different"),
        ("Carl Smith", "Carla Smith", "different"),
        ("Tim Smith", "Tom Smith", "different"),
        ("Danny Smith", "Donny Smith", "different"),
        ("William Smith", "Robert Smith", "different"),
        ("William Smith", "Wilma Smith", "different"),
        ("Patricia Smith", "Patrick Smith", "different"),
        ("Mary Smith", "John Smith", "different"),
        ("Иван Петров", "Ivan Petrov", "unknown"),
        ("Иван Петров", "Мария Петрова", "different"),
        ("李小龙", "Bruce Lee", "unknown"),
        ("", "John Smith", "unknown"),
    ],
)
def test_given_names_are_compared(one, other, likeness):
    pair = named(one), named(other)
    assert {given_names_likeness(*pair), given_names_likeness(*reversed(pair))} == {Likeness(likeness)}


def test_name_is_read_into_parts_that_compare():
    assert [
        named(text) for text in ("Vincent van Gogh", "Gogh, Vincent W. van", "John Smith Jr.", "Miguel de la Cruz-Ruiz")
    ] == [
        Name("vincent", (), "gogh"),
        Name("vincent", ("w",), "gogh"),
        Name("john", (), "smith", "2"),
        Name("miguel", (), "cruzruiz"),
    ]


def test_generation_is_found_in_the_whole_name_too():
    fields = PersonFields(name="John Smith III", given_name="John", family_name="Smith")
    assert comparable_name(fields) == Name("john", (), "smith", "3")


def test_name_parts_are_those_of_the_source_where_it_has_them():
    assert [
        name_parts(fields)
        for fields in (
            PersonFields(name="A. L.", given_name="Ada ", family_name="Lovelace"),
            PersonFields(name="Ada Byron Lovelace"),
            PersonFields(name="Madonna"),
            PersonFields(),
        )
    ] == [("Ada", "Lovelace"), ("Ada Byron", "Lovelace"), ("Madonna", ""), ("", "")]


def test_folding_keeps_every_script():
    assert [folded(text) for text in ("Łukasz  O’Neil-Smith", "Страхов Ё", "李小龙", "विजय", "Straße_1")] == [
        "lukasz o neil smith",
        "страхов е",
        "李小龙",
        "विजय",
        "strasse 1",
    ]


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_two_texts_compare_the_same_both_ways(one, other):
    pair = named(one), named(other)
    assert given_names_likeness(*pair) == given_names_likeness(*reversed(pair))
    assert given_names_likeness(pair[0], pair[0]) in (Likeness.EQUAL, Likeness.UNKNOWN)
