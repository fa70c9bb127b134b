"""People picked for one act, and the acts upon many that go on in the background.

A selection of a whole search result is written out as ids when its work begins: from then on the run means the same
people, however often it is taken up again and whatever changes meanwhile.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.urls import reverse

from crm.actions.bulk_runs import bulk_kind, start_bulk_run
from crm.models import BulkRun, Member
from talentpool.actions.pipelines import add_to_pipeline
from talentpool.actions.tags import tag_people
from talentpool.models import Pipeline, Selection, Stage, Tag
from talentpool.queries.merges import present_ids
from talentpool.queries.selections import search_of
from talentpool.search.find import matching_ids

SLICE = 1000
AT_ONCE = 100  # as many as are done while the page waits


def select_people(
    *, candidate_ids: Sequence[int] = (), search: Mapping[str, Any] | None = None, by: Member
) -> Selection:
    return Selection.objects.create(candidate_ids=list(dict.fromkeys(candidate_ids)), search=search, by=by)


def ids_of(selection: Selection) -> list[int]:
    """Whom it means now; of a whole search result everybody who is found."""
    if selection.search is None:
        return list(selection.candidate_ids)
    return [pk for batch in matching_ids(search_of(selection)) for pk in batch]


def add_selection(selection: Selection, stage: Stage, *, by: Member, total: int) -> BulkRun | None:
    """Into the stage's pipeline: a few people at once, more as a background run, which is returned."""
    pipeline = stage.pipeline
    if selection.search is None and total <= AT_ONCE:
        add_to_pipeline(pipeline, selection.candidate_ids, stage=stage, by=by)
        return None
    return start_bulk_run(
        "add_to_pipeline",
        {"selection": selection.pk, "pipeline": pipeline.pk, "stage": stage.pk},
        by=by,
        title=f"Adding people to “{pipeline.name}”",
        total=total,
        back_url=reverse("talentpool:pipeline", args=[by.tenant.slug, pipeline.pk]),
    )


def tag_selection(selection: Selection, tag: Tag, *, by: Member, total: int) -> BulkRun | None:
    """The tag for all of them: a few people at once, more as a background run, which is returned."""
    if selection.search is None and total <= AT_ONCE:
        tag_people(tag, selection.candidate_ids, by=by)
        return None
    return start_bulk_run(
        "tag",
        {"selection": selection.pk, "tag": tag.pk},
        by=by,
        title=f"Tagging people “{tag.name}”",
        total=total,
        back_url=reverse("talentpool:people", args=[by.tenant.slug]) + f"?tag={tag.pk}",
    )


def next_ids(run: BulkRun, number: int) -> list[int]:
    """The people of the run's next slice; the cursor moves on with them, in the slice's own transaction."""
    selection = Selection.objects.get(pk=run.params["selection"])
    if selection.search is not None and not run.cursor:
        selection.candidate_ids = ids_of(selection)
        selection.save(update_fields=["candidate_ids"])
    elif not run.cursor:
        selection.candidate_ids = present_ids(selection.candidate_ids)
        selection.save(update_fields=["candidate_ids"])
    run.total = len(selection.candidate_ids)
    done = run.cursor.get("done", 0)
    ids: list[int] = selection.candidate_ids[done : done + number]
    run.cursor = {"done": done + len(ids)}
    return ids


@bulk_kind("add_to_pipeline")
def _add_slice(run: BulkRun) -> int:
    ids = next_ids(run, SLICE)
    pipeline = Pipeline.objects.get(pk=run.params["pipeline"])
    added = add_to_pipeline(pipeline, ids, stage=Stage.objects.filter(pk=run.params["stage"]).first(), by=run.by)
    _count(run, len(added), "put into it; the others were in it before.")
    return len(ids)


@bulk_kind("tag")
def _tag_slice(run: BulkRun) -> int:
    ids = next_ids(run, SLICE)
    tagged = tag_people(Tag.objects.get(pk=run.params["tag"]), ids, by=run.by)
    _count(run, len(tagged), "given the tag; the others had it before.")
    return len(ids)


def _count(run: BulkRun, number: int, done: str) -> None:
    new = run.result.get("new", 0) + number
    run.result |= {"new": new, "sentences": [f"{new:,} {'was' if new == 1 else 'were'} {done}"]}
