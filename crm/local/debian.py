"""Programs that tests need and no Python package brings; installed where that is ours to do."""

import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path


def missing_programs(needed: Mapping[str, Sequence[str]]) -> list[str]:
    """Install what is missing as root on Debian; return a sentence for each program that is missing still.

    `needed` maps a Debian package to the names that its program goes by.
    """
    packages = _missing(needed)
    if packages and os.getuid() == 0 and Path("/etc/debian_version").exists() and shutil.which("apt-get"):
        _install(packages)
    return [f"{needed[package][0]} is missing (Debian: apt-get install {package})." for package in _missing(needed)]


def _missing(needed: Mapping[str, Sequence[str]]) -> list[str]:
    return [package for package, programs in needed.items() if not any(map(shutil.which, programs))]


def _install(packages: Sequence[str]) -> None:
    print(f"Installing {' and '.join(packages)} …", flush=True)
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for arguments in (["update"], ["install", "--yes", "--no-install-recommends", *packages]):
        done = subprocess.run(
            ["apt-get", "-qq", *arguments],
            env=quiet,
            capture_output=True,
            text=True,
            check=False,
            stdin=subprocess.DEVNULL,
        )
        if done.returncode:
            print(done.stderr.strip(), flush=True)
