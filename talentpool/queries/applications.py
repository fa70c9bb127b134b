"""Ways through jobs: how far each has come, and how it went."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count, Prefetch

from talentpool.models import Application, ApplicationState, ApplicationStep, Candidate, Job, Phase

WAY = (Phase.APPLIED, Phase.SCREENING, Phase.INTERVIEW, Phase.OFFER, Phase.HIRED)
TONES = {
    ApplicationState.OPEN: "accent",
    ApplicationState.HIRED: "good",
    ApplicationState.REJECTED: "bad",
    ApplicationState.WITHDRAWN: "",
}


@dataclass(frozen=True)
class Way:
    """An application as a page shows it: `marks` are the steps of a bar, each done, here or nothing."""

    application: Application
    steps: Sequence[ApplicationStep]
    marks: Sequence[str]

    @property
    def tone(self) -> str:
        return TONES[ApplicationState(self.application.state)]


def ways_of(person: Candidate) -> list[Way]:
    """Open ones first, then the newest; two queries."""
    steps = Prefetch("steps", ApplicationStep.objects.order_by("-at", "-pk"))
    found = Application.objects.filter(candidate=person).select_related("job").prefetch_related(steps)
    ways = [Way(each, list(each.steps.all()), _marks(each)) for each in found.order_by("-pk")]
    return sorted(ways, key=lambda way: way.application.state != ApplicationState.OPEN)


def _marks(application: Application) -> list[str]:
    """Of somebody who was hired all are done; how far somebody came who wasn't stays visible."""
    if application.state == ApplicationState.HIRED:
        return ["done"] * len(WAY)
    far = WAY.index(Phase(application.phase)) if application.phase in WAY else 0
    last = "here" if application.state == ApplicationState.OPEN else "done"
    return ["done"] * far + [last] + [""] * (len(WAY) - far - 1)


def people_in_process(jobs: Sequence[Job]) -> Mapping[int, Mapping[str, int]]:
    """For each job how many are in which phase now; "" where nobody has said what their stage means."""
    rows = Application.objects.filter(
        job__in=jobs, state=ApplicationState.OPEN, candidate__merged_into=None, candidate__erased_at=None
    )
    found: dict[int, dict[str, int]] = {}
    for job_id, phase, number in rows.order_by().values_list("job_id", "phase").annotate(number=Count("pk")):
        found.setdefault(job_id, {})[phase] = number
    return found


def phases_of(numbers: Mapping[str, int]) -> list[tuple[str, int]]:
    """In the order of a way, with their names; what nobody has given a phase stands last."""
    named = [(str(phase.label), numbers[phase]) for phase in Phase if numbers.get(phase)]
    return [*named, *([("No phase yet", numbers[""])] if numbers.get("") else [])]
