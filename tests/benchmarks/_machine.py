"""Which machine and which day the figures of `make bench` belong to."""

import os
import platform
from datetime import UTC, datetime
from pathlib import Path


def words() -> str:
    cpus = os.cpu_count()
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    model = next(
        (line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine()
    )
    load = ", ".join(f"{each:.1f}" for each in os.getloadavg())
    return (
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC · {cpus} × {model} · {memory:.0f} GB · {platform.system()} "
        f"{platform.release()} · Python {platform.python_version()} · load {load}"
    )


if __name__ == "__main__":
    print(words())
