"""A whole pool out and into an empty organisation: seconds, megabytes, and the most memory of each way.

python -m crm.local with-services --as-installed -- python tests/benchmarks/move_out.py [people]

Each way is a process of its own, so that its memory is its own. Every tenth person has a file of 50 kB, of which half
is text and half can't be packed.
"""

import hashlib
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import _ground  # noqa: F401
from _pool import SLUG, fill_pool
from django.core.management import call_command
from django.db import transaction

from crm.models import Member, Role, Tenant, User
from crm.moving.tables import tables
from crm.tenancy.scope import tenant_scope
from talentpool.models import Candidate, File, FileContent

PEOPLE = int(sys.argv[1]) if len(sys.argv) > 1 and sys.argv[1].isdigit() else 100_000
FILE = 50_000


def give_files() -> None:
    seeded = random.Random(7)
    ids = list(Candidate.objects.order_by("pk").values_list("pk", flat=True)[::10])
    if File.objects.count() >= len(ids):
        return
    for start in range(0, len(ids), 500):
        contents = [
            seeded.randbytes(FILE // 2) + b"Charge nurse, ICU. " * (FILE // 38) for _ in ids[start : start + 500]
        ]
        with transaction.atomic():
            files = File.objects.bulk_create(
                File(
                    candidate_id=pk,
                    origin_id=pk,
                    name=f"{pk}.pdf",
                    media_type="application/pdf",
                    size=len(content),
                    sha256=hashlib.sha256(content).hexdigest(),
                )
                for pk, content in zip(ids[start : start + 500], contents, strict=True)
            )
            FileContent.objects.bulk_create(
                FileContent(file=file, content=content) for file, content in zip(files, contents, strict=True)
            )


def own(tenant: Tenant) -> None:
    with tenant_scope(tenant.pk):
        user = User.objects.create_user(f"owner@{tenant.slug}.example", "x" * 20)
        Member.objects.create(user=user, role=Role.OWNER, name="Owner")


def one_way(name: str, *words: str) -> None:
    begun = time.perf_counter()
    subprocess.run([sys.executable, __file__, "way", *words], check=True, env=os.environ)
    print(f"{name:<10} {time.perf_counter() - begun:7.1f} s")


def way(*words: str) -> None:
    """In a process of its own: a command, and what it took."""
    begun = time.process_time()
    call_command(*words)
    said = Path("/proc/self/status").read_text()  # ru_maxrss would count what the parent had when it forked
    most = int(said.partition("VmHWM:")[2].split()[0]) / 1024
    print(f"           {time.process_time() - begun:7.1f} s of this process, most memory {most:.0f} MB")


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "pool.zip")
        tenant = fill_pool(PEOPLE)
        with tenant_scope(tenant.pk):
            give_files()
            rows = sum(table.model._default_manager.count() for table in tables())
            print(f"{Candidate.objects.count():,} people, {rows:,} rows, {File.objects.count():,} files")
        one_way("out", "move_out", SLUG, str(path))
        print(f"           {path.stat().st_size / 2**20:7.1f} MB")
        empty = Tenant.objects.create(name="Empty", slug=f"empty-{time.time_ns()}")
        own(empty)
        one_way("in", "move_in", empty.slug, str(path))
        with tenant_scope(empty.pk):
            print(f"{Candidate.objects.count():,} people arrived")


if __name__ == "__main__":
    way(*sys.argv[2:]) if sys.argv[1:2] == ["way"] else main()
