"""The queue of duplicates, merging by hand and undoing it, on pages and in the API."""

import pytest

from crm.actions.bulk_runs import work_on
from crm.models import BulkRun, Role
from talentpool.actions.apart import keep_apart
from talentpool.actions.merges import merge_candidates
from talentpool.actions.notes import add_note
from talentpool.models import Apart, Candidate, MatchPair, Merge, Note, PairState
from tests.api_client import program_of
from tests.conftest import make_member, signed_in
from tests.factories.people import make_candidate
from tests.talentpool.test_merges import comes_in, people, source  # noqa: F401  (a fixture)

QUEUE = "/o/acme/people/duplicates/"
HTMX = {"HX-Request": "true", "HX-Target": "duplicates"}


def make_pair(one, other, bits=20.0, **fields):
    low, high = sorted((one, other), key=lambda person: person.pk)
    evidence = [
        {"comparison": "born", "level": "equal", "bits": 12.0, "words": "The same birth date"},
        {"comparison": "title", "level": "differs", "bits": -0.5, "words": "Different titles"},
    ]
    return MatchPair.objects.create(low=low, high=high, bits=bits, evidence=fields.pop("evidence", evidence), **fields)


@pytest.fixture
def pair(source):  # noqa: F811
    ada = comes_in(source, "Ada Lovelace", "ada@x.example", skills=("Logic",), location="London")
    byron = comes_in(source, "Ada L. Byron", "ada@y.example", skills=("Logic", "Poetry"))
    comes_in(source, "Ada L. Byron", "ada@y.example", skills=("Chess",))
    return make_pair(ada, byron)


def test_queue_shows_the_strongest_pair_side_by_side(client, pair, source):  # noqa: F811
    make_pair(*people(source, "Weak A", "Weak B"), bits=16.0)
    page = client.get(QUEUE).content.decode()
    assert "2 pairs of people may be one" in page
    assert "Ada Lovelace" in page and "Weak A" not in page
    assert [words in page for words in ("The same birth date", "Against: </span>", "<mark>Logic</mark>")] == [True] * 3
    assert f'value="{pair.high_id}" checked' in page, "she has more profiles"
    assert "Duplicates <span" in client.get("/o/acme/people/").content.decode()
    assert "2 pairs of people may be one" in client.get("/o/acme/").content.decode()


def test_empty_queue_says_so(client, tenant):
    assert "Nobody seems to be here twice" in client.get(QUEUE).content.decode()


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["without a script", "htmx"])
def test_each_answer_is_given_once_and_can_be_taken_back(client, pair, headers):
    def answer(word, **data):
        answered = client.post(f"{QUEUE}{pair.pk}/answer/", {"answer": word, **data}, headers=headers, follow=True)
        return answered.content.decode()

    for word, state, said in (
        ("merged", PairState.MERGED, "Merged: "),
        ("apart", PairState.APART, "Nobody is asked again"),
        ("later", PairState.LATER, "come back in two weeks"),
    ):
        page = answer(word, survivor=pair.low_id)
        assert (said in page, "Nobody seems to be here twice" in page) == (True, True)
        pair.refresh_from_db()
        assert (pair.state, pair.decided_by is None) == (state, False)
        if word != "later":
            assert "Somebody answered this already" in answer(word)
        undone = client.post(f"{QUEUE}{pair.pk}/undo/", headers=headers, follow=True).content.decode()
        assert "Are these one person?" in undone
        pair.refresh_from_db()
        assert (pair.state, pair.decided_by) == (PairState.WAITING, None)
    assert Merge.objects.live().count() + Apart.objects.holding().count() == 0
    assert Candidate.objects.present().count() == 2


def test_third_person_is_asked_of_the_survivor(member, source):  # noqa: F811
    ada, byron, third = people(source, "Ada A", "Ada B", "Ada C")
    make_pair(byron, third)
    merge = merge_candidates(ada, byron, by=member)
    assert [{each.low_id, each.high_id} for each in MatchPair.objects.waiting()] == [{ada.pk, third.pk}]
    from talentpool.actions.merges import unmerge

    unmerge(merge, by=member)
    assert [{each.low_id, each.high_id} for each in MatchPair.objects.waiting()] == [{byron.pk, third.pk}]


def test_strong_pairs_are_merged_together_and_a_refused_one_is_counted(client, member, source):  # noqa: F811
    pairs = [make_pair(*people(source, f"Ada {n}", f"Ida {n}"), bits=30.0 + n, strong=True) for n in range(3)]
    weak = make_pair(*people(source, "Weak A", "Weak B"), bits=16.0)
    keep_apart(*people(source, "Third", "Fourth"), by=member)
    Apart.objects.create(low=pairs[0].low, high=pairs[0].high, by=member)
    client.post(f"{QUEUE}merge-strong/")
    run = BulkRun.objects.get()
    work_on(run.pk, worker="w")
    run.refresh_from_db()
    assert (run.state, run.done, run.result["merged"], run.result["left"]) == ("done", 3, 2, 1)
    assert list(MatchPair.objects.waiting()) == [pairs[0], weak]


def test_merge_by_hand_looks_for_the_other_and_asks_before_overruling_somebody(client, member, pair):
    low, high = pair.low, pair.high
    keep_apart(low, high, by=member)
    assert f"?other={high.pk}" in client.get(f"/o/acme/people/{low.pk}/merge/?q={high.pk}").content.decode()
    address = f"/o/acme/people/{low.pk}/merge/?other={high.pk}"
    assert "Merge these two?" in client.get(address).content.decode()
    refused = client.post(address, {"survivor": high.pk})
    assert (refused.status_code, "are not the same person" in refused.content.decode()) == (422, True)
    done = client.post(address, {"survivor": high.pk, "despite": "on"}, follow=True)
    assert done.redirect_chain == [(f"/o/acme/people/{high.pk}/", 302)]
    assert "Merged from" in done.content.decode()


def test_two_chosen_in_a_result_are_compared(client, pair):
    chosen = {"selected": [pair.low_id, pair.high_id], "then": "merge"}
    assert "Merge these two?" in client.post("/o/acme/people/select/", chosen, follow=True).content.decode()
    alone = client.post("/o/acme/people/select/", {**chosen, "selected": [pair.low_id]}, follow=True)
    assert "two at a time" in alone.content.decode()


def test_undoing_says_before_what_stays_and_leads_to_the_parted_one(client, member, pair):
    merge = merge_candidates(pair.low, pair.high, by=member)
    add_note(pair.low, "Called her", by=member)
    address = f"/o/acme/people/{pair.low_id}/merges/{merge.pk}/undo/"
    page = client.get(address).content.decode()
    assert "1 note: “Called her”" in page
    done = client.post(address, {"apart": "on"}, follow=True)
    assert done.redirect_chain == [(f"/o/acme/people/{pair.high_id}/", 302)]
    assert Apart.objects.holding().count() == 1
    assert client.get(address).status_code == 404


def test_addresses_of_a_merged_person_lead_to_the_survivor(client, member, pair):
    merge_candidates(pair.low, pair.high, by=member)
    for tail in ("", "activity/", "files/", "edit/about/"):
        old, new = (f"/o/acme/people/{pk}/{tail}" for pk in (pair.high_id, pair.low_id))
        answer = client.get(old)
        assert (answer.status_code, answer.headers["Location"]) == (302, new)
    client.post(f"/o/acme/people/{pair.high_id}/notes/", {"text": "Sent from a page that was open"})
    assert Note.objects.get().candidate_id == pair.low_id
    employee = signed_in(make_member(member.tenant, Role.EMPLOYEE))
    assert employee.get(f"/o/acme/people/{pair.high_id}/").status_code == 403


@pytest.mark.parametrize(("role", "status"), [(Role.SOURCER, 200), (Role.RECRUITER, 200), (Role.MARKETER, 403)])
def test_sourcers_and_recruiters_may_merge(tenant, role, status):
    assert signed_in(make_member(tenant, role)).get(QUEUE).status_code == status


def test_api_merges_undoes_and_leads_on(member, pair):
    program = program_of(member)
    merged = program.post("/merges", {"survivor_id": pair.low_id, "absorbed_id": pair.high_id})
    assert (merged.status_code, merged.json()["undone_at"]) == (201, None)
    moved = program.get(f"/candidates/{pair.high_id}")
    assert (moved.status_code, moved.json()) == (301, {"merged_into": pair.low_id})
    assert moved.headers["Location"] == f"/api/v1/candidates/{pair.low_id}"
    assert program.patch(f"/candidates/{pair.high_id}", {"headline": "x"}).status_code == 308
    again = program.post("/merges", {"survivor_id": pair.low_id, "absorbed_id": pair.high_id})
    assert (again.status_code, again.json()["detail"][:27]) == (422, "They are one person already")
    undone = program.post(f"/merges/{merged.json()['id']}/undo", {"apart": True}).json()
    assert undone == {"survivor_id": pair.low_id, "absorbed_id": pair.high_id, "stays": []}
    assert program.get(f"/merges/{merged.json()['id']}").json()["undone_at"] is not None
    apart = program.post("/merges", {"survivor_id": pair.low_id, "absorbed_id": pair.high_id})
    assert "are not the same person" in apart.json()["detail"]


def test_api_lists_pairs_strongest_first_and_takes_answers(member, pair, source):  # noqa: F811
    weak = make_pair(*people(source, "Weak A", "Weak B"), bits=16.0)
    middle = make_pair(*people(source, "Mid A", "Mid B"), bits=16.0, strong=True)
    program = program_of(member)
    first = program.get("/match-pairs", limit=2).json()
    assert [each["id"] for each in first["items"]] == [pair.pk, middle.pk]
    assert [each["id"] for each in program.get("/match-pairs", cursor=first["next_cursor"]).json()["items"]] == [
        weak.pk
    ]
    assert [each["id"] for each in program.get("/match-pairs", strong="true").json()["items"]] == [middle.pk]
    assert program.get("/match-pairs", cursor="nan~1").status_code == 422
    path = f"/match-pairs/{pair.pk}/answer"
    assert program.post(path, {"answer": "merge", "survivor_id": make_candidate().pk}).status_code == 422
    answered = program.post(path, {"answer": "merge", "survivor_id": pair.low_id}).json()
    assert (answered["state"], answered["candidate_ids"]) == ("merged", [pair.low_id, pair.high_id])
    assert Merge.objects.live().get().survivor_id == pair.low_id
    assert program.post(f"/match-pairs/{weak.pk}/answer", {"answer": "not_the_same"}).json()["state"] == "apart"
