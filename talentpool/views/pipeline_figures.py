"""How people go through pipelines, with the people behind each number."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone

from crm.permissions import MemberRequest, Permission, require
from crm.rendering import render_page
from talentpool.forms.pipeline_figures import BehindForm, PeriodForm
from talentpool.models import Pipeline
from talentpool.queries.pipeline_figures import figures_of, figures_of_all, people_behind

MOST_PIPELINES, MOST_PEOPLE = 500, 200


@require(Permission.VIEW_PIPELINES)
def pipelines_figures(request: MemberRequest) -> HttpResponse:
    form = PeriodForm(request.GET)
    found = list(Pipeline.objects.current().select_related("owner").order_by("name", "pk")[:MOST_PIPELINES])
    lines = figures_of_all(found, since=form.since(timezone.now()))
    return render_page(request, "talentpool/pipelines_figures.html", {"form": form, "lines": lines})


@require(Permission.VIEW_PIPELINES)
def pipeline_figures(request: MemberRequest, pk: int) -> HttpResponse:
    pipeline, form, now = get_object_or_404(Pipeline, pk=pk), PeriodForm(request.GET), timezone.now()
    context = {"pipeline": pipeline, "form": form, "lines": figures_of(pipeline, since=form.since(now), now=now)}
    return render_page(request, "talentpool/pipeline_figures.html", context)


@require(Permission.VIEW_PIPELINES)
def pipeline_figures_people(request: MemberRequest, pk: int, stage_pk: int) -> HttpResponse:
    """Whom one of the numbers counts."""
    pipeline, form = get_object_or_404(Pipeline, pk=pk), BehindForm(request.GET)
    stage = get_object_or_404(pipeline.stages, pk=stage_pk)
    people = people_behind(stage, form.what, since=form.since(timezone.now()))
    page = form.number
    found = list(people[(page - 1) * MOST_PEOPLE : page * MOST_PEOPLE + 1])
    context = {"pipeline": pipeline, "stage": stage, "form": form, "people": found[:MOST_PEOPLE], "page": page}
    context |= {"number": people.count(), "next_page": page + 1 if len(found) > MOST_PEOPLE else None}
    return render_page(request, "talentpool/pipeline_figures_people.html", context)
