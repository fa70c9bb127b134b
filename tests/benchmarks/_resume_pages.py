"""Layouts of our own as pages to print: localised headings and dates, which the published themes don't have."""

import html
from collections.abc import Callable
from typing import Any

from _resume_locale import HEADINGS, Dates
from _resume_people import Generated, skills_of

Entry = dict[str, Any]
_PAGE = "body{font-family:'Liberation Sans',Arial;font-size:10.5pt;color:#222;margin:0}h1{font-size:22pt;margin:0}h2{font-size:12.5pt;margin:10pt 0 3pt}p{margin:2pt 0}ul{margin:2pt 0}"
Layout = Callable[["_Words"], str]


class _Words:
    """What every layout says, ready to be put somewhere."""

    def __init__(self, person: Generated, layout: str) -> None:
        self.resume = person.resume
        self.basics = person.resume["basics"]
        self.heads = HEADINGS[person.language]
        self.dates = Dates(person.language, f"{person.key}-{layout}")
        self.employer_first = len(person.key + layout) % 2 == 0
        self.skills = [html.escape(skill) for skill in skills_of(person.resume)]
        self.languages = [f"{each['language']} ({each['fluency']})" for each in person.resume["languages"]]
        self.links = [each["url"] for each in self.basics["profiles"]]
        self.links += [self.basics["url"]] if self.basics.get("url") else []

    def job(self, entry: Entry) -> tuple[str, str]:
        return html.escape(entry["position"]), html.escape(entry["name"])

    def place(self, entry: Entry) -> str:
        return f", {entry['location']}" if entry.get("location") else ""

    def text(self, entry: Entry) -> str:
        summary = f"<p>{html.escape(entry['summary'])}</p>" if entry.get("summary") else ""
        return summary + "<ul>" + "".join(f"<li>{html.escape(each)}</li>" for each in entry["highlights"]) + "</ul>"

    def section(self, kind: str, body: str) -> str:
        return f"<h2>{self.heads[kind]}</h2>{body}" if body else ""

    @property
    def summary(self) -> str:
        return f"<p>{html.escape(self.basics['summary'])}</p>"

    @property
    def referees(self) -> str:
        said = [
            f"<p>{html.escape(each['name'])}: {each['reference']}</p>" for each in self.resume.get("references", [])
        ]
        return self.section("references", "".join(said))

    @property
    def certificates(self) -> str:
        named = [f"<p>{html.escape(each['name'])}</p>" for each in self.resume.get("certificates", [])]
        return self.section("certificates", "".join(named))

    @property
    def end(self) -> str:
        languages = f"<p>{', '.join(self.languages)}</p>"
        skills = f"<p>{', '.join(self.skills)}</p>"
        return self.section("skills", skills) + self.section("languages", languages) + self.certificates + self.referees


def page_of(person: Generated, layout: str) -> str:
    body = LAYOUTS[layout](_Words(person, layout))
    return f"<!doctype html><html lang={person.language}><meta charset=utf-8>{body}</html>"


def _dates_beside(words: _Words) -> str:
    def row(left: str, right: str) -> str:
        return f"<tr><td style='width:32%;vertical-align:top;color:#555'>{left}</td><td>{right}</td></tr>"

    jobs = ""
    for entry in words.resume["work"]:
        title, employer = words.job(entry)
        said = f"<b>{title}</b><br>{employer}{words.place(entry)}"
        if words.employer_first:
            said = f"<b>{employer}</b><br><i>{title}</i>"
        jobs += row(words.dates.range(entry), said + words.text(entry))
    schools = "".join(
        row(words.dates.range(each), f"<b>{each['studyType']} {each['area']}</b><br>{each['institution']}")
        for each in words.resume["education"]
    )
    basics = words.basics
    contact = f"{basics['location']['city']} | {basics['phone']} | {basics['email']}<br>{' | '.join(words.links)}"
    return (
        f"<style>{_PAGE}</style><h1>{basics['name']}</h1><p>{contact}</p>"
        + words.section("profile", words.summary)
        + words.section("work", f"<table>{jobs}</table>")
        + words.section("education", f"<table>{schools}</table>")
        + words.end
    )


def _side(words: _Words) -> str:
    basics = words.basics
    links = "".join(f"<p style='font-size:8.5pt'>{link.replace('https://www.', '')}</p>" for link in words.links)
    return (
        words.section(
            "contact",
            f"<p>{basics['phone']}</p><p style='word-break:break-all'>{basics['email']}</p><p>{basics['location']['city']}</p>{links}",
        )
        + words.section("skills", "".join(f"<p>{skill}</p>" for skill in words.skills))
        + words.section("languages", "".join(f"<p>{each}</p>" for each in words.languages))
    )


def _main(words: _Words, job: Callable[[Entry], str]) -> str:
    schools = "".join(
        f"<p><b>{each['institution']}</b></p><p>{each['studyType']}, {each['area']}, {words.dates.range(each)}</p>"
        for each in words.resume["education"]
    )
    return (
        words.section("profile", words.summary)
        + words.section("work", "".join(map(job, words.resume["work"])))
        + words.section("education", schools)
        + words.certificates
        + words.referees
    )


def _sidebar(words: _Words) -> str:
    def job(entry: Entry) -> str:
        title, employer = words.job(entry)
        dates = words.dates.range(entry)
        if words.employer_first:
            return f"<p><b>{employer}</b> – {title}</p><p style='color:#666'>{dates}</p>" + words.text(entry)
        return f"<p style='font-weight:bold'>{title}</p><p>{employer} | {dates}</p>" + words.text(entry)

    head = f"<h1>{words.basics['name']}</h1><p style='font-size:13pt;color:#447'>{words.basics['label']}</p>"
    return (
        f"<style>{_PAGE}</style><div style='float:left;width:30%;background:#eee;padding:10px;box-sizing:border-box'>"
        f"{_side(words)}</div><div style='margin-left:33%'>{head}{_main(words, job)}</div>"
    )


def _right_side_in_capitals(words: _Words) -> str:
    def job(entry: Entry) -> str:
        title, employer = words.job(entry)
        line = f"<span><b>{title}</b></span><span>{words.dates.range(entry)}</span>"
        return (
            f"<div style='display:flex;justify-content:space-between'>{line}</div><p><i>{employer}</i></p>"
            + words.text(entry)
        )

    style = (
        _PAGE
        + "h2{letter-spacing:3px;text-transform:uppercase;font-size:11pt;border-bottom:1px solid #999}h1{letter-spacing:5px;text-transform:uppercase}"
    )
    head = f"<h1>{words.basics['name']}</h1><p style='font-size:13pt'>{words.basics['label']}</p>"
    return (
        f"<style>{style}</style>{head}<div style='display:grid;grid-template-columns:66% 30%;gap:4%'>"
        f"<div>{_main(words, job)}</div><div>{_side(words)}</div></div>"
    )


def _one_line(words: _Words) -> str:
    def job(entry: Entry) -> str:
        title, employer = words.job(entry)
        dates = words.dates.range(entry)
        line = f"<b>{title}</b>, {employer}{words.place(entry)} ({dates})"
        return f"<p>{f'{dates}: {title}, {employer}' if words.employer_first else line}</p>" + words.text(entry)

    schools = "".join(
        f"<p>{each['studyType']} {each['area']}, {each['institution']}, {words.dates.range(each)}</p>"
        for each in words.resume["education"]
    )
    basics = words.basics
    style = (
        _PAGE
        + "body{font-family:Liberation Serif}h1{text-align:center;font-size:18pt}h2{font-size:10.5pt;text-transform:uppercase;border-bottom:1px solid}"
    )
    contact = " • ".join([basics["location"]["city"], basics["phone"], basics["email"], *words.links])
    return (
        f"<style>{style}</style><h1>{basics['name']}</h1><p style='text-align:center'>{contact}</p>{words.summary}"
        + words.section("work", "".join(map(job, words.resume["work"])))
        + words.section("education", schools)
        + words.end.replace(", ", " • ")
    )


def _academic(words: _Words) -> str:
    """The look of a typesetter's class: small capitals, justified, the employer once above its roles."""
    jobs, last = "", ""
    for entry in words.resume["work"]:
        title, employer = words.job(entry)
        line = "<div style='display:flex;justify-content:space-between'>{}</div>"
        if employer != last:
            place = entry.get("location") or words.basics["location"]["city"]
            jobs += line.format(f"<b>{employer}</b><span>{place}</span>")
        last = employer
        jobs += line.format(f"<i>{title}</i><i>{words.dates.range(entry)}</i>")
        jobs += "<ul>" + "".join(f"<li>{html.escape(each)}</li>" for each in entry["highlights"]) + "</ul>"
    schools = "".join(
        f"<p><b>{each['institution']}</b>, <i>{each['studyType']}, {each['area']}</i>, {words.dates.range(each)}</p>"
        for each in words.resume["education"]
    )
    basics = words.basics
    style = "body{font:11pt 'DejaVu Serif';width:165mm;text-align:justify;hyphens:auto}h1{text-align:center;font-variant:small-caps}h2{font-size:11pt;text-align:center;letter-spacing:2px;font-variant:small-caps;border-bottom:1px solid}"
    return (
        f"<style>{style}</style><h1>{basics['name']}</h1>"
        f"<p style='text-align:center'>{basics['email']} · {basics['phone']} · {basics['location']['city']}</p>"
        + words.section("profile", words.summary)
        + words.section("work", jobs)
        + words.section("education", schools)
        + words.section("skills", f"<p>{' · '.join(words.skills)}</p>")
        + words.section("languages", f"<p>{', '.join(words.languages)}</p>")
        + words.certificates
    )


def _timeline(words: _Words) -> str:
    """Set aside: a dark band with the name, dates and places in small letters at the left, dashes for bullets."""

    def row(left: str, right: str) -> str:
        style = "display:grid;grid-template-columns:34mm 1fr;gap:5mm;margin-bottom:6px"
        return f"<div style='{style}'><div style='font-size:9pt;color:#777'>{left}</div><div>{right}</div></div>"

    jobs = ""
    for entry in words.resume["work"]:
        title, employer = words.job(entry)
        dashes = "<br>".join(f"– {html.escape(each)}" for each in entry["highlights"])
        jobs += row(
            f"{words.dates.range(entry)}<br>{entry.get('location', '')}", f"{employer} | <b>{title}</b><br>{dashes}"
        )
    schools = "".join(
        row(words.dates.range(each), f"{each['institution']}<br>{each['studyType']} {each['area']}")
        for each in words.resume["education"]
    )
    basics = words.basics
    band = "background:#234;color:#fff;display:flex;justify-content:space-between;padding:12px"
    contact = (
        f"{basics['phone']}<br>{basics['email']}<br>{basics['location']['city']}, {basics['location']['countryCode']}"
    )
    return (
        "<style>body{font:10pt Liberation Sans;margin:0}h2{font-size:12pt;color:#a33;font-weight:normal}</style>"
        f"<div style='{band}'><div><span style='font-size:24pt'>{basics['name']}</span><br>{basics['label']}</div>"
        f"<div style='text-align:right;font-size:9pt'>{contact}</div></div>{words.summary}"
        + words.section("work", jobs)
        + words.section("education", schools)
        + words.section(
            "skills",
            "<div style='columns:2'>" + "".join(f"<div>{skill} ●●●●○</div>" for skill in words.skills) + "</div>",
        )
        + words.section(
            "languages",
            "".join(f"<div>{each['language']}: {each['fluency']}</div>" for each in words.resume["languages"]),
        )
    )


LAYOUTS: dict[str, Layout] = {
    "dates beside": _dates_beside,
    "sidebar": _sidebar,
    "right side": _right_side_in_capitals,
    "one line": _one_line,
    "academic": _academic,
    "timeline": _timeline,
}
