"""A process that reads rows of an import for its worker: cells in, arrivals out, both pickled. It has no database."""

import os
import pickle
import sys
from typing import Any, BinaryIO

import django


def main() -> None:
    questions, answers = sys.stdin.buffer, os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what a library prints must not come between
    django.setup()
    while (asked := _next(questions)) is not None:
        reading, *job = asked
        pickle.dump(reading.chunk(*job), answers, pickle.HIGHEST_PROTOCOL)
        answers.flush()


def _next(questions: BinaryIO) -> Any:
    try:
        return pickle.load(questions)  # noqa: S301 (of the worker that started this process)
    except EOFError:
        return None


if __name__ == "__main__":
    main()
