"""What was read against what was written, field by field.

A value counts only where the file shows it, and text is compared by its letters and digits. Of every job the employer,
the title and the dates count by themselves; a month counts as right when the file shows years only and none was made
up. What is only suggested counts as read; of what is certain the share that is right stands by itself ("sure").
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable
from typing import Any

from _resume_files import Case
from _resume_people import skills_of

from talentpool.resumes.outcome import ParsedResume

# It prints the day of rendering as the end of a job that goes on; what the page says counts as right.
_ENDS_TODAY = "pdf pumpkin"
_NO_PLACE = ("docx boxes and header",)  # says the town only beside employers
Say = Callable[..., None]
Entry = dict[str, Any]


def letters(text: str) -> str:
    return re.sub(r"[^\w+#]", "", unicodedata.normalize("NFKC", text or "").casefold()).replace("_", "")


def digits(text: str) -> str:
    return re.sub(r"\D", "", (text or "").replace("(0)", ""))[-7:]


class Score(Counter[str]):
    def field(self, name: str, right: int, found: int, true: int) -> None:
        self[f"{name} right"] += right
        self[f"{name} found"] += found
        self[f"{name} true"] += true

    def precision(self, name: str) -> float | None:
        return self[f"{name} right"] / self[f"{name} found"] if self[f"{name} found"] else None

    def recall(self, name: str) -> float | None:
        return self[f"{name} right"] / self[f"{name} true"] if self[f"{name} true"] else None


def score(case: Case, parsed: ParsedResume | None, total: Score, say: Say) -> None:
    total["documents"] += 1
    if parsed is None:
        total["unread"] += 1
        say("UNREAD", case.theme, case.person.key)
        return
    shown = letters(case.shown)
    basics = case.person.resume["basics"]
    _score_basics(case, parsed, basics, shown, total, say)
    _score_jobs(case, parsed, shown, total, say)
    _score_education(case, parsed, shown, total, say)
    _score_skills(case, parsed, shown, total, say)
    spoken = [letters(each["language"]) for each in case.person.resume.get("languages", [])]
    true = {each for each in spoken if each in shown}
    found = {letters(re.sub(r"\s*[(:–-].*", "", each)) for each in _offered(parsed, "languages")}
    found = {next((each for each in true if said.startswith(each)), said) for said in found}
    total.field("languages", len(true & found), len(found), len(true))
    if true - found or found - true:
        say(case.theme, case.person.key, "LANGUAGES", found, "|", true)


def _offered(parsed: ParsedResume, field: str) -> list[Any]:
    taken = parsed.fields.to_json().get(field, [])
    return list(taken) + [each.value for each in parsed.suggestions if each.field == field]


def _score_basics(case: Case, parsed: ParsedResume, basics: Entry, shown: str, total: Score, say: Say) -> None:
    found = parsed.fields
    where = (case.theme, case.person.key)
    if letters(basics["name"]) in shown:
        right = letters(found.name) == letters(basics["name"])
        total.field("name", right, bool(found.name), 1)
        if not right:
            say(*where, "NAME", repr(found.name), "|", basics["name"])
    if letters(basics["email"]) in shown or found.emails:
        right = found.emails[:1] == (basics["email"],)
        total.field("e-mail", right, bool(found.emails), letters(basics["email"]) in shown)
        total["wrong e-mails"] += sum(each != basics["email"] for each in found.emails)
        if not right or len(found.emails) > 1:
            say(*where, "E-MAIL", found.emails, "|", basics["email"])
    number = digits(basics["phone"])
    if number in re.sub(r"\D", "", case.shown.replace("(0)", "")) or found.phones:
        right = number in map(digits, found.phones)
        total.field("phone", right, bool(found.phones), 1)
        if not right:
            say(*where, "PHONE", found.phones, "|", basics["phone"])
    city = letters(basics["location"]["city"])
    elsewhere = [*case.person.resume["work"], *case.person.resume["education"]]
    if case.theme not in _NO_PLACE and shown.count(city) > sum(letters(str(e)).count(city) for e in elsewhere):
        right = letters(found.location.split(",")[0]) == city
        total.field("place", right, bool(found.location), 1)
        if not right:
            say(*where, "PLACE", found.location, "|", basics["location"]["city"])


def _score_jobs(case: Case, parsed: ParsedResume, shown: str, total: Score, say: Say) -> None:
    where = (case.theme, case.person.key)
    left = [dict(each) for each in _offered(parsed, "positions")]
    if case.theme == _ENDS_TODAY:
        jobs_going_on = {job["startDate"][:7] for job in case.person.resume["work"] if not job.get("endDate")}
        left = [_without_end(each) if each.get("start") in jobs_going_on else each for each in left]
    certain = [(each.employer, each.title, each.start) for each in parsed.fields.positions]
    jobs = case.person.resume["work"]
    right: Counter[str] = Counter()
    sure = 0
    for job in jobs:
        match = max(left, key=lambda each: _likeness(each, job), default=None)
        if match is None or sum(_likeness(match, job)) == 0:
            say(*where, "MISSED", job["name"], "/", job["position"], job["startDate"][:7])
            continue
        left.remove(match)
        dated, employed = _same_dates(match, job), _same(match, "employer", job["name"])
        titled = _same(match, "title", job["position"])
        right.update(dates=dated, employer=employed, title=titled, whole=dated and employed and titled)
        sure += (
            tuple(match.get(key, "") for key in ("employer", "title", "start")) in certain
            and dated
            and employed
            and titled
        )
        if not (dated and employed and titled):
            got = [match.get(key, "") for key in ("employer", "title", "start", "end")]
            say(*where, "JOB", got, "|", job["name"], "/", job["position"], job["startDate"][:7], job.get("endDate"))
    for each in left:
        say(*where, "EXTRA", each.get("employer"), "/", each.get("title"), each.get("start"))
    found = len(_offered(parsed, "positions"))
    shows_employers = [job for job in jobs if letters(job["name"]) in shown]
    total.field("employer", right["employer"], found, len(shows_employers))
    total.field("title", right["title"], found, len(jobs))
    total.field("dates", right["dates"], found, len(jobs))
    total.field("job", right["whole"], found, len(jobs))
    total.field("sure", sure, len(certain), len(jobs))


def _without_end(found: Entry) -> Entry:
    return {**found, "end": "", "current": True}


def _likeness(found: Entry, job: Entry) -> tuple[int, int, int]:
    return _same_dates(found, job), _same(found, "employer", job["name"]), _same(found, "title", job["position"])


def _same(found: Entry, key: str, true: str) -> bool:
    return letters(found.get(key, "")) == letters(true)


def _same_dates(found: Entry, job: Entry) -> bool:
    start, end = found.get("start", ""), found.get("end", "")
    last = job.get("endDate", "")
    return (
        bool(start)
        and job["startDate"].startswith(start)
        and (last.startswith(end) and bool(end) if last else not end and found.get("current", False))
    )


def _score_education(case: Case, parsed: ParsedResume, shown: str, total: Score, say: Say) -> None:
    found = _offered(parsed, "education")
    schools = [each for each in case.person.resume["education"] if letters(each["institution"]) in shown]
    names = {letters(each.get("school", "")) for each in found}
    right = [each for each in schools if letters(each["institution"]) in names]
    total.field("school", len(right), len(found), len(schools))
    degrees = {letters(each.get("degree", "") + each.get("area", "")) for each in found}
    degreed = [each for each in schools if letters(each["studyType"] + each["area"]) in degrees]
    shows = [each for each in schools if letters(each["studyType"]) in shown and letters(each["area"]) in shown]
    total.field("degree", len(degreed), len(found), len(shows))
    if len(right) < len(schools) or len(degreed) < len(shows) or len(found) > len(schools):
        said = [(each.get("school"), each.get("degree"), each.get("area")) for each in found]
        say(case.theme, case.person.key, "EDUCATION", said, "|", [tuple(each.values())[:3] for each in schools])


def _score_skills(case: Case, parsed: ParsedResume, shown: str, total: Score, say: Say) -> None:
    true = {letters(skill) for skill in skills_of(case.person.resume)}
    true = {each for each in true if each in shown}
    found = {letters(each) for each in _offered(parsed, "skills")} - {""}
    groups = {letters(group["name"]) for group in case.person.resume["skills"]} - true
    total.field("skills", len(true & found), len(found), len(true))
    if true - found or found - true:
        say(case.theme, case.person.key, "SKILLS missed", true - found, "extra", found - true, "groups", groups)
