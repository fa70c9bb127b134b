"""A simulator as a process of its own: `python -m tests.simulators.ats greenhouse --people 200 --port 0`.

Prints one line of JSON with its address and credentials when it answers, and runs until it is told to stop.
"""

import argparse
import json
import signal
import sys
import threading

from tests.simulators.ats.dialect import known_dialects
from tests.simulators.ats.server import Simulator

PATIENCE = 600


def main(arguments: list[str]) -> int:
    wish = parser().parse_args(arguments)
    if wish.webhook and not wish.secret:
        parser().error("--webhook needs --secret.")
    simulator = Simulator.of(
        wish.dialect, people=wish.people, seed=wish.seed, state=wish.state, port=wish.port, retry_scale=wish.retry_scale
    )
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    with simulator:
        if wish.webhook:
            threading.Thread(target=subscribe, args=(simulator, wish.webhook, wish.secret), daemon=True).start()
        print(json.dumps(simulator.credentials()), flush=True)
        stop.wait()
    return 0


def subscribe(simulator: Simulator, url: str, secret: str) -> None:
    """Whoever is told may be started after us."""
    simulator.webhooks.subscribe(url, secret, patience=PATIENCE)


def parser() -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(prog="python -m tests.simulators.ats", description="A simulated ATS.")
    options.add_argument("dialect", choices=known_dialects())
    options.add_argument("--port", type=int, default=0, help="0 takes a free one")
    options.add_argument("--people", type=int, default=200, help="so many, unless the state file holds some")
    options.add_argument("--seed", type=int, default=7)
    options.add_argument("--state", help="a file that survives: the next one goes on where this one was killed")
    options.add_argument("--webhook", help="an address that is told of every change")
    options.add_argument("--secret", help="what its webhooks are signed with")
    options.add_argument("--retry-scale", type=float, default=1.0, help="0.001 makes a minute 60 ms")
    return options


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
