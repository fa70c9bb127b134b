"""A person's résumé as plain text, in one of a few usual layouts."""

from calendar import month_name
from collections.abc import Sequence
from random import Random

from talentpool.person import Education, PersonFields, Position


def resume_text(random: Random, fields: PersonFields) -> str:
    newest_first = random.random() < 0.85
    positions = fields.positions if newest_first else tuple(reversed(fields.positions))
    sections = [
        _head(fields),
        _section(random.choice(("Summary", "Profile", "About me")), [fields.summary] if fields.summary else []),
        _section(random.choice(("Experience", "Work experience", "Employment history")), _work(random, positions)),
        _section("Education", [_school(entry) for entry in fields.education]),
        _section(random.choice(("Skills", "Core skills")), [", ".join(fields.skills)] if fields.skills else []),
        _section("Licenses and certificates", list(fields.certificates)),
        _section("Languages", [", ".join(fields.languages)] if len(fields.languages) > 1 else []),
    ]
    return "\n\n".join(section for section in sections if section) + "\n"


def _head(fields: PersonFields) -> str:
    lines = [fields.name, fields.headline, " | ".join(filter(None, (fields.location, *fields.phones, *fields.emails)))]
    return "\n".join(line for line in (*lines, *fields.links) if line)


def _section(title: str, lines: Sequence[str]) -> str:
    return "\n".join((title.upper(), *lines)) if lines else ""


def _work(random: Random, positions: Sequence[Position]) -> list[str]:
    heading = random.choice(
        (
            "{title}, {employer}, {location}\n{start} to {end}",
            "{employer}\n{title}\n{start} - {end}",
            "{start} - {end}  {title}\n{employer}, {location}",
        )
    )
    return [_position(heading, position) for position in positions]


def _position(heading: str, position: Position) -> str:
    shown = heading.format(
        title=position.title,
        employer=position.employer,
        location=position.location,
        start=_month(position.start),
        end="present" if position.current else _month(position.end),
    )
    duties = "\n".join(f"- {duty}" for duty in position.text.splitlines())
    return f"{shown}\n{duties}\n"


def _school(entry: Education) -> str:
    return f"{entry.degree} in {entry.area}, {entry.school}, {entry.start} to {entry.end}"


def _month(date: str) -> str:
    year, _, month = date.partition("-")
    return f"{month_name[int(month)]} {year}" if month else year
