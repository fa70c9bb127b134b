"""What the search box offers: where the caret stands, what the organisation has, and what is nobody else's business."""

import pytest

from crm.models import Role
from crm.tenancy.scope import tenant_scope
from talentpool.actions.custom_fields import create_field
from talentpool.actions.tags import tag_named, tag_people
from talentpool.custom_values import CustomKind
from talentpool.search.index.outbox import drain
from talentpool.search.language import parse
from talentpool.search.language.tree import FIELDS
from talentpool.search.language.typing import Typing, quoted, typing_at
from tests.conftest import make_member, signed_in
from tests.factories.people import make_candidate
from tests.factories.pipelines import make_pipeline

SUGGEST = "/o/acme/people/suggest/"


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("", Typing(0, 0, "")),
        ("nur", Typing(0, 3, "nur")),
        ("icu nur", Typing(4, 7, "nur")),
        ("-nur", Typing(1, 4, "nur")),
        ("title:", Typing(6, 6, "", "title")),
        ("titles:nur", Typing(7, 10, "nur", "title")),
        ("x -Title:nur", Typing(9, 12, "nur", "title")),
        ('title:"charge nu', Typing(6, 16, "charge nu", "title")),
        ('title: "charge nu', Typing(7, 17, "charge nu", "title")),
        ("title:(nurse OR ch", Typing(16, 18, "ch", "title")),
        ('title:(nurse OR "ch', Typing(16, 19, "ch", "title")),
        ("title:(a) ch", Typing(10, 12, "ch")),
        ('"title:(a" ch', Typing(11, 13, "ch")),
        ("custom.shirt_size:x", Typing(18, 19, "x", "custom.shirt_size")),
        ("(((" * 400 + "ch", Typing(1200, 1202, "ch")),
    ],
)
def test_typing_is_what_stands_before_the_caret(typed, expected):
    assert typing_at(typed, len(typed)) == expected


def test_closing_quotation_mark_at_the_caret_is_replaced_with_the_word():
    assert typing_at('title:"cha" icu', 10) == Typing(6, 11, "cha", "title")
    assert typing_at("nurse icu", 99) == Typing(6, 9, "icu")
    assert typing_at("nurse icu", -4) == Typing(0, 0, "")


@pytest.mark.parametrize(
    "label", ["RN", "C++", "C#", ".NET", "Charge nurse", "OR", '3" pipes', "-x", "St.", "a:b", "Zürich", "护士"]
)
def test_quoted_value_is_one_value_of_its_field(label):
    tree = parse(f"title:{quoted(label)} icu")
    assert (tree.children[0].name, len(tree.children)) == ("title", 2)


def offered(client, text, caret=None):
    answer = client.get(SUGGEST, {"q": text, "caret": len(text) if caret is None else caret}).json()
    return [(each["text"], each["kind"]) for each in answer["suggestions"]]


@pytest.fixture
def pool(member):
    nurse = make_candidate(
        positions=[{"title": "Charge nurse"}], skills=["CRRT", "Nursing homes"], location="Nuremberg"
    )
    make_candidate(positions=[{"title": "Nurse"}], current_title="Nurse")
    make_candidate(positions=[{"title": "Krankenschwester"}], current_title="Pfleger für Ältere")
    tag_people(tag_named("Nurses to keep"), [nurse.pk], by=member)
    make_pipeline(member, "Nurses 2027")
    drain()


def test_fields_and_values_are_offered_for_a_word(client, pool):
    found = offered(client, "icu nur")
    assert ("title:Nurse ", "Title") in found
    assert ('skill:"Nursing homes" ', "Skill") in found
    assert ("location:Nuremberg ", "Location") in found
    assert ('tag:"Nurses to keep" ', "Tag") in found
    assert offered(client, "ti")[0] == ("title:", "Field")
    assert {text for text, kind in offered(client, "s") if kind == "Field"} == {f"{f}:" for f in FIELDS if f[0] == "s"}


def test_only_values_of_the_field_are_offered_within_it(client, pool):
    assert offered(client, "tag:nur") == [('"Nurses to keep" ', "Tag")]
    assert offered(client, "pipeline:nur") == [('"Nurses 2027" ', "pipeline".title())]
    assert ("Interviewing ", "Stage") in offered(client, "stage:int")
    assert ("resume ", "has") in offered(client, "has:r")
    assert offered(client, "near:auckl")[0] == ('"Auckland, New Zealand" ', "Town")
    assert offered(client, "title:zzz") == offered(client, "nothing:x") == offered(client, "") == []


def test_employers_people_have_are_offered(client, member):
    make_candidate(positions=[{"title": "Nurse", "employer": "Mercy General"}], current_employer="Mercy General")
    make_candidate(positions=[{"title": "Nurse", "employer": "Sutter"}], current_employer="Sutter")
    drain()
    assert offered(client, "employer:gen") == offered(client, "employer:mer") == [('"Mercy General" ', "Employer")]
    assert offered(client, "employer:zzz") == []


def test_accents_and_later_words_are_found(client, pool):
    assert [text for text, _ in offered(client, "title:pfl")] == ['"Pfleger für Ältere" ']
    assert [text for text, _ in offered(client, "title:altere")] == ['"Pfleger für Ältere" ']


def test_own_fields_are_offered_to_who_may_see_them(client, tenant, member):
    create_field("Rating", CustomKind.CHOICE, choices=["Excellent", "Good"], is_restricted=True, by=member)
    manager = signed_in(make_member(tenant, Role.HIRING_MANAGER))
    assert (offered(client, "rat"), offered(manager, "rat")) == ([("rating:", "Field")], [])
    assert (offered(client, "rating:ex"), offered(manager, "rating:ex")) == ([("Excellent ", "Rating")], [])


def test_values_of_another_organisation_are_never_offered(client, other_tenant, member):
    with tenant_scope(other_tenant.pk):
        make_candidate(current_title="Secretkeeper", positions=[{"title": "Secretkeeper"}])
        drain()
    assert offered(client, "title:secret") == offered(client, "secret") == []


def test_odd_addresses_offer_nothing(client, tenant):
    assert client.get(SUGGEST).json()["suggestions"] == []
    assert client.get(SUGGEST, {"q": "x" * 5_000, "caret": "y"}).json()["suggestions"] == []
    assert client.get(SUGGEST, {"q": "\0nurse", "caret": 3}).status_code == 200


def test_offering_asks_few_things(client, pool, django_assert_max_num_queries):
    client.get(SUGGEST, {"q": "nur", "caret": 3})
    with django_assert_max_num_queries(14):
        client.get(SUGGEST, {"q": "nur", "caret": 3})
