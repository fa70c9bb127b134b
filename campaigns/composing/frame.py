"""The frame around every campaign: readable on phone and desk, with the sender's name, postal address and a way out.

MJML makes the tables that mail clients need. It ignores tags it doesn't know without a word, so the result is checked
for everything the law and the tracking need.
"""

from functools import lru_cache

from django.utils.html import escape
from django.utils.translation import gettext
from mjml import mjml2html

FONTS = "-apple-system, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif"
_FRAME = """
<mjml lang="@@language@@">
  <mj-head>
    <mj-title>@@title@@</mj-title>
    <mj-preview>@@preheader@@</mj-preview>
    <mj-attributes>
      <mj-all font-family="{fonts}" />
      <mj-text font-size="16px" line-height="1.55" color="#1d2433" padding="0 24px" />
    </mj-attributes>
  </mj-head>
  <mj-body background-color="#f4f3ee" width="600px">
    <mj-section padding="20px 0 8px">
      <mj-column><mj-text font-size="14px" font-weight="600">@@organisation@@</mj-text></mj-column>
    </mj-section>
    <mj-section background-color="#ffffff" border-radius="10px" padding="28px 0 12px">
      <mj-column><mj-text>@@body@@</mj-text></mj-column>
    </mj-section>
    <mj-section padding="16px 0 28px">
      <mj-column><mj-text font-size="13px" line-height="1.5" color="#5b6474">@@footer@@</mj-text></mj-column>
    </mj-section>
  </mj-body>
</mjml>
"""
_SLOTS = ("language", "title", "preheader", "organisation", "body", "footer")


class BrokenFrame(RuntimeError):
    """The frame lost one of its parts on its way through MJML."""


@lru_cache(maxsize=1)
def frame_html() -> str:
    html = str(mjml2html(_FRAME.format(fonts=FONTS), disable_comments=False, fonts={}))
    lost = [slot for slot in _SLOTS if f"@@{slot}@@" not in html]
    if lost or "<mj-" in html or "{{" in html:
        raise BrokenFrame(f"MJML dropped {lost or 'nothing, but left its own tags'}")
    return html


def framed_html(*, title: str, preheader: str, body: str, language: str, address_of: str, why: str = "") -> str:
    """A Liquid template. `address_of` is this message's own address: unsubscribing and the pixel hang under it. `why`
    they get it is said beneath; left out, it is what holds for campaigns."""
    parts = {
        "language": escape(language),
        "title": title,
        "preheader": preheader,
        "organisation": "{{ organisation }}",
        "body": body + _trap(address_of),
        "footer": _footer_html(address_of, why or _why_text()),
    }
    html = frame_html()
    for name, value in parts.items():
        html = html.replace(f"@@{name}@@", value)
    return html


def framed_text(*, body: str, address_of: str, why: str = "") -> str:
    way_out = f"{_unsubscribe_text()}: {address_of}/unsubscribe"
    return f"{body}\n-- \n{{{{ organisation }}}}\n{{{{ postal_address }}}}\n{why or _why_text()}\n{way_out}\n"


def _footer_html(address_of: str, why: str) -> str:
    link = f'<a href="{address_of}/unsubscribe" style="color:#5b6474">{escape(_unsubscribe_text())}</a>'
    pixel = f'<img src="{address_of}/open.gif" width="1" height="1" alt="" style="display:block;border:0">'
    return f"{{{{ organisation }}}}, {{{{ postal_address }}}}<br>{escape(why)} {link}{pixel}"


def _trap(address_of: str) -> str:
    """A link that nobody can see: whoever follows it is a scanner, and so are the visitor's other clicks."""
    hidden = "display:none;max-height:0;overflow:hidden;mso-hide:all"
    return f'<a href="{address_of}/0" style="{hidden}" aria-hidden="true" tabindex="-1">&#8203;</a>'


def _why_text() -> str:
    return gettext("You get this because we keep your details for jobs that may suit you.")


def why_of_status() -> str:
    return gettext("You get this because you applied to us.")


def _unsubscribe_text() -> str:
    return gettext("Unsubscribe")
