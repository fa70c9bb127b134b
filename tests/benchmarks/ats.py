"""The ATS sync: first load against the limit, how late news is at 50 events a second, and storms with workers killed.

    python -m crm.local with-services --as-installed -- python tests/benchmarks/ats.py [load|lag|storm …] [number]

Greenhouse is simulated in this process, over HTTP; a real worker with beat takes the work. `load` brings in so many
people (5,000), `lag` lasts so many seconds (60), with a limit as wide as this machine is quick and with Greenhouse's
own, `storm` makes so many changes on both sides (10,000) with every fault,
while the worker is killed and PostgreSQL and Valkey are restarted again and again. Without a word all three.
"""

import json
import logging
import os
import random
import resource
import sys
import threading
import time
from collections import Counter
from statistics import quantiles

import _ground  # noqa: F401
from _services import restart_postgres, restart_valkey
from _wide import WIDE
from django.conf import settings
from django.utils import timezone

from ats_sync.actions.connections import create_connection
from ats_sync.actions.rounds import poll
from ats_sync.models import AtsRecord, Connection, ConnectionState, Event, Push
from ats_sync.providers.greenhouse import Greenhouse
from crm.models import Member, Role, Tenant, User
from crm.models.leased import WorkState
from crm.tenancy.scope import tenant_scope
from talentpool.models import SearchOutbox
from tests.ats_sync.door import Door
from tests.ats_sync.storm import Storm
from tests.simulators.ats.chance import random_change
from tests.simulators.ats.server import Simulator
from tests.simulators.ats.webhooks import Mishaps
from tests.workers import Worker, until

EVENTS_A_SECOND = 50
EACH_OURS = 100  # of the changes one is made here: one in two seconds
WORKERS = 2  # of one child each, as in `make up`
BLOW_EVERY = 250  # changes
BLOWS = ("worker killed", "PostgreSQL restarted", "worker killed", "Valkey restarted")


def connect(simulator: Simulator, member: Member) -> Connection:
    credentials = {name: value for name, value in simulator.credentials().items() if name != "dialect"}
    connection = create_connection("greenhouse", f"Greenhouse {time.time_ns()}", credentials, by=member)
    Connection.objects.filter(pk=connection.pk).update(state=ConnectionState.ON, next_poll_at=timezone.now())
    connection.refresh_from_db()
    return connection


def turn(connection: Connection) -> None:
    """Rounds until all kinds are through."""
    while True:
        Connection.objects.filter(pk=connection.pk).update(next_poll_at="2020-01-01T00:00Z")
        poll(connection.pk, worker="bench")
        connection.refresh_from_db()
        if connection.turn_began_at is None or connection.error:
            return


def load(member: Member, people: int = 5_000) -> None:
    Greenhouse.rate = WIDE
    with Simulator.of("greenhouse", people=people, seed=3, limit=1_000_000) as simulator:
        connection = connect(simulator, member)
        began, worked = time.perf_counter(), time.process_time()
        turn(connection)
        seconds = time.perf_counter() - began
        requests = len(simulator.requests)
        records = AtsRecord.objects.filter(connection=connection).count()
        print(
            f"first load of {people:,} people ({records:,} records): {seconds:.0f} s without a limit, "
            f"{people / seconds:.0f} people/s; {requests:,} requests, which Greenhouse’s limit of 75 in 30 s lets take "
            f"{requests / 2.5:.0f} s; most memory of the process with the simulator in it "
            f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB; {time.process_time() - worked:.0f} s of a core"
        )
        began = time.perf_counter()
        turn(connection)
        print(f"a round without changes: {time.perf_counter() - began:.1f} s", flush=True)


def lag(member: Member, seconds: int = 60) -> None:
    for limit, include in (("no limit", ["tests.benchmarks._wide"]), ("Greenhouse’s limit", [])):
        Greenhouse.rate = WIDE
        print(f"{limit}: ", end="")
        lag_with(member, seconds, include)


def lag_with(member: Member, seconds: int, include: list[str]) -> None:
    with Simulator.of("greenhouse", people=1_000, seed=4, limit=1_000_000) as simulator:
        connection = connect(simulator, member)
        turn(connection)
        with Door(connection) as door:
            simulator.webhooks.subscribe(door.url, connection.webhook_secret)
            workers = [Worker(*include, beat=not number, **outgoing()).start() for number in range(WORKERS)]
            try:
                until(lambda: not SearchOutbox.objects.exists(), seconds=300)  # of the first load
                ages, stop = [], threading.Event()
                watching = threading.Thread(target=watch_search, args=(member.tenant_id, ages, stop))
                watching.start()
                ours = Storm(simulator, connection, member, seed=12)
                simulator.webhooks.mishaps = Mishaps()
                dice, end, number = random.Random(9), time.monotonic() + seconds, 0
                began = time.monotonic()
                while time.monotonic() < end:
                    number += 1
                    if number % EACH_OURS:
                        random_change(simulator.world, dice, without=("add_job", "delete_job"))
                    else:
                        ours.change_here()
                    time.sleep(max(0.0, began + number / EVENTS_A_SECOND - time.monotonic()))
                simulator.webhooks.drain(60)
                wait_until_done(connection)
                stop.set()
                watching.join()
            finally:
                for each in workers:
                    each.stop()
        events = Event.objects.filter(connection=connection, state=WorkState.DONE)
        lags = [(done - came).total_seconds() for came, done in events.values_list("received_at", "done_at")]
        pushes = Push.objects.filter(connection=connection, state=WorkState.DONE).values_list("created_at", "done_at")
        print(
            f"{number:,} changes in {seconds} s, {len(lags):,} messages: stored {shown(door.seconds, 1000)} ms after they "
            f"were sent; on the page and known to the contact gate {shown(lags)} s after they were stored; "
            f"oldest row that search has still to take {shown(ages)} s; {len(pushes)} changes made here were in the ATS "
            f"{shown([(done - asked).total_seconds() for asked, done in pushes])} s later ({states(Push)})",
            flush=True,
        )


def watch_search(tenant_id: int, ages: list[float], stop: threading.Event) -> None:
    with tenant_scope(tenant_id):
        while not stop.wait(0.25):
            oldest = SearchOutbox.objects.order_by("at").values_list("at", flat=True).first()
            ages.append((timezone.now() - oldest).total_seconds() if oldest else 0.0)


def wait_until_done(connection: Connection) -> None:
    end = time.monotonic() + 120
    over = [WorkState.DONE, WorkState.FAILED]
    open_ones = [model.objects.filter(connection=connection).exclude(state__in=over) for model in (Event, Push)]
    while any(each.exists() for each in open_ones) and time.monotonic() < end:
        time.sleep(0.2)


def storm(member: Member, changes: int = 10_000) -> None:
    Greenhouse.rate = WIDE
    with Simulator.of("greenhouse", people=300, seed=5, retry_scale=0.0005, limit=1_000_000) as simulator:
        connection = connect(simulator, member)
        turn(connection)
        with Door(connection) as door:
            simulator.webhooks.subscribe(door.url, connection.webhook_secret)
            weather = Storm(simulator, connection, member, seed=11)
            worker, began = Worker(beat=True, **outgoing()).start(), time.perf_counter()
            blows: Counter[str] = Counter()
            try:
                for number in range(changes // BLOW_EVERY):
                    weather.rage(BLOW_EVERY, every=25)
                    strike(BLOWS[number % len(BLOWS)], worker)
                    blows[BLOWS[number % len(BLOWS)]] += 1
            finally:
                worker.stop()
            now = timezone.now()
            for model in (Event, Push):
                model.objects.filter(state=WorkState.RUNNING).update(lease_until=now)
            Connection.objects.filter(pk=connection.pk).update(lease_until=None)
            without_sweep = weather.settle(with_sweep=False)
            left = weather.settle()
        print(
            f"{changes:,} changes in {time.perf_counter() - began:.0f} s, {dict(blows)}: "
            f"{len(without_sweep)} differences before the sweep, {len(left)} after it, {len(weather.doubled())} notes doubled; "
            f"pushes {states(Push)}, events {states(Event)}; webhooks {dict(simulator.webhooks.counts)}"
        )
        print(json.dumps(dict(weather.made), sort_keys=True))
        for key, both in list(left.items())[:20]:
            print("  ", key, both)


def strike(blow: str, worker: Worker) -> None:
    if blow == "worker killed":
        worker.kill()
    elif blow == "PostgreSQL restarted":
        restart_postgres()
    else:
        restart_valkey()
    if worker.process is None or worker.process.poll() is not None:
        worker.start()  # as whoever watches over it would


def states(model: type[Event] | type[Push]) -> dict[str, int]:
    found: dict[str, int] = {}
    for state in model.objects.values_list("state", flat=True):
        found[state] = found.get(state, 0) + 1
    return found


def shown(values: list[float], factor: float = 1) -> str:
    if len(values) < 2:
        return "–"
    cuts = quantiles(sorted(values), n=100)
    return "p50 {:.2f}, p95 {:.2f}, p99 {:.2f}".format(*(cuts[place] * factor for place in (49, 94, 98)))


def outgoing() -> dict[str, str]:
    return {"OUTGOING_ALLOWED_NETWORKS": "127.0.0.0/8", "LOG_LEVEL": "ERROR"}


logging.disable(logging.CRITICAL)
settings.OUTGOING_ALLOWED_NETWORKS = ["127.0.0.0/8"]
os.environ.update(outgoing())
tenant = Tenant.objects.create(slug=f"ats-{time.time_ns()}", name="ATS", country="US")
with tenant_scope(tenant.pk):
    user = User.objects.create_user(f"ats-{tenant.pk}@example.org", "x" * 20, name="Bench")
    who = Member.objects.create(user=user, role=Role.OWNER, name="Bench")
    parts = {"load": load, "lag": lag, "storm": storm}
    wanted = [word for word in sys.argv[1:] if word in parts] or list(parts)
    numbers = [int(word) for word in sys.argv[1:] if word.isdigit()]
    for name in wanted:
        parts[name](who, *numbers)
