"""Layouts of our own as Word files (python-docx) and as plain text."""

import io
from collections.abc import Callable
from typing import Any

import docx
from _resume_locale import HEADINGS, Dates
from _resume_people import Generated, skills_of
from docx.document import Document as WordDocument
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Cm, Pt

Entry = dict[str, Any]


class _Parts:
    def __init__(self, person: Generated, layout: str) -> None:
        self.resume = person.resume
        self.basics = person.resume["basics"]
        self.heads = HEADINGS[person.language]
        self.dates = Dates(person.language, f"{person.key}-{layout}")
        self.skills = skills_of(person.resume)
        self.languages = [f"{each['language']} ({each['fluency']})" for each in person.resume["languages"]]
        self.town = person.resume["basics"]["location"]["city"]
        self.links = [each["url"] for each in self.basics["profiles"]]

    def texts(self, entry: Entry) -> list[str]:
        return ([entry["summary"]] if entry.get("summary") else []) + entry["highlights"]


def word_file(person: Generated, layout: str) -> bytes:
    document = docx.Document()
    WORD_LAYOUTS[layout](document, _Parts(person, layout))
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _lists(document: WordDocument, parts: _Parts) -> None:
    for kind, items in (("skills", parts.skills), ("languages", parts.languages)):
        document.add_heading(parts.heads[kind], 1)
        document.add_paragraph(", ".join(items))
    if parts.resume.get("certificates"):
        document.add_heading(parts.heads["certificates"], 1)
        document.add_paragraph(parts.resume["certificates"][0]["name"])
    for referee in parts.resume.get("references", []):
        document.add_heading(parts.heads["references"], 1)
        document.add_paragraph(f"{referee['name']}: {referee['reference']}")


def _styled(document: WordDocument, parts: _Parts) -> None:
    """Word's own styles: title, headings, list bullets."""
    document.add_heading(parts.basics["name"], 0)
    document.add_paragraph(f"{parts.town} | {parts.basics['phone']} | {parts.basics['email']}")
    document.add_paragraph(" | ".join(parts.links))
    document.add_heading(parts.heads["profile"], 1)
    document.add_paragraph(parts.basics["summary"])
    document.add_heading(parts.heads["work"], 1)
    for job in parts.resume["work"]:
        document.add_heading(job["position"], 2)
        document.add_paragraph(f"{job['name']}, {parts.dates.range(job)}")
        for text in parts.texts(job):
            document.add_paragraph(text, style="List Bullet")
    document.add_heading(parts.heads["education"], 1)
    for school in parts.resume["education"]:
        document.add_paragraph(
            f"{school['studyType']} {school['area']}, {school['institution']}, {parts.dates.range(school)}"
        )
    _lists(document, parts)


def _tabbed(document: WordDocument, parts: _Parts) -> None:
    """Everything in Normal with bold runs, the dates at a tab stop at the right."""

    def line(bold: str, after: str, size: float = 11) -> None:
        paragraph = document.add_paragraph()
        paragraph.paragraph_format.tab_stops.add_tab_stop(Cm(16), WD_TAB_ALIGNMENT.RIGHT)
        paragraph.paragraph_format.space_after = Pt(0)
        run = paragraph.add_run(bold)
        run.bold, run.font.size = True, Pt(size)
        paragraph.add_run(after)

    line(parts.basics["name"], "", 20)
    document.add_paragraph(f"{parts.basics['email']} • {parts.basics['phone']} • {parts.town}")
    line(parts.heads["work"].upper(), "", 12)
    for job in parts.resume["work"]:
        line(job["name"], f"\t{parts.dates.range(job)}")
        document.add_paragraph().add_run(job["position"]).italic = True
        for text in parts.texts(job):
            document.add_paragraph(f"•\t{text}")
    line(parts.heads["education"].upper(), "", 12)
    for school in parts.resume["education"]:
        line(school["institution"], f"\t{parts.dates.range(school)}")
        document.add_paragraph(f"{school['studyType']} {school['area']}")
    line(parts.heads["skills"].upper(), "", 12)
    document.add_paragraph(" • ".join(parts.skills))
    line(parts.heads["languages"].upper(), "", 12)
    document.add_paragraph(", ".join(parts.languages))


def _dates_in_table(document: WordDocument, parts: _Parts) -> None:
    """A table of two columns without lines: dates at the left, everything else at the right (the German usual)."""
    document.add_paragraph().add_run(parts.basics["name"]).font.size = Pt(22)
    document.add_paragraph(f"{parts.basics['phone']}, {parts.basics['email']}")
    document.add_paragraph(parts.town)

    def section(kind: str, rows: list[tuple[str, list[tuple[str, bool]]]]) -> None:
        document.add_paragraph().add_run(parts.heads[kind]).bold = True
        table = document.add_table(0, 2)
        for left, right in rows:
            cells = table.add_row().cells
            cells[0].text = left
            cells[1].paragraphs[0].add_run(right[0][0]).bold = right[0][1]
            for text, bold in right[1:]:
                cells[1].add_paragraph().add_run(text).bold = bold

    section(
        "work",
        [
            (
                parts.dates.range(job),
                [(job["position"], True), (job["name"], False), *((text, False) for text in parts.texts(job))],
            )
            for job in parts.resume["work"]
        ],
    )
    section(
        "education",
        [
            (
                parts.dates.range(school),
                [(f"{school['studyType']} {school['area']}", True), (school["institution"], False)],
            )
            for school in parts.resume["education"]
        ],
    )
    section("skills", [("", [(skill, False) for skill in parts.skills])])
    section("languages", [(each["language"], [(each["fluency"], False)]) for each in parts.resume["languages"]])


def _two_columns(document: WordDocument, parts: _Parts) -> None:
    """One table as a page of two columns: contact, skills and languages at the left, the rest at the right."""
    cells = document.add_table(1, 2).rows[0].cells
    left, right = cells

    def add(cell: Any, text: str, *, bold: bool = False, size: float = 0) -> None:
        run = cell.add_paragraph().add_run(text)
        run.bold = bold
        if size:
            run.font.size = Pt(size)

    add(left, parts.heads["contact"], bold=True)
    for text in (parts.basics["email"], parts.basics["phone"], parts.town, *parts.links):
        add(left, text)
    for kind, items in (("skills", parts.skills), ("languages", parts.languages)):
        add(left, parts.heads[kind], bold=True)
        for text in items:
            add(left, text)
    add(right, parts.basics["name"], bold=True, size=24)
    add(right, parts.basics["label"], size=13)
    add(right, parts.heads["profile"], bold=True)
    add(right, parts.basics["summary"])
    add(right, parts.heads["work"], bold=True)
    for job in parts.resume["work"]:
        add(right, f"{job['position']} – {job['name']}", bold=True)
        add(right, parts.dates.range(job))
        for text in parts.texts(job):
            right.add_paragraph(text, style="List Bullet")
    add(right, parts.heads["education"], bold=True)
    for school in parts.resume["education"]:
        add(right, f"{school['studyType']} {school['area']}", bold=True)
        add(right, f"{school['institution']}, {parts.dates.range(school)}")


def _unstyled(document: WordDocument, parts: _Parts) -> None:
    """Typed as on a typewriter: no style, no bold, empty paragraphs between, dashes for bullets."""
    say = document.add_paragraph
    for text in (parts.basics["name"], parts.basics["email"], parts.basics["phone"], parts.town, ""):
        say(text)
    say(parts.heads["work"])
    for job in parts.resume["work"]:
        say("")
        say(f"{parts.dates.range(job)}: {job['position']}, {job['name']}")
        for text in parts.texts(job):
            say(f"- {text}")
    say("")
    say(parts.heads["education"])
    for school in parts.resume["education"]:
        say(f"{parts.dates.range(school)}: {school['studyType']} {school['area']}, {school['institution']}")
    for kind, items in (("skills", parts.skills), ("languages", parts.languages)):
        say("")
        say(parts.heads[kind])
        say(", ".join(items))


_BOX = (
    "<w:r {w}><w:pict><v:shape xmlns:v='urn:schemas-microsoft-com:vml' style='width:200pt;height:60pt'><v:textbox>"
    "<w:txbxContent>{body}</w:txbxContent></v:textbox></v:shape></w:pict></w:r>"
)


def _boxes_and_header(document: WordDocument, parts: _Parts) -> None:
    """Set aside: the name in the page's header, contact points in a text box, employer and place on one line."""
    header = document.sections[0].header.paragraphs[0].add_run(parts.basics["name"])
    header.bold, header.font.size = True, Pt(18)
    said = "".join(
        f"<w:p><w:r><w:t>{each}</w:t></w:r></w:p>" for each in (parts.basics["email"], parts.basics["phone"])
    )
    document.add_paragraph()._p.append(parse_xml(_BOX.format(w=nsdecls("w"), body=said)))
    document.add_paragraph(parts.basics["summary"])
    document.add_heading(parts.heads["work"], 2)
    for job in parts.resume["work"]:
        place = job.get("location") or parts.town
        document.add_paragraph().add_run(f"{job['name']}, {place}").bold = True
        document.add_paragraph(f"{job['position']} ({parts.dates.range(job)})")
        for text in parts.texts(job):
            document.add_paragraph(text, style="List Paragraph")
    document.add_heading(parts.heads["education"], 2)
    for school in parts.resume["education"]:
        document.add_paragraph().add_run(school["institution"]).bold = True
        document.add_paragraph(f"{school['studyType']} {school['area']} ({parts.dates.range(school)})")
    for kind, items in (("skills", parts.skills), ("languages", parts.languages)):
        document.add_heading(parts.heads[kind], 2)
        for text in items:
            document.add_paragraph(text, style="List Bullet")


def _grid(document: WordDocument, parts: _Parts) -> None:
    """Set aside: a table with lines and a row of column heads, one row a job."""
    document.add_heading(parts.basics["name"], 1)
    document.add_paragraph(f"{parts.basics['email']}\n{parts.basics['phone']}\n{parts.town}")
    document.add_heading(parts.heads["work"], 1)
    table = document.add_table(0, 3, style="Table Grid")
    for job in parts.resume["work"]:
        cells = table.add_row().cells
        cells[0].text = parts.dates.range(job)
        cells[1].text = job["name"]
        cells[2].text = job["position"] + "".join(f"\n{text}" for text in parts.texts(job))
    document.add_heading(parts.heads["education"], 1)
    for school in parts.resume["education"]:
        document.add_paragraph(
            f"{parts.dates.range(school)}  {school['institution']}, {school['studyType']} {school['area']}"
        )
    _lists(document, parts)


WORD_LAYOUTS: dict[str, Callable[[WordDocument, _Parts], None]] = {
    "styled": _styled,
    "tabbed": _tabbed,
    "dates in table": _dates_in_table,
    "two columns": _two_columns,
    "unstyled": _unstyled,
    "boxes and header": _boxes_and_header,
    "grid": _grid,
}


def text_file(person: Generated, layout: str) -> bytes:
    return ("\n".join(TEXT_LAYOUTS[layout](_Parts(person, layout))) + "\n").encode()


def _text_tail(parts: _Parts, heading: Callable[[str], list[str]]) -> list[str]:
    schools = [
        f"{each['studyType']} {each['area']}, {each['institution']}, {parts.dates.range(each)}"
        for each in parts.resume["education"]
    ]
    return [
        *heading(parts.heads["education"]),
        *schools,
        *heading(parts.heads["skills"]),
        ", ".join(parts.skills),
        *heading(parts.heads["languages"]),
        ", ".join(parts.languages),
    ]


def _capitals(parts: _Parts) -> list[str]:
    lines = [parts.basics["name"], f"{parts.town} | {parts.basics['phone']} | {parts.basics['email']}", ""]
    lines += [parts.basics["summary"], "", parts.heads["work"].upper()]
    for job in parts.resume["work"]:
        lines += ["", job["position"], f"{job['name']}, {parts.dates.range(job)}"]
        lines += [f"- {text}" for text in parts.texts(job)]
    return lines + _text_tail(parts, lambda title: ["", title.upper()])


def _underlined(parts: _Parts) -> list[str]:
    lines = [parts.basics["name"], parts.basics["email"], parts.basics["phone"], parts.town, ""]
    lines += [parts.heads["work"], "=" * 20]
    for job in parts.resume["work"]:
        lines += [f"{parts.dates.range(job)}    {job['name']}", job["position"]]
        lines += [f"  {text}" for text in parts.texts(job)] + [""]
    return lines + _text_tail(parts, lambda title: ["", title, "-" * 20])


def _bare(parts: _Parts) -> list[str]:
    """Set aside: no blank line between jobs, no bullets, the dates below."""
    lines = [parts.basics["name"], parts.basics["label"], parts.basics["phone"], parts.basics["email"], ""]
    lines += [parts.heads["work"], ""]
    for job in parts.resume["work"]:
        lines += [f"{job['position']} | {job['name']}", parts.dates.range(job), *parts.texts(job)]
    return lines + _text_tail(parts, lambda title: ["", title, ""])


TEXT_LAYOUTS: dict[str, Callable[[_Parts], list[str]]] = {
    "capitals": _capitals,
    "underlined": _underlined,
    "bare": _bare,
}
