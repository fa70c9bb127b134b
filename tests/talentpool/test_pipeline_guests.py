"""A pipeline shared with somebody outside: what her link opens, for how long, and what it never shows."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from crm.models import Role
from crm.tenancy.scope import tenant_scope
from crm.throttle import Meter, wait_for_all
from talentpool.actions.erasure import erase_candidate
from talentpool.actions.files import add_file
from talentpool.actions.notes import add_note
from talentpool.actions.pipeline_guests import comment_as_guest, link_secret, revoke_guest, share_pipeline
from talentpool.actions.pipelines import archive_pipeline
from talentpool.models import Candidate, PipelineComment, PipelineGuest
from talentpool.pipeline_mail import mail_pipeline_link
from talentpool.queries.pipeline_guests import PEOPLE
from talentpool.tasks import mail_guest_comment
from talentpool.views.shared_pipeline import PER_MINUTE
from tests.api_client import program_of
from tests.conftest import make_member, signed_in
from tests.factories.people import make_candidate, make_candidates
from tests.factories.pipelines import make_entry, make_pipeline

SHARED = {"name": "Dr. Patel", "email": "patel@ward.example", "days": 30, "sees_files": False}


@pytest.fixture
def pipeline(member):
    return make_pipeline(member)


@pytest.fixture
def person(pipeline, member):
    about = {
        "email": "adaeze@example.org",
        "headline": "Call me: 559 555 0100",
        "current_title": "Charge Nurse",
        "current_employer": "Mercy General",
        "location": "Fresno",
        "contact_points": [{"kind": "phone", "value": "+15595550100"}],
        "positions": [{"title": "Charge Nurse", "employer": "Mercy General", "start": "2019-03", "current": True}],
        "education": [{"school": "Fresno State", "degree": "BSN", "start": "2010", "end": "2014"}],
    }
    found = make_candidate("Adaeze Nwosu", **about)
    make_entry(pipeline, member, "Talking", found)
    return found


@pytest.fixture
def guest(pipeline, member):
    return share_pipeline(pipeline, **SHARED, by=member)


@pytest.fixture
def browser():
    """Of nobody who is signed in."""
    return Client(headers={"Accept-Language": "en"})


def at(guest, more=""):
    return f"/shared/{link_secret(guest)}/{more}"


def entry_of(pipeline, person):
    return pipeline.entries.get(candidate=person)


def test_link_shows_who_they_are_and_nothing_to_reach_them_by(browser, member, pipeline, person, guest):
    add_note(person, "Never show this.", by=member)
    listed = browser.get(at(guest))
    shown = browser.get(at(guest, f"{entry_of(pipeline, person).pk}/"))
    pages = listed.content.decode() + shown.content.decode()
    for word in ("Adaeze Nwosu", "Charge Nurse", "Mercy General", "Fresno", "2019", "Fresno State", "Talking"):
        assert word in pages
    for secret in ("adaeze@example.org", "5595550100", "555 0100", "Never show this."):
        assert secret not in pages
    for answer in (listed, shown):
        assert answer["X-Robots-Tag"] == "noindex, nofollow"
        assert answer["Referrer-Policy"] == "same-origin"
        assert "no-store" in answer["Cache-Control"]


def test_only_the_hash_of_the_secret_is_kept(guest):
    assert link_secret(guest) not in str(PipelineGuest.objects.values().get())


def test_link_is_void_when_revoked_too_old_replaced_put_away_or_another_tenants(
    browser, member, other_member, pipeline, guest
):
    assert browser.get(at(guest)).status_code == 200
    with tenant_scope(other_member.tenant_id):
        theirs = share_pipeline(make_pipeline(other_member), **SHARED, by=other_member)
        foreign = link_secret(theirs).replace(f"{theirs.tenant_id}-", f"{guest.tenant_id}-", 1)
    tried = [browser.get(f"/shared/{secret}/").status_code for secret in (foreign, "1-2-3", "x", f"{10**17}-1-a")]
    assert tried == [404] * 4
    newer = share_pipeline(pipeline, **SHARED, by=member)
    assert [browser.get(at(each)).status_code for each in (guest, newer)] == [404, 200]
    archive_pipeline(pipeline, by=member)
    assert browser.get(at(newer)).status_code == 404
    pipeline.refresh_from_db()
    with pytest.raises(ValidationError, match="put away"):
        share_pipeline(pipeline, **SHARED, by=member)


@pytest.mark.parametrize("how", ["revoked", "expired"])
def test_link_ends(browser, member, guest, how):
    if how == "revoked":
        revoke_guest(guest, by=member)
        revoke_guest(guest, by=member)
    else:
        PipelineGuest.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
        guest.refresh_from_db()
    answer = browser.get(at(guest))
    assert (answer.status_code, "This link works no more" in answer.content.decode()) == (404, True)


def test_only_people_who_stand_in_it_now_are_there(browser, member, pipeline, person, guest):
    erased, merged, other = make_candidate("Erased"), make_candidate("Merged"), make_candidate("Not in it")
    entries = [make_entry(pipeline, member, "Found", each) for each in (erased, merged)]
    elsewhere = make_entry(make_pipeline(member, "Another"), member, "Found", other)
    erase_candidate(erased, reason="asked", by=member)
    Candidate.objects.filter(pk=merged.pk).update(merged_into=person)
    page = browser.get(at(guest)).content.decode()
    assert [name in page for name in ("Adaeze Nwosu", "Erased", "Merged", "Not in it")] == [True, False, False, False]
    codes = [browser.get(at(guest, f"{entry.pk}/")).status_code for entry in (*entries, elsewhere)]
    assert codes == [404] * 3


def test_files_are_there_only_when_they_were_ticked(browser, member, pipeline, person, guest):
    file = add_file(person, "cv.txt", BytesIO(b"career"), by=member)
    where = f"{entry_of(pipeline, person).pk}/"
    assert (browser.get(at(guest, f"{where}files/{file.pk}/")).status_code) == 404
    other = share_pipeline(pipeline, **SHARED | {"email": "b@ward.example", "sees_files": True}, by=member)
    assert "cv.txt" not in browser.get(at(guest, where)).content.decode()
    assert "cv.txt" in browser.get(at(other, where)).content.decode()
    assert browser.get(at(other, f"{where}files/{file.pk}/")).content == b"career"


def test_comment_stands_on_the_card_and_goes_to_who_looks_after_them(browser, client, member, pipeline, person, guest):
    where = at(guest, f"{entry_of(pipeline, person).pk}/")
    refused = browser.post(where, {"text": "", "thumb": ""})
    assert (refused.status_code, "Say yes or no" in refused.content.decode()) == (422, True)
    answer = browser.post(where, {"text": "I would meet her.", "thumb": "up"}, follow=True)
    assert "Thank you: it is with the team." in answer.content.decode()
    comment = PipelineComment.objects.get()
    assert (comment.guest, comment.by, comment.thumb, comment.candidate) == (guest, None, "up", person)
    assert "Dr. Patel: I would meet her." in client.get(f"/o/acme/pipelines/{pipeline.pk}/").content.decode()
    assert (
        "guest"
        in client.get(f"/o/acme/pipelines/{pipeline.pk}/entries/{entry_of(pipeline, person).pk}/").content.decode()
    )
    mail.outbox.clear()
    mail_guest_comment(comment.pk)
    [letter] = mail.outbox
    assert (letter.to, letter.subject) == ([member.user.email], "Dr. Patel on Adaeze Nwosu")
    assert ("I would meet her." in letter.body, "Would meet them: Yes" in letter.body) == (True, True)


def test_one_guest_never_sees_what_others_said(browser, member, pipeline, person, guest):
    other = share_pipeline(pipeline, **SHARED | {"email": "b@ward.example"}, by=member)
    comment_as_guest(other, entry_of(pipeline, person), text="Between us.", thumb="")
    assert "Between us." not in browser.get(at(guest, f"{entry_of(pipeline, person).pk}/")).content.decode()


def test_link_is_slowed_down(browser, guest):
    meter = Meter(f"pipeline-guest-{guest.pk}", PER_MINUTE, PER_MINUTE)
    assert browser.get(at(guest)).status_code == 200
    while not wait_for_all([meter], 1):
        pass
    answer = browser.get(at(guest))
    assert (answer.status_code, "A moment, please" in answer.content.decode()) == (429, True)


def test_letter_brings_the_link_in_the_organisations_language(tenant, guest):
    type(tenant).objects.filter(pk=tenant.pk).update(language="de")
    mail.outbox.clear()
    mail_pipeline_link(guest)
    [letter] = mail.outbox
    assert (letter.to, link_secret(guest) in letter.body, "Guten Tag Dr. Patel," in letter.body) == (
        ["patel@ward.example"],
        True,
        True,
    )
    PipelineGuest.objects.update(revoked_at=timezone.now())
    guest.refresh_from_db()
    mail_pipeline_link(guest)
    assert len(mail.outbox) == 1


def test_page_is_in_the_language_of_the_browser(member, pipeline, person, guest):
    page = Client(headers={"Accept-Language": "fr"}).get(at(guest, f"{entry_of(pipeline, person).pk}/"))
    assert "Souhaiteriez-vous rencontrer cette personne ?" in page.content.decode()


def test_list_for_guests_has_pages(browser, member, pipeline, guest, django_assert_max_num_queries):
    for each in make_candidates(PEOPLE + 1):
        make_entry(pipeline, member, candidate=each)
    with django_assert_max_num_queries(12):
        first = browser.get(at(guest)).content.decode()
    second = browser.get(at(guest, "?page=2")).content.decode()
    assert [page.count('class="name"') for page in (first, second)] == [PEOPLE, 1]
    talking = pipeline.stages.get(name="Talking").pk
    assert browser.get(at(guest, f"?stage={talking}&page=x")).content.decode().count('class="name"') == 0


def test_member_shares_and_ends_it(client, tenant, pipeline):
    where = f"/o/acme/pipelines/{pipeline.pk}/share/"
    client.post(where, SHARED | {"days": "14", "sees_files": ""})
    guest = PipelineGuest.objects.get()
    assert timedelta(days=13) < guest.expires_at - timezone.now() < timedelta(days=14)
    assert "patel@ward.example" in client.get(where).content.decode()
    client.post(f"{where}{guest.pk}/end/")
    assert PipelineGuest.objects.get().revoked_at is not None
    assert client.post(where, {"name": "x"}).status_code == 422
    viewer = signed_in(make_member(tenant, Role.VIEWER, "v@acme.example"))
    assert viewer.get(where).status_code == 403


def test_api_shares_and_ends_it(member, pipeline):
    program = program_of(member)
    path = f"/pipelines/{pipeline.pk}/guests"
    made = program.post(path, SHARED)
    assert (made.status_code, made.json()["email"]) == (201, "patel@ward.example")
    assert program.get(path).json()["items"] == [made.json()]
    assert program.send("DELETE", f"{path}/{made.json()['id']}").json()["revoked_at"] is not None
