"""What the demo's people want of work, as a form asks them, and the organisation's own fields with their values."""

from dataclasses import replace
from datetime import date, timedelta
from random import Random

from crm.models import Member
from talentpool.actions.custom_fields import create_field
from talentpool.custom_values import CustomKind
from talentpool.person import PersonFields
from talentpool.wishes import read_wish

SHIFTS = ("Days", "Nights", "Weekends", "On call")
SCRUBS = ("XS", "S", "M", "L", "XL", "2XL")
INTERESTS = ("Critical care", "Leading a team", "Night shifts", "Part time", "Teaching", "Travel assignments")
PERMITS = ("US citizen", "US citizen", "US permanent", "US visa 2027-09", "US sponsor", "US citizen; MX citizen")


def make_fields(by: Member) -> None:
    create_field("Shifts", CustomKind.CHOICES, choices=SHIFTS, help_text="Which they would work.", by=by)
    create_field("Scrub size", CustomKind.CHOICE, choices=SCRUBS, by=by)
    create_field("License number", CustomKind.TEXT, help_text="As the state board writes it.", by=by)
    create_field("Licensed until", CustomKind.DATE, by=by)
    create_field("Miles to Fresno", CustomKind.NUMBER, by=by)
    create_field("Drives", CustomKind.YES_NO, by=by)
    create_field("What references said", CustomKind.LONG_TEXT, is_restricted=True, by=by)


def with_wishes(fields: PersonFields, random: Random, on: date) -> PersonFields:
    """As somebody fills in a form: some of it."""
    low = random.randrange(24, 72)
    start = on + timedelta(days=random.randrange(14, 200))
    custom = {
        "shifts": "; ".join(random.sample(SHIFTS, random.choice((1, 1, 2, 3)))),
        "scrub_size": random.choice(SCRUBS),
        "license_number": f"RN-{random.randrange(100_000, 999_999)}",
        "licensed_until": f"{on + timedelta(days=random.randrange(60, 900)):%Y-%m-%d}",
        "miles_to_fresno": str(random.randrange(1, 180)),
        "drives": random.choice(("yes", "yes", "no")),
    }
    return replace(
        fields,
        interests=tuple(random.sample(INTERESTS, random.choice((0, 1, 2)))),
        wanted_places=tuple(random.sample(("Fresno", "Clovis", "Visalia", "Madera"), random.choice((0, 0, 1, 2)))),
        salary=f"USD {low}-{low + random.randrange(4, 16)} hour" if random.random() < 0.6 else "",
        availability=random.choice(("now", "2 weeks", "1 month", "", f"{start:%Y-%m}")),
        remote=random.choice(("", "", "office", "hybrid", "remote")),
        relocate=random.choice(("", "", "yes", "no")),
        permits=tuple(read_wish("permits", each) for each in random.choice(PERMITS).split("; ")),
        custom={name: value for name, value in custom.items() if random.random() < 0.5},
    )
