"""The queue of people who may be one, strongest first, and the answers to it."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from crm.permissions import MemberRequest, Permission, may, require
from crm.rendering import render_page
from talentpool.actions.match_pairs import answer_pair, merge_strong_pairs, reopen_pair
from talentpool.forms.merges import AnswerForm
from talentpool.models import MatchPair, PairState
from talentpool.queries.match_pairs import answered, comparison_of, next_pair, strong_number, waiting_number


@require(Permission.MERGE_CANDIDATES)
def duplicates(request: MemberRequest) -> HttpResponse:
    done = request.GET.get("answered", "")
    return _queue(request, done=answered(int(done)) if done.isdecimal() and len(done) < 19 else None)


@require(Permission.MERGE_CANDIDATES)
@require_POST
def duplicate_answer(request: MemberRequest, pk: int) -> HttpResponse:
    pair = get_object_or_404(MatchPair, pk=pk)
    form = AnswerForm(request.POST, people=(pair.low_id, pair.high_id))
    if not form.is_valid():
        return _queue(request, error="These two can no longer be answered so; this is who waits now.")
    try:
        answer = PairState(form.cleaned_data["answer"])
        answer_pair(pair, answer, by=request.member, survivor=form.cleaned_data["survivor"])
    except ValidationError as error:
        return _queue(request, error=error.messages[0])
    return _queue(request, done=answered(pk)) if request.htmx else _back(request, f"?answered={pk}")


@require(Permission.MERGE_CANDIDATES)
@require_POST
def duplicate_undo(request: MemberRequest, pk: int) -> HttpResponse:
    pair = get_object_or_404(MatchPair, pk=pk)
    try:
        reopen_pair(pair, by=request.member)
    except ValidationError as error:
        return _queue(request, error=error.messages[0])
    return _queue(request, first=pk) if request.htmx else _back(request, f"?first={pk}")


@require(Permission.MERGE_CANDIDATES)
@require_POST
def duplicates_merge_strong(request: MemberRequest) -> HttpResponse:
    if not strong_number():
        messages.info(request, "No pair with strong evidence waits any more.")
        return _back(request)
    run = merge_strong_pairs(by=request.member)
    return redirect("crm:run", request.tenant.slug, run.pk)


def _queue(
    request: MemberRequest, *, done: MatchPair | None = None, first: int | None = None, error: str = ""
) -> HttpResponse:
    asked = request.GET.get("first", "")
    pair = next_pair(first=first or (int(asked) if asked.isdecimal() and len(asked) < 19 else None))
    restricted = may(request.member, Permission.VIEW_RESTRICTED_FIELDS)
    context = {
        "pair": pair,
        "comparison": comparison_of(pair.low, pair.high, evidence=pair.evidence, restricted=restricted)
        if pair
        else None,
        "number": waiting_number(),
        "strong": strong_number(),
        "done": done,
        "error": error,
    }
    status = 422 if error else 200
    return render_page(request, "talentpool/duplicates.html", context, partials=["duplicates"], status=status)


def _back(request: MemberRequest, query: str = "") -> HttpResponse:
    response = redirect("talentpool:duplicates", request.tenant.slug)
    response["Location"] += query
    return response
