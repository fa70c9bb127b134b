"""A clip as a person: what the page says to machines is believed before what can be read in its text."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import unquote

from talentpool.identity.emails import clean_email
from talentpool.identity.links import clean_link, link_key
from talentpool.intake.clip.clips import Clip
from talentpool.intake.clip.linked_data import person_in
from talentpool.person import PersonFields, Position
from talentpool.resumes import ResumeError, parse_resume

_SINGLE = ("name", "given_name", "family_name", "headline", "summary", "location", "country")
_SEVERAL = ("emails", "phones", "links", "education", "skills", "languages", "certificates")
MOST = 30


def fields_of_clip(clip: Clip) -> PersonFields:
    """The page's address is one of the links; mail and telephone links count only where something was selected."""
    stated = [each for each in (person_in(clip.linked, clip.url), _of_card(clip)) if each]
    read = _of_text(clip)
    said = [*stated, read] if read else stated
    single: dict[str, Any] = {
        name: next((value for each in said if (value := getattr(each, name))), "") for name in _SINGLE
    }
    several: dict[str, Any] = {
        name: tuple(dict.fromkeys(v for each in said for v in getattr(each, name)))[:MOST] for name in _SEVERAL
    }
    linked_mails, linked_phones = _contacts(clip) if clip.is_selection else ([], [])
    several["emails"] = tuple(_mails([*several["emails"], *linked_mails]))
    several["phones"] = tuple(dict.fromkeys([*several["phones"], *linked_phones]))
    several["links"] = tuple(_links([clip.url, *several["links"], *_accounts(clip)]))
    positions = next((each.positions for each in [*([read] if read else []), *stated] if each.positions), ())
    return PersonFields(**single, **several, positions=positions)


def _of_card(clip: Clip) -> PersonFields | None:
    card = clip.card

    def one(*names: str) -> str:
        return next((" ".join(card[name][0].split()) for name in names if card.get(name)), "")

    if not one("name"):
        return None
    title, employer = one("title", "role"), one("org")
    return PersonFields(
        name=one("name")[:300],
        headline=title[:500],
        summary=one("note"),
        emails=tuple(each.removeprefix("mailto:") for each in card.get("email", ())),
        phones=tuple(each.removeprefix("tel:") for each in card.get("tel", ())),
        links=card.get("url", ()),
        location=", ".join(filter(None, (one("locality"), one("region")))),
        positions=(Position(employer=employer[:300], title=title[:300], current=True),) if title or employer else (),
    )


def _of_text(clip: Clip) -> PersonFields | None:
    if not clip.text:
        return None
    try:
        return parse_resume(clip.text.encode(), "clip.txt").fields
    except ResumeError:
        return None


def _contacts(clip: Clip) -> tuple[list[str], list[str]]:
    mails = [unquote(link[7:].partition("?")[0]) for link in clip.links if link.lower().startswith("mailto:")]
    return mails, [unquote(link[4:]) for link in clip.links if link.lower().startswith("tel:")]


def _accounts(clip: Clip) -> list[str]:
    """Links that name one account are the person's only where she was selected: a page's foot has its owner's."""
    return [link for link in clip.links if link_key(link)] if clip.is_selection else []


def _mails(values: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(filter(None, map(clean_email, values))))


def _links(values: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(filter(None, map(clean_link, values))))[:MOST]
