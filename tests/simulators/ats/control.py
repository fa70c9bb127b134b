"""The control address `/_simulator/…`, for a simulator that runs as its own process. JSON in, JSON out.

| address | what |
|---|---|
| GET /_simulator/ | dialect, credentials, counts |
| GET /_simulator/state?only=candidates,notes&stamps=1 | the whole state |
| GET /_simulator/requests | the last requests |
| GET, POST, DELETE /_simulator/faults | listed, added (`{"kind": …}`), all removed |
| DELETE /_simulator/faults/3 | one removed |
| POST /_simulator/do | `{"act": "move", "args": {…}}`: any operation of a World; `"silent": true` without webhook |
| POST /_simulator/random | `{"changes": 100, "seed": 1, "without": ["delete"]}` |
| GET, POST /_simulator/webhooks | deliveries, or a new one: `{"url": …, "secret": …}` |
| PUT /_simulator/mishaps | of webhooks: `{"lost": 0.1, …}` |
| POST /_simulator/drain | waits for the webhooks, `{"seconds": 30}` |
| POST /_simulator/clock | `{"advance": 3600}` |
"""

import random
from collections.abc import Callable
from dataclasses import asdict, is_dataclass
from typing import TYPE_CHECKING, Any

from tests.simulators.ats.chance import random_change
from tests.simulators.ats.dialect import Answer, Refusal, Request
from tests.simulators.ats.tables import plain
from tests.simulators.ats.webhooks import Delivery, Mishaps
from tests.simulators.ats.world import World

if TYPE_CHECKING:
    from tests.simulators.ats.server import Simulator

CONTROL = "/_simulator/"
ACTS = {
    *("add_candidate", "edit_candidate", "tag", "untag", "add_note", "delete_candidate", "merge", "anonymise"),
    *("apply", "move", "transfer", "reject", "withdraw", "unreject", "hire", "unhire", "edit_application"),
    *("delete_application", "make_offer", "plan_interview", "score", "bulk_move", "add_job", "edit_job", "delete_job"),
}


def control(simulator: "Simulator", request: Request) -> Answer:
    name, _, rest = request.path.removeprefix(CONTROL).partition("/")
    act = DOORS.get((request.method, name))
    if act is None:
        return Answer({"error": f"There is no {request.method} {request.path}."}, 404)
    try:
        return Answer(act(simulator, request, rest))
    except Refusal as refusal:
        return Answer({"error": refusal.message}, refusal.status)
    except (ValueError, TypeError, LookupError) as error:
        return Answer({"error": str(error)}, 422)


def about(simulator: "Simulator", request: Request, rest: str) -> Any:
    tables = simulator.world.tables
    return simulator.credentials() | {
        "counts": {name: len(table) for name, table in tables.items()},
        "changes": dict(simulator.world.counts),
        "webhooks": dict(simulator.webhooks.counts),
    }


def state(simulator: "Simulator", request: Request, rest: str) -> Any:
    only = [name for name in (request.arg("only") or "").split(",") if name]
    return simulator.world.snapshot(*only, stamps=bool(request.arg("stamps")))


def requests(simulator: "Simulator", request: Request, rest: str) -> Any:
    return [asdict(logged) for logged in list(simulator.requests)[-1000:]]


def faults(simulator: "Simulator", request: Request, rest: str) -> Any:
    return simulator.faults.listed()


def add_fault(simulator: "Simulator", request: Request, rest: str) -> Any:
    return {"id": simulator.faults.add(**request.json)}


def remove_faults(simulator: "Simulator", request: Request, rest: str) -> Any:
    simulator.faults.remove(int(rest)) if rest else simulator.faults.clear()
    return simulator.faults.listed()


def do(simulator: "Simulator", request: Request, rest: str) -> Any:
    act = request.json.get("act")
    if act not in ACTS:
        raise ValueError(f"There is no act {act!r}; there are {sorted(ACTS)}.")
    world: World = simulator.world
    with world.lock:
        operation = getattr(world, act)
        if request.json.get("silent"):
            with world.silently():
                done = operation(**request.json.get("args", {}))
        else:
            done = operation(**request.json.get("args", {}))
        return plain(done) if is_dataclass(done) and hasattr(done, "updated_at") else {"done": True}


def at_random(simulator: "Simulator", request: Request, rest: str) -> Any:
    wish = request.json
    dice = random.Random(wish.get("seed", 1))
    changes = [
        random_change(simulator.world, dice, without=tuple(wish.get("without", ())))
        for _ in range(int(wish.get("changes", 1)))
    ]
    return {"made": len(changes), "last": changes[-1].kind if changes else None}


def deliveries(simulator: "Simulator", request: Request, rest: str) -> Any:
    return [shown(delivery) for delivery in list(simulator.webhooks.sent)[-500:]]


def shown(delivery: Delivery) -> dict[str, Any]:
    return {
        "url": delivery.hook.url,
        "event": delivery.event.name,
        "headers": delivery.headers,
        "body": delivery.body.decode(),
        "fate": delivery.fate,
        "statuses": delivery.statuses,
    }


def add_webhook(simulator: "Simulator", request: Request, rest: str) -> Any:
    wish = request.json
    hook = simulator.webhooks.subscribe(wish["url"], wish["secret"], set(wish.get("events") or ()))
    return {"url": hook.url, "enabled": hook.enabled}


def set_mishaps(simulator: "Simulator", request: Request, rest: str) -> Any:
    simulator.webhooks.mishaps = Mishaps(**request.json)
    return request.json


def drain(simulator: "Simulator", request: Request, rest: str) -> Any:
    return {"drained": simulator.webhooks.drain(float(request.json.get("seconds", 30)))}


def set_clock(simulator: "Simulator", request: Request, rest: str) -> Any:
    simulator.world.clock.advance(float(request.json["advance"]))
    return {"now": simulator.world.clock.now()}


DOORS: dict[tuple[str, str], Callable[["Simulator", Request, str], Any]] = {
    ("GET", ""): about,
    ("GET", "state"): state,
    ("GET", "requests"): requests,
    ("GET", "faults"): faults,
    ("POST", "faults"): add_fault,
    ("DELETE", "faults"): remove_faults,
    ("POST", "do"): do,
    ("POST", "random"): at_random,
    ("GET", "webhooks"): deliveries,
    ("POST", "webhooks"): add_webhook,
    ("PUT", "mishaps"): set_mishaps,
    ("POST", "drain"): drain,
    ("POST", "clock"): set_clock,
}
