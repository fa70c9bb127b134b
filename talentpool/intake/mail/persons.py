"""Which résumé belongs to whom: the author of a forwarded letter, or somebody for whom she speaks."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from nameparser import HumanName

from talentpool.identity.keys import KeyKind
from talentpool.identity.names import comparable_name
from talentpool.identity.vetoes import Traits, veto_between
from talentpool.intake.mail.correspondents import is_role
from talentpool.intake.mail.letters import NOBODY, Address
from talentpool.intake.mail.parcels import Part
from talentpool.person import PersonFields

_LONGEST_NAME = 300


@dataclass(slots=True)
class MailPerson:
    """Somebody a mail is about, with what it says of them."""

    address: Address = NOBODY
    resumes: list[Part] = field(default_factory=list)
    suggestions: list[dict[str, Any]] = field(default_factory=list)


def persons_of(people: Sequence[Address], parts: Sequence[Part]) -> list[MailPerson]:
    """Correspondents with their résumés first, then whom only a résumé names; mailboxes of nobody are left out."""
    persons = [MailPerson(each) for each in people if not is_role(each.email)]
    others = []
    resumes = [part for part in parts if part.is_resume]
    for resume in resumes:
        owner = next((each for each in persons if not each.resumes and _fits(each.address, resume)), None)
        if owner:
            owner.resumes.append(resume)
        else:
            others.append(MailPerson(resumes=[resume]))
    return persons + others


def fields_of_address(address: Address) -> PersonFields:
    """“Doe, Jane” is Jane Doe; a name that is only the address again is none."""
    name = address.name.partition(" via ")[0].strip()[:_LONGEST_NAME]
    given = family = ""
    if " " in name:
        parsed = HumanName(name)
        given, family = str(parsed.first)[:150], str(parsed.last)[:150]
        if "," in name and given and family:
            name = " ".join(filter(None, (given, str(parsed.middle), family)))
    return PersonFields(
        name=name, given_name=given, family_name=family, emails=(address.email,) if address.email else ()
    )


def resume_fields(person: MailPerson, resume: Part) -> PersonFields:
    """With the address that the résumé came from, by which the same person is known again."""
    assert resume.parsed is not None
    fields, email = resume.parsed.fields, person.address.email
    if not email or email in fields.emails:
        return fields
    return replace(fields, emails=(*fields.emails, email))


def _fits(address: Address, resume: Part) -> bool:
    """The same address says so; else the names have to agree, or one of the two has none."""
    assert resume.parsed is not None
    said = resume.parsed.fields
    if address.email and address.email in {each.lower() for each in said.emails}:
        return True
    theirs = fields_of_address(address)
    if veto_between(Traits.of(theirs), Traits.of(said), KeyKind.EMAIL):
        return False
    mine, named = comparable_name(theirs), comparable_name(said)
    return not mine.family or not named.family or mine.family == named.family
