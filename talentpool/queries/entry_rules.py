"""Who may enter a stage, and what the others lack."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Value, When

from talentpool.models import Candidate, ContactState, EntryRule, File, Note, PipelineComment, PipelineEntry, Stage

MOST_NAMED = 5


@dataclass(frozen=True)
class HeldBack:
    """Somebody who may not enter a stage; without rules there is no room for her."""

    candidate_id: int
    name: str
    lacks: tuple[EntryRule, ...] = ()

    @property
    def words(self) -> str:
        return " and ".join(rule.label for rule in self.lacks) or "room"


def held_back(stage: Stage, candidate_ids: Collection[int]) -> list[HeldBack]:
    """Who of these may not enter, in the order of ids; one query for what they lack, one for room."""
    if not candidate_ids or not (stage.rules or stage.most is not None):
        return []
    rules = [EntryRule(rule) for rule in stage.rules]
    people = _asked(stage, Candidate.objects.filter(pk__in=candidate_ids), rules).order_by("pk")
    found: list[HeldBack] = []
    entering: list[HeldBack] = []
    for person in people:
        lacks = tuple(rule for rule in rules if not getattr(person, f"has_{rule}"))
        (found if lacks else entering).append(HeldBack(person.pk, str(person), lacks))
    if stage.most is not None:
        found += entering[max(0, stage.most - _number_at(stage)) :]
    return found


def left_out(stage: Stage, candidate_ids: Collection[int]) -> list[HeldBack]:
    """Of people who were to be added to it: who is not in its pipeline, because they may not enter."""
    entries = PipelineEntry.objects.filter(pipeline=stage.pipeline_id, candidate__in=candidate_ids)
    inside = set(entries.values_list("candidate_id", flat=True))
    return held_back(stage, [pk for pk in candidate_ids if pk not in inside])


def sentence_of(stage: Stage, held: Sequence[HeldBack]) -> str:
    """Why they stay where they are."""
    if not held:
        return ""
    if not any(each.lacks for each in held):
        return f"“{stage.name}” takes {stage.most} people at most; there is no room for {_names(held)}."
    if len(held) == 1:
        return f"“{stage.name}” asks for what {held[0].name} lacks: {held[0].words}."
    said = "; ".join(f"{each.name} ({each.words})" for each in held[:MOST_NAMED])
    more = f"; and {len(held) - MOST_NAMED:,} others" if len(held) > MOST_NAMED else ""
    return f"“{stage.name}” asks for what {len(held):,} people lack: {said}{more}."


def rules_in_words(stage: Stage) -> str:
    asked = [EntryRule(rule).label for rule in stage.rules]
    asked += [f"at most {stage.most} people"] if stage.most is not None else []
    return ", ".join(asked)


def _names(held: Sequence[HeldBack]) -> str:
    named = ", ".join(each.name for each in held[:MOST_NAMED])
    return f"{named} and {len(held) - MOST_NAMED:,} others" if len(held) > MOST_NAMED else named


def _asked(stage: Stage, people: QuerySet[Candidate], rules: Sequence[EntryRule]) -> QuerySet[Candidate]:
    theirs, pipeline = OuterRef("pk"), stage.pipeline_id
    said = Exists(PipelineComment.objects.filter(pipeline=pipeline, candidate=theirs))
    entry = PipelineEntry.objects.filter(pipeline=pipeline, candidate=theirs, owner__isnull=False)
    conditions: Mapping[EntryRule, Q | Exists] = {
        EntryRule.REACHABLE: ~Q(email="") | Q(contact_points__contains=[{"kind": "phone"}]),
        EntryRule.FILE: Exists(File.objects.filter(candidate=theirs)),
        EntryRule.OWNER: Q(owner__isnull=False) | Q(Exists(entry)),
        EntryRule.NOTE: Q(Exists(Note.objects.filter(candidate=theirs))) | Q(said),
    }
    if EntryRule.MAY_WRITE in rules:
        people = people.with_contact_state()  # type: ignore[attr-defined]
        conditions = {**conditions, EntryRule.MAY_WRITE: Q(contact_state=ContactState.MAY_WRITE)}
    return people.annotate(**{f"has_{rule}": _whether(conditions[rule]) for rule in rules})


def _whether(condition: Q | Exists) -> Case:
    return Case(When(condition, then=Value(True)), default=Value(False))


def _number_at(stage: Stage) -> int:
    number: int = PipelineEntry.objects.shown().filter(stage=stage).count()
    return number
