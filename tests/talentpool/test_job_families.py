"""Job families: named in the settings and by the API, shown with jobs, and searched for."""

import threading

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from crm.models import AuditEntry, Role
from crm.models.api_token import Scope
from crm.tenancy.scope import tenant_scope
from talentpool.actions.job_families import create_family, delete_family, put_into_family, rename_family
from talentpool.actions.jobs import open_job
from talentpool.actions.pipelines import create_pipeline
from talentpool.actions.segments import save_search
from talentpool.models import Job, JobFamily, Segment, Source, SourceKind
from tests.api_client import program_of
from tests.conftest import make_member, signed_in

BASE = "/o/acme/settings/families/"


def family_names():
    return list(JobFamily.objects.values_list("name", flat=True))


def test_family_is_added_renamed_and_deleted_on_the_pages(client, member):
    client.post(BASE, {"name": "  Nursing   care "})
    nursing = JobFamily.objects.get()
    assert nursing.name == "Nursing care"
    job = open_job("ICU Nurse", family=nursing, by=member)
    page = client.get(BASE).content.decode()
    assert f'<a href="/o/acme/jobs/?family={nursing.pk}">1</a>' in page
    client.post(f"{BASE}{nursing.pk}/", {"name": "Nursing"})
    assert "Nursing" in client.get(f"/o/acme/jobs/{job.pk}/").content.decode()
    assert "1 job is in this family" in client.get(f"{BASE}{nursing.pk}/").content.decode()
    gone = client.post(f"{BASE}{nursing.pk}/delete/", follow=True).content.decode()
    assert "The job family “Nursing” is gone; 1 job was in it." in gone
    job.refresh_from_db()
    assert (job.family, family_names()) == (None, [])
    verbs = AuditEntry.objects.filter(verb__startswith="job_family.").order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["job_family.created", "job_family.renamed", "job_family.deleted"]


def test_name_that_is_taken_is_refused_with_a_sentence(client, member):
    nursing, care = create_family("Nursing", by=member), create_family("Care", by=member)
    for url in (BASE, f"{BASE}{care.pk}/"):
        answer = client.post(url, {"name": "nursing"})
        assert answer.status_code == 422
        assert "There is a job family “nursing” already." in answer.content.decode()
    assert client.post(BASE, {"name": " "}).status_code == 422
    rename_family(nursing, "NURSING", by=member)  # its own name in other capitals is no other's
    assert family_names() == ["Care", "NURSING"]
    with pytest.raises(ValidationError, match="Give the job family a name"):
        create_family(" ", by=member)
    with pytest.raises(ValidationError, match="already"):
        rename_family(care, "Nursing", by=member)
    assert care.name == "Care"


def test_name_is_free_that_another_organisation_has(member, other_tenant, other_member):
    create_family("Nursing", by=member)
    with tenant_scope(other_tenant.pk):
        create_family("Nursing", by=other_member)
        assert family_names() == ["Nursing"]


@pytest.mark.django_db(transaction=True)
def test_two_who_add_the_same_at_once_make_one(tenant, member):
    said: list[str] = []

    def add():
        with tenant_scope(tenant.pk):
            try:
                create_family("Nursing", by=member)
                said.append("made")
            except ValidationError as error:
                said.append(error.messages[0])
        connection.close()

    threads = [threading.Thread(target=add) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(said) == ["There is a job family “Nursing” already."] * 3 + ["made"]
    assert family_names() == ["Nursing"]


def test_jobs_show_their_family_and_are_narrowed_to_one(client, member):
    nursing, care = create_family("Nursing", by=member), create_family("Care", by=member)
    client.post("/o/acme/jobs/", {"title": "ICU Nurse", "family": nursing.pk})
    open_job("Night porter", by=member)
    job = Job.objects.get(title="ICU Nurse")
    assert job.family == nursing
    every, narrowed = (client.get(f"/o/acme/jobs/{tail}").content.decode() for tail in ("", f"?family={nursing.pk}"))
    assert ("Night porter" in every, "ICU Nurse" in every) == (True, True)
    assert ("Night porter" in narrowed, "ICU Nurse" in narrowed) == (False, True)
    assert "No job in this family" in client.get(f"/o/acme/jobs/?family={care.pk}").content.decode()
    pipeline = create_pipeline(name="ICU", job_title="ICU Nurse", job=job, by=member)
    for view in ("", "list/"):
        page = client.get(f"/o/acme/pipelines/{pipeline.pk}/{view}").content.decode()
        assert "for ICU Nurse · <bdi>Nursing</bdi>" in page


def test_job_is_put_into_another_family_unless_an_ats_decides(client, member):
    nursing = create_family("Nursing", by=member)
    job = open_job("ICU Nurse", by=member)
    url = f"/o/acme/jobs/{job.pk}/family/"
    client.post(url, {"family": nursing.pk})
    job.refresh_from_db()
    assert job.family == nursing
    put_into_family(job, nursing, by=member)  # nothing new, and nothing to write down
    assert AuditEntry.objects.filter(verb="job.put_into_family").count() == 1
    assert "no such job family" in client.post(url, {"family": 10**9}, follow=True).content.decode()
    client.post(url, {"family": ""})
    job.refresh_from_db()
    assert job.family is None
    job.source = Source.objects.create(name="Greenhouse", kind=SourceKind.ATS)
    job.save()
    page = client.post(url, {"family": nursing.pk}, follow=True).content.decode()
    assert "This job comes from an ATS" in page
    assert f'action="{url}"' not in page
    job.refresh_from_db()
    assert job.family is None


def test_saved_search_for_a_deleted_family_searches_without_it(member):
    nursing, care = create_family("Nursing", by=member), create_family("Care", by=member)
    both = {"family": [str(nursing.pk), str(care.pk)], "process": ["silver"]}
    save_search("Both", text="", facets=both, by=member)
    save_search("One", text="", facets={"family": [str(nursing.pk)]}, by=member)
    assert delete_family(nursing, by=member) == 0
    assert dict(Segment.objects.values_list("name", "facets")) == {
        "Both": {"family": [str(care.pk)], "process": ["silver"]},
        "One": {},
    }


def test_who_may_not_manage_jobs_meets_no_families(tenant, member):
    nursing = create_family("Nursing", by=member)
    sourcer = signed_in(make_member(tenant, Role.SOURCER))
    for url in (BASE, f"{BASE}{nursing.pk}/", f"{BASE}{nursing.pk}/delete/"):
        assert sourcer.post(url, {"name": "Care"}).status_code == 403
    assert "settings/families" not in sourcer.get("/o/acme/settings/").content.decode()
    recruiter = signed_in(make_member(tenant, Role.RECRUITER, "rec@acme.example"))
    assert "settings/families" in recruiter.get(BASE).content.decode()


@pytest.mark.parametrize("number", [1, 3])
def test_families_make_the_same_queries_for_many(client, member, django_assert_num_queries, number):
    for each in range(number):
        open_job(f"Job {each}", family=create_family(f"Family {each}", by=member), by=member)
    client.get(BASE)
    with django_assert_num_queries(7):
        client.get(BASE)


def test_program_manages_families_and_reads_jobs(member):
    program = program_of(member)
    made = program.post("/job-families", {"name": "Nursing"})
    assert (made.status_code, made.json()["name"]) == (201, "Nursing")
    nursing = made.json()
    job = open_job("ICU Nurse", department="Ward 4", by=member)
    open_job("Porter", by=member)
    changed = program.patch(f"/jobs/{job.pk}", {"family_id": nursing["id"]}).json()
    assert (changed["title"], changed["department"], changed["family"]) == ("ICU Nurse", "Ward 4", nursing)
    assert program.get(f"/jobs/{job.pk}").json() == changed
    assert program.get("/jobs", family=nursing["id"]).json()["items"] == [changed]
    assert [each["family"] for each in program.get("/jobs").json()["items"]] == [nursing, None]
    assert program.get("/job-families").json()["items"] == [{**nursing, "jobs": 1}]
    assert program.patch(f"/job-families/{nursing['id']}", {"name": "Care"}).json() == {**nursing, "name": "Care"}
    taken = program.post("/job-families", {"name": "care"})
    assert (taken.status_code, taken.json()["detail"]) == (422, "There is a job family “care” already.")
    assert program.patch(f"/jobs/{job.pk}", {"family_id": 10**9}).status_code == 422
    gone = program.send("DELETE", f"/job-families/{nursing['id']}")
    assert (gone.status_code, gone.json()) == (200, {"jobs": 1})
    assert program.get(f"/jobs/{job.pk}").json()["family"] is None


def test_families_need_scope_and_role(tenant, member):
    others = [scope for scope in Scope if scope is not Scope.SETTINGS]
    body = {"name": "Nursing"}
    assert program_of(member, *others).post("/job-families", body).status_code == 403
    assert program_of(make_member(tenant, Role.SOURCER)).post("/job-families", body).status_code == 403
    assert family_names() == []
