"""Other names on every engine: who is found, in which order, and with which words."""

import pytest

from talentpool.models import Candidate
from talentpool.search.find import SearchRequest, count, find
from talentpool.search.index.outbox import drain
from tests.talentpool.search.engine_contract import found_by
from tests.talentpool.search.people import person


def found(text, **options):
    page = find(SearchRequest(text, with_facets=False, **options))
    assert not page.fell_back
    return [Candidate.objects.get(pk=hit.candidate_id).name for hit in page.hits]


@pytest.fixture
def coders(tenant):
    person("In text", minutes=7, resume="Knows source control and more")
    person("Narrower in title", minutes=6, title="Git trainer")
    person("As typed in text", minutes=5, resume="Version control for all")
    person("Other name as skill", minutes=4, skills=["Source control"])
    person("Other name in title", minutes=3, title="Source control engineer")
    person("As typed in title", minutes=2, title="Version control engineer")
    person("Nothing of it", minutes=9, title="Quality control")
    drain()


class ConceptsContract:
    def test_what_was_typed_comes_before_other_names_and_narrower_ones_last(self, coders):
        order = [
            "As typed in title",
            "Other name in title",
            "Other name as skill",
            "In text",
            "As typed in text",
            "Narrower in title",
        ]
        assert found("version control") == order
        pages, cursor = [], None
        while True:
            page = find(SearchRequest("version control", with_facets=False, cursor=cursor, limit=1))
            pages += [Candidate.objects.get(pk=hit.candidate_id).name for hit in page.hits]
            if (cursor := page.next_cursor) is None:
                break
        assert (pages, page.total) == (order, 6)

    def test_exactly_and_what_is_taken_away_hold_for_pages_counts_and_lists(self, coders):
        switched = {
            "exactly": (SearchRequest("version control", exactly=True), ["As typed in text", "As typed in title"]),
            "less": (
                SearchRequest("version control", less=("source CONTROL",)),
                ["As typed in text", "As typed in title", "Narrower in title"],
            ),
            "quoted": (SearchRequest('"version control"'), ["As typed in text", "As typed in title"]),
            "not": (
                SearchRequest("control -(version control)"),
                [
                    "In text",
                    "Nothing of it",
                    "Other name as skill",
                    "Other name in title",
                ],
            ),
        }
        number = dict(Candidate.objects.values_list("pk", "name"))
        assert {
            way: (
                sorted(number[hit.candidate_id] for hit in find(request).hits),
                sorted(number[each] for each in found_by(request)),
                count(request),
            )
            for way, (request, _) in switched.items()
        } == {way: (names, names, len(names)) for way, (_, names) in switched.items()}

    def test_a_page_says_which_names_were_added(self, coders):
        page, exactly = (find(SearchRequest("version control", exactly=each)) for each in (False, True))
        assert page.other_names == exactly.other_names
        assert [each.name for each in page.other_names] == ["source control", "Git", "Subversion", "Mercurial"]
        assert find(SearchRequest("quality fresno")).other_names == ()

    def test_reasons_say_that_it_is_another_name(self, tenant):
        person("Ann", title="Registered Nurse", resume="Staff nurse of the year")
        person("Ben", title="RN", resume="Registered nurse since 2020", minutes=1)
        person("Cyd", skills=["Subversion"], title="Source control keeper")
        person("Dee", title="RN – staff nurse", minutes=-1)
        drain()
        told = {
            text: [
                [(reason.label, str(reason.html), reason.note) for reason in hit.reasons]
                for hit in find(SearchRequest(text)).hits
            ]
            for text in ("RN", "version control")
        }
        another = "another name of RN"
        assert told == {
            "RN": [
                [("Title", "<mark>RN</mark>", "")],
                [("Title", "<mark>RN</mark> – <mark>staff nurse</mark>", "")],
                [
                    ("Title", "<mark>Registered Nurse</mark>", another),
                    ("Résumé", "<mark>Staff nurse</mark> of the year", another),
                ],
            ],
            "version control": [
                [
                    ("Title", "<mark>Source control</mark> keeper", "another name of version control"),
                    ("Skill", "<mark>Subversion</mark>", "narrower than version control"),
                ]
            ],
        }

    def test_everyday_names_are_found_in_titles_and_skills_alone(self, tenant):
        person("Robert Koch", title="Driver", minutes=2)
        person("Ann", title="Koch", minutes=1)
        drain()
        assert found("chef") == ["Ann"]
        assert found("Koch") == ["Robert Koch", "Ann"]

    def test_long_lists_of_names_are_answered(self, coders):
        asked = "nurse OR SWE OR lawyer OR chef OR teacher OR recruiter OR electrician OR plumber OR version control"
        assert "Git trainer" not in found(asked)
        assert len(found(f"({asked}) OR control")) == 6
