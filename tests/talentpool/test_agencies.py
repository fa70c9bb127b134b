"""Agencies: who gets in, what they see, and whose a person is."""

import re
from datetime import UTC, date, datetime, timedelta
from threading import Barrier, Thread

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from crm.models import AuditEntry, Role, Tenant, User
from crm.models.api_token import Scope
from crm.tenancy.scope import tenant_scope
from talentpool.actions.agencies import close_to_agency, create_agency, end_agency, open_to_agency, update_agency
from talentpool.actions.agency_users import invite_to_agency, link_secret, remove_agency_user
from talentpool.actions.erasure import erase_candidate
from talentpool.actions.jobs import close_job, open_job
from talentpool.actions.people import IncomingRecord, receive_profiles
from talentpool.actions.submissions import MOST_A_DAY, Sent, move_submission, submit_person
from talentpool.models import (
    AgencyJob,
    AgencyUser,
    Application,
    Candidate,
    Claim,
    File,
    Profile,
    ProfileKind,
    Source,
    Submission,
    SubmissionState,
)
from talentpool.person import PersonFields
from talentpool.queries.agencies import figures_of, ownership_of
from talentpool.tasks import send_agency_invitation
from tests.addresses import addresses
from tests.api_client import program_of
from tests.conftest import PASSWORD, make_member, signed_in
from tests.factories.everything import make_everything, snapshot

NOW = datetime.now(UTC).replace(microsecond=0)  # claims are asked of the database, whose clock is today's
TERMS = {
    "name": "Harbor Talent",
    "contact_name": "Iris",
    "contact_email": "iris@harbor.example",
    "terms": "20 % of a year",
    "fee": "20 %",
    "ownership_days": 180,
    "known_days": 365,
}
SEQUENCE = iter(range(10_000))


def make_agency(member, name="Harbor Talent", **terms):
    """An agency with one person of it, and one job open to it."""
    agency = create_agency(TERMS | {"name": name} | terms, by=member)
    user = User.objects.create_user(f"user{next(SEQUENCE)}@agency.example", PASSWORD, name=f"Somebody of {name}")
    somebody = AgencyUser.objects.create(agency=agency, user=user, name=user.name)
    return agency, somebody, open_to_agency(agency, open_job(f"Nurse for {name}", by=member), words="Nights", by=member)


@pytest.fixture
def harbor(member):
    return make_agency(member)


@pytest.fixture
def rival_agency(member):
    return make_agency(member, "Rival Search")


def sent(name="Zoë Ångström", email="zoe@example.org", **changed):
    values = {
        "name": name,
        "email": email,
        "phone": "",
        "message": "Six years of ICU",
        "statement": "She agreed.",
        "agreed_on": date(2026, 3, 1),
        "file_name": "zoe.txt",
        "content": f"{name}\n{email}\n\nExperience\nNurse, Mercy General\n2019 - 2024\n".encode(),
    }
    return Sent(**values | changed)


def submit(made, *, now=NOW, **changed):
    _, somebody, opening = made
    submission = submit_person(opening, sent(**changed), by=somebody, now=now)
    return Submission.objects.for_list().get(pk=submission.pk)


def from_elsewhere(email, at):
    fair, _ = Source.objects.get_or_create(name="Job fair")
    record = IncomingRecord(fair, ProfileKind.ROW, PersonFields(name="Zoë Ångström", emails=(email,)), observed_at=at)
    receive_profiles([record], by=None, now=at)


def test_the_first_submission_makes_the_person_theirs(harbor, member):
    agency, somebody, _ = harbor
    submission = submit(harbor)
    person = Candidate.objects.get()
    assert (person.name, person.email, person.current_employer) == ("Zoë Ångström", "zoe@example.org", "Mercy General")
    assert (submission.result, submission.by, submission.candidate) == ("claimed", somebody, person)
    assert (submission.statement, submission.agreed_on) == ("She agreed.", date(2026, 3, 1))
    profile = Profile.objects.get()
    assert (profile.source, profile.kind, profile.file.candidate) == (agency.source, ProfileKind.RESUME, person)
    claim = Claim.objects.get()
    assert (claim.agency, claim.at, claim.until) == (agency, NOW, NOW + timedelta(days=180))
    assert not person.consent_set.exists()
    entry = AuditEntry.objects.get(verb="submission.received")
    assert (entry.member, entry.detail["result"], "Zoë" in str(entry.detail)) == (None, "claimed", False)


def test_of_two_agencies_the_earlier_claim_holds_until_it_ends(harbor, rival_agency, member):
    first, second = submit(harbor), submit(rival_agency, now=NOW + timedelta(seconds=1), name="Zoe Angstrom")
    assert (first.result, second.result) == ("claimed", "taken")
    assert Candidate.objects.count() == Claim.objects.count() == 1
    again = open_to_agency(harbor[0], open_job("Charge nurse", by=member), by=member)
    assert submit((*harbor[:2], again), now=NOW + timedelta(days=10)).result == "owned"
    assert Claim.objects.count() == 1
    later = open_to_agency(rival_agency[0], open_job("Night nurse", by=member), by=member)
    update_agency(rival_agency[0], TERMS | {"name": "Rival Search", "known_days": 30}, by=member)
    late = submit(
        (AgencyUser.objects.get(pk=rival_agency[1].pk).agency, AgencyUser.objects.get(pk=rival_agency[1].pk), later),
        now=NOW + timedelta(days=181),
    )
    assert (late.result, late.agency) == ("claimed", rival_agency[0])
    shown = [
        (one.claim.agency, one.holds, one.is_over)
        for one in ownership_of(Candidate.objects.get(), NOW + timedelta(days=181))
    ]
    assert shown == [(harbor[0], False, True), (rival_agency[0], True, False)]


def test_who_came_from_elsewhere_within_the_agreed_days_was_known(harbor, member):
    from_elsewhere("zoe@example.org", NOW - timedelta(days=300))
    from_elsewhere("old@example.org", NOW - timedelta(days=400))
    assert submit(harbor).result == "known"
    assert submit(harbor, email="old@example.org").result == "claimed"


def test_two_agencies_in_the_same_moment_and_one_of_them_wins(transactional_db, harbor, rival_agency, member):
    barrier, faults = Barrier(2), []

    def act(made):
        try:
            with tenant_scope(member.tenant_id):
                barrier.wait(10)
                submit_person(made[2], sent(), by=made[1])
        except Exception as fault:
            faults.append(fault)
        finally:
            connection.close()

    threads = [Thread(target=act, args=[made]) for made in (harbor, rival_agency)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert faults == []
    assert sorted(Submission.objects.values_list("result", flat=True)) == ["claimed", "taken"]
    assert (Claim.objects.count(), Candidate.objects.count()) == (1, 1)


def test_merging_gives_the_person_to_the_earlier_claim_and_undoing_gives_back(harbor, rival_agency):
    first, second = submit(harbor), submit(rival_agency, name="Z. Angstrom", email="z@elsewhere.example")
    assert (first.result, second.result) == ("claimed", "claimed")
    for model in (Claim, Submission):
        model.objects.filter(candidate=second.candidate).update(candidate=first.candidate)
    [merged] = Submission.objects.for_list().filter(agency=rival_agency[0])
    assert (merged.counts, merged.state_words, merged.owned_until) == (False, "Submitted by somebody else first", None)
    assert figures_of(rival_agency[0]).taken == 1
    for model in (Claim, Submission):
        model.objects.filter(origin=second.candidate).update(candidate=second.candidate)
    [apart] = Submission.objects.for_list().filter(agency=rival_agency[0])
    assert (apart.counts, apart.owned_until) == (True, Claim.objects.get(agency=rival_agency[0]).until)


def test_erasing_keeps_the_claim_and_nothing_personal_and_the_person_stays_out(harbor, rival_agency, member):
    submission = submit(harbor)
    erase_candidate(submission.candidate, reason="asked", by=member)
    kept = Submission.objects.for_list().get()
    assert (kept.name, kept.email, kept.message, kept.statement, kept.profile) == ("", "", "", "", None)
    assert (kept.job, kept.result, Claim.objects.get().submission) == (submission.job, "claimed", kept)
    assert File.objects.count() == 0
    refused = submit(rival_agency, now=NOW + timedelta(hours=1))
    assert (refused.result, refused.candidate, refused.name, refused.email) == ("refused", None, "", "")
    assert File.objects.count() == Profile.objects.count() == 0


def test_what_became_of_it_is_said_by_hand_or_by_the_ats(harbor, member):
    submission = submit(harbor)
    assert move_submission(submission, SubmissionState.IN_PROCESS, by=member) is True
    assert move_submission(submission, SubmissionState.IN_PROCESS, by=member) is False
    assert Submission.objects.for_list().get().state_words == "In process"
    Application.objects.create(
        candidate=submission.candidate, origin=submission.candidate, job=submission.job, state="hired"
    )
    assert Submission.objects.for_list().get().state_words == "Hired"
    assert (figures_of(harbor[0]).hired, figures_of(harbor[0]).in_process) == (1, 0)


def test_what_cannot_be_submitted_is_refused_in_words(harbor, member, monkeypatch):
    submit(harbor)
    with pytest.raises(ValidationError, match="already"):
        submit(harbor, phone="+1 559 555 0142")
    assert (Submission.objects.count(), Profile.objects.count()) == (1, 1)
    monkeypatch.setattr("talentpool.actions.submissions.MOST_A_DAY", 1)
    with pytest.raises(ValidationError, match="in a day"):
        submit(harbor, email="b@example.org")
    close_to_agency(harbor[2], by=member)
    with pytest.raises(ValidationError, match="not open"):
        submit(harbor, email="b@example.org")
    open_to_agency(harbor[0], harbor[2].job, by=member)
    close_job(harbor[2].job, by=member)
    with pytest.raises(ValidationError, match="not open"):
        submit(harbor, email="b@example.org")
    with pytest.raises(ValidationError, match="called"):
        create_agency(TERMS | {"name": "harbor talent"}, by=member)
    assert MOST_A_DAY == 100


# --- the portal


def filled(**changed):
    file = SimpleUploadedFile("zoe.txt", b"Zoe\nzoe@example.org\n", content_type="text/plain")
    values = {"name": "Zoë", "email": "zoe@example.org", "agreed_on": "2026-03-01", "agreed": "on", "file": file}
    return values | changed


def test_an_agency_submits_in_the_portal_and_sees_its_own_alone(harbor, rival_agency, member):
    _, somebody, opening = harbor
    browser, job = signed_in(somebody), opening.job_id
    submit(rival_agency, name="Zoë Ångström", phone="+1 559 555 0199", message="Secret")
    page = browser.get("/o/acme/agency/").content.decode()
    assert ("Nurse for Harbor Talent" in page, "Rival" in page) == (True, False)
    assert browser.post(f"/o/acme/agency/jobs/{job}/", filled(agreed="")).status_code == 422
    assert browser.post(f"/o/acme/agency/jobs/{job}/", filled(email="nobody")).status_code == 422
    assert browser.post(f"/o/acme/agency/jobs/{job}/", filled(agreed_on="2999-01-01")).status_code == 422
    answer = browser.post(f"/o/acme/agency/jobs/{job}/", filled(), follow=True)
    assert "Somebody else submitted this person first" in answer.content.decode()
    mine = Submission.objects.get(agency=harbor[0])
    theirs = Submission.objects.get(agency=rival_agency[0])
    assert "Acme Health" in mine.statement
    listed = browser.get("/o/acme/agency/submissions/").content + answer.content
    shown = [words in listed.decode() for words in ("Zoë", "Ångström", "Secret", "Rival", "0199")]
    assert shown == [True, False, False, False, False]
    assert browser.get(f"/o/acme/agency/submissions/{theirs.pk}/").status_code == 404
    assert browser.get(f"/o/acme/agency/jobs/{rival_agency[2].job_id}/").status_code == 404
    assert signed_in(member).get("/o/acme/agency/").status_code == 404
    assert somebody.last_seen_at != AgencyUser.objects.get(pk=somebody.pk).last_seen_at


def test_an_agencys_people_get_in_nowhere_else(harbor, other_tenant, member):
    """Every address of the project, by GET and by POST, in the organisation they are guests of and in another."""
    make_everything(member.tenant, member, 7_000_001)
    AgencyUser.objects.update(last_seen_at=None)
    browser, before = signed_in(harbor[1]), snapshot(member.tenant)
    open_to_them = {"talentpool:portal", "talentpool:portal_submissions"}
    inside = {}
    for address in addresses():
        if not address.is_of_organisation or address.name in open_to_them:
            continue
        for slug in ("acme", other_tenant.slug):
            path = address.path_with(slug, 7_000_001)
            codes = {browser.get(path).status_code, browser.post(path).status_code}
            if codes - {404, 405} or (codes == {405} and not address.is_of_portal):
                inside[address.name, slug] = codes
    assert inside == {}
    AgencyUser.objects.update(last_seen_at=None)
    assert snapshot(member.tenant) == before
    assert {browser.get(f"/o/acme/agency/{tail}").status_code for tail in ("", "submissions/")} == {200}
    assert browser.get(f"/o/{other_tenant.slug}/agency/").status_code == 404


def test_removed_and_ended_is_out_at_once(harbor, rival_agency, member):
    mine, theirs = signed_in(harbor[1]), signed_in(rival_agency[1])
    assert [each.get("/o/acme/agency/").status_code for each in (mine, theirs)] == [200, 200]
    remove_agency_user(harbor[1], by=member)
    end_agency(rival_agency[0], by=member)
    assert [each.get("/o/acme/agency/").status_code for each in (mine, theirs)] == [404, 404]
    assert mine.get("/", follow=True).redirect_chain[-1][0] == "/organisations/"


def test_another_organisations_agency_cannot_be_reached(harbor, other_member):
    """An agency of the same people in another organisation opens nothing here."""
    with tenant_scope(other_member.tenant_id):
        agency = create_agency(TERMS, by=other_member)
        stranger = AgencyUser.objects.create(agency=agency, user=User.objects.create_user("s@x.example"), name="S")
        job = open_to_agency(agency, open_job("Their job", by=other_member), by=other_member).job_id
    browser = signed_in(stranger)
    assert browser.get("/o/rival/agency/").status_code == 200
    assert browser.get("/o/acme/agency/").status_code == 404
    assert signed_in(harbor[1]).get(f"/o/acme/agency/jobs/{job}/").status_code == 404
    assert browser.get("/", follow=True).redirect_chain[-1][0] == "/o/rival/agency/"


# --- joining


def letter(invitation):
    mail.outbox.clear()
    send_agency_invitation(invitation.pk)
    [message] = mail.outbox
    return message, re.search(r"https?://[^/]+(/agency-join/\S+)", message.body)[1]


def test_an_invited_person_chooses_a_password_and_lands_in_the_portal(harbor, member):
    invitation = invite_to_agency(harbor[0], "New@Agency.example", by=member)
    message, path = letter(invitation)
    assert (message.to, message.subject) == (["new@agency.example"], "Acme Health invites you to its agency portal")
    browser = Client()
    assert "Harbor Talent" in browser.get(path).content.decode()
    assert browser.post(path, {"name": "Nia", "password": "short"}).status_code == 422
    landed = browser.post(path, {"name": "Nia", "password": PASSWORD}, follow=True)
    assert landed.redirect_chain[-1][0] == "/o/acme/agency/"
    assert Client().get(path).status_code == 404
    assert browser.get("/o/acme/").status_code == 404
    again = invite_to_agency(harbor[0], "x@agency.example", by=member)
    assert Client().get(f"/join/{link_secret(again)}/").status_code == 404


def test_who_may_not_be_invited(harbor, rival_agency, member):
    with pytest.raises(ValidationError, match="is a member"):
        invite_to_agency(harbor[0], member.user.email, by=member)
    with pytest.raises(ValidationError, match="works for an agency"):
        invite_to_agency(harbor[0], rival_agency[1].user.email, by=member)
    end_agency(harbor[0], by=member)
    with pytest.raises(ValidationError, match="ended"):
        invite_to_agency(harbor[0], "a@b.example", by=member)


# --- the members' pages


def test_members_see_agencies_by_their_role(harbor, tenant, member):
    submission = submit(harbor)
    agency, job = harbor[0], harbor[2].job
    recruiter, viewer = (signed_in(make_member(tenant, role)) for role in (Role.RECRUITER, Role.VIEWER))
    page = recruiter.get(f"/o/acme/agencies/{agency.pk}/").content.decode()
    assert "Zoë Ångström" in page
    assert "Invite" not in page
    assert recruiter.post(f"/o/acme/agencies/{agency.pk}/edit/", TERMS).status_code == 403
    assert viewer.get("/o/acme/agencies/").status_code == 403
    recruiter.post(f"/o/acme/agencies/{agency.pk}/submissions/{submission.pk}/", {"state": "hired"})
    assert Submission.objects.get().state == "hired"
    assert "Owned by" in recruiter.get(f"/o/acme/people/{submission.candidate_id}/").content.decode()
    recruiter.post(f"/o/acme/jobs/{job.pk}/close/")
    assert not AgencyJob.objects.open().exists()
    assert recruiter.post("/o/acme/jobs/", {"title": "Midwife"}).status_code == 302
    recruiter.post(f"/o/acme/agencies/{agency.pk}/jobs/", {"job": type(job).objects.get(title="Midwife").pk})
    assert AgencyJob.objects.open().get().job.title == "Midwife"


def test_an_owner_adds_an_agency_and_invites_its_people(tenant, client):
    assert "No agency yet" in client.get("/o/acme/agencies/").content.decode()
    made = client.post("/o/acme/agencies/new/", TERMS)
    path = made.headers["Location"]
    assert client.post("/o/acme/agencies/new/", TERMS).status_code == 422
    assert client.post(f"{path}invite/", {"email": "nobody"}).status_code == 422
    assert client.post(f"{path}invite/", {"email": "a@b.example"}).status_code == 302
    assert client.post(f"{path}edit/", TERMS | {"ownership_days": 90}).status_code == 302
    page = client.get(path).content.decode()
    assert ("a@b.example" in page, "90 days" in page) == (True, True)
    assert client.post(f"{path}end/").status_code == 302
    assert "ended" in client.get("/o/acme/agencies/").content.decode()


def test_programs_read_agencies_and_submissions(harbor, member):
    submission = submit(harbor)
    program = program_of(member, Scope.READ_AGENCIES)
    assert [each["name"] for each in program.get("/agencies").json()["items"]] == ["Harbor Talent"]
    [one] = program.get(f"/agencies/{harbor[0].pk}/submissions").json()["items"]
    until = Claim.objects.get().until
    assert (one["candidate_id"], one["result"], one["state"], one["counts"]) == (
        submission.candidate_id, "claimed", "received", True,
    )  # fmt: skip
    assert datetime.fromisoformat(one["owned_until"]) == until
    assert Tenant.objects.count() == 1
