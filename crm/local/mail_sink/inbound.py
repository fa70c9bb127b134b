"""Mail to Rapport's own domain goes on to Rapport, as a real mail server would hand it to a program."""

import asyncio
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[3]


@dataclass
class Inbound:
    """One mail after the other, beside the SMTP that took them; what isn't for the domain stays here."""

    domain: str = ""
    _waiting: asyncio.Queue[tuple[str, tuple[str, ...], bytes]] = field(default_factory=asyncio.Queue)

    def offer(self, sender: str, recipients: Sequence[str], raw: bytes) -> None:
        own = tuple(each for each in recipients if each.rpartition("@")[2].casefold() == self.domain)
        if self.domain and own:
            self._waiting.put_nowait((sender, own, raw))

    async def hand_on(self) -> None:
        while True:
            sender, recipients, raw = await self._waiting.get()
            command = [
                sys.executable,
                str(PROJECT / "manage.py"),
                "receive_mail",
                f"--sender={sender}",
                "--",
                *recipients,
            ]
            process = await asyncio.create_subprocess_exec(*command, stdin=asyncio.subprocess.PIPE, cwd=PROJECT)
            await process.communicate(raw)
