"""Random changes on both sides of a connection while everything goes wrong, and then quiet: are both sides equal?

The faults are those of the simulators: webhooks lost, late, repeated, reordered and forged; 429, 5xx, broken answers,
answers that never come after something was done, expired tokens, records deleted in mid-page, changes without a word.
"""

import random
from collections import Counter
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.utils import timezone

from ats_sync.actions.events import work_on_waiting
from ats_sync.actions.pushes import push, send_waiting
from ats_sync.actions.rounds import poll
from ats_sync.models import AtsRecord, Connection, Event, Push, PushKind
from ats_sync.vocabulary import Kind
from crm.models import Member
from crm.models.leased import WorkState
from talentpool.actions.notes import add_note
from talentpool.actions.people import create_candidate
from talentpool.models import Candidate
from talentpool.person import PersonFields
from tests.ats_sync.comparing import differences
from tests.ats_sync.sweeping import sweep
from tests.simulators.ats.chance import random_change
from tests.simulators.ats.server import Simulator
from tests.simulators.ats.webhooks import Mishaps

FAULTS = (
    ("too_many", {"times": 3, "retry_after": 0.05}),
    ("error", {"times": 2, "status": 503}),
    ("cut", {"times": 1}),
    ("half", {"times": 1}),
    ("lost", {"times": 1, "method": "POST"}),
    ("lost", {"times": 1, "method": "PATCH"}),
    ("expire_token", {"times": 1}),
    ("delete", {"times": 1}),
)
NOT_THERE = ("delete_job", "delete_stage")


@dataclass
class Storm:
    simulator: Simulator
    connection: Connection
    by: Member
    seed: int = 1
    made: Counter[str] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.dice = random.Random(self.seed)
        self.simulator.webhooks.mishaps = Mishaps(
            lost=0.05, late=0.05, late_by=0.3, repeated=0.05, reordered=0.05, forged=0.02, seed=self.seed
        )

    def rage(self, changes: int, *, every: int = 10) -> None:
        """So many changes, a quarter of them ours; after every few the workers get their turn."""
        for number in range(changes):
            if self.dice.random() < 0.25:
                self.change_here()
            elif self.dice.random() < 0.1:
                with self.simulator.world.silently():
                    self.change_there()
            else:
                self.change_there()
            if self.dice.random() < 0.05:
                self._go_wrong()
            if number % every == every - 1:
                self.work()

    def change_there(self) -> None:
        change = random_change(self.simulator.world, self.dice)
        self.made[f"there: {change.kind}"] += 1

    def change_here(self) -> None:
        act = self.dice.choice([self._note, self._note, self._tag, self._move, self._reject, self._add, self._add])
        try:
            act()
        except ValidationError:
            self.made["here: refused"] += 1
        else:
            self.made[f"here: {act.__name__.strip('_')}"] += 1

    def work(self) -> None:
        work_on_waiting(self.connection.pk, worker="storm")
        send_waiting(self.connection.pk, worker="storm")
        if self.dice.random() < 0.3:
            self.poll()

    def poll(self) -> None:
        Connection.objects.filter(pk=self.connection.pk).update(next_poll_at="2020-01-01T00:00Z")
        poll(self.connection.pk, worker="storm")

    def settle(self, *, with_sweep: bool = True) -> dict[str, object]:
        """Quiet: nothing goes wrong any more, what waits is done. The differences that are left."""
        self.simulator.faults.clear()
        self.simulator.webhooks.mishaps = Mishaps()
        self.simulator.webhooks.drain(60)
        for _ in range(12):
            now = timezone.now()
            Event.objects.filter(state=WorkState.QUEUED).update(next_at=now)
            Push.objects.filter(state=WorkState.QUEUED).update(next_at=now)
            self.work()
            self.simulator.webhooks.drain(60)
            if not Event.objects.filter(state=WorkState.QUEUED).exists() and not Push.objects.waiting().exists():
                break
        self.poll()
        if with_sweep:
            look = sweep(self.connection, settles=True)
            assert look.error == ""
        return differences(self.connection, self.simulator.world)

    def doubled(self) -> list[str]:
        """Notes of ours that stand there more than once."""
        there = Counter(row.body for row in self.simulator.world.notes)
        return [text for text in self.notes if there[text] > 1]

    def _go_wrong(self) -> None:
        kind, how = self.dice.choice(FAULTS)
        self.simulator.faults.add(kind, **how)
        self.made[f"fault: {kind}"] += 1

    def _known(self) -> Candidate | None:
        people = AtsRecord.objects.filter(connection=self.connection, kind=Kind.PERSON, gone_at=None)
        found = people.filter(candidate__erased_at=None).order_by("?").first()
        return found.candidate if found else None

    def _note(self) -> None:
        if person := self._known():
            text = f"Talked about the ward, take {len(self.notes)}."
            note = add_note(person, text, by=self.by)
            self.notes.append(text)
            push(self.connection, person, PushKind.NOTE, {"note_id": note.pk}, by=self.by)

    def _tag(self) -> None:
        if person := self._known():
            push(self.connection, person, PushKind.TAG, {"tags": [f"pool {self.dice.randrange(9)}"]}, by=self.by)

    def _application(self) -> AtsRecord | None:
        ways = AtsRecord.objects.filter(connection=self.connection, kind=Kind.APPLICATION, gone_at=None)
        return ways.filter(application__state="open").exclude(application__stage="").order_by("?").first()

    def _move(self) -> None:
        if way := self._application():
            row = self.simulator.world.applications.get(int(way.external_id))
            if row and row.job_id and not row.prospect:
                stage = self.dice.choice(self.simulator.world.stages_of(row.job_id))
                content = {"application": way.external_id, "stage": str(stage.id), "nonce": self.dice.random()}
                push(self.connection, way.candidate, PushKind.MOVE, content, by=self.by)

    def _reject(self) -> None:
        if way := self._application():
            reason = self.dice.choice([row.id for row in self.simulator.world.reject_reasons if row.kind == "us"])
            content = {"application": way.external_id, "reason": str(reason)}
            push(self.connection, way.candidate, PushKind.REJECT, content, by=self.by)

    def _add(self) -> None:
        number = self.dice.randrange(10**9)
        name = self.dice.choice(["Ada Okafor", "Jo Lindqvist", "Ngozi Weiß", "Léa Dubois"])
        given, family = name.split(" ", 1)
        received = create_candidate(
            PersonFields(given_name=given, family_name=f"{family}{number % 997}", emails=(f"p{number}@example.org",)),
            by=self.by,
        )
        jobs = [job.id for job in self.simulator.world.jobs if job.status == "open"]
        content = {"job": str(self.dice.choice(jobs)) if jobs and self.dice.random() < 0.7 else ""}
        push(self.connection, Candidate.objects.get(pk=received.candidate_id), PushKind.ADD, content, by=self.by)
