"""The facets: which there are, in the order they are shown, and the values that they count."""

from dataclasses import dataclass
from hashlib import blake2b

# Number and label. The number is part of every value's id in PostgreSQL's documents: never give one away again.
FACETS = {
    "consent": (1, "Contact"),
    "warmth": (16, "Relationship"),
    "contacted": (24, "Last contact"),
    "engagement": (25, "Engagement"),
    "source": (2, "Source"),
    "title": (3, "Title"),
    "employer": (20, "Employer"),
    "experience": (21, "Years of work"),
    "location": (4, "Location"),
    "skill": (5, "Skill"),
    "stage": (22, "Stage"),
    "pipeline": (23, "Pipeline"),
    "tag": (6, "Tag"),
    "available": (7, "Available"),
    "remote": (8, "Where they work"),
    "permit": (9, "May work in"),
    "pay": (17, "Expected pay a year"),
    "process": (18, "Applications"),
    "family": (19, "Job family"),
    # Places for an organisation's own fields of choices; which field stands at one, and its label, the database knows.
    **{f"field{number}": (9 + number, f"Field {number}") for number in range(1, 7)},
}
FACET_BITS = 5  # the function search_facets of migration 0048 knows it too
CODED = frozenset(
    {"consent", "source", "tag", "warmth", "available", "remote", "permit", "pay", "process", "family"}
    | {"contacted", "engagement", "experience", "pipeline"}
)  # values as they are
IN_ORDER = frozenset(
    {"warmth", "available", "pay", "contacted", "experience"}
)  # shown by their values, not by how many have them
MOST_VALUES = 10  # shown per facet; chosen ones are shown in any case


@dataclass(frozen=True, slots=True, order=True)
class FacetKey:
    """A value of a facet. Spellings that differ in case or accents are one value; `label` is one of them."""

    facet: str
    value: str
    label: str


def value_id(facet: str, value: str) -> int:
    """The number that stands for a value in documents: 59 bits of a hash, and the facet's number in the last five.

    A hash and no counter, so that making documents needs no look-up and every rebuild gives the same numbers.
    """
    digest = int.from_bytes(blake2b(f"{facet}\0{value}".encode(), digest_size=8).digest())
    return digest >> (FACET_BITS + 1) << FACET_BITS | FACETS[facet][0]
