"""The process that reads résumés.

`python -m talentpool.resumes.worker`, length-prefixed JSON and bytes on its standard streams.

It holds no secrets, opens no connections and may use this much memory and time; containment.py kills it when it doesn't
answer.
"""

import json
import os
import resource
import struct
import sys
from pathlib import Path
from typing import Any, BinaryIO

from talentpool.resumes.outcome import ResumeError, Unreadable
from talentpool.resumes.parsing import parse_here
from talentpool.vocabulary.places import learn_places

_HEADER = struct.Struct("!II")
_MEMORY = 1 << 30
_FILES = 64


def _contain() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))  # it writes no files, compiled modules neither
    resource.setrlimit(resource.RLIMIT_NOFILE, (_FILES, _FILES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _grant_seconds(seconds: int) -> None:
    """The limit counts from the start of the process, so each document gets its share on top of what is used."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    used = int(usage.ru_utime + usage.ru_stime) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (used + seconds, resource.RLIM_INFINITY))


def _answer(request: dict[str, Any], data: bytes) -> dict[str, Any]:
    _grant_seconds(request["cpu_seconds"])
    try:
        return {"parsed": parse_here(data, request["filename"], most_pages=request["most_pages"]).to_json()}
    except ResumeError as error:
        return {"error": error.reason}
    except (MemoryError, RecursionError):
        return {"error": Unreadable.TOO_HEAVY}
    except Exception as error:  # noqa: BLE001 - the edge: a broken reader costs one file
        sys.stderr.write(f"unreadable: {type(error).__name__}: {error}\n")
        return {"error": Unreadable.DAMAGED}


def _resident_kb() -> int:
    """Now, not at the most: the peak that the system keeps is inherited from the program that started this one."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() // 1024


def _exactly(stream: BinaryIO, count: int) -> bytes:
    data = stream.read(count)
    if len(data) < count:
        raise EOFError
    return data


def main() -> None:
    learn_places()
    _contain()
    source, target = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not mix with the answers
    while True:
        try:
            request_size, data_size = _HEADER.unpack(_exactly(source, _HEADER.size))
            request = json.loads(_exactly(source, request_size))
            answer = json.dumps(_answer(request, _exactly(source, data_size))).encode()
        except EOFError:
            return
        target.write(_HEADER.pack(len(answer), _resident_kb()))
        target.write(answer)
        target.flush()


if __name__ == "__main__":
    main()
