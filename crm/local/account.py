"""The account that servers run under which refuse to be root.

PostgreSQL and OpenSearch won't start as root. To make an account and open folders to it would change the machine, so:

- a person who is not root runs them as they are;
- root runs them in a user namespace that shows root as `nobody`: files stay root's, no folder is opened to anyone;
- root where namespaces are refused (containers) runs them as `nobody` with one power left, to read and write any file,
  because the project may lie below a folder that `nobody` can't enter.
"""

import functools
import os
import shutil
import signal
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum, auto
from pathlib import Path

from crm.local.problem import LocalProblem

NOBODY = 65534


class Way(StrEnum):
    AS_SELF = auto()
    IN_NAMESPACE = auto()
    AS_NOBODY = auto()


@dataclass(frozen=True)
class Account:
    way: Way

    def command(self, command: Sequence[str]) -> list[str]:
        """`command` as this account runs it, in the same process."""
        return [*self._entering(), *command]

    def own(self, folder: Path) -> None:
        """Make `folder` and all in it belong to the account: servers refuse data of another owner."""
        if self.way is Way.AS_SELF or not folder.exists():
            return
        owner = NOBODY if self.way is Way.AS_NOBODY else os.getuid()
        if folder.stat().st_uid == owner:
            return
        for parent, folders, files in os.walk(folder):
            for name in [*folders, *files]:
                os.chown(Path(parent, name), owner, owner, follow_symlinks=False)
        os.chown(folder, owner, owner)

    def _entering(self) -> list[str]:
        match self.way:
            case Way.AS_SELF:
                return []
            case Way.IN_NAMESPACE:
                return ["unshare", "--user", f"--map-user={NOBODY}", f"--map-group={NOBODY}"]
            case Way.AS_NOBODY:
                powers = ["--inh-caps=+dac_override", "--ambient-caps=+dac_override"]
                # access(2), by which PostgreSQL looks for its own programs, leaves the power out without this.
                powers += ["--securebits=+no_setuid_fixup"]
                return ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", *powers]


@functools.cache
def server_account() -> Account:
    """The account for this machine and this person."""
    if os.getuid() != 0:
        return Account(Way.AS_SELF)
    for way in (Way.IN_NAMESPACE, Way.AS_NOBODY):
        account = Account(way)
        if _works(account):
            return account
    raise LocalProblem(
        "PostgreSQL doesn't run as root, and neither `unshare` nor `setpriv` (Debian: apt-get install util-linux) "
        "could start it as another account: run this as an ordinary user."
    )


def _works(account: Account) -> bool:
    command = account.command(["true"])
    return bool(shutil.which(command[0])) and subprocess.run(command, capture_output=True, check=False).returncode == 0


def told_at_death(command: Sequence[str], told: signal.Signals) -> list[str]:
    """`command`, which receives `told` when the process that started it dies.

    Where `setpriv` is missing a killed supervisor leaves its programs to be ended by the next start.
    """
    if not shutil.which("setpriv"):
        return list(command)
    return ["setpriv", "--pdeathsig", told.name.removeprefix("SIG"), *command]
