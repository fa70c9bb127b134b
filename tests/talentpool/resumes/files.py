"""Files that tests make up, of each kind that people send."""

import io
import struct
import zipfile

import docx
from odf import opendocument, text
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen import canvas

LINES = [
    ("Title", "Siobhán O’Connor"),
    ("", "Cork, Ireland | siobhan.oconnor@example.org | +353 86 123 4567"),
    ("", "https://www.linkedin.com/in/siobhanoconnor"),
    ("Heading", "Work Experience"),
    ("Bold", "HR Business Partner"),
    ("", "Halcyon Foods Ltd, March 2019 – Present"),
    ("List", "Led a team of nine people across three offices."),
    ("Bold", "Recruiter"),
    ("", "Cork City Council, June 2015 – February 2019"),
    ("List", "Hired 120 nurses within two years."),
    ("Heading", "Education"),
    ("", "University College Cork, Bachelor of Commerce, 2011 – 2015"),
    ("Heading", "Skills"),
    ("", "Recruitment, Onboarding, Employment Law"),
    ("Heading", "References"),
    ("", "Pádraig Murphy, padraig@council.example.org"),
]


def pdf(lines=LINES):
    buffer = io.BytesIO()
    page = canvas.Canvas(buffer, pagesize=A4)
    y = 800
    for kind, line in lines:
        size = {"Title": 22, "Heading": 14}.get(kind, 10)
        page.setFont("Helvetica-Bold" if kind in ("Title", "Heading", "Bold") else "Helvetica", size)
        page.drawString(60, y, f"• {line}" if kind == "List" else line)
        y -= size * 1.8
    page.save()
    return buffer.getvalue()


def pdf_of_pictures():
    buffer = io.BytesIO()
    page = canvas.Canvas(buffer, pagesize=A4)
    page.rect(50, 50, 400, 600, fill=1)
    page.showPage()
    page.save()
    return buffer.getvalue()


def pdf_of_pages(count):
    buffer = io.BytesIO()
    page = canvas.Canvas(buffer, pagesize=A4)
    for number in range(1, count + 1):
        page.drawString(60, 700, f"This is page {number} of a long life")
        page.showPage()
    page.save()
    return buffer.getvalue()


def protected_pdf():
    from reportlab.lib.pdfencrypt import StandardEncryption

    buffer = io.BytesIO()
    page = canvas.Canvas(buffer, pagesize=A4, encrypt=StandardEncryption("secret"))
    page.drawString(60, 700, "Nobody may read this")
    page.save()
    return buffer.getvalue()


def docx_file(lines=LINES):
    document = docx.Document()
    for kind, line in lines:
        if kind == "Title":
            document.add_heading(line, 0)
        elif kind == "Heading":
            document.add_heading(line, 1)
        elif kind == "List":
            document.add_paragraph(line, style="List Bullet")
        else:
            document.add_paragraph().add_run(line).bold = kind == "Bold"
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def odt(lines=LINES):
    document = opendocument.OpenDocumentText()
    for kind, line in lines:
        if kind in ("Title", "Heading"):
            document.text.addElement(text.H(outlinelevel=1, text=line))
        elif kind == "List":
            listing, item = text.List(), text.ListItem()
            item.addElement(text.P(text=line))
            listing.addElement(item)
            document.text.addElement(listing)
        else:
            document.text.addElement(text.P(text=line))
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def rtf_line(line):
    return "".join(c if ord(c) < 128 else f"\\u{ord(c)}?" for c in line) + "\\par\n"


def rtf(lines=LINES):
    body = "".join(rtf_line(line) for _, line in lines)
    return ("{\\rtf1\\ansi\\deff0 " + body + "}").encode()


def html(lines=LINES):
    tags = {"Title": "h1", "Heading": "h2", "Bold": "h3", "List": "li", "": "p"}
    body = "".join(f"<{tags[kind]}>{line}</{tags[kind]}>" for kind, line in lines)
    return f"<!doctype html><html><head><title>CV</title><script>var a = 'x@evil.example'</script></head><body>{body}</body></html>".encode()


def txt(lines=LINES):
    return "\n".join(
        (f"\n{line}" if kind == "Heading" else f"- {line}" if kind == "List" else line) for kind, line in lines
    ).encode()


def zip_file(members):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def doc(lines=LINES, flags=0x0200):
    """As Word 97 kept it: a small file system with the text in one piece."""
    text = "".join(f"{line}\r" for _, line in lines).encode("utf-16-le")
    word = bytearray(2048) + text
    word[0:2], word[10:12] = struct.pack("<H", 0xA5EC), struct.pack("<H", flags)
    pieces = struct.pack("<II", 0, len(text) // 2) + struct.pack("<HIH", 0, 2048, 0)
    table = b"\x02" + struct.pack("<I", len(pieces)) + pieces
    word[0x1A2:0x1AA] = struct.pack("<II", 0, len(table))
    streams = [("WordDocument", bytes(word)), ("1Table", table)]
    return compound_file([(name, content.ljust(4096, b"\0")) for name, content in streams])


def compound_file(streams):
    chains, sectors = [0xFFFFFFFD, 0xFFFFFFFE], [b"", b""]
    entries = [_entry("Root Entry", 5, 0xFFFFFFFE, 0)]
    for name, content in streams:
        entries.append(_entry(name, 2, len(sectors), len(content)))
        parts = [content[at : at + 512].ljust(512, b"\0") for at in range(0, len(content), 512)]
        chains += [len(sectors) + number for number in range(1, len(parts))] + [0xFFFFFFFE]
        sectors += parts
    sectors[0] = struct.pack(f"<{len(chains)}I", *chains).ljust(512, b"\xff")
    sectors[1] = b"".join(entries).ljust(512, b"\0")
    head = bytearray(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".ljust(512, b"\0"))
    head[30:34], head[48:52] = struct.pack("<HH", 9, 6), struct.pack("<I", 1)
    head[56:64], head[68:72] = struct.pack("<II", 4096, 0xFFFFFFFE), struct.pack("<I", 0xFFFFFFFE)
    head[76:512] = struct.pack("<I", 0) + b"\xff" * 432
    return bytes(head) + b"".join(sectors)


def _entry(name, kind, start, size):
    label = (name + "\0").encode("utf-16-le")
    return struct.pack("<64sHB49xIQ", label, len(label), kind, start, size)


def rotated_pdf(lines=LINES):
    """Written along the page's long side, as a scanner or a tablet turns it."""
    buffer = io.BytesIO()
    page = canvas.Canvas(buffer, pagesize=A4)
    page.rotate(90)
    page.translate(0, -A4[0])
    y = A4[0] - 40
    for kind, line in lines:
        size = {"Title": 22, "Heading": 14}.get(kind, 10)
        page.setFont("Helvetica-Bold" if kind in ("Title", "Heading", "Bold") else "Helvetica", size)
        page.drawString(60, y, f"• {line}" if kind == "List" else line)
        y -= size * 1.8
    page.save()
    return buffer.getvalue()


def docx_of_cells(rows):
    """One table; each cell is its paragraphs."""
    document = docx.Document()
    table = document.add_table(0, len(rows[0]))
    for row in rows:
        for cell, paragraphs in zip(table.add_row().cells, row, strict=True):
            cell.text = paragraphs[0]
            for paragraph in paragraphs[1:]:
                cell.add_paragraph(paragraph)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


EUROPASS = """<?xml version="1.0" encoding="UTF-8"?>
<SkillsPassport xmlns="http://europass.cedefop.europa.eu/Europass"><LearnerInfo>
<Identification><PersonName><FirstName>Siobhán</FirstName><Surname>O’Connor</Surname></PersonName><ContactInfo>
<Address><Contact><Municipality>Cork</Municipality><Country><Code>IE</Code><Label>Ireland</Label></Country></Contact></Address>
<Email><Contact>siobhan.oconnor@example.org</Contact></Email>
<TelephoneList><Telephone><Contact>+353 86 123 4567</Contact></Telephone></TelephoneList></ContactInfo></Identification>
<WorkExperienceList><WorkExperience><Period><From year="2019" month="--03"/><Current>true</Current></Period>
<Position><Label>HR Business Partner</Label></Position><Activities>&lt;p&gt;Led a team of nine.&lt;/p&gt;</Activities>
<Employer><Name>Halcyon Foods Ltd</Name></Employer></WorkExperience></WorkExperienceList>
<EducationList><Education><Period><From year="2011"/><To year="2015"/></Period><Title>Bachelor of Commerce</Title>
<Organisation><Name>University College Cork</Name></Organisation></Education></EducationList>
<Skills><Linguistic><MotherTongueList><MotherTongue><Description><Label>English</Label></Description></MotherTongue>
</MotherTongueList></Linguistic><Computer><Description>Workday, Excel</Description></Computer></Skills>
</LearnerInfo></SkillsPassport>"""

EUROPASS_2020 = """<?xml version="1.0" encoding="UTF-8"?>
<Candidate xmlns="http://www.europass.eu/1.0" xmlns:oa="http://www.openapplications.org/oagis/9" xmlns:hr="http://www.hr-xml.org/3">
<CandidatePerson><PersonName><oa:GivenName>Siobhán</oa:GivenName><hr:FamilyName>O’Connor</hr:FamilyName></PersonName>
<Communication><ChannelCode>Email</ChannelCode><oa:URI>siobhan.oconnor@example.org</oa:URI></Communication>
<Communication><ChannelCode>Telephone</ChannelCode><CountryDialing>353</CountryDialing><oa:DialNumber>861234567</oa:DialNumber></Communication>
<Communication><Address><oa:CityName>Cork</oa:CityName><CountryCode>ie</CountryCode></Address></Communication></CandidatePerson>
<CandidateProfile><EmploymentHistory><EmployerHistory><hr:OrganizationName>Halcyon Foods Ltd</hr:OrganizationName>
<PositionHistory><PositionTitle>HR Business Partner</PositionTitle><EmploymentPeriod>
<StartDate><hr:FormattedDateTime>2019-03-01</hr:FormattedDateTime></StartDate><hr:CurrentIndicator>true</hr:CurrentIndicator>
</EmploymentPeriod><oa:Description>Led a team of nine.</oa:Description></PositionHistory></EmployerHistory></EmploymentHistory>
</CandidateProfile></Candidate>"""


def pdf_with_heads(head, pages):
    buffer = io.BytesIO()
    page = canvas.Canvas(buffer, pagesize=A4)
    for number, lines in enumerate(pages, 1):
        page.setFont("Helvetica", 8)
        page.drawString(60, 815, head[0][1])
        page.drawString(280, 30, f"Page {number} of {len(pages)}")
        y = 740
        for kind, line in lines:
            size = {"Title": 22, "Heading": 14}.get(kind, 10)
            page.setFont("Helvetica-Bold" if kind in ("Title", "Heading", "Bold") else "Helvetica", size)
            page.drawString(60, y, f"• {line}" if kind == "List" else line)
            y -= size * 1.8
        page.showPage()
    page.save()
    return buffer.getvalue()


def protected_xlsx():
    """As Excel saves one behind a password: an OLE container with the encrypted package in it."""
    from msoffcrypto.format.ooxml import OOXMLFile
    from openpyxl import Workbook

    plain, encrypted = io.BytesIO(), io.BytesIO()
    book = Workbook()
    book.active.append(["Name", "E-mail"])
    book.active.append(["Ada Lovelace", "ada@example.org"])
    book.save(plain)
    OOXMLFile(plain).encrypt("secret", encrypted)
    return encrypted.getvalue()


def protected_zip():
    """Its members' first bytes say that a password is needed, as every packer writes it."""
    content = bytearray(zip_file({"a.txt": b"Ada"}))
    for signature, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(signature) + flags] |= 1
    return bytes(content)
