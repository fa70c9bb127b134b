"""The fields of a clipped person, to be looked at before they are saved."""

from typing import Any

from django import forms

from talentpool.forms.panels import Lines, Text
from talentpool.identity.emails import clean_email
from talentpool.identity.links import clean_link
from talentpool.intake.clip.clips import Clip, read_clip
from talentpool.intake.mail.letters import Address
from talentpool.intake.mail.persons import fields_of_address
from talentpool.person import PersonFields, Position


class PayloadField(forms.CharField):
    """What came from the page, which stays with the form until it is saved."""

    def __init__(self) -> None:
        super().__init__(widget=forms.HiddenInput, strip=False)

    def clean(self, value: Any) -> Clip:
        return read_clip(str(super().clean(value)))


class PayloadForm(forms.Form):
    payload = PayloadField()


class ClipForm(forms.Form):
    payload = PayloadField()
    name = forms.CharField(label="Name", max_length=300, required=False)
    emails = Lines(label="E-mail addresses, one a line")
    phones = Lines(label="Telephones, one a line")
    title = forms.CharField(label="Job title", max_length=300, required=False)
    employer = forms.CharField(label="Employer", max_length=300, required=False)
    headline = forms.CharField(label="Headline", max_length=500, required=False)
    location = forms.CharField(label="Place", max_length=300, required=False)
    links = Lines(label="Links, one a line")
    skills = Lines(label="Skills, one a line")
    summary = Text(label="About")

    @classmethod
    def filled(cls, payload: str, fields: PersonFields) -> "ClipForm":
        job = fields.positions[0] if fields.positions else Position()
        names = ("name", "emails", "phones", "headline", "location", "links", "skills", "summary")
        first = {name: getattr(fields, name) for name in names}
        return cls(initial={**first, "payload": payload, "title": job.title, "employer": job.employer})

    def clean_emails(self) -> tuple[str, ...]:
        read = [clean_email(each) for each in self.cleaned_data["emails"]]
        if "" in read:
            raise forms.ValidationError("One of these is no e-mail address.")
        return tuple(dict.fromkeys(read))

    def clean_links(self) -> tuple[str, ...]:
        read = [clean_link(each) for each in self.cleaned_data["links"]]
        if "" in read:
            raise forms.ValidationError("One of these is no address of a page on the web.")
        return tuple(dict.fromkeys(read))

    def fields_of(self, read: PersonFields) -> PersonFields:
        """What the form says; what it doesn't show (schools, earlier jobs) stays as it was read in the page."""
        said = self.cleaned_data
        named = read if said["name"] == read.name and read.given_name else fields_of_address(Address(said["name"], ""))
        stated = {
            name: said[name] for name in ("emails", "phones", "links", "skills", "headline", "location", "summary")
        }
        first = read.positions[0] if read.positions else Position(current=True)
        kept = read.positions
        if (said["title"], said["employer"]) != (first.title, first.employer):
            job = Position(employer=said["employer"], title=said["title"], current=True)
            kept = (job, *read.positions[1:]) if said["title"] or said["employer"] else ()
        return PersonFields(
            name=named.name,
            given_name=named.given_name,
            family_name=named.family_name,
            country=read.country if said["location"] == read.location else "",
            positions=kept,
            education=read.education,
            languages=read.languages,
            certificates=read.certificates,
            **stated,
        )
