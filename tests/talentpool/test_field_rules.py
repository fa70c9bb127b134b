"""Rules by which values are shown: chosen, previewed, applied to everybody in the background, put back."""

from datetime import UTC, datetime

import pytest

from crm.actions.bulk_runs import work_on
from crm.models import AuditEntry, BulkRun, Role
from crm.models.leased import WorkState
from talentpool.actions.edits import edit_candidate
from talentpool.actions.field_rules import change_rules
from talentpool.identity.rules import Lists, Order, Rule, Rules
from talentpool.models import Candidate, FieldRules, Source
from talentpool.person import PersonFields
from talentpool.queries.field_rules import Change, differences
from talentpool.queries.statements import current_rules
from tests.api_client import program_of
from tests.conftest import make_member, signed_in
from tests.talentpool.test_candidate_pages import received, text_of

TRUSTED = Rules({"about": Rule(Order.TRUSTED), "skills": Rule(lists=Lists.BEST)})
CHOICE = {"about_order": "trusted", "skills_lists": "best"}
RULES = "/o/acme/settings/rules/"


@pytest.fixture
def people(tenant):
    """Three whom a trusted ATS and a fresh fair describe, and one whom only the fair does."""
    Source.objects.create(name="ATS", kind="ats", trust=60)
    found = []
    for number in range(3):
        mail = (f"{number}@example.org",)
        ats = PersonFields(name=f"Ada {number}", emails=mail, headline="Nurse", skills=("Sums",))
        received(ats, source="ATS", observed_at=datetime(2020, 1, 1, tzinfo=UTC))
        found.append(
            received(PersonFields(name=f"Ada {number}", emails=mail, headline="Head Nurse", skills=("Poetry",)))
        )
    received(PersonFields(name="Grace", emails=("g@example.org",), headline="Admiral"))
    return found


def work(run):
    work_on(run.pk, worker="here")
    run.refresh_from_db()
    assert (run.state, run.error) == (WorkState.DONE, "")
    return run


def shown():
    return sorted(Candidate.objects.values_list("headline", flat=True))


def test_rules_are_applied_to_everybody_and_put_back(client, member, people):
    edit_candidate(people[0], {"headline": "Matron"}, by=member)
    assert client.post(RULES, CHOICE | {"apply": "on"})["Location"].startswith("/o/acme/runs/")
    assert current_rules() == TRUSTED
    run = work(BulkRun.objects.get(kind="apply_rules"))
    assert (run.done, run.total) == (3, 3)
    assert shown() == ["Admiral", "Matron", "Nurse", "Nurse"]
    assert sorted(map(str, Candidate.objects.values_list("skills", flat=True))) == ["['Poetry']"] * 3 + ["[]"]

    first = change_rules(Rules(), by=member)
    assert first is not None and shown() == ["Admiral", "Matron", "Nurse", "Nurse"]
    work(first)
    assert shown() == ["Admiral", "Head Nurse", "Head Nurse", "Matron"]
    client.post(f"{RULES}{FieldRules.objects.earliest('pk').pk}/put-back/")
    work(BulkRun.objects.latest("pk"))
    assert shown() == ["Admiral", "Matron", "Nurse", "Nurse"]
    changes = AuditEntry.objects.filter(verb="rules.changed").order_by("pk").values_list("detail", flat=True)
    assert [(each["before"], each["after"]) for each in changes] == [
        ({}, TRUSTED.to_json()),
        (TRUSTED.to_json(), {}),
        ({}, TRUSTED.to_json()),
    ]


def test_same_rules_again_change_nothing(client, member, people):
    assert change_rules(Rules({"about": Rule()}), by=member) is None
    assert client.post(RULES, {"apply": "on"})["Location"] == RULES
    assert (FieldRules.objects.count(), BulkRun.objects.count()) == (0, 0)


def test_who_comes_in_later_is_shown_by_the_rules(member, people):
    change_rules(TRUSTED, by=member)
    received(PersonFields(name="Ada 1", emails=("1@example.org",), headline="Dean"), source="Fair two")
    assert "Dean" not in shown() and "Nurse" in shown()


def test_preview_shows_what_would_change_and_writes_nothing(client, people):
    page = text_of(client.get(RULES, CHOICE | {"preview": "on"}))
    assert "a sample of 3 people" in page and "<b>3</b> of them would look different" in page
    assert "Head Nurse" in page and "Use these rules" in page
    assert FieldRules.objects.count() == 0 and "Nurse" not in shown()
    assert "Nobody in the sample would look different." in text_of(client.get(RULES, {"preview": "on"}))


def test_preview_begins_where_two_long_values_begin_to_differ():
    start, end = "Nurse, Mercy, Fresno; " * 10, "; Aide, Saint Agnes" * 10
    before, after = Change("positions", f"{start}Matron{end}", f"{start}Dean{end}").shown
    assert before.startswith("…") and "Matron" in before and len(before) <= 121
    assert after.startswith("…") and "Dean" in after
    assert Change("headline", "Nurse", "").shown == ("Nurse", "")
    assert Change("positions", start, start + "Dean").shown == (f"…{start[-30:]}", f"…{start[-30:]}Dean")


def test_preview_of_everybody_counts_in_the_background(client, people):
    client.post(RULES, CHOICE | {"count": "on"})
    run = work(BulkRun.objects.get(kind="preview_rules"))
    assert run.result["sentences"][:3] == [
        "Of 3 people whom several sources describe, 3 would look different.",
        "Headline, summary and date of birth: 3.",
        "Skills, languages and certificates: 3.",
    ]
    assert "Ada 0, headline: “Head Nurse” → “Nurse”" in run.result["sentences"]
    assert FieldRules.objects.count() == 0


def test_run_goes_on_where_a_worker_died(member, people, monkeypatch):
    monkeypatch.setattr("talentpool.actions.field_rules.SLICE", 1)
    run = change_rules(TRUSTED, by=member)
    first = min(each.pk for each in people)
    BulkRun.objects.filter(pk=run.pk).update(cursor={"after": first}, done=1)
    assert work(run).done == 3
    assert shown() == ["Admiral", "Head Nurse", "Nurse", "Nurse"]


def test_preview_costs_the_same_for_one_and_for_three(people, django_assert_num_queries):
    for number in (1, 3):
        with django_assert_num_queries(5):
            differences([each.pk for each in people[:number]], TRUSTED)


def test_rules_are_the_administrators(tenant, people):
    for role in (Role.RECRUITER, Role.VIEWER):
        assert signed_in(make_member(tenant, role)).get(RULES).status_code == 403


def test_odd_choices_are_refused_or_left_out(client, people):
    assert client.get(RULES, {"preview": "on", "about_order": "nonsense"}).status_code == 422
    assert client.post(RULES, {"names_preferred": "\x00", "apply": "on"}).status_code == 422
    assert FieldRules.objects.count() == 0


def test_api_reads_and_changes_the_rules(member, people):
    program = program_of(member)
    assert program.get("/rules").json() == {"groups": {}}
    answer = program.send("PUT", "/rules", {"groups": TRUSTED.to_json()}).json()
    assert (answer["groups"], answer["run_id"]) == (TRUSTED.to_json(), BulkRun.objects.get().pk)
    assert program.get("/rules").json() == {"groups": TRUSTED.to_json()}
    odd = {"groups": {"aura": TRUSTED.to_json()["about"]}}
    assert program.send("PUT", "/rules", odd).status_code == 422
    recruiter = program_of(make_member(member.tenant, Role.RECRUITER))
    assert recruiter.send("PUT", "/rules", {"groups": {}}).status_code == 403
