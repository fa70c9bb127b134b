"""Fetches the server once: Maven brings the published archive, and its own settings say from where.

Version 3.6.0 is the newest whose k-NN plugin is published as an archive. That archive has no native libraries, so an
index with vectors must name the engine "lucene": the default engine ends the node at the first document.
"""

import fcntl
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from crm.local.home import PROJECT
from crm.local.opensearch.java import Java
from crm.local.problem import LocalProblem

VERSION = "3.6.0"
KNN_VERSION = "3.6.0.0"
POM = Path(__file__).with_name("pom.xml")
UNREADABLE = " \t+%"  # The server reads its policy files by URL and mistakes these in a path.


@dataclass(frozen=True)
class Server:
    cache: Path = PROJECT / ".cache" / "opensearch"

    @property
    def home(self) -> Path:
        return self.cache / f"{VERSION}-knn{KNN_VERSION}" / f"opensearch-{VERSION}"

    @property
    def locales(self) -> Path:
        return self.cache / "icu-locales"

    def is_fetched(self, java: Java) -> bool:
        return self.home.exists() and (java.knows_thai() or self.locales.exists())

    def fetch(self, java: Java) -> None:
        check_path(self.cache)
        if self.is_fetched(java):
            return
        if not shutil.which("mvn"):
            raise LocalProblem(
                "Maven fetches OpenSearch the first time and is missing (Debian: apt-get install maven)."
            )
        self.cache.mkdir(parents=True, exist_ok=True)
        with (self.cache / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)  # The second of two waits and finds it done.
            if not self.home.exists():
                print(f"Fetching OpenSearch {VERSION} (about 170 MB, once) …", flush=True)
                self._maven(java, self.home.parent, "server", "knn", folder_property="os.home")
            if not java.knows_thai() and not self.locales.exists():
                self._maven(java, self.locales, "locales", folder_property="locales.home")

    def boot_class_path(self, java: Java) -> str:
        """Locale data for a Java that lacks it; empty for one that has it."""
        return "" if java.knows_thai() else ":".join(map(str, sorted(self.locales.glob("*.jar"))))

    def _maven(self, java: Java, folder: Path, *profiles: str, folder_property: str) -> None:
        part = folder.with_name(folder.name + ".part")
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir(parents=True)
        settings = [f"-D{folder_property}={part}", f"-Dopensearch.version={VERSION}", f"-Dknn.version={KNN_VERSION}"]
        command = ["mvn", "-B", "-q", "-f", str(POM), f"-P{','.join(profiles)}", *settings, "generate-resources"]
        done = subprocess.run(
            command, env=_environment(java), capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL
        )
        if done.returncode:
            errors = [line for line in done.stdout.splitlines() if "[ERROR]" in line]
            shutil.rmtree(part, ignore_errors=True)
            raise LocalProblem(f"Maven could not fetch OpenSearch: {(errors or [done.stderr.strip()])[0]}")
        shutil.rmtree(part / ".markers", ignore_errors=True)
        part.rename(folder)


def check_path(path: Path) -> None:
    if any(character in str(path) for character in UNREADABLE):
        raise LocalProblem(f"OpenSearch can't work below a folder with a space, + or % in its name: {path}; move it.")


def _environment(java: Java) -> dict[str, str]:
    """Maven's own Java where it has one, because that one knows the certificates of a private registry."""
    plain = {name: value for name, value in os.environ.items() if name != "JAVA_HOME"}
    works = subprocess.run(["mvn", "-v"], env=plain, capture_output=True, check=False).returncode == 0
    return plain if works else {**plain, "JAVA_HOME": str(java.home)}
