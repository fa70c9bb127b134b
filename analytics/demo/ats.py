"""The demo's ATS: a connection to the simulated one of `make up`, and some of the demo's people in it."""

import json
from dataclasses import dataclass
from random import Random
from typing import Any
from urllib.request import Request, urlopen

from ats_sync.actions.connections import create_connection, start_connection
from ats_sync.models import Connection
from crm.models import Member
from talentpool.models import Candidate

IN_THE_ATS = 30
SECONDS = 20


@dataclass(frozen=True)
class Simulated:
    """Where the simulator is, and what its webhook and ours have agreed on."""

    url: str
    address: str
    secret: str

    def ask(self, path: str, wish: dict[str, Any] | None = None) -> Any:
        body = None if wish is None else json.dumps(wish).encode()
        request = Request(f"{self.url}/_simulator/{path}", body, {"Content-Type": "application/json"})  # noqa: S310
        with urlopen(request, timeout=SECONDS) as answer:  # noqa: S310 - this machine's own simulator
            return json.load(answer)

    def act(self, act: str, **args: Any) -> Any:
        return self.ask("do", {"act": act, "silent": True, "args": args})


def connect_ats(simulated: Simulated, *, by: Member, seed: int) -> Connection:
    """Some people of the pool apply there, as they would have done before; then the first load begins."""
    random = Random(f"{seed}:ats")
    about = simulated.ask("")
    jobs = simulated.ask("state?only=jobs")["jobs"]
    open_jobs = sorted(int(pk) for pk, job in jobs.items() if job["status"] == "open")
    people = Candidate.objects.present().exclude(email="").order_by("pk")
    for person in random.sample(list(people), min(IN_THE_ATS, people.count())):
        _apply(simulated, person, random.choice(open_jobs))
    credentials = {"client_id": about["client_id"], "client_secret": about["client_secret"], "url": simulated.url}
    connection = create_connection("greenhouse", "Greenhouse", credentials, by=by)
    Connection.objects.filter(pk=connection.pk).update(address=simulated.address, webhook_secret=simulated.secret)
    connection.refresh_from_db()
    start_connection(connection, by=by)
    connection.refresh_from_db()
    return connection


def _apply(simulated: Simulated, person: Candidate, job_id: int) -> None:
    made = simulated.act(
        "add_candidate",
        first_name=person.given_name or person.name,
        last_name=person.family_name or "–",
        emails=[{"value": person.email, "type": "personal"}],
    )
    simulated.act("apply", candidate_id=made["id"], job_id=job_id)
