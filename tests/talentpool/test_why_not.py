import re

import pytest

from crm.models import AuditEntry, Role
from talentpool.actions.custom_fields import create_field
from talentpool.custom_values import CustomKind
from talentpool.models import Candidate, SearchDocument, SearchOutbox, Source
from talentpool.queries.why_not import judged, people_meant
from talentpool.search.find import SearchRequest
from talentpool.search.index.outbox import drain
from tests.api_client import program_of
from tests.conftest import make_member, signed_in
from tests.talentpool.search.people import NOON, person

WHY = "/o/acme/people/why-not/"


@pytest.fixture
def ana(tenant):
    ana = person(
        "Ana Silva",
        title="Registered Nurse",
        skills=["Triage"],
        location="Fresno",
        current_employer="Austin General",
        source="LinkedIn",
        custom={"secret": "Gold"},
    )
    drain()
    return ana


def parts(text, who, **options):
    """Each part of the query: how deep, whether it holds and whether it decided, in words."""
    verdict = judged(SearchRequest(text, **options), who).verdict
    return [
        ("  " * (depth - 1) + part.words, "left out" if part.is_left_out else part.holds, part.decides)
        for depth, part in list(verdict.flat())[1:]
    ]


def texts(page):
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_each_part_of_the_query_is_judged_and_what_decided_is_told(ana):
    assert parts("title:nurse the (location:austin OR location:dallas) -triage salary:<50k", ana) == [
        ("“nurse” in a title", True, False),
        ("“the” anywhere", "left out", False),
        ("one of these", False, True),
        ("  “austin” in the place", False, True),
        ("  “dallas” in the place", False, True),
        ("not “triage” anywhere", False, True),
        ("<50k in the pay they expect", False, True),
    ]
    assert parts('-(nurse triage pilot) OR "nurse registered" OR NOT (fresno nurse)', ana) == [
        ("one of these", True, False),
        ("  not this", True, False),
        ("    all of these", False, False),
        ("      “nurse” anywhere", True, False),
        ("      “triage” anywhere", True, False),
        ("      “pilot” anywhere", False, False),
        ("  “nurse registered” as a phrase anywhere", False, False),
        ("  not this", False, False),
        ("    all of these", True, False),
        ("      “fresno” anywhere", True, False),
        ("      “nurse” anywhere", True, False),
    ]
    assert parts("-(fresno (nurse OR pilot))", ana) == [
        ("not this", False, True),
        ("  all of these", True, True),
        ("    “fresno” anywhere", True, True),
        ("    one of these", True, True),
        ("      “nurse” anywhere", True, True),
        ("      “pilot” anywhere", False, False),
    ]
    assert parts("the", ana) == [("“the” anywhere", False, True)]
    assert judged(SearchRequest(""), ana).verdict is None


def test_a_part_says_what_stands_where(ana):
    found = judged(SearchRequest("location:austin linkedin title:nurse"), ana)
    austin, linkedin, nurse = found.verdict.parts
    assert (austin.instead, [(each.label, each.html) for each in austin.elsewhere]) == (
        ["Fresno"],
        [("Employer", "<mark>Austin</mark> General")],
    )
    assert [(each.label, each.html) for each in linkedin.elsewhere] == [("Source", "<mark>LinkedIn</mark>")]
    assert [(each.label, each.html) for each in nurse.reasons] == [("Title", "Registered <mark>Nurse</mark>")]
    assert [culprit.words for culprit in found.verdict.culprits] == ["“austin” in the place", "“linkedin” anywhere"]


def test_chosen_values_are_parts_too(ana):
    source = str(Source.objects.get().pk)
    found = judged(
        SearchRequest("nurse", facets={"source": (source,), "skill": ("icu", "triage"), "tag": ("77",)}), ana
    )
    assert [(part.words, part.holds, part.instead) for part in found.verdict.parts[1:]] == [
        ("Source: “LinkedIn”", True, ["LinkedIn"]),
        ("Skill: “icu” or “Triage”", True, ["Triage"]),
        ("Tag: “77”", False, []),
    ]
    assert (found.matches, found.is_found) == (False, False)


def test_an_index_that_is_behind_is_told_and_mended(ana, client):
    current = judged(SearchRequest("nurse"), ana).index
    assert (current.engine, current.finds, current.is_current) == ("PostgreSQL", True, True)
    Candidate.objects.filter(pk=ana.pk).update(current_title="Pilot", updated_at=NOON)
    waiting = judged(SearchRequest("pilot"), ana).index
    assert (waiting.finds, waiting.is_stale, waiting.is_waiting) == (False, True, True)
    SearchOutbox.objects.all().delete()
    page = client.get(f"{WHY}?q=pilot&person={ana.pk}").content.decode()
    assert "Ana Silva matches, but the index does not say so yet." in texts(page)
    assert "The index has an earlier state of Ana Silva" in texts(page)
    answer = client.post(f"/o/acme/people/{ana.pk}/index/?q=pilot")
    assert answer["Location"] == f"{WHY}?q=pilot&person={ana.pk}"
    assert AuditEntry.objects.get(verb="search.person_indexed").subject_id == ana.pk
    drain()
    assert "Ana Silva is in the result." in texts(client.get(answer["Location"]).content.decode())
    SearchDocument.objects.all().delete()
    assert judged(SearchRequest("pilot"), ana).index.is_missing


def test_the_page_asks_whom_one_means_and_judges_the_one(ana, client):
    other = person("Ana Souza", title="Pilot")
    drain()
    page = client.get(f"{WHY}?q=pilot&name=ana").content.decode()
    assert re.findall(r'class="name" href="([^"]+)"', page) == [
        f"?q=pilot&amp;person={other.pk}",
        f"?q=pilot&amp;person={ana.pk}",
    ]
    page = texts(client.get(f"{WHY}?q=pilot&name=silva").content.decode())
    assert "What shut them out: “pilot” anywhere ." in page
    assert "Nobody of this name is in the pool" in client.get(f"{WHY}?q=pilot&name=nobody").content.decode()
    assert "can’t be read" in client.get(f"{WHY}?q=(pilot&person={ana.pk}").content.decode()
    SearchDocument.objects.all().delete()
    assert people_meant("silva", sees_restricted=True) == [ana]  # whom the index has lost


def test_the_result_begins_with_the_person_that_was_asked_for(ana, client):
    for number in range(3):
        person(f"Nurse {number}", title="Nurse", minutes=number)
    person("Last", resume="nurse", minutes=9)
    drain()
    page = client.get(f"{WHY}?q=nurse&person={ana.pk}").content.decode()
    (query,) = re.findall(r'href="/o/acme/people/(\?[^"]*after=[^"]+)"', page)
    names = re.findall(
        r'class="name"[^>]*>([^<]+)<', client.get(f"/o/acme/people/{query.replace('&amp;', '&')}").content.decode()
    )
    assert names == ["Ana Silva", "Last"]


def test_the_question_begins_at_a_persons_page_too(ana, client):
    assert f'href="{WHY}?person={ana.pk}"' in client.get(f"/o/acme/people/{ana.pk}/").content.decode()
    page = client.get(f"{WHY}?person={ana.pk}").content.decode()
    assert "Ana Silva is in the result." in texts(page)
    assert f'<input type="hidden" name="person" value="{ana.pk}">' in page


def test_merged_and_erased_people_are_told(ana, client):
    old = person("Anna Silva")
    Candidate.objects.filter(pk=old.pk).update(merged_into=ana)
    drain()
    page = texts(client.get(f"{WHY}?q=nurse&person={old.pk}").content.decode())
    assert "Anna Silva was merged into Ana Silva , and is found as Ana Silva alone." in page
    Candidate.objects.filter(pk=ana.pk).update(erased_at=NOON)
    assert "This person was erased on 1 May 2026." in texts(
        client.get(f"{WHY}?q=nurse&person={ana.pk}").content.decode()
    )


def test_what_a_member_may_not_see_is_not_told(ana, tenant, member):
    create_field("Secret", CustomKind.TEXT, is_restricted=True, by=member)
    drain()
    manager = signed_in(make_member(tenant, Role.HIRING_MANAGER))
    theirs = signed_in(member).get(f"{WHY}?q=gold&person={ana.pk}").content.decode()
    assert "Secret <mark>Gold</mark>" in theirs
    page = manager.get(f"{WHY}?q=gold&person={ana.pk}").content.decode()
    assert ("“gold” anywhere" in page, "Secret" in page) == (True, False)
    assert "can’t be read" in manager.get(f"{WHY}?q=custom.secret:gold&person={ana.pk}").content.decode()
    assert "Nobody of this name" in manager.get(f"{WHY}?q=pilot&name=secret:gold").content.decode()
    assert signed_in(make_member(tenant, Role.EMPLOYEE)).get(WHY).status_code == 403


def test_programs_ask_too(ana, member):
    program = program_of(member)
    assert program.get(f"/candidates/{ana.pk}/why-not", q="the pilot OR (nurse -triage)", skill="Triage").json() == {
        "matches": False,
        "found": False,
        "index_is_current": True,
        "parts": [
            {"depth": 0, "words": "one of these", "holds": False, "decides": True, "left_out": False},
            {"depth": 1, "words": "all of these", "holds": False, "decides": True, "left_out": False},
            {"depth": 2, "words": "“the” anywhere", "holds": True, "decides": False, "left_out": True},
            {"depth": 2, "words": "“pilot” anywhere", "holds": False, "decides": True, "left_out": False},
            {"depth": 1, "words": "all of these", "holds": False, "decides": True, "left_out": False},
            {"depth": 2, "words": "“nurse” anywhere", "holds": True, "decides": False, "left_out": False},
            {"depth": 2, "words": "not “triage” anywhere", "holds": False, "decides": True, "left_out": False},
            {"depth": 0, "words": "Skill: “Triage”", "holds": True, "decides": False, "left_out": False},
        ],
    }
    assert program.get(f"/candidates/{ana.pk}/why-not", q="(pilot").status_code == 422


def test_of_other_names_only_those_she_has_are_told(ana):
    assert parts("RN icu", ana) == [
        ("one of these", True, False),
        ("  “RN” anywhere", False, False),
        ("  “registered nurse” as a phrase anywhere", True, False),
        ("“icu” anywhere", False, True),
    ]
    assert parts("RN icu", ana, exactly=True) == [("“RN” anywhere", False, True), ("“icu” anywhere", False, True)]
