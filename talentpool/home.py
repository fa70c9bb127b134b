"""What the talent pool says on Home: where to begin, what came of imports, who waits, whom nobody may write to."""

from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import urlencode

from django.core.cache import cache
from django.db.models import Count, Min, OuterRef, Subquery
from django.utils import timezone

from crm.home import HomeCard, HomePage, Line, Link, home_cards
from crm.models.leased import WorkState
from crm.permissions import Permission
from talentpool.models import Candidate, ContactState, ImportRun, IncomingMail, Pipeline, PipelineEntry, Stage
from talentpool.models.import_run import ImportStep
from talentpool.queries.match_pairs import waiting_number
from talentpool.queries.medalists import jobs_with_medalists
from talentpool.queries.pipelines import looked_after_by

WAITING_LONG = timedelta(days=14)
RECENT = timedelta(days=7)
COUNTED_FOR = 600  # seconds; the state of everybody is too dear to ask at every visit
LINES = 4


@home_cards(Permission.IMPORT_CANDIDATES)
def first_people(page: HomePage) -> Iterator[HomeCard]:
    if not Candidate.objects.exists():
        yield HomeCard(
            title="Bring people in",
            order=10,
            note="5 min",
            text="A spreadsheet or a folder of résumés will do. You see what would happen before anything is saved.",
            links=(Link("Add people", page.url("talentpool:imports")),),
        )


@home_cards(Permission.EDIT_PIPELINES)
def first_pipeline(page: HomePage) -> Iterator[HomeCard]:
    if not Pipeline.objects.exists() and Candidate.objects.exists():  # once there is one, nothing more is asked
        yield HomeCard(
            title="Make a pipeline",
            order=30,
            note="2 min",
            text="A folder of people for an open job or a future need, with stages of your own.",
            links=(Link("Make one", page.url("talentpool:pipeline_new")),),
        )


@home_cards(Permission.IMPORT_CANDIDATES)
def imports(page: HomePage) -> Iterator[HomeCard]:
    """This member's imports of the last week: still running, waiting for a decision, or ended with rows kept out."""
    runs = ImportRun._default_manager.filter(by=page.member, created_at__gt=page.now - RECENT).select_related("file")
    for run in runs.order_by("-created_at")[:LINES]:
        url = page.url("talentpool:import", run.pk)
        if card := _import_card(run, url):
            yield card


def _import_card(run: ImportRun, url: str) -> HomeCard | None:
    name, rejected = run.file.name, run.counts.get("invalid", 0)
    if run.step == ImportStep.OVER:
        if run.state == WorkState.FAILED:
            return HomeCard(name, 5, "The import stopped before its end.", "failed", "bad", links=(Link("Why", url),))
        if not rejected:
            return None
        text = f"{rejected:,} {'row was' if rejected == 1 else 'rows were'} kept out. Correct and bring them in again."
        return HomeCard(name, 15, text, "import ended", "warn", links=(Link("See why", url),))
    if run.step == ImportStep.RUN and not run.is_over:
        link = Link("Look", url)
        return HomeCard(
            name, 5, note="being brought in", links=(link,), done=run.cursor, total=run.total, needs_you=False
        )
    if run.step == ImportStep.UNDONE or (run.step == ImportStep.UNDO and run.state == WorkState.CANCELLED):
        return None
    if run.step == ImportStep.UNDO:
        done, total = run.undone.get("profiles", 0), run.undone.get("total", 0)
        if run.is_over:
            return HomeCard(name, 5, "Undoing it stopped before its end.", "failed", "bad", links=(Link("Why", url),))
        return HomeCard(
            name, 5, note="being undone", links=(Link("Look", url),), done=done, total=total, needs_you=False
        )
    text = "Nothing of it is saved yet; it waits for you to go on."
    return HomeCard(name, 12, text, "not finished", links=(Link("Go on", url),))


@home_cards(Permission.IMPORT_CANDIDATES)
def mail_to_review(page: HomePage) -> Iterator[HomeCard]:
    """Mail that nobody here sent, or that can't be told to be genuine."""
    waiting = IncomingMail._default_manager.filter(outcome="review")
    number = waiting.count()
    if number:
        newest = waiting.order_by("-pk")[:LINES]
        lines = tuple(
            Line("mail", str(mail), page.url("talentpool:mail", mail.pk), mail.sender, mail.received_at)
            for mail in newest
        )
        yield HomeCard(
            title=f"{number:,} {'mail waits' if number == 1 else 'mails wait'} for review",
            order=18,
            lines=lines,
            links=(Link("See them", page.url("talentpool:mails")),),
        )


@home_cards(Permission.MANAGE_JOBS)
def medalists_for_new_jobs(page: HomePage) -> Iterator[HomeCard]:
    """Jobs that opened lately, for which somebody came far before."""
    found = jobs_with_medalists(now=page.now)[:LINES]
    lines = tuple(
        Line("briefcase", job.title, page.url("talentpool:job", job.pk), f"{_people(number)} came far for one like it")
        for job, number in found
    )
    if lines:
        yield HomeCard(title="Silver medalists for new jobs", order=22, lines=lines, needs_you=False)


@home_cards(Permission.VIEW_PIPELINES)
def waiting_long(page: HomePage) -> Iterator[HomeCard]:
    """People whom nothing has moved for two weeks in the member's own pipelines; who reached the last stage rests."""
    last_stage = Stage.objects.filter(pipeline=OuterRef("pipeline")).order_by("-position").values("pk")[:1]
    entries = (
        PipelineEntry.objects.filter(
            pipeline__owner=page.member,
            pipeline__archived_at=None,
            moved_at__lt=page.now - WAITING_LONG,
            candidate__merged_into=None,
            candidate__erased_at=None,
        )
        .exclude(stage=Subquery(last_stage))
        .values("pipeline", "pipeline__name")
        .annotate(people=Count("pk"), since=Min("moved_at"))
        .order_by("since", "pipeline")
    )
    found = list(entries[: LINES + 1])
    if not found:
        return
    lines = tuple(
        Line(
            icon="square-kanban",
            title=row["pipeline__name"],
            url=page.url("talentpool:pipeline", row["pipeline"]),
            text=f"{_people(row['people'])}, the longest for {(page.now - row['since']).days} days",
        )
        for row in found[:LINES]
    )
    yield HomeCard(title="Waiting for two weeks or more", order=25, lines=lines, note="your pipelines", tone="warn")


@home_cards(Permission.VIEW_PIPELINES)
def due_in_pipelines(page: HomePage) -> Iterator[HomeCard]:
    """Whose next step is due by today, of those whom this member looks after."""
    due = looked_after_by(page.member).filter(due_on__lte=timezone.localdate(), pipeline__archived_at=None)
    found = list(due.select_related("candidate", "pipeline").order_by("due_on", "pk")[: LINES + 1])
    if found:
        late = sum(entry.is_overdue for entry in found)
        lines = tuple(
            Line(
                icon="circle-alert" if entry.is_overdue else "circle",
                title=str(entry.candidate),
                url=page.url("talentpool:pipeline_entry", entry.pipeline_id, entry.pk),
                text=f"{entry.pipeline.name}, {'today' if not entry.is_overdue else f'due {entry.due_on:%-d %b}'}",
            )
            for entry in found[:LINES]
        )
        note, tone = (f"{late}{'+' if late > LINES else ''} overdue", "bad") if late else ("today", "")
        yield HomeCard(title="Next steps in pipelines", order=6, lines=lines, note=note, tone=tone)


def _people(number: int) -> str:
    return f"{number:,} {'person' if number == 1 else 'people'}"


@home_cards(Permission.EDIT_CAMPAIGNS)
def without_consent(page: HomePage) -> Iterator[HomeCard]:
    if not page.tenant.consent_required:
        return
    number = cache.get_or_set("home:no-consent", _number_without_consent, COUNTED_FOR) or 0
    if number:
        query = urlencode({"consent": ContactState.NO_CONSENT.value})
        yield HomeCard(
            title=f"{_people(number)} {'has' if number == 1 else 'have'} given no consent",
            order=60,
            text="Campaigns leave them out until they agree. Who imported a list with consent can bring it in again.",
            links=(Link("See them", f"{page.url('talentpool:people')}?{query}"),),
            needs_you=False,
        )


def _number_without_consent() -> int:
    people = Candidate.objects.present().with_contact_state()
    return people.filter(contact_state=ContactState.NO_CONSENT).count()  # type: ignore[misc]  # it is annotated


@home_cards(Permission.VIEW_CANDIDATES)
def newcomers(page: HomePage) -> Iterator[HomeCard]:
    people = Candidate.objects.present().filter(created_at__gt=page.now - RECENT)
    number = people.count()
    if number:
        newest = people.order_by("-created_at", "-pk")[:LINES]
        lines = tuple(
            Line(
                icon="user-round",
                title=str(person),
                url=page.url("talentpool:candidate", person.pk),
                text=person.headline,
                at=person.created_at,
            )
            for person in newest
        )
        yield HomeCard(
            title=f"{_people(number)} new this week",
            order=70,
            lines=lines,
            needs_you=False,
        )


@home_cards(Permission.MERGE_CANDIDATES)
def duplicates(page: HomePage) -> Iterator[HomeCard]:
    number = waiting_number()
    if number:
        yield HomeCard(
            title=f"{number:,} {'pair' if number == 1 else 'pairs'} of people may be one",
            order=20,
            text="Both side by side, with what speaks for it and against it. One key each for yes, no and later.",
            links=(Link("Look at them", page.url("talentpool:duplicates")),),
        )
