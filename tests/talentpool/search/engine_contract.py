"""What every engine must do, asked through the door of search. Each engine's own test file makes a class of it."""

import random
from contextlib import suppress
from datetime import UTC, datetime
from itertools import chain

import pytest

from crm.tenancy.scope import tenant_scope
from talentpool.actions.custom_fields import create_field
from talentpool.custom_values import CustomKind
from talentpool.models import Application, Candidate, Job, JobFamily, SearchIndex, Source
from talentpool.search.engines import engine_for
from talentpool.search.find import QueryError, SearchRequest, best_ids, count, find, matching_ids
from talentpool.search.index.outbox import drain
from tests.talentpool.search.people import NOON, person

FOUND = {
    "": ["José Álvarez", "Mary Smith", "Łukasz Müller"],
    "nurse": ["José Álvarez"],
    "nurses": ["José Álvarez"],
    "nursing": ["José Álvarez"],
    "jose alvarez": ["José Álvarez"],
    "JOSÉ": ["José Álvarez"],
    "jose\u0301": ["José Álvarez"],
    "lukasz muller": ["Łukasz Müller"],
    "strasse": ["Łukasz Müller"],
    "manager": ["Łukasz Müller"],
    "nothing-like-it": [],
    "engineer fresno": ["Mary Smith"],
    "nurse OR director": ["José Álvarez", "Łukasz Müller"],
    "fresno NOT engineer": ["José Álvarez"],
    "-fresno": ["Łukasz Müller"],
    "-fresno -sales": [],
    "(nurse OR engineer) AND (austin OR dallas)": ["Mary Smith"],
    "the nurse": ["José Álvarez"],
    '"registered nurse"': ["José Álvarez"],
    '"nurse registered"': [],
    '"director of sales"': ["Łukasz Müller"],
    '"director sales"': [],
    '"nurse fresno"': [],
    '"nurse registered"~1': ["José Álvarez"],
    '"sales director"~1': ["Łukasz Müller"],
    '"sales director"~0': [],
    'title:"sales director"~1': ["Łukasz Müller"],
    'employer:"sales director"~1': [],
    '"managers teams"~2': ["Łukasz Müller"],
    '"managers teams"~1': [],
    '"strasse teams side"~9': ["Łukasz Müller"],
    '"strasse teams side"~8': [],
    '"nurse fresno"~20': [],
    '"care intensive c++"~3': [],
    '-"sales director"~1 -fresno': [],
    '"sales sales director director"~1': ["Łukasz Müller"],
    '"software engineer c#"': [],
    "engin*": ["Mary Smith"],
    "engineeri*": ["Mary Smith"],
    'title:"software engineer"': ["Mary Smith"],
    "title:nurse": ["José Álvarez"],
    "title:(nurse OR director)": ["José Álvarez", "Łukasz Müller"],
    "title:direc*": ["Łukasz Müller"],
    "-title:nurse -title:director": ["Mary Smith"],
    "title:agnes": [],
    "employer:agnes": ["José Álvarez"],
    "fresno": ["José Álvarez", "Mary Smith"],
    "employer:fresno": ["Mary Smith"],
    "location:fresno": ["José Álvarez"],
    "location:CA": ["José Álvarez"],
    "skill:c++": ["José Álvarez"],
    "skill:c#": ["Mary Smith"],
    "skill:c": ["Łukasz Müller"],
    "skill:.net": ["Mary Smith"],
    "c++ OR c#": ["José Álvarez", "Mary Smith"],
    "C++": ["José Álvarez"],
    'skill:"machine learning"': ["Mary Smith"],
    'skill:"learning machine"': [],
    "tag:silver": ["José Álvarez"],
    "silver": ["José Álvarez"],
    'source:"job fair"': ["José Álvarez"],
    "linkedin": [],
    "source:linkedin": ["Mary Smith"],
    "name:mary": ["Mary Smith"],
    "email:jose@mail.example": ["José Álvarez"],
    "jose@mail.example": ["José Álvarez"],
    "email:mail.example": ["José Álvarez", "Łukasz Müller"],
    "node.js": ["Łukasz Müller"],
    "R&D": ["Łukasz Müller"],
    "o'brien": ["Łukasz Müller"],
}


ANN = {
    "salary": "EUR 60000.01-70000 year",
    "availability": "now",
    "remote": "hybrid",
    "permits": ["DE citizen"],
    "interests": ["Night shifts"],
}
BEN = {"salary": "USD 5000 month", "availability": "2999-03", "permits": ["US visa 2027-05"], "relocate": "yes"}
WANTED = {
    "salary:>60000": ["Ann"],
    "salary:<=60000": ["Ben"],
    "salary:60k": ["Ben"],
    "salary:(<10 OR >60000)": ["Ann"],
    "salary:EUR salary:<70000": ["Ann"],
    "-salary:<1000000": ["Cyd"],
    "available:<=2999-03": ["Ann", "Ben"],
    "available:<2999-03": ["Ann"],
    "available:2999-03-01..2999-03-31": ["Ben"],
    "available:<2020": [],
    "permit:DE": ["Ann"],
    "permit:visa": ["Ben"],
    "remote:hybrid": ["Ann"],
    "remote:office": ["Ann"],
    "hybrid": [],
    "warmth:hot": ["Ann"],
    "warmth:>=2": ["Ann", "Ben"],
    "warmth:2": ["Ben"],
    "-warmth:>0": ["Cyd"],
    "warmth:cold": ["Cyd"],
    "hot": [],
    "wants:nights": ["Ann"],
    "wants:move": ["Ben"],
    "night": ["Ann"],
    "custom.shirt_size:large": ["Ann"],
    'shirt_size:"extra large"': ["Ann"],
    'shirt_size:"large extra"': [],
    "shirt_size:(small OR larg*)": ["Ann", "Ben"],
    'shirt_size:"extra lar*"': [],
    "large": ["Ann"],
    "years:<0": ["Ann"],
    "years:=10": ["Ben"],
    "years:10": ["Ben"],
    "years:-5..10": ["Ann", "Ben"],
    "years:>10": ["Cyd"],
    "since:2026-03": ["Ben"],
    "since:>2026-03": [],
    "nurse OR years:>10": ["Cyd"],
}


def own_fields(member):
    create_field("Shirt size", CustomKind.CHOICE, choices=["Small", "Extra large"], by=member)
    create_field("Years", CustomKind.NUMBER, by=member)
    create_field("Since", CustomKind.DATE, by=member)
    create_field("Secret", CustomKind.TEXT, is_restricted=True, by=member)


ODD = [
    "' OR 1=1; --",
    "nurse'::tsquery",
    "\\' & !'x",
    "'f:1' | 'b:1'",
    "<->",
    "nurse\\",
    "%s %(x)s {}",
    "a:*",
    "Ω≈ç√∫˜µ≤≥÷",
    "田中さんにあげて下さい",
    "הָיְתָה תֹהוּ",
    "ﷺ ½ ² ①",
    "👩‍⚕️ nurse",
    "\u202etest\u202c",
    "Z̮̞̠͙͔ͅḀ̗̞͈̻̗Ḷ͙͎̯̹̞͓G̻O̭̗̮",
    "x" * 3000,
    '"' + "word " * 400 + '"',
    "(" * 60 + "nurse" + ")" * 60,
    "NOT (" * 40 + "nurse" + ")" * 40,
    " OR ".join(f"w{number}" for number in range(490)),
    " ".join(f'title:"a{number} b"' for number in range(300)),
]


def names(text="", **options):
    """Names of who is found, in order."""
    page = find(SearchRequest(text, with_facets=False, **options))
    assert not page.fell_back
    found = [Candidate.objects.get(pk=hit.candidate_id).name for hit in page.hits]
    assert page.total == len(found) or page.next_cursor
    return found


def ids_of(batches):
    return list(chain.from_iterable(batches))


def found_by(request):
    """Everybody whom the engine under test finds, by id."""
    return sorted(best_ids(request, 10_000))


def facet(page, name):
    return next(
        (
            [(value.label, value.count, value.selected) for value in each.values]
            for each in page.facets
            if each.name == name
        ),
        [],
    )


@pytest.fixture
def three(tenant):
    """Three people who share little."""
    person(
        "José Álvarez",
        title="Registered Nurse",
        minutes=3,
        skills=["Intensive care", "C++"],
        location="Fresno, CA",
        tags=["Silver medalist"],
        source="Spring job fair",
        email="jose@mail.example",
        current_employer="St. Agnes",
    )
    person(
        "Mary Smith",
        title="Software Engineer",
        minutes=2,
        skills=["C#", ".NET", "Machine learning"],
        location="Austin, TX",
        source="LinkedIn",
        positions=[{"title": "Care assistant", "employer": "Fresno General", "text": "Cared for elderly patients"}],
    )
    person(
        "Łukasz Müller",
        title="Director of Sales",
        minutes=1,
        skills=["C", "Negotiation"],
        resume="Built teams of account managers in Straße 5.\nNode.js on the side; R&D; O'Brien & Co.",
        consent=True,
        email="lukasz@mail.example",
    )
    drain()


class EngineContract:
    index: SearchIndex

    def test_words_phrases_and_fields_find_their_people(self, three):
        assert {text: names(text, sort="recent") for text in FOUND} == FOUND
        assert {text: sorted(names(text, sort="relevance")) for text in FOUND} == {
            text: sorted(found) for text, found in FOUND.items()
        }

    def test_counts_and_lists_agree_with_pages(self, three):
        number = dict(Candidate.objects.values_list("name", "pk"))
        assert {text: count(SearchRequest(text)) for text in FOUND} == {text: len(FOUND[text]) for text in FOUND}
        assert {text: found_by(SearchRequest(text)) for text in FOUND} == {
            text: sorted(number[name] for name in found) for text, found in FOUND.items()
        }

    def test_relevance_puts_titles_and_names_before_short_fields_before_texts(self, tenant):
        person("In text", minutes=5, resume="was a python developer")
        person("In skill", minutes=4, skills=["Python"])
        person("In title", minutes=1, title="Python developer")
        person("In title later", minutes=2, title="Senior Python developer")
        drain()
        assert names("python") == ["In title later", "In title", "In skill", "In text"]
        assert names("python", sort="recent") == ["In text", "In skill", "In title later", "In title"]
        assert names("skill:python") == ["In skill"]

    def test_facets_count_with_several_chosen_values(self, tenant):
        for minutes, (title, place, skills) in enumerate(
            [
                ("Nurse", "Fresno", ["ICU", "Python"]),
                ("Nurse", "Austin", ["ICU"]),
                ("nurse", "Austin", ["Surgery"]),
                ("Driver", "Austin", ["CDL"]),
            ]
        ):
            person(f"Person {minutes}", title=title, location=place, skills=skills, minutes=minutes)
        drain()
        page = find(SearchRequest(""))
        assert facet(page, "title") == [("Nurse", 3, False), ("Driver", 1, False)]
        assert facet(page, "location") == [("Austin", 3, False), ("Fresno", 1, False)]
        assert facet(page, "skill") == [
            ("ICU", 2, False),
            ("CDL", 1, False),
            ("Python", 1, False),
            ("Surgery", 1, False),
        ]
        assert facet(page, "consent") == [("No e-mail address", 4, False)]
        assert [each.name for each in page.facets] == ["consent", "warmth", "contacted", "title", "location", "skill"]

        page = find(SearchRequest("", facets={"title": ("nurse",), "location": ("austin",)}))
        assert [page.total, len(page.hits)] == [2, 2]
        assert facet(page, "title") == [("Nurse", 2, True), ("Driver", 1, False)]
        assert facet(page, "location") == [("Austin", 2, True), ("Fresno", 1, False)]
        assert facet(page, "skill") == [("ICU", 1, False), ("Surgery", 1, False)]

        page = find(SearchRequest("", facets={"location": ("austin", "fresno"), "skill": ("cdl",)}))
        assert page.total == 1
        assert facet(page, "location") == [("Austin", 1, True), ("Fresno", 0, True)]
        assert facet(page, "skill") == [
            ("ICU", 2, False),
            ("CDL", 1, True),
            ("Python", 1, False),
            ("Surgery", 1, False),
        ]
        assert names("-nurse", facets={"location": ("AUSTIN",)}) == ["Person 3"]

    def test_a_chosen_value_that_nobody_has_finds_nobody(self, three):
        page = find(SearchRequest("", facets={"skill": ("juggling",), "unknown": ("x",)}))
        assert (page.total, page.hits, facet(page, "skill")[-1]) == (0, [], ("juggling", 0, True))

    def test_personal_facts_and_warmth_are_facets(self, tenant, time_machine):
        time_machine.move_to(datetime(2026, 5, 1, 12, tzinfo=UTC), tick=False)
        wishes = [
            {"availability": "now", "remote": "hybrid", "permits": ["DE citizen"], "salary": "EUR 61000-70000 year"},
            {"availability": "2026-05-20", "permits": ["US visa 2026-04", "US sponsor"], "salary": "EUR 5000 month"},
            {"availability": "3 months", "permits": ["DE visa 2026-05", "US permanent"], "salary": "USD 45 hour"},
            {"availability": "2027", "remote": "remote", "salary": "JPY 9500000 year"},
            {},
        ]
        for number, wants in enumerate(wishes):
            person(f"Person {number}", wants=wants, warmth=number % 3)
        drain()
        page = find(SearchRequest(""))
        assert {name: facet(page, name) for name in ("available", "remote", "permit", "pay", "warmth")} == {
            "available": [
                ("Now", 1, False),
                ("Within a month", 1, False),
                ("Within three months", 1, False),
                ("Later", 1, False),
            ],
            "remote": [("Remote only", 1, False), ("Some days at the office", 1, False)],
            "permit": [
                ("Germany", 2, False),
                ("United States", 1, False),
                ("United States, with a sponsor", 1, False),
            ],
            "pay": [
                ("EUR 60,000 – 80,000", 2, False),
                ("JPY 8,000,000 – 10,000,000", 1, False),
                ("USD 60,000 – 80,000", 1, False),
            ],
            "warmth": [("Lukewarm", 1, False), ("Cool", 2, False), ("Cold", 2, False)],
        }
        chosen = {"permit": ("DE",), "available": ("0", "2")}
        assert names(facets=chosen) == ["Person 2", "Person 0"]
        assert names(facets={"warmth": ("0",), "remote": ("remote",)}) == ["Person 3"]
        pay = next(each for each in page.facets if each.name == "pay").values[0].value
        assert names(facets={"pay": (pay,)}) == ["Person 1", "Person 0"]

    def test_silver_medalists_of_a_job_family_are_found(self, tenant):
        engineering = JobFamily.objects.create(name="Platform Engineering")
        jobs = {
            "platform": Job.objects.create(title="Reliability", family=engineering),
            "finance": Job.objects.create(title="Accountant", family=JobFamily.objects.create(name="Finance")),
            "none": Job.objects.create(title="Platform keeper"),
        }
        for minutes, (name, job, tags) in enumerate(
            [
                ("Ann", "platform", ["Silver medalist"]),
                ("Ben", "platform", []),
                ("Cyd", "finance", ["Silver medalist"]),
                ("Dee", "none", ["Silver medalist"]),
            ]
        ):
            who = person(name, tags=tags, minutes=minutes)
            Application.objects.create(candidate=who, origin=who, job=jobs[job], state="rejected")
        drain()
        asked = {
            'family:"platform engineering" tag:"silver medalist"': ["Ann"],
            "family:(engineering OR finance)": ["Cyd", "Ben", "Ann"],
            "platform": [],  # what somebody applied for is no word of hers
            "tag:silver -family:finance": ["Dee", "Ann"],
        }
        assert {text: names(text, sort="recent") for text in asked} == asked
        silver = find(SearchRequest("", facets={"process": ("silver",)}))
        assert facet(silver, "family") == [("Finance", 1, False), ("Platform Engineering", 1, False)]
        assert names(facets={"process": ("silver",), "family": (str(engineering.pk),)}) == ["Ann"]
        JobFamily.objects.filter(pk=engineering.pk).update(name="Systems")
        drain()
        assert names("family:systems", sort="recent") == ["Ben", "Ann"]
        page = find(SearchRequest("family:engineering OR family:finance"))
        assert [[(reason.label, str(reason.html)) for reason in hit.reasons] for hit in page.hits] == [
            [("Job family", "<mark>Finance</mark>")]
        ]
        assert ("Systems", 2, False) in facet(find(SearchRequest("")), "family")

    def test_warmest_first_goes_page_by_page(self, tenant):
        for number in range(12):
            person(f"Person {number:02}", title="Nurse", warmth=number % 5, minutes=number)
        person("Hot driver", title="Driver", warmth=4)
        drain()
        nurses = [f"Person {number:02}" for number in (9, 4, 8, 3, 7, 2, 11, 6, 1, 10, 5, 0)]
        assert names("nurse", sort="warmth") == nurses
        assert names("", sort="warmth")[:3] == ["Person 09", "Person 04", "Hot driver"]
        found, cursor = [], None
        while True:
            page = find(SearchRequest("nurse", sort="warmth", cursor=cursor, limit=5, with_facets=False))
            found += [Candidate.objects.get(pk=hit.candidate_id).name for hit in page.hits]
            if (cursor := page.next_cursor) is None:
                break
        assert (found, page.total) == (nurses, 12)
        Candidate.objects.filter(name="Person 00").update(warmth=4)
        drain()
        assert names("nurse", sort="warmth")[2] == "Person 00"

    def test_sources_and_tags_keep_their_value_under_a_new_name(self, three):
        source = Source.objects.get(name="LinkedIn")
        page = find(SearchRequest("", facets={"source": (str(source.pk),)}))
        assert facet(page, "source") == [("LinkedIn", 1, True), ("Spring job fair", 1, False)]
        source.name = "Network"
        source.save()
        drain()
        page = find(SearchRequest("source:network", facets={"source": (str(source.pk),)}))
        assert page.total == 1
        assert facet(page, "source") == [("Network", 1, True)]

    def test_consent_is_a_facet(self, three):
        page = find(SearchRequest("", facets={"consent": ("may_write",)}))
        assert [Candidate.objects.get(pk=hit.candidate_id).name for hit in page.hits] == ["Łukasz Müller"]
        assert facet(page, "consent") == [
            ("May be written to", 1, True),
            ("No consent yet", 1, False),
            ("No e-mail address", 1, False),
        ]

    @pytest.mark.parametrize("sort", ["recent", "relevance", "warmth"])
    def test_pages_have_no_gap_and_no_double_while_rows_change(self, tenant, sort):
        chance = random.Random(5)
        everyone = [
            person(
                f"Person {number:02}",
                title=chance.choice(["Nurse", "Driver"]),
                skills=chance.choice([["Nursing"], []]),
                resume="nurse",
                minutes=number // 3,  # three at a time have the same time
            )
            for number in range(40)
        ]
        drain()
        found, cursor, touched = [], None, []
        while True:
            page = find(SearchRequest("nurse", sort=sort, cursor=cursor, limit=7, with_facets=False))
            found += [hit.candidate_id for hit in page.hits]
            assert page.total >= 40
            if page.next_cursor is None:
                break
            cursor = page.next_cursor
            later = [each for each in everyone if each.pk not in found and each not in touched]
            for each in chance.sample(later, min(2, len(later))):
                each.save()  # moves to the front
                touched.append(each)
            person("New", title="Nurse", minutes=600)
            drain()
        assert len(found) == len(set(found))
        untouched = {each.pk for each in everyone} - {each.pk for each in touched}
        assert untouched <= set(found)

    def test_a_cursor_that_is_none_starts_at_the_beginning(self, three):
        for cursor in ("", "x", "1.2", "-1.2.3", "9" * 400, "2.9999999999999999999.1", "２.3.4"):
            assert len(names("", cursor=cursor)) == 3

    def test_everybody_is_listed_once_in_the_order_of_ids(self, tenant):
        people = [person(f"Person {number}", title="Nurse") for number in range(5)]
        person("Other")
        drain()
        assert list(matching_ids(SearchRequest("nurse"))) == [[each.pk for each in people]]
        assert list(matching_ids(SearchRequest("nurse"), after_id=people[2].pk)) == [[each.pk for each in people[3:]]]
        assert list(matching_ids(SearchRequest("pilot"))) == []

    def test_reasons_show_where_and_are_safe(self, tenant):
        person(
            '<script>alert("x")</script> Nurse',
            title="Nurse & carer",
            skills=["Patient <b>care</b>"],
            resume="Before <i>that</i> " + "she worked with many people " * 10 + "as a scrub nurse\nin a theatre " * 3,
        )
        drain()
        (hit,) = find(SearchRequest("nurse")).hits
        assert [(reason.label, reason.html) for reason in hit.reasons] == [
            ("Name", "&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt; <mark>Nurse</mark>")
        ]
        (hit,) = find(SearchRequest("title:nurses skill:care theatre -pilot")).hits
        assert [(reason.label, reason.html) for reason in hit.reasons] == [
            ("Title", "<mark>Nurse</mark> &amp; carer"),
            ("Skill", "Patient &lt;b&gt;<mark>care</mark>&lt;/b&gt;"),
            (
                "Résumé",
                "… with many people she worked with many people as a scrub nurse in a <mark>theatre</mark> "
                "as a scrub nurse in a <mark>theatre</mark> as a scrub nurse in a <mark>theatre</mark>",
            ),
        ]

    def test_wishes_and_own_fields_find_their_people_also_in_ranges(self, tenant, member):
        own_fields(member)
        person(
            "Ann",
            minutes=3,
            wants=ANN,
            warmth=4,
            custom={"shirt_size": "Extra large", "years": "-2.5", "secret": "Gold"},
        )
        person(
            "Ben", minutes=2, wants=BEN, warmth=2, custom={"shirt_size": "Small", "years": "10", "since": "2026-03-31"}
        )
        person("Cyd", minutes=1, custom={"years": "10.01", "gone": "Yes"})
        drain()
        assert {text: names(text, sort="recent") for text in WANTED} == WANTED
        assert {text: count(SearchRequest(text)) for text in WANTED} == {text: len(WANTED[text]) for text in WANTED}
        (hit,) = find(SearchRequest("salary:>60000")).hits
        assert [(reason.label, reason.html) for reason in hit.reasons] == [
            ("Pay", "<mark>EUR 60,000.01 – 70,000 a year</mark>")
        ]
        page = find(SearchRequest("", facets={"field1": ("small",)}))
        assert (page.total, facet(page, "field1")) == (1, [("Extra large", 1, False), ("Small", 1, True)])
        assert [each.label for each in page.facets if each.name == "field1"] == ["Shirt size"]

    def test_restricted_fields_are_found_by_who_may_see_them(self, tenant, member):
        own_fields(member)
        person("Ann", custom={"secret": "Gold"})
        drain()
        assert names("custom.secret:gold") == names("secret:gold") == ["Ann"]
        assert names("gold") == []
        with pytest.raises(QueryError):
            names("custom.secret:gold", sees_restricted=False)

    def test_people_of_another_tenant_are_never_found(self, three, tenant, other_tenant):
        with tenant_scope(other_tenant.pk):
            theirs = person("José Rival", title="Registered Nurse", skills=["Secret skill"], source="LinkedIn")
            drain()
            assert names("nurse") == ["José Rival"]
            page = find(SearchRequest(""))
            assert (page.total, facet(page, "skill")) == (1, [("Secret skill", 1, False)])
        assert names("nurse") == ["José Álvarez"]
        assert names('"secret skill" OR rival') == []
        assert names("", facets={"skill": ("secret skill",)}) == []
        assert "Secret skill" not in str(find(SearchRequest("")).facets)
        assert theirs.pk not in ids_of(matching_ids(SearchRequest("")))
        assert theirs.pk not in dict(engine_for(self.index).digests())

    def test_erased_and_merged_people_are_never_found(self, three):
        jose, mary, _ = Candidate.objects.order_by("-updated_at")
        Candidate.objects.filter(pk=jose.pk).update(erased_at=NOON)
        # Even before the index has caught up.
        assert names("nurse") == names('title:"registered nurse"') == []
        assert list(matching_ids(SearchRequest("title:nurse"))) in ([], [[]])
        drain()
        assert jose.pk not in dict(engine_for(self.index).digests())
        assert count(SearchRequest("title:nurse")) == 0
        Candidate.objects.filter(pk=mary.pk).update(merged_into=jose)
        drain()
        assert names("") == ["Łukasz Müller"]
        Candidate.objects.filter(pk=mary.pk).update(merged_into=None)
        drain()
        assert names("") == ["Mary Smith", "Łukasz Müller"]
        Candidate.objects.all().delete()
        drain()
        assert (names(""), list(engine_for(self.index).digests())) == ([], [])

    def test_odd_texts_are_stored_and_searched_like_any(self, three):
        for text in ODD:
            person(f"Odd {text}"[:290], title=text[:290], skills=[text, ""], resume=text)
        drain()
        assert count(SearchRequest("name:odd")) == len(ODD)
        asked = [*ODD, *(f"{field}:({text})" for field in ("title", "skill", "source") for text in ODD)]
        answered = 0
        for text in asked:
            with suppress(QueryError):  # a sentence of the language is fine, an error of the engine is not
                assert (text, find(SearchRequest(text)).fell_back) == (text, False)
                answered += 1
        assert answered > len(asked) / 2
        for text in ODD:
            page = find(SearchRequest("", facets={"skill": (text,), "title": (text, "x"), "source": (text,)}))
            assert (page.hits, page.fell_back) == ([], False)

    def test_very_long_documents_are_searched_to_the_end(self, tenant):
        person("Long", resume="filler " + " ".join(f"word{number}" for number in range(18_000)) + " zebra")
        person("Hostile", resume=" ".join(f"{number}" + "ä" * 60 for number in range(15_000)), skills=["Knitting"])
        drain()
        assert names("zebra") == ["Long"]
        assert names("knitting") == ["Hostile"]
