"""`test` and `check`: everything that must hold, each step with a heading and its time.

The static steps run in two lanes beside each other, because type checking alone takes as long as all the others.
"""

import asyncio
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from crm.local.debian import missing_programs
from crm.local.home import PROJECT
from crm.local.opensearch.java import find_java
from crm.local.opensearch.server import Server
from crm.local.problem import LocalProblem

BIN = Path(sys.executable).parent
# `check --deploy` judges the settings of a served installation, not those of a test run on loopback.
DEPLOYED = {"BASE_URL": "https://rapport.example", "ALLOWED_HOSTS": "rapport.example"}


@dataclass(frozen=True)
class Step:
    heading: str
    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)


def verify(pytest_arguments: Sequence[str], *, with_tests: bool) -> int:
    """Run the steps with the services that the environment names; 0 if all hold. Nothing stops at the first failure."""
    begun = time.monotonic()
    # Where it is set, each of some thirty processes would compile all modules and rewrite all tests anew.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    failed = asyncio.run(_run_lanes([_types()], _static()))
    if with_tests:
        failed += _run_tests(pytest_arguments)
    took = time.monotonic() - begun
    print(f"\n{_failures(failed)} ({took:.0f} s)", flush=True)
    return 1 if failed else 0


def equip_tests() -> bool:
    """Bring what tests need beside Python packages, and say what is missing; whether OpenSearch can run.

    CI takes no skip for an answer.
    """
    missing = missing_programs({"chromium": ("chromium", "chromium-browser", "google-chrome")})
    needs_maven = not Server().is_fetched(find_java())
    without_maven = missing_programs({"maven": ("mvn",)}) if needs_maven else []
    for sentence in [*missing, *without_maven]:
        print(f"== Tests that need it are skipped: {sentence}", flush=True)
    if (missing or without_maven) and os.environ.get("CI"):
        raise LocalProblem("CI runs every test, and a program that some of them need is missing.")
    return not without_maven


def _types() -> Step:
    return Step("Types", [_tool("mypy"), "--no-error-summary"])


def _static() -> list[Step]:
    manage = [sys.executable, "manage.py"]
    templates = sorted(str(path.relative_to(PROJECT)) for path in PROJECT.glob("*/**/*.html") if not _is_hidden(path))
    return [
        Step("Formatting", [_tool("ruff"), "format", "--check", "--quiet", "."]),
        Step("Lint", [_tool("ruff"), "check", "--quiet", "."]),
        Step("Formatting of templates", [_tool("djade"), "--check", "--target-version=5.2", *templates]),
        Step("Import rules", [_tool("lint-imports"), "--no-logo"]),
        Step("Missing migrations", [*manage, "makemigrations", "--check", "--dry-run"]),
        Step("Deploy checks as the application's role", [*manage, *DEPLOY_CHECKS], DEPLOYED),
    ]


DEPLOY_CHECKS = ("check", "--deploy", "--database=default", "--fail-level=WARNING")


async def _run_lanes(*lanes: Sequence[Step]) -> list[str]:
    failed = await asyncio.gather(*(_run_lane(lane) for lane in lanes))
    return [heading for lane in failed for heading in lane]


async def _run_lane(steps: Sequence[Step]) -> list[str]:
    return [step.heading for step in steps if not await _run(step)]


async def _run(step: Step) -> bool:
    begun = time.monotonic()
    process = await asyncio.create_subprocess_exec(
        *step.command,
        cwd=PROJECT,
        env={**os.environ, **step.environment},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await process.communicate()
    held = process.returncode == 0
    print(f"== {step.heading}: {'ok' if held else 'FAILED'} ({time.monotonic() - begun:.1f} s)", flush=True)
    if not held:
        print(said.decode(errors="replace"), flush=True)
    return held


def _run_tests(arguments: Sequence[str]) -> list[str]:
    print("== Tests", flush=True)
    begun = time.monotonic()
    workers = [] if any(argument.startswith("-n") for argument in arguments) else ["-n", "2", "--dist", "loadgroup"]
    code = subprocess.run([_tool("pytest"), *workers, *arguments], cwd=PROJECT, check=False).returncode
    print(f"== Tests: {'FAILED' if code else 'ok'} ({time.monotonic() - begun:.1f} s)", flush=True)
    return ["Tests"] if code else []


def _failures(failed: Sequence[str]) -> str:
    return f"FAILED: {', '.join(failed)}" if failed else "Everything holds"


def _is_hidden(path: Path) -> bool:
    """Below .venv and the like, or below var/."""
    parts = path.relative_to(PROJECT).parts
    return parts[0] == "var" or any(part.startswith(".") for part in parts)


def _tool(name: str) -> str:
    found = shutil.which(name, path=str(BIN))
    if found is None:
        raise LocalProblem(f"`{name}` is not installed beside this Python: run this through `make test`.")
    return found
