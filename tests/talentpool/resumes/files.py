"""Files that tests make up, of each kind that people send."""

import io
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
