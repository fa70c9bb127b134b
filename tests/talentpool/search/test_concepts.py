import pytest

from talentpool.search.concepts import Addition, expand
from talentpool.search.concepts.expand import MOST_ADDED
from talentpool.search.concepts.names import other_names
from talentpool.search.language import parse, to_text

NURSE = ["registered nurse", "staff nurse", "registered general nurse", "RGN"]


def added(text, **options):
    return [each.name for each in expand(parse(text), **options).names]


def test_an_abbreviation_brings_what_it_stands_for_and_back():
    found = {text: added(text) for text in ("RN", "rn", "registered nurses", "k8s", "Kubernetes", "golang", "python")}
    assert found == {
        "RN": NURSE,
        "rn": NURSE,
        "registered nurses": ["RN", "staff nurse", "RGN"],  # whoever has “registered general nurse” has both words
        "k8s": ["kubernetes"],
        "Kubernetes": ["k8s"],
        "golang": ["Go"],
        "python": ["python3"],
    }


def test_esco_is_asked_about_what_our_lists_do_not_know():
    assert added("ward sister") == [
        "nurse responsible for general care",
        "practice nurse",
        "learning disability nurse",
        "adult nurse",
        "mental health nurse",
        "district nurse",
        "ward nurse",
    ]
    assert added("ventilation systems") == ["HVAC systems", "mechanical ventilation"]


def test_an_abbreviation_of_several_things_means_each_and_is_never_added():
    assert added("PM") == ["product manager", "project manager", "program manager", "property manager"]
    assert "PM" not in added("project manager")
    assert added("PM", less=["Property Manager", "nothing"]) == [
        "product manager",
        "project manager",
        "program manager",
    ]


def test_everyday_words_count_only_in_capitals_and_are_added_in_titles_and_skills_only():
    assert (added("it"), added("IT")) == ([], ["information technology", "ICT"])
    assert to_text(expand(parse("golang")).whole) == 'golang OR title:"Go" OR skill:"Go"'
    assert to_text(expand(parse("skill:golang")).whole) == 'skill:(golang OR "Go")'


def test_only_words_that_speak_for_somebody_are_expanded():
    for text in (
        "",
        "-RN",
        "NOT (RN OR LPN)",
        '"RN"',
        "title:-RN",
        'title:"registered nurse"',
        "name:RN",
        "location:CA",
        "regi*",
        "salary:<60000",
        "source:k8s",
        "of the",
    ):
        tree = parse(text)
        found = expand(tree)
        assert (text, found.names, found.typed, found.same, found.whole) == (text, (), tree, tree, tree)


def test_words_side_by_side_are_taken_together_as_many_as_can_be():
    assert to_text(expand(parse("senior registered nurse -student")).whole) == (
        'senior (registered nurse OR "RN" OR "staff nurse" OR "RGN") -student'
    )
    assert [(each.typed, each.name) for each in expand(parse("k8s golang")).additions] == [
        ("k8s", "kubernetes"),
        ("golang", "Go"),
    ]
    assert to_text(expand(parse("title:(k8s OR fresno) golang")).same) == (
        'title:(k8s OR "kubernetes" OR fresno) (golang OR title:"Go" OR skill:"Go")'
    )


def test_narrower_names_come_last_and_are_told_apart():
    found = expand(parse("version control"))
    assert found.names == (
        Addition("version control", "source control"),
        Addition("version control", "Git", is_narrower=True),
        Addition("version control", "Subversion", is_narrower=True),
        Addition("version control", "Mercurial", is_narrower=True),
    )
    assert to_text(found.same) == 'version control OR "source control"'
    assert to_text(found.whole) == 'version control OR "source control" OR "Git" OR "Subversion" OR "Mercurial"'
    assert [each.sentence for each in found.names[:2]] == [
        "another name of version control",
        "narrower than version control",
    ]


def test_a_query_of_many_names_stays_within_limits():
    names = "nurse OR SWE OR lawyer OR chef OR teacher OR recruiter OR electrician OR plumber OR accountant"
    assert len(expand(parse(names)).additions) == MOST_ADDED
    assert len(expand(parse(" ".join(["RN"] * 500))).additions) == MOST_ADDED


@pytest.mark.parametrize("text", ["", " ", "?!", "the", "a" * 3000, "田中", "ESCO " * 50])
def test_what_is_no_name_has_no_others(text):
    assert other_names(text) == []
