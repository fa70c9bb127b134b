import re
from datetime import UTC, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from crm.models import Role
from talentpool.actions.activities import record_activity
from talentpool.actions.people import IncomingRecord, receive_profiles
from talentpool.models import Activity, ActivityKind, Candidate, File, FileContent, Note, Profile, ProfileKind, Source
from talentpool.person import Education, PersonFields, Position
from talentpool.queries.messages import _SOURCES, Letter
from tests.conftest import make_member, signed_in
from tests.factories.people import make_candidate
from tests.factories.pipelines import make_entry, make_pipeline
from tests.talentpool.naughty import NAUGHTY

HTMX = {"HX-Request": "true"}
NURSE = PersonFields(
    name="Adaeze Nwosu",
    headline="Charge Nurse, ICU",
    summary="Runs a unit at night.",
    emails=("adaeze@example.org",),
    phones=("+15595550142",),
    links=("linkedin.com/in/adaeze",),
    location="Fresno, CA",
    positions=(
        Position(title="Charge Nurse", employer="Mercy General", start="2022-03", current=True, text="16 beds"),
        Position(title="Staff Nurse", employer="Clovis Medical", start="2015-06", end="2018-01"),
    ),
    education=(Education(school="CSU Fresno", degree="BSc Nursing", start="2011", end="2015"),),
    skills=("Intensive care", "CRRT"),
)


def url(person, path=""):
    return f"/o/acme/people/{person.pk}/{path}"


def received(fields=NURSE, source="Spring fair", observed_at=datetime(2026, 3, 4, 12, tzinfo=UTC), **record):
    came_from, _ = Source.objects.get_or_create(name=source)
    incoming = IncomingRecord(
        came_from,
        ProfileKind.ROW,
        fields,
        raw={"Name": fields.name, "source": source},
        observed_at=observed_at,
        **record,
    )
    [result] = receive_profiles([incoming], by=None)
    return Candidate.objects.get(pk=result.candidate_id)


@pytest.fixture
def nurse(tenant):
    return received()


def text_of(response):
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def test_profile_shows_the_career_and_where_each_value_came_from(client, nurse):
    page = text_of(client.get(url(nurse)))
    for shown in ("Charge Nurse", "Mercy General", "Mar 2022 – today", "BSc Nursing", "CRRT", "adaeze@example.org"):
        assert shown in page
    assert page.count("Career from 2011 to today: 1 course of study, 2 posts") == 2
    assert "Spring fair, 4 Mar 2026" in page
    profile = Profile.objects.get()
    assert f'href="{url(nurse)}sources/{profile.pk}/"' in page


def test_profile_says_that_sources_disagree(client, nurse):
    other = PersonFields(name="Adaeze Nwosu", emails=NURSE.emails, location="Clovis, CA")
    received(other, source="Greenhouse", observed_at=datetime(2019, 1, 1, 12, tzinfo=UTC))
    page = text_of(client.get(url(nurse)))
    assert "2 sources disagree" in page
    assert re.search(r"<b>Greenhouse</b>, 1 Jan 2019\s+says: Clovis, CA", page)


def test_profile_of_somebody_of_whom_nothing_is_known(client, tenant):
    nobody = Candidate.objects.create()
    page = text_of(client.get(url(nobody)))
    assert f"Person {nobody.pk}" in page
    assert "No post is known yet." in page


def test_profile_costs_the_same_for_one_source_and_for_many(client, nurse, django_assert_max_num_queries):
    # 6 of the frame; mentions and watching marked as seen (2); story, own fields, voices, number of sources, consents,
    # notes and their mentions, warmth, colleagues, tasks, merges, agencies; numbers on the tabs (1 for all); letters of
    # campaigns and by mail, told to tabs and conversations alike; tags, pipelines, watchers, talks (2), who is here,
    # members for two choices, applications, what the ATS knows (3); which search
    # led here (3).
    with django_assert_max_num_queries(39):
        client.get(url(nurse))
    for number in range(6):
        received(NURSE, source=f"Source {number}", external_id=str(number))
        Note.objects.create(
            candidate=nurse,
            origin=nurse,
            text="x",
            by=make_member(nurse.tenant, email=f"{number}@x.example"),
            at=timezone.now(),
        )
    with django_assert_max_num_queries(39):
        client.get(url(nurse))


@pytest.mark.parametrize("panel", ["career", "about", "education", "notes", "contact", "skills"])
def test_panels_are_parts_for_htmx(client, nurse, panel):
    part = text_of(client.get(url(nurse), headers=HTMX | {"HX-Target": panel}))
    assert f'id="{panel}"' in part
    assert "<html" not in part


def test_merged_person_leads_to_the_survivor_and_erased_is_not_found(client, nurse):
    absorbed, erased = make_candidate(merged_into=nurse), make_candidate(erased_at=timezone.now())
    assert client.get(url(absorbed))["Location"] == url(nurse)
    assert [client.get(url(erased, path)).status_code for path in ("", "activity/", "sources/", "preview/")] == [
        404
    ] * 4


def test_activity_is_told_in_sentences_newest_first(client, member, nurse):
    entry = make_entry(make_pipeline(member), member, "Talking", nurse)
    client.post(url(nurse, "tags/"), {"name": "Silver medalist"})
    record_activity(
        nurse.pk,
        ActivityKind.MESSAGE_REPLIED,
        campaign="A post",
        quote="Thank you",
        at=timezone.now() + timedelta(hours=1),
    )
    page = text_of(client.get(url(nurse, "activity/")))
    said = [re.sub(r"<[^>]+>|\s+", " ", line).split() for line in re.findall(r"<li>.*?<div>(.*?)</div>", page, re.S)]
    assert [" ".join(words) for words in said] == [
        "Replied to “A post” Thank you",
        f"{member.name} gave the tag Silver medalist",
        f"{member.name} added them at Talking in Critical care nurses",
        "Spring fair brought a profile",
    ]
    assert f'href="/o/acme/pipelines/{entry.pipeline_id}/"' in page


def test_activity_goes_on_from_page_to_page(client, nurse):
    Activity.objects.all().delete()
    for number in range(120):
        record_activity(
            nurse.pk, ActivityKind.TAGGED, tag=f"t{number:03}", at=timezone.now() - timedelta(minutes=number // 3)
        )
    address, found = url(nurse, "activity/"), []
    for _ in range(3):
        page = text_of(client.get(address))
        found += re.findall(r"\bt\d{3}\b", page)
        if more := re.search(r'rel="next" href="([^"]+)"', page):
            address = url(nurse, "activity/") + more[1].replace("&amp;", "&")
    assert sorted(found) == [f"t{number:03}" for number in range(120)]
    assert "t000" in text_of(client.get(url(nurse, "activity/?after=nonsense~x")))


def test_activities_of_every_kind_have_words_even_without_data(client, nurse):
    for kind in ActivityKind:
        record_activity(nurse.pk, kind)
    assert text_of(client.get(url(nurse, "activity/"))).count("<li>") >= len(ActivityKind)


def test_tabs_without_anything_say_what_will_come(client, nurse):
    assert "No application is known" in text_of(client.get(url(nurse, "applications/")))
    assert "No message yet" in text_of(client.get(url(nurse, "messages/")))
    assert "No file yet" in text_of(client.get(url(nurse, "files/")))


def test_messages_come_from_the_apps_that_send_them(client, nurse, monkeypatch):
    letter = Letter(timezone.now(), "A CVICU post", "Delivered", url="/o/acme/campaigns/1/")
    monkeypatch.setattr(
        "talentpool.queries.messages._SOURCES", [*_SOURCES, lambda pk, limit: [letter] if pk == nurse.pk else []]
    )
    page = text_of(client.get(url(nurse, "messages/")))
    assert '<a href="/o/acme/campaigns/1/">A CVICU post</a>' in page


def test_sources_are_shown_as_they_came(client, nurse):
    profile = Profile.objects.get()
    assert "Spring fair" in text_of(client.get(url(nurse, "sources/")))
    page = text_of(client.get(url(nurse, f"sources/{profile.pk}/")))
    assert '<dt>Name</dt><dd class="prewrap">Adaeze Nwosu</dd>' in page
    assert client.get(url(make_candidate(), f"sources/{profile.pk}/")).status_code == 404


def upload(client, person, name="cv.pdf", content=b"%PDF-1.7 x"):
    return client.post(url(person, "files/"), {"file": SimpleUploadedFile(name, content, content_type="text/html")})


def test_file_is_kept_and_handed_out_so_that_nothing_in_it_runs(client, nurse):
    assert upload(client, nurse, "<b>x.html", b"<script>alert(1)</script>").status_code == 302
    file = File.objects.get()
    response = client.get(url(nurse, f"files/{file.pk}/"))
    assert bytes(FileContent.objects.get().content) == response.content == b"<script>alert(1)</script>"
    assert response["Content-Type"] == "application/octet-stream"
    assert response["Content-Disposition"].startswith("attachment")
    assert response["Content-Security-Policy"].startswith("sandbox")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "&lt;b&gt;x" in text_of(client.get(url(nurse, "files/")))


def test_files_that_cannot_be_kept_are_refused_in_words(client, nurse, settings):
    upload(client, nurse)
    settings.CANDIDATE_FILE_MAX_BYTES = 2**20
    refused = [
        upload(client, nurse, "again.pdf"),
        upload(client, nurse, "empty.pdf", b""),
        upload(client, nurse, "large.pdf", b"x" * (2**20 + 1)),
        client.post(url(nurse, "files/"), {}),
    ]
    assert [response.status_code for response in refused] == [422] * 4
    assert "as “cv.pdf”" in refused[0].content.decode()
    assert "larger than 1 MB" in refused[2].content.decode()
    assert File.objects.count() == 1


def test_file_of_an_import_is_not_handed_out_with_a_person(client, nurse, tenant):
    table = File.objects.create(name="everyone.csv", media_type="text/csv", size=1, sha256="")
    Profile.objects.update(file=table)
    assert client.get(url(nurse, f"files/{table.pk}/")).status_code == 404
    assert "The file" not in text_of(client.get(url(nurse, f"sources/{Profile.objects.get().pk}/")))


@pytest.mark.parametrize("headers", [{}, HTMX | {"HX-Target": "notes"}])
def test_note_is_kept_with_its_author(client, nurse, member, headers):
    response = client.post(url(nurse, "notes/"), {"text": "Wants nights.\nCall on Monday."}, headers=headers)
    assert response.status_code == (200 if headers else 302)
    assert list(Note.objects.values_list("text", "by")) == [("Wants nights.\nCall on Monday.", member.pk)]
    assert client.post(url(nurse, "notes/"), {"text": " "}, headers=headers).status_code == 422


def test_owner_and_tags_are_set_and_taken_away(client, tenant, nurse):
    tom = make_member(tenant, Role.RECRUITER)
    client.post(url(nurse, "owner/"), {"owner": tom.pk})
    client.post(url(nurse, "tags/"), {"name": "Silver medalist"})
    page = text_of(client.get(url(nurse)))
    assert f"Owner: {tom.name}" in page and "Silver medalist" in page
    tag = nurse.candidatetag_set.get().tag
    client.post(url(nurse, f"tags/{tag.pk}/remove/"))
    client.post(url(nurse, "owner/"), {"owner": ""})
    nurse.refresh_from_db()
    assert (nurse.owner, nurse.candidatetag_set.count()) == (None, 0)
    kinds = Activity.objects.order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["received", "owner_changed", "tagged", "untagged", "owner_changed"]


def test_owner_must_be_a_member_who_is_here(client, tenant, other_member, nurse):
    gone = make_member(tenant, Role.RECRUITER)
    type(gone).objects.filter(pk=gone.pk).update(removed_at=timezone.now())
    for owner in (gone.pk, other_member.pk, "x"):
        assert client.post(url(nurse, "owner/"), {"owner": owner}).status_code == 422


def test_person_is_added_by_hand_and_never_twice(client, tenant):
    form = {
        "name": "Tom Reyes",
        "email": "Tom@Example.org",
        "title": "Welder",
        "employer": "Yard",
        "skills": "TIG\nMIG",
    }
    response = client.post("/o/acme/people/new/", form)
    person = Candidate.objects.get()
    assert response["Location"] == url(person)
    assert (person.name, person.current_title, person.skills) == ("Tom Reyes", "Welder", ["TIG", "MIG"])
    again = client.post("/o/acme/people/new/", {"name": "Thomas Reyes", "email": "tom@example.org"})
    assert again["Location"] == url(person)


@pytest.mark.parametrize("form", [{}, {"name": ""}, {"name": "x", "email": "nonsense"}])
def test_person_by_hand_needs_a_name_and_a_real_address(client, form):
    assert client.post("/o/acme/people/new/", form).status_code == 422
    assert Candidate.objects.count() == 0


@pytest.mark.parametrize("text", NAUGHTY)
def test_naughty_strings_in_every_field_are_kept_or_refused_and_shown_as_text(client, text):
    form = dict.fromkeys(("name", "phone", "link", "title", "employer", "location", "skills"), text)
    response = client.post("/o/acme/people/new/", form)
    assert response.status_code in (302, 422)
    person = Candidate.objects.first() or make_candidate()
    answers = [
        client.post(url(person, "notes/"), {"text": text}),
        client.post(url(person, "tags/"), {"name": text}),
        client.post(url(person, "owner/"), {"owner": text}),
        upload(client, person, text[:200], text.encode()),
    ]
    assert {answer.status_code for answer in answers} <= {302, 422}
    for path in ("", "activity/", "files/", "sources/", "owner/"):
        page = text_of(client.get(url(person, path)))
        assert "<script>alert" not in page and "<img src=x" not in page


def test_members_who_may_not_edit_see_and_cannot_change(tenant, nurse):
    viewer = signed_in(make_member(tenant, Role.VIEWER))
    page = text_of(viewer.get(url(nurse)))
    assert (
        "<form" not in page.split("<main")[1].split("In the ATS")[0].replace('action="/o/acme/people/select/"', "")
        or "Keep the note" not in page
    )
    posts = [viewer.post(url(nurse, path), {}) for path in ("notes/", "owner/", "tags/", "files/")]
    assert [response.status_code for response in posts] == [403] * 4
    employee = signed_in(make_member(tenant, Role.EMPLOYEE))
    assert employee.get(url(nurse)).status_code == 403
