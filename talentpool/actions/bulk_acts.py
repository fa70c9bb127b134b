"""What can be done with a selection of people in one go: how each act begins, does a slice, and takes one back.

Every slice remembers exactly whom it changed and how it was before, so that undoing the run touches nobody else.
"""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from crm.actions.bulk_runs import bulk_kind
from crm.actions.bulk_undo import remember, undo_of
from crm.models import BulkRun, Member
from crm.permissions import Permission
from talentpool.actions.erasure import erase_candidate
from talentpool.actions.owners import assign_people, reassign_people
from talentpool.actions.pipelines import add_to_pipeline, take_out_again
from talentpool.actions.selections import SLICE, act_upon, next_ids
from talentpool.actions.tags import Tagging, give_back_tag, tag_people, take_back_tag, untag_people
from talentpool.models import Candidate, Pipeline, Selection, Stage, Tag
from talentpool.queries.entry_rules import left_out, sentence_of

MOST_ERASED = 10_000  # more at once is a mistake, or the end of an organisation, which is another act


def add_selection(selection: Selection, stage: Stage, *, by: Member, total: int) -> BulkRun:
    """Into the stage's pipeline."""
    pipeline = stage.pipeline
    return act_upon(
        selection,
        "add_to_pipeline",
        {"pipeline": pipeline.pk, "stage": stage.pk},
        by=by,
        title=f"Adding people to “{pipeline.name}”",
        total=total,
        back_url=reverse("talentpool:pipeline", args=[by.tenant.slug, pipeline.pk]),
    )


def tag_selection(selection: Selection, tag: Tag, *, by: Member, total: int) -> BulkRun:
    people, title = _people_with(tag, by), f"Tagging people “{tag.name}”"
    return act_upon(selection, "tag", {"tag": tag.pk}, by=by, title=title, total=total, back_url=people)


def untag_selection(selection: Selection, tag: Tag, *, by: Member, total: int) -> BulkRun:
    people, title = _people(by), f"Taking the tag “{tag.name}” from people"
    return act_upon(selection, "untag", {"tag": tag.pk}, by=by, title=title, total=total, back_url=people)


def assign_selection(selection: Selection, owner: Member | None, *, by: Member, total: int) -> BulkRun:
    title = f"Assigning people to {owner.name}" if owner else "Taking people's owner away"
    params = {"owner": owner.pk if owner else None}
    return act_upon(selection, "assign", params, by=by, title=title, total=total, back_url=_people(by))


def erase_selection(selection: Selection, *, reason: str, by: Member, total: int) -> BulkRun:
    """Exactly those who were chosen, whose ids the selection holds: nobody who matches the search since."""
    if selection.search is not None or total > MOST_ERASED:
        raise ValidationError(f"Up to {MOST_ERASED:,} people can be erased at once. Narrow the search first.")
    params, title = {"reason": reason}, "Erasing people"
    return act_upon(selection, "erase", params, by=by, title=title, total=total, back_url=_people(by))


def _people(by: Member) -> str:
    return reverse("talentpool:people", args=[by.tenant.slug])


def _people_with(tag: Tag, by: Member) -> str:
    return f"{_people(by)}?tag={tag.pk}"


@bulk_kind("add_to_pipeline")
def _add_slice(run: BulkRun) -> int:
    ids, now = next_ids(run, SLICE), timezone.now()
    pipeline = Pipeline.objects.get(pk=run.params["pipeline"])
    stage = Stage.objects.filter(pk=run.params["stage"]).first() or pipeline.stages.all()[0]
    added = add_to_pipeline(pipeline, ids, stage=stage, by=run.by, now=now)
    remember(run, len(added), {"ids": added, "at": now.isoformat()})
    _count(run, len(added), "put into it; the others were in it before.")
    _tell_left_out(run, stage, ids)
    return len(ids)


def _tell_left_out(run: BulkRun, stage: Stage, ids: list[int]) -> None:
    """Whom the stage's rules kept out: named, or counted where they are many."""
    if out := left_out(stage, ids):
        number = run.result.get("left_out", 0) + len(out)
        counted = f"{number:,} lack what “{stage.name}” asks for, and stayed out."
        run.result |= {"left_out": number, "why": sentence_of(stage, out) if number == len(out) else counted}
    if why := run.result.get("why"):
        run.result["sentences"] = [*run.result["sentences"], why]


@undo_of("add_to_pipeline", Permission.EDIT_PIPELINES)
def _take_out(run: BulkRun, was: Any, by: Member) -> int:
    pipeline = Pipeline.objects.get(pk=run.params["pipeline"])
    return take_out_again(pipeline, was["ids"], datetime.fromisoformat(was["at"]), by=by)


@bulk_kind("tag")
def _tag_slice(run: BulkRun) -> int:
    ids, now = next_ids(run, SLICE), timezone.now()
    tagged = tag_people(_tag_of(run), ids, by=run.by, now=now)
    remember(run, len(tagged), {"ids": tagged, "at": now.isoformat()})
    _count(run, len(tagged), "given the tag; the others had it before.")
    return len(ids)


@undo_of("tag", Permission.EDIT_CANDIDATES)
def _take_tag_back(run: BulkRun, was: Any, by: Member) -> int:
    return take_back_tag(_tag_of(run), was["ids"], datetime.fromisoformat(was["at"]), by=by)


@bulk_kind("untag")
def _untag_slice(run: BulkRun) -> int:
    ids = next_ids(run, SLICE)
    taken = untag_people(_tag_of(run), ids, by=run.by)
    had = len({each.person_id for each in taken})
    remember(run, had, [each.as_json() for each in taken])
    _count(run, had, "rid of the tag; the others did not have it.")
    return len(ids)


@undo_of("untag", Permission.EDIT_CANDIDATES)
def _give_tag_back(run: BulkRun, was: Any, by: Member) -> int:
    return give_back_tag(_tag_of(run), [Tagging(**each) for each in was], by=by)


@bulk_kind("assign")
def _assign_slice(run: BulkRun) -> int:
    ids, owner = next_ids(run, SLICE), _owner_of(run)
    if owner and owner.removed_at:
        raise ValidationError(f"{owner.name} has left the organisation meanwhile.")
    changed = assign_people(ids, owner, by=run.by)
    remember(run, len(changed), [*changed.items()])
    _count(run, len(changed), "given to them; the others were theirs before." if owner else "left without an owner.")
    return len(ids)


@undo_of("assign", Permission.EDIT_CANDIDATES)
def _give_back(run: BulkRun, was: Any, by: Member) -> int:
    return reassign_people(dict(was), _owner_of(run), by=by)


@bulk_kind("erase")
def _erase_slice(run: BulkRun) -> int:
    """One person a transaction: erasing locks whatever else came with the same address."""
    ids = next_ids(run, 1, survivors=False)
    person = Candidate.objects.filter(pk__in=ids, erased_at=None).first()
    if person and person.merged_into_id is None:
        erase_candidate(person, reason=run.params["reason"], by=run.by)
        run.result["new"] = run.result.get("new", 0) + 1
    elif person:
        run.result["merged"] = run.result.get("merged", 0) + 1
    run.result["sentences"] = _said_of_erasing(run.result)
    return len(ids)


def _said_of_erasing(result: dict[str, Any]) -> list[str]:
    erased, merged = result.get("new", 0), result.get("merged", 0)
    said = [f"{erased:,} {'person is' if erased == 1 else 'people are'} erased."]
    if merged:
        said.append(f"{merged:,} {'was' if merged == 1 else 'were'} merged into others meanwhile, and left there.")
    return said


def _tag_of(run: BulkRun) -> Tag:
    tag: Tag | None = Tag.objects.filter(pk=run.params["tag"]).first()
    if tag is None:
        raise ValidationError("The tag was deleted or merged meanwhile.")
    return tag


def _owner_of(run: BulkRun) -> Member | None:
    owner: Member | None = Member.objects.filter(pk=run.params["owner"]).first()
    return owner


def _count(run: BulkRun, number: int, done: str) -> None:
    new = run.result.get("new", 0) + number
    run.result |= {"new": new, "sentences": [f"{new:,} {'was' if new == 1 else 'were'} {done}"]}
