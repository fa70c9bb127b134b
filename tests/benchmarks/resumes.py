"""How much of a résumé is read right, by theme, and how long it takes.

    python tests/benchmarks/resumes.py [--aside] [--theme WORDS]... [--say]

Without --aside: the people and themes that rules are tuned on. With it: those that no rule was tuned on, people, themes
and both. npm and Chromium print the published themes once; after that the files lie in .cache/. --say prints each
difference (never together with --aside while a rule is being worked on).
"""

import argparse
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from _resume_files import ASIDE, Case, cases, themes
from _resume_people import people
from _resume_score import Score, score

from talentpool.resumes import ResumeError, containment, stop_reading
from talentpool.resumes.containment import parse_resume
from talentpool.resumes.outcome import ParsedResume
from talentpool.resumes.parsing import parse_here

_BOTH = ("employer", "title", "dates", "job", "school", "degree", "skills", "languages")
_ONE = ("name", "e-mail", "phone", "place")


def _read(case: Case) -> ParsedResume | None:
    try:
        return parse_here(case.content, case.filename)
    except ResumeError:
        return None


def _table(chosen: Iterable[Case], *, say: bool) -> None:
    scores: dict[str, Score] = defaultdict(Score)
    for case in chosen:
        parsed = _read(case)
        score(case, parsed, scores[case.theme], print if say else lambda *_: None)
    total = Score()
    for each in scores.values():
        total.update(each)
    print("| theme | " + " | ".join([*_ONE, *_BOTH, "sure jobs right", "wrong e-mails"]) + " |")
    print("|---" * (len(_ONE) + len(_BOTH) + 3) + "|")
    for theme, each in [*scores.items(), ("**all**", total)]:
        cells = [_figure(each.recall(name)) for name in _ONE]
        cells += [f"{_figure(each.precision(name))} / {_figure(each.recall(name))}" for name in _BOTH]
        print(
            f"| {theme} | " + " | ".join([*cells, _figure(each.precision("sure")), str(each["wrong e-mails"])]) + " |"
        )


def _figure(share: float | None) -> str:
    return "–" if share is None else f"{share:.2f}".replace("0.", ".").replace("1.00", "1")


def _times(chosen: Iterable[Case]) -> None:
    """Through the process that keeps hostile files away, as the product reads them; and its share of a processor."""
    parse_resume(b"Ada Lovelace", "first.txt")
    taken: dict[str, list[float]] = defaultdict(list)
    worked: dict[str, list[float]] = defaultdict(list)
    for case in chosen:
        kind, begin = case.theme.partition(" ")[0], time.perf_counter()
        parse_resume(case.content, case.filename)
        taken[kind].append((time.perf_counter() - begin) * 1000)
        begin = time.process_time()
        parse_here(case.content, case.filename)
        worked[kind].append((time.process_time() - begin) * 1000)
    for kind, each in taken.items():
        print(f"{kind}: {len(each)} files, {_spread(each)}; of a processor {_spread(worked[kind])}")
    print(f"reading process: {_reader_megabytes():.0f} MB at the most")
    stop_reading()


def _spread(milliseconds: list[float]) -> str:
    p95 = statistics.quantiles(milliseconds, n=20)[-1] if len(milliseconds) > 1 else milliseconds[0]
    return f"p50 {statistics.median(milliseconds):.0f} ms, p95 {p95:.0f} ms, max {max(milliseconds):.0f} ms"


def _reader_megabytes() -> float:
    reader = containment._desk._reader
    assert reader is not None
    status = Path(f"/proc/{reader._process.pid}/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--aside", action="store_true")
    parser.add_argument("--theme", action="append", default=[])
    parser.add_argument("--say", action="store_true")
    parser.add_argument("--no-times", action="store_true")
    options = parser.parse_args()
    everybody = people()
    tuned = {theme for theme in themes() if theme not in ASIDE}
    wanted = {theme for theme in themes() if not options.theme or any(word in theme for word in options.theme)}
    if not options.aside:
        mine = [person.key for person in everybody if not person.aside]
        print(f"Tuned on: {len(mine)} people, {len(wanted & tuned)} themes")
        _table((c for c in cases(everybody, wanted=wanted & tuned) if not c.person.aside), say=options.say)
    else:
        print("Set aside: people and themes")
        _table((c for c in cases(everybody, wanted=wanted & ASIDE) if c.person.aside), say=options.say)
        print("Set aside: people, in themes that rules are tuned on")
        _table((c for c in cases(everybody, wanted=wanted & tuned) if c.person.aside), say=options.say)
    if not options.no_times:
        _times(c for c in cases(everybody, wanted=wanted & tuned) if not c.person.aside)


if __name__ == "__main__":
    main()
