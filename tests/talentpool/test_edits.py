from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from crm.models import AuditEntry, Tenant
from crm.tenancy.scope import tenant_scope
from talentpool.actions.derivation import rederive
from talentpool.actions.edits import answer_suggestion, edit_candidate, withdraw_edit
from talentpool.actions.people import IncomingRecord, receive_profiles
from talentpool.models import Activity, Candidate, FieldEdit, IdentityKey, Profile, ProfileKind, Source
from talentpool.person import PersonFields, Position
from tests.conftest import make_member

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)
LATER = NOW + timedelta(days=1)


@pytest.fixture
def source(tenant):
    return Source.objects.create(name="Job fair")


def arrive(source, *, suggestions=(), observed_at=NOW, **fields):
    record = IncomingRecord(
        source, ProfileKind.RESUME, PersonFields(**fields), suggestions=suggestions, observed_at=observed_at
    )
    [received] = receive_profiles([record], by=None, now=NOW)
    return Candidate.objects.get(pk=received.candidate_id)


def shown(candidate, *names):
    candidate.refresh_from_db()
    return [getattr(candidate, name) for name in names]


def keys(candidate):
    rows = IdentityKey.objects.filter(candidate=candidate).order_by("kind", "value", "profile")
    return [(value, profile is not None) for value, profile in rows.values_list("value", "profile")]


def test_edit_wins_keeps_what_it_replaced_and_can_be_withdrawn(source, member):
    ada = arrive(source, name="Ada Byron", headline="Countess")
    [edit] = edit_candidate(ada, {"headline": " Programmer ", "name": "Ada Byron"}, by=member, now=NOW)
    profile = Profile.objects.get()
    assert [edit.field, edit.value, edit.replaced] == [
        "headline",
        "Programmer",
        {"value": "Countess", "lineage": {"from": [f"p{profile.pk}"]}},
    ]
    arrive(source, name="Ada Byron", headline="Poet", emails=("x@y.example",), observed_at=LATER)
    assert shown(ada, "headline", "lineage") == [
        "Programmer",
        {
            "name": {"from": [f"p{profile.pk}"]},
            "headline": {
                "from": [f"e{edit.pk}"],
                "differs": [{"value": "Countess", "from": [f"p{profile.pk}"]}],
            },
        },
    ]
    assert [withdraw_edit(edit, by=member, now=LATER), withdraw_edit(edit, by=member, now=LATER)] == [True, False]
    assert shown(ada, "headline") == ["Countess"]
    assert list(FieldEdit.objects.values_list("withdrawn_at", "withdrawn_by")) == [(LATER, member.pk)]
    assert list(Activity.objects.filter(kind="edited").order_by("pk").values_list("at", "by", "data")) == [
        (NOW, member.pk, {"field": "headline"}),
        (LATER, member.pk, {"field": "headline", "withdrawn": True}),
    ]
    assert list(AuditEntry.objects.order_by("pk").values_list("verb", "detail")) == [
        ("candidate.edited", {"fields": ["headline"]}),
        ("candidate.edit_withdrawn", {"fields": ["headline"]}),
    ]


def test_withdrawn_edit_uncovers_the_one_before(source, member):
    ada = arrive(source, headline="Countess", name="Ada")
    edit_candidate(ada, {"headline": "Programmer"}, by=member, now=NOW)
    [second] = edit_candidate(ada, {"headline": "Poet"}, by=member, now=LATER)
    assert [second.replaced["value"], *shown(ada, "headline")] == ["Programmer", "Poet"]
    withdraw_edit(second, by=member)
    assert shown(ada, "headline") == ["Programmer"]


def test_added_address_finds_the_person_and_a_removed_one_does_not(source, member):
    ada = arrive(source, name="Ada", emails=("old@example.org", "ada@example.org"))
    change = {"emails": {"add": ["New@Example.org"], "remove": ["old@example.org"]}}
    [edit] = edit_candidate(ada, change, by=member)
    assert keys(ada) == [("ada@example.org", True), ("new@example.org", False)]
    assert shown(ada, "email", "contact_points") == [
        "new@example.org",
        [{"kind": "email", "value": "new@example.org"}, {"kind": "email", "value": "ada@example.org"}],
    ]
    by_new = arrive(source, name="Ada", emails=("new@example.org",), headline="1")
    by_old = arrive(source, name="Ada", emails=("old@example.org",), headline="2")
    assert [by_new == ada, by_old == ada] == [True, False]
    withdraw_edit(edit, by=member)
    assert keys(ada) == [("ada@example.org", True), ("new@example.org", True), ("old@example.org", True)]


def test_putting_an_address_first_makes_it_the_one_that_is_written_to(source, member):
    ada = arrive(source, name="Ada", emails=("one@example.org", "two@example.org"))
    edit_candidate(ada, {"emails": {"add": ["two@example.org"]}}, by=member)
    assert shown(ada, "email") == ["two@example.org"]


def test_edited_jobs_and_skills_are_shown_with_those_of_later_sources(source, member):
    ada = arrive(source, name="Ada", emails=("a@b.example",), positions=(Position("Acme", "Enginer", "2015", "2018"),))
    change = {
        "positions": {
            "remove": [{"employer": "Acme", "title": "Enginer", "start": "2015", "end": "2018"}],
            "add": [{"employer": "Acme", "title": "Engineer", "start": "2015", "end": "2018"}],
        },
        "skills": {"add": ["Engines"]},
    }
    edit_candidate(ada, change, by=member)
    arrive(
        source, name="Ada", emails=("a@b.example",), skills=("Sums",), positions=(Position("Other", "Boss", "2019"),)
    )
    assert shown(ada, "positions", "skills", "current_title") == [
        [
            {"employer": "Other", "title": "Boss", "start": "2019"},
            {"employer": "Acme", "title": "Engineer", "start": "2015", "end": "2018"},
        ],
        ["Engines", "Sums"],
        "Boss",
    ]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"emails": {"add": ["ada(at)x"]}}, "“ada(at)x” is not an e-mail address."),
        ({"phones": {"add": ["soon"]}}, "“soon” is not a phone number."),
        ({"links": {"add": ["javascript:alert(1)"]}}, "“javascript:alert(1)” is not a web address."),
    ],
)
def test_contact_point_that_is_none_is_refused(source, member, change, sentence):
    ada = arrive(source, name="Ada")
    with pytest.raises(ValidationError) as refused:
        edit_candidate(ada, change, by=member)
    assert [refused.value.messages, FieldEdit.objects.count()] == [[sentence], 0]


def test_edit_that_changes_nothing_makes_none(source, member):
    ada = arrive(source, name="Ada", headline="Countess")
    changes = {"headline": "Countess ", "skills": {"add": [], "remove": []}}
    assert [edit_candidate(ada, changes, by=member), Activity.objects.filter(kind="edited").count()] == [[], 0]


def test_edited_name_speaks_for_the_person_when_records_are_matched(source, member):
    ada = arrive(source, name="Adam Byron", emails=("ada@example.org",))
    edit_candidate(ada, {"name": "Rosalind Byron"}, by=member)
    assert arrive(source, name="Rosalind Byron", emails=("ada@example.org",)) == ada
    assert arrive(source, name="Adam Byron", emails=("ada@example.org",), headline="x") != ada


def suggestion(field, value):
    return {"field": field, "value": value, "confidence": 0.5, "passage": "…"}


def test_accepted_suggestion_is_shown_as_the_words_of_its_document(source, member):
    ada = arrive(
        source, name="Ada", suggestions=[suggestion("skills", "Engines"), suggestion("emails", "ada@example.org")]
    )
    profile = Profile.objects.get()
    waiting = [(each["field"], each["profile"], each["number"]) for each in ada.suggestions]
    assert waiting == [("skills", profile.pk, 0), ("emails", profile.pk, 1)]
    answer_suggestion(profile, 1, accept=True, by=member, now=NOW)
    assert shown(ada, "email", "suggestions", "lineage") == [
        "ada@example.org",
        [suggestion("skills", "Engines") | {"profile": profile.pk, "number": 0}],
        {"name": {"from": [f"p{profile.pk}"]}, "emails": [{"from": [f"p{profile.pk}"]}]},
    ]
    assert keys(ada) == [("ada@example.org", True)]


def test_dismissed_suggestion_is_gone_and_may_be_answered_anew(source, member):
    ada = arrive(source, name="Ada", suggestions=[suggestion("skills", "Engines")])
    profile = Profile.objects.get()
    answer_suggestion(profile, 0, accept=False, by=member)
    assert shown(ada, "skills", "suggestions") == [[], []]
    answer_suggestion(Profile.objects.get(), 0, accept=True, by=member)
    assert shown(ada, "skills", "suggestions") == [["Engines"], []]
    with pytest.raises(ValidationError):
        answer_suggestion(profile, 7, accept=True, by=member)


def test_removed_address_does_not_come_back_as_a_key_with_a_later_record(source, member):
    ada = arrive(source, name="Ada", emails=("old@example.org", "ada@example.org"))
    edit_candidate(ada, {"emails": {"remove": ["old@example.org"]}}, by=member)
    arrive(source, name="Ada", emails=("old@example.org", "ada@example.org"), headline="x")
    assert [keys(ada), *shown(ada, "email")] == [[("ada@example.org", True)] * 2, "ada@example.org"]


def test_deriving_again_changes_nothing(source, member):
    ada = arrive(source, name="Ada", emails=("ada@example.org",), positions=(Position("Acme", "Nurse", "2015"),))
    edit_candidate(ada, {"headline": "Nurse", "skills": {"add": ["Sums"]}}, by=member, now=NOW)
    before = Candidate.objects.values().get()
    rederive([ada.pk], now=LATER)
    assert Candidate.objects.values().get() == before


@pytest.mark.django_db(transaction=True)
def test_edit_and_import_of_one_person_at_once_lose_nothing():
    tenant = Tenant.objects.create(name="Acme", slug="acme")
    member = make_member(tenant)
    with tenant_scope(tenant.pk):
        source = Source.objects.create(name="Job fair")
        ada = arrive(source, name="Ada", emails=("ada@example.org",))
    together = Barrier(2)

    def edit():
        for number in range(15):
            edit_candidate(ada, {"skills": {"add": [f"Edited {number}"]}}, by=member)

    def bring():
        for number in range(15):
            arrive(source, name="Ada", emails=("ada@example.org",), skills=(f"Brought {number}",))

    def run(work):
        with tenant_scope(tenant.pk):
            together.wait(10)
            work()
        connection.close()

    threads = [Thread(target=run, args=(work,)) for work in (edit, bring)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    with tenant_scope(tenant.pk):
        assert sorted(shown(ada, "skills")[0]) == sorted(
            [f"Edited {number}" for number in range(15)] + [f"Brought {number}" for number in range(15)]
        )
