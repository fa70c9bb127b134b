"""What is known of a person, as the words of `has:` and `missing:` (search/language/choices.py). Pure."""

from collections.abc import Iterator, Mapping
from typing import Any

from talentpool.models import Candidate


def words_of_known(person: Candidate, besides: Mapping[str, Any]) -> Iterator[str]:
    """`besides` is what other tables say: the word, and something that is empty where they say nothing."""
    kinds = {point.get("kind") for point in person.contact_points if point.get("value")}
    known = {
        "email": person.email or "email" in kinds,
        "phone": person.phone or "phone" in kinds,
        "link": "link" in kinds,
        "title": person.current_title or any(post.get("title") for post in person.positions),
        "employer": person.current_employer or any(post.get("employer") for post in person.positions),
        "location": person.location,
        "skills": person.skills,
        "education": person.education,
        "language": person.languages,
        "certificate": person.certificates,
        "experience": person.positions,
        "salary": person.wants.get("salary"),
        "availability": person.wants.get("availability"),
        "owner": person.owner_id,
        **besides,
    }
    yield from (word for word, value in known.items() if value)
