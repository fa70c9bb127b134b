import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from talentpool.search.language import And, Field, Not, Or, Phrase, Prefix, QueryError, Range, Term, parse, to_text
from talentpool.search.language.choices import CHOICES
from talentpool.search.language.lexer import LONGEST_QUERY, MOST_WORDS, SCALES
from talentpool.search.language.tree import FIELDS, all_of, any_of, none_of, within


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("", None),
        ("   ", None),
        ("nurse", Term("nurse")),
        ("data engineer", And((Term("data"), Term("engineer")))),
        ('"data  engineer"', Phrase("data engineer")),
        ("“data engineer”", Phrase("data engineer")),
        ('"data engineer"~3', Phrase("data engineer", 3)),
        ('-title:"data engineer" ~ 3', Not(Field("title", Phrase("data engineer", 3)))),
        ('"data"~3 "c++ C++"~0', And((Phrase("data"), Phrase("c++ C++")))),
        ("java AND python", And((Term("java"), Term("python")))),
        ("java and python", And((Term("java"), Term("and"), Term("python")))),
        ("java OR python", Or((Term("java"), Term("python")))),
        ("java|python | go", Or((Term("java"), Term("python"), Term("go")))),
        ("a b OR c", Or((And((Term("a"), Term("b"))), Term("c")))),
        ("a (b OR c)", And((Term("a"), Or((Term("b"), Term("c")))))),
        ("NOT sales", Not(Term("sales"))),
        ("java -sales", And((Term("java"), Not(Term("sales"))))),
        ("java AND NOT (sales OR lead)", And((Term("java"), Not(Or((Term("sales"), Term("lead"))))))),
        ("NOT NOT java", Term("java")),
        ("a - b & c", And((Term("a"), Term("b"), Term("c")))),
        ("manag*", Prefix("manag")),
        ("c++ C# .net node.js R&D", And(tuple(Term(word) for word in ("c++", "C#", ".net", "node.js", "R&D")))),
        ("python, java; go.", And((Term("python"), Term("java"), Term("go")))),
        ("title:engineer", Field("title", Term("engineer"))),
        ("Title: engineer", Field("title", Term("engineer"))),
        ('company:"Acme Ltd"', Field("employer", Phrase("Acme Ltd"))),
        ("skill:(c++ OR c#)", Field("skill", Or((Term("c++"), Term("c#"))))),
        ("-title:intern", Not(Field("title", Term("intern")))),
        ("title:(-intern)", Not(Field("title", Term("intern")))),
        ("email:jo@example.com", Field("email", Term("jo@example.com"))),
        ("https://example.com/me", Term("https://example.com/me")),
        (
            '("software engineer" OR developer) AND (java OR "c++") NOT manager',
            And(
                (
                    Or((Phrase("software engineer"), Term("developer"))),
                    Or((Term("java"), Phrase("c++"))),
                    Not(Term("manager")),
                )
            ),
        ),
    ],
)
def test_parse_reads_the_language(text, tree):
    assert parse(text) == tree
    assert parse(to_text(tree)) == tree


@pytest.mark.parametrize(
    ("text", "message", "position", "length", "repair"),
    [
        ("java AND (python", "The bracket opened at character 10 is never closed.", 9, 1, "java AND (python)"),
        ("java)", "The bracket closed at character 5 was never opened.", 4, 1, "java"),
        (") java", "The bracket closed at character 1 was never opened.", 0, 1, " java"),
        ('x "data eng', "The quotation mark at character 3 is never closed.", 2, 9, 'x "data eng"'),
        ('x "', "The quotation mark at character 3 is never closed.", 2, 1, "x "),
        ('x ""', "There is nothing to search for between the quotation marks at character 3.", 2, 2, "x "),
        ("java AND", "AND at character 6 has nothing after it.", 5, 3, "java "),
        ("java | ) x", "| at character 6 has nothing after it.", 5, 1, "java  ) x"),
        ("OR java", "OR at character 1 has nothing before it.", 0, 2, " java"),
        ("a OR AND b", "OR at character 3 has nothing after it.", 2, 2, "a  AND b"),
        ("a ()", "The brackets at character 3 are empty.", 2, 2, "a "),
        ("titel:nurse", "At character 1: there is no field “titel:”. Did you mean title:?", 0, 6, "title:nurse"),
        ("a title:", "“title:” at character 3 needs a word, a “phrase” or (a group) after it.", 2, 6, "a "),
        ("title:(a skill:b)", "At character 10: “skill:” can't stand inside “title:”.", 9, 6, None),
        (
            "nurse has:resme",
            "At character 11: “resme” is nothing that “has:” knows. Did you mean has:resume?",
            10,
            5,
            "nurse has:resume",
        ),
        (
            'x "data engineer"~99',
            "At character 18: between 2 words up to 20 others can stand.",
            17,
            3,
            'x "data engineer"~20',
        ),
        ('"a b c d"~4', "At character 10: between 4 words up to 3 others can stand.", 9, 2, '"a b c d"~3'),
        ('"a b c d e f"~4', "At character 14: ~ takes up to 4 words.", 13, 2, '"a b c d e f"'),
        ("x nurse~2", 'At character 8: ~ stands after a phrase, as in "data engineer"~3.', 7, 2, "x nurse"),
        (
            'nurse near:"Austn, TX" 50mi',
            "At character 12: “Austn, TX” is no town we know. Did you mean “Austin, TX”?",
            11,
            11,
            'nurse near:"Austin, TX" 50mi',
        ),
        (
            'near:"Austin, OH"',
            "At character 6: “Austin, OH” is no town we know. Did you mean “Austin, TX” or “Austin, MN”?",
            5,
            12,
            'near:"Austin, TX"',
        ),
        (
            "near:Zzyzx",
            "At character 6: “Zzyzx” is no town we know. Name a town of 5,000 people or more nearby.",
            5,
            5,
            None,
        ),
        (
            "nurse near:",
            'At character 12: “near:” needs a town after it, as in near:"Austin, TX" 50mi.',
            11,
            0,
            None,
        ),
        (
            "near:Utrecht 900km nurse",
            "At character 14: “near:” reaches up to 500 km, or 310 miles.",
            13,
            5,
            "near:Utrecht 500km nurse",
        ),
        (
            "silver:perhaps",
            "At character 8: “perhaps” is nothing that “silver:” knows. Write it such as silver:yes.",
            7,
            7,
            None,
        ),
        (
            "contacted:nevr",
            "At character 11: “nevr” is nothing that “contacted:” knows. Did you mean contacted:never?",
            10,
            4,
            "contacted:never",
        ),
        (
            "experience:(5 OR long)",
            "At character 18: “long” is nothing that “experience:” knows. "
            "Write it such as experience:5..10, experience:>=3 or experience:<18m.",
            17,
            4,
            None,
        ),
        (
            "updated:<90x",
            "At character 9: “90x” is neither a date nor a time such as 90d, 6m or 1y. "
            "Write it such as updated:<90d, updated:>1y or updated:2026-01..2026-06.",
            8,
            4,
            None,
        ),
        ("ab*", "Write at least 3 letters before the * at character 3.", 0, 3, "ab"),
        (
            "x wom*n",
            "At character 6: a * can only stand at the end of a word, as in manag*.",
            2,
            5,
            "x womn",
        ),
        ("!!! & -", "There is no letter or digit to search for.", 0, 7, None),
    ],
)
def test_a_query_that_cannot_be_read_says_where_and_offers_a_repair(text, message, position, length, repair):
    with pytest.raises(QueryError) as error:
        parse(text)
    assert (error.value.message, error.value.position, error.value.length, error.value.repair) == (
        message,
        position,
        length,
        repair,
    )


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ('near:"Austin, TX" 50mi', 'near:"Austin, TX" 50mi'),
        ("nurse near:Austin, TX 50 miles, python", 'nurse near:"Austin, TX" 50miles python'),
        ("near:New York nurse", 'near:"New York" nurse'),
        ("near:new york AND nurse", 'near:"new york" nurse'),
        ("(near:Utrecht 30km OR near:Delft) -nurse", '(near:"Utrecht" 30km OR near:"Delft") -nurse'),
        ("-near:“Paris, France” 10 km", '-near:"Paris, France" 10km'),
        ("around:London within 20km", 'near:"London" 20km'),
    ],
)
def test_radii_are_read_and_printed(text, printed):
    assert to_text(parse(text)) == printed
    assert parse(printed) == parse(text)


def test_an_unknown_field_lists_the_fields():
    with pytest.raises(QueryError, match=r"The fields are title:, skill:, location:"):
        parse("quux:5")


def tree_or_error(text):
    try:
        return parse(text)
    except QueryError as error:
        return error


def nested(depth: int) -> str:
    """The deepest tree that so many brackets can make."""
    return "(a (b | -" * (depth // 2) + "c" + "))" * (depth // 2)


def test_brackets_nest_64_deep_and_no_deeper():
    tree = parse(nested(64))
    assert parse(to_text(tree)) == tree
    for text in ("(" * 65 + "a" + ")" * 65, "(" * 5000, "-(" * 2500, "title:(" * 700):
        with pytest.raises(QueryError):
            parse(text)
    with pytest.raises(QueryError, match=r"At character 65: brackets can be nested up to 64 deep."):
        parse("(" * 5000)


def test_a_query_too_long_is_refused_with_a_sentence():
    with pytest.raises(
        QueryError, match=r"This query has 5,001 characters; the longest that can be searched has 5,000"
    ):
        parse("a" * (LONGEST_QUERY + 1))
    with pytest.raises(QueryError, match=r"This query has 501 words and phrases; up to 500 can be searched at once"):
        parse("a " * (MOST_WORDS + 1))


@pytest.mark.parametrize(
    "piece",
    [
        *(
            "a ",
            "-",
            "!",
            '"a" ',
            "title:",
            "a:",
            "|",
            "NOT ",
            "a*",
            "(",
            "a)",
            "***a ",
            "\x00",
            "ß",
            "//",
            "[a OR ",
            "{",
        ),
        *("near:", "near:Rome ", "near:Q Q Q ", "has:e", '"a b c d"~3 ', "a~", "site:", "updated:<9d ", "5.."),
    ],
)
def test_the_longest_queries_are_answered_or_refused(piece):
    answer = tree_or_error((piece * LONGEST_QUERY)[:LONGEST_QUERY])
    assert isinstance(answer, And | Or | Not | Term | Phrase | QueryError)


SIGNS = st.sampled_from(
    [
        *("(", ")", '"', "“", "-", "*", " ", "|", ":", "title:", "skill:(", "AND ", " OR ", "NOT ", "c++", "a", "é"),
        *("near:", "near:Paris", " 5km", "~2", '"a b c d"', "Paris", "has:", "email", "updated:", "<9d", "..", "\x00"),
    ]
)


@given(st.one_of(st.text(max_size=80), st.lists(SIGNS, max_size=40).map("".join)))
@settings(max_examples=600)
def test_any_text_parses_to_what_prints_back_or_raises_query_error(text):
    answer = tree_or_error(text)
    if isinstance(answer, QueryError):
        assert 0 <= answer.position <= len(text)
        assert answer.length >= 0
        assert answer.message.endswith((".", "?"))
    else:
        assert parse(to_text(answer)) == answer


@given(st.lists(SIGNS, max_size=25).map("".join))
def test_repairs_lead_to_a_query_that_can_be_read_or_stop(text):
    for _ in range(len(text) * 2 + 2):
        answer = tree_or_error(text)
        if not isinstance(answer, QueryError) or answer.repair is None:
            return
        text = answer.repair
    assert tree_or_error(text) is None, "repairs go round in circles"


def test_words_near_each_other_are_few():
    parse('"a b c d"~3 ' * 4)
    with pytest.raises(QueryError, match="too many words near each other"):
        parse('"a b c d"~3 ' * 5)


def is_word(text):
    return tree_or_error(text) == Term(text) and tree_or_error(f"({text})") == Term(text)


WORDS = st.one_of(st.sampled_from(["java", "c++", "node.js", "é", "東京"]), st.text(min_size=1, max_size=8)).filter(
    is_word
)
OTHER_LEAVES = st.one_of(
    st.lists(WORDS, min_size=1, max_size=3).map(lambda words: Phrase(" ".join(words))),
    st.sampled_from(["manag", "engin"]).map(Prefix),
)


def is_word_in_ordered_fields(text):
    """Where a field has an order, what reads as a number or a day is a range and no word."""
    return all(tree_or_error(f"{name}:{text}") == Field(name, Term(text)) for name in SCALES if name not in CHOICES)


ORDERED_LEAVES = st.one_of(
    WORDS.filter(is_word_in_ordered_fields).map(Term),
    OTHER_LEAVES,
    st.sampled_from(["2027", "<2027", ">=2027", "=2027", "2026..2027"]).map(lambda text: parse(f"salary:{text}").child),
)


def groups(children):
    several = st.lists(children, min_size=2, max_size=3)
    return st.one_of(several.map(all_of), several.map(any_of), children.map(none_of))


LEAVES = st.one_of(WORDS.map(Term), OTHER_LEAVES)
UNORDERED = [name for name in FIELDS if name not in SCALES and name not in CHOICES and name != "near"]
FIELDED = st.one_of(
    st.builds(within, st.sampled_from(UNORDERED), st.recursive(LEAVES, groups, max_leaves=4)),
    st.builds(within, st.sampled_from(["salary", "warmth"]), st.recursive(ORDERED_LEAVES, groups, max_leaves=4)),
)
TREES = st.recursive(st.one_of(LEAVES, FIELDED), groups, max_leaves=12)


@given(TREES)
@example(And((Term("java"), Not(Term("&0")))))
@example(Field("salary", And((Term("java"), Not(Range("5", 500, 500))))))
@example(Field("salary", And((Or((Term("a"), Term("b"))), Range("5", 500, 500)))))
def test_a_printed_tree_parses_back_to_itself(tree):
    assert parse(to_text(tree)) == tree
