"""A bulk kind for tests: tags the ground can count, slowly enough to be killed in mid-work."""

import time

from crm.actions.bulk_runs import bulk_kind
from crm.audit import record
from crm.models import BulkRun


@bulk_kind("test_count")
def count(run: BulkRun) -> int:
    """Ten audit entries a slice, each naming its number, until `total`."""
    begin = run.cursor.get("next", 0)
    end = min(begin + 10, run.params["total"])
    for number in range(begin, end):
        record("test.counted", run, by=run.by, number=number)
    time.sleep(run.params.get("pause", 0))
    if run.params.get("fails_at", -1) == begin:
        raise RuntimeError("as the test wants it")
    run.cursor["next"] = end
    return end - begin
