"""An organisation's own fields and what people want: defined, edited, imported, exported, told by the API."""

import pytest
from django.core.exceptions import ValidationError

from crm.actions.bulk_runs import work_on
from crm.models import AuditEntry, BulkRun, Role
from crm.models.leased import WorkState
from crm.tenancy.scope import tenant_scope
from talentpool.actions.arrivals import storable
from talentpool.actions.custom_fields import (
    MOST_FIELDS,
    archive_field,
    change_field,
    create_field,
    free_key,
    restore_field,
)
from talentpool.actions.edits import edit_candidate, withdraw_edit
from talentpool.actions.exports import heading, rows_of
from talentpool.actions.import_work import work_on_import
from talentpool.actions.imports import bring_in, choose_columns, start_import
from talentpool.custom_values import CustomKind
from talentpool.models import Candidate, CustomField, FieldEdit, Source
from talentpool.person import PersonFields
from talentpool.queries.custom_fields import custom_fields
from tests.api_client import program_of
from tests.conftest import make_member, signed_in
from tests.talentpool.naughty import NAUGHTY
from tests.talentpool.test_candidate_pages import received, text_of, url

FIELDS = "/o/acme/settings/fields/"
NEW = {"label": "Shirt size", "key": "", "kind": "choice", "choices": "S\nM\nL", "help_text": "For the welcome bag"}
WANTS = {"interests": "Night shifts", "lowest": "48", "highest": "55", "currency": "USD", "per": "hour"}


@pytest.fixture
def shirt(member):
    return create_field("Shirt size", CustomKind.CHOICE, choices=["S", "M", "L"], by=member)


@pytest.fixture
def ada(tenant):
    return received(PersonFields(name="Ada", emails=("ada@example.org",), custom={"shirt_size": "m", "Notes": "row 1"}))


def work(run):
    work_on(run.pk, worker="here")
    run.refresh_from_db()
    assert (run.state, run.error) == (WorkState.DONE, "")
    return run


def now(person):
    person.refresh_from_db()
    return person.custom


def test_field_is_made_and_takes_over_what_was_kept_under_its_key(client, member, ada):
    assert now(ada) == {}
    assert client.post(FIELDS, NEW)["Location"] == FIELDS
    work(BulkRun.objects.get(kind="fill_field"))
    assert now(ada) == {"shirt_size": "M"}
    page = text_of(client.get(FIELDS))
    assert "<code>custom.shirt_size</code>" in page and "beside the search" in page
    page = text_of(client.get(url(ada)))
    assert "Shirt size" in page and "<bdi>M</bdi>" in page and "field=custom.shirt_size" in page
    assert "row 1" not in page
    history = text_of(client.get(url(ada, "history/?field=custom.shirt_size")))
    assert "Spring fair" in history and "Only one source says anything of it." in history


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"label": "   "}, "This field is required."),
        ({"label": "🙂"}, "A label needs a letter or a digit."),
        ({"label": "SKILLS"}, "“SKILLS” is a field that everybody has."),
        ({"label": "shirt SIZE"}, "There is a field called “shirt SIZE” already."),
        ({"label": "Boots", "key": "salary"}, "“salary” is the name of a field that everybody has."),
        ({"label": "Boots", "key": "shirt_size"}, "There is a field with the key “shirt_size” already."),
        ({"label": "Boots", "key": "2B"}, "Small letters, digits and _, beginning with a letter."),
        ({"label": "Boots", "choices": ""}, "Write at least one choice."),
        ({"label": "Boots", "choices": "a;b"}, "A choice can’t hold “;” or “|”, which part several of them."),
        ({"label": "Boots", "choices": "a\nA"}, "Two choices differ in capitals alone."),
    ],
)
def test_field_that_can_not_be_made_says_why(client, shirt, change, sentence):
    response = client.post(FIELDS, NEW | change)
    assert (response.status_code, CustomField.objects.count()) == (422, 1)
    assert sentence in response.content.decode()


def test_keys_are_made_of_any_label(member):
    assert [free_key(label) for label in ("Größe (cm)", "社會", "2nd shirt", "Salary", "x" * 80)] == [
        "grosse_cm",
        "field",
        "field_2nd_shirt",
        "salary_2",
        "x" * 26,
    ]
    for number, label in enumerate(NAUGHTY):
        try:
            create_field(label[:80], CustomKind.TEXT, by=member)
        except ValidationError:
            continue
        assert CustomField.objects.latest("pk").label == " ".join(storable(label[:80]).split()), number
    for number in range(CustomField.objects.count(), MOST_FIELDS):
        CustomField.objects.create(key=f"k{number}", label=f"L{number}", kind="text")
    with pytest.raises(ValidationError, match="There are 200 fields already"):
        create_field("One more", CustomKind.TEXT, by=member)


def test_values_are_edited_in_place_and_taken_back(client, member, shirt, ada):
    create_field("Boots", CustomKind.NUMBER, by=member)
    create_field("Mentor", CustomKind.MEMBER, by=member)
    form = text_of(client.get(url(ada, "edit/own/")))
    assert '<option value="M" selected>M</option>' in form
    said = {"shirt_size": "L", "boots": "42,5", "mentor": str(member.pk)}
    assert client.post(url(ada, "edit/own/"), said)["Location"] == url(ada) + "#own"
    assert now(ada) == {"shirt_size": "L", "boots": "42.5", "mentor": str(member.pk)}
    page = text_of(client.get(url(ada)))
    assert "42.5" in page and member.name in page and "edited Shirt size, Boots, Mentor" in page
    edit = FieldEdit.objects.get(field="custom.shirt_size")
    assert edit.replaced == {"value": "M", "lineage": {"from": [f"p{ada.profile_set.get().pk}"]}}
    withdraw_edit(edit, by=member)
    assert now(ada)["shirt_size"] == "M"
    refused = client.post(url(ada, "edit/own/"), said | {"boots": "many"})
    assert (refused.status_code, "“many” is no number." in refused.content.decode()) == (422, True)
    for text in NAUGHTY[::5]:
        assert client.post(url(ada, "edit/own/"), {"boots": text}).status_code in (302, 422)


def test_long_values_are_kept_up_to_their_limit(member, ada):
    create_field("Story", CustomKind.LONG_TEXT, by=member)
    edit_candidate(ada, {"custom.story": "é" * 10_000}, by=member)
    assert now(ada) == {"story": "é" * 10_000}
    with pytest.raises(ValidationError, match="It has 10,001 characters; the longest that is kept has 10,000"):
        edit_candidate(ada, {"custom.story": "é" * 10_001}, by=member)
    with pytest.raises(ValidationError, match="There is no field “custom"):
        edit_candidate(ada, {"custom.nothing": "x"}, by=member)


def test_another_kind_asks_first_and_loses_nothing(client, member, shirt, ada):
    edit_candidate(ada, {"custom.shirt_size": "L"}, by=member)
    asked = client.post(f"{FIELDS}{shirt.pk}/", NEW | {"kind": "number", "choices": ""})
    page = text_of(asked)
    assert "0 values can be read so, and 1 can’t, such as “<bdi>L</bdi>”" in page
    assert now(ada) == {"shirt_size": "L"}
    client.post(f"{FIELDS}{shirt.pk}/", NEW | {"kind": "number", "choices": "", "sure": "on"})
    work(BulkRun.objects.latest("pk"))
    assert now(ada) == {}
    told = text_of(client.get(url(ada, "history/?field=custom.shirt_size")))
    assert "It can’t be read as such a value." in told and "<bdi>L</bdi>" in told
    shirt.refresh_from_db()
    work(change_field(shirt, kind=CustomKind.TEXT, by=member))
    assert now(ada) == {"shirt_size": "L"}


def test_choice_that_is_no_longer_offered_stays_with_who_has_it(client, member, shirt, ada):
    change_field(shirt, choices=["L", "XL"], by=member)
    assert (shirt.choices, shirt.past_choices) == (["L", "XL"], ["S", "M"])
    work(BulkRun.objects.latest("pk"))
    assert now(ada) == {"shirt_size": "M"}
    assert "M (no longer offered)" in text_of(client.get(url(ada, "edit/own/")))
    assert client.post(url(ada, "edit/own/"), {"shirt_size": "M"}).status_code == 302
    assert client.post(url(ada, "edit/own/"), {"shirt_size": "S"}).status_code == 422
    change_field(shirt, choices=["M"], by=member)
    assert (shirt.choices, shirt.past_choices) == (["M"], ["S", "L", "XL"])


def test_archived_field_keeps_its_values_and_brings_them_back(client, member, shirt, ada):
    archive_field(shirt, by=member)
    assert "Shirt size" not in text_of(client.get(url(ada)))
    assert (now(ada), custom_fields(), shirt.facet) == ({"shirt_size": "M"}, [], None)
    restore_field(shirt, by=member)
    assert "Shirt size" in text_of(client.get(url(ada)))
    verbs = AuditEntry.objects.filter(verb__startswith="custom_field").order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["custom_field.created", "custom_field.archived", "custom_field.restored"]


def test_fields_are_put_in_order(client, member, shirt):
    boots = create_field("Boots", CustomKind.NUMBER, by=member)
    client.post(f"{FIELDS}{boots.pk}/move/", {"to": "up"})
    client.post(f"{FIELDS}{boots.pk}/move/", {"to": "up"})
    assert [each.key for each in custom_fields()] == ["boots", "shirt_size"]


def test_hiring_managers_see_no_restricted_field(tenant, member, ada):
    create_field("Reference", CustomKind.TEXT, is_restricted=True, by=member)
    edit_candidate(ada, {"custom.reference": "Doubtful"}, by=member)
    manager, viewer = (signed_in(make_member(tenant, role)) for role in (Role.HIRING_MANAGER, Role.VIEWER))
    source = f"sources/{ada.profile_set.get().pk}/"
    for path in ("", "history/?field=custom.reference", "history/", source):
        assert "Doubtful" not in text_of(manager.get(url(ada, path)))
    assert "Doubtful" in text_of(viewer.get(url(ada))) and "row 1" in text_of(viewer.get(url(ada, source)))
    search = "/o/acme/people/?q=custom.reference:doubtful"
    assert "there is no field “custom.reference:”" in manager.get(search).content.decode()
    assert "there is no field" not in viewer.get(search).content.decode()
    assert signed_in(make_member(tenant, Role.RECRUITER)).get(FIELDS).status_code == 403


def test_imports_fill_own_fields_and_make_new_ones(client, member, shirt):
    create_field("Boots", CustomKind.NUMBER, by=member)
    table = (
        "Name,E-mail,Shirt size,Boots,Started,Expected salary,Currency,Notice period,Work permit,Remote,Desired job\n"
        "Ada,ada@example.org,m,42,2026-01-31,60.000-70.000,EUR,3 Monate,DE citizen; US visa until 2027-05,hybrid,Nurse\n"
        "Ben,ben@example.org,purple,many,2026-02-28,negotiable,EUR,soon,nowhere,perhaps,\n"
    )
    run = start_import("t.csv", table.encode(), source=Source.objects.create(name="Fair"), by=member)
    assert run.options["columns"] == [
        *("name", "email", "custom.shirt_size", "custom.boots", "custom"),
        *("salary", "currency", "availability", "permits", "remote", "interests"),
    ]
    page = text_of(client.get(f"/o/acme/imports/{run.pk}/"))
    assert "A new field of your own" in page
    chosen = [*run.options["columns"][:4], "custom.+", *run.options["columns"][5:]]
    client.post(f"/o/acme/imports/{run.pk}/columns/", {f"column_{n}": each for n, each in enumerate(chosen)})
    work_on_import(run.pk, worker="test")
    run.refresh_from_db()
    bring_in(run, by=member)
    work_on_import(run.pk, worker="test")
    assert CustomField.objects.get(key="started").kind == CustomKind.DATE
    ada, ben = Candidate.objects.order_by("name")
    assert (ada.custom, ben.custom) == (
        {"shirt_size": "M", "boots": "42", "started": "2026-01-31"},
        {"started": "2026-02-28"},
    )
    assert (ada.wants, ben.wants) == (
        {
            "interests": ["Nurse"],
            "salary": "EUR 60000-70000 year",
            "availability": "3 months",
            "remote": "hybrid",
            "permits": ["DE citizen", "US visa 2027-05"],
        },
        {},
    )
    told = text_of(client.get(url(ben, "history/?field=custom.shirt_size")))
    assert "purple" in told and "It can’t be read as such a value." in told
    with pytest.raises(ValidationError, match="A column can’t become that"):
        choose_columns(
            start_import("u.csv", table.encode(), source=run.source, by=member), ["name", "custom.nope"] * 5 + [""]
        )


def test_sourcers_bring_in_but_make_no_fields(tenant, member):
    run = start_import("t.csv", b"Name,Boots\nAda,42\n", source=Source.objects.create(name="Fair"), by=member)
    sourcer = signed_in(make_member(tenant, Role.SOURCER))
    assert "A new field of your own" not in text_of(sourcer.get(f"/o/acme/imports/{run.pk}/"))
    refused = sourcer.post(f"/o/acme/imports/{run.pk}/columns/", {"column_0": "name", "column_1": "custom.+"})
    assert (refused.status_code, CustomField.objects.count()) == (422, 0)


def test_exports_have_wishes_and_own_fields(member, shirt, ada):
    create_field("Mentor", CustomKind.MEMBER, by=member)
    edit_candidate(
        ada, {"custom.mentor": member.name, "salary": "$50 an hour", "permits": {"add": ["Germany"]}}, by=member
    )
    fields = custom_fields()
    [row] = rows_of([ada.pk], fields)
    told = dict(zip(heading(fields), row, strict=True))
    assert {name: told[name] for name in ("Pay they expect", "May work in", "Shirt size", "Mentor", "Moving")} == {
        "Pay they expect": "USD 50 hour",
        "May work in": "DE",
        "Shirt size": "M",
        "Mentor": member.name,
        "Moving": "",
    }


def test_what_they_want_is_edited_and_shown(client, member, ada):
    assert "Nothing is known yet: pay" in text_of(client.get(url(ada)))
    client.post(
        url(ada, "edit/wants/"), WANTS | {"availability": "3 Monate", "permits": "Germany\nUS visa until 2027-05"}
    )
    ada.refresh_from_db()
    assert ada.wants == {
        "interests": ["Night shifts"],
        "salary": "USD 48-55 hour",
        "availability": "3 months",
        "permits": ["DE", "US visa 2027-05"],
    }
    page = text_of(client.get(url(ada)))
    for shown in ("USD 48 – 55 an hour", "3 months after giving notice", "US, visa, until May 2027", "Night shifts"):
        assert shown in page
    assert 'value="48"' in text_of(client.get(url(ada, "edit/wants/")))
    again = FieldEdit.objects.count()
    client.post(url(ada, "edit/wants/"), WANTS | {"availability": "3 months", "permits": "DE\nUS visa 2027-05"})
    assert FieldEdit.objects.count() == again
    for wrong in (
        {"availability": "soon"},
        {"permits": "nowhere"},
        {"lowest": "9", "highest": "8"},
        {"currency": "QQQ"},
    ):
        assert client.post(url(ada, "edit/wants/"), WANTS | wrong).status_code == 422


def test_api_reads_and_writes_facts_and_own_fields(member, other_member, shirt):
    program = program_of(member)
    create_field("Boots", CustomKind.NUMBER, by=member)
    create_field("Drives", CustomKind.YES_NO, by=member)
    create_field("Shifts", CustomKind.CHOICES, choices=["Day", "Night"], by=member)
    ada = {"name": "Ada", "emails": ["ada@example.org"], "salary": "€60k-70k", "availability": "ASAP"}
    own = {"shirt_size": "m", "boots": 42.5, "drives": True, "shifts": ["Night", "Day"]}
    made = program.post("/candidates", ada | {"custom": own}).json()["candidate"]
    assert made["custom"] == {"shirt_size": "M", "boots": 42.5, "drives": True, "shifts": ["Day", "Night"]}
    assert (made["wants"]["salary"], made["wants"]["availability"]) == ("EUR 60000-70000 year", "now")
    path = f"/candidates/{made['id']}"
    changed = program.patch(path, {"custom": {"boots": 43, "drives": None}, "remote": "yes"}).json()
    assert (changed["custom"], changed["wants"]["remote"]) == (
        {"shirt_size": "M", "boots": 43, "shifts": ["Day", "Night"]},
        "remote",
    )
    assert [each["key"] for each in program.get("/custom-fields").json()] == ["shirt_size", "boots", "drives", "shifts"]
    for wrong in ({"custom": {"nope": 1}}, {"custom": {"boots": "many"}}, {"salary": "much"}, {"custom": {"A": 1}}):
        assert program.patch(path, wrong).status_code == 422, wrong
    assert program.post("/candidates", {"name": "X", "custom": {"boots": "many"}}).status_code == 422
    with tenant_scope(other_member.tenant_id):
        theirs = program_of(other_member)
    assert theirs.get("/custom-fields").json() == []
    assert theirs.post("/candidates", {"name": "X", "custom": {"boots": 1}}).status_code == 422
