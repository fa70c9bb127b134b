"""The mail sink as a program of the supervisor."""

import signal
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from crm.local.account import told_at_death
from crm.local.program import Program, answers


@dataclass(frozen=True)
class MailSink:
    folder: Path
    smtp_port: int
    http_port: int

    @property
    def page(self) -> str:
        return f"http://127.0.0.1:{self.http_port}"

    def program(self, environment: Mapping[str, str] | None = None) -> Program:
        """`environment` is Rapport’s, for mail to its own domain; without one all mail stays here."""
        file = self.folder / "messages.sqlite3"
        ports = [f"--smtp-port={self.smtp_port}", f"--http-port={self.http_port}"]
        domain = (environment or {}).get("INBOUND_DOMAIN", "")
        return Program(
            name="mail",
            environment=environment or {},
            command=told_at_death(
                [sys.executable, "-m", "crm.local.mail_sink", f"--file={file}", *ports, f"--inbound-domain={domain}"],
                signal.SIGTERM,
            ),
            is_ready=lambda: answers(("127.0.0.1", self.smtp_port)) and answers(("127.0.0.1", self.http_port)),
        )
