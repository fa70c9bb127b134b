from datetime import timedelta

import pytest
from django.utils import timezone

from crm.home import HomePage
from talentpool.home import medalists_for_new_jobs
from talentpool.models import (
    Application,
    ApplicationState,
    ApplicationStep,
    Job,
    JobFamily,
    Phase,
    StepKind,
)
from talentpool.queries.medalists import jobs_with_medalists, medalists_for
from tests.talentpool.search.people import NOON, person

REJECTED, WITHDRAWN, OPEN, HIRED = (
    ApplicationState.REJECTED,
    ApplicationState.WITHDRAWN,
    ApplicationState.OPEN,
    ApplicationState.HIRED,
)


@pytest.fixture
def nursing(tenant):
    return JobFamily.objects.create(name="Nursing")


@pytest.fixture
def job(nursing):
    return Job.objects.create(title="ICU Nurse", family=nursing, opened_at=timezone.now())


def applied(name, job, *, state=REJECTED, phase=Phase.INTERVIEW, days=0, steps=()):
    who = name if not isinstance(name, str) else person(name, title="Nurse")
    whose = {"candidate": who, "origin": who}
    way = Application.objects.create(job=job, state=state, phase=phase, state_at=NOON + timedelta(days=days), **whose)
    for number, (kind, words) in enumerate(steps):
        ApplicationStep.objects.create(
            application=way, kind=kind, words=words, at=NOON + timedelta(hours=number), key=str(number), **whose
        )
    return who


def names(found):
    return [each.person.name for each in found]


def test_who_came_far_for_an_earlier_job_of_the_family_is_offered_with_what_was_said(nursing, job):
    earlier = Job.objects.create(title="Ward Nurse", family=nursing, is_open=False)
    other = Job.objects.create(title="Welder", is_open=False)
    applied(
        "Interviewed",
        earlier,
        steps=[(StepKind.SCORECARD, "Strong: calm under pressure"), (StepKind.INTERVIEW, "Interview")],
    )
    applied("Offered", earlier, phase=Phase.OFFER, days=-9)
    applied("By steps", earlier, phase="", days=1, steps=[(StepKind.INTERVIEW, "with Dr Kim")])
    applied("Withdrew", earlier, state=WITHDRAWN, days=-1)
    applied("Only screened", earlier, phase=Phase.SCREENING)
    applied("A welder", other)
    in_process = applied("In process", earlier)
    applied(in_process, other, state=OPEN, phase=Phase.APPLIED)
    hired = applied("Hired since", earlier)
    applied(hired, other, state=HIRED, phase=Phase.HIRED)
    known = applied("Has applied already", earlier)
    applied(known, job, phase=Phase.APPLIED)

    found = medalists_for(job)
    assert names(found) == ["Offered", "By steps", "Interviewed", "Withdrew"]
    assert [each.furthest for each in found] == [Phase.OFFER, Phase.INTERVIEW, Phase.INTERVIEW, Phase.INTERVIEW]
    assert [step.words for step in found[2].words] == ["Strong: calm under pressure"]
    assert names(medalists_for(job, most=1)) == ["Offered"]


def test_two_ways_of_one_person_are_one_line_and_a_job_without_a_family_goes_by_its_title(tenant):
    first, second = (Job.objects.create(title=title, is_open=False) for title in ("Senior Welder", "Welder nights"))
    ana = applied("Ana", first)
    applied(ana, second, phase=Phase.OFFER)
    applied("Ben", Job.objects.create(title="Plumber", is_open=False))
    (found,) = medalists_for(Job.objects.create(title="Welder"))
    assert (found.person, found.application.job, found.furthest) == (ana, second, Phase.OFFER)


def test_merged_and_erased_people_are_nobodys_medalists(nursing, job):
    earlier = Job.objects.create(title="Ward Nurse", family=nursing)
    gone, erased = applied("Merged", earlier), applied("Erased", earlier)
    gone.merged_into = person("Survivor")
    gone.save()
    erased.erased_at = timezone.now()
    erased.save()
    assert medalists_for(job) == []


def test_home_names_the_new_jobs_and_the_jobs_page_the_people(client, tenant, member, nursing, job):
    earlier = Job.objects.create(title="Ward Nurse", family=nursing, is_open=False)
    applied("Ana Ruiz", earlier, steps=[(StepKind.SCORECARD, "Hire her next time")])
    Job.objects.create(title="Welder", opened_at=timezone.now())
    Job.objects.create(title="Old one", family=nursing, opened_at=timezone.now() - timedelta(days=60))
    now = timezone.now()
    assert jobs_with_medalists(now=now) == [(job, 1)]
    (card,) = medalists_for_new_jobs(HomePage(tenant, member, now))
    assert [(line.title, line.text) for line in card.lines] == [("ICU Nurse", "1 person came far for one like it")]
    page = client.get(f"/o/acme/jobs/{job.pk}/").content.decode()
    assert all(words in page for words in ("Silver medalists", "Ana Ruiz", "Hire her next time", "Ward Nurse"))
