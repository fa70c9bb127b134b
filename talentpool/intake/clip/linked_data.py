"""A schema.org Person in JSON-LD, as profile pages describe the one they are about."""

from collections.abc import Iterator
from typing import Any

from talentpool.intake.countries import country_code
from talentpool.person import Education, PersonFields, Position

MOST_NODES = 2_000
DEEPEST = 12
_ABOUT = ("mainEntity", "mainEntityOfPage", "about")


def person_in(documents: tuple[Any, ...], url: str) -> PersonFields | None:
    """The person a profile page is about, else the one whose address is the page's, else the only or first one."""
    nodes = [node for document in documents for node in _nodes(document)]
    persons = [node for node in nodes if _is_a(node, "Person") and _one(node.get("name"))]
    about = [
        node[key] for node in nodes if _is_a(node, "ProfilePage") for key in _ABOUT if isinstance(node.get(key), dict)
    ]
    named = [each for each in about if _is_a(each, "Person")]
    here = [each for each in persons if url and url in (*_texts(each.get("url")), *_texts(each.get("sameAs")))]
    found = next(iter([*named, *here, *persons]), None)
    return _fields(found) if found else None


def _nodes(document: Any) -> Iterator[dict[str, Any]]:
    waiting, seen = [(document, 0)], 0
    while waiting and seen < MOST_NODES:
        node, depth = waiting.pop(0)
        seen += 1
        if isinstance(node, dict):
            yield node
        if depth < DEEPEST and isinstance(node, dict | list):
            children = node.values() if isinstance(node, dict) else node
            waiting += [(each, depth + 1) for each in children if isinstance(each, dict | list)]


def _is_a(node: Any, kind: str) -> bool:
    return isinstance(node, dict) and any(each.rpartition("/")[2] == kind for each in _texts(node.get("@type")))


def _texts(value: Any) -> list[str]:
    """A text, a list of them, or things by their names."""
    if isinstance(value, list):
        return [text for each in value[:50] for text in _texts(each)]
    if isinstance(value, dict):
        value = value.get("name") or value.get("@value") or value.get("url") or value.get("@id")
    return [" ".join(value.split())[:1_000]] if isinstance(value, str) and value.strip() else []


def _one(value: Any) -> str:
    return next(iter(_texts(value)), "")


def _fields(node: dict[str, Any]) -> PersonFields:
    address = next((each for each in _listed(node.get("address")) if isinstance(each, dict)), {})
    country = _one(address.get("addressCountry"))
    place = [_one(address.get("addressLocality")), _one(address.get("addressRegion"))] if address else []
    title = _one(node.get("jobTitle")) or _one(node.get("hasOccupation"))
    links = [*_texts(node.get("url")), *_texts(node.get("sameAs"))]
    return PersonFields(
        name=_one(node.get("name"))[:300],
        given_name=_one(node.get("givenName"))[:150],
        family_name=_one(node.get("familyName"))[:150],
        headline=(title or _one(node.get("disambiguatingDescription")))[:500],
        summary=_one(node.get("description")),
        emails=tuple(each.removeprefix("mailto:") for each in _texts(node.get("email"))),
        phones=tuple(each.removeprefix("tel:") for each in _texts(node.get("telephone"))),
        links=tuple(dict.fromkeys(links)),
        location=", ".join(filter(None, place)) or _one(node.get("homeLocation")),
        country=country_code(country) or (country if len(country) == 2 and country.isupper() else ""),
        positions=tuple(_positions(node, title)),
        education=tuple(Education(school=each) for each in _texts(node.get("alumniOf"))[:10]),
        skills=tuple(dict.fromkeys(_texts(node.get("knowsAbout")))),
        languages=tuple(_texts(node.get("knowsLanguage"))),
    )


def _positions(node: dict[str, Any], title: str) -> Iterator[Position]:
    employers = _texts(node.get("worksFor")) or _texts(node.get("affiliation"))
    if title or employers:
        yield Position(employer=next(iter(employers), "")[:300], title=title[:300], current=True)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
