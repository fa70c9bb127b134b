from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from talentpool.custom_values import CustomKind, CustomType
from talentpool.identity.alone import view_of_one
from talentpool.identity.consolidation import Consolidated, consolidate
from talentpool.identity.rules import AS_USUAL, GROUPS, Lists, Order, Rule, Rules
from talentpool.identity.statements import EDITABLE, LISTS, Edit, Statement
from talentpool.identity.suggestions import open_suggestions, with_accepted
from talentpool.person import Education, PersonFields, Position

DAY = datetime(2026, 3, 4, tzinfo=UTC)


def said(profile_id, fields, *, days=0, trust=50, record=""):
    return Statement(profile_id, fields, DAY + timedelta(days=days), trust, record)


def test_freshest_source_is_shown_and_the_others_are_kept():
    old = said(1, PersonFields(name="Ada Lovelace", headline="Countess", location="London", country="gb"))
    new = said(2, PersonFields(name="ada lovelace", headline="Programmer", emails=("Ada@example.org",)), days=10)
    assert consolidate([old, new]) == Consolidated(
        PersonFields(
            name="ada lovelace",
            given_name="ada",
            family_name="lovelace",
            headline="Programmer",
            location="London",
            country="GB",
            emails=("ada@example.org",),
        ),
        {
            "name": {"from": ["p2", "p1"]},
            "headline": {"from": ["p2"], "differs": [{"value": "Countess", "from": ["p1"]}]},
            "location": {"from": ["p1"]},
            "country": {"from": ["p1"]},
            "emails": [{"from": ["p2"]}],
        },
    )


def test_a_point_of_trust_weighs_as_much_as_a_week():
    trusted = said(1, PersonFields(headline="Countess"), trust=60)
    fresh = said(2, PersonFields(headline="Programmer"), days=69)
    fresher = said(2, PersonFields(headline="Programmer"), days=71)
    assert [consolidate([trusted, each]).fields.headline for each in (fresh, fresher)] == ["Countess", "Programmer"]


def test_only_the_latest_state_of_a_record_counts():
    before = said(1, PersonFields(name="Ada Byron", phones=("+44 20 7946 0018",)), record="7:17")
    after = said(2, PersonFields(name="Ada Lovelace"), days=1, record="7:17")
    other = said(3, PersonFields(name="Ada Byron"), days=-1, record="8:17")
    assert consolidate([after, other, before]) == Consolidated(
        PersonFields(name="Ada Lovelace", given_name="Ada", family_name="Lovelace"),
        {"name": {"from": ["p2"], "differs": [{"value": "Ada Byron", "from": ["p3"]}]}},
    )


def test_a_full_name_is_shown_before_a_fresher_half_of_one():
    full = said(1, PersonFields(given_name="Ada", family_name="Lovelace"))
    half = said(2, PersonFields(name="A. Lovelace"), days=30)
    assert consolidate([half, full]).fields == PersonFields(
        name="Ada Lovelace", given_name="Ada", family_name="Lovelace"
    )


def test_country_is_of_the_same_place_as_the_location():
    london = said(1, PersonFields(location="London"), days=2)
    turin = said(2, PersonFields(location="Turin", country="IT"), days=1)
    somewhere = said(3, PersonFields(country="GB"))
    assert consolidate([london, turin, somewhere]).fields == PersonFields(location="London", country="GB")


def test_contact_points_and_skills_are_united_and_keep_the_best_spelling():
    one = said(
        1,
        PersonFields(
            emails=("a.da@gmail.com", "nonsense"),
            phones=("0171 1234567", "?"),
            links=("http://www.linkedin.com/in/ada/", "javascript:alert(1)"),
            skills=("c++", "C#", "Intensive  care"),
        ),
    )
    two = said(
        2,
        PersonFields(
            emails=("info@ada.example", "ada+x@googlemail.com"),
            phones=("+49 171 1234567",),
            links=("https://de.linkedin.com/in/Ada",),
            skills=("C++", "Python"),
        ),
        days=1,
    )
    assert consolidate([one, two], region="DE") == Consolidated(
        PersonFields(
            emails=("info@ada.example", "ada+x@googlemail.com"),
            phones=("+491711234567",),
            links=("https://de.linkedin.com/in/Ada",),
            skills=("C++", "Python", "C#", "Intensive care"),
        ),
        {
            "emails": [{"from": ["p2"]}, {"from": ["p2", "p1"]}],
            "phones": [{"from": ["p2", "p1"]}],
            "links": [{"from": ["p2", "p1"]}],
            "skills": [{"from": ["p2", "p1"]}, {"from": ["p2"]}, {"from": ["p1"]}, {"from": ["p1"]}],
        },
    )


def test_jobs_of_two_sources_are_one_and_their_disagreement_is_kept():
    resume = said(
        1,
        PersonFields(
            positions=(
                Position("Mercy General", "Charge Nurse", "2022", current=True),
                Position("Clovis Community Medical Center", "Staff Nurse", "2015-06", "2018-01", location="Clovis"),
            )
        ),
        days=5,
    )
    ats = said(
        2,
        PersonFields(
            positions=(
                Position("MERCY GENERAL, Inc.", "Charge Nurse, ICU", "2022-03", text="Nights."),
                Position("Clovis Community Medical Center", "Nurse", "2015-06", "2017"),
                Position("Kaweah Health", "Nurse", "2018-09", "2022-02"),
            )
        ),
    )
    assert consolidate([ats, resume]) == Consolidated(
        PersonFields(
            positions=(
                Position("Mercy General", "Charge Nurse", "2022-03", current=True, text="Nights."),
                Position("Kaweah Health", "Nurse", "2018-09", "2022-02"),
                Position("Clovis Community Medical Center", "Staff Nurse", "2015-06", "2018-01", location="Clovis"),
            )
        ),
        {
            "positions": [
                {"from": ["p1", "p2"], "differs": {"title": [{"value": "Charge Nurse, ICU", "from": ["p2"]}]}},
                {"from": ["p2"]},
                {
                    "from": ["p1", "p2"],
                    "differs": {
                        "title": [{"value": "Nurse", "from": ["p2"]}],
                        "end": [{"value": "2017", "from": ["p2"]}],
                    },
                },
            ]
        },
    )


def test_two_titles_at_one_employer_stay_two_jobs():
    both = (Position("Acme", "Senior Engineer", "2018", "2020"), Position("Acme", "Engineer", "2015", "2018"))
    undated = said(2, PersonFields(positions=(Position("Acme", "Engineer"),)))
    assert consolidate([said(1, PersonFields(positions=both)), undated]) == Consolidated(
        PersonFields(positions=both), {"positions": [{"from": ["p1"]}, {"from": ["p2", "p1"]}]}
    )


def test_jobs_without_shared_time_or_employer_stay_apart():
    positions = (
        Position("Acme", "Engineer", "2010", "2012"),
        Position("Acme", "Engineer", "2015", "2016"),
        Position("Other", "Engineer", "2010", "2012"),
    )
    statements = [said(number, PersonFields(positions=(each,))) for number, each in enumerate(positions)]
    assert set(consolidate(statements).fields.positions) == set(positions)


def test_schools_of_two_sources_are_one():
    one = said(1, PersonFields(education=(Education("CSU Fresno", "BSc", "Nursing", "2011", "2015"),)))
    two = said(2, PersonFields(education=(Education("CSU Fresno", "BSc", "", "2011"), Education("MIT", "MSc"))))
    assert consolidate([one, two]).fields.education == (
        Education("CSU Fresno", "BSc", "Nursing", "2011", "2015"),
        Education("MIT", "MSc"),
    )


def test_edit_wins_over_fresher_sources_until_it_is_withdrawn():
    source = said(1, PersonFields(name="Ada Byron", headline="Countess", skills=("Poetry", "Sums")), days=99)
    edits = [
        Edit(1, "headline", "Programmer", DAY),
        Edit(2, "headline", "First programmer", DAY + timedelta(hours=1)),
        Edit(3, "family_name", "Lovelace", DAY),
        Edit(4, "skills", {"add": ["Engines", "sums"], "remove": ["poetry"]}, DAY),
    ]
    assert [consolidate([source], edits), consolidate([source])] == [
        Consolidated(
            PersonFields(
                name="Ada Lovelace",
                given_name="Ada",
                family_name="Lovelace",
                headline="First programmer",
                skills=("Engines", "sums"),
            ),
            {
                "name": {"from": ["e3"], "differs": [{"value": "Ada Byron", "from": ["p1"]}]},
                "family_name": {"from": ["e3"], "differs": [{"value": "Byron", "from": ["p1"]}]},
                "headline": {"from": ["e2"], "differs": [{"value": "Countess", "from": ["p1"]}]},
                "skills": [{"from": ["e4"]}, {"from": ["e4", "p1"]}],
            },
        ),
        Consolidated(
            PersonFields(
                name="Ada Byron",
                given_name="Ada",
                family_name="Byron",
                headline="Countess",
                skills=("Poetry", "Sums"),
            ),
            {
                "name": {"from": ["p1"]},
                "headline": {"from": ["p1"]},
                "skills": [{"from": ["p1"]}, {"from": ["p1"]}],
            },
        ),
    ]


def test_edited_name_is_read_into_its_parts():
    source = said(1, PersonFields(name="Ada Byron"))
    assert consolidate([source], [Edit(1, "name", "Ada King", DAY)]) == Consolidated(
        PersonFields(name="Ada King", given_name="Ada", family_name="King"),
        {"name": {"from": ["e1"], "differs": [{"value": "Ada Byron", "from": ["p1"]}]}},
    )


def test_emptied_field_stays_empty():
    source = said(1, PersonFields(headline="Countess"))
    assert consolidate([source], [Edit(1, "headline", "", DAY)]) == Consolidated(
        PersonFields(), {"headline": {"from": ["e1"], "differs": [{"value": "Countess", "from": ["p1"]}]}}
    )


def test_edited_job_replaces_the_one_that_was_shown():
    source = said(1, PersonFields(positions=(Position("Acme", "Enginer", "2015", "2018"),)))
    edit = Edit(
        1,
        "positions",
        {
            "remove": [{"employer": "Acme", "title": "Enginer", "start": "2015", "end": "2018"}],
            "add": [{"employer": "Acme", "title": "Engineer", "start": "2015", "end": "2019"}],
        },
        DAY,
    )
    later = said(2, PersonFields(positions=(Position("Acme", "Engineer", "2015", "2018"),)), days=9)
    assert [consolidate([source], [edit]), consolidate([later], [edit])] == [
        Consolidated(
            PersonFields(positions=(Position("Acme", "Engineer", "2015", "2019"),)), {"positions": [{"from": ["e1"]}]}
        ),
        Consolidated(
            PersonFields(positions=(Position("Acme", "Engineer", "2015", "2019"),)),
            {"positions": [{"from": ["e1", "p2"], "differs": {"end": [{"value": "2018", "from": ["p2"]}]}}]},
        ),
    ]


def test_own_fields_are_read_by_their_kind_and_other_columns_are_not_shown():
    types = {
        "shift": CustomType(CustomKind.CHOICE, {"day": "Day", "night": "Night"}),
        "badge": CustomType(CustomKind.NUMBER),
        "empty": CustomType(CustomKind.DATE),
    }
    one = said(1, PersonFields(custom={"shift": "day", "badge": "-7", "Notes": "row 1", "empty": "soon"}))
    two = said(2, PersonFields(custom={"shift": "NIGHT", "badge": "seven"}), days=1)
    edits = [
        Edit(1, "custom.badge", "7", DAY),
        Edit(2, "custom.badge", "not a number any more", DAY + timedelta(days=1)),
    ]
    assert [consolidate([one, two], edits, custom=types), consolidate([one, two])] == [
        Consolidated(
            PersonFields(custom={"badge": "7", "shift": "Night"}),
            {
                "custom": {
                    "badge": {"from": ["e1"], "differs": [{"value": "-7", "from": ["p1"]}]},
                    "shift": {"from": ["p2"], "differs": [{"value": "Day", "from": ["p1"]}]},
                }
            },
        ),
        Consolidated(),
    ]


def test_of_permits_the_best_word_counts_for_each_country():
    old = said(1, PersonFields(permits=("US visa 2026-05", "DE citizen"), salary="EUR 60000 year"))
    new = said(2, PersonFields(permits=("US permanent",), salary="EUR 70000 year"), days=1)
    view = consolidate([old, new])
    assert (view.fields.permits, view.fields.salary) == (("US permanent", "DE citizen"), "EUR 70000 year")
    assert view.lineage["permits"] == [{"from": ["p2", "p1"]}, {"from": ["p1"]}]


def suggestion(field, value, confidence=0.5, **more):
    return {"field": field, "value": value, "confidence": confidence, "passage": "…", **more}


def test_suggestions_count_once_they_are_accepted():
    fields = PersonFields(name="Ada", skills=("Sums",))
    suggestions = [
        suggestion("skills", "Engines", answer="accepted"),
        suggestion("skills", "Poetry"),
        suggestion("headline", "Countess", answer="dismissed"),
        suggestion("location", "London", answer="accepted"),
        suggestion("positions", {"employer": "Acme"}, answer="accepted"),
        suggestion("aura", "violet", answer="accepted"),
    ]
    assert with_accepted(fields, suggestions) == replace(
        fields, skills=("Sums", "Engines"), location="London", positions=(Position("Acme"),)
    )


def test_open_suggestions_say_something_new_and_each_once():
    shown = PersonFields(skills=("Sums",), positions=(Position("Acme", "Engineer"),))
    one = [suggestion("skills", "SUMS"), suggestion("skills", "Poetry", 0.4), suggestion("skills", "Chess")]
    two = [
        suggestion("skills", "chess", answer="dismissed"),
        suggestion("skills", "poetry", 0.6),
        suggestion("positions", {"employer": "Acme", "title": "Engineer"}),
    ]
    assert open_suggestions(shown, [(1, one), (2, two)]) == [
        {**suggestion("skills", "poetry", 0.6), "profile": 2, "number": 1}
    ]


YEARS = st.sampled_from(["", "2010", "2012-05", "2014", "2014-03", "2018"])
TEXTS = st.sampled_from(["", "Acme", "ACME Inc", "Ada Lovelace", "A. Lovelace", "Smith, John", "Nurse", "Nurse, ICU"])
POSITIONS = st.builds(Position, TEXTS, TEXTS, YEARS, YEARS, st.booleans(), TEXTS)
SCHOOLS = st.builds(Education, TEXTS, TEXTS, TEXTS, YEARS, YEARS)
WORDS = st.lists(
    st.sampled_from(["ada@example.org", "A.da@gmail.com", "ada@gmail.com", "+49 171 1234567", "github.com/ada", "C++"]),
    max_size=3,
).map(tuple)
FIELDS = st.builds(
    PersonFields,
    name=TEXTS,
    headline=TEXTS,
    location=TEXTS,
    country=st.sampled_from(["", "US", "de"]),
    emails=WORDS,
    phones=WORDS,
    links=WORDS,
    skills=WORDS,
    positions=st.lists(POSITIONS, max_size=3).map(tuple),
    education=st.lists(SCHOOLS, max_size=2).map(tuple),
    custom=st.dictionaries(TEXTS, TEXTS, max_size=2),
)
STATEMENTS = st.lists(
    st.builds(
        lambda fields, days, trust, record: (fields, days, trust, record),
        FIELDS,
        st.integers(0, 3),
        st.integers(0, 2),
        st.sampled_from(["", "1:a", "2:a"]),
    ),
    max_size=5,
).map(lambda each: [said(n, f, days=d, trust=t, record=r) for n, (f, d, t, r) in enumerate(each, 1)])


def edit_value(name, words, entries):
    if name in LISTS:
        return st.fixed_dictionaries({"add": words, "remove": words})
    if name == "positions":
        return st.fixed_dictionaries({"add": entries, "remove": entries})
    return TEXTS if name != "education" else st.just({"add": [], "remove": []})


EDITS = st.lists(
    st.sampled_from(EDITABLE).flatmap(
        lambda name: st.tuples(
            st.just(name), edit_value(name, WORDS, st.lists(POSITIONS.map(Position.to_json), max_size=2))
        )
    ),
    max_size=4,
).map(lambda each: [Edit(n, name, value, DAY) for n, (name, value) in enumerate(each, 1)])


@settings(max_examples=150)
@given(STATEMENTS, EDITS, st.randoms())
def test_order_of_profiles_and_edits_does_not_matter(statements, edits, random):
    shuffled, turned = list(statements), list(edits)
    random.shuffle(shuffled)
    random.shuffle(turned)
    assert consolidate(shuffled, turned) == consolidate(statements, edits)


@settings(max_examples=150)
@given(STATEMENTS, EDITS)
def test_every_value_says_where_it_is_from(statements, edits):
    whole = consolidate(statements, edits)
    refs = {each.ref for each in (*statements, *edits)}
    stored = whole.fields.to_json()
    for name in (*LISTS, "positions", "education"):
        assert len(whole.lineage.get(name, [])) == len(stored.get(name, []))
        assert all(each["from"] and set(each["from"]) <= refs for each in whole.lineage.get(name, []))
    for name in ("name", "headline", "location", "country"):
        assert not stored.get(name) or set(whole.lineage[name]["from"]) <= refs


OWN = {"Acme": CustomType(CustomKind.TEXT), "Nurse": CustomType(CustomKind.NUMBER)}
WISHES = st.fixed_dictionaries(
    {"remote": TEXTS, "salary": TEXTS, "permits": WORDS, "summary": TEXTS.map(" {} ".format)}
)
BEST = Rules({group: Rule(Order.TRUSTED, "ats", Lists.BEST) for group in GROUPS})


@settings(max_examples=300)
@given(STATEMENTS.filter(bool), WISHES, st.sampled_from([AS_USUAL, BEST]), st.sampled_from(["", "DE"]))
def test_who_is_told_of_once_is_shown_by_the_short_way_as_by_the_long_one(statements, wishes, rules, region):
    alone = replace(statements[0], fields=replace(statements[0].fields, **wishes))
    whole = consolidate([alone], region=region, rules=rules, custom=OWN)
    assert view_of_one(alone, region=region, custom=OWN) == whole


@settings(max_examples=150)
@given(STATEMENTS)
def test_a_view_of_the_view_is_the_view(statements):
    once = consolidate(statements).fields
    assert consolidate([said(99, once)]).fields == once
