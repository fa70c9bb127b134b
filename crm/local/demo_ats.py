"""The demo's ATS: a simulated Greenhouse that one can click in, beside a demo that is connected to it.

The simulator is one of the tests' and stands on nothing of Rapport's. What the two know of each other (a port, the
webhook's address and secret) is made once, before the demo is loaded, so that no start has to ask the database.
"""

import contextlib
import json
import re
import secrets
import signal
import sys
from dataclasses import dataclass
from pathlib import Path

from crm.local.account import told_at_death
from crm.local.home import PROJECT, Home
from crm.local.program import Program, answers, free_port, port_is_free

PORT = 8046
PEOPLE = 40
LOOPBACK = "127.0.0.1/32"


@dataclass(frozen=True)
class DemoAts:
    file: Path
    port: int
    address: str
    secret: str

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def options(self) -> list[str]:
        """Of `load_demo`, which connects the demo to it."""
        return [f"--ats={self.url}", f"--ats-address={self.address}", f"--ats-secret={self.secret}"]

    def program(self, base_url: str) -> Program:
        options = ["greenhouse", f"--port={self.port}", f"--people={PEOPLE}", f"--state={self.file}"]
        hook = [f"--webhook={base_url}/webhooks/ats/{self.address}/", f"--secret={self.secret}"]
        return Program(
            name="ats",
            # Its state outlives a kill, and webhooks on their way would let it linger.
            command=told_at_death([sys.executable, "-m", "tests.simulators.ats", *options, *hook], signal.SIGKILL),
            folder=PROJECT,
            is_ready=lambda: answers(("127.0.0.1", self.port)),
            hidden=re.compile(r'^{"dialect"'),  # its address and credentials, for whoever starts it alone
            seconds_to_stop=3,
        )


def demo_ats(home: Home) -> DemoAts | None:
    """None where the tests aren't, where the demo was loaded without one, or where another program has its port."""
    if not (PROJECT / "tests" / "simulators" / "ats" / "__main__.py").exists():
        return None
    file = home.folder("ats") / "connection.json"
    if not file.exists():
        if home.demo() is not None:
            return None
        port = PORT if port_is_free(PORT) else free_port()
        made = {"port": port, "address": secrets.token_urlsafe(32), "secret": secrets.token_urlsafe(32)}
        file.touch(mode=0o600)
        file.write_text(json.dumps(made))
    with contextlib.suppress(ValueError, KeyError, TypeError):
        known = json.loads(file.read_text())
        found = DemoAts(file.with_name("world"), int(known["port"]), str(known["address"]), str(known["secret"]))
        return found if port_is_free(found.port) else None
    return None
