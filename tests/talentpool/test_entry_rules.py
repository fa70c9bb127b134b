"""What a stage asks for of whoever enters it, and what lets them in nevertheless."""

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from crm.models import AuditEntry
from talentpool.actions.notes import add_note
from talentpool.actions.owners import set_owner
from talentpool.actions.pipeline_entries import change_entry, comment_on
from talentpool.actions.pipelines import StagePlan, add_to_pipeline, move_entries, move_entry, set_stages
from talentpool.actions.selections import select_people
from talentpool.models import Activity, ActivityKind, Consent, EntryRule, File, PipelineEntry
from talentpool.queries.entry_rules import held_back, rules_in_words
from tests.api_client import program_of
from tests.factories.people import make_candidate
from tests.factories.pipelines import make_entry, make_pipeline, stage

HTMX = {"HX-Request": "true"}


@pytest.fixture
def pipeline(member):
    return make_pipeline(member, stages=["Found", "Interviewing"])


def ask(pipeline, rules, most=None):
    """Of whoever enters Interviewing; nothing of whoever is found."""
    found, interviewing = pipeline.stages.all()
    plans = [StagePlan(found.pk, "Found", []), StagePlan(interviewing.pk, "Interviewing", rules, most)]
    set_stages(pipeline, plans, by=pipeline.owner)
    return stage(pipeline, "Interviewing")


def lacks(at, *people):
    return {each.name: list(each.lacks) for each in held_back(at, [person.pk for person in people])}


def test_each_rule_asks_for_what_it_says(tenant, member, pipeline):
    bare, full = make_candidate("Bare", email=""), make_candidate("Full", email="full@example.org")
    entry = make_entry(pipeline, member, candidate=full)
    at = ask(pipeline, [rule.value for rule in EntryRule])
    assert lacks(at, bare, full) == {
        "Bare": list(EntryRule),
        "Full": [EntryRule.MAY_WRITE, EntryRule.FILE, EntryRule.OWNER, EntryRule.NOTE],
    }
    Consent.objects.create(candidate=full, origin=full, basis="consent", granted_at=timezone.now())
    File.objects.create(candidate=full, origin=full, name="cv.pdf", media_type="application/pdf", size=1, sha256="0")
    change_entry(entry, owner=member, due_on=None, by=member)
    comment_on(pipeline, full, "Spoke with her.", by=member)
    assert lacks(at, full) == {}


def test_an_owner_and_a_note_of_the_person_will_do_and_a_telephone_number_too(tenant, member, pipeline):
    person = make_candidate("Ada", email="", contact_points=[{"kind": "phone", "value": "+15595550100"}])
    at = ask(pipeline, ["reachable", "owner", "note"])
    set_owner(person, member, by=member)
    add_note(person, "Likes nights.", by=member)
    assert lacks(at, person) == {}


def test_move_that_breaks_a_rule_is_refused_in_words_and_allowed_for_a_reason(tenant, member, pipeline):
    entry = make_entry(pipeline, member, candidate=make_candidate("Adaeze Nwosu"))
    at = ask(pipeline, ["file", "note"])
    with pytest.raises(ValidationError) as refused:
        move_entry(entry, at, version=1, by=member)
    assert refused.value.messages == [
        "“Interviewing” asks for what Adaeze Nwosu lacks: a résumé or another file and a note."
    ]
    moved = move_entry(entry, at, version=1, by=member, because="She brings it along.")
    assert moved.stage == at
    line = Activity.objects.get(kind=ActivityKind.PIPELINE_MOVED)
    kept = AuditEntry.objects.get(verb="pipeline.moved").detail
    assert (line.data["because"], kept["because"]) == ("She brings it along.", "She brings it along.")


def test_adding_leaves_out_who_lacks_something(tenant, member, pipeline):
    at = ask(pipeline, ["note"])
    noted, bare = make_candidate("Noted"), make_candidate("Bare")
    add_note(noted, "Likes nights.", by=member)
    assert add_to_pipeline(pipeline, [noted.pk, bare.pk], stage=at, by=member) == [noted.pk]
    assert add_to_pipeline(pipeline, [bare.pk], stage=at, by=member, because="A friend of the house.") == [bare.pk]


def test_many_move_but_those_who_may_not_and_they_are_named(client, tenant, member, pipeline):
    entries = [make_entry(pipeline, member, candidate=make_candidate(f"Person {n}")) for n in range(3)]
    add_note(entries[0].candidate, "Likes nights.", by=member)
    at = ask(pipeline, ["note"])
    moved = move_entries(pipeline, [entry.pk for entry in entries], at, by=member)
    assert (moved.number, [each.name for each in moved.held_back]) == (1, ["Person 1", "Person 2"])
    chosen = {"selected": [entry.pk for entry in entries[1:]], "do": "move", "stage": at.pk}
    answer = client.post(f"/o/acme/pipelines/{pipeline.pk}/entries/", chosen, follow=True)
    assert "asks for what 2 people lack: Person 1 (a note); Person 2 (a note)." in answer.content.decode()
    client.post(f"/o/acme/pipelines/{pipeline.pk}/entries/", chosen | {"because": "All known."})
    assert PipelineEntry.objects.filter(stage=at).count() == 3


def test_stage_takes_so_many_at_most(tenant, member, pipeline):
    entries = [make_entry(pipeline, member, candidate=make_candidate(f"Person {n}")) for n in range(3)]
    at = ask(pipeline, [], most=2)
    moved = move_entries(pipeline, [entry.pk for entry in entries], at, by=member)
    assert (moved.number, [(each.name, each.lacks) for each in moved.held_back]) == (2, [("Person 2", ())])
    with pytest.raises(
        ValidationError, match=r"“Interviewing” takes 2 people at most; there is no room for Person 2\."
    ):
        move_entry(entries[2], at, version=1, by=member)
    assert rules_in_words(at) == "at most 2 people"


def test_rules_of_a_stage_hold_for_who_enters_not_for_who_is_there(tenant, member, pipeline):
    make_entry(pipeline, member, "Interviewing")
    at = ask(pipeline, ["note"], most=1)
    assert PipelineEntry.objects.get().stage.name == "Interviewing"
    other = make_entry(pipeline, member)
    with pytest.raises(ValidationError, match="asks for"):
        move_entry(other, at, version=1, by=member)


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_refusal_on_the_board_offers_to_move_for_a_reason(client, member, pipeline, headers):
    entry = make_entry(pipeline, member, candidate=make_candidate("Adaeze Nwosu"))
    at = ask(pipeline, ["note"])
    form = {"entry": entry.pk, "stage": at.pk, "version": 1}
    refused = client.post(f"/o/acme/pipelines/{pipeline.pk}/move/", form, headers=headers)
    page = refused.content.decode()
    assert (refused.status_code, "asks for what Adaeze Nwosu lacks: a note." in page) == (422, True)
    assert "Move nevertheless" in page
    client.post(f"/o/acme/pipelines/{pipeline.pk}/move/", form | {"because": "Known."}, headers=headers)
    assert PipelineEntry.objects.get().stage == at


def test_stages_page_keeps_rules(client, pipeline):
    found, interviewing = pipeline.stages.all()
    form = {"stages-TOTAL_FORMS": "2", "stages-INITIAL_FORMS": "2"}
    for n, each in enumerate((found, interviewing)):
        form |= {f"stages-{n}-id": each.pk, f"stages-{n}-name": each.name, f"stages-{n}-order": n + 1}
    form |= {"stages-1-rules": ["note", "file"], "stages-1-most": "5"}
    client.post(f"/o/acme/pipelines/{pipeline.pk}/stages/", form)
    assert list(pipeline.stages.values_list("name", "rules", "most")) == [
        ("Found", [], None),
        ("Interviewing", ["note", "file"], 5),
    ]
    assert 'value="note"' in client.get(f"/o/acme/pipelines/{pipeline.pk}/stages/").content.decode()


def test_selection_tells_who_stayed_out(client, member, pipeline):
    at = ask(pipeline, ["note"])
    person = make_candidate("Adaeze Nwosu")
    selection = select_people(candidate_ids=[person.pk], by=member)
    answer = client.post(f"/o/acme/people/selections/{selection.pk}/pipeline/", {"stage": at.pk}, follow=True)
    assert "asks for what Adaeze Nwosu lacks: a note." in answer.content.decode()


def test_api_knows_rules(member, pipeline):
    program = program_of(member)
    found, interviewing = pipeline.stages.all()
    stages = [{"id": found.pk, "name": "Found"}, {"id": interviewing.pk, "name": "Talks", "rules": ["note"], "most": 9}]
    changed = program.put(f"/pipelines/{pipeline.pk}/stages", {"stages": stages}).json()["stages"]
    assert [(each["rules"], each["most"]) for each in changed] == [([], None), (["note"], 9)]
    person = make_candidate()
    path = f"/pipelines/{pipeline.pk}/entries"
    body = {"candidate_ids": [person.pk], "stage_id": interviewing.pk}
    assert program.post(path, body).json() == {
        "added": [],
        "unknown": [],
        "held_back": [{"candidate_id": person.pk, "lacks": ["note"]}],
    }
    assert program.post(path, body | {"because": "Known."}).json()["added"] == [person.pk]
