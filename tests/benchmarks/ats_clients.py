"""Do independent clients read the simulated ATSs? Airbyte's connectors, from their packages, print what each read.

    python tests/benchmarks/ats_clients.py                 # all of which there is a dialect
    python tests/benchmarks/ats_clients.py ashby --people 1000

Makes a virtual environment in a temporary folder and installs airbyte-cdk and the connectors' wheels with pip, of which
only the manifests are used: the framework that they pin does not import on this Python. Their address is pointed at the
simulator, and `source-declarative-manifest` reads every stream twice: from the beginning, and from half a year ago, which
shows whether the simulator filters as the vendor does. A few minutes, most of it pip's. Ends with what was wrong.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
import venv
import zipfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.simulators.ats.dialect import known_dialects
from tests.simulators.ats.server import Simulator
from tests.simulators.ats.world import World

CDK = "airbyte-cdk==7.39.0"
BEGINNINGS = {"all": timedelta(days=400), "half a year": timedelta(days=180)}
OWN_AFFAIR = "Parent state handling is not supported"  # says the framework of a manifest, whatever is read
Count = Callable[[World, int], int]


@dataclass(frozen=True)
class Connector:
    """`config` of the simulator and the start as a moment; `expected`: how many records of a stream there are since."""

    package: str
    config: Callable[[Simulator, datetime], dict[str, Any]]
    expected: dict[str, Count]


@dataclass
class Reading:
    """What a client read, by stream, and its complaints."""

    counts: Counter[str]
    ids: dict[str, set[str]]
    complaints: list[str]


def all_of(table: str) -> Count:
    return lambda world, since: len(world.tables[table])


def people(world: World, since: int) -> int:
    return sum(not row.service for row in world.users)


def applied(world: World, since: int) -> int:
    return sum((row.applied_at or row.created_at) >= since for row in world.applications)


def applied_for_jobs(world: World, since: int) -> int:
    return sum(row.created_at >= since for row in world.applications if row.job_id and not row.prospect)


def created(table: str) -> Count:
    return lambda world, since: sum(row.created_at >= since for row in world.tables[table])


def updated(world: World, since: int) -> int:
    person = world.candidates.get
    return sum(max(row.updated_at, person(row.candidate_id).updated_at) >= since for row in world.applications)


CONNECTORS = {
    "ashby": Connector(
        "airbyte-source-ashby==0.1.16",
        lambda ats, start: {"api_key": ats.credentials()["api_key"], "start_date": f"{start:%Y-%m-%dT%H:%M:%SZ}"},
        {
            "applications": applied_for_jobs,
            "archive_reasons": all_of("reject_reasons"),
            "candidate_tags": all_of("tags"),
            "candidates": all_of("candidates"),
            "custom_fields": all_of("custom_fields"),
            "departments": all_of("departments"),
            "interview_schedules": created("interviews"),
            "job_postings": all_of("jobs"),
            "jobs": all_of("jobs"),
            "locations": all_of("offices"),
            "offers": all_of("offers"),
            "sources": all_of("sources"),
            "users": people,
        },
    ),
    "lever": Connector(
        "airbyte-source-lever-hiring==0.3.1",
        lambda ats, start: {
            "credentials": {"auth_type": "Api Key", "api_key": ats.credentials()["key"]},
            "environment": "Production",
            "start_date": f"{start:%Y-%m-%dT%H:%M:%SZ}",
        },
        {"opportunities": updated, "users": people},
    ),
    "workable": Connector(
        "airbyte-source-workable==0.1.14",
        lambda ats, start: {
            "api_key": ats.credentials()["token"],
            "account_subdomain": "simulated",
            "start_date": f"{start:%Y%m%dT%H%M%SZ}",
        },
        {
            "candidates": applied,
            "jobs": created("jobs"),
            "recruiters": people,
            "stages": lambda world, since: len(world.stages_of(None)) + 1,
        },
    ),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("names", nargs="*", default=[])
    parser.add_argument("--people", type=int, default=100)
    parser.add_argument("--python", type=Path, help="of an environment that has airbyte-cdk already")
    parser.add_argument("--wheels", type=Path, help="a folder with the connectors' wheels")
    chosen = parser.parse_args()
    names = chosen.names or [name for name in CONNECTORS if name in known_dialects()]
    with tempfile.TemporaryDirectory(prefix="ats-clients-") as folder:
        python = chosen.python or installed(Path(folder) / "environment")
        wheels = chosen.wheels or downloaded(python, Path(folder) / "wheels", names)
        wrong = [line for name in names for line in tried(name, python, wheels, Path(folder), chosen.people)]
    sys.exit("\n".join(wrong) if wrong else 0)


def installed(folder: Path) -> Path:
    venv.create(folder, with_pip=True)
    python = folder / "bin" / "python"
    subprocess.run([python, "-m", "pip", "install", "--quiet", CDK], check=True)
    return python


def downloaded(python: Path, folder: Path, names: list[str]) -> Path:
    packages = [CONNECTORS[name].package for name in names]
    subprocess.run([python, "-m", "pip", "download", "--quiet", "--no-deps", "-d", folder, *packages], check=True)
    return folder


def tried(name: str, python: Path, wheels: Path, folder: Path, number: int) -> Iterator[str]:
    """Prints a table; yields what is wrong with it."""
    connector = CONNECTORS[name]
    manifest = manifest_of(python, wheels, connector.package.partition("==")[0])
    with Simulator.of(name, people=number, seed=7) as ats:
        for words, back in BEGINNINGS.items():
            start = (datetime.now(UTC) - back).replace(microsecond=0)
            ats.requests.clear()
            began = time.monotonic()
            config = connector.config(ats, start) | {"__injected_declarative_manifest": pointed(manifest, ats.url)}
            found = read(python, config, folder)
            print(f"\n{connector.package}, {words}: {sum(found.counts.values())} records, ", end="")
            print(f"{len(ats.requests)} requests ({statuses(ats)}), {time.monotonic() - began:.0f} s")
            yield from compared(connector, ats.world, round(start.timestamp() * 1000), found)
            yield from (f"{connector.package}: {line}" for line in found.complaints)


def statuses(ats: Simulator) -> str:
    counted = Counter(logged.status for logged in ats.requests)
    return ", ".join(f"{status} × {number}" for status, number in sorted(counted.items()))


def compared(connector: Connector, world: World, since: int, found: Reading) -> Iterator[str]:
    for stream in sorted({*found.counts, *connector.expected}):
        wanted = connector.expected[stream](world, since) if stream in connector.expected else None
        count, different = found.counts[stream], len(found.ids[stream])
        print(f"  {stream:28} {count:6} read, {different:6} different, {'–' if wanted is None else wanted:>6} there")
        if different != count or wanted not in (None, count):
            yield f"{connector.package}: of {stream} there are {wanted}, {count} were read, {different} different ones"


def manifest_of(python: Path, wheels: Path, package: str) -> dict[str, Any]:
    """As JSON, which the environment's own YAML makes of it."""
    (wheel,) = wheels.glob(f"{package.replace('-', '_')}-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        (path,) = [path for path in archive.namelist() if path.endswith("manifest.yaml")]
        text = archive.read(path)
    program = "import json, sys, yaml; json.dump(yaml.safe_load(sys.stdin.buffer), sys.stdout, default=str)"
    done = subprocess.run([python, "-c", program], input=text, capture_output=True, check=True)
    return json.loads(done.stdout)  # type: ignore[no-any-return]


def pointed(manifest: Any, url: str) -> Any:
    """Every `url_base` at the simulator; without what a migration of Workable's manifest left in its options, which newer
    versions of the framework refuse."""
    if isinstance(manifest, list):
        return [pointed(one, url) for one in manifest]
    if not isinstance(manifest, dict):
        return manifest
    left_over = {"field_path", "$parameters"} if manifest.get("type") == "RequestOption" else set()
    return {
        key: url + ("/v1" if "/v1" in value else "") if key == "url_base" else pointed(value, url)
        for key, value in manifest.items()
        if key not in left_over
    }


def read(python: Path, config: dict[str, Any], folder: Path) -> Reading:
    paths = {name: folder / f"{name}.json" for name in ("config", "catalog")}
    paths["config"].write_text(json.dumps(config))
    catalog = {"streams": [configured(stream) for stream in discovered(python, paths["config"])]}
    paths["catalog"].write_text(json.dumps(catalog))
    found = Reading(Counter(), defaultdict(set), [])
    for said in messages(python, "read", "--config", paths["config"], "--catalog", paths["catalog"]):
        complaint = complaint_of(said)
        found.complaints += [complaint] if complaint else []
        if said["type"] == "RECORD":
            stream, record = said["record"]["stream"], said["record"]["data"]
            found.counts[stream] += 1
            found.ids[stream].add(str(record.get("id") or record.get("slug")))
    return found


def discovered(python: Path, config: Path) -> list[dict[str, Any]]:
    for said in messages(python, "discover", "--config", config):
        if said["type"] == "CATALOG":
            return list(said["catalog"]["streams"])
    raise SystemExit("The client found no streams.")


def configured(stream: dict[str, Any]) -> dict[str, Any]:
    return {"stream": stream, "sync_mode": "full_refresh", "destination_sync_mode": "overwrite"}


def messages(python: Path, *args: Any) -> Iterator[dict[str, Any]]:
    program = python.parent / "source-declarative-manifest"
    with subprocess.Popen([program, *args], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        for line in process.stdout:
            if line.startswith("{"):
                yield json.loads(line)
    if process.returncode:
        raise SystemExit(f"{args[0]} ended with {process.returncode}.")


def complaint_of(said: dict[str, Any]) -> str:
    """Warnings count; waiting for the limit is none, it is what a client shall do."""
    if said["type"] == "TRACE" and said["trace"]["type"] == "ERROR":
        return str(said["trace"]["error"]["message"])[:300]
    is_bad = said["type"] == "LOG" and said["log"]["level"] in ("ERROR", "FATAL", "WARN")
    message = str(said["log"]["message"])[:300] if is_bad else ""
    return "" if message.startswith(OWN_AFFAIR) else message


if __name__ == "__main__":
    main()
