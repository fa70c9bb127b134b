"""What a believable career is made of: a ladder of titles, who employs them, what they know, where they learned it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Rung:
    """One step of a ladder: the titles it goes by, the least years of work before it, what its people do and know."""

    titles: tuple[str, ...]
    after_years: int
    skills: tuple[str, ...]
    duties: tuple[str, ...]


@dataclass(frozen=True)
class Career:
    family: str  # the job family, as the organisation would say it
    weight: int
    ladder: tuple[Rung, ...]
    employers: tuple[str, ...]
    schools: tuple[str, ...]
    degrees: tuple[tuple[str, str], ...]  # (degree, area)
    certificates: tuple[str, ...]  # in the order they are usually earned
    skills: tuple[str, ...]  # known at every rung
    schooled: float = 0.9  # the share with a school to name


def split(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(";") if part.strip())
