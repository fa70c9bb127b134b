"""What the bookmarklet or the extension sends, as far as it can be believed to be of its form."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError

from talentpool.identity.links import clean_link
from talentpool.intake.mail.letters import storable

LARGEST = 300_000  # characters of JSON
LONGEST_TEXT = 20_000
MOST_LINKS = 100
LONGEST_TITLE = 300
UNREADABLE = "What came from the page can’t be read. Go back to it and clip it again."


@dataclass(frozen=True, slots=True)
class Clip:
    """`url` is a web address or empty; `linked` holds what JSON-LD scripts said, `card` h-card or microdata."""

    url: str
    title: str
    text: str
    is_selection: bool
    links: tuple[str, ...]
    linked: tuple[Any, ...]
    card: dict[str, tuple[str, ...]]

    @property
    def raw(self) -> dict[str, Any]:
        """As it is kept with the profile."""
        return {
            "url": self.url,
            "title": self.title,
            "text": self.text,
            "links": list(self.links),
            "linked_data": list(self.linked),
            "card": {name: list(values) for name, values in self.card.items()},
        }


def read_clip(payload: str) -> Clip:
    """Raises ValidationError with the sentence for the one who clipped."""
    if len(payload) > LARGEST:
        raise ValidationError("The page holds more than one clip may. Select the part about the person and clip again.")
    try:
        said = json.loads(payload)
    except (ValueError, RecursionError) as error:
        raise ValidationError(UNREADABLE) from error
    if not isinstance(said, dict):
        raise ValidationError(UNREADABLE)
    return Clip(
        url=clean_link(_text(said.get("url"))),
        title=_text(said.get("title"))[:LONGEST_TITLE],
        text=_text(said.get("text"))[:LONGEST_TEXT].replace("\r\n", "\n"),
        is_selection=said.get("selected") is True,
        links=tuple(_links(said.get("links"))),
        linked=tuple(_linked(said.get("linked"))),
        card=_card(said.get("card")),
    )


def _text(value: Any) -> str:
    return storable(value).strip() if isinstance(value, str) else ""


def _links(values: Any) -> Iterator[str]:
    """Of the web, of mail and of telephones; what would run something is no link."""
    for value in (values if isinstance(values, list) else [])[:MOST_LINKS]:
        link = _text(value)[:2_000]
        if link.lower().startswith(("mailto:", "tel:")) or clean_link(link):
            yield link


def _linked(values: Any) -> Iterator[Any]:
    for value in (values if isinstance(values, list) else [])[:10]:
        try:
            yield json.loads(_text(value))
        except (ValueError, RecursionError):
            continue


def _card(value: Any) -> dict[str, tuple[str, ...]]:
    if not isinstance(value, dict):
        return {}
    found = {}
    for name, said in list(value.items())[:30]:
        texts = [_text(each)[:1_000] for each in (said if isinstance(said, list) else [said])[:20]]
        found[_text(name)[:40]] = tuple(filter(None, texts))
    return found
