"""One campaign's words, ready for every recipient: subject, text and HTML as Liquid templates over the same fields."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.html import escape
from django.utils.translation import override

from campaigns.composing.encoding import one_line
from campaigns.composing.frame import framed_html, framed_text, why_of_status
from campaigns.composing.markdown import LIQUID, written
from campaigns.composing.merge_fields import (
    MERGE_FIELDS,
    PLAIN,
    STATUS_FIELDS,
    MergeField,
    context_of,
    html_template,
    usage,
)

Values = Mapping[str, str | None]
NO_FIELDS: Mapping[str, MergeField] = {}


@dataclass(frozen=True)
class Content:
    subject: str
    body: str  # Markdown
    preheader: str = ""


@dataclass(frozen=True)
class Organisation:
    """Whose mail it is; `address` is the public address of Rapport that tracked links begin with."""

    name: str
    postal_address: str
    sender_name: str
    language: str
    address: str

    @property
    def values(self) -> dict[str, str]:
        postal = ", ".join(part.strip() for part in self.postal_address.splitlines() if part.strip())
        return {
            "organisation": one_line(self.name),
            "sender_name": one_line(self.sender_name or self.name),
            "postal_address": one_line(postal),
        }


@dataclass(frozen=True)
class Letter:
    subject: str
    text: str
    html: str
    links: tuple[str, ...]
    needed: frozenset[str]  # fields without a fallback: who lacks one of them is held back
    constants: Mapping[str, str]  # the same for every recipient
    own: tuple[str, ...] = ()  # the organisation's own fields that it names

    def rendered(self, values: Values, *, token: str) -> "Rendered":
        """The whole for one recipient, by Liquid itself: for previews, and what the fast way is tested against."""
        filled = {name: one_line(value) if value else None for name, value in values.items()}
        context = context_of({**filled, **self.constants, "token": token})
        return Rendered(
            subject=one_line(PLAIN.from_string(self.subject).render(**context)).strip(),
            text=PLAIN.from_string(self.text).render(**context),
            html=html_template(self.html).render(**context),
        )


@dataclass(frozen=True)
class Rendered:
    subject: str
    text: str
    html: str


def compose(
    content: Content,
    organisation: Organisation,
    own: Mapping[str, MergeField] = NO_FIELDS,
    *,
    applied_job: str | None = None,
) -> Letter:
    """Check and assemble; ValidationError says by field what can't be sent. `own` are the organisation's own fields.
    `applied_job` makes it a message about an application for that job."""
    problems: dict[str, ValidationError] = {}
    needed: frozenset[str] = frozenset()
    named: frozenset[str] = frozenset()
    known = {**MERGE_FIELDS, **own, **(STATUS_FIELDS if applied_job is not None else {})}
    for field, source in (("subject", content.subject), ("preheader", content.preheader), ("body", content.body)):
        try:
            found = usage(source, known=known)
            needed, named = needed | found.needed, named | found.used
        except ValidationError as problem:
            problems[field] = problem
    if problems:
        raise ValidationError(problems)
    address_of = organisation.address.rstrip("/") + "/t/{{ token }}"
    try:
        body = written(content.body, link_to=lambda number: f"{address_of}/{number}")
    except ValidationError as problem:
        raise ValidationError({"body": problem}) from problem
    subject = " ".join(content.subject.split())
    with override(organisation.language):
        html = framed_html(
            title=_html_words(subject),
            preheader=_html_words(content.preheader),
            body=body.html,
            language=organisation.language,
            address_of=address_of,
            why=why_of_status() if applied_job is not None else "",
        )
        text = framed_text(
            body=body.text, address_of=address_of, why=why_of_status() if applied_job is not None else ""
        )
    constants = organisation.values | ({"applied_job": one_line(applied_job)} if applied_job is not None else {})
    return Letter(subject, text, html, body.links, needed, constants, tuple(sorted(named & own.keys())))


def _html_words(template: str) -> str:
    """A one-line Liquid template as HTML: the author's words escaped, the fields left alone."""
    line = " ".join(template.split())
    words, fields = LIQUID.split(line), [*LIQUID.findall(line), ""]
    return "".join(escape(word) + field for word, field in zip(words, fields, strict=True))
