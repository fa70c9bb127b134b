"""Tags with how many people have them, and the tags of people in lists."""

from collections.abc import Collection

from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce, Lower

from talentpool.models import CandidateTag, Segment, Tag


def tags_with_people() -> QuerySet[Tag]:
    """Each with `people`, by name; those who were merged away or erased have none."""
    mine = CandidateTag.objects.filter(tag=OuterRef("pk"), candidate__merged_into=None, candidate__erased_at=None)
    number = mine.order_by().values("tag").annotate(number=Count("candidate", distinct=True)).values("number")
    counted = Coalesce(Subquery(number, output_field=IntegerField()), 0)
    return Tag.objects.annotate(people=counted).order_by(Lower("name"))


def searches_for(tag: Tag) -> int:
    """How many saved searches are narrowed to the tag."""
    return int(Segment.objects.filter(facets__tag__contains=[str(tag.pk)]).count())


def tags_of_many(candidate_ids: Collection[int]) -> dict[int, list[Tag]]:
    found: dict[int, list[Tag]] = {}
    tagged = CandidateTag.objects.filter(candidate__in=candidate_ids).select_related("tag").order_by("tag__name")
    for each in tagged:
        theirs = found.setdefault(each.candidate_id, [])
        if each.tag not in theirs:
            theirs.append(each.tag)
    return found
