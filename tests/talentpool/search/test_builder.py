"""Both views of one query: what rows say is what the text says, or they say nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from talentpool.search.builder import How, Row, rows_of, text_of, value_typed
from talentpool.search.language import parse, to_text
from talentpool.search.language.tree import Phrase, Prefix, Term, all_of, any_of, none_of, within


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("", []),
        ("nurse", [Row("", How.ALL, ("nurse",))]),
        ('icu "critical care" manag*', [Row("", How.ALL, ("icu", '"critical care"', "manag*"))]),
        ("title:nurse", [Row("title", How.ANY, ("nurse",))]),
        (
            'title:(nurse OR "charge nurse") skill:(CRRT ECMO) -location:(Fresno OR Clovis) -student',
            [
                Row("title", How.ANY, ("nurse", '"charge nurse"')),
                Row("skill", How.ALL, ("CRRT", "ECMO")),
                Row("location", How.NONE, ("Fresno", "Clovis")),
                Row("", How.NONE, ("student",)),
            ],
        ),
        ("(ICU OR CCU) charge", [Row("", How.ANY, ("ICU", "CCU")), Row("", How.ALL, ("charge",))]),
        (
            "salary:<60000 experience:5..10",
            [Row("salary", How.ANY, ("<60000",)), Row("experience", How.ANY, ("5..10",))],
        ),
        (
            'nurse near:"Austin, TX" 50mi NOT near:Utrecht 30km',
            [
                Row("", How.ALL, ("nurse",)),
                Row("near", How.ANY, ('"Austin, TX" 50mi',)),
                Row("near", How.NONE, ('"Utrecht" 30km',)),
            ],
        ),
        (
            '(near:"Austin, TX" 50mi OR near:Utrecht) -(near:Fresno OR near:"Clovis, CA")',
            [
                Row("near", How.ANY, ('"Austin, TX" 50mi', '"Utrecht"')),
                Row("near", How.NONE, ('"Fresno"', '"Clovis, CA"')),
            ],
        ),
    ],
)
def test_rows_say_what_the_text_says(text, rows):
    assert rows_of(parse(text)) == rows
    assert parse(text_of(rows)) == parse(text)


@pytest.mark.parametrize(
    "text",
    [
        "(a b) OR c",
        "title:nurse OR skill:CRRT",
        "title:(nurse (a OR b))",
        "-(a b)",
        "-title:(a b)",
        "title:(a -b)",
        "near:Utrecht OR title:nurse",
    ],
)
def test_what_rows_cannot_say_stays_text(text):
    assert rows_of(parse(text)) is None


words = st.sampled_from(["nurse", "icu", "OR", "c++", "élan", "OR"]).map(
    lambda word: Phrase(word) if word == "OR" else Term(word)
)
leaves = st.one_of(words, st.just(Phrase("critical care")), st.just(Prefix("manag")))
inner = st.lists(leaves, min_size=1, max_size=3, unique=True)
fields = st.tuples(st.sampled_from(["title", "skill", "tag"]), st.one_of(inner.map(any_of), inner.map(all_of)))
conditions = st.one_of(leaves, inner.map(any_of), fields.map(lambda pair: within(*pair)))
trees = st.lists(st.one_of(conditions, conditions.map(none_of)), min_size=1, max_size=5).map(all_of)


@given(trees)
def test_no_query_is_lost_on_the_way_to_rows_and_back(tree):
    tree = parse(to_text(tree))  # in the one shape that the parser gives
    rows = rows_of(tree)
    assert rows is None or parse(text_of(rows)) == tree


@pytest.mark.parametrize(
    ("field", "typed", "value"),
    [
        ("title", "nurse", "nurse"),
        ("title", " charge  nurse ", '"charge nurse"'),
        ("title", '"charge nurse"', '"charge nurse"'),
        ("title", "manag*", "manag*"),
        ("title", "a OR b", '"a OR b"'),
        ("title", "x) OR (y", '"x) OR (y"'),
        ("salary", "5..9", "5..9"),
        ("", "title:nurse", '"title:nurse"'),
        ("title", "((", ""),
        ("title", "", ""),
    ],
)
def test_what_is_typed_into_a_row_is_one_value(field, typed, value):
    assert value_typed(field, typed) == value
