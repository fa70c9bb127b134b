"""A process that reads rows of an import for its worker: cells in, what is to be said of them out, both marshalled. It
has no database.
"""

import marshal
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
        reading, job = asked
        told = reading.read(*marshal.loads(job))  # noqa: S302 (of the worker that started this process)
        pickle.dump(marshal.dumps(told), answers, pickle.HIGHEST_PROTOCOL)
        answers.flush()


def _next(questions: BinaryIO) -> Any:
    try:
        return pickle.load(questions)  # noqa: S301 (of the worker that started this process)
    except EOFError:
        return None


if __name__ == "__main__":
    main()
