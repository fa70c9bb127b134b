import asyncio

from crm.local.debian import missing_programs
from crm.local.verification import Step, _run_lanes


def test_every_step_runs_and_those_that_failed_are_named(capfd):
    lanes = [
        [Step("One", ["true"])],
        [Step("Two", ["sh", "-c", "echo reason; exit 3"]), Step("Three", ["sh", "-c", "exit $CODE"], {"CODE": "4"})],
        [Step("Four", ["sh", "-c", "echo silent when it holds"])],
    ]
    assert asyncio.run(_run_lanes(*lanes)) == ["Two", "Three"]
    said = capfd.readouterr().out
    assert sorted(line.split(" (")[0] for line in said.splitlines() if line.startswith("==")) == [
        "== Four: ok",
        "== One: ok",
        "== Three: FAILED",
        "== Two: FAILED",
    ]
    assert "reason" in said
    assert "silent" not in said


def test_program_under_any_of_its_names_is_not_missing():
    assert missing_programs({"coreutils": ("no-such-name", "true")}) == []
