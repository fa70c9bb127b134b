"""Where the data of one installation lives, and what it remembers between starts: all below `var/`."""

import contextlib
import fcntl
import json
import os
import secrets
import shutil
from base64 import urlsafe_b64encode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from crm.local.problem import LocalProblem

PROJECT = Path(__file__).resolve().parents[2]
ROOM_TO_BEGIN, ROOM_TO_GO_ON = 400 << 20, 50 << 20


@dataclass(frozen=True)
class Home:
    var: Path = PROJECT / "var"

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """One `make up` at a time; the lock goes with the process that holds it, however that ends."""
        self._make()
        with (self.var / "lock").open("a+") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                lock.seek(0)
                raise LocalProblem(
                    f"Rapport already runs from this folder (process {lock.read().strip() or 'unknown'}): "
                    "use it, or stop it with Ctrl-C in its terminal."
                ) from None
            lock.truncate(0)
            lock.write(str(os.getpid()))
            lock.flush()
            yield

    def check_room(self) -> None:
        needed = ROOM_TO_GO_ON if (self.var / "postgres" / "cluster").exists() else ROOM_TO_BEGIN
        free = shutil.disk_usage(self.var).free
        if free < needed:
            raise LocalProblem(
                f"The disk that holds {self.var} has only {free >> 20} MB left and Rapport needs {needed >> 20} MB: "
                "make room there and start again."
            )

    def secrets(self) -> dict[str, str]:
        """Made at the first start. Whoever loses them loses sessions and the stored secrets of connections."""
        file = self.var / "secrets.json"
        if file.exists():
            with contextlib.suppress(ValueError):
                return dict(json.loads(file.read_text()))
            raise LocalProblem(f"{file} can't be read: put your copy of it back, or start over with `make reset`.")
        made = {
            "SECRET_KEY": secrets.token_urlsafe(48),
            "FIELD_KEYS": urlsafe_b64encode(secrets.token_bytes(32)).decode(),
            "METRICS_TOKEN": secrets.token_urlsafe(24),
        }
        _write_whole(file, json.dumps(made, indent=2))
        return made

    def remember_environment(self, environment: Mapping[str, str]) -> None:
        """For `make psql` and `manage`, which join the services that run."""
        _write_whole(self.var / "environment.json", json.dumps(environment, indent=2))

    def forget_environment(self) -> None:
        (self.var / "environment.json").unlink(missing_ok=True)

    def environment(self) -> dict[str, str]:
        with contextlib.suppress(FileNotFoundError, ValueError):
            return dict(json.loads((self.var / "environment.json").read_text()))
        raise LocalProblem("Rapport isn't running: start it with `make up` in another terminal.")

    # What is remembered about the database lies beside its cluster, so that it goes when that goes.
    def is_migrated(self) -> bool:
        with contextlib.suppress(FileNotFoundError):
            return (self.var / "postgres" / "migrated").read_text() == migrations_digest()
        return False

    def remember_migrated(self) -> None:
        _write_whole(self.var / "postgres" / "migrated", migrations_digest())

    def demo(self) -> str | None:
        """What loading the demo organisation said (its sign-ins); None before that."""
        with contextlib.suppress(FileNotFoundError):
            return (self.var / "postgres" / "demo").read_text()
        return None

    def remember_demo(self, said: str) -> None:
        _write_whole(self.var / "postgres" / "demo", said)

    def folder(self, name: str) -> Path:
        folder = self.var / name
        folder.mkdir(mode=0o700, exist_ok=True)
        return folder

    def _make(self) -> None:
        try:
            self.var.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise LocalProblem(f"{self.var} can't be made ({error.strerror}): make its folder writable.") from error
        if not os.access(self.var, os.W_OK):
            raise LocalProblem(f"{self.var} can't be written: make it yours, or remove it to start over.")


def migrations_digest() -> str:
    """Changes when a migration of ours changes, or a library that may bring its own."""
    digest = sha256((PROJECT / "requirements.txt").read_bytes())
    for file in sorted(PROJECT.glob("*/migrations/*.py")):
        digest.update(str(file.relative_to(PROJECT)).encode() + file.read_bytes())
    return digest.hexdigest()


def _write_whole(file: Path, text: str) -> None:
    part = file.with_name(file.name + ".part")
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as stream:
        stream.write(text)
    part.replace(file)
